//! `iac-check`: reads, asks the rules, reports.

use super::{
    Context, Error, Outcome,
    arguments::{Check, Format},
    input::{self, Notices},
    names, output,
};
use crate::{
    finding::Certainty,
    project::{Project, Wanted},
    report::{self, Color, ProjectVerdicts, Report, escape::visible, map::Map},
    rules::{RULES, Rule, Verdicts},
    source::SourceMap,
};

/// How standard output is written as a file.
const STANDARD_OUTPUT: &str = "-";

pub(super) fn run(check: &Check, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let rules = chosen(&check.only, &check.skip)?;
    let mut sources = SourceMap::default();
    let notices = if check.quiet { Notices::Hidden } else { Notices::Shown };
    let projects = input::load(&check.paths, &mut sources, context, Wanted::default(), notices)?;
    let verdicts: Vec<_> = projects.iter().map(|project| verdicts(project, &rules)).collect();
    let found = projects.iter().zip(&verdicts).map(|(project, verdicts)| ProjectVerdicts {
        project: &project.name,
        resources: project.resources,
        findings: &verdicts.findings,
        unanswered: &verdicts.unanswered,
    });
    let certainty = if check.possible { Certainty::Possible } else { Certainty::Certain };
    let maps: Vec<Map> = if draws(check) { projects.iter().map(crate::map).collect() } else { Vec::new() };
    let mut report = Report::new(&sources, &found.collect::<Vec<_>>()).at_least(check.severity.severity(), certainty);
    report.rules = rules;
    report.fails_from = check.fail_on.severity();
    report.maps = &maps;
    write(check, &report, context)?;
    if !check.quiet {
        conclude(check, &report, context);
    }
    Ok(if check.fail_on.fails(report.worst()) { Outcome::Findings } else { Outcome::Clean })
}

/// What is wrong with the project's files, and what the rules say of it.
fn verdicts(project: &Project, rules: &[&'static Rule]) -> Verdicts {
    let mut verdicts = crate::check(project, rules);
    verdicts.findings.extend(project.findings.iter().cloned());
    verdicts
}

/// The rules to ask.
fn chosen(only: &[String], skip: &[String]) -> Result<Vec<&'static Rule>, Error> {
    if let Some(unknown) = only.iter().chain(skip).find(|name| crate::rules::find(name).is_none()) {
        return Err(no_such_rule(unknown));
    }
    let is_chosen = |rule: &&Rule| {
        let named = |names: &[String]| names.iter().any(|name| name == rule.name);
        (only.is_empty() || named(only)) && !named(skip)
    };
    Ok(RULES.iter().filter(is_chosen).collect())
}

pub(super) fn no_such_rule(name: &str) -> Error {
    let near = names::nearest(name, RULES.iter().map(|rule| rule.name));
    let hint = if near.is_empty() { "; `iac-check rules` lists them".to_owned() } else { names::suggestion(&near) };
    Error::new(format!("there is no rule `{name}`{hint}"))
}

/// Writes the report to standard output, unless a file gets it instead, and to every file asked for.
fn write(check: &Check, report: &Report<'_>, context: &mut Context<'_>) -> Result<(), Error> {
    let color = output::color(check.color, context.is_terminal);
    let shown = |format, context: &mut Context<'_>| {
        let written = shape(format, color).write(report, context.stdout).and_then(|()| context.stdout.flush());
        written.map_err(Error::stdout)
    };
    for output in &check.output {
        let format = output.format.unwrap_or(check.format);
        if output.file == STANDARD_OUTPUT {
            shown(format, context)?;
            continue;
        }
        let mut text = Vec::new();
        shape(format, Color::Plain).write(report, &mut text).map_err(|error| Error::new(error.to_string()))?;
        let written = context.files.write(&output.file, &text);
        written.map_err(|error| Error::new(format!("cannot write {error}")))?;
    }
    let is_elsewhere = check.output.iter().any(|it| it.format.is_none() || it.file == STANDARD_OUTPUT);
    if is_elsewhere { Ok(()) } else { shown(check.format, context) }
}

fn shape(format: Format, color: Color) -> report::Format {
    match format {
        Format::Text => report::Format::Text(color),
        Format::Json => report::Format::Json,
        Format::Sarif => report::Format::Sarif,
        Format::Github => report::Format::Github,
        Format::Gitlab => report::Format::Gitlab,
        Format::Junit => report::Format::Junit,
        Format::Markdown => report::Format::Markdown,
        Format::Html => report::Format::Html,
    }
}

/// Whether some report shows next hops.
fn draws(check: &Check) -> bool {
    let formats = check.output.iter().filter_map(|it| it.format).chain([check.format]);
    formats.into_iter().any(|format| match format {
        Format::Markdown | Format::Gitlab | Format::Html => true,
        Format::Text | Format::Json | Format::Sarif | Format::Github | Format::Junit => false,
    })
}

/// What is not a finding goes to standard error, where no program that reads findings trips over it.
fn conclude(check: &Check, report: &Report<'_>, context: &mut Context<'_>) {
    let mut lines = Vec::new();
    if check.verbose {
        lines.extend(report::unanswered(report));
    }
    if check.format != Format::Json || check.verbose {
        let hint = if report.unanswered.is_empty() || check.verbose { "" } else { ", --verbose lists them" };
        lines.push(format!("{}{hint}", report::summary(report)));
    }
    for line in lines {
        // Nobody who closed standard error wants to hear that it is closed.
        let _ = writeln!(context.stderr, "{}", visible(&line));
    }
}
