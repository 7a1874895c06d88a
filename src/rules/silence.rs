//! What the rules about silent connections share: which hop forgets them, and who keeps them awake.

use super::Context;
use crate::{
    graph::ResourceId,
    network::{task_definition::NetworkMode, user_data::KeepaliveSetting},
    reach::memory::Memory,
};

/// When something first sends a keep-alive on a silent connection.
pub(super) enum Keepalive {
    /// After so many seconds.
    After(i64),
    Never,
    Unknown(String),
    /// The code of the program decides, and nothing beside it.
    NotSetHere,
}

/// The hop on the way to the internet of a target of a load balancer that forgets silent connections.
pub(super) fn memory(context: &Context<'_>, target: ResourceId) -> Option<Memory> {
    match service(context, target) {
        Some(service) => context.routes.memory_of_service(service),
        None => context.routes.memory(target),
    }
}

pub(super) fn service<'a>(
    context: &Context<'a>,
    target: ResourceId,
) -> Option<&'a crate::network::container_service::ContainerService> {
    context.network.workloads.services.iter().find(|it| it.name.resource == target)
}

/// When a target of a load balancer first sends a keep-alive, to come before `limit` seconds of silence.
pub(super) fn keepalive(context: &Context<'_>, target: ResourceId, limit: i64) -> Keepalive {
    let workloads = &context.network.workloads;
    let of_host = |id: ResourceId| {
        let Some(host) = workloads.hosts.iter().find(|it| it.name.resource == id) else { return Keepalive::NotSetHere };
        let of_user_data = |why: &dyn std::fmt::Display| Keepalive::Unknown(format!("what its user data sets: {why}"));
        match (host.user_data.keepalive(), host.user_data.text.why_unknown()) {
            (KeepaliveSetting::After(seconds), _) => Keepalive::After(seconds),
            (KeepaliveSetting::Unknown, _) => of_user_data(&"after how many seconds"),
            (KeepaliveSetting::None, Some(why)) => of_user_data(why),
            (KeepaliveSetting::None, None) => Keepalive::Never,
        }
    };
    let Some(service) = service(context, target) else { return of_host(target) };
    let Some(task) = workloads.task_of(service) else { return Keepalive::Unknown("its task definition".to_owned()) };
    if let Some(why) = task.containers.why_unknown() {
        return Keepalive::Unknown(format!("what its containers set: {why}"));
    }
    let first = task.keepalives().into_iter().map(|(_, seconds)| seconds).min();
    if let Some(why) = task.unread.as_ref().filter(|_| first.is_none_or(|it| limit <= it)) {
        return Keepalive::Unknown(format!("what its containers set: {why}"));
    }
    match (task.mode.get(), first) {
        (None, _) => Keepalive::Unknown("the network mode of its tasks".to_owned()),
        // In the network of the host, the host's settings hold.
        (Some(NetworkMode::Host), _) => service.hosts.first().map_or(Keepalive::Never, |&host| of_host(host)),
        (Some(NetworkMode::Bridge | NetworkMode::Interface | NetworkMode::None), Some(seconds)) => {
            Keepalive::After(seconds)
        }
        (Some(NetworkMode::Bridge | NetworkMode::Interface | NetworkMode::None), None) => Keepalive::Never,
    }
}
