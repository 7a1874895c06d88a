//! The same output to the byte, however many threads work.
//!
//! The one test of its file: how many threads work is said for the whole process.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test of its own, which fails by panicking")]

#[path = "../benches/shapes/mod.rs"]
#[expect(dead_code, reason = "the benchmarks ask for more")]
mod shapes;

use std::{
    collections::HashSet,
    env,
    ffi::OsString,
    fs, io,
    path::Path,
    sync::{Condvar, Mutex},
    thread::{self, ThreadId},
    time::Duration,
};

use iac_check::{
    cli::{self, Streams},
    files::{Disk, FileError, FileKind, Files},
};
use shapes::{code, plan, template};

#[test]
fn the_output_is_the_same_whatever_the_jobs() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jobs");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let made = |name: &str| folder.join(name).into_os_string().into_string().unwrap();
    let (repository, modules, assembly) = (made("repository"), made("modules"), made("cdk.out"));
    code::roots(repository.as_ref(), 20).unwrap();
    code::modules(modules.as_ref(), 20).unwrap();
    template::assembly(assembly.as_ref(), 8, 50).unwrap();
    // Large enough to be read in parts, and from two places at once.
    let (created, known) = (large(plan::Ids::Unknown), large(plan::Ids::Known));
    let calls = [
        vec!["testdata/scenarios", "--format", "json", "--possible"],
        vec!["testdata/scenarios", "--verbose"],
        vec!["testdata/cdk", "--format", "sarif"],
        vec![&created, "--format", "json"],
        vec![&known, "--format", "json"],
        vec![&repository, "--format", "json", "--possible"],
        vec![&modules, "--format", "json", "--possible"],
        vec![&assembly, "--format", "json", "--possible"],
        vec!["routes", &repository],
        vec!["routes", &assembly],
        vec!["routes", "testdata/scenarios/story_1_before", "--format", "json"],
    ];
    for call in calls {
        let alone = said(&call, "1");
        assert!(200 < alone.len(), "{call:?} says too little to differ");
        for jobs in ["2", "7"] {
            assert!(said(&call, jobs) == alone, "{call:?} says something else with --jobs {jobs}");
        }
    }
    let files = Awaiting::default();
    said_of(&files, &[&assembly], "2");
    assert_eq!(files.readers.lock().unwrap().len(), 2, "two jobs are two threads");
    fs::remove_dir_all(folder).unwrap();
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
    said_of(&Disk, call, jobs)
}

fn said_of(files: &dyn Files, call: &[&str], jobs: &str) -> String {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut stdin = io::empty();
    let mut streams =
        Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr, is_terminal: false, watched: None };
    let words = [&["iac-check"], call, &["--jobs", jobs]].concat().into_iter().map(OsString::from);
    let outcome = cli::run(words, files, &mut streams).unwrap();
    format!("{outcome:?}\n{}\n{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// The files of this machine. Whoever reads a template first waits until somebody else reads one at the same time.
#[derive(Default)]
struct Awaiting {
    readers: Mutex<HashSet<ThreadId>>,
    others: Condvar,
}

impl Files for Awaiting {
    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        if path.ends_with(".template.json") {
            let mut readers = self.readers.lock().unwrap();
            readers.insert(thread::current().id());
            self.others.notify_all();
            let patience = Duration::from_secs(60);
            let waited = self.others.wait_timeout_while(readers, patience, |it| it.len() < 2);
            assert!(!waited.unwrap().1.timed_out(), "nobody else reads");
        }
        Disk.read_at_most(path, most)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        Disk.kind(path)
    }

    fn walk(&self, folder: &str) -> Vec<String> {
        Disk.walk(folder)
    }

    fn list(&self, folder: &str, within: &str) -> Vec<String> {
        Disk.list(folder, within)
    }

    fn absolute(&self, path: &str) -> Option<String> {
        Disk.absolute(path)
    }

    fn is_within(&self, path: &str, folder: &str) -> bool {
        Disk.is_within(path, folder)
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), FileError> {
        Disk.write(path, contents)
    }
}
