//! HCL as Terraform reads it: the same grammar, the same words, the same trimming of templates.
//!
//! The parser is our own. `hcl-edit`, which keeps places too, judges it in the tests and is not what runs: it refuses
//! what Terraform takes (an object's key given twice, more than 64 levels, more than 128 operators in a row, a byte-order
//! mark), takes what Terraform refuses, loses a whole file to one error, and needs time that grows with the square of an
//! object's size, so that a file of one megabyte stalls it.
//!
//! A file is cut at its top-level items, and each is read on its own: what is around a syntax error is still there. The
//! item with the error is left out whole, because half a resource would be taken for one that leaves the other half out.
//!
//! What Terraform says only when it evaluates is left to the evaluation, such as a key `a.b` of an object that stands
//! without parentheses.

#![expect(clippy::wildcard_enum_match_arm, reason = "a word that does not fit is an error, whichever it is")]

mod collection;
mod expression;
mod parser;
mod recovery;
mod scan;
mod template;
mod text;
mod token;

use std::{ops::Range, thread};

use rustc_hash::FxHashSet;

use self::{
    parser::{DEEPEST, Grown, Parser, Stop},
    scan::Scanner,
};
use super::{Body, Comment, Expression, Parsed, SyntaxError};
use crate::source::{SourceId, Span};

/// How deep the parser goes on the stack at hand. Real code stays far above.
const SHALLOW: usize = 48;

/// What the deepest tree needs, with room to spare.
const LARGE_STACK: usize = 64 << 20;

/// After so many errors the rest of a file is not read: each may cost a walk to the file's end.
const MOST_ERRORS: usize = 100;

/// How many bytes are read once more after errors, in all.
const MOST_REREAD: usize = 32 << 20;

/// Where a text stands.
#[derive(Clone, Copy, Debug)]
enum Origin {
    /// It starts at this byte of the source.
    At(SourceId, usize),
    /// Somewhere in this span, byte for byte or not.
    Within(Span),
}

impl Origin {
    fn span(self, bytes: Range<usize>) -> Span {
        match self {
            Self::At(source, base) => source.span(base + bytes.start..base + bytes.end),
            Self::Within(span) => span,
        }
    }
}

/// A `.tf`, `.tofu` or `.tfvars` file. What is wrong with it stands in [`Parsed::errors`], and the rest is there.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    let origin = Origin::At(source, 0);
    let mut scanner = Scanner::new(text);
    let mut parsed = Parsed::default();
    let mut names = FxHashSet::default();
    let mut reread = 0;
    loop {
        let start = scanner.at();
        let Some(ending) = scanner.item() else { break };
        let read = with_stack(|limit| {
            let mut body = Body::default();
            let mut parser = Parser::new(text, &scanner.tokens, origin, limit);
            parser.item(&mut body)?;
            Ok((body, parser.errors))
        });
        match read {
            Ok((body, errors)) => {
                parsed.errors.extend(errors);
                add(body, &mut names, &mut parsed);
            }
            Err(error) => {
                parsed.errors.push(error);
                let next = recovery::next_item(text, start, scanner.at(), ending);
                reread += scanner.at().saturating_sub(next);
                scanner.resume(next);
            }
        }
        if MOST_ERRORS <= parsed.errors.len() || MOST_REREAD < reread {
            let message = "too many errors: what follows is not read".to_owned();
            parsed.errors.push(SyntaxError { span: source.span(scanner.at()..scanner.at()), message });
            break;
        }
    }
    parsed.comments = scanner.comments.iter().map(|bytes| Comment { span: source.span(bytes.clone()) }).collect();
    parsed
}

/// Takes in a top-level item.
fn add(body: Body, names: &mut FxHashSet<String>, parsed: &mut Parsed) {
    parsed.body.blocks.extend(body.blocks);
    for attribute in body.attributes {
        if names.insert(attribute.name.clone()) {
            parsed.body.attributes.push(attribute);
        } else {
            parsed.errors.push(parser::set_twice(&attribute));
        }
    }
}

/// An expression that starts at byte `base` of `source`.
pub fn parse_expression(source: SourceId, text: &str, base: usize) -> Result<Expression, SyntaxError> {
    expression(text, Origin::At(source, base))
}

/// An expression that stands in `span` in another form, such as a string with escapes: `span` is the place of all of it.
pub fn parse_expression_within(span: Span, text: &str) -> Result<Expression, SyntaxError> {
    expression(text, Origin::Within(span))
}

/// A template without quotes that starts at byte `base` of `source`: a file for `templatefile`, a string of JSON.
pub fn parse_template(source: SourceId, text: &str, base: usize) -> Result<Expression, SyntaxError> {
    template(text, Origin::At(source, base))
}

/// A template that stands in `span` in another form, such as a string with escapes: `span` is the place of all of it.
pub fn parse_template_within(span: Span, text: &str) -> Result<Expression, SyntaxError> {
    template(text, Origin::Within(span))
}

fn expression(text: &str, origin: Origin) -> Result<Expression, SyntaxError> {
    let mut scanner = Scanner::new(text);
    scanner.expression();
    with_stack(|limit| {
        let mut parser = Parser::new(text, &scanner.tokens, origin, limit);
        parser.whole_expression().map(Grown::into_expression)
    })
}

fn template(text: &str, origin: Origin) -> Result<Expression, SyntaxError> {
    let mut scanner = Scanner::new(text);
    scanner.template();
    with_stack(|limit| Parser::new(text, &scanner.tokens, origin, limit).bare_template().map(Grown::into_expression))
}

/// What `read` reads within its limit of depth: on the stack at hand, or on a larger one if that is not enough.
fn with_stack<T: Send>(read: impl Fn(usize) -> parser::Result<T> + Sync) -> Result<T, SyntaxError> {
    let result = match read(SHALLOW) {
        Err(Stop::TooDeep(span)) => thread::scope(|scope| {
            let worker = thread::Builder::new().stack_size(LARGE_STACK).spawn_scoped(scope, || read(DEEPEST));
            worker.map_or(Err(Stop::TooDeep(span)), |worker| worker.join().expect("the parser never panics"))
        }),
        result => result,
    };
    result.map_err(|stop| match stop {
        Stop::Error(error) => error,
        Stop::TooDeep(span) => SyntaxError { span, message: format!("expected at most {DEEPEST} levels") },
    })
}
