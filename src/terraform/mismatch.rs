//! Why a value of one type is none of another, in cty's words.

use std::collections::BTreeMap;

use super::{
    convert::is_convertible,
    cty::{Field, Type},
    types::Safety,
};

/// What is said of a value of type `got` where `want` is wanted, and no conversion leads there.
pub(super) fn mismatch(got: &Type, want: &Type) -> String {
    match (got, want) {
        (Type::Object(got), Type::Object(want)) => of_objects(got, want),
        (Type::Tuple(_), Type::List(of)) if **of == Type::Dynamic => {
            "all list elements must have the same type".to_owned()
        }
        (Type::Tuple(_), Type::Set(of)) if **of == Type::Dynamic => {
            "all set elements must have the same type".to_owned()
        }
        (Type::Object(_), Type::Map(of)) if **of == Type::Dynamic => {
            "all map elements must have the same type".to_owned()
        }
        (Type::Tuple(items), Type::List(of) | Type::Set(of)) => {
            let named = items.iter().enumerate().map(|(at, it)| (at.to_string(), it));
            of_elements(named, of)
        }
        (Type::Object(fields), Type::Map(of)) => {
            of_elements(fields.iter().map(|(name, it)| (format!("\"{name}\""), &it.r#type)), of)
        }
        (Type::List(got) | Type::Set(got), Type::List(of)) => incorrect("list element type", got, of),
        (Type::List(got) | Type::Set(got), Type::Set(of)) => incorrect("set element type", got, of),
        (Type::Map(got), Type::Map(of)) => incorrect("map element type", got, of),
        (
            Type::Tuple(_) | Type::Object(_) | Type::List(_) | Type::Set(_) | Type::Map(_),
            Type::List(_) | Type::Set(_) | Type::Map(_),
        ) => required(want),
        (
            Type::Dynamic
            | Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_),
            _,
        ) => of_kinds(got, want),
    }
}

fn required(want: &Type) -> String {
    format!("{} required", want.friendly_name_for_constraint())
}

fn incorrect(what: &str, got: &Type, want: &Type) -> String {
    format!("incorrect {what}: {}", mismatch(got, want))
}

fn of_kinds(got: &Type, want: &Type) -> String {
    let is_plain = got.is_primitive() != want.is_primitive()
        || *want == Type::Text
        || matches!((got, want), (Type::Bool, Type::Number) | (Type::Number, Type::Bool))
        || matches!((got, want), (Type::Tuple(_), Type::Object(_)));
    if is_plain {
        return format!("{} required, but have {}", want.friendly_name(), got.friendly_name());
    }
    required(want)
}

fn of_elements<'a>(elements: impl Iterator<Item = (String, &'a Type)>, want: &Type) -> String {
    for (name, got) in elements {
        if got != want && !is_convertible(got, want, Safety::Unsafe) {
            return format!("element {name}: {}", mismatch(got, want));
        }
    }
    format!("all elements must be {}", want.friendly_name_for_constraint())
}

fn of_objects(got: &BTreeMap<String, Field>, want: &BTreeMap<String, Field>) -> String {
    let is_missing = |(name, field): &(&String, &Field)| !field.is_optional && !got.contains_key(*name);
    let missing: Vec<_> = want.iter().filter(is_missing).map(|(name, _)| format!("\"{name}\"")).collect();
    match missing.as_slice() {
        [] => (),
        [one] => return format!("attribute {one} is required"),
        [one, two] => return format!("attributes {one} and {two} are required"),
        [all @ .., last] => return format!("attributes {}, and {last} are required", all.join(", ")),
    }
    for safety in [Safety::Unsafe, Safety::Safe] {
        for (name, field) in want {
            let Some(given) = got.get(name).filter(|it| it.r#type != field.r#type) else { continue };
            if !is_convertible(&given.r#type, &field.r#type, safety) {
                return format!("attribute \"{name}\": {}", mismatch(&given.r#type, &field.r#type));
            }
        }
    }
    "incorrect object attributes".to_owned()
}
