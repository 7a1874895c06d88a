//! From the file's text to what it says: tables by their keys, and what is wrong with its place.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue},
};

use super::{Config, Folders, Named, Setting, Text, Trouble, allow, scope};
use crate::{
    finding::{RuleName, Severity},
    rules,
    terraform::functions::glob::Pattern,
};

/// A value of the file, with its place.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

pub(super) fn config(file: Text<'_>) -> Result<Config, Trouble> {
    let table = DeTable::parse(file.text).map_err(|error| Trouble {
        bytes: error.span().unwrap_or(0..0),
        message: error.message().replace('\n', "; "),
    })?;
    let mut config = Config::default();
    for (key, value) in table.get_ref() {
        match &**key.get_ref() {
            "exclude" => config.exclude = patterns_of(value)?,
            "folders" => config.folders = folders_of(file, value)?,
            "allow" => config.allow = allow::all_of(value)?,
            name if scope::take(file, &mut config.everywhere, name, value)? => (),
            other => return Err(no_such_key(key.span(), other, scope::KEYS, &["folders", "exclude", "allow"])),
        }
    }
    Ok(config)
}

fn folders_of(file: Text<'_>, value: &Value<'_>) -> Result<Vec<Folders>, Trouble> {
    let tables = array_of(value, "tables, each headed by `[[folders]]`")?;
    tables.iter().map(|it| folder_of(file, it)).collect()
}

fn folder_of(file: Text<'_>, value: &Value<'_>) -> Result<Folders, Trouble> {
    let table = table_of(value, "a table, headed by `[[folders]]`")?;
    let mut folders = Folders { paths: Vec::new(), scope: scope::Scope::default() };
    for (key, value) in table {
        match &**key.get_ref() {
            "paths" => folders.paths = patterns_of(value)?,
            name if scope::take(file, &mut folders.scope, name, value)? => (),
            other => return Err(no_such_key(key.span(), other, &["paths"], scope::KEYS)),
        }
    }
    if folders.paths.is_empty() {
        return Err(trouble(value.span(), "these folders are not named: `paths` says which they are"));
    }
    Ok(folders)
}

/// The name of a rule.
pub(super) fn rule_of(name: &str, bytes: Range<usize>) -> Result<RuleName, Trouble> {
    let Some(rule) = rules::find(name) else {
        let names: Vec<_> = rules::RULES.iter().map(|rule| rule.name).collect();
        let hint = nearest(name, &names).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        return Err(trouble(bytes, format!("there is no rule `{name}`{hint}")));
    };
    Ok(rule.name)
}

pub(super) fn rules_of(value: &Value<'_>) -> Result<Vec<(RuleName, Setting)>, Trouble> {
    let table = table_of(value, "a table of rules, as in `nat_loop = \"warning\"`")?;
    let rules = table.iter().map(|(key, value)| Ok((rule_of(key.get_ref(), key.span())?, setting_of(value)?)));
    rules.collect()
}

fn setting_of(value: &Value<'_>) -> Result<Setting, Trouble> {
    match value.get_ref().as_str() {
        Some("off") => Ok(Setting::Off),
        Some("error") => Ok(Setting::Severity(Severity::Error)),
        Some("warning") => Ok(Setting::Severity(Severity::Warning)),
        Some("note") => Ok(Setting::Severity(Severity::Note)),
        Some(_) | None => Err(trouble(value.span(), "a rule is \"error\", \"warning\", \"note\" or \"off\"")),
    }
}

pub(super) fn patterns_of(value: &Value<'_>) -> Result<Vec<Pattern>, Trouble> {
    let wanted = "a list of patterns, as in [\"examples/**\"]";
    let pattern = |item: &Value<'_>| {
        let text = text_of(item, wanted)?.trim_start_matches("./").trim_end_matches('/');
        Pattern::read(text).ok_or_else(|| trouble(item.span(), format!("`{text}` is no pattern of paths")))
    };
    array_of(value, wanted)?.iter().map(pattern).collect()
}

/// A list of other files.
pub(super) fn files_of(value: &Value<'_>) -> Result<Vec<Named>, Trouble> {
    let wanted = "a list of files, as in [\"prod.tfvars\"]";
    let named = |item: &Value<'_>| Ok(Named { path: text_of(item, wanted)?.to_owned(), bytes: item.span() });
    array_of(value, wanted)?.iter().map(named).collect()
}

pub(super) fn table_of<'a, 'b>(value: &'a Value<'b>, wanted: &str) -> Result<&'a DeTable<'b>, Trouble> {
    value.get_ref().as_table().ok_or_else(|| trouble(value.span(), format!("needs {wanted}")))
}

pub(super) fn array_of<'a, 'b>(value: &'a Value<'b>, wanted: &str) -> Result<&'a DeArray<'b>, Trouble> {
    value.get_ref().as_array().ok_or_else(|| trouble(value.span(), format!("needs {wanted}")))
}

pub(super) fn text_of<'a>(value: &'a Value<'_>, wanted: &str) -> Result<&'a str, Trouble> {
    value.get_ref().as_str().ok_or_else(|| trouble(value.span(), format!("needs {wanted}")))
}

pub(super) fn no_such_key(bytes: Range<usize>, key: &str, known: &[&str], more: &[&str]) -> Trouble {
    let known: Vec<_> = known.iter().chain(more).map(|it| format!("`{it}`")).collect();
    trouble(bytes, format!("there is no key `{key}` here; there are {}", known.join(", ")))
}

pub(super) fn trouble(bytes: Range<usize>, message: impl Into<String>) -> Trouble {
    Trouble { bytes, message: message.into() }
}

/// The one of `names` that begins or ends as `name` does, for the most part.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let alike = |it: &str| {
        let common = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
            a.zip(b).take_while(|(one, other)| one == other).count()
        };
        let first = common(&mut it.chars(), &mut name.chars());
        first.max(common(&mut it.chars().rev(), &mut name.chars().rev()))
    };
    names.iter().copied().filter(|it| name.chars().count() <= 2 * alike(it)).max_by_key(|it| alike(it))
}
