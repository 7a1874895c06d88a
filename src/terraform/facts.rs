//! What is known of resources from elsewhere: the plan that was made of this code knows what its data sources gave, and
//! what is there already.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    cty::{Data, ResourceObject, Term, Type, Why},
    number::Number,
};
use crate::value::{self, Address, Kind, Reference, Value};

/// The attributes of resources, by address. What is unknown in them says nothing.
pub type Facts = FxHashMap<Address, Value>;

/// `term`, a resource as the code has it, with what is known of it besides.
pub(super) fn complete(term: Term, facts: &Facts) -> Term {
    let Data::Resource(object) = &term.data else { return term };
    let Some(Kind::Map(known)) = facts.get(&object.reference.to).map(|it| &it.kind) else { return term };
    let mut completed = object.known.clone();
    for (name, value) in known.iter() {
        let says_more = completed.get(name).is_none_or(|it| !it.is_wholly_known());
        if says_more && let Some(told) = of_value(value, &Reference::new(object.reference.to.clone(), name)) {
            completed.insert(name.to_owned(), told);
        }
    }
    let reference = object.reference.clone();
    Term { data: Data::Resource(Arc::new(ResourceObject { reference, known: completed })), ..term }
}

/// A value as a term; an unknown part of it is that part of the resource. Unknown as a whole, it says nothing.
fn of_value(value: &Value, reference: &Reference) -> Option<Term> {
    let part = |step: &str| Reference::new(reference.to.clone(), format!("{}{step}", reference.attribute));
    let inside = |value: &Value, step: &str| {
        let part = part(step);
        of_value(value, &part).unwrap_or_else(|| Term::unknown(Type::Dynamic, Why::Attribute(part)))
    };
    Some(match &value.kind {
        Kind::Null => Term::null(Type::Dynamic),
        Kind::Bool(it) => Term::bool(*it),
        Kind::Number(value::Number::Whole(it)) => Term::number(*it),
        Kind::Number(it @ value::Number::Fraction(_)) => Term::number(Number::parse(&it.to_string()).ok()?),
        Kind::Text(it) => Term::text(it),
        Kind::List(items) => {
            let items = items.iter().enumerate().map(|(at, item)| inside(item, &format!("[{at}]")));
            Term::tuple(items.collect())
        }
        Kind::Map(map) => {
            let entries = map.iter().map(|(key, item)| (key.to_owned(), inside(item, &format!(".{key}"))));
            Term::object(entries.collect::<BTreeMap<_, _>>())
        }
        Kind::Unknown(_) => return None,
    })
}
