//! Network access control lists: numbered rules at a subnet's border, the first that fits decides, both ways.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>

use ipnet::IpNet;

use super::{
    arena::Id,
    defaults,
    name::{Declared, Link, Name, Part, blocks, resolve, set},
    reader::Reader,
    security::{Direction, Protocol},
    subnet::Subnet,
    vpc::Vpc,
};
use crate::{
    graph::{ResourceId, Target, Targets},
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown, Value},
};

/// A network ACL.
#[derive(Clone, Debug)]
pub struct NetworkAcl {
    pub name: Name,
    pub ingress: Vec<AclRule>,
    pub egress: Vec<AclRule>,
    /// It may have other rules, and this is why.
    pub others: Option<String>,
}

/// One numbered rule.
#[derive(Clone, Debug)]
pub struct AclRule {
    pub number: Known<i64>,
    /// What it does with a packet: lets it pass, or drops it.
    pub allows: Known<bool>,
    pub protocol: Known<Protocol>,
    /// Destination ports, first and last; of ICMP, the types.
    pub ports: Known<(i64, i64)>,
    /// The block that the packet comes from, or goes to.
    pub block: Known<IpNet>,
    /// False where an unknown decides whether the list has it.
    pub is_certain: bool,
    pub written: Option<Declared>,
}

impl Part for NetworkAcl {
    const NOUNS: &'static [Noun] = &[Noun::NetworkAcl];

    fn bare(name: Name) -> Self {
        let others = match &name {
            Name::Declared(_) => None,
            Name::Implied(_) | Name::Outside(_) | Name::Read(_) => {
                Some("the network ACL stands outside the code".to_owned())
            }
        };
        Self { name, ingress: Vec::new(), egress: Vec::new(), others }
    }
}

impl NetworkAcl {
    pub fn rules(&self, direction: Direction) -> &[AclRule] {
        match direction {
            Direction::In => &self.ingress,
            Direction::Out => &self.egress,
        }
    }

    fn rules_mut(&mut self, direction: Direction) -> &mut Vec<AclRule> {
        match direction {
            Direction::In => &mut self.ingress,
            Direction::Out => &mut self.egress,
        }
    }
}

impl AclRule {
    fn allow_all(block: IpNet) -> Self {
        Self {
            number: Known::Default(100),
            allows: Known::Default(true),
            protocol: Known::Default(Protocol::All),
            ports: Known::Default((0, 65_535)),
            block: Known::Default(block),
            is_certain: true,
            written: None,
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    make_default_lists(reader);
    for kind in ["aws_network_acl", "aws_default_network_acl"] {
        for (id, resource) in reader.graph.managed(kind) {
            let Some(acl) = reader.acls.of_resource(id) else { continue };
            for (attribute, direction) in [("ingress", Direction::In), ("egress", Direction::Out)] {
                read_inline(reader, acl, id, resource, attribute, direction);
            }
        }
    }
    read_standalone(reader);
    associate(reader);
}

/// Every VPC has a list that lets everything pass, until the code adopts it: then it has the code's rules alone.
fn make_default_lists(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_default_network_acl") {
        let Some(acl) = reader.acls.of_resource(id) else { continue };
        let vpc = match resource.set("default_network_acl_id").map(|it| resolve(reader.graph, it, &[Noun::Vpc])) {
            Some(Target::Resource(vpc, _)) => reader.vpcs.of_resource(vpc),
            Some(Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_)) | None => {
                reader.vpcs.link(reader.graph, resource.set("vpc_id")).known()
            }
        };
        let named = resource.set("default_network_acl_id").and_then(Value::text);
        let by_id = named.and_then(|text| match reader.graph.named(text, NetworkAcl::NOUNS) {
            Target::Resource(owner, _) => reader.vpcs.of_resource(owner),
            Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
        });
        if let Some(vpc) = vpc.or(by_id) {
            if !reader.vpcs.counts_as(&resource.address, vpc) {
                reader.acls.items[acl].others = Some(format!("whether {} manages it", resource.address));
            }
            reader.vpcs.items[vpc].default_acl = Some(acl);
        }
    }
    for vpc in reader.vpcs.items.ids() {
        let it = &reader.vpcs.items[vpc];
        let is_ours = it.name.in_code().is_some() || it.is_default;
        if it.default_acl.is_some() || !is_ours {
            continue;
        }
        let acl = reader.acls.implied(&format!("{}.default_network_acl_id", it.name.text()));
        let allow = || defaults::everywhere_of_both().map(AclRule::allow_all).to_vec();
        let list = &mut reader.acls.items[acl];
        (list.ingress, list.egress, list.others) = (allow(), allow(), None);
        reader.vpcs.items[vpc].default_acl = Some(acl);
    }
}

fn read_inline(
    reader: &mut Reader<'_>,
    acl: Id<NetworkAcl>,
    id: ResourceId,
    resource: &Resource,
    attribute: &str,
    direction: Direction,
) {
    let list = &mut reader.acls.items[acl];
    match blocks(resource, attribute) {
        Err(why) => list.others = Some(why.to_string()),
        Ok(rules) => {
            for body in rules {
                match body.unknown() {
                    Some(why) => list.others = Some(why.to_string()),
                    None => list
                        .rules_mut(direction)
                        .push(AclRule { written: Some(Declared::of(id, resource)), ..rule(body, "rule_no", "action") }),
                }
            }
        }
    }
}

fn read_standalone(reader: &mut Reader<'_>) {
    let mut anywhere = None;
    for (id, resource) in reader.graph.managed("aws_network_acl_rule") {
        let egress = resource.attr("egress", false).known;
        let both = [(Direction::Out, true), (Direction::In, false)];
        let directions = both.into_iter().filter(|(_, is)| egress.is(|it| it == is).possible());
        let is_certain = egress.why_unknown().is_none();
        let written = Some(Declared::of(id, resource));
        let rule = AclRule { is_certain, written, ..rule(&resource.body, "rule_number", "rule_action") };
        let link = link(reader, resource.set("network_acl_id"));
        let link = reader.acls.claim(&resource.address, link);
        for (direction, _) in directions {
            match &link {
                Link::Known(acl) => reader.acls.items[*acl].rules_mut(direction).push(rule.clone()),
                Link::OneOf(acls) => {
                    for acl in acls {
                        let rule = AclRule { is_certain: false, ..rule.clone() };
                        reader.acls.items[*acl].rules_mut(direction).push(rule);
                    }
                }
                Link::Gone(_) => (),
                Link::Unknown(_) => anywhere = Some(&resource.address),
            }
        }
    }
    if let Some(address) = anywhere {
        for acl in reader.acls.items.ids() {
            let list = &mut reader.acls.items[acl];
            if list.name.in_code().is_some() {
                list.others = Some(format!("{address} may belong to it"));
            }
        }
    }
}

/// What an attribute that should hold a list's id names; a VPC names its default list.
fn link(reader: &mut Reader<'_>, value: Option<&Value>) -> Link<NetworkAcl> {
    let Some(value) = value else { return Link::nothing("no network ACL is written") };
    let target = resolve(reader.graph, value, NetworkAcl::NOUNS);
    if let Target::Resource(id, "default_network_acl_id") = target
        && let Some(acl) = reader.vpcs.of_resource(id).and_then(|vpc| reader.vpcs.items[vpc].default_acl)
    {
        return Link::Known(acl);
    }
    reader.acls.link_target(reader.graph, target)
}

fn rule(body: &Value, number: &str, action: &str) -> AclRule {
    let unknown = |what: &str| Unknown::Opaque(format!("no {what} is written"));
    let block = set(body, "cidr_block").or_else(|| set(body, "ipv6_cidr_block"));
    let protocol = Protocol::read(set(body, "protocol"));
    AclRule {
        number: set(body, number).map_or(Known::Unknown(unknown("number")), |it| it.read().known),
        allows: set(body, action).map_or(Known::Unknown(unknown("action")), |it| {
            it.read::<String>().known.map(|text| text.eq_ignore_ascii_case("allow"))
        }),
        ports: ports(body, &protocol),
        protocol,
        block: block.map_or(Known::Unknown(unknown("block")), |it| it.read().known),
        is_certain: true,
        written: None,
    }
}

fn ports(body: &Value, protocol: &Known<Protocol>) -> Known<(i64, i64)> {
    let port = |key, default| set(body, key).map_or(Known::Default(default), |value| value.read::<i64>().known);
    let (first, last) = match protocol.get() {
        Some(Protocol::All | Protocol::Other(_)) => return Known::Default((0, 65_535)),
        Some(Protocol::Icmp | Protocol::Icmpv6) => {
            return match port("icmp_type", -1) {
                Known::Written(-1) | Known::Default(-1) => Known::Default((0, 65_535)),
                Known::Written(kind) | Known::Default(kind) => Known::Written((kind, kind)),
                Known::Unknown(unknown) => Known::Unknown(unknown),
            };
        }
        Some(Protocol::Tcp | Protocol::Udp) | None => (port("from_port", 0), port("to_port", 65_535)),
    };
    match (first, last) {
        (Known::Unknown(unknown), _) | (_, Known::Unknown(unknown)) => Known::Unknown(unknown),
        (Known::Written(first) | Known::Default(first), Known::Written(last) | Known::Default(last)) => {
            Known::Written((first, last))
        }
    }
}

/// Which list is in force in each subnet: its own, or its VPC's default.
fn associate(reader: &mut Reader<'_>) {
    let mut open = None;
    for kind in ["aws_network_acl", "aws_default_network_acl"] {
        for (id, resource) in reader.graph.managed(kind) {
            let Some(acl) = reader.acls.of_resource(id) else { continue };
            let named =
                resource.set("subnet_ids").map_or_else(Targets::default, |it| reader.graph.targets(it, Subnet::NOUNS));
            for target in named.certain {
                let subnet = reader.subnets.link_target(reader.graph, target);
                match reader.subnets.claim(&resource.address, subnet) {
                    Link::Known(subnet) => reader.subnets.items[subnet].acl = Link::Known(acl),
                    Link::OneOf(subnets) => may_have(reader, &subnets, acl),
                    Link::Unknown(why) if kind == "aws_network_acl" => open = Some(why.to_string()),
                    Link::Gone(_) | Link::Unknown(_) => (),
                }
            }
            for target in named.possible {
                let link = reader.subnets.link_target(reader.graph, target);
                may_have(reader, link.candidates().unwrap_or_default(), acl);
            }
            // Whatever else the default list names has it anyway.
            if kind == "aws_network_acl" {
                open = named.others.map(|it| it.to_string()).or(open);
            }
        }
    }
    for (_, resource) in reader.graph.managed("aws_network_acl_association") {
        let acl = link(reader, resource.set("network_acl_id"));
        let subnet = reader.subnets.link(reader.graph, resource.set("subnet_id"));
        match reader.subnets.claim(&resource.address, subnet) {
            Link::Known(subnet) => reader.subnets.items[subnet].acl = acl,
            Link::OneOf(subnets) => {
                for subnet in subnets {
                    reader.subnets.items[subnet].acl = Link::nothing("which subnets a network ACL is for");
                }
            }
            Link::Gone(_) => (),
            Link::Unknown(why) => open = Some(why.to_string()),
        }
    }
    give_defaults(reader, open.as_deref());
}

/// A subnet without a list of its own has its VPC's default one, unless `open` says that it may have another.
fn give_defaults(reader: &mut Reader<'_>, open: Option<&str>) {
    for subnet in reader.subnets.items.ids() {
        let it = &reader.subnets.items[subnet];
        if it.acl != Link::nothing(Subnet::NO_ACL) {
            continue;
        }
        let default = it.vpc.known().and_then(|vpc: Id<Vpc>| reader.vpcs.items[vpc].default_acl);
        reader.subnets.items[subnet].acl = match (open, default) {
            (Some(why), _) => Link::Unknown(Unknown::Opaque(why.to_owned())),
            (None, Some(acl)) => Link::Known(acl),
            (None, None) => Link::nothing("the network ACL stands outside the code"),
        };
    }
}

fn may_have(reader: &mut Reader<'_>, subnets: &[Id<Subnet>], acl: Id<NetworkAcl>) {
    for &subnet in subnets {
        let it = &reader.subnets.items[subnet];
        let default = it.vpc.known().and_then(|vpc| reader.vpcs.items[vpc].default_acl);
        let both = default.into_iter().chain([acl]).collect();
        let why = || Unknown::Opaque("which subnets a network ACL is for".to_owned());
        reader.subnets.items[subnet].acl = Link::among(both, why);
    }
}
