//! Which subnets something certainly stands in.

use petgraph::Direction;
use rustc_hash::FxHashSet;

use super::{
    arena::{Arena, Id},
    load_balancer::LoadBalancer,
    name::Link,
    subnet::Subnet,
};
use crate::{graph::ResourceGraph, schema};

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
    let naming = graph.naming(schema::names_subnets);
    let puts_something_in = |from| {
        let resource = graph.resource(from);
        // There may be none of what nobody has counted.
        !PUTS_NOTHING_IN.contains(&resource.kind.as_str()) && resource.address.uncounted().is_empty()
    };
    let named = |(id, subnet): (Id<Subnet>, &Subnet)| {
        let resource = subnet.name.resource()?;
        naming.neighbors_directed(resource, Direction::Incoming).any(puts_something_in).then_some(id)
    };
    nodes.chain(subnets.iter().filter_map(named)).collect()
}
