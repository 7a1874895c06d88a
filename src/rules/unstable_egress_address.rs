//! Workloads that leave by fixed addresses in some subnets and by changing ones in others.

use super::{Context, attempts};
use crate::{
    finding::Findings,
    network::{Id, NetworkInterface, Owner},
    reach::egress::{By, Egress, EgressAddress, Way},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, owner) in context.network.owners.iter().filter(|(_, owner)| owner.kind.is_workload()) {
        let certain = owner.interfaces.iter().filter(|it| context.network.interfaces[**it].is_certain);
        let certain: Vec<_> = certain.copied().collect();
        if certain.len() < 2 {
            continue;
        }
        let (mut fixed, mut changing) = (Vec::new(), Vec::new());
        for interface in certain {
            match kind(&context.routes.egress_of(interface)) {
                Some(Kind::Fixed(by)) => attempts::add(&mut fixed, by),
                Some(Kind::Changing) => changing.push(interface),
                None => (),
            }
        }
        if !fixed.is_empty() && !changing.is_empty() {
            report(context, findings, owner, &fixed, &changing);
        }
    }
}

/// By what addresses an interface leaves, where that is certain and the same for all of the internet.
enum Kind {
    /// Those of this NAT gateway.
    Fixed(String),
    Changing,
}

fn kind(egress: &Egress) -> Option<Kind> {
    let [Way { by: By::Addresses { addresses, name, .. }, to: None, is_certain: true, .. }] = egress.ways.as_slice()
    else {
        return None;
    };
    let is_fixed = |it: &EgressAddress| matches!(it, EgressAddress::Fixed { .. });
    let changes = |it: &EgressAddress| matches!(it, EgressAddress::Changing(_));
    if addresses.iter().any(changes) {
        Some(Kind::Changing)
    } else if !addresses.is_empty() && addresses.iter().all(is_fixed) {
        Some(Kind::Fixed(name.clone()))
    } else {
        None
    }
}

fn report(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    owner: &Owner,
    fixed: &[String],
    changing: &[Id<NetworkInterface>],
) {
    let Some(at) = owner.name.label("it leaves by addresses that differ from subnet to subnet") else { return };
    let message = format!(
        "`{}` leaves by changing addresses of its own from {} of {} subnets{}, and by the fixed ones of `{}` from the \
         others",
        owner.name.text(),
        changing.len(),
        owner.interfaces.len(),
        attempts::zones(context, changing),
        fixed.join("`, `"),
    );
    findings
        .report(at, message)
        .because(attempts::subnet_labels(context, changing, "from this subnet it leaves by an address that changes"))
        .help("name only subnets whose default route leads to a NAT gateway with an Elastic IP address")
        .evidence("subnets", changing.len());
}
