//! Words into trees: what every part of the grammar needs, and bodies. The grammar is that of Terraform's own parser.

use rustc_hash::FxHashSet;

use super::{
    Origin,
    text::unescape,
    token::{Token, TokenKind},
};
use crate::{
    source::Span,
    syntax::{Attribute, Block, Body, Expression, ExpressionKind, Label, SyntaxError},
};

/// How deep a tree may be: everything that walks over trees walks over them in as many steps down.
pub(super) const DEEPEST: usize = 1_000;

/// Reads one run of words. The first thing wrong ends it.
pub(super) struct Parser<'text, 'tokens> {
    text: &'text str,
    pub(super) tokens: &'tokens [Token],
    origin: Origin,
    pub(super) next: usize,
    /// Between parentheses and brackets a line break is a blank.
    pub(super) skips_newlines: bool,
    /// How many calls of itself it stands in, and may.
    depth: usize,
    limit: usize,
    /// What is wrong and does not keep it from going on.
    pub(super) errors: Vec<SyntaxError>,
}

/// What stopped a parser.
#[derive(Debug)]
pub(super) enum Stop {
    Error(SyntaxError),
    /// Deeper than the stack at hand is good for; the place is where.
    TooDeep(Span),
}

/// An expression, and how many steps it goes down.
pub(super) struct Grown {
    pub(super) expression: Expression,
    pub(super) height: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Grown {
    pub(super) fn into_expression(self) -> Expression {
        self.expression
    }
}

pub(super) type Result<T> = std::result::Result<T, Stop>;

impl<'text, 'tokens> Parser<'text, 'tokens> {
    pub(super) fn new(text: &'text str, tokens: &'tokens [Token], origin: Origin, limit: usize) -> Self {
        Self { text, tokens, origin, next: 0, skips_newlines: false, depth: 0, limit, errors: Vec::new() }
    }

    // Words -----------------------------------------------------------------------------------------------------------

    /// The next word, without taking it.
    pub(super) fn peek(&mut self) -> Token {
        if self.skips_newlines {
            while self.tokens[self.next].kind == TokenKind::Newline {
                self.next += 1;
            }
        }
        self.tokens[self.next]
    }

    pub(super) fn peek_kind(&mut self) -> TokenKind {
        self.peek().kind
    }

    /// Takes the next word. The last word, the end, stays.
    pub(super) fn take(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.next += 1;
        }
        token
    }

    pub(super) fn take_if(&mut self, kind: TokenKind) -> Option<Token> {
        let is_it = self.peek_kind() == kind;
        is_it.then(|| self.take())
    }

    pub(super) fn expect(&mut self, kind: TokenKind, what: &str) -> Result<Token> {
        match self.take_if(kind) {
            Some(token) => Ok(token),
            None => Err(self.expected(what)),
        }
    }

    pub(super) fn word(&self, token: Token) -> &'text str {
        &self.text[token.bytes()]
    }

    /// Is the next word this name?
    pub(super) fn is_keyword(&mut self, keyword: &str) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Name && self.word(token) == keyword
    }

    /// Where the last word taken ends.
    pub(super) fn end(&self) -> usize {
        self.tokens[..self.next].last().map_or(0, |token| token.end())
    }

    // Places, and what is wrong with them -----------------------------------------------------------------------------

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.origin.span(start..end)
    }

    pub(super) fn token_span(&self, token: Token) -> Span {
        self.span(token.start(), token.end())
    }

    /// The next word is not what is expected.
    pub(super) fn expected(&mut self, what: &str) -> Stop {
        let token = self.peek();
        self.wrong(token, &format!("expected {what}"))
    }

    /// The next word is not what is expected after `open` has been opened. If there is none, `open` is what is wrong.
    pub(super) fn expected_since(&mut self, open: Token, what: &str) -> Stop {
        if self.peek_kind() == TokenKind::End { self.unclosed(open) } else { self.expected(what) }
    }

    /// `token` is wrong: `message` says why, unless no place would want such a word.
    pub(super) fn wrong(&self, token: Token, message: &str) -> Stop {
        let span = match token.kind {
            TokenKind::Newline => self.span(token.start(), token.start()),
            TokenKind::UnclosedComment => self.span(token.start(), token.start() + 2),
            _ => self.token_span(token),
        };
        let message = misfit(token.kind, self.word(token)).unwrap_or(message);
        Stop::Error(SyntaxError { span, message: message.to_owned() })
    }

    pub(super) fn error(span: Span, message: impl Into<String>) -> Stop {
        Stop::Error(SyntaxError { span, message: message.into() })
    }

    /// Goes one step down in `read`.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.limit <= self.depth {
            let token = self.peek();
            return Err(Stop::TooDeep(self.token_span(token)));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads with line breaks as blanks, or not.
    pub(super) fn with_newlines_skipped<T>(
        &mut self,
        skips_newlines: bool,
        read: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let outer = std::mem::replace(&mut self.skips_newlines, skips_newlines);
        let result = read(self);
        self.skips_newlines = outer;
        result
    }

    /// A node above others, the tallest of which goes down `below` steps.
    pub(super) fn grow(&self, kind: ExpressionKind, start: usize, end: usize, below: usize) -> Result<Grown> {
        let span = self.span(start, end);
        if DEEPEST <= below {
            return Err(Stop::TooDeep(span));
        }
        Ok(Grown { expression: Expression { kind, span }, height: below + 1, start, end })
    }

    // Bodies ----------------------------------------------------------------------------------------------------------

    /// All words to the last, as an expression. It stands as if between parentheses.
    pub(super) fn whole_expression(&mut self) -> Result<Grown> {
        self.with_newlines_skipped(true, |parser| {
            let expression = parser.expression()?;
            match parser.peek_kind() {
                TokenKind::End => Ok(expression),
                _ => Err(parser.expected("an operator or the end")),
            }
        })
    }

    /// The next argument or block, into `body`.
    pub(super) fn item(&mut self, body: &mut Body) -> Result<()> {
        while self.take_if(TokenKind::Newline).is_some() {}
        self.body_item(body, &mut FxHashSet::default())
    }

    fn body_item(&mut self, body: &mut Body, names: &mut FxHashSet<&'text str>) -> Result<()> {
        let Some(name) = self.take_if(TokenKind::Name) else { return Err(self.expected_item()) };
        match self.peek_kind() {
            TokenKind::Equal => {
                let attribute = self.attribute(name)?;
                if !matches!(self.peek_kind(), TokenKind::Newline | TokenKind::End) {
                    return Err(self.expected("a line break after the argument"));
                }
                self.take();
                self.add(attribute, name, body, names);
            }
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Name => {
                let block = self.block(name)?;
                if !matches!(self.peek_kind(), TokenKind::Newline | TokenKind::End) {
                    return Err(self.expected("a line break after the block"));
                }
                self.take();
                body.blocks.push(block);
            }
            _ => return Err(self.expected("`=`, a label or `{`")),
        }
        Ok(())
    }

    fn expected_item(&mut self) -> Stop {
        let token = self.peek();
        let message = match token.kind {
            TokenKind::OpenQuote => "expected an argument or a block: an argument's name stands without quotes",
            TokenKind::CloseBrace => "expected an argument or a block: no block is open that this brace could close",
            _ => "expected an argument or a block",
        };
        self.wrong(token, message)
    }

    fn add(&mut self, attribute: Attribute, name: Token, body: &mut Body, names: &mut FxHashSet<&'text str>) {
        let word = self.word(name);
        if names.insert(word) {
            body.attributes.push(attribute);
        } else {
            self.errors.push(set_twice(&attribute));
        }
    }

    /// `name` is taken, `=` is next.
    fn attribute(&mut self, name: Token) -> Result<Attribute> {
        self.take();
        let value = self.expression()?.expression;
        Ok(Attribute { name: self.word(name).to_owned(), name_span: self.token_span(name), value })
    }

    /// `kind` is taken, and a label or a brace is next.
    fn block(&mut self, kind: Token) -> Result<Block> {
        let mut labels = Vec::new();
        let brace = loop {
            match self.peek_kind() {
                TokenKind::OpenBrace => break self.take(),
                TokenKind::OpenQuote => labels.push(self.quoted_label()?),
                TokenKind::Name => {
                    let token = self.take();
                    labels.push(Label { text: self.word(token).to_owned(), span: self.token_span(token) });
                }
                TokenKind::Newline => return Err(self.expected("`{` on the same line")),
                _ => return Err(self.expected("a label or `{`")),
            }
        };
        let header_end = labels.last().map_or(kind.end(), |_| self.tokens[self.next - 2].end());
        let body = self.deeper(|parser| parser.block_body(brace))?;
        Ok(Block {
            kind: self.word(kind).to_owned(),
            labels,
            body,
            header: self.span(kind.start(), header_end),
            span: self.span(kind.start(), self.end()),
        })
    }

    /// A quoted text without interpolations.
    fn quoted_label(&mut self) -> Result<Label> {
        let open = self.take();
        let mut text = String::new();
        loop {
            let token = self.take();
            match token.kind {
                TokenKind::CloseQuote => break,
                TokenKind::QuotedText => text.push_str(&self.unescaped(token)?),
                TokenKind::Interpolation | TokenKind::Directive => {
                    return Err(self.wrong(token, "expected plain text: a label has no interpolations"));
                }
                _ => return Err(self.wrong(token, "expected a closing quote")),
            }
        }
        Ok(Label { text, span: self.span(open.start(), self.end()) })
    }

    /// The text that a literal stands for.
    pub(super) fn unescaped(&self, token: Token) -> Result<String> {
        let is_quoted = token.kind == TokenKind::QuotedText;
        unescape(self.word(token), is_quoted).map_err(|(bytes, message)| {
            let start = token.start();
            Self::error(self.span(start + bytes.start, start + bytes.end), message)
        })
    }

    /// What stands between `brace` and the brace that closes it.
    fn block_body(&mut self, brace: Token) -> Result<Body> {
        let mut body = Body::default();
        if !matches!(self.peek_kind(), TokenKind::Newline | TokenKind::End | TokenKind::CloseBrace) {
            self.single_line_body(brace, &mut body)?;
            return Ok(body);
        }
        let mut names = FxHashSet::default();
        loop {
            match self.peek_kind() {
                TokenKind::Newline => {
                    self.take();
                }
                TokenKind::CloseBrace => {
                    self.take();
                    return Ok(body);
                }
                TokenKind::End => return Err(self.unclosed(brace)),
                _ => self.body_item(&mut body, &mut names)?,
            }
        }
    }

    /// `{ name = value }`: one argument and no block.
    fn single_line_body(&mut self, brace: Token, body: &mut Body) -> Result<()> {
        let Some(name) = self.take_if(TokenKind::Name) else { return Err(self.expected_item()) };
        match self.peek_kind() {
            TokenKind::Equal => body.attributes.push(self.attribute(name)?),
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Name => {
                return Err(self.wrong(name, "expected an argument: a block inside a block stands on its own line"));
            }
            _ => return Err(self.expected("`=`")),
        }
        match self.peek_kind() {
            TokenKind::CloseBrace => {
                self.take();
                Ok(())
            }
            TokenKind::End => Err(self.unclosed(brace)),
            _ => Err(self.expected("`}`: a block on one line has one argument")),
        }
    }

    fn unclosed(&self, open: Token) -> Stop {
        let bracket = match open.kind {
            TokenKind::OpenBrace => "brace",
            TokenKind::OpenBracket => "bracket",
            TokenKind::OpenParenthesis => "parenthesis",
            _ => "mark",
        };
        let message = format!("expected a closing {bracket} for this one before the end of the file");
        Self::error(self.token_span(open), message)
    }
}

/// The second of two arguments of one name.
pub(super) fn set_twice(attribute: &Attribute) -> SyntaxError {
    let message = format!("expected another name: `{}` is set before, and an argument is set once", attribute.name);
    SyntaxError { span: attribute.name_span, message }
}

/// What is wrong with a word that fits nowhere.
fn misfit(kind: TokenKind, word: &str) -> Option<&'static str> {
    match kind {
        TokenKind::BrokenQuote => Some("expected a closing quote before the end of the line"),
        TokenKind::UnclosedComment => Some("expected `*/` at the end of this comment"),
        TokenKind::Invalid => Some(match word {
            "&" => "expected `&&`: there are no operators on bits",
            "|" => "expected `||`: there are no operators on bits",
            "^" | "~" => "there are no operators on bits",
            "'" => "expected double quotes: text does not stand in single ones",
            "`" => "expected double quotes: text does not stand in backticks",
            "“" | "”" => "expected straight quotes: text does not stand in curly ones",
            ";" => "expected a line break: items are not parted by `;`",
            "\r" => "expected a line break: a carriage return on its own is none",
            _ => "the language has no use for this character",
        }),
        _ => None,
    }
}
