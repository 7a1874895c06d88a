//! What a plan is read as: both its networks, and nothing that is not to be told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "JSON literals read better by value")]

use iac_check::{
    files::Memory,
    network::Network,
    project::{self, Project, Wanted},
    reach::RouteResolver,
    rules::{self, RULES},
    source::SourceMap,
    value::{Kind, Unknown, Value},
};
use serde_json::{Value as Json, json};

const EVERYTHING: Wanted = Wanted { everything: true, before: true, as_written: false };

fn load(text: &str, wanted: Wanted) -> (SourceMap, Project) {
    let files = Memory::of([("plan.json", text)]);
    let mut sources = SourceMap::default();
    let mut projects = project::load(&files, &mut sources, &["plan.json".to_owned()], &wanted.into()).unwrap();
    let project = projects.remove(0);
    (sources, project)
}

fn plan(resource_changes: Json) -> String {
    json!({"format_version": "1.2", "planned_values": {}, "resource_changes": resource_changes, "configuration": {}})
        .to_string()
}

fn addresses(graph: &iac_check::graph::ResourceGraph) -> Vec<&str> {
    graph.resources().map(|(_, resource)| resource.address.as_str()).collect()
}

#[test]
fn both_networks_are_kept() {
    #[expect(clippy::disallowed_methods, reason = "a test reads its own data")]
    let text = std::fs::read_to_string("testdata/scenarios/change_that_breaks/plan.json").unwrap();
    let (_, project) = load(&text, Wanted { before: true, ..Wanted::default() });
    let rules: Vec<_> = RULES.iter().collect();
    let found = |graph| {
        let network = Network::of(graph);
        let routes = RouteResolver::new(&network);
        let verdicts = rules::run(&rules, graph, &rules::Context { network: &network, routes: &routes, change: None });
        verdicts.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(found(project.before.as_ref().unwrap()), Vec::<&str>::new());
    assert!(found(&project.graph).contains(&"lb_asymmetric_return"));
}

#[test]
fn what_is_made_changed_and_destroyed_stands_where_it_should() {
    let change = |name: &str, actions: Json| {
        json!({"address": format!("aws_vpc.{name}"), "mode": "managed", "type": "aws_vpc", "name": name,
            "change": {"actions": actions, "before": {"id": "vpc-1"}, "after": {"id": "vpc-1"}, "after_unknown": {}}})
    };
    let mut deposed = change("kept", json!(["delete"]));
    deposed["deposed"] = json!("1a2b3c4d");
    let text = plan(json!([
        change("made", json!(["create"])),
        change("kept", json!(["no-op"])),
        deposed,
        change("changed", json!(["update"])),
        change("replaced", json!(["delete", "create"])),
        change("replaced_first", json!(["create", "delete"])),
        change("destroyed", json!(["delete"])),
        change("forgotten", json!(["forget"])),
    ]));
    let (_, project) = load(&text, EVERYTHING);
    let kept = ["aws_vpc.kept", "aws_vpc.changed", "aws_vpc.replaced", "aws_vpc.replaced_first"];
    let after: Vec<_> = ["aws_vpc.made"].into_iter().chain(kept).collect();
    let before: Vec<_> = kept.into_iter().chain(["aws_vpc.destroyed", "aws_vpc.forgotten"]).collect();
    assert_eq!(addresses(&project.graph), after);
    assert_eq!(addresses(project.before.as_ref().unwrap()), before);
    assert_eq!(project.resources, after.len());
}

#[test]
fn what_a_targeted_plan_does_not_mention_stays_as_it_is() {
    let mut it: Json = serde_json::from_str(&plan(json!([]))).unwrap();
    it["prior_state"] = json!({"values": {"root_module": {"child_modules": [{"address": "module.net", "resources": [
        {"address": "module.net.aws_vpc.a", "mode": "managed", "type": "aws_vpc", "name": "a", "values": {"id": "vpc-1"}}]}]}}});
    let (_, project) = load(&it.to_string(), EVERYTHING);
    assert_eq!(addresses(&project.graph), ["module.net.aws_vpc.a"]);
    assert_eq!(addresses(project.before.as_ref().unwrap()), ["module.net.aws_vpc.a"]);
}

#[test]
fn sensitive_values_are_dropped_at_the_door() {
    let text = plan(json!([{"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a",
        "change": {"actions": ["update"],
            "before": {"password": "canary-before", "tags": {"a": "canary-tag", "b": "shown"}},
            "after": {"password": "canary-after", "tags": {"a": "canary-tag", "b": "shown"}}, "after_unknown": {},
            "before_sensitive": {"password": true, "tags": {"a": true}},
            "after_sensitive": {"password": true, "tags": {"a": true}}}}]));
    let (_, project) = load(&text, EVERYTHING);
    for graph in [&project.graph, project.before.as_ref().unwrap()] {
        let (_, resource) = graph.resources().next().unwrap();
        let tags = resource.value("tags").unwrap();
        let kind = |value: Option<&Value>| value.unwrap().kind.clone();
        assert_eq!(kind(resource.value("password")), Kind::Unknown(Unknown::Sensitive));
        assert_eq!(kind(tags.get("a")), Kind::Unknown(Unknown::Sensitive));
        assert_eq!(kind(tags.get("b")), Kind::Text("shown".into()));
        assert!(!format!("{resource:?}").contains("canary"));
    }
}

#[test]
fn each_resource_knows_its_own_bytes() {
    let text = plan(json!([
        {"address": "aws_vpc.a", "mode": "managed", "type": "aws_vpc", "name": "a", "change": {"actions": ["create"], "after": {}}},
        {"type": "aws_vpc", "name": "b", "mode": "managed", "change": {"after": {}, "actions": ["create"]}, "address": "aws_vpc.b"}]));
    for text in [text.clone(), serde_json::to_string_pretty(&serde_json::from_str::<Json>(&text).unwrap()).unwrap()] {
        let (sources, project) = load(&text, EVERYTHING);
        for (_, resource) in project.graph.resources() {
            let object: Json = serde_json::from_str(sources.text(resource.span)).unwrap();
            assert_eq!(object["address"], resource.address.as_str());
        }
        assert_eq!(project.graph.len(), 2);
    }
}

#[test]
fn a_region_is_the_providers() {
    let mut it: Json = serde_json::from_str(&plan(json!([
        {"address": "aws_vpc.a", "mode": "managed", "type": "aws_vpc", "name": "a", "change": {"actions": ["create"], "after": {}}},
        {"address": "aws_vpc.b", "mode": "managed", "type": "aws_vpc", "name": "b", "change": {"actions": ["create"], "after": {}}}])))
    .unwrap();
    it["variables"] = json!({"region": {"value": "eu-central-1"}});
    it["configuration"] = json!({
        "provider_config": {
            "aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}},
            "aws.far": {"name": "aws", "alias": "far", "expressions": {"region": {"references": ["var.region"]}}}},
        "root_module": {"resources": [
            {"address": "aws_vpc.a", "mode": "managed", "type": "aws_vpc", "name": "a", "provider_config_key": "aws"},
            {"address": "aws_vpc.b", "mode": "managed", "type": "aws_vpc", "name": "b", "provider_config_key": "aws.far"}]}});
    let (_, project) = load(&it.to_string(), EVERYTHING);
    let regions: Vec<_> = project.graph.resources().map(|(_, it)| it.region.as_deref()).collect();
    assert_eq!(regions, [Some("us-east-1"), Some("eu-central-1")]);
}

#[test]
fn what_is_json_and_no_plan_is_told() {
    let nameless = plan(json!([{"address": "aws_vpc.a", "change": {"actions": ["create"]}}]));
    let (_, project) = load(&nameless, Wanted::default());
    let messages: Vec<_> = project.findings.iter().map(|it| (it.rule, it.message.as_str())).collect();
    assert_eq!(messages, [("syntax_error", "this file is JSON, but not of the shape of a plan or a state")]);
    let files = Memory::of([("plan.json", "[1]")]);
    let paths = ["plan.json".to_owned()];
    let refused = project::load(&files, &mut SourceMap::default(), &paths, &Wanted::default().into()).unwrap_err();
    assert!(refused.to_string().contains("neither a plan nor a state"), "{refused}");
}

#[test]
fn a_group_keeps_the_rules_of_the_direction_that_its_code_writes() {
    let standing = |kind: &str, values: Json| {
        json!({"address": format!("{kind}.it"), "mode": "managed", "type": kind, "name": "it",
            "change": {"actions": ["no-op"], "before": values, "after": values, "after_unknown": {}}})
    };
    let rule = json!({"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]});
    let group = standing("aws_security_group", json!({"id": "sg-1", "ingress": [rule], "egress": [rule]}));
    let apart = |kind: &str, more: Json| {
        let mut values = json!({"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/8", "ip_protocol": "-1"});
        values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        standing(kind, values)
    };
    let left = |apart: Json, configured: &[&str]| {
        let expressions: serde_json::Map<_, _> = configured.iter().map(|it| ((*it).to_owned(), json!([{}]))).collect();
        let configuration = json!({"root_module": {"resources": [{"address": "aws_security_group.it",
            "mode": "managed", "type": "aws_security_group", "name": "it", "expressions": expressions}]}});
        let text = json!({"format_version": "1.2", "planned_values": {}, "resource_changes": [group, apart],
            "configuration": configuration});
        let (_, project) = load(&text.to_string(), Wanted::default());
        let (_, group) = project.graph.resources().find(|(_, it)| it.kind == "aws_security_group").unwrap();
        ["ingress", "egress"].map(|it| group.value(it).map_or(0, |it| it.items().len()))
    };
    assert_eq!(left(apart("aws_vpc_security_group_egress_rule", json!({})), &["ingress"]), [1, 0]);
    assert_eq!(left(apart("aws_vpc_security_group_ingress_rule", json!({})), &["ingress"]), [1, 1]);
    assert_eq!(left(apart("aws_vpc_security_group_ingress_rule", json!({})), &[]), [0, 1]);
    assert_eq!(left(apart("aws_security_group_rule", json!({"type": "egress"})), &[]), [1, 0]);
}

#[test]
fn mangled_plans_never_end_the_program() {
    #[expect(clippy::disallowed_methods, reason = "a test reads its own data")]
    let text = std::fs::read_to_string("testdata/scenarios/story_1_before/plan.json").unwrap();
    let bytes = text.as_bytes();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..300 {
        let mut mangled = bytes.to_vec();
        for _ in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let at = usize::try_from(random % bytes.len() as u64).unwrap();
            mangled[at] = b"{}[]\",:0nt"[usize::try_from((random >> 40) % 10).unwrap()];
        }
        let files = Memory::of([("plan.json", String::from_utf8(mangled).unwrap().as_str())]);
        let mut sources = SourceMap::default();
        if let Ok(projects) = project::load(&files, &mut sources, &["plan.json".to_owned()], &EVERYTHING.into()) {
            for project in &projects {
                iac_check::check(project, &RULES.iter().collect::<Vec<_>>());
                iac_check::routes(project);
            }
        }
    }
}
