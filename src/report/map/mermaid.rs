//! A map as a Mermaid flowchart, which GitHub and GitLab draw where a comment or a page holds one.
//!
//! <https://mermaid.js.org/syntax/flowchart.html>

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::{Access, Map, Node, NodeKind, Way, WayKind};
use crate::report::escape::visible;

/// How many destinations stand at an arrow.
const MOST: usize = 3;

pub(super) fn write(maps: &[Map], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart TB")?;
    for (at, map) in maps.iter().enumerate() {
        if 1 < maps.len() {
            writeln!(out, "  subgraph p{at}[\"{}\"]", text(&map.project))?;
        }
        write_nodes(map, at, &map.outermost(), &map.inside(), out)?;
        if 1 < maps.len() {
            writeln!(out, "  end")?;
        }
        for way in &map.ways {
            write_way(way, at, out)?;
        }
        write_classes(map, at, out)?;
    }
    for (access, style) in [
        (Access::Public, "fill:#dff5e3,stroke:#1a7f37,color:#0b3d1a"),
        (Access::Private, "fill:#ddebff,stroke:#0969da,color:#0a2a5c"),
        (Access::Isolated, "fill:#eeeeee,stroke:#6e7781,color:#24292f"),
        (Access::Unknown, "fill:#fff8dc,stroke:#9a6700,color:#4d3300,stroke-dasharray:4"),
    ] {
        writeln!(out, "  classDef {} {style}", access.word())?;
    }
    Ok(())
}

/// Nodes, each with what stands in it. VPCs hold subnets, and subnets hold gateways: no deeper.
fn write_nodes(
    map: &Map,
    project: usize,
    nodes: &[usize],
    inside: &[Vec<usize>],
    out: &mut dyn Write,
) -> io::Result<()> {
    for &at in nodes {
        let node = &map.nodes[at];
        if inside[at].is_empty() && node.kind != NodeKind::Vpc {
            writeln!(out, "    {}{}", id(project, at), shape(node))?;
            continue;
        }
        // Its title has room for one line.
        writeln!(out, "    subgraph {}[\"{}\"]", id(project, at), label(node, ", "))?;
        if inside[at].is_empty() {
            writeln!(out, "      {}_[\"empty\"]", id(project, at))?;
        }
        write_nodes(map, project, &inside[at], inside, out)?;
        writeln!(out, "    end")?;
    }
    Ok(())
}

fn write_way(way: &Way, project: usize, out: &mut dyn Write) -> io::Result<()> {
    let (from, to) = (id(project, way.from), id(project, way.to));
    let arrow = match way.kind {
        WayKind::Route => "-->",
        WayKind::Node => "-.->",
        WayKind::Attachment => "---",
    };
    let mut words: Vec<_> = way.destinations.iter().take(MOST).map(|it| text(it)).collect();
    if MOST < way.destinations.len() {
        words.push(format!("and {} more", way.destinations.len() - MOST));
    }
    words.extend(way.when.as_ref().map(|when| text(&format!("where {when}"))));
    if words.is_empty() {
        writeln!(out, "  {from} {arrow} {to}")
    } else {
        writeln!(out, "  {from} {arrow}|\"{}\"| {to}", words.join("<br/>"))
    }
}

fn write_classes(map: &Map, project: usize, out: &mut dyn Write) -> io::Result<()> {
    for (at, node) in map.nodes.iter().enumerate() {
        if let Some(access) = node.access() {
            writeln!(out, "  class {} {}", id(project, at), access.word())?;
        }
    }
    Ok(())
}

fn id(project: usize, node: usize) -> String {
    format!("p{project}n{node}")
}

fn shape(node: &Node) -> String {
    let label = label(node, "<br/>");
    match node.kind {
        NodeKind::Internet => format!("((\"{label}\"))"),
        NodeKind::LoadBalancer => format!("([\"{label}\"])"),
        NodeKind::InternetGateway
        | NodeKind::EgressOnlyGateway
        | NodeKind::NatGateway
        | NodeKind::VpnGateway
        | NodeKind::CarrierGateway
        | NodeKind::TransitGateway => format!("{{{{\"{label}\"}}}}"),
        NodeKind::Vpc
        | NodeKind::Subnet(_)
        | NodeKind::Peering
        | NodeKind::Endpoint
        | NodeKind::Interface
        | NodeKind::Instance
        | NodeKind::Other => format!("[\"{label}\"]"),
    }
}

fn label(node: &Node, after_name: &str) -> String {
    let access = node.access().map(|it| format!("{} subnet", it.word()));
    let words = access.into_iter().chain(node.zone.clone()).chain(node.details.iter().cloned());
    let words: Vec<_> = words.map(|it| text(&it)).collect();
    let name = text(&node.name);
    if words.is_empty() { name } else { format!("{name}{after_name}{}", words.join(", ")) }
}

/// Text in a label in quotes: every sign that Mermaid or a browser could act upon is a numbered entity.
fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in visible(text).chars() {
        if character.is_alphanumeric() || " .,-/:_".contains(character) {
            shown.push(character);
        } else {
            write!(shown, "#{};", u32::from(character)).expect("writing to a String does not fail");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn names_are_text() {
        assert_eq!(text("a[\"b\"] <script>"), "a#91;#34;b#34;#93; #60;script#62;");
        assert_eq!(text("10.0.0.0/16"), "10.0.0.0/16");
    }
}
