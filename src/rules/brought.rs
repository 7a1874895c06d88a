//! What a plan brings: findings and questions that were not there before.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Verdicts;
use crate::finding::{Certainty, Finding, Unanswered};

impl Verdicts {
    /// Leaves what `before` does not say in the same words, and what it could not say of what `is_new`.
    #[must_use]
    pub fn brought(mut self, before: &Self, is_new: impl Fn(&str) -> bool) -> Self {
        let words = |it: &Finding| (it.rule, it.resource.clone(), it.message.clone());
        let mut known: FxHashMap<_, Certainty> = FxHashMap::default();
        for finding in &before.findings {
            let certainty = known.entry(words(finding)).or_insert(finding.certainty);
            *certainty = (*certainty).max(finding.certainty);
        }
        self.findings.retain(|it| {
            it.resource.as_deref().is_some_and(&is_new)
                || known.get(&words(it)).is_none_or(|certainty| *certainty < it.certainty)
        });
        let questions = |it: &Unanswered| (it.rule, it.resource.clone());
        let open: FxHashSet<_> = before.unanswered.iter().map(questions).collect();
        self.unanswered.retain(|it| is_new(&it.resource) || !open.contains(&questions(it)));
        self
    }
}
