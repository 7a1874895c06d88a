//! `terraform show -json`, of a plan or of a state, as resources: the network as it was before, and as it will be after.
//!
//! The format: <https://developer.hashicorp.com/terraform/internals/json-format>. Terraform 0.12 to today and OpenTofu.
//! A plan's ids are not known before apply; who points at whom is then asked of a [`References`].
//! Only what is asked for is decoded: a plan of 100,000 resources is mostly not about the network.

mod address;
pub mod archive;
mod configuration;
mod decode;
mod error;
mod head;
mod mirror;
pub mod references;

use std::{borrow::Cow, collections::BTreeMap};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed as _, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    resource::{Action, Mode, Resource},
    schema,
    source::{SourceId, Span},
    value::{Address, Kind, Origin, Unknown, Value},
    vocabulary,
};

pub use address::Key;
use configuration::{Configuration, Expression, Skipped};
use decode::{Mask, ValueAt};
pub use error::Error;
pub use head::Head;
use head::Side;

/// A plan or a state, indexed and not yet decoded.
#[derive(Debug)]
pub struct Plan<'a> {
    source: SourceId,
    text: &'a str,
    pub document: Document,
    /// The plan could not be finished; what it holds is right, but not all there is.
    pub errored: bool,
    /// The plan speaks of all that its code has: it was not made of some targets alone, and it was finished.
    is_complete: bool,
    /// Each resource that the plan speaks of, in its order; of a state, each resource.
    heads: Vec<Head<'a>>,
    /// What `prior_state` holds: data sources, and resources that the plan does not mention.
    prior: Vec<Head<'a>>,
    configuration: Configuration<'a>,
    variables: BTreeMap<String, Variable>,
    relevant: Option<Relevant>,
}

/// Which resources are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those that say something of the network, each saying only what it answers for itself: without its mirrors.
    Network,
    /// All, as the document has them.
    Everything,
}

/// What a JSON document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    Plan,
    State,
}

/// Who an attribute that is not known until apply refers to.
pub trait References {
    /// What is known of the attribute at `path` of `instance`, whose attributes are `body`: an unknown, or a list of which
    /// only items are unknown.
    fn unknown(&self, instance: &Head<'_>, path: &[Part<'_>], body: &Value) -> Kind;
}

/// One step into a resource's attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'p> {
    Attribute(&'p str),
    /// An item of a list, and how many there are.
    Item {
        at: usize,
        of: usize,
    },
}

#[derive(Debug, Deserialize)]
struct Variable {
    #[serde(default)]
    value: serde_json::Value,
}

/// The attributes that contribute to the plan's changes, by the resource's address without its instance key.
#[derive(Debug, Default)]
struct Relevant(FxHashMap<String, FxHashSet<String>>);

#[derive(Deserialize)]
struct Root<'a> {
    #[serde(borrow, default)]
    format_version: Option<Cow<'a, str>>,
    #[serde(default)]
    planned_values: Option<Skipped>,
    #[serde(borrow, default)]
    resource_changes: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    prior_state: Option<State<'a>>,
    #[serde(borrow, default)]
    values: Option<StateValues<'a>>,
    #[serde(borrow, default)]
    configuration: Option<Configuration<'a>>,
    #[serde(default)]
    variables: Option<BTreeMap<String, Variable>>,
    #[serde(default)]
    relevant_attributes: Option<Relevant>,
    #[serde(default)]
    errored: Option<bool>,
    #[serde(default)]
    complete: Option<bool>,
    /// Only a raw state file has this at its top.
    #[serde(default)]
    lineage: Option<Skipped>,
    #[serde(borrow, default, rename = "@level")]
    log_level: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct State<'a> {
    #[serde(borrow, default)]
    values: Option<StateValues<'a>>,
}

#[derive(Deserialize)]
struct StateValues<'a> {
    #[serde(borrow, default)]
    root_module: Option<StateModule<'a>>,
}

#[derive(Deserialize)]
struct StateModule<'a> {
    #[serde(borrow, default)]
    resources: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    child_modules: Vec<StateModule<'a>>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow, default)]
    before: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after: Option<&'a RawValue>,
    #[serde(default)]
    after_unknown: Mask,
    #[serde(default)]
    before_sensitive: Mask,
    #[serde(default)]
    after_sensitive: Mask,
    /// The attributes, or parts of them, of which a change makes the plan replace the resource.
    #[serde(default)]
    replace_paths: Option<Vec<Vec<serde_json::Value>>>,
}

#[derive(Deserialize)]
struct ChangeObject<'a> {
    #[serde(borrow)]
    change: Change<'a>,
}

#[derive(Deserialize)]
struct StateObject<'a> {
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(default)]
    sensitive_values: Mask,
}

/// Whether these are the bytes of a binary plan: it is a ZIP archive.
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Indexes the JSON `text` of `source`.
pub fn read(source: SourceId, text: &str) -> Result<Plan<'_>, Error> {
    if text.trim().is_empty() {
        return Err(Error::Empty);
    }
    let root: Root<'_> = serde_json::from_str(text).map_err(|error| Error::of_json(text, &error))?;
    if root.log_level.is_some() {
        return Err(Error::Log);
    }
    if root.lineage.is_some() {
        return Err(Error::RawState);
    }
    let document = root.document().ok_or(Error::OtherJson)?;
    if let Some(version) = &root.format_version
        && !matches!(version.split('.').next(), Some("0" | "1"))
    {
        return Err(Error::Version(version.clone().into_owned()));
    }
    let heads = match document {
        Document::Plan => {
            root.resource_changes.unwrap_or_default().into_iter().map(|raw| Head::read(raw.get(), None)).collect()
        }
        Document::State => state_of(root.values),
    };
    let heads = heads.map_err(|error| Error::of_json(text, &error))?;
    let prior = state_of(root.prior_state.and_then(|it| it.values)).map_err(|error| Error::of_json(text, &error))?;
    Ok(Plan {
        source,
        text,
        document,
        errored: root.errored.unwrap_or(false),
        is_complete: root.complete.unwrap_or(true) && !root.errored.unwrap_or(false),
        heads,
        prior,
        configuration: root.configuration.unwrap_or_default(),
        variables: root.variables.unwrap_or_default(),
        relevant: root.relevant_attributes,
    })
}

impl Wanted {
    fn includes(self, kind: &str) -> bool {
        match self {
            Self::Network => schema::is_network(vocabulary::kind_of(kind)),
            Self::Everything => true,
        }
    }
}

impl Root<'_> {
    fn document(&self) -> Option<Document> {
        let plan = self.planned_values.is_some()
            || self.resource_changes.is_some()
            || self.configuration.is_some()
            || self.prior_state.is_some();
        match (plan, &self.values, &self.format_version) {
            (true, _, _) => Some(Document::Plan),
            // `terraform show -json` of an empty state gives a version and nothing else.
            (false, Some(_), _) | (false, None, Some(_)) => Some(Document::State),
            (false, None, None) => None,
        }
    }
}

fn state_of(values: Option<StateValues<'_>>) -> Result<Vec<Head<'_>>, serde_json::Error> {
    let mut heads = Vec::new();
    if let Some(module) = values.and_then(|values| values.root_module) {
        state_heads(module, &mut heads)?;
    }
    Ok(heads)
}

/// The resources of a state's module and of those below it. The nesting is bounded by the JSON reader's own.
fn state_heads<'a>(module: StateModule<'a>, heads: &mut Vec<Head<'a>>) -> Result<(), serde_json::Error> {
    for raw in module.resources {
        heads.push(Head::read(raw.get(), Some(Action::NoOp))?);
    }
    module.child_modules.into_iter().try_for_each(|child| state_heads(child, heads))
}

impl<'a> Plan<'a> {
    /// What the root module's variables were given when it was planned.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &serde_json::Value)> {
        self.variables.iter().map(|(name, it)| (name.as_str(), &it.value))
    }

    /// How many resources there will be, data sources aside.
    pub fn count(&self) -> usize {
        self.side(Side::After).filter(|(head, _)| head.mode == Mode::Managed).count()
    }

    /// The resources as they will be, those that are `wanted`.
    pub fn after(&self, wanted: Wanted, references: &dyn References) -> Result<Vec<Resource>, Error> {
        self.resources(Side::After, wanted, Some(references))
    }

    /// The resources as they are now, those that are `wanted`. All their ids are known.
    pub fn before(&self, wanted: Wanted) -> Result<Vec<Resource>, Error> {
        self.resources(Side::Before, wanted, None)
    }

    /// What the plan knows of every resource and data source as it will be: all that is known before apply.
    pub fn facts(&self) -> Result<impl Iterator<Item = (Address, Value)>, Error> {
        let resources = self.resources(Side::After, Wanted::Everything, None)?;
        Ok(resources.into_iter().map(|it| (it.address, it.body)))
    }

    /// The names (ids, ARNs) that this plan takes away, and whose they are: of what it destroys, and of what it replaces.
    pub fn gone(&self, wanted: Wanted) -> Result<Vec<(String, Address)>, Error> {
        let mut gone = Vec::new();
        for head in self.heads.iter().filter(|head| head.loses_its_name() && wanted.includes(&head.kind)) {
            let body = self.body(head, Side::Before, None)?;
            for (attribute, _) in schema::identities(&head.kind) {
                let name = body.get(attribute).and_then(Value::text).filter(|name| !name.is_empty());
                gone.extend(name.map(|name| (name.to_owned(), head.address.clone())));
            }
        }
        Ok(gone)
    }

    /// Of each resource that is replaced, the attributes that make it so. None where it is replaced for another reason.
    pub fn forced(&self, wanted: Wanted) -> Result<Vec<(Address, Vec<String>)>, Error> {
        let mut forced = Vec::new();
        let replaced = |head: &&Head<'_>| !head.deposed && head.action.is_some_and(Action::replaces);
        for head in self.heads.iter().filter(replaced).filter(|head| wanted.includes(&head.kind)) {
            let ChangeObject { change } = self.decode(head)?;
            let first = |path: &Vec<serde_json::Value>| path.first()?.as_str().map(str::to_owned);
            let mut attributes: Vec<_> = change.replace_paths.iter().flatten().filter_map(first).collect();
            attributes.sort();
            attributes.dedup();
            forced.push((head.address.clone(), attributes));
        }
        Ok(forced)
    }

    /// The resources of one side, and whether `prior_state` holds them.
    fn side(&self, side: Side) -> impl Iterator<Item = (&Head<'a>, bool)> {
        let mentioned: FxHashSet<&Address> = self.heads.iter().map(|head| &head.address).collect();
        let changed = self.heads.iter().filter(move |head| head.stands(side)).map(|head| (head, false));
        let prior = self.prior.iter().filter(move |head| !head.deposed && !mentioned.contains(&head.address));
        changed.chain(prior.map(|head| (head, true)))
    }

    fn resources(
        &self,
        side: Side,
        wanted: Wanted,
        references: Option<&dyn References>,
    ) -> Result<Vec<Resource>, Error> {
        let regions = self.regions();
        let mut claims = mirror::Claims::default();
        let mut mirrors: Vec<usize> = Vec::new();
        let mut resources = Vec::new();
        for (head, prior) in self.side(side).filter(|(head, _)| wanted.includes(&head.kind)) {
            let body = if prior { self.state_body(head) } else { self.body(head, side, references) }?;
            if mirror::claims(&head.kind) {
                claims.add(&head.kind, &body);
            } else if !head.gets_its_name()
                && mirror::mirrors(&head.kind).iter().any(|attribute| !self.configures(head, attribute))
            {
                mirrors.push(resources.len());
            }
            resources.push(Resource {
                address: head.address.clone(),
                mode: head.mode,
                kind: head.kind.clone().into_owned(),
                region: self.region(head, &regions),
                action: if self.document == Document::Plan { head.action } else { None },
                span: self.span(head),
                body,
            });
        }
        if wanted == Wanted::Everything {
            return Ok(resources);
        }
        if side == Side::After {
            for head in self.heads.iter().filter(|head| head.loses_its_name() && mirror::claims(&head.kind)) {
                claims.add(&head.kind, &self.body(head, Side::Before, None)?);
            }
        }
        for at in mirrors {
            claims.take_from(&mut resources[at]);
        }
        Ok(resources)
    }

    /// Whether the code sets the attribute. A state has no code at hand: it may.
    fn configures(&self, head: &Head<'_>, attribute: &str) -> bool {
        let configured = self.module(head).and_then(|module| module.resources.find(&head.within_module()));
        configured.is_some_and(|it| it.expressions().contains_key(attribute))
    }

    /// The address of every managed instance that the plan's code has: what it makes, changes and leaves as it is.
    pub fn configured_instances(&self) -> impl Iterator<Item = &Address> {
        let standing = self.heads.iter().filter(|head| head.stands(Side::After) && head.mode == Mode::Managed);
        standing.map(|head| &head.address)
    }

    /// Whether those are all that its code has: not where it was made of some targets alone, nor where it ended in errors.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn body(&self, head: &Head<'a>, side: Side, references: Option<&dyn References>) -> Result<Value, Error> {
        if self.document == Document::State {
            return self.state_body(head);
        }
        let ChangeObject { change } = self.decode(head)?;
        let (raw, sensitive) = match side {
            Side::Before => (change.before, change.before_sensitive),
            Side::After => (change.after, change.after_sensitive),
        };
        let origin = Origin::at(self.span(head));
        let mut body = self.value(raw, &origin)?;
        if side == Side::After {
            change.after_unknown.cover(&mut body, &Unknown::Computed);
        }
        sensitive.cover(&mut body, &Unknown::Sensitive);
        if let Some(references) = references {
            let mut answers = Vec::new();
            ask(&body, &body, head, references, &mut Vec::new(), &mut answers);
            fill(&mut body, &mut answers.into_iter());
        }
        Ok(as_map(body))
    }

    fn state_body(&self, head: &Head<'a>) -> Result<Value, Error> {
        let object: StateObject<'_> = self.decode(head)?;
        let mut body = self.value(object.values, &Origin::at(self.span(head)))?;
        object.sensitive_values.cover(&mut body, &Unknown::Sensitive);
        Ok(as_map(body))
    }

    fn decode<T: Deserialize<'a>>(&self, head: &Head<'a>) -> Result<T, Error> {
        serde_json::from_str(head.object).map_err(|error| Error::of_part(self.text, head.object, &error))
    }

    fn value(&self, raw: Option<&'a RawValue>, origin: &Origin) -> Result<Value, Error> {
        let Some(raw) = raw else { return Ok(Value::new(Kind::Null, origin.clone())) };
        ValueAt(origin)
            .deserialize(&mut serde_json::Deserializer::from_str(raw.get()))
            .map_err(|error| Error::of_part(self.text, raw.get(), &error))
    }

    fn span(&self, head: &Head<'a>) -> Span {
        let start = offset_in(self.text, head.object);
        self.source.span(start..start + head.object.len())
    }

    /// The region of each provider configuration that says it plainly.
    fn regions(&self) -> FxHashMap<&str, String> {
        let providers = self.configuration.provider_config.iter();
        providers.filter_map(|(key, provider)| Some((key.as_ref(), self.region_of(&provider.expressions)?))).collect()
    }

    fn region_of(&self, expressions: &Expression<'_>) -> Option<String> {
        let Expression::Block(arguments) = expressions else { return None };
        let region = match arguments.get("region")? {
            Expression::Constant(region) => region,
            Expression::References(_) => match arguments.get("region")?.references().as_slice() {
                [configuration::Reference::Variable { name, rest }] if rest.is_empty() => {
                    &self.variables.get(name)?.value
                }
                _ => return None,
            },
            Expression::Nothing | Expression::Block(_) | Expression::Blocks(_) => return None,
        };
        region.as_str().map(str::to_owned)
    }

    fn region(&self, head: &Head<'_>, regions: &FxHashMap<&str, String>) -> Option<String> {
        let key = self.module(head)?.resources.find(&head.within_module())?.provider_config_key.as_ref()?;
        regions.get(key.as_ref()).cloned()
    }

    /// The configuration of the module that `head` stands in.
    fn module(&self, head: &Head<'_>) -> Option<&configuration::Module<'a>> {
        let mut module = &self.configuration.root_module;
        for (name, _) in address::module_steps(head.module.as_deref().unwrap_or("")) {
            module = &module.calls.get(name.as_str())?.module;
        }
        Some(module)
    }
}

/// Asks `references` about everything in `value`, a part of `body`, that is not known; the answers are in its order.
fn ask<'v>(
    value: &'v Value,
    body: &'v Value,
    head: &Head<'_>,
    references: &dyn References,
    path: &mut Vec<Part<'v>>,
    answers: &mut Vec<Kind>,
) {
    match &value.kind {
        Kind::Unknown(Unknown::Computed) => answers.push(references.unknown(head, path, body)),
        Kind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push(Part::Item { at, of: items.len() });
                ask(item, body, head, references, path, answers);
                path.pop();
            }
        }
        Kind::Map(map) => {
            for (key, item) in map {
                path.push(Part::Attribute(key));
                ask(item, body, head, references, path, answers);
                path.pop();
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => (),
    }
}

/// Puts the answers of [`ask`] where they belong.
fn fill(value: &mut Value, answers: &mut impl Iterator<Item = Kind>) {
    match &mut value.kind {
        kind @ Kind::Unknown(Unknown::Computed) => {
            *kind = answers.next().expect("`ask` gives an answer for each of these");
        }
        Kind::List(items) => items.iter_mut().for_each(|item| fill(item, answers)),
        Kind::Map(map) => map.values_mut().for_each(|item| fill(item, answers)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => (),
    }
}

/// A resource's attributes are a map whatever the plan says of them: null, or sensitive as a whole.
fn as_map(body: Value) -> Value {
    match body.kind {
        Kind::Map(_) => body,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Unknown(_) => {
            Value::new(Kind::Map(BTreeMap::new()), body.origin)
        }
    }
}

/// Where `part`, which was cut out of `whole`, starts in it.
fn offset_in(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

impl<'de> Deserialize<'de> for Relevant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Entry {
            #[serde(default)]
            resource: String,
            #[serde(default)]
            attribute: Vec<serde_json::Value>,
        }
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Relevant;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the relevant attributes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Relevant, A::Error> {
                let mut relevant = Relevant::default();
                while let Some(Entry { resource, attribute }) = entries.next_element()? {
                    let first = attribute.first().and_then(|it| it.as_str()).unwrap_or("");
                    relevant.0.entry(address::without_keys(&resource)).or_default().insert(first.to_owned());
                }
                Ok(relevant)
            }
        }
        deserializer.deserialize_seq(EntriesVisitor)
    }
}
