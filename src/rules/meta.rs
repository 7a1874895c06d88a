//! The head of a rule's page, read while the program is compiled: a page with a bad head does not build.

use crate::finding::Severity;

/// What the first lines of a page say of its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The worst that its findings can be.
    pub severity: Severity,
    /// The first version that has the rule.
    pub since: &'static str,
}

impl Meta {
    pub(crate) const fn of(page: &'static str) -> Self {
        let severity = match field(page, "severity: ").as_bytes() {
            b"note" => Severity::Note,
            b"warning" => Severity::Warning,
            b"error" => Severity::Error,
            _ => panic!("a page's severity is note, warning or error"),
        };
        Self { severity, since: field(page, "since: ") }
    }
}
/// The rest of the page's first line that starts with `key`.
const fn field(page: &'static str, key: &str) -> &'static str {
    let mut rest = page;
    while !rest.is_empty() {
        let (line, after) = rest.split_at(line_length(rest));
        if starts_with(line, key) {
            return line.split_at(key.len()).1.trim_ascii();
        }
        rest = after;
    }
    panic!("a page's head says `severity: ` and `since: `")
}

const fn line_length(text: &str) -> usize {
    let mut at = 0;
    while at < text.len() {
        at += 1;
        if text.as_bytes()[at - 1] == b'\n' {
            break;
        }
    }
    at
}

const fn starts_with(text: &str, start: &str) -> bool {
    let mut at = 0;
    while at < start.len() {
        if at == text.len() || text.as_bytes()[at] != start.as_bytes()[at] {
            return false;
        }
        at += 1;
    }
    true
}
