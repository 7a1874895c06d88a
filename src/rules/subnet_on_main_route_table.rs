//! Subnets in use that follow their VPC's main route table.

use rustc_hash::FxHashSet;

use super::Context;
use crate::{
    finding::Findings,
    network::{Association, Id, NextHop, Vpc},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let network = context.network;
    let mixed = vpcs_with_own_associations(context);
    for (id, subnet) in &network.subnets {
        let Association::Main(table) = subnet.association else { continue };
        let (Some(declared), Some(vpc)) = (subnet.name.in_code(), subnet.vpc.known()) else { continue };
        let main = &network.tables[table];
        let leads_on = |target: &NextHop| !matches!(target, NextHop::Local | NextHop::GatewayEndpoint(_));
        let routes = main.routes.iter().filter(|route| leads_on(&route.target)).count();
        let is_exposed = routes != 0 || mixed.contains(&vpc);
        if network.vpcs[vpc].is_default || !is_exposed || !network.is_in_use(id) {
            continue;
        }
        let message = format!(
            "`{}` has no route table of its own and follows the main one, `{}`",
            declared.address,
            main.name.text()
        );
        findings
            .report(declared.label("this subnet has no association"), message)
            .because(main.name.label("this is the main route table"))
            .help("associate the subnet with the route table that it should follow");
    }
}

/// VPCs of which some subnets have associations of their own.
fn vpcs_with_own_associations(context: &Context<'_>) -> FxHashSet<Id<Vpc>> {
    let subnets = context.network.subnets.iter().map(|(_, subnet)| subnet);
    let explicit = subnets.filter(|subnet| matches!(subnet.association, Association::Explicit { .. }));
    explicit.filter_map(|subnet| subnet.vpc.known()).collect()
}
