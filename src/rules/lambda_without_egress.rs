//! Functions in subnets that they never get out of, or only sometimes.

use super::{Context, attempts, egress};
use crate::{
    finding::{Findings, Severity},
    network::{Id, NetworkInterface, Owner, OwnerKind},
    reach::Code,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, owner) in context.network.owners.iter().filter(|(_, owner)| owner.kind == OwnerKind::Function) {
        let (mut out, mut stuck, mut why) = (0_usize, Vec::new(), None);
        let (mut is_public, mut has_endpoint) = (true, false);
        for (interface, egress, way) in egress::of(context, owner) {
            match way {
                egress::Out::Some => out += 1,
                egress::Out::Unknown => (),
                egress::Out::Nowhere(code, text) => {
                    stuck.push(interface);
                    is_public &= code == Some(Code::IgwPublicIpAssociationForEgress);
                    has_endpoint |= egress::has_endpoint(&egress);
                    why.get_or_insert_with(|| egress::reason(code, &text));
                }
            }
        }
        let Some(why) = why else { continue };
        // In subnets without any route to the internet it was never meant to get out.
        if out != 0 || is_public {
            let severity = if out == 0 && has_endpoint { Severity::Warning } else { Severity::Error };
            report(context, findings, owner, &stuck, &why, severity);
        }
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    owner: &Owner,
    stuck: &[Id<NetworkInterface>],
    why: &str,
    severity: Severity,
) {
    let Some(at) = owner.name.label("this function has no way out") else { return };
    let message = format!(
        "`{}` does not reach the internet from {} of {} subnets{}: {why}",
        owner.name.text(),
        stuck.len(),
        owner.interfaces.len(),
        attempts::zones(context, stuck),
    );
    findings
        .report(at, message)
        .because(attempts::subnet_labels(context, stuck, "what runs in this subnet does not get out"))
        .help(
            "name only subnets whose default route leads to a NAT gateway: a function's interfaces never get public \
             addresses; or leave the VPC out, if the function needs nothing in it",
        )
        .severity(severity)
        .evidence("subnets", stuck.len());
}
