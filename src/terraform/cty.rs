//! Values as Terraform's expressions see them: typed, known or not, sensitive or not.
//!
//! Terraform's type system is `cty` (<https://developer.hashicorp.com/terraform/language/expressions/types>). A
//! [`crate::value::Value`] is what is left when evaluation is done; lists, sets and tuples are told apart only here.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::{equality, number::Number};
use crate::value::Reference;

/// A type, as `type =` of a variable writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `any`: not known, or anything.
    Dynamic,
    Bool,
    Number,
    Text,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<String, Field>),
}

/// An attribute of an object type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub r#type: Type,
    /// `optional(type)`: a value without it gets null, or the default that the variable's type names.
    pub is_optional: bool,
}

/// A value.
#[derive(Clone, Debug)]
pub struct Term {
    pub data: Data,
    /// Not to be told: `sensitive = true`, `sensitive(…)`, ephemeral, or made of such.
    pub is_sensitive: bool,
}

#[derive(Clone, Debug)]
pub enum Data {
    Null(Type),
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    /// Every item has the type; `Type::Dynamic` for an empty list of no type.
    List(Type, Arc<Vec<Term>>),
    /// In cty's order, each item once.
    Set(Type, Arc<Vec<Term>>),
    Map(Type, Arc<BTreeMap<String, Term>>),
    Tuple(Arc<Vec<Term>>),
    Object(Arc<BTreeMap<String, Term>>),
    /// A resource or data source, or a block of one: an object of which only what the code sets is known. Any other
    /// attribute of it is unknown, and known to be that attribute of it.
    Resource(Arc<ResourceObject>),
    Unknown(Arc<Unknown>),
}

/// See [`Data::Resource`].
#[derive(Clone, Debug)]
pub struct ResourceObject {
    /// The resource and the path within it, empty for the resource itself.
    pub reference: Reference,
    /// What the code sets.
    pub known: BTreeMap<String, Term>,
}

/// A value that is not known.
#[derive(Clone, Debug)]
pub struct Unknown {
    pub r#type: Type,
    pub why: Why,
    pub refinement: Refinement,
    /// A text part by part, where any of it is known. What is encoded in base64 stands here as it was before.
    pub parts: Vec<TextPart>,
}

/// A part of a text that is not known whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    Text(String),
    Unknown(Why),
}

/// Why a value is not known, and what is known of where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is exactly this attribute of a resource or data source: `aws_vpc.main.id`,
    /// `data.aws_availability_zones.this.names[0]`. The same reference is the same value.
    Attribute(Reference),
    /// It is one of these.
    OneOf(Vec<Why>),
    /// It was made of these (a string with an interpolation, a function of them).
    From(Vec<Reference>),
    /// A variable without a value.
    Input(String),
    /// The text says what stands in the way.
    Other(String),
}

/// What is known of an unknown value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refinement {
    pub is_not_null: bool,
    /// A string starts so.
    pub prefix: Arc<str>,
    /// A collection has at least and at most so many items.
    pub shortest: usize,
    pub longest: Option<usize>,
}

/// The deepest that a value or type may be nested; what goes further is told as an error or as not known.
pub const DEEPEST: usize = 200;

impl Term {
    pub fn new(data: Data) -> Self {
        Self { data, is_sensitive: false }
    }

    pub fn null(r#type: Type) -> Self {
        Self::new(Data::Null(r#type))
    }

    pub fn bool(value: bool) -> Self {
        Self::new(Data::Bool(value))
    }

    pub fn number(value: impl Into<Number>) -> Self {
        Self::new(Data::Number(value.into()))
    }

    /// A string, in Unicode's normal form C as Terraform keeps every one.
    pub fn text(text: &str) -> Self {
        if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            return Self::new(Data::Text(Arc::from(text)));
        }
        Self::new(Data::Text(Arc::from(text.nfc().collect::<String>())))
    }

    /// A list; the items have that type.
    pub fn list(r#type: Type, items: Vec<Self>) -> Self {
        Self::new(Data::List(r#type, Arc::new(items)))
    }

    /// A set of items that have that type. An item that is not to be told makes the whole of it so.
    pub fn set(r#type: Type, items: Vec<Self>) -> Self {
        let is_sensitive = items.iter().any(Self::is_sensitive_deep);
        let items = items.into_iter().map(Self::without_sensitivity).collect();
        let items = equality::in_set_order(items);
        Self { data: Data::Set(r#type, Arc::new(items)), is_sensitive }
    }

    /// A map; the items have that type.
    pub fn map(r#type: Type, items: BTreeMap<String, Self>) -> Self {
        Self::new(Data::Map(r#type, Arc::new(items)))
    }

    pub fn tuple(items: Vec<Self>) -> Self {
        Self::new(Data::Tuple(Arc::new(items)))
    }

    pub fn object(attributes: BTreeMap<String, Self>) -> Self {
        Self::new(Data::Object(Arc::new(attributes)))
    }

    pub fn unknown(r#type: Type, why: Why) -> Self {
        Self::refined(r#type, why, Refinement::default())
    }

    /// Not known, and never null.
    pub fn unknown_not_null(r#type: Type, why: Why) -> Self {
        Self::refined(r#type, why, Refinement { is_not_null: true, ..Refinement::default() })
    }

    pub fn refined(r#type: Type, why: Why, refinement: Refinement) -> Self {
        Self::new(Data::Unknown(Arc::new(Unknown { r#type, why, refinement, parts: Vec::new() })))
    }

    /// Text, not known whole, that begins as `refinement` says; of parts that are too many nothing is kept.
    pub fn unknown_text(parts: Vec<TextPart>, why: Why, refinement: Refinement) -> Self {
        /// More than this is no script and no policy that somebody writes.
        const MOST: usize = 1 << 18;
        let length = |it: &TextPart| match it {
            TextPart::Text(text) => text.len(),
            TextPart::Unknown(_) => 64,
        };
        let is_known_somewhere = parts.iter().any(|it| matches!(it, TextPart::Text(_)));
        let is_kept = is_known_somewhere && parts.iter().map(length).sum::<usize>() <= MOST;
        let parts = if is_kept { parts } else { Vec::new() };
        Self::new(Data::Unknown(Arc::new(Unknown { r#type: Type::Text, why, refinement, parts })))
    }

    /// The parts of a text.
    pub fn text_parts(&self) -> Vec<TextPart> {
        match &self.data {
            Data::Text(text) if text.is_empty() => Vec::new(),
            Data::Text(text) => vec![TextPart::Text(text.to_string())],
            Data::Unknown(unknown) if unknown.parts.is_empty() => vec![TextPart::Unknown(unknown.why.clone())],
            Data::Unknown(unknown) => unknown.parts.clone(),
            Data::Null(_)
            | Data::Bool(_)
            | Data::Number(_)
            | Data::List(..)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Tuple(_)
            | Data::Object(_)
            | Data::Resource(_) => vec![TextPart::Unknown(Self::why_made_of([self]))],
        }
    }

    /// Not to be told, where `is_sensitive`; otherwise as it is.
    #[must_use]
    pub fn with_sensitivity(self, is_sensitive: bool) -> Self {
        Self { is_sensitive: self.is_sensitive || is_sensitive, ..self }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null(_))
    }

    /// Whether it is certainly something: known, or unknown and never null.
    pub fn is_not_null(&self) -> bool {
        match &self.data {
            Data::Null(_) => false,
            Data::Unknown(unknown) => unknown.refinement.is_not_null,
            Data::Bool(_)
            | Data::Number(_)
            | Data::Text(_)
            | Data::List(..)
            | Data::Set(..)
            | Data::Map(..)
            | Data::Tuple(_)
            | Data::Object(_)
            | Data::Resource(_) => true,
        }
    }

    /// Whether it is known, whatever is in it.
    pub fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(_))
    }

    /// Whether it and all that is in it is known. A resource never is: it has attributes that nobody wrote.
    pub fn is_wholly_known(&self) -> bool {
        !self.any(&|it| matches!(it.data, Data::Unknown(_) | Data::Resource(_)))
    }

    /// Whether it or anything in it is not to be told.
    pub fn is_sensitive_deep(&self) -> bool {
        self.any(&|it| it.is_sensitive)
    }

    /// It and all that is in it, as if it could be told.
    #[must_use]
    pub fn without_sensitivity(self) -> Self {
        if !self.is_sensitive_deep() {
            return self;
        }
        let data = match &self.data {
            Data::List(of, items) => Data::List(of.clone(), Arc::new(all_told(items))),
            Data::Set(of, items) => Data::Set(of.clone(), Arc::new(all_told(items))),
            Data::Tuple(items) => Data::Tuple(Arc::new(all_told(items))),
            Data::Map(of, items) => Data::Map(of.clone(), Arc::new(each_told(items))),
            Data::Object(items) => Data::Object(Arc::new(each_told(items))),
            Data::Resource(it) => {
                let known = each_told(&it.known);
                Data::Resource(Arc::new(ResourceObject { reference: it.reference.clone(), known }))
            }
            Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Unknown(_) => self.data,
        };
        Self::new(data)
    }

    /// Whether `test` holds of it or of anything in it.
    pub fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        let mut open = vec![self];
        while let Some(it) = open.pop() {
            if test(it) {
                return true;
            }
            open.extend(it.children());
        }
        false
    }

    pub fn as_bool(&self) -> Option<bool> {
        let Data::Bool(it) = &self.data else { return None };
        Some(*it)
    }

    pub fn as_number(&self) -> Option<&Number> {
        let Data::Number(it) = &self.data else { return None };
        Some(it)
    }

    pub fn as_text(&self) -> Option<&str> {
        let Data::Text(it) = &self.data else { return None };
        Some(it)
    }

    pub fn as_unknown(&self) -> Option<&Arc<Unknown>> {
        let Data::Unknown(it) = &self.data else { return None };
        Some(it)
    }

    /// The items of a list, set or tuple.
    pub fn as_items(&self) -> Option<&[Self]> {
        let (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items)) = &self.data else { return None };
        Some(items)
    }

    /// The entries of a map or object.
    pub fn as_entries(&self) -> Option<&BTreeMap<String, Self>> {
        let (Data::Map(_, entries) | Data::Object(entries)) = &self.data else { return None };
        Some(entries)
    }

    /// Whether more values than that are in it, however deep.
    pub fn is_larger_than(&self, limit: usize) -> bool {
        let mut seen = 0;
        let mut open = vec![self];
        while let Some(it) = open.pop() {
            seen += 1;
            let children = it.children();
            if limit < seen + open.len() + children.len() {
                return true;
            }
            open.extend(children);
        }
        false
    }

    /// What is directly in it.
    pub fn children(&self) -> Vec<&Self> {
        match &self.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => items.iter().collect(),
            Data::Map(_, items) | Data::Object(items) => items.values().collect(),
            Data::Resource(it) => it.known.values().collect(),
            Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Unknown(_) => Vec::new(),
        }
    }

    /// The references that it or anything in it is unknown by, each once, in order.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = BTreeSet::new();
        let mut open = vec![self];
        while let Some(it) = open.pop() {
            match &it.data {
                Data::Unknown(unknown) => found.extend(unknown.why.references()),
                Data::Resource(resource) => {
                    found.insert(resource.reference.clone());
                }
                Data::Null(_)
                | Data::Bool(_)
                | Data::Number(_)
                | Data::Text(_)
                | Data::List(..)
                | Data::Set(..)
                | Data::Map(..)
                | Data::Tuple(_)
                | Data::Object(_) => (),
            }
            open.extend(it.children());
        }
        found.into_iter().collect()
    }

    /// Why what is made of these is not known.
    pub fn why_made_of<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Why {
        let mut references = BTreeSet::new();
        let mut others = BTreeSet::new();
        let mut open: Vec<_> = parts.into_iter().collect();
        while let Some(it) = open.pop() {
            if let Data::Unknown(unknown) = &it.data {
                references.extend(unknown.why.references());
                others.extend(unknown.why.others());
            }
            if let Data::Resource(resource) = &it.data {
                references.insert(resource.reference.clone());
            }
            open.extend(it.children());
        }
        match others.pop_first() {
            Some(why) if references.is_empty() => why,
            _ => Why::From(references.into_iter().collect()),
        }
    }

    /// Its type. That of a resource is not known: its schema is not at hand.
    pub fn type_of(&self) -> Type {
        self.type_at(0)
    }

    fn type_at(&self, depth: usize) -> Type {
        if DEEPEST < depth {
            return Type::Dynamic;
        }
        match &self.data {
            Data::Null(of) => of.clone(),
            Data::Bool(_) => Type::Bool,
            Data::Number(_) => Type::Number,
            Data::Text(_) => Type::Text,
            Data::List(of, _) => Type::List(Box::new(of.clone())),
            Data::Set(of, _) => Type::Set(Box::new(of.clone())),
            Data::Map(of, _) => Type::Map(Box::new(of.clone())),
            Data::Tuple(items) => Type::Tuple(items.iter().map(|it| it.type_at(depth + 1)).collect()),
            Data::Object(items) => {
                let field = |it: &Self| Field { r#type: it.type_at(depth + 1), is_optional: false };
                Type::Object(items.iter().map(|(name, it)| (name.clone(), field(it))).collect())
            }
            Data::Resource(_) => Type::Dynamic,
            Data::Unknown(unknown) => unknown.r#type.clone(),
        }
    }
}

fn all_told(items: &[Term]) -> Vec<Term> {
    items.iter().map(|it| it.clone().without_sensitivity()).collect()
}

fn each_told(items: &BTreeMap<String, Term>) -> BTreeMap<String, Term> {
    items.iter().map(|(key, it)| (key.clone(), it.clone().without_sensitivity())).collect()
}

impl Why {
    /// The references in it.
    pub fn references(&self) -> Vec<Reference> {
        match self {
            Self::Attribute(reference) => vec![reference.clone()],
            Self::OneOf(all) => all.iter().flat_map(Self::references).collect(),
            Self::From(references) => references.clone(),
            Self::Input(_) | Self::Other(_) => Vec::new(),
        }
    }

    /// What in it is no reference.
    fn others(&self) -> Vec<Self> {
        match self {
            Self::Input(_) | Self::Other(_) => vec![self.clone()],
            Self::OneOf(all) => all.iter().flat_map(Self::others).collect(),
            Self::Attribute(_) | Self::From(_) => Vec::new(),
        }
    }

    /// One of these; each once, and those within those that are themselves such.
    pub fn one_of(all: impl IntoIterator<Item = Self>) -> Self {
        let mut found = BTreeSet::new();
        for why in all {
            match why {
                Self::OneOf(inner) => found.extend(inner),
                Self::Attribute(_) | Self::From(_) | Self::Input(_) | Self::Other(_) => {
                    found.insert(why);
                }
            }
        }
        match found.len() {
            1 => found.pop_first().unwrap_or(Self::OneOf(Vec::new())),
            _ => Self::OneOf(found.into_iter().collect()),
        }
    }
}
