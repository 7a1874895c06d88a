//! A plan as `terraform show -json` writes it, from the resources before and after.

use std::collections::{BTreeMap, BTreeSet};

use iac_check::{
    graph::ResourceGraph,
    resource::Resource,
    value::{Address, Kind, Number, Reference, Unknown, Value},
};
use serde_json::{Map, Value as Json, json};

/// What stands for the ids that AWS gives.
struct Ids {
    /// The resources that are there before, and keep what they have.
    known: BTreeSet<String>,
    /// Which of their attributes others name.
    named: BTreeMap<String, BTreeSet<String>>,
}

/// The plan that leads from `before`, if there is anything, to `after`.
pub fn plan(before: Option<&ResourceGraph>, after: &ResourceGraph) -> String {
    let all = |graph: &ResourceGraph| graph.resources().map(|(_, it)| it.clone()).collect::<Vec<_>>();
    let (before, after) = (before.map(all).unwrap_or_default(), all(after));
    let known = before.iter().map(|it| it.address.as_str().to_owned()).collect();
    let mut ids = Ids { known, named: BTreeMap::new() };
    for resource in before.iter().chain(&after) {
        ids.name(resource);
    }
    let mut changes = Vec::new();
    for resource in &after {
        let old = before.iter().find(|it| it.address == resource.address);
        let was = old.map(|old| ids.values(old).0);
        let (is, unknown) = ids.values(resource);
        let actions = match &was {
            None => "create",
            Some(was) if *was == is && unknown.as_object().is_none_or(Map::is_empty) => "no-op",
            Some(_) => "update",
        };
        changes.push(change(resource, &[actions], was.unwrap_or(Json::Null), is, unknown));
    }
    for resource in before.iter().filter(|it| after.iter().all(|other| other.address != it.address)) {
        changes.push(change(resource, &["delete"], ids.values(resource).0, Json::Null, json!({})));
    }
    let planned = after.iter().map(|it| {
        let mut entry = head(it);
        entry["values"] = ids.values(it).0;
        entry
    });
    let planned: Vec<Json> = planned.collect();
    let mut configured: BTreeMap<String, Json> = BTreeMap::new();
    for resource in &after {
        let address = without_key(resource.address.as_str());
        let mut entry = head(resource);
        entry["address"] = json!(address);
        entry["provider_config_key"] = json!("aws");
        entry["expressions"] = expressions(&resource.body);
        if address != resource.address.as_str() {
            entry["count_expression"] = json!({"references": ["var.first"]});
        }
        configured.insert(address.to_owned(), entry);
    }
    let configured: Vec<Json> = configured.into_values().collect();
    json!({
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws",
                "expressions": {"region": {"constant_value": "us-east-1"}}}},
            "root_module": {"resources": configured, "variables": {"first": {}}},
        },
        "applyable": true, "complete": true, "errored": false,
    })
    .to_string()
}

fn head(resource: &Resource) -> Json {
    let plain = without_key(resource.address.as_str());
    let name = plain.rsplit('.').next().unwrap_or_default();
    let mut head = json!({
        "address": resource.address.as_str(), "mode": "managed", "type": plain.split('.').next(), "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
    });
    if plain != resource.address.as_str() {
        head["index"] = json!(0);
    }
    head
}

fn change(resource: &Resource, actions: &[&str], before: Json, after: Json, unknown: Json) -> Json {
    let mut entry = head(resource);
    entry["change"] = json!({"actions": actions, "before": before, "after": after, "after_unknown": unknown});
    entry
}

fn without_key(address: &str) -> &str {
    address.split('[').next().unwrap_or(address)
}

/// What each attribute refers to.
fn expressions(value: &Value) -> Json {
    match &value.kind {
        Kind::Map(entries) => {
            let entries = entries.iter().filter(|(_, it)| !it.is_unset());
            Json::Object(entries.map(|(name, it)| (name.to_owned(), expressions(it))).collect())
        }
        Kind::List(items) if items.iter().any(|it| matches!(it.kind, Kind::Map(_))) => {
            Json::Array(items.iter().map(expressions).collect())
        }
        Kind::List(items) => {
            let references: Vec<_> = items.iter().filter_map(Value::unknown).flat_map(written).collect();
            if references.is_empty() { json!({"constant_value": plain(value)}) } else { json!({"references": references}) }
        }
        Kind::Unknown(unknown) => json!({"references": written(unknown)}),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => json!({"constant_value": plain(value)}),
    }
}

fn written(unknown: &Unknown) -> Vec<String> {
    let all = unknown.references().into_iter();
    all.flat_map(|it| [format!("{}.{}", it.to, it.attribute), it.to.to_string()]).collect()
}

fn plain(value: &Value) -> Json {
    match &value.kind {
        Kind::Null | Kind::Unknown(_) => Json::Null,
        Kind::Bool(it) => json!(it),
        Kind::Number(Number::Whole(it)) => json!(it),
        Kind::Number(Number::Fraction(it)) => json!(it),
        Kind::Text(it) => json!(it.as_str()),
        Kind::List(items) => Json::Array(items.iter().map(plain).collect()),
        Kind::Map(entries) => Json::Object(entries.iter().map(|(name, it)| (name.to_owned(), plain(it))).collect()),
    }
}

impl Ids {
    /// Takes note of what a resource names.
    fn name(&mut self, resource: &Resource) {
        let mut open = vec![&resource.body];
        while let Some(value) = open.pop() {
            match &value.kind {
                Kind::Unknown(unknown) => {
                    for Reference { to, attribute } in unknown.references() {
                        self.named.entry(to.as_str().to_owned()).or_default().insert(attribute.to_string());
                    }
                }
                Kind::List(items) => open.extend(items),
                Kind::Map(entries) => open.extend(entries.values()),
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => (),
            }
        }
    }

    /// The values of a resource, and which of them are not known until apply.
    fn values(&self, resource: &Resource) -> (Json, Json) {
        let (mut values, mut unknown) = self.of(&resource.body);
        let address = resource.address.as_str();
        let mut own: BTreeSet<&str> = self.named.get(address).into_iter().flatten().map(String::as_str).collect();
        own.insert("id");
        if resource.kind == "aws_vpc" {
            own.extend(["main_route_table_id", "default_route_table_id", "default_network_acl_id", "default_security_group_id"]);
        }
        for attribute in own {
            if values.get(attribute).is_some_and(|it| !it.is_null()) {
                continue;
            }
            if self.known.contains(address) {
                values[attribute] = json!(id(&resource.address, attribute));
            } else {
                unknown[attribute] = json!(true);
            }
        }
        (values, unknown)
    }

    fn of(&self, value: &Value) -> (Json, Json) {
        match &value.kind {
            Kind::Unknown(Unknown::AfterApply(it)) if self.known.contains(it.to.as_str()) => {
                (json!(id(&it.to, &it.attribute)), json!(false))
            }
            Kind::Unknown(Unknown::Computed) => (Json::Null, json!(false)),
            Kind::Unknown(_) => (Json::Null, json!(true)),
            Kind::List(items) => {
                let (values, unknown): (Vec<_>, Vec<_>) = items.iter().map(|it| self.of(it)).unzip();
                (Json::Array(values), Json::Array(unknown))
            }
            Kind::Map(entries) => {
                let (mut values, mut unknown) = (Map::new(), Map::new());
                for (name, entry) in entries.iter() {
                    let (value, is_unknown) = self.of(entry);
                    match is_unknown {
                        Json::Bool(true) => (),
                        _ => {
                            values.insert(name.to_owned(), value);
                        }
                    }
                    if says_something(&is_unknown) {
                        unknown.insert(name.to_owned(), is_unknown);
                    }
                }
                (Json::Object(values), Json::Object(unknown))
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => (plain(value), json!(false)),
        }
    }
}

/// Whether anything in it is not known.
fn says_something(unknown: &Json) -> bool {
    match unknown {
        Json::Bool(it) => *it,
        Json::Array(items) => items.iter().any(says_something),
        Json::Object(entries) => entries.values().any(says_something),
        Json::Null | Json::Number(_) | Json::String(_) => false,
    }
}

/// What AWS calls it: the same for the same.
fn id(of: &Address, attribute: &str) -> String {
    let kind = of.as_str().split('.').next().unwrap_or_default();
    let prefix = match (kind, attribute) {
        (_, it) if it.ends_with("route_table_id") && kind == "aws_ec2_transit_gateway" => "tgw-rtb",
        (_, it) if it.ends_with("route_table_id") => "rtb",
        (_, "default_network_acl_id") => "acl",
        (_, "default_security_group_id") => "sg",
        ("aws_vpc", _) => "vpc",
        ("aws_subnet", _) => "subnet",
        ("aws_internet_gateway", _) => "igw",
        ("aws_nat_gateway", _) => "nat",
        ("aws_eip", _) => "eipalloc",
        ("aws_route_table", _) => "rtb",
        ("aws_network_interface", _) => "eni",
        ("aws_instance", _) => "i",
        ("aws_ec2_transit_gateway", _) => "tgw",
        ("aws_ec2_transit_gateway_vpc_attachment", _) => "tgw-attach",
        ("aws_vpc_peering_connection", _) => "pcx",
        ("aws_security_group", _) => "sg",
        ("aws_network_acl", _) => "acl",
        ("aws_vpc_endpoint", _) => "vpce",
        _ => "arn:aws:x:us-east-1:123456789012:it",
    };
    // A VPC's main table is its default one.
    let attribute = attribute.replace("main_route_table", "default_route_table");
    let sum = format!("{}.{attribute}", of.as_str()).bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{prefix}-{:017x}", sum >> 4)
}
