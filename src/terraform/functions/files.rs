//! Functions over paths and files, and templates.

use std::collections::BTreeMap;

use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::{
    Answer, Call, Fault, MOST_BYTES, check_size, encodings,
    glob::Pattern,
    hashes,
    signature::{Function, Item, Kind, Marks, Parameter, any, text},
    strings::at,
};
use crate::{
    files::FileKind,
    terraform::cty::{Data, Term, Type, Why},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abspath", &[PATH], Kind::Text, |call| Ok(absolute(call))),
    Function::new("basename", &[PATH], Kind::Text, |call| Ok(Term::text(base(call.text(0))))),
    Function::new("dirname", &[PATH], Kind::Text, |call| Ok(Term::text(&folder(call.text(0))))),
    Function::new("file", &[PATH], Kind::Text, file),
    Function::new("filebase64", &[PATH], Kind::Text, |call| encodings::base64(&read(call)?)),
    Function::new("filebase64sha256", &[PATH], Kind::Text, |call| Ok(hashes::base64::<Sha256>(&read(call)?))),
    Function::new("filebase64sha512", &[PATH], Kind::Text, |call| Ok(hashes::base64::<Sha512>(&read(call)?))),
    Function::new("fileexists", &[PATH], Kind::Bool, exists),
    Function::new("filemd5", &[PATH], Kind::Text, |call| Ok(hashes::hexadecimal::<Md5>(&read(call)?))),
    Function::new("fileset", &[PATH, text("pattern")], Kind::SetOf(Item::Text), file_set),
    Function::new("filesha1", &[PATH], Kind::Text, |call| Ok(hashes::hexadecimal::<Sha1>(&read(call)?))),
    Function::new("filesha256", &[PATH], Kind::Text, |call| Ok(hashes::hexadecimal::<Sha256>(&read(call)?))),
    Function::new("filesha512", &[PATH], Kind::Text, |call| Ok(hashes::hexadecimal::<Sha512>(&read(call)?))),
    Function::new("pathexpand", &[PATH], Kind::Text, expand),
    Function::new("templatefile", &[PATH, VARIABLES], Kind::Any, template_file),
    Function::new("templatestring", &[text("template"), VARIABLES], Kind::Text, template_text),
];

const PATH: Parameter = text("path");
const VARIABLES: Parameter = any("vars").or_unknown().marked(Marks::Outer);

fn read(call: &Call<'_>) -> Result<Vec<u8>, Fault> {
    let bytes = call.context.read_file(call.text(0))?;
    super::check_length(bytes.len())?;
    Ok(bytes)
}

fn file(call: &Call<'_>) -> Answer {
    Ok(Term::text(&contents(call)?))
}

fn contents(call: &Call<'_>) -> Result<String, Fault> {
    let path = call.text(0);
    String::from_utf8(read(call)?).map_err(|_| {
        Fault::Failed(format!(
            "contents of {path:?} are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded \
             contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead"
        ))
    })
}

fn exists(call: &Call<'_>) -> Answer {
    let path = call.text(0);
    match call.context.file_kind(path) {
        Some(FileKind::File) => Ok(Term::bool(true)),
        Some(FileKind::Folder) => Err(at(0, format!("{path:?} is a directory, not a file"))),
        Some(FileKind::Other) => Err(at(0, format!("{path:?} is not a regular file"))),
        None => Ok(Term::bool(false)),
    }
}

fn file_set(call: &Call<'_>) -> Answer {
    let pattern = Pattern::read(call.text(1)).ok_or("failed to glob pattern: syntax error in pattern")?;
    let files = call.context.list_files(call.text(0));
    check_size(files.len())?;
    let found = files.iter().filter(|it| pattern.fits(it));
    Ok(Term::set(Type::Text, found.map(|it| Term::text(it)).collect()))
}

fn template_file(call: &Call<'_>) -> Answer {
    let template = contents(call)?;
    render(call, &template)
}

fn template_text(call: &Call<'_>) -> Answer {
    render(call, call.text(0))
}

fn render(call: &Call<'_>, template: &str) -> Answer {
    let variables = call.term(1);
    let Some(entries) = variables.as_entries() else {
        return match variables.type_of() {
            Type::Object(_) | Type::Map(_) | Type::Dynamic if !variables.is_known() => Ok(call.unknown(Type::Dynamic)),
            _ if matches!(variables.data, Data::Resource(_)) => Ok(call.unknown(Type::Dynamic)),
            Type::Dynamic
            | Type::Bool
            | Type::Number
            | Type::Text
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_) => Err(at(1, "invalid vars value: must be a map")),
        };
    };
    let is_name = |it: &str| {
        let mut characters = it.chars();
        let starts = characters.next().is_some_and(|it| it.is_alphabetic() || it == '_');
        starts && characters.all(|it| it.is_alphanumeric() || it == '_' || it == '-')
    };
    if let Some(wrong) = entries.keys().find(|name| !is_name(name)) {
        return Err(at(
            1,
            format!(
                "invalid template variable name {wrong:?}: must start with a letter, followed by zero or more letters, \
             digits, and underscores"
            ),
        ));
    }
    if MOST_BYTES < template.len() {
        return Err("the template is too long to be worked out".into());
    }
    let entries: BTreeMap<String, Term> = entries.clone();
    Ok(call.context.render(template, &entries)?)
}

/// What comes after the last slash.
fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let path = path.trim_end_matches('/');
    if path.is_empty() { "/" } else { path.rsplit('/').next().unwrap_or(path) }
}

/// All before the last slash.
fn folder(path: &str) -> String {
    let end = path.rfind('/').map_or(0, |it| it + 1);
    clean(&path[..end])
}

/// The shortest path that means the same.
fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => (),
            ".." if steps.last().is_some_and(|it| *it != "..") => {
                steps.pop();
            }
            ".." if is_absolute => (),
            step => steps.push(step),
        }
    }
    match (is_absolute, steps.is_empty()) {
        (true, _) => format!("/{}", steps.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => steps.join("/"),
    }
}

fn absolute(call: &Call<'_>) -> Term {
    let path = call.text(0);
    let whole =
        if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", call.context.current_folder()) };
    Term::text(&clean(&whole))
}

/// Whose home it is, the code does not say.
fn expand(call: &Call<'_>) -> Answer {
    let path = call.text(0);
    if path == "~" || path.starts_with("~/") {
        return Ok(Term::unknown_not_null(Type::Text, Why::Other(format!("{path} depends on who runs it"))));
    }
    if path.starts_with('~') {
        return Err("failed to expand path: cannot expand user-specific home dir".into());
    }
    Ok(Term::text(path))
}
