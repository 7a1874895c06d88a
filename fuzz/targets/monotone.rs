//! What is known while inputs are not known holds for every value of them; what is wrong then is wrong with every value.

use std::collections::BTreeMap;

use iac_check::{
    files::Memory,
    finding::Certainty,
    source::SourceMap,
    terraform::{self, Assignment, Inputs},
    value::{Kind, Unknown, Value},
};

/// Code, worked out.
#[derive(Debug)]
pub struct Evaluated {
    /// By address.
    pub resources: BTreeMap<String, Value>,
    /// What may be wrong, by its place, and whether it certainly is.
    pub errors: BTreeMap<(u32, u32), (String, bool)>,
}

/// The root module in the folder of the run, its variables given these values: names and JSON.
pub fn evaluate(files: &Memory, given: &[(String, String)]) -> Evaluated {
    let json = |(name, value): &(String, String)| Assignment::Json { name: name.clone(), value: value.clone() };
    let inputs = Inputs { assignments: given.iter().map(json).collect(), ..Inputs::default() };
    let loaded = terraform::load(files, &mut SourceMap::default(), ".", &inputs);
    let resources = loaded.resources.into_iter().map(|it| (it.address.as_str().to_owned(), it.body)).collect();
    let errors = loaded.findings.iter().filter(|it| it.rule != "module_not_installed").map(|it| {
        let is_certain = it.certainty == Certainty::Certain;
        ((it.at.span.start, it.at.span.end), (it.message.clone(), is_certain))
    });
    Evaluated { resources, errors: errors.collect() }
}

/// What `general`, worked out without some inputs, says that is not so in `world`, worked out with them.
pub fn disagreement(general: &Evaluated, world: &Evaluated) -> Option<String> {
    if !world.errors.keys().all(|it| general.errors.contains_key(it)) {
        // Terraform refuses these inputs, or the code with them.
        return None;
    }
    if world.errors.is_empty()
        && world.resources.values().all(is_settled)
        && let Some(error) = general.errors.iter().find(|(_, (_, is_certain))| *is_certain)
    {
        return Some(format!("an error that is none: {error:?}"));
    }
    for (address, body) in &general.resources {
        // `[*]`: as many as nobody knows.
        if address.contains("[*]") {
            continue;
        }
        match world.resources.get(address) {
            None => return Some(format!("{address} is not there")),
            Some(there) => {
                if let Some(path) = differs(body, there, address.clone()) {
                    return Some(path);
                }
            }
        }
    }
    None
}

/// Where `there` is not what `known` says.
fn differs(known: &Value, there: &Value, path: String) -> Option<String> {
    match (&known.kind, &there.kind) {
        (Kind::Unknown(why), of) => doubted(why, of).then(|| format!("{path}: {why:?} is {of:?}")),
        (Kind::List(known), Kind::List(there)) if known.len() == there.len() => {
            known.iter().zip(there).enumerate().find_map(|(at, (known, there))| differs(known, there, format!("{path}[{at}]")))
        }
        // Blocks of which nobody knows how many there are may be none.
        (Kind::Map(known), Kind::Map(there)) if there.iter().all(|(key, _)| known.contains(key)) => {
            known.iter().find_map(|(key, known)| {
                let path = format!("{path}.{key}");
                match there.get(key) {
                    Some(there) => differs(known, there, path),
                    None => known.unknown().is_none().then(|| format!("{path} is not there")),
                }
            })
        }
        (known, there) if known == there => None,
        // Secret only where the input is.
        (_, Kind::Unknown(Unknown::Sensitive)) => None,
        (known, there) => Some(format!("{path}: {known:?} is {there:?}")),
    }
}

/// Whether something of which so much is known cannot be `of`.
fn doubted(why: &Unknown, of: &Kind) -> bool {
    match (why, of) {
        (Unknown::AfterApply(one), Kind::Unknown(Unknown::AfterApply(other))) => one != other,
        (Unknown::OneOf(all), Kind::Unknown(Unknown::AfterApply(one))) => !all.contains(one),
        (Unknown::OneOf(all), Kind::Unknown(Unknown::OneOf(some))) => !some.iter().all(|it| all.contains(it)),
        (Unknown::AfterApply(_) | Unknown::OneOf(_), Kind::Unknown(_)) => false,
        (Unknown::AfterApply(_) | Unknown::OneOf(_), _) => true,
        _ => false,
    }
}

/// Whether all of it is known, but for what AWS decides.
fn is_settled(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(unknown) => {
            matches!(unknown, Unknown::Computed | Unknown::AfterApply(_) | Unknown::OneOf(_) | Unknown::Sensitive)
        }
        Kind::List(items) => items.iter().all(is_settled),
        Kind::Map(entries) => entries.values().all(is_settled),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => true,
    }
}
