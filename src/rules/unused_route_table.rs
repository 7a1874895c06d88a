//! Route tables with routes that nothing uses.

use super::Context;
use crate::{
    finding::Findings,
    network::{NextHop, TableKind},
    value::Truth,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, table) in &context.network.tables {
        let Some(declared) = table.name.in_code().filter(|_| table.kind == TableKind::Custom) else { continue };
        let leads_on = |target: &NextHop| !matches!(target, NextHop::Local | NextHop::GatewayEndpoint(_));
        let routes = table.routes.iter().filter(|route| route.is_certain && leads_on(&route.target)).count();
        if routes == 0 {
            continue;
        }
        match table.is_used {
            Truth::True => (),
            Truth::Unknown => findings.unanswered(declared.address.as_str(), "whether a subnet is associated with it"),
            Truth::False => {
                let noun = if routes == 1 { "route" } else { "routes" };
                let message = format!("no subnet and no gateway uses `{}` and its {routes} {noun}", declared.address);
                findings
                    .report(declared.label("this route table is associated with nothing"), message)
                    .evidence("routes", routes)
                    .help("associate it with the subnets that it was written for, or remove it");
            }
        }
    }
}
