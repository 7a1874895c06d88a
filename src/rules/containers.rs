//! What the rules about hosts of containers share: which hosts are launched alike, and where a setting stands.

use super::Context;
use crate::{finding::Label, network::host::Host, value::Attr};

/// The hosts, those together that one launch template or configuration says the same of.
pub(super) fn launches<'a>(context: &Context<'a>) -> Vec<Vec<&'a Host>> {
    let mut launches: Vec<Vec<&Host>> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for host in &context.network.workloads.hosts {
        let place = *places.entry(host.metadata.written.resource).or_insert(launches.len());
        match launches.get_mut(place) {
            Some(hosts) => hosts.push(host),
            None => launches.push(vec![host]),
        }
    }
    launches
}

/// A label where a setting of the metadata service is written, or else at what would say it.
pub(super) fn place<T>(host: &Host, attribute: Option<&Attr<T>>, text: &str) -> Label {
    Label::new(host.metadata.place(attribute), text).of(host.metadata.written.address.as_str())
}
