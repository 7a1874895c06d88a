//! Connection tracking: on which interfaces security groups make it remember every connection.
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>

use ipnet::{IpNet, Ipv4Net};

use super::RouteResolver;
use crate::network::{
    Direction, Id, Link, NetworkInterface, NextHop, OwnerKind, Peer, Protocol, RouteTable, SecurityGroup, SecurityRule,
    State,
};

/// Every TCP or UDP port.
const PORTS: (i64, i64) = (0, 65_535);

/// The port of DNS.
const DNS: (i64, i64) = (53, 53);

/// An interface that passes on what others send, or answers names for others, and whose security groups make it track
/// all of it.
#[derive(Clone, Debug)]
pub struct Tracked {
    pub interface: Id<NetworkInterface>,
    /// The tables that lead to it; none, where it answers names.
    pub tables: Vec<Id<RouteTable>>,
    /// The directions that are not open to everybody, and so make it track.
    pub directions: Vec<Direction>,
    pub groups: Vec<Id<SecurityGroup>>,
}

impl RouteResolver<'_> {
    /// The interfaces that routes lead to, and that certainly track what they pass on over IPv4.
    pub fn tracked_hops(&self) -> Vec<Tracked> {
        let network = self.network();
        let mut all: Vec<Tracked> = Vec::new();
        for (table, it) in &network.tables {
            for route in it.routes.iter().filter(|route| route.is_certain) {
                let interface = match &route.target {
                    NextHop::Interface(interface) => Some(*interface),
                    NextHop::Instance(instance) => network.instances[*instance].interface,
                    NextHop::Local
                    | NextHop::InternetGateway(_)
                    | NextHop::EgressOnlyGateway(_)
                    | NextHop::Nat(_)
                    | NextHop::VpnGateway(_)
                    | NextHop::TransitGateway(_)
                    | NextHop::Peering(_)
                    | NextHop::Endpoint(_)
                    | NextHop::GatewayEndpoint(_)
                    | NextHop::CarrierGateway(_)
                    | NextHop::LocalGateway(_)
                    | NextHop::CoreNetwork(_)
                    | NextHop::Gone(_)
                    | NextHop::OneOf(_)
                    | NextHop::Unknown(_) => None,
                };
                let Some(interface) = interface else { continue };
                if network.state(&route.target, &it.vpc) != State::Active {
                    continue;
                }
                match all.iter_mut().find(|it| it.interface == interface) {
                    Some(tracked) => {
                        if !tracked.tables.contains(&table) {
                            tracked.tables.push(table);
                        }
                    }
                    None => all.extend(self.tracked(interface, vec![table])),
                }
            }
        }
        all
    }

    /// An interface of each instance, or group of instances, that a security group lets a network ask for names: where
    /// each question takes an entry of its own.
    pub fn tracked_name_servers(&self) -> Vec<Tracked> {
        let network = self.network();
        let servers = network.owners.iter().filter(|(_, owner)| match owner.kind {
            OwnerKind::Instance | OwnerKind::ScalingGroup => true,
            OwnerKind::Interface
            | OwnerKind::Task
            | OwnerKind::Nodes
            | OwnerKind::Function
            | OwnerKind::Database
            | OwnerKind::Cache
            | OwnerKind::ControlPlane
            | OwnerKind::Pods
            | OwnerKind::LoadBalancer
            | OwnerKind::NatGateway
            | OwnerKind::Endpoint
            | OwnerKind::VpcLink
            | OwnerKind::FileSystem
            | OwnerKind::Other => false,
        });
        let first = servers.filter_map(|(_, owner)| {
            let mut certain = owner.interfaces.iter().filter(|it| network.interfaces[**it].is_certain);
            let interface = *certain.next()?;
            let groups = self.groups_of(interface)?;
            let mut rules = groups.iter().flat_map(|group| network.security_groups[*group].rules(Direction::In));
            if rules.any(lets_ask_for_names) { self.tracked(interface, Vec::new()) } else { None }
        });
        first.collect()
    }

    /// The security groups of an interface, where all of them are known.
    fn groups_of(&self, interface: Id<NetworkInterface>) -> Option<Vec<Id<SecurityGroup>>> {
        let groups = self.network().interfaces[interface].groups.as_ref()?;
        let known: Option<Vec<_>> = groups.links.iter().map(Link::known).collect();
        known.filter(|_| groups.others.is_none())
    }

    fn tracked(&self, interface: Id<NetworkInterface>, tables: Vec<Id<RouteTable>>) -> Option<Tracked> {
        let network = self.network();
        let known = self.groups_of(interface)?;
        let is_closed = |direction: &Direction| {
            if known.iter().any(|group| network.security_groups[*group].others(*direction).is_some()) {
                return false;
            }
            let mut rules = known.iter().flat_map(|group| network.security_groups[*group].rules(*direction));
            rules.all(|rule| !may_be_open(rule))
        };
        let directions: Vec<_> = [Direction::In, Direction::Out].into_iter().filter(is_closed).collect();
        (!directions.is_empty()).then_some(Tracked { interface, tables, directions, groups: known })
    }
}

/// Whether a rule lets a network ask for names. The members of a group are another matter: the nodes of every cluster of
/// Kubernetes may ask each other.
fn lets_ask_for_names(rule: &SecurityRule) -> bool {
    let is_network = |peer: &Peer| match peer {
        Peer::Block(_) => true,
        Peer::PrefixList(_) | Peer::Group(_) | Peer::Unknown(_) => false,
    };
    rule.is_certain
        && rule.protocol.get() == Some(&Protocol::Udp)
        && rule.ports.get() == Some(&DNS)
        && rule.peers.iter().any(is_network)
}

/// Whether a rule may let every IPv4 address pass, on every port.
fn may_be_open(rule: &SecurityRule) -> bool {
    let everywhere = IpNet::V4(Ipv4Net::default());
    let peers = rule.peers.iter().any(|peer| match peer {
        Peer::Block(block) => *block == everywhere,
        Peer::PrefixList(_) | Peer::Unknown(_) => true,
        Peer::Group(_) => false,
    });
    let all = rule.protocol.is(|it| *it == Protocol::All).possible();
    let ported = rule.protocol.is(|it| matches!(it, Protocol::Tcp | Protocol::Udp)).possible()
        && rule.ports.is(|ports| *ports == PORTS).possible();
    peers && (all || ported)
}
