//! Classic load balancers: what each of their listeners sends to, as target groups of their own.
//!
//! No target group of the code stands behind them, so these say of no load balancer that it forwards to them: who asks for
//! target groups of the code does not meet them.

use rustc_hash::FxHashMap;

use super::{
    arena::{Arena, Id},
    load_balancer::LoadBalancer,
    name::{Name, blocks, resolve, set},
    owner::Owner,
    reader::Reader,
    security::Protocol,
    target_group::{TargetGroup, TargetKind, TargetMember, owner},
};
use crate::{
    graph::{ResourceGraph, ResourceId},
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown, Value},
};

/// Gives the listeners of classic load balancers their targets.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html>
pub(super) fn read(reader: &mut Reader<'_>, items: &mut Arena<TargetGroup>, owners: &FxHashMap<ResourceId, Id<Owner>>) {
    let graph = reader.graph;
    let mut attached = Attached::of(graph, reader, owners);
    for (id, resource) in graph.managed("aws_elb") {
        let Some(load_balancer) = reader.load_balancers.of_resource(id) else { continue };
        let mut members = attached.members.remove(&load_balancer).unwrap_or_default();
        let mut others = attached.others.clone();
        if let Some(values) = resource.set("instances") {
            let named = graph.targets(values, &[Noun::Instance]);
            if named.others.is_some() || !named.possible.is_empty() {
                others = Some(format!("the instances of `{}`", resource.address));
            }
            for target in named.certain {
                match owner(owners, &target) {
                    Some(owner) => members.push(TargetMember { owner, port: None }),
                    None => others = Some(format!("the instances of `{}`", resource.address)),
                }
            }
        }
        let listeners = blocks(resource, "listener").unwrap_or_default();
        let groups: Vec<_> = listeners
            .iter()
            .map(|listener| items.add(group((id, resource), listener, members.clone(), others.clone())))
            .collect();
        // Both are in the order of the code.
        let listeners = reader.load_balancers.items[load_balancer].listeners.iter_mut();
        listeners.zip(groups).for_each(|(listener, group)| listener.groups.push(group));
    }
}

fn group(
    (id, resource): (ResourceId, &Resource),
    listener: &Value,
    targets: Vec<TargetMember>,
    others: Option<String>,
) -> TargetGroup {
    let no_port = || Known::Unknown(Unknown::Opaque("no port is written".to_owned()));
    TargetGroup {
        name: Name::declared(id, resource),
        kind: Known::Default(TargetKind::Instance),
        port: set(listener, "instance_port").map_or_else(no_port, |it| it.read().known),
        protocol: Some(Protocol::Tcp),
        health_port: Known::Default(None),
        cross_zone: Known::Default(None),
        preserves_clients: Known::Default(Some(false)),
        load_balancers: Vec::new(),
        targets,
        others,
    }
}

/// Who registers with classic load balancers from elsewhere.
#[derive(Default)]
struct Attached {
    members: FxHashMap<Id<LoadBalancer>, Vec<TargetMember>>,
    /// Somebody registers by a name, and which load balancer that is, is not looked for.
    others: Option<String>,
}

impl Attached {
    fn of(graph: &ResourceGraph, reader: &mut Reader<'_>, owners: &FxHashMap<ResourceId, Id<Owner>>) -> Self {
        let mut this = Self::default();
        for (_, resource) in graph.managed("aws_elb_attachment") {
            let load_balancer = reader.load_balancers.link(graph, resource.set("elb"));
            let instance = resource.set("instance").map(|it| resolve(graph, it, &[Noun::Instance]));
            match (load_balancer.known(), instance.and_then(|it| owner(owners, &it))) {
                (Some(load_balancer), Some(owner)) => {
                    this.members.entry(load_balancer).or_default().push(TargetMember { owner, port: None });
                }
                (Some(_) | None, Some(_) | None) => this.may_register(resource),
            }
        }
        for (kind, attribute) in [("aws_autoscaling_group", "load_balancers"), ("aws_autoscaling_attachment", "elb")] {
            for (_, resource) in graph.managed(kind).filter(|(_, it)| it.set(attribute).is_some()) {
                this.may_register(resource);
            }
        }
        for (_, resource) in graph.managed("aws_ecs_service") {
            let is_classic = |it: &Value| set(it, "elb_name").is_some();
            if blocks(resource, "load_balancer").is_ok_and(|blocks| blocks.iter().any(is_classic)) {
                this.may_register(resource);
            }
        }
        this
    }

    fn may_register(&mut self, resource: &Resource) {
        self.others.get_or_insert_with(|| format!("`{}` may register with it", resource.address));
    }
}
