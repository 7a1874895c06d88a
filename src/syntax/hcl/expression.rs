//! Expressions: operators, traversals, calls, and the terms that they join.

use super::{
    parser::{Grown, Parser, Result, Stop},
    token::{Token, TokenKind},
};
use crate::syntax::{Binary, Expression, ExpressionKind, Unary};

/// The weakest operators first; those of one level join from the left.
const LEVELS: u8 = 6;

impl Parser<'_, '_> {
    /// An expression, conditional or not.
    pub(super) fn expression(&mut self) -> Result<Grown> {
        self.deeper(|parser| {
            let condition = parser.binary(0)?;
            if parser.take_if(TokenKind::Question).is_none() {
                return Ok(condition);
            }
            let yes = parser.expression()?;
            parser.expect(TokenKind::Colon, "`:` and what holds otherwise")?;
            let no = parser.expression()?;
            parser.conditional(condition, yes, no)
        })
    }

    fn conditional(&self, condition: Grown, yes: Grown, no: Grown) -> Result<Grown> {
        let height = condition.height.max(yes.height).max(no.height);
        let kind = ExpressionKind::Conditional {
            condition: Box::new(condition.expression),
            yes: Box::new(yes.expression),
            no: Box::new(no.expression),
        };
        self.grow(kind, condition.start, no.end, height)
    }

    /// Operators of `level` and of those that bind more closely.
    fn binary(&mut self, level: u8) -> Result<Grown> {
        let mut left = self.traversal()?;
        while let Some((operator, own)) = binary_operator(self.peek_kind())
            && level <= own
        {
            self.take();
            let right = if own + 1 < LEVELS { self.binary(own + 1)? } else { self.traversal()? };
            let height = left.height.max(right.height);
            let (start, end) = (left.start, right.end);
            let kind =
                ExpressionKind::Binary { operator, left: Box::new(left.expression), right: Box::new(right.expression) };
            left = self.grow(kind, start, end, height)?;
        }
        Ok(left)
    }

    /// A term and the steps from it.
    fn traversal(&mut self) -> Result<Grown> {
        let term = self.term()?;
        self.steps(term)
    }

    /// The steps that follow `from`.
    fn steps(&mut self, from: Grown) -> Result<Grown> {
        let mut of = from;
        loop {
            of = match self.peek_kind() {
                TokenKind::Dot => self.dot(of)?,
                TokenKind::OpenBracket => self.bracket(of)?,
                _ => return Ok(of),
            };
        }
    }

    /// `.name`, `.0` or `.*`.
    fn dot(&mut self, of: Grown) -> Result<Grown> {
        let dot = self.take();
        match self.peek_kind() {
            TokenKind::Name | TokenKind::Number => self.named_step(of),
            TokenKind::Star => self.attribute_splat(of, dot),
            _ => Err(self.expected("an attribute's name")),
        }
    }

    /// The name or number that follows a dot.
    fn named_step(&mut self, of: Grown) -> Result<Grown> {
        let token = self.take();
        let (height, start) = (of.height, of.start);
        let of = Box::new(of.expression);
        let kind = if token.kind == TokenKind::Name {
            ExpressionKind::Attribute { of, name: self.word(token).to_owned() }
        } else {
            if self.word(token).contains('.') {
                return Err(self.wrong(token, "expected one index: two in a row stand in brackets"));
            }
            let key = self.number(token)?;
            ExpressionKind::Index { of, key: Box::new(key.expression) }
        };
        self.grow(kind, start, token.end(), height)
    }

    /// `.*` and the names and numbers after it; brackets that follow apply to the whole.
    fn attribute_splat(&mut self, of: Grown, dot: Token) -> Result<Grown> {
        let star = self.take();
        let mut each = self.grow(ExpressionKind::SplatItem, dot.start(), star.end(), 0)?;
        while self.take_if(TokenKind::Dot).is_some() {
            each = match self.peek_kind() {
                TokenKind::Name | TokenKind::Number => self.named_step(each)?,
                TokenKind::Star => return Err(self.expected("an attribute's name: `.*` does not stand inside another")),
                _ => return Err(self.expected("an attribute's name")),
            };
        }
        self.splat(of, each)
    }

    fn splat(&self, of: Grown, each: Grown) -> Result<Grown> {
        let height = of.height.max(each.height);
        let kind = ExpressionKind::Splat { of: Box::new(of.expression), each: Box::new(each.expression) };
        self.grow(kind, of.start, each.end, height)
    }

    /// `[key]`, or `[*]` and all steps after it.
    fn bracket(&mut self, of: Grown) -> Result<Grown> {
        let open = self.take();
        if self.take_if(TokenKind::Star).is_some() {
            let close = self.expect(TokenKind::CloseBracket, "`]` after the star")?;
            let item = self.grow(ExpressionKind::SplatItem, open.start(), close.end(), 0)?;
            let each = self.deeper(|parser| parser.steps(item))?;
            return self.splat(of, each);
        }
        let (key, close) = self.with_newlines_skipped(true, |parser| {
            let key = parser.expression()?;
            match parser.take_if(TokenKind::CloseBracket) {
                Some(close) => Ok((key, close)),
                None => Err(parser.expected_since(open, "`]` after the index")),
            }
        })?;
        let height = of.height.max(key.height);
        let kind = ExpressionKind::Index { of: Box::new(of.expression), key: Box::new(key.expression) };
        self.grow(kind, of.start, close.end(), height)
    }

    // Terms -----------------------------------------------------------------------------------------------------------

    fn term(&mut self) -> Result<Grown> {
        let token = self.peek();
        match token.kind {
            TokenKind::OpenParenthesis => self.parenthesis(),
            TokenKind::Number => {
                self.take();
                self.number(token)
            }
            TokenKind::Name => self.name_or_call(),
            TokenKind::OpenQuote | TokenKind::OpenHeredoc => self.quoted_template(),
            TokenKind::Minus => self.unary(Unary::Minus),
            TokenKind::Bang => self.unary(Unary::Not),
            TokenKind::OpenBracket => self.tuple(),
            TokenKind::OpenBrace => self.object(),
            _ => Err(self.expected_value()),
        }
    }

    fn expected_value(&mut self) -> Stop {
        let token = self.peek();
        let is_heredoc = token.kind == TokenKind::Less && self.word(token) == "<" && {
            let after = self.tokens.get(self.next + 1);
            after.is_some_and(|it| it.kind == TokenKind::Less && it.start() == token.end())
        };
        let message = if is_heredoc {
            "expected a heredoc's marker and a line break right after `<<`"
        } else {
            "expected a value"
        };
        self.wrong(token, message)
    }

    fn parenthesis(&mut self) -> Result<Grown> {
        let open = self.take();
        let (inner, close) = self.with_newlines_skipped(true, |parser| {
            let inner = parser.expression()?;
            match parser.take_if(TokenKind::CloseParenthesis) {
                Some(close) => Ok((inner, close)),
                None => Err(parser.expected_since(open, "an operator or `)`")),
            }
        })?;
        let kind = ExpressionKind::Parenthesis(Box::new(inner.expression));
        self.grow(kind, open.start(), close.end(), inner.height)
    }

    /// An operator before a term binds more closely than those between terms.
    fn unary(&mut self, operator: Unary) -> Result<Grown> {
        let sign = self.take();
        let of = self.deeper(Self::traversal)?;
        let kind = ExpressionKind::Unary { operator, of: Box::new(of.expression) };
        self.grow(kind, sign.start(), of.end, of.height)
    }

    fn number(&self, token: Token) -> Result<Grown> {
        let word = self.word(token);
        if !is_number(word) {
            return Err(self.wrong(token, "expected a number"));
        }
        self.grow(ExpressionKind::Number(word.to_owned()), token.start(), token.end(), 0)
    }

    fn name_or_call(&mut self) -> Result<Grown> {
        let name = self.take();
        if matches!(self.peek_kind(), TokenKind::OpenParenthesis | TokenKind::DoubleColon) {
            return self.call(name);
        }
        let kind = match self.word(name) {
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "null" => ExpressionKind::Null,
            word => ExpressionKind::Variable(word.to_owned()),
        };
        self.grow(kind, name.start(), name.end(), 0)
    }

    /// `name` is taken; `(` or `::` is next.
    fn call(&mut self, first: Token) -> Result<Grown> {
        let mut name = self.word(first).to_owned();
        while self.take_if(TokenKind::DoubleColon).is_some() {
            let part = self.expect(TokenKind::Name, "a function's name after `::`")?;
            name.push_str("::");
            name.push_str(self.word(part));
        }
        let open = self.expect(TokenKind::OpenParenthesis, "`(` after the function's name")?;
        let call = self.with_newlines_skipped(true, |parser| parser.arguments(open))?;
        let kind = ExpressionKind::Call { name, arguments: call.values, is_expanded: call.is_expanded };
        self.grow(kind, first.start(), call.close.end(), call.height)
    }

    /// What follows `open`, the opening parenthesis of a call.
    fn arguments(&mut self, open: Token) -> Result<Arguments> {
        let mut values = Vec::new();
        let mut height = 0;
        let mut is_expanded = false;
        loop {
            if let Some(close) = self.take_if(TokenKind::CloseParenthesis) {
                return Ok(Arguments { values, is_expanded, close, height });
            }
            let argument = self.expression()?;
            height = height.max(argument.height);
            values.push(argument.expression);
            match self.peek_kind() {
                TokenKind::CloseParenthesis => {}
                TokenKind::Comma => {
                    self.take();
                }
                TokenKind::Ellipsis => {
                    self.take();
                    is_expanded = true;
                    if self.peek_kind() != TokenKind::CloseParenthesis {
                        return Err(self.expected("`)` after `...`"));
                    }
                }
                _ => return Err(self.expected_since(open, "`,` or `)`")),
            }
        }
    }
}

struct Arguments {
    values: Vec<Expression>,
    is_expanded: bool,
    close: Token,
    height: usize,
}

/// The scanner takes digits, dots and exponents as they come.
fn is_number(word: &str) -> bool {
    let (mantissa, exponent) = word.split_once(['e', 'E']).unwrap_or((word, ""));
    mantissa.matches('.').count() < 2 && !exponent.contains(['.', 'e', 'E'])
}

fn binary_operator(kind: TokenKind) -> Option<(Binary, u8)> {
    match kind {
        TokenKind::Or => Some((Binary::Or, 0)),
        TokenKind::And => Some((Binary::And, 1)),
        TokenKind::EqualEqual => Some((Binary::Equal, 2)),
        TokenKind::NotEqual => Some((Binary::NotEqual, 2)),
        TokenKind::Less => Some((Binary::Less, 3)),
        TokenKind::LessOrEqual => Some((Binary::LessOrEqual, 3)),
        TokenKind::Greater => Some((Binary::Greater, 3)),
        TokenKind::GreaterOrEqual => Some((Binary::GreaterOrEqual, 3)),
        TokenKind::Plus => Some((Binary::Plus, 4)),
        TokenKind::Minus => Some((Binary::Minus, 4)),
        TokenKind::Star => Some((Binary::Times, 5)),
        TokenKind::Slash => Some((Binary::Divide, 5)),
        TokenKind::Percent => Some((Binary::Remainder, 5)),
        _ => None,
    }
}
