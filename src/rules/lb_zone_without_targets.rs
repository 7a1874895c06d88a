//! Nodes of load balancers that have no target they may use.

use super::{Context, attempts};
use crate::{
    finding::Findings,
    network::{Id, LoadBalancer, NetworkInterface, TargetGroup, TargetKind},
    value::Truth,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, group) in &context.network.target_groups {
        let is_balanced = matches!(group.kind.get(), Some(TargetKind::Instance | TargetKind::Address));
        if !is_balanced || group.targets.is_empty() || !context.routes.knows_targets(group) {
            continue;
        }
        for &id in &group.load_balancers {
            let load_balancer = &context.network.load_balancers[id];
            if context.routes.crosses_zones(load_balancer, group) == Truth::False {
                let idle = idle(context, load_balancer, group);
                if !idle.is_empty() {
                    report(context, findings, load_balancer, group, &idle);
                }
            }
        }
    }
}

fn idle(context: &Context<'_>, load_balancer: &LoadBalancer, group: &TargetGroup) -> Vec<Id<NetworkInterface>> {
    let targets = context.routes.targets(group);
    let has_none = |node: &Id<NetworkInterface>| {
        targets.iter().all(|(_, target)| context.routes.is_same_zone(*node, *target) == Truth::False)
    };
    context.routes.nodes(load_balancer).into_iter().filter(has_none).collect()
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    load_balancer: &LoadBalancer,
    group: &TargetGroup,
    idle: &[Id<NetworkInterface>],
) {
    let Some(at) = load_balancer.name.label("some of its nodes have nobody to send to") else { return };
    let message = format!(
        "{} {} no target of `{}` in its own zone{}, and may use no other zone's",
        attempts::nodes_of(context, load_balancer, idle.len()),
        if idle.len() == 1 { "has" } else { "have" },
        group.name.text(),
        attempts::zones(context, idle),
    );
    let mut labels = attempts::subnet_labels(context, idle, "the node in this subnet has no target");
    labels.extend(group.name.label("this target group has targets in other zones alone"));
    findings
        .report(at, message)
        .because(labels)
        .help("turn cross-zone load balancing on, run targets in every zone of the load balancer, or drop the subnet")
        .evidence("broken_nodes", idle.len());
}
