//! NAT gateways.

use super::{
    arena::Id,
    interface::NetworkInterface,
    name::{Link, Name, Part},
    public_address::ElasticIp,
    reader::Reader,
    subnet::Subnet,
    vpc::Vpc,
};
use crate::{
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown},
};

/// A NAT gateway.
#[derive(Clone, Debug)]
pub struct NatGateway {
    pub name: Name,
    pub placement: Placement,
    pub connectivity: Known<Connectivity>,
    /// The fixed addresses given to it.
    pub addresses: Vec<Link<ElasticIp>>,
    /// Its interface in its subnet; a regional one shows none.
    pub interface: Option<Id<NetworkInterface>>,
}

/// Where a NAT gateway stands, and so by which table it forwards.
#[derive(Clone, Debug, PartialEq)]
pub enum Placement {
    /// In a subnet, by whose table it forwards.
    Zonal(Link<Subnet>),
    /// In a VPC as a whole, with a table of its own that leads to the internet gateway.
    Regional(Link<Vpc>),
    Unknown(Unknown),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connectivity {
    Public,
    Private,
}

impl Part for NatGateway {
    const NOUNS: &'static [Noun] = &[Noun::NatGateway];

    fn bare(name: Name) -> Self {
        let unknown = || Unknown::Opaque("the NAT gateway stands outside the code".to_owned());
        Self {
            name,
            placement: Placement::Unknown(unknown()),
            connectivity: Known::Unknown(unknown()),
            addresses: Vec::new(),
            interface: None,
        }
    }
}

impl NatGateway {
    pub fn subnet(&self) -> Option<&Link<Subnet>> {
        match &self.placement {
            Placement::Zonal(subnet) => Some(subnet),
            Placement::Regional(_) | Placement::Unknown(_) => None,
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_nat_gateway") {
        let Some(nat) = reader.nat_gateways.of_resource(id) else { continue };
        let placement = placement(reader, resource);
        let connectivity = connectivity(resource);
        let addresses = addresses(reader, resource);
        let nat = &mut reader.nat_gateways.items[nat];
        nat.placement = placement;
        nat.connectivity = connectivity;
        nat.addresses = addresses;
    }
}

fn placement(reader: &mut Reader<'_>, resource: &Resource) -> Placement {
    let mode = resource.attr("availability_mode", "zonal".to_owned()).known;
    match mode {
        Known::Unknown(unknown) => Placement::Unknown(unknown),
        Known::Written(mode) | Known::Default(mode) if mode == "regional" => {
            Placement::Regional(reader.vpcs.link(reader.graph, resource.set("vpc_id")))
        }
        Known::Written(_) | Known::Default(_) => {
            Placement::Zonal(reader.subnets.link(reader.graph, resource.set("subnet_id")))
        }
    }
}

fn connectivity(resource: &Resource) -> Known<Connectivity> {
    let known = resource.attr("connectivity_type", "public".to_owned()).known;
    known.map(|text| if text == "private" { Connectivity::Private } else { Connectivity::Public })
}

fn addresses(reader: &mut Reader<'_>, resource: &Resource) -> Vec<Link<ElasticIp>> {
    let first = resource.set("allocation_id");
    let more = resource.set("secondary_allocation_ids").map_or(&[][..], |value| value.items());
    first.into_iter().chain(more).map(|value| reader.elastic_ips.link(reader.graph, Some(value))).collect()
}
