//! The workflow that makes a release, held by what can be held without a tag: its scripts are read by a shell and by
//! those who judge scripts, and those that need no other machine are run.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests stand in for the runner: its folders and its environment")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files fails")]
#![expect(clippy::print_stderr, reason = "who runs the tests is told what was not tried")]

use std::{
    collections::BTreeSet,
    env, fs,
    io::Write as _,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use yaml_serde::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_iac-check");
const TARGET: &str = "x86_64-unknown-linux-musl";

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn workflow(name: &str) -> Value {
    yaml_serde::from_str(&file(&format!(".github/workflows/{name}.yml"))).unwrap()
}

/// Every step of a workflow, with its job's name.
fn steps(workflow: &Value) -> Vec<(String, &Value)> {
    let jobs = workflow["jobs"].as_mapping().unwrap().iter();
    let of_job = |(name, job): (&Value, &'_ Value)| {
        let name = name.as_str().unwrap().to_owned();
        (name, job["steps"].as_sequence().unwrap().len())
    };
    let counts: Vec<(String, usize)> = jobs.map(|(name, job)| of_job((name, job))).collect();
    let all = counts.into_iter().flat_map(|(name, count)| (0..count).map(move |at| (name.clone(), at)));
    all.map(|(name, at)| (name.clone(), &workflow["jobs"][name.as_str()]["steps"][at])).collect()
}

/// The script of the step of `job` that holds `word`.
fn script(job: &str, word: &str) -> String {
    let workflow = workflow("release");
    let scripts = steps(&workflow).into_iter().filter(|(name, _)| name == job);
    let mut scripts = scripts.filter_map(|(_, step)| step["run"].as_str()).filter(|it| it.contains(word));
    scripts.next().unwrap_or_else(|| panic!("{job} has a step with {word}")).to_owned()
}

fn is_there(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !is_there {
        eprintln!("skipped: {program} is not on PATH");
    }
    is_there
}

/// What a program says of a text on its standard input.
fn judged(program: &str, arguments: &[&str], text: &str) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    process.wait_with_output().unwrap()
}

fn text(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat()
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("release").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a script as the runner's `shell: bash` does.
fn run(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(folder);
    command.env_clear().env("PATH", env::var_os("PATH").unwrap()).envs(variables.iter().copied());
    command.output().unwrap()
}

/// Every script of the workflows and of the action.
fn scripts() -> Vec<String> {
    let action: Value = yaml_serde::from_str(&file("action.yml")).unwrap();
    let of_action = action["runs"]["steps"].as_sequence().unwrap().iter().map(|it| it["run"].as_str());
    let mut scripts: Vec<String> = of_action.flatten().map(str::to_owned).collect();
    for name in ["ci", "release"] {
        let workflow = workflow(name);
        scripts.extend(steps(&workflow).iter().filter_map(|(_, step)| step["run"].as_str()).map(str::to_owned));
    }
    scripts
}

#[test]
fn every_script_is_one_for_the_shell_and_takes_no_expression() {
    for script in scripts() {
        assert!(!script.contains("${{"), "an expression in a script is a way in for its writer: {script}");
        let judged = judged("bash", &["-n"], &script);
        assert!(judged.status.success(), "{}{script}", text(&judged));
    }
}

#[test]
fn no_script_has_what_shellcheck_warns_of() {
    if !is_there("shellcheck") {
        return;
    }
    for script in scripts() {
        let whole = format!("#!/usr/bin/env bash\nset -eo pipefail\n{script}");
        let judged = judged("shellcheck", &["-"], &whole);
        assert!(judged.status.success(), "{}", text(&judged));
    }
}

#[test]
fn the_container_file_has_what_hadolint_wants() {
    if !is_there("hadolint") {
        return;
    }
    let judged = judged("hadolint", &["-"], &file(".github/Dockerfile"));
    assert!(judged.status.success(), "{}", text(&judged));
}

#[test]
fn the_workflows_are_ones_for_github() {
    if !is_there("check-jsonschema") {
        return;
    }
    for (schema, path) in [
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        ("vendor.github-workflows", ".github/workflows/release.yml"),
        ("vendor.github-actions", "action.yml"),
    ] {
        let output =
            Command::new("check-jsonschema").args(["--builtin-schema", schema, path]).current_dir(ROOT).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{path}: {}", text(&output));
    }
}

#[test]
fn jobs_are_short_allowed_little_and_wait_for_each_other() {
    for name in ["ci", "release"] {
        let workflow = workflow(name);
        assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"), "{name}");
        let jobs = workflow["jobs"].as_mapping().unwrap();
        let names: BTreeSet<&str> = jobs.keys().filter_map(Value::as_str).collect();
        for (job, it) in jobs {
            assert!(it["timeout-minutes"].as_u64().is_some_and(|minutes| minutes <= 60), "{job:?} ends");
            let several = it["needs"].as_sequence().into_iter().flatten();
            let needs: Vec<&str> = several.chain([&it["needs"]]).filter_map(Value::as_str).collect();
            assert!(needs.iter().all(|it| names.contains(it)), "{job:?} needs {needs:?}");
        }
        for (job, step) in steps(&workflow) {
            let uses = step["uses"].as_str().unwrap_or("./");
            assert!(uses == "./" || uses.contains('@'), "{job} uses {uses} at a version");
            if uses.starts_with("actions/checkout") {
                assert_eq!(step["with"]["persist-credentials"].as_bool(), Some(false), "{job}");
            }
        }
    }
}

#[test]
fn what_is_released_is_what_the_action_looks_for() {
    let workflow = workflow("release");
    let targets = |job: &str| -> BTreeSet<String> {
        let included = workflow["jobs"][job]["strategy"]["matrix"]["include"].as_sequence().unwrap();
        included.iter().map(|it| it["target"].as_str().unwrap().to_owned()).collect()
    };
    let action = file("action.yml");
    let looked_for: BTreeSet<String> = action
        .lines()
        .filter_map(|line| line.split_once(") target=")?.1.strip_suffix(" ;;"))
        .filter(|it| *it != "none")
        .map(str::to_owned)
        .collect();
    assert_eq!(looked_for, targets("program"));
    assert_eq!(looked_for, targets("wheel"));
}

#[test]
fn a_tag_that_says_another_version_releases_nothing() {
    let folder = folder("version");
    symlink(Path::new(ROOT).join("Cargo.toml"), folder.join("Cargo.toml")).unwrap();
    let script = script("version", "GITHUB_OUTPUT");
    let run = |tag: &str| {
        let output = folder.join("output");
        let variables =
            [("GITHUB_REF_TYPE", "tag"), ("GITHUB_REF_NAME", tag), ("GITHUB_OUTPUT", output.to_str().unwrap())];
        (run(&script, &folder, &variables), fs::read_to_string(&output).unwrap_or_default())
    };
    let version = env!("CARGO_PKG_VERSION");
    let (wrong, _) = run("v99.0.0");
    assert!(!wrong.status.success() && text(&wrong).contains("::error::the tag is v99.0.0"), "{}", text(&wrong));
    let (right, said) = run(&format!("v{version}"));
    assert!(right.status.success(), "{}", text(&right));
    assert_eq!(said, format!("version={version}\n"));
}

#[test]
fn what_is_packed_runs_and_its_checksum_is_the_one_that_the_action_compares() {
    let folder = folder("packed");
    let built = folder.join("target").join(TARGET).join("release");
    fs::create_dir_all(&built).unwrap();
    fs::copy(PROGRAM, built.join("iac-check")).unwrap();
    for name in ["LICENSE", "README.md", "testdata"] {
        symlink(Path::new(ROOT).join(name), folder.join(name)).unwrap();
    }
    let variables = [("VERSION", "1.2.3"), ("TARGET", TARGET), ("RUNNER_OS", "Linux")];
    for word in ["packed/completions", "mkdir tried"] {
        let done = run(&script("program", word), &folder, &variables);
        assert!(done.status.success(), "{word}: {}", text(&done));
    }
    let packed: BTreeSet<String> = walkdir::WalkDir::new(folder.join("tried"))
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(folder.join("tried")).unwrap().to_str().unwrap().to_owned())
        .collect();
    for name in ["iac-check", "iac-check.1", "LICENSE", "README.md", "completions/iac-check.bash"] {
        assert!(packed.contains(name), "{packed:?}");
    }
    assert!(fs::read_to_string(folder.join("tried/iac-check.1")).unwrap().contains(".SH \"TRACE\""));
    // What is published beside it, and how the action takes it in.
    let archive = format!("iac-check-1.2.3-{TARGET}.tar.gz");
    fs::create_dir(folder.join("files")).unwrap();
    fs::copy(folder.join(&archive), folder.join("files").join(&archive)).unwrap();
    fs::write(folder.join("files/iac_check-1.2.3-py3-none-any.whl"), "a wheel").unwrap();
    let published = run(&script("publish", "sha256sum"), &folder, &variables);
    assert!(published.status.success(), "{}", text(&published));
    let compare = format!("grep -F '  {archive}' SHA256SUMS | sha256sum --check --status -");
    assert!(run(&compare, &folder.join("files"), &[]).status.success(), "{}", text(&published));
}

#[test]
fn a_wheel_installs_the_program() {
    if !is_there("maturin") || !is_there("python3") {
        return;
    }
    let folder = folder("wheel");
    // As the workflow does, but quickly, and for this machine alone.
    let mut maturin = Command::new("maturin");
    maturin
        .args(["build", "--bindings", "bin", "--release", "--locked", "--compatibility", "linux", "--out"])
        .arg(&folder);
    maturin.args(["--target-dir"]).arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("quick"));
    maturin.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
    maturin.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16").env("CARGO_PROFILE_RELEASE_STRIP", "false");
    let built = maturin.current_dir(ROOT).output().unwrap();
    assert!(built.status.success(), "{}", text(&built));
    let made = Command::new("python3").args(["-m", "venv", "tried"]).current_dir(&folder).output().unwrap();
    assert!(made.status.success(), "{}", text(&made));
    let install = ["install", "--disable-pip-version-check", "--no-index", "--find-links", ".", "iac-check"];
    let installed = Command::new(folder.join("tried/bin/pip")).args(install).current_dir(&folder).output().unwrap();
    assert!(installed.status.success(), "{}", text(&installed));
    let plan = "testdata/scenarios/story_1_before/plan.json";
    let tried = Command::new(folder.join("tried/bin/iac-check")).arg(plan).current_dir(ROOT).output().unwrap();
    assert_eq!(tried.status.code(), Some(1), "{}", text(&tried));
    assert!(text(&tried).contains("lb_asymmetric_return"), "{}", text(&tried));
}
