//! What the expressions of a template come to, in one world.
//!
//! Every value is worked out when something needs it. A reference to what another resource writes of itself is
//! followed; what only AWS knows stays a reference to the resource that has it.

mod collection;
mod condition;
mod reference;
mod repeat;
mod text;

pub(super) use self::text::split_list;

use std::{collections::BTreeMap, rc::Rc};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    choices::Choices,
    inputs::Values,
    template::Template,
    term::{Shape, Term},
    trouble::evaluation_error,
};
use crate::{
    finding::Finding,
    source::Span,
    syntax::yaml::{Key, Node, NodeKind},
    value::Address,
};

/// How deep evaluation goes: values within values, and values that other values are made of.
const DEEPEST: usize = 1500;

/// One template with its values: the one that is checked, or one that it holds as a nested stack.
#[derive(Debug)]
pub(super) struct Stack<'a> {
    pub(super) template: &'a Template,
    /// Its file.
    pub(super) path: String,
    /// What stands before the names of its resources: `Network/`.
    pub(super) prefix: String,
    /// What stands before the names of what it is not given.
    pub(super) label: String,
    pub(super) values: Values,
    /// Its resources, loops written out, in the order of the template.
    pub(super) resources: Vec<Declared<'a>>,
    by_name: FxHashMap<String, usize>,
    /// The resources that the CDK knows by the path of a construct.
    shown: FxHashMap<String, Address>,
    parameters: FxHashMap<String, Term>,
    /// `None` while it is being worked out.
    conditions: FxHashMap<String, Option<bool>>,
    properties: FxHashMap<(String, String), Option<Term>>,
    /// The nested stacks, by the name of the resource.
    pub(super) nested: FxHashMap<String, Option<usize>>,
}

/// A resource as it is written.
#[derive(Clone, Debug)]
pub(super) struct Declared<'a> {
    pub(super) name: String,
    pub(super) key: &'a Key,
    pub(super) node: &'a Node,
    pub(super) scope: Scope,
}

/// Where an expression stands: in which stack, and in which turns of which loops.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) stack: usize,
    loops: Option<Rc<Turn>>,
}

/// One turn of a loop.
#[derive(Debug)]
struct Turn {
    name: String,
    value: Term,
    around: Option<Rc<Turn>>,
}

/// Works out the values of one world.
#[derive(Debug)]
pub(super) struct Evaluator<'a> {
    pub(super) stacks: Vec<Stack<'a>>,
    pub(super) choices: Choices,
    pub(super) findings: Vec<Finding>,
    /// The templates of nested stacks, by path.
    pub(super) templates: FxHashMap<&'a str, &'a Template>,
    /// What outputs are exported: by name, the stack and the output.
    pub(super) exports: BTreeMap<String, (usize, String)>,
    /// There may be resources that nobody can tell.
    pub(super) is_open: bool,
    /// The addresses that resources have, so that no two have the same.
    taken: FxHashSet<String>,
    depth: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(choices: Choices) -> Self {
        Self {
            stacks: Vec::new(),
            choices,
            findings: Vec::new(),
            templates: FxHashMap::default(),
            exports: BTreeMap::new(),
            is_open: false,
            taken: FxHashSet::default(),
            depth: 0,
        }
    }

    /// Takes a template in; its number.
    pub(super) fn add_stack(
        &mut self,
        template: &'a Template,
        path: String,
        (prefix, label): (String, String),
        values: Values,
    ) -> usize {
        let stack = self.stacks.len();
        self.stacks.push(Stack {
            template,
            path,
            prefix,
            label,
            values,
            resources: Vec::new(),
            by_name: FxHashMap::default(),
            shown: FxHashMap::default(),
            parameters: FxHashMap::default(),
            conditions: FxHashMap::default(),
            properties: FxHashMap::default(),
            nested: FxHashMap::default(),
        });
        let scope = Scope { stack, loops: None };
        let mut resources = Vec::new();
        self.declare(&scope, template.section("Resources"), &mut resources);
        let by_name = resources.iter().enumerate().map(|(at, it)| (it.name.clone(), at)).collect();
        self.stacks[stack].resources = resources;
        self.stacks[stack].by_name = by_name;
        self.take_addresses(stack);
        stack
    }

    /// Which addresses the resources of a stack have: the paths of their constructs, where no other resource has them.
    fn take_addresses(&mut self, stack: usize) {
        let stack = &mut self.stacks[stack];
        self.taken.extend(stack.resources.iter().map(|it| format!("{}{}", stack.prefix, it.name)));
        for declared in stack.resources.iter().filter(|it| it.scope.loops.is_none()) {
            let path = declared.node.get("Metadata").and_then(|it| it.get("aws:cdk:path")).and_then(Node::text);
            if let Some(path) = path.filter(|it| !it.is_empty())
                && self.taken.insert(path.to_owned())
            {
                stack.shown.insert(declared.name.clone(), Address::new(path));
            }
        }
    }

    /// How resources are shown that the CDK knows by the path of a construct, by logical id.
    pub(super) fn shown(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.stacks.iter().flat_map(|stack| {
            stack.shown.iter().map(|(name, shown)| (format!("{}{name}", stack.prefix), shown.as_str().to_owned()))
        })
    }

    pub(super) fn resource(&self, stack: usize, name: &str) -> Option<&Declared<'a>> {
        let stack = &self.stacks[stack];
        stack.by_name.get(name).map(|&at| &stack.resources[at])
    }

    /// What `node` comes to.
    pub(super) fn value(&mut self, scope: &Scope, node: &'a Node) -> Term {
        if DEEPEST <= self.depth {
            return Term::opaque("nested too deeply", node.span);
        }
        self.depth += 1;
        let value = self.value_within(scope, node);
        self.depth -= 1;
        value
    }

    fn value_within(&mut self, scope: &Scope, node: &'a Node) -> Term {
        let at = node.span;
        match &node.kind {
            NodeKind::Null => Term::nothing(at),
            NodeKind::Bool(it) => Term::new(Shape::Bool(*it), at),
            NodeKind::Number(text) => Term::new(Shape::Number(text.clone()), at),
            NodeKind::Text(text) if scope.loops.is_some() => text::resolved(&repeat::name_in_loop(scope, text), at),
            NodeKind::Text(text) => text::resolved(text, at),
            NodeKind::List(items) => {
                let mut terms = Vec::with_capacity(items.len());
                for item in items {
                    let term = self.value(scope, item);
                    if term.shape != Shape::Nothing {
                        terms.push(term);
                    }
                }
                Term::new(Shape::List(terms), at)
            }
            NodeKind::Map(entries) => match entries.as_slice() {
                [(key, argument)] if is_function(&key.text) => self.call(scope, key, argument, at),
                _ => self.map(scope, entries, at),
            },
        }
    }

    fn map(&mut self, scope: &Scope, entries: &'a [(Key, Node)], at: Span) -> Term {
        let mut map = BTreeMap::new();
        for (key, node) in entries {
            if repeat::is_loop(&key.text) {
                for (name, value) in self.repeated_entries(scope, key, node) {
                    map.insert(name, value);
                }
                continue;
            }
            let value = self.value(scope, node);
            if value.shape != Shape::Nothing {
                let name = repeat::name_in_loop(scope, &key.text);
                map.insert(name, value);
            }
        }
        Term::new(Shape::Map(map), at)
    }

    fn call(&mut self, scope: &Scope, key: &'a Key, argument: &'a Node, at: Span) -> Term {
        let result = match key.text.as_str() {
            "Ref" => self.reference(scope, argument),
            "Fn::GetAtt" => self.attribute(scope, argument),
            "Fn::Sub" => self.substituted(scope, argument),
            "Fn::Join" => self.joined(scope, argument),
            "Fn::Split" => self.split(scope, argument),
            "Fn::Select" => self.selected(scope, argument),
            "Fn::FindInMap" => self.found_in_map(scope, argument),
            "Fn::GetAZs" => self.zones(scope, argument),
            "Fn::Cidr" => self.blocks(scope, argument),
            "Fn::Base64" => self.base64(scope, argument),
            "Fn::If" => self.either(scope, argument),
            "Fn::ImportValue" => Ok(self.imported(scope, argument)),
            "Fn::Length" => self.length(scope, argument),
            "Fn::ToJsonString" => Ok(self.json(scope, argument)),
            "Fn::GetStackOutput" => Ok(Term::opaque("the output of another stack", at)),
            "Fn::Transform" => Ok(Term::opaque("a macro makes it", at)),
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                Err(Failure::new(key.span, format!("{} stands only in conditions", key.text)))
            }
            name if repeat::is_loop(name) => {
                let entries = self.repeated_entries(scope, key, argument);
                Ok(Term::new(Shape::Map(entries.into_iter().collect()), at))
            }
            name => Err(Failure::new(key.span, format!("CloudFormation has no function {name}"))),
        };
        match result {
            Ok(term) => term.used_at(at),
            Err(failure) => self.fail(failure, at),
        }
    }

    /// Says what is wrong; what was to come of it is not known.
    pub(super) fn fail(&mut self, failure: Failure, at: Span) -> Term {
        let why = failure.message.clone();
        self.findings.push(evaluation_error(failure.span, failure.message));
        Term::opaque(why, at)
    }

    /// The arguments of a function that takes a list of them.
    fn arguments(node: &'a Node, counts: std::ops::RangeInclusive<usize>, form: &str) -> Result<&'a [Node]> {
        match &node.kind {
            NodeKind::List(items) if counts.contains(&items.len()) => Ok(items),
            NodeKind::List(_)
            | NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Map(_) => Err(Failure::new(node.span, format!("expected {form}"))),
        }
    }

    /// The value of the loop variable `name`.
    fn turn(scope: &Scope, name: &str) -> Option<Term> {
        let mut turn = scope.loops.as_ref();
        while let Some(it) = turn {
            if it.name == name {
                return Some(it.value.clone());
            }
            turn = it.around.as_ref();
        }
        None
    }
}

impl Stack<'_> {
    /// The address of the resource of this logical id.
    pub(super) fn address(&self, name: &str) -> Address {
        self.shown.get(name).cloned().unwrap_or_else(|| Address::new(&format!("{}{name}", self.prefix)))
    }

    /// The logical id of the resource that has this address.
    pub(super) fn name_of(&self, address: &Address) -> Option<String> {
        let by_path = || self.shown.iter().find(|(_, shown)| *shown == address).map(|(name, _)| name.clone());
        by_path().or_else(|| address.as_str().strip_prefix(&self.prefix).map(str::to_owned))
    }
}

impl Scope {
    pub(super) fn of(stack: usize) -> Self {
        Self { stack, loops: None }
    }
}

/// Whether a map with this as its only key is a call.
fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// Why an expression has no value, and where that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    span: Span,
    /// In lower case, without a full stop.
    message: String,
}

impl Failure {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

type Result<T> = std::result::Result<T, Failure>;
