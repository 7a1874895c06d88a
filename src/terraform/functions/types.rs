//! Functions that change what a value counts as: its type, its sensitivity.

use super::{
    Answer, Call,
    signature::{Function, Item, Kind, Marks, Parameter, any},
};
use crate::terraform::{
    convert::convert,
    cty::{Data, Term, Type},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("tobool", &[VALUE], Kind::Bool, |call| to(call, &Type::Bool)),
    Function::new("tonumber", &[VALUE], Kind::Number, |call| to(call, &Type::Number)),
    Function::new("tostring", &[VALUE], Kind::Text, |call| to(call, &Type::Text)),
    Function::new("tolist", &[VALUE], Kind::ListOf(Item::Any), |call| to(call, &Type::list(Type::Dynamic))),
    Function::new("toset", &[VALUE], Kind::SetOf(Item::Any), |call| to(call, &Type::set(Type::Dynamic))),
    Function::new("tomap", &[VALUE], Kind::Any, |call| to(call, &Type::map(Type::Dynamic))),
    Function::new("sensitive", &[SEEN], Kind::Any, |call| Ok(call.term(0).clone().with_sensitivity(true))),
    Function::new("nonsensitive", &[SEEN], Kind::Any, |call| Ok(Term::new(call.term(0).data.clone()))),
    Function::new("issensitive", &[SEEN], Kind::Bool, |call| Ok(Term::bool(call.term(0).is_sensitive))),
    Function::new("ephemeralasnull", &[SEEN], Kind::Any, |call| Ok(call.term(0).clone())),
    Function::new("type", &[SEEN], Kind::Any, |_| Err("the function is available in terraform console alone".into())),
];

const VALUE: Parameter = any("v").or_null().or_unknown().marked(Marks::Seen);
const SEEN: Parameter = any("value").or_null().or_unknown().marked(Marks::Seen);

fn to(call: &Call<'_>, wanted: &Type) -> Answer {
    let value = call.term(0);
    let result = convert(value, wanted).map_err(|error| refusal(value, wanted, &error));
    result.map_err(|error| super::Fault::Argument(0, error))
}

/// As Terraform's own functions say it, where they know better than the conversion.
fn refusal(value: &Term, wanted: &Type, error: &str) -> String {
    let (from, to) = (value.type_of().friendly_name(), wanted.friendly_name_for_constraint());
    let is_secret = value.is_sensitive_deep();
    match (&value.data, wanted) {
        (Data::Text(text), Type::Bool) if !is_secret => {
            format!("cannot convert \"{text}\" to bool; only the strings \"true\" or \"false\" are allowed")
        }
        (Data::Text(text), Type::Number) if !is_secret => {
            format!("cannot convert \"{text}\" to number; given string must be a decimal representation of a number")
        }
        (Data::Text(_), Type::Bool) => {
            "cannot convert this sensitive string to bool; only the strings \"true\" or \"false\" are allowed"
                .to_owned()
        }
        (Data::Text(_), Type::Number) => "cannot convert this sensitive string to number; given string must be a \
                                          decimal representation of a number"
            .to_owned(),
        (_, Type::Bool | Type::Number | Type::Text) => format!("cannot convert {from} to {to}"),
        _ => format!("cannot convert {from} to {to}: {error}"),
    }
}
