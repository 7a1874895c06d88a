//! Exact sets of whole numbers, as sorted ranges: addresses, ports and protocols are such numbers.

use std::sync::Arc;

/// A set of numbers: sorted, disjoint, never touching; first and last of each range. Copies share what they hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Ranges(Held);

/// One range, which most sets are, is held without asking for memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
enum Held {
    #[default]
    None,
    One((u128, u128)),
    /// Two at least: a set is held in one way only.
    Several(Arc<[(u128, u128)]>),
}

impl Ranges {
    pub fn of(ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut ranges = ranges.into_iter();
        let Some(first) = ranges.next() else { return Self::default() };
        let Some(second) = ranges.next() else { return Self::range(first) };
        let mut all: Vec<_> = [first, second].into_iter().chain(ranges).collect();
        if !is_normal(&all) {
            normalize(&mut all);
        }
        Self::normal(&all)
    }

    pub fn one(number: u128) -> Self {
        Self(Held::One((number, number)))
    }

    /// Empty where the first is not before the last.
    fn range((first, last): (u128, u128)) -> Self {
        Self(if first <= last { Held::One((first, last)) } else { Held::None })
    }

    /// What is sorted and disjoint already, and touches nowhere.
    fn normal(ranges: &[(u128, u128)]) -> Self {
        Self(match ranges {
            [] => Held::None,
            [one] => Held::One(*one),
            several => Held::Several(Arc::from(several)),
        })
    }

    fn as_slice(&self) -> &[(u128, u128)] {
        match &self.0 {
            Held::None => &[],
            Held::One(one) => std::slice::from_ref(one),
            Held::Several(several) => several,
        }
    }

    pub fn is_empty(&self) -> bool {
        matches!(self.0, Held::None)
    }

    pub fn iter(&self) -> impl Iterator<Item = (u128, u128)> + '_ {
        self.as_slice().iter().copied()
    }

    pub fn first(&self) -> Option<u128> {
        self.as_slice().first().map(|(first, _)| *first)
    }

    pub fn contains(&self, number: u128) -> bool {
        let ranges = self.as_slice();
        let next = ranges.partition_point(|(first, _)| *first <= number);
        next.checked_sub(1).is_some_and(|at| number <= ranges[at].1)
    }

    /// How many numbers are in it, at most one less than there are 128-bit numbers.
    pub fn size(&self) -> u128 {
        self.iter().fold(0, |sum: u128, (first, last)| sum.saturating_add(last - first).saturating_add(1))
    }

    /// Whether both hold the same memory: then they are equal, and nobody need look.
    fn is_copy_of(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Held::Several(one), Held::Several(other)) => Arc::ptr_eq(one, other),
            (Held::None | Held::One(_) | Held::Several(_), _) => false,
        }
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if other.is_empty() || self.is_copy_of(other) || other.is_subset(self) {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        Self::of(self.iter().chain(other.iter()))
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Held::None, _) | (_, Held::None) => return Self::default(),
            (Held::One(one), Held::One(other)) => return Self::range((one.0.max(other.0), one.1.min(other.1))),
            // Most often one of them is everything.
            (Held::One(one), Held::Several(several)) if covers(*one, several) => return other.clone(),
            (Held::Several(several), Held::One(one)) if covers(*one, several) => return self.clone(),
            (Held::Several(_), Held::Several(_)) if self.is_copy_of(other) => return self.clone(),
            (Held::One(_), Held::Several(_)) | (Held::Several(_), Held::One(_) | Held::Several(_)) => (),
        }
        let (one, other) = (self.as_slice(), other.as_slice());
        let mut both = Vec::with_capacity(one.len() + other.len());
        let (mut at, mut other_at) = (0, 0);
        while let (Some(a), Some(b)) = (one.get(at), other.get(other_at)) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                both.push((first, last));
            }
            if a.1 < b.1 { at += 1 } else { other_at += 1 }
        }
        Self::normal(&both)
    }

    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        if self.is_copy_of(other) {
            return Self::default();
        }
        if !self.meets(other) {
            return self.clone();
        }
        if let (Held::One(one), Held::One(cut)) = (&self.0, &other.0)
            && (cut.0 <= one.0 || one.1 <= cut.1)
        {
            return match (cut.0 <= one.0, one.1 <= cut.1) {
                (true, true) => Self::default(),
                // It meets the cut and reaches past it: the cut is not the largest number.
                (true, false) => Self::range((cut.1 + 1, one.1)),
                (false, _) => Self::range((one.0, cut.0 - 1)),
            };
        }
        Self::normal(&subtract(self.as_slice(), other.as_slice()))
    }

    pub fn is_subset(&self, of: &Self) -> bool {
        let of = of.as_slice();
        let mut at = 0;
        self.as_slice().iter().all(|(first, last)| {
            while of.get(at).is_some_and(|range| range.1 < *first) {
                at += 1;
            }
            of.get(at).is_some_and(|range| range.0 <= *first && *last <= range.1)
        })
    }

    pub fn meets(&self, other: &Self) -> bool {
        let (one, other) = (self.as_slice(), other.as_slice());
        let (mut at, mut other_at) = (0, 0);
        while let (Some(a), Some(b)) = (one.get(at), other.get(other_at)) {
            if a.0.max(b.0) <= a.1.min(b.1) {
                return true;
            }
            if a.1 < b.1 { at += 1 } else { other_at += 1 }
        }
        false
    }
}

/// Whether all of `ranges` lies within `one`.
fn covers(one: (u128, u128), ranges: &[(u128, u128)]) -> bool {
    ranges.first().is_some_and(|it| one.0 <= it.0) && ranges.last().is_some_and(|it| it.1 <= one.1)
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
    let mut rest = Vec::with_capacity(from.len() + what.len());
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
