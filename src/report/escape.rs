//! Makes visible what a terminal or a build log would act upon: names and source texts are others' words.

use std::{borrow::Cow, fmt::Write as _};

/// Whether the character after `before` in a text, followed by `after`, would be acted upon rather than shown.
///
/// Control characters move the cursor and recolour; marks of direction reorder; characters without width hide; and a
/// build log takes `##[…` and `##vso[…`, wherever they stand in a line, for a command to itself.
pub fn is_hostile(before: Option<char>, character: char, after: Option<char>) -> bool {
    character.is_control()
        || is_invisible(character)
        || (character == '#'
            && before == Some('#')
            && after.is_some_and(|after| after == '[' || after.is_ascii_alphabetic()))
}

/// Marks of direction, separators of lines, and what has no width or no shape.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` on one line, with every hostile character written out: `\n`, `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !characters(text).any(|(before, character, after)| is_hostile(before, character, after)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (before, character, after) in characters(text) {
        if is_hostile(before, character, after) {
            push_escape(&mut shown, character);
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Writes `character` out.
pub fn push_escape(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        other => write!(shown, "\\u{{{:x}}}", u32::from(other)).expect("writing to a String does not fail"),
    }
}

/// Each character with its neighbours.
pub fn characters(text: &str) -> impl Iterator<Item = (Option<char>, char, Option<char>)> + '_ {
    let mut before = None;
    let mut rest = text.chars();
    std::iter::from_fn(move || {
        let character = rest.next()?;
        let after = rest.clone().next();
        Some((before.replace(character), character, after))
    })
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn hostile_characters_are_written_out() {
        assert_eq!(visible("aws_vpc.größe[\"ü\"] 東京 # ## x"), "aws_vpc.größe[\"ü\"] 東京 # ## x");
        assert_eq!(visible("a\n::error::b\r\t\0"), "a\\n::error::b\\r\\t\\u{0}");
        assert_eq!(visible("\u{1b}[31m\u{9b}0m\u{7f}"), "\\u{1b}[31m\\u{9b}0m\\u{7f}");
        assert_eq!(visible("\u{202e}a\u{2066}b\u{200b}c\u{e0041}d\u{2028}"), {
            "\\u{202e}a\\u{2066}b\\u{200b}c\\u{e0041}d\\u{2028}"
        });
        assert_eq!(visible("x ##[error]y ##vso[task]"), "x #\\u{23}[error]y #\\u{23}vso[task]");
    }
}
