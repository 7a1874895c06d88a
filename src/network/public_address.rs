//! Public addresses: who has one, of what kind, and why.

use rustc_hash::FxHashMap;

use super::{
    arena::Id,
    interface::NetworkInterface,
    name::{Link, Name, Part},
    reader::Reader,
};
use crate::{schema::Noun, value::Known};

/// The public IPv4 address of an interface.
#[derive(Clone, Debug, PartialEq)]
pub enum PublicAddress {
    /// It has none, and this is why.
    None(String),
    /// Fixed ones of the account's own.
    Elastic(Vec<Link<ElasticIp>>),
    /// AWS gives it one while it runs: another every time. This is why.
    Assigned(String),
    /// The service that the interface belongs to keeps one, which may change.
    Service(String),
    /// Whether it has one is not known, and this is why.
    Unknown(String),
}

/// A fixed public address.
#[derive(Clone, Debug)]
pub struct ElasticIp {
    pub name: Name,
    pub public_address: Option<String>,
}

impl Part for ElasticIp {
    const NOUNS: &'static [Noun] = &[Noun::ElasticIp];

    fn bare(name: Name) -> Self {
        Self { name, public_address: None }
    }
}

impl PublicAddress {
    /// What follows where a setting decides: its own words are the reason.
    pub(super) fn of_setting(setting: &Known<bool>, what: &str) -> Self {
        match setting {
            Known::Written(true) | Known::Default(true) => Self::Assigned(what.to_owned()),
            Known::Written(false) | Known::Default(false) => Self::None(format!("not {what}")),
            Known::Unknown(why) => Self::Unknown(format!("whether {what}: {why}")),
        }
    }

    /// Why it is as it is.
    pub fn why(&self) -> &str {
        match self {
            Self::None(why) | Self::Assigned(why) | Self::Service(why) | Self::Unknown(why) => why,
            Self::Elastic(_) => "it has an Elastic IP address",
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_eip") {
        let Some(address) = reader.elastic_ips.of_resource(id) else { continue };
        let text = resource.set("public_ip").and_then(|value| value.text());
        reader.elastic_ips.items[address].public_address = text.map(str::to_owned);
    }
}

/// Gives Elastic IP addresses to the interfaces that they are associated with.
pub(super) fn associate(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    let of_addresses = graph.managed("aws_eip").filter_map(|(id, resource)| {
        let address = reader.elastic_ips.of_resource(id)?;
        Some((Link::Known(address), resource, "instance"))
    });
    let of_addresses: Vec<_> = of_addresses.collect();
    let mut given: FxHashMap<Id<NetworkInterface>, Vec<Link<ElasticIp>>> = FxHashMap::default();
    let mut open = None;
    let associations: Vec<_> = graph.managed("aws_eip_association").map(|(_, resource)| resource).collect();
    let associations: Vec<_> = associations
        .into_iter()
        .map(|resource| (reader.elastic_ips.link(graph, resource.set("allocation_id")), resource, "instance_id"))
        .collect();
    for (address, resource, instance) in of_addresses.into_iter().chain(associations) {
        let interface = match (resource.set("network_interface"), resource.set("network_interface_id")) {
            (Some(value), _) | (None, Some(value)) => Some(reader.interfaces.link(graph, Some(value))),
            (None, None) => None,
        };
        let interfaces = match (interface, resource.set(instance)) {
            (Some(Link::Known(interface)), _) => vec![interface],
            (_, Some(value)) => match reader.instances.link(graph, Some(value)) {
                Link::Known(instance) => reader.instances.items[instance].interface.into_iter().collect(),
                Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_) => {
                    open = Some(resource.address.to_string());
                    Vec::new()
                }
            },
            (Some(Link::Unknown(_) | Link::OneOf(_) | Link::Gone(_)), None) => {
                open = Some(resource.address.to_string());
                Vec::new()
            }
            (None, None) => Vec::new(),
        };
        for interface in interfaces {
            if !reader.interfaces.counts_as(&resource.address, interface) {
                open = Some(resource.address.to_string());
                continue;
            }
            given.entry(interface).or_default().push(address.clone());
        }
    }
    for interface in reader.interfaces.items.ids() {
        let takes_any = reader.interfaces.items[interface].may_take_elastic;
        let public = &mut reader.interfaces.items[interface].public;
        match (given.remove(&interface), &open) {
            (Some(addresses), _) => *public = PublicAddress::Elastic(addresses),
            (None, Some(by)) if takes_any && matches!(public, PublicAddress::None(_)) => {
                *public = PublicAddress::Unknown(format!("{by} may give it one"));
            }
            (None, _) => (),
        }
    }
}
