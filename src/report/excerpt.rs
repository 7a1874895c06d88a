//! The few short rows of source that a finding points at, made safe to show. A plan is often one line of many megabytes,
//! and its labels lie far apart in it: each gets a window of its own, with its real line and column.

use std::ops::Range;

use codespan_reporting::files;

use super::escape;
use crate::{
    secret,
    source::{Place, SourceId, SourceMap, Span},
};

/// How many columns before a span are shown where its line is cut.
const BEFORE: usize = 16;

const CUT: char = '…';

/// A text made of rows cut out of the sources. What it says of itself (names, lines, columns) is true of the sources.
#[derive(Debug)]
pub(super) struct Excerpt {
    pieces: Vec<Piece>,
}

/// Where a span is in an [`Excerpt`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The piece, as codespan asks for it.
    pub piece: usize,
    pub range: Range<usize>,
    /// The span goes on where the excerpt ends.
    pub cut: bool,
}

/// Rows of one source: those of every label in it, or, where the lines are long, one window on one label.
#[derive(Debug)]
struct Piece {
    name: String,
    text: String,
    rows: Vec<Row>,
    /// Where each mark starts: here, and in the source.
    starts: Vec<(usize, Place)>,
}

/// One line of a piece.
#[derive(Debug)]
struct Row {
    /// The line's number in the source, from one.
    number: usize,
    /// Without its line break.
    range: Range<usize>,
    /// Where each shown character stands: in the source, and here. The last one is the row's end.
    offsets: Vec<(usize, usize)>,
}

/// What a piece will show, before it is cut.
#[derive(Debug)]
struct Plan {
    source: SourceId,
    windows: Vec<Window>,
    whole_lines: bool,
}

/// Which plan shows a span, and on which of its lines that ends.
#[derive(Clone, Copy, Debug)]
struct Choice {
    plan: usize,
    last_line: usize,
}

/// The part of one line that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Window {
    number: usize,
    line: Range<usize>,
    shown: Range<usize>,
}

impl Excerpt {
    /// Cuts out what `spans` point at, `width` columns of a line at most, and says where each of them is now.
    pub(super) fn of(sources: &SourceMap, spans: &[Span], width: usize) -> (Self, Vec<Mark>) {
        let mut plans: Vec<Plan> = Vec::new();
        let choices: Vec<Choice> = spans.iter().map(|span| choose(sources, *span, width, &mut plans)).collect();
        let mut pieces: Vec<Piece> = plans.iter().map(|plan| cut(sources, width, plan)).collect();
        let marks = choices.iter().zip(spans).map(|(choice, span)| mark(sources, *span, choice, &mut pieces)).collect();
        (Self { pieces }, marks)
    }

    /// The row that a mark ends in.
    pub(super) fn row_text(&self, mark: &Mark) -> &str {
        let piece = &self.pieces[mark.piece];
        let after = piece.rows.partition_point(|row| row.range.start <= mark.range.end);
        &piece.text[piece.rows[after.saturating_sub(1)].range.clone()]
    }

    fn piece(&self, id: usize) -> Result<&Piece, files::Error> {
        self.pieces.get(id).ok_or(files::Error::FileMissing)
    }
}

/// Adds what shows `span` to one of `plans`, and says to which.
fn choose(sources: &SourceMap, span: Span, width: usize, plans: &mut Vec<Plan>) -> Choice {
    let lines = lines_of(sources, span);
    let text = sources.whole(span.source);
    let whole_lines = lines.iter().all(|(_, line)| width_to(&text[line.clone()], width).is_none());
    let windows: Vec<Window> =
        lines.into_iter().map(|(number, line)| window(text, span, width, number, line)).collect();
    let last_line = windows.iter().map(|it| it.number).max().unwrap_or(1);
    let holder = plans.iter().position(|plan| {
        plan.source == span.source
            && plan.whole_lines == whole_lines
            && (whole_lines || windows.iter().all(|it| plan.windows.contains(it)))
    });
    let plan = holder.unwrap_or_else(|| {
        plans.push(Plan { source: span.source, windows: Vec::new(), whole_lines });
        plans.len() - 1
    });
    plans[plan].windows.extend(windows);
    Choice { plan, last_line }
}

/// The lines that show what `span` is: its first one, and the next where the first has no word of it (the `{` of a
/// JSON object). A long span is recognised by its beginning.
fn lines_of(sources: &SourceMap, span: Span) -> Vec<(usize, Range<usize>)> {
    let text = sources.whole(span.source);
    let first = sources.line(span.source, span.start);
    let number = sources.place(span).start.line.get() as usize;
    let own = &text[span.bytes().start.min(first.end)..span.bytes().end.min(first.end)];
    let mut lines = vec![(number, first.clone())];
    if span.bytes().end > first.end && !own.contains(char::is_alphanumeric) {
        let next = first.end + text[first.end..].find('\n').map_or(0, |at| at + 1);
        if first.end < next && next < span.bytes().end {
            lines.push((number + 1, sources.line(span.source, span.source.span(next..next).start)));
        }
    }
    lines
}

/// The part of `line` that shows `span`.
fn window(text: &str, span: Span, width: usize, number: usize, line: Range<usize>) -> Window {
    let Some(_) = width_to(&text[line.clone()], width) else {
        return Window { number, shown: line.clone(), line };
    };
    let start = span.bytes().start.clamp(line.start, line.end);
    let end = span.bytes().end.clamp(start, line.end);
    // A span that fills the window starts it; a short one is shown with what stands before it.
    let before = match width_to(&text[start..end], width.saturating_sub(BEFORE)) {
        Some(_) => 0,
        None => BEFORE,
    };
    let first = back(&text[line.start..start], before).map_or(line.start, |at| line.start + at);
    let last = width_to(&text[first..line.end], width).map_or(line.end, |at| first + at);
    Window { number, line, shown: first..last }
}

/// The offset at which `text` has reached `width` columns; `None` where it does not reach beyond them.
fn width_to(text: &str, width: usize) -> Option<usize> {
    let mut columns = 0;
    for (at, character) in text.char_indices() {
        columns += columns_of(character);
        if width < columns {
            return Some(at);
        }
    }
    None
}

/// The offset at which the last `width` columns of `text` start; `None` where it has no more than them.
fn back(text: &str, width: usize) -> Option<usize> {
    let mut columns = 0;
    for (at, character) in text.char_indices().rev() {
        columns += columns_of(character);
        if width < columns {
            return Some(at + character.len_utf8());
        }
    }
    None
}

/// At least as many columns as a character takes up, once it is safe to show.
fn columns_of(character: char) -> usize {
    if escape::is_hostile(None, character, None) {
        character.escape_unicode().count()
    } else if character < '\u{1100}' {
        1
    } else {
        2
    }
}

fn cut(sources: &SourceMap, width: usize, plan: &Plan) -> Piece {
    let text = sources.whole(plan.source);
    let mut windows = plan.windows.clone();
    windows.sort_by_key(|it| it.number);
    windows.dedup();
    let windows = with_gaps_of_one_filled(text, width, windows);
    let mut piece = Piece {
        name: escape::visible(sources.path(plan.source)).into_owned(),
        text: String::new(),
        rows: Vec::new(),
        starts: Vec::new(),
    };
    for window in windows {
        let hidden = hidden(sources, plan.source, &window);
        let row = row(text, &window, &hidden, &mut piece.text);
        piece.rows.push(row);
    }
    piece
}

/// Where one line parts two rows it is shown as well: a mark for "left out" would take as much room.
fn with_gaps_of_one_filled(text: &str, width: usize, windows: Vec<Window>) -> Vec<Window> {
    let mut filled: Vec<Window> = Vec::with_capacity(windows.len());
    for window in windows {
        if let Some(last) = filled.last()
            && last.number + 2 == window.number
        {
            let between = &text[last.line.end..window.line.start];
            let start = last.line.end + between.find('\n').map_or(0, |at| at + 1);
            let line = start..start + text[start..].find(['\r', '\n']).unwrap_or(0);
            let shown = line.start..width_to(&text[line.clone()], width).map_or(line.end, |at| line.start + at);
            filled.push(Window { number: window.number - 1, line, shown });
        }
        filled.push(window);
    }
    filled
}

/// What of a window is secret, as bytes of the source.
fn hidden(sources: &SourceMap, source: SourceId, window: &Window) -> Vec<Range<usize>> {
    let text = sources.whole(source);
    let start = window.line.start + secret::start_of(&text[window.line.start..window.shown.start]);
    let end = window.shown.end;
    let mut hidden: Vec<_> = sources.secrets(source, start..end).collect();
    if sources.is_concealed(source) {
        let values = secret::values_in(&text[start..end]);
        hidden.push(start + values.start..start + values.end);
    } else {
        hidden.extend(secret::secrets_in(text, start..end));
    }
    hidden
}

fn row(source: &str, window: &Window, hidden: &[Range<usize>], text: &mut String) -> Row {
    let start = text.len();
    if window.line.start < window.shown.start {
        text.push(CUT);
    }
    let mut offsets = Vec::new();
    let mut at = window.shown.start;
    let mut is_hidden = false;
    for (before, character, after) in escape::characters(&source[window.shown.clone()]) {
        offsets.push((at, text.len()));
        if hidden.iter().any(|it| it.contains(&at)) {
            // One mark for all of it, so that its length is not told either.
            if !is_hidden {
                text.push(CUT);
            }
            is_hidden = true;
        } else if character != '\t' && escape::is_hostile(before, character, after) {
            escape::push_escape(text, character);
            is_hidden = false;
        } else {
            text.push(character);
            is_hidden = false;
        }
        at += character.len_utf8();
    }
    offsets.push((at, text.len()));
    if window.shown.end < window.line.end {
        text.push(CUT);
    }
    let range = start..text.len();
    text.push('\n');
    Row { number: window.number, range, offsets }
}

fn mark(sources: &SourceMap, span: Span, choice: &Choice, pieces: &mut [Piece]) -> Mark {
    let piece = &mut pieces[choice.plan];
    let place = sources.place(span).start;
    let start = piece.row(place.line.get() as usize).offset(span.bytes().start);
    let last = piece.row(choice.last_line);
    let end = last.offset(span.bytes().end).max(start);
    let cut = last.source_end() < span.bytes().end;
    piece.starts.push((start, place));
    Mark { piece: choice.plan, range: start..end, cut }
}

impl Piece {
    fn row(&self, number: usize) -> &Row {
        self.rows.iter().find(|row| row.number == number).expect("a piece has the lines that were chosen for it")
    }
}

impl Row {
    /// Where the source's byte `offset` is in the piece, or the shown place nearest to it.
    fn offset(&self, offset: usize) -> usize {
        let at = self.offsets.partition_point(|(source, _)| *source < offset).min(self.offsets.len() - 1);
        self.offsets[at].1
    }

    fn source_end(&self) -> usize {
        self.offsets[self.offsets.len() - 1].0
    }
}

impl<'a> files::Files<'a> for Excerpt {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.piece(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.piece(id)?.text)
    }

    /// A line's index is one less than its number in the source, so that rows far apart are drawn apart.
    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, files::Error> {
        let piece = self.piece(id)?;
        let after = piece.rows.partition_point(|row| row.range.start <= byte);
        Ok(piece.rows[after.saturating_sub(1)].number - 1)
    }

    fn line_range(&'a self, id: usize, index: usize) -> Result<Range<usize>, files::Error> {
        let piece = self.piece(id)?;
        let missing = files::Error::LineTooLarge { given: index, max: piece.rows.len() };
        piece.rows.iter().find(|row| row.number == index + 1).map(|row| row.range.clone()).ok_or(missing)
    }

    fn column_number(&'a self, id: usize, _: usize, byte: usize) -> Result<usize, files::Error> {
        let start = self.piece(id)?.starts.iter().find(|(start, _)| *start == byte);
        start.map(|(_, place)| place.column.get() as usize).ok_or(files::Error::IndexTooLarge { given: byte, max: 0 })
    }
}
