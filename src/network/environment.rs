//! Environment variables as everybody reads them who may describe what runs with them.

use rustc_hash::FxHashMap;

use super::{
    name::{Declared, blocks, set},
    task_definition::{TaskDefinition, Variable},
};
use crate::{
    graph::{ResourceGraph, ResourceId},
    secret,
    source::Span,
    value::{Kind, Reference, Unknown, Value},
};

/// The variables of a function, a container or a build.
#[derive(Clone, Debug)]
pub struct Environment {
    pub name: Declared,
    /// The container, where a task has several.
    pub container: Option<String>,
    pub variables: Vec<Variable>,
    pub place: Span,
}

/// What shows that a variable holds a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Its name, and a text beside it that is no reference.
    Text,
    /// Its form: a key, or a password in an address.
    Form,
    /// The code marks the value as sensitive.
    Sensitive,
    /// It is taken from where secrets are kept or made.
    Taken,
}

pub(super) fn read(graph: &ResourceGraph, tasks: &FxHashMap<ResourceId, TaskDefinition>) -> Vec<Environment> {
    let mut all = Vec::new();
    for (id, resource) in graph.managed("aws_lambda_function") {
        for block in blocks(resource, "environment").unwrap_or_default() {
            let Some(map) = set(block, "variables") else { continue };
            let variables = map.entries().map(|(name, value)| Variable { name: name.to_owned(), value: value.clone() });
            all.push(Environment {
                name: Declared::of(id, resource),
                container: None,
                variables: variables.collect(),
                place: map.origin.at,
            });
        }
    }
    for (id, resource) in graph.managed("aws_codebuild_project") {
        for block in blocks(resource, "environment").unwrap_or_default() {
            let written = set(block, "environment_variable").or_else(|| set(block, "environment_variables"));
            let plain = |it: &&Value| set(it, "type").is_none_or(|it| it.text() == Some("PLAINTEXT"));
            let variables = written.map_or(&[][..], Value::items).iter().filter(plain).filter_map(pair);
            let name = Declared::of(id, resource);
            all.push(Environment { name, container: None, variables: variables.collect(), place: block.origin.at });
        }
    }
    for (id, resource) in graph.managed("aws_apprunner_service") {
        for path in RUN {
            for written in within(&resource.body, path) {
                let name = Declared::of(id, resource);
                all.push(Environment {
                    name,
                    container: None,
                    variables: variables(written),
                    place: written.origin.at,
                });
            }
        }
    }
    for (id, resource) in graph.managed("aws_elastic_beanstalk_environment") {
        let Some(settings) = resource.set("setting") else { continue };
        let is_variable = |it: &&Value| set(it, "namespace").and_then(Value::text) == Some(BEANSTALK);
        let variables = settings.items().iter().filter(is_variable).filter_map(pair).collect();
        let name = Declared::of(id, resource);
        all.push(Environment { name, container: None, variables, place: settings.origin.at });
    }
    let mut tasks: Vec<_> = tasks.values().collect();
    tasks.sort_by_key(|it| it.name.resource);
    for task in tasks {
        for container in task.containers.get().map_or(&[][..], Vec::as_slice) {
            all.push(Environment {
                name: task.name.clone(),
                container: Some(container.name.clone()),
                variables: container.environment.clone(),
                place: task.place,
            });
        }
    }
    all
}

/// Where App Runner is told of variables: beside an image, or beside a repository.
const RUN: &[&[&str]] = &[
    &["source_configuration", "image_repository", "image_configuration", "runtime_environment_variables"],
    &[
        "source_configuration",
        "code_repository",
        "code_configuration",
        "code_configuration_values",
        "runtime_environment_variables",
    ],
];

/// The settings of Elastic Beanstalk that are variables.
/// <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html>
const BEANSTALK: &str = "aws:elasticbeanstalk:application:environment";

/// What stands at the end of a path of blocks.
fn within<'a>(body: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    let mut found = vec![body];
    for (at, name) in path.iter().enumerate() {
        let parts = found.into_iter().filter_map(|it| set(it, name));
        let is_last = at + 1 == path.len();
        found = if is_last { parts.collect() } else { parts.flat_map(Value::items).collect() };
    }
    found
}

/// A map of variables, or a list of names with values.
fn variables(written: &Value) -> Vec<Variable> {
    let named = |(name, value): (&str, &Value)| Variable { name: name.to_owned(), value: value.clone() };
    let pairs = written.items().iter().filter_map(pair);
    written.entries().map(named).chain(pairs).collect()
}

fn pair(item: &Value) -> Option<Variable> {
    Some(Variable { name: set(item, "name")?.text()?.to_owned(), value: set(item, "value")?.clone() })
}

/// Where credentials are kept, or made: a type and its attribute.
const KEPT: &[(&str, &str)] = &[
    ("aws_iam_access_key", "secret"),
    ("aws_iam_access_key", "ses_smtp_password_v4"),
    ("aws_secretsmanager_random_password", "random_password"),
    ("aws_secretsmanager_secret_version", "secret_string"),
    ("random_password", "bcrypt_hash"),
    ("random_password", "result"),
    ("tls_private_key", "private_key_pem"),
];

impl Variable {
    /// What shows that it holds a credential; `None` where nothing does.
    pub fn credential(&self) -> Option<Credential> {
        match &self.value.kind {
            Kind::Text(text) if has_form(text) => Some(Credential::Form),
            Kind::Text(text) if is_named(&self.name) && is_credential(text) => Some(Credential::Text),
            Kind::Unknown(Unknown::Sensitive) if is_named(&self.name) => Some(Credential::Sensitive),
            Kind::Unknown(unknown) => unknown.references().into_iter().any(is_kept).then_some(Credential::Taken),
            Kind::Text(_) | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => None,
        }
    }
}

fn is_kept(reference: &Reference) -> bool {
    let attribute = reference.attribute.split(['[', '.']).next().unwrap_or_default();
    KEPT.contains(&(reference.to.kind(), attribute))
}

/// Whether what goes by this name is a credential and not a place where one is, or how long it holds.
fn is_named(name: &str) -> bool {
    secret::is_secret_name(name)
}

/// Words that stand where a credential will be.
const PLACEHOLDERS: &[&str] =
    &["none", "null", "true", "false", "todo", "tbd", "dummy", "placeholder", "disabled", "enabled"];

/// Whether a text beside such a name is the credential: not a name or a path by which it is found.
fn is_credential(text: &str) -> bool {
    let text = text.trim();
    let is_reference = text.starts_with("arn:")
        || text.starts_with('/')
        || text.starts_with("{{resolve:")
        || text.starts_with("ssm:")
        || text.starts_with("secretsmanager:")
        || text.starts_with("alias/")
        || text.starts_with("http://")
        || text.starts_with("https://")
        || text.starts_with('<')
        || text.starts_with('$');
    !text.is_empty() && !is_reference && !PLACEHOLDERS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a text has the form of a credential, whatever its name.
fn has_form(text: &str) -> bool {
    has_access_key(text) || text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") || has_password(text)
}

/// `AKIA` and sixteen capitals or digits.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
fn has_access_key(text: &str) -> bool {
    /// How long an access key's id is.
    const LENGTH: usize = 20;
    text.match_indices("AKIA").any(|(at, _)| {
        let key = text.get(at..at + LENGTH);
        let is_key = key.is_some_and(|it| it.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()));
        let ends = text[at..].chars().nth(LENGTH).is_none_or(|it| !it.is_ascii_alphanumeric());
        // What the documentation of AWS writes is nobody's.
        is_key && ends && !text[at..].starts_with("AKIAIOSFODNN7EXAMPLE")
    })
}

/// `postgres://user:password@host`.
fn has_password(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    let Some((_, password)) = user.split_once(':') else { return false };
    !password.is_empty() && !password.starts_with(['$', '{', '<', '%']) && !password.chars().all(|it| it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_have_forms() {
        assert!(has_form("postgres://app:hunter2@db.internal:5432/app"));
        assert!(!has_form("postgres://app@db.internal:5432/app"));
        assert!(!has_form("https://example.com/a:b@c"));
        assert!(has_form("AKIAABCDEFGHIJKLMNOP"));
        assert!(!has_form("AKIA is how keys begin"));
    }

    #[test]
    fn names_and_paths_are_no_credentials() {
        assert!(!is_credential("arn:aws:secretsmanager:us-east-1:123456789012:secret:db"));
        assert!(!is_credential("/prod/db/password"));
        assert!(!is_credential(""));
        assert!(is_credential("hunter2"));
    }
}
