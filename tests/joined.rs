//! A plan and the code that it was made from: who is believed of what, and what is said where they differ.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Write as _};

use iac_check::{
    files::{Files as _, Memory},
    finding::Label,
    project::{self, Project, Request, Wanted},
    rules::RULES,
    source::SourceMap,
    value::Address,
};
use serde_json::{Value as Json, json};

const EVERYTHING: Wanted = Wanted { everything: true, before: false, as_written: true };

/// A change that creates `address`, of which the plan knows `after`, and does not know `unknown`.
fn creates(address: &str, after: &Json, unknown: &Json) -> Json {
    let plain = address.rsplit('.').take(2).collect::<Vec<_>>();
    let name = plain[0].split('[').next().unwrap();
    json!({"address": address, "mode": "managed", "type": plain[1], "name": name,
        "change": {"actions": ["create"], "after": after, "after_unknown": unknown}})
}

fn plan(resource_changes: &[Json], configuration: &Json) -> String {
    json!({"format_version": "1.2", "planned_values": {}, "resource_changes": resource_changes,
        "configuration": {"root_module": configuration}})
    .to_string()
}

fn load(files: &[(&str, &str)], path: &str) -> (SourceMap, Vec<Project>) {
    let mut sources = SourceMap::default();
    let request = Request::from(EVERYTHING);
    let projects = project::load(&Memory::of(files.iter().copied()), &mut sources, &[path.to_owned()], &request);
    (sources, projects.unwrap())
}

/// Who `from` names, and by which attribute.
fn edges(project: &Project, from: &str) -> Vec<String> {
    let id = project.graph.find(&Address::new(from)).unwrap();
    let edges = project.graph.references(id);
    edges.map(|(to, edge)| format!("{} {}", edge.attribute, project.graph.resource(to).address)).collect()
}

fn messages(project: &Project) -> Vec<&str> {
    project.findings.iter().map(|it| it.message.as_str()).collect()
}

#[test]
fn what_the_code_leaves_to_the_provider_names_nobody() {
    let code = "variable \"own\" {\n  default = false\n}\nresource \"aws_vpc\" \"a\" {}\nresource \"aws_security_group\" \"b\" {\n  vpc_id = var.own ? aws_vpc.a.id : null\n}\n";
    let unknown = json!({"id": true, "vpc_id": true});
    let vpc = json!({"references": ["var.own", "aws_vpc.a.id", "aws_vpc.a"]});
    let resources = json!({"resources": [{"address": "aws_security_group.b", "expressions": {"vpc_id": vpc}}]});
    let changes =
        [creates("aws_vpc.a", &json!({}), &json!({"id": true})), creates("aws_security_group.b", &json!({}), &unknown)];
    let (_, projects) = load(&[("main.tf", code), ("plan.json", &plan(&changes, &resources))], "plan.json");
    assert_eq!(projects[0].joined.as_deref(), Some("."));
    assert_eq!(edges(&projects[0], "aws_security_group.b"), Vec::<String>::new());
}

#[test]
fn code_that_the_plan_was_not_made_from_is_told_once() {
    let changes = [creates("aws_vpc.a", &json!({}), &json!({"id": true}))];
    let text = plan(&changes, &json!({}));
    for path in ["plan.json", "."] {
        let (_, projects) =
            load(&[("main.tf", "resource \"aws_vpc\" \"other\" {}\n"), ("plan.json", text.as_str())], path);
        let notices: Vec<_> = projects.iter().flat_map(|it| &it.notices).collect();
        assert_eq!(
            notices,
            [
                "plan.json was not made from the code beside it: aws_vpc.a is in the one and not in the other; references are inferred from the plan alone"
            ]
        );
        assert!(projects.iter().all(|it| it.joined.is_none()));
    }
    let broken = [("main.tf", "resource \"aws_vpc\" {{\n"), ("plan.json", text.as_str())];
    let (_, projects) = load(&broken, "plan.json");
    assert!(projects[0].notices[0].contains("main.tf does not parse"), "{:?}", projects[0].notices);
}

#[test]
fn what_is_wrong_with_the_code_of_a_plan_is_told() {
    let changes = [creates("aws_vpc.a", &json!({}), &json!({"id": true}))];
    let text = plan(&changes, &json!({}));
    let code = "resource \"aws_vpc\" \"a\" {}\nlocals {\n  x = local.gone\n}\noutput \"x\" {\n  value = local.x\n}\n";
    let (_, projects) = load(&[("main.tf", code), ("a.json", &text), ("b.json", &text)], ".");
    assert_eq!(projects.len(), 2);
    let told: Vec<_> = projects.iter().flat_map(messages).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("local.gone") || told[0].contains("gone"), "{told:?}");
}

#[test]
fn a_module_that_is_not_installed_leaves_the_rest_joined() {
    let code = "module \"net\" {\n  source = \"example/net/aws\"\n}\nresource \"aws_vpc\" \"a\" {}\n";
    let changes = [
        creates("aws_vpc.a", &json!({}), &json!({"id": true})),
        creates("module.net.module.b[\"x.y\"].aws_vpc.c[0]", &json!({}), &json!({"id": true})),
    ];
    let (_, projects) = load(&[("main.tf", code), ("plan.json", &plan(&changes, &json!({})))], "plan.json");
    assert_eq!(projects[0].joined.as_deref(), Some("."));
    assert_eq!(
        messages(&projects[0]),
        ["the module `net` (example/net/aws) is not installed: of what is in it, only what the plan tells is seen"]
    );
}

#[test]
fn instances_that_only_the_plan_knows_belong_to_the_one_that_stands_for_all() {
    let code = "data \"x\" \"x\" {}\nmodule \"net\" {\n  source = \"./net\"\n  for_each = data.x.x.all\n  vpc = aws_vpc.all.id\n}\nresource \"aws_vpc\" \"all\" {}\n";
    let subnet =
        "resource \"aws_vpc\" \"c\" {}\nvariable \"vpc\" {}\nresource \"aws_subnet\" \"s\" {\n  vpc_id = var.vpc\n}\n";
    let changes = [
        creates("module.net[\"a\"].aws_vpc.c", &json!({}), &json!({"id": true})),
        creates("module.net[\"a\"].aws_subnet.s", &json!({}), &json!({"id": true, "vpc_id": true})),
        creates("aws_vpc.all", &json!({}), &json!({"id": true})),
    ];
    let files = [("main.tf", code), ("net/main.tf", subnet), ("plan.json", &plan(&changes, &json!({})))];
    let (sources, projects) = load(&files, "plan.json");
    assert_eq!((projects[0].joined.as_deref(), projects[0].notices.as_slice()), (Some("."), &[][..]));
    let (_, resource) = projects[0].graph.resources().next().unwrap();
    assert_eq!(sources.text(resource.span), "resource \"aws_vpc\" \"c\"");
    assert_eq!(edges(&projects[0], "module.net[\"a\"].aws_subnet.s"), ["vpc_id aws_vpc.all"]);
}

#[test]
fn a_plan_of_some_targets_speaks_of_a_part_of_its_code() {
    let changes = [creates("aws_vpc.a", &json!({}), &json!({"id": true}))];
    let code = "resource \"aws_vpc\" \"a\" {}\nresource \"aws_vpc\" \"b\" {}\n";
    let mut text: Json = serde_json::from_str(&plan(&changes, &json!({}))).unwrap();
    let joined = |text: &Json| {
        let (_, projects) = load(&[("main.tf", code), ("plan.json", &text.to_string())], "plan.json");
        projects[0].joined.is_some()
    };
    assert!(!joined(&text));
    text["complete"] = json!(false);
    assert!(joined(&text));
}

#[test]
fn a_binary_plan_carries_code_and_no_other_files() {
    let code = "resource \"aws_vpc\" \"a\" {}\nresource \"aws_subnet\" \"b\" {\n  vpc_id = aws_vpc.a.id\n  tags = {\n    folder = basename(path.cwd)\n    text   = file(\"text.txt\")\n  }\n}\n";
    let changes = [
        creates("aws_vpc.a", &json!({}), &json!({"id": true})),
        creates(
            "aws_subnet.b",
            &json!({"tags": {"folder": "here", "text": "t"}}),
            &json!({"id": true, "vpc_id": true}),
        ),
    ];
    let files = Memory::of([("plan.json", plan(&changes, &json!({})).as_str())]);
    let entries = [("tfconfig/modules.json", r#"[{"Key":"","Dir":"."}]"#), ("tfconfig/m-/main.tf", code)];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    files.write("tfplan", archive.finish().unwrap().get_ref()).unwrap();
    let request = Request { source: Some("tfplan".to_owned()), ..Request::from(EVERYTHING) };
    let mut sources = SourceMap::default();
    let projects = project::load(&files, &mut sources, &["plan.json".to_owned()], &request).unwrap();
    assert_eq!(projects[0].joined.as_deref(), Some("tfplan"));
    assert_eq!(messages(&projects[0]), Vec::<&str>::new());
    assert_eq!(edges(&projects[0], "aws_subnet.b"), ["vpc_id aws_vpc.a"]);
}

const ROOT: &str = "module \"net\" {\n  source = \"./net\"\n  block  = \"10.0.0.0/8\"\n}\n";
const NET: &str = "variable \"block\" {}\nresource \"aws_vpc\" \"a\" {\n  cidr_block = \"172.16.0.0/16\"\n}\nmodule \"way\" {\n  for_each = toset([\"a\", \"b\"])\n  source   = \"./way\"\n  vpc      = aws_vpc.a.id\n  block    = var.block\n}\n";
const WAY: &str = "variable \"vpc\" {}\nvariable \"block\" {}\nresource \"aws_route_table\" \"t\" {\n  vpc_id = var.vpc\n}\nresource \"aws_internet_gateway\" \"g\" {\n  vpc_id = var.vpc\n}\nresource \"aws_route\" \"one\" {\n  route_table_id         = aws_route_table.t.id\n  gateway_id             = aws_internet_gateway.g.id\n  destination_cidr_block = var.block\n}\nresource \"aws_route\" \"two\" {\n  route_table_id         = aws_route_table.t.id\n  gateway_id             = aws_internet_gateway.g.id\n  destination_cidr_block = \"10.0.0.0/8\"\n}\n";

#[test]
fn a_finding_in_a_module_shows_each_call_and_what_it_gives() {
    let (sources, projects) = load(&[("main.tf", ROOT), ("net/main.tf", NET), ("net/way/main.tf", WAY)], ".");
    let rules: Vec<_> = RULES.iter().filter(|rule| rule.name == "duplicate_route").collect();
    let findings = iac_check::check(&projects[0], &rules).findings;
    assert_eq!(findings.len(), 2);
    let shown = |label: &Label| format!("{}: {}", sources.text(label.span), label.text);
    let because: Vec<_> = findings[0].because.iter().map(shown).collect();
    let expected = [
        "module \"way\": module.net.module.way[\"a\"] is called here",
        "module \"net\": module.net is called here",
        "\"10.0.0.0/8\": `destination_cidr_block` is given here",
        "var.block: `destination_cidr_block` is given here",
    ];
    for step in expected {
        assert_eq!(because.iter().filter(|it| *it == step).count(), 1, "{step}: {because:#?}");
    }
    // The other route, and no place twice.
    assert_eq!(because.len(), expected.len() + 1, "{because:#?}");
}
