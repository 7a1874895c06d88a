//! Two routes of one table for one destination.

use std::collections::BTreeMap;

use super::Context;
use crate::{
    finding::Findings,
    network::{Declared, DestinationKey, NextHop, RouteTable},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, table) in &context.network.tables {
        check_table(context, findings, table);
    }
}

fn check_table(context: &Context<'_>, findings: &mut Findings<'_>, table: &RouteTable) {
    let mut by_destination: BTreeMap<DestinationKey, Vec<(&Declared, &NextHop)>> = BTreeMap::new();
    for route in table.routes.iter().filter(|route| route.is_certain) {
        let key =
            DestinationKey::of(&route.destination).filter(|_| !matches!(route.target, NextHop::GatewayEndpoint(_)));
        if let (Some(key), Some(declared)) = (key, route.written.place()) {
            by_destination.entry(key).or_default().push((declared, &route.target));
        }
    }
    for (key, mut routes) in by_destination {
        routes.sort_by(|(a, _), (b, _)| a.address.cmp(&b.address));
        let [(first, first_target), .., (last, last_target)] = routes.as_slice() else { continue };
        let destination = match key {
            DestinationKey::Block(block) => block.to_string(),
            DestinationKey::PrefixList(id) => format!("`{}`", context.network.prefix_lists[id].name.text()),
        };
        let (one, other) = (context.network.describe(first_target), context.network.describe(last_target));
        let targets = if one == other { format!("both to {one}") } else { format!("to {one} and to {other}") };
        let message = format!("`{}` has {} routes for {destination}: {targets}", table.name.text(), routes.len());
        let others = routes.iter().filter(|(it, _)| it != last).map(|(it, _)| it.label("the other route"));
        findings
            .report(last.label("this route has the destination of another"), message)
            .because(others)
            .evidence("routes", routes.len())
            .help(if first == last {
                "keep one of the two blocks"
            } else {
                "keep one of the two; subnets that need different ways need different route tables"
            });
    }
}
