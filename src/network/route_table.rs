//! Route tables, and what puts routes into them.

use super::{
    Family,
    arena::Id,
    endpoint::{Endpoint, EndpointKind},
    gateway::{InternetGateway, VpnGateway},
    inline_route,
    name::{Declared, Link, Name, Part, resolve},
    prefix_list::PrefixList,
    reader::Reader,
    route::{Class, Destination, NextHop, Route, Written},
    standalone_route,
    vpc::Vpc,
};
use crate::{
    graph::{ResourceId, Target},
    resource::{Mode, Resource},
    schema::Noun,
    value::{Truth, Unknown, Value},
};
use ipnet::IpNet;

/// A route table. Local routes are not among its routes: they follow from the VPC.
#[derive(Clone, Debug)]
pub struct RouteTable {
    pub name: Name,
    pub vpc: Link<Vpc>,
    pub kind: TableKind,
    pub routes: Vec<Route>,
    /// Other routes, for any destination, may be in it, and this is why.
    pub others: Option<String>,
    /// What it learns from others, of which the code does not say the routes.
    pub learns: Option<Learning>,
    /// The gateways that deliver by it.
    pub edges: Vec<Edge>,
    /// Whether a subnet, or a VPC for its subnets, uses it.
    pub is_used: Truth,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    Custom,
    /// AWS made it with its VPC.
    Default,
    /// AWS made it with a regional NAT gateway.
    NatGateway,
    Outside,
}

/// Routes that a table learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learning {
    /// A VPN gateway learns no IPv6.
    pub ipv6: bool,
    pub why: String,
}

/// A gateway that delivers what comes in by this table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    Internet(Id<InternetGateway>),
    Vpn(Id<VpnGateway>),
    Unknown,
}

/// What makes two routes of a table be for the same destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DestinationKey {
    Block(IpNet),
    PrefixList(Id<PrefixList>),
}

impl Part for RouteTable {
    const NOUNS: &'static [Noun] = &[Noun::RouteTable];

    fn bare(name: Name) -> Self {
        let outside = "the route table stands outside the code";
        let (kind, others) = match &name {
            Name::Declared(_) => (TableKind::Custom, None),
            Name::Implied(_) | Name::Outside(_) | Name::Read(_) => (TableKind::Outside, Some(outside.to_owned())),
        };
        Self {
            name,
            vpc: Link::nothing(outside),
            kind,
            routes: Vec::new(),
            others,
            learns: None,
            edges: Vec::new(),
            is_used: Truth::False,
        }
    }
}

impl DestinationKey {
    pub fn of(destination: &Destination) -> Option<Self> {
        match destination {
            Destination::Block(block) => Some(Self::Block(*block)),
            Destination::PrefixList(list) => Some(Self::PrefixList(*list)),
            Destination::Unknown { .. } => None,
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_route_table") {
        let Some(table) = reader.tables.of_resource(id) else { continue };
        reader.tables.items[table].vpc = reader.vpcs.link(reader.graph, resource.set("vpc_id"));
    }
    adopt_default_tables(reader);
    choose_main_tables(reader);
    make_nat_tables(reader);
    standalone_route::read(reader);
    for kind in ["aws_route_table", "aws_default_route_table"] {
        for (id, resource) in reader.graph.managed(kind) {
            let Some(table) = reader.tables.of_resource(id) else { continue };
            inline_route::read(reader, table, id, resource);
        }
    }
    read_gateway_endpoints(reader);
    read_propagation(reader);
}

/// What an attribute that should hold a table's id names; a VPC names its default and its main table.
pub(super) fn link(reader: &mut Reader<'_>, value: Option<&Value>) -> Link<RouteTable> {
    match value {
        Some(value) => link_target(reader, resolve(reader.graph, value, RouteTable::NOUNS)),
        None => Link::nothing("no route table is written"),
    }
}

pub(super) fn link_target(reader: &mut Reader<'_>, target: Target<'_>) -> Link<RouteTable> {
    match target {
        Target::Resource(id, attribute) => of_resource(reader, id, attribute),
        Target::OneOf(candidates) => {
            let links: Vec<_> = candidates.iter().map(|(id, attribute)| of_resource(reader, *id, attribute)).collect();
            among(&links)
        }
        Target::Outside(id) => Link::Known(reader.tables.outside(id)),
        Target::Gone(address) => Link::Gone(address.clone()),
        Target::Unknown(unknown) => Link::Unknown(unknown),
    }
}

/// Whatever one of `links` may be.
pub(super) fn among(links: &[Link<RouteTable>]) -> Link<RouteTable> {
    let all: Option<Vec<_>> = links.iter().map(Link::candidates).collect();
    let why = || Unknown::Opaque("one of several route tables".to_owned());
    Link::among(all.unwrap_or_default().concat(), why)
}

fn of_resource(reader: &mut Reader<'_>, id: ResourceId, attribute: &str) -> Link<RouteTable> {
    let graph = reader.graph;
    let resource = graph.resource(id);
    if resource.mode == Mode::Data {
        let is_table = resource.kind == "aws_route_table";
        let name = format!("{}.{attribute}", resource.address);
        return Link::Known(if is_table { reader.tables.read(resource) } else { reader.tables.outside(&name) });
    }
    if let Some(table) = reader.tables.of_resource(id) {
        return Link::Known(table);
    }
    let unknown = || Link::Unknown(super::name::after_apply(graph, id, attribute));
    let Some(vpc) = reader.vpcs.of_resource(id) else { return unknown() };
    let vpc = &reader.vpcs.items[vpc];
    let default = vpc.default_table.map_or_else(unknown, Link::Known);
    // Terraform read the main table when it last looked: before or after another took its place.
    if attribute == "main_route_table_id" && vpc.main_table_by.is_some() {
        return among(&[default, vpc.main_table.clone()]);
    }
    default
}

fn adopt_default_tables(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    let mut any = None;
    for (id, resource) in graph.managed("aws_default_route_table") {
        let link = adopted_from(reader, id, resource);
        match reader.vpcs.claim(&resource.address, link) {
            Link::Known(vpc) => adopt(reader, vpc, id, resource),
            link @ (Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_)) => {
                let table = reader.tables.add(Name::declared(id, resource));
                reader.tables.items[table].kind = TableKind::Default;
                reader.tables.stands_for(id, table);
                match link.candidates() {
                    Some(vpcs) => may_be_adopted(reader, vpcs.to_vec(), resource),
                    None => any = Some(resource),
                }
                reader.tables.items[table].vpc = link;
            }
        }
    }
    if let Some(resource) = any {
        may_be_adopted(reader, reader.vpcs.items.ids().collect(), resource);
    }
}

fn adopted_from(reader: &mut Reader<'_>, id: ResourceId, resource: &Resource) -> Link<Vpc> {
    let graph = reader.graph;
    if let Some(value) = resource.set("vpc_id") {
        return reader.vpcs.link(graph, Some(value));
    }
    let Some(value) = resource.set("default_route_table_id") else { return Link::nothing("no table is written") };
    match resolve(graph, value, RouteTable::NOUNS) {
        // Its own id: which VPC has it as default table does not follow.
        Target::Resource(to, _) if to == id => Link::nothing("the table's VPC is not written"),
        Target::Outside(_) => Link::nothing("the VPC stands outside the code"),
        target @ (Target::Resource(..) | Target::OneOf(_) | Target::Gone(_) | Target::Unknown(_)) => {
            reader.vpcs.link_target(graph, target)
        }
    }
}

/// Adoption takes every route away: those of the code are all there are.
fn adopt(reader: &mut Reader<'_>, vpc: Id<Vpc>, id: ResourceId, resource: &Resource) {
    let table = match reader.vpcs.items[vpc].default_table {
        Some(table) => table,
        None => reader.tables.add(Name::declared(id, resource)),
    };
    let made = &mut reader.tables.items[table];
    made.name = Name::declared(id, resource);
    made.kind = TableKind::Default;
    made.vpc = Link::Known(vpc);
    made.routes.clear();
    made.others = None;
    reader.tables.stands_for(id, table);
    let vpc = &mut reader.vpcs.items[vpc];
    if vpc.default_table.is_none() {
        vpc.default_table = Some(table);
    }
}

fn may_be_adopted(reader: &mut Reader<'_>, vpcs: Vec<Id<Vpc>>, by: &Resource) {
    for vpc in vpcs {
        if let Some(table) = reader.vpcs.items[vpc].default_table {
            reader.tables.items[table].others = Some(format!("{} may manage it", by.address));
        }
    }
}

fn choose_main_tables(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    let mut any = Vec::new();
    for (id, resource) in graph.managed("aws_main_route_table_association") {
        let table = link(reader, resource.set("route_table_id"));
        let vpc = reader.vpcs.link(reader.graph, resource.set("vpc_id"));
        match reader.vpcs.claim(&resource.address, vpc) {
            Link::Known(vpc) => {
                let vpc = &mut reader.vpcs.items[vpc];
                vpc.main_table = table;
                vpc.main_table_by = Some(Declared::of(id, resource));
            }
            Link::OneOf(vpcs) => {
                for vpc in vpcs {
                    may_be_main(reader, vpc, &table);
                }
            }
            Link::Gone(_) => (),
            Link::Unknown(_) => any.push(table),
        }
    }
    for vpc in reader.vpcs.items.ids() {
        // What the state says is main, and no resource chose, may be what this plan undoes.
        let stale = stale_main_table(reader, vpc);
        if !any.is_empty() || stale {
            let table = if any.len() == 1 && !stale { any[0].clone() } else { Link::nothing("which table is main") };
            may_be_main(reader, vpc, &table);
        }
    }
}

fn stale_main_table(reader: &Reader<'_>, vpc: Id<Vpc>) -> bool {
    let vpc = &reader.vpcs.items[vpc];
    let Some(resource) = vpc.name.resource().map(|id| reader.graph.resource(id)) else { return false };
    let text = |attribute| resource.set(attribute).and_then(Value::text);
    let (main, default) = (text("main_route_table_id"), text("default_route_table_id"));
    vpc.main_table_by.is_none() && main.is_some() && default.is_some() && main != default
}

fn may_be_main(reader: &mut Reader<'_>, vpc: Id<Vpc>, table: &Link<RouteTable>) {
    let vpc = &mut reader.vpcs.items[vpc];
    if vpc.main_table_by.is_none() {
        vpc.main_table = among(&[vpc.main_table.clone(), table.clone()]);
    }
}

/// A regional NAT gateway has a table of its own, which leads to the internet gateway of its VPC.
fn make_nat_tables(reader: &mut Reader<'_>) {
    for nat in reader.nat_gateways.items.ids() {
        let it = &reader.nat_gateways.items[nat];
        let super::nat::Placement::Regional(vpc) = &it.placement else { continue };
        let Some(resource) = it.name.resource() else { continue };
        let vpc = vpc.clone();
        let gateways: &[_] = vpc.known().map_or(&[], |vpc| &reader.vpcs.items[vpc].internet_gateways);
        let route = gateways.first().map(|&gateway| Route {
            destination: Destination::Block(super::defaults::everywhere()),
            target: NextHop::InternetGateway(gateway),
            class: Class::Static,
            is_certain: true,
            written: Written::Implied,
        });
        let table = reader.tables.implied(&format!("{}.route_table_id", it.name.text()));
        let made = &mut reader.tables.items[table];
        made.kind = TableKind::NatGateway;
        made.vpc = vpc;
        made.routes.extend(route);
        made.others = None;
        reader.tables.stands_for(resource, table);
    }
}

fn read_gateway_endpoints(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for (id, resource) in graph.managed("aws_vpc_endpoint") {
        let Some(endpoint) = reader.endpoints.of_resource(id) else { continue };
        if reader.endpoints.items[endpoint].kind != EndpointKind::Gateway {
            continue;
        }
        let Some(value) = resource.set("route_table_ids") else { continue };
        let targets = graph.targets(value, RouteTable::NOUNS);
        let certain = targets.certain.into_iter().map(|target| (target, true));
        let possible = targets.possible.into_iter().map(|target| (target, false));
        for (target, is_certain) in certain.chain(possible) {
            let table = link_target(reader, target);
            add_endpoint_route(reader, &table, endpoint, is_certain, &Declared::of(id, resource));
        }
    }
    for (id, resource) in graph.managed("aws_vpc_endpoint_route_table_association") {
        let table = link(reader, resource.set("route_table_id"));
        if let Link::Known(endpoint) = reader.endpoints.link(graph, resource.set("vpc_endpoint_id")) {
            add_endpoint_route(reader, &table, endpoint, true, &Declared::of(id, resource));
        }
    }
}

fn add_endpoint_route(
    reader: &mut Reader<'_>,
    table: &Link<RouteTable>,
    endpoint: Id<Endpoint>,
    is_certain: bool,
    by: &Declared,
) {
    let resource = reader.endpoints.items[endpoint].name.resource();
    let Some(list) = resource.and_then(|resource| reader.prefix_lists.of_resource(resource)) else { return };
    let tables = table.candidates().unwrap_or_default();
    for &id in tables {
        let is_certain = is_certain && reader.tables.counts_as(&by.address, id);
        let target = NextHop::GatewayEndpoint(endpoint);
        let routes = &mut reader.tables.items[id].routes;
        let route = Route {
            destination: Destination::PrefixList(list),
            target,
            class: Class::PrefixList,
            is_certain: is_certain && tables.len() == 1,
            written: Written::By(by.clone()),
        };
        // A refreshed state says it twice: at the endpoint and at the association.
        if !routes.iter().any(|it| it.destination == route.destination && it.target == route.target) {
            routes.push(route);
        }
    }
}

fn read_propagation(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for kind in ["aws_route_table", "aws_default_route_table"] {
        for (id, resource) in graph.managed(kind) {
            let Some(table) = reader.tables.of_resource(id) else { continue };
            let is_empty =
                resource.set("propagating_vgws").is_none_or(|it| it.items().is_empty() && it.unknown().is_none());
            if !is_empty {
                learns(reader, &[table], false, "it learns routes from a VPN gateway");
            }
        }
    }
    let sources = [
        ("aws_vpn_gateway_route_propagation", false, "it learns routes from a VPN gateway"),
        ("aws_vpc_route_server_propagation", true, "it learns routes from a route server"),
    ];
    for (kind, ipv6, why) in sources {
        let mut any = false;
        for (_, resource) in graph.managed(kind) {
            let table = link(reader, resource.set("route_table_id"));
            match table.candidates() {
                Some(tables) => learns(reader, tables, ipv6, why),
                None => any = true,
            }
        }
        if any {
            let tables: Vec<_> = reader.tables.items.ids().collect();
            learns(reader, &tables, ipv6, why);
        }
    }
}

fn learns(reader: &mut Reader<'_>, tables: &[Id<RouteTable>], ipv6: bool, why: &str) {
    for &table in tables {
        let learns = &mut reader.tables.items[table].learns;
        let ipv6 = ipv6 || learns.as_ref().is_some_and(|it| it.ipv6);
        *learns = Some(Learning { ipv6, why: why.to_owned() });
    }
}

impl RouteTable {
    /// A table of which only the VPC is known.
    pub(crate) fn nameless(vpc: Link<Vpc>) -> Self {
        Self { vpc, ..Self::bare(Name::Implied("a route table".to_owned())) }
    }

    /// Why its routes of a family are not all known, where they are not.
    pub fn why_open(&self, family: Family) -> Option<&str> {
        let learns = self.learns.as_ref().filter(|learns| learns.ipv6 || family == Family::V4);
        self.others.as_deref().or(learns.map(|learns| learns.why.as_str()))
    }
}
