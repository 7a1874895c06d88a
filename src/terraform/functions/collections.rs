//! Functions over any collection: how many items, which of them, whether all hold.

use super::{
    Answer, Call, at_first, check_size,
    signature::{Function, Item, Kind, Parameter, any, number, open},
};
use crate::{
    terraform::{
        access::index,
        convert::convert,
        cty::{Data, Refinement, Term, Type},
        equality::equal,
        number::Number,
        types::unify,
    },
    value::Truth,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("alltrue", &[BOOLS], Kind::Bool, |call| Ok(all_true(call))),
    Function::new("anytrue", &[BOOLS], Kind::Bool, |call| Ok(any_true(call))),
    Function::new("coalesce", &[], Kind::Any, coalesce).with_more(&VALUES),
    Function::new("coalescelist", &[], Kind::Any, coalesce_list).with_more(&VALUES),
    Function::new("contains", &[OPEN_LIST, VALUE], Kind::Bool, contains),
    Function::new("element", &[LIST, number("index").or_unknown()], Kind::Any, element),
    Function::new("index", &[OPEN_LIST, VALUE], Kind::Number, position),
    Function::new("length", &[open("value")], Kind::Number, length),
    Function::new("one", &[OPEN_LIST], Kind::Any, one),
    Function::new("sum", &[OPEN_LIST], Kind::Number, sum),
];

const BOOLS: Parameter = Parameter::new("list", Kind::ListOf(Item::Bool));
const VALUES: Parameter = any("vals").or_null().or_unknown();
const LIST: Parameter = open("list");
const OPEN_LIST: Parameter = any("list").or_unknown();
const VALUE: Parameter = any("value").or_unknown();

/// False as soon as one is, though another is unknown: the answer stays whatever that one is.
fn all_true(call: &Call<'_>) -> Term {
    let truths = call.items(0).iter().map(|it| match &it.data {
        Data::Bool(it) => Truth::from(*it),
        Data::Unknown(_) => Truth::Unknown,
        Data::Null(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Resource(_) => Truth::False,
    });
    truth(call, Truth::all(truths))
}

fn any_true(call: &Call<'_>) -> Term {
    let truths = call.items(0).iter().map(|it| match &it.data {
        Data::Bool(it) => Truth::from(*it),
        Data::Unknown(_) => Truth::Unknown,
        Data::Null(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Resource(_) => Truth::False,
    });
    truth(call, Truth::any(truths))
}

fn truth(call: &Call<'_>, truth: Truth) -> Term {
    match truth {
        Truth::True => Term::bool(true),
        Truth::False => Term::bool(false),
        Truth::Unknown => call.unknown(Type::Bool),
    }
}

fn coalesce(call: &Call<'_>) -> Answer {
    let types: Vec<Type> = call.arguments.iter().map(Term::type_of).collect();
    let common = unify(&types).ok_or("all arguments must have the same type")?;
    for (at, argument) in call.arguments.iter().enumerate() {
        let value = convert(argument, &common).unwrap_or_else(|_| argument.clone());
        match &value.data {
            Data::Null(_) => (),
            Data::Text(text) if text.is_empty() => (),
            Data::Unknown(unknown) => {
                let is_sure = unknown.refinement.is_not_null
                    && (!matches!(unknown.r#type, Type::Text | Type::Dynamic) || !unknown.refinement.prefix.is_empty());
                if is_sure || is_last(call, at) {
                    return Ok(value);
                }
                let rest = call.arguments[at..].iter();
                let refinement = Refinement { is_not_null: true, ..Refinement::default() };
                return Ok(Term::refined(common, Term::why_made_of(rest), refinement));
            }
            Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(..)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Tuple(_)
            | Data::Object(_)
            | Data::Resource(_) => return Ok(value),
        }
    }
    Err("no non-null, non-empty-string arguments".into())
}

/// Whether nothing behind `at` can be taken instead.
fn is_last(call: &Call<'_>, at: usize) -> bool {
    let is_nothing = |it: &Term| it.is_null() || it.as_text().is_some_and(str::is_empty);
    call.arguments[at + 1..].iter().all(is_nothing)
}

fn coalesce_list(call: &Call<'_>) -> Answer {
    if call.arguments.is_empty() {
        return Err("at least one argument is required".into());
    }
    for argument in call.arguments.iter().take_while(|it| it.is_known()) {
        if !matches!(argument.type_of(), Type::List(_) | Type::Tuple(_) | Type::Dynamic) {
            return Err("coalescelist arguments must be lists or tuples".into());
        }
    }
    for argument in &call.arguments {
        match &argument.data {
            Data::Unknown(unknown) if 0 < unknown.refinement.shortest && unknown.refinement.is_not_null => {
                return Ok(argument.clone());
            }
            Data::Unknown(_) | Data::Resource(_) => return Ok(call.unknown(Type::Dynamic)),
            Data::List(_, items) | Data::Tuple(items) if items.is_empty() => (),
            Data::List(..) | Data::Tuple(_) => return Ok(argument.clone()),
            Data::Null(Type::List(_) | Type::Tuple(_)) => (),
            Data::Null(_)
            | Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Object(_) => return Err("coalescelist arguments must be lists or tuples".into()),
        }
    }
    Err("no non-null arguments".into())
}

fn contains(call: &Call<'_>) -> Answer {
    let (list, value) = (call.term(0), call.term(1));
    let Some(items) = list.as_items() else {
        return match list.type_of() {
            Type::List(_) | Type::Set(_) | Type::Tuple(_) | Type::Dynamic if !list.is_known() => {
                Ok(call.unknown(Type::Bool))
            }
            Type::Dynamic
            | Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_) => call.unfit("argument must be list, tuple, or set"),
        };
    };
    Ok(truth(call, Truth::any(items.iter().map(|it| equal(value, it)))))
}

/// The item at that position, counted round and round.
fn element(call: &Call<'_>) -> Answer {
    let (list, at) = (call.term(0), call.term(1));
    if at.is_known() {
        call.integer(1).map_err(|error| format!("invalid index: {error}"))?;
    }
    match &list.data {
        Data::List(_, items) | Data::Tuple(items) => {
            if items.is_empty() {
                return Err("cannot use element function with an empty list".into());
            }
            let Some(at) = at.as_number() else { return Ok(index(list, at)?) };
            let position = around(at, items.len());
            // Of a tuple, Terraform 1.11 counts back only by whole rounds.
            if position != 0 && at.is_negative() && matches!(list.data, Data::Tuple(_)) {
                return Err("cannot use element function with a negative index".into());
            }
            Ok(items[position].clone())
        }
        Data::Unknown(unknown) => match (&unknown.r#type, at.as_number()) {
            (Type::Tuple(items), Some(at)) if !items.is_empty() => {
                Ok(index(list, &Term::number(around(at, items.len())))?)
            }
            (Type::List(_) | Type::Tuple(_) | Type::Dynamic, Some(at)) => element_of_unknown(list, at),
            (Type::List(_) | Type::Tuple(_) | Type::Dynamic, None) => Ok(index(list, at)?),
            (of, _) => Err(format!("cannot read elements from {}", of.friendly_name()).into()),
        },
        Data::Resource(_) => Ok(call.unknown(Type::Dynamic)),
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Object(_) => Err(format!("cannot read elements from {}", list.type_of().friendly_name()).into()),
    }
}

/// Where the list is long enough, or nobody knows how long, it is the item that is named.
fn element_of_unknown(list: &Term, at: &Number) -> Answer {
    if at.is_negative() {
        let item = list.type_of().item().cloned().unwrap_or(Type::Dynamic);
        return Ok(Term::unknown(item, Term::why_made_of([list])));
    }
    let (shortest, longest) = list.length_range().unwrap_or((0, usize::MAX));
    let wanted = at.to_usize().unwrap_or(usize::MAX);
    if wanted < shortest || shortest != longest {
        return Ok(index(list, &Term::number(at.clone()))?);
    }
    Ok(index(list, &Term::number(around(at, longest.max(1))))?)
}

fn around(at: &Number, length: usize) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    usize::try_from(at.to_i64().unwrap_or(0).rem_euclid(length)).unwrap_or(0)
}

fn position(call: &Call<'_>) -> Answer {
    let (list, value) = (call.term(0), call.term(1));
    let (Data::List(_, items) | Data::Tuple(items)) = &list.data else {
        return match list.type_of() {
            Type::List(_) | Type::Tuple(_) | Type::Dynamic if !list.is_known() => Ok(call.unknown(Type::Number)),
            Type::Dynamic
            | Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_) => call.unfit("argument must be a list or tuple"),
        };
    };
    if items.is_empty() {
        return Err("cannot search an empty list".into());
    }
    for (at, item) in items.iter().enumerate() {
        match equal(item, value) {
            Truth::True => return Ok(Term::number(at)),
            Truth::Unknown => return Ok(call.unknown(Type::Number)),
            Truth::False => (),
        }
    }
    Err("item not found".into())
}

fn length(call: &Call<'_>) -> Answer {
    let value = call.term(0);
    match &value.data {
        Data::Text(text) => {
            let characters = unicode_segmentation::UnicodeSegmentation::graphemes(&**text, true).count();
            return Ok(Term::number(characters));
        }
        Data::Resource(_) => return Ok(call.unknown(Type::Number)),
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Unknown(_) => (),
    }
    match value.type_of() {
        Type::Tuple(items) => Ok(Term::number(items.len())),
        Type::Object(fields) => Ok(Term::number(fields.len())),
        Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Text | Type::Dynamic => match value.length_range() {
            Some((shortest, longest)) if shortest == longest => Ok(Term::number(shortest)),
            _ => Ok(call.unknown(Type::Number)),
        },
        Type::Bool | Type::Number => Err("argument must be a string, a collection type, or a structural type".into()),
    }
}

fn one(call: &Call<'_>) -> Answer {
    const WRONG: &str = "must be a list, set, or tuple value with either zero or one elements";
    let list = call.term(0);
    match &list.data {
        Data::List(of, items) if items.is_empty() => Ok(Term::null(of.clone())),
        Data::Set(of, items) if items.is_empty() => Ok(Term::null(of.clone())),
        Data::Tuple(items) if items.is_empty() => Ok(Term::null(Type::Dynamic)),
        Data::List(_, items) | Data::Tuple(items) | Data::Set(_, items) => match items.as_slice() {
            [only] => Ok(only.clone()),
            // Items that are not known may turn out to be the same.
            all if matches!(list.data, Data::Set(..)) && list.length_range().is_some_and(|it| it.0 < 2) => {
                Ok(Term::unknown(all[0].type_of(), Term::why_made_of(all)))
            }
            _ => Err(at_first(WRONG)),
        },
        Data::Unknown(unknown) => match &unknown.r#type {
            Type::List(of) | Type::Set(of) if 1 < unknown.refinement.shortest => {
                let _ = of;
                Err(at_first(WRONG))
            }
            Type::List(_) | Type::Dynamic | Type::Tuple(_) if is_single(unknown.refinement.shortest, list) => {
                Ok(index(list, &Term::number(0_usize))?)
            }
            Type::List(of) | Type::Set(of) => Ok(Term::unknown((**of).clone(), unknown.why.clone())),
            Type::Tuple(_) | Type::Dynamic => Ok(call.unknown(Type::Dynamic)),
            Type::Bool | Type::Number | Type::Text | Type::Map(_) | Type::Object(_) => Err(at_first(WRONG)),
        },
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::Map(..)
        | Data::Object(_)
        | Data::Resource(_) => call.unfit(at_first(WRONG)),
    }
}

fn is_single(shortest: usize, list: &Term) -> bool {
    match list.type_of() {
        Type::Tuple(items) => items.len() == 1,
        Type::Dynamic
        | Type::Bool
        | Type::Number
        | Type::Text
        | Type::List(_)
        | Type::Set(_)
        | Type::Map(_)
        | Type::Object(_) => shortest == 1,
    }
}

fn sum(call: &Call<'_>) -> Answer {
    const WRONG: &str = "argument must be list, set, or tuple of number values";
    let list = call.term(0);
    let Some(items) = list.as_items() else {
        if !list.is_known() {
            return Ok(call.unknown(Type::Number));
        }
        if let Some(entries) = list.as_entries() {
            let kind = list.type_of().friendly_name();
            let message = format!("argument must be list, set, or tuple. Received {kind}");
            return Err(at_first(if entries.is_empty() { "cannot sum an empty list" } else { &message }));
        }
        return call.unfit(at_first("cannot sum noniterable"));
    };
    if items.is_empty() {
        return Err(at_first("cannot sum an empty list"));
    }
    if !list.is_wholly_known() {
        return Ok(call.unknown(Type::Number));
    }
    check_size(items.len())?;
    let mut total: Option<Number> = None;
    for item in items {
        let item = convert(item, &Type::Number).map_err(|_| at_first(WRONG))?;
        let number = item.as_number().ok_or_else(|| at_first(WRONG))?;
        total = Some(match total {
            Some(total) => total.add(number).map_err(|error| error.to_string())?,
            None => number.clone(),
        });
    }
    Ok(Term::number(total.unwrap_or_else(Number::zero)))
}
