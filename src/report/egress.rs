//! The public addresses that each workload leaves from, for people and as JSON.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use super::{escape::visible, json, packets};
use crate::{
    network::{Id, Network, NetworkInterface},
    reach::{
        Code,
        egress::{By, Egress, EgressAddress, ServiceWay, Way},
    },
};

/// The workloads of one project.
#[derive(Debug)]
pub struct ProjectEgress<'a> {
    pub project: &'a str,
    pub network: &'a Network,
    pub egress: &'a [Egress],
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
    addresses: Vec<AddressRow<'a>>,
    workloads: Vec<WorkloadRow<'a>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
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

#[derive(Serialize)]
struct WorkloadRow<'a> {
    workload: &'a str,
    project: &'a str,
    subnet: Option<&'a str>,
    availability_zone: Option<&'a str>,
    internet: Vec<WayRow<'a>>,
    services: BTreeMap<&'static str, ServiceRow<'a>>,
}

#[derive(Serialize)]
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

#[derive(Serialize)]
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
    let workloads = projects.iter().flat_map(|it| it.egress.iter().map(move |egress| workload(it, egress)));
    Document { schema_version: "1", addresses: all_addresses(projects), workloads: workloads.collect() }
}

fn all_addresses<'a>(projects: &'a [ProjectEgress<'a>]) -> Vec<AddressRow<'a>> {
    let ways =
        projects.iter().flat_map(|it| it.egress.iter().flat_map(|egress| &egress.ways).map(|way| (it.network, way)));
    let addresses = ways.flat_map(|(network, way)| {
        let addresses = match &way.by {
            By::Addresses { addresses, .. } => addresses.as_slice(),
            By::Nothing(..) | By::Unknown(_) => &[],
        };
        addresses.iter().map(|it| address(network, it))
    });
    let mut all: Vec<_> = addresses.collect();
    all.sort();
    all.dedup();
    all
}

fn workload<'a>(project: &ProjectEgress<'a>, egress: &'a Egress) -> WorkloadRow<'a> {
    let (name, subnet, zone) = place(project.network, egress.interface);
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
        project: project.project,
        subnet,
        availability_zone: zone,
        internet: egress.ways.iter().map(|it| way_row(project.network, it)).collect(),
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
    if projects.iter().all(|it| it.egress.is_empty()) {
        return writeln!(out, "no workload has an interface in a subnet");
    }
    writeln!(out, "addresses that servers on the internet see")?;
    for row in &all {
        writeln!(out, "  {}", shown(row))?;
    }
    if all.is_empty() {
        writeln!(out, "  none")?;
    }
    for project in projects {
        for egress in project.egress {
            write_workload(project, egress, out)?;
        }
    }
    Ok(())
}

fn write_workload(project: &ProjectEgress<'_>, egress: &Egress, out: &mut dyn Write) -> io::Result<()> {
    let (name, subnet, zone) = place(project.network, egress.interface);
    let subnet = subnet.map_or_else(String::new, |it| format!(" in {}", visible(it)));
    let zone = zone.map_or_else(String::new, |it| format!(", {}", visible(it)));
    writeln!(out, "\n{}{subnet}{zone}", visible(name))?;
    for way in &egress.ways {
        let to = match &way.to {
            None => "the internet".to_owned(),
            Some(space) => packets::addresses(space),
        };
        let family = if egress.ways.iter().any(|it| it.family != way.family) { way.family.word() } else { "" };
        let to = format!("{to} {family}");
        let perhaps = if way.is_certain { "" } else { "perhaps " };
        match &way.by {
            By::Addresses { name, addresses, .. } => {
                let addresses: Vec<_> = addresses.iter().map(|it| shown(&address(project.network, it))).collect();
                writeln!(out, "  {}: {perhaps}by {}, as {}", to.trim_end(), visible(name), addresses.join(" or "))?;
            }
            By::Nothing(_, why) => writeln!(out, "  {}: {perhaps}no way out: {}", to.trim_end(), visible(why))?,
            By::Unknown(why) => writeln!(out, "  {}: not known: {}", to.trim_end(), visible(why))?,
        }
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
    for (way, names) in by_way {
        writeln!(out, "  {}: {way}", names.join(", "))?;
    }
    Ok(())
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
