//! Regular expressions, in the syntax of Go's RE2.

use std::collections::BTreeMap;

use regex::{Captures, Regex, RegexBuilder};

use super::{
    Answer, Call, Fault, check_size,
    signature::{Function, Item, Kind, text},
};
use crate::terraform::cty::{Field, Term, Type};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("regex", &[text("pattern"), text("string")], Kind::Any, first),
    Function::new("regexall", &[text("pattern"), text("string")], Kind::ListOf(Item::Any), all),
];

/// The most bytes of a compiled pattern.
const LARGEST: usize = 4 << 20;

/// What a match gives.
enum Groups {
    /// All that matched.
    None,
    Unnamed(usize),
    Named(Vec<String>),
}

pub(super) fn compiled(pattern: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(&from_go(pattern)).size_limit(LARGEST).octal(true).build();
    regex.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large to be worked out".to_owned(),
        regex::Error::Syntax(_) | _ => format!("invalid regexp pattern: {pattern}"),
    })
}

fn groups(regex: &Regex) -> Result<Groups, Fault> {
    let all: Vec<_> = regex.capture_names().skip(1).collect();
    let named: Vec<String> = all.iter().flatten().map(|it| (*it).to_owned()).collect();
    match (named.len(), all.len()) {
        (_, 0) => Ok(Groups::None),
        (0, unnamed) => Ok(Groups::Unnamed(unnamed)),
        (some, all) if some == all => Ok(Groups::Named(named)),
        _ => Err(Fault::Argument(
            0,
            "invalid regexp pattern: cannot mix both named and unnamed capture groups".to_owned(),
        )),
    }
}

fn prepared(call: &Call<'_>) -> Result<(Regex, Groups), Fault> {
    let regex = compiled(call.text(0)).map_err(|error| Fault::Argument(0, error))?;
    let groups = groups(&regex)?;
    Ok((regex, groups))
}

fn first(call: &Call<'_>) -> Answer {
    let (regex, groups) = prepared(call)?;
    let found = regex.captures(call.text(1)).ok_or("pattern did not match any part of the given string")?;
    Ok(value(&found, &groups))
}

fn all(call: &Call<'_>) -> Answer {
    let (regex, groups) = prepared(call)?;
    let mut items = Vec::new();
    for found in regex.captures_iter(call.text(1)) {
        check_size(items.len())?;
        items.push(value(&found, &groups));
    }
    Ok(Term::list(result_type(&groups), items))
}

fn result_type(groups: &Groups) -> Type {
    let field = || Field { r#type: Type::Text, is_optional: false };
    match groups {
        Groups::None => Type::Text,
        Groups::Unnamed(count) => Type::Tuple(vec![Type::Text; *count]),
        Groups::Named(names) => Type::Object(names.iter().map(|it| (it.clone(), field())).collect()),
    }
}

fn value(found: &Captures<'_>, groups: &Groups) -> Term {
    let group = |it: Option<regex::Match<'_>>| it.map_or_else(|| Term::null(Type::Text), |it| Term::text(it.as_str()));
    match groups {
        Groups::None => group(found.get(0)),
        Groups::Unnamed(_) => Term::tuple(found.iter().skip(1).map(group).collect()),
        Groups::Named(names) => {
            let entries = names.iter().map(|name| (name.clone(), group(found.name(name))));
            Term::object(entries.collect::<BTreeMap<_, _>>())
        }
    }
}

/// The pattern as the `regex` crate reads it. There, classes such as `\d` are all of Unicode's, and some characters
/// have a meaning that they have not in Go.
fn from_go(pattern: &str) -> String {
    let characters: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len());
    let mut at = 0;
    let mut in_class = false;
    while let Some(&it) = characters.get(at) {
        let rest = &characters[at + 1..];
        match it {
            '\\' => at += escape(&mut out, rest, in_class),
            '[' if in_class && rest.first() != Some(&':') => out.push_str("\\["),
            '[' if in_class => at += posix_class(&mut out, rest),
            '[' => {
                in_class = true;
                at += class_start(&mut out, rest);
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => out.extend(['\\', it]),
            '{' if !in_class && !is_repetition(rest) => out.push_str("\\{"),
            _ => out.push(it),
        }
        at += 1;
    }
    out
}

/// `[`, `[^`, and a `]` that stands first and means itself. How many characters that took beyond the bracket.
fn class_start(out: &mut String, rest: &[char]) -> usize {
    let negated = rest.first() == Some(&'^');
    let literal = rest.get(usize::from(negated)) == Some(&']');
    out.push_str(if negated { "[^" } else { "[" });
    out.push_str(if literal { "\\]" } else { "" });
    usize::from(negated) + usize::from(literal)
}

fn posix_class(out: &mut String, rest: &[char]) -> usize {
    out.push('[');
    let end = rest.windows(2).position(|pair| pair == [':', ']']);
    let length = end.map_or(0, |it| it + 2);
    out.extend(&rest[..length]);
    length
}

/// What stands behind a backslash; how many characters of it were read.
fn escape(out: &mut String, rest: &[char], in_class: bool) -> usize {
    let Some(&it) = rest.first() else {
        out.push('\\');
        return 0;
    };
    let class = match it {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => "\\t\\n\\x0c\\r ",
        'D' => "^0-9",
        'W' => "^0-9A-Za-z_",
        'S' => "^\\t\\n\\x0c\\r ",
        'b' => {
            out.push_str("(?-u:\\b)");
            return 1;
        }
        '<' | '>' => {
            out.push(it);
            return 1;
        }
        'Q' => return quoted(out, rest),
        _ => {
            out.extend(['\\', it]);
            return 1;
        }
    };
    if in_class && !class.starts_with('^') {
        out.push_str(class);
    } else {
        out.push('[');
        out.push_str(class);
        out.push(']');
    }
    1
}

/// `\Q…\E`.
fn quoted(out: &mut String, rest: &[char]) -> usize {
    let end = rest.windows(2).position(|pair| pair == ['\\', 'E']);
    let text: String = rest[1..end.unwrap_or(rest.len())].iter().collect();
    out.push_str(&regex::escape(&text));
    end.map_or(rest.len(), |it| it + 2)
}

/// `2}`, `2,}`, `2,3}`: anything else behind a brace is text.
fn is_repetition(rest: &[char]) -> bool {
    let Some(end) = rest.iter().position(|it| *it == '}') else { return false };
    let inside: String = rest[..end].iter().collect();
    let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    !least.is_empty() && is_number(least) && is_number(most)
}
