//! The XML of `JUnit`, which build servers show as tests: a suite for each project, a case for each rule and each finding.
//!
//! A finding that makes the run fail is a failure. A rule that could not answer is skipped: that is no pass.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use rustc_hash::FxHashMap;

use super::{ProjectFinding, Report, Suppressed, Suppression, escape::visible};
use crate::{
    finding::{Certainty, RuleName},
    source::SourceMap,
};

/// What was found in one project.
#[derive(Default)]
struct Suite<'a> {
    findings: Vec<&'a ProjectFinding<'a>>,
    suppressed: Vec<&'a Suppressed<'a>>,
    unanswered: FxHashMap<RuleName, Vec<String>>,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: FxHashMap<&str, Suite<'_>> = FxHashMap::default();
    for it in &report.findings {
        suites.entry(it.project).or_default().findings.push(it);
    }
    for it in &report.suppressed {
        suites.entry(it.finding.project).or_default().suppressed.push(it);
    }
    for it in &report.unanswered {
        let question = it.question;
        let open = suites.entry(it.project).or_default().unanswered.entry(question.rule).or_default();
        open.push(format!("{}: {}", question.resource, question.why));
    }
    let empty = Suite::default();
    let suites = report.projects.iter().map(|project| (*project, suites.get(project).unwrap_or(&empty)));
    let suites: Vec<_> = suites.map(|(project, suite)| Cases::of(report, project, suite)).collect();
    let sum = |count: fn(&Cases) -> usize| suites.iter().map(count).sum::<usize>();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="{}" tests="{}" failures="{}" errors="0" skipped="{}">"#,
        env!("CARGO_PKG_NAME"),
        sum(|it| it.tests),
        sum(|it| it.failures),
        sum(|it| it.skipped)
    )?;
    for suite in &suites {
        out.write_all(suite.xml.as_bytes())?;
    }
    writeln!(out, "</testsuites>")
}

/// The cases of one suite, written and counted.
struct Cases {
    xml: String,
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl Cases {
    fn of(report: &Report<'_>, project: &str, suite: &Suite<'_>) -> Self {
        let mut cases = Self { xml: String::new(), tests: 0, failures: 0, skipped: 0 };
        for it in &suite.findings {
            cases.add_finding(report, it);
        }
        for it in &suite.suppressed {
            cases.add_suppressed(report, it);
        }
        let has_finding = |rule: RuleName| suite.findings.iter().any(|it| it.finding.rule == rule);
        for rule in report.rules.iter().filter(|rule| !has_finding(rule.name)) {
            cases.add_rule(project, rule.name, suite.unanswered.get(rule.name));
        }
        let (tests, failures, skipped) = (cases.tests, cases.failures, cases.skipped);
        let name = attribute(project);
        let xml = cases.xml;
        cases.xml = format!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">\n{xml}  </testsuite>\n"
        );
        cases
    }

    fn add_finding(&mut self, report: &Report<'_>, it: &ProjectFinding<'_>) {
        let finding = it.finding;
        self.open(report.sources, it);
        let message = message(it);
        let places = attribute_lines(&places(report.sources, it));
        let fails = report.fails_from.is_some_and(|from| from <= finding.severity);
        if fails {
            self.failures += 1;
            let (kind, message) = (finding.severity.word(), attribute(&message));
            self.push(format_args!(
                "      <failure type=\"{kind}\" message=\"{message}\">{places}</failure>\n    </testcase>\n"
            ));
        } else {
            let (kind, message) = (finding.severity.word(), attribute(&message));
            self.push(format_args!("      <system-out>{kind}: {message}\n{places}</system-out>\n    </testcase>\n"));
        }
    }

    fn add_suppressed(&mut self, report: &Report<'_>, it: &Suppressed<'_>) {
        self.open(report.sources, &it.finding);
        self.skipped += 1;
        let why = match &it.by {
            Suppression::Allowance(because) | Suppression::Settings(because) => format!("allowed: {because}"),
            Suppression::Baseline => "the baseline holds it".to_owned(),
        };
        self.push(format_args!("      <skipped message=\"{}\"/>\n    </testcase>\n", attribute(&why)));
    }

    /// The case of a rule that found nothing.
    fn add_rule(&mut self, project: &str, rule: RuleName, open: Option<&Vec<String>>) {
        self.tests += 1;
        let project = attribute(project);
        match open {
            None => self.push(format_args!("    <testcase classname=\"{project}\" name=\"{rule}\"/>\n")),
            Some(open) => {
                self.skipped += 1;
                let why = attribute(&format!("not answered: {}", open.join("; ")));
                self.push(format_args!(
                    "    <testcase classname=\"{project}\" name=\"{rule}\">\n      <skipped message=\"{why}\"/>\n    </testcase>\n"
                ));
            }
        }
    }

    fn open(&mut self, sources: &SourceMap, it: &ProjectFinding<'_>) {
        self.tests += 1;
        let finding = it.finding;
        let resource = finding.resource.as_deref().map(|it| format!(": {it}")).unwrap_or_default();
        let name = attribute(&format!("{}{resource}", finding.rule));
        let file = attribute(sources.path(finding.at.span.source));
        let line = sources.place(finding.at.span).start.line;
        let project = attribute(it.project);
        self.push(format_args!(
            "    <testcase classname=\"{project}\" name=\"{name}\" file=\"{file}\" line=\"{line}\">\n"
        ));
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.xml.write_fmt(text).expect("writing to a String does not fail");
    }
}

fn message(it: &ProjectFinding<'_>) -> String {
    match it.finding.certainty {
        Certainty::Certain => it.finding.message.clone(),
        Certainty::Possible => format!("possibly, {}", it.finding.message),
    }
}

/// The places of a finding, and its help, a line each.
fn places(sources: &SourceMap, it: &ProjectFinding<'_>) -> Vec<String> {
    let labels = std::iter::once(&it.finding.at).chain(&it.finding.because);
    let place = |label: &crate::finding::Label| {
        let start = sources.place(label.span).start;
        let path = sources.path(label.span.source);
        let resource = label.resource.as_deref().map(|it| format!(" {it}:")).unwrap_or_default();
        format!("{path}:{}:{}:{resource} {}", start.line, start.column, label.text)
    };
    labels.map(place).chain(it.finding.help.iter().map(|help| format!("help: {help}"))).collect()
}

fn attribute_lines(lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| attribute(line)).collect();
    lines.join("\n")
}

/// Text for XML, in an attribute or between tags. The two code points of the basic plane that no XML may hold, and that
/// are not hostile otherwise, are written out.
fn attribute(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    for character in visible(text).chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => super::escape::push_escape(&mut shown, character),
            other => shown.push(other),
        }
    }
    shown
}
