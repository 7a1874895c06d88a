//! `count`, `for_each` and `dynamic`.

use super::{evaluate, evaluate_files, inputs};

#[test]
fn count_makes_a_list() {
    let it = evaluate(
        "resource \"a\" \"x\" {\n  count = 2\n  n = count.index\n}\nresource \"b\" \"y\" {\n  all = a.x[*].id\n  one = a.x[1].n\n  old = a.x.*.id\n}\n",
    );
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(it.addresses(), ["a.x[0]", "a.x[1]", "b.y"]);
    assert_eq!(it.at("a.x[1]", "n"), "1");
    assert_eq!(it.at("b.y", "all"), "[<a.x[0].id>,<a.x[1].id>]");
    assert_eq!(it.at("b.y", "old"), "[<a.x[0].id>,<a.x[1].id>]");
    assert_eq!(it.at("b.y", "one"), "1");
}

#[test]
fn for_each_makes_a_map() {
    let it = evaluate(
        "resource \"a\" \"x\" {\n  for_each = {\n    \"k\\\"1\" = {v = 1}\n    b = {v = 2}\n  }\n  v = each.value.v\n  k = each.key\n}\nresource \"b\" \"y\" {\n  for_each = a.x\n  it = each.value.id\n}\nresource \"c\" \"z\" {\n  all = [for k, v in a.x : v.id]\n}\n",
    );
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(it.addresses(), ["a.x[\"b\"]", "a.x[\"k\\\"1\"]", "b.y[\"b\"]", "b.y[\"k\\\"1\"]", "c.z"]);
    assert_eq!(it.at("a.x[\"b\"]", "v"), "2");
    assert_eq!(it.at("b.y[\"b\"]", "it"), "<a.x[\"b\"].id>");
    assert_eq!(it.at("c.z", "all"), "[<a.x[\"b\"].id>,<a.x[\"k\\\"1\"].id>]");
}

#[test]
fn what_cannot_be_repeated_over_is_told() {
    let wrong =
        |for_each: &str| evaluate(&format!("resource \"a\" \"x\" {{\n  for_each = {for_each}\n}}\n")).findings();
    assert!(wrong("null")[0].contains("null"));
    assert!(wrong("[1]")[0].contains("toset"));
    let count = |count: &str| evaluate(&format!("resource \"a\" \"x\" {{\n  count = {count}\n}}\n")).findings();
    assert!(count("null")[0].contains("null"));
    assert!(count("-1")[0].contains("not below zero"));
    assert!(count("100001")[0].contains("100,000"));
    assert!(count("\"2\"").is_empty());
}

#[test]
fn unknown_instances_are_one_that_stands_for_all() {
    let it = evaluate(
        "variable \"zones\" {}\nresource \"a\" \"x\" {\n  for_each = var.zones\n  zone = each.value\n}\nresource \"b\" \"y\" {\n  for_each = var.zones\n  it = a.x[each.key].id\n}\nresource \"b\" \"z\" {\n  for_each = a.x\n  it = each.value.id\n}\nresource \"c\" \"z\" {\n  one = a.x[\"k\"].id\n  all = [for it in a.x : it.id]\n  list = values(a.x)[*].id\n}\n",
    );
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(it.addresses(), ["a.x[*]", "b.y[*]", "b.z[*]", "c.z"]);
    assert_eq!(it.at("b.y[*]", "it"), "<a.x[*].id>");
    assert_eq!(it.at("b.z[*]", "it"), "<a.x[*].id>");
    assert_eq!(it.at("c.z", "one"), "<one of a.x[*].id>");
    assert_eq!(it.at("c.z", "all"), "<some of a.x[*].id>");
}

#[test]
fn an_unknown_count_is_one_that_stands_for_all() {
    let it = evaluate(
        "variable \"n\" {}\nresource \"a\" \"x\" {\n  count = var.n\n}\nresource \"b\" \"y\" {\n  count = var.n\n  it = a.x[count.index].id\n}\nresource \"c\" \"z\" {\n  all = a.x[*].id\n  first = a.x[0].id\n}\n",
    );
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(it.addresses(), ["a.x[*]", "b.y[*]", "c.z"]);
    assert_eq!(it.at("b.y[*]", "it"), "<a.x[*].id>");
    assert_eq!(it.at("c.z", "all"), "<some of a.x[*].id>");
    assert_eq!(it.at("c.z", "first"), "<one of a.x[*].id>");
}

#[test]
fn dynamic_blocks_are_made_at_any_depth() {
    let it = evaluate(
        "resource \"a\" \"x\" {\n  ingress {\n    port = 1\n  }\n  dynamic \"ingress\" {\n    for_each = [80, 443]\n    content {\n      port = ingress.value\n      at = ingress.key\n      dynamic \"inner\" {\n        for_each = {k = \"v\"}\n        iterator = it\n        content {\n          both = \"${it.key}${it.value}${ingress.value}\"\n        }\n      }\n    }\n  }\n}\n",
    );
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(
        it.at("a.x", "ingress"),
        "[{port:1},{at:0,inner:[{both:\"kv80\"}],port:80},{at:1,inner:[{both:\"kv443\"}],port:443}]"
    );
}

#[test]
fn a_dynamic_block_over_something_unknown_keeps_its_references() {
    let it = evaluate(
        "variable \"rules\" {}\nresource \"g\" \"g\" {}\nresource \"a\" \"x\" {\n  dynamic \"ingress\" {\n    for_each = var.rules\n    content {\n      groups = [g.g.id]\n      port = ingress.value.port\n    }\n  }\n}\n",
    );
    assert_eq!(it.at("a.x", "ingress"), "<some of g.g.id>");
}

#[test]
fn what_says_how_a_resource_is_treated_is_not_told() {
    let it = evaluate(
        "resource \"a\" \"x\" {\n  depends_on = [a.y]\n  provider = aws.west\n  lifecycle {\n    create_before_destroy = true\n  }\n  provisioner \"local-exec\" {\n    command = self.nothing\n  }\n  b = 1\n}\nresource \"a\" \"y\" {}\n",
    );
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(super::shown(it.body("a.x")), "{b:1}");
}

#[test]
fn variables_take_their_types() {
    let text = "variable \"a\" {\n  type = list(object({\n    n = number\n    o = optional(string, \"d\")\n    p = optional(bool)\n  }))\n  default = [{n = \"1\"}]\n}\nvariable \"b\" {\n  type = string\n}\nvariable \"c\" {\n  type = number\n  default = 3\n  nullable = false\n}\nvariable \"s\" {\n  sensitive = true\n  default = \"secret\"\n}\nresource \"r\" \"r\" {\n  a = var.a\n  b = var.b\n  c = var.c\n  s = [var.s]\n  t = \"x${var.s}\"\n}\n";
    let it = evaluate_files(&[("main.tf", text)], &inputs(&[("b", "[1]"), ("c", "null")]));
    assert_eq!(it.at("r.r", "a"), "[{n:1,o:\"d\",p:null}]");
    assert_eq!(it.at("r.r", "b"), "\"[1]\"");
    assert_eq!(it.at("r.r", "s"), "[<sensitive>]");
    assert_eq!(it.at("r.r", "t"), "<sensitive>");
    let it = evaluate(text);
    assert_eq!(it.findings(), Vec::<String>::new());
    assert_eq!(it.at("r.r", "b"), "<var.b has no value>");
    assert_eq!(it.at("r.r", "c"), "3");
}

#[test]
fn where_there_may_be_none_nothing_is_wrong() {
    let made = |count: &str| {
        let text = format!(
            "variable \"n\" {{}}\nresource \"test\" \"it\" {{\n  count = {count}\n  dynamic \"a\" {{\n    for_each = [1].b\n    content {{}}\n  }}\n}}"
        );
        evaluate(&text).findings().len()
    };
    assert_eq!((made("1"), made("var.n"), made("0")), (1, 0, 0));
}
