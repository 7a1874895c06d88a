//! Whether a route's target is there: a route to a gateway that is not attached wins its packets and drops them.

use std::fmt;

use rustc_hash::FxHashSet;

use super::{
    Network,
    arena::{Arena, Id},
    gateway::Attachment,
    name::Link,
    nat::Placement,
    peering::Peering,
    route::NextHop,
    transit::{TransitAttachment, TransitGateway},
    vpc::Vpc,
};
use crate::value::Truth;

/// Whether a route works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Blackhole(Blackhole),
    /// That cannot be told, and this is why.
    Unknown(String),
}

/// Why a route drops what it wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blackhole {
    NotAttached,
    AttachedElsewhere,
    OtherVpc,
    NotAccepted,
    NoTransitAttachment,
    Destroyed,
}

/// Which VPCs are attached to which transit gateways.
#[derive(Clone, Debug, Default)]
pub(super) struct TransitIndex {
    certain: FxHashSet<(Id<TransitGateway>, Id<Vpc>)>,
    possible: FxHashSet<(Id<TransitGateway>, Id<Vpc>)>,
    /// Gateways with an attachment of which the VPC is not known.
    open_gateways: FxHashSet<Id<TransitGateway>>,
    /// VPCs with an attachment of which the gateway is not known.
    open_vpcs: FxHashSet<Id<Vpc>>,
    /// An attachment of which neither is known.
    is_open: bool,
}

impl fmt::Display for Blackhole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAttached => "it is attached to no VPC",
            Self::AttachedElsewhere => "it is attached to another VPC",
            Self::OtherVpc => "it belongs to another VPC",
            Self::NotAccepted => "nothing accepts it",
            Self::NoTransitAttachment => "the VPC has no attachment to it",
            Self::Destroyed => "this plan destroys it",
        })
    }
}

impl TransitIndex {
    pub(super) fn of(attachments: &Arena<TransitAttachment>) -> Self {
        let mut this = Self::default();
        for (_, attachment) in attachments {
            let Some(vpc) = &attachment.vpc else { continue };
            if let (Link::Known(gateway), Link::Known(vpc)) = (&attachment.gateway, vpc) {
                this.certain.insert((*gateway, *vpc));
                continue;
            }
            match (attachment.gateway.candidates(), vpc.candidates()) {
                (Some(gateways), Some(vpcs)) => {
                    this.possible
                        .extend(gateways.iter().flat_map(|&gateway| vpcs.iter().map(move |&vpc| (gateway, vpc))));
                }
                (Some(gateways), None) => this.open_gateways.extend(gateways),
                (None, Some(vpcs)) => this.open_vpcs.extend(vpcs),
                (None, None) => this.is_open = true,
            }
        }
        this
    }

    fn is_attached(&self, gateway: Id<TransitGateway>, vpc: Id<Vpc>) -> Truth {
        let certain = Truth::from(self.certain.contains(&(gateway, vpc)));
        let open = self.possible.contains(&(gateway, vpc))
            || self.open_gateways.contains(&gateway)
            || self.open_vpcs.contains(&vpc)
            || self.is_open;
        certain.or(if open { Truth::Unknown } else { Truth::False })
    }
}

impl Network {
    /// Whether a route to `target` works in a table of `vpc`.
    pub fn state(&self, target: &NextHop, vpc: &Link<Vpc>) -> State {
        let attached = |attachment: &Attachment| self.attached(attachment, vpc);
        match target {
            NextHop::InternetGateway(id) => attached(&self.internet_gateways[*id].attachment),
            NextHop::EgressOnlyGateway(id) => attached(&self.egress_only_gateways[*id].attachment),
            NextHop::VpnGateway(id) => attached(&self.vpn_gateways[*id].attachment),
            NextHop::CarrierGateway(id) => attached(&self.carrier_gateways[*id].attachment),
            NextHop::Nat(id) => {
                let is_here = match &self.nat_gateways[*id].placement {
                    Placement::Zonal(subnet) => self.subnet_in_vpc(subnet, vpc),
                    Placement::Regional(of) => self.is_same_vpc(of, vpc),
                    Placement::Unknown(_) => Truth::Unknown,
                };
                state(is_here, Blackhole::OtherVpc, "which VPC the NAT gateway is in")
            }
            NextHop::Peering(id) => self.peered(&self.peerings[*id], vpc),
            NextHop::TransitGateway(id) => self.transit_attached(*id, vpc),
            NextHop::Gone(_) => State::Blackhole(Blackhole::Destroyed),
            NextHop::OneOf(hops) => self.all_in(hops, vpc),
            NextHop::Unknown(unknown) => State::Unknown(unknown.to_string()),
            NextHop::Local
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::Endpoint(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_) => State::Active,
        }
    }

    /// Whether two things name the same VPC.
    pub fn is_same_vpc(&self, one: &Link<Vpc>, other: &Link<Vpc>) -> Truth {
        let (Some(one), Some(other)) = (one.candidates(), other.candidates()) else { return Truth::Unknown };
        match (one, other) {
            ([one], [other]) => self.is_same(*one, *other),
            _ if one.iter().all(|one| other.iter().all(|other| self.is_same(*one, *other) == Truth::False)) => {
                if one.is_empty() || other.is_empty() { Truth::Unknown } else { Truth::False }
            }
            _ => Truth::Unknown,
        }
    }

    fn is_same(&self, one: Id<Vpc>, other: Id<Vpc>) -> Truth {
        if one == other {
            return Truth::True;
        }
        let distinct = self.vpcs[one].name.is_distinct() && self.vpcs[other].name.is_distinct();
        if distinct { Truth::False } else { Truth::Unknown }
    }

    /// Whether an internet gateway is attached to a VPC.
    pub fn has_internet_gateway(&self, vpc: &Link<Vpc>) -> Truth {
        let Some(vpcs) = vpc.candidates() else { return Truth::Unknown };
        let mut answers = vpcs.iter().map(|&vpc| {
            let it = &self.vpcs[vpc];
            if !it.internet_gateways.is_empty() || it.is_default {
                Truth::True
            } else if self.has_open_internet_gateway || it.has_open_internet_gateway || it.name.in_code().is_none() {
                Truth::Unknown
            } else {
                Truth::False
            }
        });
        let Some(first) = answers.next() else { return Truth::Unknown };
        if answers.all(|answer| answer == first) { first } else { Truth::Unknown }
    }

    fn attached(&self, attachment: &Attachment, vpc: &Link<Vpc>) -> State {
        let reason = match attachment {
            Attachment::Nowhere => Blackhole::NotAttached,
            Attachment::To(_) | Attachment::Unknown(_) => Blackhole::AttachedElsewhere,
        };
        state(attachment.is_to(|of| self.is_same_vpc(of, vpc)), reason, "which VPC the gateway is attached to")
    }

    fn subnet_in_vpc(&self, subnet: &Link<super::subnet::Subnet>, vpc: &Link<Vpc>) -> Truth {
        let Some(subnets) = subnet.candidates() else { return Truth::Unknown };
        let mut answers = subnets.iter().map(|&subnet| self.is_same_vpc(&self.subnets[subnet].vpc, vpc));
        let Some(first) = answers.next() else { return Truth::Unknown };
        if answers.all(|answer| answer == first) { first } else { Truth::Unknown }
    }

    fn peered(&self, peering: &Peering, vpc: &Link<Vpc>) -> State {
        let joins = self.is_same_vpc(&peering.requester, vpc).or(self.is_same_vpc(&peering.accepter, vpc));
        match (joins, peering.is_accepted) {
            (Truth::False, _) => State::Blackhole(Blackhole::OtherVpc),
            (_, Truth::False) => State::Blackhole(Blackhole::NotAccepted),
            (Truth::True, Truth::True) => State::Active,
            (Truth::Unknown, _) => State::Unknown("which VPCs the connection joins".to_owned()),
            (Truth::True, Truth::Unknown) => State::Unknown("whether the other side accepts".to_owned()),
        }
    }

    /// Another account may attach its VPC to a gateway of this code, but not a VPC of this code.
    fn transit_attached(&self, gateway: Id<TransitGateway>, vpc: &Link<Vpc>) -> State {
        let unknown = || State::Unknown("which VPCs are attached to the transit gateway".to_owned());
        let Link::Known(vpc) = vpc else { return unknown() };
        let in_code =
            self.transit_gateways[gateway].name.in_code().is_some() && self.vpcs[*vpc].name.in_code().is_some();
        match self.transit.is_attached(gateway, *vpc) {
            Truth::True => State::Active,
            Truth::False if in_code => State::Blackhole(Blackhole::NoTransitAttachment),
            Truth::False | Truth::Unknown => unknown(),
        }
    }

    fn all_in(&self, hops: &[NextHop], vpc: &Link<Vpc>) -> State {
        let mut states = hops.iter().map(|hop| self.state(hop, vpc));
        let Some(first) = states.next() else { return State::Unknown("no target".to_owned()) };
        if states.all(|state| state == first) { first } else { State::Unknown("which target it is".to_owned()) }
    }
}

fn state(works: Truth, reason: Blackhole, question: &str) -> State {
    match works {
        Truth::True => State::Active,
        Truth::False => State::Blackhole(reason),
        Truth::Unknown => State::Unknown(question.to_owned()),
    }
}
