//! Targets in zones that their load balancer does not serve.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label},
    network::{Id, LoadBalancer, NetworkInterface, Owner, TargetGroup, TargetKind},
    value::Truth,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut said: Vec<(Id<Owner>, &str)> = Vec::new();
    for (_, group) in &context.network.target_groups {
        if !matches!(group.kind.get(), Some(TargetKind::Instance | TargetKind::Address)) {
            continue;
        }
        for &id in &group.load_balancers {
            let load_balancer = &context.network.load_balancers[id];
            for (owner, outside) in outside(context, load_balancer, group) {
                let key = (owner, load_balancer.name.text());
                if !said.contains(&key) {
                    said.push(key);
                    report(context, findings, (load_balancer, group), owner, &outside);
                }
            }
        }
    }
}

/// What has targets in zones without a node, and its interfaces there.
fn outside(
    context: &Context<'_>,
    load_balancer: &LoadBalancer,
    group: &TargetGroup,
) -> Vec<(Id<Owner>, Vec<Id<NetworkInterface>>)> {
    let nodes = context.routes.nodes(load_balancer);
    if nodes.is_empty() || context.routes.node_count(load_balancer) != Some(nodes.len()) {
        return Vec::new();
    }
    let network = context.network;
    let mut found: Vec<(Id<Owner>, Vec<Id<NetworkInterface>>)> = Vec::new();
    for (member, target) in context.routes.targets(group) {
        let is_outside = nodes.iter().all(|node| {
            let vpcs = (network.subnets_vpc(*node), network.subnets_vpc(target));
            context.routes.is_same_zone(*node, target) == Truth::False
                && network.is_same_vpc(&vpcs.0, &vpcs.1) == Truth::True
        });
        if !is_outside {
            continue;
        }
        match found.iter_mut().find(|(owner, _)| *owner == member.owner) {
            Some((_, interfaces)) => attempts::add(interfaces, target),
            None => found.push((member.owner, vec![target])),
        }
    }
    found
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    (load_balancer, group): (&LoadBalancer, &TargetGroup),
    owner: Id<Owner>,
    outside: &[Id<NetworkInterface>],
) {
    let owner = &context.network.owners[owner];
    let Some(at) = owner.name.label("some of its targets get no traffic") else { return };
    let (count, total) = (outside.len(), owner.interfaces.len());
    let message = format!(
        "{count} of {total} subnets of `{}` {} in a zone{} that `{}` has no node in: targets there get no traffic",
        owner.name.text(),
        if count == 1 { "is" } else { "are" },
        attempts::zones(context, outside),
        load_balancer.name.text(),
    );
    let help = format!(
        "add a subnet of this zone to `{}`, or keep `{}` to the load balancer's zones",
        load_balancer.name.text(),
        owner.name.text()
    );
    let mut related: Vec<Label> =
        attempts::subnet_labels(context, outside, "no node stands in the zone of this subnet");
    related.extend(load_balancer.name.label("this load balancer serves other zones"));
    related.extend(group.name.label("by this target group"));
    findings.report(at, message).because(related).help(help).evidence("subnets", count);
}
