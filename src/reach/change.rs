//! What a change does to the network: next hops, ways between workloads and the internet, and addresses, before and
//! after.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Fate, Packets, Party, Question, Ranges, RouteResolver, Side, Space, Traffic, Verdict,
    egress::{By, Egress, EgressAddress},
    packets::TCP,
    unchanged::{Both, Unchanged},
};
use crate::network::{Family, Id, Link, Network, NetworkInterface, OwnerKind, Subnet, Vpc};

/// What a change does.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub next_hops: Vec<NextHopChange>,
    pub ways: Vec<WayChange>,
    pub addresses: Vec<AddressChange>,
    /// Pairs that were not compared, because there are too many.
    pub skipped: usize,
}

/// Addresses that get another next hop from one subnet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NextHopChange {
    pub subnet: String,
    pub to: Space,
    /// `None`: no route.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A way that opens, closes, or is for other ports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WayChange {
    pub from: String,
    pub to: String,
    pub before: Reached,
    pub after: Reached,
}

/// How far one gets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reached {
    pub verdict: Verdict,
    /// The ports of TCP that answer for certain.
    pub ports: Ranges,
    /// Who is answered for certain, where not everybody is who asks.
    pub sources: Option<Space>,
}

/// An address that a workload leaves from, or did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressChange {
    pub workload: String,
    pub before: Vec<EgressAddress>,
    pub after: Vec<EgressAddress>,
}

/// More pairs than this are not compared one by one, but kind by kind.
const MOST_PAIRS: usize = 20_000;

/// More pairs of kinds than this are not compared.
const MOST_KIND_PAIRS: usize = 200_000;

/// The one name of an interface in both networks: its owner's, and its subnet's.
type Key = (String, String);

/// Compares two networks: what is there in both.
pub fn changes(before: &RouteResolver<'_>, after: &RouteResolver<'_>) -> Changes {
    let (ways, skipped) = ways(before, after);
    Changes { next_hops: next_hops(before, after), ways, addresses: addresses(before, after), skipped }
}

// Next hops -----------------------------------------------------------------------------------------------------------

fn next_hops(before: &RouteResolver<'_>, after: &RouteResolver<'_>) -> Vec<NextHopChange> {
    let subnets = |resolver: &RouteResolver<'_>| -> BTreeMap<String, Id<Subnet>> {
        let all = resolver.network().subnets.iter().filter(|(_, subnet)| subnet.name.in_code().is_some());
        all.map(|(id, subnet)| (subnet.name.text().to_owned(), id)).collect()
    };
    let old = subnets(before);
    let mut all = Vec::new();
    for (name, id) in subnets(after) {
        let Some(was) = old.get(&name) else { continue };
        for family in Family::ALL {
            all.extend(of_subnet(&name, (before, *was), (after, id), family));
        }
    }
    all
}

fn of_subnet(
    name: &str,
    (before, was): (&RouteResolver<'_>, Id<Subnet>),
    (after, is): (&RouteResolver<'_>, Id<Subnet>),
    family: Family,
) -> Vec<NextHopChange> {
    let (old, new) = (hops(before, was, family), hops(after, is, family));
    let mut changes: Vec<NextHopChange> = Vec::new();
    let (mut at, mut other) = (0, 0);
    let mut ranges: BTreeMap<(Hop, Hop), Vec<(u128, u128)>> = BTreeMap::new();
    while let (Some(one), Some(two)) = (old.get(at), new.get(other)) {
        let (first, last) = (one.0.max(two.0), one.1.min(two.1));
        if one.2 != two.2 && first <= last {
            ranges.entry((one.2.clone(), two.2.clone())).or_default().push((first, last));
        }
        if one.1 < two.1 { at += 1 } else { other += 1 }
    }
    for ((before, after), ranges) in ranges {
        let to = Space::of_ranges(family, ranges);
        changes.push(NextHopChange { subnet: name.to_owned(), to, before, after });
    }
    changes
}

/// The name of a next hop; `None`: no route.
type Hop = Option<String>;

/// A subnet's next hops, range by range, by name.
fn hops(resolver: &RouteResolver<'_>, subnet: Id<Subnet>, family: Family) -> Vec<(u128, u128, Hop)> {
    let parts = resolver.parts_of(subnet);
    let of = |answers: &[usize]| {
        let names: BTreeSet<Option<String>> = parts
            .distinct(answers)
            .map(|answer| answer.target.as_ref().map(|target| resolver.network().describe(target)))
            .collect();
        if names.len() == 1 {
            return names.into_iter().next().flatten();
        }
        let names: Vec<_> = names.into_iter().map(|it| it.unwrap_or_else(|| "no route".to_owned())).collect();
        Some(format!("one of {}", names.join(", ")))
    };
    parts.of_family(family).iter().map(|part| (part.first, part.last, of(&part.answers))).collect()
}

// Ways ----------------------------------------------------------------------------------------------------------------

fn interfaces(resolver: &RouteResolver<'_>) -> BTreeMap<Key, Id<NetworkInterface>> {
    let network = resolver.network();
    let mut all = BTreeMap::new();
    for (_, owner) in &network.owners {
        for &id in &owner.interfaces {
            let subnet = network.interfaces[id].subnet.known().map(|it| network.subnets[it].name.text());
            all.entry((owner.name.text().to_owned(), subnet.unwrap_or_default().to_owned())).or_insert(id);
        }
    }
    all
}

fn ways(before: &RouteResolver<'_>, after: &RouteResolver<'_>) -> (Vec<WayChange>, usize) {
    let (old, new) = (interfaces(before), interfaces(after));
    let asks = |id: Id<NetworkInterface>| match kind_of(after, id) {
        Some(OwnerKind::NatGateway | OwnerKind::Endpoint) | None => false,
        Some(_) => true,
    };
    let answers = |id: Id<NetworkInterface>| kind_of(after, id) != Some(OwnerKind::NatGateway);
    let both: Vec<(Id<NetworkInterface>, Id<NetworkInterface>)> =
        new.iter().filter_map(|(key, is)| Some((*old.get(key)?, *is))).collect();
    let internet = || (Party::Internet(Space::internet(Family::V4)), Party::Internet(Space::internet(Family::V4)));
    let ends = |of: &dyn Fn(Id<NetworkInterface>) -> bool| -> Vec<(Party, Party)> {
        let some = both.iter().filter(|(_, is)| of(*is));
        some.map(|(was, is)| (Party::Interface(*was), Party::Interface(*is))).collect()
    };
    let (asking, answering) = (ends(&asks), ends(&answers));
    let mut all = Vec::new();
    let mut compare = |from: &(Party, Party), to: &(Party, Party), like: (usize, usize)| {
        let was = reached(before, &from.0, &to.0);
        let is = reached(after, &from.1, &to.1);
        if was != is {
            let name = |party: &Party, like: usize| match like {
                0 => after.party_name(party),
                more => format!("{} and {more} like it", after.party_name(party)),
            };
            let (from, to) = (name(&from.1, like.0), name(&to.1, like.1));
            all.push(WayChange { from, to, before: was, after: is });
        }
    };
    if asking.len() * answering.len() <= MOST_PAIRS {
        for end in &answering {
            compare(&internet(), end, (0, 0));
        }
        for end in &asking {
            compare(end, &internet(), (0, 0));
        }
        for from in &asking {
            for to in answering.iter().filter(|to| *to != from) {
                compare(from, to, (0, 0));
            }
        }
        return (all, 0);
    }
    let some = both.iter().filter(|(_, is)| asks(*is) || answers(*is));
    let some: Vec<Both> = some.copied().collect();
    let mut unchanged = Unchanged::of(before, after, &some);
    let kinds = Kinds::of(before, after, some.iter().copied());
    for kind in &kinds.0 {
        let (first, like) = (end(kind.first()), kind.members - 1);
        if answers(kind.first().1) {
            compare(&internet(), &first, (0, like));
        }
        if asks(kind.first().1) {
            compare(&first, &internet(), (like, 0));
        }
    }
    let joined = [Joined::of(before.network()), Joined::of(after.network())];
    let mut left = MOST_KIND_PAIRS;
    let mut skipped = 0;
    for from in kinds.0.iter().filter(|kind| asks(kind.first().1)) {
        for to in kinds.0.iter().filter(|kind| answers(kind.first().1)) {
            let (one, other) = (from.first(), to.first());
            if !joined[0].may_meet(before.network(), one.0, other.0)
                && !joined[1].may_meet(after.network(), one.1, other.1)
            {
                continue;
            }
            let pairs = from.pairs(to);
            if pairs.iter().all(|(one, other)| unchanged.is(*one, *other)) {
                continue;
            }
            if left == 0 {
                skipped += from.members * to.members;
                continue;
            }
            left -= 1;
            for (one, other) in pairs {
                compare(&end(one), &end(other), (from.members - 1, to.members - 1));
            }
        }
    }
    (all, skipped)
}

fn end(both: Both) -> (Party, Party) {
    (Party::Interface(both.0), Party::Interface(both.1))
}

/// Which VPCs something joins: others never meet by their private addresses.
#[derive(Default)]
struct Joined {
    /// One side each, or the other: of a peering connection.
    peered: BTreeSet<(Id<Vpc>, Id<Vpc>)>,
    /// By whichever transit gateway.
    attached: BTreeSet<Id<Vpc>>,
    /// Something joins VPCs that cannot be told.
    is_open: bool,
}

impl Joined {
    fn of(network: &Network) -> Self {
        let mut this = Self::default();
        for (_, peering) in &network.peerings {
            match (peering.requester.known(), peering.accepter.known()) {
                (Some(one), Some(other)) => this.peered.extend([(one, other), (other, one)]),
                (None, _) | (_, None) => this.is_open = true,
            }
        }
        for (_, attachment) in &network.transit_attachments {
            match attachment.vpc.as_ref().map(Link::known) {
                Some(Some(vpc)) => this.attached.extend([vpc]),
                Some(None) => this.is_open = true,
                None => (),
            }
        }
        this
    }

    fn may_meet(&self, network: &Network, one: Id<NetworkInterface>, other: Id<NetworkInterface>) -> bool {
        let vpc = |it: Id<NetworkInterface>| network.subnets[network.interfaces[it].subnet.known()?].vpc.known();
        let (Some(one), Some(other)) = (vpc(one), vpc(other)) else { return true };
        let is_attached = self.attached.contains(&one) && self.attached.contains(&other);
        one == other || is_attached || self.is_open || self.peered.contains(&(one, other))
    }
}

/// Interfaces that fare alike before, and alike after.
struct Kinds(Vec<Kind>);

struct Kind {
    members: usize,
    /// Up to two members of each subnet, by the subnet after.
    by_subnet: BTreeMap<Option<Id<Subnet>>, Vec<Both>>,
}

impl Kinds {
    fn of(before: &RouteResolver<'_>, after: &RouteResolver<'_>, both: impl Iterator<Item = Both>) -> Self {
        let both: Vec<Both> = both.collect();
        let was = before.classes(both.iter().map(|it| it.0)).by_member();
        let is = after.classes(both.iter().map(|it| it.1)).by_member();
        let mut kinds: BTreeMap<(usize, usize), Kind> = BTreeMap::new();
        for it in both {
            let key = (was[&it.0], is[&it.1]);
            let kind = kinds.entry(key).or_insert_with(|| Kind { members: 0, by_subnet: BTreeMap::new() });
            kind.members += 1;
            let here = kind.by_subnet.entry(after.network().interfaces[it.1].subnet.known()).or_default();
            if here.len() < 2 {
                here.push(it);
            }
        }
        Self(kinds.into_values().collect())
    }
}

impl Kind {
    fn first(&self) -> Both {
        self.by_subnet.values().next().map(|all| all[0]).expect("a kind has a member")
    }

    /// A pair of neighbours and a pair of strangers, where there are such: neighbours meet no list and no table.
    fn pairs(&self, other: &Self) -> Vec<(Both, Both)> {
        let near = self.by_subnet.iter().find_map(|(subnet, mine)| {
            let theirs = other.by_subnet.get(subnet)?;
            let pairs = mine.iter().flat_map(|one| theirs.iter().map(move |two| (*one, *two)));
            pairs.into_iter().find(|(one, two)| one != two)
        });
        let far = self.by_subnet.iter().take(2).find_map(|(subnet, mine)| {
            let theirs = other.by_subnet.iter().find(|(of, _)| *of != subnet)?;
            Some((mine[0], theirs.1[0]))
        });
        near.into_iter().chain(far).collect()
    }
}

fn kind_of(resolver: &RouteResolver<'_>, interface: Id<NetworkInterface>) -> Option<OwnerKind> {
    let network = resolver.network();
    Some(network.owners[network.interfaces[interface].owner?].kind)
}

fn reached(resolver: &RouteResolver<'_>, from: &Party, to: &Party) -> Reached {
    let traffic = Traffic::to_ports(TCP, Ranges::of([(0, 65_535)]));
    let answer = resolver.reach(&Question { from: from.clone(), to: to.clone(), traffic });
    let certain = answer.certain(Fate::Answered);
    let asked = answer.asked.space(Side::Source);
    let sources = certain.space(Side::Source);
    Reached {
        verdict: answer.verdict(),
        ports: ports(&certain),
        sources: (matches!(from, Party::Internet(_)) && sources != asked).then_some(sources),
    }
}

fn ports(packets: &Packets) -> Ranges {
    packets.numbers(Side::DestinationPort)
}

// Addresses -----------------------------------------------------------------------------------------------------------

fn addresses(before: &RouteResolver<'_>, after: &RouteResolver<'_>) -> Vec<AddressChange> {
    let (old, new) = (of_workloads(before), of_workloads(after));
    let names: BTreeSet<&String> = old.keys().filter(|name| new.contains_key(*name)).collect();
    let of = |all: &BTreeMap<String, BTreeSet<EgressAddress>>, name: &String| -> Vec<EgressAddress> {
        all.get(name).into_iter().flatten().cloned().collect()
    };
    let changes = names.into_iter().map(|name| AddressChange {
        workload: name.clone(),
        before: of(&old, name),
        after: of(&new, name),
    });
    changes.filter(|change| change.before != change.after).collect()
}

fn of_workloads(resolver: &RouteResolver<'_>) -> BTreeMap<String, BTreeSet<EgressAddress>> {
    let mut all: BTreeMap<String, BTreeSet<EgressAddress>> = BTreeMap::new();
    for Egress { interface, ways, .. } in resolver.egress() {
        let of = all.entry(resolver.network().interfaces[interface].name.text().to_owned()).or_default();
        for way in ways {
            match way.by {
                By::Addresses { addresses, .. } => of.extend(addresses),
                By::Nothing(..) | By::Unknown(_) => (),
            }
        }
    }
    all
}
