//! Terraform code: a root module, a module that it may call, and a file of values, parted by lines of `---`. What is known
//! of it without inputs is so with every value of them.
#![no_main]

mod monotone;
mod run;

use iac_check::{
    files::Memory,
    source::SourceMap,
    syntax::{Block, hcl},
};
use libfuzzer_sys::fuzz_target;

/// What the variables without a value are given, as JSON.
const VALUES: &[&str] =
    &["true", "1", "\"a\"", "\"10.0.0.0/16\"", "[]", "[\"a\", \"b\"]", "{\"a\": \"x\"}", "null", "0", "{}"];

fuzz_target!(|text: &str| {
    let mut parts = text.split("\n---\n");
    let (main, module) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let values = parts.next().unwrap_or_default();
    let files = Memory::of([("main.tf", main), ("module/main.tf", module), ("terraform.tfvars", values)]);
    run::run(&files, &["check", ".", "--possible", "--verbose"]);
    let open = open(main);
    if open.is_empty() {
        return;
    }
    // Which values: whatever the text comes to.
    let sum = text.bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let given = open.into_iter().enumerate().map(|(at, name)| (name, VALUES[(sum >> (at % 8)) % VALUES.len()].to_owned()));
    let given: Vec<_> = given.collect();
    let (general, world) = (monotone::evaluate(&files, &[]), monotone::evaluate(&files, &given));
    if let Some(trouble) = monotone::disagreement(&general, &world) {
        panic!("{trouble}\nwith {given:?}\n{text}");
    }
});

/// The variables that have no default. One that is declared twice is somebody's error.
fn open(main: &str) -> Vec<String> {
    let source = SourceMap::default().add("main.tf", main).expect("a small text");
    let is_open = |block: &&Block| {
        block.kind == "variable" && block.labels.len() == 1 && block.body.attributes.iter().all(|it| it.name != "default")
    };
    let mut names: Vec<String> =
        hcl::parse(source, main).body.blocks.iter().filter(is_open).map(|it| it.labels[0].text.clone()).collect();
    names.sort();
    names.dedup();
    names
}
