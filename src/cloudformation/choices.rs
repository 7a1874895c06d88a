//! What a template leaves open, decided one way or the other: each way through is a world.
//!
//! Evaluation asks when it first needs an answer. A run takes the answers that it is given, and answers yes where it is
//! given none; what it was asked beyond is where other worlds branch off. What cannot hold together is never asked: one
//! value is not two texts at once, and not one that its parameter does not allow.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

/// The answers of one run.
#[derive(Debug, Default)]
pub(super) struct Choices {
    given: Vec<bool>,
    /// What was answered, in the order that it was asked.
    made: Vec<bool>,
    values: FxHashMap<String, Knowledge>,
    others: FxHashMap<String, bool>,
    /// How every condition came out, by name.
    pub(super) conditions: BTreeMap<String, bool>,
}

/// What is known of a value that is not known whole.
#[derive(Debug, Default)]
struct Knowledge {
    is: Option<String>,
    is_not: BTreeSet<String>,
}

impl Choices {
    /// A run that takes these answers first.
    pub(super) fn given(given: Vec<bool>) -> Self {
        Self { given, ..Self::default() }
    }

    fn choose(&mut self) -> bool {
        let answer = self.given.get(self.made.len()).copied().unwrap_or(true);
        self.made.push(answer);
        answer
    }

    /// Whether the value named `name` is `text`. `allowed` are the only ones that it can be.
    pub(super) fn is(&mut self, name: &str, text: &str, allowed: Option<&[String]>) -> bool {
        let knowledge = self.values.entry(name.to_owned()).or_default();
        if let Some(is) = &knowledge.is {
            return is == text;
        }
        if knowledge.is_not.contains(text) {
            return false;
        }
        if let Some(allowed) = allowed {
            if !allowed.iter().any(|it| it == text) {
                return false;
            }
            if allowed.iter().all(|it| it == text || knowledge.is_not.contains(it)) {
                return true;
            }
        }
        let answer = self.choose();
        let knowledge = self.values.entry(name.to_owned()).or_default();
        if answer {
            knowledge.is = Some(text.to_owned());
        } else {
            knowledge.is_not.insert(text.to_owned());
        }
        answer
    }

    /// The answer to a question of which nothing is known but that it is the same each time.
    pub(super) fn any(&mut self, question: &str) -> bool {
        if let Some(&answer) = self.others.get(question) {
            return answer;
        }
        let answer = self.choose();
        self.others.insert(question.to_owned(), answer);
        answer
    }

    /// The worlds that branch off this one, beyond the answers that it was given.
    pub(super) fn branches(&self) -> impl Iterator<Item = Vec<bool>> + '_ {
        let open = (self.given.len()..self.made.len()).filter(|&at| self.made[at]);
        open.map(|at| self.made[..at].iter().copied().chain([false]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every world of a run, as the answers to its questions.
    fn worlds(run: impl Fn(&mut Choices) -> Vec<bool>) -> BTreeSet<Vec<bool>> {
        let mut open = vec![Vec::new()];
        let mut worlds = BTreeSet::new();
        while let Some(given) = open.pop() {
            let mut choices = Choices::given(given);
            assert!(worlds.insert(run(&mut choices)), "no world comes twice");
            open.extend(choices.branches());
        }
        worlds
    }

    #[test]
    fn a_value_is_not_two_texts_at_once() {
        let found = worlds(|it| vec![it.is("Stage", "prod", None), it.is("Stage", "dev", None)]);
        assert_eq!(found, BTreeSet::from([vec![true, false], vec![false, true], vec![false, false]]));
    }

    #[test]
    fn a_value_is_one_of_those_that_are_allowed() {
        let allowed = ["prod".to_owned(), "dev".to_owned()];
        let found = worlds(|it| ["prod", "dev", "test"].map(|text| it.is("Stage", text, Some(&allowed))).to_vec());
        assert_eq!(found, BTreeSet::from([vec![true, false, false], vec![false, true, false]]));
    }

    #[test]
    fn a_question_has_one_answer_in_a_world() {
        let found = worlds(|it| vec![it.any("a"), it.any("b"), it.any("a")]);
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|it| it[0] == it[2]));
    }
}
