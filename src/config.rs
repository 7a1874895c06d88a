//! `.iac-check.toml`: how bad each rule's findings are, here and in some folders, and what is not looked at.
//!
//! A key that is not known is an error with its place: a slip of the finger must not switch a rule on or off unseen.

use std::{fmt, ops::Range};

use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue},
};

use crate::{
    finding::{RuleName, Severity},
    rules,
    terraform::functions::glob::Pattern,
};

/// The name of the file, at the root of a repository.
pub const NAME: &str = ".iac-check.toml";

/// What describes the file to an editor: its JSON Schema.
pub const SCHEMA: &str = include_str!("config.schema.json");

/// What the file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    rules: Vec<(RuleName, Setting)>,
    /// In order: a later one wins.
    folders: Vec<Folders>,
    exclude: Vec<Pattern>,
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Off,
    Severity(Severity),
}

/// What holds for files in some folders.
#[derive(Clone, Debug)]
struct Folders {
    paths: Vec<Pattern>,
    rules: Vec<(RuleName, Setting)>,
}

/// What is wrong with the file, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub bytes: Range<usize>,
    pub message: String,
}

/// A value of the file, with its place.
type Value<'a> = Spanned<DeValue<'a>>;

impl Config {
    /// Reads the text of a file.
    pub fn read(text: &str) -> Result<Self, Trouble> {
        let table = DeTable::parse(text).map_err(|error| Trouble {
            bytes: error.span().unwrap_or(0..0),
            message: error.message().replace('\n', "; "),
        })?;
        let mut config = Self::default();
        for (key, value) in table.get_ref() {
            match &**key.get_ref() {
                "rules" => config.rules = rules_of(value)?,
                "folders" => config.folders = folders_of(value)?,
                "exclude" => config.exclude = patterns_of(value)?,
                other => return Err(no_such_key(key.span(), other, &["rules", "folders", "exclude"])),
            }
        }
        Ok(config)
    }

    /// What becomes of a rule's findings at `path`, where the file says it: the last word counts.
    pub fn setting(&self, rule: RuleName, path: &str) -> Option<Setting> {
        let here = self.folders.iter().filter(|it| fits(&it.paths, path)).flat_map(|it| &it.rules);
        let mut said = self.rules.iter().chain(here);
        said.rfind(|(name, _)| *name == rule).map(|(_, setting)| *setting)
    }

    /// Whether a rule is off wherever one looks.
    pub fn is_off(&self, rule: RuleName) -> bool {
        let is_off = |rules: &[(RuleName, Setting)]| rules.contains(&(rule, Setting::Off));
        is_off(&self.rules) && !self.folders.iter().any(|it| it.rules.iter().any(|(name, _)| *name == rule))
    }

    /// Whether nothing at `path` is looked at.
    pub fn is_excluded(&self, path: &str) -> bool {
        fits(&self.exclude, path)
    }
}

/// Whether a pattern fits `path`, or a folder that it lies in.
fn fits(patterns: &[Pattern], path: &str) -> bool {
    let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.chain([path]).any(|it| patterns.iter().any(|pattern| pattern.fits(it)))
}

fn rules_of(value: &Value<'_>) -> Result<Vec<(RuleName, Setting)>, Trouble> {
    let table = table_of(value, "a table of rules, as in `nat_loop = \"warning\"`")?;
    let mut found = Vec::new();
    for (key, value) in table {
        let name = &**key.get_ref();
        let Some(rule) = rules::find(name) else {
            let names: Vec<_> = rules::RULES.iter().map(|rule| rule.name).collect();
            let hint = nearest(name, &names).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
            return Err(trouble(key.span(), format!("there is no rule `{name}`{hint}")));
        };
        found.push((rule.name, setting_of(value)?));
    }
    Ok(found)
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

fn folders_of(value: &Value<'_>) -> Result<Vec<Folders>, Trouble> {
    let tables = array_of(value, "tables, each headed by `[[folders]]`")?;
    tables.iter().map(folder_of).collect()
}

fn folder_of(value: &Value<'_>) -> Result<Folders, Trouble> {
    let table = table_of(value, "a table, headed by `[[folders]]`")?;
    let mut folders = Folders { paths: Vec::new(), rules: Vec::new() };
    for (key, value) in table {
        match &**key.get_ref() {
            "paths" => folders.paths = patterns_of(value)?,
            "rules" => folders.rules = rules_of(value)?,
            other => return Err(no_such_key(key.span(), other, &["paths", "rules"])),
        }
    }
    if folders.paths.is_empty() {
        return Err(trouble(value.span(), "these folders are not named: `paths` says which they are"));
    }
    Ok(folders)
}

fn patterns_of(value: &Value<'_>) -> Result<Vec<Pattern>, Trouble> {
    let wanted = "a list of patterns, as in [\"examples/**\"]";
    let items = array_of(value, wanted)?;
    let pattern = |item: &Value<'_>| {
        let Some(text) = item.get_ref().as_str() else { return Err(trouble(item.span(), format!("needs {wanted}"))) };
        let text = text.trim_start_matches("./").trim_end_matches('/');
        Pattern::read(text).ok_or_else(|| trouble(item.span(), format!("`{text}` is no pattern of paths")))
    };
    items.iter().map(pattern).collect()
}

fn table_of<'a, 'b>(value: &'a Value<'b>, wanted: &str) -> Result<&'a DeTable<'b>, Trouble> {
    value.get_ref().as_table().ok_or_else(|| trouble(value.span(), format!("needs {wanted}")))
}

fn array_of<'a, 'b>(value: &'a Value<'b>, wanted: &str) -> Result<&'a DeArray<'b>, Trouble> {
    value.get_ref().as_array().ok_or_else(|| trouble(value.span(), format!("needs {wanted}")))
}

fn no_such_key(bytes: Range<usize>, key: &str, known: &[&str]) -> Trouble {
    let known: Vec<_> = known.iter().map(|it| format!("`{it}`")).collect();
    trouble(bytes, format!("there is no key `{key}` here; there are {}", known.join(", ")))
}

fn trouble(bytes: Range<usize>, message: impl Into<String>) -> Trouble {
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

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Trouble {}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
exclude = ["examples/**", "old/"]

[rules]
nat_loop = "warning"
unused_route_table = "off"
shadowed_route = "off"

[[folders]]
paths = ["legacy/**"]
rules = { nat_loop = "off", shadowed_route = "note" }
"#;

    #[test]
    fn the_last_word_counts() {
        let config = Config::read(FILE).unwrap();
        let warning = Setting::Severity(Severity::Warning);
        assert_eq!(config.setting("nat_loop", "net/main.tf"), Some(warning));
        assert_eq!(config.setting("nat_loop", "legacy/net/main.tf"), Some(Setting::Off));
        assert_eq!(config.setting("blackhole_route", "legacy/main.tf"), None);
        assert!(config.is_off("unused_route_table"), "nobody says otherwise");
        assert!(!config.is_off("shadowed_route") && !config.is_off("nat_loop"), "it is on somewhere");
    }

    #[test]
    fn folders_are_left_out_whole() {
        let config = Config::read(FILE).unwrap();
        assert!(config.is_excluded("examples/a/main.tf") && config.is_excluded("old/main.tf"));
        assert!(!config.is_excluded("net/examples/main.tf") && !config.is_excluded("older/main.tf"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let wrong = |text: &str| {
            let trouble = Config::read(text).unwrap_err();
            (text[trouble.bytes.clone()].to_owned(), trouble.message)
        };
        let (at, message) = wrong("ruels = {}\n");
        assert_eq!((at.as_str(), message.starts_with("there is no key `ruels` here")), ("ruels", true));
        let (at, message) = wrong("[rules]\nnat_lop = \"off\"\n");
        assert_eq!(
            (at.as_str(), message.as_str()),
            ("nat_lop", "there is no rule `nat_lop`; did you mean `nat_loop`?")
        );
        assert_eq!(wrong("[rules]\nnat_loop = \"fatal\"\n").0, "\"fatal\"");
        assert_eq!(wrong("[rules]\nnat_loop = 1\n").0, "1");
        assert_eq!(wrong("exclude = \"a\"\n").0, "\"a\"");
        assert_eq!(wrong("exclude = [\"a\", 2]\n").0, "2");
        assert_eq!(wrong("exclude = [\"a[\"]\n").0, "\"a[\"");
        assert!(wrong("[[folders]]\nrules = {}\n").1.contains("`paths`"));
        assert!(wrong("[[folders]]\npath = []\n").1.contains("`paths`, `rules`"));
        assert!(Config::read("a = ").is_err());
    }
}
