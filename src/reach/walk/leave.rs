//! Out of an interface and out of a subnet: security groups, the network ACL, and the table that decides.

use super::{Border, Ends, Flow, Memory, Target, Walker};
use crate::{
    network::{Destination, Direction, Family, Id, Link, NetworkInterface, NextHop, RouteTable, State, Subnet, Vpc},
    reach::{
        Answer, Code, Packets, Parts, Ranges, Side, Space,
        filter::{self, Other},
        path::{End, Hop, Path, Step, Thing},
    },
};

impl Walker<'_> {
    /// Sends packets from an interface: its security groups first.
    pub(in crate::reach) fn leave_interface(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Vec<Path> {
        let it = &self.network.interfaces[interface];
        let Some(subnet) = it.subnet.known() else { return Self::unknown(flow, self.why_nowhere(interface)) };
        if flow.is_reply || self.ends == Ends::LetPass {
            return self.leave_subnet(flow, subnet);
        }
        let other = self.other_end(flow, interface);
        let filtered = filter::groups(self.resolver, it.groups.as_ref(), Direction::Out, &flow.packets, other);
        let border = self.groups_border(interface, Direction::Out);
        Self::filtered(flow, &filtered, &border, &|flow| self.leave_subnet(flow, subnet))
    }

    /// Why an interface is nowhere.
    pub(super) fn why_nowhere(&self, interface: Id<NetworkInterface>) -> String {
        let it = &self.network.interfaces[interface];
        match &it.subnet {
            Link::Unknown(why) => format!("the subnet of `{}`: {why}", it.name.text()),
            Link::Known(_) | Link::OneOf(_) | Link::Gone(_) => format!("which subnet `{}` is in", it.name.text()),
        }
    }

    pub(super) fn groups_border(&self, interface: Id<NetworkInterface>, direction: Direction) -> Border<'_> {
        let it = &self.network.interfaces[interface];
        let links = it.groups.iter().flat_map(|groups| &groups.links);
        let names: Vec<_> = links
            .filter_map(Link::known)
            .map(|group| format!("`{}`", self.network.security_groups[group].name.text()))
            .collect();
        let what = match names.as_slice() {
            [] => format!("the security groups of `{}` ({})", it.name.text(), direction.word()),
            names => format!("{} ({})", names.join(", "), direction.word()),
        };
        let first = it.groups.iter().flat_map(|groups| &groups.links).find_map(Link::known);
        let place = first.and_then(|group| self.network.security_groups[group].name.label(""));
        Border {
            resource: first.map_or_else(|| it.name.text(), |group| self.network.security_groups[group].name.text()),
            what,
            thing: Thing::Groups(interface),
            place,
            code: Code::EniSgRulesMismatch,
            code_without_rules: Code::SgHasNoRules,
        }
    }

    /// Whom the groups of `interface` see at the far end of what leaves it.
    fn other_end(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Other {
        match flow.target {
            Target::Interface(target) if self.may_refer(interface, target) => Other::Interface(target),
            Target::Addresses => Other::Private,
            Target::Interface(_) | Target::Internet | Target::OnPremises => Other::Stranger,
        }
    }

    /// Whether groups of one VPC can be named in the other's: in one VPC, and across a peering connection.
    pub(super) fn may_refer(&self, one: Id<NetworkInterface>, other: Id<NetworkInterface>) -> bool {
        let (Some(one), Some(other)) = (self.vpc_of(one), self.vpc_of(other)) else { return true };
        let joins = |peering: &crate::network::Peering| {
            let ends = [peering.requester.known(), peering.accepter.known()];
            ends.contains(&Some(one)) && ends.contains(&Some(other))
        };
        one == other || self.network.peerings.iter().any(|(_, peering)| joins(peering))
    }

    /// Sends packets out of a subnet: to neighbours directly, to others by the network ACL and the table.
    pub(in crate::reach) fn leave_subnet(&self, flow: &Flow, subnet: Id<Subnet>) -> Vec<Path> {
        if !self.may_step() {
            return Self::unknown(flow, "there are too many ways to follow");
        }
        if super::MOST_HOPS < flow.passed.len() {
            return Self::end(flow, End::Dropped(Code::RoutingLoop));
        }
        let mut far = Flow { zone_of: Some(subnet), ..flow.clone() };
        if let Target::Interface(target) = flow.target
            && self.subnet_of(target) == Some(subnet)
        {
            // Neighbours reach each other without any table or list.
            return self.reach_interface(&far, target, Some(subnet));
        }
        let here = match flow.target {
            Target::Addresses => self.known_blocks(subnet),
            Target::Interface(_) | Target::Internet | Target::OnPremises => Space::default(),
        };
        let near = flow.packets.only_space(Side::Destination, &here);
        let mut paths = Vec::new();
        far.packets = flow.packets.difference(&near);
        if !near.is_empty() {
            paths.extend(self.reach_subnet(&Flow { packets: near, ..far.clone() }, subnet, Some(subnet)));
        }
        if far.packets.is_empty() {
            return paths;
        }
        paths.extend(self.acl(&far, subnet, Direction::Out, &|flow| self.route(flow, subnet)));
        paths
    }

    pub(in crate::reach) fn known_blocks(&self, subnet: Id<Subnet>) -> Space {
        let it = &self.network.subnets[subnet];
        let of = |family| it.block_of(family).and_then(|block| block.get().copied());
        Space::of(Family::ALL.into_iter().filter_map(of))
    }

    /// Passes a subnet's network ACL.
    pub(super) fn acl(
        &self,
        flow: &Flow,
        subnet: Id<Subnet>,
        direction: Direction,
        go_on: &dyn Fn(&Flow) -> Vec<Path>,
    ) -> Vec<Path> {
        let it = &self.network.subnets[subnet];
        let filtered = filter::acl(self.resolver, &it.acl, direction, &flow.packets);
        let list = it.acl.known().map(|acl| &self.network.acls[acl].name);
        let name = list.map_or_else(|| "the network ACL".to_owned(), |name| format!("`{}`", name.text()));
        let border = Border {
            resource: list.map_or_else(|| it.name.text(), |name| name.text()),
            what: format!("{name} of `{}` ({})", it.name.text(), direction.word()),
            thing: Thing::Acl(subnet, direction),
            place: list.and_then(|name| name.label("")).or_else(|| it.name.label("")),
            code: Code::SubnetAclRestriction,
            code_without_rules: Code::SubnetAclRestriction,
        };
        Self::filtered(flow, &filtered, &border, go_on)
    }

    /// Sends packets on by a subnet's table.
    fn route(&self, flow: &Flow, subnet: Id<Subnet>) -> Vec<Path> {
        let Some(vpc) = self.network.subnets[subnet].vpc.known() else {
            return Self::unknown(flow, format!("the VPC of `{}`", self.network.subnets[subnet].name.text()));
        };
        if Self::returns_to_sender(flow) {
            let mut flow = flow.clone();
            flow.memories.retain(|memory| !matches!(memory, Memory::Peering));
            let Target::Interface(target) = flow.target else { return Self::unknown(&flow, "no target") };
            return self.reach_interface(&flow, target, None);
        }
        if let (true, Some(Memory::Balancer(node))) = (flow.is_reply, flow.memories.last()) {
            return self.reach_interface(flow, *node, None);
        }
        let parts = self.resolver.parts_of(subnet);
        let table = self.resolver.table(subnet).map(|table| self.network.tables[table].name.text());
        let table = table.unwrap_or_else(|| self.network.subnets[subnet].name.text()).to_owned();
        let candidates = self.network.subnets[subnet].association.candidates();
        if candidates.is_some_and(|tables| self.is_surely_local(flow, vpc, tables)) {
            return self.stay(flow, &table, vpc, Some(subnet));
        }
        self.divide(flow, &parts, &table, vpc, Some(subnet))
    }

    /// A NAT gateway's traffic through a peering connection comes back to it without a route.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>
    fn returns_to_sender(flow: &Flow) -> bool {
        let mut state = flow.memories.iter().rev();
        flow.is_reply
            && matches!(state.next(), Some(Memory::Peering))
            && matches!(state.next(), Some(Memory::Nat { .. }))
    }

    /// Whether what is addressed to an interface of the VPC stays in it, although its block is not known: no route may
    /// be more specific than the local one but to an appliance.
    pub(super) fn is_surely_local(&self, flow: &Flow, vpc: Id<Vpc>, tables: &[Id<RouteTable>]) -> bool {
        self.is_somewhere_in(flow, vpc)
            && tables.iter().map(|table| &self.network.tables[*table]).all(|table| {
                table.others.is_none()
                    && table.routes.iter().all(|it| {
                        !it.target.may_be_within_local()
                            || matches!(it.target, NextHop::Nat(_) | NextHop::Local)
                            || is_wider_than_a_vpc(&it.destination)
                    })
            })
    }

    /// Whether it is for an interface of the VPC whose block is not known.
    fn is_somewhere_in(&self, flow: &Flow, vpc: Id<Vpc>) -> bool {
        let Target::Interface(target) = flow.target else { return false };
        let (_, is_known) = self.addresses(target);
        !is_known && self.vpc_of(target) == Some(vpc)
    }

    /// Hands over within the VPC.
    pub(super) fn stay(&self, flow: &Flow, table: &str, vpc: Id<Vpc>, from: Option<Id<Subnet>>) -> Vec<Path> {
        self.take(flow, &local(), table, vpc, from)
    }

    /// Sends each of the packets on as a table says, all with one next hop at once.
    pub(super) fn divide(
        &self,
        flow: &Flow,
        parts: &Parts,
        table: &str,
        vpc: Id<Vpc>,
        from: Option<Id<Subnet>>,
    ) -> Vec<Path> {
        let mut paths = Vec::new();
        if self.is_somewhere_in(flow, vpc) {
            // No local route is known for a block of IPv6 that AWS chooses.
            let v6 = Flow { packets: flow.packets.of_family(Family::V6), ..flow.clone() };
            let why = format!("which route of `{table}` is in force");
            paths.extend(self.stay(&v6, table, vpc, from).into_iter().map(|path| path.doubted(&why)));
        }
        for (answers, packets) in split(parts, &flow.packets) {
            let flow = Flow { packets, ..flow.clone() };
            let distinct: Vec<&Answer> = parts.distinct(&answers).collect();
            let is_sure = distinct.len() == 1;
            for answer in distinct {
                let taken = self.take(&flow, answer, table, vpc, from);
                let doubted = taken.into_iter().map(|path| {
                    if is_sure { path } else { path.doubted(&format!("which route of `{table}` is in force")) }
                });
                paths.extend(doubted);
            }
        }
        paths
    }

    /// Takes a route.
    fn take(&self, flow: &Flow, answer: &Answer, table: &str, vpc: Id<Vpc>, from: Option<Id<Subnet>>) -> Vec<Path> {
        let Some(target) = &answer.target else {
            let text = format!("`{table}` has no route for it");
            let hop = Hop {
                answer: Some(answer.clone()),
                place: self.table_label(from, &text),
                ..Self::hop(flow, table, Step::Dropped, Thing::Table, text)
            };
            let end = Self::end(flow, End::Dropped(Code::NoRouteToDestination));
            return Path::all_after(end, hop);
        };
        let text = if *target == NextHop::Local {
            format!("by the local route of `{table}`")
        } else {
            format!("by a route of `{table}` to {}", self.network.describe(target))
        };
        let route = answer.route.map(|(table, route)| &self.network.tables[table].routes[route]);
        let by = route.and_then(|route| route.written.place()).map(|it| it.address.to_string());
        let place = self.resolver.label(answer, text.clone());
        let answered = Some(answer.clone());
        let mut hop = Hop { answer: answered, by, place, ..Self::hop(flow, table, Step::Routed, Thing::Table, text) };
        match &answer.state {
            State::Blackhole(why) => {
                hop.step = Step::Dropped;
                hop.text = format!("{}, but {why}", hop.text);
                let end = Self::end(flow, End::Dropped(Code::BadStateRoute));
                Path::all_after(end, hop)
            }
            State::Unknown(why) => Path::all_after(Self::unknown(flow, why.clone()), hop),
            State::Active => Path::all_after(self.hand_over(flow, target, vpc, from), hop),
        }
    }

    fn table_label(&self, from: Option<Id<Subnet>>, text: &str) -> Option<crate::finding::Label> {
        let subnet = from?;
        let table = self.resolver.table(subnet).map(|table| &self.network.tables[table].name);
        table.and_then(|name| name.label(text)).or_else(|| self.network.subnets[subnet].name.label(text))
    }
}

fn local() -> Answer {
    Answer { target: Some(NextHop::Local), state: State::Active, route: None }
}

/// Whether a destination is larger than any block of a VPC: such a route takes no local route's place.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>
fn is_wider_than_a_vpc(destination: &Destination) -> bool {
    match destination {
        Destination::Block(block) => match Family::of(*block) {
            Family::V4 => block.prefix_len() < 16,
            Family::V6 => block.prefix_len() < 44,
        },
        Destination::PrefixList(_) | Destination::Unknown { .. } => false,
    }
}

/// The addresses of which a table says the same.
struct Share {
    key: Vec<usize>,
    answers: Vec<usize>,
    ranges: Vec<(u128, u128)>,
}

/// The packets by what a table does with them.
fn split(parts: &Parts, packets: &Packets) -> Vec<(Vec<usize>, Packets)> {
    let mut found: Vec<(Vec<usize>, Packets)> = Vec::new();
    for family in Family::ALL {
        let of_family = packets.of_family(family);
        if of_family.is_empty() {
            continue;
        }
        let wanted = of_family.numbers(Side::Destination);
        let mut by_key: Vec<Share> = Vec::new();
        let all = parts.of_family(family);
        for (first, last) in wanted.iter() {
            let from = all.partition_point(|part| part.last < first);
            for part in all[from..].iter().take_while(|part| part.first <= last) {
                let key = parts.key(&part.answers);
                let range = (part.first.max(first), part.last.min(last));
                match by_key.iter_mut().find(|share| share.key == key) {
                    Some(share) => share.ranges.push(range),
                    None => by_key.push(Share { key, answers: part.answers.to_vec(), ranges: vec![range] }),
                }
            }
        }
        for share in by_key {
            let piece = of_family.only(Side::Destination, &Ranges::of(share.ranges));
            if !piece.is_empty() {
                found.push((share.answers, piece));
            }
        }
    }
    found
}
