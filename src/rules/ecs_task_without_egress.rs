//! Tasks that can reach neither the internet nor what they need to start.

use super::{Context, attempts, egress};
use crate::{
    finding::Findings,
    network::{Id, NetworkInterface, Owner, OwnerKind},
    reach::{
        Code,
        egress::{Egress, ServiceWay},
    },
    value::Truth,
};

/// What pulling an image from AWS's registry takes.
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html>
const PULL: [&str; 3] = ["ecr.api", "ecr.dkr", "s3"];

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, owner) in context.network.owners.iter().filter(|(_, owner)| owner.kind == OwnerKind::Task) {
        let mut stuck: Vec<Id<NetworkInterface>> = Vec::new();
        let (mut why, mut missing) = (None, Vec::new());
        for (interface, egress, out) in egress::of(context, owner) {
            let egress::Out::Nowhere(code, text) = out else { continue };
            if let Some(lacks) = lacks(owner, &egress, code) {
                stuck.push(interface);
                missing = lacks;
                why.get_or_insert_with(|| egress::reason(code, &text));
            }
        }
        if let Some(why) = why {
            report(context, findings, owner, &stuck, &why, &missing);
        }
    }
}

/// What a task without a way to the internet lacks; `None` where it may well do without.
fn lacks(owner: &Owner, egress: &Egress, code: Option<Code>) -> Option<Vec<&'static str>> {
    let gone = |name: &&&str| egress.services.get(**name) == Some(&ServiceWay::Nothing);
    let missing: Vec<_> = PULL.iter().filter(gone).copied().collect();
    let is_public = code == Some(Code::IgwPublicIpAssociationForEgress);
    match owner.is_serverless {
        Truth::True if !missing.is_empty() => Some(missing),
        // Its host pulls the image; that it stands in a public subnet says that it was to get out.
        Truth::False | Truth::Unknown if is_public && !egress::has_endpoint(egress) => Some(Vec::new()),
        Truth::True | Truth::False | Truth::Unknown => None,
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    owner: &Owner,
    stuck: &[Id<NetworkInterface>],
    why: &str,
    missing: &[&str],
) {
    let Some(at) = owner.name.label("tasks of this service have no way out") else { return };
    let what = if missing.is_empty() {
        "do not reach the internet".to_owned()
    } else {
        format!("reach neither the internet nor {}", missing.join(", "))
    };
    let message = format!(
        "tasks of `{}` in {} of {} subnets{} {what}: {why}",
        owner.name.text(),
        stuck.len(),
        owner.interfaces.len(),
        attempts::zones(context, stuck),
    );
    let help = if owner.is_serverless == Truth::True {
        "place the tasks in subnets whose default route leads to a NAT gateway, give them public addresses \
         (`assign_public_ip = true`) where the subnet leads to the internet gateway, or make interface endpoints for \
         ecr.api, ecr.dkr and logs and a gateway endpoint for S3"
    } else {
        "place the tasks in subnets whose default route leads to a NAT gateway: on instances a task's own interface \
         never gets a public address"
    };
    findings
        .report(at, message)
        .because(attempts::subnet_labels(context, stuck, "tasks in this subnet do not get out"))
        .help(help)
        .evidence("subnets", stuck.len());
}
