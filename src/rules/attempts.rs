//! What the rules about filters share: the nodes and ports that something is wrong at, counted and named.

use super::Context;
use crate::{
    finding::Label,
    network::{Id, LoadBalancer, NetworkInterface, zones::in_words},
    reach::Ranges,
};

/// `port 443`, `ports 80 and 443`, `ports 1024-65535`.
pub(super) fn ports(ports: &Ranges) -> String {
    let all: Vec<_> = ports
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    match all.as_slice() {
        [one] if !one.contains('-') => format!("port {one}"),
        [] => "no port".to_owned(),
        [one] => format!("ports {one}"),
        [most @ .., last] => format!("ports {} and {last}", most.join(", ")),
    }
}

/// How many of how many nodes of a load balancer; at least how many, where it is not known how many it has.
pub(super) fn nodes_of(context: &Context<'_>, load_balancer: &LoadBalancer, count: usize) -> String {
    let name = load_balancer.name.text();
    match context.routes.node_count(load_balancer) {
        Some(total) => format!("{count} of {total} nodes of `{name}`"),
        None if count == 1 => format!("at least 1 node of `{name}`"),
        None => format!("at least {count} nodes of `{name}`"),
    }
}

/// The subnets of these interfaces, each once.
pub(super) fn subnet_labels(context: &Context<'_>, interfaces: &[Id<NetworkInterface>], text: &str) -> Vec<Label> {
    let network = context.network;
    let subnets = interfaces.iter().filter_map(|it| network.interfaces[*it].subnet.known());
    let mut labels: Vec<Label> = Vec::new();
    for label in subnets.filter_map(|subnet| network.subnets[subnet].name.label(text)) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// ` (us-east-1a, us-east-1b)`: the zones that these interfaces are in, where the code names them.
pub(super) fn zones(context: &Context<'_>, interfaces: &[Id<NetworkInterface>]) -> String {
    let network = context.network;
    let subnets = interfaces.iter().filter_map(|it| network.interfaces[*it].subnet.known());
    let mut zones: Vec<_> = subnets.filter_map(|subnet| network.subnets[subnet].zone.text()).collect();
    zones.sort_unstable();
    zones.dedup();
    if zones.is_empty() { String::new() } else { format!(" ({})", in_words(&zones)) }
}

/// Keeps what is not there yet.
pub(super) fn add<T: PartialEq>(all: &mut Vec<T>, item: T) {
    if !all.contains(&item) {
        all.push(item);
    }
}
