//! Web ACLs before a distribution whose origin answers everybody directly.

use super::Context;
use crate::{
    finding::{Findings, Label},
    graph::ResourceId,
    network::{
        api::{ApiKind, EndpointType},
        distribution::WebAclLink,
    },
    value::Truth,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for distribution in &context.network.workloads.distributions {
        if distribution.web_acl == WebAclLink::None {
            continue;
        }
        for origin in distribution.origins.iter().filter(|it| !it.is_private && !it.has_header) {
            let Some(leads_to) = &origin.leads_to else { continue };
            let mut associations = context.network.workloads.web_acl_associations.iter();
            let is_protected =
                associations.any(|it| it.protected.as_ref().is_none_or(|it| it.is_of(leads_to.resource)));
            let Some((how, help)) = open(context, leads_to.resource).filter(|_| !is_protected) else { continue };
            let message = format!(
                "the web ACL of `{}` is passed by: its origin `{}` {how}",
                distribution.name.address, leads_to.address
            );
            findings
                .report(distribution.name.label("only what comes through here is filtered"), message)
                .because([
                    Label::new(origin.place, "this is the origin").of(distribution.name.address.as_str()),
                    leads_to.label("everybody reaches it"),
                ])
                .help(help);
        }
    }
}

/// How an origin answers everybody, and what to do; `None` where it does not, or where that is not known.
fn open(context: &Context<'_>, id: ResourceId) -> Option<(&'static str, &'static str)> {
    if let Some(api) = context.network.workloads.apis.get(&id) {
        let is_closed = api.has_policy || api.endpoint.is(|it| *it == EndpointType::Private) != Truth::False;
        let has_own_name = api.is_default_endpoint_disabled.get() != Some(&false);
        return match (is_closed || has_own_name, api.kind) {
            (true, _) => None,
            (false, ApiKind::Rest) => Some((
                "answers by its own name, and has no policy and no web ACL",
                "associate a regional web ACL with its stage, or let a policy of the API admit the distribution alone",
            )),
            (false, ApiKind::Http | ApiKind::WebSocket) => Some((
                "answers by its own name, and cannot have a web ACL",
                "have an authoriser refuse what does not carry a secret header of the distribution's",
            )),
        };
    }
    let balancers = &context.network.load_balancers;
    let (_, balancer) = balancers.iter().find(|(_, it)| it.name.resource() == Some(id))?;
    (context.network.admits_everybody(balancer) == Truth::True).then_some((
        "is internet-facing, and admits everybody on a port that it listens on",
        "make the load balancer internal and reach it by a VPC origin; or admit the prefix list \
         com.amazonaws.global.cloudfront.origin-facing alone, and check a secret header",
    ))
}
