//! What the rules about ways out share: which interfaces of a workload have none, and why.

use super::Context;
use crate::{
    network::{Id, NetworkInterface, Owner},
    reach::{
        Code,
        egress::{By, Egress, ServiceWay},
    },
    value::Truth,
};

/// How one interface of a workload gets out, as far as that is certain.
pub(super) enum Out {
    /// Somewhere, somehow.
    Some,
    /// Nowhere, and this is why.
    Nowhere(Option<Code>, String),
    Unknown,
}

/// The interfaces of a workload that are there for certain, and how each gets out.
pub(super) fn of(context: &Context<'_>, owner: &Owner) -> Vec<(Id<NetworkInterface>, Egress, Out)> {
    let network = context.network;
    let certain = owner.interfaces.iter().filter(|it| network.interfaces[**it].is_certain);
    let of = |&interface: &Id<NetworkInterface>| {
        let egress = context.routes.egress_of(interface);
        let out = out(context, &egress);
        (interface, egress, out)
    };
    certain.map(of).collect()
}

fn out(context: &Context<'_>, egress: &Egress) -> Out {
    let mut why = None;
    for way in &egress.ways {
        match &way.by {
            By::Addresses { .. } if way.is_certain => return Out::Some,
            By::Nothing(code, text) if way.is_certain => {
                why.get_or_insert_with(|| (*code, text.clone()));
            }
            By::Addresses { .. } | By::Nothing(..) | By::Unknown(_) => return Out::Unknown,
        }
    }
    match (why, context.network.interfaces[egress.interface].ipv6) {
        // An IPv6 address that it may have may lead out.
        (_, Truth::Unknown) | (None, _) => Out::Unknown,
        (Some((code, text)), Truth::True | Truth::False) => Out::Nowhere(code, text),
    }
}

/// Why there is no way, in a message.
pub(super) fn reason(code: Option<Code>, text: &str) -> String {
    match code {
        Some(Code::IgwPublicIpAssociationForEgress) => {
            "the subnet leads to the internet gateway, and the interface has no public address".to_owned()
        }
        Some(Code::NoRouteToDestination) => "the subnet has no route to the internet".to_owned(),
        Some(_) | None => text.to_owned(),
    }
}

/// Whether one of AWS's services is reached by an endpoint.
pub(super) fn has_endpoint(egress: &Egress) -> bool {
    egress.services.values().any(|way| matches!(way, ServiceWay::Endpoint(_) | ServiceWay::Unknown(_)))
}
