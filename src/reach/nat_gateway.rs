//! Behind NAT gateways: where the own subnet of each sends what it has translated.

use std::net::IpAddr;

use super::{Answer, RouteResolver};
use crate::network::{Family, Id, NatGateway, NextHop, Placement, State, Subnet};

/// Where a NAT gateway's own subnet sends the internet.
#[derive(Clone, Debug)]
pub enum BehindNat {
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

impl RouteResolver<'_> {
    /// Where the subnet of a NAT gateway sends the internet, and the answers that say so.
    pub fn behind_nat(&self, id: Id<NatGateway>) -> (BehindNat, Vec<Answer>) {
        self.behind_nat_by(id, |subnet| self.internet(subnet, Family::V4))
    }

    /// The same of one address.
    pub(super) fn behind_nat_to(&self, id: Id<NatGateway>, address: IpAddr) -> BehindNat {
        self.behind_nat_by(id, |subnet| self.next_hop(subnet, address)).0
    }

    fn behind_nat_by(
        &self,
        id: Id<NatGateway>,
        answers: impl Fn(Id<Subnet>) -> Vec<Answer>,
    ) -> (BehindNat, Vec<Answer>) {
        let unknown = |why: &str| (BehindNat::Unknown(why.to_owned()), Vec::new());
        let nat = &self.network().nat_gateways[id];
        let subnets: &[Id<Subnet>] = match &nat.placement {
            Placement::Zonal(subnet) => match subnet.candidates() {
                Some(subnets) if !subnets.is_empty() => subnets,
                Some(_) | None => return unknown("which subnet it is in"),
            },
            Placement::Regional(_) => return unknown("it is in no subnet"),
            Placement::Unknown(why) => return unknown(&why.to_string()),
        };
        let answers: Vec<_> = subnets.iter().copied().flat_map(answers).collect();
        let mut ways = answers.iter().map(|answer| way(answer, Some(id)));
        let Some(first) = ways.next() else { return unknown("where its subnet sends the internet") };
        let kind = std::mem::discriminant(&first);
        let way = match ways.find(|way| std::mem::discriminant(way) != kind) {
            None => first,
            Some(unknown @ BehindNat::Unknown(_)) => unknown,
            Some(BehindNat::Internet | BehindNat::Itself | BehindNat::Nowhere | BehindNat::Elsewhere) => match first {
                BehindNat::Unknown(why) => BehindNat::Unknown(why),
                BehindNat::Internet | BehindNat::Itself | BehindNat::Nowhere | BehindNat::Elsewhere => {
                    BehindNat::Unknown("which of several route tables is in force in its subnet".to_owned())
                }
            },
        };
        (way, answers)
    }
}

/// Where an answer leads; of `nat`, back to itself.
pub(super) fn way(answer: &Answer, nat: Option<Id<NatGateway>>) -> BehindNat {
    let Some(target) = &answer.target else { return BehindNat::Nowhere };
    match (target, &answer.state) {
        (NextHop::Nat(other), _) if Some(*other) == nat => BehindNat::Itself,
        (NextHop::Gone(_), _) | (_, State::Blackhole(_)) => BehindNat::Nowhere,
        (NextHop::InternetGateway(_), State::Active) => BehindNat::Internet,
        (NextHop::InternetGateway(_), State::Unknown(why)) => BehindNat::Unknown(why.clone()),
        (NextHop::Nat(_), _) => BehindNat::Unknown("what a NAT gateway does with another one's packets".to_owned()),
        (NextHop::Unknown(unknown), _) => BehindNat::Unknown(unknown.to_string()),
        (NextHop::OneOf(_), _) => BehindNat::Unknown("which target a route has".to_owned()),
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
        ) => BehindNat::Elsewhere,
    }
}
