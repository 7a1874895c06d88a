//! The table in force in every subnet, for people and as the contract's JSON.

use std::io::{self, Write};

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{escape::visible, json};
use crate::reach::table::{RouteRow, SubnetRoutes, TargetName};

/// The subnets of one project.
#[derive(Clone, Copy, Debug)]
pub struct ProjectRoutes<'a> {
    pub project: &'a str,
    pub subnets: &'a [SubnetRoutes],
}

/// The shapes of `routes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    subnets: Vec<Subnet<'a>>,
}

/// A subnet's routes, as every JSON of ours has them.
#[derive(Serialize)]
pub(super) struct Subnet<'a> {
    #[serde(rename = "subnet")]
    address: &'a str,
    project: &'a str,
    vpc: Target<'a>,
    cidr: Option<Target<'a>>,
    ipv6_cidr: Option<Target<'a>>,
    availability_zone: Option<Target<'a>>,
    route_table: Option<Target<'a>>,
    association: &'a str,
    routes: Vec<Route<'a>>,
    next_hops: Vec<NextHop<'a>>,
}

#[derive(Serialize)]
struct Route<'a> {
    destination: &'a str,
    target: Target<'a>,
    kind: &'a str,
    state: &'a str,
    written_by: Option<&'a str>,
}

#[derive(Serialize)]
struct NextHop<'a> {
    destinations: &'a [String],
    target: Option<Target<'a>>,
}

/// A name, or `{"$unknown": "why"}`.
struct Target<'a>(&'a TargetName);

impl Serialize for Target<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            TargetName::Named(name) => serializer.serialize_str(name),
            TargetName::Unknown(why) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("$unknown", why)?;
                map.end()
            }
        }
    }
}

impl Format {
    pub fn write(self, projects: &[ProjectRoutes<'_>], out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => write_text(projects, out),
            Self::Json => json::write_value(&document(projects), out),
        }
    }
}

fn document<'a>(projects: &[ProjectRoutes<'a>]) -> Document<'a> {
    let subnets = projects.iter().flat_map(|it| it.subnets.iter().map(|routes| subnet(it.project, routes)));
    Document { schema_version: json::SCHEMA_VERSION, subnets: subnets.collect() }
}

pub(super) fn subnet<'a>(project: &'a str, it: &'a SubnetRoutes) -> Subnet<'a> {
    let routes = it.routes.iter().map(|route| Route {
        destination: &route.destination,
        target: Target(&route.target),
        kind: route.kind,
        state: route.state,
        written_by: route.written_by.as_deref(),
    });
    let next_hops = it
        .next_hops
        .iter()
        .map(|hop| NextHop { destinations: &hop.destinations, target: hop.target.as_ref().map(Target) });
    Subnet {
        address: &it.subnet,
        project,
        vpc: Target(&it.vpc),
        cidr: it.cidr.as_ref().map(Target),
        ipv6_cidr: it.ipv6_cidr.as_ref().map(Target),
        availability_zone: it.availability_zone.as_ref().map(Target),
        route_table: it.route_table.as_ref().map(Target),
        association: it.association,
        routes: routes.collect(),
        next_hops: next_hops.collect(),
    }
}

/// A heading for each subnet and a line for each route of its table. No line starts with a name of others', which a
/// build log could take for a command.
fn write_text(projects: &[ProjectRoutes<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut first = true;
    for project in projects {
        if 1 < projects.len() {
            writeln!(out, "{}project {}", if first { "" } else { "\n" }, visible(project.project))?;
            first = false;
        }
        for subnet in project.subnets {
            writeln!(out, "{}subnet {}", if first { "" } else { "\n" }, visible(&subnet.subnet))?;
            first = false;
            write_subnet(subnet, out)?;
        }
    }
    Ok(())
}

fn write_subnet(it: &SubnetRoutes, out: &mut dyn Write) -> io::Result<()> {
    let blocks = [&it.cidr, &it.ipv6_cidr].into_iter().flatten().map(shown).collect::<Vec<_>>().join(", ");
    let zone = it.availability_zone.as_ref().map(|zone| format!(" in {}", shown(zone))).unwrap_or_default();
    let blocks = if blocks.is_empty() { "no block of its own".to_owned() } else { blocks };
    writeln!(out, "  {blocks}{zone}, {}", shown(&it.vpc))?;
    let table = it.route_table.as_ref().map_or_else(|| "unknown".to_owned(), shown);
    writeln!(out, "  route table {table} ({})", it.association)?;
    let rows: Vec<[String; 4]> = it.routes.iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (destination, target, kind) = (width(0), width(1), width(2));
    for [a, b, c, d] in &rows {
        let line = format!("    {a:destination$} -> {b:target$}  {c:kind$}  {d}");
        writeln!(out, "{}", line.trim_end())?;
    }
    if rows.is_empty() {
        writeln!(out, "    no routes")?;
    }
    Ok(())
}

fn row(route: &RouteRow) -> [String; 4] {
    let state = if route.state == "active" { String::new() } else { format!(" [{}]", route.state) };
    let by = route.written_by.as_ref().map(|by| format!("by {}", visible(by))).unwrap_or_default();
    [visible(&route.destination).into_owned(), shown(&route.target), format!("({}){state}", route.kind), by]
}

fn shown(name: &TargetName) -> String {
    match name {
        TargetName::Named(name) => visible(name).into_owned(),
        TargetName::Unknown(why) => format!("unknown: {}", visible(why)),
    }
}
