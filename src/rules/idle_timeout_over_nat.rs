//! Requests that may be silent for longer than a hop on the way of those who answer them remembers.

use rustc_hash::FxHashSet;

use super::{
    Context,
    silence::{Keepalive, keepalive, memory},
};
use crate::{
    finding::{Findings, Label},
    network::{limits::seconds, load_balancer::LoadBalancerKind},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut said = FxHashSet::default();
    for serving in &context.network.workloads.servings {
        let (LoadBalancerKind::Application, Some(&idle)) = (serving.kind, serving.idle.known.get()) else { continue };
        let Some(memory) = memory(context, serving.target.resource).filter(|it| it.seconds < idle) else { continue };
        if said.contains(&serving.load_balancer.resource) {
            continue;
        }
        let target = &serving.target.address;
        let silent = match keepalive(context, serving.target.resource, memory.seconds) {
            Keepalive::After(seconds) if seconds < memory.seconds => continue,
            Keepalive::After(after) => format!("sends its first keep-alive after {}", seconds(after)),
            Keepalive::Never => "nothing sends keep-alives".to_owned(),
            Keepalive::Unknown(why) => {
                findings.unanswered(target.as_str(), why);
                continue;
            }
            Keepalive::NotSetHere => continue,
        };
        said.insert(serving.load_balancer.resource);
        let message = format!(
            "requests through `{}` may be silent for {} against the {} that {} {} remembers a silent connection of \
             `{target}`, and {silent}",
            serving.load_balancer.address,
            seconds(idle),
            seconds(memory.seconds),
            memory.word,
            memory.hop,
        );
        let at = if serving.idle.origin.is_default() { serving.idle_of.span } else { serving.idle.origin.at };
        let label = Label::new(at, "the load balancer waits for as long").of(serving.idle_of.address.as_str());
        findings
            .report(label, message)
            .because([serving.target.label("this answers the requests")])
            .because(memory.route)
            .help(format!(
                "set `net.ipv4.tcp_keepalive_time` below {} in `systemControls`, or in `sysctl` on the host, and \
                 `SO_KEEPALIVE` in the program; or answer at once and work on",
                memory.seconds
            ))
            .evidence("idle_seconds", usize::try_from(idle).unwrap_or_default())
            .evidence("remembered_seconds", usize::try_from(memory.seconds).unwrap_or_default());
    }
}
