//! Public addresses in subnets that do not lead to the internet gateway.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label, Severity},
    network::{Family, Id, NetworkInterface, NextHop, Owner, OwnerKind, PublicAddress, RouteTable, State, Subnet},
    reach::{Answer, Fate, Ranges, Traffic, packets::TCP},
};

/// Every TCP port.
const PORTS: (u128, u128) = (0, 65_535);

/// What has public addresses in the subnets of one route table, or of several that one owner stands behind.
struct Stranded {
    owners: Vec<Id<Owner>>,
    table: Option<Id<RouteTable>>,
    subnets: Vec<Id<Subnet>>,
    answers: Vec<Answer>,
    interfaces: Vec<Id<NetworkInterface>>,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut all: Vec<Stranded> = Vec::new();
    for (id, owner) in &context.network.owners {
        if !is_about(owner.kind) {
            continue;
        }
        for &interface in &owner.interfaces {
            collect(context, id, interface, &mut all);
        }
    }
    for stranded in &all {
        report(context, findings, stranded);
    }
}

/// Load balancers, NAT gateways and databases have rules of their own.
fn is_about(kind: OwnerKind) -> bool {
    match kind {
        OwnerKind::Interface
        | OwnerKind::Instance
        | OwnerKind::ScalingGroup
        | OwnerKind::Task
        | OwnerKind::Nodes
        | OwnerKind::Other => true,
        OwnerKind::Function
        | OwnerKind::Database
        | OwnerKind::Cache
        | OwnerKind::ControlPlane
        | OwnerKind::Pods
        | OwnerKind::LoadBalancer
        | OwnerKind::NatGateway
        | OwnerKind::Endpoint
        | OwnerKind::VpcLink
        | OwnerKind::FileSystem => false,
    }
}

fn collect(context: &Context<'_>, owner: Id<Owner>, interface: Id<NetworkInterface>, all: &mut Vec<Stranded>) {
    let it = &context.network.interfaces[interface];
    let has_public = match it.public {
        PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => true,
        PublicAddress::None(_) | PublicAddress::Unknown(_) => false,
    };
    let Some(subnet) = it.subnet.known().filter(|_| it.is_certain && has_public) else { return };
    let table = context.routes.table(subnet);
    let is_same = |it: &&mut Stranded| it.subnets.contains(&subnet) || (it.table.is_some() && it.table == table);
    if let Some(known) = all.iter_mut().find(is_same) {
        attempts::add(&mut known.owners, owner);
        attempts::add(&mut known.subnets, subnet);
        known.interfaces.push(interface);
        return;
    }
    let answers = context.routes.internet(subnet, Family::V4);
    if answers.is_empty() || !answers.iter().all(leads_elsewhere) {
        return;
    }
    if let Some(known) = all.iter_mut().find(|it| it.owners == [owner]) {
        known.subnets.push(subnet);
        known.answers.extend(answers);
        known.interfaces.push(interface);
    } else {
        let (owners, subnets, interfaces) = (vec![owner], vec![subnet], vec![interface]);
        all.push(Stranded { owners, table, subnets, answers, interfaces });
    }
}

/// Whether what takes this way certainly never leaves by the address that it has.
fn leads_elsewhere(answer: &Answer) -> bool {
    if matches!(answer.state, State::Unknown(_)) {
        return false;
    }
    if matches!(answer.state, State::Blackhole(_)) {
        return true;
    }
    match &answer.target {
        None
        | Some(
            NextHop::Gone(_)
            | NextHop::Nat(_)
            | NextHop::TransitGateway(_)
            | NextHop::VpnGateway(_)
            | NextHop::Peering(_)
            | NextHop::EgressOnlyGateway(_),
        ) => true,
        Some(
            NextHop::Local
            | NextHop::InternetGateway(_)
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::Endpoint(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::CarrierGateway(_)
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_)
            | NextHop::OneOf(_)
            | NextHop::Unknown(_),
        ) => false,
    }
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, stranded: &Stranded) {
    let network = context.network;
    let labels = stranded.interfaces.iter().filter_map(|it| {
        let interface = &network.interfaces[*it];
        interface.name.label(format!("it has a public address: {}", interface.public.why()))
    });
    let mut labels: Vec<Label> = labels.collect();
    labels.dedup();
    if labels.is_empty() {
        return;
    }
    let at = labels.remove(0);
    let mut names: Vec<&str> = Vec::new();
    for interface in &stranded.interfaces {
        attempts::add(&mut names, network.interfaces[*interface].name.text());
    }
    let subnets: Vec<_> = stranded.subnets.iter().map(|it| network.subnets[*it].name.text()).collect();
    let is_one = subnets.len() == 1;
    let way = match stranded.answers.first() {
        Some(answer) if answer.target.is_some() => {
            let verb = if is_one { "leads" } else { "lead" };
            let mut hops = vec![context.routes.describe(answer)];
            for other in &stranded.answers {
                attempts::add(&mut hops, context.routes.describe(other));
            }
            format!("{verb} to {} instead of the internet gateway", hops.join(", "))
        }
        Some(_) | None => format!("{} no route to the internet", if is_one { "has" } else { "have" }),
    };
    let message = format!(
        "the public {} of `{}` {} of no use: `{}` {way}",
        if names.len() == 1 { "address" } else { "addresses" },
        names.join("`, `"),
        if names.len() == 1 { "is" } else { "are" },
        subnets.join("`, `"),
    );
    labels
        .extend(stranded.answers.iter().filter_map(|it| context.routes.label(it, "what it sends goes by this route")));
    labels.extend(stranded.subnets.iter().filter_map(|it| network.subnets[*it].name.label("in this subnet")));
    let reported = findings
        .report(at, message)
        .because(labels)
        .help("move it to a subnet whose default route leads to the internet gateway, or take the public address away");
    // Clients of what stands behind a load balancer do not come by its own address.
    let is_served = |it: Id<Owner>| {
        let resource = network.owners[it].name.resource();
        network.workloads.servings.iter().any(|serving| Some(serving.target.resource) == resource)
    };
    let is_asked = stranded.interfaces.iter().any(|it| admits_clients(context, *it));
    if !is_asked || stranded.owners.iter().all(|it| is_served(*it)) {
        reported.severity(Severity::Warning);
    }
}

/// Whether requests from the internet get in, to be answered by the wrong way.
fn admits_clients(context: &Context<'_>, interface: Id<NetworkInterface>) -> bool {
    let attempts = context.routes.from_internet(interface, &Traffic::to_ports(TCP, Ranges::of([PORTS])));
    attempts.iter().any(|attempt| !attempt.answer.certain(Fate::OneWay).is_empty())
}
