//! From a reference to what it leads to: through modules, inputs, outputs, other resources and locals.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::{
    Inferred, Key, MOST_CANDIDATES, Query, Scope, Step, Written,
    flow::{Flow, Group, Local, Others},
    sources::{CARRIES_ANYTHING, gives, named_by_id},
};
use crate::{
    plan::Head,
    resource::{Action, Mode},
    schema::{self, Noun},
};

impl Inferred<'_, '_, '_> {
    pub(super) fn flow(&self, references: &[Written], scope: Scope<'_>, query: &Query) -> Flow {
        let mut flow = Flow::default();
        let only_one = references.len() == 1;
        let by_key = pairs(references);
        let mut plain = !references.is_empty();
        for reference in references {
            match reference {
                Written::Resource { address, key, rest } => {
                    let found = self.resource(scope.module, address, key.as_ref(), rest, query);
                    plain &= found.is_one_named();
                    flow.add(found);
                }
                Written::Module { name, key, output, rest } => {
                    let pair = scope.key.filter(|it| by_key(it) && key.is_none());
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
                Written::CountIndex | Written::EachKey => plain = false,
                Written::EachValue => {
                    plain = false;
                    if let Some(for_each) = scope.for_each {
                        let without = Scope { for_each: None, key: None, ..scope };
                        flow.add(self.flow(&for_each.references(), without, query));
                    }
                }
            }
        }
        if let Some(key) = scope.key.filter(|it| by_key(it)) {
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
        let equal = group
            .heads
            .iter()
            .find(|&&head| self.index.heads[head].key.as_ref().is_some_and(|it| it.as_name() == name));
        if let Some(&equal) = equal
            && (matches!(key, Key::Name(_)) || group.heads.len() == peers)
        {
            group.heads = vec![equal];
        }
    }

    fn resource(&self, module: usize, address: &str, key: Option<&Key>, rest: &[Step], query: &Query) -> Flow {
        let instances = self.index.modules[module].instances_of(address);
        let chosen: Vec<usize> = instances
            .iter()
            .copied()
            .filter(|&at| key.is_none_or(|key| key.is_key(self.index.heads[at].key.as_ref())))
            .collect();
        let Some(&first) = chosen.first() else { return Flow::default() };
        let head = self.index.heads[first];
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
        let children = self.index.modules[scope.module].children_of(name);
        let name = key.as_name();
        let mut keys = children.iter().filter_map(|&child| self.index.modules[child].key.as_ref());
        let equal = keys.find(|it| it.as_name() == name)?;
        (matches!(key, Key::Name(_)) || children.len() == scope.peers).then(|| equal.clone())
    }

    /// A resource named as a whole, or by an instance that the references do not tell.
    fn whole(&self, module: usize, address: &str, chosen: &[usize], query: &Query) -> Flow {
        let Some(head) = chosen.first().map(|&at| self.index.heads[at]) else { return Flow::default() };
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
        for attribute in self.expressions(configured).names() {
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
            return Flow::nameless(format!("`{address}.{attribute}` is worked out on apply"));
        };
        let references = parsed.references();
        let mut flow = Flow::default();
        // Each instance may carry another name; where they are many, all of them are candidates.
        for &at in chosen.iter().take(MOST_CANDIDATES) {
            let head = self.index.heads[at];
            let step = format!("{}.{attribute}", head.address);
            flow.add(self.remember(module, step, query, || self.flow(&references, self.scope_of(head, module), query)));
        }
        if MOST_CANDIDATES < chosen.len() {
            flow.add(Flow::nameless(format!("one of {} instances of `{address}`", chosen.len())));
        }
        flow
    }

    /// What other providers' resources (`time_sleep`, `terraform_data`) pass on: whatever they were given.
    fn passed_on(&self, module: usize, address: &str, head: &Head<'_>, query: &Query) -> Flow {
        if CARRIES_ANYTHING.contains(&head.kind.as_ref()) {
            return Flow::nameless(format!("`{address}` may hold any id"));
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
        Flow::nameless(format!("`{}` is read on apply", head.address))
    }

    fn module(&self, parent: usize, name: &str, key: Option<&Key>, output: Option<&str>, query: &Query) -> Flow {
        let mut flow = Flow::default();
        let children = self.index.modules[parent].children_of(name);
        let chosen: Vec<usize> = children
            .iter()
            .copied()
            .filter(|&child| key.is_none_or(|key| key.is_key(self.index.modules[child].key.as_ref())))
            .collect();
        for &child in chosen.iter().take(MOST_CANDIDATES) {
            let Some(configuration) = self.index.modules[child].configuration else { continue };
            let outputs = configuration.outputs.iter().filter(|(name, _)| output.is_none_or(|it| name.as_ref() == it));
            let scope = Scope { module: child, key: None, peers: 1, for_each: None };
            for (name, it) in outputs {
                let found =
                    self.remember(child, format!("output.{name}"), query, || self.flow(&it.references(), scope, query));
                flow.plain = chosen.len() == 1 && output.is_some() && found.plain;
                flow.add(found);
            }
        }
        if MOST_CANDIDATES < chosen.len() {
            flow.add(Flow::nameless(format!("one of {} instances of `module.{name}`", children.len())));
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
        let is_name = self.index.plan.variables.get(name).is_some_and(|it| may_be_a_name(&it.value));
        let others = is_name.then(|| Others { why: format!("`var.{name}` may be among them"), is_known: true });
        Flow { others, ..Flow::default() }
    }

    /// What `work` finds, worked out once.
    fn remember(&self, module: usize, step: String, query: &Query, work: impl FnOnce() -> Flow) -> Flow {
        let question = (module, step, query.nouns, query.of_block);
        match self.remembered.borrow().get(&question) {
            Some(Some(known)) => return (**known).clone(),
            Some(None) => return Flow::nameless("it refers to itself".to_owned()),
            None => (),
        }
        self.remembered.borrow_mut().insert(question.clone(), None);
        let flow = work();
        self.remembered.borrow_mut().insert(question, Some(Rc::new(flow.clone())));
        flow
    }

    /// Replaces the locals that `flow` comes through by all that they could be.
    pub(super) fn resolve_locals(&self, flow: &mut Flow, query: &Query) {
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
        if let Some(configuration) = self.index.modules[module].configuration {
            for resource in &configuration.resources.all {
                flow.add(self.resource(module, &resource.address, None, &[], query));
            }
            for name in configuration.calls.keys() {
                flow.add(self.module(module, name, None, None, query));
            }
        }
        let given: Vec<&str> = match self.call_of(module) {
            Some((_, arguments)) => arguments.keys().map(AsRef::as_ref).collect(),
            None => self.index.plan.variables.keys().map(String::as_str).collect(),
        };
        for name in given {
            flow.add(self.variable(module, name, query));
        }
        flow
    }

    /// Whether anything that is not known until apply can come through these references.
    pub(super) fn may_be_unknown(
        &self,
        references: &[Written],
        scope: Scope<'_>,
        seen: &mut FxHashSet<(usize, String)>,
    ) -> bool {
        references.iter().any(|reference| match reference {
            Written::Local => true,
            Written::CountIndex | Written::EachKey => false,
            Written::EachValue => scope.for_each.is_some_and(|for_each| {
                let without = Scope { for_each: None, ..scope };
                self.may_be_unknown(&for_each.references(), without, seen)
            }),
            Written::Resource { address, .. } => {
                let instances = self.index.modules[scope.module].instances_of(address);
                instances.iter().any(|&at| self.index.heads[at].action != Some(Action::NoOp))
            }
            Written::Module { name, output, .. } => {
                let children = self.index.modules[scope.module].children_of(name);
                children.iter().take(MOST_CANDIDATES).any(|&child| {
                    let Some(configuration) = self.index.modules[child].configuration else { return true };
                    let Some(output) = output else { return true };
                    let Some(it) = configuration.outputs.get(output.as_str()) else { return false };
                    let inside = Scope { module: child, key: None, peers: 1, for_each: None };
                    seen.insert((child, format!("output.{output}")))
                        && self.may_be_unknown(&it.references(), inside, seen)
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
        let Some(relevant) = &self.index.plan.relevant else { return true };
        let mut path = String::new();
        let mut chain = Vec::new();
        let mut at = module;
        while let Some(parent) = self.index.modules[at].parent {
            chain.push(self.index.modules[at].name.as_str());
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

/// With which keys these references pair. A name that an expression takes from `each.key` finds what has that name. An
/// index is taken for its own only where nothing else could choose another: `x[var.single ? 0 : count.index]`.
fn pairs(references: &[Written]) -> impl Fn(&Key) -> bool {
    let by_index = references.len() == 2 && references.contains(&Written::CountIndex);
    let by_name = references.contains(&Written::EachKey);
    move |key| match key {
        Key::Index(_) => by_index,
        Key::Name(_) => by_name,
    }
}

fn holds_any(kind: &str, attribute: &str, nouns: &[Noun]) -> bool {
    schema::holds(kind, attribute).iter().any(|noun| nouns.contains(noun))
}

/// What a resource of this type itself is, as against what AWS makes along with it.
pub(super) fn noun_of_itself(kind: &str) -> Option<Noun> {
    schema::identities(kind).first().map(|(_, noun)| *noun)
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
