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
    worlds::{self, Each},
};

pub(super) fn run(arguments: &Trace, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut sources = SourceMap::default();
    let projects = input::load(&arguments.paths, &mut sources, context, Wanted::default(), Notices::Shown)?;
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
    let party = |name: &str| named(&resolver, project.constructs.address(name));
    let (from, to) = (party(&arguments.from)?, party(&arguments.to)?);
    Ok(resolver.trace_between(&from, &to, &traffic(arguments)))
}

fn named(resolver: &RouteResolver<'_>, name: &str) -> Result<Vec<Party>, Error> {
    resolver.parties(name).map_err(|unnamed| match unnamed {
        Unnamed::NoInterface(why) => Error::new(format!("`{name}` has no interface to follow packets from or to: {why}")),
        Unnamed::Nothing => {
            let known = resolver.party_names();
            let near = names::nearest(name, known.iter().copied());
            let hint = match names::suggestion(&near) {
                hint if hint.is_empty() => {
                    "; name something that has an address (an instance, a service, a load balancer, a subnet …), an address, a block or `internet`".to_owned()
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
