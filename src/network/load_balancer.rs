//! Load balancers: a node in each of their subnets.

use rustc_hash::FxHashMap;

use super::{
    arena::Id,
    name::{Declared, Link, Name, Part, blocks, set},
    owner::{self, Nodes},
    reader::Reader,
    security::{self, Groups, Protocol},
    subnet::Subnet,
    target_group::TargetGroup,
};
use crate::{
    graph::{Target, Targets},
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown, Value},
};

/// A load balancer.
#[derive(Clone, Debug)]
pub struct LoadBalancer {
    pub name: Name,
    pub kind: Known<LoadBalancerKind>,
    /// Whether it has no public addresses.
    pub is_internal: Known<bool>,
    pub addresses: Known<AddressType>,
    pub nodes: Nodes,
    /// `None`: nothing filters what comes to it.
    pub groups: Option<Groups>,
    pub listeners: Vec<Listener>,
    /// Whether its nodes send to targets of other zones, where a target group says nothing else.
    pub cross_zone: Known<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadBalancerKind {
    Application,
    Network,
    Gateway,
    Classic,
}

/// Which families it serves to the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressType {
    Ipv4,
    Dualstack,
    /// To the internet IPv6 alone.
    DualstackWithoutPublicIpv4,
}

/// A port that a load balancer listens on.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Of a classic load balancer, itself.
    pub name: Declared,
    pub port: Known<i64>,
    /// `None`: both TCP and UDP, or unknown which.
    pub protocol: Option<Protocol>,
    /// Those that it, or a rule of it, forwards to.
    pub groups: Vec<Id<TargetGroup>>,
    /// It may forward elsewhere, and this is why.
    pub others: Option<String>,
    /// It, or a rule of it, answers without a target: by a fixed response, or by a redirection.
    pub answers_itself: bool,
}

impl Part for LoadBalancer {
    const NOUNS: &'static [Noun] = &[Noun::LoadBalancer];

    fn bare(name: Name) -> Self {
        let unknown = || Unknown::Opaque("the load balancer stands outside the code".to_owned());
        Self {
            name,
            kind: Known::Unknown(unknown()),
            is_internal: Known::Unknown(unknown()),
            addresses: Known::Unknown(unknown()),
            nodes: Nodes::default(),
            groups: Some(Groups::unknown("the load balancer stands outside the code")),
            listeners: Vec::new(),
            cross_zone: Known::Unknown(unknown()),
        }
    }
}

impl LoadBalancerKind {
    /// The fewest nodes that AWS makes one with.
    pub fn fewest_nodes(self) -> usize {
        match self {
            Self::Application => 2,
            Self::Network | Self::Gateway | Self::Classic => 1,
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for kind in ["aws_lb", "aws_alb", "aws_elb"] {
        for (id, resource) in graph.managed(kind) {
            let Some(load_balancer) = reader.load_balancers.of_resource(id) else { continue };
            read_one(reader, load_balancer, resource);
        }
    }
    for kind in ["aws_lb_listener", "aws_alb_listener"] {
        for (id, resource) in graph.managed(kind) {
            let link = reader.load_balancers.link(graph, resource.set("load_balancer_arn"));
            for &load_balancer in link.candidates().unwrap_or_default() {
                let name = Declared::of(id, resource);
                let listener = Listener::of(name, &resource.body, "port", "protocol");
                reader.load_balancers.items[load_balancer].listeners.push(listener);
            }
        }
    }
}

fn read_one(reader: &mut Reader<'_>, id: Id<LoadBalancer>, resource: &Resource) {
    let is_classic = resource.kind == "aws_elb";
    let kind = if is_classic {
        Known::Default(LoadBalancerKind::Classic)
    } else {
        resource.attr("load_balancer_type", "application".to_owned()).known.map(|text| kind_of(&text))
    };
    let nodes = nodes(reader, resource, kind.get().copied());
    let groups = groups(reader, resource, kind.get().copied());
    let load_balancer = &mut reader.load_balancers.items[id];
    load_balancer.kind = kind;
    load_balancer.is_internal = resource.attr("internal", false).known;
    load_balancer.addresses =
        resource.attr("ip_address_type", "ipv4".to_owned()).known.map(|text| match text.as_str() {
            "dualstack" => AddressType::Dualstack,
            "dualstack-without-public-ipv4" => AddressType::DualstackWithoutPublicIpv4,
            _ => AddressType::Ipv4,
        });
    // Application load balancers always do; network ones only when told to.
    load_balancer.cross_zone = match load_balancer.kind.get() {
        Some(LoadBalancerKind::Application) => Known::Default(true),
        Some(LoadBalancerKind::Classic) => resource.attr("cross_zone_load_balancing", true).known,
        Some(LoadBalancerKind::Network | LoadBalancerKind::Gateway) => {
            resource.attr("enable_cross_zone_load_balancing", false).known
        }
        None => Known::Unknown(Unknown::Opaque("what kind of load balancer it is".to_owned())),
    };
    load_balancer.nodes = nodes;
    load_balancer.groups = groups;
    if is_classic {
        let listeners = blocks(resource, "listener").unwrap_or_default();
        let Some(name) = load_balancer.name.in_code().cloned() else { return };
        load_balancer.listeners =
            listeners.iter().map(|it| Listener::of(name.clone(), it, "lb_port", "lb_protocol")).collect();
    }
}

fn kind_of(text: &str) -> LoadBalancerKind {
    match text {
        "network" => LoadBalancerKind::Network,
        "gateway" => LoadBalancerKind::Gateway,
        _ => LoadBalancerKind::Application,
    }
}

fn nodes(reader: &mut Reader<'_>, resource: &Resource, kind: Option<LoadBalancerKind>) -> Nodes {
    let graph = reader.graph;
    let named = match resource.set("subnets") {
        Some(value) => graph.targets(value, Subnet::NOUNS),
        None => mapped(reader, resource),
    };
    let mut nodes = owner::nodes_of(reader, named);
    count(&mut nodes, kind);
    nodes
}

/// The subnets of `subnet_mapping` blocks.
fn mapped<'a>(reader: &Reader<'a>, resource: &'a Resource) -> Targets<'a> {
    let mut targets = Targets::default();
    let mappings = match blocks(resource, "subnet_mapping") {
        Ok(mappings) => mappings,
        Err(Unknown::Members(_)) => {
            return resource.set("subnet_mapping").map_or(targets, |value| reader.graph.targets(value, Subnet::NOUNS));
        }
        Err(unknown) => return Targets { others: Some(unknown.clone()), ..targets },
    };
    for mapping in mappings {
        let Some(subnet) = set(mapping, "subnet_id") else {
            targets.others = Some(Unknown::Opaque("a mapping without a known subnet".to_owned()));
            continue;
        };
        match reader.graph.target(subnet, Subnet::NOUNS) {
            Target::Unknown(unknown) => targets.others = Some(unknown),
            known @ (Target::Resource(..) | Target::OneOf(_) | Target::Outside(_) | Target::Gone(_)) => {
                targets.certain.push(known);
            }
        }
    }
    targets
}

/// No two nodes share a subnet: as many nodes as there are subnets to choose from have one each. An application load
/// balancer has at least two.
fn count(nodes: &mut Nodes, kind: Option<LoadBalancerKind>) {
    let mut choices: FxHashMap<Vec<Id<Subnet>>, usize> = FxHashMap::default();
    for link in &nodes.certain {
        if let Link::OneOf(subnets) = link {
            *choices.entry(subnets.clone()).or_default() += 1;
        }
    }
    let is_settled = |subnets: &Vec<Id<Subnet>>| choices.get(subnets) == Some(&subnets.len());
    let mut certain = Vec::new();
    for link in nodes.certain.drain(..) {
        match link {
            Link::OneOf(subnets) if is_settled(&subnets) => certain.extend(subnets.into_iter().map(Link::Known)),
            Link::Known(_) | Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_) => certain.push(link),
        }
    }
    let mut distinct = Vec::new();
    for link in certain {
        if matches!(link, Link::OneOf(_)) || !distinct.contains(&link) {
            distinct.push(link);
        }
    }
    nodes.possible.retain(|link| !distinct.contains(link));
    let fewest = kind.map_or(1, LoadBalancerKind::fewest_nodes);
    if nodes.others.is_none() && distinct.len() + nodes.possible.len() <= fewest {
        distinct.append(&mut nodes.possible);
    }
    nodes.certain = distinct;
}

/// The groups of a load balancer; `None` where nothing filters what comes to it.
fn groups(reader: &mut Reader<'_>, resource: &Resource, kind: Option<LoadBalancerKind>) -> Option<Groups> {
    let written = security::groups(reader, resource.set("security_groups"));
    match (written, kind) {
        (Some(groups), _) => Some(groups),
        // A network load balancer without groups admits everybody; any other gets its VPC's default group.
        (None, Some(LoadBalancerKind::Network | LoadBalancerKind::Gateway)) => None,
        (None, Some(LoadBalancerKind::Application | LoadBalancerKind::Classic) | None) => {
            Some(Groups::unknown("without security groups it gets its VPC's default group"))
        }
    }
}

impl Listener {
    fn of(name: Declared, body: &Value, port: &str, protocol: &str) -> Self {
        let port = match set(body, port) {
            Some(value) => value.read().known,
            None => Known::Unknown(Unknown::Opaque("no port is written".to_owned())),
        };
        let protocol = match set(body, protocol).and_then(Value::text) {
            Some("HTTP" | "HTTPS" | "TCP" | "TLS" | "SSL" | "http" | "https" | "tcp" | "ssl") => Some(Protocol::Tcp),
            Some("UDP" | "QUIC") => Some(Protocol::Udp),
            Some(_) | None => None,
        };
        Self { name, port, protocol, groups: Vec::new(), others: None, answers_itself: false }
    }
}
