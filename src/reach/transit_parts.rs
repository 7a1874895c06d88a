//! What a transit gateway's table does with every address: divided once, however many packets ask.

use std::sync::Arc;

use super::{
    Ranges, RouteResolver,
    lookup::{Entry, sweep},
};
use crate::network::{Class, Destination, Family, Id, Link, Network, TransitAttachment, TransitTable, Vpc};

/// What a transit gateway's table does with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Onward {
    NoRoute,
    Blackhole,
    By(Id<TransitAttachment>),
    Unknown(String),
}

/// Answers, and the addresses that have them.
pub(super) type Share = (Vec<usize>, Ranges);

/// Both families, by what the table does with them.
#[derive(Debug)]
pub(super) struct TransitParts {
    pub(super) answers: Vec<Onward>,
    /// VPCs of which a block is not known, and by which answer what is for them may go.
    pub(super) homes: Vec<(Id<Vpc>, usize)>,
    v4: Vec<Share>,
    v6: Vec<Share>,
}

impl TransitParts {
    pub(super) fn of_family(&self, family: Family) -> &[Share] {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    fn of(network: &Network, id: Id<TransitTable>) -> Self {
        let table = &network.transit_tables[id];
        let mut answers = vec![Onward::NoRoute];
        let mut entries: Vec<Entry> = Vec::new();
        let mut roaming: Vec<usize> = Vec::new();
        let mut homes: Vec<(Id<Vpc>, Onward)> = Vec::new();
        let mut add = |answers: &mut Vec<Onward>, block, class, answer| {
            let at = answers.iter().position(|it| *it == answer).unwrap_or_else(|| {
                answers.push(answer);
                answers.len() - 1
            });
            match block {
                Some(block) => entries.push(Entry { block, class, is_certain: true, answer: at, route: None }),
                None => roaming.push(at),
            }
        };
        for route in &table.routes {
            let answer = match &route.attachment {
                None => Onward::Blackhole,
                Some(Link::Known(attachment)) => Onward::By(*attachment),
                Some(Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_)) => {
                    Onward::Unknown(format!("the attachment of `{}`", route.written.address))
                }
            };
            match &route.destination {
                Destination::Block(block) => add(&mut answers, Some(*block), Class::Static, answer),
                Destination::PrefixList(list) => {
                    let list = &network.prefix_lists[*list];
                    for block in &list.blocks {
                        add(&mut answers, Some(*block), Class::PrefixList, answer.clone());
                    }
                    if list.others.is_some() {
                        add(&mut answers, None, Class::PrefixList, answer);
                    }
                }
                Destination::Unknown { .. } => add(&mut answers, None, Class::Static, answer),
            }
        }
        for link in &table.propagations {
            let Some(attachment) = link.known() else {
                add(&mut answers, None, Class::Propagated, Onward::Unknown("what propagates to the table".to_owned()));
                continue;
            };
            let it = &network.transit_attachments[attachment];
            let Some(vpc) = it.vpc.as_ref() else {
                // What stands behind a VPN or a connection announces what the code does not say.
                add(&mut answers, None, Class::Propagated, Onward::By(attachment));
                continue;
            };
            let vpc = vpc.known().map(|vpc| &network.vpcs[vpc]);
            for block in vpc.into_iter().flat_map(Vpc::known_blocks) {
                add(&mut answers, Some(block), Class::Propagated, Onward::By(attachment));
            }
            let is_open = vpc.is_none_or(|vpc| vpc.blocks.iter().any(|it| it.block.get().is_none()));
            if let Some(home) = it.vpc.as_ref().and_then(Link::known).filter(|_| is_open) {
                homes.push((home, Onward::By(attachment)));
            } else if is_open {
                add(&mut answers, None, Class::Propagated, Onward::By(attachment));
            }
        }
        if let Some(why) = &table.others {
            add(&mut answers, None, Class::Static, Onward::Unknown(why.clone()));
        }
        let place = |answers: &mut Vec<Onward>, answer| {
            answers.iter().position(|it| *it == answer).unwrap_or_else(|| {
                answers.push(answer);
                answers.len() - 1
            })
        };
        let homes = homes.into_iter().map(|(vpc, answer)| (vpc, place(&mut answers, answer))).collect();
        let of = |family| shares(family, &entries, &roaming);
        let (v4, v6) = (of(Family::V4), of(Family::V6));
        Self { answers, homes, v4, v6 }
    }
}

/// Answers, and the ranges that have them.
type Found = (Vec<usize>, Vec<(u128, u128)>);

/// The addresses of a family by their answers; `roaming` ones may hold of any.
fn shares(family: Family, entries: &[Entry], roaming: &[usize]) -> Vec<Share> {
    let mut by_answers: Vec<Found> = Vec::new();
    for part in &sweep(family, entries.to_vec(), &[], 0, 0).parts {
        let mut all: Vec<usize> = part.answers.iter().chain(roaming).copied().collect();
        all.sort_unstable();
        all.dedup();
        match by_answers.iter_mut().find(|(known, _)| *known == all) {
            Some((_, ranges)) => ranges.push((part.first, part.last)),
            None => by_answers.push((all, vec![(part.first, part.last)])),
        }
    }
    by_answers.into_iter().map(|(answers, ranges)| (answers, Ranges::of(ranges))).collect()
}

impl RouteResolver<'_> {
    /// What a transit gateway's table does with every address.
    pub(super) fn transit_parts(&self, table: Id<TransitTable>) -> Arc<TransitParts> {
        Arc::clone(self.transit[table.index()].get_or_init(|| Arc::new(TransitParts::of(self.network, table))))
    }
}
