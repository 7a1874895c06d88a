//! One page with the network drawn and the findings lit up on it. It needs a browser and nothing else: no network, no
//! other file, and the browser is told to allow none.
//!
//! The page's own text, style and script stand beside this file. What is found goes in as JSON, and reaches the screen
//! as text alone.

use std::io::{self, Write};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Map, ProjectFinding, Report,
    human::summary,
    json, links,
    map::{Project, project},
};
use crate::{
    finding::{Label, RuleName},
    source::SourceMap,
};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

#[derive(Serialize)]
struct Data<'a> {
    version: &'static str,
    summary: String,
    /// Whether rules were asked.
    checked: bool,
    projects: Vec<Project<'a>>,
    findings: Vec<Finding<'a>>,
    questions: Vec<Question<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: RuleName,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    severity: &'static str,
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    project: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// The way of the packet: first where the finding is.
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    place: String,
}

#[derive(Serialize)]
struct Question<'a> {
    rule: RuleName,
    project: &'a str,
    resource: &'a str,
    why: &'a str,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let questions = report.unanswered.iter().map(|it| Question {
        rule: it.question.rule,
        project: it.project,
        resource: &it.question.resource,
        why: &it.question.why,
    });
    let data = Data {
        version: env!("CARGO_PKG_VERSION"),
        summary: summary(report),
        checked: true,
        projects: report.maps.iter().map(|map| project(report.sources, map)).collect(),
        findings: report.worst_first().iter().map(|it| finding(report.sources, it)).collect(),
        questions: questions.collect(),
    };
    write_page(&data, out)
}

/// The maps alone, without findings.
pub(super) fn write_maps(sources: &SourceMap, maps: &[Map], out: &mut dyn Write) -> io::Result<()> {
    let data = Data {
        version: env!("CARGO_PKG_VERSION"),
        summary: String::new(),
        checked: false,
        projects: maps.iter().map(|map| project(sources, map)).collect(),
        findings: Vec::new(),
        questions: Vec::new(),
    };
    write_page(&data, out)
}

fn write_page(data: &Data<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    json::write_compact(data, &mut text)?;
    // In a string of JSON, and nowhere else in it, `<` can stand: no tag begins or ends in the data.
    let text = String::from_utf8(text).map_err(io::Error::other)?.replace('<', "\\u003c");
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    // Each mark once, and what comes of one is not looked through again.
    let mut rest = PAGE;
    for (mark, value) in [("{policy}", policy.as_str()), ("{style}", STYLE), ("{data}", &text), ("{script}", SCRIPT)] {
        let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
        out.write_all(before.as_bytes())?;
        out.write_all(value.as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// What a browser compares a script with before it runs it.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

fn finding<'a>(sources: &SourceMap, it: &ProjectFinding<'a>) -> Finding<'a> {
    let finding = it.finding;
    let steps = std::iter::once(&finding.at).chain(&finding.because);
    Finding {
        rule: finding.rule,
        page: links::page(finding.rule),
        severity: finding.severity.word(),
        certainty: finding.certainty.word(),
        resource: finding.resource.as_deref(),
        project: it.project,
        message: &finding.message,
        help: finding.help.as_deref(),
        steps: steps.map(|label| step(sources, label)).collect(),
    }
}

fn step<'a>(sources: &SourceMap, label: &'a Label) -> Step<'a> {
    let start = sources.place(label.span).start;
    let place = format!("{}:{}", sources.path(label.span.source), start.line);
    Step { message: &label.text, resource: label.resource.as_deref(), place }
}
