//! The network that the resources describe, whatever language described them.
//!
//! Here, and nowhere above, a resource's type and attributes are read: from here on a route's target is a next hop.
//! Every noun has a file of its own with its type and how it is read.
//!
//! What stays unknown: the addresses of blocks that AWS or an address manager chooses (an IPv4 block is taken to lie in
//! private space, an IPv6 block apart from the clients of the internet), the routes that a table learns from a VPN
//! gateway or a route server, and whatever stands outside the code. Not modelled: multicast, local gateways' own
//! tables.

pub mod acl;
pub mod api;
pub mod arena;
mod association;
mod classic;
pub mod container_service;
mod defaults;
pub mod distribution;
mod document;
pub mod endpoint;
pub mod environment;
pub mod firewall;
pub mod gateway;
pub mod host;
mod image;
mod inline_route;
pub mod instance;
pub mod interface;
mod launch;
pub mod limits;
pub mod load_balancer;
pub mod lodger;
pub mod name;
pub mod nat;
mod occupancy;
mod openness;
pub mod owner;
#[cfg(test)]
mod owner_tests;
pub mod peering;
pub mod prefix_list;
pub mod public_access;
pub mod public_address;
mod reader;
pub mod role;
pub mod route;
pub mod route_table;
pub mod security;
mod service;
pub mod serving;
mod standalone_route;
pub mod state;
pub mod subnet;
pub mod target_group;
pub mod task;
pub mod task_definition;
#[cfg(test)]
pub(crate) mod testing;
pub mod transit;
pub mod transit_table;
pub mod user_data;
pub mod vpc;
pub mod web_acl;
pub mod workloads;
pub mod zones;

use std::sync::Arc;

use ipnet::IpNet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    graph::{ResourceGraph, ResourceId},
    outside::Outside,
};

pub use acl::{AclRule, NetworkAcl};
pub use arena::{Arena, Id};
pub use endpoint::{Endpoint, EndpointKind};
pub use gateway::{Attachment, CarrierGateway, EgressOnlyGateway, InternetGateway, VpnGateway};
pub use instance::Instance;
pub use interface::NetworkInterface;
pub use load_balancer::{AddressType, Listener, LoadBalancer, LoadBalancerKind};
pub use name::{Declared, Link, Name};
pub use nat::{Connectivity, NatGateway, Placement};
pub use owner::{Nodes, Owner, OwnerKind};
pub use peering::Peering;
pub use prefix_list::PrefixList;
pub use public_access::PublicAccess;
pub use public_address::{ElasticIp, PublicAddress};
pub use route::{Class, Destination, NextHop, Route, Written};
pub use route_table::{DestinationKey, Edge, RouteTable, TableKind};
pub use security::{Direction, Groups, Peer, Protocol, SecurityGroup, SecurityRule};
pub use state::{Blackhole, State};
pub use subnet::{Association, Subnet, Zone};
pub use target_group::{TargetGroup, TargetKind, TargetMember};
pub use transit::{TransitAttachment, TransitGateway};
pub use transit_table::{TransitRoute, TransitTable};
pub use vpc::{Vpc, VpcBlock};
pub use workloads::Workloads;

use reader::Reader;

const INSTANCE_KINDS: &[&str] = &["aws_instance", "aws_spot_instance_request"];

const FIREWALL_KINDS: &[&str] = &["aws_networkfirewall_firewall", "aws_networkfirewall_vpc_endpoint_association"];

/// What is attached to a transit gateway and is no VPC.
const OTHER_ATTACHMENT_KINDS: &[&str] = &[
    "aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_peering_attachment_accepter",
    "aws_ec2_transit_gateway_connect",
    "aws_vpn_connection",
    "aws_dx_gateway_association",
];

/// A family of addresses. Their routes have nothing to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    V4,
    V6,
}

/// Everything that routes packets.
#[derive(Debug)]
pub struct Network {
    pub vpcs: Arena<Vpc>,
    pub subnets: Arena<Subnet>,
    pub tables: Arena<RouteTable>,
    pub internet_gateways: Arena<InternetGateway>,
    pub egress_only_gateways: Arena<EgressOnlyGateway>,
    pub vpn_gateways: Arena<VpnGateway>,
    pub carrier_gateways: Arena<CarrierGateway>,
    pub nat_gateways: Arena<NatGateway>,
    pub elastic_ips: Arena<ElasticIp>,
    pub interfaces: Arena<NetworkInterface>,
    pub instances: Arena<Instance>,
    pub peerings: Arena<Peering>,
    pub transit_gateways: Arena<TransitGateway>,
    pub transit_attachments: Arena<TransitAttachment>,
    pub transit_tables: Arena<TransitTable>,
    pub endpoints: Arena<Endpoint>,
    pub prefix_lists: Arena<PrefixList>,
    pub security_groups: Arena<SecurityGroup>,
    pub acls: Arena<NetworkAcl>,
    pub load_balancers: Arena<LoadBalancer>,
    pub public_access: PublicAccess,
    /// What holds around it and stands in no code.
    pub outside: Arc<Outside>,
    pub target_groups: Arena<TargetGroup>,
    pub owners: Arena<Owner>,
    pub workloads: Workloads,
    owner_of: FxHashMap<ResourceId, Id<Owner>>,
    subnet_of: FxHashMap<ResourceId, Id<Subnet>>,
    occupied: FxHashSet<Id<Subnet>>,
    transit: state::TransitIndex,
    /// The table of a regional NAT gateway.
    nat_tables: FxHashMap<Id<NatGateway>, Id<RouteTable>>,
    /// An internet gateway of the code may be attached to a VPC that cannot be told.
    has_open_internet_gateway: bool,
    /// VPCs of which a table is some gateway's, and which gateway's cannot be told.
    open_edges: FxHashSet<Id<Vpc>>,
}

impl Family {
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    pub fn of(block: IpNet) -> Self {
        match block {
            IpNet::V4(_) => Self::V4,
            IpNet::V6(_) => Self::V6,
        }
    }

    pub fn of_address(address: std::net::IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }

    /// How many bits an address has.
    pub fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// Its name in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }
}

/// Whether the thing stays as it is when the resource that adopted it is destroyed.
pub fn outlives_its_resource(kind: &str) -> bool {
    kind.starts_with("aws_default_")
}

impl Network {
    /// The network that these resources describe.
    pub fn of(graph: &ResourceGraph) -> Self {
        let mut reader = Reader::of(graph);
        vpc::read(&mut reader);
        subnet::read(&mut reader);
        gateway::read(&mut reader);
        public_address::read(&mut reader);
        nat::read(&mut reader);
        peering::read(&mut reader);
        prefix_list::read(&mut reader);
        transit::read(&mut reader);
        endpoint::read(&mut reader);
        defaults::make_tables(&mut reader);
        gateway::tell_vpcs(&mut reader);
        route_table::read(&mut reader);
        association::read(&mut reader);
        security::read(&mut reader);
        acl::read(&mut reader);
        load_balancer::read(&mut reader);
        interface::read(&mut reader);
        instance::read(&mut reader);
        launch::read(&mut reader);
        task::read(&mut reader);
        service::read(&mut reader);
        public_address::associate(&mut reader);
        let public_access = public_access::read(&mut reader);
        let target_groups = target_group::read(&mut reader);
        Self { public_access, target_groups, ..Self::from_reader(reader) }
    }

    fn from_reader(reader: Reader<'_>) -> Self {
        let nat_tables = reader.nat_gateways.items.iter().filter_map(|(id, nat)| {
            let table = reader.tables.of_resource(nat.name.resource()?)?;
            Some((id, table))
        });
        let is_open = |gateway: &InternetGateway| match &gateway.attachment {
            Attachment::To(vpc) => vpc.known().is_none(),
            Attachment::Nowhere => false,
            Attachment::Unknown(_) => gateway.name.in_code().is_some(),
        };
        let open_edges = reader.tables.items.iter().filter(|(_, table)| table.edges.contains(&Edge::Unknown));
        let declared = reader.owners.iter().filter_map(|(id, owner)| Some((owner.name.resource()?, id)));
        let mut owners: FxHashMap<_, _> = declared.collect();
        owners.extend(reader.owners_of);
        Self {
            nat_tables: nat_tables.collect(),
            open_edges: open_edges.filter_map(|(_, table)| table.vpc.known()).collect(),
            transit: state::TransitIndex::of(&reader.transit_attachments.items),
            has_open_internet_gateway: reader.internet_gateways.items.iter().any(|(_, it)| is_open(it)),
            subnet_of: reader.subnets.items.iter().filter_map(|(id, it)| Some((it.name.resource()?, id))).collect(),
            occupied: occupancy::read(reader.graph, &reader.subnets.items, &reader.load_balancers.items),
            vpcs: reader.vpcs.items,
            subnets: reader.subnets.items,
            tables: reader.tables.items,
            internet_gateways: reader.internet_gateways.items,
            egress_only_gateways: reader.egress_only_gateways.items,
            vpn_gateways: reader.vpn_gateways.items,
            carrier_gateways: reader.carrier_gateways.items,
            nat_gateways: reader.nat_gateways.items,
            elastic_ips: reader.elastic_ips.items,
            interfaces: reader.interfaces.items,
            instances: reader.instances.items,
            peerings: reader.peerings.items,
            transit_gateways: reader.transit_gateways.items,
            transit_attachments: reader.transit_attachments.items,
            transit_tables: reader.transit_tables.items,
            endpoints: reader.endpoints.items,
            prefix_lists: reader.prefix_lists.items,
            security_groups: reader.security_groups.items,
            acls: reader.acls.items,
            load_balancers: reader.load_balancers.items,
            public_access: PublicAccess::default(),
            outside: Arc::clone(reader.graph.outside()),
            workloads: Workloads::of(reader.graph),
            owner_of: owners,
            target_groups: Arena::default(),
            owners: reader.owners,
        }
    }

    /// The subnet that a resource declares.
    pub fn subnet_of(&self, resource: ResourceId) -> Option<Id<Subnet>> {
        self.subnet_of.get(&resource).copied()
    }

    /// Whether something certainly stands in a subnet.
    pub fn is_in_use(&self, subnet: Id<Subnet>) -> bool {
        self.occupied.contains(&subnet)
    }

    /// What has interfaces and is declared by a resource.
    pub fn owner_of(&self, resource: ResourceId) -> Option<Id<Owner>> {
        self.owner_of.get(&resource).copied()
    }

    /// Whether a table of this VPC delivers for a gateway that cannot be told.
    pub fn has_open_edge(&self, vpc: Id<Vpc>) -> bool {
        self.open_edges.contains(&vpc)
    }

    /// The VPC of an interface.
    pub fn subnets_vpc(&self, interface: Id<NetworkInterface>) -> Link<Vpc> {
        match self.interfaces[interface].subnet.known() {
            Some(subnet) => self.subnets[subnet].vpc.clone(),
            None => Link::nothing("its subnet is not known"),
        }
    }

    /// The table that a regional NAT gateway has of its own.
    pub fn table_of_nat(&self, nat: Id<NatGateway>) -> Option<Id<RouteTable>> {
        self.nat_tables.get(&nat).copied()
    }

    /// How a next hop is named: an address of the code, `local`, or an id outside it.
    pub fn name_of<'a>(&'a self, hop: &'a NextHop) -> Option<&'a str> {
        let name = self.name_behind(hop).map(Name::text);
        name.or(match hop {
            NextHop::Local => Some("local"),
            NextHop::LocalGateway(text) | NextHop::CoreNetwork(text) => Some(text),
            NextHop::Gone(address) => Some(address.as_str()),
            NextHop::InternetGateway(_)
            | NextHop::EgressOnlyGateway(_)
            | NextHop::Nat(_)
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::VpnGateway(_)
            | NextHop::TransitGateway(_)
            | NextHop::Peering(_)
            | NextHop::Endpoint(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::CarrierGateway(_)
            | NextHop::OneOf(_)
            | NextHop::Unknown(_) => None,
        })
    }

    /// The name of what a next hop is.
    pub fn name_behind(&self, hop: &NextHop) -> Option<&Name> {
        match hop {
            NextHop::InternetGateway(id) => Some(&self.internet_gateways[*id].name),
            NextHop::EgressOnlyGateway(id) => Some(&self.egress_only_gateways[*id].name),
            NextHop::Nat(id) => Some(&self.nat_gateways[*id].name),
            NextHop::Interface(id) => Some(&self.interfaces[*id].name),
            NextHop::Instance(id) => Some(&self.instances[*id].name),
            NextHop::VpnGateway(id) => Some(&self.vpn_gateways[*id].name),
            NextHop::TransitGateway(id) => Some(&self.transit_gateways[*id].name),
            NextHop::Peering(id) => Some(&self.peerings[*id].name),
            NextHop::Endpoint(id) | NextHop::GatewayEndpoint(id) => Some(&self.endpoints[*id].name),
            NextHop::CarrierGateway(id) => Some(&self.carrier_gateways[*id].name),
            NextHop::Local
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_)
            | NextHop::Gone(_)
            | NextHop::OneOf(_)
            | NextHop::Unknown(_) => None,
        }
    }

    /// A next hop in a message: its name in backticks, or what is known instead.
    pub fn describe(&self, hop: &NextHop) -> String {
        match (self.name_of(hop), hop) {
            (Some(name), _) => format!("`{name}`"),
            (None, NextHop::OneOf(hops)) => {
                let names: Vec<_> = hops.iter().map(|hop| self.describe(hop)).collect();
                format!("one of {}", names.join(", "))
            }
            (None, NextHop::Unknown(unknown)) => unknown.to_string(),
            (None, _) => hop.kind().replace('_', " "),
        }
    }
}
