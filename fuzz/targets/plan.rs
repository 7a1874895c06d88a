//! Plans and states: read, checked, compared and drawn.
#![no_main]

mod run;

use iac_check::files::Memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let files = Memory::of([("plan.json", text)]);
    run::run(&files, &["check", "plan.json", "--possible", "--verbose"]);
    run::run(&files, &["inspect", "plan.json", "--format", "json"]);
    run::run(&files, &["changes", "plan.json"]);
});
