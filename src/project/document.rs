//! Plans and states, each with the code that it was made from; and files that are none, and say so.

use super::{Constructs, Error, Project, Request, STANDARD_INPUT, Worlds, parent};
use crate::{
    files::{FileKind, Files, decode},
    finding::{Certainty, Finding, Label, Severity},
    graph::ResourceGraph,
    join,
    plan::{self, Document, Plan},
    source::{SourceMap, Span},
    terraform::{self, Assignment, Inputs, Loaded},
};

/// A plan or a state that nobody named: one that cannot be read leaves the rest of its folder.
pub(super) fn found_document(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: String,
    bytes: Vec<u8>,
    request: &Request,
) -> Result<Project, Error> {
    match document(files, sources, path, bytes, request) {
        Err(Error::Unreadable(path, error)) => told(sources, path, &error.to_string(), error.help()),
        Err(Error::NotText(path, error)) => told(sources, path, &error.to_string(), error.help()),
        read => read,
    }
}

/// A plan or a state.
pub(super) fn document(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: String,
    bytes: Vec<u8>,
    request: &Request,
) -> Result<Project, Error> {
    if plan::is_binary(&bytes) {
        return Err(Error::Unreadable(path, plan::Error::Binary));
    }
    let text = decode(bytes).map_err(|error| Error::NotText(path.clone(), error))?;
    let source = sources.add(path.as_str(), text).map_err(|_| Error::TooLarge(path.clone()))?;
    let text = sources.shared(source);
    let read = plan::read(source, &text).and_then(|plan| project(files, sources, &path, &plan, request));
    match read {
        Ok(project) => Ok(project),
        Err(error) => match error.offset(&text) {
            Some(at) => Ok(broken(path, source.span(at..at), &error.to_string(), error.help())),
            None => Err(Error::Unreadable(path, error)),
        },
    }
}

pub(super) fn project(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &str,
    plan: &Plan<'_>,
    request: &Request,
) -> Result<Project, plan::Error> {
    let wanted = if request.wanted.everything { plan::Wanted::Everything } else { plan::Wanted::Network };
    let mut notices = Vec::new();
    if plan.errored {
        notices.push(format!(
            "{path}: the plan says that it ended in errors; what it holds is analysed, more may be missing"
        ));
    }
    let mut joined = match plan.document {
        Document::Plan => code_of(files, sources, path, plan, request, &mut notices),
        Document::State => None,
    };
    let before = request.wanted.before && plan.document == Document::Plan;
    Ok(Project {
        name: path.to_owned(),
        graph: match &joined {
            Some((_, code)) => join::after_with_code(plan, wanted, &code.resources)?,
            None => join::after(plan, wanted)?,
        },
        before: if before { Some(join::before(plan, wanted)?) } else { None },
        findings: joined.as_mut().map(|(_, code)| std::mem::take(&mut code.findings)).unwrap_or_default(),
        joined: joined.map(|(folder, _)| folder),
        resources: plan.count(),
        notices,
        undeclared: None,
        worlds: Worlds::default(),
        constructs: Constructs::default(),
    })
}

/// The code that a plan was made from, where it is given or lies beside the plan, and its folder.
pub(super) fn code_of(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &str,
    plan: &Plan<'_>,
    request: &Request,
    notices: &mut Vec<String>,
) -> Option<(String, Loaded)> {
    // Only where there is code: what the plan knows is all that it holds.
    let load = |files: &dyn Files, sources: &mut SourceMap, folder: &str| {
        let inputs = inputs_of(plan).ok()?;
        Some(terraform::load(files, sources, folder, &inputs))
    };
    let (folder, code) = match &request.source {
        Some(source) if files.kind(source) == Some(FileKind::Folder) => {
            (source.as_str(), load(files, sources, source)?)
        }
        Some(source) => {
            let archive = files.read_generated(source).map_err(|error| error.to_string());
            match archive
                .and_then(|bytes| plan::archive::configuration(&bytes).map_err(|why| format!("{source} {why}")))
            {
                Ok(carried) => {
                    let mut code = load(&carried, sources, ".")?;
                    // Terraform could evaluate it. What cannot be evaluated here needs other files, which no plan carries.
                    code.findings.retain(|it| it.rule != "evaluation_error");
                    (source.as_str(), code)
                }
                Err(why) => {
                    notices.push(format!("{why}; references are inferred from the plan alone"));
                    return None;
                }
            }
        }
        None => {
            let beside = parent(path);
            if path == STANDARD_INPUT || !files.list(beside, beside).iter().any(|name| terraform::is_code(name)) {
                return None;
            }
            (beside, load(files, sources, beside)?)
        }
    };
    let Some(resource) = join::mismatch(plan, &code) else { return Some((folder.to_owned(), code)) };
    let place = if request.source.is_some() { format!("in {folder}") } else { "beside it".to_owned() };
    let why = match code.findings.iter().find(|it| it.rule == "syntax_error") {
        Some(error) => format!("{} does not parse", sources.path(error.at.span.source)),
        None => format!("{resource} is in the one and not in the other"),
    };
    notices
        .push(format!("{path} was not made from the code {place}: {why}; references are inferred from the plan alone"));
    None
}

/// What the root module's variables were given when the plan was made, and what the plan knows of its resources.
pub(super) fn inputs_of(plan: &Plan<'_>) -> Result<Inputs, plan::Error> {
    let given = plan.variables();
    let given = given.map(|(name, value)| Assignment::Json { name: name.to_owned(), value: value.to_string() });
    Ok(Inputs { assignments: given.collect(), facts: plan.facts()?.collect(), ..Inputs::default() })
}

/// A file of which no text can be shown: `error` says why, to follow its name.
pub(super) fn told(sources: &mut SourceMap, path: String, error: &str, help: &str) -> Result<Project, Error> {
    match sources.add(path.as_str(), "") {
        Ok(source) => Ok(broken(path, source.span(0..0), error, help)),
        Err(_) => Err(Error::TooLarge(path)),
    }
}

/// A file that does not parse: a finding, not the end.
pub(super) fn broken(path: String, at: Span, error: &str, help: &str) -> Project {
    let finding = Finding {
        rule: "syntax_error",
        severity: Severity::Error,
        certainty: Certainty::Certain,
        resource: None,
        message: format!("this file {error}"),
        at: Label::new(at, "here"),
        because: Vec::new(),
        help: Some(help.to_owned()),
        evidence: std::collections::BTreeMap::new(),
    };
    Project {
        undeclared: None,
        name: path,
        graph: ResourceGraph::default(),
        before: None,
        joined: None,
        resources: 0,
        findings: vec![finding],
        notices: Vec::new(),
        worlds: Worlds::default(),
        constructs: Constructs::default(),
    }
}
