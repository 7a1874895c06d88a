//! When two values are the same, and the order of a set.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use super::{
    cty::{DEEPEST, Data, Term, Type, Unknown, Why},
    number::Number,
};
use crate::value::Truth;

/// Terraform's `==`. Values that are unknown by one reference are the same.
pub fn equal(left: &Term, right: &Term) -> Truth {
    let is_open = left.any(&is_of_unknown_type) || right.any(&is_of_unknown_type);
    equal_at(left, right, Depth { level: 0, is_open })
}

/// How far inside the two values that are compared.
#[derive(Clone, Copy)]
struct Depth {
    level: usize,
    /// In one of them there is something of which not even the type is known: what stands beside it may still be
    /// converted.
    is_open: bool,
}

impl Depth {
    fn inside(self) -> Self {
        Self { level: self.level + 1, ..self }
    }
}

fn equal_at(left: &Term, right: &Term, depth: Depth) -> Truth {
    if DEEPEST < depth.level {
        return Truth::Unknown;
    }
    match (&left.data, &right.data) {
        (Data::Null(_), Data::Null(_)) => Truth::True,
        (Data::Null(_), _) => {
            if right.is_not_null() {
                Truth::False
            } else {
                Truth::Unknown
            }
        }
        (_, Data::Null(_)) => {
            if left.is_not_null() {
                Truth::False
            } else {
                Truth::Unknown
            }
        }
        (Data::Unknown(left), Data::Unknown(right)) => equal_unknowns(left, right),
        (Data::Unknown(unknown), _) => may_be(unknown, right),
        (_, Data::Unknown(unknown)) => may_be(unknown, left),
        (Data::Resource(left), Data::Resource(right)) if left.reference == right.reference => Truth::True,
        (Data::Resource(_), _) | (_, Data::Resource(_)) => Truth::Unknown,
        (
            Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(..)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Tuple(_)
            | Data::Object(_),
            _,
        ) => equal_known(left, right, depth),
    }
}

fn equal_unknowns(left: &Unknown, right: &Unknown) -> Truth {
    let is_same = matches!(left.why, Why::Attribute(_)) && left.why == right.why;
    if is_same && may_share(&left.r#type, &right.r#type) { Truth::True } else { Truth::Unknown }
}

/// Whether what is unknown may be this known value.
fn may_be(unknown: &Unknown, known: &Term) -> Truth {
    if !may_share(&unknown.r#type, &known.type_of()) {
        return Truth::False;
    }
    let refinement = &unknown.refinement;
    if let Data::Text(text) = &known.data
        && !text.starts_with(&*refinement.prefix)
    {
        return Truth::False;
    }
    let Some((shortest, longest)) = known.length_range() else { return Truth::Unknown };
    let is_too_long = refinement.longest.is_some_and(|most| most < shortest);
    Truth::from(!is_too_long && refinement.shortest <= longest).and(Truth::Unknown)
}

/// Whether a value may have both types.
fn may_share(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Dynamic, _) | (_, Type::Dynamic) => true,
        (Type::List(left), Type::List(right))
        | (Type::Set(left), Type::Set(right))
        | (Type::Map(left), Type::Map(right)) => may_share(left, right),
        (Type::Tuple(left), Type::Tuple(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| may_share(left, right))
        }
        (Type::Object(left), Type::Object(right)) => {
            left.keys().eq(right.keys())
                && left.values().zip(right.values()).all(|(left, right)| may_share(&left.r#type, &right.r#type))
        }
        (
            Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_),
            _,
        ) => left == right,
    }
}

fn equal_known(left: &Term, right: &Term, depth: Depth) -> Truth {
    if depth.level == 0 {
        let (left_type, right_type) = (left.type_of(), right.type_of());
        let may_be_equal = if depth.is_open { may_share(&left_type, &right_type) } else { left_type == right_type };
        if !may_be_equal {
            return Truth::False;
        }
    }
    match (&left.data, &right.data) {
        (Data::Bool(left), Data::Bool(right)) => Truth::from(left == right),
        (Data::Number(left), Data::Number(right)) => Truth::from(left.is_equal(right)),
        (Data::Text(left), Data::Text(right)) => Truth::from(left == right),
        (Data::List(_, left), Data::List(_, right)) | (Data::Tuple(left), Data::Tuple(right)) => {
            equal_items(left, right, depth)
        }
        (Data::Map(_, left), Data::Map(_, right)) | (Data::Object(left), Data::Object(right)) => {
            equal_attributes(left, right, depth)
        }
        (Data::Set(_, items), Data::Set(_, others)) => equal_sets(items, others, depth),
        (
            Data::Null(_)
            | Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(..)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Tuple(_)
            | Data::Object(_)
            | Data::Resource(_)
            | Data::Unknown(_),
            _,
        ) if depth.is_open => Truth::Unknown,
        (
            Data::Null(_)
            | Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(..)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Tuple(_)
            | Data::Object(_)
            | Data::Resource(_)
            | Data::Unknown(_),
            _,
        ) => Truth::False,
    }
}

fn is_of_unknown_type(term: &Term) -> bool {
    match &term.data {
        Data::Unknown(unknown) => unknown.r#type.has_dynamic(),
        Data::Resource(_) => true,
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_) => false,
    }
}

fn equal_items(left: &[Term], right: &[Term], depth: Depth) -> Truth {
    if left.len() != right.len() {
        return Truth::False;
    }
    Truth::all(left.iter().zip(right).map(|(left, right)| equal_at(left, right, depth.inside())))
}

fn equal_attributes(left: &BTreeMap<String, Term>, right: &BTreeMap<String, Term>, depth: Depth) -> Truth {
    if !left.keys().eq(right.keys()) {
        return Truth::False;
    }
    Truth::all(left.values().zip(right.values()).map(|(left, right)| equal_at(left, right, depth.inside())))
}

fn equal_sets(left: &[Term], right: &[Term], depth: Depth) -> Truth {
    let is_known = |items: &[Term]| items.iter().all(Term::is_wholly_known);
    if is_known(left) && is_known(right) {
        // Both are in one order.
        return equal_items(left, right, depth);
    }
    Truth::from(left.len() == right.len() && equal_items(left, right, depth) == Truth::True).or(Truth::Unknown)
}

impl Term {
    /// The fewest and the most items that it has; `None` where it is no collection.
    pub fn length_range(&self) -> Option<(usize, usize)> {
        match &self.data {
            Data::List(_, items) | Data::Tuple(items) => Some((items.len(), items.len())),
            Data::Set(_, items) if items.len() < 2 || items.iter().all(Self::is_wholly_known) => {
                Some((items.len(), items.len()))
            }
            // Items that are not known may turn out to be the same.
            Data::Set(_, items) => Some((items.iter().filter(|it| it.is_wholly_known()).count().max(1), items.len())),
            Data::Map(_, items) | Data::Object(items) => Some((items.len(), items.len())),
            Data::Unknown(unknown) => {
                let refinement = &unknown.refinement;
                Some((refinement.shortest, refinement.longest.unwrap_or(usize::MAX)))
            }
            Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Resource(_) => None,
        }
    }
}

/// The items as a set has them: in cty's order, each once.
pub(super) fn in_set_order(items: Vec<Term>) -> Vec<Term> {
    let mut keyed: Vec<(SetKey, Term)> = items.into_iter().map(|it| (SetKey::of(&it), it)).collect();
    keyed.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut kept: Vec<(SetKey, Term)> = Vec::with_capacity(keyed.len());
    for (key, item) in keyed {
        // What is the same has the same key, so it stands beside it.
        let is_double =
            kept.iter().rev().take_while(|(it, _)| *it == key).any(|(_, it)| equal(it, &item) == Truth::True);
        if !is_double {
            kept.push((key, item));
        }
    }
    kept.into_iter().map(|(_, item)| item).collect()
}

/// What a set is sorted by: known values, unknown ones, null. What is the same has the same key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SetKey {
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    /// The bytes that cty hashes.
    Bytes(String),
    Unknown(String),
    Null,
}

impl SetKey {
    pub(super) fn of(term: &Term) -> Self {
        match &term.data {
            Data::Null(_) => Self::Null,
            Data::Unknown(unknown) => Self::Unknown(format!("{:?}", unknown.why)),
            Data::Bool(it) => Self::Bool(*it),
            Data::Number(it) => Self::Number(it.clone()),
            Data::Text(it) => Self::Text(it.clone()),
            Data::Resource(_) | Data::List(..) | Data::Set(..) | Data::Map(..) | Data::Tuple(_) | Data::Object(_) => {
                let mut bytes = String::new();
                write_key(&mut bytes, term, 0);
                Self::Bytes(bytes)
            }
        }
    }
}

fn write_key(bytes: &mut String, term: &Term, depth: usize) {
    if DEEPEST < depth {
        return;
    }
    match &term.data {
        Data::Unknown(_) => bytes.push('?'),
        Data::Resource(resource) => bytes.push_str(&resource.reference.to_string()),
        Data::Null(_) => bytes.push('~'),
        Data::Number(it) => bytes.push_str(&it.to_general(10)),
        Data::Bool(it) => bytes.push(if *it { 'T' } else { 'F' }),
        Data::Text(it) => bytes.push_str(&quoted(it)),
        Data::List(_, items) | Data::Set(_, items) => write_items(bytes, items.iter(), ('[', ']'), depth),
        Data::Tuple(items) => write_items(bytes, items.iter(), ('<', '>'), depth),
        Data::Object(items) => write_items(bytes, items.values(), ('<', '>'), depth),
        Data::Map(_, items) => {
            bytes.push('{');
            for (key, item) in items.iter() {
                bytes.push_str(&quoted(key));
                bytes.push(':');
                write_key(bytes, item, depth + 1);
                bytes.push(';');
            }
            bytes.push('}');
        }
    }
}

fn write_items<'a>(bytes: &mut String, items: impl Iterator<Item = &'a Term>, ends: (char, char), depth: usize) {
    bytes.push(ends.0);
    for item in items {
        write_key(bytes, item, depth + 1);
        bytes.push(';');
    }
    bytes.push(ends.1);
}

/// As Go's `%q` writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            it if it < ' ' || it == '\u{7f}' => {
                let _ = write!(out, "\\x{:02x}", u32::from(it));
            }
            it => out.push(it),
        }
    }
    out.push('"');
    out
}
