//! What the rules about NAT gateways share: where the own subnet of each sends the internet.

use rustc_hash::FxHashSet;

use super::Context;
use crate::{
    network::{Family, Id, NatGateway, NextHop, Placement, State, Subnet},
    reach::Answer,
};

/// Where a NAT gateway's own subnet sends the internet.
#[derive(Clone, Debug)]
pub(super) enum Onward {
    /// To an internet gateway that is there.
    Internet,
    /// Back to the NAT gateway itself.
    Itself,
    /// Nowhere: no route, or one to a target that is not there.
    Nowhere,
    /// To somebody who may know a way.
    Elsewhere,
    Unknown(String),
}

/// Where the subnet of a NAT gateway sends the internet, and the answers that say so.
pub(super) fn onward(context: &Context<'_>, id: Id<NatGateway>) -> (Onward, Vec<Answer>) {
    let unknown = |why: &str| (Onward::Unknown(why.to_owned()), Vec::new());
    let nat = &context.network.nat_gateways[id];
    let subnets: &[Id<Subnet>] = match &nat.placement {
        Placement::Zonal(subnet) => match subnet.candidates() {
            Some(subnets) if !subnets.is_empty() => subnets,
            Some(_) | None => return unknown("which subnet it is in"),
        },
        Placement::Regional(_) => return unknown("it is in no subnet"),
        Placement::Unknown(why) => return unknown(&why.to_string()),
    };
    let answers: Vec<_> = subnets.iter().flat_map(|&subnet| context.routes.internet(subnet, Family::V4)).collect();
    let mut ways = answers.iter().map(|answer| way(answer, id));
    let Some(first) = ways.next() else { return unknown("where its subnet sends the internet") };
    let kind = std::mem::discriminant(&first);
    let way = match ways.find(|way| std::mem::discriminant(way) != kind) {
        None => first,
        Some(unknown @ Onward::Unknown(_)) => unknown,
        Some(Onward::Internet | Onward::Itself | Onward::Nowhere | Onward::Elsewhere) => match first {
            Onward::Unknown(why) => Onward::Unknown(why),
            Onward::Internet | Onward::Itself | Onward::Nowhere | Onward::Elsewhere => {
                Onward::Unknown("which of several route tables is in force in its subnet".to_owned())
            }
        },
    };
    (way, answers)
}

fn way(answer: &Answer, nat: Id<NatGateway>) -> Onward {
    let Some(target) = &answer.target else { return Onward::Nowhere };
    match (target, &answer.state) {
        (NextHop::Nat(other), _) if *other == nat => Onward::Itself,
        (NextHop::Gone(_), _) | (_, State::Blackhole(_)) => Onward::Nowhere,
        (NextHop::InternetGateway(_), State::Active) => Onward::Internet,
        (NextHop::InternetGateway(_), State::Unknown(why)) => Onward::Unknown(why.clone()),
        (NextHop::Nat(_), _) => Onward::Unknown("what a NAT gateway does with another one's packets".to_owned()),
        (NextHop::Unknown(unknown), _) => Onward::Unknown(unknown.to_string()),
        (NextHop::OneOf(_), _) => Onward::Unknown("which target a route has".to_owned()),
        (
            NextHop::Local
            | NextHop::EgressOnlyGateway(_)
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::VpnGateway(_)
            | NextHop::TransitGateway(_)
            | NextHop::Peering(_)
            | NextHop::Endpoint(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::CarrierGateway(_)
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_),
            _,
        ) => Onward::Elsewhere,
    }
}

/// The NAT gateways that some table sends the internet to, or may.
pub(super) fn used_for_internet(context: &Context<'_>) -> FxHashSet<Id<NatGateway>> {
    let mut used = FxHashSet::default();
    for table in context.network.tables.ids() {
        let parts = context.routes.parts(table);
        for answer in parts.distinct(&parts.bulk(Family::V4)) {
            if let Some(target) = &answer.target {
                collect(target, &mut used);
            }
        }
    }
    used
}

fn collect(target: &NextHop, used: &mut FxHashSet<Id<NatGateway>>) {
    if let NextHop::Nat(nat) = target {
        used.insert(*nat);
    }
    if let NextHop::OneOf(hops) = target {
        for hop in hops {
            collect(hop, used);
        }
    }
}
