//! `iac-check`: reads, asks the rules, reports.

use super::{
    Context, Error, Outcome,
    arguments::{Check, Format},
    changed,
    input::{self, Notices},
    names, output,
    progress::Progress,
    settings::Settings,
};
use crate::{
    files::decode,
    finding::{Certainty, Finding},
    parallel,
    project::{Project, Wanted},
    report::{self, Color, ProjectVerdicts, Report, baseline::Baseline, escape::visible, map::Map},
    rules::{RULES, Rule, Verdicts},
    source::SourceMap,
    suppress::Allowances,
};

/// How standard output is written as a file.
const STANDARD_OUTPUT: &str = "-";

pub(super) fn run(check: &Check, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let settings = Settings::read(check.paths.config.as_deref(), &mut sources, context.files)?;
    let mut rules = chosen(&check.only, &check.skip)?;
    rules.retain(|rule| !settings.is_off(rule.name) || check.only.iter().any(|name| name == rule.name));
    let baseline = check.baseline.as_deref().map(|path| baseline(path, context)).transpose()?;
    let projects = read(check, &settings, &mut sources, context)?;
    if check.changed_only {
        refuse_without_plan(&projects, context)?;
    }
    let progress = Progress::begin("checking", Some(projects.len()), context.watcher.as_ref().filter(|_| !check.quiet));
    let mut verdicts = parallel::map(projects.iter().collect(), |project| {
        progress.step(&project.name);
        verdicts(project, &rules, check.changed_only)
    });
    drop(progress);
    for verdicts in &mut verdicts {
        settings.apply(&sources, &mut verdicts.findings, &check.only);
    }
    let allowances = Allowances::of(&sources);
    // Of what was there before, nothing is left that an allowance could be used for.
    let unused = if check.changed_only { Vec::new() } else { unused(&allowances, &sources, &verdicts, &rules) };
    if let Some(first) = verdicts.first_mut() {
        first.findings.extend(unused);
    }
    let found = projects.iter().zip(&verdicts).map(|(project, verdicts)| ProjectVerdicts {
        project: &project.name,
        resources: project.resources,
        findings: &verdicts.findings,
        unanswered: &verdicts.unanswered,
    });
    let certainty = if check.possible { Certainty::Possible } else { Certainty::Certain };
    let maps: Vec<Map> = if draws(check) { projects.iter().map(crate::map).collect() } else { Vec::new() };
    let mut report = Report::new(&sources, &found.collect::<Vec<_>>());
    report.suppress(&allowances);
    let used = report.allow(|finding| settings.allows(&sources, finding));
    let mut report = report.at_least(check.severity.severity(), certainty);
    report.rules = rules;
    report.fails_from = check.fail_on.severity();
    report.maps = &maps;
    report.columns = output::columns(context.is_terminal);
    if let Some(path) = &check.write_baseline {
        write_baseline(path, &mut report, context)?;
    }
    let gone = baseline.map_or(0, |baseline| baseline.apply(&mut report));
    let gone = if check.changed_only { 0 } else { gone };
    write(check, &report, context)?;
    if !check.quiet {
        let unused = if check.verbose { settings.unused(&used) } else { Vec::new() };
        conclude(check, &report, gone, unused, context);
    }
    let outcome = if check.fail_on.fails(report.worst()) { Outcome::Findings } else { Outcome::Clean };
    // The process ends with this, and all of it goes at once: taking it apart piece by piece is a tenth of a run.
    std::mem::forget((projects, sources));
    Ok(outcome)
}

/// What is to be said of allowances that allow nothing.
fn unused(
    allowances: &Allowances,
    sources: &SourceMap,
    verdicts: &[Verdicts],
    asked: &[&'static Rule],
) -> Vec<Finding> {
    let open = verdicts.iter().flat_map(|it| &it.unanswered).map(|question| question.rule).collect();
    allowances.unused(sources, verdicts.iter().flat_map(|it| &it.findings), asked, &open)
}

/// The projects, without what the settings leave out.
fn read(
    check: &Check,
    settings: &Settings,
    sources: &mut SourceMap,
    context: &mut Context<'_>,
) -> Result<Vec<Project>, Error> {
    let notices = if check.quiet { Notices::Hidden } else { Notices::Shown };
    let wanted = Wanted { before: true, ..Wanted::default() };
    if !check.changed_files {
        return input::load_by(settings, &check.paths, sources, context, wanted, notices);
    }
    let paths = changed::paths(&check.paths, settings, context)?;
    if paths.paths.is_empty() {
        return Ok(Vec::new());
    }
    input::load_by(settings, &paths, sources, context, wanted, notices)
}

/// What a plan brings only a plan can say. Where some of the inputs are none, all that is found in them is shown: nothing
/// is left out that may be new.
fn refuse_without_plan(projects: &[Project], context: &mut Context<'_>) -> Result<(), Error> {
    // A file that does not parse may have been a plan, and says what is wrong with it.
    let is_read = |project: &&Project| {
        project.undeclared.is_some() || project.findings.iter().all(|it| it.rule != "syntax_error")
    };
    let without = projects.iter().filter(|it| it.before.is_none());
    let without: Vec<_> = without.filter(is_read).map(|it| it.name.as_str()).collect();
    if without.is_empty() {
        return Ok(());
    }
    let names = without.join(", ");
    if projects.iter().all(|it| it.before.is_none()) {
        return Err(Error::new(format!(
            "--changed-only: {names} says nothing of what is there before; name a plan: `terraform plan -out PLAN`, then `terraform show -json PLAN > plan.json`"
        )));
    }
    input::tell([format!("{names} says nothing of what is there before: all that is found in it is shown")], context);
    Ok(())
}

fn baseline(path: &str, context: &Context<'_>) -> Result<Baseline, Error> {
    let text = decode(context.files.read(path)?).map_err(|error| Error::new(format!("{path} {error}")))?;
    Baseline::read(&text).map_err(|why| Error::new(format!("{path} {why}")))
}

/// Takes what there is as known.
fn write_baseline(path: &str, report: &mut Report<'_>, context: &Context<'_>) -> Result<(), Error> {
    let mut text = Vec::new();
    report::baseline::write(report, &mut text).map_err(|error| Error::new(error.to_string()))?;
    let written = context.files.write(path, &text);
    written.map_err(|error| Error::new(format!("cannot write {error}")))?;
    let text = String::from_utf8_lossy(&text);
    Baseline::read(&text).map_err(Error::new)?.apply(report);
    Ok(())
}

/// What is wrong with the project's files, and what the rules say of it.
fn verdicts(project: &Project, rules: &[&'static Rule], changed_only: bool) -> Verdicts {
    let mut verdicts = if changed_only { crate::check_change(project, rules) } else { crate::check(project, rules) };
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
    let near = names::nearest(&name.to_lowercase(), RULES.iter().map(|rule| rule.name));
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
fn conclude(check: &Check, report: &Report<'_>, gone: usize, mut lines: Vec<String>, context: &mut Context<'_>) {
    if check.verbose {
        lines.extend(report::unanswered(report));
    }
    if check.format != Format::Json || check.verbose {
        let hint = if report.unanswered.is_empty() || check.verbose { "" } else { ", --verbose lists them" };
        lines.push(format!("{}{hint}", report::summary(report)));
    }
    if let (Some(path), true) = (&check.baseline, gone != 0) {
        let entries = if gone == 1 { "1 finding".to_owned() } else { format!("{gone} findings") };
        lines.push(format!("{path}: {entries} of it not there any more; --write-baseline {path} forgets them"));
    }
    for line in lines {
        // Nobody who closed standard error wants to hear that it is closed.
        let _ = writeln!(context.stderr, "{}", visible(&line));
    }
}
