//! A network that is read from a plan, as far as the lab can build it.

use iac_check::{
    files::{Disk, FileKind, Files as _},
    network::{
        Connectivity, Destination, Direction, Family, Id, Network, NetworkInterface, NextHop, OwnerKind, Placement,
        Protocol, PublicAddress, RouteTable, security, vpc,
    },
    project::{self, Wanted},
    source::SourceMap,
    value::Truth,
};
use ipnet::IpNet;

use crate::{
    joined,
    network::{Acl, AclRule, Group, Host, Lab, Nat, PORTS, Peer, Route, Rule, Subnet, To, Via, Vpc, everything},
};

/// Where plans are recorded: of the stories, and of the examples of AWS's guides.
const FOLDERS: [&str; 2] = ["testdata/scenarios", "testdata/examples"];

/// More than these would make many flows of the same kind.
const MOST_PORTS: usize = 3;

/// The paths of the recorded plans.
pub(crate) fn plans() -> Vec<String> {
    let mut plans: Vec<_> = FOLDERS.iter().flat_map(|folder| Disk.walk(folder)).collect();
    plans.retain(|path| path.ends_with("/plan.json"));
    plans.sort();
    plans
}

/// The network of a plan.
pub(crate) fn network(path: &str) -> Network {
    assert!(Disk.kind(path) == Some(FileKind::File), "{path} is there");
    let mut sources = SourceMap::default();
    let projects = project::load(&Disk, &mut sources, &[path.to_owned()], &Wanted::default().into());
    let projects = projects.unwrap_or_else(|error| panic!("{error}"));
    Network::of(&projects[0].graph)
}

/// What is built of it, and the interface of each host; `Err` says what the lab has nothing for.
pub(crate) fn lab(name: &str, network: &Network) -> Result<(Lab, Vec<Id<NetworkInterface>>), String> {
    let mut lab = Lab { name: name.to_owned(), ..Lab::default() };
    if network.public_access.block.is_some() {
        return Err("an account that blocks what is public".to_owned());
    }
    for (_, vpc) in &network.vpcs {
        let blocks = vpc.blocks.iter().filter_map(known_block).collect::<Result<Vec<_>, _>>()?;
        lab.vpcs.push(Vpc { has_ipv6: blocks.iter().any(crate::network::is_ipv6), blocks, edge: None });
    }
    let overlap = |one: usize, other: usize| {
        let others = lab.vpc_blocks(other);
        lab.vpc_blocks(one).iter().any(|one| others.iter().any(|it| it.contains(one) || one.contains(it)))
    };
    if (0..lab.vpcs.len()).any(|one| (0..one).any(|other| overlap(one, other))) {
        // By its address alone nobody is told from another.
        return Err("VPCs with the same addresses".to_owned());
    }
    lab.groups = groups(network)?;
    lab.nats = network.nat_gateways.iter().map(|(_, nat)| nat_gateway(nat)).collect::<Result<_, _>>()?;
    for (_, list) in &network.prefix_lists {
        lab.prefix_lists.push(if list.others.is_none() { list.blocks.clone() } else { Vec::new() });
    }
    let hosts = hosts(network, &mut lab)?;
    for (id, zone) in network.subnets.ids().zip(joined::zones(network)) {
        lab.subnets.push(subnet(network, id, zone, &hosts)?);
    }
    joined::add(network, &mut lab)?;
    for (id, vpc) in &network.vpcs {
        let tables = vpc.internet_gateways.iter().find_map(|it| network.internet_gateways[*it].edge_table.as_ref());
        if let Some(table) = tables {
            let table = table.known().ok_or("an internet gateway's table is not known")?;
            lab.vpcs[id.index()].edge = Some(routes(network, &network.tables[table], (id, None), &hosts)?);
        }
    }
    if joined::has_closed_ipv6(network, &lab) {
        return Err("IPv6 without an internet gateway".to_owned());
    }
    lab.ports = ports(&lab);
    if lab.hosts.is_empty() { Err("nobody is in it".to_owned()) } else { Ok((lab, hosts)) }
}

/// IPv6 is not built where AWS chooses the block.
fn known_block(block: &vpc::VpcBlock) -> Option<Result<IpNet, String>> {
    match block.block.get() {
        Some(block) => Some(Ok(*block)),
        None if block.family == Family::V6 => None,
        None => Some(Err("a VPC's block is not known".to_owned())),
    }
}

fn nat_gateway(nat: &iac_check::network::NatGateway) -> Result<Nat, String> {
    let Placement::Zonal(subnet) = &nat.placement else { return Err("a NAT gateway in no subnet".to_owned()) };
    let subnet = subnet.known().ok_or("a NAT gateway's subnet is not known")?.index();
    let connectivity = nat.connectivity.get().ok_or("a NAT gateway's kind is not known")?;
    Ok(Nat { subnet, is_private: *connectivity == Connectivity::Private })
}

/// The groups of the code by their number, and after them one that lets everything pass.
fn groups(network: &Network) -> Result<Vec<Group>, String> {
    let mut groups = Vec::new();
    for (_, group) in &network.security_groups {
        if group.others(Direction::In).or(group.others(Direction::Out)).is_some() {
            return Err("a group's rules are not all known".to_owned());
        }
        let rules = |direction| rules(network, group.rules(direction));
        groups.push(Group { vpc: 0, ingress: rules(Direction::In)?, egress: rules(Direction::Out)? });
    }
    let rule = |is_ipv6| Rule { protocol: "-1", ports: (0, 65_535), peer: Peer::Block(everything(is_ipv6)) };
    let all = || vec![rule(false), rule(true)];
    groups.push(Group { vpc: 0, ingress: all(), egress: all() });
    Ok(groups)
}

fn rules(network: &Network, written: &[security::SecurityRule]) -> Result<Vec<Rule>, String> {
    let mut rules = Vec::new();
    for rule in written {
        let Some(protocol) = protocol(rule.protocol.get().copied())? else { continue };
        let ports = ports_of(protocol, rule.ports.get().copied())?;
        for peer in &rule.peers {
            let peer = match peer {
                security::Peer::Block(block) => Peer::Block(*block),
                security::Peer::Group(group) => {
                    Peer::Group(group.known().ok_or("a rule's group is not known")?.index())
                }
                security::Peer::PrefixList(list) if network.prefix_lists[*list].others.is_none() => {
                    Peer::PrefixList(list.index())
                }
                security::Peer::PrefixList(_) | security::Peer::Unknown(_) => return Err("a rule's peer".to_owned()),
            };
            rules.push(Rule { protocol, ports, peer });
        }
        if !rule.is_certain {
            return Err("whether there is a rule is not known".to_owned());
        }
    }
    Ok(rules)
}

/// As the lab writes it; of others than TCP and UDP no packet is sent.
fn protocol(protocol: Option<Protocol>) -> Result<Option<&'static str>, String> {
    match protocol {
        Some(Protocol::All) => Ok(Some("-1")),
        Some(Protocol::Tcp) => Ok(Some("tcp")),
        Some(Protocol::Udp) => Ok(Some("udp")),
        Some(Protocol::Icmp | Protocol::Icmpv6 | Protocol::Other(_)) => Ok(None),
        None => Err("a rule's protocol is not known".to_owned()),
    }
}

fn ports_of(protocol: &str, ports: Option<(i64, i64)>) -> Result<(u16, u16), String> {
    if protocol == "-1" {
        return Ok((0, u16::MAX));
    }
    let (first, last) = ports.ok_or("a rule's ports are not known")?;
    let port = |port| u16::try_from(port).map_err(|_| format!("{port} is no port"));
    Ok((port(first)?, port(last)?))
}

/// Load balancers' nodes and whatever calls others.
fn hosts(network: &Network, lab: &mut Lab) -> Result<Vec<Id<NetworkInterface>>, String> {
    let mut hosts = Vec::new();
    for (_, owner) in &network.owners {
        if !owner.kind.is_workload() && owner.kind != OwnerKind::LoadBalancer {
            continue;
        }
        for id in &owner.interfaces {
            let interface = &network.interfaces[*id];
            if hosts.contains(id) {
                continue;
            }
            if !interface.is_certain {
                return Err(format!("whether there is {} is not known", owner.name.text()));
            }
            let addresses: Option<Vec<_>> = interface.addresses.iter().map(|it| it.get().copied()).collect();
            let addresses = addresses.ok_or_else(|| format!("the address of {}", owner.name.text()))?;
            let groups = match &interface.groups {
                None => vec![network.security_groups.len()],
                Some(groups) if groups.others.is_some() => return Err("an interface's groups".to_owned()),
                Some(groups) => {
                    let known = groups.links.iter().map(|it| it.known().map(Id::index));
                    known.collect::<Option<_>>().ok_or("an interface's groups are not known")?
                }
            };
            let is_public = match &interface.public {
                PublicAddress::None(_) => false,
                PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => true,
                PublicAddress::Unknown(why) => return Err(why.clone()),
            };
            let subnet = interface.subnet.known().ok_or("an interface's subnet is not known")?;
            let vpc = network.subnets[subnet].vpc.known().ok_or("a subnet's VPC is not known")?;
            if is_public && network.vpcs[vpc].internet_gateways.is_empty() {
                return Err("a public address without an internet gateway".to_owned());
            }
            let checks = interface.source_dest_check.get().ok_or("whether it forwards is not known")?;
            let ipv6_block = network.subnets[subnet].block_of(Family::V6).and_then(|block| block.get());
            let has_ipv6 = interface.ipv6 == Truth::True && ipv6_block.is_some();
            let subnet = subnet.index();
            lab.hosts.push(Host { subnet, is_public, groups, forwards: !checks, has_ipv6, addresses, node_of: None });
            hosts.push(*id);
        }
    }
    Ok(hosts)
}

fn subnet(
    network: &Network,
    id: Id<iac_check::network::Subnet>,
    zone: usize,
    hosts: &[Id<NetworkInterface>],
) -> Result<Subnet, String> {
    let subnet = &network.subnets[id];
    let vpc = subnet.vpc.known().ok_or("a subnet's VPC is not known")?;
    let own = |family| subnet.block_of(family).and_then(|block| block.get()).copied();
    let Some(block) = own(Family::V4) else { return Err("a subnet's block is not known".to_owned()) };
    let blocks: Vec<_> = std::iter::once(block).chain(own(Family::V6)).collect();
    if 28 < block.prefix_len() {
        return Err("a subnet too small for the lab's addresses".to_owned());
    }
    let Some([table]) = subnet.association.candidates() else { return Err("a subnet's table".to_owned()) };
    let routes = routes(network, &network.tables[*table], (vpc, Some(zone)), hosts)?;
    let acl = match subnet.acl.known() {
        Some(acl) => Some(list(&network.acls[acl])?),
        None if network.acls.is_empty() => None,
        None => return Err("a subnet's list is not known".to_owned()),
    };
    Ok(Subnet { vpc: vpc.index(), zone, blocks, routes, acl })
}

/// The routes of a table that is used in a VPC, in a zone of it or by its gateway.
fn routes(
    network: &Network,
    table: &RouteTable,
    (vpc, zone): (Id<vpc::Vpc>, Option<usize>),
    hosts: &[Id<NetworkInterface>],
) -> Result<Vec<Route>, String> {
    if table.others.is_some() || table.learns.is_some() {
        return Err("a table's routes are not all known".to_owned());
    }
    let mut routes = Vec::new();
    for route in &table.routes {
        let to = match &route.destination {
            Destination::Block(block) => To::Block(*block),
            Destination::PrefixList(list) if network.prefix_lists[*list].others.is_none() => {
                To::PrefixList(list.index())
            }
            Destination::PrefixList(_) | Destination::Unknown { .. } => return Err("a route's destination".to_owned()),
        };
        let host = |interface: &Id<NetworkInterface>| {
            let at = hosts.iter().position(|it| it == interface).ok_or("a route to what is no host")?;
            Ok::<_, String>(Via::Host(at))
        };
        let via = match &route.target {
            NextHop::InternetGateway(gateway) if network.vpcs[vpc].internet_gateways.contains(gateway) => Via::Internet,
            NextHop::EgressOnlyGateway(_) => Via::EgressOnly,
            NextHop::Nat(nat) => Via::Nat(nat.index()),
            NextHop::Interface(interface) => host(interface)?,
            NextHop::Instance(instance) => host(&network.instances[*instance].interface.ok_or("an instance's card")?)?,
            NextHop::Peering(peering) => Via::Peering(peering.index()),
            NextHop::TransitGateway(_) => Via::Transit,
            NextHop::Endpoint(endpoint) => Via::Firewall(joined::firewall(network, *endpoint, zone)?),
            NextHop::Gone(_) => Via::Nothing,
            NextHop::Local
            | NextHop::InternetGateway(_)
            | NextHop::VpnGateway(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::CarrierGateway(_)
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_)
            | NextHop::OneOf(_)
            | NextHop::Unknown(_) => return Err(format!("a route by {}", network.describe(&route.target))),
        };
        if !route.is_certain {
            return Err("whether there is a route is not known".to_owned());
        }
        routes.push(Route { to, via });
    }
    Ok(routes)
}

fn list(list: &iac_check::network::NetworkAcl) -> Result<Acl, String> {
    if list.others.is_some() {
        return Err("a list's rules are not all known".to_owned());
    }
    let rules = |direction| -> Result<Vec<AclRule>, String> {
        let mut rules = Vec::new();
        for rule in list.rules(direction) {
            let Some(protocol) = protocol(rule.protocol.get().copied())? else { continue };
            let ports = ports_of(protocol, rule.ports.get().copied())?;
            let (Some(number), Some(allows), Some(block)) = (rule.number.get(), rule.allows.get(), rule.block.get())
            else {
                return Err("a list's rule is not known".to_owned());
            };
            let number = u16::try_from(*number).map_err(|_| format!("{number} is no rule's number"))?;
            rules.push(AclRule { number, allows: *allows, protocol, ports, block: *block });
        }
        Ok(rules)
    };
    Ok(Acl { ingress: rules(Direction::In)?, egress: rules(Direction::Out)? })
}

/// The first port of each rule that lets somebody in, and one that few let in.
fn ports(lab: &Lab) -> Vec<u16> {
    let rules = lab.groups.iter().flat_map(|group| &group.ingress).filter(|rule| rule.protocol != "-1");
    let mut ports: Vec<_> = rules.map(|rule| rule.ports.0.max(1)).chain(PORTS).collect();
    let mut known = std::collections::BTreeSet::new();
    ports.retain(|port| known.insert(*port));
    ports.truncate(MOST_PORTS);
    ports
}
