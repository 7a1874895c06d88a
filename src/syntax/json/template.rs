//! Values of JSON as expressions of HCL.

use super::node::{Key, Node, NodeKind};
use crate::{
    source::Span,
    syntax::{Expression, ExpressionKind, ObjectItem, ObjectKey, SyntaxError, Unary, hcl},
};

/// What strings are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// They have interpolations, and so have the keys of objects.
    Template,
    /// They stand for themselves: `source` of a module, the default of a variable.
    Literal,
    /// They hold an expression: `depends_on`, the type of a variable.
    Expression,
}

/// A value, the strings of which are templates. Where a block is expected, an object or a list of objects is its content.
pub fn expression(node: &Node) -> Result<Expression, SyntaxError> {
    read(node, Reading::Template)
}

pub(super) fn read(node: &Node, reading: Reading) -> Result<Expression, SyntaxError> {
    let kind = match &node.kind {
        NodeKind::Null => ExpressionKind::Null,
        NodeKind::Bool(it) => ExpressionKind::Bool(*it),
        NodeKind::Number(it) => number(it, node.span),
        NodeKind::Text(text) => string(text, node.span, reading)?,
        NodeKind::List(items) => {
            ExpressionKind::Tuple(items.iter().map(|item| read(item, reading)).collect::<Result<_, _>>()?)
        }
        NodeKind::Map(members) => {
            let item = |(key, value): &(Key, Node)| {
                Ok(ObjectItem { key: object_key(key, reading)?, value: read(value, reading)? })
            };
            ExpressionKind::Object(members.iter().map(item).collect::<Result<_, _>>()?)
        }
    };
    Ok(Expression { kind, span: node.span })
}

/// HCL has a sign before a number, and no negative numbers.
fn number(text: &str, span: Span) -> ExpressionKind {
    match text.strip_prefix('-') {
        Some(digits) => {
            let of = Box::new(Expression { kind: ExpressionKind::Number(digits.to_owned()), span });
            ExpressionKind::Unary { operator: Unary::Minus, of }
        }
        None => ExpressionKind::Number(text.to_owned()),
    }
}

fn object_key(key: &Key, reading: Reading) -> Result<ObjectKey, SyntaxError> {
    let kind = string(&key.text, key.span, reading)?;
    if let ExpressionKind::Text(name) | ExpressionKind::Variable(name) = kind {
        return Ok(ObjectKey::Name { name, span: key.span });
    }
    Ok(ObjectKey::Expression(Expression { kind, span: key.span }))
}

fn string(text: &str, span: Span, reading: Reading) -> Result<ExpressionKind, SyntaxError> {
    // Without escapes, what stands between the quotes is the text itself. Every escape is longer than what it stands for.
    let inner = Span { start: span.start + 1, end: span.end - 1, ..span };
    let is_plain = inner.bytes().len() == text.len();
    let parsed = match (reading, is_plain) {
        (Reading::Template, _) if !text.contains("${") && !text.contains("%{") => {
            return Ok(ExpressionKind::Text(text.to_owned()));
        }
        (Reading::Literal, _) => return Ok(ExpressionKind::Text(text.to_owned())),
        (Reading::Template, true) => hcl::parse_template(span.source, text, inner.bytes().start),
        (Reading::Template, false) => hcl::parse_template_within(span, text),
        (Reading::Expression, true) => hcl::parse_expression(span.source, text, inner.bytes().start),
        (Reading::Expression, false) => hcl::parse_expression_within(span, text),
    };
    parsed.map(|expression| expression.kind)
}
