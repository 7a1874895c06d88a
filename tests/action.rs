//! `action.yml`, run as GitHub runs it: each step in a shell, with the environment that a runner gives.
//!
//! The steps are read from the file; only the few `${{ … }}` expressions that it uses are worked out here.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests stand in for the runner: its folders and its environment")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files fails")]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use yaml_serde::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const OUTAGE: &str = "testdata/scenarios/story_1_before/plan.json";

#[test]
fn an_outage_is_annotated_and_fails_the_step() {
    let run = run("outage", &[("plan", "plan.json")]);
    assert_eq!(run.status, 1, "{}", run.output);
    let errors: Vec<_> = run.output.lines().filter(|line| line.starts_with("::error ")).collect();
    assert!(errors.iter().any(|line| line.contains("file=plan.json,line=")), "{}", run.output);
    assert!(errors.iter().any(|line| line.contains("lb_asymmetric_return")), "{}", run.output);
    assert!(run.summary.starts_with("### iac-check: 1 error"), "{}", run.summary);
    assert!(run.uploaded.is_empty(), "nothing is uploaded unless that is asked for");
}

#[test]
fn code_scanning_gets_the_findings_where_that_is_asked_for() {
    let inputs = [("paths", "plan.json"), ("upload-sarif", "true"), ("summary", "false"), ("reports", "html=a.html\n")];
    let run = run("upload", &inputs);
    assert_eq!((run.status, run.summary.as_str()), (1, ""), "{}", run.output);
    let sarif = fs::read_to_string(&run.uploaded[0]).unwrap();
    assert!(sarif.contains("\"ruleId\": \"lb_asymmetric_return\""), "{sarif}");
    assert!(run.workspace.join("a.html").exists());
}

#[test]
fn a_baseline_and_settings_count() {
    let run = run("settings", &[("paths", "plan.json"), ("config", "lenient.toml"), ("fail-on", "error")]);
    assert_eq!(run.status, 0, "{}", run.output);
    let run = self::run("baseline", &[("paths", "plan.json"), ("baseline", "no-such-file.json")]);
    assert_eq!(run.status, 2, "{}", run.output);
    assert!(run.output.contains("no-such-file.json: no such file"), "{}", run.output);
}

#[test]
fn a_release_is_run_only_if_its_checksum_is_right() {
    let wrong = run_with("checksum", &[("paths", "plan.json")], Release::Altered);
    assert_eq!(wrong.status, 2, "{}", wrong.output);
    assert!(wrong.output.contains("the checksum differs"), "{}", wrong.output);
    let none = run_with("no_release", &[("paths", "plan.json"), ("version", "9.9.9")], Release::Right);
    assert_eq!(none.status, 2, "{}", none.output);
    assert!(none.output.contains("there is no release 9.9.9"), "{}", none.output);
    let odd = run_with("odd_release", &[("paths", "plan.json"), ("version", "../../x")], Release::Right);
    assert_eq!(odd.status, 2, "{}", odd.output);
}

#[test]
fn where_there_is_no_release_the_source_is_built() {
    let run = run_with("source", &[("paths", "plan.json"), ("version", "source")], Release::Right);
    assert_eq!(run.status, 1, "{}", run.output);
    assert!(run.output.contains("lb_asymmetric_return"), "{}", run.output);
}

#[test]
fn inputs_reach_the_program() {
    let never = run("never", &[("paths", "plan.json"), ("fail-on", "never")]);
    assert_eq!(never.status, 0, "{}", never.output);
    assert!(never.output.contains("::error "), "{}", never.output);
    let skipped = run("other_rules", &[("paths", "\nplan.json\n"), ("only", "nat_loop, duplicate_route\nnat_loop")]);
    assert_eq!(skipped.status, 0, "{}", skipped.output);
    let json = run("json", &[("paths", "plan.json"), ("format", "json"), ("args", "--possible")]);
    assert!(json.output.contains("\"schema_version\""), "{}", json.output);
}

#[test]
fn what_an_input_says_is_never_run() {
    let hostile = "$(touch pwned)`touch pwned`\"; touch pwned; \"'\n*\n--format=json";
    for input in [
        "paths", "plan", "format", "reports", "fail-on", "severity", "only", "skip", "baseline", "config", "args",
        "version",
    ] {
        let run = run("hostile", &[("paths", "plan.json"), (input, hostile)]);
        assert_ne!(run.status, 0, "{input}: {}", run.output);
        assert!(!run.workspace.join("pwned").exists(), "{input} was run");
    }
}

#[test]
fn every_input_is_described_and_used() {
    let action = action();
    let text = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        assert!(
            input["description"].is_string() && input["default"].is_string(),
            "{name}: a description and a default"
        );
        let is_used =
            text.contains(&format!("${{{{ inputs.{name} }}}}")) || text.contains(&format!("if: inputs.{name} =="));
        assert!(is_used, "{name} is used");
    }
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        let script = step["run"].as_str().unwrap_or_default();
        assert!(!script.contains("${{"), "an expression in a script is a way in for its writer");
    }
}

/// The release that the action finds: this very program, packed.
#[derive(Clone, Copy, PartialEq)]
enum Release {
    Right,
    /// It is not what its checksum says.
    Altered,
}

struct Run {
    status: i32,
    output: String,
    summary: String,
    /// The files that code scanning got.
    uploaded: Vec<String>,
    workspace: PathBuf,
}

fn run(name: &str, inputs: &[(&str, &str)]) -> Run {
    run_with(name, inputs, Release::Right)
}

/// Runs the action's steps in a workspace that holds the plan of an outage, until one fails.
fn run_with(name: &str, inputs: &[(&str, &str)], release: Release) -> Run {
    let runner = Path::new(env!("CARGO_TARGET_TMPDIR")).join("action").join(name);
    let _ = fs::remove_dir_all(&runner);
    let workspace = runner.join("workspace");
    fs::create_dir_all(&workspace).unwrap();
    fs::copy(Path::new(ROOT).join(OUTAGE), workspace.join("plan.json")).unwrap();
    fs::copy(Path::new(ROOT).join("testdata/lenient.toml"), workspace.join("lenient.toml")).unwrap();
    publish(&runner, release);
    let action = action();
    let mut known = BTreeMap::new();
    for (input, declared) in action["inputs"].as_mapping().unwrap() {
        known.insert(format!("inputs.{}", input.as_str().unwrap()), declared["default"].as_str().unwrap().to_owned());
    }
    for (input, value) in inputs {
        let given = known.insert(format!("inputs.{input}"), (*value).to_owned());
        assert!(given.is_some(), "the action has no input {input}");
    }
    known.insert("github.action_ref".to_owned(), concat!("v", env!("CARGO_PKG_VERSION")).to_owned());
    known.insert("github.action_repository".to_owned(), "iac-check/iac-check".to_owned());
    let (mut status, mut output, mut uploaded) = (0, String::new(), Vec::new());
    for (at, step) in action["runs"]["steps"].as_sequence().unwrap().iter().enumerate() {
        if !step["if"].as_str().is_none_or(|condition| holds(condition, &known)) {
            continue;
        }
        if step["uses"].is_string() {
            uploaded.push(evaluate(step["with"]["sarif_file"].as_str().unwrap(), &known));
            continue;
        }
        let said = runner.join(format!("output-{at}"));
        fs::write(&said, "").unwrap();
        let result = run_step(step, &known, &workspace, &runner, &said);
        output += &String::from_utf8_lossy(&result.stdout);
        output += &String::from_utf8_lossy(&result.stderr);
        if !result.status.success() {
            status = result.status.code().unwrap();
            break;
        }
        let id = step["id"].as_str().unwrap_or_default();
        let said = fs::read_to_string(&said).unwrap();
        for (key, value) in said.lines().filter_map(|line| line.split_once('=')) {
            known.insert(format!("steps.{id}.outputs.{key}"), value.to_owned());
        }
    }
    let summary = fs::read_to_string(runner.join("summary.md")).unwrap_or_default();
    Run { status, output, summary, uploaded, workspace }
}

/// Lays a release out where the runner's server would have it.
fn publish(runner: &Path, release: Release) {
    let version = env!("CARGO_PKG_VERSION");
    let folder = runner.join("server/iac-check/iac-check/releases/download").join(format!("v{version}"));
    fs::create_dir_all(&folder).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_iac-check"));
    let archive = format!("iac-check-{version}-x86_64-unknown-linux-musl.tar.gz");
    let script = format!(
        "tar -czf '{archive}' -C '{}' iac-check && sha256sum '{archive}' >SHA256SUMS",
        program.parent().unwrap().display()
    );
    assert!(Command::new("bash").args(["-c", &script]).current_dir(&folder).status().unwrap().success());
    if release == Release::Altered {
        fs::write(folder.join(archive), "something else").unwrap();
    }
}

/// Whether a step's condition holds: comparisons, joined by `&&`.
fn holds(condition: &str, known: &BTreeMap<String, String>) -> bool {
    let value = |name: &str| known.get(name.trim()).cloned().unwrap_or_default();
    let text = |quoted: &str| quoted.trim().trim_matches('\'').to_owned();
    condition.split("&&").all(|part| match (part.split_once("=="), part.split_once("!=")) {
        (Some((name, other)), _) => value(name) == text(other),
        (None, Some((name, other))) => value(name) != text(other),
        (None, None) => panic!("this test does not know the condition {part}"),
    })
}

/// One step, in the shell and with the options that GitHub's documentation gives for `shell: bash`.
fn run_step(step: &Value, known: &BTreeMap<String, String>, workspace: &Path, runner: &Path, said: &Path) -> Output {
    for key in step.as_mapping().unwrap().keys() {
        let key = key.as_str().unwrap();
        assert!(["name", "id", "if", "shell", "env", "run"].contains(&key), "this test knows no steps with `{key}`");
    }
    assert_eq!(step["shell"].as_str(), Some("bash"));
    let script = runner.join("script.sh");
    fs::write(&script, evaluate(step["run"].as_str().unwrap(), known)).unwrap();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(&script).current_dir(workspace).env_clear();
    let kept = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"];
    command.envs(env::vars_os().filter(|(name, _)| kept.iter().any(|it| name == it)));
    // A quick build is good enough, out of the way of a good one.
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("quick"));
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
    command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CI", "true").env("GITHUB_ACTIONS", "true");
    command.env("GITHUB_ACTION_PATH", ROOT).env("GITHUB_WORKSPACE", workspace);
    command.env("GITHUB_OUTPUT", said).env("GITHUB_STEP_SUMMARY", runner.join("summary.md"));
    command.env("RUNNER_TEMP", runner).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
    command.env("GITHUB_SERVER_URL", format!("file://{}/server", runner.display()));
    for (name, value) in step["env"].as_mapping().into_iter().flatten() {
        command.env(name.as_str().unwrap(), evaluate(value.as_str().unwrap(), known));
    }
    command.output().expect("bash runs")
}

fn evaluate(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut parts = text.split("${{");
    let mut evaluated = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once("}}").expect("an expression ends");
        let value = known.get(expression.trim());
        evaluated += value.unwrap_or_else(|| panic!("this test does not know {}", expression.trim()));
        evaluated += rest;
    }
    evaluated
}

fn action() -> Value {
    let text = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    yaml_serde::from_str(&text).expect("action.yml is YAML")
}
