//! The rules, as a list in several shapes, and the page of one.

use std::io::{self, Write};

use serde::Serialize;

use super::json;
use crate::rules::Rule;

/// How many columns a line of prose takes.
const WIDTH: usize = 96;

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
    for line in wrapped(body(rule.page)) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// A page for a terminal or a pager: prose in short lines, code and tables as they are.
fn wrapped(page: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in page.lines() {
        is_code ^= line.starts_with("```");
        if is_code || line.starts_with(['|', '`']) || line.chars().count() <= WIDTH {
            lines.push(line.to_owned());
            continue;
        }
        // What goes on in an item of a list stands below its first word.
        let item = line.split_once(' ').filter(|(mark, _)| matches!(*mark, "-" | "*") || mark.ends_with('.'));
        let indent = " ".repeat(item.filter(|(mark, _)| mark.len() < 4).map_or(0, |(mark, _)| mark.len() + 1));
        let mut shown = String::new();
        for word in line.split(' ') {
            if !shown.trim().is_empty() && WIDTH < shown.chars().count() + 1 + word.chars().count() {
                lines.push(std::mem::replace(&mut shown, format!("{indent}{word}")));
            } else {
                let space = if shown.is_empty() { "" } else { " " };
                shown = format!("{shown}{space}{word}");
            }
        }
        lines.push(shown);
    }
    lines
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
    use super::{WIDTH, body, wrapped};

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        let long = "word ".repeat(40);
        let page = format!("{long}end\n\n- {long}end\n\n```hcl\n{long}\n```\n| {long} |\n1. {long}end");
        let lines = wrapped(&page);
        assert_eq!(lines.iter().filter(|line| WIDTH < line.chars().count()).count(), 2, "the code and the table");
        assert_eq!(lines.iter().filter(|line| line.starts_with("  ")).count(), 4, "{lines:#?}");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&lines.join("\n")), words(&page), "nothing is lost");
    }

    #[test]
    fn a_page_is_shown_without_its_head() {
        assert_eq!(body("---\nseverity: error\n---\n# name\n\nWhat.\n\n# More\n"), "What.\n\n# More");
        assert_eq!(body("# name\nWhat.\n"), "What.");
    }
}
