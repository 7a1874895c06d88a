//! The words of HCL, each with the bytes it stands on.

use std::ops::Range;

/// A word of HCL.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name,
    Number,
    Dot,
    Comma,
    Colon,
    DoubleColon,
    Question,
    Equal,
    FatArrow,
    Ellipsis,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Bang,
    And,
    Or,
    EqualEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    OpenQuote,
    CloseQuote,
    /// `<<NAME` or `<<-NAME`, with its line break.
    OpenHeredoc,
    CloseHeredoc,
    /// Text between quotes: it has escapes with a backslash.
    QuotedText,
    /// Text of a heredoc or of a bare template, a line at most.
    PlainText,
    /// `${` or `${~`.
    Interpolation,
    /// `%{` or `%{~`.
    Directive,
    /// `}` or `~}` of an interpolation or directive.
    TemplateEnd,
    /// A line break, or a line comment's.
    Newline,
    /// The end of the text, or of the piece of it that was asked for.
    End,
    /// What HCL has no use for.
    Invalid,
    /// A line break where a quote is still open.
    BrokenQuote,
    UnclosedComment,
}

impl Token {
    pub(super) fn new(kind: TokenKind, bytes: Range<usize>) -> Self {
        let small = |at: usize| u32::try_from(at).expect("SourceMap::add refuses a text of 4 GiB");
        Self { kind, start: small(bytes.start), end: small(bytes.end) }
    }

    pub(super) fn bytes(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn start(self) -> usize {
        self.start as usize
    }

    pub(super) fn end(self) -> usize {
        self.end as usize
    }
}
