//! The same output to the byte, however many threads work.
//!
//! The one test of its file: how many threads work is said for the whole process.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test of its own, which fails by panicking")]

#[path = "../benches/shapes/mod.rs"]
#[expect(dead_code, reason = "the benchmarks ask for more")]
mod shapes;

use std::{env, ffi::OsString, fs, io, path::Path};

use iac_check::{
    cli::{self, Streams},
    files::Disk,
};
use shapes::plan;

#[test]
fn the_output_is_the_same_whatever_the_jobs() {
    // Large enough to be read in parts, and from two places at once.
    let (created, known) = (large(plan::Ids::Unknown), large(plan::Ids::Known));
    let calls = [
        vec!["testdata/scenarios", "--format", "json", "--possible"],
        vec!["testdata/scenarios", "--verbose"],
        vec!["testdata/cdk", "--format", "sarif"],
        vec![&created, "--format", "json"],
        vec![&known, "--format", "json"],
        vec!["routes", "testdata/scenarios/story_1_before", "--format", "json"],
    ];
    for call in calls {
        let alone = said(&call, "1");
        assert!(200 < alone.len(), "{call:?} says too little to differ");
        for jobs in ["2", "7"] {
            assert!(said(&call, jobs) == alone, "{call:?} says something else with --jobs {jobs}");
        }
    }
    fs::remove_file(created).unwrap();
    fs::remove_file(known).unwrap();
}

/// Writes a plan of 8,000 resources, and gives its path.
fn large(ids: plan::Ids) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("jobs-{ids:?}.json"));
    let mut text = Vec::new();
    plan::write(plan::Shape::of(8_000, ids), &mut text).unwrap();
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What a call says, on standard output and on standard error.
fn said(call: &[&str], jobs: &str) -> String {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut stdin = io::empty();
    let mut streams =
        Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr, is_terminal: false, watched: None };
    let words = [&["iac-check"], call, &["--jobs", jobs]].concat().into_iter().map(OsString::from);
    let outcome = cli::run(words, &Disk, &mut streams).unwrap();
    format!("{outcome:?}\n{}\n{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}
