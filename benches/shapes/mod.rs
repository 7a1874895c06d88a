//! Plans, code and templates of any size, whose networks are those that people build: for the benchmarks, and for the tests
//! that count what a check costs.
//!
//! The same size gives the same bytes.

pub(crate) mod code;
pub(crate) mod hub;
pub(crate) mod plan;
pub(crate) mod template;

/// The block of addresses of one of many sites; there are 1,024 of them, then they begin again.
fn block_of(site: usize) -> String {
    format!("10.{}.{}.0/18", site / 4 % 256, site % 4 * 64)
}
