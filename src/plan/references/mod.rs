//! Who an attribute that is not known until apply refers to, inferred from the plan alone.
//!
//! A plan lists the references of each expression, but neither the expression nor any local. What follows is sound on
//! these grounds: an id that is not known until apply belongs to something that this plan creates; the attribute says of
//! which type; what is in scope (the module, its inputs, its calls' outputs) says which. Where one candidate is left, it
//! is that one. Where instances are many, `count.index` and `each.key` pair equal keys. Where several stay possible, the
//! answer is all of them.

mod setting;
mod sources;
#[cfg(test)]
mod tests;

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Head, Part, Plan, References, Side,
    address::{Key, Step, steps},
    configuration::{self, Expression, Reference as Written, Resource as Configured},
};
use setting::{Expressions, Setting, parse, setting};
use sources::{CARRIES_ANYTHING, gives, named_by_id};

use crate::{
    resource::{Action, Mode},
    schema::{self, Noun},
    value::{Members, Reference, Unknown, Value},
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

/// Where a value may come from.
#[derive(Clone, Debug, Default)]
struct Flow {
    groups: Vec<Group>,
    /// It may also come from something that has no name here.
    others: Option<String>,
    /// The expression is a plain list of named instances: each of them is in it.
    plain: bool,
    /// It comes through locals of these modules, of which a plan does not tell what they are.
    locals: Vec<Local>,
}

/// All that is in scope of a module, narrowed to what pairs with these keys (and how many peers each key has).
#[derive(Clone, Debug, PartialEq)]
struct Local {
    module: usize,
    pairs: Vec<(Key, usize)>,
}

/// Instances of one resource, one of which (or, of a collection, some of which) it is.
#[derive(Clone, Debug, PartialEq)]
struct Group {
    heads: Vec<usize>,
    attribute: String,
    /// The expression names this very instance and attribute.
    named: bool,
    /// It is of a type that the attribute asked about holds. What is named and does not fit counts where nothing fits:
    /// the API takes a NAT gateway's id as `gateway_id`.
    fits: bool,
}

struct Query {
    nouns: &'static [Noun],
    /// The references found belong to more than the attribute asked about: to a block, or to all that is in scope.
    of_block: bool,
}

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

    fn flow(&self, references: &[Written], scope: Scope<'_>, query: &Query) -> Flow {
        let mut flow = Flow::default();
        let mut paired = false;
        let only_one = references.len() == 1;
        let by_key = references.iter().any(|it| matches!(it, Written::CountIndex | Written::EachKey));
        let mut plain = !references.is_empty();
        for reference in references {
            match reference {
                Written::Resource { address, key, rest } => {
                    let found = self.resource(scope.module, address, key.as_ref(), rest, query);
                    plain &= found.is_one_named();
                    flow.add(found);
                }
                Written::Module { name, key, output, rest } => {
                    let pair = scope.key.filter(|_| by_key && key.is_none());
                    let key = key.clone().or_else(|| self.paired_module(scope, name, pair?));
                    let found = self.module(scope.module, name, key.as_ref(), output.as_deref(), query);
                    plain &= only_one && rest.is_empty() && found.plain;
                    flow.add(found.at(rest.first(), self));
                }
                Written::Variable { name, rest } => {
                    let found = self.variable(scope.module, name, query);
                    plain &= only_one && rest.is_empty() && found.plain;
                    flow.add(found.at(rest.first(), self));
                }
                Written::Local => {
                    plain = false;
                    let local = Local { module: scope.module, pairs: Vec::new() };
                    flow.add(Flow { locals: vec![local], ..Flow::default() });
                }
                Written::CountIndex | Written::EachKey => {
                    plain = false;
                    paired = true;
                }
                Written::EachValue => {
                    plain = false;
                    paired = true;
                    if let Some(for_each) = scope.for_each {
                        let without = Scope { for_each: None, key: None, ..scope };
                        flow.add(self.flow(&for_each.references(), without, query));
                    }
                }
            }
        }
        if paired && let Some(key) = scope.key {
            for group in &mut flow.groups {
                self.pair(group, key, scope.peers);
            }
            flow.locals.iter_mut().for_each(|local| local.pairs.push((key.clone(), scope.peers)));
        }
        flow.plain = plain;
        flow
    }

    /// Keeps of a group the instance with an equal key. Equal indices say something only where both have as many.
    fn pair(&self, group: &mut Group, key: &Key, peers: usize) {
        if group.heads.len() < 2 {
            return;
        }
        let name = key.as_name();
        let equal =
            group.heads.iter().find(|&&head| self.heads[head].key.as_ref().is_some_and(|it| it.as_name() == name));
        if let Some(&equal) = equal
            && (matches!(key, Key::Name(_)) || group.heads.len() == peers)
        {
            group.heads = vec![equal];
        }
    }

    fn resource(&self, module: usize, address: &str, key: Option<&Key>, rest: &[Step], query: &Query) -> Flow {
        let none = Vec::new();
        let instances = self.instances.get(&(module, address.to_owned())).unwrap_or(&none);
        let chosen: Vec<usize> =
            instances.iter().copied().filter(|&at| key.is_none() || self.heads[at].key.as_ref() == key).collect();
        let Some(&first) = chosen.first() else { return Flow::default() };
        let head = self.heads[first];
        let attribute = path_text(rest);
        if head.mode == Mode::Data {
            return self.data(head, rest, query);
        }
        let Some(Step::Attribute(name)) = rest.first() else {
            return self.whole(module, address, &chosen, query);
        };
        let identity = schema::identities(&head.kind).iter().find(|(it, _)| it == name);
        if let Some((_, noun)) = identity {
            // No attribute takes the ARN of what EC2 names by an id.
            let fits = query.nouns.contains(noun) && !(name == "arn" && query.of_block && named_by_id(*noun));
            return if fits || !query.of_block {
                Flow::of(Group { heads: chosen, attribute, named: true, fits })
            } else {
                Flow::default()
            };
        }
        if holds_any(&head.kind, name, query.nouns) {
            return self.carried(module, address, &chosen, name, query);
        }
        self.passed_on(module, address, head, query)
    }

    /// The key of the instance of a call that pairs with `key`, as [`Self::pair`] has it.
    fn paired_module(&self, scope: Scope<'_>, name: &str, key: &Key) -> Option<Key> {
        let children = self.children.get(&(scope.module, name.to_owned()))?;
        let name = key.as_name();
        let mut keys = children.iter().filter_map(|&child| self.modules[child].key.as_ref());
        let equal = keys.find(|it| it.as_name() == name)?;
        (matches!(key, Key::Name(_)) || children.len() == scope.peers).then(|| equal.clone())
    }

    /// A resource named as a whole, or by an instance that the references do not tell.
    fn whole(&self, module: usize, address: &str, chosen: &[usize], query: &Query) -> Flow {
        let Some(head) = chosen.first().map(|&at| self.heads[at]) else { return Flow::default() };
        let mut flow = Flow::default();
        for &noun in query.nouns {
            for (attribute, _) in schema::identities(&head.kind).iter().filter(|(_, it)| *it == noun) {
                // Of two names for the same thing (id, arn), the first stands for both.
                let first = schema::identity_of(&head.kind, noun) == Some(attribute);
                let own = noun_of_itself(&head.kind) == Some(noun);
                if (first || !own) && self.is_relevant(module, address, attribute) {
                    flow.add(Flow::of(Group {
                        heads: chosen.to_vec(),
                        attribute: (*attribute).to_owned(),
                        named: false,
                        fits: true,
                    }));
                }
            }
        }
        let Some(configured) = self.configured(module, address) else { return flow };
        for attribute in self.expressions(configured).keys() {
            if holds_any(&head.kind, attribute, query.nouns) && self.is_relevant(module, address, attribute) {
                flow.add(self.carried(module, address, chosen, attribute, query));
            }
        }
        flow.add(self.passed_on(module, address, head, query));
        flow
    }

    /// An attribute that holds another resource's name: that name's own source.
    fn carried(&self, module: usize, address: &str, chosen: &[usize], attribute: &str, query: &Query) -> Flow {
        let Some(configured) = self.configured(module, address) else { return Flow::default() };
        let expressions = self.expressions(configured);
        let Some(parsed) = expressions.get(attribute) else {
            return Flow { others: Some(format!("`{address}.{attribute}` is worked out on apply")), ..Flow::default() };
        };
        let references = parsed.references();
        let mut flow = Flow::default();
        // Each instance may carry another name; where they are many, all of them are candidates.
        for &at in chosen.iter().take(MOST_CANDIDATES) {
            let head = self.heads[at];
            let step = format!("{}.{attribute}", head.address);
            flow.add(self.remember(module, step, query, || self.flow(&references, self.scope_of(head, module), query)));
        }
        if MOST_CANDIDATES < chosen.len() {
            flow.others = Some(format!("one of {} instances of `{address}`", chosen.len()));
        }
        flow
    }

    /// What other providers' resources (`time_sleep`, `terraform_data`) pass on: whatever they were given.
    fn passed_on(&self, module: usize, address: &str, head: &Head<'_>, query: &Query) -> Flow {
        if CARRIES_ANYTHING.contains(&head.kind.as_ref()) {
            return Flow { others: Some(format!("`{address}` may hold any id")), ..Flow::default() };
        }
        if head.kind.starts_with("aws_") {
            return Flow::default();
        }
        let Some(configured) = self.configured(module, address) else { return Flow::default() };
        self.remember(module, head.address.to_string(), query, || {
            let mut flow = Flow::default();
            for parsed in self.expressions(configured).values() {
                flow.add(self.flow(&parsed.references(), self.scope_of(head, module), query));
            }
            flow
        })
    }

    /// A data source that is read on apply can give an id; one that was read already is known.
    fn data(&self, head: &Head<'_>, rest: &[Step], query: &Query) -> Flow {
        if !head.gets_its_name()
            || gives(&head.kind).is_some_and(|given| !given.iter().any(|it| query.nouns.contains(it)))
        {
            return Flow::default();
        }
        let module = self.module_of(head);
        let address = head.within_module();
        // `data.aws_vpc.it.id` of `data "aws_vpc" "it" { id = … }` is what was asked for.
        if let Some(Step::Attribute(name)) = rest.first()
            && let Some(configured) = self.configured(module, &address)
            && let Some(parsed) = self.expressions(configured).get(name.as_str())
        {
            let step = format!("{}.{name}", head.address);
            let references = parsed.references();
            return self.remember(module, step, query, || self.flow(&references, self.scope_of(head, module), query));
        }
        Flow { others: Some(format!("`{}` is read on apply", head.address)), ..Flow::default() }
    }

    fn module(&self, parent: usize, name: &str, key: Option<&Key>, output: Option<&str>, query: &Query) -> Flow {
        let mut flow = Flow::default();
        let children = self.children.get(&(parent, name.to_owned())).map_or(&[][..], Vec::as_slice);
        let chosen: Vec<usize> = children
            .iter()
            .copied()
            .filter(|&child| key.is_none() || self.modules[child].key.as_ref() == key)
            .collect();
        for &child in chosen.iter().take(MOST_CANDIDATES) {
            let Some(configuration) = self.modules[child].configuration else { continue };
            let outputs = configuration.outputs.iter().filter(|(name, _)| output.is_none_or(|it| name.as_ref() == it));
            let scope = Scope { module: child, key: None, peers: 1, for_each: None };
            for (name, it) in outputs {
                let found = self.remember(child, format!("output.{name}"), query, || {
                    self.flow(&it.expression.references(), scope, query)
                });
                flow.plain = chosen.len() == 1 && output.is_some() && found.plain;
                flow.add(found);
            }
        }
        if MOST_CANDIDATES < chosen.len() {
            flow.others = Some(format!("one of {} instances of `module.{name}`", children.len()));
        }
        flow
    }

    fn variable(&self, module: usize, name: &str, query: &Query) -> Flow {
        let Some((scope, arguments)) = self.call_of(module) else { return self.root_variable(name) };
        let Some(argument) = arguments.get(name) else { return Flow::default() };
        self.remember(module, format!("var.{name}"), query, || self.flow(&argument.references(), scope, query))
    }

    /// An input of the whole is known. It cannot be what is unknown, but a collection may hold it beside what is.
    fn root_variable(&self, name: &str) -> Flow {
        let value = self.plan.variables.get(name).map(|it| &it.value);
        let others = value.is_some_and(may_be_a_name).then(|| format!("`var.{name}` may be among them"));
        Flow { others: others.map(|why| format!("{KNOWN}{why}")), ..Flow::default() }
    }

    /// What `work` finds, worked out once.
    fn remember(&self, module: usize, step: String, query: &Query, work: impl FnOnce() -> Flow) -> Flow {
        let question = (module, step, query.nouns, query.of_block);
        match self.remembered.borrow().get(&question) {
            Some(Some(known)) => return (**known).clone(),
            Some(None) => return Flow { others: Some("it refers to itself".to_owned()), ..Flow::default() },
            None => (),
        }
        self.remembered.borrow_mut().insert(question.clone(), None);
        let flow = work();
        self.remembered.borrow_mut().insert(question, Some(Rc::new(flow.clone())));
        flow
    }

    /// Replaces the locals that `flow` comes through by all that they could be.
    fn resolve_locals(&self, flow: &mut Flow, query: &Query) {
        for local in std::mem::take(&mut flow.locals) {
            let mut inside = self.everything(local.module, query);
            for group in &mut inside.groups {
                local.pairs.iter().for_each(|(key, peers)| self.pair(group, key, *peers));
            }
            flow.add(inside);
        }
    }

    /// Everything that a local of this module could be, through the locals of other modules as well.
    fn everything(&self, module: usize, query: &Query) -> Flow {
        let query = &Query { of_block: true, ..*query };
        self.remember(module, "local".to_owned(), query, || {
            let mut flow = Flow::default();
            let mut seen = FxHashSet::from_iter([module]);
            let mut left = vec![module];
            while let Some(module) = left.pop() {
                let mut inside = self.remember(module, "scope".to_owned(), query, || self.in_scope(module, query));
                for local in std::mem::take(&mut inside.locals) {
                    if seen.insert(local.module) {
                        left.push(local.module);
                    }
                }
                flow.add(inside);
            }
            flow
        })
    }

    /// What a module makes, is given, and gets from its calls.
    fn in_scope(&self, module: usize, query: &Query) -> Flow {
        let mut flow = Flow::default();
        if let Some(configuration) = self.modules[module].configuration {
            for resource in &configuration.resources.all {
                flow.add(self.resource(module, &resource.address, None, &[], query));
            }
            for name in configuration.calls.keys() {
                flow.add(self.module(module, name, None, None, query));
            }
        }
        let given: Vec<&str> = match self.call_of(module) {
            Some((_, arguments)) => arguments.keys().map(AsRef::as_ref).collect(),
            None => self.plan.variables.keys().map(String::as_str).collect(),
        };
        for name in given {
            flow.add(self.variable(module, name, query));
        }
        flow
    }

    /// Whether anything that is not known until apply can come through these references.
    fn may_be_unknown(&self, references: &[Written], scope: Scope<'_>, seen: &mut FxHashSet<(usize, String)>) -> bool {
        references.iter().any(|reference| match reference {
            Written::Local => true,
            Written::CountIndex | Written::EachKey => false,
            Written::EachValue => scope.for_each.is_some_and(|for_each| {
                let without = Scope { for_each: None, ..scope };
                self.may_be_unknown(&for_each.references(), without, seen)
            }),
            Written::Resource { address, .. } => {
                let instances = self.instances.get(&(scope.module, address.clone())).map_or(&[][..], Vec::as_slice);
                instances.iter().any(|&at| self.heads[at].action != Some(Action::NoOp))
            }
            Written::Module { name, output, .. } => {
                let children = self.children.get(&(scope.module, name.clone())).map_or(&[][..], Vec::as_slice);
                children.iter().take(MOST_CANDIDATES).any(|&child| {
                    let Some(configuration) = self.modules[child].configuration else { return true };
                    let Some(output) = output else { return true };
                    let Some(it) = configuration.outputs.get(output.as_str()) else { return false };
                    let inside = Scope { module: child, key: None, peers: 1, for_each: None };
                    seen.insert((child, format!("output.{output}")))
                        && self.may_be_unknown(&it.expression.references(), inside, seen)
                })
            }
            Written::Variable { name, .. } => self.call_of(scope.module).is_some_and(|(outside, arguments)| {
                arguments.get(name.as_str()).is_some_and(|argument| {
                    seen.insert((scope.module, format!("var.{name}")))
                        && self.may_be_unknown(&argument.references(), outside, seen)
                })
            }),
        })
    }

    /// Whether anything in the plan reads that attribute. Old plans do not say; then it may be.
    fn is_relevant(&self, module: usize, address: &str, attribute: &str) -> bool {
        let Some(relevant) = &self.plan.relevant else { return true };
        let mut path = String::new();
        let mut chain = Vec::new();
        let mut at = module;
        while let Some(parent) = self.modules[at].parent {
            chain.push(self.modules[at].name.as_str());
            at = parent;
        }
        for name in chain.iter().rev() {
            path.push_str("module.");
            path.push_str(name);
            path.push('.');
        }
        path.push_str(address);
        relevant.0.get(&path).is_some_and(|attributes| {
            attributes.contains("")
                || attributes.contains(attribute)
                || (attribute == "id" && attributes.contains("arn"))
        })
    }
}

impl References for Inferred<'_, '_> {
    fn unknown(&self, head: &Head<'_>, path: &[Part<'_>], body: &Value) -> Unknown {
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
        if nouns.is_empty() {
            return match setting {
                // A setting that only leads to what is known was null, and the provider decides.
                Setting::Known(references) | Setting::OfBlock(references)
                    if self.may_be_unknown(references, scope, &mut FxHashSet::default()) =>
                {
                    Unknown::Opaque(AFTER_APPLY.to_owned())
                }
                Setting::NotConfigured | Setting::Lost(_) | Setting::Known(_) | Setting::OfBlock(_) => {
                    Unknown::Computed
                }
            };
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
            Some(Part::Attribute(name)) if schema::is_collection(&head.kind, name) => self.collection(flow),
            Some(Part::Item { at, of }) => self.item(flow, *at, *of),
            Some(Part::Attribute(_)) | None => self.single(flow),
        }
    }
}

impl Inferred<'_, '_> {
    fn reference(&self, head: usize, attribute: &str) -> Reference {
        Reference::new(self.heads[head].address.clone(), attribute)
    }

    /// What a single value can be: only something whose name is not known yet.
    fn candidates(&self, flow: &Flow) -> Vec<Reference> {
        let mut found: Vec<Reference> = Vec::new();
        for group in &flow.groups {
            for &head in group.heads.iter().filter(|&&head| self.heads[head].gets_its_name()) {
                let reference = self.reference(head, &group.attribute);
                if !found.iter().any(|it| it.to == reference.to && same_thing(&self.heads[head].kind, it, &reference)) {
                    found.push(reference);
                }
                if MOST_CANDIDATES < found.len() {
                    return found;
                }
            }
        }
        found
    }

    fn single(&self, flow: Flow) -> Unknown {
        let mut candidates = self.candidates(&flow);
        let others = flow.others.filter(|why| !why.starts_with(KNOWN));
        match (candidates.len(), others) {
            (_, Some(why)) => Unknown::Opaque(why),
            (0, None) => Unknown::Computed,
            (1, None) => Unknown::AfterApply(candidates.remove(0)),
            (many, None) if MOST_CANDIDATES < many => {
                Unknown::Opaque(format!("one of more than {MOST_CANDIDATES} resources"))
            }
            (_, None) => {
                candidates.sort();
                Unknown::OneOf(candidates)
            }
        }
    }

    /// One item of a list of which the plan knows the length.
    fn item(&self, flow: Flow, at: usize, of: usize) -> Unknown {
        let candidates = self.candidates(&flow);
        if flow.others.is_none() && candidates.len() == of {
            return Unknown::AfterApply(candidates[at].clone());
        }
        self.single(flow)
    }

    fn collection(&self, flow: Flow) -> Unknown {
        let mut members = Members::default();
        let mut unnamed = Vec::new();
        let others_are_known = flow.others.as_deref().is_none_or(|why| why.starts_with(KNOWN));
        for group in &flow.groups {
            for &head in &group.heads {
                let reference = self.reference(head, &group.attribute);
                let list = if flow.plain { &mut members.certain } else { &mut members.possible };
                if self.heads[head].gets_its_name() && !unnamed.contains(&reference) {
                    unnamed.push(reference.clone());
                }
                if !list.contains(&reference) {
                    list.push(reference);
                }
                if MOST_CANDIDATES < list.len() {
                    return Unknown::Opaque(format!("some of more than {MOST_CANDIDATES} resources"));
                }
            }
        }
        members.others = flow.others.map(|why| why.strip_prefix(KNOWN).map(str::to_owned).unwrap_or(why));
        // Something in it is not known yet; where only one thing can be that, it is in it.
        if let (1, Some(only), true) = (unnamed.len(), unnamed.first(), others_are_known)
            && let Some(at) = members.possible.iter().position(|it| it == only)
        {
            members.certain.push(members.possible.remove(at));
        }
        if members.certain.is_empty() && members.possible.is_empty() {
            return members.others.map_or(Unknown::Computed, Unknown::Opaque);
        }
        members.certain.sort();
        members.possible.sort();
        Unknown::Members(members)
    }
}

const AFTER_APPLY: &str = "known after apply";

/// Marks a reason that speaks of known values: they matter beside an unknown one, and never instead of it.
const KNOWN: &str = "\u{0}";

impl Flow {
    fn of(group: Group) -> Self {
        Self { groups: vec![group], ..Self::default() }
    }

    /// Whether this is one instance, named by the expression itself.
    fn is_one_named(&self) -> bool {
        matches!(self.groups.as_slice(), [group] if group.named && group.heads.len() == 1)
            && self.others.is_none()
            && self.locals.is_empty()
    }

    fn add(&mut self, other: Self) {
        for group in other.groups {
            if !self.groups.contains(&group) {
                self.groups.push(group);
            }
        }
        for local in other.locals {
            if !self.locals.contains(&local) {
                self.locals.push(local);
            }
        }
        // What is not known at all outweighs what is known beside it.
        let weaker = self.others.as_deref().is_none_or(|why| why.starts_with(KNOWN));
        if weaker && other.others.is_some() {
            self.others = other.others;
        }
    }

    /// The part under a constant key: of one resource's instances, the one with that key.
    fn at(mut self, step: Option<&Step>, inferred: &Inferred<'_, '_>) -> Self {
        if let (Some(Step::Key(key)), [group], true) = (step, self.groups.as_mut_slice(), self.locals.is_empty()) {
            let equal = group.heads.iter().find(|&&head| inferred.heads[head].key.as_ref() == Some(key));
            if let Some(&equal) = equal {
                group.heads = vec![equal];
            }
        }
        self
    }
}

fn holds_any(kind: &str, attribute: &str, nouns: &[Noun]) -> bool {
    schema::holds(kind, attribute).iter().any(|noun| nouns.contains(noun))
}

/// What a resource of this type itself is, as against what AWS makes along with it.
fn noun_of_itself(kind: &str) -> Option<Noun> {
    schema::identities(kind).first().map(|(_, noun)| *noun)
}

/// Whether two attributes of one resource name the same thing: its id and its ARN do.
fn same_thing(kind: &str, a: &Reference, b: &Reference) -> bool {
    let noun =
        |it: &Reference| schema::identities(kind).iter().find(|(name, _)| *name == it.attribute).map(|(_, noun)| *noun);
    a.attribute == b.attribute || (noun(a).is_some() && noun(a) == noun(b) && noun(a) == noun_of_itself(kind))
}

/// Whether a known value could name an AWS resource: ids have a prefix and a dash, ARNs a colon.
fn may_be_a_name(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.starts_with("arn:") || looks_like_id(text),
        serde_json::Value::Array(items) => items.iter().any(may_be_a_name),
        serde_json::Value::Object(map) => map.values().any(may_be_a_name),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => false,
    }
}

fn looks_like_id(text: &str) -> bool {
    let hexadecimal = |it: &str| 8 <= it.len() && it.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.rsplit_once('-').is_some_and(|(prefix, id)| !prefix.is_empty() && hexadecimal(id))
}

/// `id`, `vpc_config[0].cluster_security_group_id`.
fn path_text(rest: &[Step]) -> String {
    let mut text = String::new();
    for step in rest {
        match step {
            Step::Attribute(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            Step::Key(key) => text.push_str(&key.to_string()),
        }
    }
    text
}

/// The calls that lead to a module instance, outermost first.
pub(super) fn module_steps(address: &str) -> Vec<(String, Option<Key>)> {
    let mut found = Vec::new();
    let mut steps = steps(address).into_iter().peekable();
    while let Some(Step::Attribute(word)) = steps.next() {
        if word != "module" {
            break;
        }
        let Some(Step::Attribute(name)) = steps.next() else { break };
        let key = match steps.next_if(|step| matches!(step, Step::Key(_))) {
            Some(Step::Key(key)) => Some(key),
            Some(Step::Attribute(_)) | None => None,
        };
        found.push((name, key));
    }
    found
}

/// An address without its instance keys.
pub(super) fn without_keys(address: &str) -> String {
    let names = steps(address).into_iter().filter_map(|step| match step {
        Step::Attribute(name) => Some(name),
        Step::Key(_) => None,
    });
    names.collect::<Vec<_>>().join(".")
}
