//! Services of containers: whose tasks have interfaces of their own, and which of them get public addresses.
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html>

use super::{
    name::{blocks, resolve, set},
    owner::{self, Nodes, Owner, OwnerKind, Plan},
    public_address::PublicAddress,
    reader::Reader,
};
use crate::{
    graph::{ResourceGraph, Target},
    network::Name,
    resource::Resource,
    schema::Noun,
    value::{Known, Truth, Value},
};

/// Where tasks run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    Fargate,
    /// On instances of the account's own.
    Instances,
    Unknown,
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for kind in ["aws_ecs_service", "aws_ecs_task_set"] {
        for (id, resource) in graph.managed(kind) {
            let configuration = blocks(resource, "network_configuration");
            let Ok([configuration]) = configuration else {
                let why = why_without(reader, resource, configuration.is_err());
                let name = Name::declared(id, resource);
                let owner = Owner {
                    name,
                    kind: OwnerKind::Task,
                    interfaces: Vec::new(),
                    is_serverless: Truth::Unknown,
                    others: Some(why),
                };
                reader.owners.add(owner);
                continue;
            };
            let nodes = owner::nodes(reader, set(configuration, "subnets"));
            let groups = owner::groups(reader, set(configuration, "security_groups"), &nodes);
            let capacity = capacity(reader.graph, resource);
            let public = public_address(configuration, &capacity);
            let plan = Plan {
                kind: OwnerKind::Task,
                nodes: Nodes { ..nodes },
                groups: Some(groups),
                public: &|_| public.clone(),
                ipv6: &owner::as_subnet_has,
            };
            let owner = owner::own(reader, id, resource, plan);
            reader.owners[owner].is_serverless = match capacity {
                Capacity::Fargate => Truth::True,
                Capacity::Instances => Truth::False,
                Capacity::Unknown => Truth::Unknown,
            };
        }
    }
}

/// Why a service has no interface of its own to show.
fn why_without(reader: &Reader<'_>, service: &Resource, is_unknown: bool) -> String {
    let mode = service.set("task_definition").and_then(|it| match resolve(reader.graph, it, &[Noun::TaskDefinition]) {
        Target::Resource(id, _) => reader.graph.resource(id).set("network_mode").and_then(Value::text),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    });
    match (is_unknown, mode) {
        (true, _) => "its network configuration is not known".to_owned(),
        (false, Some(mode)) => format!("in network mode `{mode}` its tasks use the interfaces of their hosts"),
        (false, None) => "without a network configuration its tasks use the interfaces of their hosts".to_owned(),
    }
}

pub(super) fn capacity(graph: &ResourceGraph, service: &Resource) -> Capacity {
    if let Some(launch) = service.set("launch_type") {
        return match launch.text() {
            Some("FARGATE") => Capacity::Fargate,
            Some("EC2" | "EXTERNAL") => Capacity::Instances,
            Some(_) | None => Capacity::Unknown,
        };
    }
    let Ok(strategy) = blocks(service, "capacity_provider_strategy") else { return Capacity::Unknown };
    let mut found = strategy.iter().map(|it| match set(it, "capacity_provider") {
        Some(value) if matches!(value.text(), Some("FARGATE" | "FARGATE_SPOT")) => Capacity::Fargate,
        Some(value) => match resolve(graph, value, &[Noun::CapacityProvider]) {
            Target::Resource(id, _) if graph.resource(id).set("auto_scaling_group_provider").is_some() => {
                Capacity::Instances
            }
            Target::Resource(..) | Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => {
                Capacity::Unknown
            }
        },
        None => Capacity::Unknown,
    });
    // Without a launch type and a strategy, the cluster's default strategy decides, or else its instances.
    let Some(first) = found.next() else { return Capacity::Unknown };
    if found.all(|it| it == first) { first } else { Capacity::Unknown }
}

fn public_address(configuration: &Value, capacity: &Capacity) -> PublicAddress {
    if *capacity == Capacity::Instances {
        return PublicAddress::None("a task's interface on an instance never gets one".to_owned());
    }
    let asked = set(configuration, "assign_public_ip").map_or(Known::Default(false), |it| it.read::<bool>().known);
    PublicAddress::of_setting(&asked, "asked for by `assign_public_ip`")
}
