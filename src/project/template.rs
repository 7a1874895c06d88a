//! Templates, and the stacks that they make.

use super::{Constructs, Project, Request, World, Worlds, graph};
use crate::{
    cloudformation::{self, assembly::Stack},
    files::Files,
    source::SourceMap,
};

/// A template; `None` if the file is none.
pub(super) fn template(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &str,
    text: String,
    stack: Option<&Stack>,
) -> Option<cloudformation::Document> {
    let source = sources.add(path, text).ok()?;
    cloudformation::read(files, sources, path, source, stack)
}

/// What a person should know of values for parameters that no template declares. Those of AWS are declared by none.
pub(super) fn undeclared_parameters(templates: &[cloudformation::Document], request: &Request) -> Vec<String> {
    let names = request.parameters.parameters.keys().filter(|name| !name.starts_with("AWS::"));
    let undeclared = names.filter(|name| !templates.iter().any(|template| template.declares(name)));
    undeclared
        .map(|name| format!("`{name}` is given a value, and no template declares a parameter of that name"))
        .collect()
}

/// Templates with what their parameters are given: those that are given the same belong together.
pub(super) fn by_parameters(
    templates: Vec<cloudformation::Document>,
    request: &Request,
) -> Vec<(cloudformation::Inputs, Vec<cloudformation::Document>)> {
    let mut groups: Vec<(cloudformation::Inputs, Vec<_>)> = Vec::new();
    for template in templates {
        let mut parameters = request.given(&template.path).parameters;
        parameters.extend(request.parameters.parameters.clone());
        match groups.iter_mut().find(|(known, _)| known.parameters == parameters) {
            Some((_, group)) => group.push(template),
            None => groups.push((cloudformation::Inputs { parameters }, vec![template])),
        }
    }
    groups
}

/// Templates that belong together.
pub(super) fn stacks(loaded: cloudformation::Loaded, request: &Request) -> Option<Project> {
    let names: Option<Vec<_>> = loaded.names.into_iter().collect();
    let name = names.unwrap_or(loaded.paths).join(", ");
    let mut notices: Vec<_> = loaded.macros.iter().map(|it| macro_notice(&name, it)).collect();
    if !loaded.is_complete && loaded.macros.is_empty() && loaded.findings.is_empty() {
        let count = loaded.worlds.len();
        notices.push(format!(
            "{name}: its conditions allow more combinations than the {count} that are looked at; give parameters with --parameter NAME=VALUE"
        ));
    }
    let mut worlds = loaded.worlds.into_iter().map(|world| {
        let count = world.resources.len();
        (count, World { conditions: world.conditions, graph: graph(world.resources, request.wanted) })
    });
    let (resources, first) = worlds.next()?;
    Some(Project {
        name,
        graph: first.graph,
        before: None,
        joined: None,
        resources,
        findings: loaded.findings,
        notices,
        undeclared: None,
        worlds: Worlds {
            first: first.conditions,
            others: worlds.map(|(_, world)| world).collect(),
            is_incomplete: !loaded.is_complete,
        },
        constructs: Constructs { shown: loaded.shown, lines: loaded.lines },
    })
}

pub(super) fn macro_notice(path: &str, name: &str) -> String {
    format!("{path}: the macro {name} may change the template; what is found in it may not hold")
}
