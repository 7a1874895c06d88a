//! Interfaces of equal behaviour: what is said of one of a class is said of all.
//!
//! Two subnets fare alike when their tables say the same of every address, the same list stands at their borders, they
//! are in one VPC and one zone, and no rule, route or list anywhere tells their addresses apart. Two interfaces fare
//! alike in such subnets with the same groups and the same kind of public address.

use std::net::IpAddr;

use ipnet::IpNet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::RouteResolver;
use crate::{
    network::{
        Destination, Direction, Family, Groups, Id, Link, Network, NetworkInterface, OwnerKind, Peer, PublicAddress,
        RouteTable, SecurityGroup, Subnet,
    },
    value::{Known, Truth},
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
        key_of: fn(&Network, Id<NetworkInterface>) -> InterfaceKey,
    ) -> Classes {
        let subnets = self.subnet_classes();
        let mut places: FxHashMap<(Place, InterfaceKey), usize> = FxHashMap::default();
        let mut classes = Classes::default();
        for interface in interfaces {
            let subnet = self.network().interfaces[interface].subnet.known();
            let place = subnet.map_or(Place::Unknown(interface), |subnet| Place::Class(subnets[subnet.index()]));
            let class = *places.entry((place, key_of(self.network(), interface))).or_insert_with(|| {
                classes.members.push(Vec::new());
                classes.members.len() - 1
            });
            classes.members[class].push(interface);
        }
        classes
    }

    /// By subnet: the number of its class, worked out once for all of them.
    fn subnet_classes(&self) -> &[usize] {
        self.subnet_classes.get_or_init(|| {
            let blocks = blocks(self.network());
            let special = special(self.network());
            let mut hops = HopNumbers::default();
            let mut classes: FxHashMap<String, usize> = FxHashMap::default();
            let of = |subnet| {
                let is_special = special.contains(&subnet);
                let key = (!is_special).then(|| self.subnet_key(subnet, &blocks, &mut hops)).flatten();
                let class = classes.len();
                *classes.entry(key.unwrap_or_else(|| format!("{subnet:?}"))).or_insert(class)
            };
            self.network().subnets.ids().map(of).collect()
        })
    }

    /// What decides how a subnet fares; `None` for one that is like no other.
    fn subnet_key(&self, id: Id<Subnet>, blocks: &[IpNet], hops: &mut HopNumbers) -> Option<String> {
        let subnet = &self.network().subnets[id];
        let known: Vec<IpNet> =
            Family::ALL.into_iter().filter_map(|family| subnet.block_of(family)?.get().copied()).collect();
        if known.is_empty() || MOST_BLOCKS < blocks.len() {
            return None;
        }
        let table = self.table(id)?;
        let mut told: Vec<usize> = Vec::new();
        for own in &known {
            told.extend(around(blocks, own)?);
        }
        let hops = hops.number(self, table);
        Some(format!("{:?} {:?} {:?} {told:?} {hops} {}", subnet.vpc, subnet.acl, subnet.zone, known.len()))
    }

    /// What a table does with every address.
    fn hops_key(&self, table: Id<RouteTable>) -> String {
        let parts = self.parts(table);
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
        format!("{hops:?}")
    }
}

/// Where an interface stands, as far as it decides how it fares. One whose subnet is not known is like no other.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Class(usize),
    Unknown(Id<NetworkInterface>),
}

/// Numbers for what tables do: equal ones for those that do the same.
#[derive(Default)]
struct HopNumbers {
    of_table: FxHashMap<Id<RouteTable>, usize>,
    numbers: FxHashMap<String, usize>,
}

impl HopNumbers {
    fn number(&mut self, resolver: &RouteResolver<'_>, table: Id<RouteTable>) -> usize {
        *self.of_table.entry(table).or_insert_with(|| {
            let next = self.numbers.len();
            *self.numbers.entry(resolver.hops_key(table)).or_insert(next)
        })
    }
}

/// The places in `blocks`, which are sorted, of those that hold all of `own`; `None` where one holds some of it alone.
fn around(blocks: &[IpNet], own: &IpNet) -> Option<Vec<usize>> {
    let own = own.trunc();
    // What is within it and smaller stands right behind it.
    let after = blocks.partition_point(|block| *block <= own);
    if blocks.get(after).is_some_and(|next| own.contains(next)) {
        return None;
    }
    let holding = (0..=own.prefix_len()).filter_map(|prefix| IpNet::new(own.addr(), prefix).ok());
    Some(holding.filter_map(|block| blocks.binary_search(&block.trunc()).ok()).collect())
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

/// What of an interface itself decides how it fares.
#[derive(PartialEq, Eq, Hash)]
struct InterfaceKey {
    groups: Option<GroupsKey>,
    public: &'static str,
    kind: Option<OwnerKind>,
    ipv6: Truth,
    /// A known address may be told from its neighbours by a rule.
    addresses: Vec<Told<IpAddr>>,
    source_dest_check: Told<bool>,
}

/// The groups of an interface, and why there may be others.
pub(super) type GroupsKey = (Vec<Option<Id<SecurityGroup>>>, Option<String>);

/// A value and whether the code writes it, or why it is not known.
pub(super) type Told<T> = Result<(T, bool), String>;

pub(super) fn groups_key(groups: &Groups) -> GroupsKey {
    (groups.links.iter().map(Link::known).collect(), groups.others.clone())
}

pub(super) fn told<T: Copy>(known: &Known<T>) -> Told<T> {
    match known {
        Known::Written(value) => Ok((*value, true)),
        Known::Default(value) => Ok((*value, false)),
        Known::Unknown(why) => Err(format!("{why:?}")),
    }
}

fn interface_key(network: &Network, id: Id<NetworkInterface>) -> InterfaceKey {
    let groups = network.interfaces[id].groups.as_ref().map(groups_key);
    InterfaceKey { groups, ..key_without_groups(network, id) }
}

fn key_without_groups(network: &Network, id: Id<NetworkInterface>) -> InterfaceKey {
    let it = &network.interfaces[id];
    let public = match &it.public {
        PublicAddress::None(_) => "none",
        PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => "public",
        PublicAddress::Unknown(_) => "unknown",
    };
    InterfaceKey {
        groups: None,
        public,
        kind: it.owner.map(|owner| network.owners[owner].kind),
        ipv6: it.ipv6,
        addresses: it.addresses.iter().map(told).collect(),
        source_dest_check: told(&it.source_dest_check),
    }
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
    for block in &mut all {
        *block = block.trunc();
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block() -> impl Strategy<Value = IpNet> {
        (0_u32..16, 24_u8..33).prop_map(|(bits, prefix)| {
            let address = std::net::Ipv4Addr::from_bits(0x0a00_0000 | bits << 4);
            IpNet::new(IpAddr::V4(address), prefix).unwrap().trunc()
        })
    }

    proptest! {
        #[test]
        fn blocks_around_are_those_that_a_scan_finds(mut blocks in prop::collection::vec(block(), 0..12), own in block()) {
            blocks.sort_unstable();
            blocks.dedup();
            let is_cut = blocks.iter().any(|it| own.contains(it) && !it.contains(&own));
            let holding = blocks.iter().enumerate().filter(|(_, it)| it.contains(&own)).map(|(at, _)| at);
            let expected = (!is_cut).then(|| holding.collect::<Vec<_>>());
            prop_assert_eq!(around(&blocks, &own), expected);
        }
    }
}
