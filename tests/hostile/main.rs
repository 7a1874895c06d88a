//! Input that is made to break its reader: every command ends, within bounds, and says which bound was reached.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the program is run on files of its own")]

mod amounts;
mod inputs;
mod names;
mod nesting;
mod paths;
mod texts;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How many seconds of a processor a run may take here: the program is not optimised.
const MOST_SECONDS: u32 = 60;

/// How long a run may take, with whatever else the machine has to do.
const LONGEST: Duration = Duration::from_secs(600);

/// How much memory a run may ask for, in KiB; the stacks that it reserves and does not use are counted too.
const MOST_MEMORY: u32 = 3 << 20;

/// How a run ended, and what it said.
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Everything that it said.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// A folder of the test's own with these files in it.
pub(crate) fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// Runs the program in `folder`, within its bounds: it answers, or says in a line why it cannot.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ended {
    let streams = ["stdout", "stderr"].map(|it| folder.with_extension(it));
    let [stdout, stderr] = streams.each_ref().map(|it| File::create(it).unwrap());
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -t {MOST_SECONDS}; ulimit -v {MOST_MEMORY} 2> /dev/null; exec \"$0\" \"$@\"")]);
    command.arg(env!("CARGO_BIN_EXE_iac-check")).args(arguments).current_dir(folder).env_clear();
    let mut child = command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).spawn().unwrap();
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if LONGEST < started.elapsed() {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{arguments:?} in {}: no answer after {LONGEST:?}", folder.display());
        }
        thread::sleep(Duration::from_millis(5));
    };
    let [stdout, stderr] = streams.map(|it| String::from_utf8(fs::read(it).unwrap()).unwrap());
    let status = status.code().unwrap_or_else(|| panic!("{arguments:?} in {}: {status}: {stderr}", folder.display()));
    assert!((0..=2).contains(&status), "{arguments:?} in {}: status {status}: {stderr}", folder.display());
    assert!(!stderr.contains("panicked"), "{arguments:?} in {}: {stderr}", folder.display());
    Ended { status, stdout, stderr }
}

/// What `check` and `inspect` say of one file of code; what it is called tells what it is.
pub(crate) fn said(name: &str, file: &str, text: impl AsRef<[u8]>) -> String {
    let folder = folder(name, &[(file, text.as_ref())]);
    let path = if file == "main.tf" { "." } else { file };
    let checked = run(&folder, &["check", path, "--possible", "--verbose"]);
    let inspected = run(&folder, &["inspect", path, "--format", "json"]);
    fs::remove_dir_all(&folder).unwrap();
    checked.all() + &inspected.stderr
}

/// As [`said`], of the code of a root module.
pub(crate) fn said_of_code(name: &str, text: impl AsRef<[u8]>) -> String {
    said(name, "main.tf", text)
}
