//! What the rules of network firewalls pass and drop, and regional NAT gateways.

#![expect(clippy::needless_pass_by_value, reason = "`json!` at every call, without an ampersand")]

use serde_json::{Value as Json, json};

use super::{
    Code, Path, Question, RouteResolver, Traffic, Verdict,
    packets::{TCP, UDP},
};
use crate::network::{Network, testing::graph};

/// A server whose way to the internet leads through a firewall with this policy and these groups of rules.
fn network(policy: Json, groups: &[(&str, Json)]) -> Json {
    let mut all = json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_subnet.wall": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.9.0/28", "availability_zone": "a"},
        "aws_subnet.app": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "availability_zone": "a"},
        "aws_networkfirewall_firewall.wall": {"vpc_id": "${aws_vpc.main.id}",
            "firewall_policy_arn": "${aws_networkfirewall_firewall_policy.p.arn}",
            "subnet_mapping": [{"subnet_id": "${aws_subnet.wall.id}"}]},
        "aws_networkfirewall_firewall_policy.p": {"firewall_policy": [policy]},
        "aws_route_table.wall": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"}]},
        "aws_route_table.app": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "vpc_endpoint_id": "${aws_networkfirewall_firewall.wall.firewall_status[0]}"}]},
        "aws_route_table.edge": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "10.0.0.0/24", "vpc_endpoint_id": "${aws_networkfirewall_firewall.wall.firewall_status[0]}"}]},
        "aws_route_table_association.wall": {"subnet_id": "${aws_subnet.wall.id}", "route_table_id": "${aws_route_table.wall.id}"},
        "aws_route_table_association.app": {"subnet_id": "${aws_subnet.app.id}", "route_table_id": "${aws_route_table.app.id}"},
        "aws_route_table_association.edge": {"gateway_id": "${aws_internet_gateway.main.id}", "route_table_id": "${aws_route_table.edge.id}"},
        "aws_security_group.app": {"vpc_id": "${aws_vpc.main.id}",
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_instance.app": {"subnet_id": "${aws_subnet.app.id}", "associate_public_ip_address": true,
            "vpc_security_group_ids": ["${aws_security_group.app.id}"]},
    });
    for (name, rules) in groups {
        all[format!("aws_networkfirewall_rule_group.{name}")] = json!({"rule_group": [{"rules_source": [rules]}]});
    }
    all
}

fn named(name: &str, priority: u16) -> Json {
    json!({"priority": priority, "resource_arn": format!("${{aws_networkfirewall_rule_group.{name}.arn}}")})
}

/// Everything to the stateful rules: these groups in strict order, and nothing else passes.
fn strict(groups: Json) -> Json {
    json!({"stateless_default_actions": ["aws:forward_to_sfe"], "stateful_default_actions": ["aws:drop_strict"],
        "stateful_engine_options": [{"rule_order": "STRICT_ORDER"}], "stateful_rule_group_reference": groups})
}

fn rule(action: &str, protocol: &str, port: &str) -> Json {
    json!({"action": action, "rule_option": [{"keyword": "sid", "settings": ["1"]}],
        "header": [{"protocol": protocol, "source": "10.0.0.0/16", "source_port": "ANY", "direction": "FORWARD",
            "destination": "ANY", "destination_port": port}]})
}

fn stateless(action: &str, protocol: u8, side: &str, port: u16) -> Json {
    let mut fits = json!({"protocols": [protocol], "source": [{"address_definition": "0.0.0.0/0"}],
        "destination": [{"address_definition": "0.0.0.0/0"}]});
    fits[side] = json!([{"from_port": port, "to_port": port}]);
    json!({"stateless_rules_and_custom_actions": [{"stateless_rule": [
        {"priority": 1, "rule_definition": [{"actions": [action], "match_attributes": [fits]}]}]}]})
}

/// The verdict on what the server asks of the internet, with whatever a firewall may do; and the codes.
fn ask(resources: &Json, protocol: u8, port: u16) -> (Verdict, Vec<Code>) {
    let network = Network::of(&graph(resources));
    let resolver = RouteResolver::new(&network);
    let party = |name: &str| resolver.parties(name).unwrap().remove(0);
    let traffic = Traffic::to_port(protocol, port);
    let question = Question { from: party("aws_instance.app"), to: party("203.0.113.7"), traffic };
    let answer = resolver.reach_strictly(&question);
    let mut codes: Vec<_> = answer.paths.iter().filter_map(Path::code).collect();
    codes.sort_unstable();
    codes.dedup();
    if answer.verdict() == Verdict::Unknown {
        assert_eq!(resolver.reach(&question).verdict(), Verdict::Reachable, "what may pass is taken to");
    }
    (answer.verdict(), codes)
}

const DROPPED: &[Code] = &[Code::FirewallRulesRestriction];

#[test]
fn what_no_rule_of_a_strict_policy_passes_is_dropped() {
    let rules = json!({"stateful_rule": [rule("PASS", "TCP", "443"), rule("DROP", "TCP", "8000:8999"), rule("PASS", "TCP", "[8080,9000]")]});
    let network = network(strict(json!([named("g", 1)])), &[("g", rules)]);
    assert_eq!(ask(&network, TCP, 443), (Verdict::Reachable, vec![]));
    assert_eq!(ask(&network, TCP, 9000), (Verdict::Reachable, vec![]));
    for (protocol, port) in [(TCP, 80), (TCP, 8080), (UDP, 443)] {
        assert_eq!(ask(&network, protocol, port), (Verdict::Unreachable, DROPPED.to_vec()), "{protocol} {port}");
    }
}

#[test]
fn without_strict_order_what_passes_comes_first() {
    let rules = json!({"stateful_rule": [rule("DROP", "IP", "ANY"), rule("PASS", "TCP", "443")]});
    let policy =
        json!({"stateless_default_actions": ["aws:forward_to_sfe"], "stateful_rule_group_reference": [named("g", 1)]});
    let network = network(policy, &[("g", rules)]);
    assert_eq!(ask(&network, TCP, 443), (Verdict::Reachable, vec![]));
    assert_eq!(ask(&network, TCP, 80), (Verdict::Unreachable, DROPPED.to_vec()));
}

#[test]
fn stateless_rules_see_questions_and_answers() {
    let policy = |default: &str| json!({"stateless_default_actions": [default], "stateless_rule_group_reference": [named("g", 1)]});
    let to = network(policy("aws:forward_to_sfe"), &[("g", stateless("aws:drop", 6, "destination_port", 22))]);
    assert_eq!(ask(&to, TCP, 22), (Verdict::Unreachable, DROPPED.to_vec()));
    assert_eq!(ask(&to, TCP, 443), (Verdict::Reachable, vec![]));
    let answers = network(policy("aws:pass"), &[("g", stateless("aws:drop", 6, "source_port", 443))]);
    assert_eq!(ask(&answers, TCP, 443), (Verdict::OneWay, DROPPED.to_vec()));
    let closed = network(policy("aws:drop"), &[("g", stateless("aws:pass", 6, "destination_port", 443))]);
    assert_eq!(ask(&closed, TCP, 443), (Verdict::OneWay, DROPPED.to_vec()), "the answer fits no rule");
}

#[test]
fn what_is_not_read_leaves_the_question_open() {
    let unread = [
        json!({"rules_string": "pass tls any any -> any any (tls.sni; content:\"x\"; sid:1;)"}),
        json!({"rules_source_list": [{"generated_rules_type": "ALLOWLIST", "target_types": ["TLS_SNI"], "targets": [".example.com"]}]}),
        json!({"stateful_rule": [rule("PASS", "TLS", "ANY")]}),
        json!({"stateful_rule": [rule("PASS", "TCP", "$HTTPS_PORTS")]}),
    ];
    for rules in unread {
        let network = network(strict(json!([named("g", 1)])), &[("g", rules.clone())]);
        assert_eq!(ask(&network, TCP, 443).0, Verdict::Unknown, "{rules}");
    }
    let managed = json!([{"priority": 2, "resource_arn": "arn:aws:network-firewall:eu-central-1:aws-managed:stateful-rulegroup/x"}]);
    assert_eq!(ask(&network(strict(managed), &[]), TCP, 443).0, Verdict::Unknown);
    // What comes first is certain, whatever follows.
    let first = json!({"stateful_rule": [rule("PASS", "TCP", "443")]});
    let both = network(
        strict(json!([named("g", 2), named("first", 1)])),
        &[("g", json!({"rules_string": "drop ip any any -> any any (sid:1;)"})), ("first", first)],
    );
    assert_eq!(ask(&both, TCP, 443), (Verdict::Reachable, vec![]));
    assert_eq!(ask(&both, TCP, 80).0, Verdict::Unknown);
}

#[test]
fn the_answers_to_a_regional_nat_gateway_come_back_by_its_own_table() {
    let mut network = json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_nat_gateway.out": {"availability_mode": "regional", "vpc_id": "${aws_vpc.main.id}"},
        "aws_subnet.app": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"},
        "aws_route_table.app": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.out.id}"}]},
        "aws_route_table_association.app": {"subnet_id": "${aws_subnet.app.id}", "route_table_id": "${aws_route_table.app.id}"},
        "aws_security_group.app": {"vpc_id": "${aws_vpc.main.id}",
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_instance.app": {"subnet_id": "${aws_subnet.app.id}", "vpc_security_group_ids": ["${aws_security_group.app.id}"]},
    });
    assert_eq!(ask(&network, TCP, 443), (Verdict::Reachable, vec![]));
    let rule = |port: u16| json!([{"rule_no": 100, "action": "allow", "protocol": "6", "from_port": port, "to_port": port, "cidr_block": "0.0.0.0/0"}]);
    network["aws_network_acl.app"] = json!({"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.app.id}"], "ingress": rule(443), "egress": rule(443)});
    assert_eq!(ask(&network, TCP, 443), (Verdict::OneWay, vec![Code::SubnetAclRestriction]));
    network.as_object_mut().unwrap().remove("aws_internet_gateway.main");
    assert_eq!(ask(&network, TCP, 443), (Verdict::Unreachable, vec![Code::NoPath]));
}
