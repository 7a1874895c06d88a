//! Calls of functions: arguments, `...`, and the two functions that look at errors.

use super::{Evaluator, reference::input_names_nothing, scope::Scope};
use crate::{
    source::Span,
    syntax::{Expression, ExpressionKind},
    terraform::{
        cty::{Data, Term, Type, Why},
        operators::one_of,
        trouble::Failure,
    },
};

impl<'a> Evaluator<'a> {
    pub(super) fn call(
        &mut self,
        span: Span,
        name: &str,
        arguments: &'a [Expression],
        is_expanded: bool,
        scope: &Scope<'a>,
    ) -> Result<Term, Failure> {
        if self.is_input {
            return Err(input_names_nothing(span));
        }
        let plain = name.strip_prefix("core::").unwrap_or(name);
        match plain {
            "try" if !is_expanded => return self.first_without_error(span, arguments, scope),
            "can" if !is_expanded && arguments.len() == 1 => return Ok(self.has_no_error(&arguments[0], scope)),
            _ => (),
        }
        let mut values = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            let value = self.evaluate(argument, scope)?;
            if !is_expanded || at + 1 < arguments.len() {
                values.push(value);
                continue;
            }
            match &value.data {
                Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                    values.extend(items.iter().map(|it| it.clone().with_sensitivity(value.is_sensitive)));
                }
                Data::Unknown(_) => {
                    let why = Term::why_made_of(values.iter().chain([&value]));
                    return Ok(Term::unknown(Type::Dynamic, why).with_sensitivity(value.is_sensitive));
                }
                Data::Null(_)
                | Data::Bool(_)
                | Data::Number(_)
                | Data::Text(_)
                | Data::Map(..)
                | Data::Object(_)
                | Data::Resource(_) => {
                    return Err(Failure::new(argument.span, "only a list can stand before `...`"));
                }
            }
        }
        self.call_function(span, plain, values)
    }

    /// `try(…)`.
    fn first_without_error(
        &mut self,
        span: Span,
        arguments: &'a [Expression],
        scope: &Scope<'a>,
    ) -> Result<Term, Failure> {
        let mut maybe: Option<Term> = None;
        let mut last = Failure::new(span, "`try` takes at least one argument");
        for argument in arguments {
            let read_before = self.read_anything;
            match self.evaluate(argument, scope) {
                Err(failure) => last = failure,
                Ok(value) => {
                    let is_certain = self.never_fails(argument, &value, read_before, scope);
                    maybe = Some(match maybe {
                        None => value,
                        Some(before) => one_of(&before, &value, &before),
                    });
                    if is_certain {
                        break;
                    }
                }
            }
        }
        maybe.ok_or_else(|| Failure::new(span, format!("no argument of `try` has a value; the last: {}", last.message)))
    }

    /// `can(…)`.
    fn has_no_error(&mut self, argument: &'a Expression, scope: &Scope<'a>) -> Term {
        let read_before = self.read_anything;
        match self.evaluate(argument, scope) {
            Err(_) => Term::bool(false),
            Ok(value) if self.never_fails(argument, &value, read_before, scope) => Term::bool(true),
            Ok(value) => Term::unknown_not_null(Type::Bool, Term::why_made_of([&value])),
        }
    }

    /// Whether an expression is what it is without doubt: an attribute of a resource is always there, while an item of an
    /// unknown list or map may not be. What a function makes of a variable may be an error, whatever the variable's type.
    /// `read_before` is how often something that may be anything was read before it.
    fn never_fails(&mut self, expression: &'a Expression, value: &Term, read_before: usize, scope: &Scope<'a>) -> bool {
        let is_way = is_way(expression);
        let is_open = |term: &Term| {
            term.as_unknown().is_some_and(|unknown| match &unknown.why {
                Why::Attribute(reference) => reference.attribute.contains(['[', '.']),
                Why::Input(name) => !is_way || name.ends_with(']') || unknown.r#type == Type::Dynamic,
                Why::OneOf(_) | Why::From(_) | Why::Other(_) => true,
            })
        };
        // What is named and there may hold what it will; what is made may fail by what it is made of.
        if is_way {
            !is_open(value) && !self.leads_through_a_map(expression, scope)
        } else {
            !value.any(&is_open) && self.read_anything == read_before
        }
    }

    /// Whether a way to something leads through an unknown map, which may have no such key.
    fn leads_through_a_map(&mut self, mut expression: &'a Expression, scope: &Scope<'a>) -> bool {
        while let ExpressionKind::Attribute { of, .. } | ExpressionKind::Parenthesis(of) = &expression.kind {
            expression = of;
            let is_map = |it: &Term| it.as_unknown().is_some_and(|it| matches!(it.r#type, Type::Map(_)));
            if self.evaluate(of, scope).as_ref().is_ok_and(is_map) {
                return true;
            }
        }
        false
    }
}

/// Whether a value is that of a variable of no type, which nobody gave.
pub(super) fn may_be_anything(value: &Term) -> bool {
    value.as_unknown().is_some_and(|it| it.r#type == Type::Dynamic && matches!(it.why, Why::Input(_)))
}

/// Whether an expression only names something: `var.a`, `var.a.b`.
fn is_way(mut expression: &Expression) -> bool {
    loop {
        expression = match &expression.kind {
            ExpressionKind::Variable(_) => return true,
            ExpressionKind::Attribute { of, .. } | ExpressionKind::Parenthesis(of) => of,
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::Template(_)
            | ExpressionKind::Tuple(_)
            | ExpressionKind::Object(_)
            | ExpressionKind::Index { .. }
            | ExpressionKind::Splat { .. }
            | ExpressionKind::SplatItem
            | ExpressionKind::Call { .. }
            | ExpressionKind::Unary { .. }
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Conditional { .. }
            | ExpressionKind::For { .. } => return false,
        }
    }
}
