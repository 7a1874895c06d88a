//! YAML as a tree with places. Tags that YAML itself does not know are kept, anchors and merge keys are resolved.
//!
//! Plain words mean what YAML 1.1 says, which is what CloudFormation reads: `yes` is a truth. A number stays as it is
//! written: an account's id keeps its leading zero.

mod reader;
mod recovery;

use super::json;
use crate::source::Span;

pub use self::reader::parse;

/// A value and its place, with its tag.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    /// A tag of the document's own language: `!Ref`.
    pub tag: Option<Tag>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum NodeKind {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// In the order that they are written, no key twice; what a merge key brings stands last.
    Map(Vec<(Key, Node)>),
}

/// A key of a map and its place.
#[derive(Clone, Debug)]
pub struct Key {
    pub text: String,
    pub span: Span,
}

/// A tag and its place: `!Ref` is named `Ref`.
#[derive(Clone, Debug)]
pub struct Tag {
    pub name: String,
    pub span: Span,
}

/// A document read, its comments, and what is wrong with it.
#[derive(Debug)]
pub struct Document {
    pub root: Node,
    /// False where something is left out of it, because it does not parse.
    pub is_whole: bool,
    pub comments: Vec<Span>,
    pub errors: Vec<super::SyntaxError>,
}

impl Node {
    /// The value under `key` of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(it, _)| it.text == key).map(|(_, node)| node)
    }

    /// The entries of a map; what is no map has none.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => &[],
        }
    }

    /// What is written, of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) | NodeKind::Number(text) => Some(text),
            NodeKind::Bool(true) => Some("true"),
            NodeKind::Bool(false) => Some("false"),
            NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }
}

/// JSON is read by a reader of its own, and told in the same words.
impl From<json::Node> for Node {
    fn from(node: json::Node) -> Self {
        let kind = match node.kind {
            json::NodeKind::Null => NodeKind::Null,
            json::NodeKind::Bool(it) => NodeKind::Bool(it),
            json::NodeKind::Number(it) => NodeKind::Number(it),
            json::NodeKind::Text(it) => NodeKind::Text(it),
            json::NodeKind::List(items) => NodeKind::List(items.into_iter().map(Self::from).collect()),
            json::NodeKind::Map(members) => NodeKind::Map(
                members
                    .into_iter()
                    .map(|(key, node)| (Key { text: key.text, span: key.span }, Self::from(node)))
                    .collect(),
            ),
        };
        Self { kind, tag: None, span: node.span }
    }
}
