//! Attributes and items of values. Those of what is not known keep the reference that leads to them.

use std::collections::BTreeMap;

use super::{
    convert::convert,
    cty::{Data, ResourceObject, Term, Type, Unknown, Why},
    number::Number,
    operators::one_of,
    types::unify,
};
use crate::value::Reference;

/// The most items among which one of unknown index is looked for.
const MOST_CHOICES: usize = 256;

/// In the path of an item that stands for each item of a splat.
const EACH: &str = "[each]";
/// In the path of the result of a splat.
const ALL: &str = "[*]";

/// What a splat goes over.
#[derive(Clone, Debug)]
pub enum Splat {
    /// These items; [`splat_result`] makes the results one value.
    Items(Vec<Term>),
    /// Nobody knows how many. This stands for each of them; [`unknown_splat_result`] makes its result the whole.
    Unknown(Term),
}

/// `of.name`.
pub fn attribute(of: &Term, name: &str) -> Result<Term, String> {
    let found = match &of.data {
        Data::Null(_) => return Err("This value is null, so it does not have any attributes.".to_owned()),
        Data::Object(attributes) => attributes
            .get(name)
            .cloned()
            .ok_or_else(|| format!("This object does not have an attribute named \"{name}\"."))?,
        Data::Map(_, items) => items
            .get(name)
            .cloned()
            .ok_or_else(|| format!("This map does not have an element with the key \"{name}\"."))?,
        Data::Resource(resource) => resource.attribute(name),
        Data::Unknown(unknown) => attribute_of_unknown(unknown, name)?,
        Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::List(..) | Data::Set(..) | Data::Tuple(_) => {
            return Err(no_attributes(&of.type_of()));
        }
    };
    Ok(found.with_sensitivity(of.is_sensitive))
}

fn attribute_of_unknown(unknown: &Unknown, name: &str) -> Result<Term, String> {
    let why = unknown.why.followed(&|reference| within(reference, name));
    match &unknown.r#type {
        Type::Dynamic => Ok(Term::unknown(Type::Dynamic, why)),
        Type::Map(of) => Ok(Term::unknown((**of).clone(), why)),
        Type::Object(fields) => match fields.get(name) {
            Some(field) => Ok(Term::unknown(field.r#type.clone(), why)),
            None => Err(format!("This object does not have an attribute named \"{name}\".")),
        },
        Type::Bool | Type::Number | Type::Text | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
            Err(no_attributes(&unknown.r#type))
        }
    }
}

fn no_attributes(of: &Type) -> String {
    match of {
        Type::Bool | Type::Number | Type::Text => {
            format!("Can't access attributes on a primitive-typed value ({}).", of.friendly_name())
        }
        Type::List(item) if item.fields().is_some() => "Can't access attributes on a list of objects. Did you mean to \
             access an attribute for a specific element of the list, or across all elements of the list?"
            .to_owned(),
        Type::Set(item) if item.fields().is_some() => "Can't access attributes on a set of objects. Did you mean to \
             access an attribute across all elements of the set?"
            .to_owned(),
        Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) => {
            "This value does not have any attributes.".to_owned()
        }
    }
}

/// `of[key]`.
pub fn index(of: &Term, key: &Term) -> Result<Term, String> {
    if of.is_null() {
        return Err("This value is null, so it does not have any indices.".to_owned());
    }
    if key.is_null() {
        return Err("Can't use a null value as an indexing key.".to_owned());
    }
    let found = match &of.data {
        Data::List(_, items) | Data::Tuple(items) => item(items, key)?,
        Data::Map(_, items) | Data::Object(items) => entry(items, key)?,
        Data::Resource(resource) => entry_of_resource(resource, key)?,
        Data::Unknown(unknown) => index_of_unknown(unknown, key)?,
        Data::Set(..) => {
            return Err(
                "Elements of a set are identified only by their value and don't have any separate index or key \
                        to select with, so it's only possible to perform operations across all elements of the set."
                    .to_owned(),
            );
        }
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {
            return Err("This value does not have any indices.".to_owned());
        }
    };
    Ok(found.with_sensitivity(of.is_sensitive || key.is_sensitive))
}

const NO_ELEMENT: &str = "The given key does not identify an element in this collection value";

fn converted_key(key: &Term, to: &Type) -> Result<Term, String> {
    convert(key, to).map_err(|error| format!("{NO_ELEMENT}: {error}."))
}

fn item(items: &[Term], key: &Term) -> Result<Term, String> {
    let key = converted_key(key, &Type::Number)?;
    let Data::Number(number) = &key.data else { return Ok(one_of_items(items.iter(), &key)) };
    position(number, items.len()).map(|at| items[at].clone())
}

fn position(number: &Number, length: usize) -> Result<usize, String> {
    let why = if !number.is_whole() {
        "indexing a sequence requires a whole number, but the given index has a fractional part"
    } else if number.is_negative() {
        "a negative number is not a valid index for a sequence"
    } else if let Some(at) = number.to_usize().filter(|at| *at < length) {
        return Ok(at);
    } else if length == 0 {
        "the collection has no elements"
    } else {
        "the given index is greater than or equal to the length of the collection"
    };
    Err(format!("{NO_ELEMENT}: {why}."))
}

fn entry(items: &BTreeMap<String, Term>, key: &Term) -> Result<Term, String> {
    let key = converted_key(key, &Type::Text)?;
    let Data::Text(text) = &key.data else { return Ok(one_of_items(items.values(), &key)) };
    items.get(&**text).cloned().ok_or_else(|| format!("{NO_ELEMENT}."))
}

fn entry_of_resource(resource: &ResourceObject, key: &Term) -> Result<Term, String> {
    if let Data::Number(number) = &key.data {
        // A block or a computed list that stands as one object.
        let Some(at) = number.to_usize() else { return Err(format!("{NO_ELEMENT}.")) };
        let reference = at_key(&resource.reference, &at.to_string());
        return Ok(Term::unknown(Type::Dynamic, Why::Attribute(reference)));
    }
    let key = converted_key(key, &Type::Text)?;
    let Data::Text(text) = &key.data else {
        return Ok(Term::unknown(Type::Dynamic, Why::From(vec![resource.reference.clone()])));
    };
    Ok(resource.attribute(text))
}

/// One of these; which, `key` will tell.
fn one_of_items<'a>(items: impl ExactSizeIterator<Item = &'a Term>, key: &Term) -> Term {
    if items.len() == 0 || MOST_CHOICES < items.len() {
        let items: Vec<_> = items.collect();
        let types: Vec<_> = items.iter().take(MOST_CHOICES).map(|it| it.type_of()).collect();
        return Term::unknown(unify(&types).unwrap_or(Type::Dynamic), Term::why_made_of([key]));
    }
    let mut chosen: Option<Term> = None;
    for item in items {
        chosen = Some(chosen.map_or_else(|| item.clone(), |chosen| one_of(&chosen, item, key)));
    }
    chosen.unwrap_or_else(|| Term::unknown(Type::Dynamic, Term::why_made_of([key])))
}

fn index_of_unknown(unknown: &Unknown, key: &Term) -> Result<Term, String> {
    let of = match &unknown.r#type {
        Type::Dynamic => Type::Dynamic,
        Type::List(of) | Type::Map(of) => (**of).clone(),
        Type::Tuple(items) => match converted_key(key, &Type::Number)?.as_number() {
            Some(number) => items[position(number, items.len())?].clone(),
            None => Type::Dynamic,
        },
        Type::Object(fields) => match converted_key(key, &Type::Text)?.as_text() {
            Some(text) => fields.get(text).ok_or_else(|| format!("{NO_ELEMENT}."))?.r#type.clone(),
            None => Type::Dynamic,
        },
        Type::Set(_) => return index(&Term::set(Type::Dynamic, Vec::new()), key),
        Type::Bool | Type::Number | Type::Text => return Err("This value does not have any indices.".to_owned()),
    };
    let key = match unknown.r#type {
        Type::List(_) | Type::Tuple(_) => converted_key(key, &Type::Number)?,
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Set(_) | Type::Map(_) | Type::Object(_) => {
            key.clone()
        }
    };
    let step = match (key.as_number(), key.as_text()) {
        (Some(number), _) => position(number, usize::MAX)?.to_string(),
        (None, Some(text)) => format!("{text:?}"),
        (None, None) => {
            let both = [Term::unknown(Type::Dynamic, unknown.why.clone()), key];
            return Ok(Term::unknown(of, Term::why_made_of(&both)));
        }
    };
    Ok(Term::unknown(of, unknown.why.followed(&|reference| at_key(reference, &step))))
}

/// What `of[*]` goes over.
pub fn splat(of: &Term) -> Result<Splat, String> {
    let sensitivity = |items: &[Term]| items.iter().map(|it| it.clone().with_sensitivity(of.is_sensitive)).collect();
    match &of.data {
        Data::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
            Err("Splat expressions (with the * symbol) cannot be applied to null sequences.".to_owned())
        }
        Data::Null(_) => Ok(Splat::Items(Vec::new())),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => Ok(Splat::Items(sensitivity(items))),
        Data::Unknown(unknown) => Ok(splat_of_unknown(unknown, of)),
        Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Map(..) | Data::Object(_) | Data::Resource(_) => {
            Ok(Splat::Items(vec![of.clone()]))
        }
    }
}

fn splat_of_unknown(unknown: &Unknown, of: &Term) -> Splat {
    let item = match &unknown.r#type {
        Type::List(item) | Type::Set(item) => (**item).clone(),
        Type::Tuple(types) => {
            let at = |at: usize| unknown.why.followed(&|reference| at_key(reference, &at.to_string()));
            let items = types.iter().enumerate().map(|(position, r#type)| Term::unknown(r#type.clone(), at(position)));
            return Splat::Items(items.map(|it| it.with_sensitivity(of.is_sensitive)).collect());
        }
        Type::Bool | Type::Number | Type::Text | Type::Map(_) | Type::Object(_) if unknown.refinement.is_not_null => {
            return Splat::Items(vec![of.clone()]);
        }
        Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Map(_) | Type::Object(_) => Type::Dynamic,
    };
    let why = unknown
        .why
        .followed(&|reference| Reference::new(reference.to.clone(), format!("{}{EACH}", reference.attribute)));
    Splat::Unknown(Term::unknown(item, why).with_sensitivity(of.is_sensitive))
}

/// The value of a splat over `of` whose items came out as `results`.
pub fn splat_result(of: &Term, results: Vec<Term>) -> Result<Term, String> {
    let is_sensitive = of.is_sensitive;
    let result = match &of.data {
        Data::List(..) | Data::Set(..) => {
            let list = Term::tuple(results);
            let error = "The second level of splat expression produced elements of different types, so it isn't \
                         possible to construct a valid list to represent the top-level result.";
            convert(&list, &Type::list(Type::Dynamic)).map_err(|_| error.to_owned())?
        }
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Resource(_)
        | Data::Unknown(_) => Term::tuple(results),
    };
    Ok(result.with_sensitivity(is_sensitive))
}

/// The value of a splat over something unknown, `item` being what came out for each of its items.
pub fn unknown_splat_result(item: &Term) -> Term {
    let over_all = |reference: &Reference| {
        let path = match reference.attribute.rfind(EACH) {
            Some(at) => [&reference.attribute[..at], ALL, &reference.attribute[at + EACH.len()..]].concat().into(),
            None => reference.attribute.clone(),
        };
        Reference::new(reference.to.clone(), path)
    };
    let why = item.as_unknown().map_or_else(|| Term::why_made_of([item]), |unknown| unknown.why.clone());
    let why = why.followed(&over_all);
    Term::unknown(Type::Dynamic, why).with_sensitivity(item.is_sensitive)
}

impl ResourceObject {
    /// An attribute: what the code sets, or unknown and known to be that attribute.
    pub fn attribute(&self, name: &str) -> Term {
        match self.known.get(name) {
            Some(known) => known.clone(),
            None => Term::unknown(Type::Dynamic, Why::Attribute(within(&self.reference, name))),
        }
    }
}

impl Why {
    /// The same reason, a step further: where it is an attribute, `step` leads on from it.
    #[must_use]
    pub fn followed(&self, step: &dyn Fn(&Reference) -> Reference) -> Self {
        match self {
            Self::Attribute(reference) => Self::Attribute(step(reference)),
            Self::OneOf(all) => Self::OneOf(all.iter().map(|it| it.followed(step)).collect()),
            Self::From(_) | Self::Input(_) | Self::Other(_) => self.clone(),
        }
    }
}

/// The attribute `name` of what `reference` names.
fn within(reference: &Reference, name: &str) -> Reference {
    let path = match reference.attribute.as_str() {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    Reference::new(reference.to.clone(), path)
}

/// The item under `key` of what `reference` names. Of a splat's result, it is one item's.
fn at_key(reference: &Reference, key: &str) -> Reference {
    let path = &reference.attribute;
    let is_position = key.bytes().all(|it| it.is_ascii_digit());
    let path = match path.find(ALL).filter(|_| is_position) {
        Some(at) => format!("{}[{key}]{}", &path[..at], &path[at + ALL.len()..]),
        None => format!("{path}[{key}]"),
    };
    Reference::new(reference.to.clone(), path)
}
