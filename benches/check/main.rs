//! What checks take, each by its name: time, throughput in resources and bytes, and allocations.
//!
//! ```sh
//! cargo bench --bench check                 # all
//! cargo bench --bench check -- reach        # those with this in their name
//! cargo bench --bench check -- --list       # their names
//! ```
//!
//! Everything works on one thread, so that one run can be held against another, and every allocation is counted. What
//! needs a process of its own (memory, other programs, more cores) is in `cargo bench --bench speed`.
#![expect(clippy::disallowed_methods, reason = "a program of its own")]

mod folder;
mod reach;
#[path = "../shapes/mod.rs"]
mod shapes;
mod start;
mod whole;

use std::time::Duration;

use divan::{AllocProfiler, Divan};
use mimalloc::MiMalloc;

/// The program's own, and counted.
#[global_allocator]
static ALLOCATOR: AllocProfiler<MiMalloc> = AllocProfiler::new(MiMalloc);

fn main() {
    Divan::default().max_time(Duration::from_secs(3)).config_with_args().main();
}
