//! Real packets are the judge: small networks, those of chance and the recorded scenarios, are built as Linux network
//! namespaces, real flows are tried between all pairs, and what became of them is held against what the program says of
//! the code.
//!
//! Needs root, `iproute2`, `nftables` and `python3`; where these are missing, nothing is tried, and the reason is said.

#![expect(clippy::format_push_string, reason = "code and scripts are put together from pieces")]
#![expect(clippy::format_collect, reason = "code and scripts are put together from pieces")]
#![expect(clippy::print_stderr, reason = "a skipped test says why")]

mod flows;
mod generate;
mod namespaces;
mod network;
mod scenario;

use std::{
    iter,
    panic::resume_unwind,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use iac_check::{
    files::Memory,
    network::{Id, Network, NetworkInterface, OwnerKind},
    project::{self, Wanted},
    reach::{
        Party, Question, Ranges, RouteResolver, Space, Traffic, Verdict,
        packets::{TCP, UDP},
    },
    source::SourceMap,
    value::Address,
};

use flows::{Flow, Outcome};
use namespaces::Namespaces;
use network::{CLIENTS, Group, Host, Lab, Nat, Peer, Rule, Subnet, Via};

/// How many networks of chance are tried.
const GENERATED: u64 = 32;

/// How many at once.
const WORKERS: usize = 6;

/// One flow, by the namespaces' names and by the code's.
struct Attempt {
    flow: Flow,
    /// A host, or a client by its address.
    from: End,
    to: End,
    /// The program says that it cannot tell.
    is_open: bool,
}

#[derive(Clone, Debug)]
enum End {
    Host(usize),
    Client(&'static str),
}

#[test]
fn a_node_whose_answers_go_to_a_nat_gateway_answers_nobody() {
    let Some(()) = ready() else { return };
    let open = || Group {
        vpc: 0,
        ingress: vec![Rule { protocol: "-1", ports: (0, 65_535), peer: Peer::Block("0.0.0.0/0") }],
        egress: vec![Rule { protocol: "-1", ports: (0, 65_535), peer: Peer::Block("0.0.0.0/0") }],
    };
    let story = |via| Lab {
        name: "story 1".to_owned(),
        subnets: vec![
            Subnet { routes: vec![("0.0.0.0/0".to_owned(), Via::Internet)], ..Subnet::default() },
            Subnet { routes: vec![("0.0.0.0/0".to_owned(), via)], ..Subnet::default() },
        ],
        nats: vec![Nat { subnet: 0, is_private: false }],
        hosts: (0..2)
            .map(|subnet| Host { subnet, is_public: true, groups: vec![0], forwards: false, has_ipv6: false })
            .collect(),
        groups: vec![open()],
        ..Lab::default()
    };
    for (via, answers) in [(Via::Nat(0), [true, false]), (Via::Internet, [true, true])] {
        let lab = story(via);
        let tried = compare(&lab, 900);
        let of_node = |node: usize| {
            let mine = tried.iter().filter(
                |(attempt, _)| matches!((&attempt.from, &attempt.to), (End::Client(_), End::Host(to)) if *to == node),
            );
            mine.map(|(_, outcome)| outcome.answered).collect::<Vec<_>>()
        };
        for (node, expected) in answers.into_iter().enumerate() {
            assert!(of_node(node).iter().all(|it| *it == expected), "node {node} by {via:?}: {:?}", of_node(node));
        }
    }
}

#[test]
fn what_becomes_of_real_packets_is_what_the_program_says() {
    let Some(()) = ready() else { return };
    let (mut flows, mut answered, mut one_way, mut open) = (0, 0, 0, 0);
    // Most of the time is spent waiting for answers that never come: several networks wait at once.
    let next = AtomicU64::new(0);
    let work = || {
        let seeds = iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|seed| *seed < GENERATED);
        seeds.map(|seed| compare(&generate::lab(seed), seed)).collect::<Vec<_>>()
    };
    let tried = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let tried = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        tried.flatten().collect::<Vec<_>>()
    });
    for tried in tried {
        open += tried.iter().filter(|(attempt, _)| attempt.is_open).count();
        flows += tried.len();
        answered += tried.iter().filter(|(_, outcome)| outcome.answered).count();
        one_way += tried.iter().filter(|(_, it)| it.arrived == Some(true) && !it.answered).count();
    }
    eprintln!(
        "{GENERATED} networks, {flows} flows: {answered} answered, {one_way} arrived and were not answered; of {open} the program says that it cannot tell"
    );
    assert!(answered != 0 && one_way != 0, "there is something to tell apart");
}

/// Of each node of the load balancer of a scenario, how many of so many connections are answered.
fn answered_by_nodes(name: &str, number: u64, connections: u16) -> Vec<usize> {
    let network = scenario::network(name);
    let (lab, interfaces) = scenario::lab(name, &network).unwrap_or_else(|why| panic!("{name}: {why}"));
    let owner = |at: &usize| network.interfaces[interfaces[*at]].owner.map(|owner| network.owners[owner].kind);
    let nodes: Vec<_> = (0..lab.hosts.len()).filter(|at| owner(at) == Some(OwnerKind::LoadBalancer)).collect();
    let mut flows = Vec::new();
    for node in &nodes {
        for connection in 0..connections {
            let source_port = 40_000 + 100 * u16::try_from(*node).expect("there are few nodes") + connection;
            let to = lab.host_public(*node).expect("the load balancer faces the internet");
            let source = Some(CLIENTS[0].to_owned());
            flows.push(Flow { from: "net".to_owned(), source, source_port, to, port: 443, is_tcp: true });
        }
    }
    let namespaces = Namespaces::of(&lab, &prefix(number)).unwrap_or_else(|why| panic!("{name}: {why}"));
    let servers: Vec<_> = nodes.iter().map(|node| format!("h{node}")).collect();
    let outcomes = flows::outcomes(&namespaces, &servers, &[443], &flows);
    outcomes.chunks(usize::from(connections)).map(|of_node| of_node.iter().filter(|it| it.answered).count()).collect()
}

#[test]
fn half_of_the_connections_to_the_load_balancer_time_out_and_none_once_repaired() {
    let Some(()) = ready() else { return };
    let before = answered_by_nodes("story_1_before", 910, 10);
    let repaired = answered_by_nodes("story_1_repaired", 911, 10);
    eprintln!("story 1: the nodes answer {before:?} of 10 connections each, and {repaired:?} once repaired");
    assert_eq!(before, [10, 0]);
    assert_eq!(repaired, [10, 10]);
}

#[test]
fn what_becomes_of_real_packets_in_the_scenarios_is_what_the_program_says() {
    let Some(()) = ready() else { return };
    let names = scenario::names();
    let next = AtomicU64::new(0);
    let work = || {
        let mut tried = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = usize::try_from(at).ok().and_then(|at| names.get(at)) else { return tried };
            let network = scenario::network(name);
            match scenario::lab(name, &network) {
                Ok((lab, hosts)) => tried.push(hold(&lab, 500 + at, |attempts| said(&network, &hosts, attempts))),
                Err(why) => eprintln!("{name} is not built: {why}"),
            }
        }
    };
    let tried = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let tried = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        tried.flatten().collect::<Vec<_>>()
    });
    let flows: Vec<_> = tried.iter().flatten().collect();
    let answered = flows.iter().filter(|(_, outcome)| outcome.answered).count();
    let open = flows.iter().filter(|(attempt, _)| attempt.is_open).count();
    eprintln!(
        "{} of {} scenarios, {} flows: {answered} answered; of {open} the program says that it cannot tell",
        tried.len(),
        names.len(),
        flows.len()
    );
    assert!(names.len() < tried.len() * 2, "most scenarios are built");
    assert!(answered != 0 && answered != flows.len(), "there is something to tell apart");
}

/// What the names of a network's namespaces begin with: no other process has them.
fn prefix(number: u64) -> String {
    format!("ic{}x{number}", std::process::id())
}

/// Whether the machine can do it. Asked once: the tests run beside each other.
fn ready() -> Option<()> {
    static READY: OnceLock<bool> = OnceLock::new();
    READY.get_or_init(|| is_ready().is_some()).then_some(())
}

fn is_ready() -> Option<()> {
    let name = prefix(0) + "probe";
    let probe = format!(
        "set -e\nfor it in ip nft python3; do command -v $it > /dev/null || {{ echo $it is not installed >&2; exit 1; }}; done\n\
         ip netns add {name}; trap 'ip netns del {name}' EXIT; ip netns exec {name} nft list ruleset\n"
    );
    match namespaces::run_script(&probe) {
        Ok(()) => Some(()),
        Err(why) => {
            eprintln!("skipped, no packet was sent: {}", why.trim());
            None
        }
    }
}

/// Tries every flow between all pairs, and holds each against what the program says of the code.
fn compare(lab: &Lab, number: u64) -> Vec<(Attempt, Outcome)> {
    hold(lab, number, |attempts| verdicts(lab, attempts))
}

/// Tries every flow, and holds each against its verdict.
fn hold(lab: &Lab, number: u64, verdicts: impl FnOnce(&[Attempt]) -> Vec<Verdict>) -> Vec<(Attempt, Outcome)> {
    let mut attempts = attempts(lab);
    let namespaces = Namespaces::of(lab, &prefix(number));
    let namespaces = namespaces.unwrap_or_else(|why| panic!("{}: {why}", lab.name));
    let servers: Vec<_> = (0..lab.hosts.len()).map(|host| format!("h{host}")).chain(["net".to_owned()]).collect();
    let flows: Vec<_> = attempts.iter().map(|it| it.flow.clone()).collect();
    let outcomes = flows::outcomes(&namespaces, &servers, lab.ports(), &flows);
    let verdicts = verdicts(&attempts);
    for (attempt, verdict) in attempts.iter_mut().zip(&verdicts) {
        attempt.is_open = *verdict == Verdict::Unknown;
    }
    let mut wrong = Vec::new();
    for ((attempt, outcome), verdict) in attempts.iter().zip(&outcomes).zip(&verdicts) {
        let fits = match verdict {
            // An unknown in a network of which all is known is one that AWS leaves open: which port a NAT gateway takes.
            Verdict::Unknown => true,
            Verdict::Reachable => outcome.answered,
            Verdict::OneWay => !outcome.answered && outcome.arrived != Some(false),
            Verdict::Unreachable => !outcome.answered && outcome.arrived != Some(true),
        };
        if !fits {
            let flow = &attempt.flow;
            let kind = if flow.is_tcp { "tcp" } else { "udp" };
            wrong.push(format!(
                "{:?} -> {:?} {kind} {}: {verdict:?}, but {outcome:?}",
                attempt.from, attempt.to, flow.port
            ));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}\n\n{lab:#?}", lab.name, wrong.join("\n"));
    attempts.into_iter().zip(outcomes).collect()
}

fn attempts(lab: &Lab) -> Vec<Attempt> {
    let mut all = Vec::new();
    let mut add = |from: &End, to: &End, address: String| {
        for port in lab.ports().iter().copied() {
            for is_tcp in [true, false] {
                let (name, source) = match from {
                    End::Host(host) => (format!("h{host}"), None),
                    End::Client(client) => ("net".to_owned(), Some((*client).to_owned())),
                };
                let source_port = 33_000 + u16::try_from(all.len()).expect("there are not so many flows");
                let flow = Flow { from: name, source, source_port, to: address.clone(), port, is_tcp };
                all.push(Attempt { flow, from: from.clone(), to: to.clone(), is_open: false });
            }
        }
    };
    for from in 0..lab.hosts.len() {
        let is_told = |to: &usize| *to != from && !(lab.hosts[from].has_ipv6 && lab.hosts[*to].has_ipv6);
        for to in (0..lab.hosts.len()).filter(is_told) {
            add(&End::Host(from), &End::Host(to), lab.host_address(to));
        }
        for client in CLIENTS {
            add(&End::Host(from), &End::Client(client), client.to_owned());
            if let Some(public) = lab.host_public(from) {
                add(&End::Client(client), &End::Host(from), public);
            }
        }
    }
    all
}

/// What the program says of each flow, from the code alone.
fn verdicts(lab: &Lab, attempts: &[Attempt]) -> Vec<Verdict> {
    let mut sources = SourceMap::default();
    let files = Memory::of([("main.tf", lab.code().as_str())]);
    let projects = project::load(&files, &mut sources, &[".".to_owned()], &Wanted::default().into());
    let projects = projects.unwrap_or_else(|error| panic!("{error}"));
    assert!(projects[0].findings.is_empty(), "{:?}", projects[0].findings);
    let graph = &projects[0].graph;
    let network = Network::of(graph);
    let interface = |host: usize| {
        let resource = graph.find(&Address::new(&format!("aws_instance.h{host}"))).expect("the host is there");
        let owner = network.owner_of(resource).expect("an instance has an interface");
        network.owners[owner].interfaces[0]
    };
    let hosts: Vec<_> = (0..lab.hosts.len()).map(interface).collect();
    said(&network, &hosts, attempts)
}

/// What the program says of each flow between these interfaces and the internet.
fn said(network: &Network, hosts: &[Id<NetworkInterface>], attempts: &[Attempt]) -> Vec<Verdict> {
    let resolver = RouteResolver::new(network);
    let party = |end: &End| match end {
        End::Host(host) => Party::Interface(hosts[*host]),
        End::Client(client) => Party::Internet(Space::of([format!("{client}/32").parse().expect("it is a block")])),
    };
    let of = |attempt: &Attempt| {
        let flow = &attempt.flow;
        let traffic = Traffic {
            source_ports: Some(Ranges::one(u128::from(flow.source_port))),
            ..Traffic::to_port(if flow.is_tcp { TCP } else { UDP }, flow.port)
        };
        resolver.reach(&Question { from: party(&attempt.from), to: party(&attempt.to), traffic }).verdict()
    };
    attempts.iter().map(of).collect()
}
