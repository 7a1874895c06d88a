//! Which folders are root modules: those with code that no other folder calls as a module.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    folder::{self, Gathered},
    literal, path,
};
use crate::{files::Files, source::SourceMap, syntax::Block};

/// The root modules in `folder` and below, in order. Modules that only call one another are roots too: nothing else
/// would show them.
pub fn roots(files: &dyn Files, folder: &str) -> Vec<String> {
    among(&calls_in(files, folder))
}

/// The root modules in `folder` and below that one of the files `changed` belongs to: it lies in the root's folder, or
/// in that of a module that the root calls, or below one of these with no code nearer to it.
pub fn roots_of(files: &dyn Files, folder: &str, changed: &[String]) -> Vec<String> {
    let calls = calls_in(files, folder);
    let own = |file: &String| {
        let mut at = path::normal(file);
        while let Some((parent, _)) = at.rsplit_once('/') {
            at = parent.to_owned();
            if calls.contains_key(&at) {
                return Some(at);
            }
        }
        calls.contains_key(".").then(|| ".".to_owned())
    };
    let changed: BTreeSet<String> = changed.iter().filter_map(own).collect();
    let mut roots = among(&calls);
    roots.retain(|root| reach(&calls, root).iter().any(|it| changed.contains(*it)));
    roots
}

/// A root and all that it calls, and all that these call.
fn reach<'a>(calls: &'a BTreeMap<String, BTreeSet<String>>, root: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![root];
    while let Some(it) = open.pop() {
        if seen.insert(it) {
            open.extend(calls.get(it).into_iter().flatten().map(String::as_str));
        }
    }
    seen
}

/// The folders with code in `folder` and below, and which folders each of them calls.
fn calls_in(files: &dyn Files, folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files.walk(folder) {
        let (parent, name) = file.rsplit_once('/').unwrap_or((".", file.as_str()));
        folders.entry(path::normal(parent)).or_default().push(name.to_owned());
    }
    folders.retain(|_, names| folder::has_code(names));
    folders
        .into_iter()
        .map(|(folder, names)| {
            let called = called(files, &folder, &names);
            (folder, called)
        })
        .collect()
}

/// The folders that nobody calls, and one of those that call each other.
fn among(calls: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let called: BTreeSet<_> = calls.values().flatten().collect();
    let mut roots: BTreeSet<&str> = calls.keys().filter(|it| !called.contains(it)).map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = roots.iter().copied().collect();
    let mut others = calls.keys();
    loop {
        while let Some(it) = open.pop() {
            if seen.insert(it) {
                open.extend(calls.get(it).into_iter().flatten().map(String::as_str));
            }
        }
        let Some(rest) = others.find(|it| !seen.contains(it.as_str())) else { break };
        roots.insert(rest);
        open.push(rest);
    }
    roots.into_iter().map(str::to_owned).collect()
}

/// The folders that the code in `folder` calls as local modules, itself left out.
fn called(files: &dyn Files, folder: &str, names: &[String]) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    for (name, form) in folder::counting(names) {
        let path = path::join(folder, name);
        let says = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|it| it == word.as_bytes());
        if !files.read(&path).is_ok_and(|bytes| says(&bytes, "module") && says(&bytes, "source")) {
            continue;
        }
        let (mut sources, mut gathered) = (SourceMap::default(), Gathered::default());
        let Some(parsed) = folder::parse(files, &mut sources, &path, form, &mut gathered) else { continue };
        let local = parsed.body.blocks.iter().filter_map(local_source);
        called.extend(local.map(|source| path::join(folder, source)));
    }
    called.remove(folder);
    called
}

fn local_source(block: &Block) -> Option<&str> {
    let source = block.body.attributes.iter().find(|it| block.kind == "module" && it.name == "source")?;
    literal::text(&source.value).filter(|it| it.starts_with('.'))
}
