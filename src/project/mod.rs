//! What the user names on the command line, told by its content and read: each root module, each plan and each state is
//! a project.

mod document;
mod load;
mod template;

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::{
    cloudformation::{self, assembly::Constructs},
    files::{FileError, NotText},
    finding::Finding,
    graph::ResourceGraph,
    outside::Outside,
    plan,
    resource::{Action, Resource},
    schema,
    terraform::{Assignment, Inputs, Undeclared},
    vocabulary,
};

pub use load::{is_document, load};

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

/// How standard input is written as a path.
pub const STANDARD_INPUT: &str = "-";

/// A path as messages name it.
fn shown(path: &str) -> &str {
    if path == STANDARD_INPUT { "standard input" } else { path }
}

pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

/// The graph of what code says, in the words that are wanted.
pub(super) fn graph(resources: Vec<Resource>, wanted: Wanted) -> ResourceGraph {
    let mut resources = if wanted.as_written { resources } else { vocabulary::translate(resources) };
    if !wanted.everything {
        resources.retain(|it| schema::is_network(&it.kind) || schema::is_of_another_provider(&it.kind));
    }
    ResourceGraph::new(resources, Vec::new())
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
