//! Network interfaces: every one that something has, declared or implied.

use std::net::IpAddr;

use super::{
    arena::Id,
    name::{Link, Name, Part},
    owner::{self, Nodes, Owner, OwnerKind},
    public_address::PublicAddress,
    reader::Reader,
    security::Groups,
    subnet::Subnet,
};
use crate::{
    resource::Resource,
    schema::Noun,
    value::{Known, Truth, Unknown, Value},
};

/// A network interface.
#[derive(Clone, Debug)]
pub struct NetworkInterface {
    /// Its own, or that of the resource that it is made for.
    pub name: Name,
    pub owner: Option<Id<Owner>>,
    pub subnet: Link<Subnet>,
    /// Whether it drops what is neither from nor for itself.
    pub source_dest_check: Known<bool>,
    /// `None`: no security group filters what comes to it.
    pub groups: Option<Groups>,
    /// Its private addresses where the code gives them; else AWS chooses one from the subnet's block.
    pub addresses: Vec<Known<IpAddr>>,
    pub public: PublicAddress,
    /// Whether it has an IPv6 address.
    pub ipv6: Truth,
    /// False where an unknown decides whether there is such an interface.
    pub is_certain: bool,
    /// Whether an Elastic IP address can be associated with it.
    pub may_take_elastic: bool,
}

impl Part for NetworkInterface {
    const NOUNS: &'static [Noun] = &[Noun::NetworkInterface];

    fn bare(name: Name) -> Self {
        let outside = "it stands outside the code";
        Self {
            name,
            owner: None,
            subnet: Link::nothing(outside),
            source_dest_check: Known::Unknown(Unknown::Opaque(outside.to_owned())),
            groups: Some(Groups::unknown(outside)),
            addresses: Vec::new(),
            public: PublicAddress::Unknown(outside.to_owned()),
            ipv6: Truth::Unknown,
            is_certain: true,
            may_take_elastic: true,
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_network_interface") {
        let Some(interface) = reader.interfaces.of_resource(id) else { continue };
        let subnet = reader.subnets.link(reader.graph, resource.set("subnet_id"));
        let nodes = Nodes::one(subnet.clone());
        let groups = owner::groups(reader, resource.set("security_groups"), &nodes);
        let name = Name::declared(id, resource);
        let own = Owner {
            name,
            kind: OwnerKind::Interface,
            interfaces: vec![interface],
            is_serverless: Truth::False,
            others: None,
        };
        let own = reader.owners.add(own);
        let given = ["ipv6_addresses", "ipv6_address_count"].iter().any(|it| resource.set(it).is_some());
        let of_subnet = subnet.known().map(|it| &reader.subnets.items[it]);
        let ipv6 = if given { Truth::True } else { owner::as_subnet_gives(of_subnet) };
        let it = &mut reader.interfaces.items[interface];
        it.owner = Some(own);
        it.subnet = subnet;
        it.source_dest_check = resource.attr("source_dest_check", true).known;
        it.groups = Some(groups);
        it.addresses = addresses(resource, &["private_ips", "private_ip"]);
        it.addresses.extend(addresses(resource, &["ipv6_addresses"]));
        it.public =
            PublicAddress::None("an interface of its own gets a public address only by an Elastic IP".to_owned());
        it.ipv6 = ipv6;
    }
}

/// The addresses that the code gives, by whichever of these attributes is set.
pub(super) fn addresses(resource: &Resource, attributes: &[&str]) -> Vec<Known<IpAddr>> {
    let written = attributes.iter().find_map(|it| resource.set(it));
    let values = match written {
        Some(value) if value.text().is_some() => std::slice::from_ref(value),
        Some(value) => value.items(),
        None => &[],
    };
    values.iter().map(|value: &Value| value.read().known).collect()
}
