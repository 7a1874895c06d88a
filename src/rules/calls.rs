//! The module calls that lead to the places of a finding, and the arguments by which they decide.

use rustc_hash::FxHashSet;

use crate::{
    finding::{Finding, Label},
    graph::{ResourceGraph, ResourceId},
    resource::Resource,
    value::{Address, FromValue as _, Origin, Place},
};

/// Adds to `finding` each module call that leads to what it points at, and what these calls give that decides. No place
/// is pointed at twice.
pub(super) fn add(graph: &ResourceGraph, finding: &mut Finding) {
    let labels = std::iter::once(&finding.at).chain(&finding.because);
    let named = labels.clone().filter_map(|label| graph.find(&Address::new(label.resource.as_deref()?)));
    let mut resources: Vec<ResourceId> = Vec::new();
    for resource in named {
        if !resources.contains(&resource) {
            resources.push(resource);
        }
    }
    let mut pointed_at: FxHashSet<_> = labels.clone().map(|label| label.span).collect();
    let mut found = Vec::new();
    for &id in &resources {
        let resource = graph.resource(id);
        let steps = arguments(graph, id, &resources, finding).into_iter().chain(calls(resource));
        found.extend(steps.filter(|label| pointed_at.insert(label.span)));
    }
    finding.because.extend(found);
}

/// The calls that lead to the module of `resource`, the nearest first.
fn calls(resource: &Resource) -> impl Iterator<Item = Label> {
    let calls = resource.body.origin.places().filter(|it| it.place == Place::Call);
    let mut calls = calls.peekable();
    let modules = if calls.peek().is_some() { resource.address.modules() } else { Vec::new() };
    calls.zip(modules.into_iter().rev()).map(|(call, module)| Label::new(call.at, format!("{module} is called here")))
}

/// What calls give to the module of a resource that makes it name another one of these, or that the finding tells of.
fn arguments(graph: &ResourceGraph, id: ResourceId, resources: &[ResourceId], finding: &Finding) -> Vec<Label> {
    let resource = graph.resource(id);
    let is_told = |to: ResourceId| {
        resources.contains(&to) || finding.message.contains(&format!("`{}`", graph.resource(to).address))
    };
    let references: Vec<_> = graph.references_by(id, is_given).filter(|(to, _)| is_told(*to)).collect();
    let references = references.iter().map(|(_, edge)| (edge.attribute.as_str(), &edge.origin));
    let blocks = resource.body.entries().filter(|(_, value)| is_given(&value.origin)).filter(|(_, value)| {
        let block = ipnet::IpNet::from_value(value).and(value.text());
        block.is_some_and(|block| finding.message.contains(block))
    });
    let blocks = blocks.map(|(attribute, value)| (attribute, &value.origin));
    let mut labels: Vec<_> =
        references.chain(blocks).flat_map(|(path, origin)| given(resource, path, origin)).collect();
    labels.sort_by_key(|label| label.span);
    labels
}

/// Whether an argument of a call gives it.
fn is_given(origin: &Origin) -> bool {
    origin.places().any(|it| it.place == Place::Argument)
}

/// The arguments of calls that the attribute at `path` came through.
fn given<'a>(resource: &'a Resource, path: &'a str, origin: &'a Origin) -> impl Iterator<Item = Label> + 'a {
    // Which item of a set it is says nothing: a set has no order.
    let attribute = path.trim_end_matches(|it: char| it == '[' || it == ']' || it.is_ascii_digit());
    let arguments = origin.places().filter(|it| it.place == Place::Argument);
    arguments.map(move |it| Label::new(it.at, format!("`{attribute}` is given here")).of(resource.address.as_str()))
}
