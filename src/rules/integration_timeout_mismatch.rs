//! Callers that give up before those whom they call do.

use super::Context;
use crate::{
    finding::{Findings, Label},
    network::{
        api::{ApiKind, EndpointType},
        limits::{REST_INTEGRATION, milliseconds, seconds},
        load_balancer::LoadBalancerKind,
        name::Declared,
    },
    source::Span,
    value::Attr,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    integrations(context, findings);
    functions_behind_load_balancers(context, findings);
    distributions(context, findings);
}

fn at<T>(attribute: &Attr<T>, owner: &Declared) -> Span {
    if attribute.origin.is_default() { owner.span } else { attribute.origin.at }
}

fn integrations(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    for integration in &workloads.integrations {
        let api = integration.api.and_then(|it| workloads.apis.get(&it));
        let Some(&wait) = integration.wait.known.get() else { continue };
        let label = Label::new(at(&integration.wait, &integration.name), "the API gives up here")
            .of(integration.name.address.as_str());
        let is_edge = api.is_some_and(|it| it.kind == ApiKind::Rest && it.endpoint.get() == Some(&EndpointType::Edge));
        if is_edge && REST_INTEGRATION < wait {
            let message = format!(
                "`{}` asks to wait {}, and an edge-optimised API waits {} at most: it is refused",
                integration.name.address,
                milliseconds(wait),
                milliseconds(REST_INTEGRATION)
            );
            findings
                .report(label, message)
                .because(api.map(|it| it.name.label("this API is edge-optimised")))
                .help("make the API regional, and have the quota of its account raised; or answer at once and work on");
            continue;
        }
        let Some(function) = integration.function.and_then(|it| workloads.functions.get(&it)) else { continue };
        let Some(&runs) = function.timeout.known.get().filter(|it| wait < **it * 1000) else { continue };
        let message = format!(
            "`{}` waits {} for `{}`, which may run for {}",
            integration.name.address,
            milliseconds(wait),
            function.name.address,
            seconds(runs)
        );
        findings
            .report(label, message)
            .because([Label::new(at(&function.timeout, &function.name), "the function goes on here")
                .of(function.name.address.as_str())])
            .help(format!(
                "set `timeout` of the function to {} or less, or answer at once and let another function go on",
                wait / 1000
            ));
    }
}

fn functions_behind_load_balancers(context: &Context<'_>, findings: &mut Findings<'_>) {
    let workloads = &context.network.workloads;
    for serving in workloads.servings.iter().filter(|it| it.kind == LoadBalancerKind::Application) {
        let Some(function) = workloads.functions.get(&serving.target.resource) else { continue };
        let (Some(&idle), Some(&runs)) = (serving.idle.known.get(), function.timeout.known.get()) else { continue };
        if runs <= idle {
            continue;
        }
        let message = format!(
            "`{}` waits {} for `{}`, which may run for {}",
            serving.load_balancer.address,
            seconds(idle),
            function.name.address,
            seconds(runs)
        );
        let label = Label::new(at(&serving.idle, &serving.idle_of), "the load balancer gives up here");
        findings
            .report(label.of(serving.idle_of.address.as_str()), message)
            .because([Label::new(at(&function.timeout, &function.name), "the function goes on here").of(function.name.address.as_str())])
            .help(format!("set `idle_timeout` of the load balancer to {runs} or more, or `timeout` of the function to {idle} or less"));
    }
}

fn distributions(context: &Context<'_>, findings: &mut Findings<'_>) {
    for distribution in &context.network.workloads.distributions {
        for origin in &distribution.origins {
            let (Some(leads_to), Some(idle)) = (&origin.leads_to, &origin.idle) else { continue };
            let Some(&wait) = origin.read_timeout.known.get() else { continue };
            // Without a word it is no statement about how long answers take.
            let Some(&keeps) =
                idle.known.get().filter(|it| wait < **it && crate::network::limits::APPLICATION_IDLE < **it)
            else {
                continue;
            };
            let name = &distribution.name;
            let message = format!(
                "`{}` waits {} for an answer of `{}`, which lets one take {}",
                name.address,
                seconds(wait),
                leads_to.address,
                seconds(keeps)
            );
            let place =
                if origin.read_timeout.origin.is_default() { origin.place } else { origin.read_timeout.origin.at };
            findings
                .report(Label::new(place, "the distribution gives up here").of(name.address.as_str()), message)
                .because([
                    Label::new(idle.origin.at, "the load balancer waits for longer").of(leads_to.address.as_str())
                ])
                .help("raise `origin_read_timeout` (120 s at most, and above 60 s by quota), or lower `idle_timeout`");
        }
    }
}
