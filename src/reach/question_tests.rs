//! Networks as AWS's guides draw them, and who gets where.

#![expect(clippy::needless_pass_by_value, reason = "`json!` at every call, without an ampersand")]

use serde_json::{Value as Json, json};

use super::{Code, Party, Question, Ranges, Reachability, RouteResolver, Space, Traffic, Verdict, packets::TCP};
use crate::{
    network::{Family, Network, testing::graph},
    value::Address,
};

/// A VPC with a public subnet and a private one behind a NAT gateway, a web server and a database.
pub(super) fn classic() -> Json {
    json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_subnet.public": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "availability_zone": "a"},
        "aws_subnet.private": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24", "availability_zone": "a"},
        "aws_route_table.public": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"}]},
        "aws_route_table.private": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.out.id}"}]},
        "aws_route_table_association.public": {"subnet_id": "${aws_subnet.public.id}", "route_table_id": "${aws_route_table.public.id}"},
        "aws_route_table_association.private": {"subnet_id": "${aws_subnet.private.id}", "route_table_id": "${aws_route_table.private.id}"},
        "aws_eip.out": {},
        "aws_nat_gateway.out": {"subnet_id": "${aws_subnet.public.id}", "allocation_id": "${aws_eip.out.id}"},
        "aws_security_group.web": {"vpc_id": "${aws_vpc.main.id}",
            "ingress": [{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}],
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_security_group.data": {"vpc_id": "${aws_vpc.main.id}",
            "ingress": [{"from_port": 5432, "to_port": 5432, "protocol": "tcp", "security_groups": ["${aws_security_group.web.id}"]}],
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_instance.web": {"subnet_id": "${aws_subnet.public.id}", "associate_public_ip_address": true,
            "vpc_security_group_ids": ["${aws_security_group.web.id}"]},
        "aws_instance.data": {"subnet_id": "${aws_subnet.private.id}", "vpc_security_group_ids": ["${aws_security_group.data.id}"]},
    })
}

pub(super) fn with(mut network: Json, more: Json) -> Json {
    network.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    network
}

/// The answer of a question between two addresses of resources, or `internet`.
pub(super) fn ask(resources: &Json, from: &str, to: &str, port: u16) -> Reachability {
    let graph = graph(resources);
    let network = Network::of(&graph);
    let party = |name: &str| match name {
        "internet" => Party::Internet(Space::internet(Family::V4)),
        "internet_ipv6" => Party::Internet(Space::internet(Family::V6)),
        name => {
            let owner = network.owner_of(graph.find(&Address::new(name)).unwrap()).unwrap();
            Party::Interface(network.owners[owner].interfaces[0])
        }
    };
    let question = Question { from: party(from), to: party(to), traffic: Traffic::to_port(TCP, port) };
    RouteResolver::new(&network).reach(&question)
}

#[track_caller]
pub(super) fn assert_verdict(resources: &Json, (from, to, port): (&str, &str, u16), expected: Verdict, codes: &[Code]) {
    let answer = ask(resources, from, to, port);
    let mut found: Vec<_> = answer.paths.iter().filter_map(super::Path::code).collect();
    found.sort_unstable();
    found.dedup();
    assert_eq!((answer.verdict(), found.as_slice()), (expected, codes), "{:#?}", answer.paths);
}

#[test]
fn a_public_server_is_reached_by_its_port_alone() {
    let network = classic();
    assert_verdict(&network, ("internet", "aws_instance.web", 443), Verdict::Reachable, &[]);
    assert_verdict(&network, ("internet", "aws_instance.web", 22), Verdict::Unreachable, &[Code::EniSgRulesMismatch]);
    let no_address = &[Code::IgwPrivateIpAssociationForIngress];
    assert_verdict(&network, ("internet", "aws_instance.data", 5432), Verdict::Unreachable, no_address);
}

#[test]
fn an_account_may_block_what_comes_from_the_internet() {
    let blocked = |mode: &str, more: Json| {
        let block = json!({"aws_vpc_block_public_access_options.all": {"internet_gateway_block_mode": mode}});
        with(with(classic(), block), more)
    };
    let code = &[Code::VpcBlockPublicAccessEnabled];
    let (web_in, web_out) = (("internet", "aws_instance.web", 443), ("aws_instance.web", "internet", 443));
    let nat_out = ("aws_instance.data", "internet", 443);
    let ingress = blocked("block-ingress", json!({}));
    assert_verdict(&ingress, web_in, Verdict::Unreachable, code);
    assert_verdict(&ingress, web_out, Verdict::Unreachable, code);
    assert_verdict(&ingress, nat_out, Verdict::Reachable, &[]);
    let both = blocked("block-bidirectional", json!({}));
    assert_verdict(&both, nat_out, Verdict::Unreachable, code);
    let but = |mode: &str| {
        json!({"aws_vpc_block_public_access_exclusion.public": {"subnet_id": "${aws_subnet.public.id}",
            "internet_gateway_exclusion_mode": mode}})
    };
    let out_alone = blocked("block-bidirectional", but("allow-egress"));
    assert_verdict(&out_alone, nat_out, Verdict::Reachable, &[]);
    assert_verdict(&out_alone, web_out, Verdict::Unreachable, code);
    assert_verdict(&out_alone, web_in, Verdict::Unreachable, code);
    assert_verdict(&blocked("block-bidirectional", but("allow-bidirectional")), web_in, Verdict::Reachable, &[]);
}

#[test]
fn a_group_admits_the_members_of_another() {
    let network = classic();
    assert_verdict(&network, ("aws_instance.web", "aws_instance.data", 5432), Verdict::Reachable, &[]);
    let closed = Verdict::Unreachable;
    assert_verdict(&network, ("aws_instance.data", "aws_instance.data", 5432), closed, &[Code::EniSgRulesMismatch]);
    assert_verdict(&network, ("aws_instance.web", "aws_instance.data", 22), closed, &[Code::EniSgRulesMismatch]);
}

#[test]
fn out_by_a_nat_gateway_and_back() {
    let network = classic();
    let answer = ask(&network, "aws_instance.data", "internet", 443);
    assert_eq!(answer.verdict(), Verdict::Reachable, "{:#?}", answer.paths);
    let things: Vec<_> = answer.paths.iter().flat_map(super::Path::things).collect();
    assert!(things.iter().any(|it| matches!(it, super::Thing::Nat(_))));
}

#[test]
fn a_node_whose_answers_go_to_a_nat_gateway_answers_nobody() {
    let network = with(
        classic(),
        json!({"aws_instance.lost": {"subnet_id": "${aws_subnet.private.id}", "associate_public_ip_address": true,
            "vpc_security_group_ids": ["${aws_security_group.web.id}"]}}),
    );
    let asked = ("internet", "aws_instance.lost", 443);
    assert_verdict(&network, asked, Verdict::OneWay, &[Code::AsymmetricReply]);
}

#[test]
fn a_list_drops_answers_to_ports_that_it_does_not_name() {
    let acl = |last: u16| {
        json!({"aws_network_acl.public": {"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.public.id}"],
            "ingress": [{"rule_no": 100, "action": "allow", "protocol": "6", "from_port": 443, "to_port": 443, "cidr_block": "0.0.0.0/0"}],
            "egress": [{"rule_no": 100, "action": "allow", "protocol": "6", "from_port": 1024, "to_port": last, "cidr_block": "0.0.0.0/0"}]}})
    };
    let asked = ("internet", "aws_instance.web", 443);
    assert_verdict(&with(classic(), acl(65_535)), asked, Verdict::Reachable, &[]);
    let narrow = with(classic(), acl(49_151));
    assert_verdict(&narrow, asked, Verdict::OneWay, &[Code::SubnetAclRestriction]);
    let lost = ask(&narrow, asked.0, asked.1, asked.2).certain(super::Fate::OneWay);
    assert_eq!(lost.numbers(super::Side::SourcePort), Ranges::of([(49_152, 65_535)]));
    assert_verdict(&narrow, ("internet", "aws_instance.web", 22), Verdict::Unreachable, &[Code::SubnetAclRestriction]);
}

#[test]
fn the_first_rule_of_a_list_decides() {
    let network = with(
        classic(),
        json!({"aws_network_acl.public": {"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.public.id}"],
            "ingress": [
                {"rule_no": 200, "action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0"},
                {"rule_no": 100, "action": "deny", "protocol": "-1", "cidr_block": "198.51.100.0/24"}],
            "egress": [{"rule_no": 100, "action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0"}]}}),
    );
    let answer = ask(&network, "internet", "aws_instance.web", 443);
    let denied = answer.certain(super::Fate::Blocked).space(super::Side::Source);
    assert_eq!(denied.blocks(), ["198.51.100.0/24".parse().unwrap()]);
    assert_eq!(answer.verdict(), Verdict::Reachable);
}

#[test]
fn an_unknown_rule_leaves_the_question_open() {
    let network = with(
        classic(),
        json!({"aws_security_group_rule.more": {"type": "ingress", "security_group_id": "${aws_security_group.web.id}",
            "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["?"]}}),
    );
    let answer = ask(&network, "internet", "aws_instance.web", 22);
    assert_eq!(answer.verdict(), Verdict::Unknown);
    assert_eq!(answer.unknowns(), ["a test's unknown"]);
    assert_eq!(ask(&network, "internet", "aws_instance.web", 443).verdict(), Verdict::Reachable);
}

/// Two VPCs, a server in each.
pub(super) fn pair(more: Json) -> Json {
    let open = |vpc: &str| {
        json!({"vpc_id": format!("${{aws_vpc.{vpc}.id}}"),
            "ingress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}],
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]})
    };
    with(
        json!({
            "aws_vpc.a": {"cidr_block": "10.1.0.0/16"},
            "aws_vpc.b": {"cidr_block": "10.2.0.0/16"},
            "aws_subnet.a": {"vpc_id": "${aws_vpc.a.id}", "cidr_block": "10.1.0.0/24", "availability_zone": "x"},
            "aws_subnet.b": {"vpc_id": "${aws_vpc.b.id}", "cidr_block": "10.2.0.0/24", "availability_zone": "x"},
            "aws_security_group.a": open("a"),
            "aws_security_group.b": open("b"),
            "aws_instance.a": {"subnet_id": "${aws_subnet.a.id}", "vpc_security_group_ids": ["${aws_security_group.a.id}"]},
            "aws_instance.b": {"subnet_id": "${aws_subnet.b.id}", "vpc_security_group_ids": ["${aws_security_group.b.id}"]},
        }),
        more,
    )
}

pub(super) fn route(vpc: &str, to: &str, attribute: &str, target: &str) -> Json {
    json!({(format!("aws_route.{vpc}")): {"route_table_id": format!("${{aws_vpc.{vpc}.main_route_table_id}}"),
        "destination_cidr_block": to, (attribute): format!("${{{target}.id}}")}})
}

#[test]
fn peering_needs_a_route_on_both_sides() {
    let peering = json!({"aws_vpc_peering_connection.ab": {
        "vpc_id": "${aws_vpc.a.id}", "peer_vpc_id": "${aws_vpc.b.id}", "auto_accept": true}});
    let there = route("a", "10.2.0.0/16", "vpc_peering_connection_id", "aws_vpc_peering_connection.ab");
    let back = route("b", "10.1.0.0/16", "vpc_peering_connection_id", "aws_vpc_peering_connection.ab");
    let asked = ("aws_instance.a", "aws_instance.b", 80);
    let none = pair(peering.clone());
    assert_verdict(&none, asked, Verdict::Unreachable, &[Code::NoRouteToDestination]);
    let one = with(pair(peering), there);
    assert_verdict(&one, asked, Verdict::OneWay, &[Code::NoRouteToDestination]);
    assert_verdict(&with(one, back), asked, Verdict::Reachable, &[]);
}

#[test]
fn a_transit_gateway_joins_what_its_table_joins() {
    let attached = |more: Json| {
        let transit = json!({
            "aws_ec2_transit_gateway.hub": {},
            "aws_ec2_transit_gateway_vpc_attachment.a": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
                "vpc_id": "${aws_vpc.a.id}", "subnet_ids": ["${aws_subnet.a.id}"]},
            "aws_ec2_transit_gateway_vpc_attachment.b": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
                "vpc_id": "${aws_vpc.b.id}", "subnet_ids": ["${aws_subnet.b.id}"]},
        });
        let network =
            with(pair(transit), route("a", "10.2.0.0/16", "transit_gateway_id", "aws_ec2_transit_gateway.hub"));
        with(with(network, route("b", "10.1.0.0/16", "transit_gateway_id", "aws_ec2_transit_gateway.hub")), more)
    };
    let asked = ("aws_instance.a", "aws_instance.b", 80);
    assert_verdict(&attached(json!({})), asked, Verdict::Reachable, &[]);
    let isolated = json!({
        "aws_ec2_transit_gateway.hub": {"default_route_table_propagation": "disable"}});
    assert_verdict(&attached(isolated), asked, Verdict::Unreachable, &[Code::TgwRtbNoRouteToTgwAttachment]);
    let other_zone = json!({
        "aws_subnet.a2": {"vpc_id": "${aws_vpc.a.id}", "cidr_block": "10.1.1.0/24", "availability_zone": "y"},
        "aws_instance.a": {"subnet_id": "${aws_subnet.a2.id}", "vpc_security_group_ids": ["${aws_security_group.a.id}"]}});
    assert_verdict(&attached(other_zone), asked, Verdict::Unreachable, &[Code::TgwRouteAzRestriction]);
}

#[test]
fn an_internet_gateway_serves_its_own_vpc_alone() {
    let network = with(
        pair(json!({
            "aws_internet_gateway.b": {"vpc_id": "${aws_vpc.b.id}"},
            "aws_internet_gateway.a": {"vpc_id": "${aws_vpc.a.id}"},
            "aws_instance.a": {"subnet_id": "${aws_subnet.a.id}", "associate_public_ip_address": true,
                "vpc_security_group_ids": ["${aws_security_group.a.id}"]},
            "aws_ec2_transit_gateway.hub": {},
            "aws_ec2_transit_gateway_vpc_attachment.a": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
                "vpc_id": "${aws_vpc.a.id}", "subnet_ids": ["${aws_subnet.a.id}"]},
            "aws_ec2_transit_gateway_vpc_attachment.b": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
                "vpc_id": "${aws_vpc.b.id}", "subnet_ids": ["${aws_subnet.b.id}"]},
            "aws_ec2_transit_gateway_route.out": {"destination_cidr_block": "0.0.0.0/0",
                "transit_gateway_attachment_id": "${aws_ec2_transit_gateway_vpc_attachment.b.id}",
                "transit_gateway_route_table_id": "${aws_ec2_transit_gateway.hub.association_default_route_table_id}"},
        })),
        with(
            route("a", "0.0.0.0/0", "transit_gateway_id", "aws_ec2_transit_gateway.hub"),
            route("b", "0.0.0.0/0", "gateway_id", "aws_internet_gateway.b"),
        ),
    );
    let asked = ("aws_instance.a", "internet", 443);
    assert_verdict(&network, asked, Verdict::Unreachable, &[Code::IgwPublicIpAssociationForEgress]);
}

/// The hub of the transit gateway guide's centralised egress: NAT gateways in one VPC for all.
/// <https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-nat-igw.html>
#[test]
fn a_hub_leads_the_spokes_to_the_internet_and_their_answers_back() {
    let hub = |back: Json| {
        let network = with(
            pair(json!({
                "aws_internet_gateway.b": {"vpc_id": "${aws_vpc.b.id}"},
                "aws_subnet.nat": {"vpc_id": "${aws_vpc.b.id}", "cidr_block": "10.2.9.0/24", "availability_zone": "x"},
                "aws_route_table.nat": {"vpc_id": "${aws_vpc.b.id}",
                    "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.b.id}"}]},
                "aws_route_table_association.nat": {"subnet_id": "${aws_subnet.nat.id}", "route_table_id": "${aws_route_table.nat.id}"},
                "aws_eip.nat": {},
                "aws_nat_gateway.nat": {"subnet_id": "${aws_subnet.nat.id}", "allocation_id": "${aws_eip.nat.id}"},
                "aws_ec2_transit_gateway.hub": {},
                "aws_ec2_transit_gateway_vpc_attachment.a": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
                    "vpc_id": "${aws_vpc.a.id}", "subnet_ids": ["${aws_subnet.a.id}"]},
                "aws_ec2_transit_gateway_vpc_attachment.b": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
                    "vpc_id": "${aws_vpc.b.id}", "subnet_ids": ["${aws_subnet.b.id}"]},
                "aws_ec2_transit_gateway_route.out": {"destination_cidr_block": "0.0.0.0/0",
                    "transit_gateway_attachment_id": "${aws_ec2_transit_gateway_vpc_attachment.b.id}",
                    "transit_gateway_route_table_id": "${aws_ec2_transit_gateway.hub.association_default_route_table_id}"},
            })),
            with(
                route("a", "0.0.0.0/0", "transit_gateway_id", "aws_ec2_transit_gateway.hub"),
                route("b", "0.0.0.0/0", "nat_gateway_id", "aws_nat_gateway.nat"),
            ),
        );
        with(network, back)
    };
    let asked = ("aws_instance.a", "internet", 443);
    let lost = hub(json!({}));
    assert_verdict(&lost, asked, Verdict::OneWay, &[Code::AsymmetricReply]);
    let back = json!({"aws_route.back": {"route_table_id": "${aws_route_table.nat.id}",
        "destination_cidr_block": "10.1.0.0/16", "transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}"}});
    assert_verdict(&hub(back), asked, Verdict::Reachable, &[]);
}

#[test]
fn interfaces_that_fare_alike_are_one_class() {
    let subnet = |block: &str| json!({"vpc_id": "${aws_vpc.main.id}", "cidr_block": block, "availability_zone": "a"});
    let host = |subnet: &str, group: &str| json!({"subnet_id": format!("${{aws_subnet.{subnet}.id}}"), "vpc_security_group_ids": [format!("${{aws_security_group.{group}.id}}")]});
    let resources = with(
        classic(),
        json!({
            "aws_subnet.x": subnet("10.0.32.0/24"),
            "aws_subnet.y": subnet("10.0.33.0/24"),
            "aws_subnet.z": subnet("10.0.48.0/24"),
            "aws_security_group_rule.told": {"type": "ingress", "security_group_id": "${aws_security_group.web.id}",
                "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["10.0.48.0/20"]},
            "aws_instance.x1": host("x", "web"),
            "aws_instance.x2": host("x", "web"),
            "aws_instance.y": host("y", "web"),
            "aws_instance.y_data": host("y", "data"),
            "aws_instance.z": host("z", "web"),
        }),
    );
    let graph = graph(&resources);
    let network = Network::of(&graph);
    let interface =
        |name: &str| network.owners[network.owner_of(graph.find(&Address::new(name)).unwrap()).unwrap()].interfaces[0];
    let names = ["x1", "x2", "y", "y_data", "z"];
    let all: Vec<_> = names.iter().map(|name| interface(&format!("aws_instance.{name}"))).collect();
    let classes = RouteResolver::new(&network).classes(all).by_member();
    let class = |name: &str| classes[&interface(&format!("aws_instance.{name}"))];
    assert_eq!((class("x1"), class("x1")), (class("x2"), class("y")));
    assert_ne!(class("y"), class("y_data"), "their groups differ");
    assert_ne!(class("y"), class("z"), "a rule tells their addresses apart");
}

/// A firewall before a public subnet: the internet gateway's own table leads through it, and so does the subnet's.
/// <https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw.html>
pub(super) fn guarded(edge: Json) -> Json {
    with(
        classic(),
        with(
            json!({
                "aws_subnet.wall": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.9.0/28", "availability_zone": "a"},
                "aws_networkfirewall_firewall.wall": {"vpc_id": "${aws_vpc.main.id}",
                    "subnet_mapping": [{"subnet_id": "${aws_subnet.wall.id}"}]},
                "aws_route_table.wall": {"vpc_id": "${aws_vpc.main.id}",
                    "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"}]},
                "aws_route_table_association.wall": {"subnet_id": "${aws_subnet.wall.id}", "route_table_id": "${aws_route_table.wall.id}"},
                "aws_route_table.public": {"vpc_id": "${aws_vpc.main.id}",
                    "route": [{"cidr_block": "0.0.0.0/0", "vpc_endpoint_id": "${aws_networkfirewall_firewall.wall.firewall_status[0]}"}]},
            }),
            edge,
        ),
    )
}

#[test]
fn both_directions_pass_the_same_firewall() {
    let asked = ("internet", "aws_instance.web", 443);
    // Without a table of its own the gateway delivers past the firewall, and the answers meet one that saw no question.
    assert_verdict(&guarded(json!({})), asked, Verdict::OneWay, &[Code::AsymmetricReply]);
    let edge = json!({
        "aws_route_table.edge": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "10.0.0.0/24", "vpc_endpoint_id": "${aws_networkfirewall_firewall.wall.firewall_status[0]}"}]},
        "aws_route_table_association.edge": {"gateway_id": "${aws_internet_gateway.main.id}", "route_table_id": "${aws_route_table.edge.id}"},
    });
    let whole = guarded(edge);
    assert_verdict(&whole, asked, Verdict::Reachable, &[]);
    let answer = ask(&whole, asked.0, asked.1, asked.2);
    assert!(answer.stateful().iter().any(|it| matches!(it, super::Thing::Middlebox(_))));
    assert_verdict(&whole, ("aws_instance.web", "internet", 443), Verdict::Reachable, &[]);
}

/// Two zones whose traffic is inspected in a VPC between.
/// <https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html>
#[test]
fn appliance_mode_keeps_both_directions_in_one_zone() {
    let inspected = |mode: &str| {
        let subnet = |vpc: &str, block: &str, zone: &str| json!({"vpc_id": format!("${{aws_vpc.{vpc}.id}}"), "cidr_block": block, "availability_zone": zone});
        let table = |name: &str, subnet: &str, vpc: &str, route: Json| {
            json!({
                (format!("aws_route_table.{name}")): {"vpc_id": format!("${{aws_vpc.{vpc}.id}}"), "route": [route]},
                (format!("aws_route_table_association.{name}")): {"subnet_id": format!("${{aws_subnet.{subnet}.id}}"),
                    "route_table_id": format!("${{aws_route_table.{name}.id}}")},
            })
        };
        let attachment = |vpc: &str, subnets: &[&str], mode: &str| {
            let subnets: Vec<_> = subnets.iter().map(|it| format!("${{aws_subnet.{it}.id}}")).collect();
            json!({"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}", "vpc_id": format!("${{aws_vpc.{vpc}.id}}"),
                "subnet_ids": subnets, "appliance_mode_support": mode,
                "transit_gateway_default_route_table_association": false,
                "transit_gateway_default_route_table_propagation": false})
        };
        let join = |table: &str, attachment: &str| {
            json!({"transit_gateway_attachment_id": format!("${{aws_ec2_transit_gateway_vpc_attachment.{attachment}.id}}"),
                "transit_gateway_route_table_id": format!("${{aws_ec2_transit_gateway_route_table.{table}.id}}")})
        };
        let hub = json!({"cidr_block": "0.0.0.0/0", "transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}"});
        let wall = |zone: &str| json!({"cidr_block": "0.0.0.0/0", "vpc_endpoint_id": format!("${{aws_vpc_endpoint.{zone}.id}}")});
        let mut network = pair(json!({
            "aws_vpc.i": {"cidr_block": "10.9.0.0/16"},
            "aws_subnet.b": subnet("b", "10.2.0.0/24", "y"),
            "aws_subnet.ix": subnet("i", "10.9.1.0/24", "x"),
            "aws_subnet.iy": subnet("i", "10.9.2.0/24", "y"),
            "aws_subnet.wx": subnet("i", "10.9.3.0/24", "x"),
            "aws_subnet.wy": subnet("i", "10.9.4.0/24", "y"),
            "aws_vpc_endpoint.x": {"vpc_id": "${aws_vpc.i.id}", "vpc_endpoint_type": "GatewayLoadBalancer", "subnet_ids": ["${aws_subnet.wx.id}"]},
            "aws_vpc_endpoint.y": {"vpc_id": "${aws_vpc.i.id}", "vpc_endpoint_type": "GatewayLoadBalancer", "subnet_ids": ["${aws_subnet.wy.id}"]},
            "aws_ec2_transit_gateway.hub": {},
            "aws_ec2_transit_gateway_vpc_attachment.a": attachment("a", &["a"], "disable"),
            "aws_ec2_transit_gateway_vpc_attachment.b": attachment("b", &["b"], "disable"),
            "aws_ec2_transit_gateway_vpc_attachment.i": attachment("i", &["ix", "iy"], mode),
            "aws_ec2_transit_gateway_route_table.spokes": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}"},
            "aws_ec2_transit_gateway_route_table.inspection": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}"},
            "aws_ec2_transit_gateway_route_table_association.a": join("spokes", "a"),
            "aws_ec2_transit_gateway_route_table_association.b": join("spokes", "b"),
            "aws_ec2_transit_gateway_route_table_association.i": join("inspection", "i"),
            "aws_ec2_transit_gateway_route_table_propagation.a": join("inspection", "a"),
            "aws_ec2_transit_gateway_route_table_propagation.b": join("inspection", "b"),
            "aws_ec2_transit_gateway_route.all": {"destination_cidr_block": "0.0.0.0/0",
                "transit_gateway_attachment_id": "${aws_ec2_transit_gateway_vpc_attachment.i.id}",
                "transit_gateway_route_table_id": "${aws_ec2_transit_gateway_route_table.spokes.id}"},
        }));
        for more in [
            table("a", "a", "a", hub.clone()),
            table("b", "b", "b", hub.clone()),
            table("ix", "ix", "i", wall("x")),
            table("iy", "iy", "i", wall("y")),
            table("wx", "wx", "i", hub.clone()),
            table("wy", "wy", "i", hub.clone()),
        ] {
            network = with(network, more);
        }
        network
    };
    let asked = ("aws_instance.a", "aws_instance.b", 80);
    assert_verdict(&inspected("disable"), asked, Verdict::OneWay, &[Code::AsymmetricReply]);
    assert_verdict(&inspected("enable"), asked, Verdict::Reachable, &[]);
}

#[test]
fn a_router_that_checks_addresses_passes_nothing_on() {
    let router = |check: bool| {
        let network = pair(json!({
            "aws_instance.router": {"subnet_id": "${aws_subnet.r.id}", "source_dest_check": check,
                "vpc_security_group_ids": ["${aws_security_group.a.id}"]},
            "aws_subnet.r": {"vpc_id": "${aws_vpc.a.id}", "cidr_block": "10.1.9.0/24"},
            "aws_subnet.c": {"vpc_id": "${aws_vpc.a.id}", "cidr_block": "10.1.5.0/24"},
            "aws_instance.c": {"subnet_id": "${aws_subnet.c.id}", "vpc_security_group_ids": ["${aws_security_group.a.id}"]},
            "aws_route_table.r": {"vpc_id": "${aws_vpc.a.id}"},
            "aws_route_table_association.r": {"subnet_id": "${aws_subnet.r.id}", "route_table_id": "${aws_route_table.r.id}"},
        }));
        let there = json!({"aws_route.c": {"route_table_id": "${aws_vpc.a.main_route_table_id}",
            "destination_cidr_block": "10.1.5.0/24", "network_interface_id": "${aws_instance.router.primary_network_interface_id}"}});
        with(network, there)
    };
    let asked = ("aws_instance.a", "aws_instance.c", 80);
    assert_verdict(&router(true), asked, Verdict::Unreachable, &[Code::EniSourceDestCheckRestriction]);
    // The answers go straight back, past the router: a plain one does not mind, a firewall does.
    assert_verdict(&router(false), asked, Verdict::Unknown, &[Code::AsymmetricReply]);
}
