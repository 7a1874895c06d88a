//! One packet at a time through a network, by what AWS's guides say of each device, and by nothing of the program.
//!
//! A conversation is a question, its answer, and a word that the answer has come: what keeps state lets the last one
//! pass only if it has seen the other two. Each device keeps what it has seen, as it would.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use ipnet::IpNet;

use crate::network::{Acl, Lab, Peer, Route, Rule, To, Via};

/// Longer ways than this are loops.
const MOST_HOPS: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Packet {
    pub(crate) source: IpAddr,
    pub(crate) source_port: u16,
    pub(crate) destination: IpAddr,
    pub(crate) port: u16,
    pub(crate) is_tcp: bool,
}

/// Whom a packet sets out from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    Host(usize),
    Client,
}

/// What becomes of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Answered,
    /// The question arrives, and its answer does not.
    OneWay,
    Lost,
    /// AWS and the code leave it open: what an appliance does, or which port a NAT gateway takes.
    Open,
}

/// Where a packet ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Host(usize, Packet),
    Client(Packet),
    Lost,
    Open,
}

/// What has an address in a subnet, or sends packets into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Card {
    Host(usize),
    Nat(usize),
    Firewall(usize),
    Attachment(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turn {
    Ask,
    Answer,
    Confirm,
}

/// A packet, and what it carries unseen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Travel {
    pub(crate) packet: Packet,
    pub(crate) turn: Turn,
    /// It has lost whom it is from: references to groups no longer hold for it.
    pub(crate) is_nameless: bool,
    pub(crate) hops: usize,
}

/// A network, and what its devices have seen.
pub(crate) struct Walk<'a> {
    pub(crate) lab: &'a Lab,
    pub(crate) nat_port: u16,
    /// By security groups, each with whom they protect.
    pub(crate) tracked: BTreeSet<(usize, Packet)>,
    /// By a NAT gateway, what it was asked, and what it asks.
    pub(crate) translated: Vec<(usize, Packet, Packet)>,
    /// By a firewall: the questions, and whether it has seen their answers.
    pub(crate) inspected: BTreeMap<(usize, Packet), bool>,
    /// By the egress-only gateway of a VPC.
    pub(crate) let_out: BTreeSet<(usize, Packet)>,
    /// Sent by a NAT gateway into this VPC by a peering connection.
    pub(crate) sent_by_nat: BTreeMap<(usize, Packet), usize>,
    /// The subnet by which an appliance's attachment has let a question out.
    pub(crate) pinned: BTreeMap<(usize, Packet), usize>,
    /// The instances that have passed on a question, and those that have passed on its answer.
    pub(crate) passed_on: [BTreeSet<usize>; 2],
    /// Whether an appliance may have asked in its own name: then it is told only what comes to the same.
    pub(crate) may_be_masked: bool,
}

impl Packet {
    pub(crate) fn answer(self) -> Self {
        let Self { source, source_port, destination, port, is_tcp } = self;
        Self { source: destination, source_port: port, destination: source, port: source_port, is_tcp }
    }
}

/// What becomes of a question and all that follows it.
pub(crate) fn fate(lab: &Lab, sender: Sender, question: Packet) -> Fate {
    let mut fates = nat_ports(lab).into_iter().map(|nat_port| conversation(lab, sender, question, nat_port));
    let first = fates.next().unwrap_or(Fate::Open);
    if fates.all(|fate| fate == first) { first } else { Fate::Open }
}

/// The ports that a NAT gateway may take, as far as lists tell them apart.
fn nat_ports(lab: &Lab) -> Vec<u16> {
    let acls = lab.subnets.iter().filter_map(|subnet| subnet.acl.as_ref());
    let rules = acls.flat_map(|acl| acl.ingress.iter().chain(&acl.egress));
    let borders = rules.flat_map(|rule| [rule.ports.0, rule.ports.1.saturating_add(1)]);
    let mut ports: Vec<u16> = borders.filter(|port| 1024 < *port).chain([1024]).collect();
    ports.sort_unstable();
    ports.dedup();
    if lab.nats.is_empty() {
        ports.truncate(1);
    }
    ports
}

fn conversation(lab: &Lab, sender: Sender, question: Packet, nat_port: u16) -> Fate {
    let mut walk = Walk {
        lab,
        nat_port,
        tracked: BTreeSet::new(),
        translated: Vec::new(),
        inspected: BTreeMap::new(),
        let_out: BTreeSet::new(),
        sent_by_nat: BTreeMap::new(),
        pinned: BTreeMap::new(),
        passed_on: [BTreeSet::new(), BTreeSet::new()],
        may_be_masked: false,
    };
    match walk.converse(sender, question) {
        Fate::OneWay | Fate::Lost if walk.may_be_masked => Fate::Open,
        fate @ (Fate::Answered | Fate::OneWay | Fate::Lost | Fate::Open) => fate,
    }
}

impl Walk<'_> {
    fn converse(&mut self, sender: Sender, question: Packet) -> Fate {
        let (responder, seen) = match self.send(sender, question, Turn::Ask) {
            End::Host(host, packet) => (Sender::Host(host), packet),
            End::Client(packet) => (Sender::Client, packet),
            End::Lost => return Fate::Lost,
            End::Open => return Fate::Open,
        };
        let back = self.send(responder, seen.answer(), Turn::Answer);
        let is_back = match (sender, back) {
            (Sender::Host(asker), End::Host(host, packet)) => asker == host && packet == question.answer(),
            (Sender::Client, End::Client(packet)) => packet == question.answer(),
            (_, End::Open) => return Fate::Open,
            (Sender::Host(_), End::Client(_)) | (Sender::Client, End::Host(..)) | (_, End::Lost) => false,
        };
        if !is_back {
            return Fate::OneWay;
        }
        let is_confirmed = match (responder, self.send(sender, question, Turn::Confirm)) {
            (Sender::Host(asked), End::Host(host, _)) => host == asked,
            (Sender::Client, End::Client(_)) => true,
            (Sender::Host(_) | Sender::Client, _) => false,
        };
        match is_confirmed {
            // An appliance of which only one direction is seen may be a firewall, or a plain router.
            true if self.passed_on[0] != self.passed_on[1] => Fate::Open,
            true => Fate::Answered,
            false => Fate::OneWay,
        }
    }

    fn send(&mut self, sender: Sender, packet: Packet, turn: Turn) -> End {
        let mut travel = Travel { packet, turn, is_nameless: false, hops: 0 };
        match sender {
            Sender::Client => {
                travel.is_nameless = true;
                self.internet(travel)
            }
            Sender::Host(host) => {
                if !self.tracks(host, packet) && !self.admits(host, false, &travel) {
                    return End::Lost;
                }
                self.tracked.insert((host, packet));
                self.leave(Card::Host(host), travel)
            }
        }
    }

    // Subnets ---------------------------------------------------------------------------------------------------------

    fn subnet_of(&self, card: Card) -> usize {
        match card {
            Card::Host(at) => self.lab.hosts[at].subnet,
            Card::Nat(at) => self.lab.nats[at].subnet,
            Card::Firewall(at) => self.lab.firewalls[at].subnet,
            Card::Attachment(subnet) => subnet,
        }
    }

    pub(crate) fn vpc_of(&self, card: Card) -> usize {
        self.lab.subnets[self.subnet_of(card)].vpc
    }

    /// Who has a private address, or an IPv6 one.
    pub(crate) fn holder(&self, address: IpAddr) -> Option<Card> {
        let host = (0..self.lab.hosts.len()).find(|it| self.lab.host_addresses(*it).contains(&address));
        let nat = || (0..self.lab.nats.len()).find(|it| self.lab.nat_address(*it) == address);
        host.map(Card::Host).or_else(|| nat().map(Card::Nat))
    }

    /// Out of a subnet: to a neighbour, or by the list and the table.
    pub(crate) fn leave(&mut self, card: Card, travel: Travel) -> End {
        let subnet = self.subnet_of(card);
        if MOST_HOPS < travel.hops {
            return End::Lost;
        }
        let travel = Travel { hops: travel.hops + 1, ..travel };
        if let Some(near) = self.holder(travel.packet.destination)
            && self.subnet_of(near) == subnet
        {
            return self.arrive(near, travel);
        }
        if !self.list_lets(subnet, false, travel.packet) {
            return End::Lost;
        }
        let vpc = self.lab.subnets[subnet].vpc;
        // What a NAT gateway has asked through a peering connection is answered without a route.
        if let Some(nat) = self.sent_by_nat.get(&(vpc, travel.packet.answer())).copied()
            && travel.turn == Turn::Answer
        {
            return self.enter(Card::Nat(nat), None, travel, true);
        }
        let routes = self.lab.subnets[subnet].routes.clone();
        self.route(&routes, vpc, Some(subnet), travel)
    }

    /// By a table: the longest block that holds the destination; a written block before a list's, and before the VPC's
    /// own, whose target it takes the place of.
    pub(crate) fn route(&mut self, routes: &[Route], vpc: usize, from: Option<usize>, travel: Travel) -> End {
        let to = travel.packet.destination;
        let local = self.lab.vpc_blocks(vpc).into_iter().map(|block| (block, 1, None));
        let written = routes.iter().flat_map(|route| {
            let class = if matches!(route.to, To::Block(_)) { 2 } else { 0 };
            self.lab.blocks_to(&route.to).into_iter().map(move |block| (block, class, Some(route.via)))
        });
        let fitting = local.chain(written).filter(|(block, ..)| block.contains(&to));
        match fitting.max_by_key(|(block, class, _)| (block.prefix_len(), *class)).map(|(.., via)| via) {
            None => End::Lost,
            Some(None) => match self.holder(to).filter(|card| self.vpc_of(*card) == vpc) {
                Some(card) => self.enter(card, from, travel, true),
                None => End::Lost,
            },
            Some(Some(via)) => self.hand_over(via, vpc, from, travel),
        }
    }

    fn hand_over(&mut self, via: Via, vpc: usize, from: Option<usize>, travel: Travel) -> End {
        match via {
            Via::Nothing => End::Lost,
            Via::Internet => self.by_internet_gateway(vpc, travel),
            Via::EgressOnly => self.by_egress_only(vpc, travel),
            Via::Nat(at) => self.enter(Card::Nat(at), from, travel, false),
            Via::Firewall(at) => self.enter(Card::Firewall(at), from, travel, false),
            Via::Host(at) => self.enter(Card::Host(at), from, travel, false),
            Via::Peering(at) => self.by_peering(at, vpc, travel),
            Via::Transit => from.map_or(End::Lost, |from| self.by_transit(vpc, from, travel)),
        }
    }

    /// Into a subnet by its list; there to whom it is for, or to who passes it on.
    pub(crate) fn enter(&mut self, card: Card, from: Option<usize>, travel: Travel, is_for_it: bool) -> End {
        let subnet = self.subnet_of(card);
        if from != Some(subnet) && !self.list_lets(subnet, true, travel.packet) {
            return End::Lost;
        }
        if is_for_it { self.arrive(card, travel) } else { self.pass(card, travel) }
    }

    fn arrive(&mut self, card: Card, travel: Travel) -> End {
        match card {
            Card::Host(host) => {
                if !self.tracks(host, travel.packet) && !self.admits(host, true, &travel) {
                    return End::Lost;
                }
                self.tracked.insert((host, travel.packet));
                End::Host(host, travel.packet)
            }
            Card::Nat(nat) => {
                let known = self.translated.iter().find(|(at, _, out)| *at == nat && out.answer() == travel.packet);
                match known.map(|(_, inside, _)| inside.answer()) {
                    Some(packet) => self.leave(card, Travel { packet, is_nameless: true, ..travel }),
                    None => End::Lost,
                }
            }
            Card::Firewall(_) | Card::Attachment(_) => End::Lost,
        }
    }

    fn pass(&mut self, card: Card, travel: Travel) -> End {
        match card {
            Card::Host(host) => self.through_host(host, travel),
            Card::Nat(nat) => self.through_nat(nat, travel),
            Card::Firewall(at) => self.through_firewall(at, travel),
            Card::Attachment(_) => End::Lost,
        }
    }

    // Filters ---------------------------------------------------------------------------------------------------------

    pub(crate) fn list_lets(&self, subnet: usize, is_in: bool, packet: Packet) -> bool {
        let Some(Acl { ingress, egress }) = &self.lab.subnets[subnet].acl else { return true };
        let (rules, far) = if is_in { (ingress, packet.source) } else { (egress, packet.destination) };
        let fitting = rules.iter().filter(|rule| {
            rule.block.contains(&far)
                && is_of(rule.protocol, packet)
                && (rule.protocol == "-1" || (rule.ports.0..=rule.ports.1).contains(&packet.port))
        });
        fitting.min_by_key(|rule| rule.number).is_some_and(|rule| rule.allows)
    }

    pub(crate) fn tracks(&self, host: usize, packet: Packet) -> bool {
        self.tracked.contains(&(host, packet)) || self.tracked.contains(&(host, packet.answer()))
    }

    pub(crate) fn admits(&self, host: usize, is_in: bool, travel: &Travel) -> bool {
        let packet = travel.packet;
        let far = if is_in { packet.source } else { packet.destination };
        let groups = self.lab.hosts[host].groups.iter().map(|group| &self.lab.groups[*group]);
        let mut rules = groups.flat_map(|group| if is_in { &group.ingress } else { &group.egress });
        rules.any(|rule| {
            is_of(rule.protocol, packet)
                && (rule.protocol == "-1" || (rule.ports.0..=rule.ports.1).contains(&packet.port))
                && self.is_meant(rule, host, far, travel.is_nameless)
        })
    }

    fn is_meant(&self, rule: &Rule, host: usize, far: IpAddr, is_nameless: bool) -> bool {
        let holds = |blocks: &[IpNet]| blocks.iter().any(|block| block.contains(&far));
        match &rule.peer {
            Peer::Block(block) => holds(&[*block]),
            Peer::PrefixList(list) => holds(&self.lab.prefix_lists[*list]),
            Peer::Group(group) => match self.holder(far) {
                Some(Card::Host(other)) => {
                    !is_nameless
                        && self.lab.hosts[other].groups.contains(group)
                        && self.lab.may_refer(self.lab.vpc_of(host), self.lab.vpc_of(other))
                }
                Some(Card::Nat(_) | Card::Firewall(_) | Card::Attachment(_)) | None => false,
            },
        }
    }
}

fn is_of(protocol: &str, packet: Packet) -> bool {
    match protocol {
        "tcp" => packet.is_tcp,
        "udp" => !packet.is_tcp,
        _ => true,
    }
}
