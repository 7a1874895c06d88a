//! Tuples, objects, and the `for` expressions that make them.

use super::{
    parser::{Grown, Parser, Result},
    token::{Token, TokenKind},
};
use crate::syntax::{ExpressionKind, ObjectItem, ObjectKey};

/// The brackets that a `for` expression stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Makes {
    Tuple,
    Object,
}

/// The names that a `for` binds, and what it walks over.
pub(super) struct ForIntroduction {
    pub(super) key_name: Option<String>,
    pub(super) value_name: String,
    pub(super) over: Grown,
}

impl Parser<'_, '_> {
    pub(super) fn tuple(&mut self) -> Result<Grown> {
        let open = self.take();
        self.with_newlines_skipped(true, |parser| {
            if parser.is_keyword("for") { parser.for_expression(open, Makes::Tuple) } else { parser.items(open) }
        })
    }

    fn items(&mut self, open: Token) -> Result<Grown> {
        let mut items = Vec::new();
        let mut height = 0;
        loop {
            if let Some(close) = self.take_if(TokenKind::CloseBracket) {
                return self.grow(ExpressionKind::Tuple(items), open.start(), close.end(), height);
            }
            let item = self.expression()?;
            height = height.max(item.height);
            items.push(item.expression);
            if self.peek_kind() != TokenKind::CloseBracket && self.take_if(TokenKind::Comma).is_none() {
                return Err(self.expected_since(open, "`,` or `]`"));
            }
        }
    }

    pub(super) fn object(&mut self) -> Result<Grown> {
        let open = self.take();
        let is_for = self.with_newlines_skipped(true, |parser| Ok(parser.is_keyword("for")))?;
        if is_for {
            return self.with_newlines_skipped(true, |parser| parser.for_expression(open, Makes::Object));
        }
        self.with_newlines_skipped(false, |parser| parser.object_items(open))
    }

    fn object_items(&mut self, open: Token) -> Result<Grown> {
        let mut items = Vec::new();
        let mut height = 0;
        loop {
            while self.take_if(TokenKind::Newline).is_some() {}
            if let Some(close) = self.take_if(TokenKind::CloseBrace) {
                return self.grow(ExpressionKind::Object(items), open.start(), close.end(), height);
            }
            if self.peek_kind() == TokenKind::End {
                return Err(self.expected_since(open, "`}`"));
            }
            let (item, below) = self.object_item()?;
            height = height.max(below);
            items.push(item);
            if self.peek_kind() != TokenKind::CloseBrace {
                if !matches!(self.peek_kind(), TokenKind::Comma | TokenKind::Newline) {
                    return Err(self.expected_since(open, "`,`, a line break or `}`"));
                }
                self.take();
            }
        }
    }

    /// An item, and how many steps it goes down.
    fn object_item(&mut self) -> Result<(ObjectItem, usize)> {
        let key = self.expression()?;
        if !matches!(self.peek_kind(), TokenKind::Equal | TokenKind::Colon) {
            return Err(self.expected("`=` and the item's value"));
        }
        self.take();
        let value = self.expression()?;
        let height = key.height.max(value.height);
        Ok((ObjectItem { key: object_key(key), value: value.expression }, height))
    }

    /// `for` is next.
    fn for_expression(&mut self, open: Token, makes: Makes) -> Result<Grown> {
        self.take();
        let introduction = self.for_introduction()?;
        self.expect(TokenKind::Colon, "`:` and the item's value")?;
        let first = self.expression()?;
        let (key, value) = self.for_item(first, makes)?;
        let is_grouped = self.for_grouping(makes)?;
        let condition = if self.is_keyword("if") {
            self.take();
            Some(self.expression()?)
        } else {
            None
        };
        let (close, what) = match makes {
            Makes::Tuple => (TokenKind::CloseBracket, "`if` or `]`"),
            Makes::Object => (TokenKind::CloseBrace, "`if` or `}`"),
        };
        let close = self.expect(close, what)?;
        let height = [key.as_ref(), Some(&introduction.over), Some(&value), condition.as_ref()];
        let height = height.into_iter().flatten().map(|it| it.height).max().unwrap_or(0);
        let kind = ExpressionKind::For {
            key_name: introduction.key_name,
            value_name: introduction.value_name,
            over: Box::new(introduction.over.expression),
            key: key.map(|it| Box::new(it.expression)),
            value: Box::new(value.expression),
            is_grouped,
            condition: condition.map(|it| Box::new(it.expression)),
        };
        self.grow(kind, open.start(), close.end(), height)
    }

    /// `value in …` or `key, value in …`.
    pub(super) fn for_introduction(&mut self) -> Result<ForIntroduction> {
        let first = self.expect(TokenKind::Name, "a name after `for`")?;
        let second = match self.take_if(TokenKind::Comma) {
            Some(_) => Some(self.expect(TokenKind::Name, "a name for the value")?),
            None => None,
        };
        if !self.is_keyword("in") {
            return Err(self.expected("`in`"));
        }
        self.take();
        let over = self.expression()?;
        let name = |token: Token| self.word(token).to_owned();
        let (key_name, value_name) = match second {
            Some(second) => (Some(name(first)), name(second)),
            None => (None, name(first)),
        };
        Ok(ForIntroduction { key_name, value_name, over })
    }

    /// The key, if an object is made, and the value; `first` is what follows the colon.
    fn for_item(&mut self, first: Grown, makes: Makes) -> Result<(Option<Grown>, Grown)> {
        match (makes, self.peek_kind() == TokenKind::FatArrow) {
            (Makes::Tuple, false) => Ok((None, first)),
            (Makes::Tuple, true) => Err(self.expected("`if` or `]`: a list has no keys")),
            (Makes::Object, true) => {
                self.take();
                let value = self.expression()?;
                Ok((Some(first), value))
            }
            (Makes::Object, false) => Err(self.expected("`=>` and the value of this key")),
        }
    }

    fn for_grouping(&mut self, makes: Makes) -> Result<bool> {
        if self.peek_kind() != TokenKind::Ellipsis {
            return Ok(false);
        }
        if makes == Makes::Tuple {
            return Err(self.expected("`if` or `]`: a list has no groups"));
        }
        self.take();
        Ok(true)
    }
}

/// A name on its own is the key itself, even where it would be a value elsewhere.
fn object_key(key: Grown) -> ObjectKey {
    let span = key.expression.span;
    let name = match &key.expression.kind {
        ExpressionKind::Variable(name) => name.clone(),
        ExpressionKind::Null => "null".to_owned(),
        ExpressionKind::Bool(true) => "true".to_owned(),
        ExpressionKind::Bool(false) => "false".to_owned(),
        _ => return ObjectKey::Expression(key.expression),
    };
    ObjectKey::Name { name, span }
}
