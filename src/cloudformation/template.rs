//! A template as its sections say it: parameters, mappings, conditions, resources, outputs.
//!
//! `!Ref x` and `{"Ref": "x"}` are the same: short forms are written out here, so that everything below sees one form.

use rustc_hash::FxHashMap;

use super::{
    path, serverless,
    trouble::{evaluation_error, syntax_error},
};
use crate::{
    finding::Finding,
    source::{SourceId, Span},
    syntax::{
        json,
        yaml::{self, Key, Node, NodeKind},
    },
};

/// A template larger than this is not read: CloudFormation itself takes one of 1 MB.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const MOST_BYTES: usize = 16 << 20;

/// One file, read.
#[derive(Debug)]
pub(super) struct Template {
    /// The whole of it.
    pub(super) root: Node,
    /// Where it begins: what is wrong with it as a whole stands there.
    pub(super) start: Span,
    /// False where something is left out, because it does not parse.
    pub(super) is_whole: bool,
    pub(super) findings: Vec<Finding>,
    /// The entries of each section, by name.
    sections: FxHashMap<(&'static str, String), usize>,
}

/// The macro that is followed here.
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// The sections whose entries are asked for by name.
const SECTIONS: [&str; 5] = ["Parameters", "Mappings", "Conditions", "Resources", "Outputs"];

impl Template {
    pub(super) fn read(source: SourceId, text: &str) -> Self {
        let start = source.span(0..0);
        if MOST_BYTES < text.len() {
            let message = format!("this template has {} bytes; CloudFormation takes at most 1 MB", text.len());
            let nothing = Node { kind: NodeKind::Null, tag: None, span: start };
            return Self::of(nothing, start, false, vec![syntax_error(start, message)]);
        }
        let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
        let (mut root, is_whole, errors) = if is_json {
            let (node, errors) = json::parse(source, text);
            (Node::from(node), errors.is_empty(), errors)
        } else {
            let document = yaml::parse(source, text);
            (document.root, document.is_whole, document.errors)
        };
        let findings = errors.into_iter().map(|error| syntax_error(error.span, error.message)).collect();
        write_long_form(&mut root);
        Self::of(root, start, is_whole, findings)
    }

    fn of(root: Node, start: Span, is_whole: bool, mut findings: Vec<Finding>) -> Self {
        let mut sections = FxHashMap::default();
        for section in SECTIONS {
            let Some(node) = root.get(section) else { continue };
            if !matches!(node.kind, NodeKind::Map(_) | NodeKind::Null) {
                findings.push(evaluation_error(node.span, format!("{section} is a map of names")));
            }
            for (at, (key, _)) in node.entries().iter().enumerate() {
                sections.insert((section, key.text.clone()), at);
            }
        }
        Self { root, start, is_whole, findings, sections }
    }

    /// The entries of a section.
    pub(super) fn section(&self, name: &str) -> &[(Key, Node)] {
        self.root.get(name).map_or(&[], Node::entries)
    }

    /// One entry of a section.
    pub(super) fn entry(&self, section: &'static str, name: &str) -> Option<&(Key, Node)> {
        let at = self.sections.get(&(section, name.to_owned()))?;
        self.section(section).get(*at)
    }

    /// What `Transform` names: macros, each of which may change the whole template.
    pub(super) fn transforms(&self) -> Vec<&str> {
        match self.root.get("Transform").map(|it| (&it.kind, it)) {
            Some((NodeKind::List(items), _)) => items.iter().filter_map(name_of_transform).collect(),
            Some((_, node)) => name_of_transform(node).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The files of the stacks that it nests.
    pub(super) fn nested(&self, path: &str) -> Vec<String> {
        self.section("Resources").iter().filter_map(|(_, node)| nested(path, node)).collect()
    }

    /// Where parameters that are not echoed say what they are worth.
    pub(super) fn secrets(&self) -> impl Iterator<Item = Span> {
        let parameters = self.section("Parameters").iter().map(|(_, it)| it);
        let secret = parameters.filter(|it| it.get("NoEcho").and_then(Node::text) == Some("true"));
        secret
            .flat_map(|it| ["Default", "AllowedValues", "AllowedPattern"].map(|name| it.get(name)))
            .flatten()
            .map(|it| it.span)
    }

    fn has_loops(&self) -> bool {
        self.transforms().contains(&LANGUAGE_EXTENSIONS)
    }

    /// The macros that are not followed: there may be more in the template than is written. What SAM adds is no network.
    pub(super) fn macros(&self) -> Vec<String> {
        let others = self.transforms().into_iter().filter(|it| ![LANGUAGE_EXTENSIONS, serverless::MACRO].contains(it));
        others.map(str::to_owned).collect()
    }

    /// Whether a macro may make what is named and not written.
    pub(super) fn has_macros(&self) -> bool {
        self.transforms().iter().any(|it| *it != LANGUAGE_EXTENSIONS)
    }

    /// Whether this is what `CodeDeploy` reads: it lists resources, where a template names them.
    /// <https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html>
    pub(super) fn is_of_codedeploy(&self) -> bool {
        let is_list = |node: &Node| matches!(node.kind, NodeKind::List(_));
        self.root.get("AWSTemplateFormatVersion").is_none() && self.root.get("Resources").is_some_and(is_list)
    }

    /// Whether this is a template: it says so, or it has a resource of a type that CloudFormation could know.
    pub(super) fn is_template(&self) -> bool {
        let has_type = |node: &Node| node.get("Type").and_then(Node::text).is_some_and(|it| it.contains("::"));
        self.root.get("AWSTemplateFormatVersion").is_some()
            || self
                .section("Resources")
                .iter()
                .any(|(key, node)| has_type(node) || key.text.starts_with("Fn::ForEach") && self.has_loops())
    }
}

/// The file of the stack that a resource of the template at `path` is, where it names one beside it.
pub(super) fn nested(path: &str, resource: &Node) -> Option<String> {
    let property = match resource.get("Type")?.text()? {
        "AWS::CloudFormation::Stack" => "TemplateURL",
        "AWS::Serverless::Application" => "Location",
        _ => return None,
    };
    // The CDK publishes the template, and keeps here where it lies.
    let published = resource.get("Metadata").and_then(|it| it.get("aws:asset:path")).and_then(Node::text);
    let written = || resource.get("Properties")?.get(property)?.text().filter(|it| !it.contains("://"));
    published.or_else(written).map(|it| path::beside(path, it))
}

fn name_of_transform(node: &Node) -> Option<&str> {
    node.text().or_else(|| node.get("Name").and_then(Node::text))
}

/// Writes `!Name value` as `{Fn::Name: value}`, at any depth.
fn write_long_form(node: &mut Node) {
    match &mut node.kind {
        NodeKind::List(items) => items.iter_mut().for_each(write_long_form),
        NodeKind::Map(entries) => entries.iter_mut().for_each(|(_, node)| write_long_form(node)),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => (),
    }
    let Some(tag) = node.tag.take() else { return };
    let name = match tag.name.as_str() {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{}", name.strip_prefix("Fn::").unwrap_or(name)),
    };
    let key = Key { text: name, span: tag.span };
    let kind = std::mem::replace(&mut node.kind, NodeKind::Null);
    node.kind = NodeKind::Map(vec![(key, Node { kind, tag: None, span: node.span })]);
}

/// Whether a file may be a template, by its bytes alone: most files of these names are not.
pub(super) fn may_be_template(bytes: &[u8]) -> bool {
    let holds = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    let is_wide = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    is_wide || holds("AWSTemplateFormatVersion") || holds("Resources") && holds("::")
}

/// Whether a text that does not parse says that it is a template.
pub(super) fn says_so(text: &str) -> bool {
    let begins = |line: &str, word: &str| line.trim_start_matches([' ', '{', '"']).starts_with(word);
    let has_type = |line: &str| line.contains("Type") && (line.contains("AWS::") || line.contains("Custom::"));
    text.lines().any(|line| begins(line, "AWSTemplateFormatVersion"))
        || text.lines().any(|line| begins(line, "Resources")) && text.lines().any(has_type)
}
