//! Live subnets that a plan gives another kind of next hop.

use super::{Context, changes};
use crate::{
    finding::Findings,
    reach::{Cause, Reroute, reroute::Kind},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for rerouted in changes::by_cause(context, is_plain) {
        let subnets = rerouted.subnets();
        if !rerouted.is_lived_in {
            changes::ask_for_residents(findings, rerouted.change, &subnets);
        }
        let names = changes::names(rerouted.change, &subnets);
        let verb = if names.len() == 1 { "sends" } else { "send" };
        let message = format!("{} {verb} {}{}", changes::quoted(&names), rerouted.how(), rerouted.losses());
        let at = rerouted.cause.declared().label(match rerouted.cause {
            Cause::Made(_) | Cause::MainTable(_) => "the plan makes or changes this",
            Cause::Unmade(_) | Cause::NoTable(_) => "the plan takes this away",
        });
        let help = if rerouted.reroutes.iter().any(|it| it.impact.is_loss()) {
            "leave the next hop as it is until nothing that lives in these subnets depends on it"
        } else {
            "if it is meant: connections that are open over the old next hop break when the plan is applied"
        };
        rerouted.report(findings, at, message).help(help);
    }
}

/// Another NAT gateway is a matter of addresses, unless nothing gets out by it; what a subnet's main table does to it
/// has a rule of its own.
fn is_plain(reroute: &Reroute) -> bool {
    !reroute.cause.is_implicit() && (reroute.kind != Kind::Nat || reroute.impact.is_loss())
}
