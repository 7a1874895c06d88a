//! Where a value may come from, as far as references tell.

use super::{Inferred, Key, Step};

/// Where a value may come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    pub(super) groups: Vec<Group>,
    /// It may also come from something that has no name here.
    pub(super) others: Option<Others>,
    /// The expression is a plain list of named instances: each of them is in it.
    pub(super) plain: bool,
    /// It comes through locals of these modules, of which a plan does not tell what they are.
    pub(super) locals: Vec<Local>,
}

/// All that is in scope of a module, narrowed to what pairs with these keys (and how many peers each key has).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Local {
    pub(super) module: usize,
    pub(super) pairs: Vec<(Key, usize)>,
}

/// Instances of one resource, one of which (or, of a collection, some of which) it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) heads: Vec<usize>,
    pub(super) attribute: String,
    /// The expression names this very instance and attribute.
    pub(super) named: bool,
    /// It is of a type that the attribute asked about holds. What is named and does not fit counts where nothing fits:
    /// the API takes a NAT gateway's id as `gateway_id`.
    pub(super) fits: bool,
}

/// Something without a name here that a value may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Others {
    /// What stands in the way of naming it.
    pub(super) why: String,
    /// What it gives is known: it may stand beside what is unknown, and is never that.
    pub(super) is_known: bool,
}

impl Flow {
    pub(super) fn of(group: Group) -> Self {
        Self { groups: vec![group], ..Self::default() }
    }

    /// It comes from something that has no name here.
    pub(super) fn nameless(why: String) -> Self {
        Self { others: Some(Others { why, is_known: false }), ..Self::default() }
    }

    /// Whether this is one instance, named by the expression itself.
    pub(super) fn is_one_named(&self) -> bool {
        matches!(self.groups.as_slice(), [group] if group.named && group.heads.len() == 1)
            && self.others.is_none()
            && self.locals.is_empty()
    }

    pub(super) fn add(&mut self, other: Self) {
        for group in other.groups {
            if !self.groups.contains(&group) {
                self.groups.push(group);
            }
        }
        for local in other.locals {
            if !self.locals.contains(&local) {
                self.locals.push(local);
            }
        }
        // What is not known at all outweighs what is known beside it.
        let weaker = self.others.as_ref().is_none_or(|it| it.is_known);
        if weaker && other.others.is_some() {
            self.others = other.others;
        }
    }

    /// The part under a constant name: of one resource's instances, the one with that name. An index into a list says
    /// nothing: the list may be a slice, or reversed.
    pub(super) fn at(mut self, step: Option<&Step>, inferred: &Inferred<'_, '_, '_>) -> Self {
        if let (Some(Step::Key(key @ Key::Name(_))), [group], true) =
            (step, self.groups.as_mut_slice(), self.locals.is_empty())
        {
            let equal = group.heads.iter().find(|&&head| inferred.index.heads[head].key.as_ref() == Some(key));
            if let Some(&equal) = equal {
                group.heads = vec![equal];
            }
        }
        self
    }
}
