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
    let run = run("outage", &[("paths", "plan.json")]);
    assert_eq!(run.status, 1, "{}", run.output);
    let errors: Vec<_> = run.output.lines().filter(|line| line.starts_with("::error ")).collect();
    assert!(errors.iter().any(|line| line.contains("file=plan.json,line=")), "{}", run.output);
    assert!(errors.iter().any(|line| line.contains("lb_asymmetric_return")), "{}", run.output);
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
    for input in ["paths", "format", "fail-on", "severity", "only", "skip", "args"] {
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
        assert!(text.contains(&format!("${{{{ inputs.{name} }}}}")), "{name} is used");
    }
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "an expression in a script is a way in for its writer");
    }
}

struct Run {
    status: i32,
    output: String,
    workspace: PathBuf,
}

/// Runs the action's steps in a workspace that holds the plan of an outage, until one fails.
fn run(name: &str, inputs: &[(&str, &str)]) -> Run {
    let runner = Path::new(env!("CARGO_TARGET_TMPDIR")).join("action").join(name);
    let workspace = runner.join("workspace");
    fs::create_dir_all(&workspace).unwrap();
    fs::copy(Path::new(ROOT).join(OUTAGE), workspace.join("plan.json")).unwrap();
    let action = action();
    let mut known = BTreeMap::new();
    for (input, declared) in action["inputs"].as_mapping().unwrap() {
        known.insert(format!("inputs.{}", input.as_str().unwrap()), declared["default"].as_str().unwrap().to_owned());
    }
    for (input, value) in inputs {
        let given = known.insert(format!("inputs.{input}"), (*value).to_owned());
        assert!(given.is_some(), "the action has no input {input}");
    }
    known.insert("github.action_path".to_owned(), ROOT.to_owned());
    known.insert("github.workspace".to_owned(), workspace.display().to_string());
    let mut output = String::new();
    for (at, step) in action["runs"]["steps"].as_sequence().unwrap().iter().enumerate() {
        let said = runner.join(format!("output-{at}"));
        fs::write(&said, "").unwrap();
        let result = run_step(step, &known, &workspace, &runner, &said);
        output += &String::from_utf8_lossy(&result.stdout);
        output += &String::from_utf8_lossy(&result.stderr);
        if !result.status.success() {
            return Run { status: result.status.code().unwrap(), output, workspace };
        }
        let id = step["id"].as_str().unwrap_or_default();
        let said = fs::read_to_string(&said).unwrap();
        for (key, value) in said.lines().filter_map(|line| line.split_once('=')) {
            known.insert(format!("steps.{id}.outputs.{key}"), value.to_owned());
        }
    }
    Run { status: 0, output, workspace }
}

/// One step, in the shell and with the options that GitHub's documentation gives for `shell: bash`.
fn run_step(step: &Value, known: &BTreeMap<String, String>, workspace: &Path, runner: &Path, said: &Path) -> Output {
    for key in step.as_mapping().unwrap().keys() {
        let key = key.as_str().unwrap();
        assert!(["name", "id", "shell", "env", "run"].contains(&key), "this test knows no steps with `{key}`");
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
    command.env("RUNNER_TEMP", runner);
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
