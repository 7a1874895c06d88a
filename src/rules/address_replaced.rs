//! What a plan makes anew under another address or name.

use super::{Context, changes};
use crate::{
    finding::Findings,
    reach::{Replacement, ReplacementKind, Transition},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(change) = context.change else { return };
    for replacement in change.replacements() {
        report(change, findings, &replacement);
    }
}

fn report(change: &Transition<'_>, findings: &mut Findings<'_>, replacement: &Replacement) {
    let name = replacement.at.address.as_str();
    let old = replacement.address.as_deref();
    let why = changes::forced(change, &replacement.at.address);
    let instead =
        |what: &str| old.map_or_else(|| format!("another {what}"), |old| format!("another {what} than {old}"));
    let (message, help) = match replacement.kind {
        ReplacementKind::LoadBalancer => (
            format!("`{name}` is made anew{why}, and gets {}", instead("DNS name")),
            "make the new load balancer beside the old one, lead the DNS records over, and take the old one away later",
        ),
        ReplacementKind::ElasticIp => (
            format!("`{name}` is made anew{why}, and is {}", instead("address")),
            "keep the address: change what can be changed in place, or make a second one and move over",
        ),
        ReplacementKind::Instance => (
            format!("`{name}` is made anew{why}, and gets {}", instead("public address")),
            "give it an Elastic IP address, which stays when the instance is replaced",
        ),
        ReplacementKind::TransitAttachment => (
            format!("`{name}` is made anew{why}, and gets {}", instead("id")),
            "change over while a second attachment stands, and lead the transit gateway's routes to it first",
        ),
    };
    let reported =
        findings.report(replacement.at.label("the plan destroys this and makes it again"), message).help(help);
    if let Some(old) = old {
        reported.evidence("before", old);
    }
}
