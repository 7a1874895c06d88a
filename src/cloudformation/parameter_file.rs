//! Files that give parameters values: the AWS CLI's list, `CodePipeline`'s and the CDK's maps, `samconfig.toml`.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::files::{Files, decode};

/// Names and values.
type Parameters = BTreeMap<String, String>;

/// The parameters that the file at `path` gives; or why it gives none, to follow its name in a message.
pub fn parameters_of(files: &dyn Files, path: &str) -> Result<BTreeMap<String, String>, String> {
    let bytes = files.read(path).map_err(|error| error.to_string())?;
    let text = decode(bytes).map_err(|error| format!("{path} {error}"))?;
    let parameters = if has_extension(path, "toml") { of_toml(&text) } else { of_json(&text) };
    parameters.map_err(|why| format!("{path} {why}"))
}

fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

/// <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/index.html> says the first two forms.
fn of_json(text: &str) -> Result<Parameters, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
    let mut parameters = Parameters::new();
    match &json {
        Json::Array(items) => {
            for item in items {
                if let Json::String(override_) = item {
                    parameters.extend(overrides(override_));
                    continue;
                }
                let part = |name: &str| item.get(name).and_then(Json::as_str);
                let key = part("ParameterKey").ok_or("has an item without a ParameterKey")?;
                if let Some(value) = item.get("ParameterValue").and_then(text_of) {
                    parameters.insert(key.to_owned(), value);
                }
            }
        }
        Json::Object(map) => match map.get("Parameters") {
            Some(Json::Object(inner)) => take(inner, &mut parameters),
            Some(_) | None => take(map, &mut parameters),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
            return Err("is neither a list nor a map of parameters".to_owned());
        }
    }
    Ok(parameters)
}

/// Names and values, or stacks with names and values each.
fn take(map: &serde_json::Map<String, Json>, parameters: &mut Parameters) {
    for (name, value) in map {
        match (value, text_of(value)) {
            (_, Some(text)) => drop(parameters.insert(name.clone(), text)),
            (Json::Object(inner), None) => {
                let texts = inner.iter().filter_map(|(name, value)| Some((name.clone(), text_of(value)?)));
                parameters.extend(texts);
            }
            (_, None) => (),
        }
    }
}

/// A value as CloudFormation is given it: a list is a text with commas.
fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(it) => Some(it.to_string()),
        Json::Array(items) => Some(items.iter().map(text_of).collect::<Option<Vec<_>>>()?.join(",")),
        Json::Null | Json::Object(_) => None,
    }
}

/// The environment `default`, what it says of every command first.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html>
fn of_toml(text: &str) -> Result<Parameters, String> {
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| format!("is no TOML: {}", error.message()))?;
    let mut parameters = Parameters::new();
    let commands = table.get("default").and_then(toml::Value::as_table);
    for command in ["global", "build", "validate", "sync", "deploy"] {
        let Some(settings) = commands.and_then(|it| it.get(command)?.get("parameters")?.as_table()) else { continue };
        if let Some(region) = settings.get("region").and_then(toml::Value::as_str) {
            parameters.insert("AWS::Region".to_owned(), region.to_owned());
        }
        match settings.get("parameter_overrides") {
            Some(toml::Value::String(text)) => parameters.extend(overrides(text)),
            Some(toml::Value::Array(items)) => {
                parameters.extend(items.iter().filter_map(toml::Value::as_str).flat_map(overrides));
            }
            Some(_) | None => (),
        }
    }
    Ok(parameters)
}

/// `Name=value Other="a value"`, and the longer `ParameterKey=Name,ParameterValue=value`.
fn overrides(text: &str) -> Vec<(String, String)> {
    let pair = |word: String| {
        if let Some(rest) = word.strip_prefix("ParameterKey=") {
            let (name, value) = rest.split_once(",ParameterValue=")?;
            return Some((name.to_owned(), value.to_owned()));
        }
        let (name, value) = word.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    words(text).into_iter().filter_map(pair).collect()
}

/// A text cut at blanks outside quotes; the quotes are taken off.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, _) if character.is_whitespace() => words.push(std::mem::take(&mut word)),
            (Some(_) | None, _) => word.push(character),
        }
    }
    words.push(word);
    words.retain(|it| !it.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn read(path: &str, text: &str) -> Result<Vec<String>, String> {
        let parameters = parameters_of(&Memory::of([(path, text)]), path)?;
        Ok(parameters.into_iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn every_form_is_read() {
        let list = r#"[{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B", "UsePreviousValue": true}]"#;
        assert_eq!(read("p.json", list).unwrap(), ["A=x"]);
        assert_eq!(read("p.json", r#"["A=x", "B=y z"]"#).unwrap(), ["A=x", "B=y"]);
        assert_eq!(
            read("p.json", r#"{"Parameters": {"A": "x", "B": 2}, "Tags": {"C": "z"}}"#).unwrap(),
            ["A=x", "B=2"]
        );
        assert_eq!(read("p.json", r#"{"A": "x", "B": ["y", "z"]}"#).unwrap(), ["A=x", "B=y,z"]);
        assert_eq!(read("p.json", r#"{"Stack": {"A": "x"}}"#).unwrap(), ["A=x"]);
        let sam = "version = 0.1\n[default.global.parameters]\nregion = 'eu-west-1'\n[default.deploy.parameters]\nparameter_overrides = \"A=x B=\\\"y z\\\" ParameterKey=C,ParameterValue=z\"\n";
        assert_eq!(read("samconfig.toml", sam).unwrap(), ["A=x", "AWS::Region=eu-west-1", "B=y z", "C=z"]);
        let list = "[default.deploy.parameters]\nparameter_overrides = ['A=x', 'B=y']\n";
        assert_eq!(read("samconfig.toml", list).unwrap(), ["A=x", "B=y"]);
    }

    #[test]
    fn what_is_no_such_file_is_told() {
        assert!(read("p.json", "x").unwrap_err().starts_with("p.json is no JSON: "));
        assert!(read("p.json", "3").unwrap_err().contains("neither a list nor a map"));
        assert!(read("samconfig.toml", "[").unwrap_err().starts_with("samconfig.toml is no TOML: "));
    }
}
