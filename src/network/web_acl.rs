//! Web ACLs of AWS WAF, and what they are associated with.

use rustc_hash::{FxHashMap, FxHashSet};

use super::name::{Declared, resolve};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    schema::Noun,
    value::{Known, Value},
};

/// A web ACL.
#[derive(Clone, Debug)]
pub struct WebAcl {
    pub name: Declared,
    pub scope: Known<Scope>,
    /// The Region that it is made in, where the code says so.
    pub region: Option<String>,
}

/// What a web ACL can stand before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    CloudFront,
    Regional,
}

/// A web ACL put before a resource.
#[derive(Clone, Debug)]
pub struct WebAclAssociation {
    pub name: Declared,
    pub acl: Option<ResourceId>,
    /// What it is put before, where the code declares that.
    pub protected: Option<Protected>,
}

/// What a web ACL is put before.
#[derive(Clone, Debug)]
pub struct Protected {
    pub name: Declared,
    pub kind: ProtectedKind,
    /// What it names itself: of a stage, its API.
    names: Vec<ResourceId>,
}

/// What AWS WAF has to say of it.
/// <https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectedKind {
    /// An API of version 2, or a stage of one.
    HttpApi,
    /// A network or a gateway load balancer.
    NetworkLoadBalancer,
    ClassicLoadBalancer,
    Distribution,
    /// What can have one, as far as is known.
    Other,
}

impl Protected {
    fn of(graph: &ResourceGraph, id: ResourceId) -> Self {
        let resource = graph.resource(id);
        let kind = match resource.kind.as_str() {
            "aws_apigatewayv2_api" | "aws_apigatewayv2_stage" => ProtectedKind::HttpApi,
            "aws_lb" | "aws_alb" => match resource.set("load_balancer_type").and_then(Value::text) {
                Some("network" | "gateway") => ProtectedKind::NetworkLoadBalancer,
                Some(_) | None => ProtectedKind::Other,
            },
            "aws_elb" => ProtectedKind::ClassicLoadBalancer,
            "aws_cloudfront_distribution" => ProtectedKind::Distribution,
            _ => ProtectedKind::Other,
        };
        let names = graph.references(id).map(|(to, _)| to).collect();
        Self { name: Declared::of(id, resource), kind, names }
    }

    /// Whether it is this resource, or a stage of it.
    pub fn is_of(&self, resource: ResourceId) -> bool {
        self.name.resource == resource || self.names.contains(&resource)
    }
}

pub(super) fn read(graph: &ResourceGraph) -> FxHashMap<ResourceId, WebAcl> {
    let all = graph.managed("aws_wafv2_web_acl");
    all.map(|(id, it)| {
        let scope = it.attr("scope", String::new()).known.map(|text| match text.as_str() {
            "CLOUDFRONT" => Scope::CloudFront,
            _ => Scope::Regional,
        });
        (id, WebAcl { name: Declared::of(id, it), scope, region: it.region.clone() })
    })
    .collect()
}

pub(super) fn associations(graph: &ResourceGraph) -> Vec<WebAclAssociation> {
    let all = graph.managed("aws_wafv2_web_acl_association");
    all.map(|(id, it)| WebAclAssociation {
        name: Declared::of(id, it),
        acl: it.set("web_acl_arn").and_then(|value| match resolve(graph, value, &[Noun::WebAcl]) {
            Target::Resource(id, _) => Some(id),
            Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
        }),
        protected: it.set("resource_arn").and_then(|value| protected(graph, value)).map(|id| Protected::of(graph, id)),
    })
    .collect()
}

/// What an ARN names, or is made of: of a stage and its API, the stage.
fn protected(graph: &ResourceGraph, value: &Value) -> Option<ResourceId> {
    let nouns = [Noun::LoadBalancer, Noun::RestApi, Noun::HttpApi, Noun::Distribution];
    match value.unknown() {
        None => match graph.target(value, &nouns) {
            Target::Resource(id, _) => Some(id),
            Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
        },
        Some(unknown) => {
            let found: Vec<_> = unknown.references().into_iter().filter_map(|it| graph.find(&it.to)).collect();
            let stage = found.iter().find(|&&it| graph.resource(it).kind.ends_with("_stage"));
            let distinct: FxHashSet<_> = found.iter().copied().collect();
            stage.or(if distinct.len() == 1 { found.first() } else { None }).copied()
        }
    }
}
