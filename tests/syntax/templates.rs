//! What templates come to, held against what `terraform console` says of the same file.

use std::{collections::BTreeMap, fs};

use iac_check::syntax::{Expression, ExpressionKind as Kind, TemplatePart, hcl};
use serde_json::{Value, json};

use crate::source;

#[test]
fn templates_come_to_what_terraform_says() {
    let folder = format!("{}/testdata/syntax/templates", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(format!("{folder}/main.tf")).unwrap();
    let console = fs::read_to_string(format!("{folder}/console.json")).unwrap();
    let answers: BTreeMap<String, Value> = serde_json::from_str(&console).unwrap();
    let parsed = hcl::parse(source(), &text);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let locals = &parsed.body.blocks[0].body.attributes;
    assert_eq!(locals.len(), answers.len());
    let mut wrong = Vec::new();
    for local in locals {
        let found = value(&local.value, &mut Vec::new());
        if found != answers[&local.name] {
            wrong.push(format!("{}: {found} instead of {}", local.name, answers[&local.name]));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The value of a literal, a template of such, or a name that a `for` binds.
#[expect(clippy::wildcard_enum_match_arm, reason = "the templates are made of little")]
fn value(it: &Expression, names: &mut Vec<(String, Value)>) -> Value {
    match &it.kind {
        Kind::Bool(it) => json!(it),
        Kind::Number(it) => serde_json::from_str(it).unwrap(),
        Kind::Text(it) => json!(it),
        Kind::Tuple(items) => items.iter().map(|it| value(it, names)).collect(),
        Kind::Variable(name) => names.iter().rfind(|(it, _)| it == name).unwrap().1.clone(),
        Kind::Template(parts) => match parts.as_slice() {
            [TemplatePart::Interpolation(only)] => value(only, names),
            parts => json!(text(parts, names)),
        },
        other => panic!("{other:?} is more than the test knows"),
    }
}

fn text(parts: &[TemplatePart], names: &mut Vec<(String, Value)>) -> String {
    let mut all = String::new();
    for part in parts {
        match part {
            TemplatePart::Text(it) => all += it,
            TemplatePart::Interpolation(it) => {
                let value = value(it, names);
                all += &value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            }
            TemplatePart::If { condition, yes, no } => {
                let holds = value(condition, names) == json!(true);
                all += &text(if holds { yes } else { no }, names);
            }
            TemplatePart::For { value_name, over, body, .. } => {
                for item in value(over, names).as_array().unwrap() {
                    names.push((value_name.clone(), item.clone()));
                    all += &text(body, names);
                    names.pop();
                }
            }
        }
    }
    all
}
