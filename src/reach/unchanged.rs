//! What a change leaves alone: pairs of interfaces between which everything is as it was.
//!
//! Between two ends lie their own security groups, and all the rest. Where the rest does with every packet what it did,
//! and the groups have the rules that they had, nothing changes for any interfaces like these, whichever groups they have.

use rustc_hash::FxHashMap;

use super::{
    Packets, Party, Path, Question, Ranges, RouteResolver, Traffic,
    packets::TCP,
    path::{End, Hop, Outside, Step},
};
use crate::network::{Id, Link, Network, NetworkInterface, Peer, SecurityGroup, SecurityRule};

/// An interface before and after.
pub(super) type Both = (Id<NetworkInterface>, Id<NetworkInterface>);

/// Whether pairs are as they were, looked at once for all that differ in their groups alone.
pub(super) struct Unchanged<'a> {
    before: &'a RouteResolver<'a>,
    after: &'a RouteResolver<'a>,
    /// The class of each interface but for its groups, before and after.
    classes: [FxHashMap<Id<NetworkInterface>, usize>; 2],
    /// By the classes of the two ends, and whether they are neighbours.
    between: FxHashMap<([usize; 2], [usize; 2], bool), bool>,
    groups: FxHashMap<Both, bool>,
}

impl<'a> Unchanged<'a> {
    pub(super) fn of(before: &'a RouteResolver<'a>, after: &'a RouteResolver<'a>, all: &[Both]) -> Self {
        let was = before.classes_but_for_groups(all.iter().map(|it| it.0)).by_member();
        let is = after.classes_but_for_groups(all.iter().map(|it| it.1)).by_member();
        Self { before, after, classes: [was, is], between: FxHashMap::default(), groups: FxHashMap::default() }
    }

    /// Whether nothing can have changed between two interfaces.
    pub(super) fn is(&mut self, from: Both, to: Both) -> bool {
        self.has_its_rules(from) && self.has_its_rules(to) && self.is_between(from, to)
    }

    fn is_between(&mut self, from: Both, to: Both) -> bool {
        let [was, is] = &self.classes;
        let class = |it: Both| Some([*was.get(&it.0)?, *is.get(&it.1)?]);
        let (Some(one), Some(other)) = (class(from), class(to)) else { return false };
        let subnet = |it: Id<NetworkInterface>| self.after.network().interfaces[it].subnet.known();
        let key = (one, other, subnet(from.1) == subnet(to.1));
        let (before, after) = (self.before, self.after);
        *self.between.entry(key).or_insert_with(|| {
            let was = between(before, from.0, to.0);
            let is = between(after, from.1, to.1);
            was.len() == is.len() && was.iter().zip(&is).all(|(was, is)| is_same(was, is))
        })
    }

    fn has_its_rules(&mut self, it: Both) -> bool {
        let (before, after) = (self.before.network(), self.after.network());
        *self.groups.entry(it).or_insert_with(|| rules(before, it.0) == rules(after, it.1))
    }
}

fn between(resolver: &RouteResolver<'_>, from: Id<NetworkInterface>, to: Id<NetworkInterface>) -> Vec<Path> {
    let traffic = Traffic::to_ports(TCP, Ranges::of([(0, 65_535)]));
    let question = Question { from: Party::Interface(from), to: Party::Interface(to), traffic };
    resolver.reach_between_ends(&question).paths
}

/// Whether two paths, each in a network of its own, are the same by every name.
fn is_same(one: &Path, other: &Path) -> bool {
    let back = match (&one.back, &other.back) {
        (None, None) => true,
        (Some(one), Some(other)) => ends_alike(&one.end, &other.end) && hops_alike(&one.hops, &other.hops),
        (Some(_), None) | (None, Some(_)) => false,
    };
    back && one.packets == other.packets
        && one.doubt == other.doubt
        && ends_alike(&one.end, &other.end)
        && hops_alike(&one.hops, &other.hops)
}

fn hops_alike(one: &[Hop], other: &[Hop]) -> bool {
    let told = |hop: &Hop| -> (String, Step, String) { (hop.resource.clone(), hop.step, hop.text.clone()) };
    let packets = |hops: &[Hop]| -> Vec<Packets> { hops.iter().map(|hop| hop.packets.clone()).collect() };
    one.len() == other.len() && one.iter().map(told).eq(other.iter().map(told)) && packets(one) == packets(other)
}

/// Which interface it is, the hops say.
fn ends_alike(one: &End, other: &End) -> bool {
    match (one, other) {
        (End::Left(one), End::Left(other)) => match (one, other) {
            (Outside::Internet(_), Outside::Internet(_))
            | (Outside::Service(_), Outside::Service(_))
            | (Outside::OnPremises, Outside::OnPremises) => true,
            (Outside::Internet(_) | Outside::Service(_) | Outside::OnPremises, _) => false,
        },
        (End::Delivered(one), End::Delivered(other)) => one.is_some() == other.is_some(),
        (End::Delivered(_) | End::Left(_) | End::Returned | End::Dropped(_) | End::Unknown(_), _) => one == other,
    }
}

/// The rules of an interface's groups, by name, with the names of the groups themselves: others refer to these.
fn rules(network: &Network, interface: Id<NetworkInterface>) -> Option<Vec<String>> {
    let groups = network.interfaces[interface].groups.as_ref()?;
    let of = |link: &Link<SecurityGroup>| match link.known() {
        Some(group) => {
            let group = &network.security_groups[group];
            let rules = |rules: &[SecurityRule]| rules.iter().map(|rule| rule_text(network, rule)).collect::<Vec<_>>();
            let (ingress, egress) = (rules(&group.ingress), rules(&group.egress));
            format!("{} {ingress:?} {:?} {egress:?} {:?}", group.name.text(), group.other_ingress, group.other_egress)
        }
        // What is not known may be another thing each time.
        None => format!("{interface:?} {link:?}"),
    };
    Some(groups.links.iter().map(of).chain(groups.others.clone()).collect())
}

fn rule_text(network: &Network, rule: &SecurityRule) -> String {
    let peer = |peer: &Peer| match peer {
        Peer::Block(block) => block.to_string(),
        Peer::PrefixList(list) => {
            let list = &network.prefix_lists[*list];
            format!("{} {:?} {:?}", list.name.text(), list.blocks, list.others)
        }
        Peer::Group(link) => link
            .known()
            .map_or_else(|| format!("{link:?}"), |group| network.security_groups[group].name.text().to_owned()),
        Peer::Unknown(unknown) => unknown.to_string(),
    };
    let peers: Vec<_> = rule.peers.iter().map(peer).collect();
    format!("{:?} {:?} {} {peers:?}", rule.protocol, rule.ports, rule.is_certain)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::network::testing::graph;

    /// Two subnets with a server each, whose group admits one port.
    fn network() -> Json {
        let group = json!({"vpc_id": "${aws_vpc.main.id}",
            "ingress": [{"from_port": 80, "to_port": 80, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/16"]}],
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]});
        let server = |subnet: &str, group: &str| {
            json!({"subnet_id": format!("${{aws_subnet.{subnet}.id}}"),
                "vpc_security_group_ids": [format!("${{aws_security_group.{group}.id}}")]})
        };
        let list = json!([{"rule_no": 1, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_block": "0.0.0.0/0"}]);
        json!({
            "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
            "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "availability_zone": "a"},
            "aws_subnet.b": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24", "availability_zone": "a"},
            "aws_network_acl.b": {"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.b.id}"], "ingress": list, "egress": list},
            "aws_security_group.a": group,
            "aws_security_group.b": group,
            "aws_instance.a": server("a", "a"),
            "aws_instance.near": server("a", "a"),
            "aws_instance.b": server("b", "b"),
        })
    }

    /// Whether nothing can have changed from `a` to its neighbour, from `a` to `b`, and from `b` to `a`.
    fn unchanged(after: &Json) -> [bool; 3] {
        let graphs = [graph(&network()), graph(after)];
        let networks = [0, 1].map(|at| Network::of(&graphs[at]));
        let [before, after] = [0, 1].map(|at: usize| RouteResolver::new(&networks[at]));
        let interface = |at: usize, name: &str| {
            let owner = networks[at].owners.iter().find(|(_, owner)| owner.name.text() == name).unwrap().1;
            owner.interfaces[0]
        };
        let [a, near, b] = ["aws_instance.a", "aws_instance.near", "aws_instance.b"]
            .map(|name| (interface(0, name), interface(1, name)));
        let mut unchanged = Unchanged::of(&before, &after, &[a, near, b]);
        [unchanged.is(a, near), unchanged.is(a, b), unchanged.is(b, a)]
    }

    #[test]
    fn a_pair_is_as_it_was_where_its_rules_and_all_that_lies_between_are() {
        let mut after = network();
        assert_eq!(unchanged(&after), [true; 3]);
        // Something new changes every number, and nothing that is there.
        after["aws_vpc.apart"] = json!({"cidr_block": "10.9.0.0/16"});
        after["aws_security_group.0"] = json!({"vpc_id": "${aws_vpc.apart.id}"});
        assert_eq!(unchanged(&after), [true; 3]);
        let mut rules = network();
        rules["aws_security_group.b"]["ingress"][0]["to_port"] = json!(81);
        assert_eq!(unchanged(&rules), [true, false, false]);
        // Neighbours meet no list.
        let mut list = network();
        list["aws_network_acl.b"]["ingress"][0]["action"] = json!("deny");
        assert_eq!(unchanged(&list), [true, false, false]);
        let mut route = network();
        route["aws_subnet.b"]["cidr_block"] = json!("10.0.2.0/24");
        assert_eq!(unchanged(&route), [true, false, false]);
    }
}
