//! HCL and its JSON form: what is read of them, held against Terraform and against another reader.
#![expect(clippy::disallowed_methods, reason = "texts lie on the disk, and Terraform is asked where it is there")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod folder;
mod laws;
mod show;
mod spans;
mod templates;
mod theirs;
mod trees;

use iac_check::source::{SourceId, SourceMap};

/// A source for texts whose places are looked at as bytes alone.
fn source() -> SourceId {
    SourceMap::default().add("main.tf", "").unwrap()
}

/// Showing the deepest trees takes more than a test's own stack.
fn with_large_stack(run: impl FnOnce() + Send + 'static) {
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(run).unwrap();
    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}
