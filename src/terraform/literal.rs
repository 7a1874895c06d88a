//! What an expression says by itself, without being evaluated.

use crate::syntax::{Expression, ExpressionKind};

/// Plain text.
pub(super) fn text(expression: &Expression) -> Option<&str> {
    let ExpressionKind::Text(text) = &expression.kind else { return None };
    Some(text)
}

/// A bare name; also as text, which is how Terraform 0.11 and JSON write it.
pub(super) fn word(expression: &Expression) -> Option<&str> {
    let ExpressionKind::Variable(name) = &expression.kind else { return text(expression) };
    Some(name)
}

pub(super) fn flag(expression: &Expression) -> Option<bool> {
    if let ExpressionKind::Bool(it) = &expression.kind {
        return Some(*it);
    }
    match text(expression)? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// `name(…)`.
pub(super) fn call(expression: &Expression) -> Option<(&str, &[Expression])> {
    let ExpressionKind::Call { name, arguments, .. } = &expression.kind else { return None };
    Some((name, arguments))
}

/// `of.name`.
pub(super) fn attribute(expression: &Expression) -> Option<(&Expression, &str)> {
    let ExpressionKind::Attribute { of, name } = &expression.kind else { return None };
    Some((of, name))
}

/// The expression within any parentheses.
pub(super) fn bare(mut expression: &Expression) -> &Expression {
    while let ExpressionKind::Parenthesis(inner) = &expression.kind {
        expression = inner;
    }
    expression
}
