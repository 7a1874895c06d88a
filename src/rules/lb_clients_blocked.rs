//! Load balancers whose nodes let no client in.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label},
    network::{Id, LoadBalancer, NetworkInterface},
    reach::{Ranges, balancing::Drop, path::Thing},
};

/// What one filter keeps out of one load balancer.
struct Closed {
    at: Label,
    filter: String,
    is_acl: bool,
    nodes: Vec<Id<NetworkInterface>>,
    ports: Ranges,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, load_balancer) in &context.network.load_balancers {
        for closed in closed(context, load_balancer) {
            report(context, findings, load_balancer, closed);
        }
    }
}

fn closed(context: &Context<'_>, load_balancer: &LoadBalancer) -> Vec<Closed> {
    let mut all: Vec<Closed> = Vec::new();
    for attempt in context.routes.from_clients(load_balancer) {
        let Some(Drop { hop, .. }) = attempt.kept_out() else { continue };
        let Some(at) = hop.place.clone().or_else(|| load_balancer.name.label("")) else { continue };
        let port = Ranges::one(u128::from(attempt.port));
        let known = all.iter().position(|it| it.at.span == at.span && it.filter == hop.resource);
        let index = known.unwrap_or_else(|| {
            let filter = hop.resource.clone();
            let is_acl = matches!(hop.thing, Thing::Acl(..));
            all.push(Closed { at, filter, is_acl, nodes: Vec::new(), ports: Ranges::default() });
            all.len() - 1
        });
        let found = &mut all[index];
        attempts::add(&mut found.nodes, attempt.node);
        found.ports = found.ports.union(&port);
    }
    all
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, load_balancer: &LoadBalancer, closed: Closed) {
    let count = closed.nodes.len();
    let ports = attempts::ports(&closed.ports);
    let message = format!(
        "`{}` lets no client on the internet reach {} on {ports}{}",
        closed.filter,
        attempts::nodes_of(context, load_balancer, count),
        attempts::zones(context, &closed.nodes),
    );
    let help = if closed.is_acl {
        format!(
            "add inbound rules to `{}` that allow TCP from the clients' blocks to {ports}, or give these subnets the \
             network ACL of the load balancer's other subnets",
            closed.filter
        )
    } else {
        format!("add an ingress rule to `{}` that admits the clients' blocks on {ports}", closed.filter)
    };
    let mut related: Vec<Label> = Vec::new();
    related.extend(load_balancer.name.label("this load balancer listens there"));
    related.extend(attempts::subnet_labels(context, &closed.nodes, "no client reaches the node in this subnet"));
    let at = Label { text: "no client gets past this".to_owned(), ..closed.at };
    let reported = findings.report(at, message).because(related).help(help).evidence("broken_nodes", count);
    if let Some(total) = context.routes.node_count(load_balancer) {
        reported.evidence("nodes", total);
    }
}
