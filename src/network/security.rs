//! Security groups: who may come in, by which ports. All three ways to write their rules are read.

use ipnet::IpNet;

use super::{
    arena::Id,
    name::{Link, Name, Part, blocks, set},
    prefix_list::PrefixList,
    reader::Reader,
};
use crate::{
    resource::Resource,
    schema::Noun,
    value::{Kind, Known, Truth, Unknown, Value},
};

/// A security group.
#[derive(Clone, Debug)]
pub struct SecurityGroup {
    pub name: Name,
    pub ingress: Vec<IngressRule>,
    /// It may admit others too, and this is why.
    pub others: Option<String>,
}

/// Who may come in, by which ports.
#[derive(Clone, Debug)]
pub struct IngressRule {
    pub protocol: Known<Protocol>,
    /// First and last.
    pub ports: Known<(i64, i64)>,
    pub sources: Vec<Source>,
    /// False where an unknown decides whether the group has it.
    pub is_certain: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Block(IpNet),
    PrefixList(Id<PrefixList>),
    /// A group's members, by their private addresses: never a client from the internet.
    Group,
    Unknown(Unknown),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    All,
    Tcp,
    Udp,
    /// One without ports.
    Other,
}

impl Part for SecurityGroup {
    const NOUNS: &'static [Noun] = &[Noun::SecurityGroup];

    fn bare(name: Name) -> Self {
        let others = match &name {
            Name::Declared(_) => None,
            Name::Implied(_) | Name::Outside(_) | Name::Read(_) => Some("the group stands outside the code".to_owned()),
        };
        Self { name, ingress: Vec::new(), others }
    }
}

impl IngressRule {
    /// Whether it admits what comes to `port` by `protocol`.
    pub fn admits(&self, port: i64, protocol: Protocol) -> Truth {
        match self.protocol.get() {
            None => Truth::Unknown,
            Some(Protocol::All) => Truth::True,
            Some(mine) if *mine == protocol => self.ports.is(|(first, last)| (*first..=*last).contains(&port)),
            Some(Protocol::Tcp | Protocol::Udp | Protocol::Other) => Truth::False,
        }
    }

    /// Whether it admits anything that has ports.
    pub fn admits_some_port(&self) -> Truth {
        self.protocol.is(|protocol| *protocol != Protocol::Other)
    }
}

impl Protocol {
    fn of(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "-1" | "all" => Self::All,
            "tcp" | "6" => Self::Tcp,
            "udp" | "17" => Self::Udp,
            _ => Self::Other,
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    read_standalone(reader);
    let graph = reader.graph;
    for kind in ["aws_security_group", "aws_default_security_group"] {
        for (id, resource) in graph.managed(kind) {
            let Some(group) = reader.security_groups.of_resource(id) else { continue };
            read_inline(reader, group, resource);
        }
    }
}

/// The `ingress` blocks of a group. A group that exists shows there its standalone rules, too, and even those that this
/// plan takes out: beside standalone rules, what it shows may be no more.
fn read_inline(reader: &mut Reader<'_>, group: Id<SecurityGroup>, resource: &Resource) {
    let exists = resource.set("id").and_then(Value::text).is_some();
    let is_certain = !exists || reader.security_groups.items[group].ingress.is_empty();
    let rules = match blocks(resource, "ingress") {
        Ok(rules) => rules,
        Err(why) => {
            reader.security_groups.items[group].others = Some(why.to_string());
            return;
        }
    };
    for body in rules {
        if let Some(unknown) = body.unknown() {
            reader.security_groups.items[group].others = Some(unknown.to_string());
            continue;
        }
        let rule = IngressRule { is_certain, ..rule(reader, body, "protocol") };
        reader.security_groups.items[group].ingress.push(rule);
    }
}

fn read_standalone(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    let mut anywhere = None;
    let older = graph.managed("aws_security_group_rule").filter(|(_, it)| {
        let direction = it.attr("type", "ingress".to_owned()).known;
        direction.is(|direction| direction == "ingress").possible()
    });
    let older = older.map(|(_, resource)| (resource, "protocol"));
    let newer = graph.managed("aws_vpc_security_group_ingress_rule").map(|(_, resource)| (resource, "ip_protocol"));
    for (resource, protocol) in older.chain(newer) {
        let rule = rule(reader, &resource.body, protocol);
        match reader.security_groups.link(graph, resource.set("security_group_id")) {
            Link::Known(group) => reader.security_groups.items[group].ingress.push(rule),
            Link::OneOf(groups) => {
                for group in groups {
                    let rule = IngressRule { is_certain: false, ..rule.clone() };
                    reader.security_groups.items[group].ingress.push(rule);
                }
            }
            Link::Gone(_) => (),
            Link::Unknown(_) => anywhere = Some(&resource.address),
        }
    }
    if let Some(address) = anywhere {
        for group in reader.security_groups.items.ids() {
            reader.security_groups.items[group].others = Some(format!("{address} may belong to it"));
        }
    }
}

fn rule(reader: &mut Reader<'_>, body: &Value, protocol: &str) -> IngressRule {
    let protocol = match set(body, protocol) {
        Some(value) => value.read::<String>().known.map(|text| Protocol::of(&text)),
        None => Known::Default(Protocol::All),
    };
    IngressRule { protocol, ports: ports(body), sources: sources(reader, body), is_certain: true }
}

fn ports(body: &Value) -> Known<(i64, i64)> {
    let port = |key, default| set(body, key).map_or(Known::Default(default), |value| value.read::<i64>().known);
    match (port("from_port", 0), port("to_port", 65_535)) {
        (Known::Unknown(unknown), _) | (_, Known::Unknown(unknown)) => Known::Unknown(unknown),
        (Known::Written(first) | Known::Default(first), Known::Written(last) | Known::Default(last)) => {
            Known::Written((first, last))
        }
    }
}

fn sources(reader: &mut Reader<'_>, body: &Value) -> Vec<Source> {
    let mut sources = Vec::new();
    for key in ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"] {
        for value in set(body, key).into_iter().flat_map(each) {
            sources.push(match value.read::<IpNet>().known {
                Known::Written(block) | Known::Default(block) => Source::Block(block),
                Known::Unknown(unknown) => Source::Unknown(unknown),
            });
        }
    }
    for key in ["prefix_list_ids", "prefix_list_id"] {
        for value in set(body, key).into_iter().flat_map(each) {
            sources.push(match reader.prefix_lists.link(reader.graph, Some(value)) {
                Link::Known(list) => Source::PrefixList(list),
                Link::OneOf(_) | Link::Gone(_) => {
                    Source::Unknown(Unknown::Opaque("one of several prefix lists".to_owned()))
                }
                Link::Unknown(unknown) => Source::Unknown(unknown),
            });
        }
    }
    let groups = ["security_groups", "self", "source_security_group_id", "referenced_security_group_id"];
    if groups.iter().any(|key| set(body, key).is_some_and(|value| value.kind != Kind::Bool(false))) {
        sources.push(Source::Group);
    }
    sources
}

/// The items of a list; a single value is its own item, and so is a list that is not known.
fn each(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::List(items) => items,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) | Kind::Unknown(_) => {
            std::slice::from_ref(value)
        }
    }
}
