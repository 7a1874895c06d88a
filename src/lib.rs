//! Reads infrastructure code, resolves its routes, and reports what cannot work.
//!
//! Data flows one way: text, trees, resources, graph, network, reach, rules, report. Each group of modules below is a
//! floor: a module uses only the floors above it in this list, and none beside it. `tests/house.rs` holds every file to
//! it.
//!
//! From Rust, a [`project::load`] reads what a path names, and [`check`] asks the rules of it. Nothing is read but
//! through a [`files::Files`]: [`files::Disk`] is this machine's, [`files::Memory`] a tree of texts. This interface
//! follows the program and may change with each version.
//!
//! ```
//! use iac_check::{files::Memory, project::{self, Request}, rules, source::SourceMap};
//!
//! let files = Memory::of([("net/main.tf", r#"
//!     resource "aws_vpc" "main" {
//!       cidr_block = "10.0.0.0/16"
//!     }
//!     resource "aws_internet_gateway" "main" {
//!       vpc_id = aws_vpc.main.id
//!     }
//!     resource "aws_subnet" "main" {
//!       vpc_id     = aws_vpc.main.id
//!       cidr_block = "10.0.0.0/24"
//!     }
//!     resource "aws_nat_gateway" "out" {
//!       subnet_id     = aws_subnet.main.id
//!       allocation_id = aws_eip.out.id
//!     }
//!     resource "aws_eip" "out" {}
//!     resource "aws_default_route_table" "main" {
//!       default_route_table_id = aws_vpc.main.default_route_table_id
//!       route {
//!         cidr_block     = "0.0.0.0/0"
//!         nat_gateway_id = aws_nat_gateway.out.id
//!       }
//!     }
//! "#)]);
//! let mut sources = SourceMap::default();
//! let projects = project::load(&files, &mut sources, &["net".to_owned()], &Request::default())?;
//! let rule = rules::find("nat_loop").expect("there is such a rule");
//! let verdicts = iac_check::check(&projects[0], &[rule]);
//! let finding = &verdicts.findings[0];
//! assert_eq!(finding.resource.as_deref(), Some("aws_nat_gateway.out"));
//! assert_eq!(sources.place(finding.at.span).start.line.get(), 12);
//! // Where every address of a subnet goes: the default route leads to the gateway itself.
//! let routes = iac_check::routes(&projects[0]);
//! assert_eq!((routes[0].subnet.as_str(), routes[0].routes.len()), ("aws_subnet.main", 2));
//! # Ok::<(), project::Error>(())
//! ```
//!
//! A [`report::Report`] of verdicts is written in each of the [`report::Format`]s.

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
    let before = project.change().map(network::Network::of);
    let before = before.as_ref().map(reach::RouteResolver::new);
    told(project, verdicts(project, before.as_ref(), rules))
}

/// What of that the project's plan brings: what the rules say in the same words of the network before is left out.
/// Nothing where the plan changes nothing; all where nothing is there yet, or there is no plan.
pub fn check_change(project: &project::Project, rules: &[&'static rules::Rule]) -> rules::Verdicts {
    let Some(old) = project.before.as_ref().filter(|before| !before.is_empty()) else { return check(project, rules) };
    let Some(graph) = project.change() else { return rules::Verdicts::default() };
    let network = network::Network::of(graph);
    let routes = reach::RouteResolver::new(&network);
    let before = rules::run(rules, old, &rules::Context { network: &network, routes: &routes, change: None });
    let is_new = |address: &str| {
        let id = project.graph.find(&value::Address::new(address));
        id.and_then(|id| project.graph.resource(id).action).is_some_and(resource::Action::makes)
    };
    told(project, verdicts(project, Some(&routes), rules).brought(&before, is_new))
}

fn verdicts(
    project: &project::Project,
    before: Option<&reach::RouteResolver<'_>>,
    rules: &[&'static rules::Rule],
) -> rules::Verdicts {
    worlds::verdicts(project, |graph| {
        let network = network::Network::of(graph);
        let routes = reach::RouteResolver::new(&network);
        let after = reach::transition::Side { graph, routes: &routes };
        let change = project.before.as_ref().zip(before).map(|(graph, routes)| {
            let before = reach::transition::Side { graph, routes };
            reach::Transition::new(before, after)
        });
        rules::run(rules, graph, &rules::Context { network: &network, routes: &routes, change: change.as_ref() })
    })
}

fn told(project: &project::Project, mut verdicts: rules::Verdicts) -> rules::Verdicts {
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
