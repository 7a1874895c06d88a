//! Subnets in use that follow their VPC's main route table.

use rustc_hash::FxHashSet;

use super::Context;
use crate::{
    finding::Findings,
    network::{Association, Id, Link, NextHop, Subnet, Vpc},
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

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let network = context.network;
    let mixed = vpcs_with_own_associations(context);
    let balanced: FxHashSet<Id<Subnet>> =
        network.load_balancers.iter().flat_map(|(_, it)| &it.nodes.certain).filter_map(Link::known).collect();
    for (id, subnet) in &network.subnets {
        let Association::Main(table) = subnet.association else { continue };
        let (Some(declared), Some(vpc)) = (subnet.name.in_code(), subnet.vpc.known()) else { continue };
        let main = &network.tables[table];
        let leads_on = |target: &NextHop| !matches!(target, NextHop::Local | NextHop::GatewayEndpoint(_));
        let routes = main.routes.iter().filter(|route| leads_on(&route.target)).count();
        let is_exposed = routes != 0 || mixed.contains(&vpc);
        if network.vpcs[vpc].is_default
            || !is_exposed
            || !(balanced.contains(&id) || is_in_use(context, declared.resource))
        {
            continue;
        }
        let message = format!(
            "`{}` has no route table of its own and follows the main one, `{}`",
            declared.address,
            main.name.text()
        );
        findings
            .report(declared.label("this subnet has no association"), message)
            .because(main.name.label("this is the main route table"))
            .help("associate the subnet with the route table that it should follow");
    }
}

/// VPCs of which some subnets have associations of their own.
fn vpcs_with_own_associations(context: &Context<'_>) -> FxHashSet<Id<Vpc>> {
    let subnets = context.network.subnets.iter().map(|(_, subnet)| subnet);
    let explicit = subnets.filter(|subnet| matches!(subnet.association, Association::Explicit { .. }));
    explicit.filter_map(|subnet| subnet.vpc.known()).collect()
}

/// Whether something certainly stands in the subnet.
fn is_in_use(context: &Context<'_>, subnet: crate::graph::ResourceId) -> bool {
    context.graph.referrers(subnet).any(|(from, edge)| {
        let kind = context.graph.resource(from).kind.as_str();
        let last = edge.attribute.rsplit('.').next().unwrap_or_default();
        let attribute = last.split('[').next().unwrap_or_default();
        !PUTS_NOTHING_IN.contains(&kind) && schema::holds(kind, attribute).contains(&Noun::Subnet)
    })
}
