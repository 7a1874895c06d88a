//! What a transit gateway's table does with every address: divided once, however many packets ask.

use std::sync::Arc;

use super::{
    Ranges, RouteResolver,
    lookup::{Entry, sweep},
};
use crate::network::{Class, Destination, Family, Id, Link, Network, TransitAttachment, TransitTable, Vpc};

/// What a transit gateway's table does with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TransitWay {
    NoRoute,
    Blackhole,
    By(Id<TransitAttachment>),
    Unknown(String),
}

/// Addresses that fare alike.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) answers: Vec<usize>,
    /// The VPC that all routes to them lead to, where it is one.
    pub(super) home: Option<Id<Vpc>>,
    pub(super) addresses: Ranges,
}

/// Both families, by what the table does with them.
#[derive(Debug)]
pub(super) struct TransitParts {
    pub(super) answers: Vec<TransitWay>,
    /// VPCs of which a block is not known, and by which answer what is for them may go.
    pub(super) homes: Vec<(Id<Vpc>, usize)>,
    /// What stands behind a VPN or a connection announces what the code does not say, and no part of a VPC's block.
    pub(super) announced: Vec<usize>,
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
        let mut answers = vec![TransitWay::NoRoute];
        let mut entries: Vec<Entry> = Vec::new();
        let mut roaming: Vec<usize> = Vec::new();
        let mut homes: Vec<(Id<Vpc>, TransitWay)> = Vec::new();
        let mut announced: Vec<usize> = Vec::new();
        let mut add = |answers: &mut Vec<TransitWay>, block, class, answer| {
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
                None => TransitWay::Blackhole,
                Some(Link::Known(attachment)) => TransitWay::By(*attachment),
                Some(Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_)) => {
                    TransitWay::Unknown(format!("the attachment of `{}`", route.written.address))
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
                add(
                    &mut answers,
                    None,
                    Class::Propagated,
                    TransitWay::Unknown("what propagates to the table".to_owned()),
                );
                continue;
            };
            let it = &network.transit_attachments[attachment];
            let Some(vpc) = it.vpc.as_ref() else {
                announced.push(answers.len());
                answers.push(TransitWay::By(attachment));
                continue;
            };
            let vpc = vpc.known().map(|vpc| &network.vpcs[vpc]);
            for block in vpc.into_iter().flat_map(Vpc::known_blocks) {
                add(&mut answers, Some(block), Class::Propagated, TransitWay::By(attachment));
            }
            let is_open = vpc.is_none_or(|vpc| vpc.blocks.iter().any(|it| it.block.get().is_none()));
            if let Some(home) = it.vpc.as_ref().and_then(Link::known).filter(|_| is_open) {
                homes.push((home, TransitWay::By(attachment)));
            } else if is_open {
                add(&mut answers, None, Class::Propagated, TransitWay::By(attachment));
            }
        }
        if let Some(why) = &table.others {
            add(&mut answers, None, Class::Static, TransitWay::Unknown(why.clone()));
        }
        let place = |answers: &mut Vec<TransitWay>, answer| {
            answers.iter().position(|it| *it == answer).unwrap_or_else(|| {
                answers.push(answer);
                answers.len() - 1
            })
        };
        let homes = homes.into_iter().map(|(vpc, answer)| (vpc, place(&mut answers, answer))).collect();
        let vpc_of = |answer: usize| match &answers[answer] {
            TransitWay::By(attachment) => network.transit_attachments[*attachment].vpc.as_ref().and_then(Link::known),
            TransitWay::NoRoute | TransitWay::Blackhole | TransitWay::Unknown(_) => None,
        };
        let of = |family| shares(family, &entries, &roaming, vpc_of);
        let (v4, v6) = (of(Family::V4), of(Family::V6));
        Self { answers, homes, announced, v4, v6 }
    }
}

/// The addresses of a family by their answers; `roaming` ones may hold of any. `vpc_of` tells which VPC an answer leads to.
fn shares(
    family: Family,
    entries: &[Entry],
    roaming: &[usize],
    vpc_of: impl Fn(usize) -> Option<Id<Vpc>>,
) -> Vec<Share> {
    type Key = (Vec<usize>, Option<Id<Vpc>>);
    let mut by_answers: Vec<(Key, Vec<(u128, u128)>)> = Vec::new();
    for part in &sweep(family, entries.to_vec(), &[], 0, 0).parts {
        let mut homes = part.answers.iter().map(|answer| vpc_of(*answer));
        let home = homes.next().flatten().filter(|first| homes.all(|it| it == Some(*first)));
        let mut all: Vec<usize> = part.answers.iter().chain(roaming).copied().collect();
        all.sort_unstable();
        all.dedup();
        let key = (all, home);
        match by_answers.iter_mut().find(|(known, _)| *known == key) {
            Some((_, ranges)) => ranges.push((part.first, part.last)),
            None => by_answers.push((key, vec![(part.first, part.last)])),
        }
    }
    let share =
        |((answers, home), ranges): (Key, Vec<(u128, u128)>)| Share { answers, home, addresses: Ranges::of(ranges) };
    by_answers.into_iter().map(share).collect()
}

impl RouteResolver<'_> {
    /// What a transit gateway's table does with every address.
    pub(super) fn transit_parts(&self, table: Id<TransitTable>) -> Arc<TransitParts> {
        Arc::clone(self.transit[table.index()].get_or_init(|| Arc::new(TransitParts::of(self.network, table))))
    }
}
