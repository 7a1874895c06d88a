//! Workflow commands, which GitHub Actions shows beside the code: `::error file=…,line=…::…`.
//!
//! GitHub shows at most ten annotations of a kind for each step and drops the others without a word: so the worst come
//! first, and those beyond the tenth stand in the log, folded.
//! <https://docs.github.com/en/rest/checks/runs>, <https://github.com/orgs/community/discussions/26680>

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::{ProjectFinding, Report, escape::visible, human::counted};
use crate::{
    finding::{Certainty, Label, Severity},
    source::SourceMap,
};

/// How many annotations of a kind a step can make.
const MOST: usize = 10;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut left = Vec::new();
    let mut counts = [0; 3];
    for finding in report.worst_first() {
        let count = &mut counts[finding.finding.severity as usize];
        *count += 1;
        if *count <= MOST {
            writeln!(out, "{}", command(report.sources, &finding))?;
        } else {
            left.push(finding);
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    writeln!(out, "::group::{} without an annotation: a step has room for {MOST}", counted(left.len(), "finding"))?;
    for finding in left {
        writeln!(out, "{}", line(report.sources, &finding))?;
    }
    writeln!(out, "::endgroup::")
}

/// A finding as a line of the log. It starts with a word of ours, so that it is no command.
fn line(sources: &SourceMap, it: &ProjectFinding<'_>) -> String {
    let finding = it.finding;
    let start = sources.place(finding.at.span).start;
    let path = sources.path(finding.at.span.source);
    let resource = finding.resource.as_deref().map(|it| format!("{it}: ")).unwrap_or_default();
    let (severity, rule, message) = (finding.severity.word(), finding.rule, &finding.message);
    visible(&format!("{severity}[{rule}] {path}:{}:{}: {resource}{message}", start.line, start.column)).into_owned()
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
