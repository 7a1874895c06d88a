//! The formats against their specifications, and against names that want more than to be shown.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use iac_check::{
    finding::{Certainty, Fact, Finding, Label, Severity, Unanswered},
    graph::ResourceGraph,
    reach::table::{NextHopRow, RouteRow, SubnetRoutes, TargetName},
    report::{self, Color, Format, ProjectVerdicts, Report, inspect, routes},
    resource::{Mode, Resource},
    source::{SourceId, SourceMap, Span},
    value::{Address, Kind, Number, Origin, Reference, Unknown, Value},
};
use serde_json::{Value as Json, json};

/// Text that acts wherever it is not made visible: line breaks and commands, colours, directions, table cells.
const HOSTILE: &str = "::warning::a\n::error::b \r##[add-mask]c ##vso[x]|\u{1b}[31m\u{9b}2J\u{7}\u{7f}\u{202e}d\u{2066}\u{200b}\u{feff}\u{e0041}%0A,:";

const CODE: &str = "\
resource \"aws_lb\" \"front\" {
  name    = \"front\"
  subnets = [aws_subnet.a.id, aws_subnet.b.id]
}

resource \"aws_subnet\" \"b\" {
  vpc_id = aws_vpc.this.id
}

resource \"aws_route\" \"out\" {
  nat_gateway_id = aws_nat_gateway.out.id
}
";

fn finding(rule: &'static str, severity: Severity, at: Label, message: &str) -> Finding {
    Finding {
        rule,
        severity,
        certainty: Certainty::Certain,
        resource: at.resource.clone(),
        message: message.to_owned(),
        at,
        because: Vec::new(),
        help: None,
        evidence: BTreeMap::new(),
    }
}

/// The place of the first `text` in a source.
fn span_of(sources: &SourceMap, source: SourceId, text: &str) -> Span {
    let start = sources.whole(source).find(text).expect("the text stands in the source");
    source.span(start..start + text.len())
}

fn written(format: Format, sources: &SourceMap, findings: &[Finding]) -> String {
    let verdicts = ProjectVerdicts { project: "net", resources: 21, findings, unanswered: &[] };
    let mut out = Vec::new();
    format.write(&Report::new(sources, &[verdicts]), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn text(sources: &SourceMap, findings: &[Finding]) -> String {
    written(Format::Text(Color::Plain), sources, findings)
}

fn json(sources: &SourceMap, findings: &[Finding]) -> Json {
    serde_json::from_str(&written(Format::Json, sources, findings)).unwrap()
}

/// A finding with two places that lead to it, in code.
fn in_code(sources: &mut SourceMap) -> Finding {
    let main = sources.add("main.tf", CODE).unwrap();
    let at = Label::new(span_of(sources, main, "resource \"aws_lb\" \"front\""), "clients outside connect here");
    let subnet = Label::new(span_of(sources, main, "aws_subnet.b.id"), "one of its nodes stands here");
    let route = Label::new(span_of(sources, main, "nat_gateway_id = aws_nat_gateway.out.id"), "answers leave here");
    let mut it =
        finding("lb_asymmetric_return", Severity::Error, at.of("aws_lb.front"), "answers of 1 of 2 nodes are lost");
    it.because = vec![subnet.of("aws_subnet.b"), route];
    it.help = Some("give the subnet a table whose default route leads to the internet gateway".to_owned());
    it.evidence.insert("nodes", Fact::Count(2));
    it.evidence.insert("zones", Fact::Texts(vec!["a".to_owned()]));
    it
}

#[test]
fn places_in_code_are_drawn() {
    let mut sources = SourceMap::default();
    let it = in_code(&mut sources);
    let expected = r#"error[lb_asymmetric_return]: answers of 1 of 2 nodes are lost
   ┌─ main.tf:1:1
   │
 1 │ resource "aws_lb" "front" {
   │ ^^^^^^^^^^^^^^^^^^^^^^^^^ aws_lb.front: clients outside connect here
 2 │   name    = "front"
 3 │   subnets = [aws_subnet.a.id, aws_subnet.b.id]
   │                               --------------- aws_subnet.b: one of its nodes stands here
   ·
11 │   nat_gateway_id = aws_nat_gateway.out.id
   │   --------------------------------------- answers leave here
   │
   = help: give the subnet a table whose default route leads to the internet gateway

"#;
    assert_eq!(text(&sources, &[it]), expected);
}

#[test]
fn a_span_of_many_lines_is_shown_by_its_beginning() {
    let mut sources = SourceMap::default();
    let block = sources.add("main.tf", CODE).unwrap();
    let plan = "[\n  {\n    \"address\": \"aws_lb.front\",\n    \"mode\": \"managed\"\n  }\n]\n";
    let object = sources.add("plan.json", plan).unwrap();
    let whole_block = block.span(0..CODE.find("}\n").unwrap() + 1);
    let whole_object = object.span(plan.find('{').unwrap()..plan.find('}').unwrap() + 1);
    let mut it = finding("a_rule", Severity::Note, Label::new(whole_block, "all of it"), "it");
    it.because = vec![Label::new(whole_object, "this object").of("aws_lb.front")];
    let expected = r#"note[a_rule]: it
  ┌─ main.tf:1:1
  │
1 │ resource "aws_lb" "front" {
  │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^ all of it
  │
  ┌─ plan.json:2:3
  │  
2 │ ╭   {
3 │ │     "address": "aws_lb.front",
  │ ╰──────────────────────────────' this object

"#;
    assert_eq!(text(&sources, &[it]), expected);
}

/// A plan on one line: `count` resources of about 2 kB.
fn one_line_plan(count: usize) -> String {
    let resource =
        |at: usize| format!(r#"{{"address":"aws_subnet.zone[{at}]","mode":"managed","tags":"{}é"}}"#, "x".repeat(2000));
    format!(r#"{{"resources":[{}]}}"#, (0..count).map(resource).collect::<Vec<_>>().join(","))
}

#[test]
fn labels_far_apart_in_one_line_are_each_shown_with_their_column() {
    let plan = one_line_plan(3000);
    let mut sources = SourceMap::default();
    let source = sources.add("plan.json", plan.as_str()).unwrap();
    let object = |address: &str| {
        let start = plan.find(&format!(r#"{{"address":"{address}""#)).unwrap();
        source.span(start..start + 2050)
    };
    let label = |address: &str, text: &str| Label::new(object(address), text).of(address);
    let mut it = finding("a_rule", Severity::Warning, label("aws_subnet.zone[0]", "here"), "it fails");
    it.because = vec![label("aws_subnet.zone[2999]", "and there"), label("aws_subnet.zone[0]", "and here again")];
    let shown = text(&sources, &[it]);
    let column = sources.place(object("aws_subnet.zone[2999]")).start.column;
    assert!(u32::from(column) > 6_000_000);
    assert!(shown.contains(&format!("plan.json:1:{column}\n")), "{shown}");
    assert_eq!(shown.matches("┌─").count(), 2, "{shown}");
    assert!(shown.contains(r#"1 │ …{"address":"aws_subnet.zone[2999]","mode":"managed","tags":"xxx"#), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 112), "{shown}");
}

#[test]
fn a_thousand_findings_in_one_line_take_no_second_look_at_it() {
    let plan = one_line_plan(2000);
    let mut sources = SourceMap::default();
    let source = sources.add("plan.json", plan.as_str()).unwrap();
    let starts = plan.match_indices(r#"{"address""#).map(|(at, _)| at);
    let at = |start: usize| Label::new(source.span(start..start + 2050), "here");
    let findings: Vec<_> = starts.map(|start| finding("a_rule", Severity::Note, at(start), "it")).collect();
    let start = std::time::Instant::now();
    assert_eq!(text(&sources, &findings).matches("a_rule").count(), 2000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

/// Everything that a name can stand in, with a hostile one.
fn hostile(sources: &mut SourceMap) -> Vec<Finding> {
    let source = sources.add(HOSTILE, format!("before {HOSTILE} after\nnext {HOSTILE}\n")).unwrap();
    let label = |span: Span| Label::new(span, HOSTILE).of(HOSTILE);
    let whole = source.span(0..sources.whole(source).len());
    let mut it = finding("a_rule", Severity::Error, label(source.span(7..9)), HOSTILE);
    it.because = vec![label(whole), label(source.span(12..20)), Label::new(source.span(9..9), "")];
    it.help = Some(HOSTILE.to_owned());
    it.evidence.insert("who", Fact::Text(HOSTILE.to_owned()));
    vec![it]
}

/// No character acts, and no line is a command that a name has made.
fn assert_harmless(text: &str, own_commands: usize) {
    for line in text.split('\n') {
        let acting = line.chars().find(|it| report::escape::is_hostile(None, *it, None));
        assert_eq!(acting, None, "{line:?}");
        assert!(!line.contains("##["), "{line}");
        assert!(!line.contains("##vso"), "{line}");
    }
    assert_eq!(text.lines().filter(|line| line.trim_start().starts_with("::")).count(), own_commands, "{text}");
}

#[test]
fn hostile_names_do_nothing_in_a_report() {
    let mut sources = SourceMap::default();
    let findings = hostile(&mut sources);
    assert_harmless(&text(&sources, &findings), 0);
    assert_harmless(&written(Format::Json, &sources, &findings), 0);
    assert_harmless(&written(Format::Github, &sources, &findings), 1);
    let unanswered = [Unanswered { rule: "a_rule", resource: HOSTILE.to_owned(), why: HOSTILE.to_owned() }];
    let verdicts = ProjectVerdicts { project: HOSTILE, resources: 1, findings: &[], unanswered: &unanswered };
    let report = Report::new(&sources, &[verdicts, verdicts]);
    assert_harmless(&report::unanswered(&report).join("\n"), 0);
    // JSON says it all the same, exactly.
    assert_eq!(json(&sources, &findings)["findings"][0]["message"], HOSTILE);
    assert_eq!(json(&sources, &findings)["findings"][0]["location"]["file"], HOSTILE);
}

#[test]
fn colours_are_ours_alone() {
    let mut sources = SourceMap::default();
    let findings = hostile(&mut sources);
    let coloured = written(Format::Text(Color::Ansi), &sources, &findings);
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let (code, after) = after.split_once('m').expect("every sequence of ours ends with m");
        assert!(code.chars().all(|it| it.is_ascii_digit() || it == ';'), "{code}");
        rest = after;
    }
    plain.push_str(rest);
    assert_eq!(plain, text(&sources, &findings));
}

#[test]
fn json_has_the_shape_of_the_contract() {
    let mut sources = SourceMap::default();
    let mut it = in_code(&mut sources);
    let without = json(&sources, std::slice::from_ref(&it));
    let fingerprint = without["findings"][0]["fingerprint"].as_str().unwrap();
    assert_eq!((fingerprint.len(), u64::from_str_radix(fingerprint, 16).is_ok()), (16, true));
    let place = |line: u32, column: u32| json!({"line": line, "column": column});
    let location = |start: Json, end: Json| json!({"file": "main.tf", "start": start, "end": end});
    let expected = json!({
        "schema_version": "1",
        "tool": {"name": "iac-check", "version": env!("CARGO_PKG_VERSION")},
        "summary": {"error": 1, "warning": 0, "note": 0, "suppressed": 0, "projects": 1, "resources": 21, "unanswered": 0},
        "findings": [{
            "rule": "lb_asymmetric_return",
            "severity": "error",
            "certainty": "certain",
            "resource": "aws_lb.front",
            "project": "net",
            "message": "answers of 1 of 2 nodes are lost",
            "help": "give the subnet a table whose default route leads to the internet gateway",
            "location": location(place(1, 1), place(1, 26)),
            "related": [
                {"message": "one of its nodes stands here", "resource": "aws_subnet.b", "location": location(place(3, 31), place(3, 46))},
                {"message": "answers leave here", "location": location(place(11, 3), place(11, 42))},
            ],
            "evidence": {"nodes": 2, "zones": ["a"]},
            "fingerprint": fingerprint,
        }],
    });
    assert_eq!(without, expected);
    it.help = None;
    it.resource = None;
    let bare = json(&sources, &[it]);
    let keys = bare["findings"][0].as_object().unwrap();
    assert!(!keys.contains_key("help") && !keys.contains_key("resource"));
}

/// The fingerprints of findings at `resources`, in text that starts with `before`.
fn fingerprints(before: &str, message: &str, resources: &[&str]) -> Vec<Json> {
    let mut sources = SourceMap::default();
    let source = sources.add("main.tf", format!("{before}{}", "x".repeat(100))).unwrap();
    let at = |at: usize| source.span(before.len() + at..before.len() + at + 1);
    let findings = resources.iter().enumerate();
    let findings: Vec<_> = findings
        .map(|(place, it)| finding("a_rule", Severity::Note, Label::new(at(place), "").of(*it), message))
        .collect();
    let document = json(&sources, &findings);
    document["findings"].as_array().unwrap().iter().map(|it| it["fingerprint"].clone()).collect()
}

#[test]
fn a_fingerprint_outlives_moved_lines_and_other_words() {
    let first = fingerprints("", "one", &["a", "b", "b"]);
    assert_eq!(first, fingerprints("\n\n\n", "two", &["a", "b", "b"]));
    assert_eq!(first[1..], fingerprints("", "one", &["b", "b"]));
    assert!(first[0] != first[1] && first[1] != first[2]);
    assert_eq!(first[0], "8ee4483c376204b1", "baselines hold it: it must not change");
}

#[test]
fn what_is_left_out_is_neither_shown_nor_counted() {
    let mut sources = SourceMap::default();
    let source = sources.add("main.tf", "abc").unwrap();
    let at = |at: usize| Label::new(source.span(at..at + 1), "");
    let mut findings = vec![
        finding("a_rule", Severity::Note, at(2), "note"),
        finding("a_rule", Severity::Error, at(0), "error"),
        finding("a_rule", Severity::Warning, at(1), "possible"),
    ];
    findings[2].certainty = Certainty::Possible;
    let verdicts = ProjectVerdicts { project: "net", resources: 1234, findings: &findings, unanswered: &[] };
    let report = |least, certainty| Report::new(&sources, &[verdicts]).at_least(least, certainty);
    let messages =
        |report: &Report<'_>| report.findings.iter().map(|it| it.finding.message.clone()).collect::<Vec<_>>().join(" ");
    let all = report(Severity::Note, Certainty::Possible);
    assert_eq!(messages(&all), "error possible note");
    assert_eq!(report::summary(&all), "1 error, 1 warning, 1 note in 1 project (1,234 resources)");
    assert_eq!(messages(&report(Severity::Note, Certainty::Certain)), "error note");
    assert_eq!(messages(&report(Severity::Warning, Certainty::Possible)), "error possible");
    let kept = report(Severity::Note, Certainty::Certain).findings[1].fingerprint;
    assert_eq!(kept, all.findings[2].fingerprint);
}

#[test]
fn the_summary_counts_what_was_not_answered() {
    let sources = SourceMap::default();
    let open = ["a", "b"].map(|it| Unanswered { rule: "a_rule", resource: it.to_owned(), why: "var.x".to_owned() });
    let verdicts = ProjectVerdicts { project: "net", resources: 1, findings: &[], unanswered: &open };
    let report = Report::new(&sources, &[verdicts]);
    assert_eq!(report::summary(&report), "no findings in 1 project (1 resource); 2 questions not answered");
    assert_eq!(report::unanswered(&report)[0], "not answered: a: a_rule: var.x");
}

#[test]
fn workflow_commands_come_worst_first_and_escaped() {
    let mut sources = SourceMap::default();
    let source = sources.add("a,b:c%.tf", "one\ntwo\n").unwrap();
    let at = |bytes: std::ops::Range<usize>| Label::new(source.span(bytes), "").of("aws_vpc.a");
    let mut note = finding("a_rule", Severity::Note, at(0..3), "advice");
    note.help = Some("50 %".to_owned());
    note.because = vec![Label::new(source.span(4..7), "there").of("aws_vpc.b")];
    let mut possible = finding("b_rule", Severity::Error, at(0..3), "maybe");
    possible.certainty = Certainty::Possible;
    let error = finding("c_rule", Severity::Error, at(0..5), "surely");
    let expected = "\
::error file=a%2Cb%3Ac%25.tf,line=1,endLine=2,title=c_rule::aws_vpc.a: surely
::error file=a%2Cb%3Ac%25.tf,line=1,col=1,endLine=1,title=b_rule::aws_vpc.a: possibly, maybe
::notice file=a%2Cb%3Ac%25.tf,line=1,col=1,endLine=1,title=a_rule::aws_vpc.a: advice\
%0Aa,b:c%25.tf:2:1: aws_vpc.b: there%0Ahelp: 50 %25
";
    assert_eq!(written(Format::Github, &sources, &[note, possible, error]), expected);
}

fn named(name: &str) -> TargetName {
    TargetName::Named(name.to_owned())
}

fn table(name: &str) -> SubnetRoutes {
    let route = |destination: &str, target: &str, kind, state, by: Option<&str>| RouteRow {
        destination: destination.to_owned(),
        target: named(target),
        kind,
        written_by: by.map(str::to_owned),
        state,
        span: None,
    };
    SubnetRoutes {
        subnet: name.to_owned(),
        span: None,
        vpc: named("aws_vpc.this"),
        cidr: Some(named("10.40.16.0/20")),
        ipv6_cidr: None,
        availability_zone: Some(TargetName::Unknown(format!("var.zone {name}"))),
        route_table: Some(named("aws_route_table.nat")),
        association: "explicit",
        routes: vec![
            route("10.40.0.0/16", "local", "local", "active", None),
            route("0.0.0.0/0", "aws_nat_gateway.out", "nat_gateway", "blackhole", Some("aws_route.out")),
        ],
        next_hops: vec![
            NextHopRow { destinations: vec!["10.40.0.0/16".to_owned()], target: Some(named("local")) },
            NextHopRow { destinations: vec!["::/0".to_owned()], target: None },
        ],
    }
}

fn routes_as(format: routes::Format, subnets: &[SubnetRoutes]) -> String {
    let mut out = Vec::new();
    format.write(&[routes::ProjectRoutes { project: "net", subnets }], &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn tables_are_aligned() {
    let expected = "\
subnet aws_subnet.b
  10.40.16.0/20 in unknown: var.zone aws_subnet.b, aws_vpc.this
  route table aws_route_table.nat (explicit)
    10.40.0.0/16 -> local                (local)
    0.0.0.0/0    -> aws_nat_gateway.out  (nat_gateway) [blackhole]  by aws_route.out
";
    assert_eq!(routes_as(routes::Format::Text, &[table("aws_subnet.b")]), expected);
}

#[test]
fn tables_as_json_have_the_shape_of_the_contract() {
    let document: Json = serde_json::from_str(&routes_as(routes::Format::Json, &[table("aws_subnet.b")])).unwrap();
    let expected = json!({"schema_version": "1", "subnets": [{
        "subnet": "aws_subnet.b",
        "project": "net",
        "vpc": "aws_vpc.this",
        "cidr": "10.40.16.0/20",
        "ipv6_cidr": null,
        "availability_zone": {"$unknown": "var.zone aws_subnet.b"},
        "route_table": "aws_route_table.nat",
        "association": "explicit",
        "routes": [
            {"destination": "10.40.0.0/16", "target": "local", "kind": "local", "state": "active", "written_by": null},
            {"destination": "0.0.0.0/0", "target": "aws_nat_gateway.out", "kind": "nat_gateway", "state": "blackhole",
             "written_by": "aws_route.out"},
        ],
        "next_hops": [
            {"destinations": ["10.40.0.0/16"], "target": "local"},
            {"destinations": ["::/0"], "target": null},
        ],
    }]});
    assert_eq!(document, expected);
}

#[test]
fn hostile_names_do_nothing_in_tables() {
    assert_harmless(&routes_as(routes::Format::Text, &[table(HOSTILE)]), 0);
    assert_harmless(&routes_as(routes::Format::Json, &[table(HOSTILE)]), 0);
}

/// A graph of two resources, and its text as `inspect` has it.
fn inspected(format: inspect::Format, name: &str) -> String {
    let mut sources = SourceMap::default();
    let source = sources.add("plan.json", "0123456789").unwrap();
    let span = source.span(2..4);
    let value = |kind: Kind| Value::new(kind, Origin::at(span));
    let reference = |attribute: &str| Reference::new(Address::new("aws_vpc.main"), attribute);
    let unknown = |unknown: Unknown| value(Kind::Unknown(unknown));
    let map = |entries: Vec<(&str, Value)>| {
        value(Kind::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
    };
    let nested = map(vec![("gone", value(Kind::Null)), ("kept", value(Kind::Bool(true)))]);
    let body = map(vec![
        ("arn", unknown(Unknown::Computed)),
        ("count", value(Kind::Number(Number::Whole(3)))),
        ("half", value(Kind::Number(Number::Fraction(0.5)))),
        ("gone", value(Kind::Null)),
        ("list", value(Kind::List(vec![value(Kind::Null), nested]))),
        ("name", value(Kind::Text(name.into()))),
        ("one_of", unknown(Unknown::OneOf(vec![reference("id"), reference("arn")]))),
        ("secret", unknown(Unknown::Sensitive)),
        ("vpc_id", unknown(Unknown::after_apply(reference("id")))),
    ]);
    let resource = |address: &str, kind: &str, mode, body| Resource {
        address: Address::new(address),
        mode,
        kind: kind.into(),
        region: None,
        action: None,
        span,
        body,
    };
    let subnet = resource(&format!("aws_subnet.{name}"), "aws_subnet", Mode::Managed, body);
    let vpc = resource("aws_vpc.main", "aws_vpc", Mode::Managed, map(Vec::new()));
    let zones = resource("data.aws_availability_zones.all", "aws_availability_zones", Mode::Data, map(Vec::new()));
    let graph = ResourceGraph::new(vec![subnet, vpc, zones], Vec::new());
    let mut out = Vec::new();
    let made_under = [("aws_vpc.none".to_owned(), "Never is true".to_owned())].into_iter().collect();
    let resources = inspect::ProjectResources { project: "net", graph: &graph, others: &[], made_under: &made_under };
    format.write(&sources, &[resources], &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn resources_as_json_have_the_shape_of_the_contract() {
    let document: Json = serde_json::from_str(&inspected(inspect::Format::Json, "a")).unwrap();
    let expected = json!({
        "address": "aws_subnet.a",
        "mode": "managed",
        "type": "aws_subnet",
        "project": "net",
        "values": {
            "arn": {"$unknown": "after apply"},
            "count": 3,
            "half": 0.5,
            "list": [null, {"kept": true}],
            "name": "a",
            "one_of": {"$unknown": "one of aws_vpc.main.id, aws_vpc.main.arn"},
            "secret": {"$unknown": "sensitive"},
            "vpc_id": {"$ref": "aws_vpc.main.id"},
        },
        "location": {"file": "plan.json", "start": {"line": 1, "column": 3}, "end": {"line": 1, "column": 5}},
    });
    assert_eq!(document["resources"][0], expected);
    assert_eq!(document["resources"][2]["mode"], "data");
    let edge = json!({"from": "aws_subnet.a", "attribute": "vpc_id", "to": "aws_vpc.main", "project": "net"});
    assert_eq!(document["edges"], json!([edge]));
}

#[test]
fn resources_are_shown_a_line_a_value() {
    let expected = "\
resource aws_subnet.a  plan.json:1:3
  arn = (after apply)
  count = 3
  half = 0.5
  list = [null, {kept = true}]
  name = \"a\"
  one_of = (one of aws_vpc.main.id, aws_vpc.main.arn)
  secret = (sensitive)
  vpc_id = (aws_vpc.main.id)
resource aws_vpc.main  plan.json:1:3
data data.aws_availability_zones.all  plan.json:1:3
";
    assert_eq!(inspected(inspect::Format::Text, "a"), expected);
}

#[test]
fn hostile_names_do_nothing_among_resources() {
    assert_harmless(&inspected(inspect::Format::Text, HOSTILE), 0);
    assert_harmless(&inspected(inspect::Format::Json, HOSTILE), 0);
    let long = inspected(inspect::Format::Text, &"x".repeat(1_000_000));
    assert!(long.lines().filter(|line| line.starts_with("  name")).all(|line| line.chars().count() < 120));
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    /// A text of characters that trouble those who cut texts, short or with long lines, and two places in it.
    fn text_and_spans() -> impl Strategy<Value = (String, Vec<(usize, usize)>)> {
        let character = prop_oneof![
            8 => Just('a'),
            2 => Just(' '),
            1 => prop::sample::select(vec!['\n', '\r', '\t', 'é', '東', '🦀', '{', '\u{1b}', '\u{202e}', '\u{301}', '#', ':']),
        ];
        let text =
            prop_oneof![prop::collection::vec(character.clone(), 0..40), prop::collection::vec(character, 300..600),];
        text.prop_flat_map(|text| {
            let count = text.len();
            let spans = prop::collection::vec((0..=count, 0..=count), 1..5);
            spans.prop_map(move |spans| {
                let offset = |at: usize| text[..at].iter().map(|it| it.len_utf8()).sum();
                let ordered = |(a, b): (usize, usize)| (offset(a.min(b)), offset(a.max(b)));
                (text.iter().collect(), spans.into_iter().map(ordered).collect())
            })
        })
    }

    proptest! {
        #[test]
        fn is_drawn_harmless_and_at_its_place((content, spans) in text_and_spans()) {
            let mut sources = SourceMap::default();
            let source = sources.add("main.tf", content).unwrap();
            let labels: Vec<_> =
                spans.iter().map(|&(start, end)| Label::new(source.span(start..end), "here it is")).collect();
            let mut it = finding("a_rule", Severity::Error, labels[0].clone(), "message");
            it.because = labels[1..].to_vec();
            let start = sources.place(it.at.span).start;
            let findings = [it];
            let drawn = text(&sources, &findings);
            assert_harmless(&drawn, 0);
            let place = format!("┌─ main.tf:{}:{}\n", start.line, start.column);
            prop_assert!(drawn.contains(&place), "{place}{drawn}");
            prop_assert!(drawn.lines().all(|line| line.chars().count() <= 2 * 112), "{drawn}");
            assert_harmless(&written(Format::Github, &sources, &findings), 1);
            assert_harmless(&written(Format::Json, &sources, &findings), 0);
        }
    }
}
