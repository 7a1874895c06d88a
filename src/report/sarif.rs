//! SARIF 2.1.0: the exchange format of code scanning and editors.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; what GitHub reads of it:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

use std::{
    collections::BTreeMap,
    io::{self, Write},
    num::NonZeroU32,
};

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{ProjectFinding, Report, Suppression, json, links, rules::body};
use crate::{
    finding::{Certainty, Label, RuleName, Severity},
    rules::{self, Rule},
    source::{SourceMap, Span},
};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What files are relative to. It has no address: a report says nothing of the machine that made it.
const BASE: &str = "%SRCROOT%";

/// The first version of our fingerprints. Where what they are made of changes, so does the name.
const FINGERPRINT: &str = "iacCheck/v1";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    original_uri_base_ids: BTreeMap<&'static str, Base>,
    invocations: [Invocation; 1],
    results: Vec<Finding<'a>>,
    properties: RunProperties<'a>,
}

#[derive(Serialize)]
struct Base {
    description: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
}

#[derive(Serialize)]
struct RunProperties<'a> {
    projects: &'a [&'a str],
    resources: usize,
    unanswered: usize,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: RuleName,
    short_description: Text,
    full_description: Text,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: DescriptorProperties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct DescriptorProperties {
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
    tags: [&'static str; 2],
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: RuleName,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Text,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow<'a>>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<[SuppressionObject<'a>; 1]>,
    properties: FindingProperties<'a>,
}

#[derive(Serialize)]
struct FindingProperties<'a> {
    certainty: &'static str,
    project: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct SuppressionObject<'a> {
    kind: &'static str,
    status: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation")]
    physical: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "logicalLocations")]
    logical: Option<[LogicalLocation<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: NonZeroU32,
    start_column: NonZeroU32,
    end_line: NonZeroU32,
    end_column: NonZeroU32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: &'a str,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow<'a> {
    thread_flows: [ThreadFlow<'a>; 1],
}

#[derive(Serialize)]
struct ThreadFlow<'a> {
    locations: Vec<ThreadFlowLocation<'a>>,
}

#[derive(Serialize)]
struct ThreadFlowLocation<'a> {
    location: Location<'a>,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (descriptors, places) = descriptors(report);
    let shown = report.findings.iter().map(|it| finding(report.sources, it, None, &places));
    let suppressed = report.suppressed.iter();
    let suppressed = suppressed.map(|it| finding(report.sources, &it.finding, Some(&it.by), &places));
    let base = Base { description: text("The folder that iac-check was run in") };
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: descriptors,
            },
        },
        // A column is one Unicode scalar value.
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: BTreeMap::from([(BASE, base)]),
        invocations: [Invocation { execution_successful: true }],
        results: shown.chain(suppressed).collect(),
        properties: RunProperties {
            projects: &report.projects,
            resources: report.resources,
            unanswered: report.unanswered.len(),
        },
    };
    json::write_value(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

/// The rules that were asked, then whatever else findings name, and the place of each.
fn descriptors(report: &Report<'_>) -> (Vec<Descriptor>, FxHashMap<RuleName, usize>) {
    let mut descriptors = Vec::new();
    let mut places = FxHashMap::default();
    let findings = report.findings.iter().chain(report.suppressed.iter().map(|it| &it.finding));
    let found = findings.map(|it| (it.finding.rule, it.finding.severity));
    let asked = report.rules.iter().map(|rule| (rule.name, rule.meta.severity));
    for (name, severity) in asked.chain(found) {
        places.entry(name).or_insert_with(|| {
            descriptors.push(rules::find(name).map_or_else(|| nameless(name, severity), descriptor));
            descriptors.len() - 1
        });
    }
    (descriptors, places)
}

fn descriptor(rule: &Rule) -> Descriptor {
    Descriptor {
        id: rule.name,
        short_description: text(rule.summary()),
        full_description: text(rule.summary()),
        help: Help { text: rule.summary().to_owned(), markdown: links::resolved(body(rule.page)) },
        help_uri: links::page(rule.name),
        default_configuration: Configuration { level: rule.meta.severity.word() },
        properties: properties(rule.meta.severity),
    }
}

/// What is found without a rule's being asked, such as a file that does not parse.
fn nameless(name: RuleName, severity: Severity) -> Descriptor {
    let words = name.replace('_', " ");
    Descriptor {
        id: name,
        short_description: text(&words),
        full_description: text(&words),
        help: Help { text: words.clone(), markdown: words },
        help_uri: None,
        default_configuration: Configuration { level: severity.word() },
        properties: properties(severity),
    }
}

fn properties(severity: Severity) -> DescriptorProperties {
    let severity = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    };
    DescriptorProperties { precision: "very-high", severity, tags: ["network", "reliability"] }
}

fn finding<'a>(
    sources: &SourceMap,
    it: &ProjectFinding<'a>,
    suppression: Option<&'a Suppression>,
    places: &FxHashMap<RuleName, usize>,
) -> Finding<'a> {
    let finding = it.finding;
    let related = finding.because.iter().enumerate();
    let related = related.map(|(at, label)| Location { id: Some(at + 1), ..location(sources, label) });
    Finding {
        rule_id: finding.rule,
        rule_index: places.get(finding.rule).copied().unwrap_or_default(),
        kind: "fail",
        level: finding.severity.word(),
        message: message(it),
        locations: [Location { message: None, ..location(sources, &finding.at) }],
        related_locations: related.collect(),
        code_flows: code_flows(sources, it),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, it.fingerprint.to_string())]),
        suppressions: suppression.map(|it| [suppression_object(it)]),
        properties: FindingProperties {
            certainty: finding.certainty.word(),
            project: it.project,
            help: finding.help.as_deref(),
        },
    }
}

fn message(it: &ProjectFinding<'_>) -> Text {
    let possibly = match it.finding.certainty {
        Certainty::Certain => "",
        Certainty::Possible => "possibly, ",
    };
    let help = it.finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    text(&format!("{possibly}{}{help}", it.finding.message))
}

/// The way of the packet, from the resource that the finding is about.
fn code_flows<'a>(sources: &SourceMap, it: &ProjectFinding<'a>) -> Vec<CodeFlow<'a>> {
    let finding = it.finding;
    if finding.because.is_empty() {
        return Vec::new();
    }
    let steps = std::iter::once(&finding.at).chain(&finding.because);
    let locations = steps.map(|label| ThreadFlowLocation { location: location(sources, label) }).collect();
    vec![CodeFlow { thread_flows: [ThreadFlow { locations }] }]
}

fn location<'a>(sources: &SourceMap, label: &'a Label) -> Location<'a> {
    let words = match &label.resource {
        Some(resource) if label.text.is_empty() => resource.clone(),
        Some(resource) if !label.text.contains(resource.as_str()) => format!("{resource}: {}", label.text),
        Some(_) | None => label.text.clone(),
    };
    let resource = label.resource.as_deref();
    Location {
        id: None,
        physical: physical(sources, label.span),
        logical: resource.map(|it| [LogicalLocation { fully_qualified_name: it, kind: "resource" }]),
        message: (!words.is_empty()).then(|| text(&words)),
    }
}

fn physical(sources: &SourceMap, span: Span) -> PhysicalLocation {
    let path = sources.path(span.source);
    let place = sources.place(span);
    PhysicalLocation {
        artifact_location: ArtifactLocation {
            uri: links::uri(path),
            uri_base_id: links::is_relative(path).then_some(BASE),
        },
        region: Region {
            start_line: place.start.line,
            start_column: place.start.column,
            end_line: place.end.line,
            end_column: place.end.column,
        },
    }
}

fn suppression_object(it: &Suppression) -> SuppressionObject<'_> {
    match it {
        Suppression::Allowance(because) => {
            SuppressionObject { kind: "inSource", status: "accepted", justification: because }
        }
        Suppression::Settings(because) => {
            SuppressionObject { kind: "external", status: "accepted", justification: because }
        }
        Suppression::Baseline => SuppressionObject {
            kind: "external",
            status: "accepted",
            justification: "the baseline holds it: it was there before",
        },
    }
}

/// A message. `[words](target)` would be a link: a name that looks like one stays a name.
fn text(text: &str) -> Text {
    let is_link = text.contains("](");
    let text = if is_link { text.replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() };
    Text { text }
}
