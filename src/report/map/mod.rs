//! A network as something that can be drawn: its parts, what stands in what, and the ways between them.

mod dot;
mod json;
mod merge;
mod mermaid;
mod read;

use std::io::{self, Write};

use super::html;
use crate::{
    reach::table::SubnetRoutes,
    source::{SourceMap, Span},
};

pub(super) use json::{Project, project};
pub use merge::merged;

/// The shapes of `graph`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Mermaid,
    Dot,
    Json,
    Html,
}

/// One project's network.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The project that it was read from.
    pub project: String,
    /// What stands in something comes after it.
    pub nodes: Vec<Node>,
    pub ways: Vec<Way>,
}

/// A part of a network.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its address in the code, or its id outside.
    pub name: String,
    pub kind: NodeKind,
    /// The VPC or the subnet that it stands in, by its place in [`Map::nodes`].
    pub within: Option<usize>,
    pub region: Option<String>,
    pub zone: Option<String>,
    /// Its blocks of addresses, or what kind of thing it is: a few words for people.
    pub details: Vec<String>,
    /// Where the code declares it; `None` for what stands outside.
    pub span: Option<Span>,
    /// Of a subnet: its table and its next hops.
    pub routes: Option<SubnetRoutes>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    Internet,
    Vpc,
    Subnet(Access),
    InternetGateway,
    EgressOnlyGateway,
    NatGateway,
    VpnGateway,
    TransitGateway,
    Peering,
    Endpoint,
    CarrierGateway,
    LoadBalancer,
    Interface,
    Instance,
    /// A next hop that is none of the above.
    Other,
}

/// How a subnet reaches the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Through an internet gateway: the internet reaches it too.
    Public,
    /// Through something that stands between.
    Private,
    /// Not at all.
    Isolated,
    Unknown,
}

/// A way from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub from: usize,
    pub to: usize,
    pub kind: WayKind,
    /// The blocks that go there, or nothing.
    pub destinations: Vec<String>,
    /// Under which conditions there is this way, where not in all worlds.
    pub when: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WayKind {
    /// A subnet's table sends packets there.
    Route,
    /// A load balancer has a node there.
    Node,
    /// A gateway or a connection is attached there.
    Attachment,
}

impl Format {
    pub fn write(self, sources: &SourceMap, maps: &[Map], out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Mermaid => mermaid::write(maps, out),
            Self::Dot => dot::write(maps, out),
            Self::Json => json::write(sources, maps, out),
            Self::Html => html::write_maps(sources, maps, out),
        }
    }
}

impl NodeKind {
    /// The word that outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Vpc => "vpc",
            Self::Subnet(_) => "subnet",
            Self::InternetGateway => "internet_gateway",
            Self::EgressOnlyGateway => "egress_only_internet_gateway",
            Self::NatGateway => "nat_gateway",
            Self::VpnGateway => "vpn_gateway",
            Self::TransitGateway => "transit_gateway",
            Self::Peering => "vpc_peering_connection",
            Self::Endpoint => "vpc_endpoint",
            Self::CarrierGateway => "carrier_gateway",
            Self::LoadBalancer => "load_balancer",
            Self::Interface => "network_interface",
            Self::Instance => "instance",
            Self::Other => "other",
        }
    }
}

impl Access {
    /// The word that outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Isolated => "isolated",
            Self::Unknown => "unknown",
        }
    }
}

impl WayKind {
    /// The word that outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Node => "node",
            Self::Attachment => "attachment",
        }
    }
}

impl Map {
    /// What stands in each node, by its place in [`Map::nodes`].
    fn inside(&self) -> Vec<Vec<usize>> {
        let mut inside = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            if let Some(within) = node.within {
                inside[within].push(at);
            }
        }
        inside
    }

    /// What stands in nothing.
    fn outermost(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|&at| self.nodes[at].within.is_none()).collect()
    }
}

impl Node {
    /// The subnet's access, where it is one.
    pub fn access(&self) -> Option<Access> {
        match self.kind {
            NodeKind::Subnet(access) => Some(access),
            NodeKind::Internet
            | NodeKind::Vpc
            | NodeKind::InternetGateway
            | NodeKind::EgressOnlyGateway
            | NodeKind::NatGateway
            | NodeKind::VpnGateway
            | NodeKind::TransitGateway
            | NodeKind::Peering
            | NodeKind::Endpoint
            | NodeKind::CarrierGateway
            | NodeKind::LoadBalancer
            | NodeKind::Interface
            | NodeKind::Instance
            | NodeKind::Other => None,
        }
    }
}
