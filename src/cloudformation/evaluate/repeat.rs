//! `Fn::ForEach`: resources and properties written once for each item of a list.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use std::rc::Rc;

use super::{Declared, Evaluator, Failure, Scope, Turn};
use crate::{
    cloudformation::term::{Shape, Term},
    source::Span,
    syntax::yaml::{Key, Node, NodeKind},
};

/// A template has no more resources, and no more entries that loops make, than this.
const MOST: usize = 20_000;

/// How many loops stand within each other. CloudFormation allows five.
const DEEPEST_LOOP: usize = 8;

/// Why a loop has no turns.
enum Trouble {
    /// It is not known what it goes over.
    Open,
    Wrong(Failure),
}

impl Trouble {
    fn wrong(span: Span, message: &str) -> Self {
        Self::Wrong(Failure::new(span, message))
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Wrong(failure)
    }
}

/// Whether this key stands before a loop.
pub(super) fn is_loop(key: &str) -> bool {
    key.starts_with("Fn::ForEach")
}

impl<'a> Evaluator<'a> {
    /// The resources that a section declares, loops written out.
    pub(super) fn declare(&mut self, scope: &Scope, entries: &'a [(Key, Node)], all: &mut Vec<Declared<'a>>) {
        for (key, node) in entries {
            if !is_loop(&key.text) {
                let name = name_in_loop(scope, &key.text);
                all.push(Declared { name, key, node, scope: scope.clone() });
                continue;
            }
            match self.turns(scope, node) {
                Ok((scopes, body)) => {
                    for scope in scopes {
                        if MOST <= all.len() {
                            let message = format!("the loops of this template make more than {MOST} resources");
                            self.fail(Failure::new(key.span, message), node.span);
                            self.is_open = true;
                            return;
                        }
                        self.declare(&scope, body.entries(), all);
                    }
                }
                Err(Trouble::Open) => self.is_open = true,
                Err(Trouble::Wrong(failure)) => {
                    self.fail(failure, node.span);
                    self.is_open = true;
                }
            }
        }
    }

    /// The entries that a loop makes of a map.
    pub(super) fn repeated_entries(&mut self, scope: &Scope, key: &'a Key, node: &'a Node) -> Vec<(String, Term)> {
        let (scopes, body) = match self.turns(scope, node) {
            Ok(turns) => turns,
            Err(Trouble::Open) => {
                let why = Term::opaque("what a loop goes over is not known", node.span);
                return vec![(key.text.clone(), why)];
            }
            Err(Trouble::Wrong(failure)) => return vec![(key.text.clone(), self.fail(failure, node.span))],
        };
        let mut entries = Vec::new();
        for scope in scopes {
            let Shape::Map(map) = self.value(&scope, body).shape else { continue };
            if MOST <= entries.len() {
                let message = format!("this loop makes more than {MOST} entries");
                return vec![(key.text.clone(), self.fail(Failure::new(key.span, message), node.span))];
            }
            entries.extend(map);
        }
        entries
    }

    /// The turns of a loop, and what stands in it.
    fn turns(&mut self, scope: &Scope, node: &'a Node) -> Result<(Vec<Scope>, &'a Node), Trouble> {
        let arguments = Self::arguments(node, 3..=3, "a name, a list and a map")?;
        let depth = std::iter::successors(scope.loops.as_ref(), |it| it.around.as_ref()).count();
        if DEEPEST_LOOP <= depth {
            return Err(Trouble::wrong(node.span, "expected at most five loops within each other"));
        }
        let Some(name) = arguments[0].text() else {
            return Err(Trouble::wrong(arguments[0].span, "expected the name of a loop variable"));
        };
        let collection = self.value(scope, &arguments[1]);
        let items = match collection.shape {
            Shape::List(items) => items,
            Shape::Unknown(_) | Shape::Parts(_) => return Err(Trouble::Open),
            Shape::Nothing | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::Map(_) => {
                return Err(Trouble::wrong(arguments[1].span, "expected a list to go over"));
            }
        };
        let turn = |value: Term| {
            let turn = Turn { name: name.to_owned(), value, around: scope.loops.clone() };
            Scope { stack: scope.stack, loops: Some(Rc::new(turn)) }
        };
        let scopes = items.into_iter().take(MOST).map(turn).collect();
        match &arguments[2].kind {
            NodeKind::Map(_) => Ok((scopes, &arguments[2])),
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => {
                Err(Trouble::wrong(arguments[2].span, "expected a map to repeat"))
            }
        }
    }
}

/// A text with the loop variables that stand in it, `${Name}` or, without what names cannot have, `&{Name}`.
pub(super) fn name_in_loop(scope: &Scope, text: &str) -> String {
    let mut text = text.to_owned();
    let mut turn = scope.loops.as_ref();
    while let Some(it) = turn {
        if let Some(value) = it.value.known_text() {
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            text = text.replace(&format!("${{{}}}", it.name), &value).replace(&format!("&{{{}}}", it.name), &plain);
        }
        turn = it.around.as_ref();
    }
    text
}
