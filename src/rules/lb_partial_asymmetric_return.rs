//! Load balancers that answer the clients of some blocks by another way.

use super::{
    Context,
    load_balancer::{self, Faulty},
};
use crate::{
    finding::Findings,
    reach::{
        Space,
        reply::{Fault, Reply},
    },
};

/// A message names no more blocks than this; the evidence has them all.
const NAMED: usize = 4;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    load_balancer::check(context, findings, fault, report);
}

fn fault(reply: &Reply) -> Option<&Fault> {
    match reply {
        Reply::Partly(fault, _) => Some(fault),
        Reply::Returns | Reply::Elsewhere(_) | Reply::Nowhere(_) | Reply::Unknown(_) => None,
    }
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, faulty: &Faulty<'_>) {
    let blocks = faulty.nodes.iter().flat_map(|node| match &node.reply {
        Reply::Partly(_, blocks) => blocks.as_slice(),
        Reply::Returns | Reply::Elsewhere(_) | Reply::Nowhere(_) | Reply::Unknown(_) => &[],
    });
    let blocks: Vec<String> = Space::of(blocks.copied()).blocks().iter().map(ToString::to_string).collect();
    let message = format!(
        "{} {} clients in {} through {} instead of the internet gateway that they came in by{}",
        faulty.subject(),
        faulty.verb("answers", "answer"),
        named(&blocks),
        faulty.next_hops(),
        faulty.zones(context),
    );
    let help = format!(
        "keep the routes to {} for subnets in which nothing answers the internet, or let the load balancer's security \
         groups keep these blocks out",
        faulty.next_hops()
    );
    if let Some(reported) = faulty.report(findings, message) {
        reported.help(help).evidence("clients", blocks);
    }
}

fn named(blocks: &[String]) -> String {
    match blocks.split_at_checked(NAMED) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more blocks", first.join(", "), rest.len()),
        Some(_) | None => blocks.join(", "),
    }
}
