//! `CloudFront` distributions and what they fetch from.

use super::{
    limits::ORIGIN_READ,
    name::{Declared, blocks, resolve, set},
};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    resource::{Mode, Resource},
    schema::Noun,
    value::{Attr, Known, Origin, Value},
};

/// A `CloudFront` distribution.
#[derive(Clone, Debug)]
pub struct Distribution {
    pub name: Declared,
    pub web_acl: WebAclLink,
    pub origins: Vec<DistributionOrigin>,
}

/// Which web ACL stands before a distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebAclLink {
    None,
    /// One that the code declares.
    Known(ResourceId),
    /// One that stands outside the code, or is not known yet which.
    Other,
}

/// What a distribution fetches from.
#[derive(Clone, Debug)]
pub struct DistributionOrigin {
    /// The load balancer or the API that its domain name is, where the code tells.
    pub leads_to: Option<Declared>,
    /// How long a load balancer there keeps a silent connection, in seconds, where the code says so.
    pub idle: Option<Attr<i64>>,
    /// Its requests carry a header by which the origin can know them.
    pub has_header: bool,
    /// It reaches private addresses in a VPC.
    pub is_private: bool,
    /// How long it waits for an answer, in seconds.
    pub read_timeout: Attr<i64>,
    pub place: crate::source::Span,
}

pub(super) fn read(graph: &ResourceGraph) -> Vec<Distribution> {
    let all = graph.managed("aws_cloudfront_distribution");
    all.map(|(id, resource)| Distribution {
        name: Declared::of(id, resource),
        web_acl: web_acl(graph, resource),
        origins: blocks(resource, "origin").unwrap_or_default().iter().map(|it| origin(graph, it)).collect(),
    })
    .collect()
}

fn web_acl(graph: &ResourceGraph, resource: &Resource) -> WebAclLink {
    let Some(value) = resource.set("web_acl_id") else { return WebAclLink::None };
    match resolve(graph, value, &[Noun::WebAcl]) {
        Target::Resource(id, _) if graph.resource(id).mode == Mode::Managed => WebAclLink::Known(id),
        Target::Resource(..) | Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => {
            WebAclLink::Other
        }
    }
}

fn origin(graph: &ResourceGraph, block: &Value) -> DistributionOrigin {
    let custom = set(block, "custom_origin_config").and_then(|it| it.items().first());
    let wait = custom.and_then(|it| set(it, "origin_read_timeout")).map(Value::read);
    let default = Attr { known: Known::Default(ORIGIN_READ), origin: Origin::at(block.origin.at) };
    let headers = ["custom_header", "origin_custom_headers"];
    let leads_to = set(block, "domain_name").and_then(|it| named(graph, it));
    DistributionOrigin {
        leads_to: leads_to.map(|id| Declared::of(id, graph.resource(id))),
        idle: leads_to.and_then(|id| graph.resource(id).maybe("idle_timeout")),
        has_header: headers.iter().any(|it| has(block, it)),
        is_private: has(block, "vpc_origin_config"),
        read_timeout: wait.unwrap_or(default),
        place: block.origin.at,
    }
}

/// Whether there is such a block, or may be.
fn has(block: &Value, name: &str) -> bool {
    set(block, name).is_some_and(|it| it.unknown().is_some() || !it.items().is_empty())
}

/// The load balancer or the API whose name a domain name is, or is made of.
fn named(graph: &ResourceGraph, domain: &Value) -> Option<ResourceId> {
    let references = domain.unknown()?.references();
    let mut found = references.into_iter().filter_map(|it| graph.find(&it.to)).filter_map(|id| {
        let resource = graph.resource(id);
        match resource.kind.as_str() {
            "aws_lb" | "aws_alb" | "aws_api_gateway_rest_api" | "aws_apigatewayv2_api" => Some(id),
            "aws_api_gateway_stage" | "aws_api_gateway_deployment" => {
                owner(graph, resource.set("rest_api_id")?, Noun::RestApi)
            }
            "aws_apigatewayv2_stage" => owner(graph, resource.set("api_id")?, Noun::HttpApi),
            _ => None,
        }
    });
    let first = found.next()?;
    found.all(|it| it == first).then_some(first)
}

fn owner(graph: &ResourceGraph, value: &Value, noun: Noun) -> Option<ResourceId> {
    match resolve(graph, value, &[noun]) {
        Target::Resource(id, _) => Some(id),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}
