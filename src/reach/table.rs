//! The table in force and the next hops of every subnet, as plain data.

use ipnet::IpNet;
use rustc_hash::FxHashMap;

use super::{Answer, Parts, RouteResolver, Space};
use crate::{
    network::{
        Association, Destination, DestinationKey, Family, Id, Link, NextHop, Route, RouteTable, State, Subnet, Vpc,
    },
    source::Span,
    value::Known,
};

/// A name that is known, or why it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetName {
    /// The address of a resource, `local`, or an id outside the code.
    Named(String),
    Unknown(String),
}

/// One subnet's routes.
#[derive(Clone, Debug)]
pub struct SubnetRoutes {
    pub subnet: String,
    pub span: Option<Span>,
    pub vpc: TargetName,
    pub cidr: Option<TargetName>,
    pub ipv6_cidr: Option<TargetName>,
    pub availability_zone: Option<TargetName>,
    pub route_table: Option<TargetName>,
    /// `explicit`, `main` or `unknown`.
    pub association: &'static str,
    pub routes: Vec<RouteRow>,
    pub next_hops: Vec<NextHopRow>,
}

/// One destination of the table in force.
#[derive(Clone, Debug)]
pub struct RouteRow {
    /// A block, `pl-…` of a prefix list, or `unknown`.
    pub destination: String,
    pub target: TargetName,
    pub kind: &'static str,
    /// The resource that writes it.
    pub written_by: Option<String>,
    /// `active`, `blackhole` or `unknown`.
    pub state: &'static str,
    pub span: Option<Span>,
}

/// Addresses with one next hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHopRow {
    /// The fewest blocks, IPv4 before IPv6.
    pub destinations: Vec<String>,
    /// `None`: no route.
    pub target: Option<TargetName>,
}

/// What answers there are to a packet, and whether it may stay in the VPC besides.
type Fate = (Vec<usize>, bool);

impl RouteResolver<'_> {
    /// The routes of every subnet of the code, in the order of the code.
    pub fn subnet_routes(&self) -> Vec<SubnetRoutes> {
        let declared = self.network.subnets.iter().filter(|(_, subnet)| subnet.name.in_code().is_some());
        declared.map(|(id, _)| self.routes_of(id)).collect()
    }

    pub fn routes_of(&self, id: Id<Subnet>) -> SubnetRoutes {
        let subnet = &self.network.subnets[id];
        let (association, route_table) = match &subnet.association {
            Association::Explicit { table, .. } => ("explicit", self.table_name(*table)),
            Association::Main(table) => ("main", self.table_name(*table)),
            Association::Unknown { candidates, why } => match candidates.as_slice() {
                [table] => ("unknown", self.table_name(*table)),
                _ => ("unknown", TargetName::Unknown(why.clone())),
            },
        };
        SubnetRoutes {
            subnet: subnet.name.text().to_owned(),
            span: subnet.name.span(),
            vpc: self.vpc_name(&subnet.vpc),
            cidr: subnet.block.as_ref().map(block_name),
            ipv6_cidr: subnet.ipv6_block.as_ref().map(block_name),
            availability_zone: Some(zone_name(&subnet.zone)),
            route_table: Some(route_table),
            association,
            routes: self.rows(subnet),
            next_hops: self.next_hop_rows(subnet, &self.parts_of(id)),
        }
    }

    fn table_name(&self, table: Id<RouteTable>) -> TargetName {
        TargetName::Named(self.network.tables[table].name.text().to_owned())
    }

    fn vpc_name(&self, vpc: &Link<Vpc>) -> TargetName {
        match vpc {
            Link::Known(vpc) => TargetName::Named(self.network.vpcs[*vpc].name.text().to_owned()),
            Link::OneOf(_) => TargetName::Unknown("one of several VPCs".to_owned()),
            Link::Gone(address) => TargetName::Unknown(format!("{address} is destroyed")),
            Link::Unknown(unknown) => TargetName::Unknown(unknown.to_string()),
        }
    }

    fn rows(&self, subnet: &Subnet) -> Vec<RouteRow> {
        match subnet.association.candidates() {
            None => self.local_rows(&subnet.vpc),
            Some([table]) => self.table_rows(*table),
            Some(tables) => agreed_rows(tables.iter().map(|&table| self.table_rows(table)).collect()),
        }
    }

    fn table_rows(&self, id: Id<RouteTable>) -> Vec<RouteRow> {
        let table = &self.network.tables[id];
        let mut rows = self.local_rows(&table.vpc);
        for route in &table.routes {
            let row = self.row(table, route);
            let same = rows.iter_mut().find(|it| it.destination == row.destination && it.destination != "unknown");
            match same {
                Some(before) if before.kind == "local" => {
                    if route.target.may_replace_local() {
                        *before = row;
                    }
                }
                // Two routes for one destination: which one the table gets is not known.
                Some(before) if before.target != row.target => {
                    before.target = TargetName::Unknown("several routes for one destination".to_owned());
                    before.state = "unknown";
                }
                Some(_) => (),
                None => rows.push(row),
            }
        }
        rows
    }

    fn local_rows(&self, vpc: &Link<Vpc>) -> Vec<RouteRow> {
        let Some(vpc) = vpc.known() else { return Vec::new() };
        let rows = self.network.vpcs[vpc].blocks.iter().map(|block| {
            let destination = block.block.get().map_or_else(|| "unknown".to_owned(), ToString::to_string);
            let target = if block.is_certain {
                TargetName::Named("local".to_owned())
            } else {
                TargetName::Unknown("whether the VPC has this block".to_owned())
            };
            let state = if block.is_certain { "active" } else { "unknown" };
            RouteRow { destination, target, kind: "local", written_by: None, state, span: None }
        });
        rows.collect()
    }

    fn row(&self, table: &RouteTable, route: &Route) -> RouteRow {
        let state = match self.network.state(&route.target, &table.vpc) {
            State::Active => "active",
            State::Blackhole(_) => "blackhole",
            State::Unknown(_) => "unknown",
        };
        let target = if route.is_certain {
            self.target_name(&route.target)
        } else {
            TargetName::Unknown("whether the table has this route".to_owned())
        };
        RouteRow {
            destination: self.destination_name(&route.destination),
            target,
            kind: route.target.kind(),
            written_by: route.written.by().map(|by| by.address.to_string()),
            state: if route.is_certain { state } else { "unknown" },
            span: route.written.place().map(|by| by.span),
        }
    }

    fn destination_name(&self, destination: &Destination) -> String {
        match DestinationKey::of(destination) {
            Some(DestinationKey::Block(block)) => block.to_string(),
            Some(DestinationKey::PrefixList(list)) => {
                let name = self.network.prefix_lists[list].name.text();
                if name.starts_with("pl-") { name.to_owned() } else { format!("pl-({name})") }
            }
            None => "unknown".to_owned(),
        }
    }

    fn target_name(&self, target: &NextHop) -> TargetName {
        match (target, self.network.name_of(target)) {
            (NextHop::Gone(address), _) => TargetName::Unknown(format!("{address} is destroyed")),
            (_, Some(name)) => TargetName::Named(name.to_owned()),
            (_, None) => TargetName::Unknown(self.network.describe(target).replace('`', "")),
        }
    }

    /// The whole address space by next hop, in the order in which its addresses first occur.
    ///
    /// A VPC's block that AWS or an address manager chooses on apply may lie anywhere: what goes there stays in the VPC.
    fn next_hop_rows(&self, subnet: &Subnet, parts: &Parts) -> Vec<NextHopRow> {
        let mut order: Vec<(Fate, Vec<IpNet>)> = Vec::new();
        let mut places: FxHashMap<Fate, usize> = FxHashMap::default();
        for family in Family::ALL {
            let chosen = self.chosen_on_apply(subnet, family);
            for part in parts.of_family(family) {
                let space = Space::of_ranges(family, [(part.first, part.last)]);
                let divided = [(space.difference(&chosen), false), (space.intersection(&chosen), true)];
                for (space, may_be_local) in divided.into_iter().filter(|(space, _)| !space.is_empty()) {
                    let key = (parts.key(&part.answers), may_be_local);
                    let place = *places.entry(key.clone()).or_insert_with(|| {
                        order.push((key, Vec::new()));
                        order.len() - 1
                    });
                    order[place].1.extend(space.blocks());
                }
            }
        }
        let rows = order.into_iter().map(|((key, may_be_local), blocks)| {
            let space = Space::of(blocks);
            let destinations = space.blocks().iter().map(ToString::to_string).collect();
            let answers: Vec<_> = parts.distinct(&key).collect();
            NextHopRow { destinations, target: self.answers_name(&answers, may_be_local) }
        });
        rows.collect()
    }

    /// Where the subnet's VPC may have a block that is not known yet.
    fn chosen_on_apply(&self, subnet: &Subnet, family: Family) -> Space {
        let vpcs = subnet.vpc.candidates().unwrap_or_default();
        let mut blocks = vpcs.iter().flat_map(|&vpc| &self.network.vpcs[vpc].blocks);
        if !blocks.any(|it| it.family == family && it.block.get().is_none()) {
            return Space::default();
        }
        match family {
            Family::V4 => Space::everything(family),
            // Global unicast addresses; the parts already say so of the unique local ones.
            Family::V6 => Space::of(["2000::/3".parse::<IpNet>().expect("the constant is a block")]),
        }
    }

    fn answers_name(&self, answers: &[&Answer], may_be_local: bool) -> Option<TargetName> {
        let is_local = |answer: &&Answer| answer.target == Some(NextHop::Local);
        let local = (may_be_local && !answers.iter().all(is_local)).then_some("local");
        match answers {
            [answer] if local.is_none() => answer.target.as_ref().map(|target| self.target_name(target)),
            several => {
                let names: Vec<_> = several
                    .iter()
                    .map(|answer| match answer.target.as_ref().map(|target| self.target_name(target)) {
                        Some(TargetName::Named(name) | TargetName::Unknown(name)) => name,
                        None => "no route".to_owned(),
                    })
                    .collect();
                let local = local.filter(|local| !names.iter().any(|name| name == local)).map(str::to_owned);
                let names: Vec<_> = local.into_iter().chain(names).collect();
                Some(TargetName::Unknown(format!("one of: {}", names.join("; "))))
            }
        }
    }
}

/// The rows that one of several tables has: where they do not agree, the target is not known.
fn agreed_rows(tables: Vec<Vec<RouteRow>>) -> Vec<RouteRow> {
    let count = tables.len();
    let mut rows: Vec<(RouteRow, usize)> = Vec::new();
    for row in tables.into_iter().flatten() {
        match rows.iter_mut().find(|(it, _)| it.destination == row.destination) {
            None => rows.push((row, 1)),
            Some((before, times)) => {
                *times += 1;
                if before.target != row.target {
                    before.target = TargetName::Unknown("its table is one of several".to_owned());
                    before.state = "unknown";
                }
                if before.written_by != row.written_by {
                    before.written_by = None;
                    before.span = None;
                }
            }
        }
    }
    let settle = |(mut row, times): (RouteRow, usize)| {
        if times < count {
            row.target = TargetName::Unknown("its table is one of several".to_owned());
            row.state = "unknown";
        }
        row
    };
    rows.into_iter().map(settle).collect()
}

fn block_name(block: &Known<IpNet>) -> TargetName {
    match block {
        Known::Written(block) | Known::Default(block) => TargetName::Named(block.to_string()),
        Known::Unknown(unknown) => TargetName::Unknown(unknown.to_string()),
    }
}

fn zone_name(zone: &crate::network::Zone) -> TargetName {
    use crate::network::Zone;
    match zone {
        Zone::Name(name) | Zone::Id(name) => TargetName::Named(name.clone()),
        Zone::Symbol(text) | Zone::Unknown(text) => TargetName::Unknown(text.clone()),
    }
}
