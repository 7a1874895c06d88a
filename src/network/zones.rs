//! In how many zones something is, and how a person would name them.

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

/// The list that the pseudo parameter of a template's region has.
const OF_REGION: &str = "AWS::Region.zones";

/// Zones as a person would name them: `us-east-1a`, `the first and third zone of the region`. Each stands in the words
/// of the code, sorted.
pub fn in_words(zones: &[&str]) -> String {
    let members: Option<Vec<_>> = zones.iter().map(|it| member(it)).collect();
    let mut members = members.unwrap_or_default();
    members.sort_unstable();
    match members.first() {
        Some((list, _)) if members.iter().all(|(it, _)| it == list) => {
            let ordinals: Vec<_> = members.iter().map(|(_, index)| ordinal(*index)).collect();
            let ordinals = match ordinals.as_slice() {
                [before @ .., end] if !before.is_empty() => format!("{} and {end}", before.join(", ")),
                all => all.concat(),
            };
            let of = if *list == OF_REGION { "the region".to_owned() } else { format!("`{list}`") };
            format!("the {ordinals} zone of {of}")
        }
        Some(_) | None => {
            let each = zones.iter().map(|it| if member(it).is_some() { in_words(&[it]) } else { (*it).to_owned() });
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

/// The list of zones, and the place in it from 0: `data.aws_availability_zones.these.names[1]`.
fn member(zone: &str) -> Option<(&str, usize)> {
    let (list, index) = zone.strip_suffix(']')?.rsplit_once('[')?;
    let index = index.parse().ok()?;
    let source = list.strip_suffix(".names").or_else(|| list.strip_suffix(".zone_ids"));
    match source.filter(|it| it.contains("data.aws_availability_zones.")) {
        Some(source) => Some((source, index)),
        None => (list == OF_REGION).then_some((list, index)),
    }
}

fn ordinal(index: usize) -> String {
    const ORDINALS: &[&str] = &["first", "second", "third", "fourth", "fifth", "sixth"];
    ORDINALS.get(index).map_or_else(|| format!("{}th", index.saturating_add(1)), |it| (*it).to_owned())
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn zones_are_named_as_people_name_them() {
        assert_eq!(in_words(&["us-east-1a", "us-east-1b"]), "us-east-1a, us-east-1b");
        assert_eq!(in_words(&["AWS::Region.zones[1]"]), "the second zone of the region");
        let three = ["AWS::Region.zones[0]", "AWS::Region.zones[10]", "AWS::Region.zones[2]"];
        assert_eq!(in_words(&three), "the first, third and 11th zone of the region");
        let read = ["module.net.data.aws_availability_zones.all.names[0]", "us-east-1b"];
        assert_eq!(in_words(&read), "the first zone of `module.net.data.aws_availability_zones.all`, us-east-1b");
        assert_eq!(in_words(&["var.zones[3]"]), "var.zones[3]");
        assert_eq!(in_words(&[]), "");
    }
}
