//! Workloads that servers see under other addresses after a plan.

use super::{Context, changes};
use crate::{
    finding::{Findings, Label},
    network::Name,
    reach::{Departure, Origin, Transition, egress::EgressAddress},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(change) = context.change else { return };
    let network = change.after().network();
    for departure in change.departures() {
        // Partners who admit all that is new already have nothing to do.
        if departure.new.iter().all(|address| network.admits(address) == Some(true)) {
            continue;
        }
        report(change, findings, &departure);
    }
}

fn report(change: &Transition<'_>, findings: &mut Findings<'_>, departure: &Departure) {
    if !departure.is_lived_in {
        changes::ask_for_residents(findings, change, &departure.subnets);
    }
    let (before, after) = (texts(&departure.before), texts(&departure.new));
    let names = changes::names(change, &departure.subnets);
    let message = format!(
        "servers see what leaves {} through `{}` come from {}{}{}",
        changes::quoted(&names),
        departure.nats.1,
        after.join(" or "),
        if departure.is_addition { " too, besides " } else { " instead of " },
        before.join(" or "),
    );
    let text = match departure.cause {
        Origin::Address(_) => "the plan gives this address up and takes another one",
        Origin::Nat(_) => "the plan gives this NAT gateway another address",
        Origin::Route(_) => "the plan leads to another NAT gateway by this",
    };
    let at = departure.cause.declared().label(text);
    let gateway = change.after().network().nat_gateways.iter().find(|(_, it)| it.name.text() == departure.nats.1);
    let gateway = gateway.map(|(_, it)| &it.name).filter(|name| !is_at(name, &at));
    let mut labels: Vec<Label> =
        gateway.and_then(|it| it.label("they leave by this NAT gateway")).into_iter().collect();
    labels.extend(changes::subnet_labels(change, &departure.subnets, "this subnet leaves by it"));
    let reported = findings
        .report(at, message)
        .because(labels)
        .help("keep the Elastic IP address, or have whoever admits the old address admit the new one first")
        .evidence("before", before)
        .evidence("after", after)
        .evidence("subnets", departure.subnets.len());
    if !departure.is_lived_in {
        reported.possible();
    }
}

fn is_at(name: &Name, at: &Label) -> bool {
    at.resource.as_deref() == Some(name.text())
}

fn texts(addresses: &[EgressAddress]) -> Vec<String> {
    let text = |address: &EgressAddress| match address {
        EgressAddress::Fixed { name, address: Some(address) } => format!("`{name}` ({address})"),
        EgressAddress::Fixed { name, address: None } => format!("the new address of `{name}`"),
        EgressAddress::Changing(why) => format!("addresses that are not fixed ({why})"),
        EgressAddress::Unknown(why) => format!("an unknown address ({why})"),
    };
    addresses.iter().map(text).collect()
}
