//! Reads infrastructure code, resolves its routes, and reports what cannot work.
//!
//! Data flows one way: text, trees, resources, graph, network, reach, rules, report. Each group of modules below is a
//! floor: a module uses only the floors above it in this list, and none beside it. `tests/house.rs` holds every file to
//! it.

// Text, and what is said about it; and how many work on it.
pub mod files;
pub mod parallel;
pub mod source;

pub mod finding;
pub mod secret;

// Trees with places; no cloud yet.
pub mod syntax;

// What the code says, whatever its language: values, resources, and what each refers to.
pub mod value;

pub mod outside;
pub mod resource;
pub mod schema;

// One vocabulary for what the languages call the same thing.
pub mod vocabulary;

pub mod graph;

// The languages. Each turns text into resources, and knows nothing of the others.
pub mod cloudformation;
pub mod plan;
pub mod terraform;

// What belongs together: a plan, and what it does not say about who refers to whom.
pub mod join;

// The things that a user names on the command line, as graphs.
pub mod project;

// What AWS would build of it, and where its packets go.
pub mod network;

pub mod reach;

// What can be wrong with it.
pub mod rules;

// What holds in every world that the code allows, and what in some.
pub mod worlds;

// What the user wants to hear of it.
pub mod config;
pub mod suppress;

// What the user hears of it.
pub mod report;

pub mod cli;

/// What `rules` have to say of `project`, in the order that a reader meets it. What is wrong with the project's files
/// themselves stands in [`project::Project::findings`].
pub fn check(project: &project::Project, rules: &[&'static rules::Rule]) -> rules::Verdicts {
    let mut verdicts = worlds::verdicts(project, |graph| {
        let network = network::Network::of(graph);
        let routes = reach::RouteResolver::new(&network);
        rules::run(rules, graph, &rules::Context { network: &network, routes: &routes })
    });
    for finding in &mut verdicts.findings {
        project.constructs.tell(finding);
    }
    verdicts.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    verdicts
}

/// The table in force and the next hops of every subnet of `project`.
pub fn routes(project: &project::Project) -> Vec<reach::table::SubnetRoutes> {
    worlds::routes(project, |graph| {
        let network = network::Network::of(graph);
        reach::RouteResolver::new(&network).subnet_routes()
    })
}

/// The network of `project`, to be drawn: everything that some world has.
pub fn map(project: &project::Project) -> report::map::Map {
    report::map::merged(worlds::each(project, |graph| {
        let network = network::Network::of(graph);
        report::map::Map::of(&project.name, graph, &reach::RouteResolver::new(&network))
    }))
}
