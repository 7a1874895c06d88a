//! The networks that AWS's guides draw, and what the guides say of them: who gets where and by what, what each subnet's
//! table says, and that nothing is wrong with what they recommend.
//!
//! A folder of `testdata/examples` holds the network in code, its plan, mostly a template, and `expected.md`: the page's
//! address, its own words, and what follows from them. Nothing rewrites that file: where the program says something else,
//! one of the two is wrong.

mod expectation;
mod naming;
mod support;

use std::collections::BTreeSet;

use iac_check::{
    files::{Disk, FileKind, Files as _},
    finding::Severity,
    network::{Family, Network},
    project::Project,
    reach::{
        Code, RouteResolver, Traffic,
        named::worst,
        packets::{TCP, UDP},
        table::TargetName,
    },
    rules::RULES,
};

use expectation::{Expectation, Findings, Protocol, Verdict};
use support::{Found, Opened, Reading};

const EXAMPLES: &str = "testdata/examples";

/// What no template can say, and why.
const WITHOUT_TEMPLATE: &[(&str, &str)] = &[
    ("peering_one_with_six", "its VPCs are made by `for_each`"),
    ("peering_seven", "its VPCs are made by `for_each`"),
    ("transit_peered", "no attribute of `AWS::EC2::TransitGateway` names its default table"),
];

#[test]
fn every_example_comes_out_as_its_guide_says() {
    let examples = examples();
    assert!(!examples.is_empty(), "{EXAMPLES} has examples");
    if support::is_updating() {
        match support::plan(&examples) {
            Ok(()) => (),
            Err(support::Trouble::Missing(why)) => assert!(examples.iter().all(|it| has(it, "plan.json")), "{why}"),
            Err(support::Trouble::Refused(why)) => panic!("{why}"),
        }
    }
    let mut wrong = Vec::new();
    for example in &examples {
        let expectation = expectation(example);
        for (reading, document) in [
            (Reading::DocumentAlone, "plan.json"),
            (Reading::CodeAlone, "plan.json"),
            (Reading::Joined, "plan.json"),
            (Reading::Template, "template.yaml"),
        ] {
            if reading != Reading::Template || has(example, document) {
                let said = differences(example, document, reading, &expectation);
                wrong.extend(said.into_iter().map(|it| format!("{example}, {reading:?}: {it}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of what guides say comes out otherwise\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_example_has_a_template_or_a_reason_for_none() {
    let without: BTreeSet<_> = examples().into_iter().filter(|it| !has(it, "template.yaml")).collect();
    let excused: BTreeSet<_> = WITHOUT_TEMPLATE.iter().map(|(name, _)| format!("{EXAMPLES}/{name}")).collect();
    assert_eq!(without, excused);
}

#[test]
fn every_example_names_its_page_and_quotes_it() {
    let mut wrong = Vec::new();
    for example in examples() {
        let it = expectation(&example);
        if !it.page.starts_with("https://docs.aws.amazon.com/") || it.quotes == 0 || it.verdicts.is_empty() {
            wrong.push(example);
        }
    }
    assert!(wrong.is_empty(), "without a page, a quotation or a verdict: {wrong:?}");
}

#[test]
fn a_name_is_a_template_s_wherever_it_stands() {
    let line = "aws_instance.a -> aws_lb.front tcp/443: reachable, by aws_nat_gateway.out_b";
    let renamed = "InstanceA -> LoadBalancerFront tcp/443: reachable, by NatGatewayOutB";
    assert_eq!(in_template(line), renamed);
}

/// The folders that hold an example, sorted.
fn examples() -> Vec<String> {
    let files = Disk.walk(EXAMPLES);
    let folders: BTreeSet<_> = files.iter().filter_map(|file| file.strip_suffix("/expected.md")).collect();
    folders.into_iter().map(str::to_owned).collect()
}

fn has(example: &str, file: &str) -> bool {
    Disk.kind(&format!("{example}/{file}")) == Some(FileKind::File)
}

fn expectation(example: &str) -> Expectation {
    let path = format!("{example}/expected.md");
    let text = Disk.read(&path).unwrap_or_else(|error| panic!("{error}"));
    Expectation::read(&path, &String::from_utf8_lossy(&text))
}

/// What comes out otherwise than the guide says.
fn differences(example: &str, document: &str, reading: Reading, expectation: &Expectation) -> Vec<String> {
    let opened = support::opened(example, document, reading);
    let [project] = opened.projects.as_slice() else { return vec!["is not one project".to_owned()] };
    let network = Network::of(&project.graph);
    let resolver = RouteResolver::new(&network);
    let name = |name: &str| if reading == Reading::Template { in_template(name) } else { name.to_owned() };
    let may_be_open = reading == Reading::DocumentAlone && expectation.open_in_plan.is_some();
    let answers = expectation.verdicts.iter().map(|it| (verdict(&resolver, it, &name), it));
    let mut wrong: Vec<_> = answers
        .filter_map(|(answer, it)| match answer {
            Ok(Answer { said: None, .. }) => None,
            Ok(Answer { is_open: true, .. }) if may_be_open => None,
            Ok(Answer { said: Some(said), .. }) | Err(said) => Some(format!("{}\n    {said}", it.line)),
        })
        .collect();
    if !may_be_open {
        wrong.extend(routes(project, expectation, &name));
    }
    wrong.extend(findings(&opened, expectation, &name));
    wrong
}

/// How a question is answered.
struct Answer {
    /// What is said, where something else is expected.
    said: Option<String>,
    is_open: bool,
}

/// How a question is answered, or why it cannot be asked.
fn verdict(resolver: &RouteResolver<'_>, expected: &Verdict, name: &dyn Fn(&str) -> String) -> Result<Answer, String> {
    let party = |end: &str| resolver.parties(&name(end)).map_err(|why| format!("`{end}`: {why:?}"));
    let (from, to) = (party(&expected.from)?, party(&expected.to)?);
    let traffic = match expected.protocol {
        Protocol::Tcp(port) => Traffic::to_port(TCP, port),
        Protocol::Udp(port) => Traffic::to_port(UDP, port),
        Protocol::Icmp => Traffic::ping(Family::V4),
    };
    let traced = resolver.trace_between(&from, &to, &traffic);
    let paths: Vec<_> = traced.iter().flat_map(|it| &it.answer.paths).collect();
    let met: BTreeSet<_> = paths.iter().flat_map(|path| &path.hops).map(|hop| hop.resource.as_str()).collect();
    let codes: BTreeSet<_> = paths.iter().filter_map(|path| path.code()).map(Code::word).collect();
    let word = worst(&traced).word();
    let by_all = expected.by.iter().all(|it| met.contains(name(it).as_str()));
    let has_codes = expected.codes.is_empty() || codes.iter().copied().eq(expected.codes.iter().map(String::as_str));
    let is_open = word == "unknown";
    if !traced.is_empty() && word == expected.word && by_all && has_codes {
        return Ok(Answer { said: None, is_open });
    }
    let whys: BTreeSet<_> = paths.iter().filter_map(|path| path.why_unknown()).collect();
    let said = format!("found: {word}, by {met:?}, codes {codes:?}, not known {whys:?}");
    Ok(Answer { said: Some(said), is_open })
}

/// How the tables in force differ from those that the guide prints, where it prints them.
fn routes(project: &Project, expectation: &Expectation, name: &dyn Fn(&str) -> String) -> Option<String> {
    let subnets: BTreeSet<_> = expectation.routes.iter().map(|it| name(&it.subnet)).collect();
    let line = |subnet: &str, destination: &str, target: &str| format!("{subnet}: {destination} -> {target}");
    let printed = expectation.routes.iter();
    let printed: BTreeSet<_> =
        printed.map(|it| line(&name(&it.subnet), &name(&it.destination), &name(&it.target))).collect();
    let mut found = BTreeSet::new();
    for subnet in iac_check::routes(project).iter().filter(|it| subnets.contains(&it.subnet)) {
        for row in &subnet.routes {
            let target = match &row.target {
                TargetName::Named(target) => target.clone(),
                TargetName::Unknown(why) => format!("({why})"),
            };
            // A block that AWS chooses is in no guide's table under a number of its own.
            if row.destination != "unknown" || target != "local" {
                let is_list = row.destination.starts_with("pl-");
                found.insert(line(&subnet.subnet, if is_list { "pl" } else { &row.destination }, &target));
            }
        }
    }
    let lost = printed.difference(&found).map(|it| format!("\n    - {it}"));
    let extra = found.difference(&printed).map(|it| format!("\n    + {it}"));
    let all: Vec<_> = lost.chain(extra).collect();
    if all.is_empty() { None } else { Some(format!("routes{}", all.concat())) }
}

/// Errors and warnings that are too many or missing. A note is advice: the guides do without.
fn findings(opened: &Opened, expectation: &Expectation, name: &dyn Fn(&str) -> String) -> Option<String> {
    let Findings::These(expected) = &expectation.findings else { return None };
    let rules: Vec<_> = RULES.iter().collect();
    let mut extra: Vec<_> = support::said(opened, &rules);
    extra.retain(|it| it.finding.severity != Severity::Note);
    let mut lost = Vec::new();
    for expected in expected.iter().map(|it| name(it)) {
        match extra.iter().position(|it| line(it) == expected) {
            Some(at) => drop(extra.remove(at)),
            None => lost.push(format!("\n    - {expected}")),
        }
    }
    let place = |it: &Found| format!("\n    + {}: {}:{}: {}", line(it), it.file, it.line, it.finding.message);
    let extra: Vec<_> = extra.iter().map(place).collect();
    let is_same = lost.is_empty() && extra.is_empty();
    if is_same { None } else { Some(format!("findings{}{}", lost.concat(), extra.concat())) }
}

fn line(found: &Found) -> String {
    let it = &found.finding;
    format!("{} {} {}", it.severity.word(), it.rule, it.resource.as_deref().unwrap_or("-"))
}

/// A line in the names of the template.
fn in_template(line: &str) -> String {
    let words = line.split_inclusive([' ', ',', ':']).map(|word| {
        let name = word.trim_end_matches([' ', ',', ':']);
        if name.starts_with("aws_") {
            format!("{}{}", naming::logical_id(name), &word[name.len()..])
        } else {
            word.to_owned()
        }
    });
    words.collect()
}
