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
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files.walk(folder) {
        let (parent, name) = file.rsplit_once('/').unwrap_or((".", file.as_str()));
        folders.entry(path::normal(parent)).or_default().push(name.to_owned());
    }
    folders.retain(|_, names| folder::has_code(names));
    let calls: BTreeMap<_, _> =
        folders.iter().map(|(folder, names)| (folder.as_str(), called(files, folder, names))).collect();
    let called: BTreeSet<_> = calls.values().flatten().collect();
    let mut roots: BTreeSet<&str> = calls.keys().copied().filter(|it| !called.contains(&(*it).to_owned())).collect();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = roots.iter().copied().collect();
    let mut others = calls.keys();
    loop {
        while let Some(it) = open.pop() {
            if seen.insert(it) {
                open.extend(calls.get(it).into_iter().flatten().map(String::as_str));
            }
        }
        let Some(rest) = others.find(|it| !seen.contains(*it)) else { break };
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
