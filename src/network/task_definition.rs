//! Task definitions and their containers, from JSON or as the code holds them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{document, name::Declared};
use crate::{
    graph::{ResourceGraph, ResourceId},
    resource::Resource,
    source::Span,
    value::{Known, Unknown, Value},
};

/// A task definition.
#[derive(Clone, Debug)]
pub struct TaskDefinition {
    pub name: Declared,
    pub mode: Known<NetworkMode>,
    /// `EC2`, `FARGATE`; what is not known is not in it.
    pub compatibilities: Vec<String>,
    /// Whether its containers have a role of their own.
    pub has_role: Known<bool>,
    /// Those that are known, where some are.
    pub containers: Known<Vec<Container>>,
    /// Why there may be more containers, settings or variables than those; what is written may still be said.
    pub unread: Option<Unknown>,
    /// Where the containers are written.
    pub place: Span,
    /// `WINDOWS_SERVER_2022_CORE`, where it says so.
    pub operating_system: Option<String>,
}

/// How the containers of a task are networked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkMode {
    /// Behind a bridge of the host: one hop further than the host.
    Bridge,
    /// In the network of the host.
    Host,
    /// With an interface of the task's own.
    Interface,
    /// Without a network.
    None,
}

/// A container of a task.
#[derive(Clone, Debug)]
pub struct Container {
    pub name: String,
    pub image: Option<String>,
    pub environment: Vec<Variable>,
    /// Kernel settings: `net.ipv4.tcp_keepalive_time` and its value.
    pub controls: BTreeMap<String, String>,
}

/// An environment variable.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub value: Value,
}

/// The setting for how long a connection is silent before Linux sends a keep-alive.
const KEEPALIVE: &str = "net.ipv4.tcp_keepalive_time";

/// What the names of variables hold that tell a container where something of AWS's is.
const NAMES_OF_AWS: &[&str] = &["S3_BUCKET", "BUCKET_NAME", "SQS_", "QUEUE_URL", "DYNAMODB", "TOPIC_ARN", "KINESIS"];

impl Container {
    /// A variable that shows that it calls AWS with the credentials that it finds.
    pub fn calls_aws(&self) -> Option<&str> {
        let has_keys = self.environment.iter().any(|it| it.name == "AWS_ACCESS_KEY_ID" || it.name == "AWS_PROFILE");
        let shows = |it: &&Variable| {
            let text = it.value.text().unwrap_or_default();
            it.name.starts_with("AWS_")
                || NAMES_OF_AWS.iter().any(|name| it.name.contains(name))
                || text.starts_with("arn:aws:s3:::")
                || text.starts_with("arn:aws:sqs:")
                || text.starts_with("arn:aws:dynamodb:")
                || text.starts_with("s3://")
        };
        self.environment.iter().find(shows).filter(|_| !has_keys).map(|it| it.name.as_str())
    }
}

impl NetworkMode {
    /// The word that ECS uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bridge => "bridge",
            Self::Host => "host",
            Self::Interface => "awsvpc",
            Self::None => "none",
        }
    }
}

impl TaskDefinition {
    /// Whether its tasks can run on instances, as far as it says.
    pub fn is_only_for(&self, compatibility: &str) -> bool {
        matches!(self.compatibilities.as_slice(), [one] if one == compatibility)
    }

    /// After how many seconds of silence each container that sets it sends keep-alives.
    pub fn keepalives(&self) -> Vec<(&str, i64)> {
        let containers = self.containers.get().map_or(&[][..], Vec::as_slice);
        let times =
            containers.iter().filter_map(|it| Some((it.name.as_str(), it.controls.get(KEEPALIVE)?.parse().ok()?)));
        times.collect()
    }

    /// The kernel's network settings that its containers give different values, with these values.
    pub fn conflicts(&self) -> Vec<(&str, Vec<&str>)> {
        let containers = self.containers.get().map_or(&[][..], Vec::as_slice);
        let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in containers.iter().flat_map(|it| &it.controls).filter(|(name, _)| name.starts_with("net."))
        {
            let known = values.entry(name).or_default();
            if !known.contains(&value.as_str()) {
                known.push(value);
            }
        }
        values.into_iter().filter(|(_, values)| 1 < values.len()).collect()
    }

    /// The kernel's network settings that its containers set.
    pub fn network_controls(&self) -> Vec<&str> {
        let containers = self.containers.get().map_or(&[][..], Vec::as_slice);
        let names = containers.iter().flat_map(|it| it.controls.keys()).filter(|it| it.starts_with("net."));
        let mut names: Vec<_> = names.map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

pub(super) fn read(graph: &ResourceGraph) -> FxHashMap<ResourceId, TaskDefinition> {
    graph.managed("aws_ecs_task_definition").map(|(id, it)| (id, task_definition(id, it))).collect()
}

fn task_definition(id: ResourceId, resource: &Resource) -> TaskDefinition {
    let compatibilities = resource.set("requires_compatibilities").map_or(&[][..], Value::items);
    let system = resource.set("runtime_platform").and_then(|it| it.items().first()?.get("operating_system_family"));
    let written = resource.set("container_definitions");
    let (containers, unread) = written.map_or((Known::Default(Vec::new()), None), containers);
    TaskDefinition {
        name: Declared::of(id, resource),
        mode: mode(resource),
        compatibilities: compatibilities.iter().filter_map(|it| it.text().map(str::to_owned)).collect(),
        has_role: match resource.set("task_role_arn") {
            None => Known::Default(false),
            Some(value) => match value.unknown() {
                // It has one, and which is not known yet.
                None | Some(Unknown::AfterApply(_) | Unknown::OneOf(_) | Unknown::MadeOf(_)) => Known::Written(true),
                Some(unknown) => Known::Unknown(unknown.clone()),
            },
        },
        containers,
        unread,
        place: written.filter(|it| !it.origin.is_default()).map_or(resource.span, |it| it.origin.at),
        operating_system: system.and_then(Value::text).map(str::to_owned),
    }
}

fn mode(resource: &Resource) -> Known<NetworkMode> {
    let Some(value) = resource.set("network_mode") else { return Known::Default(NetworkMode::Bridge) };
    match (value.text(), value.unknown()) {
        (Some("awsvpc"), _) => Known::Written(NetworkMode::Interface),
        (Some("host"), _) => Known::Written(NetworkMode::Host),
        (Some("none"), _) => Known::Written(NetworkMode::None),
        (Some("bridge" | "default"), _) => Known::Written(NetworkMode::Bridge),
        (_, Some(unknown)) => Known::Unknown(unknown.clone()),
        (_, None) => Known::Unknown(Unknown::Opaque("no network mode of ECS".to_owned())),
    }
}

/// The containers that are known, and why there may be more to them.
fn containers(value: &Value) -> (Known<Vec<Container>>, Option<Unknown>) {
    let Some(document) = document::read(value) else {
        let no_json = || Unknown::Opaque("container definitions that are no JSON".to_owned());
        return (Known::Unknown(value.unknown().cloned().unwrap_or_else(no_json)), None);
    };
    let known = document.items().iter().filter(|it| it.unknown().is_none()).map(container).collect();
    let unread = document.unknown().or_else(|| document.items().iter().find_map(unread));
    (Known::Written(known), unread.cloned())
}

/// Why it is not known which settings and variables a container has. What a variable holds is another matter.
fn unread(body: &Value) -> Option<&Unknown> {
    let controls = part(body, ["systemControls", "system_controls"]);
    let environment = part(body, ["environment", "environment"]);
    body.unknown()
        .or_else(|| controls.and_then(|list| first_unknown(list, &["namespace", "value"])))
        .or_else(|| environment.and_then(|list| first_unknown(list, &["name"])))
}

/// The first that is not known of a list, of its items, or of these parts of them.
fn first_unknown<'a>(list: &'a Value, parts: &[&str]) -> Option<&'a Unknown> {
    let of_item = |item: &'a Value| item.unknown().or_else(|| parts.iter().find_map(|it| item.get(it)?.unknown()));
    list.unknown().or_else(|| list.items().iter().find_map(of_item))
}

fn container(body: &Value) -> Container {
    let text =
        |value: &Value, names: [&str; 2]| part(value, names).and_then(|it| it.read::<String>().known.get().cloned());
    let controls = part(body, ["systemControls", "system_controls"]).map_or(&[][..], Value::items);
    let environment = part(body, ["environment", "environment"]).map_or(&[][..], Value::items);
    Container {
        name: text(body, ["name", "name"]).unwrap_or_default(),
        image: text(body, ["image", "image"]),
        environment: environment
            .iter()
            .filter_map(|it| {
                let value = part(it, ["value", "value"])?.clone();
                Some(Variable { name: text(it, ["name", "name"])?, value })
            })
            .collect(),
        controls: controls
            .iter()
            .filter_map(|it| Some((text(it, ["namespace", "namespace"])?, text(it, ["value", "value"])?)))
            .collect(),
    }
}

/// A part by its name in ECS's JSON, or as other languages write it.
fn part<'a>(value: &'a Value, names: [&str; 2]) -> Option<&'a Value> {
    names.iter().find_map(|name| value.get(name)).filter(|it| !it.is_unset())
}
