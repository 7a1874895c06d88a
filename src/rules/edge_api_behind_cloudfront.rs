//! Edge-optimised APIs behind a distribution of one's own.

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::{
        api::{ApiKind, EndpointType},
        distribution::WebAclLink,
    },
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    for distribution in &workloads.distributions {
        for origin in &distribution.origins {
            let Some(api) = origin.leads_to.as_ref().and_then(|it| workloads.apis.get(&it.resource)) else { continue };
            if api.kind != ApiKind::Rest || api.endpoint.get() != Some(&EndpointType::Edge) {
                continue;
            }
            let acl = match distribution.web_acl {
                WebAclLink::None => "",
                WebAclLink::Known(_) | WebAclLink::Other => ", the second of which has no web ACL",
            };
            let message = format!(
                "requests through `{}` pass two distributions of CloudFront to reach `{}`, which is edge-optimised{acl}",
                distribution.name.address, api.name.address
            );
            findings
                .report(api.name.label("it has a distribution of its own"), message)
                .because([Label::new(origin.place, "this distribution stands before it")
                    .of(distribution.name.address.as_str())])
                .help("make the API regional: `endpoint_configuration { types = [\"REGIONAL\"] }`");
        }
    }
}
