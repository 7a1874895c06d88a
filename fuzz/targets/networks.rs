//! Networks of which inputs decide something: what is certain without them is so with every value of them; the order of
//! the code decides nothing; and a network does not differ from itself.
#![no_main]

mod plant;
mod run;
mod verdicts;

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use iac_check::{
    files::Memory,
    network::Network,
    project::{self, Project, Request, Wanted},
    reach::{
        Fate, Ranges, RouteResolver, Traffic, Verdict, change,
        packets::{TCP, UDP},
        table::{SubnetRoutes, TargetName},
    },
    source::SourceMap,
    terraform::{Assignment, Inputs},
};
use libfuzzer_sys::fuzz_target;
use plant::{INPUTS, Plant};

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Unstructured::new(bytes);
    let world: [u8; INPUTS.len()] = bytes.arbitrary().unwrap_or_default();
    let question: [u8; 4] = bytes.arbitrary().unwrap_or_default();
    let plant = Plant::of(bytes);
    let code = plant.code(false);
    let given: Vec<_> = INPUTS
        .iter()
        .zip(world)
        .map(|((name, _, values), at)| ((*name).to_owned(), values[usize::from(at) % values.len()].to_owned()))
        .collect();
    let (general, world) = (load(&code, &[]), load(&code, &given));
    if world.findings.iter().any(|it| it.rule == "evaluation_error") {
        return;
    }
    let trouble = findings(&general, &world)
        .or_else(|| routes(&iac_check::routes(&general), &iac_check::routes(&world)))
        .or_else(|| ways(&general, &world, &plant.ends, question))
        .or_else(|| order(&general, &load(&plant.code(true), &[])))
        .or_else(|| no_change(&general));
    if let Some(trouble) = trouble {
        panic!("{trouble}\nwith {given:?}\n{code}");
    }
    if question[3] < 4 {
        let files = Memory::of([("main.tf", code.as_str())]);
        run::run(&files, [&["check", ".", "--possible", "--verbose"][..], &["graph", "."], &["egress", "."], &["changes", ".", "main.tf"]][usize::from(question[3])]);
    }
});

fn load(code: &str, given: &[(String, String)]) -> Project {
    let json = |(name, value): &(String, String)| Assignment::Json { name: name.clone(), value: value.clone() };
    let inputs = Inputs { assignments: given.iter().map(json).collect(), ..Inputs::default() };
    let request = Request { wanted: Wanted::default(), inputs, ..Request::default() };
    let files = Memory::of([("main.tf", code)]);
    let projects = project::load(&files, &mut SourceMap::default(), &[".".to_owned()], &request);
    projects.expect("there is code").remove(0)
}

/// What is certain without the inputs, and not so with them.
fn findings(general: &Project, world: &Project) -> Option<String> {
    let there = verdicts::certain(world);
    let lost = verdicts::certain(general).into_iter().find(|(it, _)| !verdicts::tells(&there, it))?;
    Some(format!("certain without the inputs, and not with them: {lost:?}"))
}

/// A next hop that is known without the inputs, and another with them.
fn routes(general: &[SubnetRoutes], world: &[SubnetRoutes]) -> Option<String> {
    for subnet in general {
        let there = world.iter().find(|it| it.subnet == subnet.subnet)?;
        for row in &subnet.next_hops {
            if let Some(TargetName::Unknown(_)) = row.target {
                continue;
            }
            for block in &row.destinations {
                let block: ipnet::IpNet = block.parse().expect("a destination is a block");
                let is_there = |it: &&iac_check::reach::table::NextHopRow| {
                    it.destinations.iter().filter_map(|it| it.parse::<ipnet::IpNet>().ok()).any(|it| it.contains(&block.addr()))
                };
                let now = there.next_hops.iter().find(is_there).map(|it| &it.target);
                if now != Some(&row.target) {
                    return Some(format!("{}: {block} goes to {:?}, and then to {now:?}", subnet.subnet, row.target));
                }
            }
        }
    }
    None
}

/// Packets that certainly fare some way without the inputs, and otherwise with them.
fn ways(general: &Project, world: &Project, ends: &[String], question: [u8; 4]) -> Option<String> {
    let end = |at: u8| &ends[usize::from(at) % ends.len()];
    let (from, to) = (end(question[0]), end(question[1]));
    let (protocol, ports) = [(TCP, Ranges::of([(0, 65_535)])), (TCP, Ranges::one(443)), (UDP, Ranges::one(8080)), (TCP, Ranges::one(22))]
        [usize::from(question[2] % 4)]
    .clone();
    let traffic = Traffic::to_ports(protocol, ports);
    let (one, other) = (Network::of(&general.graph), Network::of(&world.graph));
    let (one, other) = (RouteResolver::new(&one), RouteResolver::new(&other));
    let asked = |it: &RouteResolver<'_>| Some(it.trace_between(&it.parties(from).ok()?, &it.parties(to).ok()?, &traffic));
    let (these, those) = (asked(&one)?, asked(&other)?);
    let ([one], [other]) = (these.as_slice(), those.as_slice()) else { return None };
    for fate in [Fate::Answered, Fate::OneWay, Fate::Blocked] {
        let sure = one.answer.certain(fate).intersection(&other.answer.asked);
        if !sure.is_subset(&other.answer.certain(fate)) && other.answer.chosen == one.answer.chosen {
            return Some(format!("{from} to {to}: certainly {fate:?}, and then not: {:?}", sure.difference(&other.answer.certain(fate))));
        }
    }
    let (before, after) = (one.verdict(), other.verdict());
    if one.answer.asked == other.answer.asked && before != Verdict::Unknown && before != after {
        return Some(format!("{from} to {to}: {before:?}, and then {after:?}"));
    }
    None
}

/// What depends on the order in which the resources stand.
fn order(one: &Project, other: &Project) -> Option<String> {
    let keys = |project: &Project| verdicts::certain(project).into_keys().collect::<BTreeSet<_>>();
    let (one, other) = (keys(one), keys(other));
    let odd = one.symmetric_difference(&other).next()?;
    Some(format!("only in one order of the code: {odd:?}"))
}

/// What a network changes when it is put in its own place.
fn no_change(project: &Project) -> Option<String> {
    let (one, other) = (Network::of(&project.graph), Network::of(&project.graph));
    let changes = change::changes(&RouteResolver::new(&one), &RouteResolver::new(&other));
    let is_nothing = changes.next_hops.is_empty() && changes.ways.is_empty() && changes.addresses.is_empty();
    (!is_nothing).then(|| format!("no change changes something: {changes:?}"))
}
