//! Who has interfaces, in which subnets, and whether they have public addresses.

#![expect(clippy::needless_pass_by_value, reason = "`json!` at every call, without an ampersand")]

use serde_json::{Value as Json, json};

use super::{Link, Network, NetworkInterface, Owner, PublicAddress, testing::graph};
use crate::value::{Address, Truth};

/// The interfaces of `owner` beside a subnet that gives public addresses and one that does not.
fn interfaces(owner: &str, more: Json) -> (Network, Vec<NetworkInterface>, Owner) {
    let mut resources = json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_subnet.giving": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "map_public_ip_on_launch": true},
        "aws_subnet.plain": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24"},
        "aws_security_group.own": {"vpc_id": "${aws_vpc.main.id}"},
    });
    resources.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let graph = graph(&resources);
    let network = Network::of(&graph);
    let id = network.owner_of(graph.find(&Address::new(owner)).unwrap()).unwrap();
    let owner = network.owners[id].clone();
    let all = owner.interfaces.iter().map(|id| network.interfaces[*id].clone()).collect();
    (network, all, owner)
}

/// `none`, `elastic`, `assigned`, `service` or `unknown`, by interface.
fn kinds(all: &[NetworkInterface]) -> Vec<&'static str> {
    let kind = |it: &NetworkInterface| match it.public {
        PublicAddress::None(_) => "none",
        PublicAddress::Elastic(_) => "elastic",
        PublicAddress::Assigned(_) => "assigned",
        PublicAddress::Service(_) => "service",
        PublicAddress::Unknown(_) => "unknown",
    };
    all.iter().map(kind).collect()
}

const BOTH: [&str; 2] = ["${aws_subnet.giving.id}", "${aws_subnet.plain.id}"];

#[test]
fn an_instance_gets_what_it_asks_for_and_else_what_its_subnet_gives() {
    let of = |more: Json| kinds(&interfaces("aws_instance.it", json!({"aws_instance.it": more})).1);
    assert_eq!(of(json!({"subnet_id": BOTH[0]})), ["assigned"]);
    assert_eq!(of(json!({"subnet_id": BOTH[1]})), ["none"]);
    assert_eq!(of(json!({"subnet_id": BOTH[0], "associate_public_ip_address": false})), ["none"]);
    assert_eq!(of(json!({"subnet_id": BOTH[1], "associate_public_ip_address": "?"})), ["unknown"]);
    let elastic =
        json!({"aws_instance.it": {"subnet_id": BOTH[1]}, "aws_eip.it": {"instance": "${aws_instance.it.id}"}});
    assert_eq!(kinds(&interfaces("aws_instance.it", elastic).1), ["elastic"]);
    let apart = json!({"aws_instance.it": {"subnet_id": BOTH[1]}, "aws_eip.it": {},
        "aws_eip_association.it": {"allocation_id": "${aws_eip.it.id}", "instance_id": "${aws_instance.it.id}"}});
    assert_eq!(kinds(&interfaces("aws_instance.it", apart).1), ["elastic"]);
}

#[test]
fn what_a_template_launches_is_in_every_subnet_of_its_group() {
    let group = |template: Json| {
        json!({"aws_launch_template.t": template,
            "aws_autoscaling_group.it": {"vpc_zone_identifier": BOTH, "launch_template": [{"id": "${aws_launch_template.t.id}"}]}})
    };
    let of = |template: Json| interfaces("aws_autoscaling_group.it", group(template));
    let (network, all, _) = of(json!({"vpc_security_group_ids": ["${aws_security_group.own.id}"]}));
    assert_eq!(kinds(&all), ["assigned", "none"]);
    let own = all[0].groups.as_ref().unwrap().links[0].known().unwrap();
    assert_eq!(network.security_groups[own].name.text(), "aws_security_group.own");
    let asking = of(
        json!({"network_interfaces": [{"associate_public_ip_address": true, "security_groups": ["${aws_security_group.own.id}"]}]}),
    );
    assert_eq!(kinds(&asking.1), ["assigned", "assigned"]);
    let several = of(json!({"network_interfaces": [{"device_index": 0}, {"device_index": 1}]}));
    assert_eq!(kinds(&several.1), ["none", "none"]);
}

#[test]
fn a_task_gets_one_on_fargate_alone() {
    let of = |launch: &str, public: bool| {
        let service = json!({"aws_ecs_service.it": {"launch_type": launch,
            "network_configuration": [{"subnets": BOTH, "assign_public_ip": public}]}});
        kinds(&interfaces("aws_ecs_service.it", service).1)
    };
    assert_eq!(of("FARGATE", true), ["assigned", "assigned"]);
    assert_eq!(of("FARGATE", false), ["none", "none"]);
    assert_eq!(of("EC2", true), ["none", "none"]);
    let bridge = interfaces(
        "aws_ecs_service.it",
        json!({
        "aws_ecs_task_definition.t": {"network_mode": "bridge"},
        "aws_ecs_service.it": {"task_definition": "${aws_ecs_task_definition.t.arn}"}}),
    );
    assert!(bridge.1.is_empty());
    assert_eq!(
        bridge.2.others.as_deref(),
        Some("in network mode `bridge` its tasks use the interfaces of their hosts")
    );
}

#[test]
fn functions_never_and_load_balancers_on_each_node() {
    let function = json!({"aws_lambda_function.it": {"vpc_config": [{"subnet_ids": BOTH, "security_group_ids": ["${aws_security_group.own.id}"]}]}});
    assert_eq!(kinds(&interfaces("aws_lambda_function.it", function).1), ["none", "none"]);
    let balancer = |more: Json| {
        let mut it = json!({"subnets": BOTH});
        it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        kinds(&interfaces("aws_lb.it", json!({"aws_lb.it": it})).1)
    };
    assert_eq!(balancer(json!({})), ["service", "service"]);
    assert_eq!(balancer(json!({"internal": true})), ["none", "none"]);
    let fixed = json!({"aws_eip.it": {}, "aws_lb.it": {"load_balancer_type": "network", "subnet_mapping": [
        {"subnet_id": BOTH[0], "allocation_id": "${aws_eip.it.id}"}, {"subnet_id": BOTH[1]}]}});
    let (_, all, _) = interfaces("aws_lb.it", fixed);
    assert_eq!(kinds(&all), ["elastic", "service"]);
    assert!(all[0].groups.is_none(), "nothing filters before a network load balancer without groups");
}

#[test]
fn a_database_is_in_the_subnets_of_its_group_and_has_the_default_group() {
    let database = json!({
        "aws_db_subnet_group.g": {"subnet_ids": BOTH},
        "aws_db_instance.it": {"db_subnet_group_name": "${aws_db_subnet_group.g.name}", "publicly_accessible": true}});
    let (network, all, _) = interfaces("aws_db_instance.it", database);
    assert_eq!(kinds(&all), ["service", "service"]);
    let Link::Known(group) = all[0].groups.as_ref().unwrap().links[0] else { panic!("{:?}", all[0].groups) };
    assert_eq!(network.security_groups[group].name.text(), "aws_vpc.main.default_security_group_id");
    assert_eq!(all[0].ipv6, Truth::False);
}
