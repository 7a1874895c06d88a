//! What pages and scenarios share: the one call of the program, and the making of plans.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{env, process::Command};

use iac_check::{
    files::{Disk, Files, Memory},
    finding::{Certainty, Finding},
    project::{self, Project, Wanted},
    rules::Rule,
    source::SourceMap,
};

/// What a network is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The recorded plan or state, and nothing beside it.
    DocumentAlone,
    CodeAlone,
    /// The plan, joined with the code beside it.
    Joined,
    /// The same network in CloudFormation.
    Template,
}

/// A finding, and where its main place is.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) finding: Finding,
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// What `folder` holds, whose plan, state or template is `document`.
pub(crate) fn opened(folder: &str, document: &str, reading: Reading) -> Opened {
    let text = |path: &str| String::from_utf8(Disk.read(path).unwrap_or_else(|error| panic!("{error}"))).unwrap();
    let within = |path: &str| path.strip_prefix(&format!("{folder}/")).unwrap_or(path).to_owned();
    match reading {
        Reading::DocumentAlone => {
            let path = format!("{folder}/{document}");
            open(&Memory::of([(document, text(&path).as_str())]), document)
        }
        Reading::CodeAlone => {
            let code =
                Disk.walk(folder).into_iter().filter(|path| path.rsplit_once('.').is_some_and(|it| it.1 == "tf"));
            let code = code.filter(|path| !within(path).starts_with("before/"));
            let code: Vec<_> = code.map(|path| (within(&path), text(&path))).collect();
            open(&Memory::of(code.iter().map(|(path, text)| (path.as_str(), text.as_str()))), ".")
        }
        Reading::Joined | Reading::Template => open(&Disk, &format!("{folder}/{document}")),
    }
}

/// Projects, and the texts that their places are in.
pub(crate) struct Opened {
    pub(crate) sources: SourceMap,
    pub(crate) projects: Vec<Project>,
}

/// The only place that calls the program.
pub(crate) fn open(files: &dyn Files, path: &str) -> Opened {
    let mut sources = SourceMap::default();
    let wanted = Wanted { before: true, ..Wanted::default() };
    let projects = project::load(files, &mut sources, &[path.to_owned()], &wanted.into());
    Opened { projects: projects.unwrap_or_else(|error| panic!("{error}")), sources }
}

/// What `rules` say for certain of projects.
pub(crate) fn said(opened: &Opened, rules: &[&'static Rule]) -> Vec<Found> {
    let mut findings = Vec::new();
    for project in &opened.projects {
        findings.extend(project.findings.iter().cloned());
        findings.extend(iac_check::check(project, rules).findings);
    }
    findings.retain(|finding| finding.certainty == Certainty::Certain);
    let found = findings.into_iter().map(|finding| {
        let place = opened.sources.place(finding.at.span).start;
        let line = usize::try_from(place.line.get()).unwrap();
        Found { file: opened.sources.path(finding.at.span.source).to_owned(), line, finding }
    });
    found.collect()
}

/// Whether what is recorded shall be made again.
pub(crate) fn is_updating() -> bool {
    #[expect(clippy::disallowed_methods, reason = "how a test is told to rewrite what it compares with")]
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Plans each of `folders` with the real terraform, or says why that did not go.
pub(crate) fn plan(folders: &[String]) -> Result<(), Trouble> {
    let output = Command::new("bash").arg("testdata/plan.sh").args(folders).output();
    let output = output.map_err(|error| Trouble::Missing(format!("bash does not run: {error}")))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0) => Ok(()),
        Some(77) => Err(Trouble::Missing(said)),
        Some(_) | None => Err(Trouble::Refused(said)),
    }
}

/// Why there is no plan.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What makes plans is not on this machine.
    Missing(String),
    /// Terraform does not plan this code.
    Refused(String),
}
