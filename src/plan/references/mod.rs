//! Who an attribute that is not known until apply refers to, inferred from the plan alone.
//!
//! A plan lists the references of each expression, but neither the expression nor any local. What follows is sound on
//! these grounds: an id that is not known until apply belongs to something that this plan creates; the attribute says of
//! which type; what is in scope (the module, its inputs, its calls' outputs) says which. Where one candidate is left, it
//! is that one. Where instances are many, `count.index` and `each.key` pair equal keys. Where several stay possible, the
//! answer is all of them.

mod answer;
mod flow;
mod setting;
mod sources;
#[cfg(test)]
mod tests;
mod walk;

use std::{borrow::Cow, cell::RefCell, collections::BTreeMap, rc::Rc};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Head, Members, Part, Plan, References, Side,
    address::{Key, Step, module_steps},
    body::is_whole,
    configuration::{self, Expression, Reference as Written, Resource as Configured},
};
use flow::Flow;
use setting::{Expressions, Setting, setting};

use crate::{
    schema::{self, Noun},
    value::{Kind, Unknown, Value},
};

/// A set of candidates larger than this says nothing that anyone could use.
const MOST_CANDIDATES: usize = 64;

/// Answers from the plan's `configuration`.
#[derive(Debug)]
pub struct Inferred<'i, 'p, 'a> {
    index: &'i Index<'p, 'a>,
    expressions: RefCell<FxHashMap<usize, Rc<Expressions<'a>>>>,
    /// Those of the resource that is being asked about: its instances stand together, and ask one after the other.
    own: RefCell<Option<(usize, Rc<Expressions<'a>>)>>,
    /// What was worked out already; `None` while it is being worked out.
    remembered: RefCell<FxHashMap<Question, Option<Rc<Flow>>>>,
}

/// The instances of modules and resources that a plan has.
#[derive(Debug)]
pub struct Index<'p, 'a> {
    plan: &'p Plan<'a>,
    heads: Vec<&'p Head<'a>>,
    modules: Vec<ModuleInstance<'p, 'a>>,
    module_by_address: FxHashMap<Cow<'p, str>, usize>,
    /// Where each head of the plan stands: its module instance, and the resource there that it is an instance of.
    places: Vec<Place>,
}

/// What is asked of one module instance: the step (`var.x`, `output.y`, `aws_vpc.main.id`), and for what.
type Question = (usize, String, &'static [Noun], bool);

#[derive(Debug)]
struct ModuleInstance<'p, 'a> {
    configuration: Option<&'p configuration::Module<'a>>,
    parent: Option<usize>,
    name: String,
    key: Option<Key>,
    /// The instances of each of its resources.
    instances: Vec<Vec<usize>>,
    /// Which of these are those of a resource, by its address within the module.
    resources: FxHashMap<String, usize>,
    /// The instances of each module that it calls.
    children: FxHashMap<String, Vec<usize>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    module: usize,
    resource: usize,
}

/// The object whose expression is asked about: a resource instance, or the call of a module instance.
#[derive(Clone, Copy)]
struct Scope<'s> {
    module: usize,
    key: Option<&'s Key>,
    /// How many instances that object has.
    peers: usize,
    /// What `each.value` comes from.
    for_each: Option<&'s Expression<'s>>,
}

struct Query {
    nouns: &'static [Noun],
    /// The references found belong to more than the attribute asked about: to a block, or to all that is in scope.
    of_block: bool,
}

/// What is unknown, and nothing says whose it is.
const AFTER_APPLY: &str = "known after apply";

impl<'p, 'a> Index<'p, 'a> {
    pub fn of(plan: &'p Plan<'a>) -> Self {
        let root = ModuleInstance::new(Some(&plan.configuration.modules[0]), None, String::new(), None);
        let mut this = Self {
            plan,
            heads: plan.side(Side::After).collect(),
            modules: vec![root],
            module_by_address: FxHashMap::from_iter([(Cow::Borrowed(""), 0)]),
            places: vec![Place::default(); plan.heads.len() + plan.prior.len()],
        };
        let mut within = String::new();
        let mut previous: Option<&'p Head<'a>> = None;
        for at in 0..this.heads.len() {
            let head = this.heads[at];
            let place = match previous {
                // The instances of a resource stand together.
                Some(previous) if previous.is_peer(head) => this.places[previous.ordinal],
                Some(_) | None => {
                    let module = this.add_module(head.module.as_deref().unwrap_or(""));
                    head.write_within_module(&mut within);
                    Place { module, resource: this.modules[module].resource(&within) }
                }
            };
            this.modules[place.module].instances[place.resource].push(at);
            this.places[head.ordinal] = place;
            previous = Some(head);
        }
        this
    }

    fn add_module(&mut self, address: &'p str) -> usize {
        if let Some(&module) = self.module_by_address.get(address) {
            return module;
        }
        let mut at = 0;
        let mut written = String::new();
        for (name, key) in module_steps(address) {
            written.push_str(if written.is_empty() { "module." } else { ".module." });
            written.push_str(&name);
            if let Some(key) = &key {
                written.push_str(&key.to_string());
            }
            at = if let Some(&known) = self.module_by_address.get(written.as_str()) {
                known
            } else {
                let call = self.modules[at].configuration.and_then(|module| module.calls.get(name.as_str()));
                let configuration = call.and_then(|call| self.plan.configuration.modules.get(call.module));
                let added = self.modules.len();
                self.modules.push(ModuleInstance::new(configuration, Some(at), name.clone(), key));
                self.modules[at].children.entry(name).or_default().push(added);
                self.module_by_address.insert(Cow::Owned(written.clone()), added);
                added
            };
        }
        self.module_by_address.insert(Cow::Borrowed(address), at);
        at
    }
}

impl<'i, 'p, 'a> Inferred<'i, 'p, 'a> {
    pub fn new(index: &'i Index<'p, 'a>) -> Self {
        Self { index, expressions: RefCell::default(), own: RefCell::default(), remembered: RefCell::default() }
    }

    fn module_of(&self, head: &Head<'_>) -> usize {
        self.index.places[head.ordinal].module
    }

    fn configured(&self, module: usize, address: &str) -> Option<&'p Configured<'a>> {
        self.index.modules[module].configuration?.resources.find(address)
    }

    fn expressions(&self, resource: &Configured<'a>) -> Rc<Expressions<'a>> {
        let key = std::ptr::from_ref(resource).addr();
        Rc::clone(self.expressions.borrow_mut().entry(key).or_insert_with(|| Rc::new(Expressions::of(resource))))
    }

    fn own_expressions(&self, resource: &Configured<'a>) -> Rc<Expressions<'a>> {
        let key = std::ptr::from_ref(resource).addr();
        let mut own = self.own.borrow_mut();
        match &*own {
            Some((known, expressions)) if *known == key => Rc::clone(expressions),
            Some(_) | None => {
                let expressions = Rc::new(Expressions::of(resource));
                *own = Some((key, Rc::clone(&expressions)));
                expressions
            }
        }
    }

    fn scope_of<'s>(&'s self, head: &'s Head<'_>, module: usize) -> Scope<'s> {
        let Place { module: own, resource } = self.index.places[head.ordinal];
        let for_each = self.index.plan.configuration.resource(head).map(|it| &it.for_each_expression);
        let peers = self.index.modules[own].instances.get(resource).map_or(1, Vec::len);
        Scope { module, key: head.key.as_ref(), peers, for_each }
    }

    /// The scope in which the arguments of a module instance's call are written, and those arguments.
    fn call_of(&self, module: usize) -> Option<(Scope<'_>, &'p BTreeMap<std::borrow::Cow<'a, str>, Expression<'a>>)> {
        let instance = &self.index.modules[module];
        let parent = instance.parent?;
        let call = self.index.modules[parent].configuration?.calls.get(instance.name.as_str())?;
        let peers = self.index.modules[parent].children.get(&instance.name).map_or(1, Vec::len);
        let for_each = Some(&call.for_each_expression);
        Some((Scope { module: parent, key: instance.key.as_ref(), peers, for_each }, &call.expressions))
    }
}

impl<'p, 'a> ModuleInstance<'p, 'a> {
    fn new(
        configuration: Option<&'p configuration::Module<'a>>,
        parent: Option<usize>,
        name: String,
        key: Option<Key>,
    ) -> Self {
        let (instances, resources, children) = (Vec::new(), FxHashMap::default(), FxHashMap::default());
        Self { configuration, parent, name, key, instances, resources, children }
    }

    /// Which resource stands at `address` within it; one that is not known yet is added.
    fn resource(&mut self, address: &str) -> usize {
        if let Some(&known) = self.resources.get(address) {
            return known;
        }
        self.instances.push(Vec::new());
        self.resources.insert(address.to_owned(), self.instances.len() - 1);
        self.instances.len() - 1
    }

    /// The instances of the resource at `address` within it.
    fn instances_of(&self, address: &str) -> &[usize] {
        self.resources.get(address).map_or(&[], |&at| self.instances[at].as_slice())
    }

    /// The instances of the module that it calls by this name.
    fn children_of(&self, name: &str) -> &[usize] {
        self.children.get(name).map_or(&[], Vec::as_slice)
    }
}

impl References for Inferred<'_, '_, '_> {
    fn unknown(&self, head: &Head<'_>, path: &[Part<'_>], attribute: &Value) -> Kind {
        Kind::Unknown(self.infer(head, path, attribute))
    }

    fn retain_configured(&self, head: &Head<'_>, unknown: &mut Members<'_>) {
        match self.index.plan.configuration.resource(head) {
            Some(configured) => {
                let expressions = self.own_expressions(configured);
                unknown.retain(|(name, mask)| !is_whole(mask) || expressions.has(name));
            }
            None => unknown.retain(|(_, mask)| !is_whole(mask)),
        }
    }
}

impl Inferred<'_, '_, '_> {
    fn infer(&self, head: &Head<'_>, path: &[Part<'_>], attribute: &Value) -> Unknown {
        let Some(configured) = self.index.plan.configuration.resource(head) else { return Unknown::Computed };
        let expressions = self.own_expressions(configured);
        let [Part::Attribute(name), rest @ ..] = path else { return Unknown::Computed };
        let setting = setting(expressions.get(name), rest, Some(attribute));
        if matches!(setting, Setting::NotConfigured) {
            return Unknown::Computed;
        }
        let last = path.iter().rev().find_map(|part| match part {
            Part::Attribute(name) => Some(*name),
            Part::Item { .. } => None,
        });
        let nouns = schema::holds(&head.kind, last.unwrap_or(""));
        let module = self.module_of(head);
        let scope = self.scope_of(head, module);
        // What there is to say where nothing names it. A setting that only leads to what is known was null, and the
        // provider decides.
        let references = match &setting {
            Setting::Known(references) | Setting::OfBlock(references) => *references,
            Setting::NotConfigured | Setting::Lost(_) => &[],
        };
        let nameless = || {
            let may_be = self.may_be_unknown(references, scope, &mut FxHashSet::default());
            if may_be { Unknown::Opaque(AFTER_APPLY.to_owned()) } else { Unknown::Computed }
        };
        if nouns.is_empty() {
            return nameless();
        }
        let ask = |references: &[Written], of_block| {
            let query = Query { nouns, of_block };
            let mut flow = self.flow(references, scope, &query);
            self.resolve_locals(&mut flow, &query);
            flow
        };
        let mut flow = match setting {
            Setting::NotConfigured => return Unknown::Computed,
            Setting::Known(references) => ask(references, false),
            Setting::OfBlock(references) => ask(references, true),
            Setting::Lost(shown) => {
                let mut flow = ask(&[Written::Local], true);
                for references in shown {
                    flow.add(ask(references, true));
                }
                flow
            }
        };
        if flow.groups.iter().any(|group| group.fits) {
            flow.groups.retain(|group| group.fits);
        }
        match path.last() {
            Some(Part::Attribute(name)) if schema::is_collection(&head.kind, name) => self.collection(flow, nameless),
            Some(Part::Item { at, of }) => self.item(flow, *at, *of, nameless),
            Some(Part::Attribute(_)) | None => self.single(flow, nameless),
        }
    }
}
