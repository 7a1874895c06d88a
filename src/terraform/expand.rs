//! `count` and `for_each`: how many instances a block has, and what each is called.
//!
//! Where `count` or the keys of `for_each` are not known, one instance stands for all. Its address ends in `[*]`, which
//! Terraform never writes.

use std::rc::Rc;

use super::{
    body::{ResourceInstance, Settings},
    configuration::{BlockMode, RepetitionArguments, ResourceName},
    convert::convert,
    cty::{Data, Term, Type, Why},
    evaluate::{
        CallSite, Evaluator, MOST_INSTANCES, Noun, address_in,
        scope::{InstanceKey, ModuleId, Repetition, Scope},
    },
    known_data, policy_document,
    trouble::Failure,
    unknown::told,
};
use crate::{
    schema::defaults::Defaults,
    syntax::Expression,
    value::{self, Address, Kind, Reference},
};

/// The instances of a block.
#[derive(Debug)]
pub(super) struct Expansion<'a> {
    pub repeated: Repeated,
    pub repetitions: Vec<Rc<Repetition<'a>>>,
    /// Of instances that are not known: the key that stands for all keys.
    pub key: Option<Term>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeated {
    /// Neither `count` nor `for_each`.
    Once,
    Counted,
    Keyed,
    Unknown,
}

impl<'a> Evaluator<'a> {
    pub(super) fn resource_expansion(&mut self, module: ModuleId, name: &'a ResourceName) -> Rc<Expansion<'a>> {
        let arguments = &self.modules[module].configuration.resources[name].repetition;
        self.expansion(module, Noun::ResourceKeys(name), arguments)
    }

    pub(super) fn call_expansion(&mut self, module: ModuleId, name: &'a str) -> Rc<Expansion<'a>> {
        let arguments = &self.modules[module].configuration.calls[name].repetition;
        self.expansion(module, Noun::CallKeys(name), arguments)
    }

    fn expansion(&mut self, module: ModuleId, noun: Noun<'a>, arguments: &'a RepetitionArguments) -> Rc<Expansion<'a>> {
        if let Some(known) = self.modules[module].expansions.get(&noun) {
            return known.clone();
        }
        let scope = Scope::of(module);
        let worked_out = self.guarded(module, noun, |this| match (&arguments.count, &arguments.for_each) {
            (Some(count), _) => {
                let value = this.value(count, &scope);
                counted(&value).map_err(|why| (Failure::new(count.span, why), value))
            }
            (None, Some(for_each)) => {
                let value = this.value(for_each, &scope);
                let keyed = this.keyed(&value, for_each);
                keyed.map_err(|why| (Failure::new(for_each.span, why), value))
            }
            (None, None) => Ok(Expansion::once()),
        });
        let mut expansion = match worked_out {
            None => Expansion::uncounted(&told(&Why::Other("it depends on itself".to_owned()))),
            Some(Ok(expansion)) => expansion,
            Some(Err((failure, _))) => {
                let why = failure.message.clone();
                self.tell(module, failure);
                if arguments.count.is_some() {
                    Expansion::uncounted(&why)
                } else {
                    Expansion::unkeyed(&why, None, None)
                }
            }
        };
        let mut more = self.more_instances(module, noun, &expansion);
        if MOST_INSTANCES < self.instances.saturating_add(more) {
            let span = arguments.count.as_ref().or(arguments.for_each.as_ref()).map(|it| it.span);
            if let Some(span) = span {
                let message = "this makes more than 100,000 instances in one project; one instance stands for all";
                self.tell(module, Failure::new(span, message));
                expansion = Expansion::uncounted("too many instances");
                more = 0;
            }
        }
        self.instances = self.instances.saturating_add(more);
        let expansion = Rc::new(expansion);
        self.modules[module].expansions.insert(noun, expansion.clone());
        expansion
    }

    /// How many resources and modules `expansion` makes besides those that would be there if it were made once.
    fn more_instances(&self, module: ModuleId, noun: Noun<'a>, expansion: &Expansion<'a>) -> usize {
        let nodes = &self.tree.nodes;
        let called = match noun {
            Noun::CallKeys(name) => nodes[self.modules[module].node].calls.get(name).copied().flatten(),
            Noun::Variable(_) | Noun::Local(_) | Noun::Output(_) | Noun::Resource(_) | Noun::ResourceKeys(_) => None,
        };
        let weight = called.map_or(1, |node| nodes[node].weight);
        expansion.repetitions.len().saturating_sub(1).saturating_mul(weight)
    }

    fn keyed(&self, value: &Term, from: &'a Expression) -> Result<Expansion<'a>, String> {
        if value.is_sensitive {
            return Err("`for_each` is sensitive, and its keys would be told by every address".to_owned());
        }
        let of = |entries: Vec<(String, Term)>| {
            let repetitions = entries.into_iter().map(|(key, value)| {
                let each = Some((Term::text(&key), value));
                Rc::new(Repetition { key: InstanceKey::Name(key), each, index: None, from: Some(from) })
            });
            Expansion { repeated: Repeated::Keyed, repetitions: repetitions.collect(), key: None }
        };
        match &value.data {
            Data::Map(_, entries) | Data::Object(entries) => {
                Ok(of(entries.iter().map(|(key, value)| (key.clone(), value.clone())).collect()))
            }
            Data::Set(_, items) => {
                let texts = items.iter().map(|item| {
                    let text = convert(item, &Type::Text).map_err(|why| format!("as a key of `for_each`: {why}"))?;
                    if text.is_null() { Err("a key of `for_each` is null".to_owned()) } else { Ok(text) }
                });
                let texts = texts.collect::<Result<Vec<_>, _>>()?;
                let known = texts.iter().map(|text| Some((text.as_text()?.to_owned(), text.clone())));
                Ok(match known.collect::<Option<Vec<_>>>() {
                    Some(known) => of(known),
                    None => Expansion::unkeyed(&told(&Term::why_made_of([value])), None, Some(from)),
                })
            }
            Data::Unknown(unknown) => {
                let one = self.collective(value).cloned();
                let one = one.unwrap_or_else(|| {
                    let (item, _) = self.some_item(value);
                    (item, stand_in_key(&told(&unknown.why)))
                });
                Ok(Expansion::unkeyed(&told(&unknown.why), Some(one), Some(from)))
            }
            Data::Null(_) => Err("`for_each` is null".to_owned()),
            Data::List(..) | Data::Tuple(_) => {
                Err("`for_each` takes a map or a set; `toset` makes one of a list".to_owned())
            }
            Data::Bool(_) | Data::Number(_) | Data::Text(_) | Data::Resource(_) => {
                Err("`for_each` takes a map or a set of strings".to_owned())
            }
        }
    }

    /// The instances of a resource, each with what its block says.
    pub(super) fn resource_instances(
        &mut self,
        module: ModuleId,
        name: &'a ResourceName,
    ) -> Rc<Vec<ResourceInstance<'a>>> {
        if let Some(known) = self.modules[module].resources.get(name) {
            return known.clone();
        }
        let expansion = self.resource_expansion(module, name);
        let block = &self.modules[module].configuration.resources[name];
        let base = address_in(&self.modules[module].address, &name.to_string());
        let mut instances = Vec::with_capacity(expansion.repetitions.len());
        for repetition in &expansion.repetitions {
            let scope = Scope::repeated(module, repetition.clone());
            let body = self.body(&name.kind, &block.body, block.header, &scope);
            let address = format!("{base}{}", repetition.key);
            let given = match name.mode {
                BlockMode::Managed => self.left_out.entry(&name.kind).or_insert_with(|| left_out(&name.kind)).clone(),
                BlockMode::Data => Rc::new(self.given_by(module, name, &body)),
                BlockMode::Ephemeral => Rc::default(),
            };
            instances.push(ResourceInstance { address, mode: name.mode, scope, body, given });
        }
        let instances = Rc::new(instances);
        self.modules[module].resources.insert(name, instances.clone());
        instances
    }

    /// What a data source gives that is decided by the code.
    fn given_by(&mut self, module: ModuleId, name: &'a ResourceName, body: &Settings<'a>) -> Vec<(&'static str, Term)> {
        if !known_data::is_given(&name.kind) {
            return Vec::new();
        }
        let known = body.known(&Reference::new(Address::new(&name.to_string()), ""));
        if name.kind == "aws_iam_policy_document" {
            return policy_document::given(&known);
        }
        let region = self.resource_region(module, name);
        known_data::given(&name.kind, region.as_deref(), &known)
    }

    /// The instances of a module; `None`: its code is not there.
    pub(super) fn module_instances(&mut self, module: ModuleId, name: &'a str) -> Option<Rc<Vec<ModuleId>>> {
        if let Some(known) = self.modules[module].calls.get(name) {
            return Some(known.clone());
        }
        let tree = self.tree;
        let node = (*tree.nodes[self.modules[module].node].calls.get(name)?)?;
        let expansion = self.call_expansion(module, name);
        let call = &self.modules[module].configuration.calls[name];
        let base = address_in(&self.modules[module].address, &format!("module.{name}"));
        let added = expansion.repetitions.iter().map(|repetition| {
            let scope = Scope::repeated(module, repetition.clone());
            self.add_module(node, format!("{base}{}", repetition.key), Some(CallSite { call, scope }))
        });
        let added = Rc::new(added.collect::<Vec<_>>());
        self.modules[module].calls.insert(name, added.clone());
        Some(added)
    }
}

/// What a resource of type `kind` has where its block says nothing.
fn left_out(kind: &str) -> Rc<Vec<(&'static str, Term)>> {
    let term = |kind: &Kind| {
        Some(match kind {
            Kind::Null => Term::null(Type::Dynamic),
            Kind::Bool(it) => Term::bool(*it),
            Kind::Number(value::Number::Whole(it)) => Term::number(*it),
            Kind::Text(it) => Term::text(it),
            Kind::Number(value::Number::Fraction(_)) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => return None,
        })
    };
    Rc::new(Defaults::of(kind).arguments().filter_map(|(name, kind)| Some((name, term(kind)?))).collect())
}

fn counted<'a>(value: &Term) -> Result<Expansion<'a>, String> {
    let number = convert(value, &Type::Number).map_err(|why| format!("as a `count`: {why}"))?;
    match &number.data {
        Data::Number(number) => {
            let count = number.to_usize().ok_or("`count` is a whole number, and not below zero")?;
            if MOST_INSTANCES < count {
                return Err("more than 100,000 instances".to_owned());
            }
            let repetitions = (0..count).map(|index| {
                let key = InstanceKey::Index(index);
                Rc::new(Repetition { index: key.term(), key, each: None, from: None })
            });
            Ok(Expansion { repeated: Repeated::Counted, repetitions: repetitions.collect(), key: None })
        }
        Data::Unknown(unknown) => Ok(Expansion::uncounted(&told(&unknown.why))),
        Data::Null(_) => Err("`count` is null".to_owned()),
        Data::Bool(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Resource(_) => Err("`count` is a number".to_owned()),
    }
}

/// The key that stands for all: the same for all blocks that are repeated over the same.
fn stand_in_key(why: &str) -> Term {
    Term::unknown_not_null(Type::Text, Why::Other(format!("each key of what is not known: {why}")))
}

impl<'a> Expansion<'a> {
    fn once() -> Self {
        let only = Repetition { key: InstanceKey::None, each: None, index: None, from: None };
        Self { repeated: Repeated::Once, repetitions: vec![Rc::new(only)], key: None }
    }

    /// `count` is not known.
    fn uncounted(why: &str) -> Self {
        let index = Why::Other(format!("each index below a count that is not known: {why}"));
        let index = Term::unknown_not_null(Type::Number, index);
        let all = Repetition { key: InstanceKey::Any, each: None, index: Some(index.clone()), from: None };
        Self { repeated: Repeated::Unknown, repetitions: vec![Rc::new(all)], key: Some(index) }
    }

    /// The keys of `for_each` are not known; `one`: the value and the key that stand for all.
    fn unkeyed(why: &str, one: Option<(Term, Term)>, from: Option<&'a Expression>) -> Self {
        let (value, key) = one.unwrap_or_else(|| {
            let key = stand_in_key(why);
            (key.clone(), key)
        });
        let each = Some((key.clone(), value));
        let all = Repetition { key: InstanceKey::Any, each, index: None, from };
        Self { repeated: Repeated::Unknown, repetitions: vec![Rc::new(all)], key: Some(key) }
    }
}
