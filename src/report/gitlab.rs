//! Code Quality, which GitLab shows in a merge request.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::{
    io::{self, Write},
    num::NonZeroU32,
};

use serde::Serialize;

use super::{ProjectFinding, Report, escape::visible, json, markdown};
use crate::{
    finding::{Certainty, RuleName, Severity},
    source::{SourceMap, Span},
};

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    description: String,
    check_name: RuleName,
    categories: [&'static str; 1],
    content: Content,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
    other_locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: NonZeroU32,
    end: NonZeroU32,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let tables = markdown::Tables::of(report);
    let issues: Vec<_> = report.worst_first().iter().map(|it| issue(report.sources, &tables, it)).collect();
    json::write_value(&issues, out)
}

fn issue<'a>(sources: &'a SourceMap, tables: &markdown::Tables<'_>, it: &ProjectFinding<'a>) -> Issue<'a> {
    let finding = it.finding;
    Issue {
        kind: "issue",
        description: description(it),
        check_name: finding.rule,
        categories: ["Bug Risk"],
        content: Content { body: markdown::body(sources, tables, it) },
        fingerprint: it.fingerprint.to_string(),
        severity: severity(finding.severity),
        location: location(sources, finding.at.span),
        other_locations: finding.because.iter().map(|label| location(sources, label.span)).collect(),
    }
}

/// One line, in which GitLab shows no markup.
fn description(it: &ProjectFinding<'_>) -> String {
    let possibly = match it.finding.certainty {
        Certainty::Certain => "",
        Certainty::Possible => "possibly, ",
    };
    visible(&format!("{possibly}{}", it.finding.message)).into_owned()
}

/// Of GitLab's five words (info, minor, major, critical, blocker).
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}

fn location(sources: &SourceMap, span: Span) -> Location<'_> {
    let place = sources.place(span);
    Location { path: sources.path(span.source), lines: Lines { begin: place.start.line, end: place.end.line } }
}
