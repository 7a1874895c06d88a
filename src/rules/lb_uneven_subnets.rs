//! Internal load balancers of which some nodes have no way back to a private network.

use super::{Context, attempts};
use crate::finding::{Findings, Label};

/// A message names no more blocks than this.
const NAMED: usize = 3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, load_balancer) in &context.network.load_balancers {
        let Some(uneven) = context.routes.uneven(load_balancer) else { continue };
        let Some(at) = load_balancer.name.label("its nodes do not lead the same way") else { continue };
        let blocks: Vec<String> = uneven.space.blocks().iter().map(ToString::to_string).collect();
        let shown = match blocks.split_at_checked(NAMED) {
            Some((first, rest)) if !rest.is_empty() => format!("{} and {} more blocks", first.join(", "), rest.len()),
            Some(_) | None => blocks.join(", "),
        };
        let way = context.routes.describe(&uneven.way);
        let count = uneven.without.len();
        let message = format!(
            "{} {} no way to {shown}, which the others reach through {way}{}",
            attempts::nodes_of(context, load_balancer, count),
            if count == 1 { "has" } else { "have" },
            attempts::zones(context, &uneven.without),
        );
        let mut labels: Vec<Label> = Vec::new();
        labels.extend(context.routes.label(&uneven.way, "other nodes answer by this route"));
        labels.extend(attempts::subnet_labels(context, &uneven.without, "the node in this subnet has no such route"));
        findings
            .report(at, message)
            .because(labels)
            .help(format!("give the route to {way} to the route tables of all subnets of the load balancer"))
            .evidence("broken_nodes", count)
            .evidence("blocks", blocks);
    }
}
