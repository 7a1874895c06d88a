//! How the things of a network are named, and how one names another.

use rustc_hash::FxHashMap;

use super::arena::{Arena, Id};
use crate::{
    finding::Label,
    graph::{ResourceGraph, ResourceId, Target},
    resource::{Mode, Resource},
    schema::{self, Noun},
    source::Span,
    value::{Address, Unknown, Value},
};

/// What something is called, and whether the code declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Declared(Declared),
    /// AWS makes it along with something that is declared: `aws_vpc.main.default_route_table_id`.
    Implied(String),
    /// It stands outside the code; this is its id.
    Outside(String),
    /// A data source reads it: it may be anything, something that the code declares too.
    Read(String),
}

/// A resource of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub resource: ResourceId,
    pub address: Address,
    pub span: Span,
}

/// What one thing names when it should name a `T`.
#[derive(Clone, Debug)]
pub enum Link<T> {
    Known(Id<T>),
    /// One of these, and nothing else, sorted. One alone: it or none, see `Registry::claim`.
    OneOf(Vec<Id<T>>),
    /// What this plan destroys.
    Gone(Address),
    Unknown(Unknown),
}

/// Something that can be named from outside the code.
pub(super) trait Part: Sized {
    /// What its names name.
    const NOUNS: &'static [Noun];

    /// It, with nothing known but its name.
    fn bare(name: Name) -> Self;
}

/// All the `T`, by the resource that declares each and by the id of those outside the code.
#[derive(Debug)]
pub(super) struct Registry<T> {
    pub(super) items: Arena<T>,
    by_resource: FxHashMap<ResourceId, Id<T>>,
    by_name: FxHashMap<String, Id<T>>,
    /// Those that stand for none, one or many.
    uncounted: FxHashMap<Id<T>, Address>,
}

impl Name {
    pub fn declared(id: ResourceId, resource: &Resource) -> Self {
        Self::Declared(Declared::of(id, resource))
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Declared(declared) => declared.address.as_str(),
            Self::Implied(text) | Self::Outside(text) | Self::Read(text) => text,
        }
    }

    pub fn resource(&self) -> Option<ResourceId> {
        self.in_code().map(|declared| declared.resource)
    }

    pub fn span(&self) -> Option<Span> {
        self.in_code().map(|declared| declared.span)
    }

    pub fn in_code(&self) -> Option<&Declared> {
        match self {
            Self::Declared(declared) => Some(declared),
            Self::Implied(_) | Self::Outside(_) | Self::Read(_) => None,
        }
    }

    /// A label at the resource, where the code has one.
    pub fn label(&self, text: impl Into<String>) -> Option<Label> {
        self.in_code().map(|declared| declared.label(text))
    }

    /// False where it may be the same thing as another of another name.
    pub(super) fn is_distinct(&self) -> bool {
        match self {
            Self::Declared(_) | Self::Implied(_) | Self::Outside(_) => true,
            Self::Read(_) => false,
        }
    }
}

impl Declared {
    pub fn of(id: ResourceId, resource: &Resource) -> Self {
        Self { resource: id, address: resource.address.clone(), span: resource.span }
    }

    pub fn label(&self, text: impl Into<String>) -> Label {
        Label::new(self.span, text).of(self.address.as_str())
    }
}

impl<T> Link<T> {
    /// One of `ids`; unknown, and for this reason, where there are none.
    pub fn among(mut ids: Vec<Id<T>>, why: impl FnOnce() -> Unknown) -> Self {
        ids.sort_unstable();
        ids.dedup();
        match ids.as_slice() {
            [] => Self::Unknown(why()),
            [id] => Self::Known(*id),
            _ => Self::OneOf(ids),
        }
    }

    pub fn nothing(why: &str) -> Self {
        Self::Unknown(Unknown::Opaque(why.to_owned()))
    }

    pub fn known(&self) -> Option<Id<T>> {
        match self {
            Self::Known(id) => Some(*id),
            Self::OneOf(_) | Self::Gone(_) | Self::Unknown(_) => None,
        }
    }

    /// Everything that it may be; `None` where that may be anything.
    pub fn candidates(&self) -> Option<&[Id<T>]> {
        match self {
            Self::Known(id) => Some(std::slice::from_ref(id)),
            Self::OneOf(ids) => Some(ids),
            Self::Gone(_) => Some(&[]),
            Self::Unknown(_) => None,
        }
    }
}

impl<T> PartialEq for Link<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => one == other,
            (Self::OneOf(one), Self::OneOf(other)) => one == other,
            (Self::Gone(one), Self::Gone(other)) => one == other,
            (Self::Unknown(one), Self::Unknown(other)) => one == other,
            (Self::Known(_) | Self::OneOf(_) | Self::Gone(_) | Self::Unknown(_), _) => false,
        }
    }
}

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self {
            items: Arena::default(),
            by_resource: FxHashMap::default(),
            by_name: FxHashMap::default(),
            uncounted: FxHashMap::default(),
        }
    }
}

impl<T: Part> Registry<T> {
    /// Takes in every managed resource of these types.
    pub(super) fn declare(&mut self, graph: &ResourceGraph, kinds: &[&str]) {
        for (id, resource) in kinds.iter().flat_map(|kind| graph.managed(kind)) {
            let item = self.add(Name::declared(id, resource));
            self.by_resource.insert(id, item);
        }
    }

    pub(super) fn add(&mut self, name: Name) -> Id<T> {
        let address = name.text().contains("[*]").then(|| Address::new(name.text()));
        let item = self.items.add(T::bare(name));
        if let Some(address) = address.filter(|it| !it.uncounted().is_empty()) {
            self.uncounted.insert(item, address);
        }
        item
    }

    /// What `by` says of another thing, as it holds of it: where it is not known how many there are of the one or of the
    /// other, that may be said of it or not.
    pub(super) fn claim(&self, by: &Address, link: Link<T>) -> Link<T> {
        match link {
            Link::Known(id) if !self.counts_as(by, id) => Link::OneOf(vec![id]),
            link @ (Link::Known(_) | Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_)) => link,
        }
    }

    /// Whether there are as many of `item` as of `by`, or one of each.
    pub(super) fn counts_as(&self, by: &Address, item: Id<T>) -> bool {
        by.uncounted() == self.uncounted.get(&item).map(Address::uncounted).unwrap_or_default()
    }

    /// Lets a resource that declares nothing of its own stand for `item`.
    pub(super) fn stands_for(&mut self, resource: ResourceId, item: Id<T>) {
        self.by_resource.insert(resource, item);
    }

    pub(super) fn of_resource(&self, resource: ResourceId) -> Option<Id<T>> {
        self.by_resource.get(&resource).copied()
    }

    /// What has this id outside the code.
    pub(super) fn outside(&mut self, id: &str) -> Id<T> {
        self.named(id, |id| Name::Outside(id.to_owned()))
    }

    /// What a data source reads.
    pub(super) fn read(&mut self, resource: &Resource) -> Id<T> {
        match resource.set("id").and_then(Value::text) {
            Some(id) => self.outside(id),
            None => self.named(resource.address.as_str(), |it| Name::Read(it.to_owned())),
        }
    }

    /// What AWS makes unasked and the code may name.
    pub(super) fn implied(&mut self, name: &str) -> Id<T> {
        self.named(name, |it| Name::Implied(it.to_owned()))
    }

    fn named(&mut self, text: &str, name: impl FnOnce(&str) -> Name) -> Id<T> {
        if let Some(&known) = self.by_name.get(text) {
            return known;
        }
        let item = self.add(name(text));
        self.by_name.insert(text.to_owned(), item);
        item
    }

    /// What an attribute names.
    pub(super) fn link(&mut self, graph: &ResourceGraph, value: Option<&Value>) -> Link<T> {
        match value {
            Some(value) => self.link_target(graph, resolve(graph, value, T::NOUNS)),
            None => Link::nothing("nothing is written"),
        }
    }

    pub(super) fn link_target(&mut self, graph: &ResourceGraph, target: Target<'_>) -> Link<T> {
        match target {
            Target::Resource(id, attribute) => match self.item(graph, id) {
                Some(item) => Link::Known(item),
                None => Link::Unknown(after_apply(graph, id, attribute)),
            },
            Target::OneOf(candidates) => {
                let items: Option<Vec<_>> = candidates.iter().map(|(id, _)| self.item(graph, *id)).collect();
                let why = || Unknown::Opaque("one of several".to_owned());
                Link::among(items.unwrap_or_default(), why)
            }
            Target::Outside(id) => Link::Known(self.outside(id)),
            Target::Gone(address) => Link::Gone(address.clone()),
            Target::Unknown(unknown) => Link::Unknown(unknown),
        }
    }

    fn item(&mut self, graph: &ResourceGraph, id: ResourceId) -> Option<Id<T>> {
        let resource = graph.resource(id);
        match resource.mode {
            Mode::Managed => self.of_resource(id),
            Mode::Data => Some(self.read(resource)),
        }
    }
}

/// The unknown that a reference to `resource` is.
pub(super) fn after_apply(graph: &ResourceGraph, resource: ResourceId, attribute: &str) -> Unknown {
    Unknown::after_apply(crate::value::Reference::new(graph.resource(resource).address.clone(), attribute))
}

/// What `value` names. A reference to an attribute that itself names something is followed: `aws_subnet.a.vpc_id`.
pub(super) fn resolve<'a>(graph: &'a ResourceGraph, value: &'a Value, nouns: &[Noun]) -> Target<'a> {
    /// Longer chains of references are not written by hand.
    const STEPS: usize = 8;
    let mut target = graph.target(value, nouns);
    for _ in 0..STEPS {
        let Target::Resource(id, attribute) = target else { return target };
        let resource = graph.resource(id);
        let base = attribute.split(['[', '.']).next().unwrap_or(attribute);
        let names_itself =
            schema::identities(&resource.kind).iter().any(|(name, noun)| *name == base && nouns.contains(noun));
        let next = resource.set(attribute).filter(|_| !names_itself);
        match next {
            Some(next) => target = graph.target(next, nouns),
            None => return target,
        }
    }
    target
}

/// The items of an attribute made of blocks, or why they are not known. What only the provider decides is no block.
pub(super) fn blocks<'a>(resource: &'a Resource, attribute: &str) -> Result<&'a [Value], &'a Unknown> {
    match resource.set(attribute) {
        None => Ok(&[]),
        Some(value) => match value.unknown() {
            Some(unknown) => Err(unknown),
            None => Ok(value.items()),
        },
    }
}

/// The key of a block where it is set.
pub(super) fn set<'a>(block: &'a Value, key: &str) -> Option<&'a Value> {
    block.get(key).filter(|value| !value.is_unset())
}

/// The address of a resource without its own instance key: what its instances share.
pub fn without_key(address: &Address) -> &str {
    let text = address.as_str();
    let open = match text.as_bytes() {
        [.., b'"', b']'] => text.rfind("[\""),
        [.., b']'] => text.rfind('['),
        _ => None,
    };
    open.map_or(text, |open| &text[..open])
}
