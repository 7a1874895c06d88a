//! VPC endpoints and firewall endpoints.

use super::{
    firewall::{self, FirewallPolicy},
    name::{Link, Name, Part, blocks, set},
    reader::Reader,
    subnet::Subnet,
    vpc::Vpc,
};
use crate::{
    graph::Targets,
    schema::Noun,
    value::{self, Known, Unknown, Value},
};

/// An endpoint in a VPC.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub name: Name,
    pub kind: EndpointKind,
    pub vpc: Link<Vpc>,
    pub subnets: Vec<Link<Subnet>>,
    /// `com.amazonaws.eu-central-1.s3`.
    pub service: Known<String>,
    /// What a firewall's rules do: why that is not known, or the policy. `None`: it is no firewall.
    pub policy: Option<Result<FirewallPolicy, String>>,
    /// Whether the service's own name leads to it.
    pub private_dns: Known<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointKind {
    /// S3 or `DynamoDB` by routes.
    Gateway,
    /// A service by interfaces.
    Interface,
    GatewayLoadBalancer,
    /// A firewall's, one a zone.
    Firewall,
    Unknown,
}

impl Part for Endpoint {
    const NOUNS: &'static [Noun] = &[Noun::VpcEndpoint];

    fn bare(name: Name) -> Self {
        let outside = "the endpoint stands outside the code";
        Self {
            name,
            kind: EndpointKind::Unknown,
            vpc: Link::nothing(outside),
            subnets: Vec::new(),
            service: Known::Unknown(Unknown::Opaque(outside.to_owned())),
            policy: None,
            private_dns: Known::Unknown(Unknown::Opaque(outside.to_owned())),
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for (id, resource) in graph.managed("aws_vpc_endpoint") {
        let Some(endpoint) = reader.endpoints.of_resource(id) else { continue };
        let vpc = reader.vpcs.link(graph, resource.set("vpc_id"));
        let named = resource.set("subnet_ids").map_or_else(Targets::default, |it| graph.targets(it, Subnet::NOUNS));
        let subnets = named.certain.into_iter().map(|it| reader.subnets.link_target(graph, it)).collect();
        let kind = resource.attr("vpc_endpoint_type", "Gateway".to_owned()).known;
        let endpoint = &mut reader.endpoints.items[endpoint];
        endpoint.vpc = vpc;
        endpoint.subnets = subnets;
        endpoint.private_dns = resource.attr("private_dns_enabled", false).known;
        endpoint.kind = kind.get().map_or(EndpointKind::Unknown, |text| EndpointKind::of(text));
        endpoint.service = match resource.set("service_name") {
            Some(value) => service(value),
            None => Known::Unknown(Unknown::Opaque("no service is written".to_owned())),
        };
    }
    for kind in super::FIREWALL_KINDS {
        for (id, resource) in graph.managed(kind) {
            let Some(endpoint) = reader.endpoints.of_resource(id) else { continue };
            let vpc = reader.vpcs.link(graph, resource.set("vpc_id"));
            let mappings = blocks(resource, "subnet_mapping").unwrap_or_default();
            let subnets = mappings.iter().map(|it| reader.subnets.link(graph, set(it, "subnet_id"))).collect();
            let endpoint = &mut reader.endpoints.items[endpoint];
            endpoint.vpc = vpc;
            endpoint.subnets = subnets;
            endpoint.kind = EndpointKind::Firewall;
            endpoint.policy = Some(firewall::policy_of(graph, resource));
        }
    }
}

/// The name of a service; of one that stands in a region that is not known, `com.amazonaws.*.s3`.
fn service(value: &Value) -> Known<String> {
    match value.unknown() {
        Some(Unknown::MadeOf(made)) => match made.parts.as_slice() {
            [value::Part::Text(before), value::Part::Unknown(_), value::Part::Text(name)] if name.starts_with('.') => {
                Known::Written(format!("{before}*{name}"))
            }
            _ => value.read().known,
        },
        Some(_) | None => value.read().known,
    }
}

impl EndpointKind {
    fn of(text: &str) -> Self {
        match text {
            "Gateway" => Self::Gateway,
            "Interface" | "Resource" | "ServiceNetwork" => Self::Interface,
            "GatewayLoadBalancer" => Self::GatewayLoadBalancer,
            _ => Self::Unknown,
        }
    }
}
