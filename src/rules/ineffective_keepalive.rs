//! Keep-alive settings that have no effect, or come too late.

use rustc_hash::FxHashSet;

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::{
        container_service::ContainerService,
        limits::seconds,
        task::Capacity,
        task_definition::{NetworkMode, TaskDefinition},
    },
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    let mut said = FxHashSet::default();
    for service in &workloads.services {
        let Some(task) = workloads.task_of(service).filter(|it| !it.network_controls().is_empty()) else { continue };
        let Some((why, help)) = of_task(task).or_else(|| of_service(context, service, task)) else { continue };
        if said.insert(task.name.resource) {
            report(findings, task, &why, help, Some(service));
        }
    }
    let mut alone: Vec<_> = workloads.tasks.values().filter(|it| !said.contains(&it.name.resource)).collect();
    alone.sort_by_key(|it| it.name.resource);
    for task in alone {
        if let Some((why, help)) = of_task(task) {
            report(findings, task, &why, help, None);
        }
    }
}

fn report(
    findings: &mut Findings<'_>,
    task: &TaskDefinition,
    why: &str,
    help: &'static str,
    service: Option<&ContainerService>,
) {
    let message = format!("`{}` sets {} to no effect: {why}", task.name.address, names(task));
    let label = Label::new(task.place, "set here").of(task.name.address.as_str());
    findings.report(label, message).because(service.map(|it| it.name.label("this service runs it"))).help(help);
}

fn names(task: &TaskDefinition) -> String {
    let names: Vec<_> = task.network_controls().iter().map(|it| format!("`{it}`")).collect();
    names.join(", ")
}

/// What the task definition shows by itself.
fn of_task(task: &TaskDefinition) -> Option<(String, &'static str)> {
    if task.network_controls().is_empty() {
        return None;
    }
    if task.mode.get() == Some(&NetworkMode::Host) {
        let why = "in network mode host the settings of the host hold";
        return Some((why.to_owned(), "set it on the host, by `sysctl` in its user data"));
    }
    let conflicts = task.conflicts();
    if let (Some(&NetworkMode::Interface), Some((name, values))) = (task.mode.get(), conflicts.first()) {
        let why = format!("its containers share one network, and give `{name}` the values {}", values.join(" and "));
        return Some((why, "set it in one container, or to the same value in all"));
    }
    let is_windows = task.operating_system.as_ref().is_some_and(|it| it.starts_with("WINDOWS"));
    is_windows.then(|| ("a container of Windows has no such settings".to_owned(), "set it in the program"))
}

/// What shows where it runs.
fn of_service(
    context: &Context<'_>,
    service: &ContainerService,
    task: &TaskDefinition,
) -> Option<(String, &'static str)> {
    let platform = service.platform.as_deref().filter(|it| service.capacity == Capacity::Fargate && is_old(it));
    if let Some(platform) = platform {
        let why = format!("platform version {platform} of Fargate, which `{}` names, ignores it", service.name.address);
        return Some((why, "take platform version 1.4.0 or `LATEST`"));
    }
    // What is not known may come earlier.
    if task.unread.is_some() {
        return None;
    }
    let first = task.keepalives().into_iter().map(|(_, it)| it).min()?;
    let memory = context.routes.memory_of_service(service).filter(|it| it.seconds <= first)?;
    let why = format!(
        "the first keep-alive comes after {}, against the {} that {} {} remembers a silent connection",
        seconds(first),
        seconds(memory.seconds),
        memory.word,
        memory.hop
    );
    Some((why, "set `net.ipv4.tcp_keepalive_time` to 300 or less"))
}

/// Whether a platform version is before 1.4.0.
fn is_old(platform: &str) -> bool {
    let mut parts = platform.split('.').map(str::parse::<u32>);
    matches!((parts.next(), parts.next()), (Some(Ok(1)), Some(Ok(0..=3))))
}
