//! Each rule on small networks: it fires, the repaired one is silent, and an unknown is neither.

use serde_json::{Value as Json, json};

use super::{Context, Verdicts, find, run};
use crate::{
    finding::{Certainty, Fact},
    network::{Network, testing::graph},
    reach::RouteResolver,
};

pub(super) fn verdicts(rule: &str, resources: &Json) -> Verdicts {
    let graph = graph(resources);
    let network = Network::of(&graph);
    let routes = RouteResolver::new(&network);
    run(&[find(rule).unwrap()], &graph, &Context { network: &network, routes: &routes, change: None })
}

/// The resources found certainly, those found possibly, and those that a question about has no answer.
fn heard(rule: &str, resources: &Json) -> [Vec<String>; 3] {
    let verdicts = verdicts(rule, resources);
    let of = |certainty| {
        let all = verdicts.findings.iter().filter(|it| it.certainty == certainty);
        all.map(|it| it.resource.clone().unwrap_or_default()).collect()
    };
    let unanswered = verdicts.unanswered.iter().map(|it| it.resource.clone()).collect();
    [of(Certainty::Certain), of(Certainty::Possible), unanswered]
}

pub(super) fn fires(rule: &str, resources: &Json, on: &[&str]) {
    let [certain, possible, _] = heard(rule, resources);
    assert_eq!(certain, on, "{rule}");
    assert!(possible.is_empty(), "{rule}: {possible:?}");
}

pub(super) fn is_silent(rule: &str, resources: &Json) {
    assert_eq!(heard(rule, resources), [const { Vec::<String>::new() }; 3], "{rule}");
}

pub(super) fn is_unanswered(rule: &str, resources: &Json, about: &[&str]) {
    let [certain, possible, unanswered] = heard(rule, resources);
    assert!(certain.is_empty() && possible.is_empty(), "{rule}: {certain:?} {possible:?}");
    assert_eq!(unanswered, about, "{rule}");
}

pub(super) fn with(mut resources: Json, more: &Json) -> Json {
    for (address, body) in more.as_object().unwrap() {
        resources[address] = body.clone();
    }
    resources
}

pub(super) fn route(table: &str, destination: &str, argument: &str, target: &str) -> Json {
    json!({"route_table_id": format!("${{aws_route_table.{table}.id}}"), "destination_cidr_block": destination, argument: target})
}

pub(super) fn association(subnet: &str, table: &str) -> Json {
    json!({"subnet_id": format!("${{aws_subnet.{subnet}.id}}"), "route_table_id": format!("${{aws_route_table.{table}.id}}")})
}

const IGW: &str = "${aws_internet_gateway.main.id}";
const NAT: &str = "${aws_nat_gateway.out.id}";

/// Two subnets, one on a table to the internet gateway, one on a table without a default route, and a load balancer in
/// both.
fn base() -> Json {
    let vpc = json!({"vpc_id": "${aws_vpc.main.id}"});
    json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.main": vpc,
        "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1a"},
        "aws_subnet.b": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24", "availability_zone": "us-east-1b"},
        "aws_route_table.public": vpc,
        "aws_route_table.other": vpc,
        "aws_route.public": route("public", "0.0.0.0/0", "gateway_id", IGW),
        "aws_route_table_association.a": association("a", "public"),
        "aws_route_table_association.b": association("b", "other"),
        "aws_nat_gateway.out": {"subnet_id": "${aws_subnet.a.id}"},
        "aws_security_group.open": {"vpc_id": "${aws_vpc.main.id}", "ingress": [
            {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_lb.front": {"subnets": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
            "security_groups": ["${aws_security_group.open.id}"]},
        "aws_lb_listener.https": {"load_balancer_arn": "${aws_lb.front.arn}", "port": 443, "protocol": "HTTPS"},
    })
}

pub(super) fn through_nat() -> Json {
    with(base(), &json!({"aws_route.nat": route("other", "0.0.0.0/0", "nat_gateway_id", NAT)}))
}

pub(super) fn repaired() -> Json {
    with(base(), &json!({"aws_route.nat": route("other", "0.0.0.0/0", "gateway_id", IGW)}))
}

#[test]
fn answers_through_a_nat_gateway_are_asymmetric() {
    fires("lb_asymmetric_return", &through_nat(), &["aws_lb.front"]);
    is_silent("lb_subnet_without_internet", &through_nat());
    is_silent("lb_partial_asymmetric_return", &through_nat());
    is_silent("lb_asymmetric_return", &repaired());
    let found = verdicts("lb_asymmetric_return", &through_nat()).findings.remove(0);
    assert!(found.message.starts_with("1 of 2 nodes of `aws_lb.front` answers clients through `aws_nat_gateway.out`"));
    assert_eq!(found.evidence.get("broken_nodes"), Some(&Fact::Count(1)));
    // The way of the answer: from the node by the route.
    let way: Vec<_> = found.because.iter().map(|it| it.resource.as_deref()).collect();
    assert_eq!(way, [Some("aws_subnet.b"), Some("aws_route.nat")]);
}

#[test]
fn a_route_by_a_gateway_argument_is_what_it_refers_to() {
    let named = with(base(), &json!({"aws_route.nat": route("other", "0.0.0.0/0", "gateway_id", NAT)}));
    fires("lb_asymmetric_return", &named, &["aws_lb.front"]);
}

#[test]
fn a_subnet_without_a_default_route_has_no_internet() {
    fires("lb_subnet_without_internet", &base(), &["aws_lb.front"]);
    is_silent("lb_asymmetric_return", &base());
    is_silent("lb_subnet_without_internet", &repaired());
}

#[test]
fn an_exception_for_some_blocks_is_partial() {
    let exception =
        with(repaired(), &json!({"aws_route.partner": route("other", "34.64.0.0/10", "nat_gateway_id", NAT)}));
    fires("lb_partial_asymmetric_return", &exception, &["aws_lb.front"]);
    is_silent("lb_asymmetric_return", &exception);
    let found = verdicts("lb_partial_asymmetric_return", &exception).findings.remove(0);
    assert_eq!(found.evidence.get("clients"), Some(&Fact::Texts(vec!["34.64.0.0/10".to_owned()])));
    let private =
        with(repaired(), &json!({"aws_route.partner": route("other", "172.16.0.0/12", "nat_gateway_id", NAT)}));
    is_silent("lb_partial_asymmetric_return", &private);
}

#[test]
fn clients_that_no_group_admits_do_not_count() {
    let group = json!({"aws_security_group.open": {"vpc_id": "${aws_vpc.main.id}", "ingress": [
        {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["203.0.113.0/24"]},
        {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_route.partner": route("other", "203.0.113.0/24", "gateway_id", IGW)});
    let admitted = with(through_nat(), &group);
    is_silent("lb_asymmetric_return", &admitted);
    is_silent("lb_partial_asymmetric_return", &admitted);
    let unknown = with(through_nat(), &json!({"aws_security_group.open": {"ingress": "?"}}));
    is_unanswered("lb_asymmetric_return", &unknown, &["aws_lb.front"]);
}

#[test]
fn unknown_subnets_and_tables_are_no_finding() {
    let nodes = with(
        through_nat(),
        &json!({"aws_lb.front": {"subnets": "?", "security_groups": ["${aws_security_group.open.id}"]}}),
    );
    is_unanswered("lb_asymmetric_return", &nodes, &["aws_lb.front"]);
    let table = json!({"aws_route_table_association.b": {"subnet_id": "${aws_subnet.b.id}", "route_table_id": "?"}});
    is_unanswered("lb_asymmetric_return", &with(through_nat(), &table), &["aws_lb.front"]);
}

#[test]
fn two_possible_subnets_of_an_application_load_balancer_are_certain() {
    let nodes = json!({"$possible": ["aws_subnet.a.id", "aws_subnet.b.id"]});
    let of_two = with(
        through_nat(),
        &json!({"aws_lb.front": {"subnets": nodes, "security_groups": ["${aws_security_group.open.id}"]}}),
    );
    fires("lb_asymmetric_return", &of_two, &["aws_lb.front"]);
    let network = with(through_nat(), &json!({"aws_lb.front": {"load_balancer_type": "network", "subnets": nodes}}));
    assert_eq!(heard("lb_asymmetric_return", &network)[1], ["aws_lb.front"]);
}

#[test]
fn associations_that_choose_among_as_many_subnets_have_one_each() {
    let choice = "${aws_subnet.a.id|aws_subnet.b.id}";
    let one = |table: &str| json!({"subnet_id": choice, "route_table_id": format!("${{aws_route_table.{table}.id}}")});
    let mut all = through_nat();
    for old in ["aws_route_table_association.a", "aws_route_table_association.b"] {
        all.as_object_mut().unwrap().remove(old);
    }
    let same =
        json!({"aws_route_table_association.x[0]": one("other"), "aws_route_table_association.x[1]": one("other")});
    fires("lb_asymmetric_return", &with(all.clone(), &same), &["aws_lb.front"]);
    let mixed =
        json!({"aws_route_table_association.x[0]": one("other"), "aws_route_table_association.x[1]": one("public")});
    is_unanswered("lb_asymmetric_return", &with(all, &mixed), &["aws_lb.front"]);
}

#[test]
fn a_propagated_route_may_win_anywhere_but_within_the_vpc() {
    let learns = json!({"aws_vpn_gateway.office": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_vpn_gateway_route_propagation.other": {
            "vpn_gateway_id": "${aws_vpn_gateway.office.id}", "route_table_id": "${aws_route_table.other.id}"}});
    is_unanswered("lb_asymmetric_return", &with(through_nat(), &learns), &["aws_lb.front"]);
}

#[test]
fn a_nat_gateway_needs_the_internet() {
    let moved = json!({"aws_nat_gateway.out": {"subnet_id": "${aws_subnet.b.id}"}});
    fires("nat_without_internet", &with(base(), &moved), &["aws_nat_gateway.out"]);
    is_silent("nat_without_internet", &through_nat());
    let unknown = json!({"aws_nat_gateway.out": {"subnet_id": "?"}});
    is_unanswered("nat_without_internet", &with(base(), &unknown), &["aws_nat_gateway.out"]);
    let candidates = json!({"aws_nat_gateway.out": {"subnet_id": "${aws_subnet.a.id|aws_subnet.b.id}"}});
    is_unanswered("nat_without_internet", &with(base(), &candidates), &["aws_nat_gateway.out"]);
    let regional = json!({"aws_vpc.bare": {"cidr_block": "10.1.0.0/16"},
        "aws_nat_gateway.out": {"availability_mode": "regional", "vpc_id": "${aws_vpc.bare.id}"}});
    fires("nat_without_internet", &with(base(), &regional), &["aws_nat_gateway.out"]);
}

#[test]
fn a_loop_is_one_finding() {
    let looping = with(through_nat(), &json!({"aws_nat_gateway.out": {"subnet_id": "${aws_subnet.b.id}"}}));
    fires("nat_loop", &looping, &["aws_nat_gateway.out"]);
    is_silent("nat_without_internet", &looping);
    is_silent("nat_loop", &through_nat());
    let unknown = json!({"aws_nat_gateway.out": {"subnet_id": "?"}});
    is_unanswered("nat_loop", &with(through_nat(), &unknown), &["aws_nat_gateway.out"]);
}

#[test]
fn a_private_nat_gateway_leads_to_no_internet() {
    let private = |connectivity: &str| {
        let nat = json!({"subnet_id": "${aws_subnet.a.id}", "connectivity_type": connectivity});
        with(through_nat(), &json!({"aws_nat_gateway.out": nat}))
    };
    fires("private_nat_to_internet", &private("private"), &["aws_nat_gateway.out"]);
    is_silent("private_nat_to_internet", &private("public"));
    is_unanswered("private_nat_to_internet", &private("?"), &["aws_nat_gateway.out"]);
}

#[test]
fn a_gateway_that_is_not_attached_is_a_blackhole() {
    let loose = with(base(), &json!({"aws_internet_gateway.main": {}}));
    fires("blackhole_route", &loose, &["aws_route.public"]);
    fires("lb_subnet_without_internet", &loose, &["aws_lb.front"]);
    is_silent("blackhole_route", &base());
    is_unanswered(
        "blackhole_route",
        &with(base(), &json!({"aws_internet_gateway.main": {"vpc_id": "?"}})),
        &["aws_route.public"],
    );
    let attached =
        json!({"aws_internet_gateway_attachment.main": {"internet_gateway_id": IGW, "vpc_id": "${aws_vpc.main.id}"}});
    is_silent("blackhole_route", &with(loose, &attached));
    let other = json!({"aws_vpc.other": {"cidr_block": "10.1.0.0/16"}, "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.other.id}"}});
    fires("blackhole_route", &with(base(), &other), &["aws_route.public"]);
}

#[test]
fn a_transit_gateway_needs_an_attachment_and_a_peering_an_accepter() {
    let transit = with(
        base(),
        &json!({"aws_ec2_transit_gateway.core": {},
        "aws_route.core": route("other", "10.0.0.0/8", "transit_gateway_id", "${aws_ec2_transit_gateway.core.id}")}),
    );
    fires("blackhole_route", &transit, &["aws_route.core"]);
    let attached = json!({"aws_ec2_transit_gateway_vpc_attachment.core": {"transit_gateway_id": "${aws_ec2_transit_gateway.core.id}",
        "vpc_id": "${aws_vpc.main.id}", "subnet_ids": ["${aws_subnet.b.id}"]}});
    is_silent("blackhole_route", &with(transit, &attached));
    let peering = |accept: Json| {
        with(
            base(),
            &json!({"aws_vpc.peer": {"cidr_block": "10.9.0.0/16"},
        "aws_vpc_peering_connection.peer": {"vpc_id": "${aws_vpc.main.id}", "peer_vpc_id": "${aws_vpc.peer.id}", "auto_accept": accept},
        "aws_route.peer": route("other", "10.9.0.0/16", "vpc_peering_connection_id", "${aws_vpc_peering_connection.peer.id}")}),
        )
    };
    fires("blackhole_route", &peering(json!(false)), &["aws_route.peer"]);
    is_silent("blackhole_route", &peering(json!(true)));
    is_unanswered("blackhole_route", &peering(json!("?")), &["aws_route.peer"]);
}

#[test]
fn a_table_has_one_route_for_a_destination() {
    let twice = json!({"aws_route.zero": route("public", "0.0.0.0/0", "nat_gateway_id", NAT)});
    fires("duplicate_route", &with(base(), &twice), &["aws_route.zero"]);
    is_silent("duplicate_route", &through_nat());
    is_silent(
        "duplicate_route",
        &with(base(), &json!({"aws_route.zero": route("public", "?", "nat_gateway_id", NAT)})),
    );
}

#[test]
fn what_two_halves_cover_no_packet_takes() {
    let halves = json!({
        "aws_route.low": route("public", "0.0.0.0/1", "gateway_id", IGW),
        "aws_route.high": route("public", "128.0.0.0/1", "gateway_id", IGW)});
    fires("shadowed_route", &with(base(), &halves), &["aws_route.public"]);
    is_silent(
        "shadowed_route",
        &with(base(), &json!({"aws_route.low": route("public", "0.0.0.0/1", "gateway_id", IGW)})),
    );
    let unknown = with(
        base(),
        &json!({"aws_route.low": route("public", "0.0.0.0/1", "gateway_id", IGW),
        "aws_route.high": route("public", "?", "gateway_id", IGW)}),
    );
    is_silent("shadowed_route", &unknown);
}

#[test]
fn a_table_without_association_is_unused() {
    let mut loose = through_nat();
    loose.as_object_mut().unwrap().remove("aws_route_table_association.b");
    fires("unused_route_table", &loose, &["aws_route_table.other"]);
    is_silent("unused_route_table", &through_nat());
    let unknown = json!({"aws_route_table_association.c": {"subnet_id": "${aws_subnet.b.id}", "route_table_id": "?"}});
    is_unanswered("unused_route_table", &with(loose, &unknown), &["aws_route_table.other"]);
}

#[test]
fn a_subnet_in_use_may_follow_the_main_table() {
    let mut loose = base();
    loose.as_object_mut().unwrap().remove("aws_route_table_association.b");
    fires("subnet_on_main_route_table", &loose, &["aws_subnet.b"]);
    is_silent("subnet_on_main_route_table", &base());
    let unknown =
        json!({"aws_route_table_association.c": {"subnet_id": "?", "route_table_id": "${aws_route_table.other.id}"}});
    is_silent("subnet_on_main_route_table", &with(loose, &unknown));
}

#[test]
fn the_default_vpc_leads_to_the_internet() {
    let default = json!({
        "aws_default_vpc.main": {},
        "aws_default_subnet.a": {"availability_zone": "us-east-1a"},
        "aws_default_subnet.b": {"availability_zone": "us-east-1b"},
        "aws_lb.front": {"load_balancer_type": "network", "subnets": ["${aws_default_subnet.a.id}", "${aws_default_subnet.b.id}"]},
    });
    for rule in ["lb_asymmetric_return", "lb_subnet_without_internet", "subnet_on_main_route_table"] {
        is_silent(rule, &default);
    }
}

#[test]
fn what_there_may_be_none_of_is_possible_at_most() {
    let tables = json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_route_table.a": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_route_table.t[*]": {"vpc_id": "${aws_vpc.main.id}"},
    });
    let rule = "duplicate_route";
    let to = |table| route(table, "0.0.0.0/0", "gateway_id", "${aws_internet_gateway.main.id}");
    // Two tables of many, which one instance stands for.
    is_silent(rule, &with(tables.clone(), &json!({"aws_route.one": to("t[*]"), "aws_route.two": to("t[*]")})));
    is_silent(rule, &with(tables.clone(), &json!({"aws_route.one[*]": to("a"), "aws_route.two": to("a")})));
    fires(
        rule,
        &with(tables.clone(), &json!({"aws_route.one": to("a"), "aws_route.two": to("a")})),
        &["aws_route.two"],
    );
    // As many of the one as of the other, if any.
    let inline = json!({"vpc_id": "${aws_vpc.main.id}", "route": [
        {"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"},
        {"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"},
    ]});
    let [certain, possible, _] = heard(rule, &with(tables, &json!({"aws_route_table.t[*]": inline})));
    assert!(certain.is_empty());
    assert_eq!(possible, ["aws_route_table.t[*]"]);
}

#[test]
fn a_table_that_another_provider_names_may_be_used() {
    let network = json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_route_table.a": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_route.a": route("a", "0.0.0.0/0", "gateway_id", "${aws_internet_gateway.main.id}"),
    });
    fires("unused_route_table", &network, &["aws_route_table.a"]);
    let other = json!({"awscc_ec2_subnet_route_table_association.a": {"route_table_id": "${aws_route_table.a.id}"}});
    let [certain, ..] = heard("unused_route_table", &with(network, &other));
    assert!(certain.is_empty(), "{certain:?}");
}

#[test]
fn an_association_that_may_not_be_there_leaves_the_table_open() {
    let network = |association: &str| {
        let address = format!("aws_route_table_association.{association}");
        let resources = json!({
            "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
            "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"},
            "aws_route_table.a": {"vpc_id": "${aws_vpc.main.id}"},
            address: self::association("a", "a"),
        });
        let network = Network::of(&graph(&resources));
        let (_, subnet) = network.subnets.iter().next().unwrap();
        subnet.association.candidates().map(<[_]>::len)
    };
    assert_eq!(network("a"), Some(1));
    assert_eq!(network("a[*]"), Some(2));
}
