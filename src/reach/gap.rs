//! Times without a way: what a plan deletes before it makes it again, while something depends on it.

use rustc_hash::FxHashMap;

use super::transition::{Lasting, Transition};
use crate::{
    network::{Association, Class, Declared, DestinationKey, Id, Name, Network, Route, RouteTable, State, Subnet},
    resource::Action,
    value::Truth,
};

/// A time without a way.
#[derive(Clone, Debug)]
pub struct Gap {
    pub kind: GapKind,
    /// What is made again.
    pub at: Declared,
    /// What is deleted, where that is another resource.
    pub deleted: Option<Declared>,
    /// The subnets that are without it.
    pub subnets: Vec<Lasting<Subnet>>,
    /// Whether something lives in one of them before and after.
    pub is_lived_in: bool,
}

/// What there is none of in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GapKind {
    /// The routes to these destinations.
    Routes(Vec<String>),
    /// The table itself, with all its routes.
    Table,
    /// The subnet's table: it follows the main table.
    Association,
    /// The target of routes.
    Target,
}

/// Both networks, and a table that lives on.
struct Pair<'n> {
    before: &'n RouteTable,
    after: &'n RouteTable,
}

pub(super) fn gaps(transition: &Transition<'_>) -> Vec<Gap> {
    let (before, after) = (transition.before().network(), transition.after().network());
    let mut all: Vec<Gap> = Vec::new();
    let mut of_tables: FxHashMap<(Id<RouteTable>, Id<RouteTable>), Vec<Gap>> = FxHashMap::default();
    for subnet in transition.subnets() {
        all.extend(of_association(transition, subnet));
        let (Some(was), Some(is)) = (transition.before().table(subnet.was), transition.after().table(subnet.is)) else {
            continue;
        };
        let pair = Pair { before: &before.tables[was], after: &after.tables[is] };
        if transition.is_same_table(was, is) == Truth::True {
            let gaps = of_tables.entry((was, is)).or_insert_with(|| of_table(transition, &pair));
            all.extend(gaps.iter().map(|gap| Gap { subnets: vec![subnet], ..gap.clone() }));
        }
    }
    merged(transition, all)
}

/// One gap for each thing that is made again, with all subnets that are without it.
fn merged(transition: &Transition<'_>, gaps: Vec<Gap>) -> Vec<Gap> {
    let mut all: Vec<Gap> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for gap in gaps {
        let key = format!("{} {:?}", gap.at.address, gap.kind);
        let at = *places.entry(key).or_insert(all.len());
        match all.get_mut(at) {
            Some(known) => {
                for subnet in gap.subnets {
                    if known.subnets.last() != Some(&subnet) {
                        known.subnets.push(subnet);
                    }
                }
            }
            None => all.push(gap),
        }
    }
    for gap in &mut all {
        gap.is_lived_in = gap.subnets.iter().any(|it| !transition.residents(it.is).is_empty());
    }
    all
}

fn gap(kind: GapKind, at: &Declared, deleted: Option<&Declared>) -> Gap {
    let deleted = deleted.filter(|it| it.address != at.address).cloned();
    Gap { kind, at: at.clone(), deleted, subnets: Vec::new(), is_lived_in: false }
}

fn of_association(transition: &Transition<'_>, subnet: Lasting<Subnet>) -> Option<Gap> {
    let (before, after) = (transition.before().network(), transition.after().network());
    let (Association::Explicit { by: old, .. }, Association::Explicit { by: new, .. }) =
        (&before.subnets[subnet.was].association, &after.subnets[subnet.is].association)
    else {
        return None;
    };
    let is_gap = is_deleted_first(transition, old, new);
    is_gap.then(|| Gap { subnets: vec![subnet], ..gap(GapKind::Association, new, Some(old)) })
}

/// Whether what stands for the same thing is deleted before it is made: nothing orders two resources, so it may be.
fn is_deleted_first(transition: &Transition<'_>, old: &Declared, new: &Declared) -> bool {
    let (was, is) = (transition.action(&old.address), transition.action(&new.address));
    if old.address == new.address {
        return is == Some(Action::Replace);
    }
    was == Some(Action::Delete) && is == Some(Action::Create)
}

fn of_table(transition: &Transition<'_>, pair: &Pair<'_>) -> Vec<Gap> {
    if let Some(table) = pair.after.name.in_code()
        && transition.action(&table.address) == Some(Action::Replace)
    {
        return vec![gap(GapKind::Table, table, None)];
    }
    let (before, after) = (transition.before().network(), transition.after().network());
    let by_destination: FxHashMap<String, &Route> =
        pair.after.routes.iter().filter_map(|route| Some((key(after, route)?, route))).collect();
    let mut all: Vec<Gap> = Vec::new();
    for old in &pair.before.routes {
        let Some(destination) = key(before, old) else { continue };
        let Some(new) = by_destination.get(&destination) else { continue };
        let (Some(was), Some(is)) = (old.written.by(), new.written.by()) else { continue };
        if before.state(&old.target, &pair.before.vpc) != State::Active {
            continue;
        }
        if moves(transition, was, is) {
            add(&mut all, destination, is, was);
        } else if transition.is_same_hop(Some(&old.target), Some(&new.target)) == Truth::True {
            all.extend(of_target(transition, after, new));
        }
    }
    all
}

/// Whether the route is deleted with one resource and made with another, or deleted before it is made.
fn moves(transition: &Transition<'_>, was: &Declared, is: &Declared) -> bool {
    if was.address == is.address {
        return transition.action(&is.address) == Some(Action::Replace);
    }
    let (old, new) = (transition.action(&was.address), transition.action(&is.address));
    // A table loses or gains a route where it is changed; a route of its own goes and comes as a whole.
    let loses = matches!(old, Some(Action::Delete | Action::Update));
    let gains = matches!(new, Some(Action::Create | Action::Update));
    loses && gains
}

/// Routes that move from one resource to others are one gap.
fn add(all: &mut Vec<Gap>, destination: String, is: &Declared, was: &Declared) {
    let known = all.iter_mut().find(|gap| {
        let moved = gap.deleted.as_ref().is_some_and(|it| it.address == was.address && it.address != is.address);
        gap.at.address == is.address || moved
    });
    match known {
        Some(Gap { kind: GapKind::Routes(destinations), .. }) => destinations.push(destination),
        Some(_) | None => all.push(gap(GapKind::Routes(vec![destination]), is, Some(was))),
    }
}

/// A target that is deleted first leaves its routes behind until they are led to the new one.
fn of_target(transition: &Transition<'_>, after: &Network, route: &Route) -> Option<Gap> {
    let target = after.name_behind(&route.target).and_then(Name::in_code)?;
    (transition.action(&target.address) == Some(Action::Replace)).then(|| gap(GapKind::Target, target, None))
}

/// A route's destination by a name that both networks know; only of routes that are there for certain.
fn key(network: &Network, route: &Route) -> Option<String> {
    if !route.is_certain || !matches!(route.class, Class::Static | Class::PrefixList) {
        return None;
    }
    Some(match DestinationKey::of(&route.destination)? {
        DestinationKey::Block(block) => block.to_string(),
        DestinationKey::PrefixList(list) => network.prefix_lists[list].name.text().to_owned(),
    })
}
