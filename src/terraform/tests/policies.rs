//! `aws_iam_policy_document`, as the provider writes it.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{evaluate, value};

const DOCUMENTS: &str = include_str!("../../../testdata/policies/documents.tf");
const RECORDED: &str = include_str!("../../../testdata/policies/documents.json");

#[test]
fn documents_are_what_the_provider_writes() {
    let recorded: BTreeMap<String, [String; 2]> = serde_json::from_str(RECORDED).unwrap();
    let mut code = DOCUMENTS.to_owned();
    for name in recorded.keys() {
        let document = format!("data.aws_iam_policy_document.{name}");
        writeln!(code, "resource \"test\" \"{name}\" {{\n  a = {document}.json\n  b = {document}.minified_json\n}}")
            .unwrap();
    }
    let evaluated = evaluate(&code);
    assert_eq!(evaluated.findings(), Vec::<String>::new());
    for (name, [indented, minified]) in &recorded {
        let body = evaluated.body(&format!("test.{name}"));
        assert_eq!(body.get("a").and_then(|it| it.text()), Some(indented.as_str()), "{name}");
        assert_eq!(body.get("b").and_then(|it| it.text()), Some(minified.as_str()), "{name}");
    }
    assert_eq!(recorded.len(), 5);
}

/// The document whose block has this body, where the code does not decide it.
#[track_caller]
fn is_not_decided(body: &str) {
    let document = format!("variable \"u\" {{}}\ndata \"aws_iam_policy_document\" \"it\" {{\n{body}\n}}");
    let json = value(&document, "data.aws_iam_policy_document.it.json");
    assert_eq!(json, "<data.aws_iam_policy_document.it.json>");
}

#[test]
fn a_document_with_something_unknown_keeps_its_identity() {
    is_not_decided("  statement {\n    actions = [var.u]\n  }");
    is_not_decided("  source_policy_documents = [var.u]");
    is_not_decided("  dynamic \"statement\" {\n    for_each = var.u\n    content {}\n  }");
}

#[test]
fn what_the_provider_orders_by_a_hash_is_not_guessed() {
    let principal =
        |name: &str| format!("    principals {{\n      type = \"AWS\"\n      identifiers = [\"{name}\"]\n    }}");
    is_not_decided(&format!("  statement {{\n{}\n{}\n  }}", principal("a"), principal("b")));
}

#[test]
fn what_the_provider_refuses_is_not_given() {
    is_not_decided("  statement {\n    sid = \"A\"\n  }\n  statement {\n    sid = \"A\"\n  }");
    is_not_decided("  source_policy_documents = [\"{\"]");
    is_not_decided("  version = \"2008-10-17\"\n  statement {\n    resources = [\"&{a}\"]\n  }");
}

#[test]
fn what_is_not_to_be_told_is_not_given() {
    is_not_decided("  statement {\n    actions = [sensitive(\"a\")]\n  }");
}
