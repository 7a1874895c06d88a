//! Interfaces that forget a connection which the load balancer before them keeps.

use rustc_hash::FxHashSet;

use super::{
    Context,
    silence::{Keepalive, keepalive},
    tracking::{Tracked, hosts, tracked},
};
use crate::{
    finding::{Findings, Label},
    network::{limits::seconds, load_balancer::LoadBalancerKind},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut said = FxHashSet::default();
    for serving in &context.network.workloads.servings {
        let Some(&idle) = serving.idle.known.get() else { continue };
        for host in hosts(context, serving) {
            let (limit, whence) = match tracked(host) {
                Tracked::Written(limit) => (limit, "as its launch says"),
                Tracked::OfType(limit) => (limit, "as instances of its type do"),
                Tracked::Unknown => continue,
            };
            if idle <= limit || !context.network.tracks(serving.kind == LoadBalancerKind::Network, host.name.resource) {
                continue;
            }
            match keepalive(context, serving.target.resource, limit) {
                Keepalive::After(after) if after < limit => continue,
                Keepalive::Unknown(why) => {
                    findings.unanswered(host.name.address.as_str(), why);
                    continue;
                }
                Keepalive::After(_) | Keepalive::Never | Keepalive::NotSetHere => (),
            }
            if !said.insert((serving.idle_of.resource, host.launched_by.resource)) {
                continue;
            }
            let message = format!(
                "interfaces of `{}` forget a silent connection after {}, {whence}, against the {} that `{}` keeps it",
                host.name.address,
                seconds(limit),
                seconds(idle),
                serving.load_balancer.address,
            );
            let at = host.tracked.as_ref().map_or(host.launched_by.span, |it| it.origin.at);
            let owner = host.tracked.as_ref().map_or(&host.launched_by, |_| &host.launched_by);
            let label = Label::new(at, "connections are forgotten here first").of(owner.address.as_str());
            let keeps = if serving.idle.origin.is_default() { serving.idle_of.span } else { serving.idle.origin.at };
            findings
                .report(label, message)
                .because([Label::new(keeps, "connections are kept for longer here").of(serving.idle_of.address.as_str())])
                .help(format!(
                    "set `tcp_established_timeout` in `connection_tracking_specification` to {idle} or more, or lower the \
                     idle timeout of the load balancer to {limit} or less"
                ));
        }
    }
}
