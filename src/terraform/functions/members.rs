//! Values among which others are looked for: what is known by its place in an order, the rest one by one.

use std::collections::BTreeMap;

use crate::{
    terraform::{
        cty::Term,
        equality::{SetKey, equal},
        number::Number,
    },
    value::Truth,
};

/// More than this are not looked at one by one: whether a value is among them is not known then.
const MOST_LOOKED_AT: usize = 5_000;

#[derive(Debug, Default)]
pub(super) struct Members {
    known: BTreeMap<SetKey, Vec<Term>>,
    /// Those of which something is not known.
    open: Vec<Term>,
}

impl Members {
    pub(super) fn of(items: &[Term]) -> Self {
        let mut members = Self::default();
        for item in items {
            members.add(item);
        }
        members
    }

    pub(super) fn add(&mut self, item: &Term) {
        if is_settled(item) {
            self.known.entry(SetKey::of(item)).or_default().push(item.clone());
        } else {
            self.open.push(item.clone());
        }
    }

    /// Whether `item` is among them.
    pub(super) fn have(&self, item: &Term) -> Truth {
        let among_open = || match self.open.len() {
            0..MOST_LOOKED_AT => Truth::any(self.open.iter().map(|it| equal(it, item))),
            _ => Truth::Unknown,
        };
        if !is_settled(item) {
            let among_known = match self.known.len() {
                0..MOST_LOOKED_AT => Truth::any(self.known.values().flatten().map(|it| equal(it, item))),
                _ => Truth::Unknown,
            };
            return among_known.or(among_open());
        }
        let same = self.known.get(&SetKey::of(item)).map_or(&[][..], Vec::as_slice);
        let is_known = same.iter().any(|it| equal(it, item) == Truth::True);
        if is_known { Truth::True } else { among_open() }
    }
}

/// Whether nothing that is not known decides what it is the same as. A number with a fraction may be written as one of
/// another precision.
fn is_settled(item: &Term) -> bool {
    item.is_wholly_known() && item.as_number().is_none_or(Number::is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terraform::cty::{Type, Why};

    #[test]
    fn what_is_known_is_found_and_what_is_not_may_be_there() {
        let unknown = Term::unknown(Type::Text, Why::Input("var.a".to_owned()));
        let pair = |second: &Term| Term::tuple(vec![Term::text("a"), second.clone()]);
        let known = [Term::text("a"), Term::number(1_i64), Term::null(Type::Text), pair(&Term::bool(true))];
        let members = Members::of(&known);
        for item in &known {
            assert_eq!(members.have(item), Truth::True, "{item:?}");
        }
        assert_eq!(members.have(&Term::text("b")), Truth::False);
        assert_eq!(members.have(&pair(&Term::bool(false))), Truth::False);
        assert_eq!(members.have(&unknown), Truth::Unknown);
        let open = Members::of(&[unknown.clone(), Term::text("b")]);
        assert_eq!((open.have(&Term::text("a")), open.have(&Term::text("b"))), (Truth::Unknown, Truth::True));
    }
}
