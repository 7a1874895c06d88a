//! What is given from outside: order, types, what is refused, and that no secret is told.

use super::{Evaluated, evaluate_files, shown};
use crate::{
    finding::Certainty,
    terraform::{Assignment, Giver, Inputs},
};

const MAIN: &str = r#"
variable "text" {
  default = "default"
}
variable "list" {
  type    = list(string)
  default = []
}
variable "object" {
  type    = object({ x = string, y = optional(number, 3), z = optional(object({ q = optional(string, "Q") }), {}) })
  default = { x = "dx" }
}
variable "any" {
  type    = any
  default = null
}
variable "kept" {
  type     = string
  default  = "kept"
  nullable = false
}
resource "x" "x" {
  text   = var.text
  list   = var.list
  object = var.object
  any    = var.any
  kept   = var.kept
}
"#;

fn value(name: &str, value: &str) -> Assignment {
    Assignment::Value { name: name.to_owned(), value: value.to_owned() }
}

fn file(name: &str) -> Assignment {
    Assignment::File(name.to_owned())
}

fn given(files: &[(&str, &str)], assignments: Vec<Assignment>) -> Evaluated {
    let files: Vec<_> = [("main.tf", MAIN)].iter().chain(files).copied().collect();
    let environment = vec![("text".to_owned(), "environment".to_owned())];
    evaluate_files(&files, &Inputs { assignments, environment, ..Inputs::default() })
}

fn argument(it: &Evaluated, name: &str) -> String {
    it.at("x.x", name)
}

/// Each is what `terraform plan` of 1.11 takes.
#[test]
fn the_last_of_all_sources_wins() {
    let files = [
        ("terraform.tfvars", "text = \"plain\""),
        ("terraform.tfvars.json", "{\"text\": \"plain json\"}"),
        ("a.auto.tfvars", "text = \"a\""),
        ("a.auto.tfvars.json", "{\"text\": \"a json\"}"),
        ("one.tfvars", "text = \"one\""),
    ];
    let text = |files: &[(&str, &str)], assignments| argument(&given(files, assignments), "text");
    assert_eq!(text(&[], vec![]), "\"environment\"");
    assert_eq!(text(&files[..1], vec![]), "\"plain\"");
    assert_eq!(text(&files[..2], vec![]), "\"plain json\"");
    assert_eq!(text(&files[..3], vec![]), "\"a\"");
    assert_eq!(text(&files[..4], vec![]), "\"a json\"");
    assert_eq!(text(&files, vec![value("text", "v"), file("one.tfvars")]), "\"one\"");
    assert_eq!(text(&files, vec![file("one.tfvars"), value("text", "v")]), "\"v\"");
}

#[test]
fn values_take_the_type_of_their_variable() {
    let assignments =
        vec![value("text", "[1,2]"), value("list", "[\"a\", 1]\n"), value("object", "{x = 1}"), value("any", "[1, 2]")];
    let it = given(&[], assignments);
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(
        shown(it.body("x.x")),
        r#"{any:[1,2],kept:"kept",list:["a","1"],object:{x:"1",y:3,z:{q:"Q"}},text:"[1,2]"}"#
    );
    let it = given(&[("one.tfvars", "kept = null\ntext = null")], vec![file("one.tfvars")]);
    assert_eq!(argument(&it, "kept"), "\"kept\"");
}

#[test]
fn what_is_no_constant_is_refused() {
    const NOTHING: &str = "a value given from outside names nothing and calls no function; text stands in quotes";
    let said = |files: &[(&str, &str)], assignments| given(files, assignments).findings();
    assert_eq!(said(&[], vec![value("list", "hunter2")]), [NOTHING]);
    assert_eq!(said(&[], vec![value("any", "[var.text]")]), [NOTHING]);
    assert_eq!(said(&[("terraform.tfvars", "text = upper(\"a\")")], vec![]), [NOTHING]);
    assert_eq!(
        said(&[], vec![value("list", "[")]),
        ["the value that `--var list` gives is no expression, which this variable's type asks for"]
    );
    assert_eq!(
        said(&[], vec![value("object", "{y = 1}")]),
        ["the value of the variable `object` does not fit: attribute \"x\" is required"]
    );
    assert_eq!(
        said(&[("terraform.tfvars", "resource \"x\" \"y\" {}")], vec![]),
        ["a file of values has no blocks: each variable is given as `name = value`"]
    );
}

#[test]
fn what_no_variable_takes_is_known() {
    let files = [("terraform.tfvars", "a = 1"), ("one.tfvars", "b = 1\ntext = \"\"")];
    let it = given(&files, vec![file("one.tfvars"), value("c", "1"), value("text", "1")]);
    let undeclared: Vec<_> = it.loaded.undeclared.iter().map(|it| (it.name.as_str(), it.by.clone())).collect();
    let found = Giver::FoundFile("terraform.tfvars".to_owned());
    let named = Giver::NamedFile("one.tfvars".to_owned());
    assert_eq!(undeclared, [("a", found), ("b", named), ("c", Giver::CommandLine)]);
    assert_eq!(it.findings(), Vec::<String>::new());
}

#[test]
fn what_rests_on_a_guess_is_not_certain() {
    let certainties = |variables: &str, expression: &str| {
        let main =
            format!("{variables}\nlocals {{\n  it = {expression}\n}}\nresource \"x\" \"x\" {{\n  it = local.it\n}}\n");
        let it = evaluate_files(&[("main.tf", main.as_str())], &Inputs::default());
        it.loaded.findings.iter().map(|it| it.certainty).collect::<Vec<_>>()
    };
    let (with_default, without) = ("variable \"d\" {\n  default = null\n}\n", "variable \"r\" {}\n");
    // Terraform fails so, whatever is given to `r`.
    assert_eq!(certainties(without, "{a = 1}.b"), [Certainty::Certain]);
    assert_eq!(certainties(with_default, "var.d.b"), [Certainty::Certain]);
    // Who gives `r` may give `d`.
    assert_eq!(certainties(&format!("{with_default}{without}"), "var.d.b"), [Certainty::Possible]);
    assert_eq!(certainties("", "{production = 1}[terraform.workspace]"), [Certainty::Possible]);
    assert_eq!(certainties("", "file(\"built.zip\")"), [Certainty::Possible]);
    assert_eq!(certainties("", "filesha256(\"~/.ssh/key.pub\")"), []);
    assert_eq!(certainties("", "1 + \"x\""), [Certainty::Certain]);
}

#[test]
fn what_is_secret_is_not_told() {
    let main = r#"
variable "secret" {
  type      = any
  sensitive = true
  default   = "hunter2"
}
resource "aws_db_instance" "x" {
  password = "hunter2"
  name     = "plain"
}
resource "aws_ssm_parameter" "x" {
  value = "hunter2"
  other {
    token = ["hunter2"]
  }
}
resource "x" "x" {
  a = aws_db_instance.x.password
  b = "in ${var.secret}"
  c = cidrhost(var.secret, 1)
  d = { (var.secret) = 1 }
  e = { a = 1 }[var.secret]
  f = [for it in [1, 2] : it if var.secret]
  g = file(var.secret)
}
"#;
    let it = evaluate_files(&[("main.tf", main)], &Inputs::default());
    let all = format!("{:?}", it.loaded);
    assert!(!all.contains("hunter2"), "{all}");
    assert_eq!(shown(it.body("aws_db_instance.x")), "{name:\"plain\",password:<sensitive>}");
    assert_eq!(argument(&it, "a"), "<sensitive>");
}
