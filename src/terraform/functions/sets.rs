//! Functions over sets.

use super::{
    Answer, Call, Fault, check_size,
    members::Members,
    signature::{Function, Item, Kind, Parameter, open},
};
use crate::{
    terraform::{
        convert::convert,
        cty::{Data, Term, Type},
        types::unify,
    },
    value::Truth,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("setintersection", &[FIRST], Kind::SetOf(Item::Any), intersection).with_more(&OTHERS),
    Function::new("setproduct", &[], Kind::Any, product).with_more(&open("sets")),
    Function::new("setsubtract", &[set("a"), set("b")], Kind::SetOf(Item::Any), difference),
    Function::new("setunion", &[FIRST], Kind::SetOf(Item::Any), union).with_more(&OTHERS),
];

const FIRST: Parameter = set("first_set");
const OTHERS: Parameter = set("other_sets");

const fn set(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::SetOf(Item::Any))
}

/// All arguments with one type of items, and that type.
fn same_type(call: &Call<'_>) -> Result<(Vec<Vec<Term>>, Type), Fault> {
    let item = |term: &Term| term.type_of().item().cloned().unwrap_or(Type::Dynamic);
    // An empty set of any type goes with every other.
    let is_open = |term: &&Term| item(term) != Type::Dynamic || term.as_items().is_some_and(|it| !it.is_empty());
    let types: Vec<Type> = call.arguments.iter().filter(is_open).map(item).collect();
    let common = if types.is_empty() { Some(Type::Dynamic) } else { unify(&types) };
    let common = common.ok_or("given sets must all have compatible element types")?;
    let mut all = Vec::new();
    for argument in &call.arguments {
        let set = convert(argument, &Type::set(common.clone()))?;
        all.push(set.as_items().unwrap_or_default().to_vec());
    }
    Ok((all, common))
}

fn union(call: &Call<'_>) -> Answer {
    let (all, common) = same_type(call)?;
    Ok(Term::set(common, all.concat()))
}

fn intersection(call: &Call<'_>) -> Answer {
    let (all, common) = same_type(call)?;
    let mut all = all.into_iter();
    let mut kept = all.next().unwrap_or_default();
    for other in all {
        let other = Members::of(&other);
        let mut found = Vec::new();
        for item in kept {
            match other.have(&item) {
                Truth::True => found.push(item),
                Truth::Unknown => return Ok(call.unknown(Type::set(common))),
                Truth::False => (),
            }
        }
        kept = found;
    }
    Ok(Term::set(common, kept))
}

fn difference(call: &Call<'_>) -> Answer {
    let (all, common) = same_type(call)?;
    let [kept, gone] = all.as_slice() else { return Err("two sets are required".into()) };
    let gone = Members::of(gone);
    let mut left = Vec::new();
    for item in kept {
        match gone.have(item) {
            Truth::True => (),
            Truth::Unknown => return Ok(call.unknown(Type::set(common))),
            Truth::False => left.push(item.clone()),
        }
    }
    Ok(Term::set(common, left))
}

/// Every combination: of lists a list, in the order of a counter whose last digit runs fastest.
fn product(call: &Call<'_>) -> Answer {
    if call.arguments.len() < 2 {
        return Err("at least two arguments are required".into());
    }
    let mut types = Vec::new();
    let mut is_ordered = true;
    for (at, argument) in call.arguments.iter().enumerate() {
        is_ordered &= !matches!(argument.type_of(), Type::Set(_));
        types.push(match argument.type_of() {
            Type::Set(of) | Type::List(of) => *of,
            Type::Tuple(items) if items.is_empty() => Type::Dynamic,
            Type::Tuple(items) => {
                unify(&items).ok_or_else(|| Fault::Argument(at, "all elements must be of the same type".to_owned()))?
            }
            Type::Dynamic if !matches!(argument.data, Data::Null(_)) => return Ok(call.unknown(Type::Dynamic)),
            Type::Dynamic | Type::Bool | Type::Number | Type::Text | Type::Map(_) | Type::Object(_) => {
                return Err(Fault::Argument(at, "a set or a list is required".to_owned()));
            }
        });
    }
    let row = Type::Tuple(types.clone());
    let whole = if is_ordered { Type::list(row.clone()) } else { Type::set(row.clone()) };
    let mut rows: Vec<Vec<Term>> = vec![Vec::new()];
    for (argument, of) in call.arguments.iter().zip(&types) {
        let is_settled = argument.length_range().is_some_and(|(shortest, longest)| shortest == longest);
        let Some(items) = argument.as_items().filter(|_| is_settled) else { return Ok(call.unknown(whole)) };
        check_size(rows.len().saturating_mul(items.len()).saturating_mul(types.len()))?;
        let items: Result<Vec<Term>, String> = items.iter().map(|it| convert(it, of)).collect();
        let items = items?;
        rows = rows
            .iter()
            .flat_map(|row| items.iter().map(|it| [row.as_slice(), std::slice::from_ref(it)].concat()))
            .collect();
    }
    let rows: Vec<Term> = rows.into_iter().map(Term::tuple).collect();
    Ok(if is_ordered { Term::list(row, rows) } else { Term::set(row, rows) })
}
