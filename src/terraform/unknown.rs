//! Making values that are not known, so that as little as possible is lost: whose they are, of what type, how long.

use super::cty::{Term, Type, Why};

/// Not known, and nothing can be said of it but why.
pub(super) fn opaque(why: &str) -> Term {
    Term::unknown(Type::Dynamic, Why::Other(why.to_owned()))
}

/// Why, in words.
pub(super) fn told(why: &Why) -> String {
    let list = |all: Vec<String>| all.join(", ");
    match why {
        Why::Attribute(reference) => reference.to_string(),
        Why::OneOf(all) => format!("one of {}", list(all.iter().map(told_shallow).collect())),
        Why::From(references) => format!("made of {}", list(references.iter().map(ToString::to_string).collect())),
        Why::Input(name) => format!("{name} has no value"),
        Why::Other(why) => why.clone(),
    }
}

/// As [`told`], of one of several.
fn told_shallow(why: &Why) -> String {
    match why {
        Why::OneOf(_) => "several".to_owned(),
        Why::Attribute(_) | Why::From(_) | Why::Input(_) | Why::Other(_) => told(why),
    }
}

/// The address of the resource or module that `of` is all instances of, where these are not known: see
/// [`super::expand`].
pub(super) fn collective_address(of: &Term) -> Option<&str> {
    let Why::Attribute(reference) = &of.as_unknown()?.why else { return None };
    let address = reference.to.as_str();
    (reference.attribute.is_empty() && address.ends_with("[*]")).then_some(address)
}

/// One of the instances that `of` is, and not known which.
pub(super) fn one_of_many(of: &Term) -> Term {
    let why = of.as_unknown().map_or_else(|| Why::Other("not known".to_owned()), |it| Why::OneOf(vec![it.why.clone()]));
    Term::unknown(Type::Dynamic, why)
}
