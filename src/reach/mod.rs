//! Where packets go: the table in force, the next hop of every address, and the way to the internet.

pub mod balancing;
pub mod change;
pub mod class;
pub mod code;
pub mod egress;
pub mod exposure;
pub mod filter;
pub mod gap;
pub mod impact;
pub mod lookup;
pub mod memory;
pub mod named;
pub mod packets;
mod parts;
pub mod path;
pub mod question;
#[cfg(test)]
mod question_tests;
pub mod ranges;
pub mod readdress;
pub mod reply;
pub mod reroute;
pub mod space;
pub mod table;
#[cfg(test)]
mod tests;
pub mod tracking;
pub mod transit_egress;
pub mod transition;
mod walk;
pub mod words;
pub mod zones;

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use crate::{
    finding::Label,
    network::{
        Blackhole, Connectivity, Family, Id, Link, NatGateway, Network, NextHop, Placement, RouteTable, State, Subnet,
        Vpc,
    },
    value::Known,
};

pub use class::Classes;
pub use code::Code;
pub use exposure::Exposure;
pub use gap::{Gap, GapKind};
pub use lookup::Part;
pub use packets::{Packets, Product, Side};
pub use parts::{Answer, Parts};
pub use path::{Back, Fate, Outside, Path, Thing};
pub use question::{Party, Question, Reachability, Traffic, Verdict};
pub use ranges::Ranges;
pub use readdress::{Departure, Origin, Replacement, ReplacementKind};
pub use reroute::{Cause, Reroute};
pub use space::Space;
pub use transition::{Lasting, Transition};

/// Answers questions about routes. Tables are divided once each, however many subnets use them.
#[derive(Debug)]
pub struct RouteResolver<'a> {
    network: &'a Network,
    tables: Vec<OnceLock<Arc<Parts>>>,
    subnets: Vec<OnceLock<Arc<Parts>>>,
}

/// Where a packet is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    Address(IpAddr),
    /// To the bulk of the internet: wherever most of it is sent.
    Internet(Family),
}

/// The way of a packet.
#[derive(Clone, Debug)]
pub struct Trace {
    pub hops: Vec<Hop>,
    pub end: End,
}

/// One decision on the way.
#[derive(Clone, Debug)]
pub struct Hop {
    pub step: Step,
    pub target: NextHop,
    /// The route that decided, where the code has one.
    pub place: Option<Label>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Routed,
    /// Its source address was changed.
    Translated,
}

/// What becomes of a packet.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// It stays in the VPC; in this subnet, where that is known.
    Delivered(Option<Id<Subnet>>),
    Internet,
    OnPremises,
    /// Somebody takes it on whom nothing here follows.
    HandedOver(NextHop),
    Dropped(Reason),
    /// A NAT gateway gets it back.
    Loop(Id<NatGateway>),
    Unknown(String),
}

/// Why a packet is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    NoRoute,
    Blackhole(Blackhole),
    /// The internet gateway drops what a private NAT gateway sends.
    PrivateNat,
    /// The internet gateway drops what is not for the internet.
    NotPublic,
}

impl<'a> RouteResolver<'a> {
    pub fn new(network: &'a Network) -> Self {
        let cells = |count| std::iter::repeat_with(OnceLock::new).take(count).collect();
        Self { network, tables: cells(network.tables.len()), subnets: cells(network.subnets.len()) }
    }

    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// The table in force in a subnet, where that is certain.
    pub fn table(&self, subnet: Id<Subnet>) -> Option<Id<RouteTable>> {
        match self.network.subnets[subnet].association.candidates() {
            Some([table]) => Some(*table),
            Some(_) | None => None,
        }
    }

    /// The whole of both families, as a table divides it.
    pub fn parts(&self, table: Id<RouteTable>) -> Arc<Parts> {
        Arc::clone(self.tables[table.index()].get_or_init(|| Arc::new(Parts::of(self.network, table))))
    }

    /// The whole of both families, as it is divided in a subnet. Where its table is one of several, an address has the
    /// answers of each.
    pub fn parts_of(&self, subnet: Id<Subnet>) -> Arc<Parts> {
        Arc::clone(self.subnets[subnet.index()].get_or_init(|| {
            let it = &self.network.subnets[subnet];
            match it.association.candidates() {
                None => Arc::new(Parts::unknown(self.network, &it.vpc)),
                Some([table]) => self.parts(*table),
                Some(tables) => Arc::new(Parts::among(tables.iter().map(|&table| self.parts(table)))),
            }
        }))
    }

    /// What may become of a packet that leaves a subnet for an address: one answer where that is known.
    pub fn next_hop(&self, subnet: Id<Subnet>, address: IpAddr) -> Vec<Answer> {
        let parts = self.parts_of(subnet);
        parts.distinct(&parts.at(address).answers).cloned().collect()
    }

    /// What may become of most of what a subnet sends to the internet: one answer where that is known.
    pub fn internet(&self, subnet: Id<Subnet>, family: Family) -> Vec<Answer> {
        let parts = self.parts_of(subnet);
        parts.distinct(&parts.bulk(family)).cloned().collect()
    }

    /// Follows a packet from a subnet to an address.
    pub fn trace(&self, from: Id<Subnet>, to: IpAddr) -> Trace {
        self.follow(from, Aim::Address(to))
    }

    /// Follows a packet from a subnet, through NAT gateways, each of which forwards by its own subnet's table.
    pub fn follow(&self, from: Id<Subnet>, aim: Aim) -> Trace {
        let walk = Walk { resolver: self, aim, vpc: &self.network.subnets[from].vpc };
        walk.from(&self.parts_of(from), &mut Vec::new(), false)
    }

    /// Follows what a NAT gateway sends on.
    pub fn follow_nat(&self, nat: Id<NatGateway>, aim: Aim) -> Trace {
        let nowhere = Link::nothing("the NAT gateway's VPC");
        let vpc = match &self.network.nat_gateways[nat].placement {
            Placement::Zonal(subnet) => subnet.known().map_or(&nowhere, |subnet| &self.network.subnets[subnet].vpc),
            Placement::Regional(vpc) => vpc,
            Placement::Unknown(_) => &nowhere,
        };
        let walk = Walk { resolver: self, aim, vpc };
        walk.through_nat(nat, &mut Vec::new(), false)
    }

    /// A label at the route that gives an answer.
    pub fn label(&self, answer: &Answer, text: impl Into<String>) -> Option<Label> {
        let route = answer.route.map(|(table, route)| &self.network.tables[table].routes[route])?;
        route.written.place().map(|declared| declared.label(text))
    }

    /// How a message names an answer's next hop.
    pub fn describe(&self, answer: &Answer) -> String {
        answer.target.as_ref().map_or_else(|| "nowhere".to_owned(), |target| self.network.describe(target))
    }
}

/// The walk of one packet.
#[derive(Clone, Copy)]
struct Walk<'a> {
    resolver: &'a RouteResolver<'a>,
    aim: Aim,
    vpc: &'a Link<Vpc>,
}

impl Walk<'_> {
    /// The end from here on; where several are possible and not the same, it is not known.
    fn from(&self, parts: &Parts, passed: &mut Vec<Id<NatGateway>>, by_private: bool) -> Trace {
        let answers = match self.aim {
            Aim::Address(address) => Arc::clone(&parts.at(address).answers),
            Aim::Internet(family) => parts.bulk(family),
        };
        let traces: Vec<_> = parts.distinct(&answers).map(|answer| self.step(answer, passed, by_private)).collect();
        agreed(traces)
    }

    fn step(&self, answer: &Answer, passed: &mut Vec<Id<NatGateway>>, by_private: bool) -> Trace {
        let Some(target) = &answer.target else {
            return Trace { hops: Vec::new(), end: End::Dropped(Reason::NoRoute) };
        };
        let text = format!("this route leads to {}", self.resolver.network.describe(target));
        let hop = Hop { step: Step::Routed, target: target.clone(), place: self.resolver.label(answer, text) };
        let end = match &answer.state {
            State::Blackhole(reason) => End::Dropped(Reason::Blackhole(*reason)),
            State::Unknown(why) => End::Unknown(why.clone()),
            State::Active => {
                if let NextHop::Nat(nat) = target {
                    let mut trace = self.through_nat(*nat, passed, by_private);
                    trace.hops.insert(0, hop);
                    return trace;
                }
                self.end(target, by_private)
            }
        };
        Trace { hops: vec![hop], end }
    }

    fn end(&self, target: &NextHop, by_private: bool) -> End {
        match target {
            NextHop::Local => End::Delivered(self.subnet()),
            NextHop::InternetGateway(_) if by_private => End::Dropped(Reason::PrivateNat),
            NextHop::InternetGateway(_) if !self.is_public() => End::Dropped(Reason::NotPublic),
            NextHop::InternetGateway(_) | NextHop::EgressOnlyGateway(_) => End::Internet,
            NextHop::VpnGateway(_) => End::OnPremises,
            NextHop::Nat(_)
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::TransitGateway(_)
            | NextHop::Peering(_)
            | NextHop::Endpoint(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::CarrierGateway(_)
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_) => End::HandedOver(target.clone()),
            NextHop::Gone(_) => End::Dropped(Reason::Blackhole(Blackhole::Destroyed)),
            NextHop::OneOf(_) => End::Unknown("the target is one of several".to_owned()),
            NextHop::Unknown(unknown) => End::Unknown(unknown.to_string()),
        }
    }

    fn through_nat(&self, nat: Id<NatGateway>, passed: &mut Vec<Id<NatGateway>>, by_private: bool) -> Trace {
        let unknown = |why: String| Trace { hops: Vec::new(), end: End::Unknown(why) };
        if passed.contains(&nat) {
            return Trace { hops: Vec::new(), end: End::Loop(nat) };
        }
        let it = &self.resolver.network.nat_gateways[nat];
        let by_private = match &it.connectivity {
            Known::Written(kind) | Known::Default(kind) => by_private || *kind == Connectivity::Private,
            Known::Unknown(why) => return unknown(why.to_string()),
        };
        passed.push(nat);
        let mut trace = match &it.placement {
            Placement::Unknown(why) => unknown(why.to_string()),
            Placement::Regional(_) => match self.resolver.network.table_of_nat(nat) {
                Some(table) => self.from(&self.resolver.parts(table), passed, by_private),
                None => unknown("the NAT gateway's table".to_owned()),
            },
            Placement::Zonal(subnet) => match subnet.candidates() {
                None | Some([]) => unknown("the NAT gateway's subnet is not known".to_owned()),
                Some(subnets) => {
                    let from = |&subnet| self.from(&self.resolver.parts_of(subnet), passed, by_private);
                    agreed(subnets.iter().map(from).collect())
                }
            },
        };
        passed.pop();
        let place = it.name.label("this NAT gateway passes it on by its own subnet's route table");
        trace.hops.insert(0, Hop { step: Step::Translated, target: NextHop::Nat(nat), place });
        trace
    }

    fn is_public(&self) -> bool {
        match self.aim {
            Aim::Internet(_) => true,
            Aim::Address(address) => Space::internet(Family::of_address(address)).contains(address),
        }
    }

    fn subnet(&self) -> Option<Id<Subnet>> {
        let Aim::Address(address) = self.aim else { return None };
        let family = Family::of_address(address);
        let holds = |subnet: &Subnet| {
            subnet.vpc == *self.vpc
                && subnet.block_of(family).and_then(Known::get).is_some_and(|block| block.contains(&address))
        };
        self.resolver.network.subnets.iter().find(|(_, subnet)| holds(subnet)).map(|(id, _)| id)
    }
}

/// The first trace, where all end alike.
fn agreed(mut traces: Vec<Trace>) -> Trace {
    if traces.is_empty() {
        return Trace { hops: Vec::new(), end: End::Unknown("no answer".to_owned()) };
    }
    let first = traces.swap_remove(0);
    if traces.iter().all(|trace| trace.end == first.end) {
        return first;
    }
    let why = std::iter::once(&first).chain(&traces).find_map(|trace| match &trace.end {
        End::Unknown(why) => Some(why.clone()),
        End::Delivered(_) | End::Internet | End::OnPremises | End::HandedOver(_) | End::Dropped(_) | End::Loop(_) => {
            None
        }
    });
    let why = why.unwrap_or_else(|| "which of several routes is in force".to_owned());
    Trace { hops: first.hops, end: End::Unknown(why) }
}
