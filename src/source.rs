//! The texts under check, and the places in them. The only module that knows of lines and columns.

use std::{
    num::NonZeroU32,
    ops::Range,
    sync::{Arc, OnceLock},
};

/// One text under check. Only a [`SourceMap`] makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A byte range of one source. Ordered as a reader meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

/// A line and a column, both counted from one; a column is one Unicode scalar value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub line: NonZeroU32,
    pub column: NonZeroU32,
}

/// A text of 4 GiB or more, which no [`Span`] could point into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Every text under check. The only owner of text.
#[derive(Debug, Default)]
pub struct SourceMap {
    /// In the order of their numbers, of which none is empty.
    rows: Vec<Row>,
    /// The number that the next text gets, and the number that none may get.
    next: u32,
    end: Option<NonZeroU32>,
}

/// Sources with numbers in a row.
#[derive(Debug)]
struct Row {
    first: u32,
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    path: String,
    text: Arc<String>,
    /// It holds values that are told nowhere.
    is_concealed: bool,
    /// What of it is told nowhere.
    secrets: Vec<Range<usize>>,
    /// Worked out when the first place in this text is asked for: a run without findings never pays for it.
    lines: OnceLock<Lines>,
}

#[derive(Debug)]
struct Lines {
    /// The offset of each line's first byte.
    starts: Vec<u32>,
    /// How many bytes that continue a scalar value stand before each block of [`BLOCK`] bytes; empty for ASCII.
    continuations: Vec<u32>,
}

/// Plans are often one line of many megabytes: columns are counted from the nearest block, not from the line's start.
const BLOCK: usize = 4096;

/// More things than these are not read at once.
const MOST_BRANCHES: usize = 1 << 20;

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("fewer than 2^32 files fit in memory")
}

impl SourceId {
    /// The bytes `bytes` of this source.
    pub fn span(self, bytes: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).expect("SourceMap::add refuses a text of 4 GiB");
        Span { source: self, start: offset(bytes.start), end: offset(bytes.end) }
    }
}

impl Span {
    /// This span's bytes within its source's text.
    pub fn bytes(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl SourceMap {
    /// Takes a text in. `path` is what reports show: relative to the folder of the run, with `/`.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> Result<SourceId, TooLarge> {
        let (path, text) = (path.into(), text.into());
        if u32::try_from(text.len()).is_err() {
            return Err(TooLarge);
        }
        let number = self.next;
        if self.end.is_some_and(|end| end.get() <= number) || number == u32::MAX {
            return Err(TooLarge);
        }
        self.next += 1;
        let source =
            Source { path, text: Arc::new(text), is_concealed: false, secrets: Vec::new(), lines: OnceLock::new() };
        match self.rows.last_mut() {
            Some(row) if row.first + small(row.sources.len()) == number => row.sources.push(source),
            Some(_) | None => self.rows.push(Row { first: number, sources: vec![source] }),
        }
        Ok(SourceId(number))
    }

    /// So many empty maps, to be filled at once: what is in each stands before what is in the next, and behind what is
    /// here. [`SourceMap::join`] takes their texts in.
    pub fn branches(&self, count: usize) -> Vec<Self> {
        let branches = small(count.min(MOST_BRANCHES));
        let room = (u32::MAX - self.next) / (branches + 1);
        let branch = |at: u32| {
            let next = self.next + at * room;
            Self { rows: Vec::new(), next, end: NonZeroU32::new(next + room) }
        };
        // Those beyond get no room: they take nothing in.
        let full = || Self { rows: Vec::new(), next: u32::MAX, end: None };
        (0..branches).map(branch).chain(std::iter::repeat_with(full)).take(count).collect()
    }

    /// Takes in the texts of a branch, after those of the branches before it.
    pub fn join(&mut self, branch: Self) {
        if !branch.rows.is_empty() {
            self.next = branch.next;
            self.rows.extend(branch.rows);
        }
    }

    /// Takes note that a source holds values of variables, any of which may be secret: reports show where something is
    /// in it, and not what.
    pub fn conceal(&mut self, source: SourceId) {
        let (row, at) = self.position(source);
        self.rows[row].sources[at].is_concealed = true;
    }

    /// Takes note that what stands at `span` is secret: reports show where it is, and not what.
    pub fn conceal_text(&mut self, span: Span) {
        let (row, at) = self.position(span.source);
        self.rows[row].sources[at].secrets.push(span.bytes());
    }

    /// What of `bytes` of this source is secret, by [`SourceMap::conceal_text`].
    pub fn secrets(&self, source: SourceId, bytes: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let secrets = self.source(source).secrets.iter();
        secrets.filter(move |it| it.start < bytes.end && bytes.start < it.end).cloned()
    }

    /// Whether reports show no values of this source.
    pub fn is_concealed(&self, source: SourceId) -> bool {
        self.source(source).is_concealed
    }

    /// Every source, in the order in which they were taken in.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> {
        self.rows.iter().flat_map(|row| (row.first..).take(row.sources.len()).map(SourceId))
    }

    /// The path that reports show for this source.
    pub fn path(&self, source: SourceId) -> &str {
        &self.source(source).path
    }

    /// The whole text of a source.
    pub fn whole(&self, source: SourceId) -> &str {
        &self.source(source).text
    }

    /// The whole text of a source, to keep while others are taken in.
    pub fn shared(&self, source: SourceId) -> Arc<String> {
        Arc::clone(&self.source(source).text)
    }

    /// The text that `span` covers.
    pub fn text(&self, span: Span) -> &str {
        &self.source(span.source).text[span.bytes()]
    }

    /// Where `span` starts and ends; the end is the place just past its last character.
    pub fn place(&self, span: Span) -> Range<Place> {
        let source = self.source(span.source);
        source.place(span.start as usize)..source.place(span.end as usize)
    }

    /// The byte range of the line that `offset` stands on, without its line break.
    pub fn line(&self, source: SourceId, offset: u32) -> Range<usize> {
        let source = self.source(source);
        let lines = source.lines();
        let line = lines.starts.partition_point(|&start| start <= offset) - 1;
        let end = lines.starts.get(line + 1).map_or(source.text.len(), |&next| next as usize - 1);
        let start = lines.starts[line] as usize;
        let end = if end > start && source.text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end };
        start..end
    }

    fn source(&self, source: SourceId) -> &Source {
        let (row, at) = self.position(source);
        &self.rows[row].sources[at]
    }

    /// Its row, and its place in it.
    fn position(&self, source: SourceId) -> (usize, usize) {
        let row = self.rows.partition_point(|row| row.first <= source.0) - 1;
        (row, (source.0 - self.rows[row].first) as usize)
    }
}

impl Source {
    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }

    fn place(&self, offset: usize) -> Place {
        let lines = self.lines();
        let line = lines.starts.partition_point(|&start| start as usize <= offset) - 1;
        let start = lines.starts[line] as usize;
        let scalars = (offset - start) - (self.continuations(lines, offset) - self.continuations(lines, start));
        Place { line: one_based(line), column: one_based(scalars) }
    }

    /// How many bytes before `offset` continue a scalar value.
    fn continuations(&self, lines: &Lines, offset: usize) -> usize {
        let block = offset / BLOCK;
        let Some(&before) = lines.continuations.get(block) else { return 0 };
        before as usize + count_continuations(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

impl Lines {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let small = |at: usize| u32::try_from(at).expect("SourceMap::add refuses a text of 4 GiB");
        let breaks = memchr::memchr_iter(b'\n', bytes).map(|at| small(at + 1));
        let starts = std::iter::once(0).chain(breaks).collect();
        let mut continuations = Vec::new();
        if text.is_ascii() {
            return Self { starts, continuations };
        }
        continuations.push(0);
        let mut sum = 0;
        for block in bytes.chunks(BLOCK) {
            sum += count_continuations(block);
            continuations.push(small(sum));
        }
        Self { starts, continuations }
    }
}

fn count_continuations(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 == 0b1000_0000).count()
}

fn one_based(zero_based: usize) -> NonZeroU32 {
    u32::try_from(zero_based + 1).ok().and_then(NonZeroU32::new).expect("SourceMap::add refuses a text of 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, at: usize) -> (u32, u32) {
        let mut sources = SourceMap::default();
        let id = sources.add("a", text).unwrap();
        let place = sources.place(id.span(at..at)).start;
        (place.line.get(), place.column.get())
    }

    #[test]
    fn columns_count_scalar_values() {
        assert_eq!(place("äöü x", 7), (1, 5));
        assert_eq!(place("a\näx", 4), (2, 2));
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("a\n", 2), (2, 1));
    }

    #[test]
    fn columns_are_right_across_blocks() {
        let text = format!("x\n{}", "é".repeat(BLOCK));
        let at = 2 + 2 * (BLOCK - 3);
        assert_eq!(place(&text, at), (2, u32::try_from(BLOCK).unwrap() - 2));
    }

    #[test]
    fn branches_are_joined_in_their_order() {
        let mut sources = SourceMap::default();
        sources.add("a", "").unwrap();
        let mut branches = sources.branches(3);
        for (branch, name) in branches.iter_mut().zip(["b", "", "d"]).rev() {
            for at in 0..name.len() * 2 {
                branch.add(format!("{name}{at}"), "").unwrap();
            }
        }
        for branch in branches {
            sources.join(branch);
        }
        sources.add("e", "").unwrap();
        let ids: Vec<_> = sources.ids().collect();
        assert!(ids.is_sorted());
        assert_eq!(ids.iter().map(|&id| sources.path(id)).collect::<Vec<_>>(), ["a", "b0", "b1", "d0", "d1", "e"]);
    }

    #[test]
    fn a_line_ends_before_its_break() {
        let mut sources = SourceMap::default();
        let id = sources.add("a", "one\r\ntwo\n\nend").unwrap();
        let line = |at| sources.line(id, at);
        assert_eq!((line(0), line(5), line(9), line(10)), (0..3, 5..8, 9..9, 10..13));
    }
}
