//! The formats that other programs read, against what those programs take, and against names that want more than to be
//! shown.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a schema is a file")]

use std::{collections::BTreeMap, fs};

use iac_check::{
    config::{self, Config},
    finding::{Certainty, Finding, Label, Severity, Unanswered},
    report::{
        self, Color, Format, ProjectFinding, ProjectVerdicts, Report, Suppressed, Suppression,
        baseline::Baseline,
        map::{Access, Map, Node, NodeKind, Way, WayKind},
    },
    rules::{RULES, Rule},
    source::{SourceId, SourceMap},
};
use serde_json::Value as Json;

/// Text that acts wherever it is not made visible.
const HOSTILE: &str = "::error::b\n]]>--><script>alert(1)</script><b onmouseover=\"x\">&amp;'|a|`c` [d](https://e.example) @f #1 \u{1b}[31m\u{202e}\u{ffff}</code></details>";

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

fn label(source: SourceId, bytes: std::ops::Range<usize>, text: &str, resource: &str) -> Label {
    Label::new(source.span(bytes), text).of(resource)
}

/// An error with its way, a note, and something that does not parse.
fn some(sources: &mut SourceMap) -> Vec<Finding> {
    let main = sources.add("net/a b.tf", "resource one\nresource two\nresource three\n").unwrap();
    let mut error =
        finding("nat_loop", Severity::Error, label(main, 0..12, "loops", "aws_nat_gateway.a"), "it `loops`");
    error.because = vec![label(main, 13..25, "it stands here", "aws_subnet.b")];
    error.help = Some("move it".to_owned());
    let note =
        finding("unused_route_table", Severity::Note, label(main, 26..40, "", "aws_route_table.c[\"d\"]"), "unused");
    let broken = finding("syntax_error", Severity::Error, Label::new(main.span(40..40), "here"), "does not parse");
    vec![error, note, broken]
}

/// Everything that a name can stand in, with a hostile one.
fn hostile(sources: &mut SourceMap) -> Vec<Finding> {
    let source = sources.add(HOSTILE, format!("before {HOSTILE} after\n")).unwrap();
    let mut it = finding("nat_loop", Severity::Error, label(source, 0..3, HOSTILE, HOSTILE), HOSTILE);
    it.because = vec![label(source, 3..9, HOSTILE, HOSTILE)];
    it.help = Some(HOSTILE.to_owned());
    vec![it]
}

fn written(format: Format, report: &Report<'_>) -> String {
    let mut out = Vec::new();
    format.write(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn all_rules() -> Vec<&'static Rule> {
    RULES.iter().collect()
}

fn report<'a>(sources: &'a SourceMap, findings: &'a [Finding], unanswered: &'a [Unanswered]) -> Report<'a> {
    let verdicts = ProjectVerdicts { project: "net", resources: 3, findings, unanswered };
    let mut report = Report::new(sources, &[verdicts]);
    report.rules = all_rules();
    report
}

fn suppressed<'a>(report: &Report<'a>, finding: &'a Finding, by: Suppression) -> Suppressed<'a> {
    let fingerprint = report.findings[0].fingerprint;
    Suppressed { finding: ProjectFinding { project: "net", finding, fingerprint }, by }
}

// Text ----------------------------------------------------------------------------------------------------------------

#[test]
fn a_rules_name_is_a_link_where_the_terminal_can() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let report = report(&sources, &findings, &[]);
    let linked = written(Format::Text(Color::AnsiWithLinks), &report);
    let page = concat!("/blob/v", env!("CARGO_PKG_VERSION"), "/rules/nat_loop.md\u{1b}\\nat_loop\u{1b}]8;;\u{1b}\\]");
    assert!(linked.contains(page), "{linked:?}");
    assert_eq!(linked.matches("\u{1b}]8;;http").count(), 2, "syntax_error has no page");
    let plain = written(Format::Text(Color::Plain), &report);
    assert!(!plain.contains('\u{1b}') && !plain.contains("http"), "{plain}");
}

// SARIF ---------------------------------------------------------------------------------------------------------------

/// The schema. One of its patterns, for the language of a run, has a bracket too many, and is no regular expression to
/// a reader that is strict.
fn schema() -> jsonschema::Validator {
    let text = fs::read_to_string("testdata/schema/sarif-schema-2.1.0.json").unwrap();
    let mut schema: Json = serde_json::from_str(&text).unwrap();
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language")).unwrap();
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    jsonschema::draft7::new(&schema).unwrap()
}

fn sarif(report: &Report<'_>) -> Json {
    let log: Json = serde_json::from_str(&written(Format::Sarif, report)).unwrap();
    let errors: Vec<_> = schema().iter_errors(&log).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    log
}

#[test]
fn sarif_holds_to_its_schema() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let more = hostile(&mut sources);
    sarif(&report(&sources, &[], &[]));
    sarif(&report(&sources, &more, &[]));
    let mut report = report(&sources, &findings, &[]);
    let allowed = suppressed(&report, &more[0], Suppression::Allowance("known".to_owned()));
    report.suppressed = vec![allowed, suppressed(&report, &more[0], Suppression::Baseline)];
    let log = sarif(&report);
    let suppressions: Vec<_> = log["runs"][0]["results"].as_array().unwrap()[3..]
        .iter()
        .map(|it| (it["suppressions"][0]["kind"].as_str().unwrap(), it["suppressions"][0]["justification"].as_str()))
        .collect();
    assert_eq!(suppressions[0], ("inSource", Some("known")));
    assert_eq!(suppressions[1].0, "external");
}

#[test]
fn the_schema_refuses_what_is_no_sarif() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let mut log = sarif(&report(&sources, &findings, &[]));
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = Json::from(0);
    assert!(!schema().is_valid(&log));
}

#[test]
fn sarif_tells_the_way_of_the_packet() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let log = sarif(&report(&sources, &findings, &[]));
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    let steps: Vec<_> = steps.iter().map(|it| it["location"]["message"]["text"].as_str().unwrap()).collect();
    assert_eq!(steps, ["aws_nat_gateway.a: loops", "aws_subnet.b: it stands here"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "net/a%20b.tf");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
    assert_eq!(place["region"]["endColumn"], 13);
    assert_eq!(result["relatedLocations"][0]["logicalLocations"][0]["fullyQualifiedName"], "aws_subnet.b");
    assert_eq!(result["partialFingerprints"]["iacCheck/v1"].as_str().unwrap().len(), 16);
    // Each result names its rule twice, and both name the same.
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), RULES.len() + 1, "every rule that was asked, and syntax_error");
    for result in run["results"].as_array().unwrap() {
        assert_eq!(rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], result["ruleId"]);
    }
    let nat_loop = rules.iter().find(|it| it["id"] == "nat_loop").unwrap();
    assert!(nat_loop["help"]["markdown"].as_str().unwrap().contains("## Repair"));
    assert!(nat_loop["helpUri"].as_str().unwrap().ends_with("/rules/nat_loop.md"));
}

#[test]
fn a_name_in_sarif_is_no_link() {
    let mut sources = SourceMap::default();
    let findings = hostile(&mut sources);
    let log = sarif(&report(&sources, &findings, &[]));
    let message = log["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(message.contains("\\[d\\](https") && !message.contains("[d]("), "{message}");
}

// GitHub --------------------------------------------------------------------------------------------------------------

#[test]
fn github_gets_ten_annotations_of_a_kind_and_the_rest_as_lines() {
    let mut sources = SourceMap::default();
    let source = sources.add("main.tf", "x".repeat(100)).unwrap();
    let of = |at: usize, severity| finding("nat_loop", severity, label(source, at..at + 1, "", "a.b"), "it loops");
    let findings: Vec<_> = (0..12)
        .map(|at| of(at, Severity::Error))
        .chain((12..15).map(|at| of(at, Severity::Warning)))
        .chain((15..27).map(|at| of(at, Severity::Note)))
        .collect();
    let text = written(Format::Github, &report(&sources, &findings, &[]));
    let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("::error "), count("::warning "), count("::notice ")), (10, 3, 10));
    assert_eq!((count("::group::"), count("::endgroup::"), count("error["), count("note[")), (1, 1, 2, 2), "{text}");
    assert!(text.contains("error[nat_loop] main.tf:1:11: a.b: it loops\n"), "{text}");
}

// GitLab --------------------------------------------------------------------------------------------------------------

#[test]
fn gitlab_gets_what_it_asks_for() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let issues: Json = serde_json::from_str(&written(Format::Gitlab, &report(&sources, &findings, &[]))).unwrap();
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), 3);
    let first = &issues[0];
    assert_eq!((&first["check_name"], &first["severity"]), (&Json::from("nat_loop"), &Json::from("critical")));
    assert_eq!(first["description"], "it `loops`");
    assert_eq!((&first["location"]["path"], &first["location"]["lines"]["begin"]), (&"net/a b.tf".into(), &1.into()));
    assert_eq!(issues[2]["severity"], "info");
    let mut fingerprints: Vec<_> = issues.iter().map(|it| it["fingerprint"].as_str().unwrap()).collect();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 3, "GitLab shows one of those with the same fingerprint");
    assert_eq!(written(Format::Gitlab, &report(&sources, &[], &[])), "[]\n");
}

// JUnit ---------------------------------------------------------------------------------------------------------------

#[test]
fn junit_has_a_case_for_each_finding_and_each_rule() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let open = [Unanswered { rule: "blackhole_route", resource: "aws_route.x".to_owned(), why: "var.y".to_owned() }];
    let text = written(Format::Junit, &report(&sources, &findings, &open));
    // Two findings fail, a note does not; a rule that could not answer is skipped; all other rules pass.
    let cases = 3 + RULES.len() - 2;
    let counts = format!("tests=\"{cases}\" failures=\"2\" errors=\"0\" skipped=\"1\"");
    assert_eq!(text.matches(&counts).count(), 2, "{text}");
    assert_eq!(text.matches("<testcase ").count(), cases);
    assert_eq!(text.matches("<failure ").count(), 2);
    assert!(text.contains("name=\"nat_loop: aws_nat_gateway.a\" file=\"net/a b.tf\" line=\"1\""), "{text}");
    assert!(text.contains("<skipped message=\"not answered: aws_route.x: var.y\"/>"), "{text}");
    let mut lenient = report(&sources, &findings, &[]);
    lenient.fails_from = None;
    assert_eq!(written(Format::Junit, &lenient).matches("<failure ").count(), 0);
}

#[test]
fn hostile_names_are_text_in_junit() {
    let mut sources = SourceMap::default();
    let findings = hostile(&mut sources);
    let text = written(Format::Junit, &report(&sources, &findings, &[]));
    let tags = text.split('<').skip(1).map(|it| it.split([' ', '>', '/', '?']).find(|it| !it.is_empty()).unwrap());
    let ours = ["xml", "testsuites", "testsuite", "testcase", "failure"];
    assert!(tags.clone().all(|tag| ours.contains(&tag)), "{text}");
    for piece in text.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;", "apos;"].iter().any(|it| piece.starts_with(it)), "{piece}");
    }
    assert!(text.chars().all(|it| it == '\n' || !report::escape::is_hostile(None, it, None)), "{text}");
    assert!(!text.contains('\u{ffff}'));
}

// Markdown ------------------------------------------------------------------------------------------------------------

#[test]
fn markdown_has_a_table_and_folded_details() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let open = [Unanswered { rule: "nat_loop", resource: "aws_x.y".to_owned(), why: "var.y".to_owned() }];
    let text = written(Format::Markdown, &report(&sources, &findings, &open));
    assert!(
        text.starts_with("### iac-check: 2 errors, 1 note in 1 project (3 resources); 1 question not answered"),
        "{text}"
    );
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows[2].starts_with("| ❌ error | [`nat_loop`](https://"), "{}", rows[2]);
    assert!(rows[2].ends_with("rules/nat_loop.md) | it `loops` | `net/a b.tf:1` |"), "{}", rows[2]);
    assert!(text.contains("2. `net/a b.tf:2` `aws_subnet.b`: it stands here"), "{text}");
    assert_eq!(text.matches("<details>").count(), 4);
    assert_eq!(text.matches("</details>").count(), 4);
    assert!(text.contains("- `nat_loop` `aws_x.y`: var.y"), "{text}");
}

#[test]
fn hostile_names_make_no_markup_in_markdown() {
    let mut sources = SourceMap::default();
    let findings = hostile(&mut sources);
    let open = [Unanswered { rule: "nat_loop", resource: HOSTILE.to_owned(), why: HOSTILE.to_owned() }];
    let text = written(Format::Markdown, &report(&sources, &findings, &open));
    for line in text.lines() {
        let cells = line.matches('|').count();
        assert!(cells == 0 || cells == 5, "{line}");
    }
    let mut tags: Vec<_> = text.split('<').skip(1).map(|it| it.split('>').next().unwrap()).collect();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags, ["/b", "/code", "/details", "/summary", "b", "code", "details", "summary"], "{text}");
    assert_eq!(text.matches("<details>").count(), 2);
    assert_eq!(text.matches("</details>").count(), 2);
    assert!(!text.contains("](https://e") && !text.contains("@f"), "{text}");
}

#[test]
fn markdown_stays_short_enough_for_a_comment() {
    let mut sources = SourceMap::default();
    let source = sources.add("main.tf", "x".repeat(5000)).unwrap();
    let long = "a long message about it ".repeat(5);
    let of = |at: usize| finding("nat_loop", Severity::Error, label(source, at..at + 1, "", "a.b"), &long);
    let findings: Vec<_> = (0..2000).map(of).collect();
    let text = written(Format::Markdown, &report(&sources, &findings, &[]));
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("… and 1900 more.") && text.contains("findings left out"), "{}", &text[text.len() - 200..]);
}

// HTML ----------------------------------------------------------------------------------------------------------------

#[test]
fn nothing_in_the_page_ends_its_data_or_reaches_out() {
    let mut sources = SourceMap::default();
    let findings = hostile(&mut sources);
    let open = [Unanswered { rule: "nat_loop", resource: HOSTILE.to_owned(), why: HOSTILE.to_owned() }];
    let node = |kind| Node {
        name: HOSTILE.to_owned(),
        kind,
        within: None,
        region: Some(HOSTILE.to_owned()),
        zone: Some(HOSTILE.to_owned()),
        details: vec![HOSTILE.to_owned()],
        span: None,
        routes: None,
    };
    let nodes = vec![node(NodeKind::Vpc), Node { within: Some(0), ..node(NodeKind::Subnet(Access::Public)) }];
    let ways = vec![Way { from: 1, to: 0, kind: WayKind::Route, destinations: vec![HOSTILE.to_owned()], when: None }];
    let maps = [Map { project: "net".to_owned(), nodes, ways }];
    let mut report = report(&sources, &findings, &open);
    report.maps = &maps;
    let page = written(Format::Html, &report);
    assert_eq!(page.matches("<script").count(), 2, "the data and our own");
    assert_eq!(page.matches("</script>").count(), 2);
    let data = page.split("type=\"application/json\">").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(!data.contains('<'));
    let data: Json = serde_json::from_str(data).unwrap();
    assert_eq!(data["findings"][0]["message"], HOSTILE);
    assert_eq!(data["projects"][0]["nodes"][1]["zone"], HOSTILE);
    // It asks the network for nothing: the only addresses are those of SVG and of our pages, to be followed by hand.
    assert!(page.contains("default-src 'none'; script-src 'sha256-"), "a browser runs our script alone");
    for tag in ["src=", "@import", "url(", "<link", "<img", "<iframe", "fetch(", "XMLHttpRequest", "innerHTML", "eval("]
    {
        assert!(!page.contains(tag), "{tag}");
    }
    for format in [report::map::Format::Mermaid, report::map::Format::Html] {
        let mut out = Vec::new();
        format.write(&sources, &maps, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("<script>alert") && !text.contains("<b onmouse"), "{text}");
    }
}

// Settings ------------------------------------------------------------------------------------------------------------

/// A value of TOML as JSON, as far as settings have them.
fn as_json(value: &toml::de::DeValue<'_>) -> Json {
    match (value.as_str(), value.as_array(), value.as_table()) {
        (Some(text), ..) => Json::from(text),
        (_, Some(items), _) => items.iter().map(|it| as_json(it.get_ref())).collect(),
        (.., Some(table)) => {
            let entries = table.iter().map(|(key, value)| (key.get_ref().to_string(), as_json(value.get_ref())));
            Json::Object(entries.collect())
        }
        _ => Json::Null,
    }
}

#[test]
fn the_schema_of_settings_takes_what_the_program_takes() {
    let schema: Json = serde_json::from_str(config::SCHEMA).unwrap();
    let schema = jsonschema::draft7::new(&schema).unwrap();
    let is_valid = |text: &str| {
        let table = toml::de::DeTable::parse(text).unwrap();
        schema.is_valid(&as_json(&toml::de::DeValue::Table(table.into_inner())))
    };
    let good = [
        fs::read_to_string("testdata/lenient.toml").unwrap(),
        String::new(),
        "exclude = []\n[rules]\n".to_owned(),
        "[[folders]]\npaths = [\"a\"]\n".to_owned(),
    ];
    for text in good {
        assert!(is_valid(&text) && Config::read(&text).is_ok(), "{text}");
    }
    let bad = [
        fs::read_to_string("testdata/settings/misspelt.toml").unwrap(),
        "exclude = \"a\"".to_owned(),
        "exclude = [1]".to_owned(),
        "[rules]\nnat_loop = \"fatal\"".to_owned(),
        "[rules]\nnat_loop = 1".to_owned(),
        "[rules]\nNatLoop = \"off\"".to_owned(),
        "[[folders]]\nrules = {}".to_owned(),
        "[[folders]]\npaths = []".to_owned(),
        "[[folders]]\npaths = [\"a\"]\nexclude = []".to_owned(),
    ];
    for text in bad {
        assert!(!is_valid(&text) && Config::read(&text).is_err(), "{text}");
    }
}

// Baselines -----------------------------------------------------------------------------------------------------------

#[test]
fn a_baseline_leaves_out_what_it_knows_and_nothing_else() {
    let mut sources = SourceMap::default();
    let findings = some(&mut sources);
    let mut before = report(&sources, &findings[..2], &[]);
    let mut text = Vec::new();
    report::baseline::write(&before, &mut text).unwrap();
    let baseline = Baseline::read(std::str::from_utf8(&text).unwrap()).unwrap();
    assert_eq!(baseline.apply(&mut before), 0);
    assert_eq!((before.findings.len(), before.suppressed.len(), before.worst()), (0, 2, None));
    let mut after = report(&sources, &findings[1..], &[]);
    assert_eq!(baseline.apply(&mut after), 1, "one of it is there no more");
    assert_eq!(after.findings.iter().map(|it| it.finding.rule).collect::<Vec<_>>(), ["syntax_error"]);
    assert!(Baseline::read("[]").is_err() && Baseline::read("{\"schema_version\": \"9\", \"findings\": []}").is_err());
}
