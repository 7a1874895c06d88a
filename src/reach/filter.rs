//! What security groups and network ACLs do with a set of packets: exactly which pass, which do not, and of which that
//! is not known.

use std::sync::OnceLock;

use super::{Packets, Ranges, RouteResolver, Side, Space};
use crate::{
    network::{
        AclRule, Declared, Direction, Family, Groups, Id, Link, Network, NetworkAcl, NetworkInterface, Peer, Protocol,
        SecurityGroup, SecurityRule,
    },
    value::{Known, Truth},
};

/// A set of packets in three: every packet is in one of them.
#[derive(Clone, Debug, Default)]
pub struct Filtered {
    pub passed: Packets,
    /// The resources whose rules let some pass.
    pub passed_by: Vec<Declared>,
    pub blocked: Packets,
    /// The rule that drops some; without one, nothing lets them pass.
    pub blocked_by: Option<Declared>,
    /// Those of which it is not known.
    pub doubtful: Packets,
    /// The unknown in the way.
    pub doubt: Option<String>,
    /// There is no rule at all.
    pub is_without_rules: bool,
}

/// Who is at the other end: what a reference to a group is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    Interface(Id<NetworkInterface>),
    /// Somebody in a private network: it may be a member of any group.
    Private,
    /// Never a member of a group: a client from the internet, or one whose identity got lost on the way.
    Stranger,
}

/// The rules of lists and groups as sets of packets: worked out when one is first asked, however many packets meet it.
#[derive(Debug)]
pub(super) struct Prepared {
    acls: Vec<[OnceLock<Vec<Fitting>>; 2]>,
    groups: Vec<[OnceLock<Vec<Option<Admitted>>>; 2]>,
}

/// A rule of a list, by its place there.
#[derive(Debug)]
struct Fitting {
    rule: usize,
    /// The packets that fit it, as many as may.
    packets: Packets,
    /// Why they may be fewer.
    why: Option<String>,
}

impl Prepared {
    pub(super) fn new(network: &Network) -> Self {
        let cells = |_| [OnceLock::new(), OnceLock::new()];
        Self {
            acls: network.acls.ids().map(cells).collect(),
            groups: network.security_groups.ids().map(|_| [OnceLock::new(), OnceLock::new()]).collect(),
        }
    }

    /// The rules of a list in the order of their numbers.
    fn acl(&self, network: &Network, list: Id<NetworkAcl>, direction: Direction) -> &[Fitting] {
        self.acls[list.index()][direction as usize].get_or_init(|| {
            let rules = network.acls[list].rules(direction);
            let mut order: Vec<usize> = (0..rules.len()).collect();
            // A rule of unknown number may be the first.
            order.sort_by_key(|at| rules[*at].number.get().copied().unwrap_or(i64::MIN));
            let of = |rule| {
                let (packets, why) = fitting(&rules[rule], direction);
                Fitting { rule, packets, why }
            };
            order.into_iter().map(of).collect()
        })
    }

    /// What each rule of a group admits; `None` where that depends on who is at the other end.
    fn group(&self, network: &Network, group: Id<SecurityGroup>, direction: Direction) -> &[Option<Admitted>] {
        self.groups[group.index()][direction as usize].get_or_init(|| {
            let depends = |rule: &SecurityRule| rule.peers.iter().any(|peer| matches!(peer, Peer::Group(_)));
            let of = |rule| (!depends(rule)).then(|| admitted(network, rule, direction, Other::Stranger));
            network.security_groups[group].rules(direction).iter().map(of).collect()
        })
    }
}

impl Filtered {
    fn all(packets: &Packets) -> Self {
        Self { passed: packets.clone(), ..Self::default() }
    }

    fn note(&mut self, rule: Option<&Declared>) {
        if let Some(rule) = rule
            && !self.passed_by.contains(rule)
        {
            self.passed_by.push(rule.clone());
        }
    }

    fn doubt(&mut self, packets: &Packets, why: impl FnOnce() -> String) {
        if !packets.is_empty() {
            self.doubtful = self.doubtful.union(packets);
            self.doubt.get_or_insert_with(why);
        }
    }
}

/// What an interface's security groups let pass: what one rule of one group admits.
pub(super) fn groups(
    resolver: &RouteResolver<'_>,
    groups: Option<&Groups>,
    direction: Direction,
    packets: &Packets,
    other: Other,
) -> Filtered {
    let Some(groups) = groups else { return Filtered::all(packets) };
    let network = resolver.network;
    let mut filtered = Filtered { is_without_rules: true, ..Filtered::default() };
    let mut rest = packets.clone();
    let mut possible: Vec<(Packets, String)> = Vec::new();
    let mut open = groups.others.clone();
    for link in &groups.links {
        let Some(group) = link.known() else {
            open = Some("which security group it has".to_owned());
            continue;
        };
        let prepared = resolver.filters.group(network, group, direction);
        let group = &network.security_groups[group];
        open =
            open.or_else(|| group.others(direction).map(|why| format!("the rules of `{}`: {why}", group.name.text())));
        for (rule, known) in group.rules(direction).iter().zip(prepared) {
            filtered.is_without_rules = false;
            if rest.is_empty() {
                break;
            }
            let asked = known.is_none().then(|| admitted(network, rule, direction, other));
            let Some(admitted) = known.as_ref().or(asked.as_ref()) else { continue };
            let certain = rest.intersection(&admitted.certain);
            if !certain.is_empty() {
                filtered.note(rule.written.as_ref());
                filtered.passed = filtered.passed.union(&certain);
                rest = rest.difference(&certain);
            }
            if let Some(why) = &admitted.why {
                possible.push((admitted.possible.clone(), why.clone()));
            }
        }
    }
    for (of_rule, why) in possible {
        let maybe = rest.intersection(&of_rule);
        filtered.doubt(&maybe, || why);
        rest = rest.difference(&maybe);
    }
    match open {
        Some(why) => filtered.doubt(&rest, || why),
        None => filtered.blocked = rest,
    }
    filtered
}

/// What a rule admits, and what it may admit.
#[derive(Debug)]
struct Admitted {
    certain: Packets,
    possible: Packets,
    /// Why not all of the possible is certain.
    why: Option<String>,
}

fn admitted(network: &Network, rule: &SecurityRule, direction: Direction, other: Other) -> Admitted {
    let far = match direction {
        Direction::In => Side::Source,
        Direction::Out => Side::Destination,
    };
    let (known, mut why) = head(&rule.protocol, &rule.ports);
    let wide = known.clone();
    if !rule.is_certain {
        why = Some("whether the group has the rule".to_owned());
    }
    let (mut blocks, mut all, mut maybe_all) = (Vec::new(), false, false);
    for peer in &rule.peers {
        match peer {
            Peer::Block(block) => blocks.push(*block),
            Peer::PrefixList(list) => {
                let list = &network.prefix_lists[*list];
                blocks.extend(list.blocks.iter().copied());
                if let Some(others) = &list.others {
                    maybe_all = true;
                    why.get_or_insert_with(|| format!("what is in `{}`: {others}", list.name.text()));
                }
            }
            Peer::Group(link) => match is_member(network, other, link) {
                Truth::True => all = true,
                Truth::False => (),
                Truth::Unknown => {
                    maybe_all = true;
                    why.get_or_insert_with(|| "who is in a referenced security group".to_owned());
                }
            },
            Peer::Unknown(unknown) => {
                maybe_all = true;
                why.get_or_insert_with(|| unknown.to_string());
            }
        }
    }
    let space = Space::of(blocks);
    let limit = |packets: &Packets| if all { packets.clone() } else { packets.only_space(far, &space) };
    let is_known = rule.is_certain && rule.protocol.get().is_some() && rule.ports.get().is_some();
    let certain = if is_known { limit(&known) } else { Packets::none() };
    let possible = if maybe_all { wide } else { limit(&wide) };
    Admitted { certain, possible, why }
}

/// The packets of a protocol and of ports, as wide as they may be, and why they may be narrower.
fn head(protocol: &Known<Protocol>, ports: &Known<(i64, i64)>) -> (Packets, Option<String>) {
    let mut packets = Packets::everything();
    let mut why = None;
    match protocol.get() {
        None => why = protocol.why_unknown().map(|it| format!("a rule's protocol: {it}")),
        Some(protocol) => {
            if let Some(number) = protocol.number() {
                packets = packets.only(Side::Protocol, &Ranges::one(u128::from(number)));
            }
            let has_ports = matches!(protocol, Protocol::Tcp | Protocol::Udp | Protocol::Icmp | Protocol::Icmpv6);
            match ports.get() {
                Some(&(first, last)) if has_ports => {
                    packets = packets.only(Side::DestinationPort, &port_range(first, last));
                }
                Some(_) => (),
                None => why = ports.why_unknown().map(|it| format!("a rule's ports: {it}")),
            }
        }
    }
    (packets, why)
}

fn port_range(first: i64, last: i64) -> Ranges {
    let port = |it: i64| u128::from(u16::try_from(it.clamp(0, 65_535)).unwrap_or(u16::MAX));
    Ranges::of([(port(first), port(last))])
}

/// Whether somebody is a member of a group.
fn is_member(network: &Network, other: Other, group: &Link<SecurityGroup>) -> Truth {
    let interface = match other {
        Other::Stranger => return Truth::False,
        Other::Private => return Truth::Unknown,
        Other::Interface(interface) => &network.interfaces[interface],
    };
    let Some(groups) = &interface.groups else { return Truth::False };
    let mut answer = if groups.others.is_some() { Truth::Unknown } else { Truth::False };
    let Some(wanted) = group.candidates() else {
        return if groups.links.is_empty() && groups.others.is_none() { Truth::False } else { Truth::Unknown };
    };
    for link in &groups.links {
        answer = answer.or(match (link.known(), wanted) {
            (Some(mine), [one]) => Truth::from(mine == *one),
            (Some(mine), several) => {
                if several.contains(&mine) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
            (None, _) => Truth::Unknown,
        });
    }
    answer
}

/// What a subnet's network ACL lets pass: the first rule that fits decides.
pub(super) fn acl(
    resolver: &RouteResolver<'_>,
    link: &Link<NetworkAcl>,
    direction: Direction,
    packets: &Packets,
) -> Filtered {
    let mut filtered = Filtered::default();
    let lists = match link.candidates() {
        Some(lists) if !lists.is_empty() => lists,
        Some(_) | None => {
            filtered.doubt(packets, || "which network ACL is in force".to_owned());
            return filtered;
        }
    };
    let mut of_lists = lists.iter().map(|list| of_list(resolver, *list, direction, packets));
    let Some(first) = of_lists.next() else { return filtered };
    of_lists.fold(first, |one, other| either(packets, one, other))
}

/// One of two lists is in force: what both agree on is known.
fn either(packets: &Packets, one: Filtered, other: Filtered) -> Filtered {
    let passed = one.passed.intersection(&other.passed);
    let blocked = one.blocked.intersection(&other.blocked);
    let doubtful = packets.difference(&passed).difference(&blocked);
    let doubt = one.doubt.or(other.doubt).or_else(|| Some("which network ACL is in force".to_owned()));
    Filtered { passed, blocked, doubtful, doubt, ..one }
}

fn of_list(resolver: &RouteResolver<'_>, id: Id<NetworkAcl>, direction: Direction, packets: &Packets) -> Filtered {
    let list = &resolver.network.acls[id];
    let mut filtered = Filtered { is_without_rules: list.rules(direction).is_empty(), ..Filtered::default() };
    if let Some(why) = &list.others {
        filtered.doubt(packets, || format!("the rules of `{}`: {why}", list.name.text()));
        return filtered;
    }
    let (mut may_pass, mut may_drop) = (Packets::none(), Packets::none());
    let mut why_open = None;
    let mut rest = packets.clone();
    for Fitting { rule, packets: fitting, why } in resolver.filters.acl(resolver.network, id, direction) {
        if rest.is_empty() {
            break;
        }
        let rule = &list.rules(direction)[*rule];
        let hit = rest.intersection(fitting);
        if hit.is_empty() {
            continue;
        }
        match (why, rule.allows.get()) {
            (None, Some(true)) => {
                filtered.note(rule.written.as_ref());
                filtered.passed = filtered.passed.union(&hit);
                rest = rest.difference(&hit);
            }
            (None, Some(false)) => {
                filtered.blocked_by = filtered.blocked_by.or_else(|| rule.written.clone());
                filtered.blocked = filtered.blocked.union(&hit);
                rest = rest.difference(&hit);
            }
            (why, allows) => {
                why_open = why_open.or_else(|| why.clone()).or_else(|| Some("what a rule does".to_owned()));
                if allows != Some(&false) {
                    may_pass = may_pass.union(&hit);
                }
                if allows != Some(&true) {
                    may_drop = may_drop.union(&hit);
                }
            }
        }
    }
    filtered.blocked = filtered.blocked.union(&rest);
    // What may pass earlier than it is dropped, or the other way round, is open.
    let open = filtered.blocked.intersection(&may_pass).union(&filtered.passed.intersection(&may_drop));
    filtered.blocked = filtered.blocked.difference(&open);
    filtered.passed = filtered.passed.difference(&open);
    filtered.doubt(&open, || {
        format!("a rule of `{}`: {}", list.name.text(), why_open.unwrap_or_else(|| "not known".to_owned()))
    });
    filtered
}

/// The packets that fit a rule, as many as may, and why they may be fewer.
fn fitting(rule: &AclRule, direction: Direction) -> (Packets, Option<String>) {
    let far = match direction {
        Direction::In => Side::Source,
        Direction::Out => Side::Destination,
    };
    let (mut packets, mut why) = head(&rule.protocol, &rule.ports);
    match rule.block.get() {
        Some(block) => {
            packets = packets.of_family(Family::of(*block)).only_space(far, &Space::of([*block]));
        }
        None => why = rule.block.why_unknown().map(ToString::to_string),
    }
    if rule.number.get().is_none() {
        why = rule.number.why_unknown().map(|it| format!("its number: {it}"));
    }
    if !rule.is_certain {
        why = Some("whether the list has the rule".to_owned());
    }
    (packets, why)
}
