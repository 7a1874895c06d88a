//! Tasks on instances that call AWS and have no role of their own.

use rustc_hash::FxHashSet;

use super::Context;
use crate::{
    finding::Findings,
    network::{lodger::HostRole, task::Capacity},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    let mut said = FxHashSet::default();
    for service in workloads.services.iter().filter(|it| it.capacity == Capacity::Instances) {
        let Some(task) = workloads.task_of(service) else { continue };
        if task.has_role.get() != Some(&false) || !said.insert(task.name.resource) {
            continue;
        }
        let Some(containers) = task.containers.get() else {
            findings.unanswered(task.name.address.as_str(), "what its containers call");
            continue;
        };
        let calling = containers.iter().find_map(|it| Some((it, it.calls_aws()?)));
        if task.unread.is_some() {
            findings.unanswered(task.name.address.as_str(), "what its containers call, and by which keys");
            continue;
        }
        let Some((container, variable)) = calling else { continue };
        let mut hosts = workloads.hosts.iter().filter(|it| service.hosts.contains(&it.name.resource));
        let role = hosts.find_map(|host| match workloads.role_of(host) {
            HostRole::Known(role) => Some(role),
            HostRole::None | HostRole::Unknown => None,
        });
        let whose =
            role.map_or_else(|| "its host's role".to_owned(), |it| format!("`{}`, its host's", it.name.address));
        let message = format!(
            "container `{}` of `{}` calls AWS, as `{variable}` shows, with {whose}: the task has no role of its own",
            container.name, task.name.address
        );
        findings
            .report(task.name.label("this task definition has no `task_role_arn`"), message)
            .because([service.name.label("its tasks run on instances")])
            .because(role.map(|it| it.name.label("the role that they use instead")))
            .help("make a role that `ecs-tasks.amazonaws.com` may assume, with what these containers need, and name it in `task_role_arn`");
    }
}
