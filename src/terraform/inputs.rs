//! What a root module's variables are given from outside, and which of several wins
//! (<https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence>).

use std::collections::BTreeMap;

use super::{
    facts::Facts,
    folder::{self, Form, Gathered},
    path,
};
use crate::{
    files::{FileKind, Files, Memory},
    source::{SourceMap, Span},
    syntax::{self, Expression},
};

/// What is given from outside the code.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// `--var` and `--var-file`, in the order given.
    pub assignments: Vec<Assignment>,
    /// The environment's `TF_VAR_name`, as name and value.
    pub environment: Vec<(String, String)>,
    /// What is known of resources from elsewhere.
    pub facts: Facts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `--var NAME=VALUE`.
    Value { name: String, value: String },
    /// `--var-file FILE`, as seen from the folder of the run.
    File(String),
    /// A value as JSON, as a plan records it.
    Json { name: String, value: String },
}

/// What one variable is given.
#[derive(Clone, Debug)]
pub(super) enum Given {
    /// By a file: an expression without names.
    Expression(Expression),
    /// By the environment or the command line: text, and the same text as an expression, where it is one.
    Text { text: String, expression: Option<Expression>, span: Span },
}

/// What each variable of the root in `folder` is given: the last that names it wins.
pub(super) fn read(
    files: &dyn Files,
    sources: &mut SourceMap,
    folder: &str,
    within: &str,
    inputs: &Inputs,
    gathered: &mut Gathered,
) -> BTreeMap<String, Given> {
    let mut given = BTreeMap::new();
    for (name, value) in &inputs.environment {
        given.extend(text(sources, format!("TF_VAR_{name}"), name, value));
    }
    let names = files.list(folder, within);
    let plain =
        ["terraform.tfvars", "terraform.tfvars.json"].into_iter().filter(|name| names.iter().any(|it| it == name));
    let automatic =
        names.iter().map(String::as_str).filter(|it| it.ends_with(".auto.tfvars") || it.ends_with(".auto.tfvars.json"));
    for name in plain.chain(automatic) {
        given.extend(file(files, sources, &path::join(folder, name), gathered));
    }
    for assignment in &inputs.assignments {
        match assignment {
            Assignment::Value { name, value } => {
                given.extend(text(sources, format!("--var {name}"), name, value));
            }
            Assignment::Json { name, value } => {
                let path = format!("{name}.tfvars.json");
                let one = Memory::of([(path.as_str(), format!("{{\"{name}\": {value}}}").as_str())]);
                given.extend(file(&one, sources, &path, gathered));
            }
            Assignment::File(path) => {
                if files.kind(path) == Some(FileKind::File) {
                    given.extend(file(files, sources, path, gathered));
                }
            }
        }
    }
    given
}

fn file(files: &dyn Files, sources: &mut SourceMap, path: &str, gathered: &mut Gathered) -> Vec<(String, Given)> {
    let form = if path.strip_suffix(".json").is_some() { Form::JsonValues } else { Form::Hcl };
    let parsed = folder::parse(files, sources, path, form, gathered);
    let attributes = parsed.map(|it| it.body.attributes).unwrap_or_default();
    attributes.into_iter().map(|it| (it.name, Given::Expression(it.value))).collect()
}

fn text(sources: &mut SourceMap, origin: String, name: &str, value: &str) -> Option<(String, Given)> {
    const BEFORE: &str = "value = ";
    let source = sources.add(origin, format!("{BEFORE}{value}\n")).ok()?;
    let whole = sources.whole(source);
    let span = source.span(BEFORE.len()..whole.len() - 1);
    let mut parsed = syntax::hcl::parse(source, whole);
    let is_one = parsed.errors.is_empty() && parsed.body.attributes.len() == 1 && parsed.body.blocks.is_empty();
    let expression = if is_one { parsed.body.attributes.pop().map(|it| it.value) } else { None };
    Some((name.to_owned(), Given::Text { text: value.to_owned(), expression, span }))
}
