//! `iac-check routes`: the table in force and the next hops of every subnet.

use super::{
    Context, Error, Outcome,
    arguments::{Routes, TableFormat},
    input::{self, Notices},
    names,
};
use crate::{
    project::{Project, Wanted},
    reach::table::SubnetRoutes,
    report::routes::{Format, ProjectRoutes},
    source::SourceMap,
};

pub(super) fn run(arguments: &Routes, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let projects = input::load(&arguments.paths, &mut sources, context, Wanted::default(), Notices::Shown)?;
    let mut tables: Vec<_> = projects.iter().map(crate::routes).collect();
    if let Some(subnet) = &arguments.subnet {
        keep_only(&projects, &mut tables, subnet)?;
    }
    let routes = projects.iter().zip(&tables);
    let routes: Vec<_> = routes
        .map(|(project, subnets)| ProjectRoutes { project: &project.name, subnets })
        .filter(|it| arguments.subnet.is_none() || !it.subnets.is_empty())
        .collect();
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    format.write(&routes, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}

fn keep_only(projects: &[Project], tables: &mut [Vec<SubnetRoutes>], name: &str) -> Result<(), Error> {
    let knows = |project: &&Project| project.constructs.shown.contains_key(name);
    let address = projects.iter().find(knows).map_or(name, |it| it.constructs.address(name));
    let near = names::nearest(address, tables.iter().flatten().map(|it| it.subnet.as_str()));
    if near.first() != Some(&address) {
        let count = tables.iter().map(Vec::len).sum::<usize>();
        let hint = match names::suggestion(&near) {
            hint if hint.is_empty() => {
                format!("; there are {count}, and `iac-check routes` without --subnet lists them")
            }
            hint => hint,
        };
        return Err(Error::new(format!("there is no subnet `{address}`{hint}")));
    }
    for (project, table) in projects.iter().zip(tables) {
        let address = project.constructs.address(name);
        table.retain(|it| it.subnet == address);
    }
    Ok(())
}
