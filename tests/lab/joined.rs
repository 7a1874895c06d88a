//! What joins the VPCs of a network that is read, and what stands in the way within one: peering connections, a transit
//! gateway, firewalls and the tables of internet gateways.

use iac_check::{
    network::{Destination, Endpoint, EndpointKind, Family, Id, Link, Network, TransitAttachment, Zone},
    value::Truth,
};
use ipnet::IpNet;

use crate::network::{Attachment, Firewall, Lab, TransitTable};

/// Adds all of it.
pub(crate) fn add(network: &Network, lab: &mut Lab) -> Result<(), String> {
    for (_, peering) in &network.peerings {
        let (Some(one), Some(other)) = (peering.requester.known(), peering.accepter.known()) else {
            return Err("a peering connection's VPCs are not known".to_owned());
        };
        if peering.is_accepted != Truth::True {
            return Err("whether a peering connection is accepted is not known".to_owned());
        }
        lab.peerings.push((one.index(), other.index()));
    }
    lab.firewalls = firewalls(network).map(|(_, subnet)| Firewall { subnet }).collect();
    if 1 < network.transit_gateways.len() {
        return Err("several transit gateways".to_owned());
    }
    lab.attachments = network.transit_attachments.iter().map(|(_, it)| attachment(it)).collect::<Result<_, _>>()?;
    if !lab.attachments.is_empty() && network.subnets.iter().any(|(_, it)| it.zone.text().is_none()) {
        return Err("which zones the subnets are in is not known".to_owned());
    }
    for (_, table) in &network.transit_tables {
        if let Some(why) = &table.others {
            return Err(format!("the routes of a transit gateway's table: {why}"));
        }
        let mut routes: Vec<(IpNet, Option<usize>)> = Vec::new();
        for route in &table.routes {
            let Destination::Block(block) = &route.destination else {
                return Err("the destination of a transit gateway's route".to_owned());
            };
            routes.push((*block, route.attachment.as_ref().map(index).transpose()?));
        }
        let learns = table.propagations.iter().map(index).collect::<Result<_, _>>()?;
        lab.transit_tables.push(TransitTable { routes, learns });
    }
    Ok(())
}

fn index(link: &Link<TransitAttachment>) -> Result<usize, String> {
    link.known().map(Id::index).ok_or_else(|| "which attachment a transit gateway's table means".to_owned())
}

fn attachment(it: &TransitAttachment) -> Result<Attachment, String> {
    let vpc = it.vpc.as_ref().ok_or("an attachment that is no VPC's")?.known().ok_or("an attachment's VPC")?;
    let subnets: Option<Vec<_>> = it.subnets.iter().map(|link| link.known().map(Id::index)).collect();
    let subnets = subnets.filter(|_| it.other_subnets.is_none()).ok_or("an attachment's subnets are not known")?;
    let table = it.table.known().ok_or("an attachment without a table")?;
    let is_appliance = *it.appliance_mode.get().ok_or("an attachment's mode is not known")?;
    Ok(Attachment { vpc: vpc.index(), subnets, is_appliance, table: table.index() })
}

/// Every firewall's endpoints, one for each of its subnets.
fn firewalls(network: &Network) -> impl Iterator<Item = (Id<Endpoint>, usize)> + '_ {
    let is_firewall = |it: &Endpoint| matches!(it.kind, EndpointKind::Firewall | EndpointKind::GatewayLoadBalancer);
    let all = network.endpoints.iter().filter(move |(_, it)| is_firewall(it));
    all.flat_map(|(id, it)| it.subnets.iter().filter_map(Link::known).map(move |subnet| (id, subnet.index())))
}

/// The firewall that an endpoint is for what comes from a zone.
pub(crate) fn firewall(network: &Network, endpoint: Id<Endpoint>, zone: Option<usize>) -> Result<usize, String> {
    let zones = zones(network);
    let of = firewalls(network).enumerate().filter(|(_, (id, _))| *id == endpoint);
    let all: Vec<(usize, usize)> = of.map(|(at, (_, subnet))| (at, zones[subnet])).collect();
    match (all.as_slice(), zone) {
        ([(only, _)], _) => Ok(*only),
        (several, Some(zone)) => {
            let near = several.iter().find(|(_, of)| *of == zone);
            near.map(|(at, _)| *at).ok_or_else(|| "which endpoint of a firewall is meant".to_owned())
        }
        (_, None) => Err("which endpoint of a firewall is meant".to_owned()),
    }
}

/// The number of each subnet's zone. Of zones that AWS chooses nothing depends where they are not asked for.
pub(crate) fn zones<'a>(network: &'a Network) -> Vec<usize> {
    let mut names: Vec<Option<&'a str>> = Vec::new();
    let mut number = |zone: &'a Zone| {
        let name = zone.text();
        names.iter().position(|it| *it == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        })
    };
    let all = network.subnets.iter().map(|(_, subnet)| &subnet.zone);
    all.map(&mut number).collect()
}

/// Whether IPv6 comes in where the code has no internet gateway for it.
pub(crate) fn has_closed_ipv6(network: &Network, lab: &Lab) -> bool {
    let is_closed = |vpc: usize| network.vpcs.iter().nth(vpc).is_some_and(|(_, it)| it.internet_gateways.is_empty());
    let has_ipv6 = |vpc: usize| lab.vpc_blocks(vpc).iter().any(|block| Family::of(*block) == Family::V6);
    (0..lab.vpcs.len()).any(|vpc| is_closed(vpc) && has_ipv6(vpc))
}
