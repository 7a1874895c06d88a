//! CloudFormation templates, evaluated as the engine does it: a template in, resources out.
//!
//! What a template leaves open is decided both ways: every combination of answers that can hold together is a world, and
//! has resources of its own. Nothing here stops at an error: what is wrong is a finding, and what depends on it is not
//! known.

mod choices;
mod evaluate;
mod inputs;
mod path;
mod resources;
mod template;
mod term;
mod trouble;

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
};

use self::{choices::Choices, evaluate::Evaluator, inputs::Values, template::Template, term::Term};
use crate::{
    files::{Files, decode},
    finding::Finding,
    resource::Resource,
    source::{SourceId, SourceMap},
    syntax::yaml::Node,
};

/// What a user gives a template's parameters, the last one first.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Names and values; `AWS::Region` and its like among them.
    pub parameters: BTreeMap<String, String>,
}

/// A template evaluated.
#[derive(Debug)]
pub struct Loaded {
    /// At least one.
    pub worlds: Vec<World>,
    /// What is wrong with the template, whichever world it is in.
    pub findings: Vec<Finding>,
    /// False where there may be other worlds, or more resources, than are here.
    pub is_complete: bool,
    /// The macros, beside those of AWS, that may change the template.
    pub macros: Vec<String>,
    /// The templates that are nested in it.
    pub nested: Vec<String>,
}

/// One combination of answers to what the template leaves open.
#[derive(Debug)]
pub struct World {
    /// How each condition comes out that is asked for.
    pub conditions: BTreeMap<String, bool>,
    pub resources: Vec<Resource>,
}

/// How many worlds are looked at.
const MOST_WORLDS: usize = 64;

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

/// Evaluates the template at `path`; `None` if it is none.
pub fn load(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &str,
    source: SourceId,
    inputs: &Inputs,
) -> Option<Loaded> {
    let text = sources.shared(source);
    let template = on_its_own_stack(|| Template::read(source, &text));
    let is_broken = !template.findings.is_empty() && template::says_so(&text);
    if !is_broken && !template.is_template() {
        return None;
    }
    let templates = on_its_own_stack(|| nested(files, sources, path, &template));
    let macros = template.macros();
    let mut loaded = on_its_own_stack(|| worlds(path, &template, &templates, inputs));
    loaded.macros = macros;
    loaded.is_complete &= loaded.macros.is_empty() && template.is_whole;
    loaded.findings.extend(template.findings.iter().cloned());
    loaded.findings.extend(templates.values().flat_map(|it| it.findings.iter().cloned()));
    loaded.nested = templates.into_keys().collect();
    Some(loaded)
}

/// The templates that a template names, and those that they name.
fn nested(files: &dyn Files, sources: &mut SourceMap, path: &str, root: &Template) -> BTreeMap<String, Template> {
    /// More are not read.
    const MOST: usize = 200;
    let mut templates = BTreeMap::new();
    let mut open = named_templates(path, root);
    while let Some(path) = open.pop() {
        if templates.contains_key(&path) || MOST <= templates.len() {
            continue;
        }
        let Some(text) = files.read(&path).ok().and_then(|bytes| decode(bytes).ok()) else { continue };
        let Ok(source) = sources.add(path.as_str(), text) else { continue };
        let text = sources.shared(source);
        let template = Template::read(source, &text);
        open.extend(named_templates(&path, &template));
        templates.insert(path, template);
    }
    templates
}

fn named_templates(path: &str, template: &Template) -> Vec<String> {
    let url = |node: &Node| {
        node.get("Properties").and_then(|it| it.get("TemplateURL")).and_then(Node::text).map(str::to_owned)
    };
    let urls = template.section("Resources").iter().filter_map(|(_, node)| url(node));
    urls.filter(|it| !it.contains("://")).map(|it| path::beside(path, &it)).collect()
}

/// Every world of a template.
fn worlds(path: &str, template: &Template, templates: &BTreeMap<String, Template>, inputs: &Inputs) -> Loaded {
    let values: Values = inputs
        .parameters
        .iter()
        .map(|(name, value)| {
            let at = template.entry("Parameters", name).map_or(template.start, |(key, _)| key.span);
            (name.clone(), Term::text(value.clone(), at))
        })
        .collect();
    let mut loaded =
        Loaded { worlds: Vec::new(), findings: Vec::new(), is_complete: true, macros: Vec::new(), nested: Vec::new() };
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
        let mut evaluator = Evaluator::new(templates, Choices::given(given));
        let stack = evaluator.add_stack(template, path.to_owned(), String::new(), values.clone());
        let resources = evaluator.resources(stack);
        open.extend(evaluator.choices.branches());
        loaded.is_complete &= !evaluator.is_open;
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
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("evaluation".to_owned()).stack_size(STACK);
        let running = builder.spawn_scoped(scope, work).expect("the system grants a thread and its stack");
        running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
