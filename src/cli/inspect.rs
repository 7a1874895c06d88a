//! `iac-check inspect`: every resource as evaluated, and who refers to whom.

use rustc_hash::FxHashSet;

use super::{
    Context, Error, Outcome,
    arguments::{Inspect, TableFormat},
    input::{self, Notices},
};
use crate::{
    project::{Project, Wanted},
    report::inspect::{Format, ProjectResources},
    resource::Resource,
    source::SourceMap,
    worlds,
};

pub(super) fn run(arguments: &Inspect, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let wanted = Wanted { everything: true, as_written: true, ..Wanted::default() };
    let projects = input::load(&arguments.paths, &mut sources, context, wanted, Notices::Shown)?;
    let made_under: Vec<_> = projects.iter().map(worlds::made_under).collect();
    let others: Vec<_> = projects.iter().map(only_elsewhere).collect();
    let resources = projects.iter().zip(&others).zip(&made_under).map(|((it, others), made_under)| ProjectResources {
        project: &it.name,
        graph: &it.graph,
        others,
        made_under,
    });
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    format.write(&sources, &resources.collect::<Vec<_>>(), context.stdout).map_err(Error::stdout)?;
    input::tell(
        projects.iter().filter_map(|it| {
            worlds::notice(it, |graph| {
                graph.resources().map(|(_, it)| (it.address.clone(), it.body.clone())).collect::<Vec<_>>()
            })
        }),
        context,
    );
    Ok(Outcome::Clean)
}

/// The resources that the first world does not have, each as the first world has it that does.
fn only_elsewhere(project: &Project) -> Vec<&Resource> {
    let mut known: FxHashSet<&str> = project.graph.resources().map(|(_, it)| it.address.as_str()).collect();
    let others = project.worlds.others.iter().flat_map(|world| world.graph.resources());
    others.map(|(_, it)| it).filter(|it| known.insert(it.address.as_str())).collect()
}
