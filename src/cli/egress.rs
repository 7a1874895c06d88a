//! `iac-check egress`: the public addresses that each workload leaves from.

use super::{
    Context, Error, Outcome,
    arguments::{Egress, TableFormat},
    input::{self, Notices},
};
use crate::{
    network::Network,
    project::Wanted,
    reach::RouteResolver,
    report::egress::{Format, ProjectEgress, WorldEgress},
    source::SourceMap,
    worlds,
};

pub(super) fn run(arguments: &Egress, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let projects = input::load(&arguments.paths, &mut sources, context, Wanted::default(), Notices::Shown)?;
    let networks: Vec<_> = projects.iter().map(|project| worlds::each(project, Network::of)).collect();
    let of_world = |network| WorldEgress { network, egress: RouteResolver::new(network).egress() };
    let all = projects.iter().zip(&networks);
    let all: Vec<_> = all
        .map(|(project, networks)| ProjectEgress { project: &project.name, worlds: networks.as_ref().map(of_world) })
        .collect();
    input::tell(projects.iter().filter_map(worlds::incomplete), context);
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    format.write(&all, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}
