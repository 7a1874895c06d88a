//! A map as JSON, for `graph --format json` and for the page that draws it.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    super::{json, routes},
    Map, Node, Way,
};
use crate::source::SourceMap;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    projects: Vec<Project<'a>>,
}

/// One project's map.
#[derive(Serialize)]
pub(in crate::report) struct Project<'a> {
    #[serde(rename = "project")]
    name: &'a str,
    nodes: Vec<NodeObject<'a>>,
    ways: Vec<WayObject<'a>>,
}

#[derive(Serialize)]
struct NodeObject<'a> {
    id: usize,
    name: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    details: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<json::Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    routes: Option<routes::Subnet<'a>>,
}

#[derive(Serialize)]
struct WayObject<'a> {
    from: usize,
    to: usize,
    kind: &'static str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    destinations: &'a [String],
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
}

pub(super) fn write(sources: &SourceMap, maps: &[Map], out: &mut dyn Write) -> io::Result<()> {
    let projects = maps.iter().map(|map| project(sources, map)).collect();
    json::write_value(&Document { schema_version: json::SCHEMA_VERSION, projects }, out)
}

pub(in crate::report) fn project<'a>(sources: &'a SourceMap, map: &'a Map) -> Project<'a> {
    Project {
        name: &map.project,
        nodes: map.nodes.iter().enumerate().map(|(id, it)| node(sources, &map.project, id, it)).collect(),
        ways: map.ways.iter().map(way).collect(),
    }
}

fn node<'a>(sources: &'a SourceMap, project: &'a str, id: usize, it: &'a Node) -> NodeObject<'a> {
    NodeObject {
        id,
        name: &it.name,
        kind: it.kind.word(),
        access: it.access().map(super::Access::word),
        within: it.within,
        region: it.region.as_deref(),
        zone: it.zone.as_deref(),
        details: &it.details,
        location: it.span.map(|span| json::location(sources, span)),
        routes: it.routes.as_ref().map(|routes| routes::subnet(project, routes)),
    }
}

fn way(it: &Way) -> WayObject<'_> {
    WayObject {
        from: it.from,
        to: it.to,
        kind: it.kind.word(),
        destinations: &it.destinations,
        when: it.when.as_deref(),
    }
}
