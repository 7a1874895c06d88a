//! Private NAT gateways that subnets send the internet to.

use std::collections::BTreeMap;

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::{Connectivity, Family, Id, Link, NatGateway, NextHop},
    reach::nat_gateway::BehindNat,
    value::Truth,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, (subnets, labels)) in users(context) {
        let nat = &context.network.nat_gateways[id];
        let Some(declared) = nat.name.in_code() else { continue };
        match nat.connectivity.is(|it| *it == Connectivity::Private) {
            Truth::True => (),
            Truth::False => continue,
            Truth::Unknown => {
                findings.unanswered(declared.address.as_str(), "whether it is public or private");
                continue;
            }
        }
        let why = match context.routes.behind_nat(id).0 {
            BehindNat::Internet => "the internet gateway drops what it passes on",
            BehindNat::Nowhere => "its own subnet has no way to the internet either",
            BehindNat::Unknown(why) => {
                findings.unanswered(declared.address.as_str(), why);
                continue;
            }
            BehindNat::Itself | BehindNat::Elsewhere => continue,
        };
        let noun = if subnets == 1 { "subnet sends" } else { "subnets send" };
        let message = format!("{subnets} {noun} the internet to the private `{}`: {why}", declared.address);
        findings
            .report(declared.label("this NAT gateway has no public address"), message)
            .because(labels)
            .evidence("subnets", subnets)
            .help("make it public, with an allocation_id and in a subnet that leads to the internet gateway, or route only private blocks to it");
    }
}

/// The NAT gateways that subnets certainly send the internet to: by how many, and by which routes.
fn users(context: &Context<'_>) -> BTreeMap<Id<NatGateway>, (usize, Vec<Label>)> {
    let mut users: BTreeMap<Id<NatGateway>, (usize, Vec<Label>)> = BTreeMap::new();
    for subnet in context.network.subnets.ids() {
        let answers = context.routes.internet(subnet, Family::V4);
        let [answer] = answers.as_slice() else { continue };
        let Some(NextHop::Nat(nat)) = &answer.target else { continue };
        // What its own subnet sends to it is a loop.
        if context.network.nat_gateways[*nat].subnet().and_then(Link::known) == Some(subnet) {
            continue;
        }
        let (count, labels) = users.entry(*nat).or_default();
        *count += 1;
        let label = context.routes.label(answer, "this route sends the internet to it");
        labels.extend(label.filter(|label| !labels.contains(label)));
    }
    users
}
