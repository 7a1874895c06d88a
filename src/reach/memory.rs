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
            let [answer] = answers.as_slice() else { return None };
            if answer.state != State::Active {
                return None;
            }
            let target = answer.target.as_ref()?;
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
            | NextHop::OneOf(_)
            | NextHop::Unknown(_) => None,
        }
    }
}
