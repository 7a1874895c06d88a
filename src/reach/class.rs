//! Interfaces of equal behaviour: what is said of one of a class is said of all.
//!
//! Two subnets fare alike when their tables say the same of every address, the same list stands at their borders, they
//! are in one VPC and one zone, and no rule, route or list anywhere tells their addresses apart. Two interfaces fare
//! alike in such subnets with the same groups and the same kind of public address.

use ipnet::IpNet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::RouteResolver;
use crate::network::{
    Destination, Direction, Family, Id, Link, Network, NetworkInterface, OwnerKind, Peer, PublicAddress, Subnet,
};

/// Interfaces by what decides how they fare.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    /// Each class's members, in the order of the code.
    pub members: Vec<Vec<Id<NetworkInterface>>>,
}

/// The most blocks that rules and routes may name for subnets to be held against each of them.
const MOST_BLOCKS: usize = 10_000;

impl Classes {
    /// The class that each interface is in.
    pub fn by_member(&self) -> FxHashMap<Id<NetworkInterface>, usize> {
        let all = self.members.iter().enumerate();
        all.flat_map(|(class, members)| members.iter().map(move |member| (*member, class))).collect()
    }
}

impl RouteResolver<'_> {
    /// Divides interfaces into classes.
    pub fn classes(&self, interfaces: impl IntoIterator<Item = Id<NetworkInterface>>) -> Classes {
        self.classes_by(interfaces, interface_key)
    }

    /// Divides interfaces into classes that fare alike but for what their own security groups do.
    pub(super) fn classes_but_for_groups(&self, interfaces: impl IntoIterator<Item = Id<NetworkInterface>>) -> Classes {
        self.classes_by(interfaces, key_without_groups)
    }

    fn classes_by(
        &self,
        interfaces: impl IntoIterator<Item = Id<NetworkInterface>>,
        key_of: fn(&Network, Id<NetworkInterface>) -> String,
    ) -> Classes {
        let blocks = blocks(self.network());
        let special = special(self.network());
        let mut of_subnet: FxHashMap<Id<Subnet>, String> = FxHashMap::default();
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        let mut classes = Classes::default();
        for interface in interfaces {
            let it = &self.network().interfaces[interface];
            let subnet = it.subnet.known().map(|subnet| {
                let is_special = special.contains(&subnet);
                let key = || if is_special { format!("{subnet:?}") } else { self.subnet_key(subnet, &blocks) };
                of_subnet.entry(subnet).or_insert_with(key).clone()
            });
            // An interface whose subnet is not known is like no other.
            let subnet = subnet.unwrap_or_else(|| format!("{interface:?}"));
            let key = format!("{subnet} {}", key_of(self.network(), interface));
            let class = *places.entry(key).or_insert_with(|| {
                classes.members.push(Vec::new());
                classes.members.len() - 1
            });
            classes.members[class].push(interface);
        }
        classes
    }

    fn subnet_key(&self, id: Id<Subnet>, blocks: &[IpNet]) -> String {
        let subnet = &self.network().subnets[id];
        let known: Vec<IpNet> =
            Family::ALL.into_iter().filter_map(|family| subnet.block_of(family)?.get().copied()).collect();
        if known.is_empty() || MOST_BLOCKS < blocks.len() || self.table(id).is_none() {
            return format!("{id:?}");
        }
        let mut told: Vec<usize> = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            if known.iter().any(|own| block.contains(own)) {
                told.push(at);
            } else if known.iter().any(|own| own.contains(block)) {
                // Something tells its own addresses apart: it is like no other.
                return format!("{id:?}");
            }
        }
        let parts = self.parts_of(id);
        let hops = Family::ALL.map(|family| {
            let of = |part: &super::Part| {
                let answers: Vec<_> = parts
                    .distinct(&part.answers)
                    .map(|answer| format!("{:?} {:?}", answer.target, answer.state))
                    .collect();
                format!("{}-{} {}", part.first, part.last, answers.join("|"))
            };
            parts.of_family(family).iter().map(of).collect::<Vec<_>>().join(";")
        });
        format!("{:?} {:?} {:?} {told:?} {hops:?} {}", subnet.vpc, subnet.acl, subnet.zone, known.len())
    }
}

/// Subnets in which something stands that others' packets pass: its neighbours meet it without a list between.
fn special(network: &Network) -> FxHashSet<Id<Subnet>> {
    let nats = network.nat_gateways.iter().filter_map(|(_, nat)| nat.subnet()?.known());
    let attachments = network.transit_attachments.iter().flat_map(|(_, it)| it.subnets.iter().filter_map(Link::known));
    let endpoints = network.endpoints.iter().flat_map(|(_, it)| it.subnets.iter().filter_map(Link::known));
    let routers = network.interfaces.iter().filter(|(_, it)| it.source_dest_check.is(|checks| !*checks).possible());
    let routers = routers.filter_map(|(_, it)| it.subnet.known());
    nats.chain(attachments).chain(endpoints).chain(routers).collect()
}

fn interface_key(network: &Network, id: Id<NetworkInterface>) -> String {
    let groups = network.interfaces[id].groups.as_ref().map(|groups| {
        let ids: Vec<_> = groups.links.iter().map(Link::known).collect();
        format!("{ids:?} {:?}", groups.others)
    });
    format!("{} {groups:?}", key_without_groups(network, id))
}

fn key_without_groups(network: &Network, id: Id<NetworkInterface>) -> String {
    let it = &network.interfaces[id];
    let public = match &it.public {
        PublicAddress::None(_) => "none",
        PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => "public",
        PublicAddress::Unknown(_) => "unknown",
    };
    let kind: Option<OwnerKind> = it.owner.map(|owner| network.owners[owner].kind);
    // A known address may be told from its neighbours by a rule.
    format!("{public} {kind:?} {:?} {:?} {:?}", it.ipv6, it.addresses, it.source_dest_check)
}

/// Every block that a rule, a list or a route names, each once.
fn blocks(network: &Network) -> Vec<IpNet> {
    let mut all: Vec<IpNet> = Vec::new();
    for (_, group) in &network.security_groups {
        for rule in [Direction::In, Direction::Out].into_iter().flat_map(|direction| group.rules(direction)) {
            for peer in &rule.peers {
                if let Peer::Block(block) = peer {
                    all.push(*block);
                }
            }
        }
    }
    for (_, list) in &network.acls {
        let rules = [Direction::In, Direction::Out].into_iter().flat_map(|direction| list.rules(direction));
        all.extend(rules.filter_map(|rule| rule.block.get().copied()));
    }
    for (_, list) in &network.prefix_lists {
        all.extend(&list.blocks);
    }
    let of = |destination: &Destination| match destination {
        Destination::Block(block) => Some(*block),
        Destination::PrefixList(_) | Destination::Unknown { .. } => None,
    };
    for (_, table) in &network.tables {
        all.extend(table.routes.iter().filter_map(|route| of(&route.destination)));
    }
    for (_, table) in &network.transit_tables {
        all.extend(table.routes.iter().filter_map(|route| of(&route.destination)));
    }
    all.sort_unstable();
    all.dedup();
    all
}
