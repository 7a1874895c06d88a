//! Instances, and their first interface.

use super::{
    arena::Id,
    interface::{self, NetworkInterface},
    launch::{self, Launch},
    name::{Link, Name, Part, blocks, set},
    owner::{self, Nodes, OwnerKind, Plan},
    public_address::PublicAddress,
    reader::Reader,
    subnet::Subnet,
};
use crate::{
    resource::Resource,
    schema::Noun,
    value::{Known, Truth, Unknown, Value},
};

/// An instance.
#[derive(Clone, Debug)]
pub struct Instance {
    pub name: Name,
    pub subnet: Link<Subnet>,
    /// Whether it drops what is neither from nor for itself.
    pub source_dest_check: Known<bool>,
    /// Its first interface.
    pub interface: Option<Id<NetworkInterface>>,
}

impl Part for Instance {
    const NOUNS: &'static [Noun] = &[Noun::Instance];

    fn bare(name: Name) -> Self {
        let outside = Unknown::Opaque("it stands outside the code".to_owned());
        let (subnet, source_dest_check) = (Link::Unknown(outside.clone()), Known::Unknown(outside));
        Self { name, subnet, source_dest_check, interface: None }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for kind in super::INSTANCE_KINDS {
        for (id, resource) in reader.graph.managed(kind) {
            let Some(instance) = reader.instances.of_resource(id) else { continue };
            let check = resource.attr("source_dest_check", true).known;
            let interface = match attached(reader, resource) {
                Some(Link::Known(interface)) => Some(interface),
                Some(Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_)) => None,
                None => Some(own(reader, id, resource, &check)),
            };
            let subnet = match interface {
                Some(interface) => reader.interfaces.items[interface].subnet.clone(),
                None => Link::nothing("its network interface is not known"),
            };
            let it = &mut reader.instances.items[instance];
            it.subnet = subnet;
            it.source_dest_check = check;
            it.interface = interface;
            if let Some(owner) = interface.and_then(|it| reader.interfaces.items[it].owner) {
                // Whoever asks for the instance finds the interface that it brings along.
                reader.owners_of.insert(id, owner);
            }
        }
    }
}

/// The interface of its own that an instance is started with.
fn attached(reader: &mut Reader<'_>, resource: &Resource) -> Option<Link<NetworkInterface>> {
    let first = blocks(resource, "primary_network_interface").ok().and_then(<[Value]>::first);
    let among = blocks(resource, "network_interface").unwrap_or_default();
    let at_zero =
        among.iter().find(|it| set(it, "device_index").is_none_or(|it| it.read::<i64>().known.get() == Some(&0)));
    let named = first.or(at_zero).and_then(|it| set(it, "network_interface_id"))?;
    Some(reader.interfaces.link(reader.graph, Some(named)))
}

fn own(
    reader: &mut Reader<'_>,
    id: crate::graph::ResourceId,
    resource: &Resource,
    check: &Known<bool>,
) -> Id<NetworkInterface> {
    let template = launch::of(reader, resource);
    let subnet = match (resource.set("subnet_id"), template.as_ref().and_then(|it| it.subnet.clone())) {
        (None, Some(subnet)) => subnet,
        (None, None) => Link::nothing("it starts in a default subnet of AWS's choice"),
        (value, _) => reader.subnets.link(reader.graph, value),
    };
    let nodes = Nodes { certain: vec![subnet], ..Nodes::default() };
    let of_template = template.as_ref().and_then(|it: &Launch| it.groups.clone());
    let written = resource.set("vpc_security_group_ids").filter(|it| it.unknown().is_some() || !it.items().is_empty());
    let groups = match (written.or_else(|| resource.set("security_groups")), of_template) {
        (None, Some(groups)) => groups,
        (value, _) => owner::groups(reader, value, &nodes),
    };
    let setting = resource.maybe::<bool>("associate_public_ip_address").map(|it| it.known);
    let setting = setting.or_else(|| template.as_ref().and_then(|it| it.public.clone()));
    let has_ipv6 = ["ipv6_addresses", "ipv6_address_count"].iter().any(|it| resource.set(it).is_some());
    let plan = Plan {
        kind: OwnerKind::Instance,
        nodes,
        groups: Some(groups),
        public: &|subnet| launch::public_address(setting.as_ref(), subnet),
        ipv6: &|subnet| if has_ipv6 { Truth::True } else { owner::as_subnet_gives(subnet) },
    };
    let owner = owner::own(reader, id, resource, plan);
    let interface = reader.owners[owner].interfaces[0];
    let it = &mut reader.interfaces.items[interface];
    it.source_dest_check = check.clone();
    it.addresses = interface::addresses(resource, &["private_ip"]);
    it.addresses.extend(interface::addresses(resource, &["ipv6_addresses"]));
    it.may_take_elastic = true;
    // A state tells the address that AWS gave.
    if let (PublicAddress::None(_), Some(_)) = (&it.public, resource.set("public_ip").and_then(Value::text)) {
        it.public = PublicAddress::Assigned("it has one".to_owned());
    }
    reader.interfaces.stands_for(id, interface);
    interface
}
