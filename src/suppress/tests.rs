//! Allowances in code and templates, and those that allow nothing.

use super::*;
use crate::rules::RULES;

/// The lines that each allowance of a file reaches, and what is wrong with those that say it wrongly.
fn reaches(path: &str, text: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    sources.add(path, text).unwrap();
    let allowances = Allowances::of(&sources);
    let mut all: Vec<_> = allowances.by_path.values().flat_map(|it| &it.all).collect();
    all.sort_by_key(|it| it.span);
    let shown = all.into_iter().map(|it| match &it.said {
        Ok(said) if *it.lines.end() == u32::MAX => format!("all {} {}", said.rules.join("+"), said.because),
        Ok(said) => format!("{}-{} {} {}", it.lines.start(), it.lines.end(), said.rules.join("+"), said.because),
        Err(why) => why.clone(),
    });
    shown.collect()
}

#[test]
fn an_allowance_reaches_what_it_stands_at() {
    let code = "\
resource \"aws_vpc\" \"a\" {
  # iac-check: allow(nat_loop) because first in the block
  a = 1
  // iac-check: allow(nat_loop, duplicate_route) because of the line below
  // and another comment

  b = 2
  c = 3 # iac-check: allow(nat_loop) because of this line
}
/* iac-check: allow(nat_loop) because of the block below */
resource \"aws_vpc\" \"b\" { # iac-check: allow(nat_loop) because in the block
}
# not for us: iac-check: allow(nat_loop) because x
";
    assert_eq!(
        reaches("main.tf", code),
        [
            "1-9 nat_loop first in the block",
            "7-7 nat_loop+duplicate_route of the line below",
            "8-8 nat_loop of this line",
            "11-12 nat_loop of the block below",
            "11-12 nat_loop in the block",
        ]
    );
}

#[test]
fn a_whole_file_is_allowed_at_its_top() {
    let good = "# iac-check: allow-file(nat_loop) because of it\nlocals {}\n";
    assert_eq!(reaches("main.tf", good), ["all nat_loop of it"]);
    let late = "locals {}\n# iac-check: allow-file(nat_loop) because of it\n";
    assert_eq!(reaches("main.tf", late), ["`allow-file` stands before everything else in its file"]);
}

#[test]
fn what_is_wrong_with_an_allowance_is_said() {
    let code = "# iac-check: allow(nat_loop)\n# iac-check: allow(nat_lop) because x\n# iac-check: alow(nat_loop) because x\n\
                # iac-check: allow() because x\n# iac-check: allow(nat_loop) because\n";
    assert_eq!(
        reaches("main.tf", code),
        [
            "it gives no reason; write `because …` after it",
            "there is no rule `nat_lop`",
            "it says neither `allow(RULE)` nor `allow-file(RULE)`",
            "it names no rule",
            "it gives no reason; write `because …` after it",
        ]
    );
}

#[test]
fn templates_say_it_in_comments_and_in_metadata() {
    let template = "\
AWSTemplateFormatVersion: 2010-09-09
Metadata:
  iac-check:
    allow:
      - rule: nat_loop
        because: the whole template
Resources:
  # iac-check: allow(duplicate_route) because of what is below
  A:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16 # iac-check: allow(nat_loop) because of this line
  B:
    Type: AWS::EC2::VPC
    Metadata:
      iac-check:
        allow:
          - rule: blackhole_route
            because: of this resource
          - rule: blackhole_route
";
    assert_eq!(
        reaches("stack.yaml", template),
        [
            "all nat_loop the whole template",
            "9-12 duplicate_route of what is below",
            "12-12 nat_loop of this line",
            "13-20 blackhole_route of this resource",
            "it gives no reason; write `because …` after it",
        ]
    );
    let json = r#"{"Resources": {"A": {"Type": "AWS::EC2::VPC",
  "Metadata": {"iac-check": {"allow": [{"rule": "nat_loop", "because": "so"}]}}}}}"#;
    assert_eq!(reaches("stack.json", json), ["1-2 nat_loop so"]);
}

#[test]
fn an_allowance_that_allows_nothing_is_told_once_nothing_is_open() {
    let mut sources = SourceMap::default();
    let text = "# iac-check: allow(nat_loop) because a\na\n# iac-check: allow(blackhole_route) because b\nb\n";
    let text = text.replace("\na\n", "\nlocals {}\n").replace("\nb\n", "\nlocals {}\n");
    let source = sources.add("main.tf", text.as_str()).unwrap();
    let allowances = Allowances::of(&sources);
    let at = text.find("locals").unwrap();
    let mut finding = note(source.span(at..at + 6), String::new());
    finding.rule = "nat_loop";
    assert_eq!(allowances.reason(&sources, &finding), Some("a"));
    finding.rule = "duplicate_route";
    assert_eq!(allowances.reason(&sources, &finding), None);
    finding.rule = "nat_loop";
    let asked: Vec<_> = RULES.iter().collect();
    let unused = |asked: &[&'static rules::Rule], open: &[RuleName]| {
        let open = open.iter().copied().collect();
        let notes = allowances.unused(&sources, [&finding], asked, &open);
        notes.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(unused(&asked, &[]), ["nothing here is found by `blackhole_route`"]);
    assert!(unused(&asked, &["blackhole_route"]).is_empty(), "it may yet be found");
    let others: Vec<_> = RULES.iter().filter(|rule| rule.name != "blackhole_route").collect();
    assert!(unused(&others, &[]).is_empty(), "it was not asked");
}

#[test]
fn no_text_makes_it_panic() {
    for text in
        ["# iac-check:", "/* iac-check: allow(nat_loop) because é", "a # iac-check: allow(é)\n\n", "{ # iac-check"]
    {
        for path in ["main.tf", "stack.yaml", "stack.json", "x.tofu"] {
            reaches(path, text);
            reaches(path, &format!("Resources:\n  A:\n    Type: AWS::EC2::VPC\n{text}\n"));
        }
    }
}
