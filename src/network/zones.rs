//! In how many zones something is.

use super::{
    Network,
    arena::Id,
    container_service::ContainerService,
    owner::{Owner, OwnerKind},
    subnet::Zone,
};
use crate::graph::ResourceId;

impl Network {
    /// The zones that an owner has interfaces in, each once; `None` where one of them is not known.
    pub fn zones_of(&self, owner: Id<Owner>) -> Option<Vec<&Zone>> {
        let it = &self.owners[owner];
        if it.others.is_some() || it.interfaces.is_empty() {
            return None;
        }
        let mut zones: Vec<&Zone> = Vec::new();
        for &interface in &it.interfaces {
            let interface = &self.interfaces[interface];
            let zone = &self.subnets[interface.subnet.known().filter(|_| interface.is_certain)?].zone;
            zone.text()?;
            if !zones.contains(&zone) {
                zones.push(zone);
            }
        }
        // A name and an id may be the same zone.
        let kind = std::mem::discriminant(*zones.first()?);
        zones.iter().all(|it| std::mem::discriminant(*it) == kind).then_some(zones)
    }

    /// The zones that the tasks of a service run in: of their own interfaces, or of their hosts.
    pub fn zones_of_service(&self, service: &ContainerService) -> Option<Vec<&Zone>> {
        let own = self.owner_of(service.name.resource).and_then(|it| self.zones_of(it));
        own.or_else(|| match service.hosts.as_slice() {
            [host] => self.zones_of(self.owner_of(*host)?),
            _ => None,
        })
    }

    /// What runs in several zones of the VPC that something else is in, by itself.
    pub fn neighbours_in_several_zones(&self, resource: ResourceId) -> Vec<Id<Owner>> {
        let vpc = |owner: Id<Owner>| {
            let first = self.owners[owner].interfaces.first()?;
            self.subnets[self.interfaces[*first].subnet.known()?].vpc.known()
        };
        let Some(here) = self.owner_of(resource).and_then(vpc) else { return Vec::new() };
        let is_service = |kind: OwnerKind| match kind {
            OwnerKind::ScalingGroup | OwnerKind::Task | OwnerKind::Function | OwnerKind::Nodes => true,
            OwnerKind::Interface
            | OwnerKind::Instance
            | OwnerKind::Database
            | OwnerKind::Cache
            | OwnerKind::ControlPlane
            | OwnerKind::Pods
            | OwnerKind::LoadBalancer
            | OwnerKind::NatGateway
            | OwnerKind::Endpoint
            | OwnerKind::VpcLink
            | OwnerKind::FileSystem
            | OwnerKind::Other => false,
        };
        let all = self.owners.iter().filter(|(id, it)| is_service(it.kind) && vpc(*id) == Some(here));
        all.map(|(id, _)| id).filter(|&id| self.zones_of(id).is_some_and(|it| 1 < it.len())).collect()
    }
}
