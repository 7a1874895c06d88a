//! The `configuration` of a plan: modules, resources, calls, and of every expression the references in it, no more.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use rustc_hash::FxHashMap;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::address::{Key, Step, steps};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Configuration<'a> {
    #[serde(borrow, default)]
    pub(super) provider_config: BTreeMap<Cow<'a, str>, Provider<'a>>,
    #[serde(borrow, default)]
    pub(super) root_module: Module<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Provider<'a> {
    #[serde(borrow, default)]
    pub(super) expressions: Expression<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Module<'a> {
    #[serde(borrow, default)]
    pub(super) resources: Resources<'a>,
    #[serde(borrow, default, rename = "module_calls")]
    pub(super) calls: BTreeMap<Cow<'a, str>, Call<'a>>,
    #[serde(borrow, default)]
    pub(super) outputs: BTreeMap<Cow<'a, str>, Output<'a>>,
}

/// The resources of a module by their address within it: `aws_vpc.main`, `data.aws_region.current`.
#[derive(Debug, Default)]
pub(super) struct Resources<'a> {
    pub(super) all: Vec<Resource<'a>>,
    by_address: FxHashMap<String, usize>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Resource<'a> {
    #[serde(borrow)]
    pub(super) address: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) provider_config_key: Option<Cow<'a, str>>,
    /// Read only when something asks: most resources know all that the network needs.
    #[serde(borrow, default)]
    expressions: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) for_each_expression: Expression<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Call<'a> {
    #[serde(borrow, default)]
    pub(super) expressions: BTreeMap<Cow<'a, str>, Expression<'a>>,
    #[serde(borrow, default)]
    pub(super) for_each_expression: Expression<'a>,
    #[serde(borrow, default)]
    pub(super) module: Module<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Output<'a> {
    #[serde(borrow, default)]
    pub(super) expression: Expression<'a>,
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

impl<'a> Resource<'a> {
    pub(super) fn expressions(&self) -> BTreeMap<Cow<'a, str>, Expression<'a>> {
        match self.expressions.map(|raw| serde_json::from_str(raw.get())) {
            Some(Ok(Expression::Block(map))) => map,
            Some(
                Ok(Expression::Nothing | Expression::Constant(_) | Expression::References(_) | Expression::Blocks(_))
                | Err(_),
            )
            | None => BTreeMap::new(),
        }
    }
}

impl<'a> Resources<'a> {
    pub(super) fn find(&self, address: &str) -> Option<&Resource<'a>> {
        self.by_address.get(address).map(|&at| &self.all[at])
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Resources<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<Resource<'a>>::deserialize(deserializer)?;
        let by_address = all.iter().enumerate().map(|(at, it)| (it.address.clone().into_owned(), at)).collect();
        Ok(Self { all, by_address })
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

impl<'de: 'a, 'a> Deserialize<'de> for Expression<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExpressionVisitor)
    }
}

struct ExpressionVisitor;

impl<'de> Visitor<'de> for ExpressionVisitor {
    type Value = Expression<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an expression or a block of them")
    }

    fn visit_unit<E>(self) -> Result<Expression<'de>, E> {
        Ok(Expression::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Expression<'de>, A::Error> {
        let mut blocks = Vec::new();
        while let Some(block) = items.next_element()? {
            blocks.push(block);
        }
        Ok(Expression::Blocks(blocks))
    }

    /// `{"references": […]}` and `{"constant_value": …}` are expressions; anything else is a block.
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Expression<'de>, A::Error> {
        let mut block = BTreeMap::new();
        let mut own = Expression::Nothing;
        while let Some(key) = entries.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "constant_value" => own = Expression::Constant(entries.next_value()?),
                "references" => own = Expression::References(entries.next_value::<Texts<'de>>()?.0),
                _ => {
                    block.insert(key, entries.next_value()?);
                }
            }
        }
        Ok(if block.is_empty() { own } else { Expression::Block(block) })
    }

    // A scalar in the place of an expression says nothing that is of use here.

    fn visit_bool<E>(self, _: bool) -> Result<Expression<'de>, E> {
        Ok(Expression::Nothing)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Expression<'de>, E> {
        Ok(Expression::Nothing)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Expression<'de>, E> {
        Ok(Expression::Nothing)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Expression<'de>, E> {
        Ok(Expression::Nothing)
    }

    fn visit_str<E>(self, _: &str) -> Result<Expression<'de>, E> {
        Ok(Expression::Nothing)
    }
}

/// Strings, borrowed where they have no escapes. Anything else in the list is passed over.
#[derive(Debug)]
struct Texts<'a>(Vec<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Item<'a>(Option<Cow<'a, str>>);
        impl<'de: 'a, 'a> Deserialize<'de> for Item<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = <&RawValue>::deserialize(deserializer)?;
                Ok(Self(text(raw)))
            }
        }
        let Ok(items) = Vec::<Item<'a>>::deserialize(deserializer) else { return Ok(Self(Vec::new())) };
        Ok(Self(items.into_iter().filter_map(|item| item.0).collect()))
    }
}

fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let quoted = raw.get();
    let inside = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains('\\') { serde_json::from_str(quoted).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inside)) }
}

/// Reads past whatever it is.
impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// Something that is passed over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Skipped;

#[cfg(test)]
mod tests {
    use super::*;

    fn references(json: &str) -> Vec<String> {
        let expression: Expression<'_> = serde_json::from_str(json).unwrap();
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
