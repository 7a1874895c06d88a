//! To the internet through transit gateways: what becomes of what spokes send to a central VPC, and of the answers.

use super::{
    Code, Party, Path, Question, RouteResolver, Space, Thing, Traffic,
    packets::TCP,
    path::{End, Fate, Hop},
};
use crate::network::{Family, Id, NatGateway, NextHop, State, Subnet};

/// What a spoke's subnet sends to the internet, or is answered, and where that ends.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The spoke's.
    pub subnet: Id<Subnet>,
    /// The decision by a route table that loses it.
    pub hop: Hop,
    /// Whether it is the answers that are lost.
    pub is_answer: bool,
    /// The NAT gateway on the way.
    pub nat: Option<Id<NatGateway>>,
}

impl RouteResolver<'_> {
    /// Everything that subnets which lead to a transit gateway certainly lose in another VPC.
    pub fn lost_behind_transit(&self) -> Vec<Lost> {
        let network = self.network();
        let mut lost = Vec::new();
        for (subnet, it) in &network.subnets {
            let answers = self.internet(subnet, Family::V4);
            let [answer] = answers.as_slice() else { continue };
            let (Some(NextHop::TransitGateway(_)), State::Active) = (&answer.target, &answer.state) else { continue };
            let Some(block) = it.block_of(Family::V4).and_then(|block| block.get()) else { continue };
            let answer = self.reach(&Question {
                from: Party::Subnet(subnet, Space::of([*block])),
                to: Party::Internet(Space::internet(Family::V4)),
                traffic: Traffic::to_port(TCP, 443),
            });
            lost.extend(answer.paths.iter().filter_map(|path| of(subnet, path)));
        }
        lost
    }
}

fn of(subnet: Id<Subnet>, path: &Path) -> Option<Lost> {
    let crossed = path.hops.iter().position(|hop| hop.thing == Thing::TransitGateway)?;
    let nat = path.hops.iter().find_map(|hop| if let Thing::Nat(nat) = hop.thing { Some(nat) } else { None });
    if path.doubt.is_some() {
        return None;
    }
    let (hops, end, is_answer) = match (path.fate(), &path.back) {
        (Fate::Blocked, _) => (&path.hops[crossed..], &path.end, false),
        (Fate::OneWay, Some(back)) if nat.is_some() => (&back.hops[..], &back.end, true),
        (Fate::OneWay | Fate::Answered | Fate::Unknown, _) => return None,
    };
    // What leads an answer to the internet gateway sends it away from whoever asked.
    let is_led_out = *end == End::Dropped(Code::AsymmetricReply)
        && matches!(hops.last().map(|hop| hop.thing), Some(Thing::InternetGateway(_)));
    if !is_by_table(end) && !is_led_out {
        return None;
    }
    let hop = hops.iter().rev().find(|hop| hop.thing == Thing::Table)?.clone();
    Some(Lost { subnet, hop, is_answer, nat })
}

/// Whether a route table is what loses it.
fn is_by_table(end: &End) -> bool {
    let codes = [Code::NoRouteToDestination, Code::BadStateRoute, Code::RoutingLoop, Code::IgwDestinationNotPublic];
    matches!(end, End::Dropped(code) if codes.contains(code))
}
