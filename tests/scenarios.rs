//! Whole networks, planned by the real terraform: every rule at once, and what they find is what is wrong. The same
//! networks in CloudFormation have the same wrong with them.
//!
//! `expected.txt` has a line a finding, `severity rule resource`, sorted. It is reasoned by hand from what AWS documents,
//! never copied from what the program says: nothing rewrites it.

mod naming;
mod support;

use std::collections::BTreeSet;

use iac_check::{
    files::{Disk, FileKind, Files as _},
    rules::{RULES, find},
};

use naming::logical_id;
use support::{Found, Reading};

const SCENARIOS: &str = "testdata/scenarios";

/// What no template can say, and why.
const WITHOUT_TEMPLATE: &[(&str, &str)] = &[
    ("change_replaces_routes", "what is there before is said by a state, and a template has none"),
    ("change_of_main_table", "what is there before is said by a state, and a template has none"),
    ("change_of_nat_address", "what is there before is said by a state, and a template has none"),
    ("change_replaces_addresses", "what is there before is said by a state, and a template has none"),
    ("change_of_names_alone", "what is there before is said by a state, and a template has none"),
    ("nat_route_on_main_table", "no attribute of `AWS::EC2::VPC` names its main route table"),
    ("nat_route_on_adopted_main_table", "a template makes tables and does not take over the one that AWS made"),
];

#[test]
fn every_scenario_has_the_findings_it_expects() {
    let scenarios = scenarios();
    assert!(!scenarios.is_empty(), "{SCENARIOS} has scenarios");
    if support::is_updating() {
        match support::plan(&scenarios) {
            Ok(()) => (),
            Err(support::Trouble::Missing(why)) => {
                assert!(scenarios.iter().all(|it| Disk.kind(&document(it)).is_some()), "{why}");
            }
            Err(support::Trouble::Refused(why)) => panic!("{why}"),
        }
    }
    let readings = [Reading::DocumentAlone, Reading::CodeAlone, Reading::Joined];
    let mut wrong = Vec::new();
    for scenario in &scenarios {
        wrong.extend(readings.iter().filter_map(|reading| difference(scenario, *reading)));
        wrong.extend(template(scenario).and_then(|_| difference(scenario, Reading::Template)));
    }
    assert!(
        wrong.is_empty(),
        "lines with `-` are expected and missing, lines with `+` too many\n\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_scenario_has_a_template_or_a_reason_for_none() {
    let (with, without): (Vec<_>, Vec<_>) = scenarios().into_iter().partition(|it| template(it).is_some());
    let excused: BTreeSet<_> = WITHOUT_TEMPLATE.iter().map(|(name, _)| format!("{SCENARIOS}/{name}")).collect();
    assert_eq!(without.into_iter().collect::<BTreeSet<_>>(), excused);
    assert!(!with.is_empty());
}

#[test]
fn an_address_has_its_logical_id() {
    assert_eq!(logical_id("aws_lb.front"), "LoadBalancerFront");
    assert_eq!(logical_id("aws_route_table.nat_b"), "RouteTableNatB");
    assert_eq!(logical_id("module.front.module.zone.aws_subnet.this"), "Front/Zone/SubnetThis");
}

#[test]
fn expectations_name_rules_and_are_sorted() {
    let mut wrong = Vec::new();
    for scenario in scenarios() {
        let expected = expected(&scenario);
        if !expected.is_sorted() {
            wrong.push(format!("{scenario}: the lines are not sorted"));
        }
        let strange = expected.iter().filter(|line| !is_finding(line));
        wrong.extend(strange.map(|line| format!("{scenario}: not `severity rule resource`: {line}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_finding(line: &str) -> bool {
    match line.splitn(3, ' ').collect::<Vec<_>>().as_slice() {
        [severity, rule, _] => ["error", "warning", "note"].contains(severity) && find(rule).is_some(),
        _ => false,
    }
}

/// The folders that hold a scenario, sorted.
fn scenarios() -> Vec<String> {
    let files = Disk.walk(SCENARIOS);
    let folders: BTreeSet<_> = files.iter().filter_map(|file| file.strip_suffix("/expected.txt")).collect();
    folders.into_iter().map(str::to_owned).collect()
}

/// How what is found differs from what is expected; `None` where it does not.
fn difference(scenario: &str, reading: Reading) -> Option<String> {
    let expected = expected_of(scenario, reading);
    let rules: Vec<_> = RULES.iter().collect();
    let document = match reading {
        Reading::Template => template(scenario).expect("only a scenario with a template is read as one"),
        Reading::DocumentAlone | Reading::CodeAlone | Reading::Joined => document(scenario),
    };
    let document = document.rsplit('/').next().unwrap_or(&document);
    let findings = support::said(&support::opened(scenario, document, reading), &rules);
    let line = |Found { finding: it, .. }: &Found| {
        format!("{} {} {}", it.severity.word(), it.rule, it.resource.as_deref().unwrap_or("-"))
    };
    let mut extra: Vec<_> =
        findings.iter().map(|it| (line(it), format!("{}:{}: {}", it.file, it.line, it.finding.message))).collect();
    let mut lost = Vec::new();
    // One by one: a finding that is made twice is one too many.
    for expected in expected {
        match extra.iter().position(|(found, _)| *found == expected) {
            Some(at) => drop(extra.remove(at)),
            None => lost.push(format!("  - {expected}\n")),
        }
    }
    let extra: Vec<_> = extra.iter().map(|(found, message)| format!("  + {found}: {message}\n")).collect();
    let is_same = lost.is_empty() && extra.is_empty();
    if is_same { None } else { Some(format!("{scenario}, {reading:?}\n{}{}", lost.concat(), extra.concat())) }
}

/// What terraform says of the scenario: its plan, or of a network without one, its state.
fn document(scenario: &str) -> String {
    let state = format!("{scenario}/state.json");
    match Disk.kind(&state) {
        Some(FileKind::File) => state,
        Some(FileKind::Folder | FileKind::Other) | None => format!("{scenario}/plan.json"),
    }
}

/// The scenario's network in CloudFormation.
fn template(scenario: &str) -> Option<String> {
    let names = ["yaml", "json"].map(|extension| format!("{scenario}/template.{extension}"));
    names.into_iter().find(|it| Disk.kind(it) == Some(FileKind::File))
}

fn expected(scenario: &str) -> Vec<String> {
    lines(&format!("{scenario}/expected.txt"))
}

/// What code says and its plan does not, or the reverse (what the plan destroys, what only expressions tell), has a list
/// of its own: `expected.code.txt`, `expected.joined.txt`.
fn expected_of(scenario: &str, reading: Reading) -> Vec<String> {
    let own = match reading {
        Reading::DocumentAlone => return expected(scenario),
        Reading::Template => return expected_of_template(scenario),
        Reading::CodeAlone => format!("{scenario}/expected.code.txt"),
        Reading::Joined => format!("{scenario}/expected.joined.txt"),
    };
    if Disk.kind(&own) == Some(FileKind::File) { lines(&own) } else { expected(scenario) }
}

/// The same, in a template's names. What differs by nature (CloudFormation accepts a peering connection by itself) has a list
/// of its own, `expected.cloudformation.txt`.
fn expected_of_template(scenario: &str) -> Vec<String> {
    let own = format!("{scenario}/expected.cloudformation.txt");
    let expected = if Disk.kind(&own) == Some(FileKind::File) { lines(&own) } else { expected(scenario) };
    let renamed = expected.iter().map(|line| match line.rsplit_once(' ') {
        Some((rule, address)) => format!("{rule} {}", logical_id(address)),
        None => line.clone(),
    });
    renamed.collect()
}

fn lines(path: &str) -> Vec<String> {
    let text = Disk.read(path).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()
}
