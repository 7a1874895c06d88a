//! A few lines that ask for more than any machine has.

use std::fmt::Write as _;

use super::{folder, run, said, said_of_code};

/// A resource that is made as often as `repetition` says.
fn repeated(repetition: &str) -> String {
    format!("resource \"aws_vpc\" \"a\" {{\n  {repetition}\n  cidr_block = \"10.0.0.0/16\"\n}}\n")
}

#[test]
fn counts_have_a_bound_that_is_told() {
    for (name, repetition) in [
        ("count", "count = 1000000000000"),
        ("count_of_digits", "count = 1e300"),
        ("range", "for_each = toset([for i in range(1000000000) : tostring(i)])"),
        (
            "product",
            "for_each = toset([for it in setproduct(range(1000), range(1000), range(1000), range(1000)) : join(\"-\", it)])",
        ),
        ("loops", "count = length(flatten([for a in range(900) : [for b in range(900) : [for c in range(900) : a]]]))"),
    ] {
        let told = said_of_code(name, repeated(repetition));
        assert!(told.contains("evaluation_error") && told.contains("main.tf:2:"), "{name}: {told}");
    }
}

#[test]
fn functions_have_bounds_that_are_told() {
    let text = "x".repeat(100_000);
    for (name, call) in [
        ("cidrsubnets", "cidrsubnets(\"10.0.0.0/8\", [for i in range(1024) : 24]...)".to_owned() + "[1000000000000]"),
        ("cidrsubnets_far", "cidrsubnets(\"10.0.0.0/8\", 1e30)".to_owned()),
        ("cidrsubnet", "cidrsubnet(\"10.0.0.0/8\", 1000000000000, 5)".to_owned()),
        ("cidrhost", "cidrhost(\"10.0.0.0/8\", 1e50)".to_owned()),
        ("range", "range(1, 2, 1e-300)".to_owned()),
        ("format", "format(\"%1000000000d\", 1)".to_owned()),
        ("many_formats", "join(\"\", [for i in range(1000) : format(\"%-1000000s\", i)])".to_owned()),
        ("power", "pow(10, 1000000000)".to_owned()),
        ("replace", format!("replace(\"{text}\", \"x\", \"{text}\")")),
        ("indent", "indent(1000000000, \"a\\nb\")".to_owned()),
        ("regex", "regex(\"(a{1000}){1000}\", \"a\")".to_owned()),
    ] {
        let told = said_of_code(
            &format!("function_{name}"),
            format!("resource \"aws_vpc\" \"a\" {{\n  cidr_block = {call}\n}}\n"),
        );
        assert!(told.contains("evaluation_error") && told.contains("main.tf:2:"), "{name}: {told}");
    }
}

/// Code in which `call` is evaluated 60,000 times.
fn called_over_and_over(call: &str) -> String {
    format!(
        "locals {{\n  a = length(flatten([for i in range(300) : [for j in range(200) : {call}]]))\n}}\nresource \"aws_instance\" \"a\" {{\n  cpu_core_count = local.a\n}}\n"
    )
}

#[test]
fn a_file_that_is_read_over_and_over_is_read_once() {
    let large = vec![b'x'; 15 << 20];
    for call in ["file(\"it\")", "filesha256(\"./it\")", "length(fileset(\".\", \"**\"))"] {
        let code = called_over_and_over(call);
        let folder = folder("again", &[("main.tf", code.as_bytes()), ("it", &large)]);
        let told = run(&folder, &["inspect", ".", "--format", "json"]).stdout;
        assert!(told.contains("\"cpu_core_count\": 60000"), "{call}: {told}");
    }
}

#[test]
fn texts_that_are_made_have_a_bound_that_is_told() {
    let large = vec![b'x'; 15 << 20];
    let longer = format!("\"{}\"", "x".repeat(1 << 20));
    for call in ["format(\"%-1000000s\", i)", "\"${i}${file(\"it\")}\"", "jsonencode(file(\"it\"))", &longer] {
        let code = called_over_and_over(call);
        let folder = folder("made", &[("main.tf", code.as_bytes()), ("it", &large)]);
        let told = run(&folder, &["check", ".", "--possible"]).all();
        let call = &call[..call.len().min(40)];
        assert!(told.contains("evaluation_error") && told.contains("main.tf:2:"), "{call}: {told}");
        assert!(told.contains("has made 256 MiB of text"), "{call}: {told}");
    }
}

#[test]
fn lists_that_functions_make_have_a_bound_that_is_told() {
    let code = called_over_and_over("split(\"\", format(\"%10000s\", i))");
    let folder = folder("made_lists", &[("main.tf", code.as_bytes())]);
    let told = run(&folder, &["check", ".", "--possible"]).all();
    assert!(told.contains("main.tf:2:") && told.contains("has taken 10,000,000 steps"), "{told}");
}

#[test]
fn overrides_are_found_by_name() {
    let locals = |value: &str| {
        let mut text = "locals {\n".to_owned();
        for at in 0..20_000 {
            writeln!(text, "  a{at} = {value}").unwrap();
        }
        text + "}\n"
    };
    let mut blocks = String::new();
    for at in 0..10_000 {
        writeln!(blocks, "resource \"aws_vpc\" \"a{at}\" {{}}").unwrap();
    }
    let base = locals("1") + &blocks + "resource \"aws_instance\" \"a\" {\n  cpu_core_count = local.a19999\n}\n";
    let over = locals("2") + &blocks;
    let folder = folder("overrides", &[("main.tf", base.as_bytes()), ("override.tf", over.as_bytes())]);
    let told = run(&folder, &["inspect", ".", "--format", "json"]).stdout;
    assert!(told.contains("\"cpu_core_count\": 2"));
}

#[test]
fn names_that_are_declared_over_and_over_are_told_in_time() {
    let text = format!("locals {{\n{}}}\n", "a=1\n".repeat(80_000));
    let folder = folder("declared", &[("main.tf", text.as_bytes())]);
    let told = run(&folder, &["check", "."]).all();
    assert_eq!(told.matches("`a` is set before").count(), 79_999);
}

#[test]
fn long_lists_are_searched_by_order() {
    let many = "flatten([for a in range(150) : [for b in range(150) : {a = a, b = [b]}]])";
    for (name, call) in [
        ("distinct", format!("length(distinct({many}))")),
        ("matchkeys", format!("length(matchkeys({many}, {many}, {many}))")),
        ("setintersection", format!("length(setintersection({many}, {many}))")),
        ("setsubtract", format!("22500 + length(setsubtract({many}, {many}))")),
    ] {
        let code = format!("resource \"aws_instance\" \"a\" {{\n  cpu_core_count = {call}\n}}\n");
        let folder = folder(&format!("searched_{name}"), &[("main.tf", code.as_bytes())]);
        let told = run(&folder, &["inspect", ".", "--format", "json"]).stdout;
        assert!(told.contains("\"cpu_core_count\": 22500"), "{name}: {told}");
    }
}

/// Eighty names, each of which says the one before it twice.
fn doubling(first: &str, next: impl Fn(&str) -> String, use_of: &str) -> String {
    let mut text = format!("variable \"v\" {{}}\nresource \"aws_vpc\" \"z\" {{}}\nlocals {{\n  a0 = {first}\n");
    for at in 0..80 {
        writeln!(text, "  a{} = {}", at + 1, next(&format!("local.a{at}"))).unwrap();
    }
    text + "}\nresource \"aws_vpc\" \"a\" {\n  " + use_of + "\n}\n"
}

#[test]
fn names_that_double_have_a_bound_that_is_told() {
    for (name, first, next) in [
        ("texts", "\"xxxxxxxxxx\"", (|it| format!("\"${{{it}}}${{{it}}}\"")) as fn(&str) -> String),
        ("lists", "[\"x\"]", |it| format!("[{it}, {it}]")),
        ("joined", "[\"x\"]", |it| format!("concat({it}, {it})")),
        ("maps", "{ x = 1 }", |it| format!("{{ l = {it}, r = {it} }}")),
    ] {
        let told = said_of_code(&format!("double_{name}"), doubling(first, next, "tags = { a = local.a80 }"));
        assert!(told.contains("evaluation_error") && told.contains("main.tf:"), "{name}: {told}");
    }
    // What is not known stays small, however often it is said.
    said_of_code(
        "double_unknown",
        doubling("aws_vpc.z.id", |it| format!("\"${{{it}}}${{{it}}}\""), "cidr_block = local.a80"),
    );
    said_of_code(
        "double_choices",
        doubling("\"a\"", |it| format!("var.v ? [{it}, {it}] : [{it}]"), "cidr_block = local.a80"),
    );
}

#[test]
fn resources_that_double_have_a_bound_that_is_told() {
    let mut text = "resource \"aws_vpc\" \"a0\" {\n  tags = { a = \"x\" }\n}\n".to_owned();
    for at in 0..60 {
        let before = format!("aws_vpc.a{at}.tags");
        writeln!(text, "resource \"aws_vpc\" \"a{}\" {{\n  tags = {{ b = [{before}, {before}] }}\n}}", at + 1).unwrap();
    }
    let told = said_of_code("double_resources", text);
    assert!(told.contains("taken for unknown") && told.contains("main.tf:"), "{told}");
}

#[test]
fn blocks_within_blocks_have_a_bound_that_is_told() {
    let open = "dynamic \"it\" {\n  for_each = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n  content {\n";
    let text = format!("resource \"aws_security_group\" \"a\" {{\n{}{}}}\n", open.repeat(30), "}\n}\n".repeat(30));
    let told = said_of_code("dynamic", text);
    assert!(told.contains("evaluation_error"), "{told}");
}

#[test]
fn names_that_rest_on_themselves_are_told() {
    let text = "locals {\n  a = local.b\n  b = local.a\n  c = local.c\n}\nresource \"aws_vpc\" \"a\" {\n  count = length(aws_vpc.a)\n  tags  = local.a\n}\n";
    let told = said_of_code("circles", text);
    assert!(told.contains("in a circle"), "{told}");
    let text = "AWSTemplateFormatVersion: '2010-09-09'\nConditions: {A: !Condition B, B: !Condition A}\nResources:\n  A: {Type: 'AWS::EC2::VPC', Condition: A, DependsOn: A, Properties: {CidrBlock: !Ref A}}\n";
    said("circle_of_conditions", "it.yaml", text);
}

#[test]
fn modules_that_call_each_other_are_told() {
    let call = |source: &str| format!("module \"a\" {{\n  source = \"{source}\"\n}}\n");
    let folder = folder(
        "modules",
        &[
            ("main.tf", (call("./a") + &call("./").replace("\"a\"", "\"b\"")).as_bytes()),
            ("a/main.tf", call("../b").as_bytes()),
            ("b/main.tf", (call("../a") + &call("..").replace("\"a\"", "\"b\"")).as_bytes()),
        ],
    );
    let told = run(&folder, &["check"]).all();
    assert!(told.contains("calls itself") && told.contains("main.tf:2:"), "{told}");
}

#[test]
fn modules_that_fan_out_have_a_bound_that_is_told() {
    let mut files: Vec<(String, String)> = Vec::new();
    for at in 0..20 {
        let call = format!(
            "module \"a\" {{\n  source = \"../m{0}\"\n  count  = 10\n}}\nmodule \"b\" {{\n  source = \"../m{0}\"\n}}\n",
            at + 1
        );
        files.push((format!("m{at}/main.tf"), call));
    }
    files.push(("m20/main.tf".to_owned(), "resource \"aws_vpc\" \"a\" {}\n".to_owned()));
    files.push(("main.tf".to_owned(), "module \"a\" {\n  source = \"./m0\"\n}\n".to_owned()));
    let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let told = run(&folder("fan", &files), &["check", "."]).all();
    assert!(told.contains("no more than") && told.contains("main.tf:"), "{told}");
}

#[test]
fn names_of_yaml_that_stand_for_each_other_end() {
    let mut bomb = "AWSTemplateFormatVersion: '2010-09-09'\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 0..30 {
        writeln!(bomb, "a{}: &a{} [{}]", at + 1, at + 1, vec![format!("*a{at}"); 9].join(", ")).unwrap();
    }
    bomb.push_str("Resources:\n  A: {Type: 'AWS::EC2::VPC', Properties: {Tags: *a30}}\n");
    let told = said("bomb", "it.yaml", &bomb);
    assert!(told.contains("syntax_error") && told.contains("it.yaml:"), "{told}");
    let mut merged = "AWSTemplateFormatVersion: '2010-09-09'\nx0: &x0 {a: 1}\n".to_owned();
    for at in 0..40 {
        writeln!(merged, "x{0}: &x{0}\n  <<: [*x{at}, *x{at}]\n  k{at}: *x{at}", at + 1).unwrap();
    }
    merged.push_str("Resources:\n  A: {Type: 'AWS::EC2::VPC', Properties: *x40}\n");
    said("merged_bomb", "it.yaml", &merged);
    said(
        "itself",
        "it.yaml",
        "AWSTemplateFormatVersion: 1\nResources: &r\n  A: {Type: 'AWS::EC2::VPC', Properties: *r}\n",
    );
    let decoded =
        format!("resource \"aws_vpc\" \"a\" {{\n  tags = {{ a = jsonencode(yamldecode(<<END\n{bomb}END\n  )) }}\n}}\n");
    let told = said_of_code("decoded_bomb", decoded);
    assert!(told.contains("evaluation_error"), "{told}");
}

#[test]
fn functions_of_templates_have_bounds() {
    let properties = |it: &str| {
        format!(
            "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: {{Type: 'AWS::EC2::VPC', Properties: {{CidrBlock: {it}}}}}\n"
        )
    };
    for (name, property) in [
        ("sub", format!("{}x{}", "{'Fn::Sub': ['${a}${a}', {a: ".repeat(100), "}]}".repeat(100))),
        ("join", format!("{}x{}", "{'Fn::Join': ['xxxxxxxx', [".repeat(100), ", x, x]]}".repeat(100))),
        ("cidr", "!Select [0, !Cidr [10.0.0.0/8, 100000000000, 99999999999999]]".to_owned()),
        ("select", "!Select [99999999999999999999, [a]]".to_owned()),
    ] {
        said(&format!("template_{name}"), "it.yaml", properties(&property));
    }
    let mut conditions =
        "AWSTemplateFormatVersion: '2010-09-09'\nParameters: {P: {Type: String}}\nConditions:\n".to_owned();
    for at in 0..60 {
        writeln!(conditions, "  C{at}: !Or [!Condition C{0}, !Condition C{0}]", at + 1).unwrap();
    }
    conditions.push_str("  C60: !Equals [a, !Ref P]\nResources:\n  A: {Type: 'AWS::EC2::VPC', Condition: C0}\n");
    said("template_conditions", "it.yaml", conditions);
    let mut looped = "{\"R\": {\"Type\": \"AWS::EC2::VPC\"}}".to_owned();
    for at in 0..8 {
        looped = format!("{{\"Fn::ForEach::L{at}\": [\"X{at}\", [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\"], {looped}]}}")
            .replace("\"R", &format!("\"R${{X{at}}}"));
    }
    said(
        "template_loops",
        "it.json",
        format!("{{\"Transform\": \"AWS::LanguageExtensions\", \"Resources\": {looped}}}"),
    );
}
