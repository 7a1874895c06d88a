//! Across zones: which NAT gateway each subnet's workloads leave by, and which subnets lead to private networks.

use rustc_hash::FxHashMap;

use super::{Answer, Parts, RouteResolver, Space};
use crate::{
    network::{
        Connectivity, Family, Id, Link, LoadBalancer, NatGateway, NetworkInterface, NextHop, OwnerKind, Placement,
        State, Subnet, Vpc, Zone,
    },
    value::Truth,
};

/// A subnet that sends most of the internet to a NAT gateway in a zone.
#[derive(Clone, Debug)]
pub struct NatUse {
    pub subnet: Id<Subnet>,
    pub nat: Id<NatGateway>,
    pub answer: Answer,
    /// Whether the NAT gateway stands in the subnet's zone.
    pub is_same_zone: Truth,
    /// A public NAT gateway of the VPC in the subnet's own zone.
    pub own: Option<Id<NatGateway>>,
}

/// Private addresses that some nodes of a load balancer have a way to, and others not.
#[derive(Clone, Debug)]
pub struct Uneven {
    pub space: Space,
    /// The nodes without a way.
    pub without: Vec<Id<NetworkInterface>>,
    /// By which next hop the others have one.
    pub way: Answer,
}

/// A NAT gateway, and the subnet that it stands in.
type Home = (Id<NatGateway>, Id<Subnet>);

/// The one VPC that a link leads to: nothing is certainly in the same VPC as what has several, or none.
fn only(vpc: &Link<Vpc>) -> Option<Id<Vpc>> {
    match vpc.candidates() {
        Some([vpc]) => Some(*vpc),
        Some(_) | None => None,
    }
}

impl RouteResolver<'_> {
    /// Every subnet that certainly uses one zonal NAT gateway for the internet.
    pub fn nat_uses(&self) -> Vec<NatUse> {
        let network = self.network();
        let public = self.public_nats();
        let mut uses = Vec::new();
        for (subnet, it) in &network.subnets {
            let answers = self.internet(subnet, Family::V4);
            let [answer] = answers.as_slice() else { continue };
            let (Some(NextHop::Nat(nat)), State::Active) = (&answer.target, &answer.state) else { continue };
            let Some(zone) = self.zone_of_nat(*nat) else { continue };
            let is_same_zone = it.zone.is_same(zone);
            let of_vpc = only(&it.vpc).and_then(|vpc| public.get(&vpc)).map_or(&[][..], Vec::as_slice);
            let serves = |home: &Id<Subnet>| network.subnets[*home].zone.is_same(&it.zone).certain();
            let own = of_vpc.iter().find(|(other, home)| other != nat && serves(home)).map(|(other, _)| *other);
            uses.push(NatUse { subnet, nat: *nat, answer: answer.clone(), is_same_zone, own });
        }
        uses
    }

    /// The public NAT gateways of each VPC, and the subnets that they stand in.
    fn public_nats(&self) -> FxHashMap<Id<Vpc>, Vec<Home>> {
        let network = self.network();
        let mut public: FxHashMap<_, Vec<Home>> = FxHashMap::default();
        for (id, nat) in &network.nat_gateways {
            let home = nat.subnet().and_then(Link::known);
            if let (Some(home), true) = (home, nat.connectivity.is(|kind| *kind == Connectivity::Public).certain())
                && let Some(vpc) = only(&network.subnets[home].vpc)
            {
                public.entry(vpc).or_default().push((id, home));
            }
        }
        public
    }

    /// The zone that a NAT gateway stands in.
    pub fn zone_of_nat(&self, nat: Id<NatGateway>) -> Option<&Zone> {
        let network = self.network();
        match &network.nat_gateways[nat].placement {
            Placement::Zonal(subnet) => subnet.known().map(|subnet| &network.subnets[subnet].zone),
            Placement::Regional(_) | Placement::Unknown(_) => None,
        }
    }

    /// The interfaces of workloads that call out, which are there for certain, by the subnet that they are in.
    pub fn callers(&self) -> FxHashMap<Id<Subnet>, Vec<Id<NetworkInterface>>> {
        let network = self.network();
        let calls = |kind: OwnerKind| match kind {
            OwnerKind::Instance
            | OwnerKind::ScalingGroup
            | OwnerKind::Task
            | OwnerKind::Function
            | OwnerKind::Nodes
            | OwnerKind::Pods
            | OwnerKind::Other => true,
            OwnerKind::Interface
            | OwnerKind::Database
            | OwnerKind::Cache
            | OwnerKind::ControlPlane
            | OwnerKind::LoadBalancer
            | OwnerKind::NatGateway
            | OwnerKind::Endpoint
            | OwnerKind::VpcLink
            | OwnerKind::FileSystem => false,
        };
        let owners = network.owners.iter().filter(|(_, owner)| calls(owner.kind));
        let mut callers: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for id in owners.flat_map(|(_, owner)| owner.interfaces.iter().copied()) {
            let interface = &network.interfaces[id];
            if let (Some(subnet), true) = (interface.subnet.known(), interface.is_certain) {
                callers.entry(subnet).or_default().push(id);
            }
        }
        callers
    }

    /// Private networks that some nodes of an internal load balancer certainly have a way to and others certainly not.
    pub fn uneven(&self, load_balancer: &LoadBalancer) -> Option<Uneven> {
        if load_balancer.is_internal.is(|it| *it) != Truth::True {
            return None;
        }
        let nodes = self.nodes(load_balancer);
        let subnet = |node: Id<NetworkInterface>| self.network().interfaces[node].subnet.known();
        let ways = nodes.iter().filter_map(|&node| Some((node, Self::connected(&self.parts_of(subnet(node)?)))));
        let ways: Vec<(Id<NetworkInterface>, Connected)> = ways.collect();
        let (reference, way) = ways.iter().find_map(|(_, connected)| {
            let way = connected.way.clone()?;
            ways.iter()
                .any(|(_, it)| !connected.certain.difference(&it.possible).is_empty())
                .then_some((connected, way))
        })?;
        let without: Vec<_> =
            ways.iter().filter(|(_, it)| !reference.certain.difference(&it.possible).is_empty()).collect();
        let space = without
            .iter()
            .fold(Space::default(), |space, (_, it)| space.union(&reference.certain.difference(&it.possible)));
        Some(Uneven { space, without: without.iter().map(|(node, _)| *node).collect(), way })
    }

    fn connected(parts: &Parts) -> Connected {
        let mut connected = Connected { certain: Space::default(), possible: Space::default(), way: None };
        for part in parts.of_family(Family::V4) {
            if part.is_local {
                // What is local to one node is so to all.
                continue;
            }
            let answers: Vec<&Answer> = parts.distinct(&part.answers).collect();
            let leads: Vec<Truth> = answers.iter().map(|answer| leads_to_private_network(answer)).collect();
            let range = Space::of_ranges(Family::V4, [(part.first, part.last)]).intersection(&Space::private());
            if range.is_empty() {
                continue;
            }
            if leads.iter().all(|it| it.certain()) {
                connected.way = connected.way.or_else(|| answers.first().map(|it| (*it).clone()));
                connected.certain = connected.certain.union(&range);
            }
            if leads.iter().any(|it| it.possible()) {
                connected.possible = connected.possible.union(&range);
            }
        }
        connected
    }
}

/// The private addresses outside its VPC that a subnet leads to.
struct Connected {
    certain: Space,
    possible: Space,
    way: Option<Answer>,
}

fn leads_to_private_network(answer: &Answer) -> Truth {
    let state = match &answer.state {
        State::Active => Truth::True,
        State::Blackhole(_) => return Truth::False,
        State::Unknown(_) => Truth::Unknown,
    };
    match &answer.target {
        Some(NextHop::TransitGateway(_) | NextHop::VpnGateway(_) | NextHop::Peering(_) | NextHop::CoreNetwork(_)) => {
            state
        }
        None
        | Some(
            NextHop::Gone(_)
            | NextHop::Nat(_)
            | NextHop::InternetGateway(_)
            | NextHop::EgressOnlyGateway(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::CarrierGateway(_),
        ) => Truth::False,
        Some(
            NextHop::Local
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::Endpoint(_)
            | NextHop::LocalGateway(_)
            | NextHop::OneOf(_)
            | NextHop::Unknown(_),
        ) => Truth::Unknown,
    }
}
