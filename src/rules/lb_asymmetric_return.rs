//! Load balancers whose nodes answer clients by another way than the internet gateway.

use super::{
    Context,
    load_balancer::{self, Faulty},
};
use crate::{
    finding::Findings,
    reach::reply::{Fault, Reply},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    load_balancer::check(context, findings, fault, report);
}

fn fault(reply: &Reply) -> Option<&Fault> {
    match reply {
        Reply::Elsewhere(fault) => Some(fault),
        Reply::Returns | Reply::Nowhere(_) | Reply::Partly(..) | Reply::Unknown(_) => None,
    }
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, faulty: &Faulty<'_>) {
    let message = format!(
        "{} {} {} through {} instead of the internet gateway that they came in by{}",
        faulty.subject(),
        faulty.verb("answers", "answer"),
        faulty.clients(),
        faulty.next_hops(),
        faulty.zones(context),
    );
    let help = format!(
        "place the load balancer in subnets whose default route leads to the internet gateway, and keep the route to {} \
         for subnets in which nothing answers the internet",
        faulty.next_hops()
    );
    if let Some(reported) = faulty.report(findings, message) {
        reported.help(help);
    }
}
