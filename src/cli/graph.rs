//! `iac-check graph`: the network, to be drawn.

use super::{
    Context, Error, Outcome,
    arguments::{Graph, GraphFormat},
    input::{self, Notices},
};
use crate::{
    project::Wanted,
    report::map::{Format, Map},
    source::SourceMap,
    worlds,
};

pub(super) fn run(arguments: &Graph, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let projects = input::load(&arguments.paths, &mut sources, context, Wanted::default(), Notices::Shown)?;
    let maps: Vec<Map> = projects.iter().map(crate::map).collect();
    input::tell(projects.iter().filter_map(worlds::incomplete), context);
    let format = match arguments.format {
        GraphFormat::Mermaid => Format::Mermaid,
        GraphFormat::Dot => Format::Dot,
        GraphFormat::Json => Format::Json,
        GraphFormat::Html => Format::Html,
    };
    format.write(&sources, &maps, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}
