//! Interfaces that pass on what others send, or answer names for others, and track every connection of it.

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::Direction,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let network = context.network;
    let hops = context.routes.tracked_hops();
    let mut servers = context.routes.tracked_name_servers();
    servers.retain(|it| hops.iter().all(|hop| hop.interface != it.interface));
    for tracked in hops.iter().chain(&servers) {
        let name = &network.interfaces[tracked.interface].name;
        let Some(at) = name.label("every connection through this interface takes an entry of its own") else {
            continue;
        };
        let groups: Vec<_> = tracked.groups.iter().map(|it| network.security_groups[*it].name.text()).collect();
        let closed = match tracked.directions.as_slice() {
            [Direction::In] => "let only some in",
            [Direction::Out] => "let only some out",
            _ => "let only some in and out",
        };
        let subject = match tracked.tables.len() {
            0 => format!("`{}` may be asked for names by DNS, and tracks every question", name.text()),
            count => format!("{} lead through `{}`, which tracks every connection", tables(count), name.text()),
        };
        let message = format!("{subject}: its security groups (`{}`) {closed}", groups.join("`, `"));
        let mut labels: Vec<Label> = Vec::new();
        labels.extend(
            tracked.groups.iter().filter_map(|it| network.security_groups[*it].name.label("this group makes it track")),
        );
        labels
            .extend(tracked.tables.iter().filter_map(|it| network.tables[*it].name.label("a route here leads to it")));
        findings
            .report(at, message)
            .because(labels)
            .help(if tracked.tables.is_empty() {
                "let its security group admit 0.0.0.0/0 on all ports both ways and filter by the subnet's network \
                     ACL, or shorten `udp_timeout` in `connection_tracking_specification`"
            } else {
                "let its security group admit 0.0.0.0/0 on all ports both ways and filter by the subnet's network \
                     ACL, or shorten `connection_tracking_specification`, or use a NAT gateway"
            })
            .evidence("route_tables", tracked.tables.len());
    }
}

fn tables(count: usize) -> String {
    if count == 1 { "routes of 1 table".to_owned() } else { format!("routes of {count} tables") }
}
