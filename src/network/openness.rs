//! Whom security groups admit, as far as it matters to what stands behind them: everybody, or so that nothing is tracked.

use ipnet::{IpNet, Ipv4Net};

use super::{
    Network,
    load_balancer::LoadBalancer,
    security::{Direction, Groups, Peer, SecurityRule},
};
use crate::{graph::ResourceId, value::Truth};

fn is_everybody(rule: &SecurityRule) -> bool {
    rule.is_certain
        && rule.peers.iter().any(|it| matches!(it, Peer::Block(block) if *block == IpNet::V4(Ipv4Net::default())))
}

impl Network {
    /// Whether an internet-facing load balancer admits everybody on a port that it listens on.
    pub fn admits_everybody(&self, load_balancer: &LoadBalancer) -> Truth {
        let faces_internet = load_balancer.is_internal.is(|it| !it);
        let Some(groups) = &load_balancer.groups else { return faces_internet };
        let Some(rules) = self.ingress(groups) else { return Truth::Unknown };
        let mut ports = load_balancer.listeners.iter().filter_map(|it| Some((*it.port.get()?, it.protocol?)));
        let admits = ports.any(|(port, protocol)| {
            rules.iter().any(|rule| is_everybody(rule) && rule.admits(port, protocol) == Truth::True)
        });
        faces_internet.and(if admits { Truth::True } else { Truth::Unknown })
    }

    fn ingress(&self, groups: &Groups) -> Option<Vec<&SecurityRule>> {
        let known: Option<Vec<_>> = groups.links.iter().map(super::Link::known).collect();
        Some(known?.into_iter().flat_map(|it| &self.security_groups[it].ingress).collect())
    }

    /// Whether a resource's interfaces certainly track what a load balancer sends them: all that a network one sends; of
    /// others, what no rule admits from everybody.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html>
    pub fn tracks(&self, is_network: bool, resource: ResourceId) -> bool {
        if is_network {
            return true;
        }
        let Some(owner) = self.owner_of(resource) else { return false };
        let groups = self.owners[owner].interfaces.first().and_then(|&it| self.interfaces[it].groups.as_ref());
        let Some(groups) = groups.filter(|it| it.others.is_none()) else { return false };
        let is_whole = groups
            .links
            .iter()
            .all(|it| it.known().is_some_and(|it| self.security_groups[it].others(Direction::In).is_none()));
        is_whole
            && self.ingress(groups).is_some_and(|rules| !rules.is_empty() && !rules.iter().any(|it| is_everybody(it)))
    }
}
