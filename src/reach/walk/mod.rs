//! Follows sets of packets from interface to interface, and their answers back by whatever tables these meet.
//!
//! A step takes a set of packets and gives the paths of all of them: a filter or a table divides the set, an unknown
//! puts packets into one path for each world that it allows. A device that changes addresses follows the changed
//! packets and then says of which of its own packets the paths are; so every path speaks of packets as they left their
//! source, and what is asked of a thousand clients is followed once.
//!
//! Where packets arrive, their answers set out from the responder's own subnet. They know what the packets have met:
//! each device that keeps state is passed again, in the opposite order, or the answer is lost.
//!
//! Not followed: what an appliance does but pass on, rules of firewalls that are more than five values, and what lies
//! outside the code.

mod arrive;
mod beyond;
mod gateway;
mod leave;
mod middlebox;
mod nat;
mod transit;

pub(super) use nat::EPHEMERAL;

use std::cell::Cell;

use super::{
    Code, Packets, Ranges, RouteResolver, Side, Space,
    filter::{Filtered, Other},
    path::{Back, End, Hop, Path, Step, Thing},
};
use crate::{
    finding::Label,
    network::{
        Endpoint, Family, Id, Link, Name, NatGateway, Network, NetworkInterface, Subnet, TransitAttachment,
        TransitTable, Vpc,
    },
    value::{Known, Truth},
};

/// Follows packets.
pub(super) struct Walker<'a> {
    pub(super) resolver: &'a RouteResolver<'a>,
    pub(super) network: &'a Network,
    firewalls: Firewalls,
    ends: Ends,
    /// How many steps are left: what no network needs, no input shall ask for.
    steps: Cell<u32>,
}

/// What the security groups of the two ends do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Filter,
    /// They let everything pass: what is asked is what lies between.
    LetPass,
}

/// What is taken for granted of firewalls of which not every rule is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Firewalls {
    /// They pass what they may pass: what is asked is what the rest of the network does.
    Pass,
    /// Nothing.
    Doubted,
}

const MOST_STEPS: u32 = 20_000;

/// Longer ways than this are loops that nothing else has noticed.
const MOST_HOPS: usize = 48;

/// A set of packets on its way.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) packets: Packets,
    pub(super) is_reply: bool,
    /// Where the question came from.
    pub(super) source: Source,
    /// Whose address is the source now.
    pub(super) holder: Option<Id<NetworkInterface>>,
    /// Whom references to security groups see.
    pub(super) identity: Other,
    pub(super) target: Target,
    /// What the question has met that keeps state: of an answer, what is still to be passed.
    pub(super) memories: Vec<Memory>,
    /// Where it has been in this direction.
    pub(super) passed: Vec<Passed>,
    /// The subnet in whose zone it is.
    pub(super) zone_of: Option<Id<Subnet>>,
    /// It came in by a peering connection or a VPN: what only serves its own VPC does not serve it.
    pub(super) is_foreign: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Interface(Id<NetworkInterface>),
    Subnet(Id<Subnet>),
    Internet,
    OnPremises,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Interface(Id<NetworkInterface>),
    /// Whoever has the addresses.
    Addresses,
    Internet,
    OnPremises,
}

/// What keeps state of a connection.
#[derive(Clone, Debug)]
pub(super) enum Memory {
    /// Whose source it has taken the place of.
    Nat {
        interface: Id<NetworkInterface>,
        source: Space,
        ports: Ranges,
    },
    /// The internet gateway of a VPC has changed the destination to this interface's private address.
    Ingress(Id<Vpc>),
    /// A gateway has let it out for this interface.
    Egress(Id<NetworkInterface>),
    Middlebox(Id<Endpoint>, Id<Subnet>),
    Router(Id<NetworkInterface>),
    /// A node of a load balancer has passed it on in the client's name: answers find back to it by themselves.
    Balancer(Id<NetworkInterface>),
    /// Keeps no state; a NAT gateway's answers come back by it without a route.
    Peering,
    /// Keeps no state; in appliance mode both directions take the same zone.
    Attachment(Id<TransitAttachment>, Id<Subnet>),
}

/// Where a packet has been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    Nat(Id<NatGateway>),
    Middlebox(Id<Endpoint>),
    Router(Id<NetworkInterface>),
    Transit(Id<TransitTable>),
    Peering,
}

impl Flow {
    /// What sets out: from whom, who has its address and whom security groups see, and for whom.
    pub(super) fn new(
        packets: Packets,
        source: Source,
        (holder, identity): (Option<Id<NetworkInterface>>, Other),
        target: Target,
    ) -> Self {
        Self {
            packets,
            is_reply: false,
            source,
            holder,
            identity,
            target,
            memories: Vec::new(),
            passed: Vec::new(),
            zone_of: None,
            is_foreign: false,
        }
    }
}

impl<'a> Walker<'a> {
    pub(super) fn new(resolver: &'a RouteResolver<'a>) -> Self {
        Self::with(resolver, Firewalls::Pass)
    }

    pub(super) fn with(resolver: &'a RouteResolver<'a>, firewalls: Firewalls) -> Self {
        Self { resolver, network: resolver.network(), firewalls, ends: Ends::Filter, steps: Cell::new(MOST_STEPS) }
    }

    /// One that the groups of both ends let pass.
    pub(super) fn between_ends(resolver: &'a RouteResolver<'a>) -> Self {
        Self { ends: Ends::LetPass, ..Self::new(resolver) }
    }

    /// Whether the walk may go on.
    fn may_step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left != 0
    }

    // Addresses -------------------------------------------------------------------------------------------------------

    /// The private addresses that an interface may have, and whether they are known to be in known blocks. Which of them
    /// it has is not known where there are several.
    pub(super) fn addresses(&self, interface: Id<NetworkInterface>) -> (Space, bool) {
        let it = &self.network.interfaces[interface];
        let subnet = it.subnet.known().map(|subnet| &self.network.subnets[subnet]);
        let written = || it.addresses.iter().filter_map(Known::get).copied();
        let (mut space, mut is_known) = (Space::default(), true);
        for family in Family::ALL {
            let own: Vec<_> = written().filter(|address| Family::of_address(*address) == family).collect();
            // An address outside its subnet is not its own, whoever says so.
            let block = subnet.and_then(|it| it.block_of(family)).and_then(Known::get);
            let own: Vec<_> = own.into_iter().filter(|it| block.is_none_or(|block| block.contains(it))).collect();
            let has_family = family == Family::V4 || it.ipv6.possible();
            if !own.is_empty() {
                space = space.union(&Space::of(own.into_iter().map(ipnet::IpNet::from)));
            } else if has_family {
                let (more, known) = self.block_of(subnet, family);
                space = space.union(&more);
                is_known &= known;
            }
        }
        (space, is_known)
    }

    fn block_of(&self, subnet: Option<&Subnet>, family: Family) -> (Space, bool) {
        let Some(subnet) = subnet else { return (stand_in(family), false) };
        match subnet.block_of(family) {
            Some(Known::Written(block) | Known::Default(block)) => return (Space::of([*block]), true),
            None => return (Space::default(), true),
            Some(Known::Unknown(_)) => (),
        }
        let vpc = subnet.vpc.known().map(|vpc| &self.network.vpcs[vpc]);
        let blocks = vpc.into_iter().flat_map(Vpc::known_blocks);
        let blocks = Space::of(blocks.filter(|block| Family::of(*block) == family));
        if blocks.is_empty() { (stand_in(family), false) } else { (blocks, true) }
    }

    pub(super) fn subnet_of(&self, interface: Id<NetworkInterface>) -> Option<Id<Subnet>> {
        self.network.interfaces[interface].subnet.known()
    }

    pub(super) fn vpc_of(&self, interface: Id<NetworkInterface>) -> Option<Id<Vpc>> {
        self.network.subnets[self.subnet_of(interface)?].vpc.known()
    }

    // Paths -----------------------------------------------------------------------------------------------------------

    pub(super) fn end(flow: &Flow, end: End) -> Vec<Path> {
        if flow.packets.is_empty() {
            return Vec::new();
        }
        vec![Path { packets: flow.packets.clone(), hops: Vec::new(), end, doubt: None, back: None }]
    }

    pub(super) fn unknown(flow: &Flow, why: impl Into<String>) -> Vec<Path> {
        Self::end(flow, End::Unknown(why.into()))
    }

    /// Ends here: `name` drops it.
    pub(super) fn dropped(flow: &Flow, code: Code, at: (&Name, Thing), text: impl Into<String>) -> Vec<Path> {
        let text = text.into();
        let place = at.0.label(text.clone());
        let hop = Hop { place, ..Self::hop(flow, at.0.text(), Step::Dropped, at.1, text) };
        Path::all_after(Self::end(flow, End::Dropped(code)), hop)
    }

    pub(super) fn hop(flow: &Flow, resource: &str, step: Step, thing: Thing, text: impl Into<String>) -> Hop {
        let resource = resource.to_owned();
        let (packets, text) = (flow.packets.clone(), text.into());
        Hop { resource, step, thing, answer: None, packets, by: None, text, place: None }
    }

    /// Goes on with what a filter lets pass; what it drops ends here, and what is doubtful does both.
    pub(super) fn filtered(
        flow: &Flow,
        filtered: &Filtered,
        border: &Border<'_>,
        go_on: &dyn Fn(&Flow) -> Vec<Path>,
    ) -> Vec<Path> {
        let mut paths = Vec::new();
        let with = |packets: &Packets| Flow { packets: packets.clone(), ..flow.clone() };
        let pass = |flow: &Flow| {
            let by = filtered.passed_by.first();
            let hop = Hop {
                by: by.map(|it| it.address.to_string()),
                place: by.map(|it| it.label(format!("{} lets it pass", border.what))),
                ..Self::hop(
                    flow,
                    border.resource,
                    Step::Filtered,
                    border.thing,
                    format!("{} lets it pass", border.what),
                )
            };
            Path::all_after(go_on(flow), hop)
        };
        let block = |flow: &Flow| {
            let text = match &filtered.blocked_by {
                Some(_) => format!("{} denies it", border.what),
                None => format!("nothing in {} admits it", border.what),
            };
            let by = filtered.blocked_by.as_ref();
            let place =
                by.map(|it| it.label(text.clone())).or_else(|| border.place.clone().map(|it| relabel(it, &text)));
            let hop = Hop {
                by: by.map(|it| it.address.to_string()),
                place,
                ..Self::hop(flow, border.resource, Step::Dropped, border.thing, text)
            };
            let code = if filtered.is_without_rules { border.code_without_rules } else { border.code };
            Path::all_after(Self::end(flow, End::Dropped(code)), hop)
        };
        if !filtered.passed.is_empty() {
            paths.extend(pass(&with(&filtered.passed)));
        }
        if !filtered.blocked.is_empty() {
            paths.extend(block(&with(&filtered.blocked)));
        }
        if !filtered.doubtful.is_empty() {
            let why = filtered.doubt.as_deref().unwrap_or("what a filter does");
            let flow = with(&filtered.doubtful);
            paths.extend(pass(&flow).into_iter().chain(block(&flow)).map(|path| path.doubted(why)));
        }
        paths
    }

    /// Says of which packets before a translation the paths after it are: of those that agree on every other side.
    pub(super) fn before_translation(paths: Vec<Path>, before: &Packets, sides: &[Side]) -> Vec<Path> {
        let back = |path: Path| {
            let wide = sides.iter().fold(path.packets.clone(), |packets, side| packets.with_any(*side));
            Path { packets: before.intersection(&wide), ..path }
        };
        paths.into_iter().map(back).filter(|path| !path.packets.is_empty()).collect()
    }

    // Answers ---------------------------------------------------------------------------------------------------------

    /// The question has arrived: sends the answers, if it was one; ends, if it was an answer.
    pub(super) fn arrived(&self, flow: &Flow, end: &End, answer: &dyn Fn(&Flow) -> Vec<Path>) -> Vec<Path> {
        if flow.is_reply {
            return self.returned(flow);
        }
        let reply = Flow {
            packets: flow.packets.swapped(),
            is_reply: true,
            target: reply_target(&flow.memories, flow.source),
            passed: Vec::new(),
            is_foreign: false,
            ..flow.clone()
        };
        let of = |path: Path| Path {
            packets: flow.packets.intersection(&path.packets.swapped()),
            hops: Vec::new(),
            end: end.clone(),
            doubt: path.doubt,
            back: Some(Back { hops: path.hops, end: path.end }),
        };
        answer(&reply).into_iter().map(of).filter(|path| !path.packets.is_empty()).collect()
    }

    /// The answer is back where the question came from: by everything that waits for it?
    fn returned(&self, flow: &Flow) -> Vec<Path> {
        let mut routers = Vec::new();
        let mut missed = Vec::new();
        for memory in flow.memories.iter().rev() {
            match memory {
                Memory::Middlebox(endpoint, _) => {
                    missed.push((&self.network.endpoints[*endpoint].name, Thing::Middlebox(*endpoint)));
                }
                Memory::Nat { interface, .. } => {
                    missed.push((&self.network.interfaces[*interface].name, Thing::Interface(*interface)));
                }
                Memory::Router(interface) => {
                    routers.push((&self.network.interfaces[*interface].name, Thing::Router(*interface)));
                }
                Memory::Ingress(_)
                | Memory::Egress(_)
                | Memory::Balancer(_)
                | Memory::Peering
                | Memory::Attachment(..) => (),
            }
        }
        let drop = |(name, thing): (&Name, Thing)| {
            let text = format!("the answer does not come back through `{}`, which saw the question", name.text());
            Self::dropped(flow, Code::AsymmetricReply, (name, thing), text)
        };
        match (missed.first(), routers.first()) {
            (Some(missed), _) => drop(*missed),
            // A firewall would miss it, and a plain router would not.
            (None, Some(router)) => {
                let why = format!("whether `{}` must see the answers to what it passes on", router.0.text());
                let both = Self::end(flow, End::Returned).into_iter().chain(drop(*router));
                both.map(|path| path.doubted(&why)).collect()
            }
            (None, None) => Self::end(flow, End::Returned),
        }
    }
}

/// A border that a filter stands at.
pub(super) struct Border<'a> {
    pub(super) resource: &'a str,
    /// In a sentence.
    pub(super) what: String,
    pub(super) thing: Thing,
    pub(super) place: Option<Label>,
    pub(super) code: Code,
    pub(super) code_without_rules: Code,
}

/// Where an address of an unknown block lies.
pub(super) fn stand_in(family: Family) -> Space {
    match family {
        Family::V4 => Space::private(),
        Family::V6 => Space::internet(Family::V6),
    }
}

fn relabel(label: Label, text: &str) -> Label {
    Label { text: text.to_owned(), ..label }
}

/// Whom an answer is sent to: the last device that put itself in the source's place, or the source.
pub(super) fn reply_target(memories: &[Memory], source: Source) -> Target {
    for memory in memories.iter().rev() {
        match memory {
            Memory::Nat { interface, .. } | Memory::Egress(interface) | Memory::Balancer(interface) => {
                return Target::Interface(*interface);
            }
            Memory::Ingress(_) => return Target::Internet,
            Memory::Middlebox(..) | Memory::Router(_) | Memory::Peering | Memory::Attachment(..) => (),
        }
    }
    match source {
        Source::Interface(interface) => Target::Interface(interface),
        Source::Subnet(_) => Target::Addresses,
        Source::Internet => Target::Internet,
        Source::OnPremises => Target::OnPremises,
    }
}

/// The last device that has changed an address, and changes it back in the answer.
fn last_changer(memories: &[Memory]) -> Option<usize> {
    memories.iter().rposition(|memory| match memory {
        Memory::Nat { .. } | Memory::Ingress(_) | Memory::Egress(_) | Memory::Balancer(_) => true,
        Memory::Middlebox(..) | Memory::Router(_) | Memory::Peering | Memory::Attachment(..) => false,
    })
}

/// What is left when the device at `at` has changed an answer back: what stands behind it, and those before it that the
/// answer has not come through.
fn taken_back(mut memories: Vec<Memory>, at: usize) -> Vec<Memory> {
    let passed = memories.split_off(at);
    memories.extend(passed.into_iter().filter(|memory| matches!(memory, Memory::Middlebox(..) | Memory::Router(_))));
    memories
}

/// Whether two links name the same VPC for certain.
pub(super) fn is_in(network: &Network, subnet: Id<Subnet>, vpc: Id<Vpc>) -> Truth {
    network.is_same_vpc(&network.subnets[subnet].vpc, &Link::Known(vpc))
}
