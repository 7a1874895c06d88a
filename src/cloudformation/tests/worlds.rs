//! What templates leave open, and what is no template.

use std::fmt::Write as _;

use super::{loaded, loaded_of, told};

const OPEN: &str = "
Parameters:
  Stage: {Type: String, AllowedValues: [prod, dev, test]}
  Nat: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Equals [!Ref Stage, dev]
  HasNat: !And [!Not [!Equals [!Ref Nat, '']], !Condition IsProd]
Resources:
  A: {Type: A::B::C, Condition: IsProd, Properties: {P: 1}}
  B: {Type: A::B::C, Properties: {P: !If [IsDev, 1, !If [HasNat, 2, 3]]}}
";

#[test]
fn every_combination_that_can_hold_is_a_world() {
    let found = loaded(OPEN, &[]);
    let told: Vec<_> = told(&found).iter().map(|it| format!("{:?}{}", it.get("A.P"), it["B.P"])).collect();
    assert_eq!(told, ["Some(\"1\")3", "Some(\"1\")2", "None1", "None3"]);
    assert!(found.is_complete);
}

#[test]
fn equal_parameters_have_one_value() {
    let text = "
Parameters: {X: {Type: String}, Y: {Type: String}}
Conditions:
  Same: !Equals [!Ref X, !Ref Y]
  XIsA: !Equals [!Ref X, a]
  YIsA: !Equals [!Ref Y, a]
Resources:
  R: {Type: A::B::C, Properties: {P: [!If [Same, 1, 0], !If [XIsA, 1, 0], !If [YIsA, 1, 0]]}}
";
    let mut found: Vec<_> = told(&loaded(text, &[])).iter().map(|it| it["R.P"].clone()).collect();
    found.sort();
    assert_eq!(found, ["[0, 0, 0]", "[0, 0, 1]", "[0, 1, 0]", "[1, 0, 0]", "[1, 1, 1]"]);
}

#[test]
fn what_is_given_decides() {
    assert_eq!(loaded(OPEN, &[("Stage", "dev"), ("Nat", "")]).worlds.len(), 1);
    assert_eq!(loaded(OPEN, &[("Nat", "")]).worlds.len(), 3);
    assert_eq!(loaded(OPEN, &[("Stage", "prod")]).worlds.len(), 2);
}

#[test]
fn too_many_worlds_are_not_all_looked_at() {
    let mut text = "Parameters:\n".to_owned();
    for name in 0..10 {
        writeln!(text, "  P{name}: {{Type: String}}").unwrap();
    }
    text.push_str("Conditions:\n");
    for name in 0..10 {
        writeln!(text, "  C{name}: !Equals [!Ref P{name}, x]").unwrap();
    }
    text.push_str("Resources:\n");
    for name in 0..10 {
        writeln!(text, "  R{name}: {{Type: A::B::C, Condition: C{name}}}").unwrap();
    }
    let found = loaded(&text, &[]);
    assert!(!found.is_complete);
    assert_eq!(found.worlds.len(), 64);
}

#[test]
fn a_condition_that_depends_on_itself_is_told() {
    let text = "Conditions: {A: !Not [Condition: A]}\nResources: {R: {Type: A::B::C, Condition: A}}\n";
    let messages: Vec<_> = loaded(text, &[]).findings.into_iter().map(|it| it.message).collect();
    assert_eq!(messages, ["the condition A depends on itself"]);
}

#[test]
fn only_templates_are_templates() {
    let is_template = |text: &str| loaded_of(&[("main.yaml", text)], &[]).is_some();
    assert!(is_template("Resources: {A: {Type: 'AWS::S3::Bucket'}}"));
    assert!(is_template("AWSTemplateFormatVersion: 2010-09-09"));
    assert!(is_template("{\"Resources\": {\"A\": {\"Type\": \"Custom::X\"}}}"));
    assert!(is_template("Resources:\n  A:\n    Type: AWS::S3::Bucket\n  B: [\n"));
    assert!(!is_template("resources: {Resources: {A: {Type: 'AWS::S3::Bucket'}}}"));
    assert!(!is_template("kind: Deployment\nspec: [\n"));
    assert!(!is_template("version: 0.0\nResources:\n  - Service:\n      Type: AWS::ECS::Service\n"));
    assert!(!is_template("[]"));
    assert!(!is_template(""));
}

#[test]
fn a_macro_may_add_what_is_not_written() {
    let found = loaded("Transform: Mine\nResources: {R: {Type: A::B::C, Properties: {P: !Ref Made}}}\n", &[]);
    assert!(found.findings.is_empty() && !found.is_complete);
    assert_eq!(found.macros, ["Mine"]);
}
