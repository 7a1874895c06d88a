//! Load balancers in fewer zones than AWS asks for, or twice in one.

use super::{Context, attempts};
use crate::{
    finding::Findings,
    network::{Id, LoadBalancer, LoadBalancerKind, NetworkInterface},
    value::Truth,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, load_balancer) in &context.network.load_balancers {
        let nodes = context.routes.nodes(load_balancer);
        if nodes.iter().any(|it| stands_apart(context, *it)) {
            continue;
        }
        match load_balancer.kind.get() {
            Some(LoadBalancerKind::Application) if is_in_one_zone(context, load_balancer, &nodes) => {
                one_zone(context, findings, load_balancer, &nodes);
            }
            Some(LoadBalancerKind::Application | LoadBalancerKind::Network) => {
                if let Some(pair) = twice(context, &nodes) {
                    two_in_one(context, findings, load_balancer, pair);
                }
            }
            // Classic ones and those for appliances may stand in one zone.
            Some(LoadBalancerKind::Classic | LoadBalancerKind::Gateway) | None => (),
        }
    }
}

/// Local zones and Outposts have rules of their own.
fn stands_apart(context: &Context<'_>, node: Id<NetworkInterface>) -> bool {
    let Some(subnet) = context.network.interfaces[node].subnet.known() else { return false };
    let subnet = &context.network.subnets[subnet];
    // `us-east-1a` has two hyphens, `us-west-2-lax-1a` has four.
    subnet.is_on_outpost || subnet.zone.text().is_some_and(|text| 2 < text.matches('-').count())
}

fn is_in_one_zone(context: &Context<'_>, load_balancer: &LoadBalancer, nodes: &[Id<NetworkInterface>]) -> bool {
    let [first, rest @ ..] = nodes else { return false };
    let is_whole = context.routes.node_count(load_balancer) == Some(nodes.len());
    is_whole && rest.iter().all(|it| context.routes.is_same_zone(*first, *it) == Truth::True)
}

fn twice(context: &Context<'_>, nodes: &[Id<NetworkInterface>]) -> Option<[Id<NetworkInterface>; 2]> {
    nodes.iter().enumerate().find_map(|(at, one)| {
        let same = nodes[at + 1..].iter().find(|it| context.routes.is_same_zone(*one, **it) == Truth::True)?;
        Some([*one, *same])
    })
}

fn one_zone(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    load_balancer: &LoadBalancer,
    nodes: &[Id<NetworkInterface>],
) {
    let name = load_balancer.name.text();
    let zones = attempts::zones(context, nodes);
    let message = format!("`{name}` is in 1 zone{zones}; an application load balancer takes at least 2");
    let Some(at) = load_balancer.name.label("this load balancer is in one zone") else { return };
    let labels = attempts::subnet_labels(context, nodes, "a subnet of its only zone");
    findings
        .report(at, message)
        .because(labels)
        .help("name subnets of two availability zones or more, one of each")
        .evidence("zones", 1_usize);
}

fn two_in_one(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    load_balancer: &LoadBalancer,
    pair: [Id<NetworkInterface>; 2],
) {
    let name = load_balancer.name.text();
    let zones = attempts::zones(context, &pair[..1]);
    let message = format!("`{name}` names 2 subnets of one zone{zones}; it takes 1 of each zone");
    let Some(at) = load_balancer.name.label("this load balancer has two subnets in one zone") else { return };
    let labels = attempts::subnet_labels(context, &pair, "both of these are in the same zone");
    findings.report(at, message).because(labels).help("name one subnet of each availability zone");
}
