//! Real packets are the judge: small networks are built as Linux network namespaces, real flows are tried between all
//! pairs, and what became of them is held against what the program says of the code.
//!
//! Needs root, `iproute2`, `nftables` and `python3`; where these are missing, nothing is tried, and the reason is said.

#![expect(clippy::format_push_string, reason = "code and scripts are put together from pieces")]
#![expect(clippy::format_collect, reason = "code and scripts are put together from pieces")]
#![expect(clippy::print_stderr, reason = "a skipped test says why")]

mod flows;
mod generate;
mod namespaces;
mod network;

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
    network::Network,
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
use network::{CLIENTS, Group, Host, Lab, Nat, PORTS, Peer, Rule, Subnet, Via};

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
        nats: vec![Nat { subnet: 0 }],
        hosts: (0..2).map(|subnet| Host { subnet, is_public: true, groups: vec![0], forwards: false }).collect(),
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

/// Whether the machine can do it. Asked once: the tests run beside each other.
fn ready() -> Option<()> {
    static READY: OnceLock<bool> = OnceLock::new();
    READY.get_or_init(|| is_ready().is_some()).then_some(())
}

fn is_ready() -> Option<()> {
    let probe = "set -e\nfor it in ip nft python3; do command -v $it > /dev/null || { echo $it is not installed >&2; exit 1; }; done\n\
                 ip netns add iaclab-probe; ip netns exec iaclab-probe nft list ruleset; ip netns del iaclab-probe\n";
    match namespaces::run_script(probe) {
        Ok(()) => Some(()),
        Err(why) => {
            eprintln!("skipped, no packet was sent: {}", why.trim());
            None
        }
    }
}

/// Tries every flow between all pairs, and holds each against what the program says of the code.
fn compare(lab: &Lab, number: u64) -> Vec<(Attempt, Outcome)> {
    let mut attempts = attempts(lab);
    let namespaces = Namespaces::of(lab, &format!("ic{}x{number}", std::process::id() % 10_000));
    let namespaces = namespaces.unwrap_or_else(|why| panic!("{}: {why}", lab.name));
    let servers: Vec<_> = (0..lab.hosts.len()).map(|host| format!("h{host}")).chain(["net".to_owned()]).collect();
    let flows: Vec<_> = attempts.iter().map(|it| it.flow.clone()).collect();
    let outcomes = flows::outcomes(&namespaces, &servers, &PORTS, &flows);
    let verdicts = verdicts(lab, &attempts);
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
    assert!(wrong.is_empty(), "{}:\n{}\n\n{}", lab.name, wrong.join("\n"), lab.code());
    attempts.into_iter().zip(outcomes).collect()
}

fn attempts(lab: &Lab) -> Vec<Attempt> {
    let mut all = Vec::new();
    let mut add = |from: &End, to: &End, address: String| {
        for port in PORTS {
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
        for to in (0..lab.hosts.len()).filter(|to| *to != from) {
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
    let resolver = RouteResolver::new(&network);
    let party = |end: &End| match end {
        End::Host(host) => {
            let resource = graph.find(&Address::new(&format!("aws_instance.h{host}"))).expect("the host is there");
            let owner = network.owner_of(resource).expect("an instance has an interface");
            Party::Interface(network.owners[owner].interfaces[0])
        }
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
