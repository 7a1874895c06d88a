//! `.pre-commit-hooks.yaml`, tried by the real pre-commit in a repository of its own.
#![expect(clippy::disallowed_methods, reason = "tests make folders and copy files")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const OUTAGE: &str = "testdata/scenarios/story_1_before/plan.json";

#[test]
#[expect(clippy::print_stderr, reason = "who runs the tests is told what was not tried")]
fn the_hook_finds_an_outage_and_leaves_other_files_alone() {
    if let Some(why) = missing() {
        eprintln!("skipped: {why}");
        return;
    }
    let repository = repository();
    let plan = try_hook(&repository, "prod/plan.json");
    let shown = text(&plan);
    assert!(!plan.status.success(), "{shown}");
    assert!(shown.contains("lb_asymmetric_return"), "{shown}");
    assert!(shown.contains("exit code: 1"), "{shown}");
    let other = try_hook(&repository, "prod/planets.json");
    assert!(other.status.success() && text(&other).contains("no files to check"), "{}", text(&other));
}

/// What stands in the way of trying it here.
fn missing() -> Option<&'static str> {
    let works = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).current_dir(ROOT).output().is_ok_and(|it| it.status.success())
    };
    if !works("pre-commit", &["--version"]) {
        return Some("pre-commit is not on PATH");
    }
    if !works("git", &["ls-files", "--error-unmatch", ".pre-commit-hooks.yaml"]) {
        return Some("pre-commit clones a repository, and these files are in none");
    }
    None
}

/// A repository with the plan of an outage, and a file that is a plan neither by its name nor by its content.
fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hooks");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("prod")).unwrap();
    fs::copy(Path::new(ROOT).join(OUTAGE), root.join("prod/plan.json")).unwrap();
    fs::write(root.join("prod/planets.json"), "[\"earth\"]\n").unwrap();
    for arguments in [&["init", "--quiet"][..], &["add", "."]] {
        let made = Command::new("git").args(arguments).current_dir(&root).status();
        assert!(made.is_ok_and(|it| it.success()), "git {arguments:?}");
    }
    root
}

/// `pre-commit` clones and builds what is checked out here, changes to tracked files included, as it does for a user; but
/// a quick build is good enough.
fn try_hook(repository: &Path, file: &str) -> Output {
    let mut command = Command::new("pre-commit");
    command.args(["try-repo", ROOT, "iac-check", "--verbose", "--color", "never", "--files", file]);
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
    command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("quick"));
    command.current_dir(repository).output().expect("pre-commit runs")
}

fn text(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat()
}
