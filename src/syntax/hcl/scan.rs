//! Cuts HCL into its words, as Terraform's own scanner does: the same modes, the same places where they change.
//!
//! It keeps its own stack of what it stands in, so no depth of nesting can exhaust it.

use std::ops::Range;

use super::token::{Token, TokenKind};

/// Walks over a text, a top-level item or all of it at a time.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    frames: Vec<Frame>,
    /// What is open in the frames of code, innermost last.
    brackets: Vec<u8>,
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Range<usize>>,
}

/// What the scanner stands in.
enum Frame {
    /// Names, numbers and operators; the brackets above `outer` are its own.
    Code {
        outer: usize,
    },
    Quoted,
    Heredoc {
        marker: Range<usize>,
        is_line_start: bool,
    },
    /// A template without quotes around it: a file for `templatefile`, a string of JSON.
    Bare,
}

/// How a piece of a text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// At a line break with nothing open, or at the end of the text with nothing open.
    Closed,
    /// At the end of the text, with something open.
    Open,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, frames: Vec::new(), brackets: Vec::new(), tokens: Vec::new(), comments: Vec::new() }
    }

    /// Where it stands.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes on at `at`, as if nothing had been open there.
    pub(super) fn resume(&mut self, at: usize) {
        self.at = at;
        let kept = self.comments.partition_point(|comment| comment.start < at);
        self.comments.truncate(kept);
    }

    /// The words of the next item of a file: an argument or a block. None after the last.
    pub(super) fn item(&mut self) -> Option<Ending> {
        self.begin(Frame::Code { outer: 0 });
        while self.at < self.text.len() {
            self.step();
            let is_line_end = self.tokens.last().is_some_and(|token| token.kind == TokenKind::Newline);
            if is_line_end && self.frames.len() == 1 && self.brackets.is_empty() {
                if 1 < self.tokens.len() {
                    return Some(self.end());
                }
                self.tokens.clear();
            }
        }
        if self.tokens.is_empty() { None } else { Some(self.end()) }
    }

    /// The words of a whole expression.
    pub(super) fn expression(&mut self) {
        self.begin(Frame::Code { outer: 0 });
        self.rest();
    }

    /// The words of a whole template without quotes.
    pub(super) fn template(&mut self) {
        self.begin(Frame::Bare);
        self.rest();
    }

    fn begin(&mut self, frame: Frame) {
        self.tokens.clear();
        self.brackets.clear();
        self.frames.clear();
        self.frames.push(frame);
    }

    fn rest(&mut self) {
        while self.at < self.text.len() {
            self.step();
        }
        self.end();
    }

    fn end(&mut self) -> Ending {
        let is_closed = self.frames.len() == 1 && self.brackets.is_empty();
        self.tokens.push(Token::new(TokenKind::End, self.at..self.at));
        if is_closed { Ending::Closed } else { Ending::Open }
    }

    fn step(&mut self) {
        match self.frames.last() {
            Some(Frame::Quoted) => self.quoted(),
            Some(Frame::Heredoc { .. }) => self.heredoc(),
            Some(Frame::Bare) => self.bare(),
            Some(Frame::Code { .. }) | None => self.code(),
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token::new(kind, self.at..self.at + length));
        self.at += length;
    }

    // Code ------------------------------------------------------------------------------------------------------------

    fn code(&mut self) {
        match self.byte(self.at) {
            b' ' | b'\t' => self.at += 1,
            b'\n' => self.push(TokenKind::Newline, 1),
            b'\r' if self.byte(self.at + 1) == b'\n' => self.push(TokenKind::Newline, 2),
            b'#' => self.line_comment(),
            b'/' if self.byte(self.at + 1) == b'/' => self.line_comment(),
            b'/' if self.byte(self.at + 1) == b'*' => self.block_comment(),
            b'0'..=b'9' => self.number(),
            b'"' => {
                self.push(TokenKind::OpenQuote, 1);
                self.frames.push(Frame::Quoted);
            }
            b'<' if self.byte(self.at + 1) == b'<' => self.heredoc_opener(),
            b'(' => self.open(TokenKind::OpenParenthesis),
            b'[' => self.open(TokenKind::OpenBracket),
            b'{' => self.open(TokenKind::OpenBrace),
            b')' => self.close(TokenKind::CloseParenthesis, b'('),
            b']' => self.close(TokenKind::CloseBracket, b'['),
            b'}' => self.close_brace(1),
            b'~' if self.byte(self.at + 1) == b'}' => self.close_brace(2),
            byte => self.operator_or_name(byte),
        }
    }

    fn operator_or_name(&mut self, byte: u8) {
        let next = self.byte(self.at + 1);
        let (kind, length) = match (byte, next) {
            (b'=', b'=') => (TokenKind::EqualEqual, 2),
            (b'=', b'>') => (TokenKind::FatArrow, 2),
            (b'!', b'=') => (TokenKind::NotEqual, 2),
            (b'>', b'=') => (TokenKind::GreaterOrEqual, 2),
            (b'<', b'=') => (TokenKind::LessOrEqual, 2),
            (b'&', b'&') => (TokenKind::And, 2),
            (b'|', b'|') => (TokenKind::Or, 2),
            (b':', b':') => (TokenKind::DoubleColon, 2),
            (b'.', b'.') if self.byte(self.at + 2) == b'.' => (TokenKind::Ellipsis, 3),
            (b'=', _) => (TokenKind::Equal, 1),
            (b'!', _) => (TokenKind::Bang, 1),
            (b'>', _) => (TokenKind::Greater, 1),
            (b'<', _) => (TokenKind::Less, 1),
            (b':', _) => (TokenKind::Colon, 1),
            (b'.', _) => (TokenKind::Dot, 1),
            (b',', _) => (TokenKind::Comma, 1),
            (b'?', _) => (TokenKind::Question, 1),
            (b'+', _) => (TokenKind::Plus, 1),
            (b'-', _) => (TokenKind::Minus, 1),
            (b'*', _) => (TokenKind::Star, 1),
            (b'/', _) => (TokenKind::Slash, 1),
            (b'%', _) => (TokenKind::Percent, 1),
            _ => return self.name(),
        };
        self.push(kind, length);
    }

    fn name(&mut self) {
        let rest = &self.text[self.at..];
        let length = name_length(rest);
        if 0 < length {
            self.push(TokenKind::Name, length);
        } else {
            self.push(TokenKind::Invalid, rest.chars().next().map_or(1, char::len_utf8));
        }
    }

    /// Digits, and dots and exponents between them: `1.2.3` is one word, which no number is.
    fn number(&mut self) {
        let mut end = self.at + 1;
        let mut at = end;
        loop {
            match self.byte(at) {
                b'0'..=b'9' => {
                    at += 1;
                    end = at;
                }
                b'.' => at += 1,
                b'e' | b'E' => {
                    let digit = if matches!(self.byte(at + 1), b'+' | b'-') { at + 2 } else { at + 1 };
                    if !self.byte(digit).is_ascii_digit() {
                        break;
                    }
                    at = digit + 1;
                    end = at;
                }
                _ => break,
            }
        }
        self.push(TokenKind::Number, end - self.at);
    }

    /// A line comment stands for the line break that ends it.
    fn line_comment(&mut self) {
        let rest = &self.text[self.at..];
        let line_break = rest.find('\n');
        let line = &rest[..line_break.unwrap_or(rest.len())];
        let comment = line.strip_suffix('\r').unwrap_or(line);
        self.comments.push(self.at..self.at + comment.len());
        self.at += if line_break.is_some() { comment.len() } else { line.len() };
    }

    fn block_comment(&mut self) {
        match self.text[self.at + 2..].find("*/") {
            Some(inner) => {
                self.comments.push(self.at..self.at + inner + 4);
                self.at += inner + 4;
            }
            None => self.push(TokenKind::UnclosedComment, self.text.len() - self.at),
        }
    }

    fn open(&mut self, kind: TokenKind) {
        self.brackets.push(self.byte(self.at));
        self.push(kind, 1);
    }

    fn close(&mut self, kind: TokenKind, opener: u8) {
        if self.outer() < self.brackets.len() && self.brackets.last() == Some(&opener) {
            self.brackets.pop();
        }
        self.push(kind, 1);
    }

    /// A closing brace ends what was left open inside its block, so that one slip does not swallow what follows.
    fn close_brace(&mut self, length: usize) {
        let outer = self.outer();
        let is_in_template = 1 < self.frames.len();
        match self.brackets[outer..].iter().rposition(|&bracket| bracket == b'{') {
            Some(open) => {
                self.brackets.truncate(outer + open);
                self.push(if length == 1 { TokenKind::CloseBrace } else { TokenKind::TemplateEnd }, length);
            }
            None if is_in_template => {
                self.brackets.truncate(outer);
                self.frames.pop();
                self.push(TokenKind::TemplateEnd, length);
            }
            None => self.push(if length == 1 { TokenKind::CloseBrace } else { TokenKind::TemplateEnd }, length),
        }
    }

    /// How many brackets are open outside of this frame.
    fn outer(&self) -> usize {
        match self.frames.last() {
            Some(Frame::Code { outer }) => *outer,
            Some(Frame::Quoted | Frame::Heredoc { .. } | Frame::Bare) | None => self.brackets.len(),
        }
    }

    /// `<<NAME` and a line break, with nothing between them; anything else is two `<`.
    fn heredoc_opener(&mut self) {
        let marker = self.at + if self.byte(self.at + 2) == b'-' { 3 } else { 2 };
        let end = marker + name_length(&self.text[marker..]);
        let line_break = match (self.byte(end), self.byte(end + 1)) {
            (b'\n', _) => 1,
            (b'\r', b'\n') => 2,
            _ => 0,
        };
        if end == marker || line_break == 0 {
            return self.push(TokenKind::Less, 1);
        }
        self.push(TokenKind::OpenHeredoc, end + line_break - self.at);
        self.frames.push(Frame::Heredoc { marker: marker..end, is_line_start: true });
    }

    // Templates -------------------------------------------------------------------------------------------------------

    /// Enters an interpolation or directive, if one starts here.
    fn template_opener(&mut self) -> bool {
        let kind = match (self.byte(self.at), self.byte(self.at + 1)) {
            (b'$', b'{') => TokenKind::Interpolation,
            (b'%', b'{') => TokenKind::Directive,
            _ => return false,
        };
        if let Some(Frame::Heredoc { is_line_start, .. }) = self.frames.last_mut() {
            *is_line_start = false;
        }
        let length = if self.byte(self.at + 2) == b'~' { 3 } else { 2 };
        self.push(kind, length);
        self.frames.push(Frame::Code { outer: self.brackets.len() });
        true
    }

    /// Where the literal text that starts at `at` ends: before an opener, or where `ends` says so.
    fn literal_end(&self, ends: impl Fn(u8) -> bool) -> usize {
        let mut at = self.at;
        while at < self.text.len() {
            let byte = self.byte(at);
            if ends(byte) {
                break;
            }
            at += match byte {
                b'$' | b'%' if self.byte(at + 1) == b'{' => break,
                b'$' | b'%' if self.byte(at + 1) == byte && self.byte(at + 2) == b'{' => 3,
                _ => 1,
            };
        }
        at
    }

    fn quoted(&mut self) {
        match self.byte(self.at) {
            b'"' => {
                self.push(TokenKind::CloseQuote, 1);
                self.frames.pop();
            }
            b'\n' | b'\r' => {
                self.push(TokenKind::BrokenQuote, 0);
                self.frames.pop();
            }
            _ if self.template_opener() => {}
            _ => self.quoted_text(),
        }
    }

    fn quoted_text(&mut self) {
        let mut end = self.at;
        loop {
            let start = std::mem::replace(&mut self.at, end);
            end = self.literal_end(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r'));
            self.at = start;
            if self.byte(end) != b'\\' {
                break;
            }
            let escaped = self.text[end + 1..].chars().next().filter(|it| !matches!(it, '\n' | '\r'));
            end += 1 + escaped.map_or(0, char::len_utf8);
            if escaped.is_none() {
                break;
            }
        }
        self.push(TokenKind::QuotedText, end - self.at);
    }

    fn heredoc(&mut self) {
        if self.heredoc_closer() || self.template_opener() {
            return;
        }
        let mut end = self.literal_end(|byte| matches!(byte, b'\n' | b'\r'));
        let has_line_break = match (self.byte(end), self.byte(end + 1)) {
            (b'\n', _) => 1,
            (b'\r', b'\n') => 2,
            _ => 0,
        };
        end += has_line_break;
        if end == self.at {
            // A carriage return on its own.
            return self.push(TokenKind::Invalid, 1);
        }
        if let Some(Frame::Heredoc { is_line_start, .. }) = self.frames.last_mut() {
            *is_line_start = 0 < has_line_break;
        }
        self.push(TokenKind::PlainText, end - self.at);
    }

    /// Leaves the heredoc, if its marker stands alone on this line. A marker on the last line needs a line break too.
    fn heredoc_closer(&mut self) -> bool {
        let Some(Frame::Heredoc { marker, is_line_start: true }) = self.frames.last() else { return false };
        let rest = &self.text[self.at..];
        let Some(length) = rest.find('\n') else { return false };
        let line = &rest[..length];
        if line.trim() != &self.text[marker.clone()] {
            return false;
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        self.push(TokenKind::CloseHeredoc, line.len());
        self.frames.pop();
        true
    }

    fn bare(&mut self) {
        if self.template_opener() {
            return;
        }
        let mut end = self.literal_end(|byte| matches!(byte, b'\n' | b'\r'));
        end += match (self.byte(end), self.byte(end + 1)) {
            (b'\n', _) => 1,
            (b'\r', b'\n') => 2,
            _ => 0,
        };
        if end == self.at {
            // A carriage return on its own ends Terraform's scanner, and all that follows is literal.
            end = self.text.len();
        }
        self.push(TokenKind::PlainText, end - self.at);
    }
}

/// How many bytes of `text` are the name that it starts with.
pub(super) fn name_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {}
        Some(byte) if !byte.is_ascii() && text.chars().next().is_some_and(unicode_ident::is_xid_start) => {}
        Some(_) | None => return 0,
    }
    let is_ascii_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let ascii = bytes.iter().position(|byte| !is_ascii_part(byte)).unwrap_or(bytes.len());
    if bytes.get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    let is_part = |it: char| it == '-' || it == '_' || unicode_ident::is_xid_continue(it);
    text.find(|it| !is_part(it)).unwrap_or(text.len())
}
