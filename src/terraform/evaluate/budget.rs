//! What the evaluation of one project may take: so many steps of work, so many bytes of text.

use std::{collections::BTreeMap, sync::Arc};

use crate::terraform::cty::{Data, Term, TextPart, Unknown};

/// How many steps are taken in one project: expressions, and what takes as long.
const MOST_STEPS: u64 = 10_000_000;

/// How many bytes of text are made in one project, whether or not they are still held. What is made by one expression
/// has bounds of its own, so that it goes beyond by little.
const MOST_TEXT: u64 = 256 << 20;

/// So many items that a function goes over take about as long as one expression.
const ITEMS_A_STEP: u64 = 8;

/// And so many bytes of text.
const BYTES_A_STEP: u64 = 64;

/// So many bytes of a file: digests are quick, and archives large.
const READ_BYTES_A_STEP: u64 = 128;

/// How many steps it takes to find a file in a folder.
const STEPS_A_FILE: u64 = 4;

/// How many steps a part of what a function makes stands for: some are many to a step of work, and all take memory.
const STEPS_A_PART: u64 = 2;

/// How many steps an object stands for: the smallest takes as much memory as so many items.
const STEPS_AN_OBJECT: u64 = 16;

/// How many steps a call takes that fails: what it had made by then is not seen.
const STEPS_A_FAILURE: u64 = 64;

/// How much has been taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    steps: u64,
    text: u64,
}

impl Budget {
    /// Takes the step of one expression; or says which bound is reached.
    pub(super) fn step(&mut self) -> Result<(), &'static str> {
        if MOST_STEPS <= self.steps {
            return Err("evaluation stopped here: this project has taken 10,000,000 steps, and no more are taken");
        }
        if MOST_TEXT <= self.text {
            return Err("evaluation stopped here: this project has made 256 MiB of text, and no more is made");
        }
        self.take(1);
        Ok(())
    }

    /// Text is made: written out in the code or put together.
    pub(super) fn write(&mut self, bytes: usize) {
        self.text = self.text.saturating_add(counted(bytes));
    }

    /// An interpolation is written into a text.
    pub(super) fn interpolate(&mut self, value: &Term) {
        self.write(text_length(value));
    }

    /// An object is made.
    pub(super) fn object(&mut self) {
        self.take(STEPS_AN_OBJECT);
    }

    /// The keys of a collection are made into values.
    pub(super) fn keys(&mut self, collection: &Term) {
        let keys = collection.as_entries().into_iter().flat_map(BTreeMap::keys);
        self.write(keys.map(String::len).sum());
    }

    /// A function is given this, and goes over the whole of it.
    pub(super) fn give(&mut self, arguments: &[Term]) {
        for argument in arguments {
            let items = argument.as_items().map(<[Term]>::len).or_else(|| argument.as_entries().map(BTreeMap::len));
            self.take(counted(items.unwrap_or_default()) / ITEMS_A_STEP);
            self.take(counted(argument.as_text().map_or(0, str::len)) / BYTES_A_STEP);
        }
    }

    /// A function has failed.
    pub(super) fn fail(&mut self) {
        self.take(STEPS_A_FAILURE);
    }

    /// A file is read.
    pub(super) fn read(&mut self, bytes: usize) {
        self.take(counted(bytes) / READ_BYTES_A_STEP);
    }

    /// A folder is looked through.
    pub(super) fn list(&mut self, files: usize) {
        self.take(counted(files).saturating_add(1).saturating_mul(STEPS_A_FILE));
    }

    /// A function has made this. What it shares with anything else, such as with what it was given, was there before:
    /// whoever asks still holds that.
    pub(super) fn make(&mut self, result: &Term) {
        let mut open = vec![result];
        while let Some(term) = open.pop() {
            self.take(STEPS_A_PART);
            match &term.data {
                Data::Text(text) if is_fresh(text) => self.write(text.len()),
                Data::Unknown(unknown) if is_fresh(unknown) => self.write(parts_length(unknown)),
                Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) if is_fresh(items) => {
                    open.extend(items.iter());
                }
                Data::Map(_, entries) | Data::Object(entries) if is_fresh(entries) => {
                    self.object();
                    self.write(entries.keys().map(String::len).sum());
                    open.extend(entries.values());
                }
                Data::Null(_)
                | Data::Bool(_)
                | Data::Number(_)
                | Data::Text(_)
                | Data::List(..)
                | Data::Set(..)
                | Data::Map(..)
                | Data::Tuple(_)
                | Data::Object(_)
                | Data::Resource(_)
                | Data::Unknown(_) => (),
            }
        }
    }

    fn take(&mut self, steps: u64) {
        self.steps = self.steps.saturating_add(steps);
    }
}

/// Whether nothing else holds it.
fn is_fresh<T: ?Sized>(shared: &Arc<T>) -> bool {
    Arc::strong_count(shared) == 1
}

/// How long a text is, as far as it is known.
fn text_length(term: &Term) -> usize {
    term.as_text().map(str::len).or_else(|| term.as_unknown().map(|it| parts_length(it))).unwrap_or_default()
}

fn parts_length(unknown: &Unknown) -> usize {
    let length = |part: &TextPart| match part {
        TextPart::Text(text) => text.len(),
        TextPart::Unknown(_) => size_of::<TextPart>(),
    };
    unknown.parts.iter().map(length).sum()
}

fn counted(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Budget, MOST_TEXT};
    use crate::terraform::cty::Term;

    #[test]
    fn what_is_shared_is_not_made_again() {
        let text = Term::text(&"x".repeat(1000));
        let mut budget = Budget::default();
        budget.make(&Term::tuple(vec![text.clone(), text.clone()]));
        assert_eq!((budget.text, budget.steps), (0, 6));
        drop(text);
        budget.make(&Term::tuple(vec![Term::text("abc"), Term::text("de")]));
        assert_eq!((budget.text, budget.steps), (5, 12));
    }

    #[test]
    fn nothing_is_left_of_what_is_taken() {
        let mut budget = Budget::default();
        budget.write(usize::try_from(MOST_TEXT).unwrap() - 1);
        assert!(budget.step().is_ok());
        budget.write(1);
        assert!(budget.step().unwrap_err().contains("256 MiB"));
        let mut budget = Budget::default();
        budget.read(usize::MAX);
        budget.read(usize::MAX);
        assert!(budget.step().unwrap_err().contains("10,000,000 steps"));
    }
}
