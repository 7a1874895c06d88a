//! Attributes and items of values. Those of what is not known keep the reference that leads to them.

use super::cty::{ResourceObject, Term, Type, Why};
use crate::value::Reference;

impl ResourceObject {
    /// An attribute: what the code sets, or unknown and known to be that attribute.
    pub fn attribute(&self, name: &str) -> Term {
        match self.known.get(name) {
            Some(known) => known.clone(),
            None => Term::unknown(Type::Dynamic, Why::Attribute(within(&self.reference, name))),
        }
    }
}

/// The attribute `name` of what `reference` names.
fn within(reference: &Reference, name: &str) -> Reference {
    let path = match reference.attribute.as_str() {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    Reference::new(reference.to.clone(), path)
}
