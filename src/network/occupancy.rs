//! Which subnets something certainly stands in.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    arena::{Arena, Id},
    load_balancer::LoadBalancer,
    name::Link,
    subnet::Subnet,
};
use crate::{
    graph::{ResourceGraph, ResourceId},
    schema,
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
    let nodes = load_balancers.iter().flat_map(|(_, it)| &it.nodes.certain).filter_map(Link::known);
    let mut occupied: FxHashSet<Id<Subnet>> = nodes.collect();
    let declared = subnets.iter().filter_map(|(id, subnet)| Some((subnet.name.resource()?, id)));
    let declared: FxHashMap<ResourceId, Id<Subnet>> = declared.collect();
    for (from, resource) in graph.resources() {
        if PUTS_NOTHING_IN.contains(&resource.kind.as_str()) {
            continue;
        }
        graph.named_by(from, schema::names_subnets, &mut |to| {
            if to != from {
                occupied.extend(declared.get(&to));
            }
        });
    }
    occupied
}
