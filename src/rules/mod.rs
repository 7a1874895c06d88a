//! The rules. What each one is for stands in `rules/<name>.md`; how it works, in `src/rules/<name>.rs`.
//!
//! Adding a rule:
//! 1. Write `rules/<name>.md`: head, one sentence, why, repair, bad, good, sources, what it does not see.
//! 2. Write `src/rules/<name>.rs`: one `check`, which asks the network and the resolver and words the answer.
//! 3. Add `mod <name>;` and `<name>` to this file.
//! 4. `cargo test`; read what it prints.

mod address_replaced;
mod attempts;
mod blackhole_route;
mod brought;
mod calls;
#[cfg(test)]
mod change_tests;
mod changes;
mod conntrack_default_timeout;
mod conntrack_on_hot_path;
mod conntrack_shorter_than_idle;
mod container_can_take_instance_role;
mod containers;
#[cfg(test)]
mod context_tests;
mod duplicate_route;
mod ecs_task_without_egress;
mod edge_api_behind_cloudfront;
mod egress;
mod egress_address_changes;
mod egress_vpc_without_return;
mod idle_timeout_over_nat;
mod imds_hop_limit_too_low;
mod imds_v1_allowed;
mod implicit_reroute;
mod ineffective_keepalive;
mod integration_timeout_mismatch;
mod lambda_without_egress;
mod lb_asymmetric_return;
mod lb_clients_blocked;
mod lb_partial_asymmetric_return;
mod lb_subnet_without_internet;
mod lb_target_blocked;
mod lb_target_outside_zones;
mod lb_too_few_zones;
mod lb_uneven_subnets;
mod lb_zone_without_targets;
mod load_balancer;
mod meta;
mod nacl_blocks_return;
mod nat_cross_zone;
mod nat_gateway;
mod nat_loop;
mod nat_single_zone;
mod nat_without_internet;
mod next_hop_changes;
#[cfg(test)]
mod path_tests;
mod plaintext_secret;
mod private_nat_to_internet;
mod public_address_without_internet_route;
mod route_gap;
mod service_in_one_zone;
mod shadowed_route;
mod silence;
mod single_zone_dependency;
mod subnet_on_main_route_table;
mod task_without_role;
#[cfg(test)]
mod tests;
mod tgw_attachment_dead_end;
mod too_few_tasks;
mod tracking;
mod transit;
mod unstable_egress_address;
mod unused_route_table;
mod waf_bypass;
mod waf_cannot_associate;

use crate::{
    finding::{Certainty, Finding, Findings, RuleName, Unanswered},
    graph::ResourceGraph,
    network::Network,
    parallel,
    reach::{RouteResolver, Transition},
    value::Address,
};

pub use meta::Meta;

/// A rule: its page, and the function that looks.
#[derive(Debug)]
pub struct Rule {
    pub name: RuleName,
    /// The whole of `rules/<name>.md`.
    pub page: &'static str,
    pub meta: Meta,
    check: fn(&Context<'_>, &mut Findings<'_>),
}

/// What a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub network: &'a Network,
    pub routes: &'a RouteResolver<'a>,
    /// What a plan does to what is there; `None` where there is no plan, or it does nothing to it.
    pub change: Option<&'a Transition<'a>>,
}

/// Ties each `<name>.rs` to `rules/<name>.md`. The modules are declared by hand above, so that rustfmt sees them.
macro_rules! rules {
    ($($name:ident)*) => {
        /// Every rule, by name.
        pub static RULES: &[Rule] = &[$({
            const PAGE: &str = include_str!(concat!("../../rules/", stringify!($name), ".md"));
            Rule { name: stringify!($name), page: PAGE, meta: Meta::of(PAGE), check: $name::check }
        }),*];
    };
}

rules! {
    address_replaced
    blackhole_route
    conntrack_default_timeout
    conntrack_on_hot_path
    conntrack_shorter_than_idle
    container_can_take_instance_role
    duplicate_route
    ecs_task_without_egress
    edge_api_behind_cloudfront
    egress_address_changes
    egress_vpc_without_return
    idle_timeout_over_nat
    imds_hop_limit_too_low
    imds_v1_allowed
    implicit_reroute
    ineffective_keepalive
    integration_timeout_mismatch
    lambda_without_egress
    lb_asymmetric_return
    lb_clients_blocked
    lb_partial_asymmetric_return
    lb_subnet_without_internet
    lb_target_blocked
    lb_target_outside_zones
    lb_too_few_zones
    lb_uneven_subnets
    lb_zone_without_targets
    nacl_blocks_return
    nat_cross_zone
    nat_loop
    nat_single_zone
    nat_without_internet
    next_hop_changes
    plaintext_secret
    private_nat_to_internet
    public_address_without_internet_route
    route_gap
    service_in_one_zone
    shadowed_route
    single_zone_dependency
    subnet_on_main_route_table
    task_without_role
    tgw_attachment_dead_end
    too_few_tasks
    unstable_egress_address
    unused_route_table
    waf_bypass
    waf_cannot_associate
}

/// What the rules have to say of one network.
#[derive(Debug, Default)]
pub struct Verdicts {
    pub findings: Vec<Finding>,
    /// The questions that no rule could answer, each once.
    pub unanswered: Vec<Unanswered>,
}

impl Rule {
    /// The sentence under the page's title.
    pub fn summary(&self) -> &'static str {
        let mut lines = self.page.lines().skip_while(|line| !line.starts_with("# ")).skip(1);
        lines.find(|line| !line.trim().is_empty()).unwrap_or("")
    }
}

pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// Asks each rule of the network that `graph` describes.
pub fn run(rules: &[&'static Rule], graph: &ResourceGraph, context: &Context<'_>) -> Verdicts {
    let said = parallel::map(rules.to_vec(), |rule| {
        let Verdicts { mut findings, mut unanswered } = Verdicts::default();
        (rule.check)(context, &mut Findings::of(rule.name, rule.meta.severity, &mut findings, &mut unanswered));
        Verdicts { findings, unanswered }
    });
    let mut verdicts = Verdicts::default();
    for it in said {
        verdicts.findings.extend(it.findings);
        verdicts.unanswered.extend(it.unanswered);
    }
    for finding in &mut verdicts.findings {
        if involves_uncounted(finding) {
            finding.certainty = Certainty::Possible;
        }
        calls::add(graph, finding);
    }
    verdicts.unanswered.sort();
    verdicts.unanswered.dedup();
    verdicts
}

/// Whether there may be none of what a finding points at.
fn involves_uncounted(finding: &Finding) -> bool {
    let mut resources = std::iter::once(&finding.at).chain(&finding.because).filter_map(|it| it.resource.as_deref());
    resources.any(|address| address.contains("[*]") && !Address::new(address).uncounted().is_empty())
}
