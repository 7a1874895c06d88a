//! A map in Graphviz' language. <https://graphviz.org/doc/info/lang.html>

use std::io::{self, Write};

use super::{Access, Map, Node, NodeKind, Way, WayKind};
use crate::report::escape::visible;

/// How many destinations stand at an arrow.
const MOST: usize = 3;

pub(super) fn write(maps: &[Map], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph network {{")?;
    writeln!(out, "  compound=true; rankdir=TB; node [shape=box, fontname=\"sans-serif\"];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=10]; graph [fontname=\"sans-serif\"];")?;
    for (at, map) in maps.iter().enumerate() {
        if 1 < maps.len() {
            writeln!(out, "  subgraph cluster_p{at} {{ label={};", quoted(&map.project))?;
        }
        write_nodes(map, at, out)?;
        if 1 < maps.len() {
            writeln!(out, "  }}")?;
        }
        for way in &map.ways {
            write_way(map, way, at, out)?;
        }
    }
    writeln!(out, "}}")
}

/// The VPCs as boxes round what stands in them, then the rest. A NAT gateway stands beside its subnet.
fn write_nodes(map: &Map, project: usize, out: &mut dyn Write) -> io::Result<()> {
    let inside = map.inside();
    for at in map.outermost() {
        if map.nodes[at].kind == NodeKind::Vpc {
            writeln!(out, "  subgraph cluster_{} {{ label={};", id(project, at), quoted(&label(&map.nodes[at])))?;
            // An arrow to a box ends at a point in it.
            writeln!(out, "    {} [shape=point, style=invis];", id(project, at))?;
        } else {
            write_node(&map.nodes[at], &id(project, at), out)?;
        }
        for &inner in &inside[at] {
            for &it in std::iter::once(&inner).chain(&inside[inner]) {
                write_node(&map.nodes[it], &id(project, it), out)?;
            }
        }
        if map.nodes[at].kind == NodeKind::Vpc {
            writeln!(out, "  }}")?;
        }
    }
    Ok(())
}

fn write_node(node: &Node, id: &str, out: &mut dyn Write) -> io::Result<()> {
    let style = match node.kind {
        NodeKind::Subnet(Access::Public) => ", style=filled, fillcolor=\"#dff5e3\"",
        NodeKind::Subnet(Access::Private) => ", style=filled, fillcolor=\"#ddebff\"",
        NodeKind::Subnet(Access::Isolated) => ", style=filled, fillcolor=\"#eeeeee\"",
        NodeKind::Subnet(Access::Unknown) => ", style=\"filled,dashed\", fillcolor=\"#fff8dc\"",
        NodeKind::Internet => ", shape=circle",
        NodeKind::LoadBalancer => ", style=rounded",
        NodeKind::InternetGateway
        | NodeKind::EgressOnlyGateway
        | NodeKind::NatGateway
        | NodeKind::VpnGateway
        | NodeKind::CarrierGateway
        | NodeKind::TransitGateway => ", shape=hexagon",
        NodeKind::Vpc
        | NodeKind::Peering
        | NodeKind::Endpoint
        | NodeKind::Interface
        | NodeKind::Instance
        | NodeKind::Other => "",
    };
    writeln!(out, "    {id} [label={}{style}];", quoted(&label(node)))
}

fn write_way(map: &Map, way: &Way, project: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut words: Vec<_> = way.destinations.iter().take(MOST).cloned().collect();
    if MOST < way.destinations.len() {
        words.push(format!("and {} more", way.destinations.len() - MOST));
    }
    words.extend(way.when.as_ref().map(|when| format!("where {when}")));
    let style = match way.kind {
        WayKind::Route => "",
        WayKind::Node => ", style=dashed",
        WayKind::Attachment => ", dir=none",
    };
    let (from, to) = (id(project, way.from), id(project, way.to));
    let head = match map.nodes[way.to].kind {
        NodeKind::Vpc => format!(", lhead=cluster_{to}"),
        NodeKind::Internet
        | NodeKind::Subnet(_)
        | NodeKind::InternetGateway
        | NodeKind::EgressOnlyGateway
        | NodeKind::NatGateway
        | NodeKind::VpnGateway
        | NodeKind::TransitGateway
        | NodeKind::Peering
        | NodeKind::Endpoint
        | NodeKind::CarrierGateway
        | NodeKind::LoadBalancer
        | NodeKind::Interface
        | NodeKind::Instance
        | NodeKind::Other => String::new(),
    };
    writeln!(out, "  {from} -> {to} [label={}{style}{head}];", quoted(&words.join("\n")))
}

fn id(project: usize, node: usize) -> String {
    format!("p{project}n{node}")
}

/// A line for each thing to say.
fn label(node: &Node) -> String {
    let access = node.access().map(|it| format!("{} subnet", it.word()));
    let words = access.into_iter().chain(node.zone.clone()).chain(node.details.iter().cloned());
    std::iter::once(node.name.clone()).chain(words).map(|it| visible(&it).into_owned()).collect::<Vec<_>>().join("\n")
}

/// A string of the language, in which a line break is ours.
fn quoted(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| visible(line).replace('\\', "\\\\").replace('"', "\\\"")).collect();
    format!("\"{}\"", lines.join("\\n"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn names_are_text() {
        assert_eq!(quoted("a[\"b\"]\\\n10"), "\"a[\\\"b\\\"]\\\\\\n10\"");
    }
}
