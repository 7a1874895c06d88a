//! Containers on hosts: which live there, and how far they are from the metadata of the host.

use super::{
    container_service::ContainerService,
    host::{Host, HostKind, RoleLink},
    limits,
    role::Role,
    task::Capacity,
    task_definition::{NetworkMode, TaskDefinition},
    user_data::Engine,
    workloads::Workloads,
};
use crate::value::Known;

/// Containers that run on a host.
#[derive(Clone, Copy, Debug)]
pub enum Lodger<'a> {
    /// Tasks of ECS.
    Tasks(&'a ContainerService, &'a TaskDefinition),
    /// What a script starts.
    Started(Engine),
    /// Of Kubernetes, by EKS.
    Pods,
}

/// How far a metadata token travels on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HopLimit {
    /// The launch says so.
    Written(i64),
    /// The account's default says so.
    OfAccount(i64),
    /// Nothing in the code says so: the image decides, where that is known; or else it is
    /// [`super::limits::METADATA_HOPS`].
    OfImage(Option<i64>),
    Unknown,
}

/// What is known of a host's role.
#[derive(Clone, Copy, Debug)]
pub enum HostRole<'a> {
    None,
    Known(&'a Role),
    Unknown,
}

impl Lodger<'_> {
    /// Whether its packets to the metadata service take one hop more than the host's own.
    pub fn is_one_hop_further(&self) -> bool {
        match self {
            Self::Tasks(_, task) => task.mode.get() == Some(&NetworkMode::Bridge),
            Self::Started(_) | Self::Pods => true,
        }
    }

    /// Whether it has credentials of its own.
    pub fn has_own_role(&self) -> Known<bool> {
        match self {
            Self::Tasks(_, task) => task.has_role.clone(),
            Self::Started(_) | Self::Pods => Known::Default(false),
        }
    }
}

impl Workloads {
    /// The containers that certainly run on a host.
    pub fn lodgers<'a>(&'a self, host: &'a Host) -> Vec<Lodger<'a>> {
        let tasks = self.services_on(host).filter(|it| it.capacity != Capacity::Fargate);
        let mut lodgers: Vec<_> = tasks.filter_map(|it| Some(Lodger::Tasks(it, self.task_of(it)?))).collect();
        // The agent of ECS runs in a container of its own: a script that starts it says nothing of others.
        if lodgers.is_empty() && host.user_data.cluster().is_none() {
            lodgers.extend(host.user_data.engine().map(Lodger::Started));
        }
        if host.kind == HostKind::Nodes && host.eks_cluster.is_some() && !self.pods_have_roles {
            lodgers.push(Lodger::Pods);
        }
        lodgers
    }

    /// How far a metadata token travels on a host.
    pub fn hop_limit(&self, host: &Host) -> HopLimit {
        if host.metadata.unknown.is_some() {
            return HopLimit::Unknown;
        }
        let of =
            |known: &Known<i64>, limit: fn(i64) -> HopLimit| known.get().map_or(HopLimit::Unknown, |it| limit(*it));
        match (&host.metadata.hop_limit, &self.metadata_defaults.hop_limit) {
            (Some(attr), _) => of(&attr.known, HopLimit::Written),
            (None, Some(known)) => of(known, HopLimit::OfAccount),
            (None, None) => HopLimit::OfImage(host.image.map(limits::hops_of_image)),
        }
    }

    /// The role of a host.
    pub fn role_of(&self, host: &Host) -> HostRole<'_> {
        match &host.role {
            RoleLink::None => HostRole::None,
            RoleLink::Known(id) => self.roles.get(id).map_or(HostRole::Unknown, HostRole::Known),
            RoleLink::Unknown => HostRole::Unknown,
        }
    }
}
