//! Hops that remember connections, and for how long: what is silent for longer, they forget.
//!
//! Where the way to the internet of something is not known, nothing is said of it.

use super::RouteResolver;
use crate::{
    finding::Label,
    graph::ResourceId,
    network::{
        EndpointKind, Family, NextHop, State,
        container_service::ContainerService,
        limits::{GATEWAY_LOAD_BALANCER_IDLE, NAT_IDLE},
    },
};

/// A hop on the way to the internet that forgets silent connections.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Its name in messages.
    pub hop: String,
    /// What it is.
    pub word: &'static str,
    /// After how many seconds of silence it forgets.
    pub seconds: i64,
    /// The route that leads to it.
    pub route: Option<Label>,
}

impl RouteResolver<'_> {
    /// The first forgetful hop that what a resource has in the network, or one of its hosts, certainly goes through on its
    /// way to the internet.
    pub fn memory(&self, resource: ResourceId) -> Option<Memory> {
        let owner = &self.network.owners[self.network.owner_of(resource)?];
        owner.interfaces.iter().find_map(|&interface| {
            let interface = &self.network.interfaces[interface];
            let subnet = interface.subnet.known().filter(|_| interface.is_certain)?;
            let answers = self.internet(subnet, Family::V4);
            // Whichever table is in force: each leads to one that forgets.
            let answer = answers.first()?;
            let all = answers
                .iter()
                .all(|it| it.state == State::Active && it.target.as_ref().is_some_and(|it| self.forgets(it).is_some()));
            let target = answer.target.as_ref().filter(|_| all)?;
            let (word, seconds) = self.forgets(target)?;
            let label = format!("{} leave by this route", owner.name.text());
            Some(Memory { hop: self.network.describe(target), word, seconds, route: self.label(answer, label) })
        })
    }

    /// The same of a service: of its tasks' own interfaces, or of the hosts whose interfaces they use.
    pub fn memory_of_service(&self, service: &ContainerService) -> Option<Memory> {
        self.memory(service.name.resource).or_else(|| service.hosts.iter().find_map(|&host| self.memory(host)))
    }

    fn forgets(&self, hop: &NextHop) -> Option<(&'static str, i64)> {
        match hop {
            NextHop::Nat(_) => Some(("NAT gateway", NAT_IDLE)),
            NextHop::Endpoint(id) => match self.network.endpoints[*id].kind {
                EndpointKind::GatewayLoadBalancer => Some(("firewall endpoint", GATEWAY_LOAD_BALANCER_IDLE)),
                // The policy of a firewall decides, which is not read.
                EndpointKind::Firewall | EndpointKind::Gateway | EndpointKind::Interface | EndpointKind::Unknown => {
                    None
                }
            },
            NextHop::Local
            | NextHop::InternetGateway(_)
            | NextHop::EgressOnlyGateway(_)
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::VpnGateway(_)
            | NextHop::TransitGateway(_)
            | NextHop::Peering(_)
            | NextHop::GatewayEndpoint(_)
            | NextHop::CarrierGateway(_)
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_)
            | NextHop::Gone(_)
            | NextHop::Unknown(_) => None,
            NextHop::OneOf(hops) => {
                hops.iter().all(|it| matches!(it, NextHop::Nat(_))).then_some(("NAT gateway", NAT_IDLE))
            }
        }
    }
}
