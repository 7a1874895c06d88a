//! What AWS adds unasked: the default VPC's block and its way to the internet.
//!
//! Local routes, one for each block of a VPC, stand in every table: the resolver reads them from the VPC.

use ipnet::{IpNet, Ipv4Net};
use std::net::Ipv4Addr;

use super::{
    gateway::Attachment,
    name::Link,
    reader::Reader,
    route::{Class, Destination, NextHop, Route, Written},
    route_table::{RouteTable, TableKind},
};

/// The block of every default VPC.
pub(super) fn default_vpc_block() -> IpNet {
    IpNet::V4(Ipv4Net::new(Ipv4Addr::new(172, 31, 0, 0), 16).expect("a prefix of 16 bits fits"))
}

/// Every IPv4 address.
pub(super) fn everywhere() -> IpNet {
    IpNet::V4(Ipv4Net::default())
}

/// Every address of both families.
pub(super) fn everywhere_of_both() -> [IpNet; 2] {
    [everywhere(), IpNet::V6(ipnet::Ipv6Net::default())]
}

/// Makes the table that each VPC has from the start. Nothing is in it but the local routes; a default VPC's leads to
/// the internet gateway that AWS made with it.
pub(super) fn make_tables(reader: &mut Reader<'_>) {
    for vpc in reader.vpcs.items.ids() {
        let it = &reader.vpcs.items[vpc];
        let is_in_code = it.name.in_code().is_some();
        if !is_in_code && !it.is_default {
            continue;
        }
        let name = format!("{}.default_route_table_id", it.name.text());
        let is_default = it.is_default;
        let routes = if is_default { vec![default_route(reader, vpc)] } else { Vec::new() };
        let table = reader.tables.implied(&name);
        let made = &mut reader.tables.items[table];
        *made = RouteTable { vpc: Link::Known(vpc), kind: TableKind::Default, others: None, routes, ..made.clone() };
        let vpc = &mut reader.vpcs.items[vpc];
        vpc.default_table = Some(table);
        vpc.main_table = Link::Known(table);
    }
}

fn default_route(reader: &mut Reader<'_>, vpc: super::arena::Id<super::vpc::Vpc>) -> Route {
    let name = format!("internet gateway of {}", reader.vpcs.items[vpc].name.text());
    let gateway = reader.internet_gateways.implied(&name);
    reader.internet_gateways.items[gateway].attachment = Attachment::To(Link::Known(vpc));
    Route {
        destination: Destination::Block(everywhere()),
        target: NextHop::InternetGateway(gateway),
        class: Class::Static,
        is_certain: true,
        written: Written::Implied,
    }
}
