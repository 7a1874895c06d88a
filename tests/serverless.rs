//! SAM templates against AWS's own translator: what the macro makes of each is recorded.
//!
//! `testdata/sam/record.py` makes the recording.

use std::collections::{BTreeMap, BTreeSet};

use iac_check::{
    files::{Disk, Files as _},
    graph::ResourceGraph,
    project::{self, Request, Wanted},
    resource::Resource,
    source::SourceMap,
    value::{Kind, Unknown, Value},
};
use serde_json::Value as Json;

const TEMPLATES: &str = "testdata/sam";

/// What a network reads of a function.
const OF_FUNCTION: &[&str] = &["VpcConfig", "Timeout", "MemorySize", "Role", "Environment", "Runtime", "PackageType"];

#[test]
fn the_same_resources_come_of_each_template() {
    let recorded = recorded();
    let mut wrong = Vec::new();
    for (name, resources) in &recorded {
        let graph = load(name);
        let found: BTreeSet<_> =
            graph.resources().map(|(_, it)| (it.address.to_string(), it.kind.to_string())).collect();
        for (id, recorded) in resources.as_object().expect("a template has resources") {
            let kind = recorded["Type"].as_str().expect("a resource has a type");
            let is_it = |found: &&(String, String)| found.1 == kind && is_id(&found.0, id);
            let is_made = recorded["Condition"] != "Never";
            match found.iter().find(is_it) {
                None if is_made => wrong.push(format!("{name}: there is no {kind} {id}")),
                Some(_) if !is_made => wrong.push(format!("{name}: there is a {kind} {id}")),
                Some(_) | None => (),
            }
        }
        let extra =
            found.iter().filter(|(id, _)| !resources.as_object().is_some_and(|it| it.keys().any(|key| is_id(id, key))));
        wrong.extend(extra.map(|(id, kind)| format!("{name}: nobody made {kind} {id}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_are_what_globals_and_their_own_words_make_them() {
    let mut wrong = Vec::new();
    let mut functions = 0;
    for (name, resources) in recorded() {
        let graph = load(&name);
        for (_, function) in graph.resources().filter(|(_, it)| it.kind == "AWS::Lambda::Function") {
            let recorded = &resources[function.address.as_str()]["Properties"];
            functions += 1;
            for property in OF_FUNCTION {
                let expected = settled(&recorded[property]);
                let found = function.value(property).map_or(Json::Null, |it| json(it, function));
                if expected != found {
                    wrong.push(format!("{name}: {property} of {} is {expected}, not {found}", function.address));
                }
            }
        }
    }
    assert!(10 <= functions);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn apis_are_reached_where_they_say() {
    let mut apis = 0;
    for (name, resources) in recorded() {
        let graph = load(&name);
        for (_, api) in graph.resources().filter(|(_, it)| it.kind == "AWS::ApiGateway::RestApi") {
            let expected = settled(&resources[api.address.as_str()]["Properties"]["EndpointConfiguration"]);
            let found = api.value("EndpointConfiguration").map_or(Json::Null, |it| json(it, api));
            assert_eq!(found, expected, "{name}: {}", api.address);
            apis += 1;
        }
    }
    assert!(3 <= apis);
}

fn recorded() -> BTreeMap<String, Json> {
    let text = Disk.read(&format!("{TEMPLATES}/recorded.json")).expect("the recording is there");
    serde_json::from_slice(&text).expect("the recording is JSON")
}

fn load(name: &str) -> ResourceGraph {
    let request =
        Request { wanted: Wanted { everything: true, as_written: true, ..Wanted::default() }, ..Request::default() };
    let path = format!("{TEMPLATES}/{name}");
    let mut projects = project::load(&Disk, &mut SourceMap::default(), &[path], &request).expect("it is a template");
    let project = projects.remove(0);
    assert!(project.findings.is_empty(), "{name}: {:?}", project.findings);
    project.graph
}

/// Whether `id` is the recorded one, in which `*` stands for a hash of the contents.
fn is_id(id: &str, recorded: &str) -> bool {
    recorded.strip_suffix('*').map_or(id == recorded, |head| id.starts_with(head))
}

/// What a recorded property comes out as: the conditions hold, and nothing is no value.
fn settled(value: &Json) -> Json {
    match value {
        Json::Object(map) if map.get("Ref").is_some_and(|it| it == "AWS::NoValue") => Json::Null,
        Json::Object(map) if map.contains_key("Fn::If") => settled(&map["Fn::If"][1]),
        Json::Object(map) if map.contains_key("Fn::Split") => settled(&map["Fn::Split"][1]["Fn::Join"][1]),
        Json::Object(map) => map.iter().map(|(key, it)| (key.clone(), settled(it))).collect(),
        Json::Array(items) => items.iter().map(settled).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}

/// A value as a template writes it.
fn json(value: &Value, of: &Resource) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(it) => Json::Bool(*it),
        Kind::Number(it) => serde_json::from_str(&it.to_string()).expect("a number is JSON"),
        Kind::Text(it) => Json::String(it.to_string()),
        Kind::List(items) => items.iter().map(|it| json(it, of)).collect(),
        Kind::Map(map) => map.iter().map(|(key, it)| (key.to_owned(), json(it, of))).collect(),
        Kind::Unknown(Unknown::AfterApply(reference)) => match reference.attribute.as_str() {
            "Ref" => serde_json::json!({"Ref": reference.to.as_str()}),
            attribute => serde_json::json!({"Fn::GetAtt": [reference.to.as_str(), attribute]}),
        },
        Kind::Unknown(unknown) => Json::String(format!("{}: {unknown}", of.address)),
    }
}
