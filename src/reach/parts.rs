//! What a table, or one of several, does with every address.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use ipnet::IpNet;

use super::{
    Ranges,
    lookup::{Entry, Part, sweep},
    space::{self, Space},
};
use crate::{
    network::{Class, Destination, Family, Id, Link, Network, NextHop, Route, RouteTable, State, Vpc, VpcBlock},
    value::Unknown,
};

/// Both families in parts. Its addresses are all in one part each.
#[derive(Debug)]
pub struct Parts {
    answers: Vec<Answer>,
    /// By answer: the first one that says the same.
    same: Vec<usize>,
    v4: Vec<Part>,
    v6: Vec<Part>,
    /// By route of the table: whether some packet may take it.
    is_taken: Vec<bool>,
    bulk: [OnceLock<Arc<[usize]>>; 2],
}

/// What becomes of a packet at a table.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who takes it on; `None`: no route matches.
    pub target: Option<NextHop>,
    pub state: State,
    /// The route that decides, by its place in its table; local routes have none.
    pub route: Option<(Id<RouteTable>, usize)>,
}

const NO_ROUTE: usize = 0;
const LOCAL: usize = 1;
/// The answer of routes that the code does not show.
const HIDDEN: usize = 2;
/// How many answers stand before those of the table's own routes.
const FIXED: usize = 3;

/// The longest prefix that a VPC's IPv4 block can have.
const LONGEST_VPC_PREFIX: u8 = 28;

/// Where a VPC's IPv6 block of its own choice lies.
const PRIVATE_IPV6: &str = "fc00::/7";

/// The addresses of the internet that fare alike, and the answers of the largest part of them.
struct Share {
    size: u128,
    answers: Arc<[usize]>,
    largest: u128,
}

/// What may win at any address, because its destination is not known.
#[derive(Clone, Copy)]
struct Rover {
    answer: usize,
    may_be_within_local: bool,
}

impl Answer {
    /// Whether both do the same with a packet.
    pub fn is_same(&self, other: &Self) -> bool {
        let unknown = |answer: &Self| matches!(answer.target, Some(NextHop::Unknown(_)));
        self.target == other.target && self.state == other.state && !unknown(self)
    }

    fn fixed(target: Option<NextHop>) -> Self {
        Self { target, state: State::Active, route: None }
    }
}

impl Parts {
    /// The parts of a table.
    pub(super) fn of(network: &Network, id: Id<RouteTable>) -> Self {
        let table = &network.tables[id];
        let mut answers = fixed_answers(table.others.as_deref().or(table.learns.as_ref().map(|it| it.why.as_str())));
        answers.extend(table.routes.iter().enumerate().map(|(at, route)| Answer {
            target: Some(route.target.clone()),
            state: network.state(&route.target, &table.vpc),
            route: Some((id, at)),
        }));
        let mut is_taken = vec![false; table.routes.len()];
        let mut of = |family| {
            let (parts, taken) = divide(network, table, family);
            for (mine, taken) in is_taken.iter_mut().zip(taken) {
                *mine |= taken;
            }
            parts
        };
        let (v4, v6) = (of(Family::V4), of(Family::V6));
        Self::with(answers, v4, v6, is_taken)
    }

    /// What is left where the table may be any: the VPC's own addresses stay in it, and nothing else is known.
    pub(super) fn unknown(network: &Network, vpc: &Link<Vpc>) -> Self {
        let mut table = RouteTable::nameless(vpc.clone());
        table.others = Some("the route table is not known".to_owned());
        let of = |family| divide(network, &table, family).0;
        let (v4, v6) = (of(Family::V4), of(Family::V6));
        Self::with(fixed_answers(table.others.as_deref()), v4, v6, Vec::new())
    }

    /// The parts of one of several tables: at each address, the answers of all.
    pub(super) fn among(tables: impl Iterator<Item = Arc<Parts>>) -> Self {
        let tables: Vec<_> = tables.collect();
        let mut answers = Vec::new();
        let mut starts = Vec::new();
        for parts in &tables {
            starts.push(answers.len());
            answers.extend(parts.answers.iter().cloned());
        }
        let over = |family| overlay(&tables, &starts, family);
        Self::with(answers, over(Family::V4), over(Family::V6), Vec::new())
    }

    fn with(answers: Vec<Answer>, v4: Vec<Part>, v6: Vec<Part>, is_taken: Vec<bool>) -> Self {
        let mut same = Vec::with_capacity(answers.len());
        let mut distinct: Vec<usize> = Vec::new();
        for (at, answer) in answers.iter().enumerate() {
            let known = distinct.iter().copied().find(|&it| answers[it].is_same(answer));
            same.push(known.unwrap_or(at));
            if known.is_none() {
                distinct.push(at);
            }
        }
        Self { answers, same, v4, v6, is_taken, bulk: [OnceLock::new(), OnceLock::new()] }
    }

    /// The parts of a family, in the order of their addresses.
    pub fn of_family(&self, family: Family) -> &[Part] {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// The part that an address is in.
    pub fn at(&self, address: IpAddr) -> &Part {
        let (family, number) = space::number(address);
        let parts = self.of_family(family);
        &parts[parts.partition_point(|part| part.last < number)]
    }

    pub fn answer(&self, answer: usize) -> &Answer {
        &self.answers[answer]
    }

    /// Those of `answers` that differ from each other.
    pub fn distinct(&self, answers: &[usize]) -> impl Iterator<Item = &Answer> {
        let mut seen: Vec<usize> = Vec::new();
        let fresh = answers.iter().copied().filter(move |&answer| {
            let is_fresh = !seen.contains(&self.same[answer]);
            if is_fresh {
                seen.push(self.same[answer]);
            }
            is_fresh
        });
        fresh.map(|answer| &self.answers[answer])
    }

    /// By what `answers` do, whichever routes decide.
    pub(super) fn key(&self, answers: &[usize]) -> Vec<usize> {
        let mut key: Vec<_> = answers.iter().map(|&answer| self.same[answer]).collect();
        key.sort_unstable();
        key.dedup();
        key
    }

    /// What may become of the largest share of the internet's addresses: what `0.0.0.0/0` or `::/0` is, or its halves.
    pub fn bulk(&self, family: Family) -> Arc<[usize]> {
        let cell = &self.bulk[usize::from(family == Family::V6)];
        Arc::clone(cell.get_or_init(|| self.find_bulk(family)))
    }

    fn find_bulk(&self, family: Family) -> Arc<[usize]> {
        let mut shares: Vec<Share> = Vec::new();
        let mut places = rustc_hash::FxHashMap::default();
        let internet = Space::internet(family);
        for (part, size) in clipped(self.of_family(family), internet.numbers(family)) {
            let at = *places.entry(self.key(&part.answers)).or_insert_with(|| {
                shares.push(Share { size: 0, answers: Arc::clone(&part.answers), largest: 0 });
                shares.len() - 1
            });
            let share = &mut shares[at];
            share.size += size;
            if share.largest < size {
                share.answers = Arc::clone(&part.answers);
                share.largest = size;
            }
        }
        let largest = shares.into_iter().max_by_key(|share| share.size);
        largest.map_or_else(|| Arc::from([NO_ROUTE]), |share| share.answers)
    }

    /// Whether some packet may take the table's route at this place.
    pub fn is_taken(&self, route: usize) -> bool {
        self.is_taken.get(route).copied().unwrap_or(true)
    }
}

fn fixed_answers(why_hidden: Option<&str>) -> Vec<Answer> {
    let why = why_hidden.unwrap_or("routes that the code does not show").to_owned();
    let hidden = Answer {
        target: Some(NextHop::Unknown(Unknown::Opaque(why.clone()))),
        state: State::Unknown(why),
        route: None,
    };
    vec![Answer::fixed(None), Answer::fixed(Some(NextHop::Local)), hidden]
}

/// Each part with how much of it lies in a space.
fn clipped<'a>(parts: &'a [Part], space: &Ranges) -> impl Iterator<Item = (&'a Part, u128)> + use<'a> {
    let ranges: Vec<(u128, u128)> = space.iter().collect();
    let mut from = 0;
    parts.iter().filter_map(move |part| {
        while from < ranges.len() && ranges[from].1 < part.first {
            from += 1;
        }
        let within = ranges[from..].iter().take_while(|range| range.0 <= part.last);
        let size: u128 = within.map(|range| range.1.min(part.last) - range.0.max(part.first) + 1).sum();
        (size != 0).then_some((part, size))
    })
}

fn divide(network: &Network, table: &RouteTable, family: Family) -> (Vec<Part>, Vec<bool>) {
    let (mut entries, has_unknown_block) = local_entries(network, &table.vpc, family);
    let mut rovers = Vec::new();
    let mut roving = Vec::new();
    for (at, route) in table.routes.iter().enumerate() {
        if add(network, route, at, family, &mut entries) {
            rovers.push(Rover { answer: FIXED + at, may_be_within_local: route.target.may_be_within_local() });
            roving.push(at);
        }
    }
    if table.others.is_some() {
        rovers.push(Rover { answer: HIDDEN, may_be_within_local: true });
    } else if table.why_open(family).is_some() {
        rovers.push(Rover { answer: HIDDEN, may_be_within_local: false });
    }
    let private = if has_unknown_block { private(family) } else { Space::default() };
    let borders = private.blocks();
    let mut sweep = sweep(family, entries, &borders, NO_ROUTE, table.routes.len());
    for part in &mut sweep.parts {
        let may_be_local = has_unknown_block
            && private.contains(space::address(family, part.first))
            && part.prefix.is_none_or(|prefix| prefix <= LONGEST_VPC_PREFIX || family == Family::V6);
        let rove = part.prefix != Some(family.bits());
        let mut more: Vec<usize> = rovers
            .iter()
            .filter(|rover| rove && (!part.is_local || rover.may_be_within_local))
            .map(|rover| rover.answer)
            .collect();
        if may_be_local {
            more.push(LOCAL);
        }
        if !more.is_empty() {
            more.extend(part.answers.iter());
            more.sort_unstable();
            more.dedup();
            part.answers = Arc::from(more);
        }
    }
    for at in roving {
        sweep.is_taken[at] = true;
    }
    (sweep.parts, sweep.is_taken)
}

fn private(family: Family) -> Space {
    match family {
        Family::V4 => Space::private(),
        Family::V6 => Space::of([PRIVATE_IPV6.parse::<IpNet>().expect("the constant is a block")]),
    }
}

/// The local routes of a family, and whether the VPC may have more of them.
fn local_entries(network: &Network, vpc: &Link<Vpc>, family: Family) -> (Vec<Entry>, bool) {
    let Some([vpc]) = vpc.candidates() else { return (Vec::new(), true) };
    let blocks: Vec<&VpcBlock> = network.vpcs[*vpc].blocks.iter().filter(|block| block.family == family).collect();
    let known = blocks.iter().filter_map(|it| it.block.get().map(|block| (*block, it.is_certain)));
    let entries =
        known.map(|(block, is_certain)| Entry { block, class: Class::Local, is_certain, answer: LOCAL, route: None });
    (entries.collect(), blocks.iter().any(|it| it.block.get().is_none()))
}

/// Adds what is known of a route's destination; says whether some of it is not known.
fn add(network: &Network, route: &Route, at: usize, family: Family, entries: &mut Vec<Entry>) -> bool {
    if matches!(route.target, NextHop::GatewayEndpoint(_)) {
        // The addresses of AWS's own services: what holds of the rest of the internet says nothing of them.
        return false;
    }
    let entry =
        |block| Entry { block, class: route.class, is_certain: route.is_certain, answer: FIXED + at, route: Some(at) };
    match &route.destination {
        Destination::Block(block) => {
            if Family::of(*block) == family {
                add_block(entry(*block), route, entries);
            }
            false
        }
        Destination::PrefixList(list) => {
            let list = &network.prefix_lists[*list];
            entries.extend(list.blocks.iter().copied().map(entry));
            list.others.is_some()
        }
        Destination::Unknown { .. } => route.destination.may_be(family),
    }
}

/// A route for a whole block of the VPC takes the local route's place, where AWS allows it.
fn add_block(mut entry: Entry, route: &Route, entries: &mut Vec<Entry>) {
    let local = entries.iter().position(|it| it.class == Class::Local && it.block == entry.block);
    match local {
        None => entries.push(entry),
        Some(local) if route.target.may_replace_local() => {
            entry.class = Class::Local;
            if route.is_certain {
                entries[local] = entry;
            } else {
                entries.push(entry);
            }
        }
        Some(_) => (),
    }
}

fn overlay(tables: &[Arc<Parts>], starts: &[usize], family: Family) -> Vec<Part> {
    let mut places = vec![0; tables.len()];
    let mut parts = Vec::new();
    let mut first = 0;
    loop {
        let current = || tables.iter().zip(&places).map(|(table, &at)| &table.of_family(family)[at]);
        let Some(last) = current().map(|part| part.last).min() else { return parts };
        let answers = current().zip(starts).flat_map(|(part, start)| part.answers.iter().map(move |it| start + it));
        let answers: Vec<usize> = answers.collect();
        let prefix = current().map(|part| part.prefix).min().flatten();
        let is_local = current().all(|part| part.is_local);
        parts.push(Part { first, last, answers: Arc::from(answers), prefix, is_local });
        let Some(next) = last.checked_add(1).filter(|_| last != space::last(family)) else { return parts };
        for (table, at) in tables.iter().zip(&mut places) {
            if table.of_family(family)[*at].last == last {
                *at += 1;
            }
        }
        first = next;
    }
}
