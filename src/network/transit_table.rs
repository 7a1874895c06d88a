//! The tables of transit gateways: which attachment what comes in by another leaves by.
//! <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>

use super::{
    Destination, Family,
    arena::Id,
    name::{Declared, Link, Name, Part, resolve, set},
    reader::Reader,
    route,
    transit::{TransitAttachment, TransitGateway},
};
use crate::{
    graph::Target,
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown, Value},
};

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
    /// It may have other routes, and this is why.
    pub others: Option<String>,
}

/// A static route of a transit gateway's table.
#[derive(Clone, Debug)]
pub struct TransitRoute {
    pub destination: Destination,
    /// `None`: what goes there is dropped.
    pub attachment: Option<Link<TransitAttachment>>,
    pub written: Declared,
}

impl Part for TransitTable {
    const NOUNS: &'static [Noun] = &[Noun::TransitGatewayRouteTable];

    fn bare(name: Name) -> Self {
        let outside = "the table stands outside the code";
        let others = match &name {
            Name::Declared(_) => None,
            Name::Implied(_) | Name::Outside(_) | Name::Read(_) => Some(outside.to_owned()),
        };
        Self {
            name,
            gateway: Link::nothing(outside),
            routes: Vec::new(),
            associations: Vec::new(),
            propagations: Vec::new(),
            others,
        }
    }
}

/// The table that AWS makes with a transit gateway.
pub(super) fn make_default(reader: &mut Reader<'_>, gateway: &Resource) -> Id<TransitTable> {
    let table = reader.transit_tables.implied(&format!("{}.association_default_route_table_id", gateway.address));
    reader.transit_tables.items[table].others = None;
    table
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for (id, resource) in graph.managed("aws_ec2_transit_gateway_route_table") {
        let Some(table) = reader.transit_tables.of_resource(id) else { continue };
        let gateway = reader.transit_gateways.link(graph, resource.set("transit_gateway_id"));
        reader.transit_tables.items[table].gateway = gateway;
    }
    for (id, resource) in graph.managed("aws_ec2_transit_gateway_route") {
        let value = set(&resource.body, "destination_cidr_block");
        let family = value.and_then(Value::text).map(|text| if text.contains(':') { Family::V6 } else { Family::V4 });
        let destination = route::block(value, family);
        add_route(reader, Declared::of(id, resource), resource, destination);
    }
    for (id, resource) in graph.managed("aws_ec2_transit_gateway_prefix_list_reference") {
        let destination = match reader.prefix_lists.link(graph, resource.set("prefix_list_id")) {
            Link::Known(list) => Destination::PrefixList(list),
            Link::OneOf(_) | Link::Gone(_) => {
                Destination::Unknown { family: None, why: Unknown::Opaque("one of several prefix lists".to_owned()) }
            }
            Link::Unknown(why) => Destination::Unknown { family: None, why },
        };
        add_route(reader, Declared::of(id, resource), resource, destination);
    }
    read_joins(reader, "aws_ec2_transit_gateway_route_table_association", |table| &mut table.associations);
    read_joins(reader, "aws_ec2_transit_gateway_route_table_propagation", |table| &mut table.propagations);
    use_defaults(reader);
}

fn add_route(reader: &mut Reader<'_>, written: Declared, resource: &Resource, destination: Destination) {
    let Some(table) = table_of(reader, resource).known() else {
        leave_open(reader, resource);
        return;
    };
    let drops = resource.attr("blackhole", false).known;
    let attachment = match drops {
        Known::Written(true) | Known::Default(true) => None,
        Known::Written(false) | Known::Default(false) | Known::Unknown(_) => Some(attachment_of(reader, resource)),
    };
    reader.transit_tables.items[table].routes.push(TransitRoute { destination, attachment, written });
}

/// What is of a table that cannot be told may be any table's.
fn leave_open(reader: &mut Reader<'_>, resource: &Resource) {
    for table in reader.transit_tables.items.ids() {
        reader.transit_tables.items[table].others = Some(format!("{} may belong to it", resource.address));
    }
}

fn read_joins(
    reader: &mut Reader<'_>,
    kind: &str,
    list: impl Fn(&mut TransitTable) -> &mut Vec<Link<TransitAttachment>>,
) {
    for (_, resource) in reader.graph.managed(kind) {
        let attachment = attachment_of(reader, resource);
        match table_of(reader, resource).known() {
            Some(table) => list(&mut reader.transit_tables.items[table]).push(attachment),
            None => leave_open(reader, resource),
        }
    }
}

/// Tells each attachment its table, and each gateway's default table what joins it unasked.
fn use_defaults(reader: &mut Reader<'_>) {
    for table in reader.transit_tables.items.ids() {
        for link in reader.transit_tables.items[table].associations.clone() {
            if let Link::Known(attachment) = link {
                reader.transit_attachments.items[attachment].table = Link::Known(table);
            }
        }
    }
    for attachment in reader.transit_attachments.items.ids() {
        let it = &reader.transit_attachments.items[attachment];
        let Link::Known(gateway) = it.gateway else { continue };
        let gateway = &reader.transit_gateways.items[gateway];
        let Some(table) = gateway.default_table else { continue };
        let agreed = |one: &Known<bool>, other: &Known<bool>| one.is(|it| *it).and(other.is(|it| *it));
        let associates = agreed(&it.associates, &gateway.associates);
        let propagates = agreed(&it.propagates, &gateway.propagates);
        let has_own = it.table.known().is_some();
        let is_ours = it.name.in_code().is_some();
        if !has_own {
            let open = reader
                .transit_tables
                .items
                .iter()
                .any(|(_, it)| it.associations.iter().any(|link| link.known().is_none()));
            reader.transit_attachments.items[attachment].table = match (associates.certain(), associates.possible()) {
                (true, _) if !open && is_ours => Link::Known(table),
                (_, false) if !open && is_ours => Link::nothing(NO_TABLE),
                (true | false, _) => Link::nothing("which table the attachment is associated with"),
            };
        }
        if propagates.certain() {
            reader.transit_tables.items[table].propagations.push(Link::Known(attachment));
        } else if propagates.possible() {
            let why = format!("whether it learns of {}", reader.transit_attachments.items[attachment].name.text());
            reader.transit_tables.items[table].others = Some(why);
        }
    }
}

/// Of an attachment that is associated with no table.
pub const NO_TABLE: &str = "the attachment is associated with no table";

fn table_of(reader: &mut Reader<'_>, resource: &Resource) -> Link<TransitTable> {
    let Some(value) = resource.set("transit_gateway_route_table_id") else {
        return Link::nothing("no table is written");
    };
    let target = resolve(reader.graph, value, TransitTable::NOUNS);
    if let Target::Resource(id, _) = target
        && let Some(gateway) = reader.transit_gateways.of_resource(id)
    {
        let table = reader.transit_gateways.items[gateway].default_table;
        let table = table.map_or_else(|| Link::nothing("the default table of its gateway"), Link::Known);
        return reader.transit_tables.claim(&resource.address, table);
    }
    let table = reader.transit_tables.link_target(reader.graph, target);
    reader.transit_tables.claim(&resource.address, table)
}

fn attachment_of(reader: &mut Reader<'_>, resource: &Resource) -> Link<TransitAttachment> {
    reader.transit_attachments.link(reader.graph, resource.set("transit_gateway_attachment_id"))
}
