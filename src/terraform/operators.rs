//! Operators, conditionals and templates over values.

use std::{collections::BTreeMap, sync::Arc};

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    convert::convert,
    cty::{DEEPEST, Data, Refinement, Term, Type, Why},
    equality::equal,
    number::{Number, NumberError},
    types::unify,
};
use crate::{
    syntax::{Binary, Unary},
    value::Truth,
};

/// The longest string that is put together.
pub(super) const LONGEST_TEXT: usize = 16 << 20;
/// The longest prefix that is kept of a string with unknown parts.
const LONGEST_PREFIX: usize = 128;

/// `left operator right`.
pub fn binary(operator: Binary, left: &Term, right: &Term) -> Result<Term, String> {
    match operator {
        Binary::Equal => Ok(comparison(equal(left, right), left, right)),
        Binary::NotEqual => Ok(comparison(!equal(left, right), left, right)),
        Binary::Or | Binary::And => logic(operator, left, right),
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => order(operator, left, right),
        Binary::Plus | Binary::Minus | Binary::Times | Binary::Divide | Binary::Remainder => {
            arithmetic(operator, left, right)
        }
    }
}

/// `operator of`.
pub fn unary(operator: Unary, of: &Term) -> Result<Term, String> {
    let wanted = match operator {
        Unary::Minus => Type::Number,
        Unary::Not => Type::Bool,
    };
    let value = operand(of, &wanted, "unary")?;
    let result = match (value.as_number(), value.as_bool()) {
        (Some(number), _) => Term::number(number.negate()),
        (_, Some(it)) => Term::bool(!it),
        (None, None) => Term::unknown_not_null(wanted, Term::why_made_of([of])),
    };
    Ok(result.with_sensitivity(of.is_sensitive))
}

/// A truth as a value; of what it depends on, where it is not known.
fn comparison(truth: Truth, left: &Term, right: &Term) -> Term {
    let result = match truth {
        Truth::True => Term::bool(true),
        Truth::False => Term::bool(false),
        Truth::Unknown => Term::unknown_not_null(Type::Bool, Term::why_made_of([left, right])),
    };
    result.with_sensitivity(is_comparison_sensitive(left, right))
}

/// Whether something is null is told by the value itself, whatever is in it.
fn is_comparison_sensitive(left: &Term, right: &Term) -> bool {
    if left.is_null() != right.is_null() {
        return left.is_sensitive || right.is_sensitive;
    }
    left.is_sensitive_deep() || right.is_sensitive_deep()
}

/// The operand as the operator wants it.
fn operand(term: &Term, wanted: &Type, side: &str) -> Result<Term, String> {
    let value = convert(term, wanted).map_err(|error| format!("Unsuitable value for {side} operand: {error}."))?;
    if value.is_null() {
        return Err("Error during operation: argument must not be null.".to_owned());
    }
    Ok(value)
}

fn logic(operator: Binary, left: &Term, right: &Term) -> Result<Term, String> {
    let (first, second) = (operand(left, &Type::Bool, "left")?, operand(right, &Type::Bool, "right")?);
    let result = match (&first.data, &second.data) {
        (Data::Bool(first), Data::Bool(second)) if operator == Binary::Or => Term::bool(*first || *second),
        (Data::Bool(first), Data::Bool(second)) => Term::bool(*first && *second),
        // Terraform waits for both sides, whatever one of them says.
        _ => Term::unknown_not_null(Type::Bool, Term::why_made_of([left, right])),
    };
    Ok(result.with_sensitivity(left.is_sensitive || right.is_sensitive))
}

fn order(operator: Binary, left: &Term, right: &Term) -> Result<Term, String> {
    let (first, second) = (operand(left, &Type::Number, "left")?, operand(right, &Type::Number, "right")?);
    let result = match (&first.data, &second.data) {
        (Data::Number(first), Data::Number(second)) => Term::bool(match operator {
            Binary::Less => first < second,
            Binary::LessOrEqual => first <= second,
            Binary::Greater => first > second,
            Binary::Or
            | Binary::And
            | Binary::Equal
            | Binary::NotEqual
            | Binary::GreaterOrEqual
            | Binary::Plus
            | Binary::Minus
            | Binary::Times
            | Binary::Divide
            | Binary::Remainder => first >= second,
        }),
        _ => Term::unknown_not_null(Type::Bool, Term::why_made_of([left, right])),
    };
    Ok(result.with_sensitivity(left.is_sensitive || right.is_sensitive))
}

fn arithmetic(operator: Binary, left: &Term, right: &Term) -> Result<Term, String> {
    let (first, second) = (operand(left, &Type::Number, "left")?, operand(right, &Type::Number, "right")?);
    let result = match (&first.data, &second.data) {
        (Data::Number(first), Data::Number(second)) => {
            let result = computed(operator, first, second);
            Term::number(result.map_err(|error| format!("Error during operation: {error}."))?)
        }
        _ => Term::unknown_not_null(Type::Number, Term::why_made_of([left, right])),
    };
    Ok(result.with_sensitivity(left.is_sensitive || right.is_sensitive))
}

fn computed(operator: Binary, left: &Number, right: &Number) -> Result<Number, NumberError> {
    match operator {
        Binary::Minus => left.subtract(right),
        Binary::Times => left.multiply(right),
        Binary::Divide => left.divide(right),
        Binary::Remainder => left.remainder(right),
        Binary::Or
        | Binary::And
        | Binary::Equal
        | Binary::NotEqual
        | Binary::Less
        | Binary::LessOrEqual
        | Binary::Greater
        | Binary::GreaterOrEqual
        | Binary::Plus => left.add(right),
    }
}

/// `condition ? yes : no`. A side that failed is given as unknown of any type; its error counts only where the condition
/// is true or false in its favour.
pub fn conditional(condition: &Term, yes: &Term, no: &Term) -> Result<Term, String> {
    let common = common_type(yes, no)?;
    if condition.is_null() {
        return Err("The condition value is null. Conditions must either be true or false.".to_owned());
    }
    // Which side was not taken tells of it too.
    let is_sensitive = condition.is_sensitive_deep() || yes.is_sensitive || no.is_sensitive;
    let chosen = match convert(condition, &Type::Bool).map(|it| it.data) {
        Ok(Data::Bool(true)) => converted(yes, &common, "true")?,
        Ok(Data::Bool(false)) => converted(no, &common, "false")?,
        Ok(_) => {
            // Where the outcome does not fit, the side that does is still one of two.
            let yes = convert(yes, &common).unwrap_or_else(|_| yes.clone());
            let no = convert(no, &common).unwrap_or_else(|_| no.clone());
            one_of(&yes, &no, condition)
        }
        Err(_) => return Err("The condition expression must be of type bool.".to_owned()),
    };
    Ok(chosen.with_sensitivity(is_sensitive))
}

fn converted(side: &Term, common: &Type, which: &str) -> Result<Term, String> {
    // Terraform takes an empty list of any type for the common one, and then finds no type for the items.
    let is_structure = matches!(side.data, Data::Tuple(_) | Data::Object(_));
    if is_structure && matches!(common, Type::List(of) | Type::Map(of) if **of == Type::Dynamic) {
        let types: Vec<Type> = side.children().into_iter().map(Term::type_of).collect();
        if !types.iter().any(Type::has_dynamic) && types.windows(2).any(|pair| pair[0] != pair[1]) {
            let kind = if matches!(common, Type::List(_)) {
                "element types must all match for conversion to list"
            } else {
                "attribute types must all match for conversion to map"
            };
            return Err(format!("The {which} result value has the wrong type: {kind}."));
        }
    }
    convert(side, common).map_err(|error| format!("The {which} result value has the wrong type: {error}."))
}

fn common_type(yes: &Term, no: &Term) -> Result<Type, String> {
    let (yes_type, no_type) = (yes.type_of(), no.type_of());
    if matches!(yes.data, Data::Null(Type::Dynamic)) {
        return Ok(no_type);
    }
    if matches!(no.data, Data::Null(Type::Dynamic)) {
        return Ok(yes_type);
    }
    if yes_type == Type::Dynamic || no_type == Type::Dynamic {
        return Ok(Type::Dynamic);
    }
    unify(&[yes_type.clone(), no_type.clone()]).ok_or_else(|| {
        let mismatch = differing(&yes_type, &no_type, 0);
        format!("The true and false result expressions must have consistent types. {mismatch}.")
    })
}

/// How the types of the two sides differ, in HCL's words.
fn differing(yes: &Type, no: &Type, depth: usize) -> String {
    match (yes, no) {
        (Type::Object(yes), Type::Object(no)) if depth < DEEPEST => {
            for (name, field) in yes {
                let Some(other) = no.get(name) else {
                    return format!(
                        "The 'true' value includes object attribute \"{name}\", which is absent in the 'false' value"
                    );
                };
                if field.r#type != other.r#type {
                    let inner = differing(&field.r#type, &other.r#type, depth + 1);
                    return format!("Type mismatch for object attribute \"{name}\": {inner}");
                }
            }
            if let Some(name) = no.keys().find(|name| !yes.contains_key(*name)) {
                return format!(
                    "The 'false' value includes object attribute \"{name}\", which is absent in the 'true' value"
                );
            }
        }
        (Type::Tuple(yes), Type::Tuple(no)) if yes.len() != no.len() => {
            let (yes, no) = (yes.len(), no.len());
            return format!("The 'true' tuple has length {yes}, but the 'false' tuple has length {no}");
        }
        (Type::Tuple(yes), Type::Tuple(no)) if depth < DEEPEST => {
            let different = yes.iter().zip(no).enumerate().find(|(_, (yes, no))| yes != no);
            if let Some((at, (yes, no))) = different {
                return format!("Type mismatch for tuple element {at}: {}", differing(yes, no, depth + 1));
            }
        }
        _ => (),
    }
    let (yes, no) = (yes.friendly_name(), no.friendly_name());
    if yes == no {
        return "At least one deeply-nested attribute or element is not compatible across both the 'true' and the \
                'false' value"
            .to_owned();
    }
    format!("The 'true' value is {yes}, but the 'false' value is {no}")
}

/// One of the two; `because` will tell which. What both agree on is known.
pub(super) fn one_of(yes: &Term, no: &Term, because: &Term) -> Term {
    let is_sensitive = yes.is_sensitive || no.is_sensitive || because.is_sensitive;
    chosen(yes, no, because, 0).with_sensitivity(is_sensitive)
}

fn chosen(yes: &Term, no: &Term, because: &Term, depth: usize) -> Term {
    if is_same(yes, no) {
        return yes.clone();
    }
    match (&yes.data, &no.data) {
        _ if DEEPEST < depth => (),
        (Data::Tuple(left), Data::Tuple(right)) if left.len() == right.len() => {
            return Term::tuple(chosen_items(left, right, because, depth));
        }
        (Data::List(of, left), Data::List(other, right)) if left.len() == right.len() && of == other => {
            return Term::list(of.clone(), chosen_items(left, right, because, depth));
        }
        (Data::Object(left), Data::Object(right)) if left.keys().eq(right.keys()) => {
            return Term::object(chosen_entries(left, right, because, depth));
        }
        (Data::Map(of, left), Data::Map(other, right)) if left.keys().eq(right.keys()) && of == other => {
            return Term::map(of.clone(), chosen_entries(left, right, because, depth));
        }
        _ => (),
    }
    let (left, right) = (yes.type_of(), no.type_of());
    let r#type = if left == right || no.is_null() {
        left
    } else if yes.is_null() {
        right
    } else {
        Type::Dynamic
    };
    Term::refined(r#type, why_one_of(yes, no, because), common_refinement(yes, no))
}

fn is_same(left: &Term, right: &Term) -> bool {
    let is_same_type = || left.type_of() == right.type_of() && left.is_sensitive_deep() == right.is_sensitive_deep();
    equal(left, right) == Truth::True && is_same_type()
}

fn chosen_items(left: &[Term], right: &[Term], because: &Term, depth: usize) -> Vec<Term> {
    left.iter().zip(right).map(|(left, right)| chosen_inside(left, right, because, depth)).collect()
}

fn chosen_entries(
    left: &BTreeMap<String, Term>,
    right: &BTreeMap<String, Term>,
    because: &Term,
    depth: usize,
) -> BTreeMap<String, Term> {
    let pairs = left.iter().zip(right.values());
    pairs.map(|((key, left), right)| (key.clone(), chosen_inside(left, right, because, depth))).collect()
}

fn chosen_inside(left: &Term, right: &Term, because: &Term, depth: usize) -> Term {
    let is_sensitive = left.is_sensitive || right.is_sensitive;
    chosen(left, right, because, depth + 1).with_sensitivity(is_sensitive)
}

/// Where both sides are references, or null, it is one of them; otherwise it was made of all that is not known.
fn why_one_of(yes: &Term, no: &Term, because: &Term) -> Why {
    match (choices(yes), choices(no)) {
        (Some(left), Some(right)) if !(left.is_empty() && right.is_empty()) => {
            let mut all: Vec<Why> = left.into_iter().chain(right).collect();
            all.sort();
            all.dedup();
            Why::OneOf(all)
        }
        _ => Term::why_made_of([yes, no, because]),
    }
}

/// The references that a value is exactly one of; none where it is null. `None`: it is something else.
fn choices(term: &Term) -> Option<Vec<Why>> {
    match &term.data {
        Data::Null(_) => Some(Vec::new()),
        Data::Resource(resource) => Some(vec![Why::Attribute(resource.reference.clone())]),
        Data::Unknown(unknown) => match &unknown.why {
            Why::Attribute(_) => Some(vec![unknown.why.clone()]),
            Why::OneOf(all) => Some(all.clone()),
            Why::From(_) | Why::Input(_) | Why::Other(_) => None,
        },
        Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_) => None,
    }
}

fn common_refinement(yes: &Term, no: &Term) -> Refinement {
    let is_not_null = yes.is_not_null() && no.is_not_null();
    let (shortest, longest) = match (yes.length_range(), no.length_range()) {
        (Some(left), Some(right)) => (left.0.min(right.0), Some(left.1.max(right.1)).filter(|it| *it != usize::MAX)),
        _ => (0, None),
    };
    let left = prefix_of(yes).unwrap_or_default();
    let right = prefix_of(no).unwrap_or_default();
    let same = left.chars().zip(right.chars()).take_while(|(left, right)| left == right);
    let prefix: String = same.map(|(it, _)| it).collect();
    Refinement { is_not_null, prefix: Arc::from(prefix), shortest, longest }
}

/// What a string certainly starts with.
pub(super) fn prefix_of(term: &Term) -> Option<Arc<str>> {
    match &term.data {
        Data::Text(text) => Some(text.clone()),
        Data::Unknown(unknown) => Some(unknown.refinement.prefix.clone()),
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Resource(_) => None,
    }
}

/// The most parts of a text.
const MOST_PIECES: usize = 1_000_000;

/// The parts of a template, one behind the other.
pub fn concat(parts: &[Term]) -> Result<Term, String> {
    let mut text = String::new();
    let mut is_known = true;
    let mut is_sensitive = false;
    let mut pieces = Vec::new();
    for part in parts {
        is_sensitive |= part.is_sensitive;
        if part.is_null() {
            return Err("The expression result is null. Cannot include a null value in a string template.".to_owned());
        }
        let part = convert(part, &Type::Text)
            .map_err(|error| format!("Cannot include the given value in a string template: {error}."))?;
        if is_known {
            text.push_str(&prefix_of(&part).unwrap_or_default());
        }
        is_known &= part.is_known();
        pieces.extend(part.text_parts());
        if LONGEST_TEXT < text.len() || MOST_PIECES < pieces.len() {
            return Err("the string is too long to be worked out".to_owned());
        }
    }
    let result = if is_known {
        Term::text(&text)
    } else {
        let refinement = Refinement { is_not_null: true, prefix: safe_prefix(&text), ..Refinement::default() };
        Term::unknown_text(pieces, Term::why_made_of(parts), refinement)
    };
    Ok(result.with_sensitivity(is_sensitive))
}

/// The prefix without a last character that may become another one by what follows.
pub(super) fn safe_prefix(text: &str) -> Arc<str> {
    let text: String = text.nfc().collect();
    let mut end = text.len().min(LONGEST_PREFIX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let Some((last, cluster)) = text.grapheme_indices(true).next_back() else { return Arc::from("") };
    let is_delimiter = |it: char| "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'".contains(it);
    let mut characters = cluster.chars();
    let stays = characters.next().is_some_and(is_delimiter) && characters.next().is_none();
    Arc::from(if stays { text } else { &text[..last] })
}

#[cfg(test)]
mod tests {
    use super::{binary, concat, conditional};
    use crate::{
        syntax::Binary,
        terraform::{
            access::{Splat, attribute, index, splat, unknown_splat_result},
            cty::{Data, Term, Type, Unknown, Why},
        },
        value::{Address, Reference},
    };

    fn named(path: &str) -> Why {
        Why::Attribute(Reference::new(Address::new("data.aws_availability_zones.this"), path))
    }

    fn zones() -> Term {
        Term::unknown(Type::Dynamic, named("names"))
    }

    fn unknown(term: &Term) -> &Unknown {
        let Data::Unknown(unknown) = &term.data else { panic!("{term:?}") };
        unknown
    }

    #[test]
    fn what_both_sides_agree_on_is_known() {
        let condition = binary(Binary::Equal, &zones(), &Term::text("a")).unwrap();
        assert!(!condition.is_known());
        let one = conditional(&condition, &Term::number(1_i64), &Term::number(1_i64)).unwrap();
        assert!(matches!(&one.data, Data::Number(it) if it.to_i64() == Some(1)));
        let pair = |second: &str| Term::tuple(vec![Term::text("a"), Term::text(second)]);
        let Data::Tuple(items) = conditional(&condition, &pair("b"), &pair("c")).unwrap().data else { panic!() };
        assert!(items[0].is_known() && !items[1].is_known());
        let null = conditional(&condition, &zones(), &Term::null(Type::Dynamic)).unwrap();
        assert_eq!(unknown(&null).why, Why::OneOf(vec![named("names")]));
    }

    #[test]
    fn items_of_what_is_unknown_keep_their_names() {
        let first = index(&zones(), &Term::number(0_i64)).unwrap();
        assert_eq!(unknown(&first).why, named("names[0]"));
        let Ok(Splat::Unknown(item)) = splat(&zones()) else { panic!() };
        let all = unknown_splat_result(&attribute(&item, "id").unwrap());
        assert_eq!(unknown(&all).why, named("names[*].id"));
        assert_eq!(unknown(&index(&all, &Term::number(2_i64)).unwrap()).why, named("names[2].id"));
    }

    #[test]
    fn a_template_keeps_what_is_known_of_its_start() {
        let text = concat(&[Term::text("x-"), zones(), Term::text("-y")]).unwrap();
        assert_eq!(&*unknown(&text).refinement.prefix, "x-");
        assert_eq!(
            unknown(&text).why,
            Why::From(vec![Reference::new(Address::new("data.aws_availability_zones.this"), "names")])
        );
        assert!(concat(&[Term::null(Type::Text)]).is_err());
    }
}
