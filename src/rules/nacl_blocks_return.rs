//! Network ACLs that let requests in and drop the answers.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label, Severity},
    network::{Direction, Id, LoadBalancer, NetworkAcl, NetworkInterface, PublicAddress},
    reach::{
        Ranges, Side, Traffic,
        balancing::Attempt,
        packets::TCP,
        path::{Hop, Thing},
    },
};

/// Every TCP port.
const PORTS: (u128, u128) = (0, 65_535);

/// Whose answers are lost.
#[derive(Clone, Copy)]
enum Asker<'a> {
    Clients(&'a LoadBalancer),
    Nodes(&'a LoadBalancer),
    Workload,
    ClientsOfWorkload,
}

/// What one list of rules of one network ACL drops.
struct Lossy<'a> {
    acl: Id<NetworkAcl>,
    direction: Direction,
    at: Label,
    ports: Ranges,
    is_answered: bool,
    /// Of whom, as a message says it, and by which interfaces.
    losses: Vec<(Asker<'a>, Vec<Id<NetworkInterface>>)>,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.network.acls.iter().all(|(_, acl)| acl.name.in_code().is_none()) {
        return;
    }
    let mut all: Vec<Lossy<'_>> = Vec::new();
    for (_, load_balancer) in &context.network.load_balancers {
        for attempt in context.routes.from_clients(load_balancer) {
            collect(context, Asker::Clients(load_balancer), &attempt, &mut all);
        }
    }
    for (_, group) in &context.network.target_groups {
        for &id in &group.load_balancers {
            let load_balancer = &context.network.load_balancers[id];
            for attempt in context.routes.to_targets(load_balancer, group) {
                collect(context, Asker::Nodes(load_balancer), &attempt, &mut all);
            }
        }
    }
    for attempt in context.routes.to_internet() {
        collect(context, Asker::Workload, &attempt, &mut all);
    }
    for node in public_workloads(context) {
        for attempt in context.routes.from_internet(node, &Traffic::to_ports(TCP, Ranges::of([PORTS]))) {
            collect(context, Asker::ClientsOfWorkload, &attempt, &mut all);
        }
    }
    for lossy in all {
        report(context, findings, lossy);
    }
}

/// Workloads that have a public address of their own.
fn public_workloads<'a>(context: &Context<'a>) -> impl Iterator<Item = Id<NetworkInterface>> + use<'a> {
    let network = context.network;
    let is_public = |it: &PublicAddress| match it {
        PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => true,
        PublicAddress::None(_) | PublicAddress::Unknown(_) => false,
    };
    let workloads = network.owners.iter().filter(|(_, owner)| owner.kind.is_workload());
    let interfaces = workloads.flat_map(|(_, owner)| owner.interfaces.iter().copied());
    interfaces.filter(move |it| network.interfaces[*it].is_certain && is_public(&network.interfaces[*it].public))
}

fn collect<'a>(context: &Context<'_>, asker: Asker<'a>, attempt: &Attempt, all: &mut Vec<Lossy<'a>>) {
    for hop in attempt.lost_answers() {
        let Thing::Acl(subnet, direction) = hop.thing else { continue };
        let Some(acl) = context.network.subnets[subnet].acl.known() else { continue };
        let Some(at) = place(context, acl, hop) else { continue };
        let known = all.iter().position(|it| it.acl == acl && it.direction == direction);
        let index = known.unwrap_or_else(|| {
            let (ports, is_answered) = (Ranges::default(), false);
            all.push(Lossy { acl, direction, at, ports, is_answered, losses: Vec::new() });
            all.len() - 1
        });
        let lossy = &mut all[index];
        lossy.ports = lossy.ports.union(&hop.packets.numbers(Side::DestinationPort));
        lossy.is_answered |= attempt.is_answered();
        match lossy.losses.iter_mut().find(|(known, _)| asker.is_same(*known)) {
            Some((_, nodes)) => attempts::add(nodes, attempt.node),
            None => lossy.losses.push((asker, vec![attempt.node])),
        }
    }
}

/// The rule that drops it, or the list that lacks one.
fn place(context: &Context<'_>, acl: Id<NetworkAcl>, hop: &Hop) -> Option<Label> {
    hop.place.clone().or_else(|| context.network.acls[acl].name.label(""))
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, lossy: Lossy<'_>) {
    let name = context.network.acls[lossy.acl].name.text();
    let ports = attempts::ports(&lossy.ports);
    let Some((asker, nodes)) = lossy.losses.first() else { return };
    let more = match lossy.losses.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let message = format!(
        "`{name}` admits requests and drops the answers to {ports}: {}{}{more}",
        asker.subject(context, nodes),
        attempts::zones(context, nodes),
    );
    let (rule, side) = match lossy.direction {
        Direction::In => ("ingress", "from"),
        Direction::Out => ("egress", "to"),
    };
    let help = format!(
        "network ACLs keep no state: add an {rule} rule to `{name}` that allows ports 1024-65535 {side} whoever is \
         at the other end"
    );
    let all: Vec<_> = lossy.losses.iter().flat_map(|(_, nodes)| nodes.iter().copied()).collect();
    let mut related: Vec<Label> = Vec::new();
    for (asker, _) in &lossy.losses {
        if let Asker::Clients(load_balancer) | Asker::Nodes(load_balancer) = asker {
            related.extend(load_balancer.name.label("the answers are part of its traffic"));
        }
    }
    related.extend(attempts::subnet_labels(context, &all, "the answers belong to an interface in this subnet"));
    let at = Label { text: "the answers end here".to_owned(), ..lossy.at };
    let reported = findings.report(at, message).because(related).help(help).evidence("ports", ports);
    let reported =
        if let Asker::Clients(_) = asker { reported.evidence("broken_nodes", nodes.len()) } else { reported };
    if lossy.is_answered {
        reported.severity(Severity::Warning);
    }
}

impl Asker<'_> {
    fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Clients(one), Self::Clients(other)) | (Self::Nodes(one), Self::Nodes(other)) => {
                one.name == other.name
            }
            (Self::Workload, Self::Workload) | (Self::ClientsOfWorkload, Self::ClientsOfWorkload) => true,
            (Self::Clients(_) | Self::Nodes(_) | Self::Workload | Self::ClientsOfWorkload, _) => false,
        }
    }

    fn subject(self, context: &Context<'_>, nodes: &[Id<NetworkInterface>]) -> String {
        let mut names: Vec<_> = nodes.iter().map(|it| context.network.interfaces[*it].name.text()).collect();
        names.sort_unstable();
        names.dedup();
        let names = names.join("`, `");
        match self {
            Self::Clients(load_balancer) => {
                format!("clients of {}", attempts::nodes_of(context, load_balancer, nodes.len()))
            }
            Self::Nodes(load_balancer) => {
                format!("targets' answers to {}", attempts::nodes_of(context, load_balancer, nodes.len()))
            }
            Self::Workload => format!("the internet's answers to `{names}`"),
            Self::ClientsOfWorkload => format!("clients of `{names}`"),
        }
    }
}
