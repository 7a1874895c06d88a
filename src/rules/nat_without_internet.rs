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
            BehindNat::Nowhere => {
                let is_used = used.get(&id).copied().unwrap_or(Truth::False);
                let is_wanted = is_used.or(!leads_elsewhere(context, nat));
                if !is_wanted.possible() {
                    continue;
                }
                let message = format!(
                    "`{}` stands in a subnet that has no way to the internet: {}",
                    declared.address,
                    why(context, nat, &answers)
                );
                let finding = findings
                    .report(declared.label("this NAT gateway passes nothing on"), message)
                    .because(labels(context, nat, &answers))
                    .help(
                        "move it to a subnet whose default route leads to the VPC's internet gateway, or associate its \
                         subnet with such a table",
                    );
                if !is_wanted.certain() {
                    finding.possible();
                }
            }
            BehindNat::Unknown(why) => findings.unanswered(declared.address.as_str(), why),
            BehindNat::Internet | BehindNat::Itself | BehindNat::Elsewhere => (),
        }
    }
}

/// A NAT gateway that nobody sends the internet to may serve the networks that its subnet does lead to.
fn leads_elsewhere(context: &Context<'_>, nat: &NatGateway) -> Truth {
    let network = context.network;
    let subnets = nat.subnet().and_then(Link::candidates).unwrap_or_default();
    let is_hidden =
        subnets.is_empty() || subnets.iter().any(|&it| network.subnets[it].association.candidates().is_none());
    let tables: Vec<_> =
        subnets.iter().filter_map(|&subnet| network.subnets[subnet].association.candidates()).flatten().collect();
    let of_table = |&&table: &&Id<_>| {
        let routes = network.tables[table].routes.iter();
        Truth::any(routes.map(|route| leads_to_network(&route.target).and(is_there(route.is_certain))))
    };
    let each: Vec<Truth> = tables.iter().map(of_table).collect();
    match (Truth::any(each.iter().copied()), Truth::all(each.iter().copied())) {
        _ if is_hidden => Truth::Unknown,
        (Truth::False, _) => Truth::False,
        (_, all) => all.or(Truth::Unknown),
    }
}

fn is_there(is_certain: bool) -> Truth {
    if is_certain { Truth::True } else { Truth::Unknown }
}

/// Whether a target is another network.
fn leads_to_network(target: &NextHop) -> Truth {
    match target {
        NextHop::TransitGateway(_) | NextHop::VpnGateway(_) | NextHop::Peering(_) | NextHop::CoreNetwork(_) => {
            Truth::True
        }
        NextHop::OneOf(hops) => {
            let hops = hops.iter().map(leads_to_network);
            if hops.clone().all(Truth::certain) { Truth::True } else { Truth::any(hops).and(Truth::Unknown) }
        }
        NextHop::Unknown(_) => Truth::Unknown,
        NextHop::Local
        | NextHop::InternetGateway(_)
        | NextHop::EgressOnlyGateway(_)
        | NextHop::Nat(_)
        | NextHop::Interface(_)
        | NextHop::Instance(_)
        | NextHop::Endpoint(_)
        | NextHop::GatewayEndpoint(_)
        | NextHop::CarrierGateway(_)
        | NextHop::LocalGateway(_)
        | NextHop::Gone(_) => Truth::False,
    }
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
