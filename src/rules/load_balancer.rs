//! What the rules about answers of load balancers share: which nodes are at fault, and how many of how many.

use super::Context;
use crate::{
    finding::{Findings, Label, Reported},
    network::{Family, LoadBalancer, zones::in_words},
    reach::reply::{Fault, NodeReply, Replies, Reply},
};

/// The nodes of one load balancer that have one fault.
pub(super) struct Faulty<'a> {
    pub(super) load_balancer: &'a LoadBalancer,
    pub(super) nodes: Vec<&'a NodeReply>,
    pub(super) faults: Vec<&'a Fault>,
    /// How many nodes there are, where that is known.
    total: Option<usize>,
    /// How many are at fault in every world; none where that depends on an unknown.
    certain: usize,
    is_certain: bool,
}

/// Looks at every load balancer for nodes with the fault that `fault` picks out, and lets `report` word it.
pub(super) fn check(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    fault: fn(&Reply) -> Option<&Fault>,
    report: fn(&Context<'_>, &mut Findings<'_>, &Faulty<'_>),
) {
    for (id, load_balancer) in &context.network.load_balancers {
        let Some(replies) = context.routes.replies(id) else { continue };
        let faulty = faulty(load_balancer, &replies, fault);
        let is_settled = faulty.is_certain && !faulty.nodes.is_empty();
        if let Some(why) = why_unanswered(&replies).filter(|_| !is_settled) {
            findings.unanswered(load_balancer.name.text(), why);
        }
        if !faulty.nodes.is_empty() {
            report(context, findings, &faulty);
        }
    }
}

fn faulty<'a>(
    load_balancer: &'a LoadBalancer,
    replies: &'a Replies,
    fault: fn(&Reply) -> Option<&Fault>,
) -> Faulty<'a> {
    let all: Vec<_> = replies.nodes.iter().filter_map(|node| Some((node, fault(&node.reply)?))).collect();
    let certain = all.iter().filter(|(node, _)| node.is_certain).count();
    let sound = replies.nodes.len() - all.len();
    // More nodes than can be sound: some are at fault, whichever they are.
    let must_be = replies.others.is_none() && sound < replies.fewest && !all.is_empty();
    let is_whole = replies.others.is_none() && replies.nodes.iter().all(|node| node.is_certain);
    let shown: Vec<_> = all.into_iter().filter(|(node, _)| certain == 0 || node.is_certain).collect();
    Faulty {
        load_balancer,
        nodes: shown.iter().map(|(node, _)| *node).collect(),
        faults: shown.iter().map(|(_, fault)| *fault).collect(),
        total: is_whole.then_some(replies.nodes.len()),
        certain: if certain == 0 && must_be { replies.fewest - sound } else { certain },
        is_certain: certain != 0 || must_be,
    }
}

fn why_unanswered(replies: &Replies) -> Option<String> {
    let unknown = replies.nodes.iter().find_map(|node| match &node.reply {
        Reply::Unknown(why) => Some(why.clone()),
        Reply::Returns | Reply::Elsewhere(_) | Reply::Nowhere(_) | Reply::Partly(..) => None,
    });
    let others = replies.others.as_ref().map(|why| format!("which subnets it is in: {why}"));
    others.or(unknown)
}

impl Faulty<'_> {
    /// How many nodes of how many; at least how many, where the number of nodes is not known.
    pub(super) fn subject(&self) -> String {
        let name = self.load_balancer.name.text();
        let count = self.count();
        match self.total {
            Some(total) => format!("{count} of {total} nodes of `{name}`"),
            None if self.is_certain => format!("at least {count} {} of `{name}`", nodes(count)),
            None => format!("up to {count} {} of `{name}`", nodes(count)),
        }
    }

    /// The verb that fits the subject.
    pub(super) fn verb<'a>(&self, one: &'a str, several: &'a str) -> &'a str {
        if self.count() == 1 { one } else { several }
    }

    fn count(&self) -> usize {
        if self.is_certain { self.certain } else { self.nodes.len() }
    }

    /// ` (us-east-1a, us-east-1b)`: the zones of the nodes at fault, where the code names them.
    pub(super) fn zones(&self, context: &Context<'_>) -> String {
        let subnets = self.nodes.iter().flat_map(|node| &node.subnets);
        let mut zones: Vec<_> = subnets.filter_map(|subnet| context.network.subnets[*subnet].zone.text()).collect();
        zones.sort_unstable();
        zones.dedup();
        if zones.is_empty() { String::new() } else { format!(" ({})", in_words(&zones)) }
    }

    /// The next hops of the faults, for a message.
    pub(super) fn next_hops(&self) -> String {
        let mut hops: Vec<_> = self.faults.iter().flat_map(|fault| &fault.next_hops).map(String::as_str).collect();
        hops.sort_unstable();
        hops.dedup();
        if hops.is_empty() { "no route at all".to_owned() } else { hops.join(", ") }
    }

    /// `clients`, or those of the one family that the faults are about.
    pub(super) fn clients(&self) -> &'static str {
        if self.faults.iter().all(|fault| fault.family == Family::V6) { "IPv6 clients" } else { "clients" }
    }

    /// Makes the finding, with what shows it.
    pub(super) fn report<'f>(&self, findings: &'f mut Findings<'_>, message: String) -> Option<Reported<'f>> {
        let at = self.load_balancer.name.label("this load balancer takes clients from the internet")?;
        let mut labels: Vec<Label> = Vec::new();
        for label in self.faults.iter().flat_map(|fault| &fault.labels) {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        let mut reported = findings.report(at, message).because(labels).evidence("broken_nodes", self.count());
        if let Some(total) = self.total {
            reported = reported.evidence("nodes", total);
        }
        Some(if self.is_certain { reported } else { reported.possible() })
    }
}

fn nodes(count: usize) -> &'static str {
    if count == 1 { "node" } else { "nodes" }
}
