//! What a block says: its arguments, and the blocks in it, those that `dynamic` makes among them.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use super::{
    configuration::BlockMode,
    cty::{Data, ResourceObject, Term, Type, Why},
    evaluate::{Evaluator, elements, scope::Scope},
    literal,
    trouble::Failure,
    unknown::told,
};
use crate::{
    secret,
    source::Span,
    syntax::{Block, Body, Expression},
    value::{Address, Reference},
};

/// One instance of a resource.
#[derive(Debug)]
pub(super) struct ResourceInstance<'a> {
    pub address: String,
    pub mode: BlockMode,
    pub scope: Scope<'a>,
    pub body: Settings<'a>,
    /// What it has besides, as far as the code decides it: what a data source gives, the provider's defaults.
    pub given: Rc<Vec<(&'static str, Term)>>,
}

/// What one block sets.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    pub header: Span,
    pub arguments: Vec<Argument<'a>>,
    /// The blocks in it, by kind.
    pub blocks: BTreeMap<&'a str, Nested<'a>>,
}

#[derive(Debug)]
pub(super) struct Argument<'a> {
    pub name: &'a str,
    pub value: Term,
    pub expression: &'a Expression,
    pub scope: Scope<'a>,
}

/// The blocks of one kind.
#[derive(Debug, Default)]
pub(super) struct Nested<'a> {
    pub blocks: Vec<Settings<'a>>,
    /// Of `dynamic` blocks whose items are not known: where they stand, and what is unknown.
    pub unknown: Vec<(Span, Term)>,
}

/// How many blocks `dynamic` makes in one project: within each other, a few lines make as many as they like.
const MOST_BLOCKS: usize = 200_000;

/// What says how Terraform treats a block, not what the block is.
const META_ARGUMENTS: [&str; 2] = ["depends_on", "provider"];
const META_BLOCKS: [&str; 3] = ["lifecycle", "provisioner", "connection"];

impl<'a> Evaluator<'a> {
    /// What the block of a resource of type `of` sets.
    pub(super) fn body(&mut self, of: &str, body: &'a Body, header: Span, scope: &Scope<'a>) -> Settings<'a> {
        let mut settings = self.settings(body, header, scope);
        settings.arguments.retain(|it| !META_ARGUMENTS.contains(&it.name));
        settings.blocks.retain(|kind, _| !META_BLOCKS.contains(kind));
        settings.conceal(of);
        settings
    }

    fn settings(&mut self, body: &'a Body, header: Span, scope: &Scope<'a>) -> Settings<'a> {
        let mut settings = Settings { header, arguments: Vec::new(), blocks: BTreeMap::new() };
        for attribute in &body.attributes {
            if META_ARGUMENTS.contains(&attribute.name.as_str()) {
                continue;
            }
            let value = self.value(&attribute.value, scope);
            let argument =
                Argument { name: &attribute.name, value, expression: &attribute.value, scope: scope.clone() };
            settings.arguments.push(argument);
        }
        for block in &body.blocks {
            if META_BLOCKS.contains(&block.kind.as_str()) {
                continue;
            }
            if let Err(failure) = self.block(block, scope, &mut settings)
                && !self.is_hypothetical(scope)
            {
                self.tell(scope.module, failure);
            }
        }
        settings
    }

    fn block(&mut self, block: &'a Block, scope: &Scope<'a>, to: &mut Settings<'a>) -> Result<(), Failure> {
        self.enter(block.header)?;
        let result = match (block.kind.as_str(), block.labels.as_slice()) {
            ("dynamic", [kind]) => self.dynamic(block, &kind.text, scope, to),
            (kind, _) => {
                let settings = self.settings(&block.body, block.header, scope);
                to.blocks.entry(kind).or_default().blocks.push(settings);
                Ok(())
            }
        };
        self.leave();
        result
    }

    fn dynamic(
        &mut self,
        block: &'a Block,
        kind: &'a str,
        scope: &Scope<'a>,
        to: &mut Settings<'a>,
    ) -> Result<(), Failure> {
        let argument = |name: &str| block.body.attributes.iter().find(|it| it.name == name).map(|it| &it.value);
        let content = block.body.blocks.iter().find(|it| it.kind == "content");
        let (Some(for_each), Some(content)) = (argument("for_each"), content) else {
            return Err(Failure::new(block.header, "a `dynamic` block has a `for_each` and a `content`"));
        };
        let iterator = match argument("iterator") {
            None => kind,
            Some(iterator) => {
                literal::word(iterator).ok_or_else(|| Failure::new(iterator.span, "an `iterator` is a plain name"))?
            }
        };
        let collection = self.evaluate(for_each, scope)?;
        let elements = elements(&collection).map_err(|why| Failure::new(for_each.span, why))?;
        let bind = |key: Term, value: Term| {
            let item = Term::object([("key".to_owned(), key.clone()), ("value".to_owned(), value)].into());
            scope.iterating(iterator, item.with_sensitivity(collection.is_sensitive), (for_each, key))
        };
        let Some(elements) = elements else {
            let (value, key) = self.some_item(&collection);
            let settings = self.settings(&content.body, content.header, &bind(key, value));
            let unknown = Term::unknown(Type::Dynamic, settings.why_unknown(&collection));
            to.blocks.entry(kind).or_default().unknown.push((block.header, unknown));
            return Ok(());
        };
        self.made_blocks = self.made_blocks.saturating_add(elements.len());
        if MOST_BLOCKS < self.made_blocks {
            let message = format!("`dynamic` makes more than {MOST_BLOCKS} blocks in one project; these are unknown");
            self.tell(scope.module, Failure::new(block.header, message));
            let unknown = Term::unknown(Type::Dynamic, Why::Other("too many blocks".to_owned()));
            to.blocks.entry(kind).or_default().unknown.push((block.header, unknown));
            return Ok(());
        }
        // A block of no items is known to be absent all the same.
        let nested = to.blocks.entry(kind).or_default();
        let mut made = std::mem::take(&mut nested.blocks);
        for (key, value) in elements {
            made.push(self.settings(&content.body, block.header, &bind(key, value)));
        }
        to.blocks.entry(kind).or_default().blocks = made;
        Ok(())
    }
}

impl ResourceInstance<'_> {
    /// The resource as other expressions see it.
    pub(super) fn term(&self) -> Term {
        let reference = Reference::new(Address::new(&self.address), "");
        let mut known = self.body.known(&reference);
        for (name, value) in self.given.iter() {
            known.entry((*name).to_owned()).or_insert_with(|| value.clone());
        }
        let resource = ResourceObject { reference, known };
        Term::new(Data::Resource(Arc::new(resource))).with_sensitivity(self.mode == BlockMode::Ephemeral)
    }
}

impl Settings<'_> {
    /// Marks as sensitive what is secret by its name, at any depth: the provider does so too.
    fn conceal(&mut self, of: &str) {
        let mut open = vec![self];
        while let Some(it) = open.pop() {
            for argument in it.arguments.iter_mut().filter(|it| secret::is_secret(of, it.name)) {
                argument.value.is_sensitive |= tells_something(&argument.value);
            }
            open.extend(it.blocks.values_mut().flat_map(|nested| &mut nested.blocks));
        }
    }

    fn term(&self, reference: &Reference) -> Term {
        let known = self.known(reference);
        Term::new(Data::Resource(Arc::new(ResourceObject { reference: reference.clone(), known })))
    }

    /// What it sets, as other expressions see it.
    pub(super) fn known(&self, reference: &Reference) -> BTreeMap<String, Term> {
        let arguments = self.arguments.iter().filter(|it| !it.value.is_null());
        let mut known: BTreeMap<_, _> = arguments.map(|it| (it.name.to_owned(), it.value.clone())).collect();
        for (kind, nested) in &self.blocks {
            if nested.unknown.is_empty() && nested.blocks.is_empty() {
                continue;
            }
            let path = if reference.attribute.is_empty() {
                (*kind).to_owned()
            } else {
                format!("{}.{kind}", reference.attribute)
            };
            known.insert((*kind).to_owned(), nested.term(&Reference::new(reference.to.clone(), path)));
        }
        known
    }

    /// Why blocks such as this one, made once for each item of `collection`, are not known.
    fn why_unknown(&self, collection: &Term) -> Why {
        Term::why_made_of(self.values().into_iter().chain([collection]))
    }

    /// Every value in it, at any depth.
    fn values(&self) -> Vec<&Term> {
        let mut values = Vec::new();
        let mut open = vec![self];
        while let Some(it) = open.pop() {
            values.extend(it.arguments.iter().map(|argument| &argument.value));
            for nested in it.blocks.values() {
                open.extend(&nested.blocks);
                values.extend(nested.unknown.iter().map(|(_, term)| term));
            }
        }
        values
    }
}

/// Whether there is text in a value, or something with parts that may hold some. A name of what is not known, a number
/// or a bool under the name of a secret is none.
fn tells_something(value: &Term) -> bool {
    match &value.data {
        Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Tuple(_)
        | Data::Map(..)
        | Data::Object(_)
        | Data::Resource(_) => true,
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Unknown(_) => false,
    }
}

impl Nested<'_> {
    fn term(&self, reference: &Reference) -> Term {
        if !self.unknown.is_empty() {
            return Term::unknown(Type::Dynamic, self.why_unknown());
        }
        let blocks = self.blocks.iter().enumerate().map(|(at, settings)| {
            settings.term(&Reference::new(reference.to.clone(), format!("{}[{at}]", reference.attribute)))
        });
        Term::tuple(blocks.collect())
    }

    /// Why it is not known which blocks there are.
    pub(super) fn why_unknown(&self) -> Why {
        let known = self.blocks.iter().flat_map(Settings::values);
        Term::why_made_of(known.chain(self.unknown.iter().map(|(_, term)| term)))
    }

    /// In words.
    pub(super) fn told(&self) -> String {
        told(&self.why_unknown())
    }
}
