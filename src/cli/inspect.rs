//! `iac-check inspect`: every resource as evaluated, and who refers to whom.

use super::{
    Context, Error, Outcome,
    arguments::{Inspect, TableFormat},
    input::{self, Notices},
};
use crate::{
    project::Wanted,
    report::inspect::{Format, ProjectResources},
    source::SourceMap,
};

pub(super) fn run(arguments: &Inspect, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let wanted = Wanted { everything: true, as_written: true, ..Wanted::default() };
    let projects = input::load(&arguments.paths, &mut sources, context, wanted, Notices::Shown)?;
    let resources = projects.iter().map(|it| ProjectResources { project: &it.name, graph: &it.graph });
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    format.write(&sources, &resources.collect::<Vec<_>>(), context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}
