//! Routes whose target is not there.

use std::collections::BTreeMap;

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::{Blackhole, Declared, NextHop, State},
};

/// What routes to one target have in common.
type Cause = (String, Blackhole);

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut causes: BTreeMap<Cause, (&NextHop, Vec<&Declared>)> = BTreeMap::new();
    for (_, table) in &context.network.tables {
        for route in table.routes.iter().filter(|route| route.is_certain) {
            let Some(declared) = route.written.place() else { continue };
            match context.network.state(&route.target, &table.vpc) {
                State::Active => (),
                State::Unknown(why) => findings.unanswered(declared.address.as_str(), why),
                State::Blackhole(reason) => {
                    let cause = (context.network.describe(&route.target), reason);
                    let routes = &mut causes.entry(cause).or_insert((&route.target, Vec::new())).1;
                    if routes.last() != Some(&declared) {
                        routes.push(declared);
                    }
                }
            }
        }
    }
    for ((target, reason), (hop, mut routes)) in causes {
        routes.sort_by(|a, b| a.address.cmp(&b.address));
        routes.dedup();
        let [first, others @ ..] = routes.as_slice() else { continue };
        let more = match others.len() {
            0 => String::new(),
            1 => ", and so does 1 more route".to_owned(),
            count => format!(", and so do {count} more routes"),
        };
        let message = format!("`{}` leads to {target}, but {reason}{more}", first.address);
        let others = others.iter().map(|route| route.label("this route leads there too"));
        let place = context.network.name_behind(hop).and_then(|name| name.label("this is its target"));
        let labels: Vec<Label> = place.into_iter().chain(others).collect();
        findings
            .report(first.label("this route drops every packet that it wins"), message)
            .because(labels)
            .evidence("routes", routes.len())
            .help(repair(reason));
    }
}

fn repair(reason: Blackhole) -> &'static str {
    match reason {
        Blackhole::NotAttached => "attach it to the route table's VPC, or remove the route",
        Blackhole::AttachedElsewhere | Blackhole::OtherVpc => "use one that belongs to the route table's VPC",
        Blackhole::NotAccepted => {
            "set auto_accept where both VPCs are in one account and region, or add an accepter for the other side"
        }
        Blackhole::NoTransitAttachment => "attach the VPC to the transit gateway, or remove the route",
        Blackhole::Destroyed => "let the route name what takes its place, or remove the route",
    }
}
