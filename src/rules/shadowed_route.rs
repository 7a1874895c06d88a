//! Routes that no packet can take.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::{Destination, DestinationKey, Id, NextHop, Route, RouteTable},
};

/// No more of the routes that hide one are shown than this.
const SHOWN: usize = 4;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, table) in &context.network.tables {
        if !table.routes.is_empty() {
            check_table(context, findings, id, table);
        }
    }
}

fn check_table(context: &Context<'_>, findings: &mut Findings<'_>, id: Id<RouteTable>, table: &RouteTable) {
    let parts = context.routes.parts(id);
    let mut counts: BTreeMap<DestinationKey, usize> = BTreeMap::new();
    for key in table.routes.iter().filter_map(|route| DestinationKey::of(&route.destination)) {
        *counts.entry(key).or_default() += 1;
    }
    for (at, route) in table.routes.iter().enumerate() {
        let is_single = DestinationKey::of(&route.destination).is_some_and(|key| counts.get(&key) == Some(&1));
        if parts.is_taken(at) || !route.is_certain || !is_single || is_local(context, table, route) {
            continue;
        }
        let blocks = blocks(context, route);
        let Some(declared) = route.written.place().filter(|_| !blocks.is_empty()) else { continue };
        let hiding: Vec<Label> = hiding(context, table, at, &blocks);
        let target = context.network.describe(&route.target);
        let destination = match &route.destination {
            Destination::Block(block) => block.to_string(),
            Destination::PrefixList(list) => format!("`{}`", context.network.prefix_lists[*list].name.text()),
            Destination::Unknown { .. } => continue,
        };
        let message = format!("no packet takes the route for {destination} to {target} in `{}`", table.name.text());
        findings
            .report(declared.label("other routes win for every address of this one"), message)
            .because(hiding)
            .help("remove this route, or the more specific ones that hide it");
    }
}

/// What holds of local routes is not this rule's business: AWS makes them, and refuses what competes with them.
fn is_local(context: &Context<'_>, table: &RouteTable, route: &Route) -> bool {
    let vpcs = table.vpc.candidates().unwrap_or_default();
    let mut own = vpcs.iter().flat_map(|&vpc| context.network.vpcs[vpc].known_blocks());
    let Destination::Block(block) = route.destination else {
        return matches!(route.target, NextHop::GatewayEndpoint(_));
    };
    matches!(route.target, NextHop::Local | NextHop::GatewayEndpoint(_)) || own.any(|own| own == block)
}

fn blocks(context: &Context<'_>, route: &Route) -> Vec<IpNet> {
    match &route.destination {
        Destination::Block(block) => vec![*block],
        Destination::PrefixList(list) => context.network.prefix_lists[*list].blocks.clone(),
        Destination::Unknown { .. } => Vec::new(),
    }
}

fn hiding(context: &Context<'_>, table: &RouteTable, hidden: usize, of: &[IpNet]) -> Vec<Label> {
    let others = table.routes.iter().enumerate().filter(|(at, other)| *at != hidden && other.is_certain);
    let hides = |other: &Route| blocks(context, other).iter().any(|block| of.iter().any(|of| of.contains(block)));
    let labels = others.filter(|(_, other)| hides(other)).filter_map(|(_, other)| other.written.place());
    labels.take(SHOWN).map(|declared| declared.label("this route wins")).collect()
}
