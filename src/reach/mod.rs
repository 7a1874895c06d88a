//! Where packets go: the table in force, the next hop of every address, and the way to the internet.

pub mod balancing;
pub mod change;
pub mod class;
mod clients;
pub mod code;
#[cfg(test)]
mod drawn_tests;
pub mod egress;
pub mod exposure;
pub mod filter;
mod firewall;
#[cfg(test)]
mod firewall_tests;
pub mod forwarding;
#[cfg(test)]
mod forwarding_tests;
pub mod gap;
#[cfg(test)]
mod gateway_tests;
pub mod impact;
pub mod lookup;
pub mod memory;
pub mod named;
mod nat64;
pub mod nat_gateway;
pub mod packets;
mod parts;
pub mod path;
pub mod question;
#[cfg(test)]
mod question_tests;
pub mod ranges;
pub mod readdress;
mod remembered;
pub mod reply;
pub mod reroute;
pub mod space;
pub mod table;
#[cfg(test)]
mod tests;
pub mod tracking;
pub mod transit_egress;
mod transit_parts;
pub mod transition;
mod unchanged;
mod walk;
pub mod words;
pub mod zones;

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use crate::{
    finding::Label,
    network::{Family, Id, Network, RouteTable, Subnet},
};

pub use class::Classes;
pub use code::Code;
pub use exposure::Exposure;
pub use gap::{Gap, GapKind};
pub use lookup::Part;
pub use packets::{Packets, Product, Side};
pub use parts::{Answer, Parts};
pub use path::{Back, Fate, Outside, Path, Thing};
pub use question::{Party, Question, Reachability, Traffic, Verdict};
pub use ranges::Ranges;
pub use readdress::{Departure, Origin, Replacement, ReplacementKind};
pub use reroute::{Cause, Reroute};
pub use space::Space;
pub use transition::{Lasting, Transition};

use transit_parts::TransitParts;

/// Answers questions about routes. Tables are divided once each, however many subnets use them.
#[derive(Debug)]
pub struct RouteResolver<'a> {
    network: &'a Network,
    tables: Vec<OnceLock<Arc<Parts>>>,
    subnets: Vec<OnceLock<Arc<Parts>>>,
    transit: Vec<OnceLock<Arc<TransitParts>>>,
    filters: filter::Prepared,
    replies: remembered::Remembered,
    subnet_classes: OnceLock<Vec<usize>>,
}

impl<'a> RouteResolver<'a> {
    pub fn new(network: &'a Network) -> Self {
        let cells = |count| std::iter::repeat_with(OnceLock::new).take(count).collect();
        let transit = std::iter::repeat_with(OnceLock::new).take(network.transit_tables.len()).collect();
        Self {
            network,
            tables: cells(network.tables.len()),
            subnets: cells(network.subnets.len()),
            transit,
            filters: filter::Prepared::new(network),
            replies: remembered::Remembered::new(network),
            subnet_classes: OnceLock::new(),
        }
    }

    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// The table in force in a subnet, where that is certain.
    pub fn table(&self, subnet: Id<Subnet>) -> Option<Id<RouteTable>> {
        match self.network.subnets[subnet].association.candidates() {
            Some([table]) => Some(*table),
            Some(_) | None => None,
        }
    }

    /// The whole of both families, as a table divides it.
    pub fn parts(&self, table: Id<RouteTable>) -> Arc<Parts> {
        Arc::clone(self.tables[table.index()].get_or_init(|| Arc::new(Parts::of(self.network, table))))
    }

    /// The whole of both families, as it is divided in a subnet. Where its table is one of several, an address has the
    /// answers of each.
    pub fn parts_of(&self, subnet: Id<Subnet>) -> Arc<Parts> {
        Arc::clone(self.subnets[subnet.index()].get_or_init(|| {
            let it = &self.network.subnets[subnet];
            match it.association.candidates() {
                None => Arc::new(Parts::unknown(self.network, &it.vpc)),
                Some([table]) => self.parts(*table),
                Some(tables) => Arc::new(Parts::among(tables.iter().map(|&table| self.parts(table)))),
            }
        }))
    }

    /// What may become of a packet that leaves a subnet for an address: one answer where that is known.
    pub fn next_hop(&self, subnet: Id<Subnet>, address: IpAddr) -> Vec<Answer> {
        let parts = self.parts_of(subnet);
        parts.distinct(&parts.at(address).answers).cloned().collect()
    }

    /// What may become of most of what a subnet sends to the internet: one answer where that is known.
    pub fn internet(&self, subnet: Id<Subnet>, family: Family) -> Vec<Answer> {
        let parts = self.parts_of(subnet);
        parts.distinct(&parts.bulk(family)).cloned().collect()
    }

    /// A label at the route that gives an answer.
    pub fn label(&self, answer: &Answer, text: impl Into<String>) -> Option<Label> {
        let route = answer.route.map(|(table, route)| &self.network.tables[table].routes[route])?;
        route.written.place().map(|declared| declared.label(text))
    }

    /// How a message names an answer's next hop.
    pub fn describe(&self, answer: &Answer) -> String {
        answer.target.as_ref().map_or_else(|| "nowhere".to_owned(), |target| self.network.describe(target))
    }
}
