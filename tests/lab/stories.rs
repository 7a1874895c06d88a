//! Connections to load balancers, counted.

use iac_check::network::OwnerKind;

use crate::{
    flows::Flow,
    network::{Group, Host, Lab, Nat, Peer, Route, Rule, Subnet, Via, Vpc, clients, everything},
    outcomes, ready, scenario,
    walk::Packet,
};

/// Of each of these nodes, how many of so many connections from a client on the internet are answered.
fn answered_by(lab: &Lab, nodes: &[usize], number: u64, connections: u16) -> Vec<usize> {
    let mut flows = Vec::new();
    for node in nodes {
        for connection in 0..connections {
            let source_port = 40_000 + 100 * u16::try_from(*node).expect("there are few nodes") + connection;
            let destination = lab.host_public(*node).expect("it faces the internet");
            let source = clients().next().expect("there is one");
            let packet = Packet { source, source_port, destination, port: 443, is_tcp: true };
            flows.push(Flow { from: "net".to_owned(), packet, onward: None });
        }
    }
    let outcomes = outcomes(lab, number, &flows);
    outcomes.chunks(usize::from(connections)).map(|of_node| of_node.iter().filter(|it| it.answered).count()).collect()
}

#[test]
fn a_node_whose_answers_go_to_a_nat_gateway_answers_nobody() {
    let Some(()) = ready() else { return };
    let all = || vec![Rule { protocol: "-1", ports: (0, 65_535), peer: Peer::Block(everything(false)) }];
    let story = |via| Lab {
        name: "story 1".to_owned(),
        vpcs: vec![Vpc::default()],
        subnets: [Via::Internet, via]
            .map(|via| Subnet { routes: vec![Route::to(everything(false), via)], ..Subnet::default() })
            .into(),
        nats: vec![Nat { subnet: 0, is_private: false }],
        hosts: (0..2)
            .map(|subnet| Host {
                subnet,
                is_public: true,
                groups: vec![0],
                forwards: false,
                has_ipv6: false,
                addresses: Vec::new(),
                node_of: None,
            })
            .collect(),
        groups: vec![Group { vpc: 0, ingress: all(), egress: all() }],
        ..Lab::default()
    };
    assert_eq!(answered_by(&story(Via::Nat(0)), &[0, 1], 900, 10), [10, 0]);
    assert_eq!(answered_by(&story(Via::Internet), &[0, 1], 901, 10), [10, 10]);
}

/// Of each node of the load balancer of a scenario, how many of so many connections are answered.
fn answered_by_nodes(name: &str, number: u64) -> Vec<usize> {
    let network = scenario::network(&format!("testdata/scenarios/{name}/plan.json"));
    let (lab, interfaces) = scenario::lab(name, &network).unwrap_or_else(|why| panic!("{name}: {why}"));
    let owner = |at: &usize| network.interfaces[interfaces[*at]].owner.map(|owner| network.owners[owner].kind);
    let nodes: Vec<_> = (0..lab.hosts.len()).filter(|at| owner(at) == Some(OwnerKind::LoadBalancer)).collect();
    answered_by(&lab, &nodes, number, 10)
}

#[test]
fn half_of_the_connections_to_the_load_balancer_time_out_and_none_once_repaired() {
    let Some(()) = ready() else { return };
    let before = answered_by_nodes("story_1_before", 910);
    let repaired = answered_by_nodes("story_1_repaired", 911);
    eprintln!("story 1: the nodes answer {before:?} of 10 connections each, and {repaired:?} once repaired");
    assert_eq!(before, [10, 0]);
    assert_eq!(repaired, [10, 10]);
}
