//! The `configuration` of a plan: modules, resources, calls, and of every expression the references in it, no more.

use std::{borrow::Cow, collections::BTreeMap};

use rustc_hash::FxHashMap;

use super::{
    address::{Key, Step, module_steps, steps},
    decode::members,
    document::DEEPEST,
    head::Head,
};
use crate::syntax::json::{Broken, Cursor};

#[derive(Debug)]
pub(super) struct Configuration<'a> {
    pub(super) provider_config: BTreeMap<Cow<'a, str>, Expression<'a>>,
    /// The root module first.
    pub(super) modules: Vec<Module<'a>>,
}

#[derive(Debug, Default)]
pub(super) struct Module<'a> {
    pub(super) resources: Resources<'a>,
    pub(super) calls: BTreeMap<Cow<'a, str>, Call<'a>>,
    /// The expression of each.
    pub(super) outputs: BTreeMap<Cow<'a, str>, Expression<'a>>,
}

/// The resources of a module by their address within it: `aws_vpc.main`, `data.aws_region.current`.
#[derive(Debug, Default)]
pub(super) struct Resources<'a> {
    pub(super) all: Vec<Resource<'a>>,
    by_address: FxHashMap<Cow<'a, str>, usize>,
}

#[derive(Debug, Default)]
pub(super) struct Resource<'a> {
    pub(super) address: Cow<'a, str>,
    pub(super) provider_config_key: Option<Cow<'a, str>>,
    /// Read only when something asks: most resources know all that the network needs. Empty where there are none.
    expressions: &'a str,
    pub(super) for_each_expression: Expression<'a>,
}

#[derive(Debug, Default)]
pub(super) struct Call<'a> {
    pub(super) expressions: BTreeMap<Cow<'a, str>, Expression<'a>>,
    pub(super) for_each_expression: Expression<'a>,
    /// Which of the configuration's modules is called.
    pub(super) module: usize,
}

/// What the plan tells of an expression, or of a block of them.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Expression<'a> {
    /// An expression without references, such as `timestamp()`.
    #[default]
    Nothing,
    Constant(serde_json::Value),
    References(Vec<Cow<'a, str>>),
    /// A block that may be written once.
    Block(BTreeMap<Cow<'a, str>, Expression<'a>>),
    /// A block that may be written several times.
    Blocks(Vec<Expression<'a>>),
}

/// One reference of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// `aws_subnet.zone["b"].id`; without a key where the key is not a constant.
    Resource {
        address: String,
        key: Option<Key>,
        rest: Vec<Step>,
    },
    /// `module.net[0].subnet_ids`; without an output where the key is not a constant.
    Module {
        name: String,
        key: Option<Key>,
        output: Option<String>,
        rest: Vec<Step>,
    },
    Variable {
        name: String,
        rest: Vec<Step>,
    },
    Local,
    CountIndex,
    EachKey,
    EachValue,
}

impl Default for Configuration<'_> {
    fn default() -> Self {
        Self { provider_config: BTreeMap::new(), modules: vec![Module::default()] }
    }
}

impl<'a> Configuration<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Broken> {
        let mut this = Self::default();
        let Self { provider_config, modules } = &mut this;
        cursor.map(|cursor, key| match key.as_ref() {
            "provider_config" => cursor.maybe_map(|cursor, name| {
                let mut expressions = Expression::Nothing;
                cursor.maybe_map(|cursor, key| match key.as_ref() {
                    "expressions" => {
                        expressions = Expression::read(cursor, 0)?;
                        Ok(())
                    }
                    _ => cursor.skip(),
                })?;
                provider_config.insert(name, expressions);
                Ok(())
            }),
            "root_module" => {
                let root = Module::read(cursor, modules, 0)?;
                modules[0] = root;
                Ok(())
            }
            _ => cursor.skip(),
        })?;
        Ok(this)
    }

    /// Tells each head where the configuration has it, and how many stand before it.
    pub(super) fn place<'h>(&self, heads: impl Iterator<Item = &'h mut Head<'a>>)
    where
        'a: 'h,
    {
        let mut within = String::new();
        let mut module: (Option<&str>, Option<usize>) = (None, Some(0));
        let mut previous: Option<&Head<'a>> = None;
        for (ordinal, head) in heads.enumerate() {
            head.ordinal = ordinal;
            head.configured = match previous {
                // The instances of a resource stand together.
                Some(previous) if previous.is_peer(head) => previous.configured,
                Some(_) | None => {
                    if module.0 != head.module.as_deref() {
                        module.1 = self.module(head.module.as_deref().unwrap_or(""));
                    }
                    head.write_within_module(&mut within);
                    module.1.and_then(|at| Some((at, self.modules[at].resources.position(&within)?)))
                }
            };
            let head: &'h Head<'a> = head;
            module.0 = head.module.as_deref();
            previous = Some(head);
        }
    }

    /// The module of which an instance has this address.
    fn module(&self, address: &str) -> Option<usize> {
        module_steps(address)
            .iter()
            .try_fold(0, |module, (name, _)| self.modules[module].calls.get(name.as_str()).map(|call| call.module))
    }

    /// The resource that a head is an instance of.
    pub(super) fn resource(&self, head: &Head<'_>) -> Option<&Resource<'a>> {
        let (module, resource) = head.configured?;
        self.modules.get(module)?.resources.all.get(resource)
    }
}

impl<'a> Module<'a> {
    /// Reads the module that stands here; those that it calls are put into `modules`.
    fn read(cursor: &mut Cursor<'a>, modules: &mut Vec<Self>, depth: usize) -> Result<Self, Broken> {
        if DEEPEST < depth {
            return Err(Broken);
        }
        let mut this = Self::default();
        cursor.maybe_map(|cursor, key| match key.as_ref() {
            "resources" => {
                this.resources = Resources::read(cursor)?;
                Ok(())
            }
            "module_calls" => cursor.maybe_map(|cursor, name| {
                let call = Call::read(cursor, modules, depth)?;
                this.calls.insert(name, call);
                Ok(())
            }),
            "outputs" => cursor.maybe_map(|cursor, name| {
                let mut expression = Expression::Nothing;
                cursor.maybe_map(|cursor, key| match key.as_ref() {
                    "expression" => {
                        expression = Expression::read(cursor, 0)?;
                        Ok(())
                    }
                    _ => cursor.skip(),
                })?;
                this.outputs.insert(name, expression);
                Ok(())
            }),
            _ => cursor.skip(),
        })?;
        Ok(this)
    }
}

impl<'a> Call<'a> {
    fn read(cursor: &mut Cursor<'a>, modules: &mut Vec<Module<'a>>, depth: usize) -> Result<Self, Broken> {
        let mut this = Self::default();
        let mut module = Module::default();
        cursor.maybe_map(|cursor, key| {
            match key.as_ref() {
                "expressions" => {
                    if let Expression::Block(expressions) = Expression::read(cursor, 0)? {
                        this.expressions = expressions;
                    }
                }
                "for_each_expression" => this.for_each_expression = Expression::read(cursor, 0)?,
                "module" => module = Module::read(cursor, modules, depth + 1)?,
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        this.module = modules.len();
        modules.push(module);
        Ok(this)
    }
}

impl<'a> Resource<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Broken> {
        let mut this = Self::default();
        cursor.map(|cursor, key| {
            match key.as_ref() {
                "address" => this.address = cursor.text()?,
                "provider_config_key" => this.provider_config_key = cursor.maybe_text()?,
                "expressions" => this.expressions = cursor.raw()?,
                "for_each_expression" => this.for_each_expression = Expression::read(cursor, 0)?,
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        Ok(this)
    }

    /// Its arguments and blocks by name, and the text of each.
    pub(super) fn expressions(&self) -> Vec<(Cow<'a, str>, &'a str)> {
        members(self.expressions, |_, _| true).unwrap_or_default()
    }

    /// Whether the code sets an attribute.
    pub(super) fn sets(&self, attribute: &str) -> bool {
        let mut is_set = false;
        let read = Cursor::new(self.expressions).maybe_map(|cursor, name| {
            is_set |= name == attribute;
            cursor.skip()
        });
        read.is_ok() && is_set
    }
}

impl<'a> Resources<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Broken> {
        let mut all = Vec::new();
        cursor.maybe_list(|cursor| {
            all.push(Resource::read(cursor)?);
            Ok(())
        })?;
        let by_address = all.iter().enumerate().map(|(at, it): (usize, &Resource<'a>)| (it.address.clone(), at));
        Ok(Self { by_address: by_address.collect(), all })
    }

    fn position(&self, address: &str) -> Option<usize> {
        self.by_address.get(address).copied()
    }

    pub(super) fn find(&self, address: &str) -> Option<&Resource<'a>> {
        self.position(address).map(|at| &self.all[at])
    }
}

impl Expression<'_> {
    /// Every reference in it, at any depth; each once, without the prefixes of itself that Terraform adds.
    pub(super) fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut Vec<Reference>) {
        match self {
            Self::Nothing | Self::Constant(_) => (),
            Self::References(texts) => parse_all(texts, found),
            Self::Block(parts) => parts.values().for_each(|part| part.collect(found)),
            Self::Blocks(blocks) => blocks.iter().for_each(|block| block.collect(found)),
        }
    }
}

/// Terraform writes `a.b[0].id` as `a.b[0].id`, `a.b[0]`, `a.b`: what follows a reference and is its prefix is dropped.
fn parse_all(texts: &[Cow<'_, str>], found: &mut Vec<Reference>) {
    let mut prefix_of: Option<&str> = None;
    for text in texts {
        let repeats = prefix_of.is_some_and(|longer| {
            longer.len() > text.len()
                && longer.starts_with(text.as_ref())
                && longer[text.len()..].starts_with(['.', '['])
        });
        prefix_of = Some(text);
        if !repeats
            && let Some(reference) = Reference::parse(text)
            && !found.contains(&reference)
        {
            found.push(reference);
        }
    }
}

impl Reference {
    fn parse(text: &str) -> Option<Self> {
        let mut steps = steps(text).into_iter().peekable();
        let name = |steps: &mut std::iter::Peekable<std::vec::IntoIter<Step>>| match steps.next() {
            Some(Step::Attribute(name)) => Some(name),
            Some(Step::Key(_)) | None => None,
        };
        let first = name(&mut steps)?;
        match first.as_str() {
            "var" => Some(Self::Variable { name: name(&mut steps)?, rest: steps.collect() }),
            "local" => Some(Self::Local),
            "count" => Some(Self::CountIndex),
            "each" => match name(&mut steps)?.as_str() {
                "key" => Some(Self::EachKey),
                _ => Some(Self::EachValue),
            },
            "path" | "terraform" | "self" => None,
            "module" => {
                let module = name(&mut steps)?;
                let key = next_key(&mut steps);
                Some(Self::Module { name: module, key, output: name(&mut steps), rest: steps.collect() })
            }
            _ => {
                let mut address = first.clone();
                for _ in 0..if first == "data" || first == "ephemeral" { 2 } else { 1 } {
                    address.push('.');
                    address.push_str(&name(&mut steps)?);
                }
                Some(Self::Resource { address, key: next_key(&mut steps), rest: steps.collect() })
            }
        }
    }
}

fn next_key(steps: &mut std::iter::Peekable<std::vec::IntoIter<Step>>) -> Option<Key> {
    match steps.next_if(|step| matches!(step, Step::Key(_))) {
        Some(Step::Key(key)) => Some(key),
        Some(Step::Attribute(_)) | None => None,
    }
}

impl<'a> Expression<'a> {
    /// `{"references": […]}` and `{"constant_value": …}` are expressions; any other map is a block. A scalar in the place
    /// of an expression says nothing that is of use here.
    pub(super) fn read(cursor: &mut Cursor<'a>, depth: usize) -> Result<Self, Broken> {
        if DEEPEST < depth {
            return Err(Broken);
        }
        if cursor.peek() == b'[' {
            let mut blocks = Vec::new();
            cursor.list(|cursor| {
                blocks.push(Self::read(cursor, depth + 1)?);
                Ok(())
            })?;
            return Ok(Self::Blocks(blocks));
        }
        let mut block = BTreeMap::new();
        let mut own = Self::Nothing;
        cursor.maybe_map(|cursor, key| {
            match key.as_ref() {
                "constant_value" => {
                    own = Self::Constant(serde_json::from_str(cursor.raw()?).map_err(|_| Broken)?);
                }
                "references" => own = Self::References(texts(cursor)?),
                _ => {
                    block.insert(key, Self::read(cursor, depth + 1)?);
                }
            }
            Ok(())
        })?;
        Ok(if block.is_empty() { own } else { Self::Block(block) })
    }
}

/// Strings. Anything else in the list is passed over.
fn texts<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<Cow<'a, str>>, Broken> {
    let mut texts = Vec::new();
    cursor.maybe_list(|cursor| {
        texts.extend(cursor.maybe_text()?);
        Ok(())
    })?;
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(json: &str) -> Vec<String> {
        let expression = Expression::read(&mut Cursor::new(json), 0).unwrap();
        expression.references().iter().map(|it| format!("{it:?}")).collect()
    }

    #[test]
    fn prefixes_of_a_reference_are_dropped_and_a_whole_resource_kept() {
        let of = |it: &str| references(&format!(r#"{{"references":[{it}]}}"#)).len();
        assert_eq!(of(r#""aws_vpc.a[0].id","aws_vpc.a[0]","aws_vpc.a""#), 1);
        assert_eq!(of(r#""aws_subnet.s[0].id","aws_subnet.s[0]","aws_subnet.s","aws_subnet.s""#), 2);
        assert_eq!(of(r#""aws_subnet.ab","aws_subnet.a""#), 2);
        assert_eq!(of(r#""module.net.subnet_ids","module.net","count.index""#), 2);
        assert_eq!(of(r#""path.module","terraform.workspace""#), 0);
    }

    #[test]
    fn references_are_found_in_blocks() {
        let json = r#"{"subnet_mapping":[{"subnet_id":{"references":["aws_subnet.a.id","aws_subnet.a"]}}],
                       "timeouts":{"create":{"references":["var.create"]}},"n":{"constant_value":["x"]},"e":{}}"#;
        assert_eq!(references(json).len(), 2);
    }
}
