//! After a syntax error: the rest of the document, without the entry that holds the error.
//!
//! The entry is written over with blanks, line by line, so that everything else keeps its place, and the document is
//! read again. An entry is what stands in a key of the document's first level: of a template, one resource.

use std::ops::Range;

use granit_parser::ErrorKind;

/// How many times a document is read again, and how many bytes of it in all.
const MOST_READINGS: usize = 400;
const MOST_BYTES: usize = 100 << 20;

/// A text that gets shorter of what does not parse.
#[derive(Debug)]
pub(super) struct Remains {
    bytes: Vec<u8>,
    readings: usize,
    pub(super) is_whole: bool,
}

impl Remains {
    pub(super) fn of(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), readings: 0, is_whole: true }
    }

    pub(super) fn text(&self) -> &str {
        // Whole lines become blanks, and line breaks blanks: what was UTF-8 is.
        std::str::from_utf8(&self.bytes).unwrap_or("")
    }

    /// Takes out what stands around an error; false where nothing more can be done. `None` for the error: it is none, to
    /// others.
    pub(super) fn repair(&mut self, kind: &ErrorKind, at: usize) -> Repair {
        self.readings += 1;
        if MOST_READINGS < self.readings || MOST_BYTES < self.readings * self.bytes.len() {
            return Repair::Impossible;
        }
        if *kind == ErrorKind::InvalidQuotedScalarIndent && self.unfold(at) {
            return Repair::NoError;
        }
        match self.entry(at) {
            Some(lines) => {
                self.is_whole = false;
                for byte in &mut self.bytes[lines] {
                    if *byte != b'\n' && *byte != b'\r' {
                        *byte = b' ';
                    }
                }
                Repair::Done
            }
            None => Repair::Impossible,
        }
    }

    /// A quoted text may go on further left than what it stands in, for every other reader: its line joins the one
    /// before, as it does in the text.
    fn unfold(&mut self, at: usize) -> bool {
        let before = &self.bytes[..at.min(self.bytes.len())];
        let Some(line_break) = before.iter().rposition(|byte| *byte == b'\n') else { return false };
        let is_blank = before[line_break + 1..].iter().all(|byte| matches!(byte, b' ' | b'\t'));
        if is_blank {
            self.bytes[line_break] = b' ';
        }
        is_blank
    }

    /// The lines of the entry that `at` stands in.
    fn entry(&self, at: usize) -> Option<Range<usize>> {
        let lines = lines(&self.bytes);
        let of_error = lines.iter().rposition(|line| line.start <= at)?;
        let indent = |line: &Range<usize>| indent(&self.bytes[line.clone()]);
        let section = lines[..=of_error].iter().rposition(|line| indent(line) == Some(0))?;
        let within = lines[section + 1..].iter().find_map(indent).filter(|&indent| 0 < indent)?;
        let first =
            section + 1 + lines[section + 1..=of_error].iter().rposition(|line| indent(line) == Some(within))?;
        let length = lines[first + 1..].iter().position(|line| indent(line).is_some_and(|it| it <= within));
        let last = length.map_or(lines.len() - 1, |length| (first + length).max(of_error));
        Some(lines[first].start..lines[last].end)
    }
}

/// What came of a repair.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// Something was taken out.
    Done,
    /// What was refused is fine.
    NoError,
    Impossible,
}

fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        lines.push(start..start + line.len());
        start += line.len();
    }
    lines
}

/// How far a line is indented; none of one that says nothing.
fn indent(line: &[u8]) -> Option<usize> {
    let indent = line.iter().position(|byte| *byte != b' ')?;
    let says_nothing = matches!(line[indent], b'\n' | b'\r' | b'#');
    (!says_nothing).then_some(indent)
}
