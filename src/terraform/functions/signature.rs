//! What a function takes and gives.

use super::{Answer, Call};
use crate::terraform::cty::Type;

/// A function.
pub(super) struct Function {
    pub name: &'static str,
    pub parameters: &'static [Parameter],
    /// Of all arguments behind those.
    pub variadic: Option<&'static Parameter>,
    /// What it gives where an argument is not known.
    pub returns: Kind,
    pub call: fn(&Call<'_>) -> Answer,
}

/// A parameter. Unless it says otherwise, null is an error, and an unknown argument makes the result unknown without
/// the function being asked.
pub(super) struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub takes_null: bool,
    pub takes_unknown: bool,
    pub marks: Marks,
}

/// Whose the sensitivity of an argument is.
#[derive(Clone, Copy)]
pub(super) enum Marks {
    /// Any in it makes the result sensitive.
    Deep,
    /// That of the value itself does; that of its items stays with them.
    Outer,
    /// The function sees to it.
    Seen,
}

/// A type that a parameter has.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Any,
    Bool,
    Number,
    Text,
    ListOf(Item),
    SetOf(Item),
    MapOfTextLists,
}

/// The type of the items of such a type.
#[derive(Clone, Copy)]
pub(super) enum Item {
    Any,
    Bool,
    Number,
    Text,
}

impl Function {
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        returns: Kind,
        call: fn(&Call<'_>) -> Answer,
    ) -> Self {
        Self { name, parameters, variadic: None, returns, call }
    }

    pub(super) const fn with_more(self, variadic: &'static Parameter) -> Self {
        Self { variadic: Some(variadic), ..self }
    }

    pub(super) fn parameter(&self, at: usize) -> Option<&Parameter> {
        self.parameters.get(at).or(self.variadic)
    }
}

impl Parameter {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, takes_null: false, takes_unknown: false, marks: Marks::Deep }
    }

    pub(super) const fn or_null(self) -> Self {
        Self { takes_null: true, ..self }
    }

    pub(super) const fn or_unknown(self) -> Self {
        Self { takes_unknown: true, ..self }
    }

    pub(super) const fn marked(self, marks: Marks) -> Self {
        Self { marks, ..self }
    }
}

pub(super) const fn any(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::Any)
}

/// Any value, as it is but for its own sensitivity.
pub(super) const fn open(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::Any).or_unknown().marked(Marks::Outer)
}

pub(super) const fn text(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::Text)
}

pub(super) const fn number(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::Number)
}

impl Kind {
    pub(super) fn r#type(self) -> Type {
        match self {
            Self::Any => Type::Dynamic,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::Text => Type::Text,
            Self::ListOf(item) => Type::list(item.r#type()),
            Self::SetOf(item) => Type::set(item.r#type()),
            Self::MapOfTextLists => Type::map(Type::list(Type::Text)),
        }
    }
}

impl Item {
    fn r#type(self) -> Type {
        match self {
            Self::Any => Type::Dynamic,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::Text => Type::Text,
        }
    }
}
