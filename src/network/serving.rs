//! Which load balancers stand before what: from listener over target group to what is registered there.

use rustc_hash::FxHashMap;

use super::{
    limits::{APPLICATION_IDLE, NETWORK_LISTENER_IDLE},
    load_balancer::LoadBalancerKind,
    name::{Declared, blocks, resolve, set},
};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    resource::Resource,
    schema::Noun,
    value::{Attr, Known, Origin, Value},
};

/// One target of a load balancer.
#[derive(Clone, Debug)]
pub struct Serving {
    pub load_balancer: Declared,
    pub kind: LoadBalancerKind,
    pub target_group: ResourceId,
    /// A service, a scaling group, an instance, a function or another load balancer.
    pub target: Declared,
    /// How long the load balancer keeps a silent connection to its targets, in seconds.
    pub idle: Attr<i64>,
    /// The resource that says so, or would: the load balancer, or of a network one its listener.
    pub idle_of: Declared,
}

pub(super) fn read(graph: &ResourceGraph) -> Vec<Serving> {
    let targets = targets(graph);
    let mut all = Vec::new();
    for (listener, id, group) in forwards(graph) {
        let Some(load_balancer) = balancer_of(graph, graph.resource(listener)) else { continue };
        let Some(front) = front(graph, id, load_balancer) else { continue };
        for &target in targets.get(&group).map_or(&[][..], Vec::as_slice) {
            let is_known = all.iter().any(|it: &Serving| {
                it.load_balancer.resource == load_balancer
                    && it.target.resource == target
                    && it.idle_of.resource == front.2.resource
            });
            if !is_known {
                all.push(Serving {
                    load_balancer: Declared::of(load_balancer, graph.resource(load_balancer)),
                    kind: front.0,
                    target_group: group,
                    target: Declared::of(target, graph.resource(target)),
                    idle: front.1.clone(),
                    idle_of: front.2.clone(),
                });
            }
        }
    }
    all
}

/// What kind of load balancer it is, how long it keeps silent connections, and who says so.
fn front(
    graph: &ResourceGraph,
    listener: ResourceId,
    load_balancer: ResourceId,
) -> Option<(LoadBalancerKind, Attr<i64>, Declared)> {
    let resource = graph.resource(load_balancer);
    let kind = resource.attr("load_balancer_type", "application".to_owned()).known;
    match kind.get().map(String::as_str)? {
        "application" => {
            let idle = resource.attr("idle_timeout", APPLICATION_IDLE);
            Some((LoadBalancerKind::Application, idle, Declared::of(load_balancer, resource)))
        }
        "network" => {
            let listener_resource = graph.resource(listener);
            let protocol = listener_resource.set("protocol").and_then(Value::text);
            let origin = Origin::at(listener_resource.span);
            let idle = match protocol? {
                "TCP" => listener_resource.attr("tcp_idle_timeout_seconds", NETWORK_LISTENER_IDLE),
                "TLS" => Attr { known: Known::Default(NETWORK_LISTENER_IDLE), origin },
                _ => return None,
            };
            Some((LoadBalancerKind::Network, idle, Declared::of(listener, listener_resource)))
        }
        _ => None,
    }
}

fn one(graph: &ResourceGraph, value: Option<&Value>, nouns: &[Noun]) -> Option<ResourceId> {
    match resolve(graph, value?, nouns) {
        Target::Resource(id, _) => Some(id),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}

fn balancer_of(graph: &ResourceGraph, listener: &Resource) -> Option<ResourceId> {
    let id = one(graph, listener.set("load_balancer_arn"), &[Noun::LoadBalancer])?;
    matches!(graph.resource(id).kind.as_str(), "aws_lb" | "aws_alb").then_some(id)
}

/// Each listener with each target group that it, or a rule of it, forwards to.
fn forwards(graph: &ResourceGraph) -> Vec<(ResourceId, ResourceId, ResourceId)> {
    let mut all = Vec::new();
    for kind in ["aws_lb_listener", "aws_alb_listener"] {
        for (id, resource) in graph.managed(kind) {
            all.extend(groups(graph, resource, "default_action").into_iter().map(|group| (id, id, group)));
        }
    }
    for kind in ["aws_lb_listener_rule", "aws_alb_listener_rule"] {
        for (_, resource) in graph.managed(kind) {
            let Some(listener) = one(graph, resource.set("listener_arn"), &[Noun::Listener]) else { continue };
            all.extend(groups(graph, resource, "action").into_iter().map(|group| (listener, listener, group)));
        }
    }
    all
}

fn groups(graph: &ResourceGraph, resource: &Resource, block: &str) -> Vec<ResourceId> {
    let actions = blocks(resource, block).unwrap_or_default();
    let mut groups = Vec::new();
    for action in actions {
        groups.extend(one(graph, set(action, "target_group_arn"), &[Noun::TargetGroup]));
        let forwards = set(action, "forward").map_or(&[][..], Value::items);
        let named = forwards.iter().filter_map(|it| set(it, "target_group")).flat_map(Value::items);
        groups.extend(named.filter_map(|it| one(graph, set(it, "arn"), &[Noun::TargetGroup])));
    }
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// What is registered with each target group.
fn targets(graph: &ResourceGraph) -> FxHashMap<ResourceId, Vec<ResourceId>> {
    let mut all: FxHashMap<ResourceId, Vec<ResourceId>> = FxHashMap::default();
    let mut add = |group: Option<ResourceId>, target: Option<ResourceId>| {
        if let (Some(group), Some(target)) = (group, target) {
            let known = all.entry(group).or_default();
            if !known.contains(&target) {
                known.push(target);
            }
        }
    };
    for (id, resource) in graph.managed("aws_ecs_service") {
        for block in blocks(resource, "load_balancer").unwrap_or_default() {
            add(one(graph, set(block, "target_group_arn"), &[Noun::TargetGroup]), Some(id));
        }
    }
    for (id, resource) in graph.managed("aws_autoscaling_group") {
        let Some(named) = resource.set("target_group_arns") else { continue };
        for target in graph.targets(named, &[Noun::TargetGroup]).certain {
            if let Target::Resource(group, _) = target {
                add(Some(group), Some(id));
            }
        }
    }
    for (_, resource) in graph.managed("aws_autoscaling_attachment") {
        let group = one(graph, resource.set("lb_target_group_arn"), &[Noun::TargetGroup]);
        add(group, one(graph, resource.set("autoscaling_group_name"), &[Noun::AutoScalingGroup]));
    }
    for kind in ["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"] {
        for (_, resource) in graph.managed(kind) {
            let group = one(graph, resource.set("target_group_arn"), &[Noun::TargetGroup]);
            let nouns = [Noun::Instance, Noun::LambdaFunction, Noun::LoadBalancer];
            add(group, one(graph, resource.set("target_id"), &nouns));
        }
    }
    // A template registers targets with the group itself.
    for kind in ["aws_lb_target_group", "aws_alb_target_group"] {
        for (id, resource) in graph.managed(kind) {
            for block in blocks(resource, "target").unwrap_or_default() {
                let nouns = [Noun::Instance, Noun::LambdaFunction, Noun::LoadBalancer];
                add(Some(id), one(graph, set(block, "target_id"), &nouns));
            }
        }
    }
    all
}
