//! `iac-check trace`: a packet from one end to another, and its answer back.

use super::{
    Context, Error, Outcome,
    arguments::{Protocol, TableFormat, Trace},
    input::{self, Notices},
    names,
};
use crate::{
    graph::ResourceGraph,
    network::{Family, Network},
    project::{Project, Wanted},
    reach::{
        Party, Ranges, RouteResolver, Traffic,
        named::{Traced, Unnamed},
        packets::{TCP, UDP},
    },
    report::trace::{self, Format},
    source::SourceMap,
    value::Address,
    worlds::{self, Each},
};

/// What can be named as an end of a way.
const NAMES: &str = "something that has an address (an instance, a service, a load balancer, a subnet …), an address, a block or `internet`";

pub(super) fn run(arguments: &Trace, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let projects = input::load(&arguments.paths, &mut sources, context, Wanted::default(), Notices::Shown)?;
    if [&arguments.from, &arguments.to].iter().all(|name| *name == "internet") {
        return Err(Error::new("from the internet to the internet no packet takes a way through this network"));
    }
    let (project, found) = found(&projects, arguments)?;
    input::tell(worlds::incomplete(project), context);
    let format = match arguments.format {
        TableFormat::Text => Format::Text,
        TableFormat::Json => Format::Json,
    };
    let shown = |it: &Found| trace::key(&sources, it.as_deref());
    let found = found.grouped(shown);
    let trace = trace::Trace { sources: &sources, from: &arguments.from, to: &arguments.to, worlds: &found };
    format.write(&trace, context.stdout).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}

/// The ways in one world; `None` where it does not have both ends.
type Found = Option<Vec<Traced>>;

/// The first project of which some world knows both ends, and the ways in each of its worlds.
fn found<'a>(projects: &'a [Project], arguments: &Trace) -> Result<(&'a Project, Each<Found>), Error> {
    let mut first = None;
    for project in projects {
        let mut found = worlds::each(project, |graph| traced(project, graph, arguments));
        let errors = found.all.iter_mut().filter_map(|it| it.as_mut().err());
        first = first.or_else(|| errors.map(|error| std::mem::replace(error, Error::new(""))).next());
        if found.all.iter().any(Result::is_ok) {
            return Ok((project, found.map(Result::ok)));
        }
    }
    Err(first.unwrap_or_else(|| Error::new("nothing to analyse")))
}

fn traced(project: &Project, graph: &ResourceGraph, arguments: &Trace) -> Result<Vec<Traced>, Error> {
    let network = Network::of(graph);
    let resolver = RouteResolver::new(&network);
    let party = |name: &str| {
        let name = project.constructs.address(name);
        let is_there = graph.find(&Address::new(name)).is_some();
        named(&resolver, name).map_err(|error| if is_there { has_no_address(name, error) } else { error })
    };
    let (from, to) = (party(&arguments.from)?, party(&arguments.to)?);
    Ok(resolver.trace_between(&from, &to, &traffic(arguments)))
}

/// What is said of a resource that is there and is no end of a way.
fn has_no_address(name: &str, error: Error) -> Error {
    if !error.to_string().starts_with("nothing is called") {
        return error;
    }
    Error::new(format!("`{name}` sends and takes no packets itself; name {NAMES}"))
}

fn named(resolver: &RouteResolver<'_>, name: &str) -> Result<Vec<Party>, Error> {
    resolver.parties(name).map_err(|unnamed| match unnamed {
        Unnamed::NoInterface(why) => {
            Error::new(format!("`{name}` has no interface to follow packets from or to: {why}"))
        }
        Unnamed::Nothing => {
            let known = resolver.party_names();
            let near = names::nearest(name, known.iter().copied());
            let hint = match names::suggestion(&near) {
                hint if hint.is_empty() => {
                    format!("; name {NAMES}")
                }
                hint => hint,
            };
            Error::new(format!("nothing is called `{name}`{hint}"))
        }
    })
}

fn traffic(arguments: &Trace) -> Traffic {
    let source_ports = arguments.source_port.map(|port| Ranges::one(u128::from(port)));
    let ports = arguments.port.map_or_else(|| Ranges::of([(0, 65_535)]), |port| Ranges::one(u128::from(port)));
    match arguments.protocol {
        Protocol::Tcp => Traffic { source_ports, ..Traffic::to_ports(TCP, ports) },
        Protocol::Udp => Traffic { source_ports, ..Traffic::to_ports(UDP, ports) },
        Protocol::Icmp => Traffic::ping(Family::V4),
    }
}
