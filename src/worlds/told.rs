//! Lists of what all worlds have, each once, and under which conditions what only some have.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::when;
use crate::{
    graph::ResourceGraph,
    project::{Conditions, Project},
};

/// Something that worlds have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    pub what: T,
    /// `HasNat is true`: under which conditions, where not all worlds have it.
    pub when: Option<String>,
}

/// What holds in each world, the first one first.
#[derive(Clone, Debug)]
pub struct Each<T> {
    conditions: Vec<Conditions>,
    pub all: Vec<T>,
}

/// Asks every world of a project.
pub fn each<'a, T>(project: &'a Project, of: impl Fn(&'a ResourceGraph) -> T) -> Each<T> {
    let others = project.worlds.others.iter().map(|it| (&it.conditions, &it.graph));
    let worlds = std::iter::once((&project.worlds.first, &project.graph)).chain(others);
    let (conditions, all) = worlds.map(|(conditions, graph)| (conditions.clone(), of(graph))).unzip();
    Each { conditions, all }
}

impl<T> Each<T> {
    pub fn as_ref(&self) -> Each<&T> {
        Each { conditions: self.conditions.clone(), all: self.all.iter().collect() }
    }

    /// What holds in each of these worlds.
    pub fn of(worlds: impl IntoIterator<Item = (Conditions, T)>) -> Self {
        let (conditions, all) = worlds.into_iter().unzip();
        Self { conditions, all }
    }

    pub fn map<U>(self, of: impl Fn(T) -> U) -> Each<U> {
        Each { conditions: self.conditions, all: self.all.into_iter().map(of).collect() }
    }

    /// The worlds in groups that say the same, as `key` has it.
    pub fn grouped<K: Eq + Hash>(self, key: impl Fn(&T) -> K) -> Vec<Told<T>> {
        let lists = self.all.into_iter().map(|it| vec![it]).collect();
        Each { conditions: self.conditions, all: lists }.told_by(key)
    }
}

impl<T> Each<Vec<T>> {
    /// Everything that a world has, once, in the order of the first that has it.
    pub fn told(self) -> Vec<Told<T>>
    where
        T: Eq + Hash + Clone,
    {
        self.told_by(Clone::clone)
    }

    /// The same, of what is the same by its key.
    pub fn told_by<K: Eq + Hash>(self, key: impl Fn(&T) -> K) -> Vec<Told<T>> {
        let Self { conditions, all } = self;
        if all.len() <= 1 {
            return all.into_iter().flatten().map(|what| Told { what, when: None }).collect();
        }
        let mut places: FxHashMap<K, usize> = FxHashMap::default();
        let mut found: Vec<(T, Vec<usize>)> = Vec::new();
        for (world, list) in all.into_iter().enumerate() {
            for what in list {
                let at = *places.entry(key(&what)).or_insert(found.len());
                match found.get_mut(at) {
                    Some((_, holders)) if holders.last() == Some(&world) => (),
                    Some((_, holders)) => holders.push(world),
                    None => found.push((what, vec![world])),
                }
            }
        }
        let conditions: Vec<&Conditions> = conditions.iter().collect();
        let told = found.into_iter().map(|(what, holders)| {
            let when = (holders.len() < conditions.len()).then(|| when(&conditions, &holders));
            Told { what, when: when.map(|it| it.trim_start_matches(", ").trim_start_matches("where ").to_owned()) }
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_some_worlds_have_is_told_with_the_conditions() {
        let world = |nat, list: &[&str]| {
            let list: Vec<String> = list.iter().map(|it| (*it).to_owned()).collect();
            (Conditions::from([("HasNat".to_owned(), nat)]), list)
        };
        let told = Each::of([world(true, &["a", "nat"]), world(false, &["a", "igw"])]).told();
        let told: Vec<_> = told.iter().map(|it| (it.what.as_str(), it.when.as_deref())).collect();
        assert_eq!(told, [("a", None), ("nat", Some("HasNat is true")), ("igw", Some("HasNat is false"))]);
        let one = Each::of([world(true, &["a", "a"])]).told();
        assert_eq!(one.len(), 2);
    }
}
