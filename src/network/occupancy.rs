//! Which subnets something certainly stands in.

use rustc_hash::FxHashSet;

use super::{
    arena::{Arena, Id},
    load_balancer::LoadBalancer,
    name::Link,
    subnet::Subnet,
};
use crate::{
    graph::{ResourceGraph, ResourceId},
    schema::{self, Noun},
};

/// What names a subnet and puts nothing into it.
const PUTS_NOTHING_IN: &[&str] = &[
    "aws_route_table_association",
    "aws_network_acl",
    "aws_default_network_acl",
    "aws_network_acl_association",
    "aws_ec2_subnet_cidr_reservation",
    "aws_vpc_block_public_access_exclusion",
    "aws_flow_log",
    "aws_ec2_tag",
    "aws_ram_resource_association",
];

pub(super) fn read(
    graph: &ResourceGraph,
    subnets: &Arena<Subnet>,
    load_balancers: &Arena<LoadBalancer>,
) -> FxHashSet<Id<Subnet>> {
    let is_there = |it: &LoadBalancer| it.name.in_code().is_none_or(|it| it.address.uncounted().is_empty());
    let there = load_balancers.iter().filter(|(_, it)| is_there(it));
    let nodes = there.flat_map(|(_, it)| &it.nodes.certain).filter_map(Link::known);
    let named = |(id, subnet): (Id<Subnet>, &Subnet)| {
        subnet.name.resource().filter(|resource| is_named(graph, *resource)).map(|_| id)
    };
    nodes.chain(subnets.iter().filter_map(named)).collect()
}

/// Whether something that stands in subnets names this one.
fn is_named(graph: &ResourceGraph, subnet: ResourceId) -> bool {
    graph.referrers(subnet).any(|(from, edge)| {
        let resource = graph.resource(from);
        let kind = resource.kind.as_str();
        let last = edge.attribute.rsplit('.').next().unwrap_or_default();
        let attribute = last.split('[').next().unwrap_or_default();
        // There may be none of what nobody has counted.
        let is_there = resource.address.uncounted().is_empty();
        is_there && !PUTS_NOTHING_IN.contains(&kind) && schema::holds(kind, attribute).contains(&Noun::Subnet)
    })
}
