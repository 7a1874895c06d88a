//! What the user hears. Each format has structs of its own, shaped like its specification, and a function that fills
//! them: nothing below this floor is serialised, so that no rename below changes a byte of output.

pub mod baseline;
pub mod changes;
pub mod egress;
pub mod escape;
mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod html;
mod human;
pub mod inspect;
mod json;
mod junit;
mod links;
pub mod map;
mod markdown;
mod packets;
pub mod routes;
pub mod rules;
mod sarif;
pub mod trace;

use std::{cmp::Reverse, collections::BTreeSet, io};

use crate::{
    finding::{Certainty, Finding, Severity, Unanswered},
    rules::Rule,
    source::SourceMap,
    suppress::Allowances,
};

use map::Map;

pub use fingerprint::Fingerprint;
pub use human::{summary, unanswered};

/// Everything that a check has to say.
#[derive(Debug)]
pub struct Report<'a> {
    pub sources: &'a SourceMap,
    /// As a reader meets them, file by file.
    pub findings: Vec<ProjectFinding<'a>>,
    pub unanswered: Vec<ProjectQuestion<'a>>,
    /// The names of the projects.
    pub projects: Vec<&'a str>,
    pub resources: usize,
    /// The findings that somebody has answered: neither shown nor counted, but not forgotten.
    pub suppressed: Vec<Suppressed<'a>>,
    /// The rules that were asked.
    pub rules: Vec<&'static Rule>,
    /// The mildest finding that makes the run fail; `None`: none does.
    pub fails_from: Option<Severity>,
    /// The networks, one for each project, where the format draws them or says next hops.
    pub maps: &'a [Map],
    /// How many columns the one who reads has, where that is known.
    pub columns: Option<usize>,
}

/// A finding that is left out because somebody has answered it.
#[derive(Clone, Debug)]
pub struct Suppressed<'a> {
    pub finding: ProjectFinding<'a>,
    pub by: Suppression,
}

/// Who has answered a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// The code beside it, with its reason.
    Allowance(String),
    /// The settings, with their reason.
    Settings(String),
    /// The baseline, which holds what there was before.
    Baseline,
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
    /// SARIF 2.1.0, which code scanning and editors read.
    Sarif,
    /// Workflow commands, which GitHub Actions shows beside the code.
    Github,
    /// Code Quality, which GitLab shows in a merge request.
    Gitlab,
    /// What build servers show as tests.
    Junit,
    /// For a job's summary and a comment.
    Markdown,
    /// One page with the network drawn, which needs nothing but a browser.
    Html,
}

/// Whether a text is meant for something that understands colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    Plain,
    Ansi,
    /// Colours, and a rule's name as a link to its page.
    AnsiWithLinks,
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
            projects: projects.iter().map(|it| it.project).collect(),
            resources: projects.iter().map(|it| it.resources).sum(),
            suppressed: Vec::new(),
            rules: Vec::new(),
            fails_from: Some(Severity::Warning),
            maps: &[],
            columns: None,
        }
    }

    /// Leaves out the findings below `least`, and those that are only possible unless `certainty` says so: they are
    /// neither shown nor counted. Fingerprints stay what they were.
    #[must_use]
    pub fn at_least(mut self, least: Severity, certainty: Certainty) -> Self {
        let is_kept = |it: &ProjectFinding<'_>| least <= it.finding.severity && certainty <= it.finding.certainty;
        self.findings.retain(is_kept);
        self.suppressed.retain(|it| is_kept(&it.finding));
        self
    }

    /// Sets aside what the code itself allows, with its reasons.
    pub fn suppress(&mut self, allowances: &Allowances) {
        let sources = self.sources;
        let findings = std::mem::take(&mut self.findings);
        for it in findings {
            match allowances.reason(sources, it.finding) {
                None => self.findings.push(it),
                Some(because) => {
                    self.suppressed.push(Suppressed { finding: it, by: Suppression::Allowance(because.to_owned()) });
                }
            }
        }
    }

    /// Sets aside what the settings allow: `allows` says which of their allowances does, and why. Which of them did.
    pub fn allow<'b>(&mut self, allows: impl Fn(&Finding) -> Option<(usize, &'b str)>) -> BTreeSet<usize> {
        let mut used = BTreeSet::new();
        for it in std::mem::take(&mut self.findings) {
            match allows(it.finding) {
                None => self.findings.push(it),
                Some((at, because)) => {
                    used.insert(at);
                    self.suppressed.push(Suppressed { finding: it, by: Suppression::Settings(because.to_owned()) });
                }
            }
        }
        used
    }

    /// The findings, the worst first; equal ones as a reader meets them.
    pub fn worst_first(&self) -> Vec<ProjectFinding<'a>> {
        let mut findings = self.findings.clone();
        findings.sort_by_key(|it| Reverse((it.finding.severity, it.finding.certainty)));
        findings
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
            Self::Sarif => sarif::write(report, out),
            Self::Github => github::write(report, out),
            Self::Gitlab => gitlab::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Markdown => markdown::write(report, out),
            Self::Html => html::write(report, out),
        }
    }
}
