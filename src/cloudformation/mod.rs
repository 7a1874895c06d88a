//! CloudFormation templates, evaluated as the engine does it: a template in, resources out.
//!
//! What a template leaves open is decided both ways: every combination of answers that can hold together is a world, and
//! has resources of its own. Nothing here stops at an error: what is wrong is a finding, and what depends on it is not
//! known.

pub mod assembly;
mod choices;
mod evaluate;
mod exports;
mod inputs;
mod parameter_file;
mod path;
mod resources;
mod serverless;
mod template;
mod term;
#[cfg(test)]
mod tests;
mod trouble;

use std::collections::{BTreeMap, BTreeSet};

pub use self::parameter_file::parameters_of;
use self::{choices::Choices, evaluate::Evaluator, template::Template};
use crate::{
    files::{Files, decode, repository_of},
    finding::Finding,
    parallel,
    resource::Resource,
    source::{SourceId, SourceMap},
};

/// What a user gives the templates' parameters.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Names and values; `AWS::Region` and its like among them.
    pub parameters: BTreeMap<String, String>,
}

/// A template as it is written, with those that it nests.
#[derive(Debug)]
pub struct Document {
    pub path: String,
    /// What the CDK says of it, where it lies in an assembly.
    stack: assembly::Stack,
    template: Template,
    nested: BTreeMap<String, Template>,
}

impl Document {
    /// Whether it, or a template nested in it, declares a parameter.
    pub fn declares(&self, parameter: &str) -> bool {
        let mut templates = std::iter::once(&self.template).chain(self.nested.values());
        templates.any(|template| template.entry("Parameters", parameter).is_some())
    }
}

/// Templates that give each other values, evaluated together.
#[derive(Debug)]
pub struct Loaded {
    /// Their paths, in the order that they were given.
    pub paths: Vec<String>,
    /// Their names, where something names them other than their paths.
    pub names: Vec<Option<String>>,
    /// At least one.
    pub worlds: Vec<World>,
    /// What is wrong with the templates, in whichever world.
    pub findings: Vec<Finding>,
    /// False where there may be other worlds, or more resources, than are here.
    pub is_complete: bool,
    /// How resources are shown that the CDK knows by the path of a construct, by logical id.
    pub shown: BTreeMap<String, String>,
    /// The lines of the app that make constructs, by the constructs' paths.
    pub lines: BTreeMap<String, String>,
    /// The macros that are not followed: each may change its template.
    pub macros: Vec<String>,
}

/// One combination of answers to what the templates leave open.
#[derive(Debug)]
pub struct World {
    /// How each condition comes out that is asked for.
    pub conditions: BTreeMap<String, bool>,
    pub resources: Vec<Resource>,
}

/// How many worlds are looked at.
const MOST_WORLDS: usize = 64;

/// How many templates a template nests.
const MOST_NESTED: usize = 200;

/// How much stack evaluation has: what is nested as deep as is followed fits in.
const STACK: usize = 256 << 20;

/// Whether a file of this name may be a template.
pub fn has_name_of_template(path: &str) -> bool {
    let extension = std::path::Path::new(path).extension().and_then(|it| it.to_str());
    extension.is_some_and(|it| ["yaml", "yml", "json", "template"].iter().any(|known| it.eq_ignore_ascii_case(known)))
}

/// Whether a file is worth reading as a template, by its bytes alone.
pub fn may_be_template(bytes: &[u8]) -> bool {
    template::may_be_template(bytes)
}

/// Whether a file says that it is a template, even one that is no text.
pub fn says_that_it_is_template(bytes: &[u8]) -> bool {
    template::says_so(&String::from_utf8_lossy(bytes))
}

/// Reads the template at `path`, and those that it nests; `None` if it is none.
pub fn read(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &str,
    source: SourceId,
    stack: Option<&assembly::Stack>,
) -> Option<Document> {
    let text = sources.shared(source);
    let template = on_its_own_stack(|| Template::read(source, &text));
    let is_broken = !template.findings.is_empty() && template::says_so(&text);
    if template.is_of_codedeploy() || !is_broken && !template.is_template() {
        return None;
    }
    conceal_parameters(sources, &template);
    let mut nested = BTreeMap::new();
    let mut open = template.nested(path);
    // What lies outside of the repository is not read, whoever names it: nothing is known of what it makes.
    let repository = if open.is_empty() { None } else { repository_of(files, path) };
    let is_ours = |path: &str| repository.as_ref().is_none_or(|it| files.is_within(path, it));
    while let Some(path) = open.pop() {
        if nested.contains_key(&path) || MOST_NESTED <= nested.len() || !is_ours(&path) {
            continue;
        }
        let Some(text) = files.read(&path).ok().and_then(|bytes| decode(bytes).ok()) else { continue };
        let Ok(source) = sources.add(path.as_str(), text) else { continue };
        let text = sources.shared(source);
        let template = on_its_own_stack(|| Template::read(source, &text));
        conceal_parameters(sources, &template);
        open.extend(template.nested(&path));
        nested.insert(path, template);
    }
    Some(Document { path: path.to_owned(), stack: stack.cloned().unwrap_or_default(), template, nested })
}

/// What a parameter that is not echoed says of its values is shown nowhere.
fn conceal_parameters(sources: &mut SourceMap, template: &Template) {
    for span in template.secrets() {
        sources.conceal_text(span);
    }
}

/// Evaluates templates: those that import what others export together with them, each other one alone. What another one
/// nests is no stack of its own.
pub fn evaluate(mut documents: Vec<Document>, inputs: &Inputs) -> Vec<Loaded> {
    let of_others = |it: &Document| it.nested.keys().filter(|path| **path != it.path).cloned().collect::<Vec<_>>();
    let nested: BTreeSet<_> = documents.iter().flat_map(of_others).collect();
    if documents.iter().any(|it| !nested.contains(&it.path)) {
        documents.retain(|it| !nested.contains(&it.path));
    }
    let groups = on_its_own_stack(|| exports::groups(&documents, inputs));
    parallel::map(groups, |group| on_its_own_stack(|| worlds(&group, inputs)))
}

/// Every world of templates that belong together.
fn worlds(group: &[&Document], inputs: &Inputs) -> Loaded {
    let mut loaded = Loaded {
        paths: group.iter().map(|it| it.path.clone()).collect(),
        names: group.iter().map(|it| it.stack.name.clone()).collect(),
        worlds: Vec::new(),
        findings: Vec::new(),
        is_complete: true,
        shown: BTreeMap::new(),
        lines: group.iter().flat_map(|it| it.stack.lines.clone()).collect(),
        macros: Vec::new(),
    };
    for template in group.iter().flat_map(|it| std::iter::once(&it.template).chain(it.nested.values())) {
        loaded.macros.extend(template.macros());
        loaded.is_complete &= template.is_whole;
        loaded.findings.extend(template.findings.iter().cloned());
    }
    loaded.is_complete &= loaded.macros.is_empty();
    let mut said = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![Vec::new()];
    let mut runs = 0;
    while let Some(given) = open.pop() {
        if runs == MOST_WORLDS {
            loaded.is_complete = false;
            break;
        }
        runs += 1;
        let mut evaluator = Evaluator::of(group, inputs, Choices::given(given));
        let mut resources = Vec::new();
        for stack in 0..group.len() {
            resources.extend(evaluator.resources(stack));
        }
        open.extend(evaluator.choices.branches());
        loaded.is_complete &= !evaluator.is_open;
        loaded.shown.extend(evaluator.shown());
        for finding in evaluator.findings {
            if said.insert((finding.at.span, finding.message.clone())) {
                loaded.findings.push(finding);
            }
        }
        let conditions = evaluator.choices.conditions;
        if seen.insert(conditions.clone()) {
            loaded.worlds.push(World { conditions, resources });
        }
    }
    loaded
}

fn on_its_own_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    parallel::on_stack_of(STACK, work)
}
