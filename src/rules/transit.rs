//! What the rules about central ways out share: the tables that lose what spokes send or are answered.

use super::{Context, attempts};
use crate::{
    finding::{Findings, Label},
    network::{Id, Subnet},
    reach::transit_egress::Lost,
};

/// What one route table loses.
pub(super) struct Losing {
    pub(super) table: String,
    pub(super) at: Label,
    /// The spokes' subnets.
    pub(super) subnets: Vec<Id<Subnet>>,
}

/// The tables that lose questions, or answers.
pub(super) fn losing(context: &Context<'_>, answers: bool) -> Vec<Losing> {
    let mut all: Vec<Losing> = Vec::new();
    for lost in context.routes.lost_behind_transit() {
        if lost.is_answer != answers {
            continue;
        }
        let Some(at) = place(context, &lost) else { continue };
        match all.iter_mut().find(|it| it.table == lost.hop.resource) {
            Some(losing) => attempts::add(&mut losing.subnets, lost.subnet),
            None => all.push(Losing { table: lost.hop.resource.clone(), at, subnets: vec![lost.subnet] }),
        }
    }
    all
}

/// The table that decides, or what decides in its stead.
fn place(context: &Context<'_>, lost: &Lost) -> Option<Label> {
    let table = context.network.tables.iter().find(|(_, table)| table.name.text() == lost.hop.resource);
    table.and_then(|(_, table)| table.name.label("")).or_else(|| lost.hop.place.clone())
}

/// Reports one table, with the spokes as related places.
pub(super) fn report(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    losing: Losing,
    message: String,
    label: &str,
    help: String,
) {
    let at = Label { text: label.to_owned(), ..losing.at };
    let network = context.network;
    let spokes = losing.subnets.iter().filter_map(|it| network.subnets[*it].name.label("a subnet that depends on it"));
    let spokes: Vec<_> = spokes.collect();
    findings.report(at, message).because(spokes).help(help).evidence("subnets", losing.subnets.len());
}

/// The names of the spokes' subnets, for a message.
pub(super) fn spokes(context: &Context<'_>, losing: &Losing) -> String {
    let names: Vec<_> = losing.subnets.iter().map(|it| context.network.subnets[*it].name.text()).collect();
    match names.split_at_checked(2) {
        Some((first, rest)) if !rest.is_empty() => format!("`{}` and {} more", first.join("`, `"), rest.len()),
        Some(_) | None => format!("`{}`", names.join("`, `")),
    }
}
