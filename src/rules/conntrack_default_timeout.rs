//! Busy interfaces that keep what they track for five days.

use rustc_hash::FxHashSet;

use super::{Context, tracking::hosts};
use crate::{
    finding::Findings,
    network::{
        limits::{TRACKED, is_before_nitro, seconds, tracked_by_type},
        load_balancer::LoadBalancerKind,
    },
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut said = FxHashSet::default();
    for serving in &context.network.workloads.servings {
        if serving.kind != LoadBalancerKind::Network {
            continue;
        }
        for host in hosts(context, serving) {
            let Some(instance_type) = host.instance_type.get() else { continue };
            let is_long = host.tracked.is_none() && tracked_by_type(instance_type) == Some(TRACKED);
            if !is_long || is_before_nitro(instance_type) || !said.insert(host.launched_by.resource) {
                continue;
            }
            let message = format!(
                "interfaces of `{}` track what comes through `{}`, and keep each connection that ends without a word for {}",
                host.name.address,
                serving.load_balancer.address,
                seconds(TRACKED),
            );
            findings
                .report(host.launched_by.label("nothing here says how long connections are tracked"), message)
                .because([serving.load_balancer.label("connections through this are always tracked")])
                .help(format!(
                    "set `tcp_established_timeout` in `connection_tracking_specification` of the network interface to \
                     little more than the idle timeout of the load balancer, {}",
                    serving.idle.known.get().map_or_else(|| "which is not known".to_owned(), |it| seconds(*it)),
                ));
        }
    }
}
