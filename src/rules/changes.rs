//! What the rules about plans share: which subnets are rerouted by one cause, how, and what that does.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label, Reported, Severity},
    network::Subnet,
    reach::{Cause, Lasting, Reroute, Transition},
    value::Address,
};

/// All that one cause reroutes.
pub(super) struct Rerouted<'a> {
    pub(super) change: &'a Transition<'a>,
    pub(super) cause: &'a Cause,
    /// Where something lives, if there is any such subnet.
    pub(super) reroutes: Vec<&'a Reroute>,
    pub(super) is_lived_in: bool,
}

/// Groups the reroutes that `is_wanted` by what causes them.
pub(super) fn by_cause<'a>(context: &Context<'a>, is_wanted: impl Fn(&Reroute) -> bool) -> Vec<Rerouted<'a>> {
    let Some(change) = context.change else { return Vec::new() };
    let mut all: Vec<Rerouted<'a>> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for reroute in change.reroutes().iter().filter(|it| is_wanted(it)) {
        let at = *places.entry(reroute.cause.declared().address.as_str()).or_insert_with(|| {
            all.push(Rerouted { change, cause: &reroute.cause, reroutes: Vec::new(), is_lived_in: false });
            all.len() - 1
        });
        all[at].reroutes.push(reroute);
    }
    for rerouted in &mut all {
        rerouted.is_lived_in = rerouted.reroutes.iter().any(|it| it.is_lived_in);
        let is_lived_in = rerouted.is_lived_in;
        rerouted.reroutes.retain(|it| it.is_lived_in || !is_lived_in);
    }
    all
}

impl Rerouted<'_> {
    pub(super) fn severity(&self) -> Severity {
        if self.reroutes.iter().any(|it| it.impact.is_loss()) { Severity::Error } else { Severity::Warning }
    }

    /// The subnets, each once.
    pub(super) fn subnets(&self) -> Vec<Lasting<Subnet>> {
        let mut all = Vec::new();
        for reroute in &self.reroutes {
            if all.last() != Some(&reroute.subnet) {
                all.push(reroute.subnet);
            }
        }
        all
    }

    /// Which addresses go where, instead of where: the first of the changes, and how many others there are.
    pub(super) fn how(&self) -> String {
        let mut ways: Vec<String> = Vec::new();
        for reroute in &self.reroutes {
            attempts::add(&mut ways, way(reroute));
        }
        let more = match ways.len().saturating_sub(1) {
            0 => String::new(),
            1 => " (and 1 more change)".to_owned(),
            count => format!(" (and {count} more changes)"),
        };
        format!("{}{more}", ways.first().map_or("", String::as_str))
    }

    /// What is lost, to follow the message.
    pub(super) fn losses(&self) -> String {
        let all = |of: fn(&Reroute) -> &[String]| {
            let mut names: Vec<String> = Vec::new();
            for name in self.reroutes.iter().flat_map(|it| of(it)) {
                attempts::add(&mut names, name.clone());
            }
            names
        };
        let unanswered = all(|it| &it.impact.unanswered);
        let cut_off = all(|it| &it.impact.cut_off);
        let mut parts = Vec::new();
        if !unanswered.is_empty() {
            parts.push(format!("clients of {} get no answers that way", quoted(&unanswered)));
        }
        if !cut_off.is_empty() {
            let verb = if cut_off.len() == 1 { "does" } else { "do" };
            parts.push(format!("{} {verb} not get out any more", quoted(&cut_off)));
        }
        if parts.is_empty() && self.reroutes.iter().any(|it| it.impact.has_no_way) {
            parts.push("nothing arrives there any more".to_owned());
        }
        if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", and ")) }
    }

    /// Adds to a finding what all of these have in common.
    pub(super) fn report<'f>(&self, findings: &'f mut Findings<'_>, at: Label, message: String) -> Reported<'f> {
        let rows = self.reroutes.iter().map(|it| {
            let subnet = self.change.after().network().subnets[it.subnet.is].name.text();
            let after = it.after.as_deref().unwrap_or("no route");
            format!("{subnet}: {}: {} -> {after}", it.to.in_words(), it.before)
        });
        let reported = findings
            .report(at, message)
            .severity(self.severity())
            .because(subnet_labels(self.change, &self.subnets(), "this subnet is rerouted"))
            .evidence("subnets", self.subnets().len())
            .evidence("next_hops", rows.collect::<Vec<_>>());
        if self.is_lived_in { reported } else { reported.possible() }
    }
}

fn way(reroute: &Reroute) -> String {
    let to = reroute.to.in_words();
    match &reroute.after {
        None => format!("{to} nowhere instead of to {}", reroute.before),
        Some(after) => format!("{to} to {after} instead of {}", reroute.before),
    }
}

/// Whether something lives there is asked of whoever knows more than the plan.
pub(super) fn ask_for_residents(findings: &mut Findings<'_>, change: &Transition<'_>, subnets: &[Lasting<Subnet>]) {
    for subnet in subnets {
        let name = change.after().network().subnets[subnet.is].name.text();
        findings.unanswered(name, "whether anything lives in this subnet");
    }
}

/// `, because `name` changes`: why something is replaced, where a change of it is the reason.
pub(super) fn forced(change: &Transition<'_>, address: &Address) -> String {
    let attributes = change.forced(address);
    let verb = if attributes.len() == 1 { "changes" } else { "change" };
    if attributes.is_empty() { String::new() } else { format!(", because {} {verb}", quoted(attributes)) }
}

/// `` `a`, `b` and 3 more ``.
pub(super) fn quoted(names: &[String]) -> String {
    const MOST: usize = 3;
    let shown = names.iter().take(MOST).map(|it| format!("`{it}`")).collect::<Vec<_>>();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

pub(super) fn names(change: &Transition<'_>, subnets: &[Lasting<Subnet>]) -> Vec<String> {
    subnets.iter().map(|it| change.after().network().subnets[it.is].name.text().to_owned()).collect()
}

pub(super) fn subnet_labels(change: &Transition<'_>, subnets: &[Lasting<Subnet>], text: &str) -> Vec<Label> {
    let network = change.after().network();
    subnets.iter().filter_map(|it| network.subnets[it.is].name.label(text)).collect()
}
