//! Subnets that a plan gives other next hops: for which addresses, by what, and what is lost by it.

use std::{collections::BTreeMap, net::IpAddr};

use rustc_hash::FxHashMap;

use super::{
    Answer, Parts, RouteResolver, Space,
    impact::Impact,
    nat_gateway::{self, BehindNat},
    transition::{Lasting, Transition},
};
use crate::{
    network::{
        Association, Connectivity, Declared, Destination, Family, Id, NatGateway, NextHop, RouteTable, State, Subnet,
        Written,
    },
    resource::Action,
    value::Truth,
};

/// Addresses to which a subnet sends by another next hop than before, although it had a way to them.
#[derive(Clone, Debug)]
pub struct Reroute {
    pub subnet: Lasting<Subnet>,
    pub to: Space,
    /// The next hops, as messages name them. `None`: no route.
    pub before: String,
    pub after: Option<String>,
    pub kind: Kind,
    pub cause: Cause,
    pub impact: Impact,
    /// Whether something lives in the subnet before and after. Where the code shows nothing, something else may.
    pub is_lived_in: bool,
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Another kind of next hop, or none.
    Class,
    /// Another of the same kind.
    Other,
    /// Another NAT gateway: servers may see other addresses.
    Nat,
}

/// What in the plan gives a subnet other next hops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// This is made or changed.
    Made(Declared),
    /// This was there, and is not any more.
    Unmade(Declared),
    /// The subnet follows another main table, and nothing says so at the subnet: because this is made or changed.
    MainTable(Declared),
    /// The same, because this was there, and is not any more.
    NoTable(Declared),
}

/// A part of the addresses that two tables treat differently.
struct Difference {
    to: Space,
    before: Vec<Answer>,
    after: Vec<Answer>,
}

/// The first and the last address, and the answers before and after.
type Stretch<'p> = (u128, u128, &'p [usize], &'p [usize]);

/// The answers before, and the answers after.
type AnswersOfBoth = (Vec<usize>, Vec<usize>);

/// The tables in force in a subnet before and after, where they are known.
type Tables = (Option<Id<RouteTable>>, Option<Id<RouteTable>>);

impl Cause {
    /// The resource that it is.
    pub fn declared(&self) -> &Declared {
        match self {
            Self::Made(it) | Self::Unmade(it) | Self::MainTable(it) | Self::NoTable(it) => it,
        }
    }

    /// Whether the plan says nothing of the subnet itself.
    pub fn is_implicit(&self) -> bool {
        match self {
            Self::MainTable(_) | Self::NoTable(_) => true,
            Self::Made(_) | Self::Unmade(_) => false,
        }
    }
}

pub(super) fn reroutes(transition: &Transition<'_>) -> Vec<Reroute> {
    // Many subnets follow few tables.
    let mut known: FxHashMap<Tables, std::sync::Arc<Vec<Difference>>> = FxHashMap::default();
    let mut all = Vec::new();
    for subnet in transition.subnets() {
        let tables = (transition.before().table(subnet.was), transition.after().table(subnet.is));
        let compare = || std::sync::Arc::new(differences(transition, subnet));
        let differences = match tables {
            (Some(_), Some(_)) => known.entry(tables).or_insert_with(compare).clone(),
            (None, _) | (_, None) => compare(),
        };
        for difference in differences.iter() {
            all.extend(reroute(transition, subnet, tables, difference));
        }
    }
    all
}

fn differences(transition: &Transition<'_>, subnet: Lasting<Subnet>) -> Vec<Difference> {
    let (before, after) = (transition.before().parts_of(subnet.was), transition.after().parts_of(subnet.is));
    let mut all = Vec::new();
    for family in Family::ALL {
        let mut ranges: BTreeMap<AnswersOfBoth, Vec<(u128, u128)>> = BTreeMap::new();
        for (first, last, was, is) in overlay(&before, &after, family) {
            ranges.entry((was.to_vec(), is.to_vec())).or_default().push((first, last));
        }
        for ((was, is), ranges) in ranges {
            let difference = Difference {
                to: Space::of_ranges(family, ranges),
                before: before.distinct(&was).cloned().collect(),
                after: after.distinct(&is).cloned().collect(),
            };
            all.extend(difference.is_certain(transition).then_some(difference));
        }
    }
    all
}

/// Both divisions of a family, laid over each other.
fn overlay<'p>(before: &'p Parts, after: &'p Parts, family: Family) -> Vec<Stretch<'p>> {
    let (old, new) = (before.of_family(family), after.of_family(family));
    let (mut at, mut other) = (0, 0);
    let mut all = Vec::new();
    while let (Some(one), Some(two)) = (old.get(at), new.get(other)) {
        all.push((one.first.max(two.first), one.last.min(two.last), &*one.answers, &*two.answers));
        if one.last <= two.last {
            at += 1;
        }
        if two.last <= one.last {
            other += 1;
        }
    }
    all
}

impl Difference {
    /// Whether no next hop after is one of those before.
    fn is_certain(&self, transition: &Transition<'_>) -> bool {
        let same = |was: &Answer, is: &Answer| transition.is_same_hop(was.target.as_ref(), is.target.as_ref());
        self.before.iter().all(|was| self.after.iter().all(|is| same(was, is) == Truth::False))
    }

    fn kind(&self) -> Kind {
        let kinds = |answers: &[Answer]| {
            let mut all: Vec<_> = answers.iter().map(|it| it.target.as_ref().map(NextHop::kind)).collect();
            all.dedup();
            all
        };
        let (before, after) = (kinds(&self.before), kinds(&self.after));
        if before != after || before.len() != 1 {
            Kind::Class
        } else if before == [Some("nat_gateway")] {
            Kind::Nat
        } else {
            Kind::Other
        }
    }
}

fn reroute(
    transition: &Transition<'_>,
    subnet: Lasting<Subnet>,
    tables: Tables,
    difference: &Difference,
) -> Option<Reroute> {
    let had_none = |it: &Answer| it.target.is_none() || matches!(it.state, State::Blackhole(_));
    // Another rule tells of routes whose target is not there.
    let is_dead = |it: &Answer| matches!(it.state, State::Blackhole(_));
    if difference.before.iter().any(had_none) || difference.after.iter().all(is_dead) {
        return None;
    }
    let cause = cause(transition, subnet, tables, difference)?;
    let probe = probe(&difference.to)?;
    let had_way = has_way(transition.before(), &difference.before, probe);
    // What had no way loses none.
    if had_way == Truth::False {
        return None;
    }
    let describe = |resolver: &RouteResolver<'_>, answers: &[Answer]| {
        let names = answers.iter().map(|it| match &it.target {
            Some(target) => resolver.network().describe(target),
            None => "no route".to_owned(),
        });
        names.collect::<Vec<_>>().join(" or ")
    };
    let residents = transition.residents(subnet.is);
    let mut impact = Impact::of(transition, residents, &difference.to);
    // Who lives there had nothing to lose: this repairs, or does nothing.
    if !impact.was_used {
        return None;
    }
    impact.has_no_way = had_way == Truth::True && has_way(transition.after(), &difference.after, probe) == Truth::False;
    Some(Reroute {
        subnet,
        to: difference.to.clone(),
        before: describe(transition.before(), &difference.before),
        after: difference
            .after
            .iter()
            .any(|it| it.target.is_some())
            .then(|| describe(transition.after(), &difference.after)),
        kind: difference.kind(),
        cause,
        impact,
        is_lived_in: !residents.is_empty(),
    })
}

/// Whether the next hops, all of them alike, take a packet for `probe` any further.
fn has_way(resolver: &RouteResolver<'_>, answers: &[Answer], probe: IpAddr) -> Truth {
    let is_public = Family::ALL.into_iter().any(|family| Space::internet(family).contains(probe));
    let mut ways = answers.iter().map(|answer| match (nat_gateway::way(answer, None), &answer.target, &answer.state) {
        (BehindNat::Nowhere, ..) => Truth::False,
        (_, _, State::Unknown(_)) => Truth::Unknown,
        (_, Some(NextHop::Nat(nat)), _) => translated(resolver, *nat, probe, is_public),
        (BehindNat::Internet, ..) | (_, Some(NextHop::EgressOnlyGateway(_)), _) => Truth::from(is_public),
        (BehindNat::Elsewhere, ..) => Truth::True,
        (BehindNat::Itself | BehindNat::Unknown(_), ..) => Truth::Unknown,
    });
    let Some(first) = ways.next() else { return Truth::Unknown };
    if ways.all(|way| way == first) { first } else { Truth::Unknown }
}

/// The same of what a NAT gateway has translated. An internet gateway drops what a private one sends.
fn translated(resolver: &RouteResolver<'_>, nat: Id<NatGateway>, probe: IpAddr, is_public: bool) -> Truth {
    let connectivity = &resolver.network().nat_gateways[nat].connectivity;
    match resolver.behind_nat_to(nat, probe) {
        BehindNat::Internet => Truth::from(is_public).and(connectivity.is(|it| *it == Connectivity::Public)),
        BehindNat::Itself | BehindNat::Nowhere => Truth::False,
        BehindNat::Elsewhere => Truth::True,
        BehindNat::Unknown(_) => Truth::Unknown,
    }
}

/// An address of the set: of the internet, where it has one.
fn probe(to: &Space) -> Option<IpAddr> {
    let public = Family::ALL.into_iter().find_map(|family| to.intersection(&Space::internet(family)).first());
    public.or_else(|| to.first())
}

// Causes --------------------------------------------------------------------------------------------------------------

/// What gives the subnet its new next hops; `None` where the plan does not do it, or only leaves it to others.
fn cause(
    transition: &Transition<'_>,
    subnet: Lasting<Subnet>,
    tables: Tables,
    difference: &Difference,
) -> Option<Cause> {
    let is_same = match tables {
        (Some(was), Some(is)) => transition.is_same_table(was, is),
        (None, _) | (_, None) => Truth::Unknown,
    };
    match is_same {
        Truth::True => of_routes(transition, difference),
        Truth::False => of_association(transition, subnet),
        Truth::Unknown => None,
    }
}

fn of_routes(transition: &Transition<'_>, difference: &Difference) -> Option<Cause> {
    let after = difference.after.iter().filter_map(|it| maker(transition.after(), it));
    let before = difference.before.iter().filter_map(|it| maker(transition.before(), it));
    let does = |it: &&Declared, of: fn(Action) -> bool| transition.action(&it.address).is_some_and(of);
    if let Some(made) = after.into_iter().find(|it| does(it, makes)) {
        return Some(Cause::Made(made.clone()));
    }
    let Some(old) = before.into_iter().find(|it| does(it, Action::touches)) else {
        return of_lists(transition, difference).map(Cause::Made);
    };
    match transition.action(&old.address)? {
        // It is there all the same.
        Action::Forget => None,
        Action::Delete | Action::Replace | Action::ReplaceCreatingFirst => Some(Cause::Unmade(old.clone())),
        Action::NoOp | Action::Create | Action::Read | Action::Update => {
            let id = transition.after.graph.find(&old.address)?;
            Some(Cause::Made(Declared::of(id, transition.after.graph.resource(id))))
        }
    }
}

/// The prefix list of which the blocks change, of a route that stays.
fn of_lists(transition: &Transition<'_>, difference: &Difference) -> Option<Declared> {
    let network = transition.after().network();
    let routes = difference.after.iter().filter_map(|it| it.route);
    let lists = routes.filter_map(|(table, route)| match network.tables[table].routes[route].destination {
        Destination::PrefixList(list) => network.prefix_lists[list].name.in_code(),
        Destination::Block(_) | Destination::Unknown { .. } => None,
    });
    lists.into_iter().find(|it| transition.action(&it.address).is_some_and(makes)).cloned()
}

fn makes(action: Action) -> bool {
    action == Action::Update || action.makes()
}

/// The resource that makes the route of an answer.
fn maker<'a>(resolver: &super::RouteResolver<'a>, answer: &Answer) -> Option<&'a Declared> {
    let (table, route) = answer.route?;
    match &resolver.network().tables[table].routes[route].written {
        Written::By(declared) => Some(declared),
        Written::Among(_) | Written::Implied => None,
    }
}

fn of_association(transition: &Transition<'_>, subnet: Lasting<Subnet>) -> Option<Cause> {
    let (before, after) = (transition.before().network(), transition.after().network());
    let (was, is) = (&before.subnets[subnet.was], &after.subnets[subnet.is]);
    let is_forgotten = |it: &Declared| transition.action(&it.address) == Some(Action::Forget);
    match (&was.association, &is.association) {
        (Association::Explicit { by, .. }, _) if is_forgotten(by) => None,
        (_, Association::Explicit { by, .. }) => Some(Cause::Made(by.clone())),
        (Association::Explicit { by, .. }, Association::Main(_)) => Some(Cause::NoTable(by.clone())),
        (Association::Main(_), Association::Main(_)) => {
            let old = was.vpc.known().and_then(|it| before.vpcs[it].main_table_by.as_ref());
            let new = is.vpc.known().and_then(|it| after.vpcs[it].main_table_by.as_ref());
            match (old, new) {
                (Some(old), _) if is_forgotten(old) => None,
                (_, Some(new)) => Some(Cause::MainTable(new.clone())),
                (Some(old), None) => Some(Cause::NoTable(old.clone())),
                (None, None) => None,
            }
        }
        (Association::Unknown { .. }, _) | (_, Association::Unknown { .. }) => None,
    }
}
