//! Routes that are resources of their own, put into their tables.

use rustc_hash::FxHashMap;

use super::{
    arena::Id,
    name::{Declared, Link, without_key},
    reader::Reader,
    route::{self, Class, Destination, NextHop, Route, Written},
    route_table::{self, DestinationKey, RouteTable},
    vpc::Vpc,
};
/// More routes than this of unknown tables are not put into each table one by one.
const FEW: usize = 16;

/// A standalone route of one of several tables, together with its like.
#[derive(Debug, Default)]
struct Choice {
    targets: Vec<NextHop>,
    by: Vec<Declared>,
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    let mut choices: FxHashMap<(&str, DestinationKey, Vec<Id<RouteTable>>), Choice> = FxHashMap::default();
    let mut order = Vec::new();
    let mut anywhere = Vec::new();
    for (id, resource) in graph.managed("aws_route") {
        let destination = route::destination(reader, &resource.body);
        let target = route::target(reader, &resource.body);
        let by = Declared::of(id, resource);
        let table = route_table::link(reader, resource.set("route_table_id"));
        let table = reader.tables.claim(&resource.address, table);
        let key = DestinationKey::of(&destination);
        let route = Route {
            class: class_of(&destination),
            destination,
            target,
            is_certain: true,
            written: Written::By(by.clone()),
        };
        match (table, key) {
            (Link::Known(table), _) => reader.tables.items[table].routes.push(route),
            (Link::OneOf(tables), Some(key)) => {
                let choice_key = (without_key(&resource.address), key, tables);
                let choice = choices.entry(choice_key.clone()).or_insert_with(|| {
                    order.push(choice_key);
                    Choice::default()
                });
                choice.targets.push(route.target);
                choice.by.push(by);
            }
            (Link::OneOf(tables), None) => may_be_in(reader, &tables, &route),
            (Link::Gone(_), _) => (),
            (Link::Unknown(_), _) => anywhere.push(route),
        }
    }
    for key in order {
        if let Some(choice) = choices.remove(&key) {
            let (_, destination, tables) = key;
            settle(reader, destination, &tables, choice);
        }
    }
    put_anywhere(reader, anywhere);
}

pub(super) fn class_of(destination: &Destination) -> Class {
    match destination {
        Destination::Block(_) | Destination::Unknown { .. } => Class::Static,
        Destination::PrefixList(_) => Class::PrefixList,
    }
}

/// A table has one route for a destination: where as many instances of one resource choose among as many tables, each
/// table gets one.
fn settle(reader: &mut Reader<'_>, key: DestinationKey, tables: &[Id<RouteTable>], choice: Choice) {
    let destination = match key {
        DestinationKey::Block(block) => Destination::Block(block),
        DestinationKey::PrefixList(list) => Destination::PrefixList(list),
    };
    let is_certain = 1 < tables.len() && choice.by.len() == tables.len();
    let route = Route {
        class: class_of(&destination),
        destination,
        target: route::one_of(choice.targets),
        is_certain,
        written: Written::Among(choice.by),
    };
    for &table in tables {
        reader.tables.items[table].routes.push(route.clone());
    }
}

fn may_be_in(reader: &mut Reader<'_>, tables: &[Id<RouteTable>], route: &Route) {
    for &table in tables {
        reader.tables.items[table].routes.push(Route { is_certain: false, ..route.clone() });
    }
}

/// Routes of which the table is not known at all may be in each table of the VPC that their target belongs to.
fn put_anywhere(reader: &mut Reader<'_>, routes: Vec<Route>) {
    let mut by_vpc: FxHashMap<Option<Id<Vpc>>, Vec<Route>> = FxHashMap::default();
    for route in routes {
        by_vpc.entry(vpc_of(reader, &route.target)).or_default().push(route);
    }
    if by_vpc.is_empty() {
        return;
    }
    for table in reader.tables.items.ids() {
        let vpc = reader.tables.items[table].vpc.known();
        let of_any = by_vpc.get(&None).map_or(&[][..], Vec::as_slice);
        let of_vpc = vpc.and_then(|vpc| by_vpc.get(&Some(vpc))).map_or(&[][..], Vec::as_slice);
        let is_open = vpc.is_none() || FEW < of_any.len() + of_vpc.len();
        let table = &mut reader.tables.items[table];
        if is_open {
            table.others = Some("routes whose table is not known may be in it".to_owned());
        } else {
            let possible = of_any.iter().chain(of_vpc).map(|route| Route { is_certain: false, ..route.clone() });
            table.routes.extend(possible);
        }
    }
}

/// The VPC in which a target can be one, where that is known.
fn vpc_of(reader: &Reader<'_>, target: &NextHop) -> Option<Id<Vpc>> {
    match target {
        NextHop::InternetGateway(id) => reader.internet_gateways.items[*id].attachment.vpc(),
        NextHop::EgressOnlyGateway(id) => reader.egress_only_gateways.items[*id].attachment.vpc(),
        NextHop::VpnGateway(id) => reader.vpn_gateways.items[*id].attachment.vpc(),
        NextHop::CarrierGateway(id) => reader.carrier_gateways.items[*id].attachment.vpc(),
        NextHop::Nat(id) => {
            let subnet = reader.nat_gateways.items[*id].subnet().and_then(Link::known);
            subnet.and_then(|subnet| reader.subnets.items[subnet].vpc.known())
        }
        NextHop::Endpoint(id) | NextHop::GatewayEndpoint(id) => reader.endpoints.items[*id].vpc.known(),
        NextHop::OneOf(hops) => {
            let vpcs: Vec<_> = hops.iter().map(|hop| vpc_of(reader, hop)).collect();
            vpcs.first().copied().flatten().filter(|first| vpcs.iter().all(|vpc| *vpc == Some(*first)))
        }
        NextHop::Local
        | NextHop::Interface(_)
        | NextHop::Instance(_)
        | NextHop::TransitGateway(_)
        | NextHop::Peering(_)
        | NextHop::LocalGateway(_)
        | NextHop::CoreNetwork(_)
        | NextHop::Gone(_)
        | NextHop::Unknown(_) => None,
    }
}
