//! Templates of CloudFormation, in YAML and in JSON.
#![no_main]

mod run;

use iac_check::files::Memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let files = Memory::of([("main.yaml", text)]);
    run::run(&files, &["check", "main.yaml", "--possible", "--verbose"]);
    run::run(&files, &["inspect", "main.yaml", "--format", "json"]);
});
