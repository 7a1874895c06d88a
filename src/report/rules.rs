//! The rules, as a list in several shapes, and the page of one.

use std::io::{self, Write};

use serde::Serialize;

use super::json;
use crate::rules::Rule;

/// The shapes of the list of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Text,
    Json,
    /// The table of the README.
    Markdown,
}

#[derive(Serialize)]
struct Document {
    schema_version: &'static str,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    severity: &'static str,
    since: &'static str,
    summary: &'static str,
}

impl Format {
    pub fn write(self, rules: &'static [Rule], out: &mut dyn Write) -> io::Result<()> {
        let entries = rules.iter().map(entry);
        match self {
            Self::Text => write_text(&entries.collect::<Vec<_>>(), out),
            Self::Json => {
                json::write_value(&Document { schema_version: json::SCHEMA_VERSION, rules: entries.collect() }, out)
            }
            Self::Markdown => write_markdown(&entries.collect::<Vec<_>>(), out),
        }
    }
}

/// The page of a rule: its name, severity and age in one line, then what the page says.
pub fn write_page(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let severity = rule.meta.severity.word();
    writeln!(out, "{} ({severity}, since {})\n", rule.name, rule.meta.since)?;
    writeln!(out, "{}", body(rule.page))
}

/// A page without its head and its title.
pub(super) fn body(page: &str) -> &str {
    let title = if page.starts_with("# ") { Some(0) } else { page.find("\n# ").map(|at| at + 1) };
    let after = title.map_or(page, |at| page[at..].split_once('\n').map_or("", |(_, rest)| rest));
    after.trim()
}

fn entry(rule: &Rule) -> Entry {
    Entry { name: rule.name, severity: rule.meta.severity.word(), since: rule.meta.since, summary: rule.summary() }
}

fn write_text(rules: &[Entry], out: &mut dyn Write) -> io::Result<()> {
    let name = rules.iter().map(|it| it.name.len()).max().unwrap_or(0);
    let severity = rules.iter().map(|it| it.severity.len()).max().unwrap_or(0);
    for rule in rules {
        writeln!(out, "{:name$}  {:severity$}  {}", rule.name, rule.severity, rule.summary)?;
    }
    Ok(())
}

fn write_markdown(rules: &[Entry], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| Rule | Severity | What it finds |\n| --- | --- | --- |")?;
    for Entry { name, severity, summary, .. } in rules {
        writeln!(out, "| [`{name}`](rules/{name}.md) | {severity} | {} |", summary.replace('|', "\\|"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn a_page_is_shown_without_its_head() {
        assert_eq!(body("---\nseverity: error\n---\n# name\n\nWhat.\n\n# More\n"), "What.\n\n# More");
        assert_eq!(body("# name\nWhat.\n"), "What.");
    }
}
