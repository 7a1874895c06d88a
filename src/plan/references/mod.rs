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

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Head, Part, Plan, References, Side,
    address::{Key, Step, module_steps},
    configuration::{self, Expression, Reference as Written, Resource as Configured},
};
use flow::Flow;
use setting::{Expressions, Setting, parse, setting};

use crate::{
    schema::{self, Noun},
    value::{Kind, Unknown, Value},
};

/// A set of candidates larger than this says nothing that anyone could use.
const MOST_CANDIDATES: usize = 64;

/// Answers from the plan's `configuration`.
#[derive(Debug)]
pub struct Inferred<'p, 'a> {
    plan: &'p Plan<'a>,
    heads: Vec<&'p Head<'a>>,
    modules: Vec<ModuleInstance<'p, 'a>>,
    module_by_address: FxHashMap<String, usize>,
    /// The instances of each resource: by module instance and address within it.
    instances: FxHashMap<(usize, String), Vec<usize>>,
    children: FxHashMap<(usize, String), Vec<usize>>,
    expressions: RefCell<FxHashMap<usize, Rc<Expressions>>>,
    /// What was worked out already; `None` while it is being worked out.
    remembered: RefCell<FxHashMap<Question, Option<Rc<Flow>>>>,
}

/// What is asked of one module instance: the step (`var.x`, `output.y`, `aws_vpc.main.id`), and for what.
type Question = (usize, String, &'static [Noun], bool);

#[derive(Debug)]
struct ModuleInstance<'p, 'a> {
    configuration: Option<&'p configuration::Module<'a>>,
    parent: Option<usize>,
    name: String,
    key: Option<Key>,
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

impl<'p, 'a> Inferred<'p, 'a> {
    pub fn new(plan: &'p Plan<'a>) -> Self {
        let root = ModuleInstance {
            configuration: Some(&plan.configuration.root_module),
            parent: None,
            name: String::new(),
            key: None,
        };
        let mut this = Self {
            plan,
            heads: plan.side(Side::After).map(|(head, _)| head).collect(),
            modules: vec![root],
            module_by_address: FxHashMap::from_iter([(String::new(), 0)]),
            instances: FxHashMap::default(),
            children: FxHashMap::default(),
            expressions: RefCell::default(),
            remembered: RefCell::default(),
        };
        for at in 0..this.heads.len() {
            let head = this.heads[at];
            let module = this.add_module(head.module.as_deref().unwrap_or(""));
            this.instances.entry((module, head.within_module())).or_default().push(at);
        }
        this
    }

    fn add_module(&mut self, address: &str) -> usize {
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
            at = if let Some(&known) = self.module_by_address.get(&written) {
                known
            } else {
                let calls = self.modules[at].configuration.map(|module| &module.calls);
                let configuration = calls.and_then(|calls| calls.get(name.as_str())).map(|call| &call.module);
                self.modules.push(ModuleInstance { configuration, parent: Some(at), name: name.clone(), key });
                self.children.entry((at, name)).or_default().push(self.modules.len() - 1);
                self.module_by_address.insert(written.clone(), self.modules.len() - 1);
                self.modules.len() - 1
            };
        }
        self.module_by_address.insert(address.to_owned(), at);
        at
    }

    fn module_of(&self, head: &Head<'_>) -> usize {
        self.module_by_address.get(head.module.as_deref().unwrap_or("")).copied().unwrap_or(0)
    }

    fn configured(&self, module: usize, address: &str) -> Option<&'p Configured<'a>> {
        self.modules[module].configuration?.resources.find(address)
    }

    fn expressions(&self, resource: &Configured<'_>) -> Rc<Expressions> {
        let key = std::ptr::from_ref(resource).addr();
        if let Some(known) = self.expressions.borrow().get(&key) {
            return Rc::clone(known);
        }
        let parsed = resource.expressions().iter().map(|(name, it)| (name.clone().into_owned(), parse(it))).collect();
        let parsed = Rc::new(parsed);
        self.expressions.borrow_mut().insert(key, Rc::clone(&parsed));
        parsed
    }

    fn scope_of<'s>(&'s self, head: &'s Head<'_>, module: usize) -> Scope<'s> {
        let within = head.within_module();
        let for_each = self.configured(module, &within).map(|it| &it.for_each_expression);
        let peers = self.instances.get(&(module, within)).map_or(1, Vec::len);
        Scope { module, key: head.key.as_ref(), peers, for_each }
    }

    /// The scope in which the arguments of a module instance's call are written, and those arguments.
    fn call_of(&self, module: usize) -> Option<(Scope<'_>, &'p BTreeMap<std::borrow::Cow<'a, str>, Expression<'a>>)> {
        let instance = &self.modules[module];
        let parent = instance.parent?;
        let call = self.modules[parent].configuration?.calls.get(instance.name.as_str())?;
        let peers = self.children.get(&(parent, instance.name.clone())).map_or(1, Vec::len);
        let for_each = Some(&call.for_each_expression);
        Some((Scope { module: parent, key: instance.key.as_ref(), peers, for_each }, &call.expressions))
    }
}

impl References for Inferred<'_, '_> {
    fn unknown(&self, head: &Head<'_>, path: &[Part<'_>], body: &Value) -> Kind {
        Kind::Unknown(self.infer(head, path, body))
    }
}

impl Inferred<'_, '_> {
    fn infer(&self, head: &Head<'_>, path: &[Part<'_>], body: &Value) -> Unknown {
        let last = path.iter().rev().find_map(|part| match part {
            Part::Attribute(name) => Some(*name),
            Part::Item { .. } => None,
        });
        let nouns = schema::holds(&head.kind, last.unwrap_or(""));
        let module = self.module_of(head);
        let Some(configured) = self.configured(module, &head.within_module()) else { return Unknown::Computed };
        let expressions = self.expressions(configured);
        let setting = setting(&expressions, path, body);
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
