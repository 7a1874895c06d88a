//! A plan and the code it was made from, joined: values from the plan, references and places from the code.
//!
//! A plan's configuration lists references and neither expressions nor locals, so what it tells of who refers to whom is
//! inferred ([`Inferred`]). Code that lies at hand tells it exactly.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustc_hash::{FxHashMap, FxHashSet};
use sha1::{Digest as _, Sha1};

use crate::{
    graph::ResourceGraph,
    plan::{
        self, Error, Head, Part, Plan, References, Wanted,
        references::{Index, Inferred},
    },
    resource::{Mode, Resource},
    terraform::Loaded,
    value::{Address, Kind, Origin, Place, Reference, Unknown, Value},
    vocabulary,
};

/// The resources of a plan as they will be, or of a state as they are; those that are `wanted`.
pub fn after(plan: &Plan<'_>, wanted: Wanted) -> Result<ResourceGraph, Error> {
    let index = Index::of(plan);
    let resources = plan.after(wanted, || Inferred::new(&index))?;
    Ok(ResourceGraph::new(in_one_vocabulary(resources, wanted), plan.gone(wanted)?).with_forced(plan.forced(wanted)?))
}

/// The same, with what `code`, the resources of the code that the plan was made from, tells.
pub fn after_with_code(plan: &Plan<'_>, wanted: Wanted, code: &[Resource]) -> Result<ResourceGraph, Error> {
    let code = Written::of(code);
    let index = Index::of(plan);
    let mut resources = plan.after(wanted, || FromCode { code: &code, inferred: Inferred::new(&index) })?;
    for resource in &mut resources {
        if let Some(written) = code.find(&resource.address) {
            resource.span = written.span;
            take_places(&mut resource.body, &written.body);
            take_script(&mut resource.body, &written.body);
        }
    }
    Ok(ResourceGraph::new(in_one_vocabulary(resources, wanted), plan.gone(wanted)?).with_forced(plan.forced(wanted)?))
}

/// The resources of the code, to be found by the addresses that a plan gives to them.
struct Written<'c> {
    by_address: FxHashMap<&'c str, &'c Resource>,
    /// Where the code does not know which instances there are, the one that stands for all; by its address without keys.
    of_any: FxHashMap<String, &'c Resource>,
}

impl<'c> Written<'c> {
    fn of(code: &'c [Resource]) -> Self {
        let of_any = code.iter().filter(|it| is_any(&it.address)).map(|it| (it.address.without_keys(), it));
        Self { by_address: code.iter().map(|it| (it.address.as_str(), it)).collect(), of_any: of_any.collect() }
    }

    fn find(&self, address: &Address) -> Option<&'c Resource> {
        let exact = self.by_address.get(address.as_str()).copied();
        exact.or_else(|| self.of_any.get(&address.without_keys()).copied())
    }
}

/// Whether this stands for all instances, because the code does not know which there are.
fn is_any(address: &Address) -> bool {
    address.as_str().contains("[*]")
}

/// The resources of a plan as they are before it is applied; those that are `wanted`.
pub fn before(plan: &Plan<'_>, wanted: Wanted) -> Result<ResourceGraph, Error> {
    Ok(ResourceGraph::new(in_one_vocabulary(plan.before(wanted)?, wanted), Vec::new()))
}

/// The resources in the words that the network is read from; all there is is told in the plan's own.
fn in_one_vocabulary(resources: Vec<Resource>, wanted: Wanted) -> Vec<Resource> {
    match wanted {
        Wanted::Network => vocabulary::translate(resources),
        Wanted::Everything => resources,
    }
}

/// A resource that shows that `code` is not what the plan was made from: it is in the one and not in the other.
pub fn mismatch(plan: &Plan<'_>, code: &Loaded) -> Option<String> {
    let written = Written::of(&code.resources);
    let is_hidden = |address: &Address| {
        let bare = address.without_keys();
        code.hidden.iter().any(|it| bare.strip_prefix(it).is_some_and(|it| it.starts_with('.')))
    };
    let missing = plan.configured_instances().find(|it| written.find(it).is_none() && !is_hidden(it));
    let more = || {
        let planned: FxHashSet<&Address> = plan.configured_instances().collect();
        let managed = code.resources.iter().filter(|it| it.mode == Mode::Managed).map(|it| &it.address);
        managed.into_iter().find(|address| !is_any(address) && !planned.contains(address))
    };
    let missing = missing.or_else(|| if plan.is_complete() { more() } else { None });
    missing.map(ToString::to_string)
}

/// Answers from the code, and where it does not know either, from the plan's own configuration.
struct FromCode<'c, 'p, 'a> {
    code: &'c Written<'c>,
    inferred: Inferred<'c, 'p, 'a>,
}

impl References for FromCode<'_, '_, '_> {
    fn unknown(&self, head: &Head<'_>, path: &[Part<'_>], attribute: &Value) -> Kind {
        let written = self.code.find(&head.address).and_then(|it| match path {
            [Part::Attribute(name), rest @ ..] => locate(it.body.get(name)?, attribute, rest),
            [Part::Item { .. }, ..] | [] => None,
        });
        written.and_then(told).unwrap_or_else(|| self.inferred.unknown(head, path, attribute))
    }

    fn retain_configured(&self, head: &Head<'_>, unknown: &mut plan::Members<'_>) {
        // Where the code has it, it is asked about each.
        if self.code.find(&head.address).is_none() {
            self.inferred.retain_configured(head, unknown);
        }
    }
}

/// What a value of the code tells of one that the plan does not know; `None`: nothing.
fn told(value: &Value) -> Option<Kind> {
    match &value.kind {
        Kind::Unknown(unknown @ (Unknown::AfterApply(_) | Unknown::OneOf(_) | Unknown::MadeOf(_))) => {
            names_each(unknown).then(|| value.kind.clone())
        }
        Kind::Unknown(unknown @ Unknown::Members(members)) if members.others.is_none() => {
            names_each(unknown).then(|| value.kind.clone())
        }
        // An item that an expression picks out of the status of one resource.
        Kind::Unknown(unknown @ Unknown::Members(_)) if is_of_one_status(unknown) => Some(value.kind.clone()),
        // A set is unknown as a whole as soon as one of its items is; the code still has them one by one.
        Kind::List(items) if items.iter().all(|item| item.text().is_some() || told(item).is_some()) => {
            Some(value.kind.clone())
        }
        // So is a map.
        Kind::Map(map) if map.values().all(is_item) => Some(value.kind.clone()),
        // The code leaves it to the provider, whatever the expression names: `var.single ? null : aws_vpc.a.id`.
        Kind::Null | Kind::Unknown(Unknown::Computed) => Some(Kind::Unknown(Unknown::Computed)),
        Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => None,
    }
}

/// Whether it names nobody that stands for all: what holds of such a one holds of each, but in a plan it is nobody.
fn names_each(unknown: &Unknown) -> bool {
    !unknown.references().iter().any(|it| is_any(&it.to))
}

/// Whether this can stand for an item of a map that the plan does not know whole.
fn is_item(value: &Value) -> bool {
    match &value.kind {
        Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => true,
        Kind::Unknown(unknown) => names_each(unknown),
        Kind::Null | Kind::List(_) | Kind::Map(_) => false,
    }
}

/// Whether it is made of one firewall's status, and nothing else.
fn is_of_one_status(unknown: &Unknown) -> bool {
    let references = unknown.references();
    let is_alike = |it: &&Reference| it.to == references[0].to && it.attribute.starts_with("firewall_status");
    !references.is_empty() && references.iter().all(is_alike) && !is_any(&references[0].to)
}

/// The part of `code` that stands at `path`, which leads into `plan`, the same resource as the plan has it.
fn locate<'c>(code: &'c Value, plan: &Value, path: &[Part<'_>]) -> Option<&'c Value> {
    let [first, rest @ ..] = path else { return Some(code) };
    match first {
        Part::Attribute(name) => locate(code.get(name)?, plan.get(name)?, rest),
        Part::Item { at, .. } => {
            let partner = partners(code.items(), plan.items()).get(*at).copied().flatten()?;
            locate(&code.items()[partner], plan.items().get(*at)?, rest)
        }
    }
}

/// Which item of the code each item of the plan is. A set loses the order they were written in: each takes the first
/// that is left and says nothing else.
fn partners(code: &[Value], plan: &[Value]) -> Vec<Option<usize>> {
    if code.len() != plan.len() {
        return Vec::new();
    }
    let mut left: Vec<usize> = (0..code.len()).collect();
    plan.iter()
        .map(|item| {
            let fitting = left.iter().position(|&at| agree(&code[at], item))?;
            Some(left.remove(fitting))
        })
        .collect()
}

/// Whether two values may be the same: nothing known of the one contradicts the other.
fn agree(code: &Value, plan: &Value) -> bool {
    match (&code.kind, &plan.kind) {
        // Another version of the provider may have another default.
        _ if code.origin.is_default() => true,
        (Kind::Null | Kind::Unknown(_), _) | (_, Kind::Null | Kind::Unknown(_)) => true,
        (Kind::Map(code), Kind::Map(plan)) => {
            code.iter().all(|(key, value)| plan.get(key).is_none_or(|it| agree(value, it)))
        }
        (Kind::List(code), Kind::List(plan)) => {
            code.len() == plan.len() && partners(code, plan).iter().all(Option::is_some)
        }
        (Kind::Map(_) | Kind::List(_), _) | (_, Kind::Map(_) | Kind::List(_)) => false,
        (Kind::Bool(_) | Kind::Number(_) | Kind::Text(_), Kind::Bool(_) | Kind::Number(_) | Kind::Text(_)) => {
            scalar(code) == scalar(plan)
        }
    }
}

/// A scalar as text: the provider turns numbers into strings and back.
fn scalar(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Bool(it) => Some(it.to_string()),
        Kind::Number(it) => Some(it.to_string()),
        Kind::Text(it) => Some(it.to_string()),
        Kind::Null | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => None,
    }
}

/// Gives a script that the plan tells the hash of alone, as the provider keeps it for instances, the text that the code
/// has for it.
fn take_script(plan: &mut Value, code: &Value) {
    let Kind::Map(attributes) = &mut plan.kind else { return };
    let (Some(hashed), Some(written)) = (attributes.get_mut("user_data"), code.get("user_data")) else { return };
    let is_it = match (hashed.text(), &written.kind) {
        (Some(hash), Kind::Text(text)) => hash == hash_of(text),
        // It is made of what the plan knows and the code does not.
        (Some(hash), Kind::Unknown(Unknown::MadeOf(_))) => is_hash(hash),
        (
            _,
            Kind::Null
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Unknown(_),
        ) => false,
    };
    if is_it {
        hashed.kind = written.kind.clone();
    }
}

/// The SHA-1 of a script as the provider writes it: of what is in base64, of what that says.
fn hash_of(text: &str) -> String {
    let decoded = STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
    Sha1::digest(decoded).iter().fold(String::new(), |mut hash, byte| {
        write!(hash, "{byte:02x}").expect("writing to a String does not fail");
        hash
    })
}

fn is_hash(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// Gives each value of the plan the place at which the code writes it.
fn take_places(plan: &mut Value, code: &Value) {
    plan.origin = place_of(code);
    match (&mut plan.kind, &code.kind) {
        (Kind::Map(plan), Kind::Map(written)) => {
            for (key, value) in plan.iter_mut() {
                match written.get(key) {
                    Some(it) => take_places(value, it),
                    // What the provider adds stands where the resource stands.
                    None => place_all(value, code),
                }
            }
        }
        (Kind::List(items), Kind::List(written)) => {
            let partners = partners(written, items);
            for (at, item) in items.iter_mut().enumerate() {
                match partners.get(at).copied().flatten() {
                    Some(partner) => take_places(item, &written[partner]),
                    None => place_all(item, code),
                }
            }
        }
        (Kind::Map(_) | Kind::List(_), _) => place_all(plan, code),
        (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_), _) => (),
    }
}

/// The place of a value of the code; a value of the plan is not the code's default because of it.
fn place_of(code: &Value) -> Origin {
    let place = match code.origin.place {
        Place::Default => Place::Code,
        it @ (Place::Code | Place::Argument | Place::Call) => it,
    };
    Origin { place, ..code.origin.clone() }
}

fn place_all(plan: &mut Value, code: &Value) {
    plan.origin = place_of(code);
    match &mut plan.kind {
        Kind::Map(map) => map.values_mut().for_each(|it| place_all(it, code)),
        Kind::List(items) => items.iter_mut().for_each(|it| place_all(it, code)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => (),
    }
}
