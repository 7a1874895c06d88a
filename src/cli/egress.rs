//! `iac-check egress`: the public addresses that each workload leaves from.

use super::{
    Context, Error, Outcome,
    arguments::{Egress, TableFormat},
    input::{self, Notices},
};
use crate::{
    graph::ResourceGraph,
    network::Network,
    project::Wanted,
    reach::RouteResolver,
    report::egress::{Format, ProjectEgress},
    source::SourceMap,
    worlds,
};

pub(super) fn run(arguments: &Egress, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let projects = input::load(&arguments.paths, &mut sources, context, Wanted::default(), Notices::Shown)?;
    let networks: Vec<_> = projects.iter().map(|project| Network::of(&project.graph)).collect();
    let found: Vec<_> = networks.iter().map(|network| RouteResolver::new(network).egress()).collect();
    let all = projects.iter().zip(&networks).zip(&found);
    let all: Vec<_> =
        all.map(|((project, network), egress)| ProjectEgress { project: &project.name, network, egress }).collect();
    let shown = |graph: &ResourceGraph| {
        let network = Network::of(graph);
        let mut text = Vec::new();
        let egress = &RouteResolver::new(&network).egress();
        let written = Format::Json.write(&[ProjectEgress { project: "", network: &network, egress }], &mut text);
        written.map(|()| text).ok()
    };
    input::tell(projects.iter().filter_map(|it| worlds::notice(it, shown)), context);
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    format.write(&all, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}
