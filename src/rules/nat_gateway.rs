//! What the rules about NAT gateways share: which of them the internet is asked of.

use rustc_hash::FxHashSet;

use super::Context;
use crate::network::{Family, Id, NatGateway, NextHop};

/// The NAT gateways that some table sends the internet to, or may.
pub(super) fn used_for_internet(context: &Context<'_>) -> FxHashSet<Id<NatGateway>> {
    let mut used = FxHashSet::default();
    for table in context.network.tables.ids() {
        let parts = context.routes.parts(table);
        for answer in parts.distinct(&parts.bulk(Family::V4)) {
            if let Some(target) = &answer.target {
                collect(target, &mut used);
            }
        }
    }
    used
}

fn collect(target: &NextHop, used: &mut FxHashSet<Id<NatGateway>>) {
    if let NextHop::Nat(nat) = target {
        used.insert(*nat);
    }
    if let NextHop::OneOf(hops) = target {
        for hop in hops {
            collect(hop, used);
        }
    }
}
