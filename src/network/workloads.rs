//! What runs in the network, and what stands before it: hosts, tasks, functions, APIs, distributions and their web ACLs.

use rustc_hash::FxHashMap;

use super::{
    api::{self, Api, Function, Integration},
    container_service::{self, ContainerService},
    distribution::{self, Distribution},
    environment::{self, Environment},
    host::{self, Host, MetadataDefaults},
    role::{self, Role},
    serving::{self, Serving},
    task_definition::{self, TaskDefinition},
    web_acl::{self, WebAcl, WebAclAssociation},
};
use crate::graph::{ResourceGraph, ResourceId};

/// Everything that runs, in the order of the input, or by the resource that declares it.
#[derive(Debug, Default)]
pub struct Workloads {
    pub hosts: Vec<Host>,
    pub metadata_defaults: MetadataDefaults,
    pub roles: FxHashMap<ResourceId, Role>,
    pub tasks: FxHashMap<ResourceId, TaskDefinition>,
    pub services: Vec<ContainerService>,
    pub servings: Vec<Serving>,
    pub functions: FxHashMap<ResourceId, Function>,
    pub apis: FxHashMap<ResourceId, Api>,
    pub integrations: Vec<Integration>,
    pub distributions: Vec<Distribution>,
    pub web_acls: FxHashMap<ResourceId, WebAcl>,
    pub web_acl_associations: Vec<WebAclAssociation>,
    pub environments: Vec<Environment>,
    /// Clusters of Kubernetes whose pods can have roles of their own: by Pod Identity, or by tokens of the cluster's.
    pub pods_have_roles: bool,
}

/// What gives pods roles of their own, whichever way.
/// <https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html>
const ROLES_OF_PODS: &[&str] = &["aws_eks_pod_identity_association", "aws_iam_openid_connect_provider"];

impl Workloads {
    pub(super) fn of(graph: &ResourceGraph) -> Self {
        let hosts = host::read(graph);
        let tasks = task_definition::read(graph);
        let apis = api::read(graph);
        Self {
            services: container_service::read(graph, &hosts, &tasks),
            environments: environment::read(graph, &tasks),
            integrations: api::integrations(graph, &apis),
            hosts,
            metadata_defaults: MetadataDefaults::read(graph),
            roles: role::read(graph),
            tasks,
            servings: serving::read(graph),
            functions: api::functions(graph),
            apis,
            distributions: distribution::read(graph),
            web_acls: web_acl::read(graph),
            web_acl_associations: web_acl::associations(graph),
            pods_have_roles: ROLES_OF_PODS.iter().any(|kind| graph.managed(kind).next().is_some()),
        }
    }

    /// The services whose tasks run on a host.
    pub fn services_on<'a>(&'a self, host: &'a Host) -> impl Iterator<Item = &'a ContainerService> {
        self.services.iter().filter(|it| it.hosts.contains(&host.name.resource))
    }

    /// The task definition of a service, where the code declares it.
    pub fn task_of(&self, service: &ContainerService) -> Option<&TaskDefinition> {
        self.tasks.get(&service.task?)
    }
}
