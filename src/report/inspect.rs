//! Every resource as evaluated, and who refers to whom: for people and as the contract's JSON.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
};

use rustc_hash::FxHashMap;
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap as _, SerializeSeq as _},
};

use super::{escape::visible, json};
use crate::{
    graph::ResourceGraph,
    resource::{self, Mode},
    secret,
    source::SourceMap,
    value::{Kind, Map, Number, Unknown, Value},
};

/// The resources of one project.
#[derive(Clone, Copy, Debug)]
pub struct ProjectResources<'a> {
    pub project: &'a str,
    pub graph: &'a ResourceGraph,
    /// The resources that only other worlds have.
    pub others: &'a [&'a resource::Resource],
    /// Under which conditions a resource is made that not every world has, by address.
    pub made_under: &'a FxHashMap<String, String>,
}

/// The shapes of `inspect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Text,
    Json,
}

/// How many characters of a value are shown to people.
const LONGEST_VALUE: usize = 96;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    resources: Vec<Resource<'a>>,
    edges: BTreeSet<Edge<'a>>,
}

#[derive(Serialize)]
struct Resource<'a> {
    address: &'a str,
    mode: &'static str,
    #[serde(rename = "type")]
    kind: &'a str,
    project: &'a str,
    /// Not there where the resource is made in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    values: Shown<'a>,
    location: json::Location<'a>,
}

/// Ordered as they are written: by who refers, through what, to whom.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Edge<'a> {
    from: &'a str,
    attribute: String,
    to: &'a str,
    project: &'a str,
}

/// A value as JSON. What the code leaves null is left out of its object.
#[derive(Clone, Copy)]
struct Shown<'a> {
    value: &'a Value,
    /// The type of the resource where it is an attribute of one, and empty within an attribute.
    of: &'a str,
}

impl Format {
    pub fn write(self, sources: &SourceMap, projects: &[ProjectResources<'_>], out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => projects.iter().try_for_each(|project| write_text(sources, project, out)),
            Self::Json => json::write_value(&document(sources, projects), out),
        }
    }
}

fn document<'a>(sources: &'a SourceMap, projects: &[ProjectResources<'a>]) -> Document<'a> {
    Document {
        schema_version: json::SCHEMA_VERSION,
        resources: projects.iter().flat_map(|it| resources(sources, *it)).collect(),
        edges: projects.iter().flat_map(|it| edges(*it)).collect(),
    }
}

fn resources<'a>(sources: &'a SourceMap, it: ProjectResources<'a>) -> impl Iterator<Item = Resource<'a>> {
    all(it).map(move |resource| Resource {
        address: resource.address.as_str(),
        mode: mode(resource.mode),
        kind: &resource.kind,
        project: it.project,
        condition: it.made_under.get(resource.address.as_str()).map(String::as_str),
        values: Shown { value: &resource.body, of: &resource.kind },
        location: json::location(sources, resource.span),
    })
}

/// The resources of every world.
fn all(it: ProjectResources<'_>) -> impl Iterator<Item = &resource::Resource> {
    it.graph.resources().map(|(_, resource)| resource).chain(it.others.iter().copied())
}

fn edges(it: ProjectResources<'_>) -> impl Iterator<Item = Edge<'_>> {
    it.graph.resources().flat_map(move |(id, from)| {
        it.graph.references(id).map(move |(to, edge)| Edge {
            from: from.address.as_str(),
            attribute: edge.attribute,
            to: it.graph.resource(to).address.as_str(),
            project: it.project,
        })
    })
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "managed",
        Mode::Data => "data",
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value.kind {
            Kind::Null => serializer.serialize_unit(),
            Kind::Bool(it) => serializer.serialize_bool(*it),
            Kind::Number(Number::Whole(it)) => serializer.serialize_i64(*it),
            Kind::Number(Number::Fraction(it)) => serializer.serialize_f64(*it),
            Kind::Text(text) => serializer.serialize_str(&secret::redacted(text)),
            Kind::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Shown { value: item, of: "" })?;
                }
                list.end()
            }
            Kind::Map(entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in entries.iter().filter(|(_, value)| value.kind != Kind::Null) {
                    if is_hidden(self.of, entries, key, value) {
                        map.serialize_entry(key, &Hidden { unknown: Unknown::Sensitive.to_string() })?;
                    } else {
                        map.serialize_entry(key, &Shown { value, of: "" })?;
                    }
                }
                map.end()
            }
            Kind::Unknown(unknown) => {
                let (key, why) = why_unknown(unknown);
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(key, &secret::redacted(&why))?;
                map.end()
            }
        }
    }
}

/// In place of a value that is told nowhere.
#[derive(Serialize)]
struct Hidden {
    #[serde(rename = "$unknown")]
    unknown: String,
}

/// Whether the value under `key` of these is told nowhere, by its name or by that of the pair whose value it is. What is
/// not known, and whether something is so, can be told of everything.
fn is_hidden(of: &str, entries: &Map, key: &str, value: &Value) -> bool {
    let tells_something = match &value.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) => true,
        Kind::Null | Kind::Bool(_) | Kind::Unknown(_) => false,
    };
    let name = || entries.iter().find(|(key, _)| ["name", "key"].iter().any(|it| key.eq_ignore_ascii_case(it)));
    tells_something
        && (secret::is_hidden(of, key)
            || key.eq_ignore_ascii_case("value")
                && name().and_then(|(_, it)| it.text()).is_some_and(secret::is_hidden_name))
}

fn why_unknown(unknown: &Unknown) -> (&'static str, String) {
    match unknown {
        Unknown::AfterApply(reference) => ("$ref", reference.to_string()),
        Unknown::Computed
        | Unknown::OneOf(_)
        | Unknown::Members(_)
        | Unknown::Input(_)
        | Unknown::Opaque(_)
        | Unknown::MadeOf(_)
        | Unknown::Sensitive => ("$unknown", unknown.to_string()),
    }
}

fn write_text(sources: &SourceMap, it: &ProjectResources<'_>, out: &mut dyn Write) -> io::Result<()> {
    for resource in all(*it) {
        let start = sources.place(resource.span).start;
        let path = visible(sources.path(resource.span.source));
        let noun = match resource.mode {
            Mode::Managed => "resource",
            Mode::Data => "data",
        };
        writeln!(out, "{noun} {}  {path}:{}:{}", visible(resource.address.as_str()), start.line, start.column)?;
        if let Some(condition) = it.made_under.get(resource.address.as_str()) {
            writeln!(out, "  made where {}", visible(condition))?;
        }
        let Kind::Map(values) = &resource.body.kind else { continue };
        for (name, value) in values.iter().filter(|(_, value)| value.kind != Kind::Null) {
            let shown = if is_hidden(&resource.kind, values, name, value) {
                format!("({})", Unknown::Sensitive)
            } else {
                one_line(value)
            };
            writeln!(out, "  {} = {shown}", visible(name))?;
        }
    }
    Ok(())
}

/// `value` in the little room that a line has.
fn one_line(value: &Value) -> String {
    let mut text = String::new();
    push_value(&mut text, value);
    let text = visible(&text);
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}

/// Writes `value`; stops where nobody would see more of it.
fn push_value(text: &mut String, value: &Value) {
    if LONGEST_VALUE * 4 < text.len() {
        return;
    }
    match &value.kind {
        Kind::Null => text.push_str("null"),
        Kind::Bool(it) => write!(text, "{it}").expect("writing to a String does not fail"),
        Kind::Number(it) => write!(text, "{it}").expect("writing to a String does not fail"),
        Kind::Text(it) => {
            let shown: String = it.chars().take(LONGEST_VALUE * 8).collect();
            let shown: String = secret::redacted(&shown).chars().take(LONGEST_VALUE + 1).collect();
            write!(text, "\"{shown}\"").expect("writing to a String does not fail");
        }
        Kind::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                push_value(text, item);
            }
            text.push(']');
        }
        Kind::Map(entries) => {
            text.push('{');
            let set = entries.iter().filter(|(_, value)| value.kind != Kind::Null);
            for (at, (key, item)) in set.enumerate() {
                write!(text, "{}{key} = ", if at == 0 { "" } else { ", " }).expect("writing to a String does not fail");
                if is_hidden("", entries, key, item) {
                    write!(text, "({})", Unknown::Sensitive).expect("writing to a String does not fail");
                } else {
                    push_value(text, item);
                }
            }
            text.push('}');
        }
        Kind::Unknown(unknown) => {
            let (_, why) = why_unknown(unknown);
            write!(text, "({})", secret::redacted(&why)).expect("writing to a String does not fail");
        }
    }
}
