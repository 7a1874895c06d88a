//! Transit gateways, the VPCs attached to them, and their tables.
//!
//! Their tables are read as data; no packet is followed through a transit gateway here.

use super::{
    Destination, Family,
    name::{Declared, Link, Name, Part, set},
    reader::Reader,
    route,
    subnet::Subnet,
    vpc::Vpc,
};
use crate::{graph::Targets, resource::Resource, schema::Noun, value::Known};

/// A transit gateway.
#[derive(Clone, Debug)]
pub struct TransitGateway {
    pub name: Name,
}

/// What is attached to a transit gateway.
#[derive(Clone, Debug)]
pub struct TransitAttachment {
    pub name: Name,
    pub gateway: Link<TransitGateway>,
    /// The VPC that is attached; `None` for what is no VPC's.
    pub vpc: Option<Link<Vpc>>,
    /// The subnets it stands in; those that may be others are not here.
    pub subnets: Vec<Link<Subnet>>,
}

/// A transit gateway's table.
#[derive(Clone, Debug)]
pub struct TransitTable {
    pub name: Name,
    pub gateway: Link<TransitGateway>,
    pub routes: Vec<TransitRoute>,
    /// Attachments whose packets it forwards.
    pub associations: Vec<Link<TransitAttachment>>,
    /// Attachments whose blocks it learns.
    pub propagations: Vec<Link<TransitAttachment>>,
}

/// A static route of a transit gateway's table.
#[derive(Clone, Debug)]
pub struct TransitRoute {
    pub destination: Destination,
    /// `None`: what goes there is dropped.
    pub attachment: Option<Link<TransitAttachment>>,
    pub written: Declared,
}

impl Part for TransitGateway {
    const NOUNS: &'static [Noun] = &[Noun::TransitGateway];

    fn bare(name: Name) -> Self {
        Self { name }
    }
}

impl Part for TransitAttachment {
    const NOUNS: &'static [Noun] = &[Noun::TransitGatewayAttachment];

    fn bare(name: Name) -> Self {
        let outside = "the attachment stands outside the code";
        Self { name, gateway: Link::nothing(outside), vpc: Some(Link::nothing(outside)), subnets: Vec::new() }
    }
}

impl Part for TransitTable {
    const NOUNS: &'static [Noun] = &[Noun::TransitGatewayRouteTable];

    fn bare(name: Name) -> Self {
        let outside = "the table stands outside the code";
        Self {
            name,
            gateway: Link::nothing(outside),
            routes: Vec::new(),
            associations: Vec::new(),
            propagations: Vec::new(),
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_ec2_transit_gateway_vpc_attachment") {
        if let Some(attachment) = reader.transit_attachments.of_resource(id) {
            read_attachment(reader, attachment, resource);
        }
    }
    for kind in super::OTHER_ATTACHMENT_KINDS {
        for (id, resource) in reader.graph.managed(kind) {
            let Some(attachment) = reader.transit_attachments.of_resource(id) else { continue };
            let gateway = reader.transit_gateways.link(reader.graph, resource.set("transit_gateway_id"));
            let attachment = &mut reader.transit_attachments.items[attachment];
            attachment.gateway = gateway;
            attachment.vpc = None;
        }
    }
    read_accepters(reader);
    read_tables(reader);
}

fn read_attachment(reader: &mut Reader<'_>, attachment: super::Id<TransitAttachment>, resource: &Resource) {
    let graph = reader.graph;
    let gateway = reader.transit_gateways.link(graph, resource.set("transit_gateway_id"));
    let vpc = reader.vpcs.link(graph, resource.set("vpc_id"));
    let named = resource.set("subnet_ids").map_or_else(Targets::default, |value| graph.targets(value, Subnet::NOUNS));
    let subnets: Vec<_> = named.certain.into_iter().map(|it| reader.subnets.link_target(graph, it)).collect();
    let from_subnets = subnets.iter().filter_map(Link::known).find_map(|it| reader.subnets.items[it].vpc.known());
    let attachment = &mut reader.transit_attachments.items[attachment];
    attachment.gateway = gateway;
    attachment.vpc = Some(vpc.known().or(from_subnets).map_or(vpc, Link::Known));
    attachment.subnets = subnets;
}

/// An accepter stands for another account's attachment: of which VPC, the code does not say.
fn read_accepters(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_ec2_transit_gateway_vpc_attachment_accepter") {
        let link = reader.transit_attachments.link(reader.graph, resource.set("transit_gateway_attachment_id"));
        match link {
            Link::Known(attachment) => reader.transit_attachments.stands_for(id, attachment),
            Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_) => {
                let unknown = reader.transit_attachments.outside(resource.address.as_str());
                reader.transit_attachments.stands_for(id, unknown);
            }
        }
    }
}

fn read_tables(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for (id, resource) in graph.managed("aws_ec2_transit_gateway_route_table") {
        let Some(table) = reader.transit_tables.of_resource(id) else { continue };
        let gateway = reader.transit_gateways.link(graph, resource.set("transit_gateway_id"));
        reader.transit_tables.items[table].gateway = gateway;
    }
    for (id, resource) in graph.managed("aws_ec2_transit_gateway_route") {
        let Some(table) = table_of(reader, resource) else { continue };
        let drops = resource.attr("blackhole", false).known;
        let attachment = match drops {
            Known::Written(true) | Known::Default(true) => None,
            Known::Written(false) | Known::Default(false) | Known::Unknown(_) => Some(attachment_of(reader, resource)),
        };
        let destination = route::block(set(&resource.body, "destination_cidr_block"), Some(Family::V4));
        let written = Declared::of(id, resource);
        reader.transit_tables.items[table].routes.push(TransitRoute { destination, attachment, written });
    }
    for (_, resource) in graph.managed("aws_ec2_transit_gateway_route_table_association") {
        let Some(table) = table_of(reader, resource) else { continue };
        let attachment = attachment_of(reader, resource);
        reader.transit_tables.items[table].associations.push(attachment);
    }
    for (_, resource) in graph.managed("aws_ec2_transit_gateway_route_table_propagation") {
        let Some(table) = table_of(reader, resource) else { continue };
        let attachment = attachment_of(reader, resource);
        reader.transit_tables.items[table].propagations.push(attachment);
    }
}

fn table_of(reader: &mut Reader<'_>, resource: &Resource) -> Option<super::Id<TransitTable>> {
    reader.transit_tables.link(reader.graph, resource.set("transit_gateway_route_table_id")).known()
}

fn attachment_of(reader: &mut Reader<'_>, resource: &Resource) -> Link<TransitAttachment> {
    reader.transit_attachments.link(reader.graph, resource.set("transit_gateway_attachment_id"))
}
