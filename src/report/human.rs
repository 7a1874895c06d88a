//! Findings for people: each with its places drawn, as compilers do.

use std::{
    io::{self, Write},
    ops::Range,
};

use codespan_reporting::{
    diagnostic::{self, Diagnostic, LabelStyle},
    files,
    term::{self, Config, termcolor::Ansi},
};

use rustc_hash::FxHashMap;

use super::{Color, ProjectFinding, Report, escape::visible, excerpt::Excerpt, links};
use crate::finding::{Certainty, Label, RuleName, Severity};

/// How many columns prose and rows of code take before they are broken, where there is room.
pub(super) const WIDTH: usize = 96;

/// In fewer columns nothing can be read.
const LEAST_WIDTH: usize = 32;

/// How many columns stand before a row of code: the line's number and the rule beside it.
const MARGIN: usize = 6;

/// How many resources are named of which one label says the same.
const MOST_NAMES: usize = 3;

/// How much of a span that is too long to show is underlined at least.
const SHORTEST_UNDERLINE: usize = 8;

pub(super) fn write(report: &Report<'_>, color: Color, out: &mut dyn Write) -> io::Result<()> {
    let config = Config::default();
    for finding in &report.findings {
        let (excerpt, diagnostic) = draw(report, finding);
        let written = match color {
            Color::Plain => term::emit_to_io_write(out, &config, &excerpt, &diagnostic),
            Color::Ansi => term::emit_to_write_style(&mut Ansi::new(&mut *out), &config, &excerpt, &diagnostic),
            Color::AnsiWithLinks => {
                let mut drawn = Vec::new();
                term::emit_to_write_style(&mut Ansi::new(&mut drawn), &config, &excerpt, &diagnostic)
                    .and_then(|()| Ok(out.write_all(&linked(drawn, finding.finding.rule))?))
            }
        };
        written.map_err(into_io)?;
    }
    Ok(())
}

/// What is drawn, with the rule's name in its first line as a link to the rule's page.
/// <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>
fn linked(drawn: Vec<u8>, rule: RuleName) -> Vec<u8> {
    let name = format!("[{rule}]");
    let (Some(page), Some(at)) = (links::page(rule), memchr::memmem::find(&drawn, name.as_bytes())) else {
        return drawn;
    };
    let link = format!("[\u{1b}]8;;{page}\u{1b}\\{rule}\u{1b}]8;;\u{1b}\\]");
    [&drawn[..at], link.as_bytes(), &drawn[at + name.len()..]].concat()
}

/// One line that sums the report up: `1 error, 2 warnings in 3 projects (1,234 resources)`.
pub fn summary(report: &Report<'_>) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(|it| (report.count(it), it.word()));
    let found: Vec<_> = counts.iter().filter(|(count, _)| *count != 0).map(|(it, word)| counted(*it, word)).collect();
    let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    let projects = counted(report.projects.len(), "project");
    let resources = counted(report.resources, "resource");
    let open = report.unanswered.len();
    let open = if open == 0 { String::new() } else { format!("; {} not answered", counted(open, "question")) };
    let suppressed = report.suppressed.len();
    let left_out =
        if suppressed == 0 { String::new() } else { format!("; {} left out", counted(suppressed, "finding")) };
    format!("{found} in {projects} ({resources}){open}{left_out}")
}

/// A line for each open question: the rule, what it is about, and the unknown that stands in the way.
pub fn unanswered(report: &Report<'_>) -> Vec<String> {
    let line = |it: &super::ProjectQuestion<'_>| {
        let question = it.question;
        let project = if report.projects.len() == 1 { String::new() } else { format!("{}: ", it.project) };
        let line = format!("not answered: {project}{}: {}: {}", question.resource, question.rule, question.why);
        visible(&line).into_owned()
    };
    report.unanswered.iter().map(line).collect()
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", with_commas(count), if count == 1 { "" } else { "s" })
}

fn with_commas(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at != 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn draw(report: &Report<'_>, it: &ProjectFinding<'_>) -> (Excerpt, Diagnostic<usize>) {
    let finding = it.finding;
    let labels = labels(it);
    let width = width(report);
    let spans: Vec<_> = labels.iter().map(|it| it.first.span).collect();
    let (excerpt, marks) = Excerpt::of(report.sources, &spans, width);
    let mut diagnostic = Diagnostic::new(severity(finding.severity));
    diagnostic.code = Some(visible(finding.rule).into_owned());
    diagnostic.message = visible(&finding.message).into_owned();
    for (Alike { style, first, others }, mark) in labels.into_iter().zip(marks) {
        let message = match others.as_slice() {
            [] => message(first, excerpt.row_text(&mark)),
            others => message_of_all(first, others),
        };
        let mut range = mark.range;
        if mark.cut {
            let room = width.saturating_sub(message.chars().count()).max(SHORTEST_UNDERLINE);
            range = shortened(&excerpt, mark.piece, range, room);
        }
        diagnostic.labels.push(diagnostic::Label::new(style, mark.piece, range).with_message(message));
    }
    diagnostic.notes = notes(report, it);
    (excerpt, diagnostic)
}

/// Labels that say the same of several resources at one place, as of the instances of a `count`.
struct Alike<'a> {
    style: LabelStyle,
    first: &'a Label,
    others: Vec<&'a Label>,
}

/// The primary label and those that lead to it.
fn labels<'a>(it: &ProjectFinding<'a>) -> Vec<Alike<'a>> {
    let mut all = vec![Alike { style: LabelStyle::Primary, first: &it.finding.at, others: Vec::new() }];
    let mut places = FxHashMap::default();
    for label in &it.finding.because {
        let place = *places.entry((label.span, label.text.as_str())).or_insert(all.len());
        match all.get_mut(place) {
            Some(alike) => alike.others.push(label),
            None => all.push(Alike { style: LabelStyle::Secondary, first: label, others: Vec::new() }),
        }
    }
    all
}

/// What stands beside labels that say the same: the first resources by name, and how many more.
fn message_of_all(first: &Label, others: &[&Label]) -> String {
    let mut names: Vec<&str> =
        std::iter::once(first).chain(others.iter().copied()).filter_map(|it| it.resource.as_deref()).collect();
    names.dedup();
    let more = names.len().saturating_sub(MOST_NAMES);
    names.truncate(MOST_NAMES);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let names = format!("{}{more}", names.join(", "));
    let text = match (names.is_empty(), first.text.is_empty()) {
        (true, _) => first.text.clone(),
        (false, true) => names,
        (false, false) => format!("{names}: {}", first.text),
    };
    visible(&text).into_owned()
}

/// The first `columns` of a range that stands on one line.
fn shortened(excerpt: &Excerpt, piece: usize, range: Range<usize>, columns: usize) -> Range<usize> {
    let Ok(text) = files::Files::source(excerpt, piece) else { return range };
    let shown = &text[range.clone()];
    if shown.contains('\n') {
        return range;
    }
    let end = shown.char_indices().nth(columns).map_or(range.end, |(at, _)| range.start + at);
    range.start..end
}

/// What stands beside a label: the resource, unless the words or the row above name it, and the words.
fn message(label: &Label, row: &str) -> String {
    let text = match &label.resource {
        Some(resource) if label.text.is_empty() => resource.clone(),
        Some(resource) if !label.text.contains(resource.as_str()) && !names(row, resource) => {
            format!("{resource}: {}", label.text)
        }
        Some(_) | None => label.text.clone(),
    };
    visible(&text).into_owned()
}

/// Whether a row of a plan says that it is `resource`: `"aws_subnet.zone[\"b\"]"`.
fn names(row: &str, resource: &str) -> bool {
    row.contains(&format!("\"{}\"", resource.replace('"', "\\\"")))
}

fn notes(report: &Report<'_>, it: &ProjectFinding<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if it.finding.certainty == Certainty::Possible {
        notes.push("possible: something that is not known yet decides".to_owned());
    }
    if let Some(help) = &it.finding.help {
        notes.push(wrapped(&format!("help: {help}"), width(report)));
    }
    if 1 < report.projects.len() {
        notes.push(format!("project: {}", visible(it.project)));
    }
    notes
}

/// How many columns rows of code and prose take.
fn width(report: &Report<'_>) -> usize {
    report.columns.map_or(WIDTH, |columns| columns.saturating_sub(MARGIN).clamp(LEAST_WIDTH, WIDTH))
}

/// `text` in lines of at most `width` columns, broken between words. A build log takes a line that starts with `::` for
/// a command, so none is broken there.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut columns = 0;
    for word in visible(text).split(' ') {
        let length = word.chars().count();
        if columns != 0 && width < columns + 1 + length && !word.starts_with("::") {
            lines.push('\n');
            columns = 0;
        } else if columns != 0 {
            lines.push(' ');
            columns += 1;
        }
        lines.push_str(word);
        columns += length;
    }
    lines
}

fn severity(severity: Severity) -> diagnostic::Severity {
    match severity {
        Severity::Error => diagnostic::Severity::Error,
        Severity::Warning => diagnostic::Severity::Warning,
        Severity::Note => diagnostic::Severity::Note,
    }
}

fn into_io(error: files::Error) -> io::Error {
    if let files::Error::Io(error) = error { error } else { io::Error::other(error) }
}
