//! The maps of all worlds as one: what only some worlds have says under which conditions.

use rustc_hash::FxHashMap;

use super::{Access, Map, Node, NodeKind, Way, WayKind};
use crate::worlds::{self, Each, Told};

/// What a node is told by from world to world.
type NodeKey = (String, &'static str);

/// What a way is told by from world to world.
type WayKey = (NodeKey, NodeKey, WayKind, Vec<String>);

/// The map of a project with everything that some world has.
pub fn merged(worlds: Each<Map>) -> Map {
    if worlds.all.len() <= 1 {
        return worlds.all.into_iter().next().unwrap_or_default();
    }
    let project = worlds.all.first().map(|map| map.project.clone()).unwrap_or_default();
    let within = within(&worlds.all);
    let merged = by_key(&worlds.all);
    let ways = worlds.as_ref().map(|map| map.ways.iter().map(|way| way_key(map, way)).collect::<Vec<_>>()).told();
    let nodes = worlds.as_ref().map(|map| map.nodes.iter().map(node_key).collect::<Vec<_>>()).told();
    let places: FxHashMap<NodeKey, usize> =
        nodes.iter().enumerate().map(|(at, told)| (told.what.clone(), at)).collect();
    let node = |told: Told<NodeKey>| {
        let mut node = merged.get(&told.what)?.clone();
        node.within = within.get(&told.what).and_then(|key| places.get(key)).copied();
        node.details.extend(told.when.map(|when| format!("where {when}")));
        Some(node)
    };
    let way = |told: Told<WayKey>| {
        let (from, to, kind, destinations) = told.what;
        Some(Way { from: *places.get(&from)?, to: *places.get(&to)?, kind, destinations, when: told.when })
    };
    let ways = ways.into_iter().filter_map(way).collect();
    Map { project, nodes: nodes.into_iter().filter_map(node).collect(), ways }
}

fn node_key(node: &Node) -> NodeKey {
    (node.name.clone(), node.kind.word())
}

fn way_key(map: &Map, way: &Way) -> WayKey {
    (node_key(&map.nodes[way.from]), node_key(&map.nodes[way.to]), way.kind, way.destinations.clone())
}

/// What each node stands in, in the first world that says so.
fn within(maps: &[Map]) -> FxHashMap<NodeKey, NodeKey> {
    let mut all = FxHashMap::default();
    for map in maps {
        for node in &map.nodes {
            if let Some(within) = node.within {
                all.entry(node_key(node)).or_insert_with(|| node_key(&map.nodes[within]));
            }
        }
    }
    all
}

/// Each node as all worlds that have it say.
fn by_key(maps: &[Map]) -> FxHashMap<NodeKey, Node> {
    let mut all: FxHashMap<NodeKey, Node> = FxHashMap::default();
    for node in maps.iter().flat_map(|map| &map.nodes) {
        match all.get_mut(&node_key(node)) {
            Some(known) => agree(known, node),
            None => {
                all.insert(node_key(node), node.clone());
            }
        }
    }
    all
}

fn agree(known: &mut Node, other: &Node) {
    if let (NodeKind::Subnet(one), NodeKind::Subnet(two)) = (known.kind, other.kind)
        && one != two
    {
        known.kind = NodeKind::Subnet(Access::Unknown);
    }
    let more: Vec<_> = other.details.iter().filter(|it| !known.details.contains(it)).cloned().collect();
    known.details.extend(more);
    if known.zone != other.zone {
        known.zone = None;
    }
    if let (Some(known), Some(other)) = (&mut known.routes, &other.routes) {
        worlds::agree(known, other.clone());
    }
}
