//! Web ACLs put before what AWS WAF does not protect, or of the wrong scope.

use rustc_hash::FxHashMap;

use super::Context;
use crate::{
    finding::{Findings, Label},
    graph::ResourceId,
    network::{
        distribution::WebAclLink,
        web_acl::{ProtectedKind, Scope, WebAcl},
    },
};

/// The one Region for web ACLs before `CloudFront`.
/// <https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html>
const GLOBAL_REGION: &str = "us-east-1";

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    let mut first_of: FxHashMap<ResourceId, &Label> = FxHashMap::default();
    let labels: Vec<_> = workloads.web_acl_associations.iter().map(|it| it.name.label("the first one")).collect();
    for (association, label) in workloads.web_acl_associations.iter().zip(&labels) {
        let name = &association.name;
        let acl = association.acl.and_then(|it| workloads.web_acls.get(&it));
        let at = || name.label("AWS refuses this");
        if let Some(protected) = &association.protected
            && let Some((what, help)) = unprotected(protected.kind)
        {
            let message = format!("`{}` puts a web ACL before `{}`, {what}", name.address, protected.name.address);
            findings.report(at(), message).because([protected.name.label("this cannot have one")]).help(help);
        } else if let Some(acl) = acl.filter(|it| it.scope.get() == Some(&Scope::CloudFront)) {
            let message = format!(
                "`{}` associates `{}`, whose scope is CLOUDFRONT: a distribution names its web ACL itself",
                name.address, acl.name.address
            );
            findings
                .report(at(), message)
                .because([scope(acl)])
                .help("set `web_acl_id` of the distribution, or make the web ACL's scope REGIONAL");
        } else if let Some(protected) = &association.protected {
            match first_of.get(&protected.name.resource) {
                Some(first) => {
                    let message = format!(
                        "`{}` puts a second web ACL before `{}`, which has one at most",
                        name.address, protected.name.address
                    );
                    findings
                        .report(at(), message)
                        .because([(*first).clone()])
                        .help("put the rules of both into one web ACL");
                }
                None => {
                    first_of.insert(protected.name.resource, label);
                }
            }
        }
    }
    distributions(context, findings);
    regions(context, findings);
}

/// What keeps AWS WAF from protecting something; `None` where nothing is known to.
fn unprotected(kind: ProtectedKind) -> Option<(&'static str, &'static str)> {
    match kind {
        ProtectedKind::HttpApi => Some((
            "an API of version 2: AWS WAF protects stages of REST APIs alone",
            "make it a REST API, or put a distribution with a web ACL before it",
        )),
        ProtectedKind::NetworkLoadBalancer => Some((
            "which is no application load balancer",
            "put the web ACL before an application load balancer or a distribution",
        )),
        ProtectedKind::ClassicLoadBalancer => {
            Some(("a classic load balancer", "put the web ACL before an application load balancer or a distribution"))
        }
        ProtectedKind::Distribution => {
            Some(("a distribution, which names its web ACL itself", "set `web_acl_id` of the distribution"))
        }
        ProtectedKind::Other => None,
    }
}

fn scope(acl: &WebAcl) -> Label {
    acl.name.label("this is the web ACL")
}

fn distributions(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    for distribution in &workloads.distributions {
        let WebAclLink::Known(acl) = distribution.web_acl else { continue };
        let Some(acl) = workloads.web_acls.get(&acl).filter(|it| it.scope.get() == Some(&Scope::Regional)) else {
            continue;
        };
        let message = format!(
            "`{}` names `{}`, whose scope is REGIONAL: AWS takes one of scope CLOUDFRONT",
            distribution.name.address, acl.name.address
        );
        findings
            .report(distribution.name.label("AWS refuses this"), message)
            .because([scope(acl)])
            .help("make the web ACL with `scope = \"CLOUDFRONT\"`, in us-east-1");
    }
}

fn regions(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut acls: Vec<_> = context.network.workloads.web_acls.values().collect();
    acls.sort_by_key(|it| it.name.resource);
    for acl in acls.into_iter().filter(|it| it.scope.get() == Some(&Scope::CloudFront)) {
        let Some(region) = acl.region.as_deref().filter(|it| *it != GLOBAL_REGION) else { continue };
        let message = format!(
            "`{}` is made in {region}: a web ACL of scope CLOUDFRONT is made in {GLOBAL_REGION}",
            acl.name.address
        );
        findings
            .report(acl.name.label("AWS refuses this"), message)
            .help("give it a provider that is set to us-east-1: `provider = aws.us_east_1`");
    }
}
