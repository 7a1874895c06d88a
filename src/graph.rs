//! The resources, and who refers to whom, through which attribute.

use std::{fmt::Write as _, sync::Arc};

use compact_str::CompactString;
use petgraph::graphmap::DiGraphMap;
use rustc_hash::FxHashMap;

use crate::{
    outside::Outside,
    resource::{Mode, Resource},
    schema::{self, Noun},
    value::{Address, Kind, Origin, Reference, Unknown, Value},
};

/// A resource of one [`ResourceGraph`]. In the order of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(usize);

/// Who refers to whom.
///
/// What a resource refers to is worked out when somebody asks: most questions are about a few resources of many.
#[derive(Debug, Default)]
pub struct ResourceGraph {
    resources: Vec<Resource>,
    by_address: FxHashMap<Address, ResourceId>,
    by_kind: FxHashMap<CompactString, OfKind>,
    /// Who is named by an id, ARN or the like, and by which attribute.
    by_name: FxHashMap<String, Owners>,
    /// Ids that name something that is destroyed, or replaced by something with another id.
    gone: FxHashMap<String, Address>,
    outside: Arc<Outside>,
    /// The attributes of which a change replaces a resource.
    forced: FxHashMap<Address, Vec<String>>,
}

/// Who has a name: the resource, by which attribute, and what that names.
type Owner = (ResourceId, &'static str, Noun);

/// Everyone who has one name: most often one, which asks for no memory.
#[derive(Debug)]
enum Owners {
    One(Owner),
    Several(Vec<Owner>),
}

impl Owners {
    fn add(&mut self, owner: Owner) {
        match self {
            Self::One(first) => *self = Self::Several(vec![*first, owner]),
            Self::Several(all) => all.push(owner),
        }
    }

    fn as_slice(&self) -> &[Owner] {
        match self {
            Self::One(owner) => std::slice::from_ref(owner),
            Self::Several(all) => all,
        }
    }
}

/// The resources of one type.
#[derive(Debug)]
struct OfKind {
    /// Which of their attributes name something.
    identities: &'static [(&'static str, Noun)],
    ids: Vec<ResourceId>,
}

/// A reference: the attribute that makes it.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The attribute's path: `route[0].nat_gateway_id`.
    pub attribute: String,
    pub origin: Origin,
}

/// What a single value that should name a resource names.
#[derive(Clone, Debug, PartialEq)]
pub enum Target<'a> {
    /// This resource, by this attribute of it.
    Resource(ResourceId, &'a str),
    /// One of these, and nothing else.
    OneOf(Vec<(ResourceId, &'a str)>),
    /// Something outside the code, by its id.
    Outside(&'a str),
    /// Something that this plan destroys, or replaces under another id.
    Gone(&'a Address),
    Unknown(Unknown),
}

/// What a collection that should name resources names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets<'a> {
    pub certain: Vec<Target<'a>>,
    pub possible: Vec<Target<'a>>,
    /// Others may be in it too, and this is why.
    pub others: Option<Unknown>,
}

impl ResourceGraph {
    /// Joins resources by what they say of each other. `gone` are the ids that this plan takes away.
    pub fn new(resources: Vec<Resource>, gone: Vec<(String, Address)>) -> Self {
        let gone = gone.into_iter().collect();
        let mut this = Self { gone, ..Self::default() };
        this.by_address.reserve(resources.len());
        for (at, resource) in resources.iter().enumerate() {
            this.enter(ResourceId(at), resource);
        }
        this.resources = resources;
        this
    }

    /// Knows, of each of these resources, the attributes of which a change makes the plan replace it.
    #[must_use]
    pub fn with_forced(mut self, forced: Vec<(Address, Vec<String>)>) -> Self {
        self.forced = forced.into_iter().collect();
        self
    }

    /// The attributes of which a change makes the plan replace the resource of this address.
    pub fn forced(&self, address: &Address) -> &[String] {
        self.forced.get(address).map_or(&[], Vec::as_slice)
    }

    /// Takes note of what holds around these resources and stands in no code.
    pub fn set_outside(&mut self, outside: &Arc<Outside>) {
        self.outside = Arc::clone(outside);
    }

    /// What holds around these resources and stands in no code.
    pub fn outside(&self) -> &Arc<Outside> {
        &self.outside
    }

    /// Takes note of a resource's names.
    fn enter(&mut self, id: ResourceId, resource: &Resource) {
        let identities = if let Some(known) = self.by_kind.get_mut(&resource.kind) {
            known.ids.push(id);
            known.identities
        } else {
            let identities = schema::identities(&resource.kind);
            self.by_kind.insert(resource.kind.clone(), OfKind { identities, ids: vec![id] });
            identities
        };
        let is_managed = resource.mode == Mode::Managed;
        for &(attribute, noun) in identities.iter().filter(|_| is_managed) {
            let value = resource.value(attribute);
            let texts = value.into_iter().flat_map(|it| std::iter::once(it).chain(it.items()));
            for name in texts.filter_map(Value::text).filter(|it| !it.is_empty()) {
                let owner = (id, attribute, noun);
                match self.by_name.get_mut(name) {
                    Some(owners) => owners.add(owner),
                    None => {
                        self.by_name.insert(name.to_owned(), Owners::One(owner));
                    }
                }
            }
        }
        self.by_address.insert(resource.address.clone(), id);
    }

    /// What `from` refers to, in the order of its attributes.
    fn edges_of(&self, from: ResourceId, is_wanted: fn(&Origin) -> bool) -> Vec<(ResourceId, Edge)> {
        let mut edges = Vec::new();
        let mut path = String::new();
        for (attribute, value) in self.resource(from).body.entries() {
            path.clear();
            path.push_str(attribute);
            self.edges_in(from, value, is_wanted, &mut path, &mut edges);
        }
        edges
    }

    fn edges_in(
        &self,
        from: ResourceId,
        value: &Value,
        is_wanted: fn(&Origin) -> bool,
        path: &mut String,
        edges: &mut Vec<(ResourceId, Edge)>,
    ) {
        let length = path.len();
        let edge = |path: &String| Edge { attribute: path.clone(), origin: value.origin.clone() };
        match &value.kind {
            Kind::Text(_) | Kind::Unknown(_) if is_wanted(&value.origin) => {
                edges.extend(self.owners(value).filter(|&owner| owner != from).map(|owner| (owner, edge(path))));
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => (),
            Kind::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    write!(path, "[{at}]").expect("writing to a String does not fail");
                    self.edges_in(from, item, is_wanted, path, edges);
                    path.truncate(length);
                }
            }
            Kind::Map(map) => {
                for (key, item) in map.iter() {
                    path.push('.');
                    path.push_str(key);
                    self.edges_in(from, item, is_wanted, path, edges);
                    path.truncate(length);
                }
            }
        }
    }

    /// Who is certainly named by a value that is no collection.
    fn owners(&self, value: &Value) -> impl Iterator<Item = ResourceId> {
        let (named, certain) = match &value.kind {
            Kind::Text(text) => {
                (self.by_name.get(text.as_str()).and_then(|owners| only_owner(owners.as_slice())), &[][..])
            }
            Kind::Unknown(Unknown::AfterApply(reference)) => (None, std::slice::from_ref(reference.as_ref())),
            Kind::Unknown(Unknown::Members(members)) => (None, members.certain.as_slice()),
            Kind::Unknown(
                Unknown::Computed
                | Unknown::OneOf(_)
                | Unknown::Input(_)
                | Unknown::Opaque(_)
                | Unknown::MadeOf(_)
                | Unknown::Sensitive,
            )
            | Kind::Null
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::List(_)
            | Kind::Map(_) => (None, &[][..]),
        };
        named.into_iter().chain(certain.iter().filter_map(|it| self.find(&it.to)))
    }

    /// Who names whom in attributes whose own name `is_wanted`, however deep they stand.
    pub fn naming(&self, is_wanted: fn(&str) -> bool) -> DiGraphMap<ResourceId, ()> {
        let mut naming = DiGraphMap::new();
        for (from, _) in self.resources() {
            self.named_by(from, is_wanted, &mut |to| {
                if to != from {
                    naming.add_edge(from, to, ());
                }
            });
        }
        naming
    }

    fn named_by(&self, from: ResourceId, is_wanted: fn(&str) -> bool, found: &mut dyn FnMut(ResourceId)) {
        for (attribute, value) in self.resource(from).body.entries() {
            self.named_in(value, is_wanted(attribute), is_wanted, found);
        }
    }

    fn named_in(&self, value: &Value, is_here: bool, is_wanted: fn(&str) -> bool, found: &mut dyn FnMut(ResourceId)) {
        match &value.kind {
            Kind::List(items) => {
                for item in items {
                    self.named_in(item, is_here, is_wanted, found);
                }
            }
            Kind::Map(map) => {
                for (key, item) in map.iter() {
                    self.named_in(item, is_wanted(key), is_wanted, found);
                }
            }
            Kind::Text(_) | Kind::Unknown(_) if is_here => self.owners(value).for_each(found),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => (),
        }
    }

    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0]
    }

    pub fn find(&self, address: &Address) -> Option<ResourceId> {
        self.by_address.get(address).copied()
    }

    /// Every resource, in the order of the input.
    pub fn resources(&self) -> impl Iterator<Item = (ResourceId, &Resource)> {
        self.resources.iter().enumerate().map(|(at, resource)| (ResourceId(at), resource))
    }

    pub fn len(&self) -> usize {
        self.resources.len()
    }

    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// The managed resources of one type, in the order of the input.
    pub fn managed(&self, kind: &str) -> impl Iterator<Item = (ResourceId, &Resource)> {
        self.of_kind(kind).filter(|(_, resource)| resource.mode == Mode::Managed)
    }

    /// The data sources of one type, in the order of the input.
    pub fn data(&self, kind: &str) -> impl Iterator<Item = (ResourceId, &Resource)> {
        self.of_kind(kind).filter(|(_, resource)| resource.mode == Mode::Data)
    }

    fn of_kind(&self, kind: &str) -> impl Iterator<Item = (ResourceId, &Resource)> {
        self.by_kind.get(kind).into_iter().flat_map(|it| &it.ids).map(|&id| (id, self.resource(id)))
    }

    /// Every reference out of `from`: to whom, through which attribute. The last attribute comes first.
    pub fn references(&self, from: ResourceId) -> impl Iterator<Item = (ResourceId, Edge)> + use<> {
        self.edges_of(from, |_| true).into_iter().rev()
    }

    /// Those of them whose values came a way that `is_wanted`.
    pub fn references_by(
        &self,
        from: ResourceId,
        is_wanted: fn(&Origin) -> bool,
    ) -> impl Iterator<Item = (ResourceId, Edge)> + use<> {
        self.edges_of(from, is_wanted).into_iter().rev()
    }

    /// What `value`, which should name one of `nouns`, names. Where several resources share an id, the noun decides.
    pub fn target<'a>(&'a self, value: &'a Value, nouns: &[Noun]) -> Target<'a> {
        match &value.kind {
            // The default of a parameter that is given for real elsewhere.
            Kind::Text(text) if text.is_empty() => {
                Target::Unknown(Unknown::Opaque("an empty text names nothing".to_owned()))
            }
            Kind::Text(text) => self.named(text, nouns),
            Kind::Unknown(Unknown::AfterApply(reference)) => self.referred(reference),
            Kind::Unknown(Unknown::OneOf(references)) => {
                let found: Option<Vec<_>> = references
                    .iter()
                    .map(|reference| self.find(&reference.to).map(|id| (id, reference.attribute.as_str())))
                    .collect();
                match found {
                    Some(found) => Target::OneOf(found),
                    None => Target::Unknown(Unknown::OneOf(references.clone())),
                }
            }
            Kind::Unknown(unknown) => Target::Unknown(unknown.clone()),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => {
                Target::Unknown(Unknown::Opaque("not the name of a resource".to_owned()))
            }
        }
    }

    /// What the collection `value`, which should name some of `nouns`, names.
    pub fn targets<'a>(&'a self, value: &'a Value, nouns: &[Noun]) -> Targets<'a> {
        match &value.kind {
            Kind::Null => Targets::default(),
            Kind::List(items) => {
                let mut targets = Targets::default();
                for item in items {
                    match self.target(item, nouns) {
                        Target::Unknown(unknown) => targets.others = Some(unknown),
                        known @ (Target::Resource(..) | Target::OneOf(_) | Target::Outside(_) | Target::Gone(_)) => {
                            targets.certain.push(known);
                        }
                    }
                }
                targets
            }
            Kind::Unknown(Unknown::Members(members)) => Targets {
                certain: members.certain.iter().map(|reference| self.referred(reference)).collect(),
                possible: members.possible.iter().map(|reference| self.referred(reference)).collect(),
                others: members.others.clone().map(Unknown::Opaque),
            },
            Kind::Unknown(unknown) => Targets { others: Some(unknown.clone()), ..Targets::default() },
            Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) => {
                Targets { certain: vec![self.target(value, nouns)], ..Targets::default() }
            }
        }
    }

    /// What the id or ARN `name`, which should name one of `nouns`, names.
    pub fn named<'a>(&'a self, name: &'a str, nouns: &[Noun]) -> Target<'a> {
        let owners = self.by_name.get(name).map_or(&[][..], Owners::as_slice);
        let fitting: Vec<_> = owners.iter().filter(|(_, _, noun)| nouns.contains(noun)).collect();
        match fitting.as_slice() {
            // A default table and its VPC both answer to the table's id: the resource whose own id it is stands for it.
            [first, rest @ ..] => {
                let own = std::iter::once(first).chain(rest).find(|(_, attribute, _)| *attribute == "id");
                let (id, attribute, _) = own.unwrap_or(first);
                Target::Resource(*id, attribute)
            }
            [] => match self.gone.get(name) {
                Some(address) => Target::Gone(address),
                None => Target::Outside(name),
            },
        }
    }

    fn referred<'a>(&'a self, reference: &'a Reference) -> Target<'a> {
        match self.find(&reference.to) {
            Some(id) => Target::Resource(id, &reference.attribute),
            None => Target::Unknown(Unknown::after_apply(reference.clone())),
        }
    }
}

/// The one resource that a name names: an id that several share says nothing.
fn only_owner(owners: &[Owner]) -> Option<ResourceId> {
    let (first, ..) = owners.first()?;
    owners.iter().all(|(owner, ..)| owner == first).then_some(*first)
}
