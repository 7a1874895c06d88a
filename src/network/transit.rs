//! Transit gateways, and what is attached to them.

use super::{
    arena::Id,
    name::{Link, Name, Part},
    reader::Reader,
    subnet::Subnet,
    transit_table::{self, TransitTable},
    vpc::Vpc,
};
use crate::{
    graph::Targets,
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown},
};

/// A transit gateway.
#[derive(Clone, Debug)]
pub struct TransitGateway {
    pub name: Name,
    /// Whether what is attached and says nothing else forwards by the gateway's default table.
    pub associates: Known<bool>,
    /// Whether what is attached and says nothing else is learned by the gateway's default table.
    pub propagates: Known<bool>,
    /// The table that AWS made with it; none is known of a gateway outside the code.
    pub default_table: Option<Id<TransitTable>>,
}

/// What is attached to a transit gateway.
#[derive(Clone, Debug)]
pub struct TransitAttachment {
    pub name: Name,
    pub gateway: Link<TransitGateway>,
    /// The VPC that is attached; `None` for what is no VPC's.
    pub vpc: Option<Link<Vpc>>,
    /// It is a peering connection with another transit gateway.
    pub leads_to_another_gateway: bool,
    /// The subnets it stands in; those that may be others are not here.
    pub subnets: Vec<Link<Subnet>>,
    /// There may be other subnets, and this is why.
    pub other_subnets: Option<String>,
    /// Whether both directions of a flow are kept in one zone.
    pub appliance_mode: Known<bool>,
    pub associates: Known<bool>,
    pub propagates: Known<bool>,
    /// The table by which it forwards what comes in.
    pub table: Link<TransitTable>,
}

impl Part for TransitGateway {
    const NOUNS: &'static [Noun] = &[Noun::TransitGateway];

    fn bare(name: Name) -> Self {
        let outside = || Known::Unknown(Unknown::Opaque("the transit gateway stands outside the code".to_owned()));
        Self { name, associates: outside(), propagates: outside(), default_table: None }
    }
}

impl Part for TransitAttachment {
    const NOUNS: &'static [Noun] = &[Noun::TransitGatewayAttachment];

    fn bare(name: Name) -> Self {
        let outside = "the attachment stands outside the code";
        let unknown = || Known::Unknown(Unknown::Opaque(outside.to_owned()));
        Self {
            name,
            gateway: Link::nothing(outside),
            vpc: Some(Link::nothing(outside)),
            leads_to_another_gateway: false,
            subnets: Vec::new(),
            other_subnets: None,
            appliance_mode: unknown(),
            associates: unknown(),
            propagates: unknown(),
            table: Link::nothing(outside),
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_ec2_transit_gateway") {
        let Some(gateway) = reader.transit_gateways.of_resource(id) else { continue };
        let table = transit_table::make_default(reader, resource);
        let it = &mut reader.transit_gateways.items[gateway];
        let enabled = |attribute| resource.attr(attribute, "enable".to_owned()).known.map(|it| it == "enable");
        it.associates = enabled("default_route_table_association");
        it.propagates = enabled("default_route_table_propagation");
        it.default_table = Some(table);
        reader.transit_tables.items[table].gateway = Link::Known(gateway);
    }
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
            let leads_to_another_gateway = kind.starts_with("aws_ec2_transit_gateway_peering_attachment");
            attachment.leads_to_another_gateway = leads_to_another_gateway;
            attachment.appliance_mode = Known::Default(false);
            attachment.associates = Known::Default(true);
            // Routes to another gateway are static: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html>.
            attachment.propagates = Known::Default(!leads_to_another_gateway);
        }
    }
    read_accepters(reader);
    transit_table::read(reader);
}

fn read_attachment(reader: &mut Reader<'_>, attachment: super::Id<TransitAttachment>, resource: &Resource) {
    let graph = reader.graph;
    let by = &resource.address;
    let gateway = reader.transit_gateways.link(graph, resource.set("transit_gateway_id"));
    let gateway = reader.transit_gateways.claim(by, gateway);
    let vpc = reader.vpcs.link(graph, resource.set("vpc_id"));
    let named = resource.set("subnet_ids").map_or_else(Targets::default, |value| graph.targets(value, Subnet::NOUNS));
    let others = named.others.as_ref().map(ToString::to_string);
    let others = others.or_else(|| (!named.possible.is_empty()).then(|| "which subnets it stands in".to_owned()));
    let subnets: Vec<_> = named.certain.into_iter().map(|it| reader.subnets.link_target(graph, it)).collect();
    let from_subnets = subnets.iter().filter_map(Link::known).find_map(|it| reader.subnets.items[it].vpc.known());
    let vpc = reader.vpcs.claim(by, vpc.known().or(from_subnets).map_or(vpc, Link::Known));
    let attachment = &mut reader.transit_attachments.items[attachment];
    attachment.gateway = gateway;
    attachment.vpc = Some(vpc);
    attachment.subnets = subnets;
    attachment.other_subnets = others;
    attachment.appliance_mode =
        resource.attr("appliance_mode_support", "disable".to_owned()).known.map(|it| it == "enable");
    attachment.associates = resource.attr("transit_gateway_default_route_table_association", true).known;
    attachment.propagates = resource.attr("transit_gateway_default_route_table_propagation", true).known;
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
