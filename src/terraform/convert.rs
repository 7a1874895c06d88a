//! Conversions between types, as Terraform makes them wherever a value of a certain type is wanted.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    cty::{DEEPEST, Data, Field, Refinement, ResourceObject, Term, Type, Unknown, Why},
    mismatch::mismatch,
    number::Number,
    types::{Safety, unify, unify_with},
};

/// The value as one of `to`, or why it cannot be one, in Terraform's words. A value that is not known keeps the reason,
/// one that is not to be told stays so.
pub fn convert(term: &Term, to: &Type) -> Result<Term, String> {
    let from = term.type_of();
    if from == *to {
        return Ok(term.clone());
    }
    if matches!(term.data, Data::Resource(_)) || is_convertible(&from, to, Safety::Unsafe) {
        return converted(term, to, 0);
    }
    Err(mismatch(&from, to))
}

/// Whether there is a conversion at all; [`Safety::Safe`]: one that never fails.
pub fn is_convertible(from: &Type, to: &Type, safety: Safety) -> bool {
    let is_unsafe = safety == Safety::Unsafe;
    if *to == Type::Dynamic {
        return true;
    }
    match (from, to) {
        (Type::Dynamic, _) | (Type::Text, Type::Number | Type::Bool) => is_unsafe,
        (Type::Bool, Type::Bool | Type::Text)
        | (Type::Number, Type::Number | Type::Text)
        | (Type::Text, Type::Text) => true,
        (Type::Object(from), Type::Object(to)) => {
            to.iter().all(|(name, wanted)| is_field_convertible(from.get(name), wanted, safety))
        }
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to).all(|(from, to)| is_item_convertible(from, to, safety))
        }
        (Type::List(_), Type::Set(_)) if !is_unsafe => false,
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to)) | (Type::Map(from), Type::Map(to)) => {
            is_item_convertible(from, to, safety)
        }
        (Type::Tuple(from), Type::List(to) | Type::Set(to)) => is_structure_convertible(from, to, safety, true),
        (Type::Object(from), Type::Map(to)) => {
            let from: Vec<Type> = from.values().map(|it| it.r#type.clone()).collect();
            is_structure_convertible(&from, to, safety, false)
        }
        (Type::Map(from), Type::Object(to)) => {
            is_unsafe && to.values().all(|it| it.is_optional || is_item_convertible(from, &it.r#type, safety))
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
        ) => false,
    }
}

fn is_item_convertible(from: &Type, to: &Type, safety: Safety) -> bool {
    from == to || is_convertible(from, to, safety)
}

fn is_field_convertible(from: Option<&Field>, wanted: &Field, safety: Safety) -> bool {
    from.map_or(wanted.is_optional, |from| is_item_convertible(&from.r#type, &wanted.r#type, safety))
}

/// A tuple or object to a collection of items of type `to`.
fn is_structure_convertible(from: &[Type], to: &Type, safety: Safety, is_ordered: bool) -> bool {
    if from.is_empty() {
        return true;
    }
    if *to != Type::Dynamic {
        return from.iter().all(|it| is_item_convertible(it, to, safety));
    }
    match unify_with(from, safety) {
        None => false,
        // A list of any type has items of one type after all; those that nobody knows do not stand in its way.
        Some(Type::Dynamic) => !is_ordered || have_common_type(from, safety),
        Some(unified) => from.iter().all(|it| is_item_convertible(it, &unified, safety)),
    }
}

/// Whether those that are known have a type in common.
fn have_common_type(all: &[Type], safety: Safety) -> bool {
    let known: Vec<Type> = all.iter().filter(|it| **it != Type::Dynamic).cloned().collect();
    let with_text = [known.as_slice(), &[Type::Text]].concat();
    known.is_empty() || unify_with(&known, safety).is_some() || unify_with(&with_text, safety).is_some()
}

fn converted(term: &Term, to: &Type, depth: usize) -> Result<Term, String> {
    if DEEPEST < depth {
        return Err("the value is nested too deeply".to_owned());
    }
    if *to == Type::Dynamic {
        return Ok(term.clone());
    }
    let from = term.type_of();
    if from == *to {
        return Ok(term.clone());
    }
    if !matches!(term.data, Data::Resource(_)) && !is_convertible(&from, to, Safety::Unsafe) {
        return Err(mismatch(&from, to));
    }
    let result = match &term.data {
        Data::Null(_) => Term::null(exact(&from, &to.without_optional())),
        Data::Unknown(unknown) => convert_unknown(unknown, &exact(&from, &to.without_optional())),
        Data::Resource(resource) => convert_resource(resource, to, depth)?,
        Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_) => convert_known(term, to, depth)?,
    };
    Ok(result.with_sensitivity(term.is_sensitive))
}

fn convert_known(term: &Term, to: &Type, depth: usize) -> Result<Term, String> {
    match to {
        Type::Dynamic => Ok(term.clone()),
        Type::Bool => to_bool(term),
        Type::Number => to_number(term),
        Type::Text => Ok(to_text(term)),
        Type::List(of) => to_list(term, of, depth),
        Type::Set(of) => to_set(term, of, depth),
        Type::Map(of) => to_map(term, of, depth),
        Type::Tuple(types) => {
            let items = term.children().into_iter().zip(types);
            let items: Result<_, _> = items.map(|(it, to)| converted(it, to, depth + 1)).collect();
            Ok(Term::tuple(items?))
        }
        Type::Object(fields) => to_object(term, fields, depth),
    }
}

fn to_bool(term: &Term) -> Result<Term, String> {
    let Data::Text(text) = &term.data else { return Ok(term.clone()) };
    match &**text {
        "true" | "1" => Ok(Term::bool(true)),
        "false" | "0" => Ok(Term::bool(false)),
        other => Err(match other.to_lowercase().as_str() {
            "true" => "a bool is required; to convert from string, use lowercase \"true\"".to_owned(),
            "false" => "a bool is required; to convert from string, use lowercase \"false\"".to_owned(),
            _ => "a bool is required".to_owned(),
        }),
    }
}

fn to_number(term: &Term) -> Result<Term, String> {
    let Data::Text(text) = &term.data else { return Ok(term.clone()) };
    Number::parse(text).map(Term::number).map_err(|error| error.to_string())
}

fn to_text(term: &Term) -> Term {
    match &term.data {
        Data::Bool(it) => Term::text(if *it { "true" } else { "false" }),
        Data::Number(it) => Term::text(&it.to_string()),
        Data::Null(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Resource(_)
        | Data::Unknown(_) => Term::new(term.data.clone()),
    }
}

/// The type that the items are brought to: the one that is asked for, or one that they have in common.
fn item_type(term: &Term, of: &Type) -> Result<Type, String> {
    if *of != Type::Dynamic {
        return Ok(of.clone());
    }
    if let Data::List(of, _) | Data::Set(of, _) | Data::Map(of, _) = &term.data {
        return Ok(of.clone());
    }
    common_type(&term.children())
}

/// The type that all have in common. A null of no type goes with any.
fn common_type(terms: &[&Term]) -> Result<Type, String> {
    let is_typed = |it: &&&Term| !matches!(it.data, Data::Null(Type::Dynamic));
    let types: Vec<Type> = terms.iter().filter(is_typed).map(|it| it.type_of()).collect();
    if types.is_empty() {
        return Ok(Type::Dynamic);
    }
    unify(&types).ok_or_else(|| "cannot find a common base type for all elements".to_owned())
}

/// The items, converted, and the type that they have now.
fn items(term: &Term, of: &Type, depth: usize) -> Result<(Vec<Term>, Type), String> {
    let wanted = item_type(term, of)?;
    let items: Result<Vec<Term>, String> =
        term.children().into_iter().map(|it| converted(it, &wanted, depth + 1)).collect();
    let items = items?;
    let wanted = wanted.without_optional();
    if items.is_empty() || !wanted.has_dynamic() {
        return Ok((items, wanted));
    }
    // The items of a list of any type each know their own; they must agree.
    let common = common_type(&items.iter().collect::<Vec<_>>())?;
    let items: Result<Vec<Term>, String> = items.iter().map(|it| converted(it, &common, depth + 1)).collect();
    Ok((items?, common))
}

fn to_list(term: &Term, of: &Type, depth: usize) -> Result<Term, String> {
    if let Some((shortest, longest)) = term.length_range()
        && shortest != longest
    {
        // Items that are not known may turn out to be one: nobody knows how many, or in which order.
        let why = Term::why_made_of([term]);
        let refinement = Refinement { is_not_null: true, shortest, longest: Some(longest), ..Refinement::default() };
        return Ok(Term::refined(Type::list(item_type(term, of)?.without_optional()), why, refinement));
    }
    let (items, of) = items(term, of, depth)?;
    Ok(Term::list(of, items))
}

fn to_set(term: &Term, of: &Type, depth: usize) -> Result<Term, String> {
    let (items, of) = items(term, of, depth)?;
    // Null has nothing to hide.
    let told = items.into_iter().map(|it| if it.is_null() { Term::new(it.data) } else { it });
    Ok(Term::set(of, told.collect()))
}

fn to_map(term: &Term, of: &Type, depth: usize) -> Result<Term, String> {
    let (Data::Map(_, old) | Data::Object(old)) = &term.data else {
        return Err(mismatch(&term.type_of(), &Type::map(of.clone())));
    };
    let (items, of) = items(term, of, depth)?;
    Ok(Term::map(of, old.keys().cloned().zip(items).collect()))
}

fn to_object(term: &Term, fields: &BTreeMap<String, Field>, depth: usize) -> Result<Term, String> {
    let (Data::Map(_, old) | Data::Object(old)) = &term.data else {
        return Err(mismatch(&term.type_of(), &Type::Object(fields.clone())));
    };
    let mut attributes = BTreeMap::new();
    for (name, field) in fields {
        let value = match old.get(name) {
            Some(value) => converted(value, &field.r#type, depth + 1)?,
            None if field.is_optional => Term::null(field.r#type.without_optional()),
            None => return Err(format!("map has no element for required attribute \"{name}\"")),
        };
        attributes.insert(name.clone(), value);
    }
    Ok(Term::object(attributes))
}

/// An object takes of a resource what it names; anything else that is wanted of one is not known.
fn convert_resource(resource: &Arc<ResourceObject>, to: &Type, depth: usize) -> Result<Term, String> {
    match to {
        Type::Dynamic => Ok(Term::new(Data::Resource(resource.clone()))),
        Type::Object(fields) => {
            let mut attributes = BTreeMap::new();
            for (name, field) in fields {
                let value = resource.attribute(name);
                attributes.insert(name.clone(), converted(&value, &field.r#type, depth + 1)?);
            }
            Ok(Term::object(attributes))
        }
        Type::Bool | Type::Number | Type::Text => Err(mismatch(&Type::Object(BTreeMap::new()), to)),
        Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) => {
            Ok(Term::unknown_not_null(to.without_optional(), Why::From(vec![resource.reference.clone()])))
        }
    }
}

/// What is known of an unknown value holds for the converted one as far as it makes sense there.
fn convert_unknown(unknown: &Unknown, to: &Type) -> Term {
    let old = &unknown.refinement;
    let kept = Refinement { is_not_null: old.is_not_null, ..Refinement::default() };
    let refinement = match (&unknown.r#type, to) {
        (Type::Object(fields), Type::Map(_)) => {
            Refinement { shortest: fields.len(), longest: Some(fields.len()), ..kept }
        }
        (Type::Tuple(items), Type::List(_)) => Refinement { shortest: items.len(), longest: Some(items.len()), ..kept },
        (Type::Tuple(items), Type::Set(_)) => {
            Refinement { shortest: items.len().min(1), longest: Some(items.len()), ..kept }
        }
        (Type::List(_) | Type::Set(_) | Type::Map(_), Type::Set(_)) => {
            Refinement { shortest: old.shortest.min(1), longest: old.longest, ..kept }
        }
        (Type::List(_) | Type::Set(_) | Type::Map(_), Type::List(_) | Type::Map(_)) => {
            Refinement { shortest: old.shortest, longest: old.longest, ..kept }
        }
        (Type::Dynamic, _) | (Type::Text, Type::Text) => old.clone(),
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
        ) => kept,
    };
    Term::refined(to.clone(), unknown.why.clone(), refinement)
}

/// `to` with the parts of `from` where it says `any`.
fn exact(from: &Type, to: &Type) -> Type {
    match (from, to) {
        (Type::Dynamic, _) | (_, Type::Bool | Type::Number | Type::Text) => to.clone(),
        (_, Type::Dynamic) => from.clone(),
        (Type::Map(from), Type::Map(to)) => Type::map(exact(from, to)),
        (Type::Object(from), Type::Map(to)) => {
            let types: Vec<Type> = from.values().map(|it| it.r#type.clone()).collect();
            Type::map(exact(&unify(&types).unwrap_or(Type::Dynamic), to))
        }
        (_, Type::Object(to)) => {
            let given = |name: &str| match from {
                Type::Map(of) => Some(&**of),
                Type::Object(fields) => fields.get(name).map(|it| &it.r#type),
                Type::Dynamic
                | Type::Bool
                | Type::Number
                | Type::Text
                | Type::List(_)
                | Type::Set(_)
                | Type::Tuple(_) => None,
            };
            let field = |(name, field): (&String, &Field)| {
                let r#type = given(name).map_or_else(|| field.r#type.clone(), |from| exact(from, &field.r#type));
                (name.clone(), Field { r#type, is_optional: field.is_optional })
            };
            Type::Object(to.iter().map(field).collect())
        }
        (Type::Set(from) | Type::List(from), Type::Set(to)) => Type::set(exact(from, to)),
        (Type::Set(from) | Type::List(from), Type::List(to)) => Type::list(exact(from, to)),
        (Type::Tuple(from), Type::Set(to)) => Type::set(exact(&unify(from).unwrap_or(Type::Dynamic), to)),
        (Type::Tuple(from), Type::List(to)) => Type::list(exact(&unify(from).unwrap_or(Type::Dynamic), to)),
        (Type::Tuple(from), Type::Tuple(to)) => {
            Type::Tuple(from.iter().zip(to).map(|(from, to)| exact(from, to)).collect())
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
            Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_),
        ) => to.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::convert;
    use crate::{
        terraform::cty::{Data, Field, Term, Type, Why},
        value::{Address, Reference},
    };

    fn vpc() -> Why {
        Why::Attribute(Reference::new(Address::new("aws_vpc.main"), "id"))
    }

    #[test]
    fn what_is_unknown_stays_so_for_the_same_reason() {
        let list = Term::tuple(vec![Term::unknown(Type::Dynamic, vpc()).with_sensitivity(true), Term::number(1_i64)]);
        let list = convert(&list, &Type::list(Type::Text)).unwrap();
        let Data::List(Type::Text, items) = &list.data else { panic!("{list:?}") };
        let Data::Unknown(unknown) = &items[0].data else { panic!("{list:?}") };
        assert_eq!((&unknown.r#type, &unknown.why), (&Type::Text, &vpc()));
        assert!(items[0].is_sensitive && !items[1].is_sensitive);
    }

    #[test]
    fn an_object_gets_what_is_optional_and_loses_what_is_not_asked_for() {
        let field = |r#type, is_optional| Field { r#type, is_optional };
        let wanted = Type::Object(BTreeMap::from([
            ("name".to_owned(), field(Type::Text, false)),
            ("size".to_owned(), field(Type::Number, true)),
        ]));
        let given = |name: &str| Term::object(BTreeMap::from([(name.to_owned(), Term::bool(true))]));
        let Data::Object(attributes) = convert(&given("name"), &wanted).unwrap().data else { panic!() };
        assert!(matches!(&attributes["name"].data, Data::Text(text) if &**text == "true"));
        assert!(attributes["size"].is_null() && attributes.len() == 2);
        assert_eq!(convert(&given("other"), &wanted).unwrap_err(), "attribute \"name\" is required");
        assert_eq!(wanted.to_string(), "object({name=string, size=optional(number)})");
    }
}
