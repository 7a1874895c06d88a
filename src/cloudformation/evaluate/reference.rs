//! Who a value refers to: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::ImportValue`.

use rustc_hash::FxHashMap;

use super::{Evaluator, Failure, Result, Scope, repeat::name_in_loop};
use crate::{
    cloudformation::{
        inputs,
        term::{Part, Shape, Term},
    },
    source::Span,
    syntax::yaml::{Node, NodeKind},
    value::{Reference, Unknown},
    vocabulary::REF,
};

/// A text of more parts is not followed.
const MOST_PARTS: usize = 100_000;

/// What AWS fills in by itself.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html>
const PSEUDO: &[&str] = &[
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

impl<'a> Evaluator<'a> {
    pub(super) fn reference(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let Some(name) = argument.text() else {
            let of_loop = self.value(scope, argument).known_text();
            let Some(name) = of_loop else {
                return Err(Failure::new(argument.span, "expected the name of a parameter or resource"));
            };
            return self.named(scope, &name, argument.span);
        };
        let name = name_in_loop(scope, name);
        self.named(scope, &name, argument.span)
    }

    /// What a name stands for.
    pub(in crate::cloudformation) fn named(&mut self, scope: &Scope, name: &str, at: Span) -> Result<Term> {
        if let Some(turn) = Self::turn(scope, name) {
            return Ok(turn);
        }
        if name == "AWS::NoValue" {
            return Ok(Term::nothing(at));
        }
        if let Some(pseudo) = self.pseudo(scope.stack, name, at) {
            return Ok(pseudo);
        }
        if let Some(parameter) = self.parameter(scope.stack, name) {
            return Ok(parameter);
        }
        if self.resource(scope.stack, name).is_some() {
            return Ok(self.of_resource(scope.stack, name, REF, at));
        }
        let made = self.made_by_macro(scope.stack, name, REF, at);
        made.ok_or_else(|| Failure::new(at, format!("no parameter and no resource is named {name}")))
    }

    fn pseudo(&self, stack: usize, name: &str, at: Span) -> Option<Term> {
        if !PSEUDO.contains(&name) {
            return None;
        }
        let stack = &self.stacks[stack];
        if let Some(given) = stack.values.get(name) {
            return Some(given.clone());
        }
        let region = stack.values.get("AWS::Region").and_then(Term::known_text);
        let known = match (name, region.as_deref()) {
            ("AWS::Partition", Some(region)) => Some(partition(region)),
            ("AWS::URLSuffix", Some(region)) if region.starts_with("cn-") => Some("amazonaws.com.cn"),
            ("AWS::URLSuffix", Some(_)) => Some("amazonaws.com"),
            _ => None,
        };
        Some(match known {
            Some(text) => Term::text(text, at),
            None => Term::unknown(Unknown::Input(name.to_owned()), at),
        })
    }

    /// A parameter's value.
    pub(super) fn parameter(&mut self, stack: usize, name: &str) -> Option<Term> {
        if let Some(known) = self.stacks[stack].parameters.get(name) {
            return Some(known.clone());
        }
        let template = self.stacks[stack].template;
        let (key, node) = template.entry("Parameters", name)?;
        let value = inputs::parameter(key, node, &self.stacks[stack].label, self.stacks[stack].values.get(name));
        self.stacks[stack].parameters.insert(name.to_owned(), value.clone());
        Some(value)
    }

    /// What a macro may make: SAM's are known by name.
    fn made_by_macro(&self, stack: usize, name: &str, attribute: &str, at: Span) -> Option<Term> {
        let stack = &self.stacks[stack];
        if !stack.template.macros().is_empty() {
            return Some(Term::opaque(format!("a macro makes {name}"), at));
        }
        let address = stack.address(name);
        let reference = Unknown::after_apply(Reference::new(address, attribute));
        stack.template.has_macros().then(|| Term::unknown(reference, at))
    }

    /// What only AWS knows of a resource. One that this world does not have has nothing.
    fn of_resource(&mut self, stack: usize, name: &str, attribute: &str, at: Span) -> Term {
        if !self.exists(stack, name) {
            return Term::opaque(format!("{name} is not made under these conditions"), at);
        }
        let address = self.stacks[stack].address(name);
        Term::unknown(Unknown::after_apply(Reference::new(address, attribute)), at)
    }

    pub(super) fn attribute(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let wrong = || Failure::new(argument.span, "expected the name of a resource and one of its attributes");
        let (name, attribute) = match &argument.kind {
            NodeKind::Text(text) => {
                let (name, attribute) = text.split_once('.').ok_or_else(wrong)?;
                (name_in_loop(scope, name), name_in_loop(scope, attribute))
            }
            NodeKind::List(items) => match items.as_slice() {
                [name, attribute] => {
                    let name = name.text().ok_or_else(wrong)?;
                    let attribute = self.value(scope, attribute);
                    let Some(attribute) = attribute.known_text() else {
                        let why = attribute.why_unknown().ok_or_else(wrong)?;
                        return Ok(Term::depending(&why, argument.span));
                    };
                    (name_in_loop(scope, name), name_in_loop(scope, &attribute))
                }
                [name, rest @ ..] if !rest.is_empty() => {
                    let name = name.text().ok_or_else(wrong)?.to_owned();
                    let rest: Option<Vec<_>> = rest.iter().map(Node::text).collect();
                    (name, rest.ok_or_else(wrong)?.join("."))
                }
                _ => return Err(wrong()),
            },
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Map(_) => return Err(wrong()),
        };
        self.attribute_of(scope, &name, &attribute, argument.span)
    }

    /// An attribute of a resource: as the resource writes it, where it does.
    fn attribute_of(&mut self, scope: &Scope, name: &str, attribute: &str, at: Span) -> Result<Term> {
        let stack = scope.stack;
        if self.resource(stack, name).is_none() {
            let made = self.made_by_macro(stack, name, attribute, at);
            return made.ok_or_else(|| Failure::new(at, format!("no resource is named {name}")));
        }
        if let Some(output) = attribute.strip_prefix("Outputs.")
            && let Some(nested) = self.nested_stack(stack, name)
        {
            return self.output(nested, output, at);
        }
        if self.exists(stack, name)
            && let Some(written) = self.property(stack, name, attribute)
            && !matches!(written.shape, Shape::Nothing | Shape::Map(_))
        {
            return Ok(written);
        }
        Ok(self.of_resource(stack, name, attribute, at))
    }

    /// A property as the resource writes it; none while it is being worked out.
    pub(in crate::cloudformation) fn property(&mut self, stack: usize, name: &str, property: &str) -> Option<Term> {
        let declared = self.resource(stack, name)?.clone();
        let node = declared.node.get("Properties")?.get(property)?;
        let key = (name.to_owned(), property.to_owned());
        if let Some(known) = self.stacks[stack].properties.get(&key) {
            return known.clone();
        }
        self.stacks[stack].properties.insert(key.clone(), None);
        let value = self.value(&declared.scope, node);
        self.stacks[stack].properties.insert(key, Some(value.clone()));
        Some(value)
    }

    /// An output of a nested stack.
    fn output(&mut self, stack: usize, name: &str, at: Span) -> Result<Term> {
        let template = self.stacks[stack].template;
        let Some((_, node)) = template.entry("Outputs", name) else {
            return Err(Failure::new(at, format!("the nested stack has no output {name}")));
        };
        match node.get("Value") {
            Some(value) => Ok(self.value(&Scope::of(stack), value)),
            None => Ok(Term::opaque(format!("the output {name} has no value"), at)),
        }
    }

    pub(super) fn substituted(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let form = "a text, or a list of a text and a map";
        let (text, names) = match &argument.kind {
            NodeKind::List(items) => match items.as_slice() {
                [text] => (text, None),
                [text, names] => (text, Some(names)),
                _ => return Err(Failure::new(argument.span, format!("expected {form}"))),
            },
            NodeKind::Text(_) | NodeKind::Number(_) | NodeKind::Bool(_) | NodeKind::Null | NodeKind::Map(_) => {
                (argument, None)
            }
        };
        let Some(pattern) = text.text() else {
            return Err(Failure::new(text.span, format!("expected {form}")));
        };
        let mut parts = Vec::new();
        let mut known: FxHashMap<&str, Vec<Part>> = FxHashMap::default();
        for piece in pieces(pattern) {
            if MOST_PARTS < parts.len() {
                return Ok(Term::opaque("a longer text than is followed", argument.span));
            }
            match piece {
                Piece::Text(text) => {
                    parts.extend(super::text::resolved(text, argument.span).parts().unwrap_or_default());
                }
                Piece::Name(name) => {
                    if let Some(again) = known.get(name) {
                        parts.extend(again.iter().cloned());
                        continue;
                    }
                    let term = self.in_pattern(scope, name, names, text.span)?;
                    let is_text = !matches!(term.shape, Shape::List(_) | Shape::Map(_));
                    if !is_text {
                        return Err(Failure::new(text.span, format!("{name} is no text")));
                    }
                    let more = term.parts().unwrap_or_default();
                    parts.extend(more.iter().cloned());
                    known.insert(name, more);
                }
            }
        }
        Ok(Term::of_parts(parts, argument.span))
    }

    /// What `${name}` stands for.
    fn in_pattern(&mut self, scope: &Scope, name: &str, names: Option<&'a Node>, at: Span) -> Result<Term> {
        if let Some(node) = names.and_then(|names| names.get(name)) {
            return Ok(self.value(scope, node));
        }
        let looped = name_in_loop(scope, name);
        let name = looped.as_str();
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute_of(scope, resource, attribute, at),
            None => self.named(scope, name, at),
        }
    }

    pub(super) fn imported(&mut self, scope: &Scope, argument: &'a Node) -> Term {
        let name = self.value(scope, argument);
        let exported = name.known_text().and_then(|name| self.exports.get(&name).cloned());
        if let Some((stack, output)) = exported
            && let Ok(value) = self.output(stack, &output, argument.span)
        {
            return value;
        }
        let shown = match name.parts() {
            Some(parts) => parts.iter().map(part_shown).collect(),
            None => "?".to_owned(),
        };
        Term::unknown(Unknown::Input(format!("the export {shown}")), argument.span)
    }
}

fn part_shown(part: &Part) -> String {
    match part {
        Part::Text(text) => text.clone(),
        Part::Unknown(Unknown::Input(name)) => format!("${{{name}}}"),
        Part::Unknown(unknown) => format!("${{{unknown}}}"),
    }
}

fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// A piece of the text of `Fn::Sub`.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'t> {
    Text(&'t str),
    /// `${Name}`, `${Name.Attribute}`.
    Name(&'t str),
}

/// A text cut at its names. `${!Name}` is the text `${Name}`.
fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(start) = rest.find("${") {
        let inside = &rest[start + 2..];
        let Some(length) = inside.find('}') else { break };
        let name = &inside[..length];
        pieces.push(Piece::Text(&rest[..start]));
        match name.strip_prefix('!') {
            Some(_) => {
                pieces.push(Piece::Text("${"));
                pieces.push(Piece::Text(&inside[1..=length]));
            }
            None => pieces.push(Piece::Name(name.trim())),
        }
        rest = &inside[length + 1..];
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{
        Piece::{Name, Text},
        pieces,
    };

    #[test]
    fn patterns_are_cut_at_their_names() {
        assert_eq!(pieces("a-${B}-${C.D}"), [Text("a-"), Name("B"), Text("-"), Name("C.D")]);
        assert_eq!(pieces("${!A} $B ${"), [Text("${"), Text("A}"), Text(" $B ${")]);
        assert_eq!(pieces(""), []);
    }
}
