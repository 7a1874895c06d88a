//! Who gets where: a question about packets, and its exact answer.

use super::{
    Packets, Path, Ranges, RouteResolver, Side, Space,
    filter::Other,
    packets::{ICMP, ICMPV6},
    path::Fate,
    walk::{EPHEMERAL, Firewalls, Flow, Source, Target, Walker},
};
use crate::network::{Family, Id, NetworkInterface, OwnerKind, Subnet};

/// Which packets, from whom to whom.
#[derive(Clone, Debug)]
pub struct Question {
    pub from: Party,
    pub to: Party,
    pub traffic: Traffic,
}

/// One end.
#[derive(Clone, Debug, PartialEq)]
pub enum Party {
    Interface(Id<NetworkInterface>),
    /// Clients or servers on the internet.
    Internet(Space),
    /// Addresses of a subnet, whoever has them.
    Subnet(Id<Subnet>, Space),
    /// Addresses outside, behind a VPN or a connection.
    OnPremises(Space),
}

/// Protocol and ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    pub protocol: u8,
    /// The ports asked for; of ICMP, the types.
    pub ports: Ranges,
    /// The ports of whoever asks; without, those that a client of its kind uses.
    pub source_ports: Option<Ranges>,
}

/// What becomes of the packets of a question.
#[derive(Clone, Debug)]
pub struct Reachability {
    /// All of them.
    pub asked: Packets,
    /// The ways that they take: every packet is in one, or in one for each world that an unknown allows.
    pub paths: Vec<Path>,
    /// Sides of which a packet has one value that is not known: an address that AWS chooses.
    pub chosen: Vec<Side>,
}

/// A question's answer in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Some arrive and are answered, and none arrives without being answered.
    Reachable,
    /// None arrives.
    Unreachable,
    /// Some arrive, and their answers do not come back.
    OneWay,
    /// An unknown decides.
    Unknown,
}

impl Traffic {
    /// To these ports of a protocol.
    pub fn to_ports(protocol: u8, ports: Ranges) -> Self {
        Self { protocol, ports, source_ports: None }
    }

    pub fn to_port(protocol: u8, port: u16) -> Self {
        Self::to_ports(protocol, Ranges::one(u128::from(port)))
    }

    /// An echo, and its answer.
    pub fn ping(family: Family) -> Self {
        let (protocol, question) = match family {
            Family::V4 => (ICMP, 8),
            Family::V6 => (ICMPV6, 128),
        };
        Self::to_ports(protocol, Ranges::one(question))
    }
}

impl Verdict {
    /// How outputs write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Unreachable => "unreachable",
            Self::OneWay => "one_way",
            Self::Unknown => "unknown",
        }
    }
}

impl Reachability {
    /// The packets that certainly fare so.
    pub fn certain(&self, fate: Fate) -> Packets {
        let others = self.paths.iter().filter(|path| path.fate() != fate).map(|path| &path.packets);
        let others = others.fold(Packets::none(), |all, packets| all.union(packets));
        // One value is chosen, and not known which: what fares otherwise with some value may fare otherwise.
        let wide = self.chosen.iter().fold(others, |packets, side| packets.with_any(*side));
        self.asked.difference(&wide)
    }

    /// The packets that fare so in some world.
    pub fn possible(&self, fate: Fate) -> Packets {
        let may = |path: &&Path| path.fate() == fate || path.fate() == Fate::Unknown;
        let those = self.paths.iter().filter(may).map(|path| &path.packets);
        let those = those.fold(Packets::none(), |all, packets| all.union(packets));
        let wide = self.chosen.iter().fold(those, |packets, side| packets.with_any(*side));
        self.asked.intersection(&wide)
    }

    pub fn verdict(&self) -> Verdict {
        if !self.certain(Fate::OneWay).is_empty() {
            return Verdict::OneWay;
        }
        if !self.certain(Fate::Answered).is_empty() {
            return Verdict::Reachable;
        }
        let may_arrive = !self.possible(Fate::Answered).is_empty() || !self.possible(Fate::OneWay).is_empty();
        if may_arrive { Verdict::Unknown } else { Verdict::Unreachable }
    }

    /// An unknown decides whether it is so.
    pub(super) fn doubt(&mut self, why: &str) {
        self.paths = std::mem::take(&mut self.paths).into_iter().map(|path| path.doubted(why)).collect();
    }

    /// The unknowns in the way, each once.
    pub fn unknowns(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.paths.iter().filter_map(Path::why_unknown).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl RouteResolver<'_> {
    /// Follows the packets of a question, and their answers. What a firewall may drop by rules that are not known is
    /// taken to pass.
    pub fn reach(&self, question: &Question) -> Reachability {
        self.reach_by(&Walker::new(self), question)
    }

    /// The same, where what a firewall may drop is not known.
    pub fn reach_strictly(&self, question: &Question) -> Reachability {
        self.reach_by(&Walker::with(self, Firewalls::Doubted), question)
    }

    /// The same, where the security groups of both ends let everything pass.
    pub(super) fn reach_between_ends(&self, question: &Question) -> Reachability {
        self.reach_by(&Walker::between_ends(self), question)
    }

    fn reach_by(&self, walker: &Walker<'_>, question: &Question) -> Reachability {
        let (sources, source_is_chosen) = Self::addresses_of(walker, &question.from);
        let (destinations, destination_is_chosen) = Self::addresses_of(walker, &question.to);
        let traffic = &question.traffic;
        let source_ports = traffic.source_ports.clone().unwrap_or_else(|| self.client_ports(&question.from));
        let ported = Packets::between(&sources, &destinations)
            .only(Side::Protocol, &Ranges::one(u128::from(traffic.protocol)))
            .only(Side::DestinationPort, &traffic.ports);
        let (ported, rest) = ported.split_by_ports();
        let asked = ported.only(Side::SourcePort, &source_ports).union(&rest);
        let chosen = [(Side::Source, source_is_chosen), (Side::Destination, destination_is_chosen)];
        let chosen = chosen.into_iter().filter(|(_, is)| *is).map(|(side, _)| side).collect();
        let paths = if asked.is_empty() { Vec::new() } else { Self::send(walker, question, &asked) };
        Reachability { asked, paths, chosen }
    }

    fn send(walker: &Walker<'_>, question: &Question, asked: &Packets) -> Vec<Path> {
        let target = match &question.to {
            Party::Interface(interface) => Target::Interface(*interface),
            Party::Internet(_) => Target::Internet,
            Party::Subnet(..) => Target::Addresses,
            Party::OnPremises(_) => Target::OnPremises,
        };
        let flow = |source, holder, identity| Flow::new(asked.clone(), source, (holder, identity), target);
        match (&question.from, &question.to) {
            (Party::Interface(from), _) => {
                let flow = flow(Source::Interface(*from), Some(*from), Other::Interface(*from));
                walker.leave_interface(&flow, *from)
            }
            (Party::Subnet(subnet, _), _) => {
                walker.leave_subnet(&flow(Source::Subnet(*subnet), None, Other::Private), *subnet)
            }
            (Party::Internet(_), Party::Interface(to)) => {
                walker.enter_from_internet(&flow(Source::Internet, None, Other::Stranger), *to)
            }
            (Party::OnPremises(_), Party::Interface(to)) => {
                walker.enter_from_premises(&flow(Source::OnPremises, None, Other::Stranger), *to)
            }
            (Party::Internet(_) | Party::OnPremises(_), _) => {
                let flow = flow(Source::Internet, None, Other::Stranger);
                Walker::unknown(&flow, "who has the address: name a resource")
            }
        }
    }

    /// The addresses of an end, and whether it has one of them, and not known which.
    fn addresses_of(walker: &Walker<'_>, party: &Party) -> (Space, bool) {
        match party {
            Party::Interface(interface) => {
                let (space, _) = walker.addresses(*interface);
                let is_chosen = Family::ALL.iter().any(|family| 1 < space.size(*family));
                (space, is_chosen)
            }
            Party::Internet(space) | Party::Subnet(_, space) | Party::OnPremises(space) => (space.clone(), false),
        }
    }

    /// The ports that a client of this kind asks from.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports>
    fn client_ports(&self, party: &Party) -> Ranges {
        let owner = match party {
            Party::Interface(interface) => self.network().interfaces[*interface].owner,
            Party::Internet(_) | Party::Subnet(..) | Party::OnPremises(_) => None,
        };
        let range = match owner.map(|owner| self.network().owners[owner].kind) {
            None | Some(OwnerKind::LoadBalancer | OwnerKind::NatGateway | OwnerKind::Function) => EPHEMERAL,
            // Linux from 32768, Windows from 49152.
            Some(
                OwnerKind::Interface
                | OwnerKind::Instance
                | OwnerKind::ScalingGroup
                | OwnerKind::Task
                | OwnerKind::Database
                | OwnerKind::Cache
                | OwnerKind::ControlPlane
                | OwnerKind::Nodes
                | OwnerKind::Pods
                | OwnerKind::Endpoint
                | OwnerKind::VpcLink
                | OwnerKind::FileSystem
                | OwnerKind::Other,
            ) => (32_768, 65_535),
        };
        Ranges::of([range])
    }
}
