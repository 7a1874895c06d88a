//! Quoted strings, heredocs and templates: pieces first, trimmed as Terraform trims them, then what they make up.

use super::{
    parser::{Grown, Parser, Result},
    token::{Token, TokenKind},
};
use crate::{
    source::Span,
    syntax::{Expression, ExpressionKind, TemplatePart},
};

/// What a template is made of before its directives are matched.
enum Piece {
    Text(String),
    Interpolation(Grown),
    If { condition: Grown, span: Span },
    For { key_name: Option<String>, value_name: String, over: Grown, span: Span },
    Else(Span),
    EndIf(Span),
    EndFor(Span),
}

/// A directive whose end has not come yet.
struct Open {
    directive: Directive,
    span: Span,
    /// The parts around it that came before it.
    outer: Vec<TemplatePart>,
    height: usize,
}

enum Directive {
    If { condition: Expression },
    Else { condition: Expression, yes: Vec<TemplatePart> },
    For { key_name: Option<String>, value_name: String, over: Expression },
}

impl Parser<'_, '_> {
    /// A quoted string or heredoc.
    pub(super) fn quoted_template(&mut self) -> Result<Grown> {
        let open = self.take();
        let is_heredoc = open.kind == TokenKind::OpenHeredoc;
        let closer = if is_heredoc { TokenKind::CloseHeredoc } else { TokenKind::CloseQuote };
        let mut pieces = self.pieces(closer, open)?;
        if is_heredoc && self.word(open).starts_with("<<-") {
            unindent(&mut pieces);
        }
        self.join(pieces, open.start(), self.end())
    }

    /// All words to the last, as a template without quotes.
    pub(super) fn bare_template(&mut self) -> Result<Grown> {
        let end = self.tokens.last().map_or(0, |token| token.end());
        let start = self.peek();
        let pieces = self.pieces(TokenKind::End, start)?;
        self.join(pieces, start.start(), end)
    }

    /// The pieces up to `closer`, which is taken; `open` is what it closes.
    fn pieces(&mut self, closer: TokenKind, open: Token) -> Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut trims_next = false;
        loop {
            let token = self.take();
            let trims = std::mem::take(&mut trims_next);
            match token.kind {
                kind if kind == closer => return Ok(pieces),
                TokenKind::QuotedText | TokenKind::PlainText => {
                    let text = self.unescaped(token)?;
                    pieces.push(Piece::Text(if trims { text.trim_start().to_owned() } else { text }));
                }
                TokenKind::Interpolation | TokenKind::Directive => {
                    trim_before(&mut pieces, self.word(token));
                    let (piece, trims) = self.with_newlines_skipped(true, |parser| parser.sequence(token))?;
                    pieces.push(piece);
                    trims_next = trims;
                }
                TokenKind::End if closer == TokenKind::CloseHeredoc => {
                    return Err(
                        self.wrong(open, "expected this marker again, alone on a line, before the end of the file")
                    );
                }
                TokenKind::End => return Err(self.wrong(open, "expected a closing quote for this one")),
                _ => return Err(self.wrong(token, "expected text or a closing quote")),
            }
        }
    }

    /// What follows `${` or `%{`, to its closing brace, and whether the text after it loses its leading blanks.
    fn sequence(&mut self, opener: Token) -> Result<(Piece, bool)> {
        let piece = if opener.kind == TokenKind::Interpolation {
            Piece::Interpolation(self.expression()?)
        } else {
            self.directive(opener)?
        };
        let close = self.expect(TokenKind::TemplateEnd, "an operator or `}`")?;
        Ok((piece, self.word(close).starts_with('~')))
    }

    fn directive(&mut self, opener: Token) -> Result<Piece> {
        const KEYWORD: &str = "`if`, `else`, `endif`, `for` or `endfor`";
        let keyword = self.peek();
        if keyword.kind != TokenKind::Name {
            return Err(self.expected(KEYWORD));
        }
        let span = self.span(opener.start(), keyword.end());
        let keyword = match self.word(keyword) {
            "if" | "else" | "endif" | "for" | "endfor" => self.take(),
            _ => return Err(self.expected(KEYWORD)),
        };
        Ok(match self.word(keyword) {
            "if" => Piece::If { condition: self.expression()?, span },
            "for" => {
                let it = self.for_introduction()?;
                Piece::For { key_name: it.key_name, value_name: it.value_name, over: it.over, span }
            }
            "else" => Piece::Else(span),
            "endif" => Piece::EndIf(span),
            _ => Piece::EndFor(span),
        })
    }

    /// The expression that pieces make up.
    fn join(&mut self, pieces: Vec<Piece>, start: usize, end: usize) -> Result<Grown> {
        let (mut parts, height) = parts(melded(pieces))?;
        let kind = match parts.as_mut_slice() {
            [] => ExpressionKind::Text(String::new()),
            [TemplatePart::Text(text)] => ExpressionKind::Text(std::mem::take(text)),
            _ => ExpressionKind::Template(parts),
        };
        self.grow(kind, start, end, height)
    }
}

/// `${~` and `%{~` take the blanks at the end of the text right before them.
fn trim_before(pieces: &mut [Piece], opener: &str) {
    if let (true, Some(Piece::Text(text))) = (opener.ends_with('~'), pieces.last_mut()) {
        text.truncate(text.trim_end().len());
    }
}

/// Takes the indentation that all lines of a `<<-` heredoc share. It is that of the text as written: lines of blanks
/// neither count nor lose theirs, and a line that starts with an interpolation has none.
fn unindent(pieces: &mut [Piece]) {
    let mut shared: Option<usize> = None;
    let mut indented = Vec::new();
    let mut is_line_start = true;
    for piece in pieces {
        let Piece::Text(text) = piece else {
            if is_line_start {
                shared = Some(0);
            }
            is_line_start = false;
            continue;
        };
        let ends_line = text.ends_with('\n');
        let is_blank_line = ends_line && text.trim_start().is_empty();
        if is_line_start && !is_blank_line {
            let blanks = text.chars().take_while(|it| it.is_whitespace()).count();
            shared = Some(shared.map_or(blanks, |shared| shared.min(blanks)));
            indented.push(text);
        }
        is_line_start = ends_line;
    }
    for text in indented {
        let cut = text.char_indices().nth(shared.unwrap_or(0)).map_or(text.len(), |(at, _)| at);
        text.drain(..cut);
    }
}

/// Joins texts that stand side by side. A text that was trimmed to nothing stays: a template is told from its only
/// interpolation by it.
fn melded(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut melded: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (melded.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => melded.push(piece),
        }
    }
    melded
}

/// Matches directives with their ends. Also tells how many steps the tallest part goes down.
fn parts(pieces: Vec<Piece>) -> Result<(Vec<TemplatePart>, usize)> {
    let mut stack: Vec<Open> = Vec::new();
    let mut parts = Vec::new();
    let mut height = 0;
    for piece in pieces {
        match piece {
            Piece::Text(text) => parts.push(TemplatePart::Text(text)),
            Piece::Interpolation(grown) => {
                height = height.max(grown.height);
                parts.push(TemplatePart::Interpolation(grown.expression));
            }
            Piece::If { condition, span } => {
                let outer = std::mem::take(&mut parts);
                stack.push(Open { directive: Directive::If { condition: condition.expression }, span, outer, height });
                height = condition.height;
            }
            Piece::For { key_name, value_name, over, span } => {
                let outer = std::mem::take(&mut parts);
                let directive = Directive::For { key_name, value_name, over: over.expression };
                stack.push(Open { directive, span, outer, height });
                height = over.height;
            }
            Piece::Else(span) => otherwise(&mut stack, &mut parts, span)?,
            Piece::EndIf(span) | Piece::EndFor(span) => {
                let is_if = matches!(piece, Piece::EndIf(_));
                let Some(open) = stack.pop() else { return Err(unexpected(span)) };
                height = open.height.max(height + 1);
                let inner = std::mem::replace(&mut parts, open.outer);
                parts.push(closed(open.directive, inner, is_if).ok_or_else(|| unexpected(span))?);
                if super::parser::DEEPEST <= height {
                    return Err(super::parser::Stop::TooDeep(span));
                }
            }
        }
    }
    match stack.pop() {
        Some(Open { directive: Directive::For { .. }, span, .. }) => {
            Err(Parser::error(span, "expected `%{ endfor }` for this directive"))
        }
        Some(Open { directive: Directive::If { .. } | Directive::Else { .. }, span, .. }) => {
            Err(Parser::error(span, "expected `%{ endif }` for this directive"))
        }
        None => Ok((parts, height)),
    }
}

/// `%{ else }`: what came since the `if` holds if its condition does.
fn otherwise(stack: &mut [Open], parts: &mut Vec<TemplatePart>, span: Span) -> Result<()> {
    let Some(open) = stack.last_mut() else { return Err(unexpected(span)) };
    let Directive::If { condition } = &mut open.directive else { return Err(unexpected(span)) };
    let nothing = Expression { kind: ExpressionKind::Null, span };
    let condition = std::mem::replace(condition, nothing);
    open.directive = Directive::Else { condition, yes: std::mem::take(parts) };
    Ok(())
}

/// A directive and what stands before its end; none if it is the other's end.
fn closed(directive: Directive, inner: Vec<TemplatePart>, is_if: bool) -> Option<TemplatePart> {
    match directive {
        Directive::If { condition } if is_if => Some(TemplatePart::If { condition, yes: inner, no: Vec::new() }),
        Directive::Else { condition, yes } if is_if => Some(TemplatePart::If { condition, yes, no: inner }),
        Directive::For { key_name, value_name, over } if !is_if => {
            Some(TemplatePart::For { key_name, value_name, over, body: inner })
        }
        Directive::If { .. } | Directive::Else { .. } | Directive::For { .. } => None,
    }
}

fn unexpected(span: Span) -> super::parser::Stop {
    Parser::error(span, "this directive does not fit the one that is open here")
}
