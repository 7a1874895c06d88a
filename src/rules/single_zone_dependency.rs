//! Endpoints in one zone that services of several zones depend on.

use super::Context;
use crate::{
    finding::Findings,
    network::{EndpointKind, zones::in_words},
    value::Known,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let network = context.network;
    for (_, endpoint) in &network.endpoints {
        let Some(declared) = endpoint.name.in_code().filter(|_| endpoint.kind == EndpointKind::Interface) else {
            continue;
        };
        // Without the service's own name, a service asks it by choice.
        if !matches!(endpoint.private_dns, Known::Written(true) | Known::Default(true)) {
            continue;
        }
        let zones = network.owner_of(declared.resource).and_then(|it| network.zones_of(it));
        let Some([zone]) = zones.as_deref() else { continue };
        let dependants = network.neighbours_in_several_zones(declared.resource);
        let Some(&first) = dependants.first() else { continue };
        let count = network.zones_of(first).map_or(0, |it| it.len());
        let others = dependants.len() - 1;
        let message = format!(
            "`{}` stands in {} alone, and `{}`, which stands in {count} zones, depends on it{}",
            declared.address,
            zone.text().map_or_else(|| "one zone".to_owned(), |it| in_words(&[it])),
            network.owners[first].name.text(),
            if others == 0 { String::new() } else { format!(", as {others} more do") },
        );
        findings
            .report(declared.label("it fails with its one zone"), message)
            .because(
                dependants.iter().filter_map(|&it| network.owners[it].name.label("it has copies in several zones")),
            )
            .help("add a subnet of each other zone that asks it");
    }
}
