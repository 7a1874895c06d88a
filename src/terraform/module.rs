//! The modules of a project: the root, and whatever it calls, at any depth.
//!
//! A local module is found by its path, any other where `terraform init` has put it: by `.terraform/modules/modules.json`
//! of the root. Code is read only within the project's boundary: the repository (the nearest folder with `.git`) that
//! the root lies in. A root outside of any repository has no boundary: its modules may lie beside it or above it,
//! and functions read what lies in the nearest folder that holds them all.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    configuration::{Configuration, ModuleCall},
    facts::Facts,
    folder::{self, Gathered},
    inputs::{Given, Inputs},
    path,
    trouble::{evaluation_error, module_not_installed},
};
use crate::{files::Files, source::SourceMap};

/// A root module and all that it calls, read but not evaluated.
#[derive(Debug)]
pub(super) struct Tree {
    /// The root's folder, as seen from the folder of the run.
    pub folder: String,
    /// The root is the first.
    pub nodes: Vec<Node>,
    pub configurations: Vec<Configuration>,
    /// What the root's variables are given.
    pub given: BTreeMap<String, Given>,
    /// Whether the root has a variable without any value: then it is given values elsewhere, or is no root but a module
    /// that others call, and what its defaults lead to need not happen.
    pub lacks_inputs: bool,
    /// What is known of resources from elsewhere.
    pub facts: Facts,
    /// The modules whose code is not there, by their addresses without keys.
    pub hidden: Vec<String>,
    /// Nothing outside of it is read.
    pub boundary: Option<String>,
    /// Where functions may read files: the boundary, or what takes its place.
    pub common: String,
}

/// A module as one call of it is.
#[derive(Debug)]
pub(super) struct Node {
    /// Of [`Tree::configurations`].
    pub configuration: usize,
    /// The module's folder as seen from the root's: `path.module`.
    pub path: String,
    /// Of [`Tree::nodes`]; `None`: its code is not there.
    pub calls: BTreeMap<String, Option<usize>>,
    /// How many resources and modules there are in it, and in what it calls, where each is made once.
    pub weight: usize,
}

/// How deep calls may nest, and how many there may be: far more than anyone writes.
const DEEPEST: usize = 64;
const MOST: usize = 20_000;

/// How many resources and modules there may be where each is made once.
const MOST_RESOURCES: usize = 200_000;

/// How many folders above the root are looked at for its repository.
const HIGHEST: usize = 32;

/// The part of `modules.json` that says where modules lie.
#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules")]
    modules: Vec<Installed>,
}

#[derive(Deserialize)]
struct Installed {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    folder: String,
}

/// What reading a tree needs at hand.
struct Reader<'a> {
    files: &'a dyn Files,
    sources: &'a mut SourceMap,
    gathered: &'a mut Gathered,
    /// What else tells of the resources in a module whose code is not there.
    is_planned: bool,
    /// The folders of modules that are installed, by the names of the calls that lead to them.
    installed: BTreeMap<String, String>,
    /// Of the configurations read, by folder.
    read: BTreeMap<String, usize>,
    tree: Tree,
    /// How many resources and modules the calls so far have.
    resources: usize,
}

/// A call that is still to be followed.
struct Open {
    from: usize,
    /// The names of the calls that lead to it.
    names: Vec<String>,
    /// The folders of the modules on the way, the root's first.
    folders: Vec<String>,
}

/// Reads the root in `folder` and what it calls.
pub(super) fn read(
    files: &dyn Files,
    sources: &mut SourceMap,
    folder: &str,
    inputs: &Inputs,
    gathered: &mut Gathered,
) -> Tree {
    let folder = path::normal(folder);
    let tree = Tree {
        boundary: boundary(files, &folder),
        folder: folder.clone(),
        nodes: Vec::new(),
        configurations: Vec::new(),
        given: BTreeMap::new(),
        lacks_inputs: false,
        facts: Facts::default(),
        hidden: Vec::new(),
        common: folder.clone(),
    };
    let installed = installed(files, &folder);
    let is_planned = !inputs.facts.is_empty();
    let mut reader =
        Reader { files, sources, gathered, is_planned, installed, read: BTreeMap::new(), tree, resources: 0 };
    let configuration = reader.configuration(&folder);
    reader.add(configuration, ".".to_owned());
    let mut open = vec![Open { from: 0, names: Vec::new(), folders: vec![folder] }];
    while let Some(it) = open.pop() {
        reader.follow(&it, &mut open);
    }
    reader.tree.weigh();
    reader.tree.common = reader.tree.common_folder();
    reader.tree
}

/// The repository that `folder` lies in.
fn boundary(files: &dyn Files, folder: &str) -> Option<String> {
    let mut candidate = folder.to_owned();
    for _ in 0..HIGHEST {
        if files.kind(&path::join(&candidate, ".git")).is_some() {
            return Some(candidate);
        }
        let above = path::join(&candidate, "..");
        if above == candidate {
            return None;
        }
        candidate = above;
    }
    None
}

/// Where `terraform init` has put modules.
fn installed(files: &dyn Files, root: &str) -> BTreeMap<String, String> {
    let manifest = files.read(&path::join(root, ".terraform/modules/modules.json")).ok();
    let manifest = manifest.and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
    let modules = manifest.map(|it| it.modules).unwrap_or_default();
    modules.into_iter().map(|it| (it.key, it.folder.replace('\\', "/"))).collect()
}

impl Tree {
    pub(super) fn configuration(&self, node: usize) -> &Configuration {
        &self.configurations[self.nodes[node].configuration]
    }

    /// Takes in what the root's variables are given.
    pub(super) fn give(&mut self, given: BTreeMap<String, Given>) {
        let mut variables = self.configuration(0).variables.iter();
        self.lacks_inputs = variables.any(|(name, it)| it.default.is_none() && !given.contains_key(name));
        self.given = given;
    }

    /// Adds to each module what it calls. A call stands after the module that calls.
    fn weigh(&mut self) {
        for at in (0..self.nodes.len()).rev() {
            let called: usize = self.nodes[at].calls.values().flatten().map(|it| self.nodes[*it].weight).sum();
            self.nodes[at].weight += called;
        }
    }

    /// The folder that functions may read files in: the boundary, or else the nearest folder that holds the root and
    /// every module that it calls by a relative path.
    fn common_folder(&self) -> String {
        if let Some(boundary) = &self.boundary {
            return boundary.clone();
        }
        let mut common = self.folder.clone();
        for node in self.nodes.iter().filter(|node| !node.path.starts_with('/')) {
            let folder = path::join(&self.folder, &node.path);
            for _ in 0..HIGHEST {
                if path::is_within(&folder, &common) {
                    break;
                }
                common = path::join(&common, "..");
            }
        }
        common
    }

    /// Whether code that lies at `path` may be read.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.boundary.as_ref().is_none_or(|boundary| path::is_within(path, boundary))
    }
}

impl Reader<'_> {
    fn configuration(&mut self, folder: &str) -> usize {
        if let Some(&known) = self.read.get(folder) {
            return known;
        }
        let within = self.tree.boundary.clone().unwrap_or_else(|| folder.to_owned());
        let configuration = folder::read(self.files, self.sources, folder, &within, self.gathered);
        self.tree.configurations.push(configuration);
        let at = self.tree.configurations.len() - 1;
        self.read.insert(folder.to_owned(), at);
        at
    }

    fn add(&mut self, configuration: usize, path: String) -> usize {
        let weight = 1 + self.tree.configurations[configuration].resources.len();
        self.resources += weight;
        self.tree.nodes.push(Node { configuration, path, calls: BTreeMap::new(), weight });
        self.tree.nodes.len() - 1
    }

    /// Follows every call of one module.
    fn follow(&mut self, from: &Open, open: &mut Vec<Open>) {
        let configuration = self.tree.nodes[from.from].configuration;
        let calls: Vec<_> = self.tree.configurations[configuration].calls.keys().cloned().collect();
        for name in calls {
            let mut names = from.names.clone();
            names.push(name.clone());
            let found = self.find(configuration, &name, from, &names);
            if found.is_none() {
                self.tree.hidden.push(format!("module.{}", names.join(".module.")));
            }
            let node = found.map(|path| {
                let folder = path::join(&self.tree.folder, &path);
                let configuration = self.configuration(&folder);
                let node = self.add(configuration, path);
                let folders = from.folders.iter().cloned().chain([folder]).collect();
                open.push(Open { from: node, names, folders });
                node
            });
            self.tree.nodes[from.from].calls.insert(name, node);
        }
    }

    /// The folder of a called module as seen from the root's; where there is none, why is told.
    fn find(&mut self, configuration: usize, name: &str, from: &Open, names: &[String]) -> Option<String> {
        let call = &self.tree.configurations[configuration].calls[name];
        let Some(source) = &call.source else {
            let message = format!("the module call `{name}` names no source");
            self.gathered.findings.push(evaluation_error(call.header, message));
            return None;
        };
        let path = match self.path(call, from, names) {
            Ok(path) => path,
            Err(why) => {
                let lost = if self.is_planned {
                    "of what is in it, only what the plan tells is seen"
                } else {
                    "the resources in it are not seen, and its outputs are unknown"
                };
                let told = source.address.as_deref().unwrap_or("its source is an expression");
                let message = format!("the module `{name}` ({told}) {why}: {lost}");
                self.gathered.findings.push(module_not_installed(call.header, message));
                return None;
            }
        };
        let folder = path::join(&self.tree.folder, &path);
        let refused = if from.folders.contains(&folder) {
            Some("calls itself, directly or through others")
        } else if from.folders.len() >= DEEPEST {
            Some("is nested too deep to be followed")
        } else if self.tree.nodes.len() >= MOST {
            Some("is one call too many: no more than 20,000 are followed")
        } else if self.resources >= MOST_RESOURCES {
            Some("is one call too many: no more than 200,000 resources are read")
        } else {
            None
        };
        if let Some(why) = refused {
            let span = source.span;
            self.gathered.findings.push(evaluation_error(span, format!("the module `{name}` {why}")));
            return None;
        }
        Some(path)
    }

    fn path(&self, call: &ModuleCall, from: &Open, names: &[String]) -> Result<String, &'static str> {
        let address = call.source.as_ref().and_then(|it| it.address.as_deref()).unwrap_or_default().replace('\\', "/");
        let is_local =
            ["./", "../"].iter().any(|start| address.starts_with(start)) || address == "." || address == "..";
        let path = if is_local {
            path::join(&self.tree.nodes[from.from].path, &address)
        } else {
            path::normal(self.installed.get(&names.join(".")).ok_or("is not installed")?)
        };
        let folder = path::join(&self.tree.folder, &path);
        let within = self.tree.boundary.as_deref().unwrap_or(&folder);
        if !self.tree.holds(&folder) {
            Err("lies outside of the repository, where nothing is read")
        } else if folder::has_code(&self.files.list(&folder, within)) {
            Ok(path)
        } else {
            Err("has no code in its folder")
        }
    }
}
