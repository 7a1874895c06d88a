//! What one template gives another: `Export` and `Fn::ImportValue`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Document, Inputs,
    choices::Choices,
    evaluate::{Evaluator, Scope},
    inputs,
};
use crate::syntax::yaml::{Node, NodeKind};

/// The templates that belong together, each group in the order that they were given. Where two export the same name,
/// which one is meant is not known: neither is joined by it.
pub(super) fn groups<'d>(documents: &'d [Document], inputs: &Inputs) -> Vec<Vec<&'d Document>> {
    let mut exporters: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut imports: Vec<BTreeSet<String>> = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        let mut evaluator = Evaluator::of(&[document], inputs, Choices::default());
        for name in evaluator.exports.keys() {
            exporters.entry(name.clone()).or_default().push(at);
        }
        imports.push(evaluator.import_names(document));
    }
    let mut leader: Vec<usize> = (0..documents.len()).collect();
    for (at, names) in imports.iter().enumerate() {
        for name in names {
            if let Some([exporter]) = exporters.get(name).map(Vec::as_slice) {
                let (one, other) = (find(&leader, at), find(&leader, *exporter));
                leader[one.max(other)] = one.min(other);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<&Document>> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        groups.entry(find(&leader, at)).or_default().push(document);
    }
    groups.into_values().collect()
}

/// The first of the group that `at` is in.
fn find(leader: &[usize], mut at: usize) -> usize {
    while leader[at] != at {
        at = leader[at];
    }
    at
}

impl<'a> Evaluator<'a> {
    /// The templates of a group, each a stack, and what they export.
    pub(super) fn of(group: &[&'a Document], inputs: &Inputs, choices: Choices) -> Self {
        let mut evaluator = Self::new(choices);
        for document in group {
            evaluator.templates.extend(document.nested.iter().map(|(path, template)| (path.as_str(), template)));
        }
        let shares_names = shares_names(group);
        for document in group {
            let stem = stem(&document.path);
            let prefix = if shares_names { stem.clone() } else { String::new() };
            let label = if group.len() == 1 { String::new() } else { stem };
            let values = inputs::given(&document.template, &document.stack.pseudo, inputs);
            evaluator.add_stack(&document.template, document.path.clone(), (prefix, label), values);
        }
        for stack in 0..group.len() {
            evaluator.take_exports(stack);
        }
        evaluator
    }

    fn take_exports(&mut self, stack: usize) {
        let template = self.stacks[stack].template;
        let said = self.findings.len();
        for (key, output) in template.section("Outputs") {
            let Some(name) = output.get("Export").and_then(|it| it.get("Name")) else { continue };
            if let Some(name) = self.value(&Scope::of(stack), name).known_text() {
                self.exports.insert(name, (stack, key.text.clone()));
            }
        }
        // What is wrong with a name is told when the output is asked for, if ever.
        self.findings.truncate(said);
    }

    /// The names that a template imports, where they are known.
    fn import_names(&mut self, document: &'a Document) -> BTreeSet<String> {
        let mut arguments = Vec::new();
        imports(&document.template.root, &mut arguments);
        arguments.into_iter().filter_map(|it| self.value(&Scope::of(0), it).known_text()).collect()
    }
}

/// What stands in the calls of `Fn::ImportValue`.
fn imports<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    match &node.kind {
        NodeKind::List(items) => {
            for item in items {
                imports(item, found);
            }
        }
        NodeKind::Map(entries) => {
            for (key, node) in entries {
                if key.text == "Fn::ImportValue" {
                    found.push(node);
                }
                imports(node, found);
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => (),
    }
}

/// Whether two templates have a resource of the same name.
fn shares_names(group: &[&Document]) -> bool {
    let mut names = BTreeSet::new();
    let all = group.iter().flat_map(|it| it.template.section("Resources"));
    all.map(|(key, _)| key.text.as_str()).any(|name| !names.insert(name))
}

/// What stands before the names of a template's resources where those alone would not tell them apart: `network/`.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().filter(|it| !it.is_empty()).unwrap_or(name);
    format!("{stem}/")
}
