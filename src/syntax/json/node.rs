//! JSON as a tree with places. Keys that are given twice are kept twice.

use crate::{
    source::{SourceId, Span},
    syntax::SyntaxError,
};

/// A value of JSON and its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum NodeKind {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    /// Escapes resolved. A string without escapes is, byte for byte, what stands between the quotes of its span.
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a map and its place, with the quotes.
#[derive(Clone, Debug)]
pub struct Key {
    pub text: String,
    pub span: Span,
}

/// How deep a document may be: everything that walks over it walks over it in as many steps down.
const DEEPEST: usize = 500;

/// After an error, what was open this deep or deeper is left out: half a thing would be taken for one that leaves the
/// other half out.
const KEPT_OPEN: usize = 2;

/// A whole document. After an error there is what stood complete before it.
pub fn parse(source: SourceId, text: &str) -> (Node, Vec<SyntaxError>) {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { source, text, at, open: Vec::new() };
    match reader.document() {
        Ok(node) => (node, Vec::new()),
        Err(error) => (reader.what_is_complete(), vec![error]),
    }
}

/// It keeps its own stack of what is open, so no depth of nesting can exhaust it.
struct Reader<'a> {
    source: SourceId,
    text: &'a str,
    at: usize,
    open: Vec<Open>,
}

/// A list or map that is not closed yet.
struct Open {
    start: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { members: Vec<(Key, Node)>, key: Option<Key> },
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl Reader<'_> {
    fn document(&mut self) -> Result<Node> {
        loop {
            let Some(value) = self.value()? else { continue };
            let Some(document) = self.place(value)? else { continue };
            self.blanks();
            return if self.at < self.text.len() { Err(self.expected("the end of the file")) } else { Ok(document) };
        }
    }

    /// The next scalar or empty list or map; none if a list or map has been opened.
    fn value(&mut self) -> Result<Option<Node>> {
        self.blanks();
        let start = self.at;
        let kind = match self.byte() {
            b'"' => NodeKind::Text(self.string()?),
            b'-' | b'0'..=b'9' => NodeKind::Number(self.number()?),
            b'[' => return self.list(),
            b'{' => return self.map(),
            _ => self.keyword()?,
        };
        Ok(Some(Node { kind, span: self.source.span(start..self.at) }))
    }

    fn list(&mut self) -> Result<Option<Node>> {
        let start = self.opened(Content::List(Vec::new()))?;
        self.blanks();
        if self.byte() != b']' {
            return Ok(None);
        }
        self.at += 1;
        self.open.pop();
        Ok(Some(Node { kind: NodeKind::List(Vec::new()), span: self.source.span(start..self.at) }))
    }

    fn map(&mut self) -> Result<Option<Node>> {
        let start = self.opened(Content::Map { members: Vec::new(), key: None })?;
        self.blanks();
        if self.byte() != b'}' {
            return self.key("a key in double quotes or `}`").map(|()| None);
        }
        self.at += 1;
        self.open.pop();
        Ok(Some(Node { kind: NodeKind::Map(Vec::new()), span: self.source.span(start..self.at) }))
    }

    fn opened(&mut self, content: Content) -> Result<usize> {
        let start = self.at;
        if DEEPEST <= self.open.len() {
            return Err(self.expected(&format!("at most {DEEPEST} levels")));
        }
        self.at += 1;
        self.open.push(Open { start, content });
        Ok(start)
    }

    /// A key and its colon.
    fn key(&mut self, what: &str) -> Result<()> {
        self.blanks();
        if self.byte() != b'"' {
            return Err(self.expected(what));
        }
        let start = self.at;
        let text = self.string()?;
        let read = Key { text, span: self.source.span(start..self.at) };
        self.blanks();
        if self.byte() != b':' {
            return Err(self.expected("`:` after the key"));
        }
        self.at += 1;
        if let Some(Open { content: Content::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(read);
        }
        Ok(())
    }

    /// Puts a value where it belongs, and closes what it is the last of. The document, when that is closed.
    fn place(&mut self, value: Node) -> Result<Option<Node>> {
        let mut value = value;
        loop {
            let Some(open) = self.open.last_mut() else { return Ok(Some(value)) };
            let is_map = match &mut open.content {
                Content::List(items) => {
                    items.push(value);
                    false
                }
                Content::Map { members, key } => {
                    members.extend(key.take().map(|key| (key, value)));
                    true
                }
            };
            self.blanks();
            match (self.byte(), is_map) {
                (b',', false) => {
                    self.at += 1;
                    return Ok(None);
                }
                (b',', true) => {
                    self.at += 1;
                    return self.key("another key in double quotes after the comma").map(|()| None);
                }
                (b']', false) | (b'}', true) => self.at += 1,
                (_, false) => return Err(self.expected("`,` or `]`")),
                (_, true) => return Err(self.expected("`,` or `}`")),
            }
            match self.closed() {
                Some(closed) => value = closed,
                None => return Ok(None),
            }
        }
    }

    /// The innermost list or map that is open, closed here.
    fn closed(&mut self) -> Option<Node> {
        let open = self.open.pop()?;
        let kind = match open.content {
            Content::List(items) => NodeKind::List(items),
            Content::Map { members, .. } => NodeKind::Map(members),
        };
        Some(Node { kind, span: self.source.span(open.start..self.at) })
    }

    /// After an error: what was complete, in those lists and maps around it that hold many things.
    fn what_is_complete(&mut self) -> Node {
        self.open.truncate(KEPT_OPEN);
        let mut inner: Option<Node> = None;
        while let Some(mut open) = self.open.pop() {
            match (&mut open.content, inner.take()) {
                (Content::List(items), Some(node)) => items.push(node),
                (Content::Map { members, key }, Some(node)) => members.extend(key.take().map(|key| (key, node))),
                (Content::List(_) | Content::Map { .. }, None) => {}
            }
            self.open.push(open);
            inner = self.closed();
        }
        inner.unwrap_or(Node { kind: NodeKind::Null, span: self.source.span(self.at..self.at) })
    }

    // Scalars ---------------------------------------------------------------------------------------------------------

    fn keyword(&mut self) -> Result<NodeKind> {
        let rest = &self.text.as_bytes()[self.at..];
        let keywords = [("true", NodeKind::Bool(true)), ("false", NodeKind::Bool(false)), ("null", NodeKind::Null)];
        for (word, kind) in keywords {
            let ends = rest.get(word.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
            if rest.starts_with(word.as_bytes()) && ends {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.expected("a value"))
    }

    fn number(&mut self) -> Result<String> {
        let start = self.at;
        if self.byte() == b'-' {
            self.at += 1;
        }
        let is_zero = self.byte() == b'0';
        let digits = self.digits();
        let mut is_number = digits == 1 || (0 < digits && !is_zero);
        if self.byte() == b'.' {
            self.at += 1;
            is_number &= 0 < self.digits();
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            is_number &= 0 < self.digits();
        }
        if is_number {
            Ok(self.text[start..self.at].to_owned())
        } else {
            Err(self.error(start, self.at, "expected a number"))
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<String> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\') || byte < b' ');
            let Some(plain) = plain else {
                return Err(self.error(start, start + 1, "expected a closing quote for this one"));
            };
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => text.push(self.escape()?),
                b'\n' | b'\r' => return Err(self.expected("a closing quote before the end of the line")),
                _ => return Err(self.expected("an escape instead of a control character")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let start = self.at;
        let character = match self.text.as_bytes().get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 2;
                return self.code_point(start);
            }
            // Not passed over: what stands there may have several bytes, or not be there.
            Some(_) | None => return Err(self.error(start, start + 1, "expected an escape after `\\`")),
        };
        self.at += 2;
        Ok(character)
    }

    /// `\uXXXX`, or two of them that make up one character. Half of such a pair stands for no character.
    fn code_point(&mut self, start: usize) -> Result<char> {
        let high = self.hexadecimal(start)?;
        let is_pair = (0xD800..0xDC00).contains(&high) && self.text[self.at..].starts_with("\\u");
        if !is_pair {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let first_end = self.at;
        self.at += 2;
        let low = self.hexadecimal(start)?;
        if (0xDC00..0xE000).contains(&low) {
            let both = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            return Ok(char::from_u32(both).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.at = first_end;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self, start: usize) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let message = "expected four hexadecimal digits after `\\u`";
        let number = number.ok_or_else(|| self.error(start, start + 2, message))?;
        self.at += 4;
        Ok(number)
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// The next byte; zero, which stands nowhere in JSON, at the end.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn expected(&self, what: &str) -> SyntaxError {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        self.error(self.at, self.at + length, &format!("expected {what}"))
    }

    fn error(&self, start: usize, end: usize, message: &str) -> SyntaxError {
        SyntaxError { span: self.source.span(start..end), message: message.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    fn read(text: &str) -> (String, Vec<String>) {
        let source = SourceMap::default().add("main.tf.json", text).unwrap();
        let (node, errors) = parse(source, text);
        let errors = errors.iter().map(|it| format!("{}..{} {}", it.span.start, it.span.end, it.message)).collect();
        (show(&node), errors)
    }

    #[test]
    fn what_is_kept_of_a_broken_text_lies_in_it() {
        for text in ["{\"a\": {\"b\": 1, \"c\": \"\\é\"}}", "{\"a\": {\"b\": 1, \"c\": \"\\"] {
            let source = SourceMap::default().add("main.tf.json", text).unwrap();
            let (node, errors) = parse(source, text);
            assert_eq!(errors.len(), 1);
            assert!(text.get(node.span.bytes()).is_some(), "{text}: {:?}", node.span);
        }
    }

    fn show(node: &Node) -> String {
        match &node.kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Bool(it) => it.to_string(),
            NodeKind::Number(it) => it.clone(),
            NodeKind::Text(it) => format!("{it:?}"),
            NodeKind::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
            NodeKind::Map(members) => {
                let members = members.iter().map(|(key, node)| format!("{}:{}", key.text, show(node)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
        }
    }

    fn good(text: &str) -> String {
        let (shown, errors) = read(text);
        assert_eq!(errors, Vec::<String>::new(), "{text}");
        shown
    }

    fn wrong(text: &str) -> String {
        read(text).1.pop().unwrap_or_default()
    }

    #[test]
    fn documents_are_read_whole() {
        assert_eq!(
            good(r#" {"a": [1, -2.5e3, true, null, {}, []], "a": "x"} "#),
            r#"{a:[1,-2.5e3,true,null,{},[]],a:"x"}"#
        );
        assert_eq!(good(r#""\u00e9\ud83d\ude00\ud800\n\/""#), "\"é😀\u{fffd}\\n/\"");
        assert_eq!(good("\u{feff}1"), "1");
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        assert_eq!(wrong(r#"{"a": 1,}"#), "8..9 expected another key in double quotes after the comma");
        assert_eq!(wrong("[1 2]"), "3..4 expected `,` or `]`");
        assert_eq!(wrong("[01]"), "1..3 expected a number");
        assert_eq!(wrong(r#"{"a" 1}"#), "5..6 expected `:` after the key");
        assert_eq!(wrong("\"a\nb\""), "2..3 expected a closing quote before the end of the line");
        assert_eq!(wrong("{} {}"), "3..4 expected the end of the file");
        assert_eq!(wrong(""), "0..0 expected a value");
        assert!(wrong(&"[".repeat(100_000)).contains("at most"));
    }

    #[test]
    fn what_is_complete_outlives_an_error() {
        let (shown, errors) = read(r#"{"a": {"b": {"c": 1}, "d": {"e": 2, }}}"#);
        assert_eq!((shown.as_str(), errors.len()), ("{a:{b:{c:1}}}", 1));
    }
}
