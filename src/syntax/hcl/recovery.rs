//! Where to go on after an item that does not parse.

use super::scan::{Ending, name_length};

/// Where the item after the broken one starts. The broken one stands at `start`, and its words ended at `end`.
///
/// If its brackets match, its end is known. If not, its words run to the end of the file, and the next line that starts
/// like a top-level item is taken for one.
pub(super) fn next_item(text: &str, start: usize, end: usize, ending: Ending) -> usize {
    let start = start + (text[start..].len() - text[start..].trim_start().len());
    match ending {
        Ending::Closed if is_line_start(text, start) => after_orphans(text, end),
        Ending::Closed => end,
        Ending::Open => next_start(text, start).unwrap_or(text.len()),
    }
}

fn is_line_start(text: &str, at: usize) -> bool {
    at == 0 || text.as_bytes()[at - 1] == b'\n'
}

/// Passes over lines that belong to the broken item: those that are indented, and closing braces.
fn after_orphans(text: &str, from: usize) -> usize {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let is_orphan = line.starts_with([' ', '\t', '}', ')', ']']) || line.trim().is_empty();
        if !is_orphan {
            break;
        }
        at += line.len();
    }
    at
}

/// The first line after the one at `from` that starts like an item of the kind that stands at `from`.
fn next_start(text: &str, from: usize) -> Option<usize> {
    let is_item = if is_argument(&text[from..]) { is_argument } else { is_block };
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if from < at && is_item(line) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// `name =`
fn is_argument(line: &str) -> bool {
    let name = name_length(line);
    let rest = line[name..].trim_start_matches([' ', '\t']);
    0 < name && rest.starts_with('=') && !rest.starts_with("==")
}

/// `name "label" label {`
fn is_block(line: &str) -> bool {
    let name = name_length(line);
    let mut rest = line[name..].trim_start_matches([' ', '\t']);
    while 0 < name && !rest.starts_with('{') {
        let label = match rest.strip_prefix('"') {
            Some(quoted) => quoted.find('"').map_or(0, |end| end + 2),
            None => name_length(rest),
        };
        if label == 0 {
            return false;
        }
        rest = rest[label..].trim_start_matches([' ', '\t']);
    }
    0 < name
}
