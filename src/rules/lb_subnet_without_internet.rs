//! Load balancers with nodes in subnets that have no way to the internet.

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
        Reply::Nowhere(fault) => Some(fault),
        Reply::Returns | Reply::Elsewhere(_) | Reply::Partly(..) | Reply::Unknown(_) => None,
    }
}

fn report(context: &Context<'_>, findings: &mut Findings<'_>, faulty: &Faulty<'_>) {
    let message = format!(
        "{} {} in subnets that have no way to the internet: answers to {} go nowhere{}",
        faulty.subject(),
        faulty.verb("stands", "stand"),
        faulty.clients(),
        faulty.zones(context),
    );
    if let Some(reported) = faulty.report(findings, message) {
        reported.help(
            "associate these subnets with a route table whose default route leads to the internet gateway attached to \
             their VPC, or place the load balancer in subnets that have one",
        );
    }
}
