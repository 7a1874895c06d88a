//! Findings that the code itself answers: `# iac-check: allow(nat_loop) because …`.
//!
//! An allowance stands on the line before, on the same line, or as the first thing in a block, and then for all of the
//! block; `allow-file(…)` stands before everything else and for the whole file. A template says it under `Metadata` too.
//! The reason is required. One that allows nothing is told: what it was for may be gone, or it is misspelt.

mod read;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    finding::{Certainty, Finding, Label, RuleName, Severity},
    rules,
    source::{SourceMap, Span},
};

/// The name under which allowances are spoken of that allow nothing.
pub const UNUSED: RuleName = "unused_allowance";

/// Everything that the code allows.
#[derive(Debug, Default)]
pub struct Allowances {
    by_path: FxHashMap<String, OfFile>,
}

/// What is allowed in one file.
#[derive(Debug)]
struct OfFile {
    all: Vec<Allowance>,
    /// For each rule, the lines from which on another allowance holds, or none: the first of those that hold for a line.
    by_rule: FxHashMap<String, Vec<(u32, Option<usize>)>>,
}

/// What one comment, or one entry of a template's metadata, allows.
#[derive(Clone, Debug)]
struct Allowance {
    span: Span,
    said: Result<Said, String>,
    lines: RangeInclusive<u32>,
}

/// What is allowed, and why; or what is wrong with the saying.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    rules: Vec<String>,
    because: String,
}

impl Allowances {
    /// What all of these texts allow. A text that was read more than once counts once.
    pub fn of(sources: &SourceMap) -> Self {
        let mut by_path = FxHashMap::default();
        for source in sources.ids() {
            let text = sources.whole(source);
            let path = sources.path(source);
            if memchr::memmem::find(text.as_bytes(), b"iac-check").is_none() || by_path.contains_key(path) {
                continue;
            }
            let read = read::allowances(sources, source);
            if !read.is_empty() {
                by_path.insert(path.to_owned(), OfFile::of(read));
            }
        }
        Self { by_path }
    }

    /// Why the code allows a finding, where it does.
    pub fn reason(&self, sources: &SourceMap, finding: &Finding) -> Option<&str> {
        self.found(sources, finding).map(|(_, because)| because)
    }

    /// A note for each allowance that allows none of `findings`, with the rules `asked`. What a rule could not answer, it
    /// may yet find: `open` are the rules with open questions.
    pub fn unused<'a>(
        &self,
        sources: &SourceMap,
        findings: impl IntoIterator<Item = &'a Finding>,
        asked: &[&'static rules::Rule],
        open: &FxHashSet<RuleName>,
    ) -> Vec<Finding> {
        let used: FxHashSet<Span> =
            findings.into_iter().filter_map(|it| self.found(sources, it)).map(|(it, _)| it.span).collect();
        let is_settled = |name: &String| asked.iter().any(|rule| rule.name == name) && !open.contains(name.as_str());
        let mut unused: Vec<_> =
            self.by_path.values().flat_map(|it| &it.all).filter(|it| !used.contains(&it.span)).collect();
        unused.sort_by_key(|it| it.span);
        let notes = unused.into_iter().filter_map(|it| match &it.said {
            Err(why) => Some(note(it.span, format!("this allows nothing: {why}"))),
            Ok(said) if said.rules.iter().all(is_settled) => {
                let rules: Vec<_> = said.rules.iter().map(|it| format!("`{it}`")).collect();
                Some(note(it.span, format!("nothing here is found by {}", rules.join(" or "))))
            }
            Ok(_) => None,
        });
        notes.collect()
    }

    fn found(&self, sources: &SourceMap, finding: &Finding) -> Option<(&Allowance, &str)> {
        let allowances = self.by_path.get(sources.path(finding.at.span.source))?;
        let line = sources.place(finding.at.span).start.line.get();
        let allowance = allowances.of_line(finding.rule, line)?;
        allowance.said.as_ref().ok().map(|said| (allowance, said.because.as_str()))
    }
}

impl OfFile {
    fn of(all: Vec<Allowance>) -> Self {
        let mut ends: FxHashMap<&str, Vec<(u32, bool, usize)>> = FxHashMap::default();
        for (at, allowance) in all.iter().enumerate() {
            let (first, last) = (*allowance.lines.start(), *allowance.lines.end());
            if last < first {
                continue;
            }
            for rule in allowance.said.iter().flat_map(|it| &it.rules) {
                let ends = ends.entry(rule).or_default();
                ends.push((first, true, at));
                ends.extend(last.checked_add(1).map(|after| (after, false, at)));
            }
        }
        let by_rule = ends.into_iter().map(|(rule, ends)| (rule.to_owned(), steps(ends))).collect();
        Self { all, by_rule }
    }

    /// The first allowance for a rule that holds for a line.
    fn of_line(&self, rule: &str, line: u32) -> Option<&Allowance> {
        let steps = self.by_rule.get(rule)?;
        let at = steps.partition_point(|(from, _)| *from <= line).checked_sub(1)?;
        Some(&self.all[steps[at].1?])
    }
}

/// The lines at which the first that holds changes, from the lines at which each begins and ends to hold.
fn steps(mut ends: Vec<(u32, bool, usize)>) -> Vec<(u32, Option<usize>)> {
    ends.sort_unstable();
    let mut holding = BTreeSet::new();
    let mut steps: Vec<(u32, Option<usize>)> = Vec::new();
    for (line, begins, at) in ends {
        if begins {
            holding.insert(at);
        } else {
            holding.remove(&at);
        }
        let first = holding.first().copied();
        match steps.last_mut().filter(|it| it.0 == line) {
            Some(last) => last.1 = first,
            None => steps.push((line, first)),
        }
    }
    steps
}

fn note(span: Span, message: String) -> Finding {
    Finding {
        rule: UNUSED,
        severity: Severity::Note,
        certainty: Certainty::Certain,
        resource: None,
        message,
        at: Label::new(span, "this allowance"),
        because: Vec::new(),
        help: Some("repair it, or take it out: `iac-check: allow(RULE) because REASON`".to_owned()),
        evidence: BTreeMap::new(),
    }
}
