//! Central ways out whose answers do not find back to the spokes.

use super::{Context, transit};
use crate::finding::Findings;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for losing in transit::losing(context, true) {
        let message = format!(
            "the internet's answers to {} end in the egress VPC: `{}` has no route that leads them back to the transit \
             gateway",
            transit::spokes(context, &losing),
            losing.table,
        );
        let help = format!("add routes to `{}` that lead the spokes' blocks to the transit gateway", losing.table);
        transit::report(context, findings, losing, message, "the answers end here", help);
    }
}
