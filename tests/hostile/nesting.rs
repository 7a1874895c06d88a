//! What is nested a million times is told, whatever nests.

use std::fmt::Write as _;

use super::{said, said_of_code};

const MILLION: usize = 1_000_000;

#[test]
fn brackets_of_code_are_told() {
    for (name, open) in [
        ("parentheses", "("),
        ("lists", "["),
        ("objects", "{a="),
        ("templates", "\"${"),
        ("not", "!"),
        ("minus", "-"),
        ("calls", "upper("),
        ("loops", "[for x in "),
        ("conditions", "true ? 1 : "),
    ] {
        let told = said_of_code(&format!("open_{name}"), format!("locals {{\n  a = {}\n}}\n", open.repeat(MILLION)));
        assert!(told.contains("syntax_error"), "{name}: {told}");
    }
    let closed = format!("locals {{\n  a = {}1{}\n}}\n", "(".repeat(MILLION), ")".repeat(MILLION));
    let told = said_of_code("closed", closed);
    assert!(told.contains("main.tf:2:") && told.contains("at most 1000 levels"), "{told}");
}

#[test]
fn blocks_are_told() {
    let told = said_of_code("open_blocks", "a {\n".repeat(MILLION));
    assert!(told.contains("syntax_error"), "{told}");
    let told = said_of_code("closed_blocks", "a {\n".repeat(100_000) + &"}\n".repeat(100_000));
    assert!(told.contains("at most 1000 levels"), "{told}");
}

#[test]
fn long_chains_are_told_or_taken() {
    for (name, link) in [("indexes", "[0]"), ("attributes", ".a"), ("splats", "[*]"), ("sums", " + 1")] {
        said_of_code(&format!("chain_{name}"), format!("locals {{\n  a = x{}\n}}\n", link.repeat(MILLION)));
    }
    let mut text = "locals {\n  a0 = 1\n".to_owned();
    for at in 0..20_000 {
        writeln!(text, "  a{} = local.a{at}", at + 1).unwrap();
    }
    let told = said_of_code("chain_locals", text + "}\nresource \"aws_vpc\" \"a\" {\n  cidr_block = local.a20000\n}\n");
    assert!(told.contains("evaluation_error"), "{told}");
}

#[test]
fn brackets_of_documents_are_told() {
    for (name, file, text) in [
        ("json_lists", "it.json", "[".repeat(MILLION)),
        ("json_maps", "it.json", "{\"a\":".repeat(MILLION)),
        (
            "plan",
            "it.json",
            format!("{{\"format_version\":\"1.2\",\"planned_values\":{}", "{\"root_module\":".repeat(MILLION)),
        ),
        ("yaml_lists", "it.yaml", format!("AWSTemplateFormatVersion: 1\nResources: {}", "[".repeat(MILLION))),
        ("yaml_maps", "it.yaml", format!("AWSTemplateFormatVersion: 1\nResources: {}", "{a: ".repeat(MILLION))),
        ("yaml_items", "it.yaml", format!("AWSTemplateFormatVersion: 1\nResources:\n  {}", "- ".repeat(MILLION))),
        ("yaml_keys", "it.yaml", format!("AWSTemplateFormatVersion: 1\nResources:\n  {}", "? ".repeat(MILLION))),
        ("yaml_tags", "it.yaml", format!("AWSTemplateFormatVersion: 1\nResources: {}", "!Ref ".repeat(MILLION))),
    ] {
        let told = said(name, file, text);
        assert!(told.contains("it.json") || told.contains("it.yaml"), "{name}: {told}");
    }
}

#[test]
fn values_and_modules_of_plans_are_told() {
    let resource = |tags: &str| {
        format!(
            "{{\"format_version\":\"1.2\",\"planned_values\":{{\"root_module\":{{\"resources\":[{{\"address\":\"aws_vpc.a\",\
             \"mode\":\"managed\",\"type\":\"aws_vpc\",\"name\":\"a\",\"values\":{{\"tags\":{tags}}}}}]}}}}}}"
        )
    };
    for depth in [100, 130, 1_000, 100_000] {
        said("plan_values", "it.json", resource(&format!("{}{}", "[".repeat(depth), "]".repeat(depth))));
        let modules = format!(
            "{{\"format_version\":\"1.2\",\"values\":{{\"root_module\":{}{{}}{}}}}}",
            "{\"child_modules\":[".repeat(depth),
            "]}".repeat(depth)
        );
        said("plan_modules", "it.json", modules);
    }
}
