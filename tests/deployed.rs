//! Templates against another implementation of CloudFormation: each was created on moto, a mock of AWS, and the route
//! tables that came of it are recorded. Every next hop is the same.
//!
//! `testdata/deployed/record.py` makes the recording.

use std::{collections::BTreeMap, net::Ipv4Addr};

use iac_check::{
    files::{Disk, FileKind, Files as _},
    project::{self, Request},
    reach::table::{NextHopRow, SubnetRoutes, TargetName},
    source::SourceMap,
};
use ipnet::Ipv4Net;
use serde_json::Value as Json;

const DEPLOYED: &str = "testdata/deployed";

/// The region that the recording was made in.
const REGION: (&str, &str) = ("AWS::Region", "us-east-1");

#[test]
fn every_next_hop_is_what_came_of_the_template() {
    let recorded = recorded();
    let mut wrong = Vec::new();
    for (name, subnets) in &recorded {
        let routes = routes(&path(name));
        wrong.extend(mixed_zones(&routes, subnets).into_iter().map(|it| format!("{name}: {it}")));
        for (id, subnet) in subnets.as_object().expect("a template has subnets") {
            match routes.iter().find(|it| it.subnet == *id) {
                Some(found) => {
                    wrong.extend(differences(found, subnet).into_iter().map(|it| format!("{name}, {id}: {it}")));
                }
                None => wrong.push(format!("{name}: there is no {id}")),
            }
        }
        let known = |it: &&SubnetRoutes| subnets.get(&it.subnet).is_none();
        wrong.extend(routes.iter().filter(known).map(|it| format!("{name}: nobody made {}", it.subnet)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_template_is_recorded() {
    let names = Disk.walk(DEPLOYED).into_iter().filter_map(|file| {
        let name = file.strip_prefix(DEPLOYED)?.trim_start_matches('/').split('/').next()?.to_owned();
        let is_template = !["record.py", "recorded.json"].contains(&name.as_str());
        is_template.then_some(name)
    });
    let names: std::collections::BTreeSet<_> = names.collect();
    assert!(30 <= names.len());
    assert_eq!(names, recorded().into_keys().collect());
}

fn recorded() -> BTreeMap<String, Json> {
    let text = Disk.read(&format!("{DEPLOYED}/recorded.json")).expect("the recording is there");
    serde_json::from_slice(&text).expect("the recording is JSON")
}

/// What to name on the command line: a template, the one that nests others, or a folder of several.
fn path(name: &str) -> String {
    let root = format!("{DEPLOYED}/{name}/root.yaml");
    if Disk.kind(&root) == Some(FileKind::File) { root } else { format!("{DEPLOYED}/{name}") }
}

fn routes(path: &str) -> Vec<SubnetRoutes> {
    let mut request = Request::default();
    request.parameters.parameters.insert(REGION.0.to_owned(), REGION.1.to_owned());
    let projects = project::load(&Disk, &mut SourceMap::default(), &[path.to_owned()], &request);
    let projects = projects.unwrap_or_else(|error| panic!("{path}: {error}"));
    for project in &projects {
        assert!(project.findings.is_empty(), "{path}: {:?}", project.findings);
    }
    projects.iter().flat_map(iac_check::routes).collect()
}

fn differences(found: &SubnetRoutes, recorded: &Json) -> Vec<String> {
    let mut wrong = Vec::new();
    let table = match (found.association, &found.route_table) {
        ("main", _) => "main".to_owned(),
        (_, table) => word(table.as_ref()),
    };
    for (ours, key) in [(table, "table"), (word(found.cidr.as_ref()), "cidr")] {
        if recorded[key] != ours.as_str() {
            wrong.push(format!("its {key} is {}, not {ours}", recorded[key]));
        }
    }
    let routes = recorded["routes"].as_object().expect("a subnet has routes");
    let routes: Vec<(Ipv4Net, &str)> = routes
        .iter()
        .map(|(block, target)| {
            (block.parse().expect("a destination is a block"), target.as_str().expect("a target has a name"))
        })
        .collect();
    for address in telling(&routes, &found.next_hops) {
        let longest =
            routes.iter().filter(|(block, _)| block.contains(&address)).max_by_key(|(block, _)| block.prefix_len());
        let expected = longest.map_or("nothing", |(_, target)| *target);
        let ours: Vec<_> =
            hops(&found.next_hops).filter(|(block, _)| block.contains(&address)).map(|it| it.1).collect();
        if ours != [expected] {
            wrong.push(format!("{address} goes to {expected}, not to {ours:?}"));
        }
    }
    wrong
}

/// Zones that are one and should be two, or the reverse. Which zones an account has only AWS knows: their names may be open.
fn mixed_zones(found: &[SubnetRoutes], recorded: &Json) -> Vec<String> {
    let zones: Vec<_> = found
        .iter()
        .filter_map(|it| {
            Some((&it.subnet, it.availability_zone.as_ref()?, recorded[&it.subnet]["availability_zone"].as_str()?))
        })
        .collect();
    let mut wrong = Vec::new();
    for (subnet, zone, name) in &zones {
        if matches!(zone, TargetName::Named(ours) if ours != name) {
            wrong.push(format!("{subnet} is in {name}, not in {zone:?}"));
        }
        let is_mixed = |other: &&(&String, &TargetName, &str)| {
            let alike = matches!(
                (zone, other.1),
                (TargetName::Named(_), TargetName::Named(_)) | (TargetName::Unknown(_), TargetName::Unknown(_))
            );
            alike && (*zone == other.1) != (*name == other.2)
        };
        wrong.extend(zones.iter().filter(is_mixed).map(|(other, ..)| format!("{subnet} and {other} mix their zones")));
    }
    wrong
}

/// Addresses that tell tables apart: the ends of every block, and their neighbours.
fn telling(routes: &[(Ipv4Net, &str)], hops_of: &[NextHopRow]) -> Vec<Ipv4Addr> {
    let blocks = routes.iter().map(|(block, _)| *block).chain(hops(hops_of).map(|(block, _)| block));
    let ends = blocks.flat_map(|block| [u32::from(block.network()), u32::from(block.broadcast())]);
    let mut addresses: Vec<_> =
        ends.flat_map(|end| [end, end.saturating_sub(1), end.saturating_add(1)]).map(Ipv4Addr::from).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

fn hops(rows: &[NextHopRow]) -> impl Iterator<Item = (Ipv4Net, String)> {
    let target = |row: &NextHopRow| row.target.as_ref().map_or_else(|| "nothing".to_owned(), |it| word(Some(it)));
    let blocks = |row: &NextHopRow| row.destinations.iter().filter_map(|it| it.parse().ok()).collect::<Vec<Ipv4Net>>();
    rows.iter().flat_map(move |row| blocks(row).into_iter().map(move |block| (block, target(row))))
}

fn word(name: Option<&TargetName>) -> String {
    match name {
        Some(TargetName::Named(name)) => name.clone(),
        Some(TargetName::Unknown(why)) => format!("unknown, {why}"),
        None => "none".to_owned(),
    }
}
