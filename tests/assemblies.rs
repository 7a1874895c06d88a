//! What the real CDK synthesises, read as it lies in `cdk.out`: every route is resolved, and nothing is found but what is
//! wrong on purpose.
//!
//! `testdata/cdk/synth.sh` makes the assemblies from `apps.js`.

use std::collections::{BTreeMap, BTreeSet};

use iac_check::{
    files::{Disk, Files as _, Memory},
    finding::Certainty,
    project::{self, Project, Request},
    reach::table::{RouteRow, TargetName},
    rules::RULES,
    source::SourceMap,
};
use serde_json::Value as Json;

const ASSEMBLIES: &str = "testdata/cdk";

/// What is wrong, by the wish of who wrote the app: each rule with the construct's path.
const WRONG: &[(&str, &[(&str, &str)])] = &[
    ("fargate", &[]),
    ("hub_and_spoke", &[]),
    ("nested_stack", &[("lb_asymmetric_return", "Parent/Front/Balancer/Resource")]),
    ("one_nat", &[]),
    ("stages", &[("nat_loop", "Production/Network/Nat")]),
    ("three_zones", &[]),
    ("two_stacks", &[]),
    ("vpc_function", &[("nat_single_zone", "VpcFunction/Vpc/PublicSubnet1/NATGateway")]),
];

#[test]
fn every_assembly_has_the_findings_that_it_should() {
    for (app, expected) in WRONG {
        let projects = load(app);
        let mut findings = Vec::new();
        for project in &projects {
            let verdicts = iac_check::check(project, &RULES.iter().collect::<Vec<_>>());
            assert!(verdicts.unanswered.is_empty(), "{app}: {:?}", verdicts.unanswered);
            findings.extend(project.findings.iter().cloned());
            findings.extend(verdicts.findings);
        }
        assert!(findings.iter().all(|it| it.certainty == Certainty::Certain), "{app}: {findings:?}");
        let found: Vec<_> = findings.iter().map(|it| (it.rule, it.resource.as_deref().unwrap_or("-"))).collect();
        assert_eq!(found, *expected, "{app}");
    }
}

#[test]
fn no_assembly_is_forgotten() {
    let files = Disk.walk(ASSEMBLIES).into_iter();
    let apps: BTreeSet<_> = files.filter_map(|file| Some(within(&file)?.split_once('/')?.0.to_owned())).collect();
    assert_eq!(apps, WRONG.iter().map(|(app, _)| (*app).to_owned()).collect());
}

/// In an assembly, who has which route is written in plain references: what the program says is that, read by hand.
#[test]
fn every_route_is_the_one_that_the_template_has() {
    for (app, _) in WRONG {
        let mut expected = BTreeMap::new();
        for file in Disk.walk(&format!("{ASSEMBLIES}/{app}")).iter().filter(|it| it.ends_with(".template.json")) {
            let text = Disk.read(file).expect("it is there");
            expected.extend(written(&serde_json::from_slice(&text).expect("a template is JSON")));
        }
        assert!(!expected.is_empty(), "{app} has subnets");
        let mut found = BTreeMap::new();
        for subnet in load(app).iter().flat_map(iac_check::routes) {
            for row in &subnet.next_hops {
                assert!(!matches!(row.target, Some(TargetName::Unknown(_))), "{app}, {}: {row:?}", subnet.subnet);
            }
            found.insert(subnet.subnet, subnet.routes.iter().filter_map(route).collect());
        }
        assert_eq!(found, expected, "{app}");
    }
}

/// A finding names the construct by its path and shows the line of the app that makes it.
#[test]
fn a_finding_says_which_line_of_the_app_makes_it() {
    let projects = load("nested_stack");
    let verdicts = iac_check::check(&projects[0], &RULES.iter().collect::<Vec<_>>());
    assert_eq!(projects[0].name, "Parent");
    let told: Vec<_> = verdicts.findings[0].because.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(told.last(), Some(&"the app makes Parent/Front/Balancer/Resource at /app/apps.js:114:3"));
}

/// What an app no longer makes, and what its assets hold, is none of its stacks.
#[test]
fn an_assembly_is_what_its_manifest_says() {
    let kept = ["Network.template.json", "Front.template.json", "Network.metadata.json", "Front.metadata.json"];
    let read = |name: &str| {
        let text = Disk.read(&format!("{ASSEMBLIES}/two_stacks/{name}")).expect("it is there");
        (format!("cdk.out/{name}"), String::from_utf8(text).expect("it is text"))
    };
    let mut files: Vec<_> = kept.into_iter().chain(["manifest.json"]).map(read).collect();
    let other = "Resources: {Old: {Type: 'AWS::EC2::VPC'}}";
    files.push((
        "cdk.out/Old.template.json".to_owned(),
        "{\"Resources\": {\"Old\": {\"Type\": \"A::B::C\"}}}".to_owned(),
    ));
    files.push(("cdk.out/asset.1/template.yaml".to_owned(), other.to_owned()));
    files.push(("cdk.out/asset.2/main.tf".to_owned(), "resource \"aws_vpc\" \"x\" {}".to_owned()));
    let names = |files: &[(String, String)], path: &str| {
        let memory = Memory::of(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let projects = project::load(&memory, &mut SourceMap::default(), &[path.to_owned()], &Request::default());
        projects.expect("it is read").into_iter().map(|it| (it.name, it.findings.len())).collect::<Vec<_>>()
    };
    assert_eq!(names(&files, "cdk.out"), [("Front, Network".to_owned(), 0)]);
    assert_eq!(names(&files, "cdk.out/Network.template.json"), [("Network".to_owned(), 0)]);
    files.retain(|(path, _)| !path.contains("Front.template"));
    let left = [("cdk.out/Front.template.json".to_owned(), 1), ("Network".to_owned(), 0)];
    assert_eq!(names(&files, "cdk.out"), left);
}

type Routes = BTreeSet<(String, String)>;

fn load(app: &str) -> Vec<Project> {
    let path = format!("{ASSEMBLIES}/{app}");
    let projects = project::load(&Disk, &mut SourceMap::default(), &[path], &Request::default());
    projects.unwrap_or_else(|error| panic!("{app}: {error}"))
}

fn within(file: &str) -> Option<&str> {
    Some(file.strip_prefix(ASSEMBLIES)?.trim_start_matches('/'))
}

/// A route that somebody wrote: where to, by what.
fn route(row: &RouteRow) -> Option<(String, String)> {
    let target = match &row.target {
        TargetName::Named(name) => name.clone(),
        TargetName::Unknown(why) => format!("unknown, {why}"),
    };
    // A gateway endpoint's route is AWS's own doing.
    row.written_by.as_ref()?;
    (!row.destination.starts_with("pl-") && row.kind != "gateway_endpoint").then(|| (row.destination.clone(), target))
}

/// Each subnet of `template` with its table's routes, by references alone.
fn written(template: &Json) -> BTreeMap<String, Routes> {
    let resources = template["Resources"].as_object().expect("a template has resources");
    let of_type =
        |wanted: &'static str| resources.values().filter(move |it| it["Type"] == wanted).map(|it| &it["Properties"]);
    // A parameter has no construct.
    let shown = |name: &str| resources.get(name).map_or(name.to_owned(), |it| text(&it["Metadata"]["aws:cdk:path"]));
    let mut subnets: BTreeMap<String, Routes> = BTreeMap::new();
    for link in of_type("AWS::EC2::SubnetRouteTableAssociation") {
        let routes = of_type("AWS::EC2::Route").filter(|route| route["RouteTableId"] == link["RouteTableId"]);
        let routes = routes.map(|route| {
            let to = &route["DestinationCidrBlock"];
            let block = match to["Fn::GetAtt"][0].as_str() {
                Some(network) => &resources[network]["Properties"]["CidrBlock"],
                None => to,
            };
            let keys = ["GatewayId", "NatGatewayId", "TransitGatewayId"];
            let target = keys.into_iter().find_map(|key| route[key]["Ref"].as_str());
            (text(block), shown(target.expect("a route has a target")))
        });
        subnets.insert(shown(&text(&link["SubnetId"]["Ref"])), routes.collect());
    }
    subnets
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
