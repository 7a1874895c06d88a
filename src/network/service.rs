//! Interfaces that AWS's services put into subnets: functions, databases, caches, clusters, links and file systems.

use super::{
    arena::Id,
    endpoint::EndpointKind,
    launch::no_ipv6,
    load_balancer::{AddressType, LoadBalancer},
    name::{Link, blocks, resolve, set},
    nat::{Connectivity, Placement},
    owner::{self, Nodes, OwnerKind, Plan},
    public_address::PublicAddress,
    reader::Reader,
    security::{self, Groups},
    subnet::Subnet,
};
use crate::{
    graph::{ResourceId, Target},
    resource::Resource,
    schema::Noun,
    value::{Known, Truth, Value},
};

/// A type whose interfaces follow from two attributes: of it, or of the one block named.
struct Simple {
    kind: &'static str,
    owner: OwnerKind,
    block: Option<&'static str>,
    subnets: &'static str,
    groups: &'static str,
}

const SIMPLE: &[Simple] = &[
    simple("aws_lambda_function", OwnerKind::Function, Some("vpc_config"), "subnet_ids", "security_group_ids"),
    simple("aws_codebuild_project", OwnerKind::Other, Some("vpc_config"), "subnets", "security_group_ids"),
    simple("aws_apigatewayv2_vpc_link", OwnerKind::VpcLink, None, "subnet_ids", "security_group_ids"),
    simple("aws_efs_mount_target", OwnerKind::FileSystem, None, "subnet_id", "security_groups"),
    simple("aws_mq_broker", OwnerKind::Other, None, "subnet_ids", "security_groups"),
    simple("aws_msk_cluster", OwnerKind::Other, Some("broker_node_group_info"), "client_subnets", "security_groups"),
    simple("aws_opensearch_domain", OwnerKind::Other, Some("vpc_options"), "subnet_ids", "security_group_ids"),
    simple("aws_elasticsearch_domain", OwnerKind::Other, Some("vpc_options"), "subnet_ids", "security_group_ids"),
    simple("aws_apprunner_vpc_connector", OwnerKind::Other, None, "subnets", "security_groups"),
];

const fn simple(
    kind: &'static str,
    owner: OwnerKind,
    block: Option<&'static str>,
    subnets: &'static str,
    groups: &'static str,
) -> Simple {
    Simple { kind, owner, block, subnets, groups }
}

/// Databases and caches: their subnets are a group's.
const GROUPED: &[(&str, OwnerKind, &str, &str)] = &[
    ("aws_db_instance", OwnerKind::Database, "db_subnet_group_name", "vpc_security_group_ids"),
    ("aws_rds_cluster", OwnerKind::Database, "db_subnet_group_name", "vpc_security_group_ids"),
    ("aws_docdb_cluster", OwnerKind::Database, "db_subnet_group_name", "vpc_security_group_ids"),
    ("aws_neptune_cluster", OwnerKind::Database, "neptune_subnet_group_name", "vpc_security_group_ids"),
    ("aws_redshift_cluster", OwnerKind::Database, "cluster_subnet_group_name", "vpc_security_group_ids"),
    ("aws_elasticache_cluster", OwnerKind::Cache, "subnet_group_name", "security_group_ids"),
    ("aws_elasticache_replication_group", OwnerKind::Cache, "subnet_group_name", "security_group_ids"),
    ("aws_memorydb_cluster", OwnerKind::Cache, "subnet_group_name", "security_group_ids"),
];

pub(super) fn read(reader: &mut Reader<'_>) {
    for it in SIMPLE {
        for (id, resource) in reader.graph.managed(it.kind) {
            read_simple(reader, it, id, resource);
        }
    }
    for (kind, owner, group, groups) in GROUPED {
        for (id, resource) in reader.graph.managed(kind) {
            read_grouped(reader, id, resource, *owner, group, groups);
        }
    }
    read_clusters(reader);
    read_load_balancers(reader);
    read_nat_gateways(reader);
    read_endpoints(reader);
}

fn read_simple(reader: &mut Reader<'_>, simple: &Simple, id: ResourceId, resource: &Resource) {
    let body = match simple.block {
        None => Some(&resource.body),
        Some(block) => match blocks(resource, block) {
            Ok(blocks) => blocks.first(),
            Err(why) => {
                let nodes = Nodes { others: Some(why.to_string()), ..Nodes::default() };
                let groups = Some(Groups::unknown(why.to_string()));
                let public = |_: Option<&Subnet>| PublicAddress::None(NEVER.to_owned());
                let plan = Plan { kind: simple.owner, nodes, groups, public: &public, ipv6: &no_ipv6 };
                owner::own(reader, id, resource, plan);
                return;
            }
        },
    };
    // Outside a VPC it has no interface.
    let Some(body) = body else { return };
    let nodes = match set(body, simple.subnets) {
        Some(value) if value.text().is_some() || !is_list(value) => {
            Nodes::one(reader.subnets.link(reader.graph, Some(value)))
        }
        value => owner::nodes(reader, value),
    };
    let groups = Some(owner::groups(reader, set(body, simple.groups), &nodes));
    let allows_ipv6 =
        set(body, "ipv6_allowed_for_dual_stack").is_some_and(|it| it.read::<bool>().known.get() != Some(&false));
    let plan = Plan {
        kind: simple.owner,
        nodes,
        groups,
        public: &|_| PublicAddress::None(NEVER.to_owned()),
        ipv6: &|subnet| if allows_ipv6 { owner::as_subnet_has(subnet) } else { Truth::False },
    };
    owner::own(reader, id, resource, plan);
}

const NEVER: &str = "interfaces that the service makes never get one";

fn is_list(value: &Value) -> bool {
    matches!(value.unknown(), Some(crate::value::Unknown::Members(_))) || !value.items().is_empty()
}

fn read_grouped(
    reader: &mut Reader<'_>,
    id: ResourceId,
    resource: &Resource,
    kind: OwnerKind,
    group: &str,
    groups: &str,
) {
    let graph = reader.graph;
    let named = resource.set(group).map(|it| resolve(graph, it, &[Noun::DbSubnetGroup, Noun::CacheSubnetGroup]));
    let nodes = match named {
        Some(Target::Resource(group, _)) => owner::nodes(reader, graph.resource(group).set("subnet_ids")),
        Some(Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_)) => {
            Nodes { others: Some("its subnet group is not known".to_owned()), ..Nodes::default() }
        }
        None => {
            Nodes { others: Some("without a subnet group it is in the default VPC".to_owned()), ..Nodes::default() }
        }
    };
    let public = resource.attr("publicly_accessible", false).known;
    let groups = Some(owner::groups(reader, resource.set(groups), &nodes));
    let plan = Plan {
        kind,
        nodes,
        groups,
        public: &|_| match &public {
            Known::Written(true) | Known::Default(true) => {
                PublicAddress::Service("it is publicly accessible".to_owned())
            }
            Known::Written(false) | Known::Default(false) => {
                PublicAddress::None("it is not publicly accessible".to_owned())
            }
            Known::Unknown(why) => PublicAddress::Unknown(format!("whether it is publicly accessible: {why}")),
        },
        ipv6: &no_ipv6,
    };
    owner::own(reader, id, resource, plan);
}

fn read_clusters(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for (id, resource) in graph.managed("aws_eks_cluster") {
        let Some(config) = blocks(resource, "vpc_config").ok().and_then(<[Value]>::first) else { continue };
        let nodes = owner::nodes(reader, set(config, "subnet_ids"));
        let mut groups = Groups::of(security::of_cluster(reader, id));
        if let Some(more) = security::groups(reader, set(config, "security_group_ids")) {
            groups.links.extend(more.links);
            groups.others = more.others;
        }
        none_public(reader, id, resource, OwnerKind::ControlPlane, nodes, groups);
    }
    for (id, resource) in graph.managed("aws_eks_fargate_profile") {
        let nodes = owner::nodes(reader, resource.set("subnet_ids"));
        let cluster = resource.set("cluster_name").map(|it| resolve(graph, it, &[Noun::EksCluster]));
        let groups = match cluster {
            Some(Target::Resource(cluster, _)) => Groups::of(security::of_cluster(reader, cluster)),
            Some(Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_)) | None => {
                Groups::unknown("the security group of its cluster")
            }
        };
        none_public(reader, id, resource, OwnerKind::Pods, nodes, groups);
    }
}

fn none_public(
    reader: &mut Reader<'_>,
    id: ResourceId,
    resource: &Resource,
    kind: OwnerKind,
    nodes: Nodes,
    groups: Groups,
) {
    let plan = Plan {
        kind,
        nodes,
        groups: Some(groups),
        public: &|_| PublicAddress::None(NEVER.to_owned()),
        ipv6: &owner::as_subnet_has,
    };
    owner::own(reader, id, resource, plan);
}

/// A node in each subnet.
fn read_load_balancers(reader: &mut Reader<'_>) {
    for kind in ["aws_lb", "aws_alb", "aws_elb"] {
        for (id, resource) in reader.graph.managed(kind) {
            let Some(load_balancer) = reader.load_balancers.of_resource(id) else { continue };
            let it = reader.load_balancers.items[load_balancer].clone();
            let fixed = fixed_addresses(reader, resource);
            let plan = Plan {
                kind: OwnerKind::LoadBalancer,
                nodes: it.nodes.clone(),
                groups: it.groups.clone(),
                public: &|_| node_address(&it),
                ipv6: &|_| {
                    it.addresses.is(|kind| match kind {
                        AddressType::Ipv4 => false,
                        AddressType::Dualstack | AddressType::DualstackWithoutPublicIpv4 => true,
                    })
                },
            };
            let owner = owner::own(reader, id, resource, plan);
            for interface in reader.owners[owner].interfaces.clone() {
                let subnet = &reader.interfaces.items[interface].subnet;
                let own = fixed.iter().find(|(of, _)| of == subnet).map(|(_, address)| address.clone());
                if let (Some(own), true) = (own, it.is_internal.get() == Some(&false)) {
                    reader.interfaces.items[interface].public = PublicAddress::Elastic(vec![own]);
                }
            }
        }
    }
}

fn node_address(load_balancer: &LoadBalancer) -> PublicAddress {
    match (&load_balancer.is_internal, load_balancer.addresses.get()) {
        (Known::Written(true) | Known::Default(true), _) => {
            PublicAddress::None("the load balancer is internal".to_owned())
        }
        (_, Some(AddressType::DualstackWithoutPublicIpv4)) => {
            PublicAddress::None("the load balancer has public IPv6 addresses alone".to_owned())
        }
        (Known::Written(false) | Known::Default(false), _) => {
            PublicAddress::Service("the load balancer is internet-facing".to_owned())
        }
        (Known::Unknown(why), _) => PublicAddress::Unknown(format!("whether the load balancer is internal: {why}")),
    }
}

/// The Elastic IP addresses of a network load balancer, by subnet.
fn fixed_addresses(
    reader: &mut Reader<'_>,
    resource: &Resource,
) -> Vec<(Link<Subnet>, Link<super::public_address::ElasticIp>)> {
    let mappings = blocks(resource, "subnet_mapping").unwrap_or_default();
    let mut fixed = Vec::new();
    for mapping in mappings {
        if let Some(address) = set(mapping, "allocation_id") {
            let subnet = reader.subnets.link(reader.graph, set(mapping, "subnet_id"));
            fixed.push((subnet, reader.elastic_ips.link(reader.graph, Some(address))));
        }
    }
    fixed
}

fn read_nat_gateways(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_nat_gateway") {
        let Some(nat) = reader.nat_gateways.of_resource(id) else { continue };
        let it = reader.nat_gateways.items[nat].clone();
        let nodes = match &it.placement {
            Placement::Zonal(subnet) => Nodes::one(subnet.clone()),
            Placement::Regional(_) | Placement::Unknown(_) => Nodes::default(),
        };
        let public = match &it.connectivity {
            Known::Written(Connectivity::Private) | Known::Default(Connectivity::Private) => {
                PublicAddress::None("the NAT gateway is private".to_owned())
            }
            Known::Written(Connectivity::Public) | Known::Default(Connectivity::Public) => {
                PublicAddress::Elastic(it.addresses.clone())
            }
            Known::Unknown(why) => PublicAddress::Unknown(why.to_string()),
        };
        let public = |_: Option<&Subnet>| public.clone();
        let plan = Plan { kind: OwnerKind::NatGateway, nodes, groups: None, public: &public, ipv6: &no_ipv6 };
        let owner = owner::own(reader, id, resource, plan);
        let interface = reader.owners[owner].interfaces.first().copied();
        if let Some(interface) = interface {
            reader.interfaces.items[interface].addresses = super::interface::addresses(resource, &["private_ip"]);
            reader.interfaces.stands_for(id, interface);
        }
        reader.nat_gateways.items[nat].interface = interface;
    }
}

fn read_endpoints(reader: &mut Reader<'_>) {
    for (id, resource) in reader.graph.managed("aws_vpc_endpoint") {
        let Some(endpoint) = reader.endpoints.of_resource(id) else { continue };
        let kind = reader.endpoints.items[endpoint].kind;
        let (has_interfaces, has_groups) = match kind {
            EndpointKind::Interface => (true, true),
            EndpointKind::GatewayLoadBalancer => (true, false),
            EndpointKind::Gateway | EndpointKind::Firewall | EndpointKind::Unknown => (false, false),
        };
        if !has_interfaces {
            continue;
        }
        let nodes = owner::nodes(reader, resource.set("subnet_ids"));
        let groups =
            if has_groups { Some(owner::groups(reader, resource.set("security_group_ids"), &nodes)) } else { None };
        let plan = Plan {
            kind: OwnerKind::Endpoint,
            nodes,
            groups,
            public: &|_| PublicAddress::None(NEVER.to_owned()),
            ipv6: &owner::as_subnet_has,
        };
        let _: Id<owner::Owner> = owner::own(reader, id, resource, plan);
    }
}
