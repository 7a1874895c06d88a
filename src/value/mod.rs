//! What the code says of one thing: known, or not, and why; and where it says it.

mod address;
mod map;
mod read;
mod truth;

use std::{fmt, sync::Arc};

use compact_str::CompactString;

use crate::source::Span;

pub use address::Address;
pub use map::Map;
pub use read::FromValue;
pub use truth::Truth;

/// A value and the place that gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub kind: Kind,
    pub origin: Origin,
}

/// What a value is. `Unknown` is one of the things that it can be, not a flag beside them.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    Text(CompactString),
    List(Vec<Value>),
    Map(Map),
    Unknown(Unknown),
}

/// A number as the code writes it: exact where it is whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Whole(i64),
    Fraction(f64),
}

/// Where a value stands, and the places it came through, nearest first: use, argument, default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub at: Span,
    pub place: Place,
    pub through: Option<Arc<Origin>>,
}

/// What stands at a place that a value came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An expression, or a block.
    Code,
    /// A block that says nothing of it: the value is the provider's default.
    Default,
    /// What a module call gives to a variable of the module.
    Argument,
    /// The head of a module call.
    Call,
}

/// Why a value is not known. What is large stands apart: a value is as large as the largest of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// Nothing was configured: the provider decides on apply.
    Computed,
    /// Not known until apply, but known whose it is: `aws_vpc.main.id`.
    AfterApply(Arc<Reference>),
    /// Not known until apply: one of these, and nothing else.
    OneOf(Vec<Reference>),
    /// A collection that is not known until apply.
    Members(Box<Members>),
    /// A variable or parameter without a value.
    Input(String),
    /// Not known, and nothing says whose it is; the text says what stands in the way.
    Opaque(String),
    /// A text that is made of these, and maybe of more: `${aws_api_gateway_rest_api.a.id}.execute-api.…`.
    MadeOf(Box<MadeOf>),
    /// Known to the code, and not to be told.
    Sensitive,
}

/// What is known of a collection that is not known whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Members {
    /// These are in it.
    pub certain: Vec<Reference>,
    /// Each of these may be in it.
    pub possible: Vec<Reference>,
    /// Others may be in it too, and this is why; `None`: nothing else is.
    pub others: Option<String>,
}

/// What is known of a text that is not known whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MadeOf {
    /// What stands in it.
    pub of: Vec<Reference>,
    /// The text for people, or why it is not known.
    pub shown: String,
    /// The text part by part, where any of it is known. What the code encodes in base64 stands here as it was before. It
    /// is read, and shown to nobody.
    pub parts: Vec<Part>,
}

/// A part of a text that is not known whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Text(String),
    Unknown(Unknown),
}

/// An attribute of a resource, as one resource names another's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    pub to: Address,
    /// The attribute's path: `id`, `vpc_config[0].cluster_security_group_id`.
    pub attribute: CompactString,
}

/// One attribute of a model: what it is, and where that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Attr<T> {
    pub known: Known<T>,
    pub origin: Origin,
}

/// What is known of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Known<T> {
    /// The code says so.
    Written(T),
    /// The code says nothing, and this is what follows.
    Default(T),
    Unknown(Unknown),
}

impl Origin {
    /// Whether nothing is written here: the value is the provider's default.
    pub fn is_default(&self) -> bool {
        self.place == Place::Default
    }

    /// The places, nearest first.
    pub fn places(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |it| it.through.as_deref())
    }

    pub fn at(span: Span) -> Self {
        Self { at: span, place: Place::Code, through: None }
    }
}

impl Value {
    pub fn new(kind: Kind, origin: Origin) -> Self {
        Self { kind, origin }
    }

    /// The value under `key` of a map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match &self.kind {
            Kind::Map(map) => map.get(key),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Unknown(_) => None,
        }
    }

    /// What a map holds, by name; a value that is no map holds nothing.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        let map = match &self.kind {
            Kind::Map(map) => Some(map),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Unknown(_) => None,
        };
        map.into_iter().flat_map(Map::iter)
    }

    /// The items of a list; a value that is no list has none.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            Kind::List(items) => items,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) | Kind::Unknown(_) => &[],
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => None,
        }
    }

    pub fn unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// True where the code gives nothing: null, an empty string (how the provider stores an unset id), the provider's
    /// default, or a value that only the provider decides.
    pub fn is_unset(&self) -> bool {
        match &self.kind {
            _ if self.origin.is_default() => true,
            Kind::Null | Kind::Unknown(Unknown::Computed) => true,
            Kind::Text(text) => text.is_empty(),
            Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => false,
        }
    }

    /// Reads a value that is set; one of the wrong shape is unknown.
    pub fn read<T: FromValue>(&self) -> Attr<T> {
        let known = match &self.kind {
            Kind::Unknown(unknown) => Known::Unknown(unknown.clone()),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) => {
                match T::from_value(self) {
                    Some(it) if self.origin.is_default() => Known::Default(it),
                    Some(it) => Known::Written(it),
                    None => Known::Unknown(Unknown::Opaque("a value of another type than expected".to_owned())),
                }
            }
        };
        Attr { known, origin: self.origin.clone() }
    }
}

impl Unknown {
    /// Not known until apply, but known whose it is.
    pub fn after_apply(reference: Reference) -> Self {
        Self::AfterApply(Arc::new(reference))
    }

    /// A collection of which these are known.
    pub fn members(members: Members) -> Self {
        Self::Members(Box::new(members))
    }

    /// A text of which these are known.
    pub fn made_of(made: MadeOf) -> Self {
        Self::MadeOf(Box::new(made))
    }

    /// The references that it may hold, certain or possible.
    pub fn references(&self) -> Vec<&Reference> {
        match self {
            Self::AfterApply(reference) => vec![reference],
            Self::OneOf(references) => references.iter().collect(),
            Self::Members(members) => members.certain.iter().chain(&members.possible).collect(),
            Self::MadeOf(made) => made.of.iter().collect(),
            Self::Computed | Self::Input(_) | Self::Opaque(_) | Self::Sensitive => Vec::new(),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Computed => write!(f, "after apply"),
            Self::AfterApply(reference) => write!(f, "{reference}, after apply"),
            Self::OneOf(references) => {
                write!(f, "one of ")?;
                list(f, references)
            }
            Self::Members(members) => {
                let mut parts = 0;
                if !members.certain.is_empty() {
                    list(f, &members.certain)?;
                    parts += 1;
                }
                if !members.possible.is_empty() {
                    write!(f, "{}some of ", if parts == 0 { "" } else { ", and " })?;
                    list(f, &members.possible)?;
                    parts += 1;
                }
                if let Some(why) = &members.others {
                    write!(f, "{}others: {why}", if parts == 0 { "" } else { ", and " })?;
                }
                Ok(())
            }
            Self::Input(name) => write!(f, "{name} has no value"),
            Self::Opaque(why) => write!(f, "{why}"),
            Self::MadeOf(made) => write!(f, "{}", made.shown),
            Self::Sensitive => write!(f, "sensitive"),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, references: &[Reference]) -> fmt::Result {
    for (at, reference) in references.iter().enumerate() {
        write!(f, "{}{reference}", if at == 0 { "" } else { ", " })?;
    }
    Ok(())
}

impl Reference {
    pub fn new(to: Address, attribute: impl Into<CompactString>) -> Self {
        Self { to, attribute: attribute.into() }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.to, self.attribute)
    }
}

impl<T> Known<T> {
    /// What is known, written or by default.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Written(it) | Self::Default(it) => Some(it),
            Self::Unknown(_) => None,
        }
    }

    /// Whether `test` holds of it; unknown where it is.
    pub fn is(&self, test: impl FnOnce(&T) -> bool) -> Truth {
        self.get().map_or(Truth::Unknown, |it| Truth::from(test(it)))
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Written(it) => Known::Written(f(it)),
            Self::Default(it) => Known::Default(f(it)),
            Self::Unknown(unknown) => Known::Unknown(unknown),
        }
    }

    pub fn why_unknown(&self) -> Option<&Unknown> {
        match self {
            Self::Written(_) | Self::Default(_) => None,
            Self::Unknown(unknown) => Some(unknown),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(it) => write!(f, "{it}"),
            Self::Fraction(it) => write!(f, "{it}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan of 100,000 resources holds half a million of these.
    #[test]
    fn values_are_small() {
        assert_eq!(size_of::<Kind>(), 32);
        assert_eq!(size_of::<Value>(), 56);
    }
}
