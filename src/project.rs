//! What the user names on the command line, told by its content and read: each plan and each state is a project.

use std::fmt;

use crate::{
    files::{FileError, FileKind, Files, NotText, decode},
    finding::{Certainty, Finding, Label, Severity},
    graph::ResourceGraph,
    join,
    plan::{self, Document, Plan},
    source::{SourceId, SourceMap},
};

/// One plan or state, read.
#[derive(Debug)]
pub struct Project {
    /// The path that it was read from.
    pub name: String,
    /// The resources as they will be; of a state, as they are.
    pub graph: ResourceGraph,
    /// The resources as they are before the plan is applied, where that was asked for. A state has no before.
    pub before: Option<ResourceGraph>,
    /// How many managed resources there are, those that say nothing of the network among them.
    pub resources: usize,
    /// What is wrong with the file itself.
    pub findings: Vec<Finding>,
    /// What a person should know of it, a line each.
    pub notices: Vec<String>,
}

/// How much to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Also the resources that say nothing of the network.
    pub everything: bool,
    /// Also the resources as they are before the plan is applied.
    pub before: bool,
}

/// Why nothing can be analysed: one line each, with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    File(FileError),
    NotText(String, NotText),
    TooLarge(String),
    /// It is no plan and no state.
    Unreadable(String, plan::Error),
    /// A folder without any plan or state in it.
    NothingIn(String),
}

/// Reads each of `paths`: a plan, a state, or a folder with such files in it.
pub fn load(
    files: &dyn Files,
    sources: &mut SourceMap,
    paths: &[String],
    wanted: Wanted,
) -> Result<Vec<Project>, Error> {
    let mut projects = Vec::new();
    for path in paths {
        if files.kind(path) == Some(FileKind::Folder) {
            let found = projects.len();
            for file in files.walk(path).into_iter().filter(|file| has_extension(file, "json")) {
                let bytes = files.read(&file).map_err(Error::File)?;
                if may_be_document(&bytes) {
                    projects.push(read(sources, file, bytes, wanted)?);
                }
            }
            if projects.len() == found {
                return Err(Error::NothingIn(path.clone()));
            }
        } else {
            let bytes = files.read(path).map_err(Error::File)?;
            projects.push(read(sources, path.clone(), bytes, wanted)?);
        }
    }
    Ok(projects)
}

fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

/// A folder holds many JSON files; only those that say what plans and states say are taken for one.
fn may_be_document(bytes: &[u8]) -> bool {
    let holds = |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    let wide = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    wide || holds("\"format_version\"") && (holds("\"planned_values\"") || holds("\"values\""))
}

fn read(sources: &mut SourceMap, path: String, bytes: Vec<u8>, wanted: Wanted) -> Result<Project, Error> {
    if plan::is_binary(&bytes) {
        return Err(Error::Unreadable(path, plan::Error::Binary));
    }
    let text = decode(bytes).map_err(|error| Error::NotText(path.clone(), error))?;
    let source = sources.add(path.as_str(), text).map_err(|_| Error::TooLarge(path.clone()))?;
    let text = sources.whole(source);
    match plan::read(source, text).and_then(|plan| project(&path, &plan, wanted)) {
        Ok(project) => Ok(project),
        Err(error) => match error.offset(text) {
            Some(at) => Ok(broken(path, source, at, &error)),
            None => Err(Error::Unreadable(path, error)),
        },
    }
}

fn project(path: &str, plan: &Plan<'_>, wanted: Wanted) -> Result<Project, plan::Error> {
    let resources = if wanted.everything { plan::Wanted::Everything } else { plan::Wanted::Network };
    let mut notices = Vec::new();
    if plan.errored {
        notices.push(format!(
            "{path}: the plan says that it ended in errors; what it holds is analysed, more may be missing"
        ));
    }
    let before = wanted.before && plan.document == Document::Plan;
    Ok(Project {
        name: path.to_owned(),
        graph: join::after(plan, resources)?,
        before: if before { Some(join::before(plan, resources)?) } else { None },
        resources: plan.count(),
        findings: Vec::new(),
        notices,
    })
}

/// A file that does not parse: a finding, not the end.
fn broken(path: String, source: SourceId, at: usize, error: &plan::Error) -> Project {
    let finding = Finding {
        rule: "syntax_error",
        severity: Severity::Error,
        certainty: Certainty::Certain,
        resource: None,
        message: format!("this file {error}"),
        at: Label::new(source.span(at..at), "here"),
        because: Vec::new(),
        help: Some(error.help().to_owned()),
        evidence: std::collections::BTreeMap::new(),
    };
    Project {
        name: path,
        graph: ResourceGraph::default(),
        before: None,
        resources: 0,
        findings: vec![finding],
        notices: Vec::new(),
    }
}

/// A path as messages name it.
fn shown(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error}"),
            Self::NotText(path, error) => write!(f, "{} {error}", shown(path)),
            Self::TooLarge(path) => write!(f, "{} is larger than 4 GiB, which this program does not read", shown(path)),
            Self::Unreadable(path, error) => write!(f, "{} {error}; {}", shown(path), error.help()),
            Self::NothingIn(folder) => write!(
                f,
                "nothing to analyse in {folder}: no plan and no state; write one with `terraform plan -out PLAN`, then `terraform show -json PLAN > plan.json`"
            ),
        }
    }
}
