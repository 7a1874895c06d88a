//! Nothing is fetched, nothing is run, nothing is written but what was asked for: as the kernel sees it.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the program is run on files of its own")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

use std::{
    fs,
    os::unix::fs::FileTypeExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Every command, and what it reads; a name after `=` or `--write-baseline` is what it may write.
const QUESTIONS: &[&[&str]] = &[
    &["check", "."],
    &["check", "plan.json", "--source", ".", "--verbose", "--format", "markdown"],
    &["check", "template.yaml", "--possible", "--format", "html"],
    &["check", ".", "--output", "sarif=out.sarif", "--output", "html=out.html"],
    &["check", ".", "--write-baseline", "out.baseline"],
    &["check", ".", "--var", "a=b", "--config", "settings.toml"],
    &["check", ".", "--baseline", "known.baseline", "--format", "junit", "--jobs", "4"],
    &["check", "--changed-files", "main.tf", "more.tf", "plan.json"],
    &["check", "plan.json", "--changed-only", "--format", "github"],
    &["check", "template.yaml", "--parameter", "A=b", "--parameters", "parameters.json"],
    &["routes", "."],
    &["trace", ".", "--from", "internet", "--to", "10.0.0.1"],
    &["egress", "."],
    &["changes", "plan.json"],
    &["changes", "plan.json", "template.yaml"],
    &["graph", ".", "--format", "html"],
    &["inspect", ".", "--format", "json"],
    &["rules"],
    &["explain", "nat_without_internet"],
    &["completions", "bash"],
    &["man"],
    &["--version"],
];

/// The beginnings of paths that every program of this language reads before it begins, or to see how many cores it has.
const OF_THE_SYSTEM: &[&str] = &[
    "/etc/ld.so",
    "/lib",
    "/usr/lib",
    "/proc/self/",
    "/proc/stat",
    "/sys/fs/cgroup/",
    // How memory may be had, which the allocator asks.
    "/sys/kernel/mm/transparent_hugepage/",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/dev/null",
];

/// A folder with a network in every language, and code that would have us fetch and run.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("untouched").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios/story_1_before");
    for name in ["main.tf", "plan.json", "template.yaml"] {
        fs::copy(scenario.join(name), folder.join(name)).unwrap();
    }
    let more = r#"
variable "a" { default = "" }
module "far" { source = "git::https://example.com/far.git" }
module "registry" { source = "terraform-aws-modules/vpc/aws" }
data "external" "it" { program = ["sh", "-c", "touch ran"] }
data "http" "it" { url = "https://example.com" }
data "aws_ami" "it" { owners = ["self"] }
resource "null_resource" "it" {
  provisioner "local-exec" { command = "touch ran" }
}
resource "local_file" "it" {
  filename = "made"
  content  = timestamp()
}
terraform {
  backend "s3" { bucket = "it" }
}
"#;
    fs::write(folder.join("more.tf"), more).unwrap();
    fs::write(folder.join("settings.toml"), "").unwrap();
    fs::write(folder.join("known.baseline"), "{\"schema_version\": \"1\", \"findings\": []}").unwrap();
    fs::write(folder.join("parameters.json"), "[{\"ParameterKey\": \"A\", \"ParameterValue\": \"b\"}]").unwrap();
    folder
}

/// strace, with `options`, of the program with `arguments`. `None`: this machine has none, or forbids it.
fn traced(folder: &Path, options: &[&str], arguments: &[&str]) -> Option<(Output, String)> {
    let log = folder.with_extension("strace");
    let may = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no strace here, or it may not look");
        return None;
    }
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-s", "4096", "-o"]).arg(&log).args(options);
    command.arg(env!("CARGO_BIN_EXE_iac-check")).args(arguments).current_dir(folder).env_clear();
    let output = command.stdin(Stdio::null()).output().unwrap();
    Some((output, fs::read_to_string(log).unwrap()))
}

#[test]
fn nothing_is_fetched_run_or_written() {
    let folder = folder("all");
    let before = names_in(&folder);
    for question in QUESTIONS {
        let Some((output, log)) = traced(&folder, &["-e", "trace=%network,%process,%file"], question) else { return };
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{question:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let outputs: Vec<_> =
            question.iter().filter_map(|it| it.split('=').next_back()).filter(|it| it.starts_with("out.")).collect();
        let calls: Vec<_> = log.lines().filter_map(|line| line.split_once(' ').map(|(_, call)| call.trim())).collect();
        assert!(calls.iter().any(|call| call.starts_with("execve(")), "{log}");
        for (at, call) in calls.iter().enumerate() {
            let wrong = trouble(call, at, &outputs, &folder);
            assert!(wrong.is_none(), "{question:?} {}: {call}", wrong.unwrap_or_default());
        }
        for output in &outputs {
            assert!(fs::metadata(folder.join(output)).unwrap().len() != 0, "{output}");
            fs::remove_file(folder.join(output)).unwrap();
        }
        assert_eq!(names_in(&folder), before, "{question:?}");
    }
}

/// What is wrong with a call of the kernel.
fn trouble(call: &str, at: usize, outputs: &[&str], folder: &Path) -> Option<&'static str> {
    let name = call.split('(').next().unwrap_or_default();
    let is_of_output =
        || outputs.iter().any(|it| call.contains(&format!("\"{it}\"")) || call.contains(&format!(".{it}.0.tmp")));
    let path = call.split('"').nth(1).unwrap_or_default();
    match name {
        "execve" | "execveat" => (at != 0).then_some("runs something"),
        "fork" | "vfork" => Some("runs something"),
        "clone" | "clone3" => (!call.contains("CLONE_THREAD")).then_some("runs something"),
        "socket" | "socketpair" | "connect" | "bind" | "listen" | "accept" | "sendto" | "sendmsg" => {
            Some("opens a socket")
        }
        "open" | "openat" | "openat2" | "creat" => {
            let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"].iter().any(|it| call.contains(it));
            let is_ours = !path.starts_with('/') || Path::new(path).starts_with(folder);
            // A file without a name, in the folder of an output: it gets its name by `linkat`.
            let is_unnamed = call.contains("O_TMPFILE") && !outputs.is_empty() && path == ".";
            if writes && name != "creat" {
                (!is_of_output() && !is_unnamed).then_some("writes what nobody asked for")
            } else {
                let is_known = is_ours || OF_THE_SYSTEM.iter().any(|it| path.starts_with(it));
                (!is_known && !call.contains("ENOENT")).then_some("reads what nobody named")
            }
        }
        "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "chmod" | "fchmodat" | "truncate" | "linkat" => {
            (!is_of_output()).then_some("changes what nobody asked for")
        }
        "mkdir" | "mkdirat" | "rmdir" | "link" | "symlink" | "symlinkat" | "mknod" | "mknodat" | "chown"
        | "fchownat" | "utimensat" | "setxattr" | "mount" => Some("changes what nobody asked for"),
        _ => None,
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_run_that_is_killed_leaves_the_old_report_whole() {
    let folder = folder("killed");
    let arguments = ["check", ".", "--output", "sarif=out.sarif", "--write-baseline", "out.baseline"];
    for call in
        ["write:when=1", "write:when=2", "fsync:when=1", "linkat:when=1", "linkat:when=2", "rename,renameat,renameat2"]
    {
        fs::write(folder.join("out.sarif"), "old").unwrap();
        let (calls, when) = call.split_once(':').unwrap_or((call, "when=1"));
        let inject = format!("inject={calls}:signal=SIGKILL:{when}");
        let Some((output, _)) = traced(&folder, &["-e", &format!("trace={calls}"), "-e", &inject], &arguments) else {
            return;
        };
        assert!(output.status.code().is_none(), "{call}: {:?}", output.status);
        assert_eq!(fs::read_to_string(folder.join("out.sarif")).unwrap(), "old", "{call}");
        // A file that nobody has named yet is gone with the run; only between its two names is one left.
        let left = names_in(&folder).into_iter().filter(|it| it.contains(".tmp")).count();
        assert!(left <= usize::from(call.starts_with("rename")), "{call}: {:?}", names_in(&folder));
        // Whole or absent.
        let written = fs::read_to_string(folder.join("out.baseline"));
        assert!(written.is_err() || written.is_ok_and(|it| it.ends_with("}\n")), "{call}");
        let _ = fs::remove_file(folder.join("out.baseline"));
    }
    // What was left beside it does not stand in the way.
    let output = program(&folder, &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read_to_string(folder.join("out.sarif")).unwrap().ends_with("}\n"));
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iac-check"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

#[test]
fn a_full_disk_is_one_clear_line() {
    let folder = folder("full");
    assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
    for arguments in [
        &["check", ".", "--quiet", "--output", "sarif=/dev/full"][..],
        &["check", ".", "--quiet", "--output", "/dev/full"],
        &["check", ".", "--quiet", "--write-baseline", "/dev/full"],
    ] {
        let output = program(&folder, arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(
            told.lines().count() == 1 && told.contains("/dev/full") && told.contains("No space left"),
            "{arguments:?}: {told}"
        );
    }
    for question in QUESTIONS.iter().filter(|it| !it.iter().any(|it| it.contains("out."))) {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program(&folder, question).stdout(full).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{question:?}: {told}");
        assert!(
            told.lines().any(|it| it.starts_with("iac-check: ") && it.contains("No space left")),
            "{question:?}: {told}"
        );
        assert!(!told.contains("panicked"), "{question:?}: {told}");
    }
    // Who has closed standard error hears nothing, and the run ends as it would.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = program(&folder, &["check", ".", "--verbose"]).stdout(Stdio::null()).stderr(full).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_file_system_that_fills_up_keeps_the_old_report_and_nothing_else() {
    let folder = folder("filling");
    fs::create_dir(folder.join("small")).unwrap();
    let script = "mount -t tmpfs -o size=16k none small 2> /dev/null || exit 77; echo old > small/out.sarif; \
                  \"$0\" check . --quiet --output sarif=small/out.sarif > told 2>&1; echo \"status $?\"; cat told; ls -A small; cat small/out.sarif";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script, env!("CARGO_BIN_EXE_iac-check")]).current_dir(&folder);
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no unshare here");
        return;
    };
    if !output.status.success() {
        eprintln!("skipped: no file system may be mounted here");
        return;
    }
    let told = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = told.lines().collect();
    assert!(lines.len() == 4 && lines[0] == "status 2" && lines[2..] == ["out.sarif", "old"], "{told}");
    assert!(lines[1].contains("small/out.sarif") && lines[1].contains("No space left"), "{told}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder("closed");
    for question in QUESTIONS.iter().filter(|it| !it.iter().any(|it| it.contains("out."))) {
        let mut child = program(&folder, question).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            matches!(output.status.code(), Some(0 | 1)) && !told.contains("pipe"),
            "{question:?}: {:?} {told}",
            output.status
        );
    }
}
