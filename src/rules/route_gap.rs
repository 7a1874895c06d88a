//! Routes that a plan deletes before it makes them again.

use super::{Context, changes};
use crate::{
    finding::{Findings, Label},
    reach::{Gap, GapKind, Transition},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(change) = context.change else { return };
    for gap in change.gaps() {
        report(change, findings, gap);
    }
}

fn report(change: &Transition<'_>, findings: &mut Findings<'_>, gap: &Gap) {
    if !gap.is_lived_in {
        changes::ask_for_residents(findings, change, &gap.subnets);
    }
    let subnets = changes::quoted(&changes::names(change, &gap.subnets));
    let (one, verb) = if gap.subnets.len() == 1 { ("has", "follows") } else { ("have", "follow") };
    let name = &gap.at.address;
    let by = if let Some(old) = &gap.deleted {
        format!("`{}` deletes it and `{name}` makes it again", old.address)
    } else {
        format!("`{name}` is deleted before it is made again{}", changes::forced(change, name))
    };
    let message = match &gap.kind {
        GapKind::Routes(to) => format!("{subnets} {one} no route to {} for a while: {by}", to.join(", ")),
        GapKind::Table | GapKind::Association => {
            format!("{subnets} {verb} the main route table for a while: {by}")
        }
        GapKind::Target => format!(
            "the routes of {subnets} lead nowhere for a while: their target {by}, and they are led to the new one last"
        ),
    };
    let old = gap.deleted.as_ref().map(|it| it.label("the plan deletes it with this"));
    let labels: Vec<Label> =
        old.into_iter().chain(changes::subnet_labels(change, &gap.subnets, "this subnet is without it")).collect();
    let reported = findings
        .report(gap.at.label("the plan makes it again with this"), message)
        .because(labels)
        .help(repair(&gap.kind))
        .evidence("subnets", gap.subnets.len());
    if !gap.is_lived_in {
        reported.possible();
    }
}

fn repair(kind: &GapKind) -> &'static str {
    match kind {
        GapKind::Routes(_) => {
            "change the route in place (a `moved` block where it only gets another address), or make a second route table \
             and associate the subnets with it"
        }
        GapKind::Table => {
            "let a `lifecycle` block say `create_before_destroy`, so that the subnets change over at once"
        }
        GapKind::Association => {
            "change `route_table_id` in place, with a `moved` block where the association gets another address"
        }
        GapKind::Target => {
            "let its `lifecycle` block say `create_before_destroy`, with an address of its own where it needs one"
        }
    }
}
