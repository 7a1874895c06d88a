//! Workloads of several zones behind the NAT gateway of one.

use std::collections::BTreeMap;

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label},
    network::{Id, NatGateway, NetworkInterface, Subnet, Zone, zones::in_words},
    reach::zones::NatUse,
    value::Truth,
};

/// Who uses one NAT gateway.
#[derive(Default)]
struct Users {
    /// In zones other than its own, which have none.
    far: Vec<Id<Subnet>>,
    callers: Vec<Id<NetworkInterface>>,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut by_nat: BTreeMap<Id<NatGateway>, Users> = BTreeMap::new();
    let callers = context.routes.callers();
    for NatUse { subnet, nat, is_same_zone, own, .. } in context.routes.nat_uses() {
        let Some(callers) = callers.get(&subnet) else { continue };
        let users = by_nat.entry(nat).or_default();
        users.callers.extend(callers);
        if is_same_zone == Truth::False && own.is_none() {
            users.far.push(subnet);
        }
    }
    for (nat, users) in by_nat {
        if !users.far.is_empty() && 1 < zones(context, &users.callers).len() {
            report(context, findings, nat, &users);
        }
    }
}

/// The zones that these interfaces are in, each once, where the code names them.
fn zones<'a>(context: &Context<'a>, interfaces: &[Id<NetworkInterface>]) -> Vec<&'a str> {
    let network = context.network;
    let subnets = interfaces.iter().filter_map(|it| network.interfaces[*it].subnet.known());
    let mut zones: Vec<_> = subnets.filter_map(|subnet| network.subnets[subnet].zone.text()).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, nat: Id<NatGateway>, users: &Users) {
    let network = context.network;
    let name = &network.nat_gateways[nat].name;
    let Some(at) = name.label("this NAT gateway stands in one zone") else { return };
    let zones = zones(context, &users.callers);
    let mut owners: Vec<&str> = Vec::new();
    for caller in &users.callers {
        attempts::add(&mut owners, network.interfaces[*caller].name.text());
    }
    let message = format!(
        "workloads of {} zones ({}) reach the internet only through `{}`{}",
        zones.len(),
        in_words(&zones),
        name.text(),
        context
            .routes
            .zone_of_nat(nat)
            .and_then(Zone::text)
            .map_or(String::new(), |zone| format!(", which stands in {}", in_words(&[zone]))),
    );
    let mut labels: Vec<Label> = Vec::new();
    for caller in &users.callers {
        if let Some(label) = network.interfaces[*caller].name.label("depends on it") {
            attempts::add(&mut labels, label);
        }
    }
    let far = users.far.iter().filter_map(|it| network.subnets[*it].name.label("a subnet of another zone leads to it"));
    labels.extend(far);
    findings
        .report(at, message)
        .because(labels)
        .help("make a NAT gateway in each of these zones, and a route table for each zone that leads to its own")
        .evidence("zones", zones.len())
        .evidence("workloads", owners.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
}
