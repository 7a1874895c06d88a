//! `iac-check changes`: what a plan, or one input after another, changes in the network.

use super::{
    Context, Error, Outcome,
    arguments::{Changes, TableFormat},
    input::{self, Notices},
};
use crate::{
    graph::ResourceGraph,
    network::Network,
    project::{Project, Wanted},
    reach::{RouteResolver, change},
    report::changes::Format,
    source::SourceMap,
};

pub(super) fn run(arguments: &Changes, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let wanted = Wanted { before: true, ..Wanted::default() };
    let projects = input::load(&arguments.paths, &mut sources, context, wanted, Notices::Shown)?;
    let (before, after) = both(&projects)?;
    let (before, after) = (Network::of(before), Network::of(after));
    let found = change::changes(&RouteResolver::new(&before), &RouteResolver::new(&after));
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    format.write(&found, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}

/// The network before and the network after: of a plan both, of two inputs one each.
fn both(projects: &[Project]) -> Result<(&ResourceGraph, &ResourceGraph), Error> {
    match projects {
        [Project { before: Some(before), graph, .. }] => Ok((before, graph)),
        [before, after] => Ok((&before.graph, &after.graph)),
        [_] => Err(Error::new("there is no before in it; name a plan, or two inputs: BEFORE AFTER")),
        more => {
            Err(Error::new(format!("{} projects are there; name one plan, or two inputs: BEFORE AFTER", more.len())))
        }
    }
}
