//! What the user names on the command line, told by its content and read: each root module, each plan and each state is
//! a project.

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::{
    cloudformation::{
        self,
        assembly::{Assemblies, Constructs, Stack},
    },
    files::{FileError, FileKind, Files, NotText, decode},
    finding::{Certainty, Finding, Label, Severity},
    graph::ResourceGraph,
    join,
    outside::Outside,
    parallel,
    plan::{self, Document, Plan},
    resource::{Action, Mode, Resource},
    schema,
    source::{SourceMap, Span},
    terraform::{self, Assignment, Giver, Inputs, Loaded, Undeclared},
    vocabulary,
};

/// One root module, plan or state, read.
#[derive(Debug)]
pub struct Project {
    /// The path that it was read from: of code, the root module's folder.
    pub name: String,
    /// The resources as they will be; of a state, as they are.
    pub graph: ResourceGraph,
    /// The resources as they are before the plan is applied, where that was asked for. A state has no before.
    pub before: Option<ResourceGraph>,
    /// How many managed resources there are, those that say nothing of the network among them.
    pub resources: usize,
    /// The folder of the code that a plan is joined with.
    pub joined: Option<String>,
    /// What is wrong with the files themselves.
    pub findings: Vec<Finding>,
    /// What a person should know of it, a line each.
    pub notices: Vec<String>,
    /// What variables are given from outside that the root module does not declare; `None` where nothing asks for values.
    pub undeclared: Option<Vec<Undeclared>>,
    pub worlds: Worlds,
    pub constructs: Constructs,
}

/// What the code leaves open: each combination of conditions that can hold together is a world.
#[derive(Debug, Default)]
pub struct Worlds {
    /// How the conditions come out of which [`Project::graph`] shows the resources.
    pub first: Conditions,
    pub others: Vec<World>,
    /// There may be other worlds, or more resources in these.
    pub is_incomplete: bool,
}

/// How conditions come out, by name.
pub type Conditions = BTreeMap<String, bool>;

/// One combination of conditions, and the resources that are made under it.
#[derive(Debug)]
pub struct World {
    pub conditions: Conditions,
    pub graph: ResourceGraph,
}

/// How much to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Also the resources that say nothing of the network.
    pub everything: bool,
    /// Also the resources as they are before the plan is applied.
    pub before: bool,
    /// Types and attributes under the names that the code itself uses, not those that the network is read from.
    pub as_written: bool,
}

/// Why nothing can be analysed: one line each, with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    File(FileError),
    NotText(String, NotText),
    TooLarge(String),
    /// It is no plan and no state.
    Unreadable(String, plan::Error),
    /// YAML that is no template.
    NoTemplate(String),
    /// A folder without any plan or state in it.
    NothingIn(String),
}

/// What to read, and with what.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub wanted: Wanted,
    /// What the root modules' variables are given.
    pub inputs: Inputs,
    /// What the templates' parameters are given.
    pub parameters: cloudformation::Inputs,
    /// The code that plans were made from: a folder, or the binary plan, which carries it.
    pub source: Option<String>,
    /// What is said of some folders and not of others.
    pub local: Option<Arc<dyn Local>>,
}

/// Who knows what holds where.
pub trait Local: fmt::Debug + Send + Sync {
    /// What is given to what is read from `path`: a root module's folder, a plan, a template.
    fn given(&self, path: &str) -> Given;
}

/// What is given to one project; what the command line says goes before it.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Values and files for the variables of a root module.
    pub assignments: Vec<Assignment>,
    /// Values for the parameters of a template.
    pub parameters: BTreeMap<String, String>,
    /// What holds around it and stands in no code.
    pub outside: Outside,
}

impl Project {
    /// The resources as they are before the plan is applied, where it changes something of what is there.
    pub fn change(&self) -> Option<&ResourceGraph> {
        let touches = |graph: &ResourceGraph| graph.resources().any(|(_, it)| it.action.is_some_and(Action::touches));
        self.before.as_ref().filter(|before| !before.is_empty() && (touches(&self.graph) || touches(before)))
    }
}

/// Reads each of `paths`: a plan, a state, a template, a folder of Terraform code, or a folder with any of these in it.
pub fn load(
    files: &dyn Files,
    sources: &mut SourceMap,
    paths: &[String],
    request: &Request,
) -> Result<Vec<Project>, Error> {
    let mut projects = Vec::new();
    let mut templates = Vec::new();
    let mut unreadable: Vec<FileError> = Vec::new();
    for path in paths {
        if files.kind(path) == Some(FileKind::Folder) {
            let before = projects.len() + templates.len();
            let walked = files.walk(path).into_iter().filter(|file| cloudformation::has_name_of_template(file));
            let walked: Vec<String> = walked.collect();
            let assemblies = Assemblies::among(files, walked.iter().map(String::as_str));
            let roots = terraform::roots(files, path).into_iter().filter(|root| !assemblies.has(root)).collect();
            projects.extend(at_once(sources, roots, |sources, root| code(files, sources, &root, request)));
            for missing in assemblies.templates().filter(|it| files.kind(it).is_none()) {
                let error = "is not there, and the manifest beside it names it as the template of a stack";
                projects.push(told(sources, missing.to_owned(), error, "run `cdk synth` again")?);
            }
            let found =
                at_once(sources, walked, |sources, file| found_file(files, sources, file, &assemblies, request));
            for it in found {
                match it? {
                    Found::Project(project) => projects.push(*project),
                    Found::Template(template) => templates.push(*template),
                    Found::Unreadable(error) => unreadable.push(error),
                    Found::Nothing => (),
                }
            }
            if projects.len() + templates.len() == before {
                // What there may be stands in a file that cannot be read.
                let error = unreadable.into_iter().next().map(Error::File);
                return Err(error.unwrap_or_else(|| Error::NothingIn(path.clone())));
            }
            tell_code_once(&mut projects);
            // A plan beside its code says all that the code says, and more.
            let joined: Vec<_> = projects.iter().filter_map(|project| project.joined.clone()).collect();
            projects.retain(|project| !joined.contains(&project.name));
        } else if files.kind(path) == Some(FileKind::File) && terraform::is_code(path) {
            projects.push(code(files, sources, parent(path), request));
        } else {
            let bytes = files.read(path).map_err(Error::File)?;
            let read = if (is_wide(&bytes) || !may_be_document(&bytes)) && cloudformation::may_be_template(&bytes) {
                let text = decode(bytes.clone()).map_err(|error| Error::NotText(path.clone(), error))?;
                let assembly = Assemblies::beside(files, path);
                template(files, sources, path, text, assembly.stack(path))
            } else {
                None
            };
            match read {
                Some(template) => templates.push(template),
                None if has_extension(path, "yaml") || has_extension(path, "yml") => {
                    return Err(Error::NoTemplate(path.clone()));
                }
                None => projects.push(document(files, sources, path.clone(), bytes, request)?),
            }
        }
    }
    let undeclared = undeclared_parameters(&templates, request);
    for (parameters, templates) in by_parameters(templates, request) {
        let loaded = cloudformation::evaluate(templates, &parameters).into_iter();
        projects.extend(loaded.filter_map(|it| stacks(it, request)));
    }
    for project in &mut projects {
        project.set_outside(request);
    }
    if let Some(first) = projects.first_mut() {
        first.notices.extend(undeclared);
        // The rest is told all the same.
        first.notices.extend(unreadable.iter().map(|error| format!("{error}: it is left out")));
    }
    Ok(projects)
}

/// What a person should know of values for parameters that no template declares. Those of AWS are declared by none.
fn undeclared_parameters(templates: &[cloudformation::Document], request: &Request) -> Vec<String> {
    let names = request.parameters.parameters.keys().filter(|name| !name.starts_with("AWS::"));
    let undeclared = names.filter(|name| !templates.iter().any(|template| template.declares(name)));
    undeclared
        .map(|name| format!("`{name}` is given a value, and no template declares a parameter of that name"))
        .collect()
}

/// Templates with what their parameters are given: those that are given the same belong together.
fn by_parameters(
    templates: Vec<cloudformation::Document>,
    request: &Request,
) -> Vec<(cloudformation::Inputs, Vec<cloudformation::Document>)> {
    let mut groups: Vec<(cloudformation::Inputs, Vec<_>)> = Vec::new();
    for template in templates {
        let mut parameters = request.given(&template.path).parameters;
        parameters.extend(request.parameters.parameters.clone());
        match groups.iter_mut().find(|(known, _)| known.parameters == parameters) {
            Some((_, group)) => group.push(template),
            None => groups.push((cloudformation::Inputs { parameters }, vec![template])),
        }
    }
    groups
}

/// What a file is that lies in a folder.
enum Found {
    Project(Box<Project>),
    Template(Box<cloudformation::Document>),
    /// It may hold a plan or a template, or nothing of ours.
    Unreadable(FileError),
    Nothing,
}

/// What a file is that nobody named.
fn found_file(
    files: &dyn Files,
    sources: &mut SourceMap,
    file: String,
    assemblies: &Assemblies,
    request: &Request,
) -> Result<Found, Error> {
    let stack = assemblies.stack(&file);
    if stack.is_none() && assemblies.has(&file) {
        return Ok(Found::Nothing);
    }
    let bytes = match files.read(&file) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Found::Unreadable(error)),
    };
    if has_extension(&file, "json") && may_be_document(&bytes) {
        let read = found_document(files, sources, file, bytes, request)?;
        return Ok(Found::Project(Box::new(read)));
    }
    if !cloudformation::may_be_template(&bytes) {
        return Ok(Found::Nothing);
    }
    match decode(bytes.clone()) {
        Ok(text) => {
            let read = template(files, sources, &file, text, stack);
            Ok(read.map_or(Found::Nothing, |it| Found::Template(Box::new(it))))
        }
        // Only what says that it is a template: a folder holds much that is none.
        Err(error) if cloudformation::says_that_it_is_template(&bytes) => {
            let told = told(sources, file, &error.to_string(), error.help())?;
            Ok(Found::Project(Box::new(told)))
        }
        Err(_) => Ok(Found::Nothing),
    }
}

/// What `read` makes of each of `names`, in their order. Each is read into sources of its own, which are joined in that
/// order too.
fn at_once<R: Send>(
    sources: &mut SourceMap,
    names: Vec<String>,
    read: impl Fn(&mut SourceMap, String) -> R + Sync,
) -> Vec<R> {
    let branches = sources.branches(names.len());
    let done = parallel::map(names.into_iter().zip(branches).collect(), |(name, mut branch)| {
        let read = read(&mut branch, name);
        (read, branch)
    });
    let joined = done.into_iter().map(|(read, branch)| {
        sources.join(branch);
        read
    });
    joined.collect()
}

/// What is wrong with code is told by the first of the plans that are joined with it.
fn tell_code_once(projects: &mut [Project]) {
    let mut told: Vec<String> = Vec::new();
    for project in projects {
        match &project.joined {
            Some(folder) if told.contains(folder) => project.findings.clear(),
            Some(folder) => told.push(folder.clone()),
            None => (),
        }
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

/// Whether a file holds a plan, a state or a template, for all that can be told without reading it whole.
pub fn is_document(bytes: &[u8]) -> bool {
    may_be_document(bytes) || cloudformation::may_be_template(bytes)
}

/// A folder holds many JSON files, in UTF-8 and in UTF-16; only those that say what plans and states say are taken for one.
fn may_be_document(bytes: &[u8]) -> bool {
    let decoded = if is_wide(bytes) { decode(bytes.to_vec()).ok() } else { None };
    let bytes = decoded.as_ref().map_or(bytes, |text| text.as_bytes());
    let holds = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    holds("\"format_version\"") && (holds("\"planned_values\"") || holds("\"values\""))
}

/// Whether a file is marked as UTF-16: what is in it shows only when it is decoded.
fn is_wide(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// The root module in `folder`.
fn code(files: &dyn Files, sources: &mut SourceMap, folder: &str, request: &Request) -> Project {
    let Loaded { resources, findings, undeclared, unfollowed, .. } =
        terraform::load(files, sources, folder, &request.inputs_of(folder));
    let count = resources.iter().filter(|it| it.mode == Mode::Managed).count();
    Project {
        name: folder.to_owned(),
        graph: graph(resources, request.wanted),
        before: None,
        joined: None,
        resources: count,
        findings,
        notices: undeclared.iter().filter_map(unasked).chain(unfollowed.iter().map(|it| out_of_reach(it))).collect(),
        undeclared: Some(undeclared),
        worlds: Worlds::default(),
        constructs: Constructs::default(),
    }
}

/// What a person should know of a link to code that is not followed.
fn out_of_reach(link: &str) -> String {
    format!(
        "{link}: this link leads out of the repository, or nowhere, and is not followed: what it declares is unknown"
    )
}

/// What a person should know of a value that stands beside the code for a variable that is not there.
fn unasked(undeclared: &Undeclared) -> Option<String> {
    let Undeclared { name, by: Giver::FoundFile(file) } = undeclared else { return None };
    Some(format!("{file}: gives `{name}` a value, and no variable of that name is declared"))
}

/// The graph of what code says, in the words that are wanted.
fn graph(resources: Vec<Resource>, wanted: Wanted) -> ResourceGraph {
    let mut resources = if wanted.as_written { resources } else { vocabulary::translate(resources) };
    if !wanted.everything {
        resources.retain(|it| schema::is_network(&it.kind) || schema::is_of_another_provider(&it.kind));
    }
    ResourceGraph::new(resources, Vec::new())
}

/// A template; `None` if the file is none.
fn template(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &str,
    text: String,
    stack: Option<&Stack>,
) -> Option<cloudformation::Document> {
    let source = sources.add(path, text).ok()?;
    cloudformation::read(files, sources, path, source, stack)
}

/// Templates that belong together.
fn stacks(loaded: cloudformation::Loaded, request: &Request) -> Option<Project> {
    let names: Option<Vec<_>> = loaded.names.into_iter().collect();
    let name = names.unwrap_or(loaded.paths).join(", ");
    let mut notices: Vec<_> = loaded.macros.iter().map(|it| macro_notice(&name, it)).collect();
    if !loaded.is_complete && loaded.macros.is_empty() && loaded.findings.is_empty() {
        let count = loaded.worlds.len();
        notices.push(format!(
            "{name}: its conditions allow more combinations than the {count} that are looked at; give parameters with --parameter NAME=VALUE"
        ));
    }
    let mut worlds = loaded.worlds.into_iter().map(|world| {
        let count = world.resources.len();
        (count, World { conditions: world.conditions, graph: graph(world.resources, request.wanted) })
    });
    let (resources, first) = worlds.next()?;
    Some(Project {
        name,
        graph: first.graph,
        before: None,
        joined: None,
        resources,
        findings: loaded.findings,
        notices,
        undeclared: None,
        worlds: Worlds {
            first: first.conditions,
            others: worlds.map(|(_, world)| world).collect(),
            is_incomplete: !loaded.is_complete,
        },
        constructs: Constructs { shown: loaded.shown, lines: loaded.lines },
    })
}

fn macro_notice(path: &str, name: &str) -> String {
    format!("{path}: the macro {name} may change the template; what is found in it may not hold")
}

/// A plan or a state that nobody named: one that cannot be read leaves the rest of its folder.
fn found_document(
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
fn document(
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

fn project(
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
fn code_of(
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
            let archive = files.read(source).map_err(|error| error.to_string());
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
fn inputs_of(plan: &Plan<'_>) -> Result<Inputs, plan::Error> {
    let given = plan.variables();
    let given = given.map(|(name, value)| Assignment::Json { name: name.to_owned(), value: value.to_string() });
    Ok(Inputs { assignments: given.collect(), facts: plan.facts()?.collect(), ..Inputs::default() })
}

/// How standard input is written as a path.
pub const STANDARD_INPUT: &str = "-";

/// A file of which no text can be shown: `error` says why, to follow its name.
fn told(sources: &mut SourceMap, path: String, error: &str, help: &str) -> Result<Project, Error> {
    match sources.add(path.as_str(), "") {
        Ok(source) => Ok(broken(path, source.span(0..0), error, help)),
        Err(_) => Err(Error::TooLarge(path)),
    }
}

/// A file that does not parse: a finding, not the end.
fn broken(path: String, at: Span, error: &str, help: &str) -> Project {
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

/// A path as messages name it.
fn shown(path: &str) -> &str {
    if path == STANDARD_INPUT { "standard input" } else { path }
}

impl Request {
    fn given(&self, path: &str) -> Given {
        self.local.as_ref().map(|local| local.given(path)).unwrap_or_default()
    }

    /// What the variables of the root module in `folder` are given.
    fn inputs_of(&self, folder: &str) -> Inputs {
        Inputs { settings: self.given(folder).assignments, ..self.inputs.clone() }
    }
}

impl Project {
    /// Takes note of what holds around it, in every world. Who wants the code as it is written wants nothing besides.
    fn set_outside(&mut self, request: &Request) {
        let outside = request.given(&self.name).outside;
        if request.wanted.as_written || outside == Outside::default() {
            return;
        }
        let outside = Arc::new(outside);
        let others = self.worlds.others.iter_mut().map(|world| &mut world.graph);
        for graph in others.chain([&mut self.graph]).chain(&mut self.before) {
            graph.set_outside(&outside);
        }
    }
}

impl From<Wanted> for Request {
    fn from(wanted: Wanted) -> Self {
        Self { wanted, ..Self::default() }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error}"),
            Self::NotText(path, error) => write!(f, "{} {error}", shown(path)),
            Self::TooLarge(path) => write!(f, "{} is larger than 4 GiB, which this program does not read", shown(path)),
            Self::Unreadable(path, error) => write!(f, "{} {error}; {}", shown(path), error.help()),
            Self::NoTemplate(path) => {
                write!(f, "{} is no CloudFormation template: it has no `Resources` with types", shown(path))
            }
            Self::NothingIn(folder) => write!(
                f,
                "nothing to analyse in {folder}: no Terraform code, no template, no plan and no state; write a plan with `terraform plan -out PLAN`, then `terraform show -json PLAN > plan.json`"
            ),
        }
    }
}
