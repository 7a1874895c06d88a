//! Public NAT gateways whose own subnet has no way to the internet.

use super::{Context, nat_gateway::used_for_internet};
use crate::{
    finding::{Findings, Label},
    network::{Connectivity, Id, Link, NatGateway, NextHop, Placement, State},
    reach::{Answer, nat_gateway::BehindNat},
    value::Truth,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let used = used_for_internet(context);
    for (id, nat) in &context.network.nat_gateways {
        let Some(declared) = nat.name.in_code() else { continue };
        match nat.connectivity.is(|it| *it == Connectivity::Public) {
            Truth::True => (),
            Truth::False => continue,
            Truth::Unknown => {
                findings.unanswered(declared.address.as_str(), "whether it is public or private");
                continue;
            }
        }
        if let Placement::Regional(vpc) = &nat.placement {
            if context.network.has_internet_gateway(vpc) == Truth::False {
                let message = format!("`{}` stands in a VPC that has no internet gateway", declared.address);
                let help = "attach an internet gateway to the VPC";
                findings.report(declared.label("this NAT gateway passes nothing on"), message).help(help);
            }
            continue;
        }
        let (way, answers) = context.routes.behind_nat(id);
        match way {
            BehindNat::Nowhere if used.contains(&id) || !leads_elsewhere(context, nat) => {
                let message = format!(
                    "`{}` stands in a subnet that has no way to the internet: {}",
                    declared.address,
                    why(context, nat, &answers)
                );
                findings
                    .report(declared.label("this NAT gateway passes nothing on"), message)
                    .because(labels(context, nat, &answers))
                    .help(
                        "move it to a subnet whose default route leads to the VPC's internet gateway, or associate its \
                         subnet with such a table",
                    );
            }
            BehindNat::Unknown(why) => findings.unanswered(declared.address.as_str(), why),
            BehindNat::Nowhere | BehindNat::Internet | BehindNat::Itself | BehindNat::Elsewhere => (),
        }
    }
}

/// A NAT gateway that nobody sends the internet to may serve the networks that its subnet does lead to.
fn leads_elsewhere(context: &Context<'_>, nat: &NatGateway) -> bool {
    let subnets = nat.subnet().and_then(Link::candidates).unwrap_or_default();
    let tables =
        subnets.iter().filter_map(|&subnet| context.network.subnets[subnet].association.candidates()).flatten();
    let mut routes = tables.flat_map(|&table| &context.network.tables[table].routes);
    routes.any(|route| {
        matches!(
            route.target,
            NextHop::TransitGateway(_) | NextHop::VpnGateway(_) | NextHop::Peering(_) | NextHop::CoreNetwork(_)
        )
    })
}

fn why(context: &Context<'_>, nat: &NatGateway, answers: &[Answer]) -> String {
    let vpc = nat.subnet().and_then(Link::known).map(|subnet| &context.network.subnets[subnet].vpc);
    let blackhole = answers.iter().find_map(|answer| match (&answer.target, &answer.state) {
        (Some(target), State::Blackhole(why)) => {
            Some(format!("its default route leads to {}, but {why}", context.network.describe(target)))
        }
        (Some(_) | None, _) => None,
    });
    match blackhole {
        Some(blackhole) => blackhole,
        None if vpc.is_some_and(|vpc| context.network.has_internet_gateway(vpc) == Truth::False) => {
            "the VPC has no internet gateway".to_owned()
        }
        None => "its route table has no default route".to_owned(),
    }
}

fn labels(context: &Context<'_>, nat: &NatGateway, answers: &[Answer]) -> Vec<Label> {
    let network = context.network;
    let subnets = nat.subnet().and_then(Link::candidates).unwrap_or_default();
    let mut labels = Vec::new();
    for &subnet in subnets {
        labels.extend(network.subnets[subnet].name.label("it stands in this subnet"));
        let table: Option<Id<_>> = context.routes.table(subnet);
        labels.extend(table.and_then(|table| network.tables[table].name.label("this route table is in force there")));
    }
    labels.extend(answers.iter().filter_map(|answer| context.routes.label(answer, "this route drops what it wins")));
    labels
}
