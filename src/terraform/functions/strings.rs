//! Functions over strings.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    Answer, Call, Fault, check_length, check_size,
    regexes::compiled,
    signature::{Function, Item, Kind, Parameter, number, text},
};
use crate::terraform::{
    cty::{Refinement, Term, Type},
    operators::{prefix_of, safe_prefix},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chomp", &[TEXT], Kind::Text, |call| Ok(Term::text(call.text(0).trim_end_matches(['\r', '\n'])))),
    Function::new("endswith", &[TEXT, text("suffix")], Kind::Bool, |call| {
        Ok(Term::bool(call.text(0).ends_with(call.text(1))))
    }),
    Function::new("indent", &[number("spaces"), TEXT], Kind::Text, indent),
    Function::new("lower", &[TEXT], Kind::Text, |call| {
        Ok(Term::text(&call.text(0).chars().map(lower).collect::<String>()))
    }),
    Function::new("replace", &[TEXT.or_unknown(), text("substr"), text("replace")], Kind::Text, replace),
    Function::new("split", &[text("separator"), TEXT], Kind::ListOf(Item::Text), split),
    Function::new("startswith", &[TEXT.or_unknown(), text("prefix")], Kind::Bool, |call| Ok(starts_with(call))),
    Function::new("strcontains", &[TEXT, text("substr")], Kind::Bool, |call| {
        Ok(Term::bool(call.text(0).contains(call.text(1))))
    }),
    Function::new("strrev", &[TEXT], Kind::Text, |call| {
        Ok(Term::text(&call.text(0).graphemes(true).rev().collect::<String>()))
    }),
    Function::new("substr", &[TEXT, number("offset"), number("length")], Kind::Text, part),
    Function::new("title", &[TEXT], Kind::Text, |call| Ok(Term::text(&title(call.text(0))))),
    Function::new("trim", &[TEXT, text("cutset")], Kind::Text, |call| {
        Ok(Term::text(call.text(0).trim_matches(|it| call.text(1).contains(it))))
    }),
    Function::new("trimprefix", &[TEXT, text("prefix")], Kind::Text, |call| {
        Ok(Term::text(call.text(0).strip_prefix(call.text(1)).unwrap_or(call.text(0))))
    }),
    Function::new("trimspace", &[TEXT], Kind::Text, |call| Ok(Term::text(call.text(0).trim()))),
    Function::new("trimsuffix", &[TEXT, text("suffix")], Kind::Text, |call| {
        Ok(Term::text(call.text(0).strip_suffix(call.text(1)).unwrap_or(call.text(0))))
    }),
    Function::new("upper", &[TEXT], Kind::Text, |call| {
        Ok(Term::text(&call.text(0).chars().map(upper).collect::<String>()))
    }),
];

const TEXT: Parameter = text("str");

/// One character for one character, as Go maps them.
fn upper(it: char) -> char {
    let mut upper = it.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => it,
    }
}

fn lower(it: char) -> char {
    it.to_lowercase().next().unwrap_or(it)
}

fn title(text: &str) -> String {
    let mut before = ' ';
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        out.push(if parts_words(before) { capital(it) } else { it });
        before = it;
    }
    out
}

/// As the first letter of a word: of a letter that is two in one, the first alone is large.
fn capital(it: char) -> char {
    match it {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        it => upper(it),
    }
}

fn parts_words(it: char) -> bool {
    if it.is_ascii() {
        return !it.is_ascii_alphanumeric() && it != '_';
    }
    !it.is_alphanumeric() && it.is_whitespace()
}

fn indent(call: &Call<'_>) -> Answer {
    let spaces = usize::try_from(call.integer(0)?).map_err(|_| "the number of spaces must not be negative")?;
    let lines = call.text(1).matches('\n').count();
    check_length(spaces.saturating_mul(lines.max(1)).saturating_add(call.text(1).len()))?;
    Ok(Term::text(&call.text(1).replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

fn replace(call: &Call<'_>) -> Answer {
    let (whole, part, with) = (call.text(0), call.text(1), call.text(2));
    if !call.term(0).is_known() {
        return Ok(call.unknown(Type::Text));
    }
    let pattern = part.strip_prefix('/').and_then(|it| it.strip_suffix('/')).filter(|_| 1 < part.len());
    if let Some(pattern) = pattern {
        let regex = compiled(pattern)?;
        let matches = regex.find_iter(whole).count();
        // A replacement may name all that was found.
        check_length(whole.len().saturating_add(with.len()).saturating_mul(matches.clamp(1, 1 + with.len()) + 1) / 2)?;
        return Ok(Term::text(&regex.replace_all(whole, with)));
    }
    let count = whole.matches(part).count();
    check_length(whole.len().saturating_add(count.saturating_mul(with.len())))?;
    Ok(Term::text(&whole.replace(part, with)))
}

fn split(call: &Call<'_>) -> Answer {
    let (separator, whole) = (call.text(0), call.text(1));
    let parts: Vec<&str> = if separator.is_empty() {
        whole.char_indices().map(|(at, it)| &whole[at..at + it.len_utf8()]).collect()
    } else {
        whole.split(separator).collect()
    };
    check_size(parts.len())?;
    Ok(Term::list(Type::Text, parts.into_iter().map(Term::text).collect()))
}

/// The start may be known though the rest is not.
fn starts_with(call: &Call<'_>) -> Term {
    let (whole, start) = (call.term(0), call.text(1));
    if let Some(text) = whole.as_text() {
        return Term::bool(text.starts_with(start));
    }
    let known = prefix_of(whole).unwrap_or_default();
    if known.starts_with(start) {
        return Term::bool(true);
    }
    if start.starts_with(&*known) { call.unknown(Type::Bool) } else { Term::bool(false) }
}

fn part(call: &Call<'_>) -> Answer {
    let (mut offset, length) = (call.integer(1)?, call.integer(2)?);
    let characters: Vec<&str> = call.text(0).graphemes(true).collect();
    let count = i64::try_from(characters.len()).unwrap_or(i64::MAX);
    if offset < 0 {
        offset = offset.saturating_add(count);
    } else if length == 0 {
        return Ok(Term::text(""));
    }
    let from = usize::try_from(offset).unwrap_or(0).min(characters.len());
    let rest = &characters[from..];
    // A length of nothing counts only from the front; Terraform's own slip.
    let kept = if length <= 0 { rest.len() } else { usize::try_from(length).unwrap_or(usize::MAX).min(rest.len()) };
    Ok(Term::text(&rest[..kept].concat()))
}

/// A string of which this is the start.
pub(super) fn unknown_with_prefix(call: &Call<'_>, prefix: &str) -> Term {
    let refinement = Refinement { is_not_null: true, prefix: safe_prefix(prefix), ..Refinement::default() };
    Term::refined(Type::Text, Term::why_made_of(&call.arguments), refinement)
}

/// An error at an argument.
pub(super) fn at(position: usize, message: impl Into<String>) -> Fault {
    Fault::Argument(position, message.into())
}
