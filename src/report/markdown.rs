//! Markdown, as GitHub and GitLab show it: for a job's summary and a comment. A table, then each finding folded.
//!
//! Whatever others have written stands in code spans, or with every character that means something written out: it
//! makes no markup, mentions nobody and leads nowhere.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
};

use rustc_hash::FxHashMap;

use super::{
    ProjectFinding, Report,
    escape::visible,
    human::{counted, summary},
    links,
};
use crate::{
    finding::{Certainty, Label, Severity},
    reach::table::{SubnetRoutes, TargetName},
    source::{SourceMap, Span},
};

/// GitHub cuts a comment at 65,536 characters and refuses a summary above 1 MiB. What does not fit is counted.
const LONGEST: usize = 60_000;

/// How many findings stand in the table.
const MOST_ROWS: usize = 100;

/// How many rows of a table in force are shown.
const MOST_ROUTES: usize = 30;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    push(&mut text, format_args!("### iac-check: {}\n", prose(&summary(report))));
    let findings = report.worst_first();
    if !findings.is_empty() {
        push_table(&mut text, report, &findings);
        push_details(&mut text, report, &findings);
    }
    push_open(&mut text, report);
    out.write_all(text.as_bytes())
}

/// What a finding has to say besides its message: the places, the help, the next hops of the subnets in them.
pub(super) fn body(sources: &SourceMap, tables: &Tables<'_>, it: &ProjectFinding<'_>) -> String {
    let finding = it.finding;
    let mut text = String::new();
    push(&mut text, format_args!("{}\n\n", message(it)));
    for (at, label) in std::iter::once(&finding.at).chain(&finding.because).enumerate() {
        push(&mut text, format_args!("{}. {}\n", at + 1, step(sources, label)));
    }
    if let Some(help) = &finding.help {
        push(&mut text, format_args!("\n**Help:** {}\n", prose(help)));
    }
    for routes in tables.at(it) {
        push_routes(&mut text, routes);
    }
    text
}

fn push_table(text: &mut String, report: &Report<'_>, findings: &[ProjectFinding<'_>]) {
    text.push_str("\n| | Rule | What | Where |\n| --- | --- | --- | --- |\n");
    for it in findings.iter().take(MOST_ROWS) {
        let finding = it.finding;
        let severity = shown_severity(finding.severity);
        let (rule, what) = (rule(it), message(it));
        let place = place(report.sources, finding.at.span);
        push(text, format_args!("| {severity} | {rule} | {what} | {place} |\n"));
    }
    if MOST_ROWS < findings.len() {
        push(text, format_args!("\n… and {} more.\n", findings.len() - MOST_ROWS));
    }
}

fn push_details(text: &mut String, report: &Report<'_>, findings: &[ProjectFinding<'_>]) {
    text.push('\n');
    let tables = Tables::of(report);
    for (at, it) in findings.iter().enumerate() {
        let resource = it.finding.resource.as_deref().map(|it| format!(" {}", tagged(it))).unwrap_or_default();
        let head = format!(
            "<details><summary>{} <b>{}</b>{resource}</summary>\n\n",
            mark(it.finding.severity),
            entities(it.finding.rule)
        );
        let body = body(report.sources, &tables, it);
        if LONGEST < text.len() + head.len() + body.len() {
            let left = counted(findings.len() - at, "finding");
            push(text, format_args!("Details of {left} left out: they would be too long for a comment.\n"));
            return;
        }
        push(text, format_args!("{head}{body}\n</details>\n\n"));
    }
}

/// What was not answered: neither a finding nor a pass.
fn push_open(text: &mut String, report: &Report<'_>) {
    if report.unanswered.is_empty() {
        return;
    }
    let head = format!("not answered: {}", counted(report.unanswered.len(), "question"));
    push(text, format_args!("\n<details><summary>{head}</summary>\n\n"));
    for (at, it) in report.unanswered.iter().enumerate() {
        let question = it.question;
        let line = format!("- {} {}: {}\n", code(question.rule), code(&question.resource), prose(&question.why));
        if LONGEST < text.len() + line.len() {
            push(text, format_args!("- … and {} more\n", report.unanswered.len() - at));
            break;
        }
        text.push_str(&line);
    }
    text.push_str("\n</details>\n");
}

/// The routes of every subnet, by its project and its name.
#[derive(Debug)]
pub(super) struct Tables<'a>(FxHashMap<(&'a str, &'a str), &'a SubnetRoutes>);

impl<'a> Tables<'a> {
    pub(super) fn of(report: &Report<'a>) -> Self {
        let nodes = report.maps.iter().flat_map(|map| map.nodes.iter().map(move |node| (map, node)));
        let tables = nodes.filter_map(|(map, node)| {
            let routes = node.routes.as_ref()?;
            Some(((map.project.as_str(), routes.subnet.as_str()), routes))
        });
        Self(tables.collect())
    }

    /// Those of the subnets that a finding's places name.
    fn at(&self, it: &ProjectFinding<'_>) -> Vec<&'a SubnetRoutes> {
        let labels = std::iter::once(&it.finding.at).chain(&it.finding.because);
        let names: BTreeSet<&str> = labels.filter_map(|label| label.resource.as_deref()).collect();
        names.into_iter().filter_map(|name| self.0.get(&(it.project, name)).copied()).collect()
    }
}

fn push_routes(text: &mut String, routes: &SubnetRoutes) {
    let table = routes.route_table.as_ref().map_or_else(|| "unknown".to_owned(), |it| target(Some(it)));
    push(text, format_args!("\nNext hops of {}, by {table}:\n\n", code(&routes.subnet)));
    text.push_str("| Destination | Next hop | Written by |\n| --- | --- | --- |\n");
    for row in routes.routes.iter().take(MOST_ROUTES) {
        let state = if row.state == "active" { String::new() } else { format!(" ({})", prose(row.state)) };
        let by = row.written_by.as_deref().map(code).unwrap_or_default();
        let (destination, hop) = (code(&row.destination), target(Some(&row.target)));
        push(text, format_args!("| {destination} | {hop}{state} | {by} |\n"));
    }
    if MOST_ROUTES < routes.routes.len() {
        push(text, format_args!("\n… and {} more.\n", routes.routes.len() - MOST_ROUTES));
    }
    if routes.routes.is_empty() {
        text.push_str("| none | | |\n");
    }
}

fn target(name: Option<&TargetName>) -> String {
    match name {
        Some(TargetName::Named(name)) => code(name),
        Some(TargetName::Unknown(why)) => format!("unknown: {}", prose(why)),
        None => "no route".to_owned(),
    }
}

fn rule(it: &ProjectFinding<'_>) -> String {
    let name = code(it.finding.rule);
    links::page(it.finding.rule).map_or_else(|| name.clone(), |page| format!("[{name}]({page})"))
}

fn message(it: &ProjectFinding<'_>) -> String {
    let message = prose(&it.finding.message);
    match it.finding.certainty {
        Certainty::Certain => message,
        Certainty::Possible => format!("possibly, {message}"),
    }
}

fn step(sources: &SourceMap, label: &Label) -> String {
    let place = place(sources, label.span);
    let resource = label.resource.as_deref().map(|it| format!(" {}", code(it))).unwrap_or_default();
    let words = if label.text.is_empty() { String::new() } else { format!(": {}", prose(&label.text)) };
    format!("{place}{resource}{words}")
}

fn place(sources: &SourceMap, span: Span) -> String {
    code(&format!("{}:{}", sources.path(span.source), sources.place(span).start.line))
}

fn shown_severity(severity: Severity) -> String {
    format!("{} {}", mark(severity), severity.word())
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    }
}

/// A name, as code: in a code span, or in tags where it holds what ends one.
fn code(text: &str) -> String {
    let text = visible(text);
    let is_plain = !text.is_empty() && !text.contains(['`', '|', '\\']) && text.trim() == text;
    if is_plain { format!("`{text}`") } else { tagged(&text) }
}

fn tagged(text: &str) -> String {
    format!("<code>{}</code>", entities(&visible(text)))
}

/// A message of ours with names of others in it: those in backticks are code, the rest is only text.
fn prose(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    // With an odd one out, no backtick is ours for certain.
    if parts.len().is_multiple_of(2) {
        return entities(&visible(text));
    }
    let shown = parts.iter().enumerate().map(|(at, part)| match (at % 2, part.is_empty()) {
        (1, false) => code(part),
        (1, true) => String::new(),
        _ => entities(&visible(part)),
    });
    shown.collect()
}

/// Text in which nothing is markup. `@` and `#` stand in tags, because GitHub looks for people and issues in what is
/// left after all markup is read.
fn entities(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    for character in text.chars() {
        match character {
            '@' | '#' => push(&mut shown, format_args!("<code>&#{};</code>", u32::from(character))),
            '&' | '<' | '>' | '"' | '\'' | '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                push(&mut shown, format_args!("&#{};", u32::from(character)));
            }
            // `https:`, `www.` and `:smile:` are read without any sign around them.
            ':' if before.is_alphanumeric() => shown.push_str("&#58;"),
            '.' if before == 'w' || before == 'W' => shown.push_str("&#46;"),
            '-' if before == ' ' => shown.push_str("&#45;"),
            other => shown.push(other),
        }
        before = character;
    }
    shown
}

fn push(text: &mut String, words: std::fmt::Arguments<'_>) {
    text.write_fmt(words).expect("writing to a String does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_make_no_markup() {
        assert_eq!(code("aws_lb.front[\"a\"]"), "`aws_lb.front[\"a\"]`");
        assert_eq!(code("a`b|c"), "<code>a&#96;b&#124;c</code>");
        assert_eq!(prose("1 of `aws_lb.x` <b>"), "1 of `aws_lb.x` &#60;b&#62;");
        assert_eq!(prose("one ` alone"), "one &#96; alone");
        assert_eq!(prose("ask @someone about #1"), "ask <code>&#64;</code>someone about <code>&#35;</code>1");
        assert_eq!(entities("see https://a.example www.b.example"), "see https&#58;//a.example www&#46;b.example");
        assert_eq!(entities("[x](y) ![z](w)"), "&#91;x&#93;(y) !&#91;z&#93;(w)");
    }
}
