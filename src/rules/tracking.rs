//! What the rules about tracked connections share: the hosts behind a load balancer, and how long each tracks.

use super::{Context, silence::service};
use crate::{
    network::{host::Host, limits::tracked_by_type, serving::Serving, task_definition::NetworkMode},
    value::Known,
};

/// How long an interface tracks an established connection that is silent.
pub(super) enum Tracked {
    /// The launch says so.
    Written(i64),
    /// It follows from the type of the instance.
    OfType(i64),
    Unknown,
}

/// The hosts whose interfaces take what a load balancer sends.
pub(super) fn hosts<'a>(context: &Context<'a>, serving: &Serving) -> Vec<&'a Host> {
    let workloads = &context.network.workloads;
    let ids = match service(context, serving.target.resource) {
        // A task with an interface of its own is not what the launch speaks of.
        Some(service) => match workloads.task_of(service).and_then(|it| it.mode.get()) {
            Some(NetworkMode::Bridge | NetworkMode::Host) => service.hosts.clone(),
            Some(NetworkMode::Interface | NetworkMode::None) | None => Vec::new(),
        },
        None => vec![serving.target.resource],
    };
    workloads.hosts.iter().filter(|it| ids.contains(&it.name.resource)).collect()
}

pub(super) fn tracked(host: &Host) -> Tracked {
    match (&host.tracked, &host.instance_type) {
        (Some(attr), _) => attr.known.get().map_or(Tracked::Unknown, |it| Tracked::Written(*it)),
        (None, Known::Written(it) | Known::Default(it)) => {
            tracked_by_type(it).map_or(Tracked::Unknown, Tracked::OfType)
        }
        (None, Known::Unknown(_)) => Tracked::Unknown,
    }
}
