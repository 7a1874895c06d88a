//! Stands for `rules/mod.rs` until the network is there.

#[path = "rules/meta.rs"]
mod meta;

use crate::finding::{Finding, RuleName, Unanswered};

pub use meta::Meta;

#[derive(Debug)]
pub struct Rule {
    pub name: RuleName,
    pub page: &'static str,
    pub meta: Meta,
}

const PAGE: &str =
    "---\nseverity: error\nsince: 0.1.0\n---\n# nat_loop\n\nA NAT gateway sends to itself.\n\n## Why\n\nx\n";

pub static RULES: &[Rule] = &[Rule { name: "nat_loop", page: PAGE, meta: Meta::of(PAGE) }];

#[derive(Debug, Default)]
pub struct Verdicts {
    pub findings: Vec<Finding>,
    pub unanswered: Vec<Unanswered>,
}

impl Rule {
    pub fn summary(&self) -> &'static str {
        let mut lines = self.page.lines().skip_while(|line| !line.starts_with("# ")).skip(1);
        lines.find(|line| !line.trim().is_empty()).unwrap_or("")
    }
}

pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}
