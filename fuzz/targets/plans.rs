//! Plans of networks, from what one choice of inputs makes to what another makes: a plan says of the network what the
//! code says of it, and one that changes nothing changes nothing.
#![no_main]

mod document;
mod plant;
mod run;
mod verdicts;

use arbitrary::Unstructured;
use iac_check::{
    files::Memory,
    project::{self, Project, Request, Wanted},
    source::SourceMap,
    terraform::{Assignment, Inputs},
};
use libfuzzer_sys::fuzz_target;
use plant::{INPUTS, Plant};

/// Rules that speak of a change: code has none.
const CHANGE: &[&str] =
    &["address_replaced", "egress_address_changes", "implicit_reroute", "next_hop_changes", "route_gap"];

const QUESTIONS: &[&[&str]] = &[
    &["changes", "plan.json"],
    &["changes", "plan.json", "--format", "json"],
    &["check", "plan.json", "--possible", "--changed-only", "--format", "json"],
    &["check", "plan.json", "--source", ".", "--possible", "--verbose"],
    &["inspect", "plan.json", "--format", "json"],
    &["graph", "plan.json"],
];

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Unstructured::new(bytes);
    let worlds: [[u8; INPUTS.len()]; 2] = bytes.arbitrary().unwrap_or_default();
    let [kind, question]: [u8; 2] = bytes.arbitrary().unwrap_or_default();
    let code = Plant::of(bytes).code(false);
    let worlds = worlds.map(|world| load(&code, world));
    if worlds.iter().any(|it| it.findings.iter().any(|it| it.rule == "evaluation_error")) {
        return;
    }
    let [before, after] = &worlds;
    let before = [Some(before), Some(after), None][usize::from(kind % 3)];
    let plan = document::plan(before.map(|it| &it.graph), &after.graph);
    let read = read(&plan);
    let (told, coded) = (verdicts::certain(&read), verdicts::certain(after));
    let mine = told.keys().filter(|(rule, _)| !CHANGE.contains(rule));
    let extra = mine.clone().find(|it| !verdicts::tells(&coded, it)).map(|it| format!("only of the plan: {it:?}"));
    let missing = || coded.keys().find(|it| !verdicts::tells(&told, it)).map(|it| format!("only of the code: {it:?}"));
    let changed = || {
        let is_new = kind % 3 == 1;
        told.keys().find(|(rule, _)| is_new && CHANGE.contains(rule)).map(|it| format!("no change is one: {it:?}"))
    };
    // Of what is there, AWS would tell more than stands in this plan: what it does not say may not be known.
    let lost = if before.is_none() { missing() } else { None };
    if let Some(trouble) = extra.or(lost).or_else(changed) {
        panic!("{trouble}\n{code}\n{plan}");
    }
    if question < 64 {
        let files = Memory::of([("main.tf", code.as_str()), ("plan.json", plan.as_str())]);
        run::run(&files, QUESTIONS[usize::from(question) % QUESTIONS.len()]);
    }
});

fn load(code: &str, world: [u8; INPUTS.len()]) -> Project {
    let given = INPUTS.iter().zip(world).map(|((name, _, values), at)| Assignment::Json {
        name: (*name).to_owned(),
        value: values[usize::from(at) % values.len()].to_owned(),
    });
    let inputs = Inputs { assignments: given.collect(), ..Inputs::default() };
    let request = Request { wanted: Wanted::default(), inputs, ..Request::default() };
    let projects = project::load(&Memory::of([("main.tf", code)]), &mut SourceMap::default(), &[".".to_owned()], &request);
    projects.expect("there is code").remove(0)
}

fn read(plan: &str) -> Project {
    let request = Request { wanted: Wanted { before: true, ..Wanted::default() }, ..Request::default() };
    let files = Memory::of([("plan.json", plan)]);
    let projects = project::load(&files, &mut SourceMap::default(), &["plan.json".to_owned()], &request);
    projects.unwrap_or_else(|error| panic!("{error}\n{plan}")).remove(0)
}
