//! Functions over maps and objects.

use std::collections::BTreeMap;

use super::{
    Answer, Call, Fault, at_first, check_size,
    signature::{Function, Item, Kind, Marks, Parameter, open, text},
};
use crate::terraform::{
    access::{attribute, index},
    convert::convert,
    cty::{Data, Term, Type},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("keys", &[open("inputMap")], Kind::Any, keys),
    Function::new("lookup", &[open("inputMap"), KEY], Kind::Any, lookup).with_more(&DEFAULT),
    Function::new("merge", &[], Kind::Any, merge).with_more(&MAPS),
    Function::new("transpose", &[LISTS], Kind::MapOfTextLists, transpose),
    Function::new("values", &[open("mapping")], Kind::Any, values),
    Function::new("zipmap", &[KEYS, open("values")], Kind::Any, zip),
];

const KEY: Parameter = text("key").or_unknown().marked(Marks::Outer);
const DEFAULT: Parameter = open("default").or_null().marked(Marks::Seen);
const MAPS: Parameter = open("maps").or_null();
const LISTS: Parameter = Parameter::new("values", Kind::MapOfTextLists);
const KEYS: Parameter = Parameter::new("keys", Kind::ListOf(Item::Text)).or_unknown().marked(Marks::Outer);

fn keys(call: &Call<'_>) -> Answer {
    let map = call.term(0);
    let texts = |entries: &BTreeMap<String, Term>| entries.keys().map(|it| Term::text(it)).collect();
    match &map.data {
        Data::Map(_, entries) => Ok(Term::list(Type::Text, texts(entries))),
        Data::Object(entries) => Ok(Term::tuple(texts(entries))),
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Tuple(_)
        | Data::Resource(_)
        | Data::Unknown(_) => match map.type_of() {
            Type::Object(fields) if !map.is_known() => {
                Ok(Term::tuple(fields.keys().map(|it| Term::text(it)).collect()))
            }
            Type::Map(_) if !map.is_known() => Ok(call.unknown(Type::list(Type::Text))),
            Type::Dynamic
            | Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_) => call.unfit(at_first("must have map or object type")),
        },
    }
}

fn values(call: &Call<'_>) -> Answer {
    let map = call.term(0);
    match &map.data {
        Data::Map(of, entries) => Ok(Term::list(of.clone(), entries.values().cloned().collect())),
        Data::Object(entries) => Ok(Term::tuple(entries.values().cloned().collect())),
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Tuple(_)
        | Data::Resource(_)
        | Data::Unknown(_) => match map.type_of() {
            Type::Object(fields) if !map.is_known() => {
                let items: Result<_, _> = fields.keys().map(|name| attribute(map, name)).collect();
                Ok(Term::tuple(items?))
            }
            Type::Map(of) if !map.is_known() => Ok(call.unknown(Type::list(*of))),
            Type::Dynamic
            | Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_) => call.unfit("values() requires a map as the first argument"),
        },
    }
}

fn lookup(call: &Call<'_>) -> Answer {
    let count = call.arguments.len();
    if 3 < count {
        return Err(format!("lookup() takes two or three arguments, got {count}").into());
    }
    let (map, key, default) = (call.term(0), call.term(1), call.arguments.get(2));
    let map_type = map.type_of();
    match &map_type {
        Type::Map(of) => {
            if let Some(default) = default
                && convert(default, of).is_err()
            {
                let message = "the default value must have the same type as the map elements";
                return Err(Fault::Argument(2, message.to_owned()));
            }
        }
        Type::Object(_) => (),
        Type::Dynamic if !map.is_null() => (),
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
            return Err(at_first("lookup() requires a map as the first argument"));
        }
    }
    let Some(name) = key.as_text() else {
        if map.is_known() && default.is_none() {
            return Ok(index(map, key)?);
        }
        return Ok(unknown_item(call, map_type.item()));
    };
    if let Some(found) = map.as_entries().and_then(|it| it.get(name)) {
        return Ok(found.clone());
    }
    match (&map.data, default) {
        (Data::Resource(_), _) => Ok(attribute(map, name)?),
        (Data::Unknown(_), None) => Ok(index(map, key)?),
        (Data::Unknown(_), Some(_)) => match &map_type {
            Type::Object(fields) if fields.contains_key(name) => Ok(attribute(map, name)?),
            Type::Object(_) => Ok(default.cloned().unwrap_or_else(|| call.unknown(Type::Dynamic))),
            Type::Map(of) => Ok(unknown_item(call, Some(of))),
            Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                Ok(call.unknown(Type::Dynamic))
            }
        },
        (_, Some(default)) => match map_type.item() {
            Some(of) => Ok(convert(default, of)?),
            None => Ok(default.clone()),
        },
        (Data::Object(_), None) => Err(at_first(&format!("the given object has no attribute \"{name}\""))),
        (_, None) => Err(format!("lookup failed to find key \"{name}\"").into()),
    }
}

/// An item that nobody knows; it may be null.
fn unknown_item(call: &Call<'_>, of: Option<&Type>) -> Term {
    Term::unknown(of.cloned().unwrap_or(Type::Dynamic), Term::why_made_of(&call.arguments))
}

fn merge(call: &Call<'_>) -> Answer {
    let mut merged: BTreeMap<String, Term> = BTreeMap::new();
    let mut types: Vec<Type> = Vec::new();
    let mut is_open = false;
    for argument in &call.arguments {
        let of = match argument.type_of() {
            Type::Object(_) if argument.is_null() => Type::Object(BTreeMap::new()),
            of @ (Type::Map(_) | Type::Object(_)) => of,
            // Terraform does not even look at the rest.
            Type::Dynamic => return Ok(merged_with_any(call, argument)),
            of @ (Type::Bool | Type::Number | Type::Text | Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                return Err(format!("arguments must be maps or objects, got {:?}", of.friendly_name()).into());
            }
        };
        match (&argument.data, &of) {
            (Data::Unknown(_), Type::Object(fields)) => {
                for name in fields.keys() {
                    merged.insert(name.clone(), attribute(argument, name)?);
                }
            }
            (Data::Unknown(_), _) => is_open = true,
            _ => {
                let entries = argument.as_entries().into_iter().flatten();
                merged.extend(entries.map(|(key, it)| (key.clone(), it.clone())));
            }
        }
        check_size(merged.len())?;
        types.push(of);
    }
    let is_same = types.windows(2).all(|pair| pair[0] == pair[1]);
    let same = types.into_iter().next().filter(|_| is_same);
    if is_open {
        return Ok(call.unknown(same.unwrap_or(Type::Dynamic)));
    }
    match same {
        Some(Type::Map(of)) => Ok(Term::map(*of, merged)),
        _ => Ok(Term::object(merged)),
    }
}

/// One of the arguments is of a type that nobody knows, `null` being known to be nothing.
fn merged_with_any(call: &Call<'_>, argument: &Term) -> Term {
    let is_only_null = call.arguments.iter().all(|it| !matches!(it.data, Data::Unknown(_) | Data::Resource(_)));
    if !argument.is_null() || !is_only_null {
        return call.unknown(Type::Dynamic);
    }
    let entries = call.arguments.iter().filter_map(Term::as_entries).flatten();
    Term::object(entries.map(|(key, it)| (key.clone(), it.clone())).collect())
}

fn transpose(call: &Call<'_>) -> Answer {
    if !call.term(0).is_wholly_known() {
        return Ok(call.unknown(Type::map(Type::list(Type::Text))));
    }
    let mut turned: BTreeMap<String, Vec<Term>> = BTreeMap::new();
    for (key, list) in call.term(0).as_entries().into_iter().flatten() {
        let items = list.as_items().ok_or("input must not contain null list")?;
        for item in items {
            let text = item.as_text().ok_or("input list must not contain null string")?;
            turned.entry(text.to_owned()).or_default().push(Term::text(key));
        }
    }
    let lists = turned.into_iter().map(|(key, it)| (key, Term::list(Type::Text, it)));
    Ok(Term::map(Type::list(Type::Text), lists.collect()))
}

fn zip(call: &Call<'_>) -> Answer {
    let (keys, values) = (call.term(0), call.term(1));
    let of = match values.type_of() {
        Type::List(of) => Some(*of),
        Type::Tuple(_) => None,
        Type::Dynamic if !values.is_null() => None,
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Set(_) | Type::Map(_) | Type::Object(_) => {
            return Err("values argument must be a list or tuple value".into());
        }
    };
    let whole = of.clone().map_or(Type::Dynamic, Type::map);
    let Some(names) = keys.as_items().filter(|_| keys.is_wholly_known()) else { return Ok(call.unknown(whole)) };
    let items = if let Some(items) = values.as_items() {
        items.to_vec()
    } else {
        let items: Result<_, _> = (0..names.len()).map(|at| index(values, &Term::number(at))).collect();
        items?
    };
    if names.len() != items.len() {
        let (names, items) = (names.len(), items.len());
        return Err(format!("number of keys ({names}) does not match number of values ({items})").into());
    }
    let mut is_sensitive = false;
    let mut entries = BTreeMap::new();
    for (at, (name, item)) in names.iter().zip(items).enumerate() {
        let name_text = name.as_text().ok_or_else(|| format!("keys list has null value at index {at}"))?;
        is_sensitive |= name.is_sensitive;
        entries.insert(name_text.to_owned(), item);
    }
    let result = match of {
        Some(of) => Term::map(of, entries),
        None if values.is_known() || matches!(values.type_of(), Type::Tuple(_)) => Term::object(entries),
        None => return Ok(Term::object(entries).with_sensitivity(is_sensitive)),
    };
    Ok(result.with_sensitivity(is_sensitive))
}
