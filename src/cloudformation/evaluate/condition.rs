//! Conditions, and what depends on them.

use super::{Evaluator, Failure, Result, Scope, repeat::name_in_loop};
use crate::{
    cloudformation::term::{Shape, Term},
    source::Span,
    syntax::yaml::{Node, NodeKind},
    value::Unknown,
};

impl<'a> Evaluator<'a> {
    pub(super) fn either(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let arguments = Self::arguments(argument, 3..=3, "a condition and two values")?;
        let Some(name) = arguments[0].text() else {
            return Err(Failure::new(arguments[0].span, "expected the name of a condition"));
        };
        let name = name_in_loop(scope, name);
        let chosen = if self.condition(scope.stack, &name, arguments[0].span)? { &arguments[1] } else { &arguments[2] };
        Ok(self.value(scope, chosen))
    }

    /// Whether a resource is made in this world.
    pub(in crate::cloudformation) fn exists(&mut self, stack: usize, name: &str) -> bool {
        let Some(declared) = self.resource(stack, name) else { return false };
        let (scope, condition) = (declared.scope.clone(), declared.node.get("Condition"));
        let Some(condition) = condition else { return true };
        let Some(name) = condition.text() else { return true };
        let name = name_in_loop(&scope, name);
        match self.condition(stack, &name, condition.span) {
            Ok(holds) => holds,
            Err(failure) => {
                self.fail(failure, condition.span);
                true
            }
        }
    }

    /// Whether a condition holds in this world.
    fn condition(&mut self, stack: usize, name: &str, at: Span) -> Result<bool> {
        match self.stacks[stack].conditions.get(name) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return Err(Failure::new(at, format!("the condition {name} depends on itself"))),
            None => (),
        }
        let template = self.stacks[stack].template;
        let Some((_, node)) = template.entry("Conditions", name) else {
            return Err(Failure::new(at, format!("there is no condition {name}")));
        };
        self.stacks[stack].conditions.insert(name.to_owned(), None);
        let holds = match self.truth(&Scope::of(stack), node) {
            Ok(holds) => holds,
            Err(failure) => {
                self.fail(failure, node.span);
                self.choices.any(&format!("{}{name}", self.stacks[stack].label))
            }
        };
        self.stacks[stack].conditions.insert(name.to_owned(), Some(holds));
        let shown = format!("{}{name}", self.stacks[stack].label);
        self.choices.conditions.insert(shown, holds);
        Ok(holds)
    }

    fn truth(&mut self, scope: &Scope, node: &'a Node) -> Result<bool> {
        if super::DEEPEST <= self.depth {
            return Err(Failure::new(node.span, "nested too deeply"));
        }
        self.depth += 1;
        let truth = self.truth_within(scope, node);
        self.depth -= 1;
        truth
    }

    fn truth_within(&mut self, scope: &Scope, node: &'a Node) -> Result<bool> {
        let wrong = || Failure::new(node.span, "expected a condition");
        if let Some(literal @ ("true" | "false")) = node.text() {
            return Ok(literal == "true");
        }
        let [(key, argument)] = node.entries() else { return Err(wrong()) };
        match key.text.as_str() {
            "Condition" => {
                let name = argument.text().ok_or_else(wrong)?;
                self.condition(scope.stack, name, argument.span)
            }
            "Fn::Equals" => {
                let arguments = Self::arguments(argument, 2..=2, "two values")?;
                let one = self.value(scope, &arguments[0]);
                let other = self.value(scope, &arguments[1]);
                Ok(self.equal(&one, &other, argument.span))
            }
            "Fn::Not" => {
                let arguments = Self::arguments(argument, 1..=1, "a list of one condition")?;
                Ok(!self.truth(scope, &arguments[0])?)
            }
            "Fn::And" | "Fn::Or" => {
                let NodeKind::List(items) = &argument.kind else { return Err(wrong()) };
                let decides = key.text == "Fn::Or";
                for item in items {
                    if self.truth(scope, item)? == decides {
                        return Ok(decides);
                    }
                }
                Ok(!decides)
            }
            _ => Err(wrong()),
        }
    }

    /// Whether two values are the same in this world.
    fn equal(&mut self, one: &Term, other: &Term, at: Span) -> bool {
        if one.why_unknown().is_none() && other.why_unknown().is_none() {
            return match (one.known_text(), other.known_text()) {
                (Some(one), Some(other)) => one == other,
                _ => same(one, other),
            };
        }
        let text_and_name = |one: &Term, other: &Term| Some((one.known_text()?, other.clone()));
        if let Some((text, unknown)) = text_and_name(one, other).or_else(|| text_and_name(other, one)) {
            // What AWS names is never nothing, and neither is a text of which a part is known.
            let is_something = matches!(unknown.shape, Shape::Unknown(Unknown::AfterApply(_)) | Shape::Parts(_));
            if is_something && text.is_empty() {
                return false;
            }
            if let Shape::Unknown(unknown @ (Unknown::Input(_) | Unknown::AfterApply(_))) = &unknown.shape {
                let name = identity(unknown);
                let allowed = self.allowed(&name);
                return self.choices.is(&name, &text, allowed.as_deref());
            }
        }
        if let (Shape::Unknown(one), Shape::Unknown(other)) = (&one.shape, &other.shape)
            && [one, other].iter().all(|it| matches!(it, Unknown::Input(_) | Unknown::AfterApply(_)))
        {
            let names = [identity(one), identity(other)];
            let allowed = [self.allowed(&names[0]), self.allowed(&names[1])];
            return self.choices.equal((&names[0], allowed[0].as_deref()), (&names[1], allowed[1].as_deref()));
        }
        if has_identity(one) && same(one, other) {
            return true;
        }
        let names = [one, other].map(|it| format!("{:?}", it.shape_without_places()));
        let place = if has_identity(one) && has_identity(other) { None } else { Some(at) };
        self.choices.any(&format!("{names:?} {place:?}"))
    }

    /// What the parameter of this name can be, where it says so.
    fn allowed(&self, name: &str) -> Option<Vec<String>> {
        let of = |stack: &super::Stack<'a>| {
            let (_, parameter) = stack.template.entry("Parameters", name.strip_prefix(&stack.label)?)?;
            let NodeKind::List(items) = &parameter.get("AllowedValues")?.kind else { return None };
            Some(items.iter().filter_map(Node::text).map(str::to_owned).collect())
        };
        self.stacks.iter().find_map(of)
    }
}

/// By what an unknown is the same each time.
fn identity(unknown: &Unknown) -> String {
    if let Unknown::Input(name) = unknown { name.clone() } else { unknown.to_string() }
}

/// Whether the same words mean the same value.
fn has_identity(term: &Term) -> bool {
    let is_named = |unknown: &Unknown| matches!(unknown, Unknown::Input(_) | Unknown::AfterApply(_));
    match &term.shape {
        Shape::Unknown(unknown) => is_named(unknown),
        Shape::Parts(parts) => parts.iter().all(|part| match part {
            crate::cloudformation::term::Part::Text(_) => true,
            crate::cloudformation::term::Part::Unknown(unknown) => is_named(unknown),
        }),
        Shape::List(items) => items.iter().all(has_identity),
        Shape::Map(map) => map.values().all(has_identity),
        Shape::Nothing | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => true,
    }
}

/// Whether two values are written the same, wherever.
fn same(one: &Term, other: &Term) -> bool {
    match (&one.shape, &other.shape) {
        (Shape::List(one), Shape::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Shape::Map(one), Shape::Map(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        _ => match (one.known_text(), other.known_text()) {
            (Some(one), Some(other)) => one == other,
            _ => one.shape == other.shape,
        },
    }
}

impl Term {
    /// What it is, told without the places that it comes from.
    fn shape_without_places(&self) -> String {
        match &self.shape {
            Shape::List(items) => {
                let items: Vec<_> = items.iter().map(Self::shape_without_places).collect();
                format!("[{}]", items.join(", "))
            }
            Shape::Map(map) => {
                let map: Vec<_> = map.iter().map(|(key, it)| format!("{key}: {}", it.shape_without_places())).collect();
                format!("{{{}}}", map.join(", "))
            }
            Shape::Nothing
            | Shape::Bool(_)
            | Shape::Number(_)
            | Shape::Text(_)
            | Shape::Parts(_)
            | Shape::Unknown(_) => format!("{:?}", self.shape),
        }
    }
}
