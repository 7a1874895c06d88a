//! What a change does to the network, for people and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    escape::visible,
    json::{self, Marked},
    packets,
};
use crate::reach::{change::Reached, egress::EgressAddress};
use crate::worlds::{Told, WorldChanges};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    next_hops: Vec<Marked<NextHopRow<'a>>>,
    reachability: Vec<Marked<WayRow<'a>>>,
    egress_addresses: Vec<Marked<AddressRow<'a>>>,
    /// Pairs of workloads that were too many to compare.
    pairs_not_compared: usize,
}

#[derive(Serialize)]
struct NextHopRow<'a> {
    subnet: &'a str,
    destinations: Vec<String>,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

#[derive(Serialize)]
struct WayRow<'a> {
    from: &'a str,
    to: &'a str,
    before: ReachedRow,
    after: ReachedRow,
}

#[derive(Serialize)]
struct ReachedRow {
    verdict: &'static str,
    ports: Vec<String>,
    /// `null`: all that were asked of.
    sources: Option<Vec<String>>,
}

#[derive(Serialize)]
struct AddressRow<'a> {
    workload: &'a str,
    before: Vec<String>,
    after: Vec<String>,
}

impl Format {
    pub fn write(self, changes: &WorldChanges, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => write_text(changes, out),
            Self::Json => json::write_value(&document(changes), out),
        }
    }
}

fn document(changes: &WorldChanges) -> Document<'_> {
    let next_hops = changes.next_hops.iter().map(|told| {
        let it = &told.what;
        marked(
            told,
            NextHopRow {
                subnet: &it.subnet,
                destinations: packets::blocks(&it.to),
                before: it.before.as_deref(),
                after: it.after.as_deref(),
            },
        )
    });
    let ways = changes.ways.iter().map(|told| {
        let it = &told.what;
        marked(told, WayRow { from: &it.from, to: &it.to, before: reached(&it.before), after: reached(&it.after) })
    });
    let addresses = changes.addresses.iter().map(|told| {
        let it = &told.what;
        marked(
            told,
            AddressRow {
                workload: &it.workload,
                before: it.before.iter().map(address).collect(),
                after: it.after.iter().map(address).collect(),
            },
        )
    });
    Document {
        schema_version: "1",
        next_hops: next_hops.collect(),
        reachability: ways.collect(),
        egress_addresses: addresses.collect(),
        pairs_not_compared: changes.skipped,
    }
}

fn marked<T, R>(told: &Told<T>, what: R) -> Marked<R> {
    Marked { what, when: told.when.clone() }
}

fn reached(it: &Reached) -> ReachedRow {
    ReachedRow {
        verdict: it.verdict.word(),
        ports: packets::numbers(&it.ports),
        sources: it.sources.as_ref().map(packets::blocks),
    }
}

fn address(address: &EgressAddress) -> String {
    match address {
        EgressAddress::Fixed { name, address: Some(address) } => format!("{name} ({address})"),
        EgressAddress::Fixed { name, address: None } => name.clone(),
        EgressAddress::Changing(why) => format!("not fixed: {why}"),
        EgressAddress::Unknown(why) => format!("not known: {why}"),
    }
}

// Text ----------------------------------------------------------------------------------------------------------------

fn write_text(changes: &WorldChanges, out: &mut dyn Write) -> io::Result<()> {
    if changes.next_hops.is_empty() && changes.ways.is_empty() && changes.addresses.is_empty() {
        writeln!(out, "no next hop, no way and no egress address changes")?;
    }
    let mut subnet = "";
    for told in &changes.next_hops {
        let (it, when) = (&told.what, mark(told));
        if subnet != it.subnet {
            writeln!(out, "next hops of {}", visible(&it.subnet))?;
            subnet = &it.subnet;
        }
        let hop = |hop: &Option<String>| hop.as_deref().map_or("no route".into(), |it| visible(it).into_owned());
        writeln!(out, "  {}: {} -> {}{when}", packets::addresses(&it.to), hop(&it.before), hop(&it.after))?;
    }
    if !changes.ways.is_empty() {
        writeln!(out, "ways (tcp)")?;
    }
    for told in &changes.ways {
        let (it, when) = (&told.what, mark(told));
        let (from, to) = (visible(&it.from), visible(&it.to));
        writeln!(out, "  {from} -> {to}: {} -> {}{when}", shown(&it.before), shown(&it.after))?;
    }
    if !changes.addresses.is_empty() {
        writeln!(out, "egress addresses")?;
    }
    for told in &changes.addresses {
        let (it, when) = (&told.what, mark(told));
        let list = |all: &[EgressAddress]| match all {
            [] => "none".to_owned(),
            all => all.iter().map(|it| visible(&address(it)).into_owned()).collect::<Vec<_>>().join(", "),
        };
        writeln!(out, "  {}: {} -> {}{when}", visible(&it.workload), list(&it.before), list(&it.after))?;
    }
    if changes.skipped != 0 {
        writeln!(out, "{} pairs of workloads are too many to compare", changes.skipped)?;
    }
    Ok(())
}

/// `, where HasNat is true`.
fn mark<T>(told: &Told<T>) -> String {
    told.when.as_ref().map_or_else(String::new, |when| format!(", where {}", visible(when)))
}

fn shown(it: &Reached) -> String {
    let verdict = it.verdict.word().replace('_', " ");
    let ports = packets::numbers(&it.ports);
    let ports = match ports.as_slice() {
        [] => String::new(),
        [all] if all == "0-65535" => " on every port".to_owned(),
        ports => format!(" on {}", packets::some(ports)),
    };
    let sources = match &it.sources {
        Some(space) if !space.is_empty() => format!(" from {}", packets::addresses(space)),
        Some(_) | None => String::new(),
    };
    format!("{verdict}{ports}{sources}")
}
