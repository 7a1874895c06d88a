//! Each rule about plans on small plans: what it says of them, and what it has nothing to say of.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::{Context, Rule, Verdicts, find, run};
use crate::{
    files::Memory,
    finding::{Certainty, Finding},
    network::Network,
    outside::Outside,
    project::{self, Project, Wanted},
    reach::{RouteResolver, Transition, transition::Side},
    source::SourceMap,
};

const RULES: [&str; 5] =
    ["next_hop_changes", "egress_address_changes", "implicit_reroute", "route_gap", "address_replaced"];

/// A VPC with a private subnet, in which an instance lives and leaves by a NAT gateway.
fn network() -> Json {
    json!({
        "aws_vpc.v": {"id": "vpc-1", "cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.i": {"id": "igw-1", "vpc_id": "vpc-1"},
        "aws_subnet.public": {"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24"},
        "aws_subnet.app": {"id": "subnet-2", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"},
        "aws_route_table.public": {"id": "rtb-1", "vpc_id": "vpc-1"},
        "aws_route_table.app": {"id": "rtb-2", "vpc_id": "vpc-1"},
        "aws_route_table_association.public": {"id": "a-1", "subnet_id": "subnet-1", "route_table_id": "rtb-1"},
        "aws_route_table_association.app": {"id": "a-2", "subnet_id": "subnet-2", "route_table_id": "rtb-2"},
        "aws_route.public": {"id": "r-1", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"},
        "aws_route.app": {"id": "r-2", "route_table_id": "rtb-2", "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"},
        "aws_eip.out": {"id": "eipalloc-1", "public_ip": "203.0.113.1"},
        "aws_nat_gateway.out": {"id": "nat-1", "subnet_id": "subnet-1", "allocation_id": "eipalloc-1", "connectivity_type": "public"},
        "aws_security_group.app": {"id": "sg-1", "vpc_id": "vpc-1", "egress": [
            {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]},
        "aws_instance.app": {"id": "i-1", "subnet_id": "subnet-2", "associate_public_ip_address": false,
            "vpc_security_group_ids": ["sg-1"]},
    })
}

fn with(mut resources: Json, more: &Json) -> Json {
    for (address, body) in more.as_object().unwrap() {
        for (key, value) in body.as_object().unwrap() {
            resources[address][key] = value.clone();
        }
    }
    resources
}

fn without(mut resources: Json, address: &str) -> Json {
    resources.as_object_mut().unwrap().remove(address);
    resources
}

/// The plan that leads from the one to the other. `$actions` says what it does where that does not follow.
fn plan(before: &Json, after: &Json) -> String {
    let nothing = Json::Null;
    let mut addresses: Vec<&String> = before.as_object().unwrap().keys().collect();
    addresses.extend(after.as_object().unwrap().keys().filter(|it| before.get(it.as_str()).is_none()));
    let changes = addresses.into_iter().map(|address| {
        let (was, is) = (before.get(address).unwrap_or(&nothing), after.get(address).unwrap_or(&nothing));
        let follows = match (was, is) {
            (Json::Null, _) => json!(["create"]),
            (_, Json::Null) => json!(["delete"]),
            (was, is) if was == is => json!(["no-op"]),
            _ => json!(["update"]),
        };
        let actions = is.get("$actions").or(was.get("$actions")).cloned().unwrap_or(follows);
        let body = |of: &Json| {
            let known =
                of.as_object().map(|it| it.iter().filter(|(key, value)| *key != "$actions" && **value != json!("?")));
            known.map_or(Json::Null, |it| Json::Object(it.map(|(key, value)| (key.clone(), value.clone())).collect()))
        };
        let unknown: Map<String, Json> = is
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, value)| **value == json!("?"))
            .map(|(key, _)| (key.clone(), json!(true)))
            .collect();
        let (kind, name) = address.split_once('.').unwrap();
        json!({"address": address, "mode": "managed", "type": kind, "name": name,
            "change": {"actions": actions, "before": body(was), "after": body(is), "after_unknown": unknown}})
    });
    let written =
        after.as_object().unwrap().iter().filter(|(_, body)| body.get("route").is_some()).map(|(address, _)| {
            let (kind, name) = address.split_once('.').unwrap();
            json!({"address": address, "mode": "managed", "type": kind, "name": name, "expressions": {"route": [{}]}})
        });
    json!({"format_version": "1.2", "planned_values": {},
        "configuration": {"root_module": {"resources": written.collect::<Vec<_>>()}},
        "resource_changes": changes.collect::<Vec<_>>()})
    .to_string()
}

fn verdicts(project: &Project, rules: &[&'static Rule]) -> Verdicts {
    let before = project.change().unwrap_or(&project.graph);
    let networks = [before, &project.graph].map(Network::of);
    let routes = [&networks[0], &networks[1]].map(RouteResolver::new);
    let [was, is] = [(before, &routes[0]), (&project.graph, &routes[1])].map(|(graph, routes)| Side { graph, routes });
    let transition = Transition::new(was, is);
    let change = project.change().map(|_| &transition);
    run(rules, &project.graph, &Context { network: &networks[1], routes: &routes[1], change })
}

/// What the five rules say of a plan.
fn findings(before: &Json, after: &Json) -> Vec<Finding> {
    let files = Memory::of([("plan.json", plan(before, after).as_str())]);
    let wanted = Wanted { before: true, ..Wanted::default() };
    let projects = project::load(&files, &mut SourceMap::default(), &["plan.json".to_owned()], &wanted.into());
    let rules: Vec<_> = RULES.iter().map(|rule| find(rule).unwrap()).collect();
    verdicts(&projects.unwrap()[0], &rules).findings
}

/// The same in short: `severity rule resource`, with `?` behind what is only possible.
fn heard(before: &Json, after: &Json) -> Vec<String> {
    let line = |it: &Finding| {
        let mark = if it.certainty == Certainty::Possible { " ?" } else { "" };
        format!("{} {} {}{mark}", it.severity.word(), it.rule, it.resource.as_deref().unwrap_or("-"))
    };
    let mut all: Vec<_> = findings(before, after).iter().map(line).collect();
    all.sort();
    all
}

fn says(before: &Json, after: &Json, expected: &[&str]) {
    assert_eq!(heard(before, after), expected);
}

#[test]
fn a_plan_that_changes_nothing_says_nothing() {
    says(&network(), &network(), &[]);
    says(&network(), &with(network(), &json!({"aws_instance.app": {"tags": {"a": "b"}}})), &[]);
    says(&json!({}), &network(), &[]);
    says(&network(), &json!({}), &[]);
}

#[test]
fn a_workload_without_a_public_address_loses_the_internet_with_its_nat_gateway() {
    let after = with(network(), &json!({"aws_route.app": {"nat_gateway_id": null, "gateway_id": "igw-1"}}));
    says(&network(), &after, &["error next_hop_changes aws_route.app"]);
    says(&network(), &without(network(), "aws_route.app"), &["error next_hop_changes aws_route.app"]);
}

#[test]
fn nobody_on_the_internet_calls_a_nat_gateway() {
    let after = without(network(), "aws_route.public");
    let [finding] = findings(&network(), &after).try_into().unwrap();
    assert_eq!(
        finding.message,
        "`aws_subnet.public` sends 0.0.0.0/0 but 10.0.0.0/16 nowhere instead of to `aws_internet_gateway.i`: \
         `aws_nat_gateway.out` does not get out any more"
    );
}

#[test]
fn nobody_is_seen_to_live_there() {
    let before = without(network(), "aws_instance.app");
    says(&before, &without(before.clone(), "aws_route.app"), &["error next_hop_changes aws_route.app ?"]);
}

#[test]
fn what_is_forgotten_is_there_all_the_same() {
    let forget = |address: &str| with(network(), &json!({address: {"$actions": ["forget"]}}));
    says(&forget("aws_route.app"), &without(network(), "aws_route.app"), &[]);
    says(&forget("aws_nat_gateway.out"), &without(network(), "aws_nat_gateway.out"), &[]);
    says(&forget("aws_route_table_association.app"), &without(network(), "aws_route_table_association.app"), &[]);
}

#[test]
fn an_adopted_default_table_stays_when_its_resource_is_destroyed() {
    let before = with(
        without(without(network(), "aws_route_table_association.app"), "aws_route.app"),
        &json!({
            "aws_vpc.v": {"default_route_table_id": "rtb-9"},
            "aws_default_route_table.d": {"id": "rtb-9", "default_route_table_id": "rtb-9", "vpc_id": "vpc-1",
                "route": [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"}]},
        }),
    );
    says(&before, &without(before.clone(), "aws_default_route_table.d"), &[]);
    let after = with(before.clone(), &json!({"aws_default_route_table.d": {"route": []}}));
    says(&before, &after, &["error next_hop_changes aws_default_route_table.d"]);
}

#[test]
fn addresses_that_become_the_vpcs_own_are_no_reroute() {
    let after = with(
        network(),
        &json!({
            "aws_vpc_ipv4_cidr_block_association.more": {"id": "c-1", "vpc_id": "vpc-1", "cidr_block": "100.64.0.0/16"},
        }),
    );
    says(&network(), &after, &[]);
}

#[test]
fn a_next_hop_that_is_not_known_is_none_other() {
    let after = with(network(), &json!({"aws_route.app": {"nat_gateway_id": "?"}}));
    says(&network(), &after, &[]);
}

#[test]
fn a_new_way_is_no_loss() {
    let after = with(
        network(),
        &json!({
            "aws_vpn_gateway.o": {"id": "?", "vpc_id": "vpc-1"},
            "aws_route.office": {"id": "?", "route_table_id": "rtb-2", "destination_cidr_block": "192.168.0.0/16", "gateway_id": "?"},
        }),
    );
    says(&network(), &after, &[]);
}

#[test]
fn an_address_that_moves_with_its_users_stays() {
    let second = json!({
        "aws_nat_gateway.second": {"id": "?", "subnet_id": "subnet-1", "allocation_id": "eipalloc-1", "connectivity_type": "public"},
        "aws_route.app": {"nat_gateway_id": "nat-2"},
    });
    let mut after = without(with(network(), &second), "aws_nat_gateway.out");
    after["aws_nat_gateway.second"]["id"] = json!("nat-2");
    says(&network(), &after, &[]);
    let other = with(
        after,
        &json!({
            "aws_eip.second": {"id": "eipalloc-2", "public_ip": "?"},
            "aws_nat_gateway.second": {"allocation_id": "eipalloc-2"},
        }),
    );
    says(&network(), &other, &["warning egress_address_changes aws_route.app"]);
}

#[test]
fn a_replaced_address_is_told_once() {
    let after = with(
        network(),
        &json!({
            "aws_eip.out": {"id": "?", "public_ip": "?", "$actions": ["delete", "create"]},
            "aws_nat_gateway.out": {"allocation_id": "eipalloc-9"},
        }),
    );
    // Which address the NAT gateway has then is not known here: the address itself is told.
    says(
        &network(),
        &after,
        &["warning address_replaced aws_eip.out", "warning egress_address_changes aws_nat_gateway.out"],
    );
    let more = with(
        network(),
        &json!({
            "aws_eip.second": {"id": "eipalloc-2", "public_ip": "?"},
            "aws_nat_gateway.out": {"secondary_allocation_ids": ["eipalloc-2"]},
        }),
    );
    says(&network(), &more, &["warning egress_address_changes aws_nat_gateway.out"]);
}

#[test]
fn what_is_deleted_first_leaves_a_gap() {
    let replaced = |address: &str, actions: Json| with(network(), &json!({address: {"$actions": actions}}));
    for address in ["aws_route.app", "aws_route_table_association.app", "aws_nat_gateway.out"] {
        let gap = format!("warning route_gap {address}");
        assert_eq!(heard(&network(), &replaced(address, json!(["delete", "create"]))), [gap], "{address}");
        assert!(heard(&network(), &replaced(address, json!(["create", "delete"]))).is_empty(), "{address}");
    }
}

#[test]
fn a_route_that_moves_to_another_resource_leaves_a_gap() {
    let inline = with(
        without(network(), "aws_route.app"),
        &json!({
            "aws_route_table.app": {"route": [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"}]},
        }),
    );
    let standalone = with(network(), &json!({"aws_route_table.app": {"route": []}}));
    says(&inline, &standalone, &["warning route_gap aws_route.app"]);
    says(&standalone, &inline, &["warning route_gap aws_route_table.app"]);
}

#[test]
fn who_follows_the_main_table_is_rerouted_with_it() {
    let before = without(network(), "aws_route_table_association.app");
    let main = |table: &str| json!({"aws_main_route_table_association.m": {"id": "m-1", "vpc_id": "vpc-1", "route_table_id": table}});
    let (nat, public) = (with(before.clone(), &main("rtb-2")), with(before.clone(), &main("rtb-1")));
    says(&nat, &public, &["error implicit_reroute aws_main_route_table_association.m"]);
    says(&nat, &before, &["error implicit_reroute aws_main_route_table_association.m"]);
    says(&network(), &before, &["error implicit_reroute aws_route_table_association.app"]);
    // The same way by another table is no reroute.
    says(&network(), &nat, &[]);
}

#[test]
fn addresses_that_partners_admit_already_are_no_news() {
    let after = with(
        network(),
        &json!({
            "aws_eip.second": {"id": "eipalloc-2", "public_ip": "203.0.113.9"},
            "aws_nat_gateway.out": {"secondary_allocation_ids": ["eipalloc-2"]},
        }),
    );
    let files = Memory::of([("plan.json", plan(&network(), &after).as_str())]);
    let wanted = Wanted { before: true, ..Wanted::default() };
    let found = |admitted: &str| {
        let mut projects =
            project::load(&files, &mut SourceMap::default(), &["plan.json".to_owned()], &wanted.into()).unwrap();
        let outside = Outside { admitted: Some(vec![admitted.parse().unwrap()]), ..Outside::default() };
        projects[0].graph.set_outside(&Arc::new(outside));
        verdicts(&projects[0], &[find("egress_address_changes").unwrap()]).findings.len()
    };
    assert_eq!(found("203.0.113.0/28"), 0);
    assert_eq!(found("198.51.100.0/28"), 1);
}
