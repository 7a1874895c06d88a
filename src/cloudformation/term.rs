//! What an expression of a template comes to. Unlike the values of resources, a text of which only parts are known is
//! kept part by part: what `Fn::Join` puts together, `Fn::Split` takes apart again.

use std::{collections::BTreeMap, sync::Arc};

pub(super) use crate::value::Part;
use crate::{
    source::Span,
    value::{Kind, MadeOf, Number, Origin, Reference, Unknown, Value},
};

/// A text longer than this is not kept: a few functions within each other make texts of any length.
const LONGEST: usize = 1 << 18;

/// A value and the place that gives it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) shape: Shape,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// `AWS::NoValue`: as if it was not written.
    Nothing,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    /// A text of which parts are not known.
    Parts(Vec<Part>),
    List(Vec<Term>),
    Map(BTreeMap<String, Term>),
    Unknown(Unknown),
}

impl Term {
    pub(super) fn new(shape: Shape, at: Span) -> Self {
        Self { shape, origin: Origin::at(at) }
    }

    pub(super) fn text(text: impl Into<String>, at: Span) -> Self {
        Self::new(Shape::Text(text.into()), at)
    }

    pub(super) fn unknown(unknown: Unknown, at: Span) -> Self {
        Self::new(Shape::Unknown(unknown), at)
    }

    pub(super) fn opaque(why: impl Into<String>, at: Span) -> Self {
        Self::unknown(Unknown::Opaque(why.into()), at)
    }

    pub(super) fn nothing(at: Span) -> Self {
        Self::new(Shape::Nothing, at)
    }

    /// The same, used at `at`.
    pub(super) fn used_at(self, at: Span) -> Self {
        if self.origin.at == at {
            return self;
        }
        Self { origin: Origin { through: Some(Arc::new(self.origin)), ..Origin::at(at) }, ..self }
    }

    /// The text that `parts` make.
    pub(super) fn of_parts(parts: Vec<Part>, at: Span) -> Self {
        let length = |it: &Part| match it {
            Part::Text(text) => text.len(),
            Part::Unknown(_) => 256,
        };
        if LONGEST < parts.iter().map(length).sum() {
            return Self::opaque("a longer text than is followed", at);
        }
        let mut joined: Vec<Part> = Vec::new();
        for part in parts {
            match (joined.last_mut(), part) {
                (_, Part::Text(text)) if text.is_empty() => (),
                (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
                (_, part) => joined.push(part),
            }
        }
        let shape = match joined.as_mut_slice() {
            [] => Shape::Text(String::new()),
            [Part::Text(text)] => Shape::Text(std::mem::take(text)),
            [Part::Unknown(unknown)] => Shape::Unknown(unknown.clone()),
            _ => Shape::Parts(joined),
        };
        Self::new(shape, at)
    }

    /// The parts of a text; `None` for what is no text. A list that is not known counts as one.
    pub(super) fn parts(&self) -> Option<Vec<Part>> {
        Some(match &self.shape {
            Shape::Bool(it) => vec![Part::Text(it.to_string())],
            Shape::Number(text) | Shape::Text(text) => vec![Part::Text(text.clone())],
            Shape::Parts(parts) => parts.clone(),
            Shape::Unknown(unknown) => vec![Part::Unknown(unknown.clone())],
            Shape::Nothing | Shape::List(_) | Shape::Map(_) => return None,
        })
    }

    /// A text of which everything is known.
    pub(super) fn known_text(&self) -> Option<String> {
        match &self.shape {
            Shape::Bool(it) => Some(it.to_string()),
            Shape::Number(text) | Shape::Text(text) => Some(text.clone()),
            Shape::Nothing | Shape::Parts(_) | Shape::List(_) | Shape::Map(_) | Shape::Unknown(_) => None,
        }
    }

    pub(super) fn whole_number(&self) -> Option<i64> {
        self.known_text()?.trim().parse().ok()
    }

    /// Why it is not known, if any part of it is not.
    pub(super) fn why_unknown(&self) -> Option<Unknown> {
        match &self.shape {
            Shape::Unknown(unknown) => Some(unknown.clone()),
            Shape::Parts(parts) => parts.iter().find_map(|part| match part {
                Part::Unknown(unknown) => Some(unknown.clone()),
                Part::Text(_) => None,
            }),
            Shape::List(items) => items.iter().find_map(Self::why_unknown),
            Shape::Map(map) => map.values().find_map(Self::why_unknown),
            Shape::Nothing | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => None,
        }
    }

    /// What comes of it where more than it is needed: not known either, for the same reason.
    pub(super) fn depending(unknown: &Unknown, at: Span) -> Self {
        match unknown {
            Unknown::Sensitive => Self::unknown(Unknown::Sensitive, at),
            Unknown::Opaque(why) => Self::opaque(why.clone(), at),
            Unknown::Computed
            | Unknown::AfterApply(_)
            | Unknown::OneOf(_)
            | Unknown::Members(_)
            | Unknown::MadeOf(_)
            | Unknown::Input(_) => Self::opaque(format!("made of something not known: {unknown}"), at),
        }
    }

    /// A part of something that is not known, where it is known whose it is.
    pub(super) fn part_of(unknown: &Unknown, step: &str, at: Span) -> Self {
        match unknown {
            Unknown::AfterApply(reference) => {
                let Reference { to, attribute } = reference.as_ref();
                Self::unknown(Unknown::after_apply(Reference::new(to.clone(), format!("{attribute}{step}"))), at)
            }
            Unknown::Input(name) => Self::unknown(Unknown::Input(format!("{name}{step}")), at),
            Unknown::Computed
            | Unknown::OneOf(_)
            | Unknown::Members(_)
            | Unknown::Opaque(_)
            | Unknown::MadeOf(_)
            | Unknown::Sensitive => Self::depending(unknown, at),
        }
    }

    /// The value of a resource's attribute. What is nothing is not there.
    pub(super) fn value(self) -> Option<Value> {
        let origin = self.origin;
        let kind = match self.shape {
            Shape::Nothing => return None,
            Shape::Bool(it) => Kind::Bool(it),
            Shape::Number(text) => number(text),
            Shape::Text(text) => Kind::Text(text.into()),
            Shape::Parts(ref parts) => {
                let sensitive = parts.contains(&Part::Unknown(Unknown::Sensitive));
                let unknown = if sensitive { Unknown::Sensitive } else { made_of(parts) };
                Kind::Unknown(unknown)
            }
            Shape::List(items) => Kind::List(items.into_iter().filter_map(Self::value).collect()),
            Shape::Map(map) => Kind::Map(map.into_iter().filter_map(|(key, it)| Some((key, it.value()?))).collect()),
            Shape::Unknown(unknown) => Kind::Unknown(unknown),
        };
        Some(Value::new(kind, origin))
    }
}

/// A number as AWS would have it; one with leading zeros is a text, such as an account's id.
fn number(text: String) -> Kind {
    let digits = text.trim_start_matches('-');
    let is_plain = digits == "0" || !digits.starts_with('0') || digits.starts_with("0.");
    match (is_plain, text.parse::<i64>(), text.parse::<f64>()) {
        (true, Ok(whole), _) => Kind::Number(Number::Whole(whole)),
        (true, _, Ok(fraction)) if fraction.is_finite() && text.contains('.') => {
            Kind::Number(Number::Fraction(fraction))
        }
        _ => Kind::Text(text.into()),
    }
}

fn made_of(parts: &[Part]) -> Unknown {
    let references = parts.iter().filter_map(|part| match part {
        Part::Unknown(unknown) => Some(unknown.references()),
        Part::Text(_) => None,
    });
    let of: Vec<_> = references.flatten().cloned().collect();
    let shown = shown(parts);
    let is_known_somewhere = parts.iter().any(|it| matches!(it, Part::Text(_)));
    if of.is_empty() && !is_known_somewhere {
        return Unknown::Opaque(shown);
    }
    Unknown::made_of(MadeOf { of, shown, parts: parts.to_vec() })
}

/// A text of which parts are not known, for people: `arn:aws:s3:::${Name}`.
fn shown(parts: &[Part]) -> String {
    let shown = parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Unknown(Unknown::Input(name)) => format!("${{{name}}}"),
        Part::Unknown(Unknown::AfterApply(reference)) => format!("${{{reference}}}"),
        Part::Unknown(unknown) => format!("${{{unknown}}}"),
    });
    shown.collect()
}
