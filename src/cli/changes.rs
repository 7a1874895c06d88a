//! `iac-check changes`: what a plan, or one input after another, changes in the network.

use super::{
    Context, Error, Outcome,
    arguments::{Changes, TableFormat},
    input::{self, Notices},
};
use crate::{
    graph::ResourceGraph,
    network::Network,
    project::{Conditions, Project, Wanted},
    reach::{RouteResolver, change},
    report::changes::Format,
    source::SourceMap,
    worlds::{self, Each, WorldChanges},
};

pub(super) fn run(arguments: &Changes, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let wanted = Wanted { before: true, ..Wanted::default() };
    let projects = input::load(&arguments.paths, &mut sources, context, wanted, Notices::Shown)?;
    let (worlds, dropped) = both(&projects)?;
    let found = worlds.map(|(before, after)| {
        let (before, after) = (Network::of(before), Network::of(after));
        change::changes(&RouteResolver::new(&before), &RouteResolver::new(&after))
    });
    let found = WorldChanges::of(&found);
    let told = (dropped != 0).then(|| format!("{dropped} more combinations of conditions are not compared"));
    input::tell(projects.iter().filter_map(worlds::incomplete).chain(told), context);
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    format.write(&found, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}

/// What there is before and after, and which worlds are left out.
type Both<'a> = (Each<(&'a ResourceGraph, &'a ResourceGraph)>, usize);

/// The network before and the network after: of a plan both, of two inputs one each, in each world that both allow.
fn both(projects: &[Project]) -> Result<Both<'_>, Error> {
    match projects {
        [Project { before: Some(before), graph, .. }] => Ok((Each::of([(Conditions::new(), (before, graph))]), 0)),
        [before, after] => Ok(worlds::pairs(before, after)),
        [_] => Err(Error::new("there is no before in it; name a plan, or two inputs: BEFORE AFTER")),
        more => {
            Err(Error::new(format!("{} projects are there; name one plan, or two inputs: BEFORE AFTER", more.len())))
        }
    }
}
