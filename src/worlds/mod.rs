//! What holds in every world that the code allows, and what in some.
//!
//! A finding that every world has is certain; one that some have is possible, and says under which conditions. So with
//! routes: what differs from world to world is not known.

mod change;
mod told;

use rustc_hash::FxHashMap;

use crate::{
    finding::{Certainty, Finding},
    graph::ResourceGraph,
    project::{Conditions, Project},
    reach::table::{NextHopRow, RouteRow, SubnetRoutes, TargetName},
    rules::Verdicts,
};

pub use change::{WorldChanges, pairs};
pub use told::{Each, Told, each};

/// The verdicts of all worlds, as one.
pub fn verdicts(project: &Project, of: impl Fn(&ResourceGraph) -> Verdicts) -> Verdicts {
    let first = of(&project.graph);
    let worlds = &project.worlds;
    if worlds.others.is_empty() {
        let mut verdicts = first;
        if worlds.is_incomplete {
            verdicts.findings.iter_mut().for_each(|it| it.certainty = Certainty::Possible);
        }
        return verdicts;
    }
    let mut unanswered = first.unanswered;
    let mut found: Vec<(Finding, Vec<usize>)> = Vec::new();
    let mut places = FxHashMap::default();
    let others = worlds.others.iter().map(|world| of(&world.graph));
    for (world, verdicts) in
        std::iter::once(Verdicts { findings: first.findings, unanswered: Vec::new() }).chain(others).enumerate()
    {
        unanswered.extend(verdicts.unanswered);
        for finding in verdicts.findings {
            let key = (finding.rule, finding.at.span, finding.resource.clone());
            let at = *places.entry(key).or_insert(found.len());
            match found.get_mut(at) {
                Some((known, holders)) => {
                    known.certainty = known.certainty.min(finding.certainty);
                    if holders.last() != Some(&world) {
                        holders.push(world);
                    }
                }
                None => found.push((finding, vec![world])),
            }
        }
    }
    let all: Vec<&Conditions> =
        std::iter::once(&worlds.first).chain(worlds.others.iter().map(|it| &it.conditions)).collect();
    let findings = found.into_iter().map(|(mut finding, holders)| {
        if holders.len() < all.len() {
            finding.certainty = Certainty::Possible;
            finding.message = format!("{}{}", finding.message, when(&all, &holders));
        }
        if worlds.is_incomplete {
            finding.certainty = Certainty::Possible;
        }
        finding
    });
    let findings = findings.collect();
    unanswered.sort();
    unanswered.dedup();
    Verdicts { findings, unanswered }
}

/// What tells the worlds `holders` from all others: `, where HasNat is false`. As few conditions as it takes, and rather
/// what holds than what does not.
fn when(all: &[&Conditions], holders: &[usize]) -> String {
    let common = all[holders[0]].iter().filter(|(name, holds)| {
        holders.iter().all(|&world| all[world].get(*name) == Some(*holds))
            && all.iter().any(|world| world.get(*name) != Some(*holds))
    });
    let mut common: Vec<_> = common.collect();
    common.sort_by_key(|(name, holds)| (!**holds, *name));
    let mut others: Vec<&Conditions> =
        (0..all.len()).filter(|world| !holders.contains(world)).map(|world| all[world]).collect();
    let mut parts = Vec::new();
    for (name, holds) in common {
        let left = others.len();
        others.retain(|world| world.get(name) == Some(holds));
        if others.len() < left {
            parts.push(format!("{name} is {holds}"));
        }
    }
    if parts.is_empty() {
        return ", under some combinations of the conditions".to_owned();
    }
    format!(", where {}", parts.join(" and "))
}

/// Under which conditions each resource is made that some worlds have and some have not, by address: `HasNat is true`.
pub fn made_under(project: &Project) -> FxHashMap<String, String> {
    let others = project.worlds.others.iter().map(|it| (&it.conditions, &it.graph));
    let (all, graphs): (Vec<_>, Vec<_>) =
        std::iter::once((&project.worlds.first, &project.graph)).chain(others).unzip();
    let mut holders: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (world, graph) in graphs.iter().enumerate() {
        for (_, resource) in graph.resources() {
            holders.entry(resource.address.as_str().to_owned()).or_default().push(world);
        }
    }
    holders.retain(|_, holders| holders.len() < all.len());
    let told = holders.into_iter().map(|(address, holders)| {
        let when = when(&all, &holders);
        (address, when.trim_start_matches(", ").trim_start_matches("where ").to_owned())
    });
    told.collect()
}

/// What to tell where an answer shows one world, and others answer otherwise.
pub fn notice<T: PartialEq>(project: &Project, of: impl Fn(&ResourceGraph) -> T) -> Option<String> {
    let first = of(&project.graph);
    let others = &project.worlds.others;
    let differ = others.iter().filter(|world| of(&world.graph) != first).count();
    if differ == 0 {
        return None;
    }
    let conditions = project.worlds.first.iter().map(|(name, holds)| format!("{name} is {holds}"));
    let conditions = conditions.collect::<Vec<_>>().join(", ");
    Some(format!(
        "{}: this holds where {conditions}; {differ} of the {} other combinations of conditions answer otherwise; give parameters with --parameter NAME=VALUE",
        project.name,
        others.len()
    ))
}

/// What to tell where there may be more worlds than were looked at.
pub fn incomplete(project: &Project) -> Option<String> {
    let why = "not everything in it can be evaluated: there may be more resources, or other combinations of conditions";
    project.worlds.is_incomplete.then(|| format!("{}: {why}", project.name))
}

/// The routes of all worlds, as one: every subnet that one of them has.
pub fn routes(project: &Project, of: impl Fn(&ResourceGraph) -> Vec<SubnetRoutes>) -> Vec<SubnetRoutes> {
    let mut all = of(&project.graph);
    let mut places: FxHashMap<String, usize> =
        all.iter().enumerate().map(|(at, subnet)| (subnet.subnet.clone(), at)).collect();
    for world in &project.worlds.others {
        for subnet in of(&world.graph) {
            if let Some(&at) = places.get(&subnet.subnet) {
                agree(&mut all[at], subnet);
            } else {
                places.insert(subnet.subnet.clone(), all.len());
                all.push(subnet);
            }
        }
    }
    all
}

/// Leaves of `known` what `other`, the same subnet in another world, says too.
pub fn agree(known: &mut SubnetRoutes, other: SubnetRoutes) {
    known.vpc = agreed(&known.vpc, &other.vpc);
    known.cidr = agreed_maybe(known.cidr.as_ref(), other.cidr.as_ref());
    known.ipv6_cidr = agreed_maybe(known.ipv6_cidr.as_ref(), other.ipv6_cidr.as_ref());
    known.availability_zone = agreed_maybe(known.availability_zone.as_ref(), other.availability_zone.as_ref());
    known.route_table = agreed_maybe(known.route_table.as_ref(), other.route_table.as_ref());
    if known.association != other.association {
        known.association = "unknown";
    }
    agree_rows(&mut known.routes, other.routes);
    if known.next_hops != other.next_hops {
        known.next_hops = agreed_hops(&known.next_hops, &other.next_hops);
    }
}

fn agreed(one: &TargetName, other: &TargetName) -> TargetName {
    if one == other { one.clone() } else { TargetName::Unknown(differs(one, other)) }
}

fn differs(one: &TargetName, other: &TargetName) -> String {
    let shown = |it: &TargetName| match it {
        TargetName::Named(name) => name.clone(),
        TargetName::Unknown(why) => why.clone(),
    };
    let (one, other) = (shown(one), shown(other));
    let prefix = "conditions decide: ";
    let known = one.strip_prefix(prefix).unwrap_or(&one);
    if known.split(" or ").any(|it| it == other) {
        format!("{prefix}{known}")
    } else {
        format!("{prefix}{known} or {other}")
    }
}

fn agreed_maybe(one: Option<&TargetName>, other: Option<&TargetName>) -> Option<TargetName> {
    let nothing = TargetName::Unknown("nothing".to_owned());
    match (one, other) {
        (None, None) => None,
        (one, other) => Some(agreed(one.unwrap_or(&nothing), other.unwrap_or(&nothing))),
    }
}

fn agree_rows(known: &mut Vec<RouteRow>, other: Vec<RouteRow>) {
    let nothing = || TargetName::Unknown("no route".to_owned());
    for row in &mut *known {
        let theirs = other.iter().find(|it| it.destination == row.destination);
        let target = theirs.map_or_else(nothing, |it| it.target.clone());
        if theirs.is_none_or(|it| it.kind != row.kind) {
            row.kind = "unknown";
        }
        if theirs.is_none_or(|it| it.state != row.state) {
            row.state = "unknown";
        }
        row.target = agreed(&row.target, &target);
    }
    for row in other {
        if !known.iter().any(|it| it.destination == row.destination) {
            let target = agreed(&nothing(), &row.target);
            known.push(RouteRow { target, kind: "unknown", state: "unknown", ..row });
        }
    }
}

/// The parts of the address space on which both agree, and the rest as one part of which the next hop is not known.
fn agreed_hops(one: &[NextHopRow], other: &[NextHopRow]) -> Vec<NextHopRow> {
    let mut agreed: Vec<NextHopRow> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for row in one {
        let same = other.iter().find(|it| it.target == row.target);
        let (kept, lost): (Vec<_>, Vec<_>) = row
            .destinations
            .iter()
            .cloned()
            .partition(|block| same.is_some_and(|same| same.destinations.contains(block)));
        if !kept.is_empty() {
            agreed.push(NextHopRow { destinations: kept, target: row.target.clone() });
        }
        open.extend(lost);
    }
    if !open.is_empty() {
        let why = "conditions decide".to_owned();
        agreed.push(NextHopRow { destinations: open, target: Some(TargetName::Unknown(why)) });
    }
    agreed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        files::Memory,
        project::{self, Request},
        source::SourceMap,
    };

    fn conditions(text: &str) -> Conditions {
        let pair = |word: &str| match word.strip_prefix('!') {
            Some(name) => (name.to_owned(), false),
            None => (word.to_owned(), true),
        };
        text.split(' ').map(pair).collect()
    }

    #[test]
    fn few_conditions_tell_a_world_from_others() {
        let all = ["Gw !Nat NoNat", "!Gw Nat !NoNat", "!Gw !Nat NoNat"].map(conditions);
        let all: Vec<_> = all.iter().collect();
        assert_eq!(when(&all, &[1]), ", where Nat is true");
        assert_eq!(when(&all, &[0, 2]), ", where NoNat is true");
        assert_eq!(when(&all, &[2]), ", where NoNat is true and Gw is false");
        assert_eq!(when(&all, &[0, 1]), ", under some combinations of the conditions");
    }

    #[test]
    fn what_some_worlds_have_is_made_under_conditions() {
        let text = "
Parameters: {Stage: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  A: {Type: 'AWS::EC2::VPC'}
  B: {Type: 'AWS::EC2::VPC', Condition: IsProd}
";
        let files = Memory::of([("main.yaml", text)]);
        let load = |request: &Request| {
            let projects = project::load(&files, &mut SourceMap::default(), &["main.yaml".to_owned()], request);
            projects.unwrap().remove(0)
        };
        let count = |graph: &ResourceGraph| graph.resources().count();
        let project = load(&Request::default());
        let made: Vec<_> = made_under(&project).into_iter().collect();
        assert_eq!(made, [("B".to_owned(), "IsProd is true".to_owned())]);
        assert_eq!(each(&project, count).all, [2, 1]);
        let mut request = Request::default();
        request.parameters.parameters.insert("Stage".to_owned(), "prod".to_owned());
        assert!(made_under(&load(&request)).is_empty());
        assert_eq!(each(&load(&request), count).all, [2]);
    }

    #[test]
    fn what_differs_is_not_known() {
        let named = |name: &str| TargetName::Named(name.to_owned());
        let row = |blocks: &[&str], target: Option<&str>| NextHopRow {
            destinations: blocks.iter().map(|it| (*it).to_owned()).collect(),
            target: target.map(named),
        };
        let one = [row(&["10.0.0.0/16"], Some("local")), row(&["0.0.0.0/0"], Some("igw"))];
        let other = [row(&["10.0.0.0/16"], Some("local")), row(&["0.0.0.0/0"], None)];
        let agreed = agreed_hops(&one, &other);
        assert_eq!(agreed[0], one[0]);
        assert_eq!(agreed[1].target, Some(TargetName::Unknown("conditions decide".to_owned())));
        assert_eq!(agreed[1].destinations, ["0.0.0.0/0"]);
        let two = super::agreed(&named("a"), &named("b"));
        assert_eq!(super::agreed(&two, &named("b")), TargetName::Unknown("conditions decide: a or b".to_owned()));
    }
}
