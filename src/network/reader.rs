//! What reading a network passes from noun to noun: who has been declared, and under which name.

use rustc_hash::FxHashMap;

use super::{
    OTHER_ATTACHMENT_KINDS,
    acl::NetworkAcl,
    arena::{Arena, Id},
    endpoint::Endpoint,
    gateway::{CarrierGateway, EgressOnlyGateway, InternetGateway, VpnGateway},
    instance::Instance,
    interface::NetworkInterface,
    load_balancer::LoadBalancer,
    name::Registry,
    nat::NatGateway,
    owner::Owner,
    peering::Peering,
    prefix_list::PrefixList,
    public_address::ElasticIp,
    route_table::RouteTable,
    security::SecurityGroup,
    subnet::Subnet,
    transit::{TransitAttachment, TransitGateway},
    transit_table::TransitTable,
    vpc::Vpc,
};
use crate::graph::{ResourceGraph, ResourceId};

/// The nouns that are declared so far.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) graph: &'a ResourceGraph,
    pub(super) vpcs: Registry<Vpc>,
    pub(super) subnets: Registry<Subnet>,
    pub(super) tables: Registry<RouteTable>,
    pub(super) internet_gateways: Registry<InternetGateway>,
    pub(super) egress_only_gateways: Registry<EgressOnlyGateway>,
    pub(super) vpn_gateways: Registry<VpnGateway>,
    pub(super) carrier_gateways: Registry<CarrierGateway>,
    pub(super) nat_gateways: Registry<NatGateway>,
    pub(super) elastic_ips: Registry<ElasticIp>,
    pub(super) interfaces: Registry<NetworkInterface>,
    pub(super) instances: Registry<Instance>,
    pub(super) peerings: Registry<Peering>,
    pub(super) transit_gateways: Registry<TransitGateway>,
    pub(super) transit_attachments: Registry<TransitAttachment>,
    pub(super) transit_tables: Registry<TransitTable>,
    pub(super) endpoints: Registry<Endpoint>,
    pub(super) prefix_lists: Registry<PrefixList>,
    pub(super) security_groups: Registry<SecurityGroup>,
    pub(super) acls: Registry<NetworkAcl>,
    pub(super) load_balancers: Registry<LoadBalancer>,
    pub(super) owners: Arena<Owner>,
    /// Owners that another resource brings its interfaces to.
    pub(super) owners_of: FxHashMap<ResourceId, Id<Owner>>,
}

impl<'a> Reader<'a> {
    /// Takes in every declared noun by name, so that each can be named by any other.
    pub(super) fn of(graph: &'a ResourceGraph) -> Self {
        let mut this = Self {
            graph,
            vpcs: Registry::default(),
            subnets: Registry::default(),
            tables: Registry::default(),
            internet_gateways: Registry::default(),
            egress_only_gateways: Registry::default(),
            vpn_gateways: Registry::default(),
            carrier_gateways: Registry::default(),
            nat_gateways: Registry::default(),
            elastic_ips: Registry::default(),
            interfaces: Registry::default(),
            instances: Registry::default(),
            peerings: Registry::default(),
            transit_gateways: Registry::default(),
            transit_attachments: Registry::default(),
            transit_tables: Registry::default(),
            endpoints: Registry::default(),
            prefix_lists: Registry::default(),
            security_groups: Registry::default(),
            acls: Registry::default(),
            load_balancers: Registry::default(),
            owners: Arena::default(),
            owners_of: FxHashMap::default(),
        };
        this.vpcs.declare(graph, &["aws_vpc", "aws_default_vpc"]);
        this.subnets.declare(graph, &["aws_subnet", "aws_default_subnet"]);
        this.tables.declare(graph, &["aws_route_table"]);
        this.internet_gateways.declare(graph, &["aws_internet_gateway"]);
        this.egress_only_gateways.declare(graph, &["aws_egress_only_internet_gateway"]);
        this.vpn_gateways.declare(graph, &["aws_vpn_gateway"]);
        this.carrier_gateways.declare(graph, &["aws_ec2_carrier_gateway"]);
        this.nat_gateways.declare(graph, &["aws_nat_gateway"]);
        this.elastic_ips.declare(graph, &["aws_eip"]);
        this.interfaces.declare(graph, &["aws_network_interface"]);
        this.instances.declare(graph, super::INSTANCE_KINDS);
        this.peerings.declare(graph, &["aws_vpc_peering_connection"]);
        this.transit_gateways.declare(graph, &["aws_ec2_transit_gateway"]);
        this.transit_attachments.declare(graph, &["aws_ec2_transit_gateway_vpc_attachment"]);
        this.transit_attachments.declare(graph, OTHER_ATTACHMENT_KINDS);
        this.transit_tables.declare(graph, &["aws_ec2_transit_gateway_route_table"]);
        this.endpoints.declare(graph, &["aws_vpc_endpoint"]);
        this.endpoints.declare(graph, super::FIREWALL_KINDS);
        this.prefix_lists.declare(graph, &["aws_ec2_managed_prefix_list"]);
        this.security_groups.declare(graph, &["aws_security_group", "aws_default_security_group"]);
        this.acls.declare(graph, &["aws_network_acl", "aws_default_network_acl"]);
        this.load_balancers.declare(graph, &["aws_lb", "aws_alb", "aws_elb"]);
        this
    }
}
