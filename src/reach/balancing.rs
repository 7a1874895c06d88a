//! What load balancers depend on: that clients reach each node, and that each node reaches its targets.

use super::{
    Code, Packets, Party, Question, Reachability, RouteResolver, Side, Space, Thing, Traffic,
    forwarding::preserves_clients,
    packets::{TCP, UDP},
    path::{End, Fate, Hop, Path},
};
use crate::{
    network::{
        Family, Id, LoadBalancer, LoadBalancerKind, NetworkInterface, OwnerKind, Protocol, PublicAddress, TargetGroup,
        TargetKind, TargetMember,
    },
    value::Truth,
};

/// Packets of one kind that somebody counts on, and what becomes of them.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The node, or whoever is asked.
    pub node: Id<NetworkInterface>,
    /// The target that the node asks; `None` where clients ask the node.
    pub target: Option<Id<NetworkInterface>>,
    pub port: u16,
    pub answer: Reachability,
}

/// Where packets are dropped for certain.
#[derive(Clone, Debug)]
pub struct Drop<'a> {
    pub code: Code,
    /// The last of their hops.
    pub hop: &'a Hop,
}

impl Attempt {
    /// Where all of the packets are dropped, when security groups or network ACLs keep every one from arriving.
    pub fn kept_out(&self) -> Option<Drop<'_>> {
        let drops: Option<Vec<_>> = self.answer.paths.iter().map(filtered_away).collect();
        drops?.into_iter().next()
    }

    /// Where network ACLs drop answers for certain: all of some packets' answers, or those to some of the ports that a
    /// NAT gateway asks from.
    pub fn lost_answers(&self) -> Vec<&Hop> {
        // What is lost elsewhere in some world is not certainly lost here.
        let others = self.answer.paths.iter().filter(|path| !is_lost_to_acl(path)).map(|path| &path.packets);
        let others = others.fold(Packets::none(), |all, packets| all.union(packets));
        let wide = self.answer.chosen.iter().fold(others, |packets, side| packets.with_any(*side));
        let lost = self.answer.asked.difference(&wide);
        let is_whole = |path: &Path| {
            let covers = |side: &Side| self.answer.asked.space(*side) == path.packets.space(*side);
            path.doubt.is_none()
                && path.things().any(|it| matches!(it, Thing::Nat(_)))
                && self.answer.chosen.iter().all(covers)
        };
        let of_acl = self.answer.paths.iter().filter(|path| is_lost_to_acl(path));
        let certain = of_acl.filter(|path| path.packets.meets(&lost) || is_whole(path));
        certain.filter_map(|path| path.back.as_ref()?.hops.last()).collect()
    }

    /// Whether some answers come back.
    pub fn is_answered(&self) -> bool {
        self.answer.paths.iter().any(|path| path.fate() == Fate::Answered)
    }
}

/// Where a path is ended by a filter, and nothing else.
fn filtered_away(path: &Path) -> Option<Drop<'_>> {
    let End::Dropped(code @ (Code::EniSgRulesMismatch | Code::SgHasNoRules | Code::SubnetAclRestriction)) = path.end
    else {
        return None;
    };
    if path.doubt.is_some() { None } else { path.hops.last().map(|hop| Drop { code, hop }) }
}

fn is_lost_to_acl(path: &Path) -> bool {
    let Some(back) = &path.back else { return false };
    back.end == End::Dropped(Code::SubnetAclRestriction)
        && matches!(back.hops.last().map(|hop| hop.thing), Some(Thing::Acl(..)))
}

impl RouteResolver<'_> {
    /// The interfaces of a load balancer's nodes that are there for certain, in subnets that are known.
    pub fn nodes(&self, load_balancer: &LoadBalancer) -> Vec<Id<NetworkInterface>> {
        let network = self.network();
        let owner = load_balancer.name.resource().and_then(|it| network.owner_of(it));
        let all = owner.map_or(&[][..], |it| &network.owners[it].interfaces);
        all.iter().copied().filter(|it| self.is_settled(*it)).collect()
    }

    /// How many nodes there are, where that is known.
    pub fn node_count(&self, load_balancer: &LoadBalancer) -> Option<usize> {
        let nodes = &load_balancer.nodes;
        (nodes.others.is_none() && nodes.possible.is_empty()).then_some(nodes.certain.len())
    }

    fn is_settled(&self, interface: Id<NetworkInterface>) -> bool {
        let it = &self.network().interfaces[interface];
        it.is_certain && it.subnet.known().is_some()
    }

    /// Clients on the internet ask each node, on each port that it listens on.
    pub fn from_clients(&self, load_balancer: &LoadBalancer) -> Vec<Attempt> {
        let is_gateway = load_balancer.kind.get().is_none_or(|kind| *kind == LoadBalancerKind::Gateway);
        if is_gateway || load_balancer.is_internal.is(|it| *it) != Truth::False {
            return Vec::new();
        }
        let mut asked: Vec<(u8, u16)> = Vec::new();
        for listener in &load_balancer.listeners {
            let (Some(protocol), Some(port)) = (listener.protocol, listener.port.get()) else { continue };
            if let (Some(protocol), Ok(port)) = (number(protocol), u16::try_from(*port))
                && !asked.contains(&(protocol, port))
            {
                asked.push((protocol, port));
            }
        }
        let mut attempts = Vec::new();
        for node in self.nodes(load_balancer) {
            for (protocol, port) in &asked {
                attempts.extend(self.from_internet(node, &Traffic::to_port(*protocol, *port)));
            }
        }
        attempts
    }

    /// The internet asks an interface, in each family that it has a public address of.
    pub fn from_internet(&self, node: Id<NetworkInterface>, traffic: &Traffic) -> Vec<Attempt> {
        let it = &self.network().interfaces[node];
        let has_v4 =
            matches!(it.public, PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_));
        let families = [(Family::V4, has_v4), (Family::V6, it.ipv6.certain())];
        let families = families.into_iter().filter(|(_, has)| *has);
        let port = traffic.ports.first().and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
        let ask = |family| Attempt {
            node,
            target: None,
            port,
            answer: self.reach(&Question {
                from: Party::Internet(Space::internet(family)),
                to: Party::Interface(node),
                traffic: traffic.clone(),
            }),
        };
        families.map(|(family, _)| ask(family)).collect()
    }

    /// Each node asks the targets that it may use: on the port of the traffic, where it asks in its own name, and on
    /// that of health checks.
    pub fn to_targets(&self, load_balancer: &LoadBalancer, group: &TargetGroup) -> Vec<Attempt> {
        if load_balancer.kind.get().is_none_or(|kind| *kind == LoadBalancerKind::Gateway)
            || !matches!(group.kind.get(), Some(TargetKind::Instance | TargetKind::Address))
        {
            return Vec::new();
        }
        let crosses = self.crosses_zones(load_balancer, group);
        let mut attempts = Vec::new();
        for node in self.nodes(load_balancer) {
            for (member, target) in self.targets(group) {
                if !crosses.certain() && self.is_same_zone(node, target) != Truth::True {
                    continue;
                }
                for traffic in asked_of(load_balancer, group, member) {
                    let port = traffic.ports.first().and_then(|it| u16::try_from(it).ok()).unwrap_or_default();
                    let (from, to) = (Party::Interface(node), Party::Interface(target));
                    let answer = self.reach(&Question { from, to, traffic });
                    attempts.push(Attempt { node, target: Some(target), port, answer });
                }
            }
        }
        attempts
    }

    /// The interfaces of a group's targets that are there for certain, in subnets that are known.
    pub fn targets<'g>(&self, group: &'g TargetGroup) -> Vec<(&'g TargetMember, Id<NetworkInterface>)> {
        let of = |member: &'g TargetMember| {
            let all = &self.network().owners[member.owner].interfaces;
            all.iter().filter(|it| self.is_settled(**it)).map(move |it| (member, *it)).collect::<Vec<_>>()
        };
        group.targets.iter().flat_map(of).collect()
    }

    /// Whether the interfaces of a group's targets are all known.
    pub fn knows_targets(&self, group: &TargetGroup) -> bool {
        let is_whole = |member: &TargetMember| {
            let owner = &self.network().owners[member.owner];
            owner.others.is_none() && owner.interfaces.iter().all(|it| self.is_settled(*it))
        };
        group.others.is_none() && group.targets.iter().all(is_whole)
    }

    /// Whether a load balancer's nodes send to targets of a group that are in other zones.
    pub fn crosses_zones(&self, load_balancer: &LoadBalancer, group: &TargetGroup) -> Truth {
        match group.cross_zone.get() {
            Some(Some(own)) => Truth::from(*own),
            Some(None) => load_balancer.cross_zone.is(|it| *it),
            None => Truth::Unknown,
        }
    }

    pub fn is_same_zone(&self, one: Id<NetworkInterface>, other: Id<NetworkInterface>) -> Truth {
        let network = self.network();
        let subnet = |it: Id<NetworkInterface>| network.interfaces[it].subnet.known();
        match (subnet(one), subnet(other)) {
            (Some(one), Some(other)) if one == other => Truth::True,
            (Some(one), Some(other)) => network.subnets[one].zone.is_same(&network.subnets[other].zone),
            (_, None) | (None, _) => Truth::Unknown,
        }
    }

    /// What every workload asks of the internet, one interface for all that fare alike.
    pub fn to_internet(&self) -> Vec<Attempt> {
        let network = self.network();
        let mut known = rustc_hash::FxHashSet::default();
        let mut attempts = Vec::new();
        let calls = |kind: OwnerKind| kind.is_workload() && !matches!(kind, OwnerKind::Database | OwnerKind::Cache);
        for (_, owner) in network.owners.iter().filter(|(_, owner)| calls(owner.kind)) {
            for &node in owner.interfaces.iter().filter(|it| self.is_settled(**it)) {
                if !known.insert(self.fares_as(node)) {
                    continue;
                }
                let question = Question {
                    from: Party::Interface(node),
                    to: Party::Internet(Space::internet(Family::V4)),
                    traffic: Traffic::to_port(TCP, 443),
                };
                attempts.push(Attempt { node, target: None, port: 443, answer: self.reach(&question) });
            }
        }
        attempts
    }
}

/// The packets that a node sends to a target.
fn asked_of(load_balancer: &LoadBalancer, group: &TargetGroup, member: &TargetMember) -> Vec<Traffic> {
    let port = |known: Option<&i64>| known.and_then(|port| u16::try_from(*port).ok());
    let own = port(group.port_of(member).get());
    let mut asked = Vec::new();
    let in_own_name = number(group.protocol.unwrap_or(Protocol::Tcp))
        .is_some_and(|protocol| preserves_clients(load_balancer, group, protocol) == Truth::False);
    if let (Some(port), Some(protocol), true) = (own, group.protocol.and_then(number), in_own_name) {
        asked.push(Traffic::to_port(protocol, port));
    }
    let health = match group.health_port.get() {
        Some(None) => own,
        Some(Some(port)) => u16::try_from(*port).ok(),
        None => None,
    };
    let health = health.map(|port| Traffic::to_port(TCP, port));
    asked.extend(health.filter(|health| !asked.contains(health)));
    asked
}

/// The number of a protocol with ports.
fn number(protocol: Protocol) -> Option<u8> {
    match protocol {
        Protocol::Tcp => Some(TCP),
        Protocol::Udp => Some(UDP),
        Protocol::All | Protocol::Icmp | Protocol::Icmpv6 | Protocol::Other(_) => None,
    }
}
