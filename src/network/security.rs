//! Security groups: who may come in and go out, by which ports. All three ways to write their rules are read.

use ipnet::IpNet;

use super::{
    arena::Id,
    name::{Declared, Link, Name, Part, blocks, resolve, set},
    prefix_list::PrefixList,
    reader::Reader,
    vpc::Vpc,
};
use crate::{
    graph::{ResourceId, Target},
    resource::Resource,
    schema::Noun,
    value::{Kind, Known, Truth, Unknown, Value},
};

/// A security group.
#[derive(Clone, Debug)]
pub struct SecurityGroup {
    pub name: Name,
    pub ingress: Vec<SecurityRule>,
    pub egress: Vec<SecurityRule>,
    /// It may let others in too, and this is why.
    pub other_ingress: Option<String>,
    /// It may let more out, and this is why.
    pub other_egress: Option<String>,
}

/// Who may come in or go out, by which ports.
#[derive(Clone, Debug)]
pub struct SecurityRule {
    pub protocol: Known<Protocol>,
    /// First and last; of ICMP, the types.
    pub ports: Known<(i64, i64)>,
    pub peers: Vec<Peer>,
    /// False where an unknown decides whether the group has it.
    pub is_certain: bool,
    /// The resource that writes it; none writes those that AWS makes.
    pub written: Option<Declared>,
}

/// Whom a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    Block(IpNet),
    PrefixList(Id<PrefixList>),
    /// The members of a group, by their private addresses: never a client from the internet.
    Group(Link<SecurityGroup>),
    Unknown(Unknown),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    All,
    Tcp,
    Udp,
    Icmp,
    Icmpv6,
    /// By its number.
    Other(u8),
}

/// The security groups of an interface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    pub links: Vec<Link<SecurityGroup>>,
    /// There may be others, and this is why.
    pub others: Option<String>,
}

/// Which way a packet crosses a border: into what the border is around, or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    In,
    Out,
}

impl Part for SecurityGroup {
    const NOUNS: &'static [Noun] = &[Noun::SecurityGroup];

    fn bare(name: Name) -> Self {
        let others = match &name {
            Name::Declared(_) => None,
            Name::Implied(_) | Name::Outside(_) | Name::Read(_) => Some("the group stands outside the code".to_owned()),
        };
        Self { name, ingress: Vec::new(), egress: Vec::new(), other_ingress: others.clone(), other_egress: others }
    }
}

impl SecurityGroup {
    pub fn rules(&self, direction: Direction) -> &[SecurityRule] {
        match direction {
            Direction::In => &self.ingress,
            Direction::Out => &self.egress,
        }
    }

    /// Why there may be other rules of a direction.
    pub fn others(&self, direction: Direction) -> Option<&str> {
        match direction {
            Direction::In => self.other_ingress.as_deref(),
            Direction::Out => self.other_egress.as_deref(),
        }
    }

    fn leave_open(&mut self, direction: Direction, why: String) {
        match direction {
            Direction::In => self.other_ingress = Some(why),
            Direction::Out => self.other_egress = Some(why),
        }
    }

    fn rules_mut(&mut self, direction: Direction) -> &mut Vec<SecurityRule> {
        match direction {
            Direction::In => &mut self.ingress,
            Direction::Out => &mut self.egress,
        }
    }
}

impl SecurityRule {
    /// Everything, to or from these.
    fn everything(peers: Vec<Peer>) -> Self {
        let (protocol, ports) = (Known::Default(Protocol::All), Known::Default((0, 65_535)));
        Self { protocol, ports, peers, is_certain: true, written: None }
    }

    /// Whether it admits what comes to `port` by `protocol`.
    pub fn admits(&self, port: i64, protocol: Protocol) -> Truth {
        match self.protocol.get() {
            None => Truth::Unknown,
            Some(Protocol::All) => Truth::True,
            Some(mine) if *mine == protocol => self.ports.is(|(first, last)| (*first..=*last).contains(&port)),
            Some(Protocol::Tcp | Protocol::Udp | Protocol::Icmp | Protocol::Icmpv6 | Protocol::Other(_)) => {
                Truth::False
            }
        }
    }
}

impl Protocol {
    /// A protocol as rules name it; `None` for a name that means nothing.
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "-1" | "all" => Self::All,
            "tcp" | "6" => Self::Tcp,
            "udp" | "17" => Self::Udp,
            "icmp" | "1" => Self::Icmp,
            "icmpv6" | "58" => Self::Icmpv6,
            "esp" => Self::Other(50),
            "ah" => Self::Other(51),
            "gre" => Self::Other(47),
            "sctp" => Self::Other(132),
            other => Self::Other(other.parse().ok()?),
        })
    }

    /// Reads an attribute that names a protocol.
    pub(super) fn read(value: Option<&Value>) -> Known<Self> {
        let Some(value) = value else { return Known::Default(Self::All) };
        match value.read::<String>().known {
            Known::Unknown(unknown) => Known::Unknown(unknown),
            Known::Written(text) | Known::Default(text) => match Self::of(&text) {
                Some(protocol) => Known::Written(protocol),
                None => Known::Unknown(Unknown::Opaque(format!("the protocol `{text}`"))),
            },
        }
    }

    /// Its number; `None` where it is every protocol.
    pub fn number(self) -> Option<u8> {
        match self {
            Self::All => None,
            Self::Tcp => Some(6),
            Self::Udp => Some(17),
            Self::Icmp => Some(1),
            Self::Icmpv6 => Some(58),
            Self::Other(number) => Some(number),
        }
    }
}

impl Groups {
    pub fn of(group: Id<SecurityGroup>) -> Self {
        Self { links: vec![Link::Known(group)], others: None }
    }

    pub fn unknown(why: impl Into<String>) -> Self {
        Self { links: Vec::new(), others: Some(why.into()) }
    }
}

impl Direction {
    const BOTH: [Self; 2] = [Self::In, Self::Out];

    /// Its name in explanations.
    pub fn word(self) -> &'static str {
        match self {
            Self::In => "ingress",
            Self::Out => "egress",
        }
    }
}

/// What an attribute that should hold a group's id names; a VPC names its default group, a cluster that of its nodes.
pub(super) fn link(reader: &mut Reader<'_>, value: Option<&Value>) -> Link<SecurityGroup> {
    match value {
        Some(value) => link_target(reader, resolve(reader.graph, value, SecurityGroup::NOUNS)),
        None => Link::nothing("no group is written"),
    }
}

fn link_target(reader: &mut Reader<'_>, target: Target<'_>) -> Link<SecurityGroup> {
    let implied = match &target {
        Target::Resource(id, attribute) => implied(reader, *id, attribute),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    };
    implied.map_or_else(|| reader.security_groups.link_target(reader.graph, target), Link::Known)
}

/// A group that AWS makes along with a resource.
fn implied(reader: &mut Reader<'_>, id: ResourceId, attribute: &str) -> Option<Id<SecurityGroup>> {
    let resource = reader.graph.resource(id);
    match resource.kind.as_str() {
        "aws_vpc" | "aws_default_vpc" if attribute == "default_security_group_id" => {
            let vpc = reader.vpcs.of_resource(id)?;
            default_of(reader, vpc)
        }
        "aws_eks_cluster" if attribute.ends_with("cluster_security_group_id") => Some(of_cluster(reader, id)),
        _ => None,
    }
}

/// The group that AWS gives to the nodes and the control plane of a cluster: they reach each other and go anywhere.
/// <https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html>
pub(super) fn of_cluster(reader: &mut Reader<'_>, cluster: ResourceId) -> Id<SecurityGroup> {
    let name = format!("{}.cluster_security_group_id", reader.graph.resource(cluster).address);
    closed_group(reader, &name)
}

/// The default group of a VPC: the adopted one, or the one that AWS made.
pub(super) fn default_of(reader: &mut Reader<'_>, vpc: Id<Vpc>) -> Option<Id<SecurityGroup>> {
    let it = &reader.vpcs.items[vpc];
    if let Some(adopted) = it.default_group {
        return Some(adopted);
    }
    it.name.in_code().is_some().then(|| format!("{}.default_security_group_id", it.name.text())).map(|name| {
        let group = closed_group(reader, &name);
        reader.vpcs.items[vpc].default_group = Some(group);
        group
    })
}

/// A group whose members reach each other, and go anywhere.
fn closed_group(reader: &mut Reader<'_>, name: &str) -> Id<SecurityGroup> {
    let group = reader.security_groups.implied(name);
    let everywhere = super::defaults::everywhere_of_both();
    let it = &mut reader.security_groups.items[group];
    (it.other_ingress, it.other_egress) = (None, None);
    it.ingress = vec![SecurityRule::everything(vec![Peer::Group(Link::Known(group))])];
    it.egress = vec![SecurityRule::everything(everywhere.map(Peer::Block).to_vec())];
    group
}

/// The groups that a collection names; `None` where it names none.
pub(super) fn groups(reader: &mut Reader<'_>, value: Option<&Value>) -> Option<Groups> {
    let value = value.filter(|it| it.unknown().is_some() || !it.items().is_empty())?;
    let named = reader.graph.targets(value, SecurityGroup::NOUNS);
    let mut groups = Groups { links: Vec::new(), others: named.others.map(|it| it.to_string()) };
    if !named.possible.is_empty() {
        groups.others = Some("it may have one of several groups".to_owned());
    }
    for target in named.certain {
        let target = match target {
            // What a reference names may itself name something.
            Target::Resource(..) if matches!(&value.kind, Kind::List(items) if items.len() == 1) => {
                resolve(reader.graph, &value.items()[0], SecurityGroup::NOUNS)
            }
            other @ (Target::Resource(..)
            | Target::OneOf(_)
            | Target::Outside(_)
            | Target::Gone(_)
            | Target::Unknown(_)) => other,
        };
        groups.links.push(link_target(reader, target));
    }
    Some(groups)
}

pub(super) fn read(reader: &mut Reader<'_>) {
    adopt_default_groups(reader);
    read_standalone(reader);
    let graph = reader.graph;
    for kind in ["aws_security_group", "aws_default_security_group"] {
        for (id, resource) in graph.managed(kind) {
            let Some(group) = reader.security_groups.of_resource(id) else { continue };
            for direction in Direction::BOTH {
                read_inline(reader, group, id, resource, direction);
            }
        }
    }
}

fn adopt_default_groups(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_default_security_group") {
        let group = reader.security_groups.of_resource(id);
        let vpc = reader.vpcs.link(reader.graph, resource.set("vpc_id"));
        if let Link::Known(vpc) = reader.vpcs.claim(&resource.address, vpc) {
            reader.vpcs.items[vpc].default_group = group;
        }
    }
}

/// The blocks of a group. A group that exists shows there its standalone rules, too, and even those that this plan takes
/// out: beside standalone rules, what it shows may be no more.
fn read_inline(
    reader: &mut Reader<'_>,
    group: Id<SecurityGroup>,
    id: ResourceId,
    resource: &Resource,
    direction: Direction,
) {
    let exists = resource.set("id").and_then(Value::text).is_some();
    let is_certain = !exists || reader.security_groups.items[group].rules(direction).is_empty();
    let rules = match blocks(resource, direction.word()) {
        Ok(rules) => rules,
        Err(why) => {
            reader.security_groups.items[group].leave_open(direction, why.to_string());
            return;
        }
    };
    for body in rules {
        if let Some(unknown) = body.unknown() {
            reader.security_groups.items[group].leave_open(direction, unknown.to_string());
            continue;
        }
        let own = Link::Known(group);
        let written = Some(Declared::of(id, resource));
        let rule = SecurityRule { is_certain, written, ..rule(reader, body, "protocol", &own) };
        reader.security_groups.items[group].rules_mut(direction).push(rule);
    }
}

fn read_standalone(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    let mut anywhere = Vec::new();
    let older = graph.managed("aws_security_group_rule").flat_map(|(id, resource)| {
        let written = resource.attr("type", "ingress".to_owned()).known;
        let is = |direction: Direction| written.is(|it| it == direction.word());
        let possible = Direction::BOTH.into_iter().filter(move |it| is(*it).possible());
        let is_certain = resource.set("type").is_none_or(|it| it.unknown().is_none());
        possible.map(move |direction| (id, resource, "protocol", direction, is_certain)).collect::<Vec<_>>()
    });
    let newer = |kind, direction| graph.managed(kind).map(move |(id, it)| (id, it, "ip_protocol", direction, true));
    let ingress = newer("aws_vpc_security_group_ingress_rule", Direction::In);
    let egress = newer("aws_vpc_security_group_egress_rule", Direction::Out);
    for (id, resource, protocol, direction, is_certain) in older.chain(ingress).chain(egress) {
        let link = link(reader, resource.set("security_group_id"));
        let written = Some(Declared::of(id, resource));
        let rule = SecurityRule { is_certain, written, ..rule(reader, &resource.body, protocol, &link) };
        match reader.security_groups.claim(&resource.address, link) {
            Link::Known(group) => reader.security_groups.items[group].rules_mut(direction).push(rule),
            Link::OneOf(groups) => {
                for group in groups {
                    let rule = SecurityRule { is_certain: false, ..rule.clone() };
                    reader.security_groups.items[group].rules_mut(direction).push(rule);
                }
            }
            Link::Gone(_) => (),
            Link::Unknown(_) => anywhere.push((direction, &resource.address)),
        }
    }
    for direction in Direction::BOTH {
        let Some((_, address)) = anywhere.iter().find(|(of, _)| *of == direction) else { continue };
        for group in reader.security_groups.items.ids() {
            reader.security_groups.items[group].leave_open(direction, format!("{address} may belong to it"));
        }
    }
}

fn rule(reader: &mut Reader<'_>, body: &Value, protocol: &str, own: &Link<SecurityGroup>) -> SecurityRule {
    let protocol = Protocol::read(set(body, protocol));
    let ports = ports(body, &protocol);
    SecurityRule { protocol, ports, peers: peers(reader, body, own), is_certain: true, written: None }
}

/// Ports, or types of ICMP messages: -1 is every one.
fn ports(body: &Value, protocol: &Known<Protocol>) -> Known<(i64, i64)> {
    if protocol.is(|it| *it == Protocol::All).certain() {
        return Known::Default((0, 65_535));
    }
    let is_icmp = protocol.is(|it| matches!(it, Protocol::Icmp | Protocol::Icmpv6)).certain();
    let port = |key, default| set(body, key).map_or(Known::Default(default), |value| value.read::<i64>().known);
    match (port("from_port", -1), port("to_port", -1)) {
        (Known::Written(-1) | Known::Default(-1), _) => Known::Default((0, 65_535)),
        (Known::Written(first) | Known::Default(first), _) if is_icmp => Known::Written((first, first)),
        (Known::Unknown(unknown), _) | (_, Known::Unknown(unknown)) => Known::Unknown(unknown),
        (Known::Written(first) | Known::Default(first), Known::Written(last) | Known::Default(last)) => {
            Known::Written((first, if last == -1 { 65_535 } else { last }))
        }
    }
}

fn peers(reader: &mut Reader<'_>, body: &Value, own: &Link<SecurityGroup>) -> Vec<Peer> {
    let mut peers = Vec::new();
    for key in ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"] {
        for value in set(body, key).into_iter().flat_map(each) {
            peers.push(match value.read::<IpNet>().known {
                Known::Written(block) | Known::Default(block) => Peer::Block(block),
                Known::Unknown(unknown) => Peer::Unknown(unknown),
            });
        }
    }
    for key in ["prefix_list_ids", "prefix_list_id"] {
        for value in set(body, key).into_iter().flat_map(each) {
            peers.push(match reader.prefix_lists.link(reader.graph, Some(value)) {
                Link::Known(list) => Peer::PrefixList(list),
                Link::OneOf(_) | Link::Gone(_) => {
                    Peer::Unknown(Unknown::Opaque("one of several prefix lists".to_owned()))
                }
                Link::Unknown(unknown) => Peer::Unknown(unknown),
            });
        }
    }
    for key in ["security_groups", "source_security_group_id", "referenced_security_group_id"] {
        for value in set(body, key).into_iter().flat_map(each) {
            group_peers(reader, value, &mut peers);
        }
    }
    match set(body, "self").map(|value| value.read::<bool>().known) {
        Some(Known::Written(true) | Known::Default(true)) => peers.push(Peer::Group(own.clone())),
        Some(Known::Unknown(unknown)) => peers.push(Peer::Unknown(unknown)),
        Some(Known::Written(false) | Known::Default(false)) | None => (),
    }
    peers
}

/// The group that one item names; of a list that is not known whole, those that are certainly in it.
fn group_peers(reader: &mut Reader<'_>, value: &Value, peers: &mut Vec<Peer>) {
    if !matches!(value.unknown(), Some(Unknown::Members(_))) {
        peers.push(Peer::Group(link(reader, Some(value))));
        return;
    }
    let named = reader.graph.targets(value, SecurityGroup::NOUNS);
    for target in named.certain {
        peers.push(Peer::Group(link_target(reader, target)));
    }
    if let Some(others) = named.others {
        peers.push(Peer::Unknown(others));
    } else if !named.possible.is_empty() {
        peers.push(Peer::Unknown(Unknown::Opaque("one of several security groups".to_owned())));
    }
}

/// The items of a list; a single value is its own item, and so is a list that is not known.
pub(super) fn each(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::List(items) => items,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) | Kind::Unknown(_) => {
            std::slice::from_ref(value)
        }
    }
}
