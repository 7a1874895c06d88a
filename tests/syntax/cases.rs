//! Small files, sorted by `terraform fmt -` into those that Terraform reads (`good`) and those that it refuses (`bad`).
//! A new case is sorted by that command: it goes to `good` if the command ends well.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, process::Command};

use iac_check::{
    source::SourceMap,
    syntax::{Parsed, hcl},
};

use crate::{show, spans, theirs, with_large_stack};

/// What Terraform reads and `hcl-edit` refuses, which is why it does not read for us.
const REFUSED: &[&str] = &[
    "bom",
    "comment_at_end_crlf",
    "depth_100",
    "depth_600",
    "object_key_twice",
    "operators_many",
    "operators_not_newline",
    "parentheses_deep",
    "traversal_legacy_exponent",
    "traversal_legacy_large",
];

/// What they read differently, and Terraform as we do.
const READ_DIFFERENTLY: &[&str] = &[];

fn folder(name: &str) -> String {
    format!("{}/testdata/syntax/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The cases of a folder by name.
fn cases(name: &str) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (stem(&path), fs::read_to_string(&path).unwrap())).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn read(text: &str) -> (SourceMap, Parsed) {
    let mut sources = SourceMap::default();
    let source = sources.add("main.tf", text).unwrap();
    let parsed = hcl::parse(source, text);
    spans::check(text, &parsed);
    (sources, parsed)
}

/// Holds what was found against what is written down; `UPDATE=1` writes it down.
fn compare(name: &str, found: &str) {
    let path = folder(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, found).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), found, "{name}: UPDATE=1 writes it anew");
}

#[test]
fn what_terraform_reads_is_read() {
    with_large_stack(|| {
        let mut found = String::new();
        for (name, text) in cases("good") {
            let (_, parsed) = read(&text);
            assert!(parsed.errors.is_empty(), "{name}: {:?}", parsed.errors);
            writeln!(found, "{name}\n    {}", show::body(&parsed.body)).unwrap();
        }
        compare("good.txt", &found);
    });
}

#[test]
fn what_terraform_refuses_is_an_error_with_its_place() {
    let mut found = String::new();
    for (name, text) in cases("bad") {
        let (sources, parsed) = read(&text);
        assert!(!parsed.errors.is_empty(), "{name}");
        writeln!(found, "{name}").unwrap();
        for error in &parsed.errors {
            let place = sources.place(error.span).start;
            writeln!(found, "    {}:{} {}", place.line, place.column, error.message).unwrap();
        }
    }
    compare("bad.txt", &found);
}

#[test]
fn another_reader_reads_the_same() {
    with_large_stack(|| {
        let (mut refused, mut different) = (Vec::new(), Vec::new());
        for (name, text) in cases("good") {
            let ours = show::body(&read(&text).1.body);
            match theirs::file(&text) {
                None => refused.push(name),
                Some(theirs) if show::loose(&theirs) == show::loose(&ours) => {}
                Some(_) => different.push(name),
            }
        }
        assert_eq!(refused, REFUSED);
        assert_eq!(different, READ_DIFFERENTLY);
    });
}

/// Where Terraform is on the PATH, it says whether the cases are still sorted right.
#[test]
fn terraform_sorts_the_cases_as_they_are() {
    let refused = |name: &str| {
        let mut command = Command::new("terraform");
        command.args(["fmt", "-check", "-recursive", "-no-color", "-list=false", "."]).current_dir(folder(name));
        let run = command.env_remove("TF_CLI_CONFIG_FILE").output().ok()?;
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        let file =
            |line: &str| line.trim_start().strip_prefix("on ")?.split_once(".tf line ").map(|it| it.0.to_owned());
        Some(said.lines().filter_map(file).collect::<std::collections::BTreeSet<_>>())
    };
    let (Some(good), Some(bad)) = (refused("good"), refused("bad")) else { return };
    assert_eq!(good.into_iter().collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(bad.into_iter().collect::<Vec<_>>(), cases("bad").into_keys().collect::<Vec<_>>());
}
