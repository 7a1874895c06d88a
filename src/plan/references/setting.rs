//! What the configuration says of one attribute, however deep in blocks it stands.

use std::{borrow::Cow, cell::OnceCell, collections::BTreeMap};

use crate::{
    plan::{
        Part,
        configuration::{Expression, Reference as Written, Resource},
    },
    syntax::json::Cursor,
    value::{Kind, Value},
};

/// The arguments and blocks of a resource, each read when it is asked for.
#[derive(Debug)]
pub(super) struct Expressions<'a> {
    /// Sorted by name.
    all: Vec<Named<'a>>,
}

#[derive(Debug)]
struct Named<'a> {
    name: Cow<'a, str>,
    text: &'a str,
    /// What the text says, once it was asked for.
    parsed: OnceCell<Option<Parsed>>,
}

/// The arguments and blocks of a block.
type Parts = BTreeMap<String, Parsed>;

/// An [`Expression`] with its references read.
#[derive(Debug)]
pub(super) enum Parsed {
    Constant(serde_json::Value),
    References(Vec<Written>),
    Block(Parts),
    Blocks(Vec<Parsed>),
}

/// What the configuration says of one attribute.
pub(super) enum Setting<'e> {
    NotConfigured,
    Known(&'e [Written]),
    /// These references are of the block around it.
    OfBlock(&'e [Written]),
    /// It stands in a block that the configuration does not show: a `dynamic` one.
    Lost(Vec<&'e [Written]>),
}

impl<'a> Expressions<'a> {
    pub(super) fn of(resource: &Resource<'a>) -> Self {
        let all = resource.expressions().into_iter();
        Self { all: all.map(|(name, text)| Named { name, text, parsed: OnceCell::new() }).collect() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Parsed> {
        self.parsed(self.position(name)?)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.all.binary_search_by(|it| it.name.as_ref().cmp(name)).ok()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|it| it.name.as_ref())
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Parsed> {
        (0..self.all.len()).filter_map(|at| self.parsed(at))
    }

    fn parsed(&self, at: usize) -> Option<&Parsed> {
        let Named { text, parsed, .. } = &self.all[at];
        parsed.get_or_init(|| Expression::read(&mut Cursor::new(text), 0).ok().map(|it| parse(&it))).as_ref()
    }
}

impl Parsed {
    pub(super) fn references(&self) -> Vec<Written> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::References(references) => references.clone(),
            Self::Block(parts) => parts.values().flat_map(Self::references).collect(),
            Self::Blocks(blocks) => blocks.iter().flat_map(Self::references).collect(),
        }
    }
}

fn parse(expression: &Expression<'_>) -> Parsed {
    match expression {
        Expression::Constant(value) => Parsed::Constant(value.clone()),
        Expression::Nothing | Expression::References(_) => Parsed::References(expression.references()),
        Expression::Block(parts) => {
            Parsed::Block(parts.iter().map(|(name, it)| (name.clone().into_owned(), parse(it))).collect())
        }
        Expression::Blocks(blocks) => Parsed::Blocks(blocks.iter().map(parse).collect()),
    }
}

/// What the configuration says of a value. `written` is the attribute, of this resource or block, that the path to it begins
/// with; `rest` is the path from there on, and `inside` what the plan has there.
pub(super) fn setting<'e>(written: Option<&'e Parsed>, rest: &[Part<'_>], inside: Option<&Value>) -> Setting<'e> {
    match written {
        // A block that the plan has and the configuration does not show was written as `dynamic`.
        None if rest.is_empty() => Setting::NotConfigured,
        None => Setting::Lost(Vec::new()),
        Some(Parsed::Constant(_)) => Setting::NotConfigured,
        Some(Parsed::References(references)) => match rest {
            [] | [Part::Item { .. }] => Setting::Known(references),
            _ => Setting::OfBlock(references),
        },
        Some(Parsed::Block(parts)) => match inside {
            Some(inside) if !rest.is_empty() => setting_within(parts, without_item(rest), item_or(inside, rest)),
            Some(_) | None => Setting::NotConfigured,
        },
        Some(Parsed::Blocks(blocks)) => setting_in_blocks(blocks, rest, inside),
    }
}

/// The same, of the value at `path` of a block.
fn setting_within<'e>(parts: &'e Parts, path: &[Part<'_>], block: &Value) -> Setting<'e> {
    let [Part::Attribute(name), rest @ ..] = path else { return Setting::NotConfigured };
    setting(parts.get(*name), rest, block.get(name))
}

fn setting_in_blocks<'e>(blocks: &'e [Parsed], rest: &[Part<'_>], inside: Option<&Value>) -> Setting<'e> {
    let (Some(Part::Item { at, of }), Some(items)) = (rest.first(), inside.map(Value::items)) else {
        return Setting::NotConfigured;
    };
    if blocks.len() == *of
        && let Some(block) = block_of_item(blocks, items, *at)
        && let Parsed::Block(parts) = block
    {
        return setting_within(parts, &rest[1..], &items[*at]);
    }
    let shown = blocks.iter().filter_map(|block| match (block, rest.get(1)) {
        (Parsed::Block(parts), Some(Part::Attribute(name))) => match parts.get(*name) {
            Some(Parsed::References(references)) => Some(references.as_slice()),
            Some(Parsed::Constant(_) | Parsed::Block(_) | Parsed::Blocks(_)) | None => None,
        },
        _ => None,
    });
    Setting::Lost(shown.collect())
}

/// Which block the item at `at` was written as. A set loses their order: each item takes the first block that is left
/// and whose constants it has; blocks that differ in nothing known may be taken one for another.
fn block_of_item<'e>(blocks: &'e [Parsed], items: &[Value], at: usize) -> Option<&'e Parsed> {
    let mut left: Vec<&Parsed> = blocks.iter().collect();
    for (index, item) in items.iter().enumerate() {
        let fitting = left.iter().position(|block| constants_agree(block, item))?;
        let block = left.remove(fitting);
        if index == at {
            return Some(block);
        }
    }
    None
}

fn constants_agree(block: &Parsed, item: &Value) -> bool {
    let Parsed::Block(parts) = block else { return true };
    parts.iter().all(|(name, part)| match (part, item.get(name)) {
        (Parsed::Constant(constant), Some(value)) => same_scalar(constant, value),
        (Parsed::References(_) | Parsed::Block(_) | Parsed::Blocks(_) | Parsed::Constant(_), _) => true,
    })
}

fn same_scalar(constant: &serde_json::Value, value: &Value) -> bool {
    let text = match &value.kind {
        Kind::Text(text) => text.to_string(),
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) => it.to_string(),
        Kind::Null | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => return true,
    };
    match constant {
        serde_json::Value::String(constant) => *constant == text,
        serde_json::Value::Bool(constant) => constant.to_string() == text,
        serde_json::Value::Number(constant) => constant.to_string() == text,
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => true,
    }
}

fn without_item<'p, 'q>(rest: &'q [Part<'p>]) -> &'q [Part<'p>] {
    match rest {
        [Part::Item { .. }, rest @ ..] => rest,
        _ => rest,
    }
}

fn item_or<'v>(value: &'v Value, rest: &[Part<'_>]) -> &'v Value {
    match rest.first() {
        Some(Part::Item { at, .. }) => value.items().get(*at).unwrap_or(value),
        Some(Part::Attribute(_)) | None => value,
    }
}
