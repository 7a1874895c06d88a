//! `aws_iam_policy_document`: JSON that the provider works out of the block alone, without asking AWS.
//!
//! The rules of order and of single items are the provider's
//! (<https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>). Where a block
//! says something that the provider orders by a hash, or refuses, nothing is given.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{
    convert::convert,
    cty::{Data, Term, Type},
    functions::quoted,
};

const NEWEST_VERSION: &str = "2012-10-17";
const OLD_VERSION: &str = "2008-10-17";

/// A policy.
#[derive(Debug, Default)]
struct Policy {
    version: String,
    id: String,
    statements: Vec<Statement>,
}

/// A statement: its members in the order in which they are written, its `Sid` first.
#[derive(Debug)]
struct Statement {
    sid: String,
    members: Vec<(&'static str, Part)>,
}

/// A part of a policy as JSON.
#[derive(Debug)]
enum Part {
    Text(String),
    List(Vec<Part>),
    Object(Vec<(String, Part)>),
}

/// What the data source gives whose block says `known`.
pub(super) fn given(known: &BTreeMap<String, Term>) -> Vec<(&'static str, Term)> {
    let is_told = known.values().all(|it| !it.is_sensitive_deep());
    let Some(policy) = is_told.then(|| policy(known)).flatten().map(Policy::part) else { return Vec::new() };
    let (mut indented, mut minified) = (String::new(), String::new());
    policy.write(&mut indented, Some(0));
    policy.write(&mut minified, None);
    vec![("json", Term::text(&indented)), ("minified_json", Term::text(&minified))]
}

fn policy(known: &BTreeMap<String, Term>) -> Option<Policy> {
    let mut merged = Policy::default();
    let mut sids = BTreeSet::new();
    for document in documents(known, "source_policy_documents")? {
        if !document.statements.iter().all(|it| it.sid.is_empty() || sids.insert(it.sid.clone())) {
            return None;
        }
        merged.merge(document);
    }
    merged.merge(own(known)?);
    for document in documents(known, "override_policy_documents")? {
        merged.merge(document);
    }
    Some(merged)
}

// What the block says ---------------------------------------------------------------------------------------------

/// The policy that the block itself writes.
fn own(known: &BTreeMap<String, Term>) -> Option<Policy> {
    let version = text(known, "version")?.unwrap_or_else(|| NEWEST_VERSION.to_owned());
    let id = text(known, "policy_id")?.unwrap_or_default();
    let mut sids = BTreeSet::new();
    let mut statements = Vec::new();
    for block in blocks(known, "statement")? {
        let statement = statement(block, &version)?;
        if !statement.sid.is_empty() && !sids.insert(statement.sid.clone()) {
            return None;
        }
        statements.push(statement);
    }
    Some(Policy { version, id, statements })
}

fn statement(block: &BTreeMap<String, Term>, version: &str) -> Option<Statement> {
    let effect = text(block, "effect")?.unwrap_or_else(|| "Allow".to_owned());
    let mut members = vec![("Effect", Part::Text(effect))];
    let mut push = |name, part: Option<Part>| members.extend(part.map(|part| (name, part)));
    // Which actions there are holds no variables.
    push("Action", set(block, "actions", None)?);
    push("NotAction", set(block, "not_actions", None)?);
    push("Resource", set(block, "resources", Some(version))?);
    push("NotResource", set(block, "not_resources", Some(version))?);
    push("Principal", principals(block, "principals", version)?);
    push("NotPrincipal", principals(block, "not_principals", version)?);
    push("Condition", conditions(block, version)?);
    Some(Statement { sid: text(block, "sid")?.unwrap_or_default(), members })
}

/// Text that is set; `None`: not known.
#[expect(clippy::option_option, reason = "not known, not set, set")]
fn text(block: &BTreeMap<String, Term>, name: &str) -> Option<Option<String>> {
    let Some(term) = block.get(name).filter(|it| !it.is_null()) else { return Some(None) };
    let text = convert(term, &Type::Text).ok()?.as_text()?.to_owned();
    Some(Some(text).filter(|it| !it.is_empty()))
}

/// The blocks of that name; `None`: not known which there are.
fn blocks<'a>(of: &'a BTreeMap<String, Term>, name: &str) -> Option<Vec<&'a BTreeMap<String, Term>>> {
    let Some(term) = of.get(name) else { return Some(Vec::new()) };
    let block = |item: &'a Term| {
        let Data::Resource(object) = &item.data else { return item.as_entries() };
        Some(&object.known)
    };
    term.as_items()?.iter().map(block).collect()
}

/// The texts of a list or set; `None`: not known.
fn texts(of: &BTreeMap<String, Term>, name: &str, is_set: bool) -> Option<Vec<String>> {
    let Some(term) = of.get(name).filter(|it| !it.is_null()) else { return Some(Vec::new()) };
    let kind = Box::new(Type::Text);
    let converted = convert(term, &if is_set { Type::Set(kind) } else { Type::List(kind) }).ok()?;
    converted.as_items()?.iter().map(|it| it.as_text().map(str::to_owned)).collect()
}

/// A set of texts, as the provider orders it; `version`: of a policy whose variables are written `&{…}` in it.
#[expect(clippy::option_option, reason = "not known, not set, set")]
fn set(of: &BTreeMap<String, Term>, name: &str, version: Option<&str>) -> Option<Option<Part>> {
    let mut texts = texts(of, name, true)?;
    texts.sort_unstable_by(|a, b| b.cmp(a));
    let texts = match version {
        Some(version) => with_variables(texts, version)?,
        None => texts,
    };
    Some((!texts.is_empty()).then(|| collapsed(texts)))
}

/// One item stands without its list.
fn collapsed(mut texts: Vec<String>) -> Part {
    match texts.pop() {
        Some(only) if texts.is_empty() => Part::Text(only),
        last => Part::List(texts.into_iter().chain(last).map(Part::Text).collect()),
    }
}

/// `&{…}` is written for a policy's own `${…}`, which the oldest version does not have.
fn with_variables(texts: Vec<String>, version: &str) -> Option<Vec<String>> {
    if version == OLD_VERSION && texts.iter().any(|it| it.contains("&{")) {
        return None;
    }
    Some(texts.into_iter().map(|it| it.replace("&{", "${")).collect())
}

#[expect(clippy::option_option, reason = "not known, not set, set")]
fn principals(of: &BTreeMap<String, Term>, name: &str, version: &str) -> Option<Option<Part>> {
    let mut found = BTreeMap::new();
    for block in blocks(of, name)? {
        let kind = text(block, "type")?.unwrap_or_default();
        let identifiers = set(block, "identifiers", Some(version))?.unwrap_or_else(|| Part::List(Vec::new()));
        if found.insert(kind, identifiers).is_some() {
            return None;
        }
    }
    Some(principal(found))
}

/// `{"*": "*"}` is `"*"`.
fn principal(mut found: BTreeMap<String, Part>) -> Option<Part> {
    for identifiers in found.values_mut() {
        if let Part::List(items) = identifiers {
            items.sort_unstable_by(|a, b| b.as_text().cmp(&a.as_text()));
        }
    }
    let is_anybody = match found.get("*") {
        Some(Part::Text(text)) => text == "*",
        Some(Part::List(items)) => matches!(items.as_slice(), [Part::Text(text)] if text == "*"),
        Some(Part::Object(_)) | None => false,
    };
    if is_anybody && found.len() == 1 {
        return Some(Part::Text("*".to_owned()));
    }
    (!found.is_empty()).then(|| Part::Object(found.into_iter().collect()))
}

#[expect(clippy::option_option, reason = "not known, not set, set")]
fn conditions(of: &BTreeMap<String, Term>, version: &str) -> Option<Option<Part>> {
    let mut found: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for block in blocks(of, "condition")? {
        let test = text(block, "test")?.unwrap_or_default();
        let variable = text(block, "variable")?.unwrap_or_default();
        let values = with_variables(texts(block, "values", false)?, version)?;
        if found.entry(test).or_default().insert(variable, values).is_some_and(|before| !before.is_empty()) {
            return None;
        }
    }
    Some(condition(found))
}

fn condition(found: BTreeMap<String, BTreeMap<String, Vec<String>>>) -> Option<Part> {
    let variables = |it: BTreeMap<String, Vec<String>>| {
        Part::Object(it.into_iter().map(|(variable, values)| (variable, collapsed(values))).collect())
    };
    (!found.is_empty()).then(|| Part::Object(found.into_iter().map(|(test, it)| (test, variables(it))).collect()))
}

// What other documents say ----------------------------------------------------------------------------------------

/// The policies in a list of documents.
fn documents(known: &BTreeMap<String, Term>, name: &str) -> Option<Vec<Policy>> {
    let Some(term) = known.get(name).filter(|it| !it.is_null()) else { return Some(Vec::new()) };
    let texts = term.as_items()?.iter().filter(|it| !it.is_null());
    texts.map(|it| read(&serde_json::from_str(it.as_text()?).ok()?)).collect()
}

/// A member of an object, whatever the case of its name.
fn member<'a>(of: &'a Json, name: &str) -> Option<&'a Json> {
    let found = of.as_object()?.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value).filter(|it| !it.is_null())
}

fn read(document: &Json) -> Option<Policy> {
    document.as_object()?;
    let text = |of: &Json, name| match member(of, name) {
        None => Some(String::new()),
        Some(text) => text.as_str().map(str::to_owned),
    };
    let mut statements = Vec::new();
    for item in member(document, "Statement").map_or(Some([].as_slice()), |it| it.as_array().map(Vec::as_slice))? {
        let mut members = Vec::new();
        let effect = text(item, "Effect")?;
        if !effect.is_empty() {
            members.push(("Effect", Part::Text(effect)));
        }
        for name in ["Action", "NotAction", "Resource", "NotResource"] {
            if let Some(value) = member(item, name) {
                members.push((name, read_texts(value)?));
            }
        }
        for name in ["Principal", "NotPrincipal"] {
            if let Some(value) = member(item, name) {
                members.extend(read_principals(value)?.map(|it| (name, it)));
            }
        }
        if let Some(value) = member(item, "Condition") {
            members.extend(read_conditions(value)?.map(|it| ("Condition", it)));
        }
        statements.push(Statement { sid: text(item, "Sid")?, members });
    }
    Some(Policy { version: text(document, "Version")?, id: text(document, "Id")?, statements })
}

fn read_texts(value: &Json) -> Option<Part> {
    if let Some(text) = value.as_str() {
        return Some(Part::Text(text.to_owned()));
    }
    let items = value.as_array()?.iter().map(|it| it.as_str().map(|it| Part::Text(it.to_owned())));
    Some(Part::List(items.collect::<Option<_>>()?))
}

#[expect(clippy::option_option, reason = "not readable, empty, something")]
fn read_principals(value: &Json) -> Option<Option<Part>> {
    if value.is_string() {
        return Some(Some(Part::Text("*".to_owned())));
    }
    let found = value.as_object()?.iter().map(|(kind, it)| Some((kind.clone(), read_texts(it)?)));
    Some(principal(found.collect::<Option<_>>()?))
}

#[expect(clippy::option_option, reason = "not readable, empty, something")]
fn read_conditions(value: &Json) -> Option<Option<Part>> {
    let mut found: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (test, variables) in value.as_object()? {
        for (variable, values) in variables.as_object()? {
            let values = match values {
                Json::String(text) => vec![text.clone()],
                Json::Bool(it) => vec![it.to_string()],
                Json::Array(items) => {
                    items.iter().map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?
                }
                Json::Null | Json::Number(_) | Json::Object(_) => return None,
            };
            found.entry(test.clone()).or_default().insert(variable.clone(), values);
        }
    }
    Some(condition(found))
}

impl Policy {
    /// Lays `other` over it: a statement with the same `Sid` takes the other's place.
    fn merge(&mut self, other: Self) {
        if !other.id.is_empty() {
            self.id = other.id;
        }
        if self.version < other.version {
            self.version = other.version;
        }
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (at, statement) in self.statements.iter().enumerate() {
            places.entry(statement.sid.clone()).or_insert(at);
        }
        for statement in other.statements {
            match places.get(&statement.sid) {
                Some(&at) if !statement.sid.is_empty() => self.statements[at] = statement,
                _ => {
                    places.entry(statement.sid.clone()).or_insert(self.statements.len());
                    self.statements.push(statement);
                }
            }
        }
    }

    fn part(self) -> Part {
        let mut members = Vec::new();
        for (name, text) in [("Version", self.version), ("Id", self.id)] {
            if !text.is_empty() {
                members.push((name.to_owned(), Part::Text(text)));
            }
        }
        if !self.statements.is_empty() {
            let statements = self.statements.into_iter().map(Statement::part).collect();
            members.push(("Statement".to_owned(), Part::List(statements)));
        }
        Part::Object(members)
    }
}

impl Statement {
    fn part(self) -> Part {
        let sid = (!self.sid.is_empty()).then(|| ("Sid".to_owned(), Part::Text(self.sid)));
        let members = self.members.into_iter().map(|(name, part)| (name.to_owned(), part));
        Part::Object(sid.into_iter().chain(members).collect())
    }
}

impl Part {
    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Object(_) => None,
        }
    }

    /// Writes it as JSON; `indent`: how far its line is indented, where each item has a line.
    fn write(&self, out: &mut String, indent: Option<usize>) {
        let (brackets, length) = match self {
            Self::Text(text) => return out.push_str(&quoted(text)),
            Self::List(items) => (['[', ']'], items.len()),
            Self::Object(members) => (['{', '}'], members.len()),
        };
        let inner = indent.map(|it| it + 2);
        let line = |out: &mut String, indent: Option<usize>| {
            if let Some(indent) = indent {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
            }
        };
        out.push(brackets[0]);
        for at in 0..length {
            if at > 0 {
                out.push(',');
            }
            line(out, inner);
            match self {
                Self::Text(_) => (),
                Self::List(items) => items[at].write(out, inner),
                Self::Object(members) => {
                    out.push_str(&quoted(&members[at].0));
                    out.push_str(if inner.is_some() { ": " } else { ":" });
                    members[at].1.write(out, inner);
                }
            }
        }
        if length > 0 {
            line(out, indent);
        }
        out.push(brackets[1]);
    }
}
