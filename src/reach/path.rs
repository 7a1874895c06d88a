//! What becomes of packets: the ways that they take, and the answers' ways back.

use super::{Answer, Code, Packets};
use crate::{
    finding::Label,
    network::{Direction, Endpoint, Id, InternetGateway, NatGateway, NetworkInterface, Subnet},
};

/// What becomes of some of the packets that a question is about. A packet may be in several paths: where an unknown
/// decides, it is in one for each of the worlds that the unknown allows.
#[derive(Clone, Debug)]
pub struct Path {
    /// As they left their source.
    pub packets: Packets,
    pub hops: Vec<Hop>,
    pub end: End,
    /// The unknown that decides whether they come this way.
    pub doubt: Option<String>,
    /// What becomes of the answers, where they arrive.
    pub back: Option<Back>,
}

/// The way of the answers.
#[derive(Clone, Debug)]
pub struct Back {
    pub hops: Vec<Hop>,
    pub end: End,
}

/// One decision on the way.
#[derive(Clone, Debug)]
pub struct Hop {
    /// What the packet meets.
    pub resource: String,
    pub step: Step,
    pub thing: Thing,
    /// What the route table said, where one decided.
    pub answer: Option<Answer>,
    /// As it leaves the hop.
    pub packets: Packets,
    /// What decided: a route, a rule or a list.
    pub by: Option<String>,
    /// What happens, for people.
    pub text: String,
    pub place: Option<Label>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Routed,
    /// An address was changed.
    Translated,
    /// From one network into another, or through a middlebox.
    Crossed,
    /// Let pass by a security group or a network ACL.
    Filtered,
    Delivered,
    Dropped,
}

/// What kind of thing a hop is, for those who ask what lies on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    Interface(Id<NetworkInterface>),
    /// A network ACL at this subnet's border, and which of its two lists of rules.
    Acl(Id<Subnet>, Direction),
    /// Security groups of this interface: they track connections.
    Groups(Id<NetworkInterface>),
    Table,
    InternetGateway(Option<Id<InternetGateway>>),
    EgressOnlyGateway,
    Nat(Id<NatGateway>),
    /// A firewall's or a gateway load balancer's.
    Middlebox(Id<Endpoint>),
    /// An interface that passes on what is not its own.
    Router(Id<NetworkInterface>),
    Peering,
    TransitGateway,
    VpnGateway,
    Service(Id<Endpoint>),
    Other,
}

/// How a way ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// At an interface, or at an address of a subnet.
    Delivered(Option<Id<NetworkInterface>>),
    /// With whoever is out there: the internet, a service of AWS, what stands on premises.
    Left(Outside),
    /// An answer is where the question came from.
    Returned,
    Dropped(Code),
    Unknown(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outside {
    /// From this interface's public address; IPv6 addresses are public themselves.
    Internet(Option<Id<NetworkInterface>>),
    Service(Id<Endpoint>),
    OnPremises,
}

/// How some packets fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// They arrive, and their answers come back.
    Answered,
    /// They arrive, and their answers do not come back.
    OneWay,
    Blocked,
    Unknown,
}

impl Path {
    pub fn fate(&self) -> Fate {
        match (&self.end, self.back.as_ref().map(|back| &back.end)) {
            (End::Delivered(_) | End::Left(_), None | Some(End::Returned | End::Delivered(_) | End::Left(_))) => {
                Fate::Answered
            }
            (End::Delivered(_) | End::Left(_), Some(End::Dropped(_))) => Fate::OneWay,
            (End::Dropped(_), _) => Fate::Blocked,
            (End::Unknown(_), _) | (_, Some(End::Unknown(_))) => Fate::Unknown,
            (End::Returned, _) => Fate::Answered,
        }
    }

    /// Why it does not end well.
    pub fn code(&self) -> Option<Code> {
        let of = |end: &End| match end {
            End::Dropped(code) => Some(*code),
            End::Unknown(_) => Some(Code::UnknownBeforeApply),
            End::Delivered(_) | End::Left(_) | End::Returned => None,
        };
        of(&self.end).or_else(|| self.back.as_ref().and_then(|back| of(&back.end)))
    }

    /// The unknown in its way.
    pub fn why_unknown(&self) -> Option<&str> {
        let ends = std::iter::once(&self.end).chain(self.back.as_ref().map(|back| &back.end));
        let mut whys = ends.filter_map(|end| match end {
            End::Unknown(why) => Some(why.as_str()),
            End::Delivered(_) | End::Left(_) | End::Returned | End::Dropped(_) => None,
        });
        self.doubt.as_deref().or_else(|| whys.next())
    }

    /// Everything that lies on the way there and back.
    pub fn things(&self) -> impl Iterator<Item = Thing> + '_ {
        let back = self.back.iter().flat_map(|back| &back.hops);
        self.hops.iter().chain(back).map(|hop| hop.thing)
    }

    #[must_use]
    pub(super) fn doubted(mut self, why: &str) -> Self {
        self.doubt.get_or_insert_with(|| why.to_owned());
        self
    }

    /// All of them after one hop.
    #[must_use]
    pub(super) fn all_after(mut paths: Vec<Self>, hop: Hop) -> Vec<Self> {
        if let Some((last, others)) = paths.split_last_mut() {
            for path in others {
                path.hops.insert(0, hop.clone());
            }
            last.hops.insert(0, hop);
        }
        paths
    }
}
