//! Subnets: where each lies, and which route table is in force there.

use ipnet::IpNet;

use super::{
    Family,
    acl::NetworkAcl,
    arena::Id,
    name::{Declared, Link, Name, Part},
    reader::Reader,
    route_table::RouteTable,
    vpc::Vpc,
};
use crate::{
    resource::Resource,
    schema::Noun,
    value::{Known, Truth, Unknown, Value},
};

/// A subnet.
#[derive(Clone, Debug)]
pub struct Subnet {
    pub name: Name,
    pub vpc: Link<Vpc>,
    pub block: Option<Known<IpNet>>,
    pub ipv6_block: Option<Known<IpNet>>,
    pub zone: Zone,
    pub association: Association,
    pub acl: Link<NetworkAcl>,
    /// Whether an interface that starts here gets a public IPv4 address, where nothing else is said.
    pub gives_public_addresses: Known<bool>,
    /// Whether an interface that starts here gets an IPv6 address, where nothing else is said.
    pub gives_ipv6_addresses: Known<bool>,
    /// Whether it is on an Outpost, apart from its zone.
    pub is_on_outpost: bool,
}

/// An availability zone, as the code names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zone {
    /// `eu-central-1a`: which zone that is differs between accounts.
    Name(String),
    /// `euc1-az2`: the same zone in every account.
    Id(String),
    /// Not known, but known whose it is: equal texts are equal zones.
    Symbol(String),
    Unknown(String),
}

/// Which table is in force in a subnet. There always is one.
#[derive(Clone, Debug)]
pub enum Association {
    Explicit {
        table: Id<RouteTable>,
        by: Declared,
    },
    /// The VPC's main table, because the subnet has none of its own.
    Main(Id<RouteTable>),
    /// One of these; where there are none, it may be any.
    Unknown {
        candidates: Vec<Id<RouteTable>>,
        why: String,
    },
}

impl Part for Subnet {
    const NOUNS: &'static [Noun] = &[Noun::Subnet];

    fn bare(name: Name) -> Self {
        let outside = "the subnet stands outside the code";
        Self {
            name,
            vpc: Link::nothing(outside),
            block: Some(Known::Unknown(Unknown::Opaque(outside.to_owned()))),
            ipv6_block: None,
            zone: Zone::Unknown(outside.to_owned()),
            association: Association::Unknown { candidates: Vec::new(), why: outside.to_owned() },
            acl: Link::nothing(Self::NO_ACL),
            gives_public_addresses: Known::Unknown(Unknown::Opaque(outside.to_owned())),
            gives_ipv6_addresses: Known::Unknown(Unknown::Opaque(outside.to_owned())),
            is_on_outpost: false,
        }
    }
}

impl Zone {
    /// A name is never compared with an id: which is which only the account knows.
    pub fn is_same(&self, other: &Self) -> Truth {
        match (self, other) {
            (Self::Name(a), Self::Name(b)) | (Self::Id(a), Self::Id(b)) => Truth::from(a == b),
            (Self::Symbol(a), Self::Symbol(b)) if a == b => Truth::True,
            (Self::Symbol(a), Self::Symbol(b)) if are_apart(a, b) => Truth::False,
            (Self::Name(_) | Self::Id(_) | Self::Symbol(_) | Self::Unknown(_), _) => Truth::Unknown,
        }
    }

    /// How the code names it; `None` where it does not.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Name(text) | Self::Id(text) | Self::Symbol(text) => Some(text),
            Self::Unknown(_) => None,
        }
    }

    fn of(resource: &Resource) -> Self {
        if let Some(value) = resource.set("availability_zone") {
            return Self::read(value, Self::Name);
        }
        match resource.set("availability_zone_id") {
            Some(value) => Self::read(value, Self::Id),
            None => Self::Unknown("AWS chooses the zone".to_owned()),
        }
    }

    fn read(value: &Value, written: fn(String) -> Self) -> Self {
        match (value.text(), value.unknown()) {
            (Some(text), _) => written(text.to_owned()),
            (None, Some(Unknown::AfterApply(reference))) => Self::Symbol(reference.to_string()),
            (None, Some(unknown)) => Self::Unknown(unknown.to_string()),
            (None, None) => Self::Unknown("not the name of a zone".to_owned()),
        }
    }
}

/// Whether two symbols are different members of one list of a region's zones, which has each zone once.
fn are_apart(one: &str, other: &str) -> bool {
    match (Member::of(one), Member::of(other)) {
        (Some(one), Some(other)) => one.list == other.list && one.index != other.index,
        (None, _) | (_, None) => false,
    }
}

/// A member of a list of a region's zones.
struct Member<'a> {
    list: &'a str,
    index: u32,
}

impl<'a> Member<'a> {
    fn of(symbol: &'a str) -> Option<Self> {
        /// Every region has at least so many. Terraform's `element` begins anew behind the last one.
        const ALWAYS_THERE: u32 = 2;
        let (list, index) = symbol.strip_suffix(']')?.rsplit_once('[')?;
        let index = index.parse().ok()?;
        let is_read = list.contains("data.aws_availability_zones.")
            && list.rsplit('.').next().is_some_and(|it| ["names", "zone_ids"].contains(&it))
            && index < ALWAYS_THERE;
        (is_read || list == "AWS::Region.zones").then_some(Self { list, index })
    }
}

impl Subnet {
    /// What its names name.
    pub(super) const NOUNS_OF: &'static [Noun] = &[Noun::Subnet];

    /// Of a subnet that no network ACL names.
    pub(super) const NO_ACL: &'static str = "no network ACL is written";

    pub fn block_of(&self, family: Family) -> Option<&Known<IpNet>> {
        match family {
            Family::V4 => self.block.as_ref(),
            Family::V6 => self.ipv6_block.as_ref(),
        }
    }
}

impl Association {
    /// The tables that may be in force; `None` where that may be any.
    pub fn candidates(&self) -> Option<&[Id<RouteTable>]> {
        match self {
            Self::Explicit { table, .. } | Self::Main(table) => Some(std::slice::from_ref(table)),
            Self::Unknown { candidates, .. } if candidates.is_empty() => None,
            Self::Unknown { candidates, .. } => Some(candidates),
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_subnet").chain(reader.graph.managed("aws_default_subnet")) {
        let Some(subnet) = reader.subnets.of_resource(id) else { continue };
        let is_default = resource.kind == "aws_default_subnet";
        let vpc = match resource.set("vpc_id") {
            None if is_default => Link::Known(default_vpc(reader, resource)),
            value => reader.vpcs.link(reader.graph, value),
        };
        let block = resource.set("cidr_block").map(|value| value.read().known);
        let vpc = holding(reader, vpc, block.as_ref().and_then(Known::get));
        let unset = is_default.then(|| Known::Unknown(Unknown::Opaque("AWS chooses the block".to_owned())));
        let subnet = &mut reader.subnets.items[subnet];
        subnet.vpc = vpc;
        subnet.block = block.or(unset);
        subnet.ipv6_block = resource.set("ipv6_cidr_block").map(|value| value.read().known);
        subnet.zone = Zone::of(resource);
        subnet.is_on_outpost = resource.set("outpost_arn").is_some();
        // A default subnet gives public addresses unless it is told not to.
        subnet.gives_public_addresses = resource.attr("map_public_ip_on_launch", is_default).known;
        subnet.gives_ipv6_addresses = resource.attr("assign_ipv6_address_on_creation", false).known;
    }
}

/// Of several VPCs, those whose addresses can hold the subnet's: AWS takes a subnet in no other.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
fn holding(reader: &Reader<'_>, vpc: Link<Vpc>, block: Option<&IpNet>) -> Link<Vpc> {
    let (Link::OneOf(vpcs), Some(block)) = (&vpc, block) else { return vpc };
    let family = Family::of(*block);
    let may_hold = |id: &&Id<Vpc>| {
        let mut blocks = reader.vpcs.items[**id].blocks.iter().filter(|it| it.family == family);
        blocks.any(|it| it.block.get().is_none_or(|known| known.contains(block)))
    };
    let left: Vec<_> = vpcs.iter().filter(may_hold).copied().collect();
    if left.is_empty() { vpc } else { Link::among(left, || Unknown::Opaque("no VPC holds its block".to_owned())) }
}

/// The default VPC of the region: the code's own, where it has adopted it.
fn default_vpc(reader: &mut Reader<'_>, subnet: &Resource) -> Id<Vpc> {
    let mut adopted = reader.graph.managed("aws_default_vpc");
    let adopted = adopted.find(|(_, resource)| resource.region == subnet.region);
    if let Some(vpc) = adopted.and_then(|(id, _)| reader.vpcs.of_resource(id)) {
        return vpc;
    }
    let name = subnet.region.as_ref().map_or_else(|| "default VPC".to_owned(), |it| format!("default VPC of {it}"));
    let vpc = reader.vpcs.implied(&name);
    reader.vpcs.items[vpc].is_default = true;
    vpc
}
