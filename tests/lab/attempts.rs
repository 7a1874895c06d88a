//! Every question that is tried in a network, what the program says of it, and how the two are counted.

use std::{collections::BTreeMap, net::IpAddr};

use iac_check::{
    files::Memory,
    network::{Family, Id, Network, NetworkInterface},
    project::{self, Wanted},
    reach::{
        Fate, Party, Question, Ranges, Reachability, RouteResolver, Space, Traffic, Verdict,
        packets::{TCP, UDP},
    },
    source::SourceMap,
    value::Address,
};

use crate::{
    network::{Lab, clients},
    walk::{Packet, Sender},
};

/// Who asks whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    Host(usize),
    Client(IpAddr),
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    pub(crate) from: End,
    pub(crate) to: End,
    pub(crate) packet: Packet,
}

/// How many questions fared how, and those of which the program says something else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) networks: usize,
    pub(crate) answered: usize,
    pub(crate) one_way: usize,
    pub(crate) lost: usize,
    /// AWS and the code leave it open, and the program says so.
    pub(crate) open: usize,
    /// The program cannot tell what is told.
    pub(crate) unknown: Vec<String>,
    pub(crate) wrong: Vec<String>,
}

impl End {
    /// Where it is.
    pub(crate) fn namespace(self) -> String {
        match self {
            Self::Host(host) => format!("h{host}"),
            Self::Client(_) => "net".to_owned(),
        }
    }
}

impl Attempt {
    pub(crate) fn sender(&self) -> Sender {
        match self.from {
            End::Host(host) => Sender::Host(host),
            End::Client(_) => Sender::Client,
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let Packet { source, source_port, destination, port, is_tcp } = self.packet;
        let kind = if is_tcp { "tcp" } else { "udp" };
        format!("{:?} -> {:?}: {kind} {source}:{source_port} to {destination}:{port}", self.from, self.to)
    }
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.networks += other.networks;
        self.answered += other.answered;
        self.one_way += other.one_way;
        self.lost += other.lost;
        self.open += other.open;
        self.unknown.extend(other.unknown);
        self.wrong.extend(other.wrong);
    }

    /// Those of which all is known.
    pub(crate) fn told(&self) -> usize {
        self.answered + self.one_way + self.lost
    }

    pub(crate) fn text(&self) -> String {
        format!(
            "{} networks, {} flows: {} answered, {} arrived and were not answered, {} did not arrive; {} are open; of {} the program cannot tell; of {} it says something else",
            self.networks,
            self.told() + self.open,
            self.answered,
            self.one_way,
            self.lost,
            self.open,
            self.unknown.len(),
            self.wrong.len()
        )
    }

    /// Panics unless the program agrees with everything and has an opinion on all of it.
    pub(crate) fn assert_agreed(&self) {
        let some = |all: &[String]| all.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{}\n{}", self.text(), some(&self.wrong));
        assert!(self.unknown.is_empty(), "{}\n{}", self.text(), some(&self.unknown));
    }

    /// Panics unless there is enough of both to tell apart, and little that is open.
    pub(crate) fn assert_mixed(&self) {
        assert!(self.open < self.told() / 50, "most is told: {}", self.text());
        let third = self.told() / 3;
        let is_mixed = third < self.answered && third < self.lost + self.one_way && 0 < self.one_way;
        assert!(is_mixed, "there is something to tell apart: {}", self.text());
    }
}

/// Every host asks every other and the clients, and the clients ask every host that has an address of the internet.
pub(crate) fn all(lab: &Lab) -> Vec<Attempt> {
    let mut all = Vec::new();
    let mut count = 0;
    let mut add = |from: End, to: End, pairs: &[(IpAddr, IpAddr)]| {
        for port in lab.ports().iter().copied() {
            for is_tcp in [true, false] {
                // Some from the ports that Linux takes, and some from those that Windows takes.
                let source_port = if count % 2 == 0 { 33_000 + count / 2 } else { 50_000 + count / 2 };
                count += 1;
                all.extend(pairs.iter().map(|&(source, destination)| {
                    let packet = Packet { source, source_port, destination, port, is_tcp };
                    Attempt { from, to, packet }
                }));
            }
        }
    };
    for from in 0..lab.hosts.len() {
        for to in (0..lab.hosts.len()).filter(|to| *to != from) {
            let of = |is_ipv6| Some((lab.host_address(from, is_ipv6)?, lab.host_address(to, is_ipv6)?));
            let pairs: Vec<_> = [false, true].into_iter().filter_map(of).collect();
            add(End::Host(from), End::Host(to), &pairs);
        }
        for client in clients() {
            let own = lab.host_address(from, client.is_ipv6());
            add(End::Host(from), End::Client(client), &own.map(|own| (own, client)).into_iter().collect::<Vec<_>>());
            let public = if client.is_ipv6() { own } else { lab.host_public(from) };
            let pairs: Vec<_> = public.map(|public| (client, public)).into_iter().collect();
            add(End::Client(client), End::Host(from), &pairs);
        }
    }
    all
}

/// Through load balancers: what a client asks a node, and what the node then asks the target.
pub(crate) fn through(lab: &Lab) -> Vec<[Attempt; 2]> {
    let mut all = Vec::new();
    for balancer in &lab.balancers {
        for node in &balancer.nodes {
            for client in clients() {
                let public = if client.is_ipv6() { lab.host_address(*node, true) } else { lab.host_public(*node) };
                let Some(public) = public else { continue };
                let at = u16::try_from(all.len()).expect("there are few");
                let question = |source, source_port, destination| Packet {
                    source,
                    source_port,
                    destination,
                    port: 443,
                    is_tcp: true,
                };
                let (own, target) = (lab.host_addresses(*node)[0], lab.host_addresses(balancer.target)[0]);
                let (node, to) = (End::Host(*node), End::Host(balancer.target));
                all.push([
                    Attempt { from: End::Client(client), to: node, packet: question(client, 61_000 + at, public) },
                    Attempt { from: node, to, packet: question(own, 45_000 + at, target) },
                ]);
            }
        }
    }
    all
}

/// What the program says of each, from the code alone.
pub(crate) fn verdicts(lab: &Lab, attempts: &[Attempt]) -> Vec<Verdict> {
    let mut sources = SourceMap::default();
    let files = Memory::of([("main.tf", lab.code().as_str())]);
    let projects = project::load(&files, &mut sources, &[".".to_owned()], &Wanted::default().into());
    let projects = projects.unwrap_or_else(|error| panic!("{error}"));
    assert!(projects[0].findings.is_empty(), "{:?}", projects[0].findings);
    let graph = &projects[0].graph;
    let network = Network::of(graph);
    let interface = |host: usize| {
        let (address, at) = match lab.hosts[host].node_of {
            None => (format!("aws_instance.h{host}"), 0),
            Some(balancer) => {
                let at = lab.balancers[balancer].nodes.iter().position(|it| *it == host);
                (format!("aws_lb.b{balancer}"), at.expect("it is a node of it"))
            }
        };
        let resource = graph.find(&Address::new(&address)).expect("the host is there");
        let owner = network.owner_of(resource).expect("it has interfaces");
        network.owners[owner].interfaces[at]
    };
    let hosts: Vec<_> = (0..lab.hosts.len()).map(interface).collect();
    said(&network, &hosts, attempts)
}

/// What the program says of each question between these interfaces and the internet.
pub(crate) fn said(network: &Network, hosts: &[Id<NetworkInterface>], attempts: &[Attempt]) -> Vec<Verdict> {
    let resolver = RouteResolver::new(network);
    let party = |end: End| match end {
        End::Host(host) => Party::Interface(hosts[host]),
        End::Client(client) => Party::Internet(Space::of([client.into()])),
    };
    let mut known: BTreeMap<(End, End, u16, bool), Reachability> = BTreeMap::new();
    let mut of = |attempt: &Attempt| {
        let Packet { source, source_port, port, is_tcp, .. } = attempt.packet;
        let answer = known.entry((attempt.from, attempt.to, port, is_tcp)).or_insert_with(|| {
            let traffic = Traffic {
                source_ports: Some(Ranges::one(u128::from(source_port))),
                ..Traffic::to_port(if is_tcp { TCP } else { UDP }, port)
            };
            resolver.reach(&Question { from: party(attempt.from), to: party(attempt.to), traffic })
        });
        verdict(answer, Family::of_address(source))
    };
    attempts.iter().map(&mut of).collect()
}

/// The verdict on the packets of one family.
fn verdict(answer: &Reachability, family: Family) -> Verdict {
    let has = |fate| !answer.certain(fate).of_family(family).is_empty();
    let may = |fate| !answer.possible(fate).of_family(family).is_empty();
    match () {
        () if has(Fate::OneWay) => Verdict::OneWay,
        () if has(Fate::Answered) => Verdict::Reachable,
        () if may(Fate::Answered) || may(Fate::OneWay) => Verdict::Unknown,
        () => Verdict::Unreachable,
    }
}
