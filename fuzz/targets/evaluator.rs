//! Terraform code: a root module, a module that it may call, and a file of values, parted by lines of `---`.
#![no_main]

mod run;

use iac_check::files::Memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut parts = text.split("\n---\n");
    let (main, module) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let values = parts.next().unwrap_or_default();
    let files = Memory::of([("main.tf", main), ("module/main.tf", module), ("terraform.tfvars", values)]);
    run::run(&files, &["check", ".", "--possible", "--verbose"]);
    run::run(&files, &["inspect", ".", "--format", "json"]);
});
