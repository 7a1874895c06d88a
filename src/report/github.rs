//! Workflow commands, which GitHub Actions shows beside the code: `::error file=…,line=…::…`.
//!
//! GitHub shows at most ten annotations of a kind for each step, so the worst come first.

use std::{
    cmp::Reverse,
    fmt::Write as _,
    io::{self, Write},
};

use super::{ProjectFinding, Report, escape::visible};
use crate::{
    finding::{Certainty, Label, Severity},
    source::SourceMap,
};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut findings: Vec<_> = report.findings.iter().collect();
    // Stable: equal ones stay as a reader meets them.
    findings.sort_by_key(|it| Reverse((it.finding.severity, it.finding.certainty)));
    for finding in findings {
        writeln!(out, "{}", command(report.sources, finding))?;
    }
    Ok(())
}

fn command(sources: &SourceMap, it: &ProjectFinding<'_>) -> String {
    let finding = it.finding;
    let place = sources.place(finding.at.span);
    let mut command = format!("::{} file={}", name(finding.severity), property(sources.path(finding.at.span.source)));
    let mut add = |key: &str, value: &dyn std::fmt::Display| {
        write!(command, ",{key}={value}").expect("writing to a String does not fail");
    };
    add("line", &place.start.line);
    // GitHub drops columns that stand on different lines.
    if place.start.line == place.end.line {
        add("col", &place.start.column);
    }
    add("endLine", &place.end.line);
    add("title", &property(finding.rule));
    command.push_str("::");
    command.push_str(&message(sources, it));
    command
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// The whole finding in the few lines that an annotation has room for.
fn message(sources: &SourceMap, it: &ProjectFinding<'_>) -> String {
    let finding = it.finding;
    let mut lines = vec![match (&finding.resource, finding.certainty) {
        (Some(resource), Certainty::Certain) => format!("{resource}: {}", finding.message),
        (Some(resource), Certainty::Possible) => format!("{resource}: possibly, {}", finding.message),
        (None, Certainty::Certain) => finding.message.clone(),
        (None, Certainty::Possible) => format!("possibly, {}", finding.message),
    }];
    lines.extend(finding.because.iter().map(|label| related(sources, label)));
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    let lines: Vec<_> = lines.iter().map(|line| data(line)).collect();
    lines.join("%0A")
}

fn related(sources: &SourceMap, label: &Label) -> String {
    let start = sources.place(label.span).start;
    let place = format!("{}:{}:{}", sources.path(label.span.source), start.line, start.column);
    match &label.resource {
        Some(resource) => format!("{place}: {resource}: {}", label.text),
        None => format!("{place}: {}", label.text),
    }
}

/// Text as the data of a command. Line breaks of others are shown, not made: only ours part lines.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// Text as the value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
