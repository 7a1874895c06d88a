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
    /// Values that are the same as others, by name: each leads to one that stands for both.
    same: FxHashMap<String, String>,
    /// Values that are not the same.
    different: Vec<(String, String)>,
    others: FxHashMap<String, bool>,
    /// How every condition came out, by name.
    pub(super) conditions: BTreeMap<String, bool>,
}

/// What is known of a value that is not known whole.
#[derive(Clone, Debug, Default)]
struct Knowledge {
    is: Option<String>,
    is_not: BTreeSet<String>,
    /// The only ones that it can be.
    allowed: Option<Vec<String>>,
}

impl Knowledge {
    /// It can be nothing but one of these.
    fn allow(&mut self, allowed: Option<&[String]>) {
        match (&mut self.allowed, allowed) {
            (Some(known), Some(allowed)) => known.retain(|it| allowed.contains(it)),
            (known @ None, Some(allowed)) => *known = Some(allowed.to_vec()),
            (_, None) => (),
        }
    }

    fn can_be(&self, text: &str) -> bool {
        !self.is_not.contains(text) && self.allowed.as_ref().is_none_or(|it| it.iter().any(|it| it == text))
    }

    /// The only one that is left.
    fn only(&self) -> Option<String> {
        let mut left = self.allowed.as_ref()?.iter().filter(|it| !self.is_not.contains(*it));
        let first = left.next()?;
        left.all(|it| it == first).then(|| first.clone())
    }

    /// Whether nothing at all is left.
    fn is_nothing(&self) -> bool {
        self.allowed.as_ref().is_some_and(|it| it.iter().all(|it| self.is_not.contains(it)))
    }
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
        let root = self.root(name);
        let knowledge = self.values.entry(root.clone()).or_default();
        knowledge.allow(allowed);
        if let Some(is) = &knowledge.is {
            return is == text;
        }
        if !knowledge.can_be(text) {
            return false;
        }
        let answer = knowledge.only().as_deref() == Some(text) || self.choose();
        self.learn(root, text.to_owned(), answer);
        answer
    }

    /// Whether two values are the same text, each with the only ones that it can be. What is the same as a third is the
    /// same.
    pub(super) fn equal(&mut self, one: (&str, Option<&[String]>), other: (&str, Option<&[String]>)) -> bool {
        let roots = [self.root(one.0), self.root(other.0)];
        if roots[0] == roots[1] {
            return true;
        }
        for (root, allowed) in roots.iter().zip([one.1, other.1]) {
            self.values.entry(root.clone()).or_default().allow(allowed);
        }
        let is = |this: &Self, root: &String| this.values.get(root).and_then(|it| it.is.clone());
        match (is(self, &roots[0]), is(self, &roots[1])) {
            (Some(one), Some(other)) => return one == other,
            (Some(text), None) => return self.is(other.0, &text, other.1),
            (None, Some(text)) => return self.is(one.0, &text, one.1),
            (None, None) => (),
        }
        if self.differ(&roots[0]).contains(&roots[1]) {
            return false;
        }
        let [kept, gone] = roots;
        let mut both = self.values.get(&kept).cloned().unwrap_or_default();
        let theirs = self.values.get(&gone).cloned().unwrap_or_default();
        both.allow(theirs.allowed.as_deref());
        both.is_not.extend(theirs.is_not);
        if both.is_nothing() {
            return false;
        }
        let answer = self.choose();
        if answer {
            self.same.insert(gone, kept.clone());
            self.values.insert(kept, both);
        } else {
            self.different.push((kept, gone));
        }
        answer
    }

    /// The name that stands for all that are known to be the same as `name`.
    fn root(&self, name: &str) -> String {
        let mut at = name;
        while let Some(next) = self.same.get(at) {
            at = next;
        }
        at.to_owned()
    }

    /// The values that are known to be others than the one of `root`.
    fn differ(&self, root: &str) -> BTreeSet<String> {
        let pairs = self.different.iter().map(|(one, other)| (self.root(one), self.root(other)));
        let others = pairs.filter_map(|(one, other)| match root {
            root if root == one => Some(other),
            root if root == other => Some(one),
            _ => None,
        });
        others.collect()
    }

    /// The value of `root` is `text`, or is not: so those that differ from it are not, and where one is left, it is that.
    fn learn(&mut self, root: String, text: String, holds: bool) {
        let mut open = vec![(root, text, holds)];
        while let Some((root, text, holds)) = open.pop() {
            let knowledge = self.values.entry(root.clone()).or_default();
            if knowledge.is.is_some() {
                continue;
            }
            if holds {
                knowledge.is = Some(text.clone());
                open.extend(self.differ(&root).into_iter().map(|other| (other, text.clone(), false)));
            } else {
                knowledge.is_not.insert(text);
                open.extend(knowledge.only().map(|it| (root, it, true)));
            }
        }
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
    fn what_is_the_same_as_a_third_is_the_same() {
        let ask =
            |it: &mut Choices| vec![it.equal(("X", None), ("Y", None)), it.is("X", "a", None), it.is("Y", "a", None)];
        let all = [[true, true, true], [true, false, false], [false, true, false], [false, false, true], [false; 3]];
        assert_eq!(worlds(ask), all.into_iter().map(Vec::from).collect());
        let ask =
            |it: &mut Choices| vec![it.is("X", "a", None), it.is("Y", "a", None), it.equal(("Y", None), ("X", None))];
        let all = [[true, true, true], [true, false, false], [false, true, false], [false, false, true], [false; 3]];
        assert_eq!(worlds(ask), all.into_iter().map(Vec::from).collect());
        let ask = |it: &mut Choices| {
            [("X", "Y"), ("Y", "Z"), ("Z", "X")].map(|(a, b)| it.equal((a, None), (b, None))).to_vec()
        };
        assert!(worlds(ask).iter().all(|it| it.iter().filter(|same| **same).count() != 2), "two of three is none");
    }

    #[test]
    fn values_that_differ_share_what_is_allowed() {
        let allowed = ["a".to_owned(), "b".to_owned()];
        let only = Some(&allowed[..]);
        let ask =
            |it: &mut Choices| vec![it.equal(("X", only), ("Y", only)), it.is("X", "a", only), it.is("Y", "a", only)];
        let all = [[true, true, true], [true, false, false], [false, true, false], [false, false, true]];
        assert_eq!(worlds(ask), all.into_iter().map(Vec::from).collect());
        let (one, other) = (["a".to_owned()], ["b".to_owned()]);
        assert_eq!(worlds(|it| vec![it.equal(("X", Some(&one)), ("Y", Some(&other)))]), BTreeSet::from([vec![false]]));
    }

    #[test]
    fn a_question_has_one_answer_in_a_world() {
        let found = worlds(|it| vec![it.any("a"), it.any("b"), it.any("a")]);
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|it| it[0] == it[2]));
    }
}
