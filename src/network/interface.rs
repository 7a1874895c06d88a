//! Network interfaces and instances, as next hops.

use super::{
    name::{Link, Name, Part},
    reader::Reader,
    subnet::Subnet,
};
use crate::{schema::Noun, value::Known};

/// A network interface.
#[derive(Clone, Debug)]
pub struct NetworkInterface {
    pub name: Name,
    pub subnet: Link<Subnet>,
    /// Whether it drops what is neither from nor for itself.
    pub source_dest_check: Known<bool>,
}

/// An instance, and its first interface.
#[derive(Clone, Debug)]
pub struct Instance {
    pub name: Name,
    pub subnet: Link<Subnet>,
    /// Whether it drops what is neither from nor for itself.
    pub source_dest_check: Known<bool>,
}

macro_rules! interfaces {
    ($($interface:ident)*) => {$(
        impl Part for $interface {
            const NOUNS: &'static [Noun] = &[Noun::$interface];

            fn bare(name: Name) -> Self {
                let outside = crate::value::Unknown::Opaque("it stands outside the code".to_owned());
                Self { name, subnet: Link::Unknown(outside.clone()), source_dest_check: Known::Unknown(outside) }
            }
        }
    )*};
}

interfaces! { NetworkInterface Instance }

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_network_interface") {
        let Some(interface) = reader.interfaces.of_resource(id) else { continue };
        let subnet = reader.subnets.link(reader.graph, resource.set("subnet_id"));
        let interface = &mut reader.interfaces.items[interface];
        interface.subnet = subnet;
        interface.source_dest_check = resource.attr("source_dest_check", true).known;
    }
    for kind in super::INSTANCE_KINDS {
        for (id, resource) in reader.graph.managed(kind) {
            let Some(instance) = reader.instances.of_resource(id) else { continue };
            let subnet = reader.subnets.link(reader.graph, resource.set("subnet_id"));
            let instance = &mut reader.instances.items[instance];
            instance.subnet = subnet;
            instance.source_dest_check = resource.attr("source_dest_check", true).known;
        }
    }
}
