//! From a network to its map.

use std::collections::BTreeMap;

use ipnet::IpNet;
use rustc_hash::FxHashMap;

use super::{Access, Map, Node, NodeKind, Way, WayKind};
use crate::{
    graph::ResourceGraph,
    network::{
        AddressType, Attachment, Family, Id, Link, LoadBalancerKind, Name, Network, NextHop, Placement, State, Subnet,
        Vpc,
    },
    reach::{
        Answer, RouteResolver,
        table::{RouteRow, SubnetRoutes, TargetName},
    },
    value::Known,
};

/// The node of the internet, whose name no resource can have.
const INTERNET: &str = "internet";

/// A map as it grows.
struct Reader<'a> {
    graph: &'a ResourceGraph,
    network: &'a Network,
    map: Map,
    by_name: FxHashMap<String, usize>,
    subnets: FxHashMap<Id<Subnet>, usize>,
    vpcs: FxHashMap<Id<Vpc>, usize>,
}

impl Map {
    /// The map of a network, with the next hops of its subnets.
    pub fn of(project: &str, graph: &ResourceGraph, resolver: &RouteResolver<'_>) -> Self {
        let network = resolver.network();
        let map = Self { project: project.to_owned(), ..Self::default() };
        let (by_name, subnets, vpcs) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        let mut reader = Reader { graph, network, map, by_name, subnets, vpcs };
        reader.read_vpcs();
        reader.read_subnets(resolver);
        reader.read_gateways();
        reader.read_nat_gateways();
        reader.read_connections();
        reader.read_endpoints();
        reader.read_interfaces();
        reader.read_load_balancers();
        reader.read_routes();
        reader.map
    }
}

impl Reader<'_> {
    fn read_vpcs(&mut self) {
        for (id, vpc) in &self.network.vpcs {
            let blocks = vpc.blocks.iter().map(|it| block(&it.block)).collect();
            let node = self.add(&vpc.name, NodeKind::Vpc, None, blocks);
            self.vpcs.insert(id, node);
        }
    }

    fn read_subnets(&mut self, resolver: &RouteResolver<'_>) {
        for (id, subnet) in &self.network.subnets {
            let blocks = [&subnet.block, &subnet.ipv6_block].into_iter().flatten().map(block).collect();
            let kind = NodeKind::Subnet(access(resolver, id));
            let within = self.vpc(&subnet.vpc);
            let node = self.add(&subnet.name, kind, within, blocks);
            self.subnets.insert(id, node);
            let routes = resolver.routes_of(id);
            let zone = routes.availability_zone.as_ref().and_then(|zone| match zone {
                TargetName::Named(name) => Some(name.clone()),
                TargetName::Unknown(_) => None,
            });
            let it = &mut self.map.nodes[node];
            it.region = it.region.take().or_else(|| zone.as_deref().and_then(region_of).map(str::to_owned));
            it.zone = zone;
            it.routes = Some(routes);
        }
    }

    fn read_gateways(&mut self) {
        let network = self.network;
        for (_, it) in &network.internet_gateways {
            let gateway = self.add_attached(&it.name, NodeKind::InternetGateway, &it.attachment);
            let internet = self.internet();
            self.way(gateway, internet, WayKind::Attachment, Vec::new());
        }
        for (_, it) in &network.egress_only_gateways {
            let gateway = self.add_attached(&it.name, NodeKind::EgressOnlyGateway, &it.attachment);
            let internet = self.internet();
            self.way(gateway, internet, WayKind::Attachment, Vec::new());
        }
        for (_, it) in &network.vpn_gateways {
            self.add_attached(&it.name, NodeKind::VpnGateway, &it.attachment);
        }
        for (_, it) in &network.carrier_gateways {
            self.add_attached(&it.name, NodeKind::CarrierGateway, &it.attachment);
        }
    }

    fn read_nat_gateways(&mut self) {
        for (_, nat) in &self.network.nat_gateways {
            let within = match &nat.placement {
                Placement::Zonal(subnet) => self.subnet(subnet),
                Placement::Regional(vpc) => self.vpc(vpc),
                Placement::Unknown(_) => None,
            };
            let addresses = nat.addresses.iter().filter_map(Link::known);
            let addresses = addresses.map(|address| {
                let it = &self.network.elastic_ips[address];
                it.public_address.clone().unwrap_or_else(|| it.name.text().to_owned())
            });
            let addresses = addresses.collect();
            self.add(&nat.name, NodeKind::NatGateway, within, addresses);
        }
    }

    fn read_connections(&mut self) {
        for (_, it) in &self.network.peerings {
            let node = self.add(&it.name, NodeKind::Peering, None, Vec::new());
            for vpc in [&it.requester, &it.accepter] {
                if let Some(vpc) = self.vpc(vpc) {
                    self.way(node, vpc, WayKind::Attachment, Vec::new());
                }
            }
        }
        for (_, it) in &self.network.transit_gateways {
            self.add(&it.name, NodeKind::TransitGateway, None, Vec::new());
        }
        for (_, it) in &self.network.transit_attachments {
            let gateway = it.gateway.known().map(|it| self.network.transit_gateways[it].name.text());
            let gateway = gateway.and_then(|it| self.by_name.get(it).copied());
            let vpc = it.vpc.as_ref().and_then(|vpc| self.vpc(vpc));
            if let (Some(gateway), Some(vpc)) = (gateway, vpc) {
                self.way(gateway, vpc, WayKind::Attachment, Vec::new());
            }
        }
    }

    fn read_endpoints(&mut self) {
        for (_, it) in &self.network.endpoints {
            let within = match it.subnets.as_slice() {
                [subnet] => self.subnet(subnet),
                _ => self.vpc(&it.vpc),
            };
            let service = it.service.get().map(|it| it.rsplit('.').next().unwrap_or(it).to_owned());
            self.add(&it.name, NodeKind::Endpoint, within, service.into_iter().collect());
        }
    }

    /// Those of the code would crowd the map: only what a route leads to.
    fn read_interfaces(&mut self) {
        let mut names: Vec<&str> = Vec::new();
        for (_, table) in &self.network.tables {
            let targets = table.routes.iter().filter_map(|route| match &route.target {
                NextHop::Interface(id) => Some(self.network.interfaces[*id].name.text()),
                NextHop::Instance(id) => Some(self.network.instances[*id].name.text()),
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
            });
            names.extend(targets);
        }
        let network = self.network;
        let interfaces = network.interfaces.iter().map(|(_, it)| (&it.name, NodeKind::Interface, &it.subnet));
        let instances = network.instances.iter().map(|(_, it)| (&it.name, NodeKind::Instance, &it.subnet));
        let names: rustc_hash::FxHashSet<&str> = names.into_iter().collect();
        for (name, kind, subnet) in interfaces.chain(instances).filter(|(name, ..)| names.contains(name.text())) {
            let within = self.subnet(subnet);
            self.add(name, kind, within, Vec::new());
        }
    }

    fn read_load_balancers(&mut self) {
        for (_, it) in &self.network.load_balancers {
            let subnets: Vec<_> = it.nodes.certain.iter().filter_map(|subnet| self.subnet(subnet)).collect();
            let within = subnets.first().and_then(|&subnet| self.map.nodes[subnet].within);
            let mut details = Vec::new();
            if let Some(kind) = it.kind.get() {
                details.push(kind_word(*kind).to_owned());
            }
            if let Some(is_internal) = it.is_internal.get() {
                details.push(if *is_internal { "internal" } else { "internet-facing" }.to_owned());
            }
            if it.addresses.get().is_some_and(|it| *it != AddressType::Ipv4) {
                details.push("dual-stack".to_owned());
            }
            let node = self.add(&it.name, NodeKind::LoadBalancer, within, details);
            for subnet in subnets {
                self.way(node, subnet, WayKind::Node, Vec::new());
            }
        }
    }

    /// A way for each next hop of each subnet that has a name.
    fn read_routes(&mut self) {
        let mut ways: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
        for (at, node) in self.map.nodes.iter().enumerate() {
            let Some(routes) = &node.routes else { continue };
            for hop in &routes.next_hops {
                match &hop.target {
                    Some(TargetName::Named(name)) if name != "local" => {
                        ways.entry((at, name.clone())).or_default().extend(said(routes, name, &hop.destinations));
                    }
                    Some(TargetName::Named(_) | TargetName::Unknown(_)) | None => (),
                }
            }
        }
        for ((from, name), destinations) in ways {
            let to = match self.by_name.get(&name) {
                Some(node) => *node,
                None => self.push(name, NodeKind::Other, None, Vec::new()),
            };
            self.way(from, to, WayKind::Route, destinations);
        }
    }

    fn internet(&mut self) -> usize {
        match self.by_name.get(INTERNET) {
            Some(node) => *node,
            None => self.push(INTERNET.to_owned(), NodeKind::Internet, None, Vec::new()),
        }
    }

    fn add_attached(&mut self, name: &Name, kind: NodeKind, attachment: &Attachment) -> usize {
        let within = match attachment {
            Attachment::To(vpc) => self.vpc(vpc),
            Attachment::Nowhere | Attachment::Unknown(_) => None,
        };
        self.add(name, kind, within, Vec::new())
    }

    fn add(&mut self, name: &Name, kind: NodeKind, within: Option<usize>, details: Vec<String>) -> usize {
        let node = self.push(name.text().to_owned(), kind, within, details);
        let region = name.resource().and_then(|id| self.graph.resource(id).region.clone());
        let it = &mut self.map.nodes[node];
        it.region = region;
        it.span = name.span();
        node
    }

    fn push(&mut self, name: String, kind: NodeKind, within: Option<usize>, details: Vec<String>) -> usize {
        let node = self.map.nodes.len();
        self.by_name.entry(name.clone()).or_insert(node);
        let (region, zone, span, routes) = (None, None, None, None);
        self.map.nodes.push(Node { name, kind, within, region, zone, details, span, routes });
        node
    }

    fn way(&mut self, from: usize, to: usize, kind: WayKind, destinations: Vec<String>) {
        self.map.ways.push(Way { from, to, kind, destinations, when: None });
    }

    fn vpc(&self, vpc: &Link<Vpc>) -> Option<usize> {
        self.vpcs.get(&vpc.known()?).copied()
    }

    fn subnet(&self, subnet: &Link<Subnet>) -> Option<usize> {
        self.subnets.get(&subnet.known()?).copied()
    }
}

/// The destinations that lead to `target`, as the table's routes say them: shorter than the exact blocks.
fn said(routes: &SubnetRoutes, target: &str, exactly: &[String]) -> Vec<String> {
    let leads_there = |row: &&RouteRow| row.target == TargetName::Named(target.to_owned());
    let said: Vec<_> = routes.routes.iter().filter(leads_there).map(|row| row.destination.clone()).collect();
    if said.is_empty() { exactly.to_vec() } else { said }
}

/// How most of what a subnet sends to the internet leaves it; the worse of both families where it has both.
fn access(resolver: &RouteResolver<'_>, id: Id<Subnet>) -> Access {
    let subnet = &resolver.network().subnets[id];
    let has = |family| subnet.block_of(family).is_some();
    let family = if has(Family::V6) && !has(Family::V4) { Family::V6 } else { Family::V4 };
    let answers = resolver.internet(id, family);
    let mut kinds: Vec<_> = answers.iter().map(access_by).collect();
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.as_slice() {
        [access] => *access,
        _ => Access::Unknown,
    }
}

fn access_by(answer: &Answer) -> Access {
    match (&answer.state, &answer.target) {
        (State::Unknown(_), _) | (State::Active, Some(NextHop::OneOf(_) | NextHop::Unknown(_))) => Access::Unknown,
        (State::Blackhole(_), _) | (State::Active, None | Some(NextHop::Local | NextHop::Gone(_))) => Access::Isolated,
        (State::Active, Some(NextHop::InternetGateway(_) | NextHop::CarrierGateway(_))) => Access::Public,
        (
            State::Active,
            Some(
                NextHop::EgressOnlyGateway(_)
                | NextHop::Nat(_)
                | NextHop::Interface(_)
                | NextHop::Instance(_)
                | NextHop::VpnGateway(_)
                | NextHop::TransitGateway(_)
                | NextHop::Peering(_)
                | NextHop::Endpoint(_)
                | NextHop::GatewayEndpoint(_)
                | NextHop::LocalGateway(_)
                | NextHop::CoreNetwork(_),
            ),
        ) => Access::Private,
    }
}

fn block(block: &Known<IpNet>) -> String {
    match block {
        Known::Written(block) | Known::Default(block) => block.to_string(),
        Known::Unknown(_) => "block not known yet".to_owned(),
    }
}

fn kind_word(kind: LoadBalancerKind) -> &'static str {
    match kind {
        LoadBalancerKind::Application => "application",
        LoadBalancerKind::Network => "network",
        LoadBalancerKind::Gateway => "gateway",
        LoadBalancerKind::Classic => "classic",
    }
}

/// `us-east-1` of `us-east-1b`; `None` for what is no zone's name (a zone's id, a local zone).
fn region_of(zone: &str) -> Option<&str> {
    let region = zone.strip_suffix(|it: char| it.is_ascii_lowercase())?;
    let is_region = region.split('-').count() == 3 && region.ends_with(|it: char| it.is_ascii_digit());
    is_region.then_some(region)
}

#[cfg(test)]
mod tests {
    use super::region_of;

    #[test]
    fn a_zones_name_says_its_region() {
        assert_eq!(region_of("us-east-1b"), Some("us-east-1"));
        assert_eq!(region_of("use1-az1"), None);
        assert_eq!(region_of("us-west-2-lax-1a"), None);
    }
}
