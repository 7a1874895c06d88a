//! Several copies of something, all in one zone.

use rustc_hash::FxHashMap;

use super::Context;
use crate::{
    finding::Findings,
    network::{
        host::HostKind,
        name::{Declared, without_key},
        subnet::Zone,
        zones::in_words,
    },
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    let services = workloads.services.iter().filter(|it| !it.is_daemon && it.has_load_balancer);
    let services =
        services.map(|it| (&it.name, it.least().get().copied(), "tasks", context.network.zones_of_service(it)));
    let groups = workloads.hosts.iter().filter(|it| it.kind == HostKind::ScalingGroup);
    let groups = groups.map(|it| {
        let zones = context.network.owner_of(it.name.resource).and_then(|it| context.network.zones_of(it));
        (&it.name, it.copies.get().copied(), "instances", zones)
    });
    // One for each zone is as good as one in all.
    let mut siblings: FxHashMap<&str, usize> = FxHashMap::default();
    let all: Vec<_> = services.chain(groups).collect();
    for (name, ..) in &all {
        *siblings.entry(without_key(&name.address)).or_default() += 1;
    }
    for (name, copies, word, zones) in &all {
        let (Some(copies @ 2..), Some([zone])) = (copies, zones.as_deref()) else { continue };
        if siblings.get(without_key(&name.address)) == Some(&1) {
            report(findings, name, *copies, word, zone);
        }
    }
}

fn report(findings: &mut Findings<'_>, name: &Declared, copies: i64, word: &str, zone: &Zone) {
    let zone = zone.text().map_or_else(|| "one zone".to_owned(), |it| in_words(&[it]));
    let message = format!("all {copies} {word} of `{}` stand in {zone}: they fail together", name.address);
    findings
        .report(name.label("all of it stands in one zone"), message)
        .help("add a subnet of another zone, with the same routes");
}
