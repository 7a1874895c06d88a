//! What the user hears. Each format has structs of its own, shaped like its specification, and a function that fills
//! them: nothing below this floor is serialised, so that no rename below changes a byte of output.

pub mod changes;
pub mod egress;
pub mod escape;
mod excerpt;
mod fingerprint;
mod github;
mod human;
pub mod inspect;
mod json;
mod packets;
pub mod routes;
pub mod rules;
pub mod trace;

use std::io;

use crate::{
    finding::{Certainty, Finding, Severity, Unanswered},
    source::SourceMap,
};

pub use fingerprint::Fingerprint;
pub use human::{summary, unanswered};

/// Everything that a check has to say.
#[derive(Debug)]
pub struct Report<'a> {
    pub sources: &'a SourceMap,
    /// As a reader meets them, file by file.
    pub findings: Vec<ProjectFinding<'a>>,
    pub unanswered: Vec<ProjectQuestion<'a>>,
    pub projects: usize,
    pub resources: usize,
    /// How many findings the code itself asks to be left out.
    pub suppressed: usize,
}

/// A finding and the project that it was made in.
#[derive(Clone, Copy, Debug)]
pub struct ProjectFinding<'a> {
    pub project: &'a str,
    pub finding: &'a Finding,
    pub fingerprint: Fingerprint,
}

/// An open question and the project that it was asked of.
#[derive(Clone, Copy, Debug)]
pub struct ProjectQuestion<'a> {
    pub project: &'a str,
    pub question: &'a Unanswered,
}

/// What was found in one project.
#[derive(Clone, Copy, Debug)]
pub struct ProjectVerdicts<'a> {
    pub project: &'a str,
    /// How many resources it has.
    pub resources: usize,
    pub findings: &'a [Finding],
    pub unanswered: &'a [Unanswered],
}

/// The shapes that a check's report can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people, with the places drawn.
    Text(Color),
    /// The contract's JSON.
    Json,
    /// Workflow commands, which GitHub Actions shows beside the code.
    Github,
}

/// Whether a text is meant for something that understands colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    Plain,
    Ansi,
}

impl<'a> Report<'a> {
    /// All that was found, in the one order of findings.
    pub fn new(sources: &'a SourceMap, projects: &[ProjectVerdicts<'a>]) -> Self {
        let findings = projects.iter().flat_map(|it| it.findings.iter().map(|finding| (it.project, finding)));
        let mut findings: Vec<_> = findings.collect();
        findings.sort_by(|(project, one), (other_project, other)| {
            one.order().cmp(&other.order()).then_with(|| project.cmp(other_project))
        });
        let questions = projects
            .iter()
            .flat_map(|it| it.unanswered.iter().map(|question| ProjectQuestion { project: it.project, question }));
        Self {
            sources,
            findings: fingerprint::of_all(findings),
            unanswered: questions.collect(),
            projects: projects.len(),
            resources: projects.iter().map(|it| it.resources).sum(),
            suppressed: 0,
        }
    }

    /// Leaves out the findings below `least`, and those that are only possible unless `certainty` says so: they are
    /// neither shown nor counted. Fingerprints stay what they were.
    #[must_use]
    pub fn at_least(mut self, least: Severity, certainty: Certainty) -> Self {
        self.findings.retain(|it| least <= it.finding.severity && certainty <= it.finding.certainty);
        self
    }

    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|it| it.finding.severity == severity).count()
    }

    /// The worst severity among the findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|it| it.finding.severity).max()
    }
}

impl Format {
    pub fn write(self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Self::Text(color) => human::write(report, color, out),
            Self::Json => json::write(report, out),
            Self::Github => github::write(report, out),
        }
    }
}
