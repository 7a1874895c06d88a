//! Evaluates a project: every module instance, value by value, each only when something asks for it and only once.

mod budget;
mod call;
mod collection;
mod expression;
mod function;
pub(super) mod reference;
pub(super) mod scope;
mod template;

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use rustc_hash::FxHashMap;

pub(super) use self::collection::elements;
use self::{
    budget::Budget,
    function::Readings,
    scope::{InstanceKey, ModuleId, Scope},
};
use super::{
    body::ResourceInstance,
    configuration::{Configuration, ModuleCall, ResourceName},
    cty::Term,
    expand::Expansion,
    module::Tree,
    trouble::{Failure, evaluation_error},
    unknown::opaque,
};
use crate::{
    files::Files,
    finding::{Certainty, Finding, Label},
    source::Span,
    syntax::Expression,
};

/// How deep one value may stand on another: far deeper than code goes, and within the stack that evaluation runs on.
const DEEPEST: usize = 4_000;

/// How many parts the value of one name may have: a few lines can double it over and over.
const MOST_PARTS: usize = 1_000_000;

/// How many instances of resources and modules are made in one project, besides one of each.
pub(super) const MOST_INSTANCES: usize = 100_000;

/// What evaluates a project, and what it knows so far.
pub(super) struct Evaluator<'a> {
    pub files: &'a dyn Files,
    pub tree: &'a Tree,
    pub modules: Vec<Module<'a>>,
    pub findings: Vec<Finding>,
    /// What has been told, and where: several instances of one module have the same trouble.
    told: BTreeSet<(Span, String)>,
    /// How many instances there are.
    pub instances: usize,
    /// How many blocks `dynamic` has made.
    pub made_blocks: usize,
    budget: Budget,
    readings: Readings,
    depth: usize,
    /// What is being evaluated, each for the sake of the one before it.
    running: Vec<(ModuleId, Noun<'a>)>,
    /// The resources and modules whose instances are not known: the one instance that stands for all, and its key.
    pub collectives: BTreeMap<String, (Term, Term)>,
    /// What resources of each type have where their blocks say nothing.
    pub left_out: FxHashMap<&'a str, Rc<Vec<(&'static str, Term)>>>,
    /// How many parts of resources' values are told.
    pub told_parts: Cell<usize>,
    /// Only variables of a template have names here.
    is_template: bool,
    /// What is given from outside is being evaluated: nothing has a name.
    is_input: bool,
    /// What is being worked out rests on what the code does not decide and we take for granted: that the workspace is the
    /// default one, and the defaults of a root which also has variables that nobody gave a value.
    is_doubtful: bool,
    /// How often something was read that may be anything: whatever is done with it may be an error.
    read_anything: usize,
}

/// One instance of a module.
pub(super) struct Module<'a> {
    pub node: usize,
    pub configuration: &'a Configuration,
    /// Empty for the root: `module.net["b"]`.
    pub address: String,
    /// The call that it comes from; the root has none.
    pub call: Option<CallSite<'a>>,
    /// Each with whether what it was worked out from is doubtful.
    values: FxHashMap<Noun<'a>, (Term, bool)>,
    pub expansions: FxHashMap<Noun<'a>, Rc<Expansion<'a>>>,
    pub resources: FxHashMap<&'a ResourceName, Rc<Vec<ResourceInstance<'a>>>>,
    pub calls: FxHashMap<&'a str, Rc<Vec<ModuleId>>>,
}

/// Where a module instance comes from.
#[derive(Clone)]
pub(super) struct CallSite<'a> {
    pub call: &'a ModuleCall,
    pub scope: Scope<'a>,
}

/// What one module names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Noun<'a> {
    Variable(&'a str),
    Local(&'a str),
    Output(&'a str),
    Resource(&'a ResourceName),
    /// The instances of a resource.
    ResourceKeys(&'a ResourceName),
    /// The instances of a module.
    CallKeys(&'a str),
}

impl<'a> Evaluator<'a> {
    /// An evaluator that knows the root module, and nothing of it.
    pub(super) fn new(files: &'a dyn Files, tree: &'a Tree) -> Self {
        let mut this = Self {
            files,
            tree,
            modules: Vec::new(),
            findings: Vec::new(),
            told: BTreeSet::new(),
            instances: 0,
            made_blocks: 0,
            budget: Budget::default(),
            readings: Readings::default(),
            depth: 0,
            running: Vec::new(),
            collectives: BTreeMap::new(),
            left_out: FxHashMap::default(),
            told_parts: Cell::new(0),
            is_template: false,
            is_input: false,
            is_doubtful: false,
            read_anything: 0,
        };
        this.add_module(0, String::new(), None);
        this
    }

    pub(super) fn add_module(&mut self, node: usize, address: String, call: Option<CallSite<'a>>) -> ModuleId {
        self.modules.push(Module {
            node,
            configuration: self.tree.configuration(node),
            address,
            call,
            values: FxHashMap::default(),
            expansions: FxHashMap::default(),
            resources: FxHashMap::default(),
            calls: FxHashMap::default(),
        });
        self.modules.len() - 1
    }

    /// Says what is wrong, once for each place.
    pub(super) fn tell(&mut self, module: ModuleId, failure: Failure) {
        let mut finding = evaluation_error(failure.span, failure.message);
        if self.is_doubtful {
            finding.certainty = Certainty::Possible;
        }
        finding.because = self.way_to(module);
        self.report(finding);
    }

    pub(super) fn report(&mut self, finding: Finding) {
        if self.told.insert((finding.at.span, finding.message.clone())) {
            self.findings.push(finding);
        }
    }

    /// The calls that lead to a module, the nearest first.
    fn way_to(&self, module: ModuleId) -> Vec<Label> {
        let mut way = Vec::new();
        let mut at = &self.modules[module];
        while let Some(CallSite { call, scope }) = &at.call {
            way.push(Label::new(call.header, format!("{} is called here", at.address)));
            at = &self.modules[scope.module];
        }
        way
    }

    /// The value of `expression`; where it has none, that is told, and the value is unknown.
    pub(super) fn value(&mut self, expression: &'a Expression, scope: &Scope<'a>) -> Term {
        let was_doubtful = std::mem::take(&mut self.is_doubtful);
        let value = self.evaluate(expression, scope).unwrap_or_else(|failure| {
            let why = format!("an expression that cannot be evaluated: {}", failure.message);
            if !self.is_hypothetical(scope) {
                self.tell(scope.module, failure);
            }
            opaque(&why)
        });
        self.is_doubtful |= was_doubtful;
        value
    }

    /// Whether this stands in an instance that stands for all: there may be none, and then nothing is wrong.
    pub(super) fn is_hypothetical(&self, scope: &Scope<'a>) -> bool {
        let is_any = |scope: &Scope<'a>| scope.repetition.as_ref().is_some_and(|it| it.key == InstanceKey::Any);
        let mut scope = scope;
        while !is_any(scope) {
            let Some(site) = &self.modules[scope.module].call else { return false };
            scope = &site.scope;
        }
        true
    }

    /// The value of what a module names, worked out when it is asked for the first time.
    fn remember(&mut self, module: ModuleId, noun: Noun<'a>, work_out: impl FnOnce(&mut Self) -> Term) -> Term {
        if let Some((known, is_doubtful)) = self.modules[module].values.get(&noun) {
            self.is_doubtful |= is_doubtful;
            return known.clone();
        }
        let was_doubtful = std::mem::take(&mut self.is_doubtful);
        let value = self.work_out(module, noun, work_out);
        self.is_doubtful |= was_doubtful;
        value
    }

    fn work_out(&mut self, module: ModuleId, noun: Noun<'a>, work_out: impl FnOnce(&mut Self) -> Term) -> Term {
        let Some(value) = self.guarded(module, noun, work_out) else {
            return opaque("a value that depends on itself");
        };
        let value = if has_more_parts(&value, MOST_PARTS) { self.too_large(module, noun) } else { value };
        self.modules[module].values.insert(noun, (value.clone(), self.is_doubtful));
        value
    }

    fn too_large(&mut self, module: ModuleId, noun: Noun<'a>) -> Term {
        if let Some(span) = self.span(module, noun) {
            self.tell(module, Failure::new(span, "this value has more than 1,000,000 parts, which is not worked out"));
        }
        opaque("a value that is too large")
    }

    /// Works something out, unless it is being worked out already: then the circle is told, and there is nothing.
    pub(super) fn guarded<T>(
        &mut self,
        module: ModuleId,
        noun: Noun<'a>,
        work_out: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if let Some(at) = self.running.iter().position(|it| *it == (module, noun)) {
            self.tell_circle(at);
            return None;
        }
        self.running.push((module, noun));
        let result = work_out(self);
        self.running.pop();
        Some(result)
    }

    fn tell_circle(&mut self, start: usize) {
        // Told from the smallest name on, so that one circle is one finding wherever it was entered.
        let circle = &self.running[start..];
        let first = circle.iter().enumerate().min_by_key(|(_, it)| **it).map_or(0, |(at, _)| at);
        let circle: Vec<_> = circle[first..].iter().chain(&circle[..first]).copied().collect();
        let mut names: Vec<_> = circle.iter().map(|&(module, noun)| self.name(module, noun)).collect();
        names.dedup();
        let (module, noun) = circle[0];
        if let Some(span) = self.span(module, noun) {
            let message = format!("these depend on one another in a circle: {}", names.join(", "));
            self.tell(module, Failure::new(span, message));
        }
    }

    /// How the root would name it.
    fn name(&self, module: ModuleId, noun: Noun<'a>) -> String {
        let within = match noun {
            Noun::Variable(name) => format!("var.{name}"),
            Noun::Local(name) => format!("local.{name}"),
            Noun::Output(name) => format!("output.{name}"),
            Noun::Resource(name) | Noun::ResourceKeys(name) => name.to_string(),
            Noun::CallKeys(name) => format!("module.{name}"),
        };
        address_in(&self.modules[module].address, &within)
    }

    fn span(&self, module: ModuleId, noun: Noun<'a>) -> Option<Span> {
        let configuration = self.modules[module].configuration;
        match noun {
            Noun::Variable(name) => configuration.variables.get(name).map(|it| it.header),
            Noun::Local(name) => configuration.locals.get(name).map(|it| it.name_span),
            Noun::Output(name) => configuration.outputs.get(name).map(|it| it.header),
            Noun::Resource(name) | Noun::ResourceKeys(name) => configuration.resources.get(name).map(|it| it.header),
            Noun::CallKeys(name) => configuration.calls.get(name).map(|it| it.header),
        }
    }

    /// One level deeper; whoever enters leaves by [`Evaluator::leave`].
    pub(super) fn enter(&mut self, span: Span) -> Result<(), Failure> {
        if DEEPEST <= self.depth {
            return Err(Failure::new(span, "values stand on one another more than 4,000 deep, which is not followed"));
        }
        self.budget.step().map_err(|message| Failure::new(span, message))?;
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// Whether `term` has more parts than `most`, itself among them.
fn has_more_parts(term: &Term, most: usize) -> bool {
    let mut open = vec![term];
    let mut seen = 0;
    while let Some(it) = open.pop() {
        seen += 1;
        if most < seen {
            return true;
        }
        open.extend(it.children());
    }
    false
}

/// An address within a module.
pub(super) fn address_in(module: &str, within: &str) -> String {
    if module.is_empty() { within.to_owned() } else { format!("{module}.{within}") }
}
