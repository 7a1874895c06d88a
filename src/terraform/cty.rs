//! Values as Terraform's expressions see them: typed, known or not, sensitive or not.
//!
//! Terraform's type system is `cty` (<https://developer.hashicorp.com/terraform/language/expressions/types>). A
//! [`crate::value::Value`] is what is left when evaluation is done; lists, sets and tuples are told apart only here.

use std::{collections::BTreeMap, sync::Arc};

use super::number::Number;
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
