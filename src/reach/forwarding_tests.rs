//! Load balancers, from the listener to the targets and back.

#![expect(clippy::needless_pass_by_value, reason = "`json!` at every call, without an ampersand")]

use serde_json::{Value as Json, json};

use super::{
    Code, Fate, RouteResolver, Traffic, Verdict,
    forwarding::{Onward, Outcome},
    named::Traced,
    packets::TCP,
};
use crate::network::{Network, testing::graph};

fn group(from: u16, to: u16, peer: Json) -> Json {
    let mut rule = json!({"from_port": from, "to_port": to, "protocol": "tcp"});
    rule.as_object_mut().unwrap().extend(peer.as_object().unwrap().clone());
    json!({"vpc_id": "${aws_vpc.main.id}", "ingress": [rule],
        "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]})
}

fn everybody() -> Json {
    json!({"cidr_blocks": ["0.0.0.0/0"]})
}

/// Two public subnets with a node each, and an instance in a private one that leads to a NAT gateway, in the first zone.
fn network(balancer: Json, target_group: Json, of_target: Json) -> Json {
    let mut all = json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "availability_zone": "za"},
        "aws_subnet.b": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24", "availability_zone": "zb"},
        "aws_subnet.app": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.2.0/24", "availability_zone": "za"},
        "aws_route_table.public": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"}]},
        "aws_route_table.app": {"vpc_id": "${aws_vpc.main.id}",
            "route": [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.out.id}"}]},
        "aws_route_table_association.a": {"subnet_id": "${aws_subnet.a.id}", "route_table_id": "${aws_route_table.public.id}"},
        "aws_route_table_association.b": {"subnet_id": "${aws_subnet.b.id}", "route_table_id": "${aws_route_table.public.id}"},
        "aws_route_table_association.app": {"subnet_id": "${aws_subnet.app.id}", "route_table_id": "${aws_route_table.app.id}"},
        "aws_nat_gateway.out": {"subnet_id": "${aws_subnet.a.id}", "allocation_id": "eipalloc-1"},
        "aws_security_group.front": group(443, 443, everybody()),
        "aws_security_group.target": of_target,
        "aws_lb.front": balancer,
        "aws_lb_listener.front": {"load_balancer_arn": "${aws_lb.front.arn}", "port": 443, "protocol": "TCP",
            "default_action": [{"type": "forward", "target_group_arn": "${aws_lb_target_group.app.arn}"}]},
        "aws_lb_target_group.app": target_group,
        "aws_lb_target_group_attachment.app": {"target_group_arn": "${aws_lb_target_group.app.arn}", "target_id": "${aws_instance.app.id}"},
        "aws_instance.app": {"subnet_id": "${aws_subnet.app.id}", "vpc_security_group_ids": ["${aws_security_group.target.id}"]},
    });
    let lb = &mut all["aws_lb.front"];
    lb["subnets"] = json!(["${aws_subnet.a.id}", "${aws_subnet.b.id}"]);
    all
}

fn application() -> Json {
    json!({"load_balancer_type": "application", "security_groups": ["${aws_security_group.front.id}"]})
}

fn layer_4(more: Json) -> Json {
    let mut all = json!({"load_balancer_type": "network"});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn targets(kind: &str) -> Json {
    json!({"target_type": kind, "port": 8080, "protocol": "TCP", "vpc_id": "${aws_vpc.main.id}"})
}

/// What clients of the internet meet at each of the two nodes.
fn trace(resources: &Json, port: u16) -> Vec<Traced> {
    let network = Network::of(&graph(resources));
    let resolver = RouteResolver::new(&network);
    let (from, to) = (resolver.parties("internet").unwrap(), resolver.parties("aws_lb.front").unwrap());
    resolver.trace_between(&from, &to, &Traffic::to_port(TCP, port))
}

#[track_caller]
fn assert_verdicts(resources: &Json, expected: [Verdict; 2]) {
    let traced = trace(resources, 443);
    let found: Vec<_> = traced.iter().map(Traced::verdict).collect();
    assert_eq!(found, expected, "{traced:#?}");
}

/// The codes of what the nodes do not pass on, and of what does not arrive at their targets.
fn codes(traced: &[Traced]) -> Vec<Code> {
    let of = |onward: &Onward| match &onward.outcome {
        Outcome::Stops(code) => vec![*code],
        Outcome::Asks { answer, .. } => answer.paths.iter().filter_map(super::Path::code).collect(),
        Outcome::Answers | Outcome::Unknown(_) => Vec::new(),
    };
    let mut all: Vec<_> = traced.iter().flat_map(|it| it.onward.iter().flat_map(of)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

const BOTH: [Verdict; 2] = [Verdict::Reachable, Verdict::Reachable];
const NONE: [Verdict; 2] = [Verdict::Unreachable, Verdict::Unreachable];

#[test]
fn an_application_load_balancer_asks_in_its_own_name() {
    let by_group = json!({"security_groups": ["${aws_security_group.front.id}"]});
    assert_verdicts(&network(application(), targets("instance"), group(8080, 8080, by_group)), BOTH);
    // The clients' addresses are nothing to its targets.
    let clients = json!({"cidr_blocks": ["203.0.113.0/24"]});
    let kept_out = network(application(), targets("instance"), group(8080, 8080, clients));
    assert_verdicts(&kept_out, NONE);
    assert_eq!(codes(&trace(&kept_out, 443)), [Code::EniSgRulesMismatch]);
    let wrong_port = network(application(), targets("instance"), group(443, 443, everybody()));
    assert_verdicts(&wrong_port, NONE);
}

#[test]
fn nobody_listens_to_other_ports() {
    let traced = trace(&network(layer_4(json!({})), targets("instance"), group(8080, 8080, everybody())), 80);
    assert_eq!(codes(&traced), [Code::ElbListenersMismatch]);
    assert!(traced.iter().all(|it| it.verdict() == Verdict::Unreachable));
}

#[test]
fn instances_behind_a_network_load_balancer_see_the_clients() {
    let crossing = || layer_4(json!({"enable_cross_zone_load_balancing": true}));
    let private = || group(8080, 8080, json!({"cidr_blocks": ["10.0.0.0/16"]}));
    assert_verdicts(&network(crossing(), targets("instance"), private()), NONE);
    // The answers find back to the node, although the target's table leads to a NAT gateway.
    let open = network(crossing(), targets("instance"), group(8080, 8080, everybody()));
    assert_verdicts(&open, BOTH);
    let traced = trace(&open, 443);
    let Outcome::Asks { answer, .. } = &traced[0].onward[0].outcome else { panic!("{traced:#?}") };
    assert!(answer.paths.iter().all(|path| path.fate() == Fate::Answered));
    // Targets by address see the node, unless they are to see the clients.
    assert_verdicts(&network(crossing(), targets("ip"), private()), BOTH);
    let mut preserving = targets("ip");
    preserving["preserve_client_ip"] = json!("true");
    assert_verdicts(&network(crossing(), preserving, private()), NONE);
    let mut open = targets("ip");
    open["preserve_client_ip"] = json!("?");
    assert_verdicts(&network(crossing(), open, private()), [Verdict::Unknown, Verdict::Unknown]);
}

#[test]
fn a_reference_to_the_groups_of_a_network_load_balancer_admits_what_it_passes_on() {
    let by_group = || group(8080, 8080, json!({"security_groups": ["${aws_security_group.front.id}"]}));
    let with_groups =
        json!({"security_groups": ["${aws_security_group.front.id}"], "enable_cross_zone_load_balancing": true});
    assert_verdicts(&network(layer_4(with_groups), targets("instance"), by_group()), BOTH);
}

#[test]
fn a_node_that_keeps_to_its_zone_needs_a_target_there() {
    let own_zone = network(layer_4(json!({})), targets("instance"), group(8080, 8080, everybody()));
    assert_verdicts(&own_zone, [Verdict::Reachable, Verdict::Unreachable]);
    assert_eq!(codes(&trace(&own_zone, 443)), [Code::ElbNoTargetsInZone]);
    let mut outside = own_zone.clone();
    outside["aws_subnet.app"]["availability_zone"] = json!("zc");
    assert_verdicts(&outside, NONE);
    assert_eq!(codes(&trace(&outside, 443)), [Code::ElbInstalledZoneRestriction]);
}

#[test]
fn a_list_that_forgets_answers_of_targets_is_seen() {
    let mut network = network(layer_4(json!({})), targets("instance"), group(8080, 8080, everybody()));
    let rule = |port: u16| json!([{"rule_no": 100, "action": "allow", "protocol": "6", "from_port": port, "to_port": port, "cidr_block": "0.0.0.0/0"}]);
    network["aws_network_acl.app"] = json!({"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.app.id}"],
        "ingress": rule(8080), "egress": rule(8080)});
    let traced = trace(&network, 443);
    let verdicts: Vec<_> = traced[0].onward.iter().map(Onward::verdict).collect();
    // Of the client's ports, one is answered.
    assert_eq!(verdicts, [Verdict::OneWay], "{traced:#?}");
}

#[test]
fn what_forwards_to_no_one_in_the_code_leaves_the_question_open() {
    let mut lonely = network(application(), targets("ip"), group(8080, 8080, everybody()));
    lonely.as_object_mut().unwrap().remove("aws_lb_target_group_attachment.app");
    assert_verdicts(&lonely, [Verdict::Unknown, Verdict::Unknown]);
    let mut fixed = lonely;
    fixed["aws_lb_listener.front"]["default_action"] = json!([{"type": "fixed-response"}]);
    assert_verdicts(&fixed, BOTH);
    let mut of_function = network(application(), targets("lambda"), group(8080, 8080, everybody()));
    of_function["aws_lb_target_group_attachment.app"]["target_id"] = json!("arn:aws:lambda:eu-central-1:1:function:f");
    assert_verdicts(&of_function, BOTH);
}

#[test]
fn a_network_load_balancer_may_stand_before_an_application_load_balancer() {
    let mut all =
        network(layer_4(json!({"enable_cross_zone_load_balancing": true})), targets("alb"), group(80, 80, everybody()));
    all["aws_lb_target_group.app"]["port"] = json!(443);
    all["aws_lb.inner"] = json!({"load_balancer_type": "application", "internal": true,
        "security_groups": ["${aws_security_group.front.id}"], "subnets": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"]});
    all["aws_lb_target_group_attachment.app"]["target_id"] = json!("${aws_lb.inner.arn}");
    all["aws_lb_listener.inner"] = json!({"load_balancer_arn": "${aws_lb.inner.arn}", "port": 443, "protocol": "HTTPS",
        "default_action": [{"type": "forward", "target_group_arn": "${aws_lb_target_group.inner.arn}"}]});
    all["aws_lb_target_group.inner"] = json!({"target_type": "instance", "port": 80, "protocol": "HTTP"});
    all["aws_lb_target_group_attachment.inner"] =
        json!({"target_group_arn": "${aws_lb_target_group.inner.arn}", "target_id": "${aws_instance.app.id}"});
    assert_verdicts(&all, BOTH);
    all["aws_lb_target_group.inner"]["port"] = json!(81);
    assert_verdicts(&all, NONE);
}
