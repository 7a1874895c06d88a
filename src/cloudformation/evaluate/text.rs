//! Texts: `Fn::Join`, `Fn::Split`, `Fn::Base64`, `Fn::ToJsonString`, and what stands in braces in any text.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Evaluator, Failure, Result, Scope};
use crate::{
    cloudformation::term::{Part, Shape, Term},
    source::Span,
    syntax::yaml::Node,
    value::Unknown,
};

impl<'a> Evaluator<'a> {
    pub(super) fn joined(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let arguments = Self::arguments(argument, 2..=2, "a separator and a list")?;
        let separator = self.value(scope, &arguments[0]);
        let Some(separator) = separator.known_text() else {
            return Err(Failure::new(arguments[0].span, "expected a text as separator"));
        };
        let list = self.value(scope, &arguments[1]);
        let items = match list.shape {
            Shape::List(items) => items,
            Shape::Unknown(unknown) => return Ok(joined_unknown(&unknown, argument.span)),
            Shape::Nothing | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::Parts(_) | Shape::Map(_) => {
                return Err(Failure::new(arguments[1].span, "expected a list to join"));
            }
        };
        let mut parts = Vec::new();
        for (at, item) in items.iter().enumerate() {
            if at != 0 {
                parts.push(Part::Text(separator.clone()));
            }
            let Some(more) = item.parts() else {
                return Err(Failure::new(arguments[1].span, "expected texts to join"));
            };
            parts.extend(more);
        }
        Ok(Term::of_parts(parts, argument.span))
    }

    pub(super) fn split(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let arguments = Self::arguments(argument, 2..=2, "a separator and a text")?;
        let separator = self.value(scope, &arguments[0]).known_text().filter(|it| !it.is_empty());
        let Some(separator) = separator else {
            return Err(Failure::new(arguments[0].span, "expected a text as separator"));
        };
        let text = self.value(scope, &arguments[1]);
        if let Shape::Unknown(unknown) = &text.shape {
            return Ok(split_unknown(unknown, &separator, argument.span));
        }
        let Some(parts) = text.parts() else {
            return Err(Failure::new(arguments[1].span, "expected a text to split"));
        };
        Ok(split_parts(&parts, &separator, argument.span))
    }

    pub(super) fn base64(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let text = self.value(scope, argument);
        match (text.known_text(), text.why_unknown()) {
            // What is known of it is read as it stands: see `MadeOf::parts`.
            (None, Some(_)) if matches!(text.shape, Shape::Parts(_)) => Ok(text),
            (Some(text), _) => Ok(Term::text(STANDARD.encode(text), argument.span)),
            (None, Some(why)) => Ok(Term::depending(&why, argument.span)),
            (None, None) => Err(Failure::new(argument.span, "expected a text")),
        }
    }

    pub(super) fn json(&mut self, scope: &Scope, argument: &'a Node) -> Term {
        let value = self.value(scope, argument);
        let mut text = Json::default();
        text.push(&value);
        text.parts.push(Part::Text(text.known));
        Term::of_parts(text.parts, argument.span)
    }
}

/// A list that is not known, joined: a list parameter that passes through a text is the same list again.
fn joined_unknown(unknown: &Unknown, at: Span) -> Term {
    if let Unknown::Input(_) = unknown { Term::unknown(unknown.clone(), at) } else { Term::depending(unknown, at) }
}

/// A text that is not known, taken apart: known whose parts these are, not how many there are.
fn split_unknown(unknown: &Unknown, separator: &str, at: Span) -> Term {
    // A list parameter comes as a text with commas, and is the same list.
    if separator == ","
        && let Unknown::Input(_) = unknown
    {
        return Term::unknown(unknown.clone(), at);
    }
    Term::part_of(unknown, &format!(".split({separator})"), at)
}

/// Ids, which the unknown parts of such lists are, have none of these in them.
const NOT_IN_IDS: &[&str] = &[",", "|", ";", "#", " ", "\n"];

/// A text with commas as the list that it is for a parameter that takes one.
pub(in crate::cloudformation) fn split_list(text: &Term) -> Term {
    let at = text.origin.at;
    let list = split_parts(&text.parts().unwrap_or_default(), ",", at);
    let Shape::List(items) = list.shape else { return list };
    let trimmed = items.into_iter().map(|item| match item.known_text() {
        Some(text) => Term::text(text.trim(), at),
        None => item,
    });
    Term { shape: Shape::List(trimmed.collect()), origin: text.origin.clone() }
}

fn split_parts(parts: &[Part], separator: &str, at: Span) -> Term {
    let is_in_no_id = NOT_IN_IDS.iter().any(|it| separator.contains(it));
    let unsafe_part = parts.iter().find_map(|part| match part {
        Part::Unknown(Unknown::AfterApply(_)) if is_in_no_id => None,
        // What somebody will type may hold anything.
        Part::Unknown(unknown) => Some(unknown),
        Part::Text(_) => None,
    });
    if let Some(unknown) = unsafe_part {
        return Term::depending(unknown, at);
    }
    let mut items = vec![Vec::new()];
    for part in parts {
        match part {
            Part::Unknown(_) => items.last_mut().into_iter().for_each(|it| it.push(part.clone())),
            Part::Text(text) => {
                for (index, piece) in text.split(separator).enumerate() {
                    if index != 0 {
                        items.push(Vec::new());
                    }
                    items.last_mut().into_iter().for_each(|it| it.push(Part::Text(piece.to_owned())));
                }
            }
        }
    }
    Term::new(Shape::List(items.into_iter().map(|parts| Term::of_parts(parts, at)).collect()), at)
}

/// A text with `{{resolve:…}}` in it is not known: AWS fills in a stored value.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
pub(super) fn resolved(text: &str, at: Span) -> Term {
    if !text.contains("{{resolve:") {
        return Term::text(text, at);
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{resolve:") {
        let inside = &rest[start + "{{resolve:".len()..];
        let Some(length) = inside.find("}}") else { break };
        parts.push(Part::Text(rest[..start].to_owned()));
        let stored = &inside[..length];
        parts.push(Part::Unknown(match stored.split_once(':') {
            Some(("ssm", name)) => Unknown::Input(format!("the stored parameter {name}")),
            Some(_) | None => Unknown::Sensitive,
        }));
        rest = &inside[length + 2..];
    }
    parts.push(Part::Text(rest.to_owned()));
    Term::of_parts(parts, at)
}

/// JSON in the making.
#[derive(Default)]
struct Json {
    parts: Vec<Part>,
    /// What is known since the last part.
    known: String,
}

impl Json {
    fn push(&mut self, term: &Term) {
        match &term.shape {
            Shape::Nothing => self.known.push_str("null"),
            Shape::Bool(it) => write!(self.known, "{it}").expect("writing to a String does not fail"),
            Shape::Number(it) => self.known.push_str(it),
            Shape::Text(it) => self.known.push_str(&serde_json::Value::from(it.as_str()).to_string()),
            Shape::Unknown(unknown) => self.skip(unknown),
            Shape::Parts(parts) => {
                self.known.push('"');
                for part in parts {
                    match part {
                        Part::Text(text) => {
                            let quoted = serde_json::Value::from(text.as_str()).to_string();
                            self.known.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
                        }
                        Part::Unknown(unknown) => self.skip(unknown),
                    }
                }
                self.known.push('"');
            }
            Shape::List(items) => {
                self.known.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.known.push_str(if at == 0 { "" } else { "," });
                    self.push(item);
                }
                self.known.push(']');
            }
            Shape::Map(map) => {
                self.known.push('{');
                for (at, (key, item)) in map.iter().enumerate() {
                    self.known.push_str(if at == 0 { "" } else { "," });
                    self.known.push_str(&serde_json::Value::from(key.as_str()).to_string());
                    self.known.push(':');
                    self.push(item);
                }
                self.known.push('}');
            }
        }
    }

    fn skip(&mut self, unknown: &Unknown) {
        self.parts.push(Part::Text(std::mem::take(&mut self.known)));
        self.parts.push(Part::Unknown(unknown.clone()));
    }
}
