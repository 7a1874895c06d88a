//! `.pre-commit-hooks.yaml`, tried by the real pre-commit in a repository of its own.
#![expect(clippy::disallowed_methods, reason = "tests make folders and copy files")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files fails")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const OUTAGE: &str = "testdata/scenarios/story_1_before/plan.json";

#[test]
#[expect(clippy::print_stderr, reason = "who runs the tests is told what was not tried")]
fn each_hook_finds_an_outage_in_its_files_and_leaves_others_alone() {
    if let Some(why) = missing() {
        eprintln!("skipped: {why}");
        return;
    }
    let repository = repository();
    let plan = try_hooks(&repository, &["prod/plan.json"]);
    let shown = text(&plan);
    assert!(!plan.status.success(), "{shown}");
    let sections = sections(&shown);
    assert!(sections["iac-check"].contains("lb_asymmetric_return"), "{shown}");
    assert!(sections["iac-check"].contains("exit code: 1"), "{shown}");
    assert!(sections["iac-check-terraform"].contains("no files to check"), "{shown}");
    // The module of one root is changed: that root is checked, and the other, as bad as it is, is not.
    let code = try_hooks(&repository, &["modules/net/main.tf", "prod/planets.json", "pod.yaml"]);
    let shown = text(&code);
    assert!(!code.status.success(), "{shown}");
    let sections = self::sections(&shown);
    assert!(sections["iac-check"].contains("no files to check"), "{shown}");
    assert!(sections["iac-check-terraform"].contains("error[nat_loop]"), "{shown}");
    assert!(sections["iac-check-terraform"].contains("1 error in 1 project"), "{shown}");
    assert!(sections["iac-check-cloudformation"].contains("no findings in 0 projects"), "{shown}");
}

/// What each hook says, by its id.
fn sections(shown: &str) -> BTreeMap<String, String> {
    let mut sections = BTreeMap::new();
    for id in ["iac-check", "iac-check-terraform", "iac-check-cloudformation"] {
        let start = shown.find(&format!("- hook id: {id}\n")).unwrap_or_else(|| panic!("{id} ran: {shown}"));
        // The line before says what became of it.
        let start = shown[..start - 1].rfind('\n').map_or(0, |at| at + 1);
        let length = shown[start..].match_indices("- hook id: ").nth(1).map(|(at, _)| at);
        sections.insert(id.to_owned(), shown[start..length.map_or(shown.len(), |at| start + at)].to_owned());
    }
    sections
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

/// A NAT gateway in its own way.
const LOOP: &str = r#"
resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "this" { vpc_id = aws_vpc.this.id }
resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_eip" "this" {}
resource "aws_nat_gateway" "this" {
  subnet_id     = aws_subnet.this.id
  allocation_id = aws_eip.this.id
}
resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.this.id
  }
}
resource "aws_route_table_association" "this" {
  subnet_id      = aws_subnet.this.id
  route_table_id = aws_route_table.this.id
}
"#;

/// A repository with the plan of an outage, a file that is a plan neither by its name nor by its content, two roots with
/// something wrong in each, and YAML that is no template.
fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hooks");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("prod")).unwrap();
    fs::copy(Path::new(ROOT).join(OUTAGE), root.join("prod/plan.json")).unwrap();
    fs::write(root.join("prod/planets.json"), "[\"earth\"]\n").unwrap();
    fs::write(root.join("pod.yaml"), "kind: Pod\n").unwrap();
    for folder in ["modules/net", "app", "other"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(root.join("modules/net/main.tf"), LOOP).unwrap();
    fs::write(root.join("other/main.tf"), LOOP).unwrap();
    fs::write(root.join("app/main.tf"), "module \"net\" {\n  source = \"../modules/net\"\n}\n").unwrap();
    for arguments in [&["init", "--quiet"][..], &["add", "."]] {
        let made = Command::new("git").args(arguments).current_dir(&root).status();
        assert!(made.is_ok_and(|it| it.success()), "git {arguments:?}");
    }
    root
}

/// `pre-commit` clones and builds what is checked out here, changes to tracked files included, as it does for a user; but
/// a quick build is good enough.
fn try_hooks(repository: &Path, files: &[&str]) -> Output {
    let mut command = Command::new("pre-commit");
    command.args(["try-repo", ROOT, "--verbose", "--color", "never", "--files"]).args(files);
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
    command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("quick"));
    command.current_dir(repository).output().expect("pre-commit runs")
}

fn text(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat()
}
