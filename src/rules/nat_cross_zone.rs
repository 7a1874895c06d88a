//! Subnets that leave by another zone's NAT gateway although their own zone has one.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label},
    network::{Id, NatGateway, Subnet, zones::in_words},
    reach::zones::NatUse,
    value::Truth,
};

/// The subnets that one route leads to another zone.
struct Crossing {
    at: Label,
    nat: Id<NatGateway>,
    own: Id<NatGateway>,
    subnets: Vec<Id<Subnet>>,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut all: Vec<Crossing> = Vec::new();
    for NatUse { subnet, nat, answer, is_same_zone, own } in context.routes.nat_uses() {
        let (Truth::False, Some(own)) = (is_same_zone, own) else { continue };
        let place = context.routes.label(&answer, "this route leads to another zone");
        let Some(at) = place.or_else(|| context.network.subnets[subnet].name.label("")) else { continue };
        match all.iter_mut().find(|it| it.at == at && it.nat == nat) {
            Some(crossing) => attempts::add(&mut crossing.subnets, subnet),
            None => all.push(Crossing { at, nat, own, subnets: vec![subnet] }),
        }
    }
    for crossing in all {
        report(context, findings, crossing);
    }
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, crossing: Crossing) {
    let network = context.network;
    let nat = network.nat_gateways[crossing.nat].name.text();
    let own = network.nat_gateways[crossing.own].name.text();
    let names: Vec<_> = crossing.subnets.iter().map(|it| network.subnets[*it].name.text()).collect();
    let zone = |it: Option<&str>| it.map_or(String::new(), |zone| format!(" ({})", in_words(&[zone])));
    let message = format!(
        "`{}`{} {} the internet through `{nat}`{}, although `{own}` stands in {} zone",
        names.join("`, `"),
        zone(crossing.subnets.first().and_then(|it| network.subnets[*it].zone.text())),
        if names.len() == 1 { "reaches" } else { "reach" },
        zone(context.routes.zone_of_nat(crossing.nat).and_then(|it| it.text())),
        if names.len() == 1 { "its own" } else { "their own" },
    );
    let mut labels: Vec<Label> = Vec::new();
    labels.extend(network.nat_gateways[crossing.nat].name.label("the NAT gateway of another zone"));
    labels.extend(network.nat_gateways[crossing.own].name.label("the one of the subnet's own zone"));
    labels.extend(crossing.subnets.iter().filter_map(|it| network.subnets[*it].name.label("this subnet uses it")));
    findings
        .report(crossing.at, message)
        .because(labels)
        .help(format!("lead the default route of this route table to `{own}`"))
        .evidence("subnets", crossing.subnets.len());
}
