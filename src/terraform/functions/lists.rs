//! Functions from lists to lists.

use super::{
    Answer, Call, Fault, at_first, check_length, check_size,
    members::Members,
    signature::{Function, Item, Kind, Marks, Parameter, number, open},
};
use crate::{
    terraform::{
        access::index,
        convert::convert,
        cty::{DEEPEST, Data, Refinement, Term, Type},
        foregone::is_id,
        number::Number,
        types::{Safety, unify, unify_with},
    },
    value::Truth,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chunklist", &[KEPT, number("size")], Kind::ListOf(Item::Any), chunks),
    Function::new("compact", &[TEXTS], Kind::ListOf(Item::Text), |call| Ok(compact(call))),
    Function::new("concat", &[], Kind::Any, concat).with_more(&open("seqs")),
    Function::new("distinct", &[LIST], Kind::ListOf(Item::Any), |call| Ok(distinct(call))),
    Function::new("flatten", &[open("list")], Kind::Any, flatten),
    Function::new("matchkeys", &[list("values"), list("keys"), list("searchset")], Kind::ListOf(Item::Any), match_keys),
    Function::new("range", &[], Kind::ListOf(Item::Number), range).with_more(&number("params")),
    Function::new("reverse", &[open("list")], Kind::Any, reverse),
    Function::new(
        "slice",
        &[open("list"), number("start_index").or_unknown(), number("end_index").or_unknown()],
        Kind::Any,
        slice,
    ),
    Function::new("sort", &[TEXTS.or_unknown()], Kind::ListOf(Item::Text), sort),
    Function::new("join", &[SEPARATOR], Kind::Text, join).with_more(&LISTS),
];

const LIST: Parameter = list("list");
const KEPT: Parameter = list("list").marked(Marks::Outer);
const TEXTS: Parameter = Parameter::new("list", Kind::ListOf(Item::Text));
const LISTS: Parameter = Parameter::new("lists", Kind::ListOf(Item::Text)).or_unknown();
const SEPARATOR: Parameter = Parameter::new("separator", Kind::Text);

const fn list(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::ListOf(Item::Any))
}

/// The type of the items of a list.
fn item_type(list: &Term) -> Type {
    list.type_of().item().cloned().unwrap_or(Type::Dynamic)
}

fn chunks(call: &Call<'_>) -> Answer {
    let size = call.integer(1).map_err(|error| format!("invalid size: {error}"))?;
    let size = usize::try_from(size).map_err(|_| "the size argument must be positive")?;
    let (list, items) = (call.term(0), call.items(0));
    let of = item_type(list);
    let size = if size == 0 { items.len().max(1) } else { size };
    let chunks = items.chunks(size).map(|it| Term::list(of.clone(), it.to_vec())).collect();
    Ok(Term::list(list.type_of(), chunks))
}

fn compact(call: &Call<'_>) -> Term {
    let items = call.items(0);
    // Only a string that may be empty or null leaves the length open.
    let is_open =
        |it: &Term| it.as_unknown().is_some_and(|it| !it.refinement.is_not_null || it.refinement.prefix.is_empty());
    if items.iter().any(is_open) {
        let refinement = Refinement { is_not_null: true, longest: Some(items.len()), ..Refinement::default() };
        return Term::refined(Type::list(Type::Text), Term::why_made_of(items), refinement);
    }
    let kept = items.iter().filter(|it| !it.is_null() && it.as_text() != Some(""));
    Term::list(Type::Text, kept.cloned().collect())
}

fn concat(call: &Call<'_>) -> Answer {
    if call.arguments.is_empty() {
        return Err("at least one argument is required".into());
    }
    let mut items = Vec::new();
    let mut is_known = true;
    for (at, argument) in call.arguments.iter().enumerate() {
        match argument.type_of() {
            Type::List(_) | Type::Tuple(_) => (),
            Type::Dynamic if !argument.is_null() => is_known = false,
            Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Set(_) | Type::Map(_) | Type::Object(_) => {
                return Err(Fault::Argument(at, "all arguments must be lists or tuples".to_owned()));
            }
        }
        match argument.as_items() {
            Some(more) => items.extend(more.iter().map(|it| it.clone().with_sensitivity(argument.is_sensitive))),
            None => match all_items(argument) {
                Some(more) => items.extend(more),
                None => is_known = false,
            },
        }
        check_size(items.len())?;
    }
    let types: Vec<Type> = call.arguments.iter().map(Term::type_of).collect();
    let is_all_lists = types.iter().all(|it| matches!(it, Type::List(_)));
    let common = is_all_lists.then(|| unify_with(&types, Safety::Safe)).flatten();
    if !is_known {
        return Ok(call.unknown(common.unwrap_or(Type::Dynamic)));
    }
    match common {
        Some(common) => Ok(convert(&Term::tuple(items), &common).map(|it| as_list(it, &common))?),
        None => Ok(Term::tuple(items)),
    }
}

fn as_list(list: Term, of: &Type) -> Term {
    match (&list.data, of.item()) {
        (Data::List(_, items), Some(of)) if items.is_empty() => Term::list(of.clone(), Vec::new()),
        _ => list,
    }
}

/// The items of a value of which only their number is known.
fn all_items(term: &Term) -> Option<Vec<Term>> {
    const MOST: usize = 10_000;
    term.as_unknown()?;
    let count = match term.type_of() {
        Type::Tuple(items) => items.len(),
        Type::List(_) => term.length_range().filter(|(shortest, longest)| shortest == longest)?.0,
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Set(_) | Type::Map(_) | Type::Object(_) => {
            return None;
        }
    };
    let at = |at: usize| index(term, &Term::number(at)).ok();
    if count <= MOST { (0..count).map(at).collect() } else { None }
}

fn distinct(call: &Call<'_>) -> Term {
    let list = call.term(0);
    let mut members = Members::default();
    let mut kept: Vec<Term> = Vec::new();
    for item in call.items(0) {
        match members.have(item) {
            Truth::True => continue,
            Truth::False => (),
            Truth::Unknown => return call.unknown(list.type_of()),
        }
        members.add(item);
        kept.push(item.clone());
    }
    Term::list(item_type(list), kept)
}

fn flatten(call: &Call<'_>) -> Answer {
    let list = call.term(0);
    match list.type_of() {
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => (),
        Type::Dynamic if !list.is_null() => return Ok(call.unknown(Type::Dynamic)),
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Map(_) | Type::Object(_) => {
            return Err("can only flatten lists, sets and tuples".into());
        }
    }
    let mut items = Vec::new();
    let mut marks = false;
    if !flatten_into(&mut items, list, &mut marks, 0)? {
        return Ok(call.unknown(Type::Dynamic).with_sensitivity(marks));
    }
    Ok(Term::tuple(items).with_sensitivity(marks))
}

/// False where it is not known how many there are.
fn flatten_into(out: &mut Vec<Term>, term: &Term, marks: &mut bool, depth: usize) -> Result<bool, Fault> {
    if DEEPEST < depth {
        return Err("the value is nested too deeply".into());
    }
    *marks |= term.is_sensitive;
    let is_settled = term.length_range().is_some_and(|(shortest, longest)| shortest == longest);
    let items = match term.as_items() {
        Some(items) if is_settled => items.to_vec(),
        Some(_) => return Ok(false),
        None => match all_items(term) {
            Some(items) => items,
            None => return Ok(false),
        },
    };
    let mut is_known = true;
    for item in items {
        match item.type_of() {
            Type::List(_) | Type::Set(_) | Type::Tuple(_) if !item.is_null() => {
                is_known &= flatten_into(out, &item, marks, depth + 1)?;
            }
            // It may be a list. A resource is none, and neither is an id.
            Type::Dynamic if !item.is_known() && !is_id(&item) => is_known = false,
            Type::Dynamic
            | Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_) => out.push(item),
        }
        check_size(out.len())?;
    }
    Ok(is_known)
}

fn match_keys(call: &Call<'_>) -> Answer {
    let common = unify(&[call.term(1).type_of(), call.term(2).type_of()]);
    let common = common.ok_or("keys and searchset must be of the same type")?;
    let (values, keys) = (call.items(0), call.items(1));
    if values.len() != keys.len() {
        return Err("length of keys and values should be equal".into());
    }
    let of = item_type(call.term(0));
    let (keys, wanted) = (convert(call.term(1), &common)?, convert(call.term(2), &common)?);
    let (keys, wanted) = (keys.as_items().unwrap_or_default(), wanted.as_items().unwrap_or_default());
    let wanted = Members::of(wanted);
    let mut found = Vec::new();
    for (key, value) in keys.iter().zip(values) {
        match wanted.have(key) {
            Truth::True => found.push(value.clone()),
            Truth::Unknown => return Ok(call.unknown(call.term(0).type_of())),
            Truth::False => (),
        }
    }
    Ok(Term::list(of, found))
}

fn range(call: &Call<'_>) -> Answer {
    let mut numbers = Vec::new();
    for at in 0..call.arguments.len() {
        numbers.push(call.number(at)?.clone());
    }
    let (start, end, step) = match numbers.as_slice() {
        [end] => (Number::from(0_i64), end.clone(), None),
        [start, end] => (start.clone(), end.clone(), None),
        [start, end, step] => (start.clone(), end.clone(), Some(step.clone())),
        _ => return Err("must have one, two, or three arguments".into()),
    };
    let step = step.unwrap_or_else(|| Number::from(if end < start { -1_i64 } else { 1 }));
    if start == end {
        return Ok(Term::list(Type::Number, Vec::new()));
    }
    if step.is_zero() {
        return Err(Fault::Argument(2, "step must not be zero".to_owned()));
    }
    if end < start && !step.is_negative() {
        return Err("end must be greater than start when step is positive".into());
    }
    if start < end && step.is_negative() {
        return Err("end must be less than start when step is negative".into());
    }
    let mut items = Vec::new();
    let mut at = start;
    while if step.is_negative() { end < at } else { at < end } {
        if 1024 <= items.len() {
            return Err(
                "more than 1024 values were generated; either decrease the difference between start and end or \
                        use a smaller step"
                    .into(),
            );
        }
        items.push(Term::number(at.clone()));
        at = at.add(&step).map_err(|error| error.to_string())?;
    }
    Ok(Term::list(Type::Number, items))
}

fn reverse(call: &Call<'_>) -> Answer {
    let list = call.term(0);
    let wrong = || at_first(&format!("can only reverse list or tuple values, not {}", list.type_of().friendly_name()));
    match &list.data {
        Data::Tuple(items) => Ok(Term::tuple(items.iter().rev().cloned().collect())),
        // Which comes first is known when all are.
        Data::Set(of, items) if 1 < items.len() && !items.iter().all(Term::is_wholly_known) => {
            Ok(call.unknown(Type::list(of.clone())))
        }
        Data::List(of, items) | Data::Set(of, items) => {
            Ok(Term::list(of.clone(), items.iter().rev().cloned().collect()))
        }
        Data::Unknown(unknown) => match &unknown.r#type {
            Type::Tuple(_) => Ok(Term::tuple(all_items(list).unwrap_or_default().into_iter().rev().collect())),
            Type::List(of) | Type::Set(of) => Ok(match all_items(list) {
                Some(items) => Term::list((**of).clone(), items.into_iter().rev().collect()),
                None => call.unknown(Type::list((**of).clone())),
            }),
            Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Map(_) | Type::Object(_) => {
                call.unfit(wrong())
            }
        },
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::Map(..)
        | Data::Object(_)
        | Data::Resource(_) => call.unfit(wrong()),
    }
}

fn slice(call: &Call<'_>) -> Answer {
    let list = call.term(0);
    match list.type_of() {
        Type::Set(_) => {
            return Err(at_first(
                "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the \
                 ordering of the result is not important",
            ));
        }
        Type::List(_) | Type::Tuple(_) => (),
        Type::Dynamic if !list.is_null() => (),
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Map(_) | Type::Object(_) => {
            return Err(at_first("must be a list or tuple value"));
        }
    }
    let length = list.as_items().map(<[Term]>::len);
    let start = bound(call, 1, "start", length)?;
    let end = bound(call, 2, "end", length)?;
    let (Some(start), Some(end)) = (start, end) else {
        let whole = if matches!(list.type_of(), Type::List(_)) { list.type_of() } else { Type::Dynamic };
        return Ok(call.unknown(whole));
    };
    if end < start {
        return Err(Fault::Argument(1, "start index must not be greater than end index".to_owned()));
    }
    match &list.data {
        Data::List(of, items) => Ok(Term::list(of.clone(), items[start..end].to_vec())),
        Data::Tuple(items) => Ok(Term::tuple(items[start..end].to_vec())),
        // The plan fails where there are fewer; where there is one, these are the items.
        Data::Unknown(_) => {
            check_size(end - start)?;
            let items: Result<Vec<Term>, String> = (start..end).map(|at| index(list, &Term::number(at))).collect();
            match list.type_of() {
                Type::List(of) => Ok(Term::list(*of, items?)),
                Type::Dynamic
                | Type::Bool
                | Type::Number
                | Type::Text
                | Type::Set(_)
                | Type::Map(_)
                | Type::Tuple(_)
                | Type::Object(_) => Ok(Term::tuple(items?)),
            }
        }
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Object(_)
        | Data::Resource(_) => Ok(call.unknown(Type::Dynamic)),
    }
}

fn bound(call: &Call<'_>, at: usize, name: &str, length: Option<usize>) -> Result<Option<usize>, Fault> {
    if !call.term(at).is_known() {
        return Ok(None);
    }
    let value = call.integer(at).map_err(|error| Fault::Argument(at, format!("invalid {name} index: {error}")))?;
    let Ok(value) = usize::try_from(value) else {
        return Err(Fault::Argument(at, format!("{name} index must not be less than zero")));
    };
    if length.is_some_and(|length| length < value) {
        return Err(Fault::Argument(at, format!("{name} index must not be greater than the length of the list")));
    }
    Ok(Some(value))
}

fn sort(call: &Call<'_>) -> Answer {
    let list = call.term(0);
    if !list.is_wholly_known() {
        let (shortest, longest) = list.length_range().unwrap_or((0, usize::MAX));
        let longest = Some(longest).filter(|it| *it != usize::MAX);
        let refinement = Refinement { is_not_null: true, shortest, longest, ..Refinement::default() };
        return Ok(Term::refined(Type::list(Type::Text), Term::why_made_of([list]), refinement));
    }
    let mut texts = Vec::new();
    for (at, item) in call.items(0).iter().enumerate() {
        let text = item.as_text();
        texts.push(text.ok_or_else(|| format!("given list element {at} is null; a null string cannot be sorted"))?);
    }
    texts.sort_unstable();
    Ok(Term::list(Type::Text, texts.into_iter().map(Term::text).collect()))
}

fn join(call: &Call<'_>) -> Answer {
    let lists = &call.arguments[1..];
    if lists.is_empty() {
        return Err("at least one list is required".into());
    }
    let mut parts: Vec<Term> = Vec::new();
    let mut length = 0;
    for (at, list) in lists.iter().enumerate() {
        if !list.is_known() {
            // What is known before it is a prefix.
            parts.push(Term::unknown_not_null(Type::Text, Term::why_made_of([list])));
            break;
        }
        for (position, item) in list.as_items().unwrap_or_default().iter().enumerate() {
            if item.is_null() {
                let of = if lists.len() < 2 { String::new() } else { format!(" of list {}", at + 1) };
                let message = format!("element {position}{of} is null; cannot concatenate null values");
                return Err(Fault::Argument(at + 1, message));
            }
            if !parts.is_empty() {
                parts.push(call.term(0).clone());
                length += call.text(0).len();
            }
            length += item.as_text().map_or(0, str::len);
            parts.push(item.clone());
        }
        check_length(length)?;
    }
    Ok(crate::terraform::operators::concat(&parts)?)
}
