//! One vocabulary: what CloudFormation and Terraform's `awscc` provider call a thing, in the words of Terraform's `aws`
//! provider, in which everything below reads.
//!
//! The tables say what differs. A property that no table names is the attribute of the same name in snake case, and what
//! is nested in it is a block, as Terraform writes blocks: a list of objects. Where the two languages leave different
//! things to AWS when nothing is written (the egress rules of a security group, the acceptance of a peering), the table
//! writes out what CloudFormation's silence means.

mod balancing;
mod compute;
mod data;
mod ec2;
mod edge;
mod gateways;
mod services;
#[cfg(test)]
mod tests;
mod words;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use rustc_hash::FxHashMap;

use self::{
    data::{Default, Noun, Rule, To},
    words::{is_same_name, snake_case},
};
use crate::{
    resource::Resource,
    value::{Address, Kind, MadeOf, Members, Origin, Part, Reference, Unknown, Value},
};

/// Every table.
const NOUNS: &[&[Noun]] =
    &[ec2::NOUNS, gateways::NOUNS, balancing::NOUNS, compute::NOUNS, services::NOUNS, edge::NOUNS];

/// The rows of each of CloudFormation's types.
static BY_NAME: LazyLock<FxHashMap<&str, Vec<&Noun>>> = LazyLock::new(|| {
    let mut rows: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for noun in NOUNS.iter().copied().flatten() {
        rows.entry(noun.name).or_default().push(noun);
    }
    rows
});

/// The attribute that stands for `Ref` in a reference of CloudFormation.
pub const REF: &str = "Ref";

/// How Terraform's provider of CloudFormation's types begins their names.
const AWSCC: &str = "awscc_";

/// Deeper than this, what is nested is left as it is.
const DEEPEST: usize = 64;

/// Whether this is the name of a type that CloudFormation defines.
pub fn is_foreign(kind: &str) -> bool {
    kind.contains("::") || kind.starts_with(AWSCC)
}

/// What a type is called where the network is read; as it is, where no table names it.
pub fn kind_of(kind: &str) -> &str {
    nouns(kind).first().map_or(kind, |noun| noun.becomes)
}

/// The same resources in the words that everything below reads. One may become several.
pub fn translate(resources: Vec<Resource>) -> Vec<Resource> {
    if !resources.iter().any(|it| is_foreign(&it.kind)) {
        return resources;
    }
    let kinds: FxHashMap<_, _> =
        resources.iter().map(|it| (it.address.clone(), nouns(&it.kind))).filter(|(_, it)| !it.is_empty()).collect();
    let translator = Translator { kinds };
    let mut translated = Vec::with_capacity(resources.len());
    let mut onto = Vec::new();
    for resource in resources {
        let rows = nouns(&resource.kind);
        if rows.is_empty() {
            let body = translator.referring(resource.body, 0);
            translated.push(Resource { body, ..resource });
            continue;
        }
        let rows: Vec<_> = rows.into_iter().filter(|row| row.is_for(&resource.body)).collect();
        for row in rows {
            for body in translator.bodies(row, &resource) {
                let it = Resource { kind: row.becomes.into(), body, ..resource.clone() };
                match row.onto {
                    Some(attribute) => onto.push((attribute, it)),
                    None => translated.push(it),
                }
            }
        }
    }
    add_onto(&mut translated, onto);
    translated
}

/// The rows of a type.
fn nouns(kind: &str) -> Vec<&'static Noun> {
    match kind.strip_prefix(AWSCC) {
        Some(name) => {
            let all = NOUNS.iter().copied().flatten();
            all.filter(|noun| is_same_name(noun.name.strip_prefix("AWS::").unwrap_or(noun.name), name)).collect()
        }
        None => BY_NAME.get(kind).cloned().unwrap_or_default(),
    }
}

/// What stands apart and says something of another resource, told of that one, where it says nothing itself.
fn add_onto(resources: &mut [Resource], onto: Vec<(&'static str, Resource)>) {
    let places: FxHashMap<_, _> = resources.iter().enumerate().map(|(at, it)| (it.address.clone(), at)).collect();
    for (attribute, it) in onto {
        let to = it.value(attribute).and_then(Value::unknown);
        let place = match to {
            Some(Unknown::AfterApply(reference)) => places.get(&reference.to).copied(),
            Some(_) | None => None,
        };
        let (Some(place), Kind::Map(more)) = (place, it.body.kind) else { continue };
        if let Kind::Map(body) = &mut resources[place].body.kind {
            body.add_missing(more.into_iter().filter(|(name, _)| name != attribute));
        }
    }
}

/// What is being translated: who is of which type.
struct Translator {
    kinds: FxHashMap<Address, Vec<&'static Noun>>,
}

impl Translator {
    /// The attributes of a resource; of one that stands for several, those of each.
    fn bodies(&self, noun: &Noun, resource: &Resource) -> Vec<Value> {
        let mut attributes = BTreeMap::new();
        if let Kind::Map(body) = &resource.body.kind {
            for (property, value) in body.iter() {
                self.attribute(noun.rules, property, value, &mut attributes, 0);
            }
        }
        let origin = &resource.body.origin;
        for (attribute, default) in noun.defaults {
            attributes.entry((*attribute).to_owned()).or_insert_with(|| default.value(origin));
        }
        let body = |attributes: BTreeMap<String, Value>| {
            Value::new(Kind::Map(attributes.into_iter().collect()), origin.clone())
        };
        let Some(each) = noun.each else { return vec![body(attributes)] };
        let Some(Value { kind: Kind::List(items), .. }) = attributes.remove(each) else {
            return vec![body(attributes)];
        };
        let with = |item: Value| {
            let mut attributes = attributes.clone();
            attributes.insert(each.to_owned(), item);
            body(attributes)
        };
        items.into_iter().map(with).collect()
    }

    /// Takes one property in.
    fn attribute(
        &self,
        rules: &'static [Rule],
        property: &str,
        value: &Value,
        attributes: &mut BTreeMap<String, Value>,
        depth: usize,
    ) {
        let rule = rules.iter().find(|(name, _)| is_same_name(name, property));
        let set = |name: &str, value: Value, attributes: &mut BTreeMap<String, Value>| {
            attributes.insert(name.to_owned(), value);
        };
        match rule.map(|(_, to)| to) {
            None => set(&snake_case(property), self.nested(value, depth), attributes),
            Some(To::Is(name)) => set(name, self.referring(value.clone(), depth), attributes),
            Some(To::Item(name)) => {
                let item = self.referring(value.clone(), depth);
                let origin = item.origin.clone();
                set(name, Value::new(Kind::List(vec![item]), origin), attributes);
            }
            Some(To::Blocks(name, rules)) => set(name, self.blocks(rules, value, depth), attributes),
            Some(To::BlocksWith(name, key, rules)) => {
                let (with, without): (Vec<_>, Vec<_>) = value.items().iter().cloned().partition(|it| has_key(it, key));
                if let Some(first) = without.first() {
                    self.spread(rules, first, attributes, depth);
                }
                if !with.is_empty() {
                    let with = Value::new(Kind::List(with), value.origin.clone());
                    set(name, self.blocks(&[], &with, depth), attributes);
                }
            }
            Some(To::Here(rules)) => self.spread(rules, value, attributes, depth),
            Some(To::Pairs(names)) => self.pairs(names, value, attributes),
            Some(To::Words(name, words)) => {
                let known = value.text().and_then(|text| words.iter().find(|(word, _)| *word == text));
                let kind = known.map(|(_, means)| Kind::Bool(*means));
                let other = self.referring(value.clone(), depth);
                set(name, Value::new(kind.unwrap_or(other.kind), other.origin), attributes);
            }
        }
    }

    fn spread(&self, rules: &'static [Rule], value: &Value, attributes: &mut BTreeMap<String, Value>, depth: usize) {
        if let Kind::Map(body) = &value.kind
            && depth < DEEPEST
        {
            for (property, value) in body.iter() {
                self.attribute(rules, property, value, attributes, depth + 1);
            }
        }
    }

    /// A map, or each map of a list, as blocks.
    fn blocks(&self, rules: &'static [Rule], value: &Value, depth: usize) -> Value {
        let is_map = |it: &Value| matches!(it.kind, Kind::Map(_));
        let block = |item: &Value| {
            if !is_map(item) || DEEPEST <= depth {
                return self.referring(item.clone(), depth);
            }
            let mut attributes = BTreeMap::new();
            self.spread(rules, item, &mut attributes, depth + 1);
            Value::new(Kind::Map(attributes.into_iter().collect()), item.origin.clone())
        };
        let kind = match &value.kind {
            Kind::List(items) => Kind::List(items.iter().map(block).collect()),
            Kind::Map(_) => Kind::List(vec![block(value)]),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => {
                return self.referring(value.clone(), depth);
            }
        };
        Value::new(kind, value.origin.clone())
    }

    /// `[{Key: …, Value: …}]`: each key that is named here is an attribute.
    fn pairs(&self, names: &[(&str, &str)], value: &Value, attributes: &mut BTreeMap<String, Value>) {
        let part = |item: &Value, one: &str, other: &str| item.get(one).or_else(|| item.get(other)).cloned();
        for item in value.items() {
            let (Some(key), Some(value)) = (part(item, "Key", "key"), part(item, "Value", "value")) else { continue };
            let name = key.text().and_then(|key| names.iter().find(|(it, _)| *it == key));
            if let Some((_, name)) = name {
                attributes.insert((*name).to_owned(), self.referring(value, 0));
            }
        }
    }

    /// What no table names: what is nested in it are blocks.
    fn nested(&self, value: &Value, depth: usize) -> Value {
        let is_block = |it: &Value| matches!(it.kind, Kind::Map(_));
        if is_block(value) || value.items().iter().any(is_block) {
            self.blocks(&[], value, depth)
        } else {
            self.referring(value.clone(), depth)
        }
    }

    /// The same value, whose references name attributes as they are named here.
    fn referring(&self, value: Value, depth: usize) -> Value {
        let kind = match value.kind {
            Kind::Unknown(unknown) => Kind::Unknown(self.unknown(unknown)),
            Kind::List(items) if depth < DEEPEST => {
                Kind::List(items.into_iter().map(|item| self.referring(item, depth + 1)).collect())
            }
            Kind::Map(map) if depth < DEEPEST => {
                Kind::Map(map.into_iter().map(|(key, item)| (key, self.referring(item, depth + 1))).collect())
            }
            kind @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_)) => {
                kind
            }
        };
        Value { kind, origin: value.origin }
    }

    fn unknown(&self, unknown: Unknown) -> Unknown {
        let all = |references: Vec<Reference>| references.into_iter().map(|it| self.reference(it)).collect();
        match unknown {
            Unknown::AfterApply(reference) => Unknown::after_apply(self.reference(Arc::unwrap_or_clone(reference))),
            Unknown::OneOf(references) => Unknown::OneOf(all(references)),
            Unknown::Members(members) => {
                let Members { certain, possible, others } = *members;
                Unknown::members(Members { certain: all(certain), possible: all(possible), others })
            }
            Unknown::MadeOf(made) => {
                let MadeOf { of, shown, parts } = *made;
                let part = |it| match it {
                    Part::Unknown(unknown) => Part::Unknown(self.unknown(unknown)),
                    text @ Part::Text(_) => text,
                };
                Unknown::made_of(MadeOf { of: all(of), shown, parts: parts.into_iter().map(part).collect() })
            }
            Unknown::Computed | Unknown::Input(_) | Unknown::Opaque(_) | Unknown::Sensitive => unknown,
        }
    }

    fn reference(&self, reference: Reference) -> Reference {
        let Some(noun) = self.kinds.get(&reference.to).and_then(|rows| rows.first()) else { return reference };
        let attribute = noun.attribute(&reference.attribute).into();
        Reference { attribute, ..reference }
    }
}

/// Whether a map has this key, in whichever spelling.
fn has_key(value: &Value, key: &str) -> bool {
    matches!(&value.kind, Kind::Map(map) if map.iter().any(|(name, it)| !it.is_unset() && is_same_name(name, key)))
}

impl Noun {
    /// Whether a resource with these properties is one of these.
    fn is_for(&self, body: &Value) -> bool {
        self.when.is_empty() || self.when.iter().any(|property| has_key(body, property))
    }

    /// What `Ref` gives, or `Fn::GetAtt` with a name, as an attribute.
    fn attribute<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let end = name.find('[').unwrap_or(name.len());
        let (base, rest) = name.split_at(end);
        if base == REF {
            return Cow::Owned(format!("{}{rest}", self.reference));
        }
        match self.attributes.iter().find(|(it, _)| is_same_name(it, base)) {
            Some((_, attribute)) => Cow::Owned(format!("{attribute}{rest}")),
            None => Cow::Owned(format!("{}{rest}", snake_case(base))),
        }
    }
}

impl Default {
    fn value(&self, origin: &Origin) -> Value {
        let kind = match self {
            Self::Yes => Kind::Bool(true),
            Self::No => Kind::Bool(false),
            Self::AwsDecides(why) => Kind::Unknown(Unknown::Opaque((*why).to_owned())),
            Self::EverythingOut => {
                let text = |text: &str| Value::new(Kind::Text(text.into()), origin.clone());
                let list = |text_| Value::new(Kind::List(vec![text(text_)]), origin.clone());
                let block = [("protocol", text("-1")), ("cidr_blocks", list("0.0.0.0/0"))];
                Kind::List(vec![Value::new(Kind::Map(block.into_iter().collect()), origin.clone())])
            }
        };
        Value::new(kind, origin.clone())
    }
}
