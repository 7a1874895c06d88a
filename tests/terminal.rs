//! What a person sees in a terminal, through a real one (`script` of util-linux makes it), and what a pipe gets instead.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests make folders and copy files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "who runs the tests is told what was not tried")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_iac-check");
const OUTAGE: &str = "testdata/scenarios/story_1_before";

/// How a terminal is told to take away a line: what progress leaves behind.
const CLEAR: &str = "\r\u{1b}[2K";

/// What appears in a terminal of so many columns; `None` where none can be made.
fn seen(columns: u32, variables: &[(&str, &str)], arguments: &str) -> Option<String> {
    if !Command::new("script").arg("--version").output().is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: there is no `script` on PATH to make a terminal");
        return None;
    }
    let command = format!("stty cols {columns} rows 40; exec '{PROGRAM}' {arguments}");
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &command, "/dev/null"]).env_clear();
    script.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TERM", "xterm-256color");
    script.envs(variables.iter().copied()).current_dir(env!("CARGO_MANIFEST_DIR"));
    Some(String::from_utf8(script.output().unwrap().stdout).unwrap().replace("\r\n", "\n"))
}

/// A text without what a terminal does not show.
fn plain(text: &str) -> String {
    let mut shown = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            shown.push(character);
        } else if characters.next() == Some(']') {
            // A link's target, to its end.
            characters.by_ref().find(|it| *it == '\\');
        } else {
            characters.by_ref().find(char::is_ascii_alphabetic);
        }
    }
    shown
}

/// A folder of so many root modules.
fn roots(name: &str, count: usize) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("terminal").join(name);
    let _ = fs::remove_dir_all(&folder);
    for at in 0..count {
        let root = folder.join(format!("root-{at}"));
        fs::create_dir_all(&root).unwrap();
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(OUTAGE).join("main.tf"), root.join("main.tf")).unwrap();
    }
    folder
}

/// What a pipe gets: standard output, and standard error.
fn piped(arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(PROGRAM);
    let output = command.args(arguments).env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_terminal_shows_what_a_pipe_gets_in_colour() {
    let Some(shown) = seen(120, &[], &format!("{OUTAGE}/plan.json")) else { return };
    let (stdout, stderr) = piped(&[&format!("{OUTAGE}/plan.json")]);
    assert!(shown.contains("\u{1b}[0m\u{1b}[1m\u{1b}[38;5;9merror[lb_asymmetric_return]"), "{shown:?}");
    assert_eq!(plain(&shown), stdout.clone() + &stderr);
    assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'));
}

#[test]
fn colours_are_left_out_where_somebody_says_so() {
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let Some(shown) = seen(120, &[variable], &format!("{OUTAGE}/plan.json")) else { return };
        assert!(!shown.contains('\u{1b}'), "{variable:?}: {shown:?}");
    }
    let Some(shown) = seen(120, &[("NO_COLOR", "1")], &format!("{OUTAGE}/plan.json --color always")) else { return };
    assert!(shown.contains("\u{1b}[38;5;9merror"), "{shown:?}");
}

#[test]
fn a_rules_name_is_a_link_where_the_terminal_shows_links() {
    let Some(shown) = seen(120, &[("TERM_PROGRAM", "WezTerm")], &format!("{OUTAGE}/plan.json")) else { return };
    assert!(
        shown.contains("/rules/lb_asymmetric_return.md\u{1b}\\lb_asymmetric_return\u{1b}]8;;\u{1b}\\"),
        "{shown:?}"
    );
    let without = seen(120, &[], &format!("{OUTAGE}/plan.json")).unwrap();
    assert!(!without.contains("\u{1b}]8;"), "nobody knows that this terminal shows them: {without:?}");
    assert_eq!(plain(&shown), plain(&without));
}

#[test]
fn a_narrow_terminal_gets_narrow_prose_and_rows() {
    let Some(narrow) = seen(60, &[("NO_COLOR", "1")], &format!("{OUTAGE}/plan.json --only lb_asymmetric_return"))
    else {
        return;
    };
    let help: Vec<&str> = narrow.lines().skip_while(|line| !line.contains("= help:")).collect();
    let help: Vec<&str> = help.into_iter().take_while(|line| !line.is_empty()).collect();
    assert!(3 < help.len(), "it is broken into lines: {narrow}");
    assert!(help.iter().all(|line| line.chars().count() <= 60), "{narrow}");
    let wide = seen(200, &[("NO_COLOR", "1")], &format!("{OUTAGE}/plan.json --only lb_asymmetric_return")).unwrap();
    let (stdout, stderr) = piped(&[&format!("{OUTAGE}/plan.json"), "--only", "lb_asymmetric_return"]);
    assert_eq!(wide, stdout + &stderr, "beyond what the eye follows a line grows no longer");
}

#[test]
fn long_work_is_watched_and_leaves_nothing_behind() {
    let folder = roots("watched", 600);
    let folder = folder.to_str().unwrap();
    // One after the other: what is done before anybody would look is not told.
    let Some(shown) = seen(100, &[], &format!("{folder} --only nat_loop --jobs 1")) else { return };
    assert!(shown.contains(&format!("{CLEAR}reading ")) || shown.contains(&format!("{CLEAR}checking [")), "{shown:?}");
    let (last, _) = shown.rsplit_once(CLEAR).map(|(before, after)| (after, before)).unwrap();
    assert_eq!(last, "no findings in 600 projects (12,000 resources)\n", "{shown:?}");
    let some = roots("unwatched", 80);
    let some = some.to_str().unwrap();
    for (variables, option) in [(&[("CI", "true")][..], ""), (&[("TERM", "dumb")], ""), (&[], " --quiet")] {
        let shown = seen(100, variables, &format!("{some} --only nat_loop{option}")).unwrap();
        assert!(!shown.contains("reading") && !shown.contains("checking"), "{variables:?}{option}: {shown:?}");
    }
    let (stdout, stderr) = piped(&[folder, "--only", "nat_loop"]);
    assert_eq!((stdout.as_str(), stderr.as_str()), ("", "no findings in 600 projects (12,000 resources)\n"));
}

#[test]
fn a_folder_of_plans_code_and_templates_is_checked_as_what_each_is() {
    let folder = roots("mixed", 2);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(OUTAGE);
    fs::create_dir_all(folder.join("plans")).unwrap();
    fs::copy(from.join("plan.json"), folder.join("plans/prod.json")).unwrap();
    fs::copy(from.join("plan.json"), folder.join("root-1/plan.json")).unwrap();
    fs::copy(from.join("template.yaml"), folder.join("template.yaml")).unwrap();
    fs::write(folder.join("values.yaml"), "replicas: 2\n").unwrap();
    fs::write(folder.join("package.json"), "{}\n").unwrap();
    let (stdout, stderr) = piped(&[folder.to_str().unwrap(), "--only", "lb_asymmetric_return", "--format", "github"]);
    let files: Vec<&str> = stdout
        .lines()
        .filter_map(|line| line.strip_prefix("::error file=")?.split_once(','))
        .map(|(file, _)| file.split_once("/mixed").unwrap().1)
        .collect();
    // The plan beside its code is one with it; the code alone, the plan alone and the template stand for themselves.
    let expected = ["/plans/prod.json", "/root-0/main.tf", "/root-1/main.tf", "/template.yaml"];
    let mut sorted = files.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected, "{stdout}{stderr}");
    assert!(stderr.contains("in 4 projects"), "{stderr}");
}
