//! A route table in parts: every address of a family in exactly one part, with everything that may become of it.
//!
//! Blocks nest or lie apart, so one pass over their starts with a stack of the blocks around is enough.

use std::sync::Arc;

use ipnet::IpNet;

use super::space;
use crate::network::{Class, Family};

/// A route as the pass sees it: which block it is for, how it ranks there, and which answer it gives.
#[derive(Clone, Debug)]
pub struct Entry {
    pub block: IpNet,
    pub class: Class,
    /// False where an unknown decides whether the table has it.
    pub is_certain: bool,
    /// What becomes of a packet that takes it.
    pub answer: usize,
    /// Which route it is, to say whether any packet takes it.
    pub route: Option<usize>,
}

/// Addresses that all fare alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub first: u128,
    pub last: u128,
    /// What may become of them: one answer where that is known. Empty never.
    pub answers: Arc<[usize]>,
    /// The prefix length of the route that certainly wins if nothing longer is there; `None` where none does.
    pub prefix: Option<u8>,
    /// Whether it lies within a local route.
    pub is_local: bool,
}

/// The parts of a family, and which routes some packet may take.
#[derive(Debug)]
pub struct Sweep {
    pub parts: Vec<Part>,
    pub is_taken: Vec<bool>,
}

/// All entries of one block.
struct Group {
    first: u128,
    last: u128,
    prefix: u8,
    /// The answers of those that may win here.
    answers: Vec<usize>,
    routes: Vec<usize>,
    is_certain: bool,
    is_local: bool,
}

/// A block that the pass is within.
struct Level {
    last: u128,
    answers: Arc<[usize]>,
    prefix: Option<u8>,
    is_local: bool,
    /// The groups that a packet here may take, this block's own the last.
    group: Option<usize>,
    is_certain: bool,
}

/// Divides a family's addresses by longest prefix. `no_route` is the answer where nothing matches; `routes` is how many
/// routes there are to be taken; `borders` are blocks at whose edges parts end, without being routes.
pub fn sweep(family: Family, entries: Vec<Entry>, borders: &[IpNet], no_route: usize, routes: usize) -> Sweep {
    let groups = groups(family, entries, borders);
    let mut is_taken = vec![false; routes];
    let mut parts = Vec::new();
    let bottom = Level {
        last: space::last(family),
        answers: Arc::from([no_route]),
        prefix: None,
        is_local: false,
        group: None,
        is_certain: true,
    };
    let mut stack = vec![bottom];
    let mut at = Some(0);
    for (index, group) in groups.iter().enumerate() {
        close(&mut stack, &mut parts, &mut at, Some(group.first), &groups, &mut is_taken);
        let around = stack.last().expect("the bottom reaches the last address");
        let level = level(around, group, index);
        stack.push(level);
    }
    close(&mut stack, &mut parts, &mut at, None, &groups, &mut is_taken);
    Sweep { parts, is_taken }
}

/// Makes parts of what lies before `until`, and ends every block that ends there. `at` is the first address that is in
/// no part yet; `None` past the last.
fn close(
    stack: &mut Vec<Level>,
    parts: &mut Vec<Part>,
    at: &mut Option<u128>,
    until: Option<u128>,
    groups: &[Group],
    is_taken: &mut [bool],
) {
    while let Some(last) = stack.last().map(|level| level.last).filter(|last| until.is_none_or(|until| *last < until)) {
        if let Some(first) = at.filter(|first| *first <= last) {
            emit(stack, parts, (first, last), groups, is_taken);
            *at = last.checked_add(1);
        }
        stack.pop();
    }
    if let (Some(first), Some(until)) = (*at, until)
        && first < until
    {
        emit(stack, parts, (first, until - 1), groups, is_taken);
        *at = Some(until);
    }
}

fn emit(stack: &[Level], parts: &mut Vec<Part>, (first, last): (u128, u128), groups: &[Group], is_taken: &mut [bool]) {
    let Some(top) = stack.last() else { return };
    for level in stack.iter().rev() {
        for &route in level.group.map_or(&[][..], |group| &groups[group].routes) {
            is_taken[route] = true;
        }
        if level.is_certain {
            break;
        }
    }
    let part = Part { first, last, answers: Arc::clone(&top.answers), prefix: top.prefix, is_local: top.is_local };
    parts.push(part);
}

fn level(around: &Level, group: &Group, index: usize) -> Level {
    let (answers, prefix) = if group.is_certain {
        (Arc::from(group.answers.as_slice()), Some(group.prefix))
    } else if group.answers.is_empty() {
        (Arc::clone(&around.answers), around.prefix)
    } else {
        let mut both = [&group.answers[..], &around.answers].concat();
        both.sort_unstable();
        both.dedup();
        (Arc::from(both), around.prefix)
    };
    Level {
        last: group.last,
        answers,
        prefix,
        is_local: group.is_local || around.is_local,
        group: Some(index),
        is_certain: group.is_certain,
    }
}

/// The entries block by block, in the order in which the pass meets them, each with those that may win there.
fn groups(family: Family, entries: Vec<Entry>, borders: &[IpNet]) -> Vec<Group> {
    let mut entries: Vec<_> = entries.into_iter().filter(|entry| Family::of(entry.block) == family).collect();
    entries
        .sort_by_key(|entry| (space::bounds(entry.block).0, entry.block.prefix_len(), entry.class, !entry.is_certain));
    let mut groups: Vec<Group> = entries.chunk_by(|a, b| a.block == b.block).map(group).collect();
    let edges = borders.iter().filter(|block| Family::of(**block) == family).map(|block| {
        let (first, last) = space::bounds(*block);
        let (answers, routes) = (Vec::new(), Vec::new());
        Group { first, last, prefix: block.prefix_len(), answers, routes, is_certain: false, is_local: false }
    });
    groups.extend(edges);
    groups.sort_by_key(|group| (group.first, group.prefix, group.is_certain));
    groups
}

/// The best certain entry wins; a possible one may win where it ranks no worse.
fn group(entries: &[Entry]) -> Group {
    let block = entries[0].block;
    let (first, last) = space::bounds(block);
    let best = entries.iter().filter(|entry| entry.is_certain).map(|entry| entry.class).min();
    let contenders = || entries.iter().filter(|entry| best.is_none_or(|best| entry.class <= best));
    let mut answers: Vec<_> = contenders().map(|entry| entry.answer).collect();
    answers.sort_unstable();
    answers.dedup();
    Group {
        first,
        last,
        prefix: block.prefix_len(),
        answers,
        routes: contenders().filter_map(|entry| entry.route).collect(),
        is_certain: best.is_some(),
        is_local: entries.iter().any(|entry| entry.class == Class::Local && entry.is_certain),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use proptest::prelude::*;

    use super::*;

    const NO_ROUTE: usize = 1000;

    fn naive(entries: &[Entry], address: IpAddr) -> Vec<usize> {
        let matching: Vec<_> = entries.iter().filter(|entry| entry.block.contains(&address)).collect();
        let rank = |entry: &Entry| (u8::MAX - entry.block.prefix_len(), entry.class);
        let best = matching.iter().filter(|entry| entry.is_certain).map(|entry| rank(entry)).min();
        let may_win = matching.iter().filter(|entry| best.is_none_or(|best| rank(entry) <= best));
        // Of uncertain ones for one block, a worse rank may win too: the better may not be there.
        let mut answers: Vec<_> = may_win.map(|entry| entry.answer).collect();
        if best.is_none() {
            answers.push(NO_ROUTE);
        }
        answers.sort_unstable();
        answers.dedup();
        answers
    }

    fn block(family: Family, bits: u128, prefix: u8) -> IpNet {
        let shift = u32::from(family.bits()) - 8;
        IpNet::new(space::address(family, bits << shift), prefix).unwrap().trunc()
    }

    fn entries(family: Family) -> impl Strategy<Value = Vec<Entry>> {
        let class =
            prop_oneof![Just(Class::Local), Just(Class::Static), Just(Class::PrefixList), Just(Class::Propagated)];
        let one = (0_u128..256, 0_u8..9, class, any::<bool>(), 0_usize..5);
        prop::collection::vec(one, 0..24).prop_map(move |all| {
            let of = |(bits, prefix, class, is_certain, answer)| Entry {
                block: block(family, bits, prefix),
                class,
                is_certain,
                answer,
                route: None,
            };
            all.into_iter().map(of).collect()
        })
    }

    fn agrees(family: Family, entries: &[Entry]) -> Result<(), TestCaseError> {
        let borders = [block(family, 160, 3), block(family, 0, 1)];
        let parts = sweep(family, entries.to_vec(), &borders, NO_ROUTE, 0).parts;
        let mut next = Some(0);
        for part in &parts {
            prop_assert_eq!(Some(part.first), next);
            prop_assert!(part.first <= part.last);
            next = part.last.checked_add(1);
            for number in [part.first, part.last, part.first + (part.last - part.first) / 2] {
                prop_assert_eq!(part.answers.to_vec(), naive(entries, space::address(family, number)));
            }
        }
        prop_assert_eq!(parts.last().map(|part| part.last), Some(space::last(family)));
        Ok(())
    }

    proptest! {
        #[test]
        fn ipv4_parts_cover_the_space_once_and_agree_with_a_scan(entries in entries(Family::V4)) {
            agrees(Family::V4, &entries)?;
        }

        #[test]
        fn ipv6_parts_cover_the_space_once_and_agree_with_a_scan(entries in entries(Family::V6)) {
            agrees(Family::V6, &entries)?;
        }
    }
}
