//! What a template's parameters are given, and what they are worth.

use std::collections::BTreeMap;

use super::{
    Inputs,
    evaluate::split_list,
    template::Template,
    term::{Shape, Term},
};
use crate::{
    syntax::yaml::{Key, Node},
    value::Unknown,
};

/// What parameters are given, by name; those of AWS (`AWS::Region`) among them.
pub(super) type Values = BTreeMap<String, Term>;

/// How a type says that the value names a stored parameter, which holds the value.
const STORED: &str = "AWS::SSM::Parameter::Value<";

/// What a user gives a template's parameters, and what its app says of where it goes; the user has the last word.
pub(super) fn given(template: &Template, pseudo: &BTreeMap<String, String>, inputs: &Inputs) -> Values {
    let given = pseudo.iter().chain(&inputs.parameters).map(|(name, value)| {
        let at = template.entry("Parameters", name).map_or(template.start, |(key, _)| key.span);
        (name.clone(), Term::text(value.clone(), at))
    });
    given.collect()
}

/// A parameter's value: what it is given, or its default, as its type has it.
pub(super) fn parameter(key: &Key, node: &Node, label: &str, given: Option<&Term>) -> Term {
    let text = |name: &str| node.get(name).and_then(Node::text);
    let kind = text("Type").unwrap_or("String");
    if text("NoEcho") == Some("true") {
        return Term::unknown(Unknown::Sensitive, key.span);
    }
    let default = || {
        let default = node.get("Default")?;
        Some(Term::text(default.text()?, default.span))
    };
    let Some(value) = given.cloned().or_else(default) else {
        return Term::unknown(Unknown::Input(format!("{label}{}", key.text)), key.span);
    };
    if kind.starts_with(STORED) {
        return match value.known_text() {
            Some(name) => Term::unknown(Unknown::Input(format!("the stored parameter {name}")), value.origin.at),
            None => Term::unknown(Unknown::Input(format!("{label}{}", key.text)), value.origin.at),
        };
    }
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    match (&value.shape, is_list) {
        (Shape::Text(_) | Shape::Number(_) | Shape::Bool(_) | Shape::Parts(_), true) => split_list(&value),
        (Shape::Text(text), false) if kind == "Number" => {
            Term { shape: Shape::Number(text.trim().to_owned()), origin: value.origin.clone() }
        }
        _ => value,
    }
}
