//! What a change does, where conditions leave open what there is before, or after.

use super::{Each, Told};
use crate::{
    graph::ResourceGraph,
    project::{Conditions, Project},
    reach::change::{AddressChange, Changes, NextHopChange, WayChange},
};

/// What a change does in all worlds, and what in some.
#[derive(Clone, Debug, Default)]
pub struct WorldChanges {
    pub next_hops: Vec<Told<NextHopChange>>,
    pub ways: Vec<Told<WayChange>>,
    pub addresses: Vec<Told<AddressChange>>,
    /// Pairs of workloads that were not compared, because there are too many.
    pub skipped: usize,
}

/// More pairs of worlds than this are not compared.
const MOST_PAIRS: usize = 64;

impl WorldChanges {
    pub fn of(changes: &Each<Changes>) -> Self {
        let changes = changes.as_ref();
        let skipped = changes.all.iter().map(|it| it.skipped).max().unwrap_or(0);
        let mut next_hops = changes.as_ref().map(|it| it.next_hops.clone()).told();
        // Those of one subnet stand together.
        next_hops.sort_by(|a, b| a.what.subnet.cmp(&b.what.subnet));
        Self {
            next_hops,
            ways: changes.as_ref().map(|it| it.ways.clone()).told(),
            addresses: changes.as_ref().map(|it| it.addresses.clone()).told(),
            skipped,
        }
    }
}

/// Every world of one project with each of another in which the conditions of one name come out alike; and how many more
/// there are than are compared.
pub fn pairs<'a>(before: &'a Project, after: &'a Project) -> (Each<(&'a ResourceGraph, &'a ResourceGraph)>, usize) {
    let (old, new) = (all(before), all(after));
    let mut pairs = Vec::new();
    for (conditions, is) in &new {
        for (known, was) in &old {
            if !known.iter().any(|(name, holds)| conditions.get(name).is_some_and(|it| it != holds)) {
                let both = known.iter().chain(conditions.iter()).map(|(name, holds)| (name.clone(), *holds));
                pairs.push((both.collect::<Conditions>(), (*was, *is)));
            }
        }
    }
    let dropped = pairs.len().saturating_sub(MOST_PAIRS);
    pairs.truncate(MOST_PAIRS);
    (Each::of(pairs), dropped)
}

fn all(project: &Project) -> Vec<(&Conditions, &ResourceGraph)> {
    let others = project.worlds.others.iter().map(|it| (&it.conditions, &it.graph));
    std::iter::once((&project.worlds.first, &project.graph)).chain(others).collect()
}
