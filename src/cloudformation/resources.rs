//! What is left when a template is evaluated: its resources, and those of the stacks that it nests.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{
    evaluate::{Evaluator, Scope},
    serverless, template,
    term::{Shape, Term},
    trouble::evaluation_error,
};
use crate::{
    resource::{Mode, Resource},
    syntax::yaml::Node,
    value::{Address, Kind, Origin, Reference, Unknown, Value},
};

/// How many stacks stand within each other, and how many there are in all.
const DEEPEST_STACK: usize = 8;
const MOST_STACKS: usize = 200;

impl<'a> Evaluator<'a> {
    /// The resources of a stack, and of those that it nests, that this world has.
    pub(super) fn resources(&mut self, stack: usize) -> Vec<Resource> {
        let mut resources = Vec::new();
        let mut open = vec![stack];
        while let Some(stack) = open.pop() {
            let names: Vec<_> = self.stacks[stack].resources.iter().map(|it| it.name.clone()).collect();
            let mut nested = Vec::new();
            let mut added = BTreeMap::new();
            for name in names {
                if self.is_passed_over(stack, &name) || !self.exists(stack, &name) {
                    continue;
                }
                nested.extend(self.nested_stack(stack, &name));
                self.resource_of(stack, &name, &mut added, &mut resources);
            }
            let written: FxHashSet<_> = resources.iter().map(|it| it.address.clone()).collect();
            resources.extend(added.into_values().filter(|it| !written.contains(&it.address)));
            open.extend(nested.into_iter().rev());
        }
        resources
    }

    /// The CDK's note of its own version, which only some regions take: nothing that anybody builds.
    fn is_passed_over(&self, stack: usize, name: &str) -> bool {
        let kind = self.resource(stack, name).and_then(|it| it.node.get("Type")?.text());
        kind == Some("AWS::CDK::Metadata")
    }

    /// A resource as it is made, and what a macro adds beside it, by name: several may ask for the same.
    fn resource_of(
        &mut self,
        stack: usize,
        name: &str,
        added: &mut BTreeMap<String, Resource>,
        resources: &mut Vec<Resource>,
    ) {
        let Some(declared) = self.resource(stack, name).cloned() else { return };
        let span = declared.key.span;
        let Some(kind) = declared.node.get("Type").and_then(Node::text) else {
            self.findings.push(evaluation_error(span, format!("the resource {name} has no type")));
            return;
        };
        let properties = self.properties(stack, name, &declared.scope, declared.node);
        let (kind, properties, more) = self.without_serverless(stack, (name, kind), properties);
        let body = properties.into_iter().filter_map(|(name, term)| told(name, term)).collect();
        let region = self.named(&Scope::of(stack), "AWS::Region", span).ok().and_then(|it| it.known_text());
        let resource = Resource {
            address: self.stacks[stack].address(name),
            mode: Mode::Managed,
            kind: kind.into(),
            region,
            action: None,
            span,
            body: Value::new(Kind::Map(body), Origin::at(span)),
        };
        for (name, kind) in more {
            let address = self.stacks[stack].address(&name);
            // An API of events has what holds for all APIs.
            let global = if kind == "AWS::ApiGateway::RestApi" { "AWS::Serverless::Api" } else { kind };
            let (_, properties, _) = self.without_serverless(stack, (&name, global), BTreeMap::new());
            let body = properties.into_iter().filter_map(|(name, term)| told(name, term)).collect();
            let body = Value::new(Kind::Map(body), Origin::at(span));
            let it = Resource { address, kind: kind.into(), body, ..resource.clone() };
            added.entry(name).or_insert(it);
        }
        // A connector is nothing itself.
        if !serverless::is_nothing(&resource.kind) {
            resources.push(resource);
        }
    }

    fn properties(&mut self, stack: usize, name: &str, scope: &Scope, node: &'a Node) -> BTreeMap<String, Term> {
        let Some(properties) = node.get("Properties") else { return BTreeMap::new() };
        let is_plain = properties.entries().iter().all(|(key, _)| !key.text.starts_with("Fn::"));
        if is_plain {
            let names = properties.entries().iter().map(|(key, _)| key.text.clone());
            names.filter_map(|property| Some((property.clone(), self.property(stack, name, &property)?))).collect()
        } else if let Shape::Map(map) = self.value(scope, properties).shape {
            map
        } else {
            BTreeMap::new()
        }
    }

    /// The stack that a resource is, where its template lies beside this one.
    pub(super) fn nested_stack(&mut self, stack: usize, name: &str) -> Option<usize> {
        if let Some(known) = self.stacks[stack].nested.get(name) {
            return *known;
        }
        let declared = self.resource(stack, name)?.clone();
        if MOST_STACKS <= self.stacks.len() {
            self.is_open = true;
            return None;
        }
        // Until it is taken in: one that takes its own outputs as parameters gets nothing.
        self.stacks[stack].nested.insert(name.to_owned(), None);
        let path = template::nested(&self.stacks[stack].path, declared.node)?;
        let template = *self.templates.get(path.as_str())?;
        let prefix = format!("{}{name}/", self.stacks[stack].prefix);
        let label = format!("{}{name}/", self.stacks[stack].label);
        if DEEPEST_STACK < label.matches('/').count() {
            let message = format!("the stacks of this template stand more than {DEEPEST_STACK} deep in each other");
            self.findings.push(evaluation_error(declared.key.span, message));
            self.is_open = true;
            return None;
        }
        let given = self.property(stack, name, "Parameters").map(|it| it.shape);
        let mut values = match given {
            Some(Shape::Map(map)) => map,
            Some(_) | None => BTreeMap::new(),
        };
        let of_aws = self.stacks[stack].values.iter().filter(|(name, _)| name.starts_with("AWS::"));
        values.extend(of_aws.map(|(name, value)| (name.clone(), value.clone())));
        let nested = self.add_stack(template, path, (prefix, label), values);
        self.stacks[stack].nested.insert(name.to_owned(), Some(nested));
        Some(nested)
    }
}

/// A property as the attribute of a resource.
fn told(name: String, term: Term) -> Option<(String, Value)> {
    let mut value = term.value()?;
    // A zone that a parameter names is the same each time that the parameter names it.
    if name == "AvailabilityZone"
        && let Kind::Unknown(Unknown::Input(input)) = &value.kind
    {
        value.kind = Kind::Unknown(Unknown::after_apply(Reference::new(Address::new(input), "name")));
    }
    Some((name, value))
}
