//! What is found, as what is known of a value or a collection.

use super::{Inferred, MOST_CANDIDATES, flow::Flow, walk::noun_of_itself};
use crate::{
    schema,
    value::{Members, Reference, Unknown},
};

impl Inferred<'_, '_, '_> {
    fn reference(&self, head: usize, attribute: &str) -> Reference {
        Reference::new(self.index.heads[head].address.clone(), attribute)
    }

    /// What a single value can be: only something whose name is not known yet.
    fn candidates(&self, flow: &Flow) -> Vec<Reference> {
        let mut found: Vec<Reference> = Vec::new();
        for group in &flow.groups {
            for &head in group.heads.iter().filter(|&&head| self.index.heads[head].gets_its_name()) {
                let reference = self.reference(head, &group.attribute);
                if !found
                    .iter()
                    .any(|it| it.to == reference.to && same_thing(&self.index.heads[head].kind, it, &reference))
                {
                    found.push(reference);
                }
                if MOST_CANDIDATES < found.len() {
                    return found;
                }
            }
        }
        found
    }

    pub(super) fn single(&self, flow: Flow, none: impl FnOnce() -> Unknown) -> Unknown {
        let mut candidates = self.candidates(&flow);
        let others = flow.others.filter(|it| !it.is_known);
        match (candidates.len(), others) {
            (_, Some(others)) => Unknown::Opaque(others.why),
            (0, None) => none(),
            (1, None) => Unknown::after_apply(candidates.remove(0)),
            (many, None) if MOST_CANDIDATES < many => {
                Unknown::Opaque(format!("one of more than {MOST_CANDIDATES} resources"))
            }
            (_, None) => {
                candidates.sort();
                Unknown::OneOf(candidates)
            }
        }
    }

    /// One item of a list of which the plan knows the length.
    pub(super) fn item(&self, flow: Flow, at: usize, of: usize, none: impl FnOnce() -> Unknown) -> Unknown {
        let candidates = self.candidates(&flow);
        if flow.others.is_none() && candidates.len() == of {
            return Unknown::after_apply(candidates[at].clone());
        }
        self.single(flow, none)
    }

    pub(super) fn collection(&self, flow: Flow, none: impl FnOnce() -> Unknown) -> Unknown {
        let mut members = Members::default();
        let mut unnamed = Vec::new();
        let others_are_known = flow.others.as_ref().is_none_or(|it| it.is_known);
        for group in &flow.groups {
            for &head in &group.heads {
                let reference = self.reference(head, &group.attribute);
                let list = if flow.plain { &mut members.certain } else { &mut members.possible };
                if self.index.heads[head].gets_its_name() && !unnamed.contains(&reference) {
                    unnamed.push(reference.clone());
                }
                if !list.contains(&reference) {
                    list.push(reference);
                }
                if MOST_CANDIDATES < list.len() {
                    return Unknown::Opaque(format!("some of more than {MOST_CANDIDATES} resources"));
                }
            }
        }
        members.others = flow.others.map(|it| it.why);
        // Something in it is not known yet; where only one thing can be that, it is in it.
        if let (1, Some(only), true) = (unnamed.len(), unnamed.first(), others_are_known)
            && let Some(at) = members.possible.iter().position(|it| it == only)
        {
            members.certain.push(members.possible.remove(at));
        }
        if members.certain.is_empty() && members.possible.is_empty() {
            return members.others.map_or_else(none, Unknown::Opaque);
        }
        members.certain.sort();
        members.possible.sort();
        Unknown::members(members)
    }
}

/// Whether two attributes of one resource name the same thing: its id and its ARN do.
fn same_thing(kind: &str, a: &Reference, b: &Reference) -> bool {
    let noun =
        |it: &Reference| schema::identities(kind).iter().find(|(name, _)| *name == it.attribute).map(|(_, noun)| *noun);
    a.attribute == b.attribute || (noun(a).is_some() && noun(a) == noun(b) && noun(a) == noun_of_itself(kind))
}
