//! What the rules about NAT gateways share: which of them the internet is asked of.

use rustc_hash::FxHashMap;

use super::Context;
use crate::{
    network::{Family, Id, NatGateway, NextHop},
    value::Truth,
};

/// The NAT gateways that some table sends the internet to, and whether it certainly does.
pub(super) fn used_for_internet(context: &Context<'_>) -> FxHashMap<Id<NatGateway>, Truth> {
    let mut used = FxHashMap::default();
    for table in context.network.tables.ids() {
        let parts = context.routes.parts(table);
        let bulk = parts.bulk(Family::V4);
        let answers: Vec<_> = parts.distinct(&bulk).collect();
        let is_alone = if answers.len() == 1 { Truth::True } else { Truth::Unknown };
        for target in answers.iter().filter_map(|answer| answer.target.as_ref()) {
            collect(target, is_alone, &mut used);
        }
    }
    used
}

fn collect(target: &NextHop, is_it: Truth, used: &mut FxHashMap<Id<NatGateway>, Truth>) {
    if let NextHop::Nat(nat) = target {
        let known = used.entry(*nat).or_insert(Truth::False);
        *known = known.or(is_it);
    }
    if let NextHop::OneOf(hops) = target {
        for hop in hops {
            collect(hop, Truth::Unknown, used);
        }
    }
}
