//! What a map holds: values by name, in the order of the names.

use std::mem;

use compact_str::CompactString;

use super::Value;

/// Values by name, in the order of the names. Takes the room that they take, and no more: most maps hold a few attributes,
/// and there are as many maps as there are resources and blocks.
///
/// It is searched as fast as a tree. But one value more moves those behind it, so that what may hold any number is
/// collected, or extended, at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// Sorted, and each name once.
    entries: Vec<(CompactString, Value)>,
}

impl Map {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.find(name).ok()?;
        Some(&self.entries[at].1)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let at = self.find(name).ok()?;
        Some(&mut self.entries[at].1)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Takes in what has a name that is not there yet; of equal names the first counts.
    pub fn add_missing(&mut self, others: impl IntoIterator<Item = (CompactString, Value)>) {
        let mut missing: Vec<_> = others.into_iter().filter(|(name, _)| !self.contains(name)).collect();
        missing.reverse();
        if !missing.is_empty() {
            self.extend(missing);
        }
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Value)> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&str, &mut Value)> + ExactSizeIterator {
        self.entries.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Value> + ExactSizeIterator {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// Where `name` stands, or would.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(it, _)| it.as_str().cmp(name))
    }

    /// Sorts what was added at the end; of equal names the last counts.
    fn settle(&mut self) {
        if !self.entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            // Keeps the order of equals.
            self.entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            self.entries.dedup_by(|later, earlier| {
                let is_same = later.0 == earlier.0;
                if is_same {
                    mem::swap(later, earlier);
                }
                is_same
            });
        }
        self.entries.shrink_to_fit();
    }
}

/// Of equal names the last counts.
impl<N: Into<CompactString>> FromIterator<(N, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(entries: I) -> Self {
        let mut map = Self { entries: entries.into_iter().map(|(name, value)| (name.into(), value)).collect() };
        map.settle();
        map
    }
}

/// What is added counts more than what is there, and of equal names the last.
impl<N: Into<CompactString>> Extend<(N, Value)> for Map {
    fn extend<I: IntoIterator<Item = (N, Value)>>(&mut self, entries: I) {
        self.entries.extend(entries.into_iter().map(|(name, value)| (name.into(), value)));
        self.settle();
    }
}

impl IntoIterator for Map {
    type Item = (CompactString, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        source::SourceMap,
        value::{Kind, Number, Origin},
    };

    #[derive(Clone, Debug)]
    enum Operation {
        Collect(Vec<(String, i64)>),
        Extend(Vec<(String, i64)>),
        AddMissing(Vec<(String, i64)>),
        Set(String, i64),
        Negate,
    }

    fn entries() -> impl Strategy<Value = Vec<(String, i64)>> {
        vec(("[a-c]{0,2}", 0..100_i64), 0..12)
    }

    fn operation() -> impl Strategy<Value = Operation> {
        prop_oneof![
            entries().prop_map(Operation::Collect),
            entries().prop_map(Operation::Extend),
            entries().prop_map(Operation::AddMissing),
            ("[a-c]{0,2}", 0..100_i64).prop_map(|(name, it)| Operation::Set(name, it)),
            Just(Operation::Negate),
        ]
    }

    fn value(number: i64) -> Value {
        let span = SourceMap::default().add("main.tf", "").unwrap().span(0..0);
        Value::new(Kind::Number(Number::Whole(number)), Origin::at(span))
    }

    fn number(value: &Value) -> i64 {
        value.read().known.get().copied().unwrap()
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_tree_does(operations in vec(operation(), 0..8), asked in "[a-c]{0,2}") {
            let mut map = Map::default();
            let mut tree = BTreeMap::<String, i64>::new();
            let values = |entries: &[(String, i64)]| -> Vec<_> {
                entries.iter().map(|(name, it)| (CompactString::from(name), value(*it))).collect()
            };
            for operation in operations {
                match operation {
                    Operation::Collect(entries) => {
                        map = values(&entries).into_iter().collect();
                        tree = entries.into_iter().collect();
                    }
                    Operation::Extend(entries) => {
                        map.extend(values(&entries));
                        tree.extend(entries);
                    }
                    Operation::AddMissing(entries) => {
                        map.add_missing(values(&entries));
                        for (name, it) in entries {
                            tree.entry(name).or_insert(it);
                        }
                    }
                    Operation::Set(name, it) => {
                        if let (Some(value), Some(number)) = (map.get_mut(&name), tree.get_mut(&name)) {
                            *value = self::value(it);
                            *number = it;
                        }
                    }
                    Operation::Negate => {
                        map.values_mut().for_each(|value| *value = self::value(-number(value)));
                        for it in tree.values_mut() {
                            *it = -*it;
                        }
                    }
                }
                prop_assert_eq!(map.entries.capacity(), map.len());
            }
            prop_assert_eq!(map.get(&asked).map(number), tree.get(&asked).copied());
            prop_assert_eq!(map.contains(&asked), tree.contains_key(&asked));
            prop_assert_eq!((map.len(), map.is_empty()), (tree.len(), tree.is_empty()));
            let pairs: Vec<_> = tree.iter().map(|(name, it)| (name.as_str(), *it)).collect();
            prop_assert_eq!(map.iter().map(|(name, it)| (name, number(it))).collect::<Vec<_>>(), pairs.clone());
            prop_assert_eq!(map.values().map(number).collect::<Vec<_>>(), tree.values().copied().collect::<Vec<_>>());
            let owned: Vec<_> = map.clone().into_iter().map(|(name, it)| (name.to_string(), number(&it))).collect();
            prop_assert_eq!(owned.iter().map(|(name, it)| (name.as_str(), *it)).collect::<Vec<_>>(), pairs);
            prop_assert_eq!(map.iter_mut().map(|(_, it)| number(it)).collect::<Vec<_>>(), owned.iter().map(|it| it.1).collect::<Vec<_>>());
        }
    }
}
