//! What gateways keep of a connection, and what they do not: found by walking packets through networks of chance.

use serde_json::{Value as Json, json};

use super::{
    Code, Verdict,
    question_tests::{assert_verdict, guarded, pair, route, with},
};

const OPEN_IPV6: &str = "::/0";

/// Two VPCs with IPv6, each with an internet gateway that everything leaves by.
fn pair_with_ipv6(more: Json) -> Json {
    let instance = |it: &str| {
        json!({"subnet_id": format!("${{aws_subnet.{it}.id}}"), "ipv6_address_count": 1,
            "vpc_security_group_ids": [format!("${{aws_security_group.{it}.id}}")]})
    };
    let group = |it: &str| {
        let all = json!([{"from_port": 0, "to_port": 0, "protocol": "-1", "ipv6_cidr_blocks": [OPEN_IPV6]}]);
        json!({"vpc_id": format!("${{aws_vpc.{it}.id}}"), "ingress": all, "egress": all})
    };
    let out = |it: &str| {
        json!({"route_table_id": format!("${{aws_vpc.{it}.main_route_table_id}}"),
            "destination_ipv6_cidr_block": OPEN_IPV6, "gateway_id": format!("${{aws_internet_gateway.{it}.id}}")})
    };
    let network = pair(json!({
        "aws_vpc.a": {"cidr_block": "10.1.0.0/16", "ipv6_cidr_block": "2600:1f18:0:100::/56"},
        "aws_vpc.b": {"cidr_block": "10.2.0.0/16", "ipv6_cidr_block": "2600:1f18:0:200::/56"},
        "aws_subnet.a": {"vpc_id": "${aws_vpc.a.id}", "cidr_block": "10.1.0.0/24", "ipv6_cidr_block": "2600:1f18:0:100::/64"},
        "aws_subnet.b": {"vpc_id": "${aws_vpc.b.id}", "cidr_block": "10.2.0.0/24", "ipv6_cidr_block": "2600:1f18:0:200::/64"},
        "aws_internet_gateway.a": {"vpc_id": "${aws_vpc.a.id}"},
        "aws_internet_gateway.b": {"vpc_id": "${aws_vpc.b.id}"},
        "aws_route.out_a": out("a"),
        "aws_route.out_b": out("b"),
        "aws_security_group.a": group("a"),
        "aws_security_group.b": group("b"),
        "aws_instance.a": instance("a"),
        "aws_instance.b": instance("b"),
    }));
    with(network, more)
}

const ASKED: (&str, &str, u16) = ("aws_instance.a", "aws_instance.b", 80);

#[test]
fn what_leaves_for_another_vpc_by_the_internet_is_filtered_there() {
    // The groups admit no IPv4.
    assert_verdict(&pair_with_ipv6(json!({})), ASKED, Verdict::Reachable, &[Code::EniSgRulesMismatch]);
    let closed = json!({"aws_security_group.b": {"vpc_id": "${aws_vpc.b.id}"}});
    let network = pair_with_ipv6(closed);
    assert_verdict(&network, ASKED, Verdict::Unreachable, &[Code::EniSgRulesMismatch, Code::SgHasNoRules]);
}

#[test]
fn an_ipv6_answer_may_take_another_way_than_the_question() {
    let peering = json!({"aws_vpc_peering_connection.ab": {
        "vpc_id": "${aws_vpc.a.id}", "peer_vpc_id": "${aws_vpc.b.id}", "auto_accept": true}});
    let there = json!({"aws_route.there": {"route_table_id": "${aws_vpc.a.main_route_table_id}",
        "destination_ipv6_cidr_block": "2600:1f18:0:200::/56",
        "vpc_peering_connection_id": "${aws_vpc_peering_connection.ab.id}"}});
    let network = pair_with_ipv6(with(peering, there));
    assert_verdict(&network, ASKED, Verdict::Reachable, &[Code::EniSgRulesMismatch]);
    let back = ("aws_instance.b", "aws_instance.a", 80);
    assert_verdict(&network, back, Verdict::Reachable, &[Code::EniSgRulesMismatch]);
}

#[test]
fn the_table_of_the_internet_gateway_is_not_that_of_the_egress_only_one() {
    let firewall = "${aws_networkfirewall_firewall.wall.firewall_status[0]}";
    let network = guarded(json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16", "ipv6_cidr_block": "2600:1f18:0:100::/56"},
        "aws_subnet.public": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24",
            "ipv6_cidr_block": "2600:1f18:0:100::/64"},
        "aws_instance.web": {"subnet_id": "${aws_subnet.public.id}", "ipv6_address_count": 1,
            "vpc_security_group_ids": ["${aws_security_group.web.id}"]},
        "aws_security_group.web": {"vpc_id": "${aws_vpc.main.id}",
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "ipv6_cidr_blocks": [OPEN_IPV6]}]},
        "aws_egress_only_internet_gateway.out": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_route_table.public": {"vpc_id": "${aws_vpc.main.id}", "route": [
            {"ipv6_cidr_block": OPEN_IPV6, "egress_only_gateway_id": "${aws_egress_only_internet_gateway.out.id}"}]},
        "aws_route_table.edge": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"ipv6_cidr_block": "2600:1f18:0:100::/64", "vpc_endpoint_id": firewall}]},
        "aws_route_table_association.edge": {"gateway_id": "${aws_internet_gateway.main.id}", "route_table_id": "${aws_route_table.edge.id}"},
    }));
    let asked = ("aws_instance.web", "internet_ipv6", 443);
    // What is addressed to the VPC itself does not leave it.
    assert_verdict(&network, asked, Verdict::Reachable, &[Code::NoPossibleDestination]);
}

#[test]
fn a_nat_gateway_takes_back_what_the_firewall_before_it_never_sees() {
    let asked = ("aws_instance.data", "internet", 443);
    assert_verdict(&guarded(json!({})), asked, Verdict::OneWay, &[Code::AsymmetricReply]);
}

#[test]
fn the_list_of_an_attachment_is_passed_by_senders_of_its_own_subnet() {
    let listed = |source: &str| {
        let attachment = |it: &str| {
            json!({"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
                "vpc_id": format!("${{aws_vpc.{it}.id}}"), "subnet_ids": [format!("${{aws_subnet.{it}.id}}")]})
        };
        let rule = |source: &str| json!([{"rule_no": 1, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_block": source}]);
        let network = pair(json!({
            "aws_ec2_transit_gateway.hub": {},
            "aws_ec2_transit_gateway_vpc_attachment.a": attachment("a"),
            "aws_ec2_transit_gateway_vpc_attachment.b": attachment("b"),
            "aws_network_acl.a": {"vpc_id": "${aws_vpc.a.id}", "subnet_ids": ["${aws_subnet.a.id}"],
                "ingress": rule(source), "egress": rule("0.0.0.0/0")},
        }));
        let there = route("a", "10.2.0.0/16", "transit_gateway_id", "aws_ec2_transit_gateway.hub");
        let back = route("b", "10.1.0.0/16", "transit_gateway_id", "aws_ec2_transit_gateway.hub");
        with(with(network, there), back)
    };
    assert_verdict(&listed("10.1.0.0/24"), ASKED, Verdict::Reachable, &[]);
    // Answers come in from the gateway, where the list does not stand.
    assert_verdict(&listed("10.2.0.0/24"), ASKED, Verdict::Unreachable, &[Code::SubnetAclRestriction]);
}

#[test]
fn a_peering_connection_takes_nothing_that_a_transit_gateway_has_brought() {
    let attachment = |it: &str| {
        json!({"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
            "vpc_id": format!("${{aws_vpc.{it}.id}}"), "subnet_ids": [format!("${{aws_subnet.{it}.id}}")]})
    };
    let network = pair(json!({
        "aws_vpc.hub": {"cidr_block": "10.3.0.0/16"},
        "aws_subnet.hub": {"vpc_id": "${aws_vpc.hub.id}", "cidr_block": "10.3.0.0/24", "availability_zone": "x"},
        "aws_ec2_transit_gateway.hub": {},
        "aws_ec2_transit_gateway_vpc_attachment.a": attachment("a"),
        "aws_ec2_transit_gateway_vpc_attachment.hub": attachment("hub"),
        "aws_ec2_transit_gateway_route.b": {"destination_cidr_block": "10.2.0.0/16",
            "transit_gateway_attachment_id": "${aws_ec2_transit_gateway_vpc_attachment.hub.id}",
            "transit_gateway_route_table_id": "${aws_ec2_transit_gateway.hub.association_default_route_table_id}"},
        "aws_vpc_peering_connection.b": {
            "vpc_id": "${aws_vpc.hub.id}", "peer_vpc_id": "${aws_vpc.b.id}", "auto_accept": true},
    }));
    let there = route("a", "10.2.0.0/16", "transit_gateway_id", "aws_ec2_transit_gateway.hub");
    let on = route("hub", "10.2.0.0/16", "vpc_peering_connection_id", "aws_vpc_peering_connection.b");
    let back = route("b", "10.0.0.0/8", "vpc_peering_connection_id", "aws_vpc_peering_connection.b");
    let network = with(with(with(network, there), on), back);
    assert_verdict(&network, ASKED, Verdict::Unreachable, &[Code::PcxRequiresAddressInVpcCidr]);
}
