//! Load balancers that are kept from their targets.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label},
    network::{Id, LoadBalancer, NetworkInterface, TargetGroup},
    reach::{Ranges, balancing::Drop, path::Thing},
};

/// What one filter keeps from the targets of one group.
struct Closed<'a> {
    load_balancer: &'a LoadBalancer,
    group: &'a TargetGroup,
    at: Label,
    filter: String,
    thing: Thing,
    nodes: Vec<Id<NetworkInterface>>,
    targets: Vec<Id<NetworkInterface>>,
    ports: Ranges,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut all: Vec<Closed<'_>> = Vec::new();
    for (_, group) in &context.network.target_groups {
        for &load_balancer in &group.load_balancers {
            collect(context, &context.network.load_balancers[load_balancer], group, &mut all);
        }
    }
    for closed in all {
        report(context, findings, closed);
    }
}

fn collect<'a>(
    context: &Context<'a>,
    load_balancer: &'a LoadBalancer,
    group: &'a TargetGroup,
    all: &mut Vec<Closed<'a>>,
) {
    for attempt in context.routes.to_targets(load_balancer, group) {
        let (Some(Drop { hop, .. }), Some(target)) = (attempt.kept_out(), attempt.target) else { continue };
        let Some(at) = hop.place.clone().or_else(|| group.name.label("")) else { continue };
        let is_same = |it: &Closed<'_>| {
            it.at.span == at.span
                && it.filter == hop.resource
                && it.load_balancer.name == load_balancer.name
                && it.group.name == group.name
        };
        let known = all.iter().position(is_same);
        let index = known.unwrap_or_else(|| {
            all.push(Closed {
                load_balancer,
                group,
                at,
                filter: hop.resource.clone(),
                thing: hop.thing,
                nodes: Vec::new(),
                targets: Vec::new(),
                ports: Ranges::default(),
            });
            all.len() - 1
        });
        let found = &mut all[index];
        attempts::add(&mut found.nodes, attempt.node);
        attempts::add(&mut found.targets, target);
        found.ports = found.ports.union(&Ranges::one(u128::from(attempt.port)));
    }
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, closed: Closed<'_>) {
    let ports = attempts::ports(&closed.ports);
    let count = closed.nodes.len();
    let mut owners: Vec<&str> = Vec::new();
    for target in &closed.targets {
        attempts::add(&mut owners, context.network.interfaces[*target].name.text());
    }
    let message = format!(
        "`{}` keeps {} from `{}` on {ports}, the targets of `{}`",
        closed.filter,
        attempts::nodes_of(context, closed.load_balancer, count),
        owners.join("`, `"),
        closed.group.name.text(),
    );
    let is_outward = |it: Id<NetworkInterface>| closed.nodes.contains(&it);
    let help = match closed.thing {
        Thing::Acl(..) => format!("add rules to `{}` that allow TCP between both subnets on {ports}", closed.filter),
        Thing::Groups(interface) if is_outward(interface) => {
            format!("add an egress rule to `{}` that lets the load balancer out to {ports}", closed.filter)
        }
        Thing::Groups(_)
        | Thing::Interface(_)
        | Thing::Table
        | Thing::InternetGateway(_)
        | Thing::EgressOnlyGateway
        | Thing::Nat(_)
        | Thing::Middlebox(_)
        | Thing::Router(_)
        | Thing::Peering
        | Thing::TransitGateway
        | Thing::VpnGateway
        | Thing::Service(_)
        | Thing::Other => format!(
            "add an ingress rule to `{}` that admits the load balancer's security group, or the blocks of its \
             subnets, on {ports}",
            closed.filter
        ),
    };
    let mut related: Vec<Label> = Vec::new();
    related.extend(closed.load_balancer.name.label("this load balancer sends to the targets"));
    related.extend(closed.group.name.label("by this target group"));
    related.extend(closed.targets.iter().filter_map(|it| {
        context.network.interfaces[*it].name.label("which is never healthy, because nothing reaches it")
    }));
    related.dedup();
    let at = Label { text: "nothing here lets it pass".to_owned(), ..closed.at };
    findings.report(at, message).because(related).help(help).evidence("broken_nodes", count);
}
