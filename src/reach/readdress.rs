//! Public addresses that a plan changes: those that workloads leave from, and those that things answer on.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Lasting,
    egress::EgressAddress,
    reroute::{Cause, Kind},
    transition::Transition,
};
use crate::{
    network::{
        Connectivity, Declared, ElasticIp, Family, Id, Link, LoadBalancerKind, Name, NatGateway, Network,
        NetworkInterface, NextHop, Placement, PublicAddress, Subnet,
    },
    value::Truth,
};

/// Servers see other addresses of what leaves by a NAT gateway.
#[derive(Clone, Debug)]
pub struct Departure {
    pub cause: Origin,
    /// The NAT gateways before and after, by name.
    pub nats: (String, String),
    pub before: Vec<EgressAddress>,
    /// The addresses after that are none of those before.
    pub new: Vec<EgressAddress>,
    /// Whether some of those before stay.
    pub is_addition: bool,
    /// The subnets that leave by it before and after.
    pub subnets: Vec<Lasting<Subnet>>,
    /// Whether something is known to leave by it.
    pub is_lived_in: bool,
}

/// What makes servers see other addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// This address is given up, and another one taken.
    Address(Declared),
    /// This NAT gateway gets other addresses.
    Nat(Declared),
    /// The subnets leave by another NAT gateway, because of this.
    Route(Cause),
}

/// Something that is made anew, and is not found where it was.
#[derive(Clone, Debug)]
pub struct Replacement {
    pub at: Declared,
    pub kind: ReplacementKind,
    /// The old address, where the plan knows it.
    pub address: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplacementKind {
    /// Gets another DNS name, and other addresses behind it.
    LoadBalancer,
    /// A fixed address is another one.
    ElasticIp,
    /// The address that AWS gave it is another one.
    Instance,
    /// Has another id, by which routes of transit gateways name it.
    TransitAttachment,
}

/// The fixed addresses of both sides: those before, those after, and which of those after are new.
struct Compared {
    before: Vec<EgressAddress>,
    new: Vec<EgressAddress>,
    is_addition: bool,
    /// The new one that replaces one of the same resource.
    replaced: Option<Id<ElasticIp>>,
}

impl Transition<'_> {
    /// Where servers see other addresses than before.
    pub fn departures(&self) -> Vec<Departure> {
        let mut all = self.of_same_gateways();
        all.extend(self.of_other_gateways());
        all
    }

    /// NAT gateways that get other addresses.
    fn of_same_gateways(&self) -> Vec<Departure> {
        let (before, after) = (self.before().network(), self.after().network());
        let old: FxHashMap<&str, Id<NatGateway>> =
            before.nat_gateways.iter().map(|(id, it)| (it.name.text(), id)).collect();
        let users = self.users();
        let mut all = Vec::new();
        for (is, nat) in &after.nat_gateways {
            let (Some(declared), Some(&was)) = (nat.name.in_code(), old.get(nat.name.text())) else { continue };
            let Some(subnets) = users.get(&is) else { continue };
            let Some(compared) = self.compare(was, is) else { continue };
            let address = compared.replaced.and_then(|it| after.elastic_ips[it].name.in_code());
            all.push(Departure {
                cause: address.map_or(Origin::Nat(declared.clone()), |it| Origin::Address(it.clone())),
                nats: (nat.name.text().to_owned(), nat.name.text().to_owned()),
                before: compared.before,
                new: compared.new,
                is_addition: compared.is_addition,
                subnets: subnets.clone(),
                is_lived_in: true,
            });
        }
        all
    }

    /// Subnets that leave by another NAT gateway.
    fn of_other_gateways(&self) -> Vec<Departure> {
        let mut all: Vec<Departure> = Vec::new();
        let is_plain = |it: &&super::Reroute| it.kind == Kind::Nat && !it.impact.is_loss() && !it.cause.is_implicit();
        for reroute in self.reroutes().iter().filter(is_plain) {
            let family = if reroute.to.of_family(Family::V4).is_empty() { Family::V6 } else { Family::V4 };
            let Some(address) = reroute.to.of_family(family).first() else { continue };
            let was = only_nat(&self.before().next_hop(reroute.subnet.was, address));
            let is = only_nat(&self.after().next_hop(reroute.subnet.is, address));
            let (Some(was), Some(is)) = (was, is) else { continue };
            let Some(compared) = self.compare(was, is) else { continue };
            let name = |network: &Network, nat| network.nat_gateways[nat].name.text().to_owned();
            let nats = (name(self.before().network(), was), name(self.after().network(), is));
            let cause = Origin::Route(reroute.cause.clone());
            match all.iter_mut().find(|it| it.cause == cause && it.nats == nats) {
                Some(known) => {
                    if known.subnets.last() != Some(&reroute.subnet) {
                        known.subnets.push(reroute.subnet);
                    }
                    known.is_lived_in |= reroute.is_lived_in;
                }
                None => all.push(Departure {
                    cause,
                    nats,
                    before: compared.before,
                    new: compared.new,
                    is_addition: compared.is_addition,
                    subnets: vec![reroute.subnet],
                    is_lived_in: reroute.is_lived_in,
                }),
            }
        }
        all
    }

    /// By NAT gateway: the subnets that lead most of the internet to it, before and after to one of the same name.
    fn users(&self) -> FxHashMap<Id<NatGateway>, Vec<Lasting<Subnet>>> {
        let mut all: FxHashMap<Id<NatGateway>, Vec<Lasting<Subnet>>> = FxHashMap::default();
        for subnet in self.subnets() {
            let was = only_nat(&self.before().internet(subnet.was, Family::V4));
            let is = only_nat(&self.after().internet(subnet.is, Family::V4));
            if let (Some(was), Some(is)) = (was, is)
                && self.before().network().nat_gateways[was].name.text()
                    == self.after().network().nat_gateways[is].name.text()
            {
                all.entry(is).or_default().push(subnet);
            }
        }
        all
    }

    /// The addresses of two NAT gateways; `None` where those after are none that were not there before, or cannot be told.
    fn compare(&self, was: Id<NatGateway>, is: Id<NatGateway>) -> Option<Compared> {
        let (before, after) = (self.before().network(), self.after().network());
        let (old, new) = (&before.nat_gateways[was], &after.nat_gateways[is]);
        let is_public = |nat: &NatGateway| nat.connectivity.get() == Some(&Connectivity::Public);
        if !is_public(old) || !is_public(new) || old.addresses.is_empty() {
            return None;
        }
        let seen = |network, link: &Link<ElasticIp>| super::egress::fixed(network, link);
        let mut compared = Compared { before: Vec::new(), new: Vec::new(), is_addition: false, replaced: None };
        compared.before.extend(old.addresses.iter().map(|link| seen(before, link)));
        for link in &new.addresses {
            let same = Truth::any(old.addresses.iter().map(|it| self.is_same_address(it, link)));
            if same.possible() {
                compared.is_addition = true;
                continue;
            }
            compared.new.push(seen(after, link));
            let replaced = link.known().filter(|it| self.is_replaced(&after.elastic_ips[*it].name));
            compared.replaced = compared.replaced.or(replaced);
        }
        if new.addresses.is_empty() && matches!(new.placement, Placement::Regional(_)) {
            compared.new.push(EgressAddress::Changing("AWS gives it addresses".to_owned()));
        }
        (!compared.new.is_empty()).then_some(compared)
    }

    /// What is made anew and has another address or name then. Addresses of NAT gateways are among the departures.
    pub fn replacements(&self) -> Vec<Replacement> {
        let (before, after) = (self.before().network(), self.after().network());
        let departing: FxHashSet<String> = self.departures().into_iter().filter_map(|it| it.cause.address()).collect();
        let old_addresses = by_name(before.elastic_ips.iter().map(|(_, it)| (&it.name, it)));
        let old_instances = by_name(before.instances.iter().map(|(_, it)| (&it.name, it)));
        let mut all = Vec::new();
        let mut add = |at: &Declared, kind, address| all.push(Replacement { at: at.clone(), kind, address });
        for (_, it) in &after.load_balancers {
            // Nobody calls a gateway load balancer by its name.
            let is_called = it.kind.is(|kind| *kind != LoadBalancerKind::Gateway).certain();
            if let Some(at) = it.name.in_code().filter(|_| is_called && self.is_replaced(&it.name)) {
                add(at, ReplacementKind::LoadBalancer, None);
            }
        }
        for (_, it) in &after.elastic_ips {
            let Some(at) = it.name.in_code().filter(|_| self.is_replaced(&it.name)) else { continue };
            let was = old_addresses.get(it.name.text()).and_then(|old| old.public_address.clone());
            if !departing.contains(at.address.as_str()) && (was.is_none() || was != it.public_address) {
                add(at, ReplacementKind::ElasticIp, was);
            }
        }
        for (_, it) in &after.instances {
            let Some(at) = it.name.in_code().filter(|_| self.is_replaced(&it.name)) else { continue };
            let old = old_instances.get(it.name.text());
            let is_assigned = |network: &Network, interface: Option<Id<NetworkInterface>>| {
                interface.is_some_and(|it| matches!(network.interfaces[it].public, PublicAddress::Assigned(_)))
            };
            if old.is_some_and(|old| is_assigned(before, old.interface)) && is_assigned(after, it.interface) {
                add(at, ReplacementKind::Instance, self.old_text(at, "public_ip"));
            }
        }
        for (_, it) in &after.transit_attachments {
            if let Some(at) = it.name.in_code().filter(|_| self.is_replaced(&it.name)) {
                add(at, ReplacementKind::TransitAttachment, self.old_text(at, "id"));
            }
        }
        all
    }

    /// An attribute of what a resource was.
    fn old_text(&self, of: &Declared, attribute: &str) -> Option<String> {
        let resource = self.before.graph.resource(self.before.graph.find(&of.address)?);
        resource.set(attribute).and_then(crate::value::Value::text).map(str::to_owned)
    }
}

impl Origin {
    /// The resource that it is.
    pub fn declared(&self) -> &Declared {
        match self {
            Self::Address(it) | Self::Nat(it) => it,
            Self::Route(cause) => cause.declared(),
        }
    }

    fn address(&self) -> Option<String> {
        match self {
            Self::Address(it) => Some(it.address.to_string()),
            Self::Nat(_) | Self::Route(_) => None,
        }
    }
}

fn by_name<'n, T>(all: impl Iterator<Item = (&'n Name, &'n T)>) -> FxHashMap<&'n str, &'n T> {
    all.map(|(name, it)| (name.text(), it)).collect()
}

/// The NAT gateway that all answers lead to.
fn only_nat(answers: &[super::Answer]) -> Option<Id<NatGateway>> {
    match answers {
        [super::Answer { target: Some(NextHop::Nat(nat)), .. }] => Some(*nat),
        _ => None,
    }
}
