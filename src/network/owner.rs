//! What has network interfaces: instances, tasks, functions, databases, load balancers, gateways and endpoints.
//!
//! An owner has one interface here for each subnet that it may be in, however many copies of it run there: copies fare
//! alike.

use super::{
    arena::Id,
    interface::NetworkInterface,
    name::{Link, Name},
    public_address::PublicAddress,
    reader::Reader,
    security::{self, Groups},
    subnet::Subnet,
};
use crate::{
    graph::{ResourceId, Targets},
    resource::Resource,
    value::{Known, Truth, Value},
};

/// What has network interfaces.
#[derive(Clone, Debug)]
pub struct Owner {
    pub name: Name,
    pub kind: OwnerKind,
    pub interfaces: Vec<Id<NetworkInterface>>,
    /// Whether it runs on no machine of the account: what starts it comes through its own interface.
    pub is_serverless: Truth,
    /// It may have others, or none of its own, and this is why.
    pub others: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerKind {
    /// An interface of its own, which anything may be attached to.
    Interface,
    Instance,
    ScalingGroup,
    /// A service of containers.
    Task,
    Function,
    Database,
    Cache,
    /// Of Kubernetes.
    ControlPlane,
    Nodes,
    Pods,
    LoadBalancer,
    NatGateway,
    Endpoint,
    /// Of an API.
    VpcLink,
    FileSystem,
    Other,
}

/// The subnets that something is in.
#[derive(Clone, Debug, Default)]
pub struct Nodes {
    pub certain: Vec<Link<Subnet>>,
    pub possible: Vec<Link<Subnet>>,
    /// There may be others, and this is why.
    pub others: Option<String>,
}

/// What the interfaces of one owner have in common, and what differs by subnet.
pub(super) struct Plan<'a> {
    pub(super) kind: OwnerKind,
    pub(super) nodes: Nodes,
    /// `None`: nothing filters.
    pub(super) groups: Option<Groups>,
    pub(super) public: &'a dyn Fn(Option<&Subnet>) -> PublicAddress,
    pub(super) ipv6: &'a dyn Fn(Option<&Subnet>) -> Truth,
}

impl OwnerKind {
    /// Whether it runs its owner's code, which calls whom it likes; the others answer, or call AWS alone.
    pub fn is_workload(self) -> bool {
        match self {
            Self::Interface
            | Self::Instance
            | Self::ScalingGroup
            | Self::Task
            | Self::Function
            | Self::Nodes
            | Self::Pods
            | Self::Other => true,
            Self::Database
            | Self::Cache
            | Self::ControlPlane
            | Self::LoadBalancer
            | Self::NatGateway
            | Self::Endpoint
            | Self::VpcLink
            | Self::FileSystem => false,
        }
    }
}

impl Nodes {
    /// One subnet.
    pub(super) fn one(link: Link<Subnet>) -> Self {
        match link {
            Link::Unknown(why) => Self { others: Some(why.to_string()), ..Self::default() },
            link @ (Link::Known(_) | Link::OneOf(_) | Link::Gone(_)) => Self { certain: vec![link], ..Self::default() },
        }
    }
}

/// The subnets that a collection names.
pub(super) fn nodes(reader: &mut Reader<'_>, value: Option<&Value>) -> Nodes {
    let named = value.map_or_else(Targets::default, |value| reader.graph.targets(value, Subnet::NOUNS_OF));
    nodes_of(reader, named)
}

pub(super) fn nodes_of(reader: &mut Reader<'_>, named: Targets<'_>) -> Nodes {
    let mut nodes = Nodes { others: named.others.map(|it| it.to_string()), ..Nodes::default() };
    for (targets, links) in [(named.certain, &mut nodes.certain), (named.possible, &mut nodes.possible)] {
        for target in targets {
            match reader.subnets.link_target(reader.graph, target) {
                Link::Unknown(unknown) => nodes.others = Some(unknown.to_string()),
                Link::Gone(address) => nodes.others = Some(format!("{address} is destroyed")),
                link @ (Link::Known(_) | Link::OneOf(_)) => links.push(link),
            }
        }
    }
    if nodes.certain.is_empty() && nodes.possible.is_empty() && nodes.others.is_none() {
        nodes.others = Some("no subnets are written".to_owned());
    }
    nodes
}

/// Makes an owner and its interfaces.
pub(super) fn own(reader: &mut Reader<'_>, id: ResourceId, resource: &Resource, plan: Plan<'_>) -> Id<Owner> {
    let name = Name::declared(id, resource);
    let others = plan.nodes.others.clone();
    let is_serverless = Truth::from(matches!(plan.kind, OwnerKind::Function | OwnerKind::Pods));
    let (name_of, kind) = (name.clone(), plan.kind);
    let owner = reader.owners.add(Owner { name: name_of, kind, interfaces: Vec::new(), is_serverless, others });
    let certain = plan.nodes.certain.into_iter().map(|it| (it, true));
    let possible = plan.nodes.possible.into_iter().map(|it| (it, false));
    for (subnet, is_certain) in certain.chain(possible) {
        let it = subnet.known().map(|it| &reader.subnets.items[it]);
        let interface = NetworkInterface {
            name: name.clone(),
            owner: Some(owner),
            source_dest_check: Known::Default(true),
            groups: plan.groups.clone(),
            addresses: Vec::new(),
            public: (plan.public)(it),
            ipv6: (plan.ipv6)(it),
            is_certain,
            may_take_elastic: false,
            subnet,
        };
        let interface = reader.interfaces.items.add(interface);
        reader.owners[owner].interfaces.push(interface);
    }
    owner
}

/// The groups that a collection names, or the default group of the VPC that the subnets are in.
pub(super) fn groups(reader: &mut Reader<'_>, value: Option<&Value>, nodes: &Nodes) -> Groups {
    if let Some(groups) = security::groups(reader, value) {
        return groups;
    }
    let subnet = nodes.certain.iter().chain(&nodes.possible).find_map(Link::known);
    let vpc = subnet.and_then(|subnet| reader.subnets.items[subnet].vpc.known());
    let group = vpc.and_then(|vpc| security::default_of(reader, vpc));
    group.map_or_else(|| Groups::unknown("the default group of its VPC"), Groups::of)
}

/// Whether an interface that gets what its subnet gives has an IPv6 address.
pub(super) fn as_subnet_gives(subnet: Option<&Subnet>) -> Truth {
    subnet.map_or(Truth::Unknown, |it| it.gives_ipv6_addresses.is(|gives| *gives))
}

/// Whether an interface may have an IPv6 address: where its subnet has none, it has none.
pub(super) fn as_subnet_has(subnet: Option<&Subnet>) -> Truth {
    match subnet {
        Some(subnet) if subnet.ipv6_block.is_none() => Truth::False,
        Some(_) | None => Truth::Unknown,
    }
}
