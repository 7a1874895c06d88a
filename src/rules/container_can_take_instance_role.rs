//! Hosts whose role every container on them can take.

use super::{
    Context,
    containers::{launches, place},
};
use crate::{
    finding::Findings,
    network::{
        host::Host,
        lodger::{HopLimit, HostRole, Lodger},
        task_definition::NetworkMode,
    },
};

/// How a container comes to the credentials of its host.
enum Way {
    /// Behind a bridge, because the token travels this many hops.
    Hops(i64),
    /// With an interface of its own, which nothing keeps from the metadata service.
    OwnInterface,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    for hosts in launches(context) {
        for host in hosts {
            let HostRole::Known(role) = workloads.role_of(host) else { continue };
            let Some((grant, action)) = role.beyond() else { continue };
            let lodgers = workloads.lodgers(host);
            let Some((way, lodger)) = lodgers.iter().find_map(|it| Some((way(context, host, it)?, it))) else {
                continue;
            };
            if host.user_data.text.get().is_none() {
                findings.unanswered(host.name.address.as_str(), "what its user data keeps from the metadata service");
                continue;
            }
            let by = match way {
                Way::Hops(hops) => format!("metadata tokens travel {hops} hops"),
                Way::OwnInterface => "tasks with an interface of their own reach the metadata service".to_owned(),
            };
            let message = format!(
                "any container on `{}` can take `{}`, which allows {}: {by}",
                host.name.address,
                role.name.address,
                if action.starts_with("all of") { action.to_owned() } else { format!("`{action}`") },
            );
            let label = match way {
                Way::Hops(_) => place(host, host.metadata.hop_limit.as_ref(), "containers get the host's credentials"),
                Way::OwnInterface => {
                    host.launched_by.label("nothing here keeps containers from the host's credentials")
                }
            };
            let help = match (lodger, way) {
                (Lodger::Pods, _) => {
                    "set `http_put_response_hop_limit = 1` and give the pods roles by EKS Pod Identity, or take the \
                     policy from the node's role"
                }
                (Lodger::Tasks(..) | Lodger::Started(_), Way::OwnInterface) => {
                    "set `ECS_AWSVPC_BLOCK_IMDS=true` in the agent's configuration, and give the permissions to a task \
                     role instead of the instance's"
                }
                (Lodger::Tasks(..) | Lodger::Started(_), Way::Hops(_)) => {
                    "give the permissions to a task role instead of the instance's, and set \
                     `http_put_response_hop_limit = 1` or block 169.254.169.254 for bridged containers"
                }
            };
            findings
                .report(label, message)
                .because([
                    grant.written.label(format!("`{}` is given here", grant.policy)),
                    role.name.label("this is the role"),
                ])
                .help(help);
            break;
        }
    }
}

fn way(context: &Context<'_>, host: &Host, lodger: &Lodger<'_>) -> Option<Way> {
    let is_off =
        host.metadata.endpoint.as_ref().is_some_and(|it| it.known.get().map(String::as_str) != Some("enabled"));
    if is_off {
        return None;
    }
    let hops = match context.network.workloads.hop_limit(host) {
        HopLimit::Written(hops) | HopLimit::OfAccount(hops) | HopLimit::OfImage(Some(hops)) if 2 <= hops => {
            Some(Way::Hops(hops))
        }
        HopLimit::Written(_) | HopLimit::OfAccount(_) | HopLimit::OfImage(_) | HopLimit::Unknown => None,
    };
    let hops = hops.filter(|_| !host.user_data.blocks_bridged_containers());
    match lodger {
        Lodger::Tasks(_, task) => match task.mode.get()? {
            NetworkMode::Bridge => hops,
            NetworkMode::Interface if !host.user_data.blocks_tasks_with_interfaces() => Some(Way::OwnInterface),
            NetworkMode::Interface | NetworkMode::Host | NetworkMode::None => None,
        },
        // What a plain engine starts has no other role to take.
        Lodger::Started(_) => None,
        Lodger::Pods => hops,
    }
}
