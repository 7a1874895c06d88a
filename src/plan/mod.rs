//! `terraform show -json`, of a plan or of a state, as resources: the network as it was before, and as it will be after.
//!
//! The format: <https://developer.hashicorp.com/terraform/internals/json-format>. Terraform 0.12 to today and OpenTofu.
//! A plan's ids are not known before apply; who points at whom is then asked of a [`References`].
//! Only what is asked for is decoded: a plan of 100,000 resources is mostly not about the network.

mod address;
pub mod archive;
mod body;
mod configuration;
mod decode;
mod document;
mod error;
mod head;
mod mirror;
pub mod references;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use crate::{
    parallel,
    resource::{Action, Mode, Resource},
    schema,
    source::{SourceId, Span},
    syntax::json::Broken,
    value::{Address, Kind, Origin, Unknown, Value},
    vocabulary,
};

pub use address::Key;
use body::{Kept, is_whole};
use configuration::{Configuration, Expression};
pub use decode::Members;
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
    /// What of `prior_state` the plan does not mention: data sources, and resources that it leaves as they are.
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
    /// What is known of the value at `path` of `instance`: an unknown, or a list of which only items are unknown. The path
    /// leads into `attribute`, the attribute that it begins with.
    fn unknown(&self, instance: &Head<'_>, path: &[Part<'_>], attribute: &Value) -> Kind;

    /// Takes out of these attributes of `instance`, and what is unknown in each, those that are unknown as a whole and of
    /// which the code says nothing: the provider decides.
    fn retain_configured(&self, instance: &Head<'_>, unknown: &mut Members<'_>);
}

/// Nobody is asked: what is unknown stays so.
struct Unasked;

/// A plan with fewer resources than these is read by one alone; one with more in so many parts.
const MANY: usize = 4_000;
const PARTS: usize = 8;

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

/// Whether these are the bytes of a binary plan: it is a ZIP archive.
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Indexes the JSON `text` of `source`.
pub fn read(source: SourceId, text: &str) -> Result<Plan<'_>, Error> {
    document::read(source, text)
}

impl References for Unasked {
    fn unknown(&self, _: &Head<'_>, _: &[Part<'_>], _: &Value) -> Kind {
        Kind::Unknown(Unknown::Computed)
    }

    fn retain_configured(&self, _: &Head<'_>, unknown: &mut Members<'_>) {
        unknown.retain(|(_, mask)| !is_whole(mask));
    }
}

impl Wanted {
    fn includes(self, kind: &str) -> bool {
        match self {
            Self::Network => schema::is_network(vocabulary::kind_of(kind)),
            Self::Everything => true,
        }
    }
}

impl<'a> Plan<'a> {
    /// What the root module's variables were given when it was planned.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &serde_json::Value)> {
        self.variables.iter().map(|(name, it)| (name.as_str(), &it.value))
    }

    /// How many resources there will be, data sources aside.
    pub fn count(&self) -> usize {
        self.side(Side::After).filter(|head| head.mode == Mode::Managed).count()
    }

    /// The resources as they will be, those that are `wanted`. What is unknown is asked of what `references` makes; it is
    /// called once for each of several parts of a large plan.
    pub fn after<R: References>(
        &self,
        wanted: Wanted,
        references: impl Fn() -> R + Sync,
    ) -> Result<Vec<Resource>, Error> {
        self.resources(Side::After, wanted, references)
    }

    /// The resources as they are now, those that are `wanted`. All their ids are known.
    pub fn before(&self, wanted: Wanted) -> Result<Vec<Resource>, Error> {
        self.resources(Side::Before, wanted, || Unasked)
    }

    /// What the plan knows of every resource and data source as it will be: all that is known before apply.
    pub fn facts(&self) -> Result<impl Iterator<Item = (Address, Value)>, Error> {
        let resources = self.resources(Side::After, Wanted::Everything, || Unasked)?;
        Ok(resources.into_iter().map(|it| (it.address, it.body)))
    }

    /// The names (ids, ARNs) that this plan takes away, and whose they are: of what it destroys, and of what it replaces.
    pub fn gone(&self, wanted: Wanted) -> Result<Vec<(String, Address)>, Error> {
        let mut gone = Vec::new();
        for head in self.heads.iter().filter(|head| head.loses_its_name() && wanted.includes(&head.kind)) {
            let body = self.body(head, Side::Before, &Unasked, Wanted::Everything)?;
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
            let paths = head.parts().replace_paths;
            let paths: Option<Vec<Vec<serde_json::Value>>> = if paths.is_empty() {
                None
            } else {
                serde_json::from_str(paths).map_err(|error| Error::of_part(self.text, paths, &error))?
            };
            let first = |path: &Vec<serde_json::Value>| path.first()?.as_str().map(str::to_owned);
            let mut attributes: Vec<_> = paths.iter().flatten().filter_map(first).collect();
            attributes.sort();
            attributes.dedup();
            forced.push((head.address.clone(), attributes));
        }
        Ok(forced)
    }

    /// The resources of one side.
    fn side(&self, side: Side) -> impl Iterator<Item = &Head<'a>> {
        self.heads.iter().filter(move |head| head.stands(side)).chain(&self.prior)
    }

    fn resources<R: References>(
        &self,
        side: Side,
        wanted: Wanted,
        references: impl Fn() -> R + Sync,
    ) -> Result<Vec<Resource>, Error> {
        let regions = self.regions();
        let mut kinds: FxHashMap<&str, bool> = FxHashMap::default();
        let mut is_wanted = |kind| *kinds.entry(kind).or_insert_with(|| wanted.includes(kind));
        let heads: Vec<_> = self.side(side).filter(|head| is_wanted(head.kind.as_ref())).collect();
        // The parts are the same however many work on them: what is remembered between questions is too.
        let parts = if heads.len() < MANY { 1 } else { PARTS };
        let parts: Vec<_> = heads.chunks(heads.len().div_ceil(parts).max(1)).collect();
        let read = parallel::map(parts, |heads| {
            let references = references();
            heads.iter().map(|head| self.resource(head, side, wanted, &references, &regions)).collect()
        });
        let mut resources = Vec::with_capacity(heads.len());
        for part in read {
            let part: Result<Vec<Resource>, Error> = part;
            resources.append(&mut part?);
        }
        if wanted == Wanted::Network {
            self.take_mirrors_out(&heads, side, &mut resources)?;
        }
        Ok(resources)
    }

    fn resource(
        &self,
        head: &Head<'a>,
        side: Side,
        wanted: Wanted,
        references: &dyn References,
        regions: &FxHashMap<&str, String>,
    ) -> Result<Resource, Error> {
        Ok(Resource {
            address: head.address.clone(),
            mode: head.mode,
            kind: head.kind.as_ref().into(),
            region: self.region(head, regions),
            action: if self.document == Document::Plan { head.action } else { None },
            span: self.span(head),
            body: self.body(head, side, references, wanted)?,
        })
    }

    /// Takes out of `resources`, which `heads` stand for, what other resources answer for.
    fn take_mirrors_out(&self, heads: &[&Head<'a>], side: Side, resources: &mut [Resource]) -> Result<(), Error> {
        let mut claims = mirror::Claims::default();
        let mut mirrors: Vec<(usize, &'static str)> = Vec::new();
        for (at, (head, resource)) in heads.iter().zip(&*resources).enumerate() {
            if mirror::claims(&head.kind) {
                claims.add(&head.kind, &resource.body);
            } else if !head.gets_its_name() {
                let open = mirror::mirrors(&head.kind).iter().filter(|attribute| !self.configures(head, attribute));
                mirrors.extend(open.map(|attribute| (at, *attribute)));
            }
        }
        if side == Side::After {
            for head in self.heads.iter().filter(|head| head.loses_its_name() && mirror::claims(&head.kind)) {
                claims.add(&head.kind, &self.body(head, Side::Before, &Unasked, Wanted::Everything)?);
            }
        }
        for (at, attribute) in mirrors {
            claims.take_from(&mut resources[at], attribute);
        }
        Ok(())
    }

    /// Whether the code sets the attribute. A state has no code at hand: it may.
    fn configures(&self, head: &Head<'_>, attribute: &str) -> bool {
        self.configuration.resource(head).is_some_and(|it| it.sets(attribute))
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

    fn body(&self, head: &Head<'a>, side: Side, references: &dyn References, wanted: Wanted) -> Result<Value, Error> {
        let origin = Origin::at(self.span(head));
        // A state, and what only `prior_state` has, stands on either side alike, and all of it is known.
        let (side, references) =
            if head.stands_in_state() { (Side::After, &Unasked as &dyn References) } else { (side, references) };
        let all = wanted == Wanted::Everything || vocabulary::is_foreign(&head.kind);
        let read = body::read(head, side, &origin, references, if all { Kept::All } else { Kept::Set });
        read.map_err(|Broken| Error::OtherShape)
    }

    fn span(&self, head: &Head<'a>) -> Span {
        let start = offset_in(self.text, head.object);
        self.source.span(start..start + head.object.len())
    }

    /// The region of each provider configuration that says it plainly.
    fn regions(&self) -> FxHashMap<&str, String> {
        let providers = self.configuration.provider_config.iter();
        providers.filter_map(|(key, provider)| Some((key.as_ref(), self.region_of(provider)?))).collect()
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
        let key = self.configuration.resource(head)?.provider_config_key.as_ref()?;
        regions.get(key.as_ref()).cloned()
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
