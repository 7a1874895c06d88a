//! Small modules, evaluated.

mod expressions;
mod inputs;
mod modules;
mod policies;
mod repetition;

use std::collections::BTreeMap;

use super::{Assignment, Inputs, Loaded, load};
use crate::{
    files::Memory,
    source::SourceMap,
    value::{Kind, Origin, Unknown, Value},
};

/// A project, evaluated, with the texts that its places lie in.
struct Evaluated {
    loaded: Loaded,
    sources: SourceMap,
}

/// Evaluates one file.
fn evaluate(text: &str) -> Evaluated {
    evaluate_files(&[("main.tf", text)], &Inputs::default())
}

fn evaluate_files(files: &[(&str, &str)], inputs: &Inputs) -> Evaluated {
    let files = Memory::of(files.iter().copied());
    let mut sources = SourceMap::default();
    let loaded = load(&files, &mut sources, ".", inputs);
    Evaluated { loaded, sources }
}

fn inputs(values: &[(&str, &str)]) -> Inputs {
    let assignments =
        values.iter().map(|&(name, value)| Assignment::Value { name: name.to_owned(), value: value.to_owned() });
    Inputs { assignments: assignments.collect(), ..Inputs::default() }
}

/// The value of the argument `it` of `test.it`, the way that most expressions are tried.
#[track_caller]
fn value(module: &str, expression: &str) -> String {
    let evaluated = evaluate(&format!("{module}\nresource \"test\" \"it\" {{\n  it = {expression}\n}}\n"));
    assert_eq!(evaluated.findings(), Vec::<String>::new(), "{expression}");
    evaluated.at("test.it", "it")
}

/// What is said of an expression that has no value.
fn failure(expression: &str) -> String {
    let evaluated = evaluate(&format!("resource \"test\" \"it\" {{\n  it = {expression}\n}}\n"));
    evaluated.findings().join("; ")
}

impl Evaluated {
    fn addresses(&self) -> Vec<&str> {
        self.loaded.resources.iter().map(|it| it.address.as_str()).collect()
    }

    fn body(&self, address: &str) -> &Value {
        let found = self.loaded.resources.iter().find(|it| it.address.as_str() == address);
        &found.unwrap_or_else(|| panic!("no {address} in {:?}", self.addresses())).body
    }

    /// An argument as text: JSON, with `<…>` for what is not known.
    fn at(&self, address: &str, argument: &str) -> String {
        self.body(address).get(argument).map_or_else(|| "absent".to_owned(), shown)
    }

    fn findings(&self) -> Vec<String> {
        self.loaded.findings.iter().map(|it| it.message.clone()).collect()
    }

    /// The texts that a value came from, the use first.
    fn way(&self, address: &str, argument: &str) -> Vec<&str> {
        let mut way = Vec::new();
        let mut at: Option<&Origin> = self.body(address).get(argument).map(|it| &it.origin);
        while let Some(it) = at {
            way.push(self.sources.text(it.at));
            at = it.through.as_deref();
        }
        way
    }
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) => it.to_string(),
        Kind::Text(it) => format!("{it:?}"),
        Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        Kind::Map(entries) => {
            let entries: BTreeMap<_, _> = entries.iter().collect();
            let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}:{}", shown(value))).collect();
            format!("{{{}}}", entries.join(","))
        }
        Kind::Unknown(Unknown::Members(members)) => {
            let all = members.certain.iter().chain(&members.possible).map(ToString::to_string);
            format!("<some of {}>", all.collect::<Vec<_>>().join(", "))
        }
        Kind::Unknown(Unknown::AfterApply(reference)) => format!("<{reference}>"),
        Kind::Unknown(unknown) => format!("<{unknown}>"),
    }
}
