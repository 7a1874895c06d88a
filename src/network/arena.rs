//! Typed indices: an `Id<Subnet>` does not index VPCs.

use std::{cmp, fmt, hash, iter::Enumerate, marker::PhantomData, ops, slice};

/// The place of one `T` in its [`Arena`].
pub struct Id<T>(u32, PhantomData<fn() -> T>);

/// All the `T` of one network, in the order of the input.
#[derive(Clone, Debug)]
pub struct Arena<T>(Vec<T>);

impl<T> Arena<T> {
    pub fn add(&mut self, item: T) -> Id<T> {
        let id = Id(u32::try_from(self.0.len()).expect("fewer than 2^32 resources fit in memory"), PhantomData);
        self.0.push(item);
        id
    }

    pub fn iter(&self) -> Items<'_, T> {
        Items(self.0.iter().enumerate())
    }

    pub fn ids(&self) -> impl Iterator<Item = Id<T>> + use<T> {
        (0..self.0.len()).map(id)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The items of an [`Arena`], each with its id.
#[derive(Debug)]
pub struct Items<'a, T>(Enumerate<slice::Iter<'a, T>>);

impl<'a, T> Iterator for Items<'a, T> {
    type Item = (Id<T>, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(at, item)| (id(at), item))
    }
}

impl<'a, T> IntoIterator for &'a Arena<T> {
    type Item = (Id<T>, &'a T);
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn id<T>(at: usize) -> Id<T> {
    Id(u32::try_from(at).expect("Arena::add refuses more"), PhantomData)
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ops::Index<Id<T>> for Arena<T> {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &self.0[id.0 as usize]
    }
}

impl<T> ops::IndexMut<Id<T>> for Arena<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.0[id.0 as usize]
    }
}

impl<T> Id<T> {
    /// The place in the arena, for tables beside it.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
