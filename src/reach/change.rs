//! What a change does to the network: next hops, ways between workloads and the internet, and addresses, before and
//! after.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Fate, Packets, Party, Question, Ranges, RouteResolver, Side, Space, Traffic, Verdict,
    egress::{By, Egress, EgressAddress},
    packets::TCP,
};
use crate::network::{Family, Id, NetworkInterface, Subnet};

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
#[derive(Clone, Debug, PartialEq)]
pub struct NextHopChange {
    pub subnet: String,
    pub to: Space,
    /// `None`: no route.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A way that opens, closes, or is for other ports.
#[derive(Clone, Debug, PartialEq)]
pub struct WayChange {
    pub from: String,
    pub to: String,
    pub before: Reached,
    pub after: Reached,
}

/// How far one gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    pub verdict: Verdict,
    /// The ports of TCP that answer for certain.
    pub ports: Ranges,
    /// Who is answered for certain, where not everybody is who asks.
    pub sources: Option<Space>,
}

/// An address that a workload leaves from, or did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressChange {
    pub workload: String,
    pub before: Vec<EgressAddress>,
    pub after: Vec<EgressAddress>,
}

/// More pairs than this are not compared one by one.
const MOST_PAIRS: usize = 20_000;

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
    let mut ranges: BTreeMap<(Option<String>, Option<String>), Vec<(u128, u128)>> = BTreeMap::new();
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

/// A subnet's next hops, range by range, by name.
fn hops(resolver: &RouteResolver<'_>, subnet: Id<Subnet>, family: Family) -> Vec<(u128, u128, Option<String>)> {
    let parts = resolver.parts_of(subnet);
    let of = |answers: &[usize]| {
        let names: BTreeSet<Option<String>> = parts
            .distinct(answers)
            .map(|answer| answer.target.as_ref().map(|target| resolver.network().describe(target)))
            .collect();
        match names.len() {
            1 => names.into_iter().next().flatten(),
            _ => {
                let names: Vec<_> = names.into_iter().map(|it| it.unwrap_or_else(|| "no route".to_owned())).collect();
                Some(format!("one of {}", names.join(", ")))
            }
        }
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
    let both: Vec<(Id<NetworkInterface>, Id<NetworkInterface>)> =
        new.iter().filter_map(|(key, is)| Some((*old.get(key)?, *is))).collect();
    let internet = || (Party::Internet(Space::internet(Family::V4)), Party::Internet(Space::internet(Family::V4)));
    let ends = || both.iter().map(|(was, is)| (Party::Interface(*was), Party::Interface(*is)));
    let mut all = Vec::new();
    let mut compare = |from: &(Party, Party), to: &(Party, Party)| {
        let was = reached(before, &from.0, &to.0);
        let is = reached(after, &from.1, &to.1);
        if was != is {
            let (from, to) = (after.party_name(&from.1), after.party_name(&to.1));
            all.push(WayChange { from, to, before: was, after: is });
        }
    };
    for end in ends() {
        compare(&internet(), &end);
        compare(&end, &internet());
    }
    let pairs = both.len() * both.len();
    if MOST_PAIRS < pairs {
        return (all, pairs);
    }
    for from in ends() {
        for to in ends().filter(|to| *to != from) {
            compare(&from, &to);
        }
    }
    (all, 0)
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
