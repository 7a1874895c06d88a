//! What the literal parts of strings and heredocs stand for.

use std::ops::Range;

/// `literal` with its escapes resolved: `$${` and `%%{` everywhere, those with a backslash between quotes. An error
/// names the bytes of the escape that is none.
pub(super) fn unescape(literal: &str, is_quoted: bool) -> Result<String, (Range<usize>, &'static str)> {
    let is_special = |byte: &u8| matches!(byte, b'$' | b'%') || (is_quoted && *byte == b'\\');
    let mut text = String::with_capacity(literal.len());
    let mut at = 0;
    while let Some(plain) = literal.as_bytes()[at..].iter().position(is_special) {
        text.push_str(&literal[at..at + plain]);
        at += plain;
        let rest = &literal[at..];
        if rest.starts_with('\\') {
            let (character, length) = escape(rest).map_err(|(length, message)| (at..at + length, message))?;
            text.push(character);
            at += length;
        } else {
            text.push_str(&rest[..1]);
            at += if rest.starts_with("$${") || rest.starts_with("%%{") { 2 } else { 1 };
        }
    }
    text.push_str(&literal[at..]);
    Ok(text)
}

/// The character that the escape at the start of `rest` stands for, and how many bytes it takes.
fn escape(rest: &str) -> Result<(char, usize), (usize, &'static str)> {
    let Some(selector) = rest[1..].chars().next() else { return Err((1, "expected an escape after `\\`")) };
    match selector {
        'n' => Ok(('\n', 2)),
        'r' => Ok(('\r', 2)),
        't' => Ok(('\t', 2)),
        '"' => Ok(('"', 2)),
        '\\' => Ok(('\\', 2)),
        'u' => code_point(rest, 4, "expected four hexadecimal digits after `\\u`"),
        'U' => code_point(rest, 8, "expected eight hexadecimal digits after `\\U`"),
        other => {
            Err((1 + other.len_utf8(), "expected an escape: one of `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\u`, `\\U`"))
        }
    }
}

fn code_point(rest: &str, digits: usize, message: &'static str) -> Result<(char, usize), (usize, &'static str)> {
    let written = rest[2..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    if written < digits {
        return Err((2 + written, message));
    }
    let number = u32::from_str_radix(&rest[2..2 + digits], 16).ok();
    let character =
        number.and_then(char::from_u32).ok_or((2 + digits, "expected the number of a Unicode character"))?;
    Ok((character, 2 + digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_characters() {
        let quoted = |text| unescape(text, true).unwrap();
        assert_eq!(quoted(r#"a\n\r\t\"\\\u00e9\U0001F600z"#), "a\n\r\t\"\\é😀z");
        assert_eq!(quoted("$${a} %%{b} $$ %% $ $$$${c}"), "${a} %{b} $$ %% $ $$${c}");
        assert_eq!(unescape(r"a\n$${b}", false).unwrap(), r"a\n${b}");
    }

    #[test]
    fn what_is_no_escape_is_an_error_with_its_bytes() {
        let bytes = |text| unescape(text, true).unwrap_err().0;
        assert_eq!(bytes(r"a\xb"), 1..3);
        assert_eq!(bytes(r"a\u12"), 1..5);
        assert_eq!(bytes(r"\ud800"), 0..6);
        assert_eq!(bytes(r"\é"), 0..3);
    }
}
