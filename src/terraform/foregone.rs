//! What follows without an unknown value itself: an id is never null, never empty and never another thing's, and nothing
//! is in an empty map.
//!
//! Terraform waits until it knows the value. Which resource is meant is known before.

use super::{
    convert::convert,
    cty::{Data, Term, Type, Why},
};
use crate::{schema::identities, syntax::Binary, value::Reference};

/// Whether `term` is the id or the ARN of a resource or data source, or of what AWS makes along with it.
pub(super) fn is_id(term: &Term) -> bool {
    let Some(Reference { to, attribute }) = attribute(term) else { return false };
    let is_along = || to.is_managed() && identities(to.kind()).iter().any(|(name, _)| name == attribute);
    // Of a module that is not installed, an output may be anything.
    to.kind() != "module" && (matches!(attribute.as_str(), "id" | "arn") || is_along())
}

/// Whether two values are the ids of two things: each has one of its own.
fn are_apart(one: &Term, other: &Term) -> bool {
    let is_own = |it: &Reference| {
        // Where all instances stand for one, two of them may be meant.
        let is_one = !it.to.as_str().contains("[*]");
        is_one && it.to.is_managed() && it.attribute == "id" && identities(it.to.kind()).iter().any(|it| it.0 == "id")
    };
    let (Some(one), Some(other)) = (attribute(one), attribute(other)) else { return false };
    is_own(one) && is_own(other) && one.to.kind() == other.to.kind() && one.to != other.to
}

fn attribute(term: &Term) -> Option<&Reference> {
    match &term.as_unknown()?.why {
        Why::Attribute(reference) => Some(reference),
        Why::OneOf(_) | Why::From(_) | Why::Input(_) | Why::Other(_) => None,
    }
}

fn is_empty(term: &Term) -> bool {
    term.is_null() || term.as_text() == Some("")
}

/// The result of a function that needs no more than this of an unknown argument. `None`: it needs more.
pub(super) fn call(name: &str, arguments: &[Term]) -> Option<Term> {
    match (name, arguments) {
        ("join", [separator, list]) => joined(separator, list),
        ("compact", [list]) => compacted(list),
        ("distinct", [list]) => told_apart(list),
        ("coalesce", all) => coalesced(all),
        ("lookup", [map, key, default]) => looked_up(map, key, default),
        _ => None,
    }
}

/// One item, joined with nothing, is itself.
fn joined(separator: &Term, list: &Term) -> Option<Term> {
    let [item] = items(list)? else { return None };
    item.as_unknown()?;
    let text = convert(item, &Type::Text).ok()?;
    Some(text.with_sensitivity(list.is_sensitive || separator.is_sensitive))
}

fn compacted(list: &Term) -> Option<Term> {
    let items = items(list)?;
    let are_decided = items.iter().all(|it| is_id(it) || it.is_known());
    if !are_decided || items.iter().all(Term::is_known) {
        return None;
    }
    let left = items.iter().filter(|it| !is_empty(it)).map(|it| convert(it, &Type::Text));
    Some(Term::list(Type::Text, left.collect::<Result<_, _>>().ok()?).with_sensitivity(list.is_sensitive))
}

/// Each item once, where the items are ids: the same one, or those of two things.
fn told_apart(list: &Term) -> Option<Term> {
    const MOST: usize = 1_000;
    let items = items(list)?;
    if items.len() > MOST || items.iter().all(Term::is_known) {
        return None;
    }
    let mut kept: Vec<Term> = Vec::new();
    for item in items {
        let is_new = kept.iter().all(|it| are_apart(it, item));
        let is_there = || kept.iter().any(|it| attribute(it).is_some() && attribute(it) == attribute(item));
        if is_new {
            kept.push(convert(item, &Type::Text).ok()?);
        } else if !is_there() {
            return None;
        }
    }
    Some(Term::list(Type::Text, kept).with_sensitivity(list.is_sensitive))
}

fn coalesced(all: &[Term]) -> Option<Term> {
    let first = all.iter().find(|it| !is_empty(it))?;
    let is_text = all.iter().all(|it| matches!(it.type_of(), Type::Text | Type::Dynamic));
    (is_text && is_id(first)).then(|| first.clone())
}

/// Whatever the key is, a map without entries has none of it.
fn looked_up(map: &Term, key: &Term, default: &Term) -> Option<Term> {
    key.as_unknown()?;
    let found = if let Data::Map(of, entries) = &map.data {
        entries.is_empty().then(|| convert(default, of).ok())??
    } else {
        let Data::Object(entries) = &map.data else { return None };
        entries.is_empty().then(|| default.clone())?
    };
    Some(found.with_sensitivity(map.is_sensitive || key.is_sensitive))
}

fn items(list: &Term) -> Option<&[Term]> {
    let (Data::List(_, items) | Data::Tuple(items)) = &list.data else { return None };
    Some(items)
}

/// Whether two values are the same, where one is an id and the other is nothing.
pub(super) fn compared(operator: Binary, left: &Term, right: &Term) -> Option<Term> {
    let differ = is_id(left) && is_empty(right) || is_empty(left) && is_id(right);
    let is_asked = matches!(operator, Binary::Equal | Binary::NotEqual);
    (differ && is_asked)
        .then(|| Term::bool(operator == Binary::NotEqual).with_sensitivity(left.is_sensitive || right.is_sensitive))
}
