//! The public addresses that each workload leaves from, for people and as JSON.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use super::{
    escape::visible,
    json::{self, Marked},
    packets,
};
use crate::{
    network::{Id, Network, NetworkInterface},
    reach::{
        Code,
        egress::{By, Egress, EgressAddress, ServiceWay, Way},
    },
    worlds::{Each, Told},
};

/// The workloads of one project, in each world that its code allows.
#[derive(Debug)]
pub struct ProjectEgress<'a> {
    pub project: &'a str,
    pub worlds: Each<WorldEgress<'a>>,
}

/// The workloads of one world.
#[derive(Debug)]
pub struct WorldEgress<'a> {
    pub network: &'a Network,
    pub egress: Vec<Egress>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    /// Everything that a partner would have to admit, each once.
    addresses: Vec<Marked<AddressRow<'a>>>,
    workloads: Vec<Marked<WorkloadRow<'a>>>,
}

#[derive(Serialize, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct AddressRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    allocation: Option<&'a str>,
    address: Option<&'a str>,
    fixed: bool,
    /// Whether it is on the list of those that others admit, where there is such a list and the address is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize, Clone, PartialEq, Eq, Hash)]
struct WorkloadRow<'a> {
    workload: &'a str,
    project: &'a str,
    subnet: Option<&'a str>,
    availability_zone: Option<&'a str>,
    internet: Vec<WayRow<'a>>,
    services: BTreeMap<&'static str, ServiceRow<'a>>,
}

#[derive(Serialize, Clone, PartialEq, Eq, Hash)]
struct WayRow<'a> {
    family: &'static str,
    /// `null`: all of the internet.
    destinations: Option<Vec<String>>,
    certainty: &'static str,
    by: Option<&'a str>,
    addresses: Vec<AddressRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize, Clone, PartialEq, Eq, Hash)]
struct ServiceRow<'a> {
    /// `endpoint`, `internet`, `nothing` or `unknown`.
    way: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
}

impl Format {
    pub fn write(self, projects: &[ProjectEgress<'_>], out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => write_text(projects, out),
            Self::Json => json::write_value(&document(projects), out),
        }
    }
}

fn document<'a>(projects: &'a [ProjectEgress<'a>]) -> Document<'a> {
    let workloads = projects.iter().flat_map(|project| {
        let rows = |world: &'a WorldEgress<'a>| -> Vec<_> {
            world.egress.iter().map(|egress| workload(project.project, world.network, egress)).collect()
        };
        project.worlds.as_ref().map(rows).told()
    });
    Document {
        schema_version: "1",
        addresses: all_addresses(projects).into_iter().map(Marked::of).collect(),
        workloads: workloads.map(Marked::of).collect(),
    }
}

fn all_addresses<'a>(projects: &'a [ProjectEgress<'a>]) -> Vec<Told<AddressRow<'a>>> {
    let of_project = |project: &'a ProjectEgress<'a>| project.worlds.as_ref().map(addresses).told();
    let mut all: Vec<_> = projects.iter().flat_map(of_project).collect();
    // What holds without a condition comes first.
    all.sort_by(|a, b| (&a.what, &a.when).cmp(&(&b.what, &b.when)));
    all.dedup_by(|next, known| known.what == next.what && (known.when.is_none() || known.when == next.when));
    all
}

fn addresses<'a>(world: &'a WorldEgress<'a>) -> Vec<AddressRow<'a>> {
    let ways = world.egress.iter().flat_map(|egress| &egress.ways);
    let addresses = ways.flat_map(|way| match &way.by {
        By::Addresses { addresses, .. } => addresses.as_slice(),
        By::Nothing(..) | By::Unknown(_) => &[],
    });
    let mut all: Vec<_> = addresses.map(|it| address(world.network, it)).collect();
    all.sort();
    all.dedup();
    all
}

fn workload<'a>(project: &'a str, network: &'a Network, egress: &'a Egress) -> WorkloadRow<'a> {
    let (name, subnet, zone) = place(network, egress.interface);
    let services = egress.services.iter().map(|(name, way)| {
        let (way, by) = match way {
            ServiceWay::Endpoint(by) => ("endpoint", Some(by.as_str())),
            ServiceWay::Internet => ("internet", None),
            ServiceWay::Nothing => ("nothing", None),
            ServiceWay::Unknown(why) => ("unknown", Some(why.as_str())),
        };
        (*name, ServiceRow { way, by })
    });
    WorkloadRow {
        workload: name,
        project,
        subnet,
        availability_zone: zone,
        internet: egress.ways.iter().map(|it| way_row(network, it)).collect(),
        services: services.collect(),
    }
}

fn way_row<'a>(network: &Network, way: &'a Way) -> WayRow<'a> {
    let (by, addresses, code, reason) = match &way.by {
        By::Addresses { name, addresses, .. } => {
            (Some(name.as_str()), addresses.iter().map(|it| address(network, it)).collect(), None, None)
        }
        By::Nothing(code, why) => (None, Vec::new(), code.map(Code::word), Some(why.as_str())),
        By::Unknown(why) => (None, Vec::new(), Some("UNKNOWN_BEFORE_APPLY"), Some(why.as_str())),
    };
    WayRow {
        family: way.family.word(),
        destinations: way.to.as_ref().map(packets::blocks),
        certainty: if way.is_certain { "certain" } else { "possible" },
        by,
        addresses,
        code,
        reason,
    }
}

fn address<'a>(network: &Network, it: &'a EgressAddress) -> AddressRow<'a> {
    let listed = network.admits(it);
    match it {
        EgressAddress::Fixed { name, address } => {
            AddressRow { allocation: Some(name), address: address.as_deref(), fixed: true, listed, note: None }
        }
        EgressAddress::Changing(why) | EgressAddress::Unknown(why) => {
            AddressRow { allocation: None, address: None, fixed: false, listed, note: Some(why) }
        }
    }
}

fn place(network: &Network, interface: Id<NetworkInterface>) -> (&str, Option<&str>, Option<&str>) {
    let it = &network.interfaces[interface];
    let subnet = it.subnet.known().map(|subnet| &network.subnets[subnet]);
    (it.name.text(), subnet.map(|it| it.name.text()), subnet.and_then(|it| it.zone.text()))
}

// Text ----------------------------------------------------------------------------------------------------------------

fn write_text(projects: &[ProjectEgress<'_>], out: &mut dyn Write) -> io::Result<()> {
    let all = all_addresses(projects);
    if projects.iter().flat_map(|it| &it.worlds.all).all(|it| it.egress.is_empty()) {
        return writeln!(out, "no workload has an interface in a subnet");
    }
    writeln!(out, "addresses that servers on the internet see")?;
    for row in &all {
        writeln!(out, "  {}{}", shown(&row.what), marked(row.when.as_ref()))?;
    }
    if all.is_empty() {
        writeln!(out, "  none")?;
    }
    for project in projects {
        let of_world = |world: &WorldEgress<'_>| -> Vec<_> {
            world.egress.iter().map(|egress| lines(world.network, egress)).collect()
        };
        for told in project.worlds.as_ref().map(of_world).told() {
            let mut lines = told.what.iter();
            if let Some(first) = lines.next() {
                writeln!(out, "\n{first}{}", marked(told.when.as_ref()))?;
            }
            lines.try_for_each(|line| writeln!(out, "{line}"))?;
        }
    }
    Ok(())
}

/// `, where HasNat is true`.
fn marked(when: Option<&String>) -> String {
    when.map_or_else(String::new, |when| format!(", where {}", visible(when)))
}

/// A workload: what it is, and how it gets out.
fn lines(network: &Network, egress: &Egress) -> Vec<String> {
    let (name, subnet, zone) = place(network, egress.interface);
    let subnet = subnet.map_or_else(String::new, |it| format!(" in {}", visible(it)));
    let zone = zone.map_or_else(String::new, |it| format!(", {}", visible(it)));
    let mut lines = vec![format!("{}{subnet}{zone}", visible(name))];
    for way in &egress.ways {
        let to = match &way.to {
            None => "the internet".to_owned(),
            Some(space) => packets::addresses(space),
        };
        let family = if egress.ways.iter().any(|it| it.family != way.family) { way.family.word() } else { "" };
        let to = format!("{to} {family}");
        let perhaps = if way.is_certain { "" } else { "perhaps " };
        lines.push(match &way.by {
            By::Addresses { name, addresses, .. } => {
                let addresses: Vec<_> = addresses.iter().map(|it| shown(&address(network, it))).collect();
                format!("  {}: {perhaps}by {}, as {}", to.trim_end(), visible(name), addresses.join(" or "))
            }
            By::Nothing(_, why) => format!("  {}: {perhaps}no way out: {}", to.trim_end(), visible(why)),
            By::Unknown(why) => format!("  {}: not known: {}", to.trim_end(), visible(why)),
        });
    }
    let mut by_way: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, way) in &egress.services {
        let way = match way {
            ServiceWay::Endpoint(by) => format!("by {}", visible(by)),
            ServiceWay::Internet => "over the internet".to_owned(),
            ServiceWay::Nothing => "not reached".to_owned(),
            ServiceWay::Unknown(why) => format!("not known: {}", visible(why)),
        };
        by_way.entry(way).or_default().push(name);
    }
    lines.extend(by_way.into_iter().map(|(way, names)| format!("  {}: {way}", names.join(", "))));
    lines
}

fn shown(row: &AddressRow<'_>) -> String {
    let listed = match row.listed {
        Some(true) => ", on the list",
        Some(false) => ", not on the list",
        None => "",
    };
    match (row.allocation, row.address, row.note) {
        (Some(name), Some(address), _) => format!("{} ({}{listed})", visible(name), visible(address)),
        (Some(name), None, _) => format!("{} (address not known before apply)", visible(name)),
        (None, _, note) => {
            format!("an address that is not fixed ({}{listed})", visible(note.unwrap_or("not known why")))
        }
    }
}
