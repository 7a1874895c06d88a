//! Which table is in force in each subnet, and by which tables gateways deliver.

use rustc_hash::FxHashMap;

use super::{
    arena::Id,
    name::{Declared, Link, without_key},
    reader::Reader,
    route_table::{self, Edge, RouteTable},
    subnet::{Association, Subnet},
    vpc::Vpc,
};
use crate::{
    graph::Target,
    resource::Resource,
    schema::{self, Noun},
    value::Truth,
};

/// More tables than this are not kept as candidates: it may be any.
const FEW: usize = 16;

/// What the code's associations say of the subnets, before it is put together.
#[derive(Debug, Default)]
struct Claims {
    /// Certain ones, by subnet.
    certain: FxHashMap<Id<Subnet>, Vec<(Link<RouteTable>, Declared)>>,
    /// The subnet has one of these tables.
    one_of: FxHashMap<Id<Subnet>, Vec<Link<RouteTable>>>,
    /// The subnet may have one of these.
    possible: FxHashMap<Id<Subnet>, Vec<Link<RouteTable>>>,
    /// Any subnet of this VPC may have one of these; of any VPC, where it is not known.
    anywhere: FxHashMap<Option<Id<Vpc>>, Vec<Link<RouteTable>>>,
}

/// Instances of one resource that choose among the same subnets.
type Choosers<'a> = (&'a str, Vec<Id<Subnet>>);

pub(super) fn read(reader: &mut Reader<'_>) {
    let claims = claims(reader);
    infer_vpcs(reader, &claims);
    for subnet in reader.subnets.items.ids() {
        let association = association(reader, &claims, subnet);
        reader.subnets.items[subnet].association = association;
    }
    mark_used(reader, &claims);
}

fn claims(reader: &mut Reader<'_>) -> Claims {
    let graph = reader.graph;
    let mut claims = Claims::default();
    let mut choices: FxHashMap<Choosers<'_>, Vec<Link<RouteTable>>> = FxHashMap::default();
    let mut order = Vec::new();
    for (id, resource) in graph.managed("aws_route_table_association") {
        let table = route_table::link(reader, resource.set("route_table_id"));
        let Some(subnet) = resource.set("subnet_id") else {
            read_edge(reader, &table, resource);
            continue;
        };
        let subnet = reader.subnets.link(graph, Some(subnet));
        match reader.subnets.claim(&resource.address, subnet) {
            Link::Known(subnet) => {
                claims.certain.entry(subnet).or_default().push((table, Declared::of(id, resource)));
            }
            Link::OneOf(subnets) => {
                let key = (without_key(&resource.address), subnets);
                let tables = choices.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    Vec::new()
                });
                tables.push(table);
            }
            Link::Gone(_) => (),
            Link::Unknown(_) => {
                let vpc = table.known().and_then(|table| reader.tables.items[table].vpc.known());
                claims.anywhere.entry(vpc).or_default().push(table);
            }
        }
    }
    for key in order {
        if let Some(tables) = choices.remove(&key) {
            settle(&mut claims, key.1, &tables);
        }
    }
    claims
}

/// A subnet takes one association: where as many choose among as many subnets, each subnet gets one. One alone may be
/// there or not.
fn settle(claims: &mut Claims, mut subnets: Vec<Id<Subnet>>, tables: &[Link<RouteTable>]) {
    subnets.retain(|subnet| !claims.certain.contains_key(subnet));
    let table = route_table::among(tables);
    let claims =
        if 1 < subnets.len() && subnets.len() == tables.len() { &mut claims.one_of } else { &mut claims.possible };
    for subnet in subnets {
        claims.entry(subnet).or_default().push(table.clone());
    }
}

/// A table and a subnet that are associated lie in the same VPC.
fn infer_vpcs(reader: &mut Reader<'_>, claims: &Claims) {
    for subnet in reader.subnets.items.ids() {
        let Some([(Link::Known(table), _)]) = claims.certain.get(&subnet).map(Vec::as_slice) else { continue };
        let of_subnet = &mut reader.subnets.items[subnet].vpc;
        let of_table = &mut reader.tables.items[*table].vpc;
        match (of_subnet.known(), of_table.known()) {
            (Some(vpc), None) => *of_table = Link::Known(vpc),
            (None, Some(vpc)) => *of_subnet = Link::Known(vpc),
            (Some(_), Some(_)) | (None, None) => (),
        }
    }
}

fn association(reader: &Reader<'_>, claims: &Claims, subnet: Id<Subnet>) -> Association {
    let empty = |why: &str| Association::Unknown { candidates: Vec::new(), why: why.to_owned() };
    match claims.certain.get(&subnet).map(Vec::as_slice) {
        Some([(Link::Known(table), by)]) => return Association::Explicit { table: *table, by: by.clone() },
        Some(several) => {
            let links: Vec<_> = several.iter().map(|(link, _)| link.clone()).collect();
            return unknown(&links, "its association's table is one of several");
        }
        None => (),
    }
    let subnet_vpc = &reader.subnets.items[subnet].vpc;
    let vpc = subnet_vpc.known();
    let of_subnet = claims.possible.get(&subnet).into_iter();
    let of_vpc = claims.anywhere.iter_for(vpc);
    if let Some(links) = claims.one_of.get(&subnet) {
        return unknown(links, "several associations choose among the same subnets");
    }
    let mut links: Vec<_> = of_subnet.chain(of_vpc).flatten().cloned().collect();
    let main = match subnet_vpc.candidates() {
        Some(vpcs) if !vpcs.is_empty() => {
            route_table::among(&vpcs.iter().map(|&vpc| reader.vpcs.items[vpc].main_table.clone()).collect::<Vec<_>>())
        }
        Some(_) | None => return empty("its VPC is not known"),
    };
    if links.is_empty() {
        return match main {
            Link::Known(table) => Association::Main(table),
            Link::OneOf(_) => unknown(&[main], "the VPC's main table is one of several"),
            Link::Gone(_) | Link::Unknown(_) => empty("the VPC's main table is not known"),
        };
    }
    links.push(main);
    unknown(&links, "an association may be this subnet's or another's")
}

fn unknown(links: &[Link<RouteTable>], why: &str) -> Association {
    let candidates = match route_table::among(links) {
        Link::Known(table) => vec![table],
        Link::OneOf(tables) if tables.len() <= FEW => tables,
        Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_) => Vec::new(),
    };
    Association::Unknown { candidates, why: why.to_owned() }
}

trait Anywhere {
    fn iter_for(&self, vpc: Option<Id<Vpc>>) -> impl Iterator<Item = &Vec<Link<RouteTable>>>;
}

impl Anywhere for FxHashMap<Option<Id<Vpc>>, Vec<Link<RouteTable>>> {
    /// What may be any subnet's: of its VPC, or of any.
    fn iter_for(&self, vpc: Option<Id<Vpc>>) -> impl Iterator<Item = &Vec<Link<RouteTable>>> {
        let of_vpc = vpc.and_then(|vpc| self.get(&Some(vpc)));
        self.get(&None).into_iter().chain(of_vpc)
    }
}

/// A table that a gateway delivers by.
fn read_edge(reader: &mut Reader<'_>, table: &Link<RouteTable>, resource: &Resource) {
    let Some(value) = resource.set("gateway_id") else { return };
    let graph = reader.graph;
    let edge = match graph.target(value, &[Noun::InternetGateway, Noun::VpnGateway]) {
        Target::Resource(id, _) => {
            let internet = reader.internet_gateways.of_resource(id).map(Edge::Internet);
            internet.or_else(|| reader.vpn_gateways.of_resource(id).map(Edge::Vpn)).unwrap_or(Edge::Unknown)
        }
        Target::Outside(id) if id.starts_with("igw-") => Edge::Internet(reader.internet_gateways.outside(id)),
        Target::Outside(id) if id.starts_with("vgw-") => Edge::Vpn(reader.vpn_gateways.outside(id)),
        Target::Outside(_) | Target::OneOf(_) | Target::Gone(_) | Target::Unknown(_) => Edge::Unknown,
    };
    match edge {
        Edge::Internet(gateway) => reader.internet_gateways.items[gateway].edge_table = Some(table.clone()),
        Edge::Vpn(gateway) => reader.vpn_gateways.items[gateway].edge_table = Some(table.clone()),
        Edge::Unknown => (),
    }
    for &table in table.candidates().unwrap_or_default() {
        reader.tables.items[table].edges.push(edge.clone());
    }
}

/// Tells each table whether a subnet, a VPC or a gateway uses it.
fn mark_used(reader: &mut Reader<'_>, claims: &Claims) {
    let mut used = vec![Truth::False; reader.tables.items.len()];
    let mut open = false;
    let certain = claims.certain.values().flatten().map(|(link, _)| link);
    let of_subnets = certain.chain(claims.one_of.values().flatten());
    let of_vpcs = reader.vpcs.items.iter().map(|(_, vpc)| &vpc.main_table);
    for link in of_subnets.chain(of_vpcs.filter(|link| link.candidates().is_some())) {
        mark(&mut used, &mut open, link, Truth::True);
    }
    for link in claims.possible.values().chain(claims.anywhere.values()).flatten() {
        mark(&mut used, &mut open, link, Truth::Unknown);
    }
    for (id, subnet) in &reader.subnets.items {
        let _ = id;
        if let Association::Unknown { candidates, .. } = &subnet.association {
            for &table in candidates {
                used[table.index()] = used[table.index()].or(Truth::Unknown);
            }
        }
    }
    for table in named_by_other_providers(reader) {
        used[table.index()] = used[table.index()].or(Truth::Unknown);
    }
    for table in reader.tables.items.ids() {
        let floor = if open { Truth::Unknown } else { Truth::False };
        let by_gateway = Truth::from(!reader.tables.items[table].edges.is_empty());
        reader.tables.items[table].is_used = used[table.index()].or(floor).or(by_gateway);
    }
}

/// Tables that resources of another provider name: perhaps to associate them.
fn named_by_other_providers(reader: &Reader<'_>) -> Vec<Id<RouteTable>> {
    let graph = reader.graph;
    let others = graph.resources().filter(|(_, resource)| schema::is_of_another_provider(&resource.kind));
    let named = others.flat_map(|(id, _)| graph.references(id));
    named.filter_map(|(to, _)| reader.tables.of_resource(to)).collect()
}

/// One of several tables is used: each of them may be.
fn mark(used: &mut [Truth], open: &mut bool, link: &Link<RouteTable>, how: Truth) {
    match link.candidates() {
        None => *open = true,
        Some([table]) => used[table.index()] = used[table.index()].or(how),
        Some(tables) => {
            for table in tables {
                used[table.index()] = used[table.index()].or(Truth::Unknown);
            }
        }
    }
}
