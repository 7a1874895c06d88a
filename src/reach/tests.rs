//! Traces, tables of several candidates, and the rows that the `routes` command prints, on small networks.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Value as Json, json};

use super::{
    Code, Outside, Party, Path, Question, RouteResolver, Space, Thing, Traffic,
    packets::TCP,
    path::{End, Step},
    table::{SubnetRoutes, TargetName},
};
use crate::network::{Blackhole, Family, Id, Network, State, Subnet, testing::graph};

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

const APP: &str = "${aws_route_table.app.id}";

/// What becomes of what the first subnet, `app`, sends to an address.
fn ways(network: &Network, to: &str) -> Vec<Path> {
    let block = |id: Id<Subnet>| *network.subnets[id].block_of(Family::V4).and_then(|it| it.get()).unwrap();
    let to: IpNet = IpNet::from(to.parse::<IpAddr>().unwrap());
    let space = Space::of([to]);
    let is_public = !space.intersection(&Space::internet(Family::V4)).is_empty();
    let holder = network.subnets.ids().find(|id| block(*id).contains(&to));
    let to = match holder {
        Some(subnet) => Party::Subnet(subnet, space),
        None if is_public => Party::Internet(space),
        None => Party::OnPremises(space),
    };
    let app = network.subnets.ids().next().unwrap();
    let from = Party::Subnet(app, Space::of([block(app)]));
    RouteResolver::new(network).reach(&Question { from, to, traffic: Traffic::to_port(TCP, 443) }).paths
}

#[track_caller]
fn end(network: &Network, to: &str) -> End {
    let ways = ways(network, to);
    assert!(ways.iter().all(|way| way.end == ways[0].end), "{ways:#?}");
    ways[0].end.clone()
}

#[track_caller]
fn assert_leaves(network: &Network, to: &str) {
    let end = end(network, to);
    assert!(matches!(end, End::Left(Outside::Internet(_))), "{end:?}");
}

#[test]
fn a_nat_gateway_forwards_by_its_own_subnets_table() {
    let network = network(&zonal("public"), &to_internet(), APP);
    assert_leaves(&network, "8.8.8.8");
    assert_eq!(end(&network, "10.0.0.9"), End::Delivered(None));
    assert_eq!(end(&network, "192.168.0.1"), End::Dropped(Code::IgwDestinationNotPublic));
    let ways = ways(&network, "8.8.8.8");
    let decided = ways[0].hops.iter().filter(|hop| hop.thing == Thing::Table);
    let steps: Vec<_> = decided.map(|hop| (hop.step, hop.by.as_deref())).collect();
    let by = [Some("aws_route_table.app"), Some("aws_route_table.public")];
    assert_eq!(steps, by.map(|by| (Step::Routed, by)));
    let nat = ways[0].hops.iter().find(|hop| matches!(hop.thing, Thing::Nat(_)));
    assert_eq!(nat.map(|hop| hop.step), Some(Step::Translated));
    assert_eq!(ways[0].hops.iter().find_map(|hop| hop.place.as_ref()?.resource.as_deref()), by[0]);
}

#[test]
fn a_private_one_is_dropped_and_a_regional_one_needs_no_subnet() {
    assert_eq!(end(&network(&zonal("private"), &to_internet(), APP), "8.8.8.8"), End::Dropped(Code::NatIsPrivate));
    let regional = json!({"availability_mode": "regional", "vpc_id": "${aws_vpc.main.id}"});
    assert_leaves(&network(&regional, &to_internet(), APP), "8.8.8.8");
}

#[test]
fn loops_end_and_blackholes_drop() {
    let back = json!({"cidr_block": "0.0.0.0/0", "nat_gateway_id": "${aws_nat_gateway.out.id}"});
    let network_of = |route: &Json| network(&zonal("public"), route, APP);
    assert_eq!(end(&network_of(&back), "8.8.8.8"), End::Dropped(Code::RoutingLoop));
    let elsewhere = json!({"cidr_block": "0.0.0.0/0", "transit_gateway_id": "tgw-1"});
    assert!(matches!(end(&network_of(&elsewhere), "8.8.8.8"), End::Unknown(_)));
    let gone = graph(&json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_internet_gateway.loose": {},
        "aws_subnet.app": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24"},
        "aws_default_route_table.main": {"default_route_table_id": "${aws_vpc.main.default_route_table_id}", "route": [
            {"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.loose.id}"}]},
    }));
    let ways = ways(&Network::of(&gone), "8.8.8.8");
    assert_eq!(ways[0].end, End::Dropped(Code::BadStateRoute));
    let answer = ways[0].hops.iter().find_map(|hop| hop.answer.as_ref()).unwrap();
    assert_eq!(answer.state, State::Blackhole(Blackhole::NotAttached));
}

#[test]
fn where_the_table_is_one_of_two_what_both_say_is_known() {
    let either = "${aws_route_table.app.id|aws_route_table.public.id}";
    let network = network(&zonal("public"), &to_internet(), either);
    assert_eq!(end(&network, "10.0.0.9"), End::Delivered(None));
    let routes = rows(&network);
    assert_eq!(
        (routes.association, &routes.route_table),
        ("unknown", &Some(unknown("its association's table is one of several")))
    );
    assert_eq!(routes.routes[2].destination, "0.0.0.0/0");
    assert_eq!(routes.routes[2].target, unknown("its table is one of several"));
}

#[test]
fn where_two_arguments_may_be_null_the_target_is_that_of_one() {
    let (gateway, nat) = (
        "${aws_internet_gateway.main.id|aws_internet_gateway.main.id}",
        "${aws_nat_gateway.out.id|aws_nat_gateway.out.id}",
    );
    let target = |route: Json| {
        let network = network(&zonal("public"), &route, "${aws_route_table.public.id}");
        rows(&network).routes.pop().map(|row| (row.kind, row.destination))
    };
    let told = |kind, destination: &str| Some((kind, destination.to_owned()));
    let either = json!({"cidr_block": "0.0.0.0/0", "gateway_id": gateway, "nat_gateway_id": nat});
    assert_eq!(target(either), told("unknown", "0.0.0.0/0"));
    let one = json!({"cidr_block": "0.0.0.0/0", "gateway_id": gateway, "nat_gateway_id": "${aws_nat_gateway.out.id}"});
    assert_eq!(target(one), told("nat_gateway", "0.0.0.0/0"));
    let alone = json!({"cidr_block": "0.0.0.0/0", "gateway_id": gateway});
    assert_eq!(target(alone), told("internet_gateway", "0.0.0.0/0"));
    let family = json!({"cidr_block": "?", "ipv6_cidr_block": "?", "nat_gateway_id": nat});
    assert_eq!(target(family), told("nat_gateway", "unknown"));
    let ipv6 = json!({"cidr_block": "?", "ipv6_cidr_block": "::/0", "nat_gateway_id": nat});
    assert_eq!(target(ipv6), told("nat_gateway", "::/0"));
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
