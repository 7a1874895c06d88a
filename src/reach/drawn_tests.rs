//! What the networks that AWS's guides draw have shown to be wrong, each as small as it gets.

use serde_json::json;

use super::{
    Code, Verdict,
    question_tests::{assert_verdict, classic, pair, route, with},
};

#[test]
fn what_leaves_for_the_premises_does_not_arrive_in_a_vpc() {
    let hub = json!({
        "aws_ec2_transit_gateway.hub": {},
        "aws_ec2_transit_gateway_vpc_attachment.a": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}",
            "vpc_id": "${aws_vpc.a.id}", "subnet_ids": ["${aws_subnet.a.id}"]},
        "aws_vpn_connection.office": {"transit_gateway_id": "${aws_ec2_transit_gateway.hub.id}"},
        "aws_ec2_transit_gateway_route.all": {"destination_cidr_block": "10.2.0.0/16",
            "transit_gateway_attachment_id": "${aws_vpn_connection.office.transit_gateway_attachment_id}",
            "transit_gateway_route_table_id": "${aws_ec2_transit_gateway.hub.association_default_route_table_id}"},
    });
    let network = with(pair(hub), route("a", "10.2.0.0/16", "transit_gateway_id", "aws_ec2_transit_gateway.hub"));
    let asked = ("aws_instance.a", "aws_instance.b", 80);
    assert_verdict(&network, asked, Verdict::Unreachable, &[Code::NoPossibleDestination]);
}

/// <https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html#appliance-routing-configuration>
#[test]
fn an_appliance_between_two_public_addresses_may_translate_or_not() {
    let before_gateway = |edge: bool| {
        let network = with(
            classic(),
            json!({
                "aws_subnet.appliance": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.9.0/24"},
                "aws_network_interface.appliance": {"subnet_id": "${aws_subnet.appliance.id}", "source_dest_check": false},
                "aws_eip.appliance": {"network_interface": "${aws_network_interface.appliance.id}"},
                "aws_route_table.appliance": {"vpc_id": "${aws_vpc.main.id}",
                    "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"}]},
                "aws_route_table_association.appliance": {"subnet_id": "${aws_subnet.appliance.id}",
                    "route_table_id": "${aws_route_table.appliance.id}"},
                "aws_route_table.public": {"vpc_id": "${aws_vpc.main.id}",
                    "route": [{"cidr_block": "0.0.0.0/0", "network_interface_id": "${aws_network_interface.appliance.id}"}]},
                "aws_security_group.any": {"vpc_id": "${aws_vpc.main.id}",
                    "ingress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}],
                    "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
            }),
        );
        let network = with(
            network,
            json!({"aws_network_interface.appliance": {"subnet_id": "${aws_subnet.appliance.id}", "source_dest_check": false,
                "security_groups": ["${aws_security_group.any.id}"]}}),
        );
        let table = json!({
            "aws_route_table.edge": {"vpc_id": "${aws_vpc.main.id}",
                "route": [{"cidr_block": "10.0.0.0/24", "network_interface_id": "${aws_network_interface.appliance.id}"}]},
            "aws_route_table_association.edge": {"gateway_id": "${aws_internet_gateway.main.id}", "route_table_id": "${aws_route_table.edge.id}"},
        });
        if edge { with(network, table) } else { network }
    };
    let asked = ("aws_instance.web", "internet", 443);
    assert_verdict(&before_gateway(true), asked, Verdict::Reachable, &[]);
    // Without a table of the gateway, answers to the server's own address miss the appliance; to the appliance's they do not.
    let codes = &[Code::AsymmetricReply, Code::UnknownBeforeApply];
    assert_verdict(&before_gateway(false), asked, Verdict::Unknown, codes);
}

#[test]
fn an_address_of_a_block_that_aws_chooses_is_local_to_a_table_without_appliances() {
    let network = with(
        classic(),
        json!({
            "aws_vpc.main": {"cidr_block": "10.0.0.0/16", "assign_generated_ipv6_cidr_block": true},
            "aws_subnet.public": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "availability_zone": "a",
                "ipv6_cidr_block": "?"},
            "aws_subnet.private": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24", "availability_zone": "a",
                "ipv6_cidr_block": "?"},
            "aws_subnet.wall": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.9.0/28", "availability_zone": "a"},
            "aws_vpc_endpoint.wall": {"vpc_id": "${aws_vpc.main.id}", "vpc_endpoint_type": "GatewayLoadBalancer",
                "subnet_ids": ["${aws_subnet.wall.id}"]},
            // Of another subnet: it says nothing of what the two tell each other.
            "aws_route_table.wall": {"vpc_id": "${aws_vpc.main.id}",
                "route": [{"ipv6_cidr_block": "?", "vpc_endpoint_id": "${aws_vpc_endpoint.wall.id}"}]},
            "aws_route_table_association.wall": {"subnet_id": "${aws_subnet.wall.id}", "route_table_id": "${aws_route_table.wall.id}"},
            "aws_route_table.private": {"vpc_id": "${aws_vpc.main.id}",
                "route": [{"ipv6_cidr_block": "::/0", "vpc_endpoint_id": "${aws_vpc_endpoint.wall.id}"}]},
            "aws_security_group.data": {"vpc_id": "${aws_vpc.main.id}",
                "ingress": [{"from_port": 5432, "to_port": 5432, "protocol": "tcp", "ipv6_cidr_blocks": ["::/0"]}]},
            "aws_security_group.web": {"vpc_id": "${aws_vpc.main.id}",
                "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "ipv6_cidr_blocks": ["::/0"]}]},
            "aws_instance.web": {"subnet_id": "${aws_subnet.public.id}", "ipv6_address_count": 1,
                "vpc_security_group_ids": ["${aws_security_group.web.id}"]},
            "aws_instance.data": {"subnet_id": "${aws_subnet.private.id}", "ipv6_address_count": 1,
                "vpc_security_group_ids": ["${aws_security_group.data.id}"]},
        }),
    );
    let asked = ("aws_instance.web", "aws_instance.data", 5432);
    assert_verdict(&network, asked, Verdict::Reachable, &[Code::EniSgRulesMismatch]);
    // A route of which nothing is known may be for the whole block.
    let odd = json!({"aws_route.odd": {"route_table_id": "${aws_route_table.public.id}",
        "destination_ipv6_cidr_block": "?", "vpc_endpoint_id": "?"}});
    let codes = &[Code::EniSgRulesMismatch, Code::NoRouteToDestination, Code::UnknownBeforeApply];
    assert_verdict(&with(network, odd), asked, Verdict::Unknown, codes);
}

#[test]
fn whatever_is_picked_from_a_firewall_s_status_is_its_endpoint() {
    let picked = json!({"$possible": ["aws_networkfirewall_firewall.wall.firewall_status"]});
    let network = with(
        classic(),
        json!({
            "aws_subnet.wall": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.9.0/28", "availability_zone": "a"},
            "aws_networkfirewall_firewall.wall": {"vpc_id": "${aws_vpc.main.id}",
                "subnet_mapping": [{"subnet_id": "${aws_subnet.wall.id}"}]},
            "aws_route_table.wall": {"vpc_id": "${aws_vpc.main.id}",
                "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"}]},
            "aws_route_table_association.wall": {"subnet_id": "${aws_subnet.wall.id}", "route_table_id": "${aws_route_table.wall.id}"},
            "aws_route_table.public": {"vpc_id": "${aws_vpc.main.id}",
                "route": [{"cidr_block": "0.0.0.0/0", "vpc_endpoint_id": picked}]},
        }),
    );
    // The gateway has no table of its own: what comes in misses the firewall that what goes out passes.
    let asked = ("internet", "aws_instance.web", 443);
    assert_verdict(&network, asked, Verdict::OneWay, &[Code::AsymmetricReply]);
}

#[test]
fn a_group_is_named_in_a_list_that_is_not_known_itself() {
    let network = with(
        classic(),
        json!({"aws_security_group.data": {"vpc_id": "${aws_vpc.main.id}",
            "ingress": [{"from_port": 5432, "to_port": 5432, "protocol": "tcp",
                "security_groups": {"$certain": ["aws_security_group.web.id"]}}]}}),
    );
    assert_verdict(&network, ("aws_instance.web", "aws_instance.data", 5432), Verdict::Reachable, &[]);
    let neighbour = ("aws_instance.data", "aws_instance.data", 5432);
    assert_verdict(&network, neighbour, Verdict::Unreachable, &[Code::SgHasNoRules]);
}
