//! Subnets that follow another main table after a plan that does not name them.

use super::{Context, changes};
use crate::{
    finding::Findings,
    reach::{Cause, Reroute},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for rerouted in changes::by_cause(context, |it: &Reroute| it.cause.is_implicit()) {
        let subnets = rerouted.subnets();
        if !rerouted.is_lived_in {
            changes::ask_for_residents(findings, rerouted.change, &subnets);
        }
        let names = changes::names(rerouted.change, &subnets);
        let (verb, send) = if names.len() == 1 { ("follows", "sends") } else { ("follow", "send") };
        let table = subnets.first().and_then(|it| rerouted.change.after().table(it.is));
        let table = table.map_or("", |it| rerouted.change.after().network().tables[it].name.text());
        let message = format!(
            "{} {verb} the main route table `{table}` after this plan, and {send} {}{}",
            changes::quoted(&names),
            rerouted.how(),
            rerouted.losses()
        );
        let at = rerouted.cause.declared().label(match rerouted.cause {
            Cause::MainTable(_) | Cause::Made(_) => "this chooses the main route table",
            Cause::NoTable(_) | Cause::Unmade(_) => "the plan takes this away",
        });
        rerouted
            .report(findings, at, message)
            .help("associate these subnets with the route table that they need, so that no main table decides");
    }
}
