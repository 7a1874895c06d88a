//! Exact sets of whole numbers, as sorted ranges: addresses, ports and protocols are such numbers.

use std::sync::Arc;

/// A set of numbers: sorted, disjoint, never touching; first and last of each range. Copies share what they hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Ranges(Arc<[(u128, u128)]>);

impl Ranges {
    pub fn of(ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut all: Vec<_> = ranges.into_iter().collect();
        if !is_normal(&all) {
            normalize(&mut all);
        }
        Self(Arc::from(all))
    }

    pub fn one(number: u128) -> Self {
        Self(Arc::from([(number, number)]))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (u128, u128)> + '_ {
        self.0.iter().copied()
    }

    pub fn first(&self) -> Option<u128> {
        self.0.first().map(|(first, _)| *first)
    }

    pub fn contains(&self, number: u128) -> bool {
        let next = self.0.partition_point(|(first, _)| *first <= number);
        next.checked_sub(1).is_some_and(|at| number <= self.0[at].1)
    }

    /// How many numbers are in it, at most one less than there are 128-bit numbers.
    pub fn size(&self) -> u128 {
        self.iter().fold(0, |sum: u128, (first, last)| sum.saturating_add(last - first).saturating_add(1))
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self == other || other.is_empty() {
            return self.clone();
        }
        Self::of(self.iter().chain(other.iter()))
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        let (one, other) = (&self.0, &other.0);
        let mut both = Vec::new();
        let (mut at, mut other_at) = (0, 0);
        while let (Some(a), Some(b)) = (one.get(at), other.get(other_at)) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                both.push((first, last));
            }
            if a.1 < b.1 { at += 1 } else { other_at += 1 }
        }
        Self(Arc::from(both))
    }

    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        Self(Arc::from(subtract(&self.0, &other.0)))
    }

    pub fn is_subset(&self, of: &Self) -> bool {
        let mut at = 0;
        self.0.iter().all(|(first, last)| {
            while of.0.get(at).is_some_and(|range| range.1 < *first) {
                at += 1;
            }
            of.0.get(at).is_some_and(|range| range.0 <= *first && *last <= range.1)
        })
    }

    pub fn meets(&self, other: &Self) -> bool {
        let (mut at, mut other_at) = (0, 0);
        while let (Some(a), Some(b)) = (self.0.get(at), other.0.get(other_at)) {
            if a.0.max(b.0) <= a.1.min(b.1) {
                return true;
            }
            if a.1 < b.1 { at += 1 } else { other_at += 1 }
        }
        false
    }
}

fn is_normal(ranges: &[(u128, u128)]) -> bool {
    ranges.windows(2).all(|pair| pair[0].1.checked_add(1).is_some_and(|next| next < pair[1].0))
        && ranges.iter().all(|(first, last)| first <= last)
}

fn normalize(ranges: &mut Vec<(u128, u128)>) {
    ranges.retain(|(first, last)| first <= last);
    ranges.sort_unstable();
    let mut joined: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
    for &(first, last) in ranges.iter() {
        match joined.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            Some(_) | None => joined.push((first, last)),
        }
    }
    *ranges = joined;
}

fn subtract(from: &[(u128, u128)], what: &[(u128, u128)]) -> Vec<(u128, u128)> {
    let mut rest = Vec::new();
    let mut at = 0;
    for &(mut first, last) in from {
        while at < what.len() && what[at].1 < first {
            at += 1;
        }
        let mut cut = at;
        let mut is_used_up = false;
        while cut < what.len() && what[cut].0 <= last {
            if first < what[cut].0 {
                rest.push((first, what[cut].0 - 1));
            }
            if last <= what[cut].1 {
                is_used_up = true;
                break;
            }
            first = first.max(what[cut].1 + 1);
            cut += 1;
        }
        if !is_used_up {
            rest.push((first, last));
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranges() -> impl Strategy<Value = Ranges> {
        prop::collection::vec((0_u128..64, 0_u128..16), 0..6)
            .prop_map(|all| Ranges::of(all.into_iter().map(|(first, length)| (first, first + length))))
    }

    proptest! {
        #[test]
        fn sets_are_sets(a in ranges(), b in ranges()) {
            let (both, either, rest) = (a.intersection(&b), a.union(&b), a.difference(&b));
            for number in 0..96 {
                prop_assert_eq!(either.contains(number), a.contains(number) || b.contains(number));
                prop_assert_eq!(both.contains(number), a.contains(number) && b.contains(number));
                prop_assert_eq!(rest.contains(number), a.contains(number) && !b.contains(number));
            }
            prop_assert_eq!(a.meets(&b), !both.is_empty());
            prop_assert_eq!(a.is_subset(&b), rest.is_empty());
            prop_assert_eq!(either.size(), both.size() + rest.size() + b.difference(&a).size());
            for set in [both, either, rest] {
                prop_assert_eq!(Ranges::of(set.iter()), set.clone());
            }
        }
    }

    #[test]
    fn the_largest_number_is_a_number() {
        let all = Ranges::of([(0, u128::MAX)]);
        assert_eq!(all.difference(&Ranges::one(u128::MAX)), Ranges::of([(0, u128::MAX - 1)]));
        assert!(all.difference(&all).is_empty());
        assert_eq!(all.size(), u128::MAX);
    }
}
