//! ECS services: which tasks they run, how many, where, and behind what.

use rustc_hash::FxHashMap;

use super::{
    host::{Host, HostKind},
    name::{Declared, blocks, resolve, set},
    task::{self, Capacity},
    task_definition::TaskDefinition,
};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    resource::Resource,
    schema::Noun,
    value::{Attr, Known, Unknown, Value},
};

/// An ECS service.
#[derive(Clone, Debug)]
pub struct ContainerService {
    pub name: Declared,
    /// The task definition that it runs, where the code declares it.
    pub task: Option<ResourceId>,
    pub cluster: Option<ResourceId>,
    pub capacity: Capacity,
    /// How many tasks it runs at least.
    pub copies: Option<Attr<i64>>,
    /// One task on each host: their number is the hosts'.
    pub is_daemon: bool,
    /// `1.4.0`, where it names one.
    pub platform: Option<String>,
    pub has_load_balancer: bool,
    /// The hosts that its tasks run on, as far as the code tells.
    pub hosts: Vec<ResourceId>,
}

pub(super) fn read(
    graph: &ResourceGraph,
    hosts: &[Host],
    tasks: &FxHashMap<ResourceId, TaskDefinition>,
) -> Vec<ContainerService> {
    let joined = Clusters::of(graph, hosts);
    let least = scaled(graph);
    let all = graph.managed("aws_ecs_service");
    all.map(|(id, resource)| {
        let task =
            one(graph, resource.set("task_definition"), Noun::TaskDefinition).filter(|it| tasks.contains_key(it));
        let cluster = one(graph, resource.set("cluster"), Noun::EcsCluster);
        let capacity = match (task::capacity(graph, resource), task.and_then(|it| tasks.get(&it))) {
            (Capacity::Unknown, Some(task)) if task.is_only_for("EC2") => Capacity::Instances,
            (Capacity::Unknown, Some(task)) if task.is_only_for("FARGATE") => Capacity::Fargate,
            (capacity, _) => capacity,
        };
        let own = resource.maybe::<i64>("desired_count");
        let copies = match least.of(id, resource) {
            Some(least) => own.map(|it| at_least(&it, least)).or_else(|| Some(least.clone())),
            None => own,
        };
        ContainerService {
            name: Declared::of(id, resource),
            task,
            cluster,
            hosts: if capacity == Capacity::Fargate { Vec::new() } else { joined.hosts(graph, resource, cluster) },
            capacity,
            copies,
            is_daemon: resource.set("scheduling_strategy").and_then(Value::text) == Some("DAEMON"),
            platform: resource.set("platform_version").and_then(Value::text).map(str::to_owned),
            has_load_balancer: resource
                .set("load_balancer")
                .is_some_and(|it| it.unknown().is_some() || !it.items().is_empty()),
        }
    })
    .collect()
}

fn at_least(own: &Attr<i64>, least: &Attr<i64>) -> Attr<i64> {
    match (own.known.get(), least.known.get()) {
        (Some(own_count), Some(count)) if count < own_count => own.clone(),
        (Some(_), Some(_)) | (_, None) => least.clone(),
        (None, Some(_)) => own.clone(),
    }
}

/// The least that scaling targets keep of services: by name, or by the service that the target's id is made of.
#[derive(Default)]
struct Least {
    by_name: FxHashMap<String, Attr<i64>>,
    by_service: FxHashMap<ResourceId, Attr<i64>>,
}

impl Least {
    fn of(&self, id: ResourceId, service: &Resource) -> Option<&Attr<i64>> {
        let name = service.set("name").and_then(Value::text);
        self.by_service.get(&id).or_else(|| self.by_name.get(name?))
    }
}

fn scaled(graph: &ResourceGraph) -> Least {
    let mut all = Least::default();
    for (_, target) in graph.managed("aws_appautoscaling_target") {
        let (Some(id), Some(least)) = (target.set("resource_id"), target.maybe::<i64>("min_capacity")) else {
            continue;
        };
        if let Some(name) = id.text().and_then(|it| it.strip_prefix("service/")?.rsplit('/').next()) {
            all.by_name.insert(name.to_owned(), least);
            continue;
        }
        let named = id.unknown().map(Unknown::references).unwrap_or_default();
        let mut services = named.into_iter().filter_map(|it| graph.find(&it.to));
        if let Some(service) = services.find(|&it| graph.resource(it).kind == "aws_ecs_service") {
            all.by_service.insert(service, least);
        }
    }
    all
}

fn one(graph: &ResourceGraph, value: Option<&Value>, noun: Noun) -> Option<ResourceId> {
    match resolve(graph, value?, &[noun]) {
        Target::Resource(id, _) => Some(id),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}

/// Which hosts are in which cluster.
struct Clusters {
    by_cluster: FxHashMap<ResourceId, Vec<ResourceId>>,
    /// The scaling group behind each capacity provider.
    providers: FxHashMap<ResourceId, ResourceId>,
}

impl Clusters {
    fn of(graph: &ResourceGraph, hosts: &[Host]) -> Self {
        let providers = graph.managed("aws_ecs_capacity_provider").filter_map(|(id, it)| {
            let block = blocks(it, "auto_scaling_group_provider").ok()?.first()?;
            Some((id, one(graph, set(block, "auto_scaling_group_arn"), Noun::AutoScalingGroup)?))
        });
        let providers: FxHashMap<_, _> = providers.collect();
        let mut by_cluster: FxHashMap<ResourceId, Vec<ResourceId>> = FxHashMap::default();
        for (_, resource) in graph.managed("aws_ecs_cluster_capacity_providers") {
            let Some(cluster) = one(graph, resource.set("cluster_name"), Noun::EcsCluster) else { continue };
            let Some(named) = resource.set("capacity_providers") else { continue };
            for target in graph.targets(named, &[Noun::CapacityProvider]).certain {
                if let Target::Resource(provider, _) = target
                    && let Some(&group) = providers.get(&provider)
                {
                    by_cluster.entry(cluster).or_default().push(group);
                }
            }
        }
        // A template, and older providers, have them on the cluster itself.
        for (cluster, resource) in graph.managed("aws_ecs_cluster") {
            let Some(named) = resource.set("capacity_providers") else { continue };
            for target in graph.targets(named, &[Noun::CapacityProvider]).certain {
                if let Target::Resource(provider, _) = target
                    && let Some(&group) = providers.get(&provider)
                {
                    by_cluster.entry(cluster).or_default().push(group);
                }
            }
        }
        let names: FxHashMap<_, _> = graph
            .managed("aws_ecs_cluster")
            .filter_map(|(id, it)| Some((it.set("name")?.text()?.to_owned(), id)))
            .collect();
        for host in hosts.iter().filter(|it| it.kind != HostKind::Nodes) {
            let joined = host.user_data.cluster().and_then(|it| names.get(it).copied());
            let referred = host.user_data.names.iter().filter_map(|it| graph.find(&it.to));
            let mut referred = referred.filter(|&it| graph.resource(it).kind == "aws_ecs_cluster");
            if let Some(cluster) = joined.or_else(|| referred.next()) {
                by_cluster.entry(cluster).or_default().push(host.name.resource);
            }
        }
        Self { by_cluster, providers }
    }

    fn hosts(&self, graph: &ResourceGraph, service: &Resource, cluster: Option<ResourceId>) -> Vec<ResourceId> {
        let strategy = blocks(service, "capacity_provider_strategy").unwrap_or_default();
        let named = strategy.iter().filter_map(|it| one(graph, set(it, "capacity_provider"), Noun::CapacityProvider));
        let mut hosts: Vec<_> = named.filter_map(|it| self.providers.get(&it).copied()).collect();
        if hosts.is_empty() {
            hosts = cluster.and_then(|it| self.by_cluster.get(&it)).cloned().unwrap_or_default();
        }
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }
}

impl ContainerService {
    /// How many tasks it runs at least, where that is known.
    pub fn least(&self) -> Known<i64> {
        match &self.copies {
            Some(attr) => attr.known.clone(),
            None => Known::Unknown(Unknown::Opaque("how many tasks it runs is not written".to_owned())),
        }
    }
}
