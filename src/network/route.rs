//! Routes: where to, by what. A target is classified by what it refers to, never by the argument that holds it.

use std::fmt;

use ipnet::IpNet;

use super::{
    FIREWALL_KINDS, Family,
    arena::Id,
    endpoint::Endpoint,
    gateway::{CarrierGateway, EgressOnlyGateway, InternetGateway, VpnGateway},
    instance::Instance,
    interface::NetworkInterface,
    name::{Declared, Link, after_apply, resolve, set},
    nat::NatGateway,
    peering::Peering,
    prefix_list::PrefixList,
    reader::Reader,
    transit::TransitGateway,
};
use crate::{
    graph::{ResourceId, Target},
    resource::Mode,
    schema::Noun,
    value::{Address, Kind, Reference, Unknown, Value},
};

/// One route of a table.
#[derive(Clone, Debug)]
pub struct Route {
    pub destination: Destination,
    pub target: NextHop,
    pub class: Class,
    /// False where an unknown decides whether the table has it.
    pub is_certain: bool,
    pub written: Written,
}

/// What a route is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Destination {
    Block(IpNet),
    PrefixList(Id<PrefixList>),
    /// Not known; of this family where that is known.
    Unknown {
        family: Option<Family>,
        why: Unknown,
    },
}

/// Which of two routes with the same prefix wins: the lesser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Local,
    Static,
    PrefixList,
    Propagated,
}

/// What in the code makes a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    By(Declared),
    /// One of these resources, each of which makes such a route in a table of its own.
    Among(Vec<Declared>),
    /// AWS.
    Implied,
}

/// Who takes a packet on.
#[derive(Clone, Debug, PartialEq)]
pub enum NextHop {
    /// The VPC itself.
    Local,
    InternetGateway(Id<InternetGateway>),
    EgressOnlyGateway(Id<EgressOnlyGateway>),
    Nat(Id<NatGateway>),
    Interface(Id<NetworkInterface>),
    Instance(Id<Instance>),
    VpnGateway(Id<VpnGateway>),
    TransitGateway(Id<TransitGateway>),
    Peering(Id<Peering>),
    /// A gateway load balancer's or a firewall's endpoint.
    Endpoint(Id<Endpoint>),
    /// S3 or `DynamoDB`.
    GatewayEndpoint(Id<Endpoint>),
    CarrierGateway(Id<CarrierGateway>),
    /// By its address or id.
    LocalGateway(String),
    CoreNetwork(String),
    /// Something that this plan destroys.
    Gone(Address),
    OneOf(Vec<NextHop>),
    Unknown(Unknown),
}

/// The arguments that hold a target; at most one of a route is set.
const TARGETS: &[&str] = &[
    "gateway_id",
    "nat_gateway_id",
    "transit_gateway_id",
    "vpc_peering_connection_id",
    "egress_only_gateway_id",
    "vpc_endpoint_id",
    "network_interface_id",
    "instance_id",
    "carrier_gateway_id",
    "local_gateway_id",
    "core_network_arn",
    "odb_network_arn",
];

const NOUNS: &[Noun] = &[
    Noun::InternetGateway,
    Noun::NatGateway,
    Noun::TransitGateway,
    Noun::Peering,
    Noun::EgressOnlyGateway,
    Noun::VpcEndpoint,
    Noun::NetworkInterface,
    Noun::Instance,
    Noun::VpnGateway,
    Noun::CarrierGateway,
    Noun::LocalGateway,
    Noun::CoreNetwork,
];

impl Destination {
    /// Whether it can hold addresses of `family`.
    pub fn may_be(&self, family: Family) -> bool {
        match self {
            Self::Block(block) => Family::of(*block) == family,
            Self::PrefixList(_) => true,
            Self::Unknown { family: known, .. } => known.is_none_or(|known| known == family),
        }
    }
}

impl Written {
    /// The one resource that makes it.
    pub fn by(&self) -> Option<&Declared> {
        match self {
            Self::By(declared) => Some(declared),
            Self::Among(_) | Self::Implied => None,
        }
    }

    /// A resource to point at: the first that may make it.
    pub fn place(&self) -> Option<&Declared> {
        match self {
            Self::By(declared) => Some(declared),
            Self::Among(all) => all.first(),
            Self::Implied => None,
        }
    }
}

impl NextHop {
    /// What kind of thing it is, in the words of the `routes` command.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::InternetGateway(_) => "internet_gateway",
            Self::EgressOnlyGateway(_) => "egress_only_internet_gateway",
            Self::Nat(_) => "nat_gateway",
            Self::Interface(_) => "network_interface",
            Self::Instance(_) => "instance",
            Self::VpnGateway(_) => "vpn_gateway",
            Self::TransitGateway(_) => "transit_gateway",
            Self::Peering(_) => "vpc_peering_connection",
            Self::Endpoint(_) => "vpc_endpoint",
            Self::GatewayEndpoint(_) => "gateway_endpoint",
            Self::CarrierGateway(_) => "carrier_gateway",
            Self::LocalGateway(_) => "local_gateway",
            Self::CoreNetwork(_) => "core_network",
            Self::Gone(_) => "destroyed",
            Self::OneOf(hops) => match hops.as_slice() {
                [first, rest @ ..] if rest.iter().all(|hop| hop.kind() == first.kind()) => first.kind(),
                _ => "unknown",
            },
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether AWS lets a route to it be more specific than a local route.
    pub(crate) fn may_be_within_local(&self) -> bool {
        match self {
            Self::Local
            | Self::Nat(_)
            | Self::Interface(_)
            | Self::Instance(_)
            | Self::Endpoint(_)
            | Self::Gone(_)
            | Self::OneOf(_)
            | Self::Unknown(_) => true,
            Self::InternetGateway(_)
            | Self::EgressOnlyGateway(_)
            | Self::VpnGateway(_)
            | Self::TransitGateway(_)
            | Self::Peering(_)
            | Self::GatewayEndpoint(_)
            | Self::CarrierGateway(_)
            | Self::LocalGateway(_)
            | Self::CoreNetwork(_) => false,
        }
    }

    /// Whether a route to it may take the place of a local route.
    pub(crate) fn may_replace_local(&self) -> bool {
        match self {
            Self::Nat(_) | Self::Interface(_) | Self::Instance(_) | Self::Endpoint(_) => true,
            Self::OneOf(hops) => hops.iter().all(Self::may_replace_local),
            Self::Local
            | Self::InternetGateway(_)
            | Self::EgressOnlyGateway(_)
            | Self::VpnGateway(_)
            | Self::TransitGateway(_)
            | Self::Peering(_)
            | Self::GatewayEndpoint(_)
            | Self::CarrierGateway(_)
            | Self::LocalGateway(_)
            | Self::CoreNetwork(_)
            | Self::Gone(_)
            | Self::Unknown(_) => false,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local => "local",
            Self::Static => "static",
            Self::PrefixList => "prefix list",
            Self::Propagated => "propagated",
        })
    }
}

/// The destination of a route, an `aws_route` or a block of a table. Where the code sets several arguments that may be
/// null, it is that of one of them.
pub(super) fn destination(reader: &mut Reader<'_>, body: &Value) -> Destination {
    let ipv4 = set(body, "destination_cidr_block").or_else(|| set(body, "cidr_block"));
    let ipv6 = set(body, "destination_ipv6_cidr_block").or_else(|| set(body, "ipv6_cidr_block"));
    let list = set(body, "destination_prefix_list_id");
    let written =
        [ipv4.map(|it| (it, Some(Family::V4))), ipv6.map(|it| (it, Some(Family::V6))), list.map(|it| (it, None))];
    let mut written = written.into_iter().flatten();
    match (written.clone().find(|(value, _)| is_certain(value)).or_else(|| written.next()), written.next()) {
        (None, _) => unknown_destination(None, "no destination is written"),
        (Some((value, _)), Some(_)) if !is_certain(value) => unknown_destination(None, "one of several destinations"),
        (Some((value, family @ Some(_))), _) => block(Some(value), family),
        (Some((value, None)), _) => match reader.prefix_lists.link(reader.graph, Some(value)) {
            Link::Known(list) => Destination::PrefixList(list),
            Link::OneOf(_) | Link::Gone(_) => unknown_destination(None, "one of several prefix lists"),
            Link::Unknown(why) => Destination::Unknown { family: None, why },
        },
    }
}

/// Whether an argument is certainly not null.
fn is_certain(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(unknown) => matches!(unknown, Unknown::AfterApply(_)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) => true,
    }
}

/// A block as a destination.
pub(super) fn block(value: Option<&Value>, family: Option<Family>) -> Destination {
    let Some(value) = value else { return unknown_destination(family, "no destination is written") };
    match value.read::<IpNet>().known {
        crate::value::Known::Written(block) | crate::value::Known::Default(block) => Destination::Block(block),
        crate::value::Known::Unknown(why) => Destination::Unknown { family, why },
    }
}

fn unknown_destination(family: Option<Family>, why: &str) -> Destination {
    Destination::Unknown { family, why: Unknown::Opaque(why.to_owned()) }
}

/// The target of a route, an `aws_route` or a block of a table. Where the code sets several arguments that may be null, it
/// is that of one of them.
pub(super) fn target(reader: &mut Reader<'_>, body: &Value) -> NextHop {
    let written: Vec<&Value> = TARGETS.iter().filter_map(|attribute| set(body, attribute)).collect();
    match (written.iter().find(|value| is_certain(value)), written.as_slice()) {
        (Some(value), _) | (None, [value]) => target_of(reader, value),
        (None, []) => NextHop::Unknown(Unknown::Opaque("no target is written".to_owned())),
        (None, several) => {
            let hops: Vec<_> = several.iter().map(|value| target_of(reader, value)).collect();
            let unknown = hops.iter().find(|hop| matches!(hop, NextHop::Unknown(_))).cloned();
            unknown.unwrap_or_else(|| one_of(hops))
        }
    }
}

fn target_of(reader: &mut Reader<'_>, value: &Value) -> NextHop {
    match resolve(reader.graph, value, NOUNS) {
        Target::Resource(id, attribute) => of_resource(reader, id, attribute),
        Target::OneOf(candidates) => {
            let hops = candidates.into_iter().map(|(id, attribute)| of_resource(reader, id, attribute));
            one_of(hops.collect())
        }
        Target::Outside(id) => of_id(reader, id),
        Target::Gone(address) => NextHop::Gone(address.clone()),
        Target::Unknown(unknown) => match firewall(reader, &unknown) {
            Some(endpoint) => NextHop::Endpoint(endpoint),
            None => NextHop::Unknown(unknown),
        },
    }
}

/// The firewall whose status alone a target is made of: whatever is picked out of the list of a firewall's endpoints, by
/// a zone or a subnet, is an endpoint of it.
fn firewall(reader: &Reader<'_>, unknown: &Unknown) -> Option<Id<Endpoint>> {
    let references = unknown.references();
    let first = references.first()?;
    let is_its_status = |it: &&Reference| it.to == first.to && it.attribute.starts_with("firewall_status");
    if !FIREWALL_KINDS.contains(&first.to.kind()) || !references.iter().all(is_its_status) {
        return None;
    }
    reader.endpoints.of_resource(reader.graph.find(&first.to)?)
}

/// One of several hops; where they are all the same, that one.
pub(super) fn one_of(hops: Vec<NextHop>) -> NextHop {
    let mut distinct: Vec<NextHop> = Vec::new();
    for hop in hops {
        let inner = if let NextHop::OneOf(inner) = hop { inner } else { vec![hop] };
        for hop in inner {
            if !distinct.contains(&hop) {
                distinct.push(hop);
            }
        }
    }
    match distinct.len() {
        1 => distinct.swap_remove(0),
        _ => NextHop::OneOf(distinct),
    }
}

fn of_resource(reader: &mut Reader<'_>, id: ResourceId, attribute: &str) -> NextHop {
    let graph = reader.graph;
    let resource = graph.resource(id);
    if resource.mode == Mode::Data {
        return of_data(reader, id, attribute);
    }
    let hop = match resource.kind.as_str() {
        "aws_internet_gateway" => reader.internet_gateways.of_resource(id).map(NextHop::InternetGateway),
        "aws_egress_only_internet_gateway" => {
            reader.egress_only_gateways.of_resource(id).map(NextHop::EgressOnlyGateway)
        }
        "aws_nat_gateway" => reader.nat_gateways.of_resource(id).map(NextHop::Nat),
        "aws_network_interface" => reader.interfaces.of_resource(id).map(NextHop::Interface),
        "aws_instance" | "aws_spot_instance_request" => reader.instances.of_resource(id).map(NextHop::Instance),
        "aws_vpn_gateway" => reader.vpn_gateways.of_resource(id).map(NextHop::VpnGateway),
        "aws_ec2_transit_gateway" => reader.transit_gateways.of_resource(id).map(NextHop::TransitGateway),
        "aws_vpc_peering_connection" | "aws_vpc_peering_connection_accepter" => {
            reader.peerings.of_resource(id).map(NextHop::Peering)
        }
        "aws_vpc_endpoint" if attribute.starts_with("network_interface_ids") => None,
        "aws_vpc_endpoint" | "aws_networkfirewall_firewall" | "aws_networkfirewall_vpc_endpoint_association" => {
            reader.endpoints.of_resource(id).map(NextHop::Endpoint)
        }
        "aws_ec2_carrier_gateway" => reader.carrier_gateways.of_resource(id).map(NextHop::CarrierGateway),
        "aws_networkmanager_core_network" | "aws_networkmanager_vpc_attachment" => {
            Some(NextHop::CoreNetwork(resource.address.to_string()))
        }
        _ => None,
    };
    hop.unwrap_or_else(|| NextHop::Unknown(after_apply(graph, id, attribute)))
}

fn of_data(reader: &mut Reader<'_>, id: ResourceId, attribute: &str) -> NextHop {
    let graph = reader.graph;
    let resource = graph.resource(id);
    match resource.kind.as_str() {
        "aws_internet_gateway" => NextHop::InternetGateway(reader.internet_gateways.read(resource)),
        "aws_nat_gateway" => NextHop::Nat(reader.nat_gateways.read(resource)),
        "aws_network_interface" => NextHop::Interface(reader.interfaces.read(resource)),
        "aws_instance" => NextHop::Instance(reader.instances.read(resource)),
        "aws_vpn_gateway" => NextHop::VpnGateway(reader.vpn_gateways.read(resource)),
        "aws_ec2_transit_gateway" => NextHop::TransitGateway(reader.transit_gateways.read(resource)),
        "aws_vpc_peering_connection" => NextHop::Peering(reader.peerings.read(resource)),
        "aws_vpc_endpoint" => NextHop::Endpoint(reader.endpoints.read(resource)),
        "aws_ec2_local_gateway" => NextHop::LocalGateway(resource.address.to_string()),
        _ => NextHop::Unknown(after_apply(graph, id, attribute)),
    }
}

/// A target outside the code: its id says what it is.
fn of_id(reader: &mut Reader<'_>, id: &str) -> NextHop {
    let prefix = id.split(['-', ':']).next().unwrap_or(id);
    match prefix {
        "local" => NextHop::Local,
        "igw" => NextHop::InternetGateway(reader.internet_gateways.outside(id)),
        "eigw" => NextHop::EgressOnlyGateway(reader.egress_only_gateways.outside(id)),
        "nat" => NextHop::Nat(reader.nat_gateways.outside(id)),
        "eni" => NextHop::Interface(reader.interfaces.outside(id)),
        "i" => NextHop::Instance(reader.instances.outside(id)),
        "vgw" => NextHop::VpnGateway(reader.vpn_gateways.outside(id)),
        "tgw" => NextHop::TransitGateway(reader.transit_gateways.outside(id)),
        "pcx" => NextHop::Peering(reader.peerings.outside(id)),
        "vpce" => NextHop::Endpoint(reader.endpoints.outside(id)),
        "cagw" => NextHop::CarrierGateway(reader.carrier_gateways.outside(id)),
        "lgw" => NextHop::LocalGateway(id.to_owned()),
        "arn" if id.contains(":networkmanager:") => NextHop::CoreNetwork(id.to_owned()),
        _ => NextHop::Unknown(Unknown::Opaque(format!("{id} names nothing that the code declares"))),
    }
}
