//! JSON read without being built: what nothing asks for is passed over, and all the same checked.
//!
//! A plan of 100,000 resources is mostly text that says nothing of the network. Passing over it allocates nothing, and where
//! nobody wants it checked takes a fifth of the instructions that a parser takes to do so.

use std::borrow::Cow;

use super::marks::{behind_closing, plain_bytes};

/// A place in a JSON text, from which values are read one after the other.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
    passing: Passing,
}

/// How lists and maps are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// Every byte is held to the grammar.
    Checked,
    /// From one bracket to the one that closes it. What stands between them may be no JSON.
    Unread,
}

/// The text is not the JSON that was asked for. Who wants to know why asks a parser that can say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

type Read<T> = Result<T, Broken>;

/// Which of the lists and maps around a place are maps, innermost last: a bit each.
#[derive(Default)]
struct Open {
    depth: usize,
    near: u64,
    far: Vec<u64>,
}

impl Open {
    fn push(&mut self, is_map: bool) {
        if self.depth.is_multiple_of(64) && self.depth != 0 {
            self.far.push(self.near);
        }
        self.near = self.near << 1 | u64::from(is_map);
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth -= 1;
        self.near >>= 1;
        if self.depth.is_multiple_of(64)
            && let Some(near) = self.far.pop()
        {
            self.near = near;
        }
    }

    fn is_map(&self) -> bool {
        self.near & 1 == 1
    }
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, passing: Passing::Checked }
    }

    #[must_use]
    pub fn passing(self, passing: Passing) -> Self {
        Self { passing, ..self }
    }

    /// At another place in its text.
    #[must_use]
    pub fn moved(self, at: usize) -> Self {
        Self { at, ..self }
    }

    /// The first byte of the next value, key, or mark; zero at the end.
    pub fn peek(&mut self) -> u8 {
        loop {
            let byte = self.byte();
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return byte;
            }
            self.at += 1;
        }
    }

    /// Where the next value begins: to take with [`Cursor::since`] what was read from there on.
    pub fn start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// How many bytes stand behind this place.
    pub fn left(&self) -> usize {
        self.text.len() - self.at
    }

    /// The text between `start` and here.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Whether nothing but blanks is left.
    pub fn is_at_end(&mut self) -> bool {
        self.peek();
        self.text.len() <= self.at
    }

    /// The text of the next value, whatever it is.
    pub fn raw(&mut self) -> Read<&'a str> {
        let start = self.start();
        self.skip()?;
        Ok(self.since(start))
    }

    /// Passes over the next value, whatever it is. No depth of nesting exhausts it.
    pub fn skip(&mut self) -> Read<()> {
        if self.passing == Passing::Unread && matches!(self.peek(), b'{' | b'[') {
            self.at = behind_closing(self.text.as_bytes(), self.at + 1).ok_or(Broken)?;
            return Ok(());
        }
        let mut open = Open::default();
        loop {
            match self.peek() {
                b'"' => {
                    self.string()?;
                }
                mark @ (b'{' | b'[') => {
                    self.at += 1;
                    let is_map = mark == b'{';
                    if self.peek() != if is_map { b'}' } else { b']' } {
                        open.push(is_map);
                        if is_map {
                            self.pass_key()?;
                        }
                        continue;
                    }
                    self.at += 1;
                }
                _ => self.plain()?,
            }
            loop {
                if open.depth == 0 {
                    return Ok(());
                }
                match (self.peek(), open.is_map()) {
                    (b',', is_map) => {
                        self.at += 1;
                        if is_map {
                            self.pass_key()?;
                        }
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return Err(Broken),
                }
            }
        }
    }

    /// The next value, a text.
    pub fn text(&mut self) -> Read<Cow<'a, str>> {
        if self.peek() != b'"' {
            return Err(Broken);
        }
        let start = self.at;
        let is_plain = self.string()?;
        let quoted = &self.text[start..self.at];
        if is_plain {
            return Ok(Cow::Borrowed(&quoted[1..quoted.len() - 1]));
        }
        serde_json::from_str(quoted).map(Cow::Owned).map_err(|_| Broken)
    }

    /// The next value if it is a text; another one is passed over.
    pub fn maybe_text(&mut self) -> Read<Option<Cow<'a, str>>> {
        if self.peek() == b'"' { self.text().map(Some) } else { self.skip().map(|()| None) }
    }

    /// The next value, a list: `item` reads each of its items.
    pub fn list(&mut self, mut item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.take(b'[')?;
        if self.peek() == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            match self.peek() {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(Broken),
            }
        }
    }

    /// The next value, a map: `member` is given each of its keys, and reads what stands under it.
    pub fn map(&mut self, mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Read<()>) -> Read<()> {
        self.take(b'{')?;
        if self.peek() == b'}' {
            self.at += 1;
            return Ok(());
        }
        loop {
            let key = self.text()?;
            self.take(b':')?;
            member(self, key)?;
            match self.peek() {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(Broken),
            }
        }
    }

    /// The next value if it is a list, read by `item`; another one is passed over.
    pub fn maybe_list(&mut self, item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        if self.peek() == b'[' { self.list(item) } else { self.skip() }
    }

    /// The next value if it is a map, read by `member`; another one is passed over.
    pub fn maybe_map(&mut self, member: impl FnMut(&mut Self, Cow<'a, str>) -> Read<()>) -> Read<()> {
        if self.peek() == b'{' { self.map(member) } else { self.skip() }
    }

    fn pass_key(&mut self) -> Read<()> {
        if self.peek() != b'"' {
            return Err(Broken);
        }
        self.string()?;
        self.take(b':')
    }

    fn take(&mut self, mark: u8) -> Read<()> {
        if self.peek() != mark {
            return Err(Broken);
        }
        self.at += 1;
        Ok(())
    }

    // Scalars ---------------------------------------------------------------------------------------------------------

    /// Passes over the string that begins here: whether it has no escapes.
    fn string(&mut self) -> Read<bool> {
        self.at += 1;
        let mut is_plain = true;
        loop {
            self.at += plain_bytes(&self.text.as_bytes()[self.at..]);
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(is_plain);
                }
                b'\\' => {
                    is_plain = false;
                    self.escape()?;
                }
                _ => return Err(Broken),
            }
        }
    }

    fn escape(&mut self) -> Read<()> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.at += 2,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => self.at += 6,
            _ => return Err(Broken),
        }
        Ok(())
    }

    /// Passes over `null`, `true`, `false` or a number.
    fn plain(&mut self) -> Read<()> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += match rest {
            [b'n', b'u', b'l', b'l', ..] | [b't', b'r', b'u', b'e', ..] => 4,
            [b'f', b'a', b'l', b's', b'e', ..] => 5,
            [b'-' | b'0'..=b'9', ..] => return self.number(),
            _ => return Err(Broken),
        };
        Ok(())
    }

    fn number(&mut self) -> Read<()> {
        if self.byte() == b'-' {
            self.at += 1;
        }
        let is_zero = self.byte() == b'0';
        let digits = self.digits();
        if digits == 0 || (is_zero && digits != 1) {
            return Err(Broken);
        }
        if self.byte() == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return Err(Broken);
            }
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(Broken);
            }
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    /// Whether the cursor takes the whole text for one value.
    fn is_one(text: &str) -> bool {
        let mut cursor = Cursor::new(text);
        cursor.skip().is_ok() && cursor.is_at_end()
    }

    #[test]
    fn it_takes_what_another_parser_takes() {
        let good = r#" {"a": [1, -0.5e+3, "x\"\u00e9\\", {}, []], "b": {"c": [[null, true], false]}, "": 0} "#;
        assert!(is_one(good));
        // Every way of leaving one byte out, and of putting another in its place.
        for at in 0..good.len() {
            for byte in [None, Some('x'), Some('"'), Some(','), Some('\\'), Some('0'), Some('}'), Some('\n')] {
                let mangled: String =
                    [&good[..at], &byte.map_or(String::new(), String::from), &good[at + 1..]].concat();
                let theirs = serde_json::from_str::<IgnoredAny>(&mangled).is_ok();
                assert_eq!(is_one(&mangled), theirs, "{mangled}");
            }
        }
        for cut in 0..good.trim_end().len() {
            assert!(!is_one(&good[..cut]), "{}", &good[..cut]);
        }
    }

    #[test]
    fn no_depth_exhausts_it() {
        for depth in [63, 64, 65, 128, 129, 1_000_000] {
            let deep = format!("{}1{}", "[{\"a\":".repeat(depth), "}]".repeat(depth));
            assert!(is_one(&deep), "{depth}");
            assert_eq!(Cursor::new(&deep).passing(Passing::Unread).raw(), Ok(deep.as_str()), "{depth}");
            assert!(!is_one(&deep.replace("1}", "1]")), "{depth}");
        }
    }

    #[test]
    fn what_is_asked_for_is_read() {
        let mut cursor = Cursor::new(r#"{"a": "x", "b\n": ["y", 1], "c": {"d": 2}, "e": null}"#);
        let (mut keys, mut texts, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        let read = cursor.map(|cursor, key| {
            match key.as_ref() {
                "a" => texts.extend(cursor.maybe_text()?),
                "b\n" => cursor.maybe_list(|item| {
                    texts.extend(item.maybe_text()?);
                    Ok(())
                })?,
                _ => rest.push(cursor.raw()?),
            }
            keys.push(key);
            Ok(())
        });
        assert_eq!(read, Ok(()));
        assert_eq!((keys.join(" "), texts.join(" ")), ("a b\n c e".to_owned(), "x y".to_owned()));
        assert_eq!(rest, [r#"{"d": 2}"#, "null"]);
        assert!(cursor.is_at_end());
    }
}
