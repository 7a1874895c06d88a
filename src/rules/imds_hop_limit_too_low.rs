//! Hosts whose containers are one hop further from the metadata service than a token travels.

use super::{
    Context,
    containers::{launches, place},
};
use crate::{
    finding::{Findings, Severity},
    network::{
        host::Host,
        lodger::{HopLimit, HostRole, Lodger},
    },
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    for hosts in launches(context) {
        let concerned: Vec<_> = hosts.iter().filter_map(|host| Some((*host, depending(context, host)?))).collect();
        let Some((host, lodgers)) = concerned.first() else { continue };
        if host.metadata.endpoint.as_ref().is_some_and(|it| it.known.get().map(String::as_str) != Some("enabled")) {
            continue;
        }
        let is_certain = match workloads.hop_limit(host) {
            HopLimit::Written(1) | HopLimit::OfAccount(1) | HopLimit::OfImage(Some(1)) => true,
            HopLimit::Written(_) | HopLimit::OfAccount(_) | HopLimit::OfImage(Some(_)) => continue,
            HopLimit::OfImage(None) => false,
            HopLimit::Unknown => {
                findings.unanswered(host.name.address.as_str(), "how far a metadata token travels");
                continue;
            }
        };
        let is_only_way = lodgers.iter().any(|it| matches!(it, Lodger::Tasks(..)))
            && host.metadata.tokens.as_ref().is_some_and(|it| it.known.get().map(String::as_str) == Some("required"));
        let written = &host.metadata.written;
        let limit = if is_certain { "1 hop" } else { "1 hop, unless the image says otherwise" };
        let message = format!(
            "`{}` lets metadata tokens travel {limit}, and {} 2 hops away without a role of their own",
            written.address,
            subjects(lodgers),
        );
        let label = place(host, host.metadata.hop_limit.as_ref(), "containers behind a bridge get no token");
        let mut reported = findings
            .report(label, message)
            .because(hosts.iter().filter(|it| it.name != *written).map(|it| it.name.label("launched so")))
            .because(lodgers.iter().filter_map(|it| match it {
                Lodger::Tasks(service, _) => Some(service.name.label("its tasks run on this host")),
                Lodger::Started(_) | Lodger::Pods => None,
            }))
            .severity(if is_only_way { Severity::Error } else { Severity::Warning })
            .help(help(lodgers));
        if !is_certain {
            reported = reported.possible();
        }
        let _ = reported.evidence("hop_limit", 1_usize).evidence("hops", 2_usize);
    }
}

/// The containers that live on the host's role, one hop away; `None` where none are known to.
fn depending<'a>(context: &Context<'a>, host: &'a Host) -> Option<Vec<Lodger<'a>>> {
    let workloads = &context.network.workloads;
    let lodgers = workloads.lodgers(host);
    // A role that allows no more than agents need is nobody's to live on.
    let may_help = |lodger: &Lodger<'_>| match (workloads.role_of(host), lodger) {
        (HostRole::Known(role), _) => role.may_be_beyond(),
        (HostRole::Unknown, Lodger::Tasks(..) | Lodger::Started(_)) => true,
        (HostRole::Unknown, Lodger::Pods) | (HostRole::None, _) => false,
    };
    let depends = |it: &Lodger<'_>| it.is_one_hop_further() && it.has_own_role().get() == Some(&false) && may_help(it);
    let lodgers: Vec<_> = lodgers.into_iter().filter(depends).collect();
    (!lodgers.is_empty()).then_some(lodgers)
}

fn subjects(lodgers: &[Lodger<'_>]) -> String {
    match lodgers {
        [Lodger::Tasks(service, _)] => format!("tasks of `{}` in network mode bridge are", service.name.address),
        [Lodger::Tasks(..), ..] => format!("tasks of {} services in network mode bridge are", lodgers.len()),
        [Lodger::Started(engine), ..] => format!("containers that its user data starts by {} are", engine.word()),
        [Lodger::Pods, ..] | [] => "pods of its cluster are".to_owned(),
    }
}

fn help(lodgers: &[Lodger<'_>]) -> &'static str {
    match lodgers.first() {
        Some(Lodger::Tasks(..)) => {
            "give the task definition a `task_role_arn`, which needs no metadata service; or set \
             `http_put_response_hop_limit = 2`"
        }
        Some(Lodger::Pods) => {
            "give the pods roles by EKS Pod Identity or IAM roles for service accounts; or set \
             `http_put_response_hop_limit = 2`"
        }
        Some(Lodger::Started(_)) | None => "set `http_put_response_hop_limit = 2`",
    }
}
