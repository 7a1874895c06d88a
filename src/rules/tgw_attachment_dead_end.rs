//! Attachments whose subnets do not pass on what a transit gateway sends in.

use super::{Context, transit};
use crate::finding::Findings;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for losing in transit::losing(context, false) {
        let message = format!(
            "what {} sends to the internet arrives by the transit gateway, and `{}` passes it on nowhere",
            transit::spokes(context, &losing),
            losing.table,
        );
        let help = format!(
            "give `{}`, the route table of the attachment's subnet, a default route to the NAT gateway or the firewall \
             endpoint of its zone",
            losing.table
        );
        transit::report(context, findings, losing, message, "what comes in by the transit gateway ends here", help);
    }
}
