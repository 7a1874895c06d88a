//! The same output to the byte, however many threads work.
//!
//! The one test of its file: how many threads work is said for the whole process.

#![expect(clippy::disallowed_methods, reason = "a test of its own")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../benches/speed/plan.rs"]
#[expect(dead_code, reason = "the benchmarks ask for more")]
mod plan;

use std::{env, ffi::OsString, fs, io, path::Path};

use iac_check::{
    cli::{self, Streams},
    files::Disk,
};

#[test]
fn the_output_is_the_same_whatever_the_jobs() {
    // Large enough to be read in parts, and from two places at once.
    let large = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jobs.json");
    let mut text = Vec::new();
    plan::write(plan::Shape { resources: 8_000, ids: plan::Ids::Unknown }, &mut text).unwrap();
    fs::write(&large, text).unwrap();
    let large = large.to_str().unwrap();
    let calls = [
        vec!["testdata/scenarios", "--format", "json", "--possible"],
        vec!["testdata/scenarios", "--verbose"],
        vec!["testdata/cdk", "--format", "sarif"],
        vec![large, "--format", "json"],
        vec!["routes", "testdata/scenarios/story_1_before", "--format", "json"],
    ];
    for call in calls {
        let alone = said(&call, "1");
        assert!(200 < alone.len(), "{call:?} says too little to differ");
        for jobs in ["2", "7"] {
            assert!(said(&call, jobs) == alone, "{call:?} says something else with --jobs {jobs}");
        }
    }
    fs::remove_file(large).unwrap();
}

/// What a call says, on standard output and on standard error.
fn said(call: &[&str], jobs: &str) -> String {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut stdin = io::empty();
    let mut streams = Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr, is_terminal: false };
    let words = [&["iac-check"], call, &["--jobs", jobs]].concat().into_iter().map(OsString::from);
    let outcome = cli::run(words, &Disk, &mut streams).unwrap();
    format!("{outcome:?}\n{}\n{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}
