//! Traces, tables of several candidates, and the rows that the `routes` command prints, on small networks.

use std::net::IpAddr;

use serde_json::{Value as Json, json};

use super::{
    End, Reason, RouteResolver, Step,
    table::{SubnetRoutes, TargetName},
};
use crate::network::{Blackhole, Network, testing::graph};

fn network(nat: &Json, public_route: &Json, private_table: &str) -> Network {
    Network::of(&graph(&json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16", "assign_generated_ipv6_cidr_block": true},
        "aws_internet_gateway.main": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_subnet.app": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24"},
        "aws_subnet.public": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"},
        "aws_route_table.app": {"vpc_id": "${aws_vpc.main.id}", "route": [
            {"cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.out.id}"}]},
        "aws_route_table.public": {"vpc_id": "${aws_vpc.main.id}", "route": [public_route]},
        "aws_route_table_association.app": {"subnet_id": "${aws_subnet.app.id}", "route_table_id": private_table},
        "aws_route_table_association.public": {
            "subnet_id": "${aws_subnet.public.id}", "route_table_id": "${aws_route_table.public.id}"},
        "aws_nat_gateway.out": nat,
    })))
}

fn to_internet() -> Json {
    json!({"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.main.id}"})
}

fn zonal(connectivity: &str) -> Json {
    json!({"subnet_id": "${aws_subnet.public.id}", "connectivity_type": connectivity})
}

/// The end of what the first subnet, `app`, sends there.
fn end(network: &Network, to: &str) -> End {
    let app = network.subnets.ids().next().unwrap();
    RouteResolver::new(network).trace(app, to.parse::<IpAddr>().unwrap()).end
}

const APP: &str = "${aws_route_table.app.id}";

#[test]
fn a_nat_gateway_forwards_by_its_own_subnets_table() {
    let network = network(&zonal("public"), &to_internet(), APP);
    assert_eq!(end(&network, "8.8.8.8"), End::Internet);
    let public = network.subnets.ids().nth(1).unwrap();
    assert_eq!(end(&network, "10.0.0.9"), End::Delivered(Some(public)));
    assert_eq!(end(&network, "2600::1"), End::Dropped(Reason::NoRoute));
    assert_eq!(end(&network, "192.168.0.1"), End::Dropped(Reason::NotPublic));
    let app = network.subnets.ids().next().unwrap();
    let hops = RouteResolver::new(&network).trace(app, "8.8.8.8".parse().unwrap()).hops;
    let steps: Vec<_> = hops.iter().map(|hop| hop.step).collect();
    assert_eq!(steps, [Step::Routed, Step::Translated, Step::Routed]);
    assert_eq!(hops[0].place.as_ref().and_then(|it| it.resource.as_deref()), Some("aws_route_table.app"));
}

#[test]
fn a_private_one_is_dropped_and_a_regional_one_needs_no_subnet() {
    assert_eq!(end(&network(&zonal("private"), &to_internet(), APP), "8.8.8.8"), End::Dropped(Reason::PrivateNat));
    let regional = json!({"availability_mode": "regional", "vpc_id": "${aws_vpc.main.id}"});
    assert_eq!(end(&network(&regional, &to_internet(), APP), "8.8.8.8"), End::Internet);
}

#[test]
fn loops_end_and_blackholes_drop() {
    let back = json!({"cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.out.id}"});
    let network_of = |route: &Json| network(&zonal("public"), route, APP);
    assert!(matches!(end(&network_of(&back), "8.8.8.8"), End::Loop(_)));
    let elsewhere = json!({"cidr_block": "0.0.0.0/0", "transit_gateway_id": "tgw-1"});
    assert!(matches!(end(&network_of(&elsewhere), "8.8.8.8"), End::Unknown(_)));
    let gone = graph(&json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.loose": {},
        "aws_subnet.app": {"vpc_id": "${aws_vpc.main.id}"},
        "aws_default_route_table.main": {"default_route_table_id": "${aws_vpc.main.default_route_table_id}", "route": [
            {"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.loose.id}"}]},
    }));
    let dropped = End::Dropped(Reason::Blackhole(Blackhole::NotAttached));
    assert_eq!(end(&Network::of(&gone), "8.8.8.8"), dropped);
}

#[test]
fn where_the_table_is_one_of_two_what_both_say_is_known() {
    let either = "${aws_route_table.app.id|aws_route_table.public.id}";
    let network = network(&zonal("public"), &to_internet(), either);
    assert_eq!(end(&network, "8.8.8.8"), End::Internet);
    assert!(matches!(end(&network, "10.0.0.9"), End::Delivered(_)));
    let routes = rows(&network);
    assert_eq!(
        (routes.association, &routes.route_table),
        ("unknown", &Some(unknown("its association's table is one of several")))
    );
    assert_eq!(routes.routes[2].destination, "0.0.0.0/0");
    assert_eq!(routes.routes[2].target, unknown("its table is one of several"));
}

#[test]
fn rows_have_one_destination_each_and_next_hops_the_whole_space() {
    let network = network(&zonal("public"), &to_internet(), APP);
    let routes = rows(&network);
    let of_rows: Vec<_> = routes.routes.iter().map(|row| (row.destination.as_str(), row.kind, row.state)).collect();
    let expected =
        [("10.0.0.0/16", "local", "active"), ("unknown", "local", "active"), ("0.0.0.0/0", "nat_gateway", "active")];
    assert_eq!(of_rows, expected);
    assert_eq!(routes.routes[2].written_by.as_deref(), Some("aws_route_table.app"));
    let hops: Vec<_> = routes.next_hops.iter().map(|row| row.target.clone()).collect();
    let named = |name: &str| Some(TargetName::Named(name.to_owned()));
    // The VPC has an IPv6 block too, which AWS chooses.
    let chosen = |text: &str| Some(TargetName::Unknown(text.to_owned()));
    let unique_local = chosen("one of: no route; local");
    let global = chosen("one of: local; no route");
    assert_eq!(hops, [named("aws_nat_gateway.out"), named("local"), None, global, unique_local]);
}

fn rows(network: &Network) -> SubnetRoutes {
    RouteResolver::new(network).subnet_routes().remove(0)
}

fn unknown(why: &str) -> TargetName {
    TargetName::Unknown(why.to_owned())
}

#[test]
fn a_subnet_lies_in_a_vpc_that_holds_its_block() {
    let network = Network::of(&graph(&json!({
        "aws_vpc.a": {"cidr_block": "10.0.0.0/16"},
        "aws_vpc.b": {"cidr_block": "10.1.0.0/16"},
        "aws_vpc.c": {"ipv4_ipam_pool_id": "ipam-pool-1", "cidr_block": "?"},
        "aws_subnet.in_b": {"vpc_id": "${aws_vpc.a.id|aws_vpc.b.id}", "cidr_block": "10.1.2.0/24"},
        "aws_subnet.open": {"vpc_id": "${aws_vpc.b.id|aws_vpc.c.id}", "cidr_block": "10.1.2.0/24"},
    })));
    let vpcs: Vec<_> = network.subnets.iter().map(|(_, subnet)| subnet.vpc.known()).collect();
    assert_eq!(vpcs, [network.vpcs.ids().nth(1), None]);
}

#[test]
fn what_goes_to_a_block_that_is_chosen_on_apply_may_stay_in_the_vpc() {
    let network = network(&zonal("public"), &to_internet(), APP);
    let app = network.subnets.ids().next().unwrap();
    let rows = RouteResolver::new(&network).routes_of(app).next_hops;
    let of = |block: &str| rows.iter().find(|row| row.destinations.iter().any(|it| it == block)).unwrap();
    assert_eq!(of("2000::/3").target, Some(TargetName::Unknown("one of: local; no route".to_owned())));
    assert!(of("::/3").target.is_none());
}
