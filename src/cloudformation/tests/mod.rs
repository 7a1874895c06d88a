//! Templates, and what they come to.

mod functions;
mod worlds;

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Inputs, Loaded, evaluate, read};
use crate::{
    files::{Files as _, Memory, decode},
    source::SourceMap,
    value::{Kind, Unknown, Value},
};

/// These files as templates, evaluated; what is none is left out.
fn loaded_all(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> Vec<Loaded> {
    let disk = Memory::of(files.iter().copied());
    let mut sources = SourceMap::default();
    let mut documents = Vec::new();
    for (path, _) in files {
        let text = decode(disk.read(path).unwrap()).unwrap();
        let source = sources.add(*path, text).unwrap();
        documents.extend(read(&disk, &mut sources, path, source, None));
    }
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    evaluate(documents, &Inputs { parameters })
}

/// The only stack of these files.
fn loaded_of(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> Option<Loaded> {
    let mut all = loaded_all(files, parameters);
    assert!(all.len() <= 1);
    all.pop()
}

fn loaded(text: &str, parameters: &[(&str, &str)]) -> Loaded {
    loaded_of(&[("main.yaml", text)], parameters).unwrap()
}

/// The resources of every world, `Name.Property = value` in lines.
fn told(loaded: &Loaded) -> Vec<BTreeMap<String, String>> {
    let of = |world: &super::World| {
        let mut lines = BTreeMap::new();
        for resource in &world.resources {
            let Kind::Map(body) = &resource.body.kind else { continue };
            for (name, value) in body.iter() {
                lines.insert(format!("{}.{name}", resource.address), shown(value));
            }
        }
        lines
    };
    loaded.worlds.iter().map(of).collect()
}

/// What the property `P` of the only resource comes to, in the only world.
fn property(value: &str, rest: &str) -> String {
    let text = format!("Resources:\n  R:\n    Type: A::B::C\n    Properties:\n      P: {value}\n{rest}");
    let loaded = loaded(&text, &[("AWS::Region", "eu-west-1")]);
    let mut shown = told(&loaded)[0].get("R.P").cloned().unwrap_or_else(|| "nothing".to_owned());
    for finding in &loaded.findings {
        write!(shown, " !{}", finding.message).unwrap();
    }
    shown
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) => it.to_string(),
        Kind::Text(it) => format!("'{it}'"),
        Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Map(map) => {
            let map = map.iter().map(|(key, it)| format!("{key}: {}", shown(it)));
            format!("{{{}}}", map.collect::<Vec<_>>().join(", "))
        }
        Kind::Unknown(Unknown::AfterApply(reference)) => format!("<{reference}>"),
        Kind::Unknown(unknown) => format!("<{unknown}>"),
    }
}
