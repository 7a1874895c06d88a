//! The rules about paths on small networks: each fires, the repaired one is silent, and an unknown never alarms.

use serde_json::{Value as Json, json};

use super::tests::{fires, is_silent, repaired, route, through_nat, verdicts, with};
use crate::finding::{Certainty, Severity};

/// A network ACL in subnet b, with one rule each way.
fn listed(out: &Json) -> Json {
    let rule = |first: &Json, last: i64| {
        json!([{"rule_no": 100, "action": "allow", "protocol": "tcp", "cidr_block": "0.0.0.0/0",
            "from_port": first, "to_port": last}])
    };
    let list = json!({"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.b.id}"],
        "ingress": rule(&json!(443), 443), "egress": rule(out, 65_535)});
    with(repaired(), &json!({"aws_network_acl.strict": list}))
}

#[test]
fn a_list_must_let_answers_out() {
    fires("nacl_blocks_return", &listed(&json!(65_535)), &["aws_network_acl.strict"]);
    is_silent("nacl_blocks_return", &listed(&json!(1024)));
    is_silent("nacl_blocks_return", &listed(&json!("?")));
    is_silent("nacl_blocks_return", &repaired());
    let mut unknown = listed(&json!(65_535));
    unknown["aws_network_acl.strict"]["subnet_ids"] = json!("?");
    is_silent("nacl_blocks_return", &unknown);
}

#[test]
fn a_list_lets_answers_of_datagrams_out_too() {
    let rule = |protocol: &str, from: i64, to: i64| {
        json!([{"rule_no": 100, "action": "allow", "protocol": protocol, "cidr_block": "0.0.0.0/0",
            "from_port": from, "to_port": to}])
    };
    let names = |out: &Json| {
        let mut resources = repaired();
        resources["aws_lb.front"]["load_balancer_type"] = json!("network");
        resources["aws_lb_listener.https"] =
            json!({"load_balancer_arn": "${aws_lb.front.arn}", "port": 53, "protocol": "UDP"});
        resources["aws_security_group.open"]["ingress"] =
            json!([{"from_port": 53, "to_port": 53, "protocol": "udp", "cidr_blocks": ["0.0.0.0/0"]}]);
        let list = json!({"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.b.id}"],
            "ingress": rule("udp", 53, 53), "egress": out});
        with(resources, &json!({"aws_network_acl.strict": list}))
    };
    fires("nacl_blocks_return", &names(&rule("tcp", 1024, 65_535)), &["aws_network_acl.strict"]);
    is_silent("nacl_blocks_return", &names(&rule("udp", 1024, 65_535)));
}

#[test]
fn a_list_that_lets_some_answers_out_is_a_warning_with_the_ports() {
    let found = verdicts("nacl_blocks_return", &listed(&json!(32_768))).findings.remove(0);
    assert_eq!(found.severity, Severity::Warning);
    assert!(found.message.contains("1024-32767"), "{}", found.message);
    assert!(found.message.contains("1 of 2 nodes"), "{}", found.message);
}

#[test]
fn a_listener_needs_a_rule_for_its_port() {
    let port = |port: &Json| {
        let mut resources = repaired();
        resources["aws_lb_listener.https"]["port"] = port.clone();
        resources
    };
    fires("lb_clients_blocked", &port(&json!(8443)), &["aws_security_group.open"]);
    is_silent("lb_clients_blocked", &port(&json!(443)));
    is_silent("lb_clients_blocked", &port(&json!("?")));
    let mut from_list = port(&json!(8443));
    from_list["aws_security_group.open"]["ingress"][0]["cidr_blocks"] = json!("?");
    from_list["aws_security_group.open"]["ingress"][0]["to_port"] = json!(9000);
    is_silent("lb_clients_blocked", &from_list);
}

/// An instance behind the load balancer, in a subnet of its own.
fn balanced(zone: &str, group: &Json, kind: &str) -> Json {
    let mut resources = with(
        repaired(),
        &json!({
            "aws_subnet.app": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.9.0/24", "availability_zone": zone},
            "aws_security_group.app": group,
            "aws_instance.app": {"subnet_id": "${aws_subnet.app.id}", "instance_type": "t3.micro",
                "vpc_security_group_ids": ["${aws_security_group.app.id}"]},
            "aws_lb_target_group.app": {"vpc_id": "${aws_vpc.main.id}", "port": 8080, "protocol": "HTTP"},
            "aws_lb_target_group_attachment.app": {"target_group_arn": "${aws_lb_target_group.app.arn}",
                "target_id": "${aws_instance.app.id}"},
        }),
    );
    resources["aws_lb.front"]["load_balancer_type"] = json!(kind);
    resources["aws_lb_listener.https"]["default_action"] =
        json!([{"type": "forward", "target_group_arn": "${aws_lb_target_group.app.arn}"}]);
    resources["aws_security_group.open"]["egress"] =
        json!([{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]);
    resources
}

fn admitting(port: &Json) -> Json {
    json!({"vpc_id": "${aws_vpc.main.id}", "ingress": [{"from_port": port, "to_port": port, "protocol": "tcp",
        "security_groups": ["${aws_security_group.open.id}"]}]})
}

#[test]
fn a_target_must_admit_its_load_balancer() {
    let on = |port: &Json| balanced("us-east-1a", &admitting(port), "application");
    fires("lb_target_blocked", &on(&json!(80)), &["aws_security_group.app"]);
    is_silent("lb_target_blocked", &on(&json!(8080)));
    is_silent("lb_target_blocked", &on(&json!("?")));
    let mut unknown = on(&json!(80));
    unknown["aws_instance.app"]["vpc_security_group_ids"] = json!("?");
    is_silent("lb_target_blocked", &unknown);
}

#[test]
fn a_target_stands_in_a_zone_of_its_load_balancer() {
    let group = admitting(&json!(8080));
    fires("lb_target_outside_zones", &balanced("us-east-1c", &group, "application"), &["aws_instance.app"]);
    is_silent("lb_target_outside_zones", &balanced("us-east-1a", &group, "application"));
    is_silent("lb_target_outside_zones", &balanced("?", &group, "application"));
}

#[test]
fn a_node_that_keeps_to_its_zone_needs_a_target_there() {
    let group = admitting(&json!(8080));
    fires("lb_zone_without_targets", &balanced("us-east-1a", &group, "network"), &["aws_lb.front"]);
    is_silent("lb_zone_without_targets", &balanced("us-east-1a", &group, "application"));
    is_silent("lb_zone_without_targets", &balanced("?", &group, "network"));
    let mut crossing = balanced("us-east-1a", &group, "network");
    crossing["aws_lb.front"]["enable_cross_zone_load_balancing"] = json!("?");
    is_silent("lb_zone_without_targets", &crossing);
}

#[test]
fn an_application_load_balancer_takes_two_zones() {
    let zone = |zone: &str| {
        let mut resources = repaired();
        resources["aws_subnet.b"]["availability_zone"] = json!(zone);
        resources
    };
    fires("lb_too_few_zones", &zone("us-east-1a"), &["aws_lb.front"]);
    is_silent("lb_too_few_zones", &zone("us-east-1b"));
    is_silent("lb_too_few_zones", &zone("?"));
    // As parameters have it whose default is empty.
    let mut unnamed = zone("us-east-1a");
    unnamed["aws_lb.front"]["subnets"] = json!(["", ""]);
    is_silent("lb_too_few_zones", &unnamed);
    let mut outpost = zone("us-east-1a");
    outpost["aws_subnet.b"]["outpost_arn"] = json!("arn:aws:outposts:us-east-1:123456789012:outpost/op-1");
    is_silent("lb_too_few_zones", &outpost);
}

/// A function in subnets a, which leads to the internet gateway, and b.
fn function(subnets: &Json) -> Json {
    json!({"aws_security_group.app": {"vpc_id": "${aws_vpc.main.id}",
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_eip.out": {}, "aws_lambda_function.app": {"function_name": "app",
            "vpc_config": [{"subnet_ids": subnets, "security_group_ids": ["${aws_security_group.app.id}"]}]}})
}

fn behind_nat() -> Json {
    with(
        through_nat(),
        &json!({"aws_nat_gateway.out": {"subnet_id": "${aws_subnet.a.id}",
        "allocation_id": "${aws_eip.out.id}"}}),
    )
}

#[test]
fn a_function_gets_out_of_private_subnets_alone() {
    let (a, b) = ("${aws_subnet.a.id}", "${aws_subnet.b.id}");
    fires("lambda_without_egress", &with(behind_nat(), &function(&json!([a]))), &["aws_lambda_function.app"]);
    fires("lambda_without_egress", &with(behind_nat(), &function(&json!([a, b]))), &["aws_lambda_function.app"]);
    is_silent("lambda_without_egress", &with(behind_nat(), &function(&json!([b]))));
    is_silent("lambda_without_egress", &with(behind_nat(), &function(&json!("?"))));
    let mut isolated = with(behind_nat(), &function(&json!([b])));
    isolated.as_object_mut().unwrap().remove("aws_route.nat");
    is_silent("lambda_without_egress", &isolated);
}

#[test]
fn a_function_with_an_endpoint_may_need_nothing_else() {
    let public = with(behind_nat(), &function(&json!(["${aws_subnet.a.id}"])));
    let severity = |resources: &Json| {
        let found = verdicts("lambda_without_egress", resources).findings;
        found.first().map(|it| it.severity)
    };
    assert_eq!(severity(&public), Some(Severity::Error));
    for service in ["com.amazonaws.us-east-1.s3", "com.amazonaws.~.s3", "?"] {
        let endpoint = json!({"aws_vpc_endpoint.s3": {"vpc_id": "${aws_vpc.main.id}", "service_name": service,
            "route_table_ids": ["${aws_route_table.public.id}"]}});
        assert_eq!(severity(&with(public.clone(), &endpoint)), Some(Severity::Warning), "{service}");
    }
}

#[test]
fn zones_depend_on_a_nat_gateway_of_another() {
    let alone = with(behind_nat(), &function(&json!(["${aws_subnet.b.id}"])));
    is_silent("nat_single_zone", &alone);
    let both = with(
        alone.clone(),
        &json!({"aws_subnet.c": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.2.0/24", "availability_zone": "us-east-1a"},
            "aws_route_table_association.c": super::tests::association("c", "other"),
            "aws_lambda_function.app": {"function_name": "app", "vpc_config": [{
                "subnet_ids": ["${aws_subnet.b.id}", "${aws_subnet.c.id}"],
                "security_group_ids": ["${aws_security_group.app.id}"]}]}}),
    );
    fires("nat_single_zone", &both, &["aws_nat_gateway.out"]);
    is_silent("nat_cross_zone", &both);
    let own = json!({"aws_nat_gateway.own": {"subnet_id": "${aws_subnet.d.id}", "allocation_id": "${aws_eip.out.id}"},
        "aws_subnet.d": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.3.0/24", "availability_zone": "us-east-1b"}});
    fires("nat_cross_zone", &with(both.clone(), &own), &["aws_route.nat"]);
    is_silent("nat_single_zone", &with(both.clone(), &own));
    let mut unknown = both;
    unknown["aws_subnet.a"]["availability_zone"] = json!("?");
    is_silent("nat_single_zone", &unknown);
}

#[test]
fn a_public_address_needs_the_internet_gateway() {
    let instance = |subnet: &str, public: &Json| {
        let instance = json!({"subnet_id": subnet, "associate_public_ip_address": public,
            "vpc_security_group_ids": ["${aws_security_group.open.id}"]});
        with(through_nat(), &json!({"aws_instance.web": instance}))
    };
    let rule = "public_address_without_internet_route";
    fires(rule, &instance("${aws_subnet.b.id}", &json!(true)), &["aws_instance.web"]);
    is_silent(rule, &instance("${aws_subnet.a.id}", &json!(true)));
    is_silent(rule, &instance("${aws_subnet.b.id}", &json!(false)));
    is_silent(rule, &instance("${aws_subnet.b.id}", &json!("?")));
    // One service in subnets of two tables is one finding, and its clients come by its load balancer.
    let more = json!({
        "aws_subnet.c": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.2.0/24", "availability_zone": "us-east-1c"},
        "aws_route_table.third": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_route.third": route("third", "0.0.0.0/0", "nat_gateway_id", "${aws_nat_gateway.out.id}"),
        "aws_route_table_association.c": super::tests::association("c", "third"),
        "aws_lb_target_group.app": {"vpc_id": "${aws_vpc.main.id}", "port": 443, "protocol": "HTTP", "target_type": "ip"},
        "aws_ecs_service.app": {"launch_type": "FARGATE", "network_configuration": [{
            "subnets": ["${aws_subnet.b.id}", "${aws_subnet.c.id}"], "assign_public_ip": true,
            "security_groups": ["${aws_security_group.open.id}"]}]}
    });
    let service = with(through_nat(), &more);
    let severity =
        |resources: &Json| verdicts(rule, resources).findings.iter().map(|it| it.severity).collect::<Vec<_>>();
    assert_eq!(severity(&service), [Severity::Error]);
    let mut served = service;
    served["aws_ecs_service.app"]["load_balancer"] = json!([{"target_group_arn": "${aws_lb_target_group.app.arn}"}]);
    served["aws_lb_listener.https"]["default_action"] =
        json!([{"type": "forward", "target_group_arn": "${aws_lb_target_group.app.arn}"}]);
    assert_eq!(severity(&served), [Severity::Warning]);
    let mut learned = instance("${aws_subnet.b.id}", &json!(true));
    learned["aws_route.nat"] = route("other", "0.0.0.0/0", "gateway_id", "?");
    is_silent(rule, &learned);
}

/// A NAT gateway in a subnet whose table leads to these, and nobody who sends it anything.
fn unused_nat(routes: &Json) -> Json {
    json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_ec2_transit_gateway.main": {},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"},
        "aws_route_table.a": {"vpc_id": "${aws_vpc.main.id}", "route": routes},
        "aws_route_table_association.a": {
            "subnet_id": "${aws_subnet.a.id}", "route_table_id": "${aws_route_table.a.id}"},
        "aws_nat_gateway.out": {"subnet_id": "${aws_subnet.a.id}"}
    })
}

#[test]
fn a_nat_gateway_that_may_serve_other_networks_possibly_wants_no_internet() {
    let rule = "nat_without_internet";
    let to = |argument: &str, target: &str| json!([{"cidr_block": "192.168.0.0/16", argument: target}]);
    fires(rule, &unused_nat(&json!([])), &["aws_nat_gateway.out"]);
    is_silent(rule, &unused_nat(&to("transit_gateway_id", "${aws_ec2_transit_gateway.main.id}")));
    let either = "${aws_ec2_transit_gateway.main.id|aws_internet_gateway.main.id}";
    let found = verdicts(rule, &unused_nat(&to("gateway_id", either))).findings;
    assert_eq!(found.iter().map(|it| it.certainty).collect::<Vec<_>>(), [Certainty::Possible]);
}

#[test]
fn a_subnet_is_in_use_where_something_is_certainly_in_it() {
    let rule = "subnet_on_main_route_table";
    let network = |lodger: &str| {
        let mut network = unused_nat(&json!([]));
        network["aws_subnet.b"] = json!({"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24"});
        network[lodger] = json!({"subnet_id": "${aws_subnet.b.id}"});
        network
    };
    fires(rule, &network("aws_instance.b[0]"), &["aws_subnet.b"]);
    is_silent(rule, &network("aws_instance.b[*]"));
}

#[test]
fn a_list_that_may_pass_what_is_lost_elsewhere_is_not_certainly_at_fault() {
    let network = |action: &str| {
        let rule =
            |action: &str| json!([{"rule_no": 1, "action": action, "protocol": "-1", "cidr_block": "0.0.0.0/0"}]);
        let open = json!([{"from_port": 0, "to_port": 65_535, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]);
        json!({
            "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
            "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
            "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"},
            "aws_network_acl.a": {"vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.a.id}"],
                "ingress": rule("allow"), "egress": rule(action)},
            "aws_security_group.open": {"vpc_id": "${aws_vpc.main.id}", "ingress": open},
            "aws_instance.web": {"subnet_id": "${aws_subnet.a.id}", "associate_public_ip_address": true,
                "vpc_security_group_ids": ["${aws_security_group.open.id}"]}
        })
    };
    fires("nacl_blocks_return", &network("deny"), &["aws_network_acl.a"]);
    is_silent("nacl_blocks_return", &network("?"));
}
