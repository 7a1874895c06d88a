//! The contract's JSON: `check --format json`. What a finding does not have is left out, not null.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    num::NonZeroU32,
};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::{ProjectFinding, Report, escape};
use crate::{
    finding::{Fact, Label, Severity},
    source::{Place, SourceMap, Span},
    worlds::Told,
};

/// The meaning of every JSON that leaves here; it changes when a field's meaning does.
pub(super) const SCHEMA_VERSION: &str = "1";

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    tool: Tool,
    summary: Summary,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    note: usize,
    suppressed: usize,
    projects: usize,
    resources: usize,
    unanswered: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'static str,
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    project: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    location: Location<'a>,
    related: Vec<Related<'a>>,
    evidence: BTreeMap<&'static str, Evidence<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    location: Location<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Evidence<'a> {
    Count(usize),
    Text(&'a str),
    Texts(&'a [String]),
}

/// A place as every JSON of ours has it.
#[derive(Serialize)]
pub(super) struct Location<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: NonZeroU32,
    column: NonZeroU32,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        summary: summary(report),
        findings: report.findings.iter().map(|it| finding(report.sources, it)).collect(),
    };
    write_value(&document, out)
}

/// Writes `value` with a line break at its end, so that no terminal or build log acts upon what stands in it.
pub(super) fn write_value(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Harmless(PrettyFormatter::new())))?;
    writeln!(out)
}

/// As [`write_value`], without the line breaks and blanks that people like.
pub(super) fn write_compact(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Harmless(CompactFormatter)))?;
    Ok(())
}

fn summary(report: &Report<'_>) -> Summary {
    Summary {
        error: report.count(Severity::Error),
        warning: report.count(Severity::Warning),
        note: report.count(Severity::Note),
        suppressed: report.suppressed.len(),
        projects: report.projects.len(),
        resources: report.resources,
        unanswered: report.unanswered.len(),
    }
}

fn finding<'a>(sources: &'a SourceMap, it: &ProjectFinding<'a>) -> Finding<'a> {
    let finding = it.finding;
    Finding {
        rule: finding.rule,
        severity: finding.severity.word(),
        certainty: finding.certainty.word(),
        resource: finding.resource.as_deref(),
        project: it.project,
        message: &finding.message,
        help: finding.help.as_deref(),
        location: location(sources, finding.at.span),
        related: finding.because.iter().map(|label| related(sources, label)).collect(),
        evidence: finding.evidence.iter().map(|(name, fact)| (*name, evidence(fact))).collect(),
        fingerprint: it.fingerprint.to_string(),
    }
}

fn related<'a>(sources: &'a SourceMap, label: &'a Label) -> Related<'a> {
    Related { message: &label.text, resource: label.resource.as_deref(), location: location(sources, label.span) }
}

fn evidence(fact: &Fact) -> Evidence<'_> {
    match fact {
        Fact::Count(count) => Evidence::Count(*count),
        Fact::Text(text) => Evidence::Text(text),
        Fact::Texts(texts) => Evidence::Texts(texts),
    }
}

/// A row that only some worlds have says under which conditions.
#[derive(Serialize)]
pub(super) struct Marked<T> {
    #[serde(flatten)]
    pub(super) what: T,
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<String>,
}

impl<T> Marked<T> {
    pub(super) fn of(told: Told<T>) -> Self {
        Self { what: told.what, when: told.when }
    }
}

pub(super) fn location(sources: &SourceMap, span: Span) -> Location<'_> {
    let place = sources.place(span);
    Location { file: sources.path(span.source), start: point(place.start), end: point(place.end) }
}

fn point(place: Place) -> Point {
    Point { line: place.line, column: place.column }
}

/// Writes hostile characters as `\u….`: the same JSON, but harmless to look at.
struct Harmless<F>(F);

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        let mut at = 0;
        for (before, character, after) in escape::characters(fragment) {
            let end = at + character.len_utf8();
            if escape::is_hostile(before, character, after) {
                writer.write_all(&fragment.as_bytes()[written..at])?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
                written = end;
            }
            at = end;
        }
        writer.write_all(&fragment.as_bytes()[written..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
