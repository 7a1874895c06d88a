//! Builds small graphs for tests, from JSON in which a reference is written `${aws_vpc.main.id}`.

use serde_json::Value as Json;

use crate::{
    graph::ResourceGraph,
    resource::{Mode, Resource},
    source::{SourceMap, Span},
    value::{Address, Kind, MadeOf, Members, Number, Origin, Part, Reference, Unknown, Value},
};

/// A graph of the resources of an object, by address. `${a.b.id}` is that reference, `${a.b.id|c.d.id}` one of two,
/// `?` a value of which nothing is known, `a~b` a text that is not known in its middle, `{"$possible": [..]}` a collection
/// of which only candidates are known, and `{"$certain": [..]}` one that is not known itself, and what is in it is.
pub(crate) fn graph(resources: &Json) -> ResourceGraph {
    let mut sources = SourceMap::default();
    let source = sources.add("main.tf", resources.to_string()).unwrap();
    let all = resources.as_object().unwrap().iter().enumerate().map(|(at, (address, body))| {
        let span = source.span(at..at + 1);
        let name = address.strip_prefix("data.").unwrap_or(address);
        Resource {
            address: Address::new(address),
            mode: if name == address { Mode::Managed } else { Mode::Data },
            kind: name.split('.').next().unwrap().into(),
            region: None,
            action: None,
            span,
            body: value(body, span),
        }
    });
    ResourceGraph::new(all.collect(), Vec::new())
}

fn value(json: &Json, span: Span) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(it) => Kind::Bool(*it),
        Json::Number(it) => Kind::Number(Number::Whole(it.as_i64().unwrap())),
        Json::String(text) => of_text(text),
        Json::Array(items) => Kind::List(items.iter().map(|item| value(item, span)).collect()),
        Json::Object(map) => match (map.get("$possible"), map.get("$certain")) {
            (Some(Json::Array(items)), _) => {
                Kind::Unknown(Unknown::members(Members { possible: references(items), ..Members::default() }))
            }
            (_, Some(Json::Array(items))) => {
                Kind::Unknown(Unknown::members(Members { certain: references(items), ..Members::default() }))
            }
            _ => Kind::Map(map.iter().map(|(key, it)| (key, value(it, span))).collect()),
        },
    };
    Value::new(kind, Origin::at(span))
}

fn references(items: &[Json]) -> Vec<Reference> {
    items.iter().map(|item| reference(item.as_str().unwrap())).collect()
}

fn of_text(text: &str) -> Kind {
    if text == "?" {
        return Kind::Unknown(Unknown::Opaque("a test's unknown".to_owned()));
    }
    if let Some((before, behind)) = text.split_once('~') {
        let of_test = Unknown::Opaque("a test's unknown part".to_owned());
        let parts = [Part::Text(before.to_owned()), Part::Unknown(of_test), Part::Text(behind.to_owned())];
        return Kind::Unknown(Unknown::made_of(MadeOf {
            of: Vec::new(),
            shown: text.to_owned(),
            parts: parts.to_vec(),
        }));
    }
    let Some(inner) = text.strip_prefix("${").and_then(|it| it.strip_suffix('}')) else {
        return Kind::Text(text.into());
    };
    let references: Vec<_> = inner.split('|').map(reference).collect();
    match references.as_slice() {
        [one] => Kind::Unknown(Unknown::after_apply(one.clone())),
        _ => Kind::Unknown(Unknown::OneOf(references)),
    }
}

fn reference(text: &str) -> Reference {
    let (address, attribute) = text.rsplit_once('.').unwrap();
    Reference::new(Address::new(address), attribute)
}
