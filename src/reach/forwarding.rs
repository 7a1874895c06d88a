//! Behind load balancers: from the listener that takes a packet to the targets of its groups, and the answers back.
//!
//! A node of an application load balancer asks its targets in its own name; one of a network load balancer in its own or
//! in the client's, by the kind of the targets and the protocol. Which targets are healthy is not known: where one of
//! several is reached, the load balancer sends to that one.

use super::{
    Code, Packets, Party, Question, Ranges, Reachability, RouteResolver, Side, Space, Thing, Traffic, Verdict,
    filter::Other,
    packets::{TCP, UDP},
    path::{Fate, Hop, Step},
    walk::{EPHEMERAL, Flow, Memory, Source, Target, Walker},
};
use crate::{
    finding::Label,
    network::{
        Declared, Id, Listener, LoadBalancer, LoadBalancerKind, NetworkInterface, Protocol, TargetGroup, TargetKind,
        TargetMember,
    },
    value::{Known, Truth},
};

/// What a node of a load balancer does with what it takes.
#[derive(Clone, Debug)]
pub struct Onward {
    /// The node, as a message names it.
    pub node: String,
    pub listener: Option<String>,
    pub group: Option<String>,
    /// What the node decides, and the listener that says so.
    pub hop: Hop,
    pub outcome: Outcome,
}

#[derive(Clone, Debug)]
pub enum Outcome {
    /// It asks this target; and what that one does, where it is a load balancer itself.
    Asks {
        target: String,
        answer: Reachability,
        onward: Vec<Onward>,
    },
    /// It answers by itself, or what answers is no part of the network.
    Answers,
    Stops(Code),
    Unknown(String),
}

/// Load balancers before load balancers, at most.
const DEEPEST: usize = 2;

impl Onward {
    pub fn verdict(&self) -> Verdict {
        match &self.outcome {
            Outcome::Asks { answer, onward, .. } => answer.verdict().then(verdict(onward)),
            Outcome::Answers => Verdict::Reachable,
            Outcome::Stops(_) => Verdict::Unreachable,
            Outcome::Unknown(_) => Verdict::Unknown,
        }
    }
}

impl Verdict {
    /// The verdict on a way of which this is that on the first part.
    #[must_use]
    pub(super) fn then(self, next: Option<Self>) -> Self {
        match (self, next) {
            (first, None) | (first @ (Self::Unreachable | Self::OneWay), Some(_)) => first,
            (Self::Reachable, Some(next)) => next,
            (Self::Unknown, Some(Self::Unreachable)) => Self::Unreachable,
            (Self::Unknown, Some(Self::Reachable | Self::OneWay | Self::Unknown)) => Self::Unknown,
        }
    }
}

/// The verdict on what a node does, all in all; `None` where it does nothing.
pub(super) fn verdict(onward: &[Onward]) -> Option<Verdict> {
    let mut listeners: Vec<&Option<String>> = onward.iter().map(|it| &it.listener).collect();
    listeners.dedup();
    let of_listener = |listener: &Option<String>| {
        let mine: Vec<&Onward> = onward.iter().filter(|it| it.listener == *listener).collect();
        let mut groups: Vec<&Option<String>> = mine.iter().map(|it| &it.group).collect();
        groups.dedup();
        let of_group =
            |group: &Option<String>| best(mine.iter().filter(|it| it.group == *group).map(|it| it.verdict()));
        let mut verdicts: Vec<Verdict> = groups.into_iter().map(of_group).collect();
        verdicts.dedup();
        match verdicts.as_slice() {
            [one] => *one,
            // Which of its groups it sends to is not known.
            _ => Verdict::Unknown,
        }
    };
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Unreachable => 0,
        Verdict::Unknown => 1,
        Verdict::Reachable => 2,
        Verdict::OneWay => 3,
    };
    listeners.into_iter().map(of_listener).max_by_key(rank)
}

/// Of the targets of one group, those that answer are sent to.
fn best(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Unreachable => 0,
        Verdict::OneWay => 1,
        Verdict::Unknown => 2,
        Verdict::Reachable => 3,
    };
    verdicts.max_by_key(rank).unwrap_or(Verdict::Unreachable)
}

/// A node that takes what clients send, by one of its listeners.
#[derive(Clone, Copy)]
struct Taking<'a> {
    load_balancer: &'a LoadBalancer,
    node: Id<NetworkInterface>,
    listener: &'a Listener,
    /// The protocol that the clients speak.
    protocol: u8,
    clients: &'a Space,
    depth: usize,
}

impl RouteResolver<'_> {
    /// What an interface does with what arrives there, where it is a node of a load balancer.
    pub(super) fn onward(&self, node: Id<NetworkInterface>, traffic: &Traffic, arrived: &Reachability) -> Vec<Onward> {
        let packets = arrived.possible(Fate::Answered).union(&arrived.possible(Fate::OneWay));
        if packets.is_empty() { Vec::new() } else { self.behind(node, traffic, &packets.space(Side::Source), 0) }
    }

    fn behind(&self, node: Id<NetworkInterface>, traffic: &Traffic, clients: &Space, depth: usize) -> Vec<Onward> {
        let network = self.network();
        let owner = network.interfaces[node].owner.and_then(|owner| network.owners[owner].name.resource());
        let mut balancers = network.load_balancers.iter().map(|(_, it)| it);
        let Some(load_balancer) = balancers.find(|it| it.name.resource().is_some_and(|it| Some(it) == owner)) else {
            return Vec::new();
        };
        if load_balancer.kind.get() == Some(&LoadBalancerKind::Gateway) || depth == DEEPEST {
            return Vec::new();
        }
        let mut all = Vec::new();
        let mut is_open = false;
        for listener in &load_balancer.listeners {
            let taking = Taking { load_balancer, node, listener, protocol: traffic.protocol, clients, depth };
            match takes(listener, traffic) {
                Truth::False => (),
                Truth::Unknown => {
                    is_open = true;
                    let why = format!("what `{}` listens to", listener.name.address);
                    all.push(self.ends(&taking, None, why.clone(), Outcome::Unknown(why)));
                }
                Truth::True => all.extend(self.by_listener(&taking)),
            }
        }
        if all.is_empty() && !is_open {
            all.push(self.without_listener(load_balancer, node));
        }
        all
    }

    fn without_listener(&self, load_balancer: &LoadBalancer, node: Id<NetworkInterface>) -> Onward {
        let name = load_balancer.name.text();
        let (text, outcome) = if load_balancer.listeners.is_empty() {
            let why = format!("the listeners of `{name}`: none is in the code");
            (why.clone(), Outcome::Unknown(why))
        } else {
            (format!("`{name}` has no listener for it"), Outcome::Stops(Code::ElbListenersMismatch))
        };
        let place = load_balancer.name.label(text.clone());
        let hop = Hop { place, ..hop(name, Step::Dropped, node, text) };
        Onward { node: self.party_name(&Party::Interface(node)), listener: None, group: None, hop, outcome }
    }

    fn by_listener(&self, taking: &Taking<'_>) -> Vec<Onward> {
        let listener = taking.listener;
        let mut all = Vec::new();
        if listener.answers_itself {
            let text = format!("`{}` answers by itself", listener.name.address);
            all.push(self.ends(taking, None, text, Outcome::Answers));
        }
        for group in &listener.groups {
            all.extend(self.by_group(taking, &self.network().target_groups[*group]));
        }
        if let Some(why) = &listener.others {
            all.push(self.ends(taking, None, why.clone(), Outcome::Unknown(why.clone())));
        }
        all
    }

    fn by_group(&self, taking: &Taking<'_>, group: &TargetGroup) -> Vec<Onward> {
        let name = group.name.text();
        let unknown = |why: String| self.ends(taking, Some(name), why.clone(), Outcome::Unknown(why));
        match group.kind.get() {
            None => return vec![unknown(format!("what kind of targets `{name}` has"))],
            Some(TargetKind::Function) => {
                let text = format!("`{name}` has its function answer");
                return vec![self.ends(taking, Some(name), text, Outcome::Answers)];
            }
            Some(TargetKind::Instance | TargetKind::Address | TargetKind::LoadBalancer) => (),
        }
        let targets = self.targets(group);
        let mut all = Vec::new();
        let mut elsewhere = 0;
        for (member, target) in &targets {
            match self.serves_zone(taking, group, *target) {
                (Truth::False, Some(code)) => {
                    let target = self.party_name(&Party::Interface(*target));
                    let text =
                        format!("`{target}` is in a zone that `{}` has no node in", taking.load_balancer.name.text());
                    all.push(self.ends(taking, Some(name), text, Outcome::Stops(code)));
                }
                (Truth::False, None) => elsewhere += 1,
                (is_served, _) => all.push(self.ask(taking, group, member, *target, is_served)),
            }
        }
        if let Some(why) = &group.others {
            all.push(unknown(format!("the targets of `{name}`: {why}")));
        } else if !self.knows_targets(group) {
            all.push(unknown(format!("the targets of `{name}`")));
        } else if targets.is_empty() {
            all.push(unknown(format!("the targets of `{name}`: nothing in the code registers with it")));
        } else if all.is_empty() && elsewhere != 0 {
            let text = format!("`{name}` has no target in the node's zone, and the node sends to no other");
            all.push(self.ends(taking, Some(name), text, Outcome::Stops(Code::ElbNoTargetsInZone)));
        }
        all
    }

    /// Whether the node sends to a target; and a code of its own, where no node of the load balancer does.
    fn serves_zone(
        &self,
        taking: &Taking<'_>,
        group: &TargetGroup,
        target: Id<NetworkInterface>,
    ) -> (Truth, Option<Code>) {
        let nodes = self.nodes(taking.load_balancer);
        let is_whole = self.node_count(taking.load_balancer) == Some(nodes.len());
        let network = self.network();
        let is_outside = |node: &Id<NetworkInterface>| {
            self.is_same_zone(*node, target) == Truth::False
                && network.is_same_vpc(&network.subnets_vpc(*node), &network.subnets_vpc(target)) == Truth::True
        };
        if is_whole && !nodes.is_empty() && nodes.iter().all(is_outside) {
            return (Truth::False, Some(Code::ElbInstalledZoneRestriction));
        }
        let crosses = self.crosses_zones(taking.load_balancer, group);
        (crosses.or(self.is_same_zone(taking.node, target)), None)
    }

    fn ask(
        &self,
        taking: &Taking<'_>,
        group: &TargetGroup,
        member: &TargetMember,
        target: Id<NetworkInterface>,
        is_served: Truth,
    ) -> Onward {
        let name = group.name.text();
        let Some(port) = group.port_of(member).get().and_then(|port| u16::try_from(*port).ok()) else {
            let why = format!("the port of the targets of `{name}`");
            return self.ends(taking, Some(name), why.clone(), Outcome::Unknown(why));
        };
        let protocol = match group.protocol {
            Some(Protocol::Tcp) => TCP,
            Some(Protocol::Udp) => UDP,
            Some(Protocol::All | Protocol::Icmp | Protocol::Icmpv6 | Protocol::Other(_)) | None => taking.protocol,
        };
        let traffic = Traffic::to_port(protocol, port);
        let preserves = preserves_clients(taking.load_balancer, group, protocol);
        let in_own_name = || {
            let (from, to) = (Party::Interface(taking.node), Party::Interface(target));
            self.reach(&Question { from, to, traffic: traffic.clone() })
        };
        let in_clients_name = || self.forwarded(taking, target, &traffic);
        let (mut answer, how) = match preserves {
            Truth::True => (in_clients_name(), "in the client's name"),
            Truth::False => (in_own_name(), "in its own name"),
            Truth::Unknown => {
                let why = format!("whether targets of `{name}` see the clients' addresses");
                (either(in_own_name(), in_clients_name(), &why), "in its own name or the client's")
            }
        };
        if is_served == Truth::Unknown {
            answer.doubt(&format!(
                "whether the node sends to the zone of `{}`",
                self.network().interfaces[target].name.text()
            ));
        }
        let clients = match preserves {
            Truth::True | Truth::Unknown => taking.clients.clone(),
            Truth::False => answer.asked.space(Side::Source),
        };
        let onward = self.behind(target, &traffic, &clients, taking.depth + 1);
        let listener = taking.listener.name.address.as_str();
        // A classic load balancer is its own listener and its own group.
        let to = if name == listener { "its instances".to_owned() } else { format!("`{name}`") };
        let text = format!("`{listener}` forwards to {to}, {how}");
        let hop = Hop { packets: answer.asked.clone(), ..self.decision(taking, Some(name), Step::Translated, text) };
        let outcome = Outcome::Asks { target: self.party_name(&Party::Interface(target)), answer, onward };
        Onward { hop, ..self.ends(taking, Some(name), String::new(), outcome) }
    }

    /// What a node passes on with the client's own address. The answers find back to the node by the connection that it
    /// keeps, and not by a route.
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html>
    fn forwarded(&self, taking: &Taking<'_>, target: Id<NetworkInterface>, traffic: &Traffic) -> Reachability {
        let walker = Walker::new(self);
        let (destinations, _) = walker.addresses(target);
        let asked = Packets::between(taking.clients, &destinations)
            .only(Side::Protocol, &Ranges::one(u128::from(traffic.protocol)))
            .only(Side::DestinationPort, &traffic.ports)
            .only(Side::SourcePort, &Ranges::of([EPHEMERAL]));
        let node = taking.node;
        // Without groups of its own, groups of targets see nobody but the client's address.
        let has_groups = self.network().interfaces[node].groups.is_some();
        let identity = if has_groups { Other::Interface(node) } else { Other::Stranger };
        let flow = Flow::new(asked.clone(), Source::Interface(node), (Some(node), identity), Target::Interface(target));
        let flow = Flow { memories: vec![Memory::Balancer(node)], ..flow };
        let paths = if asked.is_empty() { Vec::new() } else { walker.leave_interface(&flow, node) };
        let is_chosen = crate::network::Family::ALL.iter().any(|family| 1 < destinations.size(*family));
        Reachability { asked, paths, chosen: if is_chosen { vec![Side::Destination] } else { Vec::new() } }
    }

    /// Nothing is asked.
    fn ends(&self, taking: &Taking<'_>, group: Option<&str>, text: String, outcome: Outcome) -> Onward {
        let step = match outcome {
            Outcome::Stops(_) | Outcome::Unknown(_) => Step::Dropped,
            Outcome::Asks { .. } | Outcome::Answers => Step::Delivered,
        };
        Onward {
            node: self.party_name(&Party::Interface(taking.node)),
            listener: Some(taking.listener.name.address.to_string()),
            group: group.map(str::to_owned),
            hop: self.decision(taking, group, step, text),
            outcome,
        }
    }

    fn decision(&self, taking: &Taking<'_>, group: Option<&str>, step: Step, text: String) -> Hop {
        let listener: &Declared = &taking.listener.name;
        let place: Label = listener.label(text.clone());
        let by = Some(group.unwrap_or(listener.address.as_str()).to_owned());
        let name = self.network().interfaces[taking.node].name.text();
        Hop { by, place: Some(place), ..hop(name, step, taking.node, text) }
    }
}

fn hop(resource: &str, step: Step, node: Id<NetworkInterface>, text: String) -> Hop {
    Hop {
        resource: resource.to_owned(),
        step,
        thing: Thing::Interface(node),
        answer: None,
        packets: Packets::none(),
        by: None,
        text,
        place: None,
    }
}

/// Whether a listener takes some of it.
fn takes(listener: &Listener, traffic: &Traffic) -> Truth {
    let port = listener
        .port
        .is(|port| u16::try_from(*port).is_ok_and(|port| traffic.ports.meets(&Ranges::one(u128::from(port)))));
    let protocol = match listener.protocol {
        Some(Protocol::Tcp) => Truth::from(traffic.protocol == TCP),
        Some(Protocol::Udp) => Truth::from(traffic.protocol == UDP),
        Some(Protocol::All | Protocol::Icmp | Protocol::Icmpv6 | Protocol::Other(_)) | None => {
            if [TCP, UDP].contains(&traffic.protocol) { Truth::Unknown } else { Truth::False }
        }
    };
    port.and(protocol)
}

/// Whether targets see the clients' own addresses.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html>
pub(super) fn preserves_clients(load_balancer: &LoadBalancer, group: &TargetGroup, protocol: u8) -> Truth {
    match load_balancer.kind.get() {
        Some(LoadBalancerKind::Application | LoadBalancerKind::Classic) => return Truth::False,
        Some(LoadBalancerKind::Network | LoadBalancerKind::Gateway) => (),
        None => return Truth::Unknown,
    }
    match (&group.preserves_clients, group.kind.get()) {
        (Known::Written(Some(preserves)) | Known::Default(Some(preserves)), _) => Truth::from(*preserves),
        (Known::Written(None) | Known::Default(None), Some(TargetKind::Instance | TargetKind::LoadBalancer)) => {
            Truth::True
        }
        (Known::Written(None) | Known::Default(None), Some(TargetKind::Address)) => {
            match group.protocol {
                Some(Protocol::Tcp) => Truth::False,
                Some(Protocol::Udp) => Truth::True,
                Some(Protocol::All | Protocol::Icmp | Protocol::Icmpv6 | Protocol::Other(_)) | None => {
                    if protocol == UDP { Truth::True } else { Truth::Unknown }
                }
            }
        }
        (Known::Unknown(_), _) | (Known::Written(None) | Known::Default(None), Some(TargetKind::Function) | None) => {
            Truth::Unknown
        }
    }
}

/// One of two is so, and it is not known which.
fn either(one: Reachability, other: Reachability, why: &str) -> Reachability {
    let (mut one, mut other) = (one, other);
    one.doubt(why);
    other.doubt(why);
    let mut chosen = one.chosen;
    chosen.extend(other.chosen);
    chosen.dedup();
    one.paths.extend(other.paths);
    Reachability { asked: one.asked.union(&other.asked), paths: one.paths, chosen }
}
