//! Services behind a load balancer that run fewer tasks than they have zones.

use super::Context;
use crate::finding::{Findings, Label};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for service in context.network.workloads.services.iter().filter(|it| it.has_load_balancer && !it.is_daemon) {
        let Some(zones) = context.network.zones_of_service(service) else { continue };
        let count = zones.len();
        let Some(&least) = service.least().get().filter(|it| 1 <= **it) else { continue };
        let Some(least) = usize::try_from(least).ok().filter(|it| *it < count) else { continue };
        let message = format!(
            "`{}` runs {least} {} over {count} zones: {}",
            service.name.address,
            if least == 1 { "task" } else { "tasks" },
            if least == 1 {
                "while it is replaced or its zone fails, nothing answers".to_owned()
            } else {
                format!("{} of them have none", count - least)
            }
        );
        let at = service.copies.as_ref().map_or(service.name.span, |it| it.origin.at);
        findings
            .report(Label::new(at, "as many tasks").of(service.name.address.as_str()), message)
            .help(format!("run {count} tasks or more: `desired_count`, or `min_capacity` of what scales it"))
            .evidence("tasks", least)
            .evidence("zones", count);
    }
}
