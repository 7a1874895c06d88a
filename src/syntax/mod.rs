//! Trees with places. What HCL and its JSON form have in common; nothing here knows of AWS, and of Terraform only which
//! keys of its JSON are blocks.
//!
//! An expression is at most 1,000 levels deep, and 500 more where it stands in JSON; blocks in blocks are at most 1,000
//! levels deep. What walks over trees may count on it.

pub mod hcl;
pub mod json;
pub mod yaml;

use crate::source::Span;

/// The arguments and blocks between two braces, or of a whole file, in the order they are written.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: String,
    pub name_span: Span,
    pub value: Expression,
}

/// `kind "label" "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    pub kind: String,
    pub labels: Vec<Label>,
    pub body: Body,
    /// `kind "label" "label"`, without the brace: what a finding points at.
    pub header: Span,
    /// All of it, to the closing brace.
    pub span: Span,
}

/// A block's label.
#[derive(Clone, Debug)]
pub struct Label {
    pub text: String,
    pub span: Span,
}

/// An expression and its place.
#[derive(Clone, Debug)]
pub struct Expression {
    pub kind: ExpressionKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExpressionKind {
    Null,
    Bool(bool),
    /// As it is written: `0x`-less decimal digits, with or without fraction and exponent.
    Number(String),
    /// A quoted string or heredoc without interpolation, escapes resolved.
    Text(String),
    /// A quoted string or heredoc with interpolation; heredoc indentation and strip markers are resolved. If its only part
    /// is an interpolation, it is that expression itself, of its own type: where more was written and nothing is left of
    /// it, an empty text stands beside.
    Template(Vec<TemplatePart>),
    Tuple(Vec<Expression>),
    Object(Vec<ObjectItem>),
    /// A name that starts a traversal: `var`, `local`, `aws_vpc`, `each`, or a `for` variable.
    Variable(String),
    /// `of.name`.
    Attribute {
        of: Box<Expression>,
        name: String,
    },
    /// `of[key]`; also the legacy `of.0`.
    Index {
        of: Box<Expression>,
        key: Box<Expression>,
    },
    /// `of.*.each`, `of[*].each`: `each` holds [`ExpressionKind::SplatItem`] where the item goes. The attribute-only form
    /// takes only attributes with it; what follows it applies to the whole result.
    Splat {
        of: Box<Expression>,
        each: Box<Expression>,
    },
    /// The item of the splat around it.
    SplatItem,
    Call {
        name: String,
        arguments: Vec<Expression>,
        /** The last argument ends in `...`. */
        is_expanded: bool,
    },
    Unary {
        operator: Unary,
        of: Box<Expression>,
    },
    Binary {
        operator: Binary,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Conditional {
        condition: Box<Expression>,
        yes: Box<Expression>,
        no: Box<Expression>,
    },
    /// `[for k, v in over : value if condition]`, `{for k, v in over : key => value... if condition}`.
    For {
        key_name: Option<String>,
        value_name: String,
        over: Box<Expression>,
        /// Of an object.
        key: Option<Box<Expression>>,
        value: Box<Expression>,
        /// `...`: values with one key are grouped.
        is_grouped: bool,
        condition: Option<Box<Expression>>,
    },
    /// `( … )`: kept, because in an object `(key)` is an expression and `key` is a name.
    Parenthesis(Box<Expression>),
}

/// `key = value` or `key : value` of an object.
#[derive(Clone, Debug)]
pub struct ObjectItem {
    pub key: ObjectKey,
    pub value: Expression,
}

#[derive(Clone, Debug)]
pub enum ObjectKey {
    /// A bare name.
    Name { name: String, span: Span },
    /// Anything else. Terraform refuses a traversal that stands without parentheses (`a.b = 1`) when it evaluates.
    Expression(Expression),
}

#[derive(Clone, Debug)]
pub enum TemplatePart {
    Text(String),
    /// `${ … }`.
    Interpolation(Expression),
    /// `%{ if … } … %{ else } … %{ endif }`.
    If {
        condition: Expression,
        yes: Vec<TemplatePart>,
        no: Vec<TemplatePart>,
    },
    /// `%{ for k, v in … } … %{ endfor }`.
    For {
        key_name: Option<String>,
        value_name: String,
        over: Expression,
        body: Vec<TemplatePart>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Minus,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

/// A comment and its place, with its marks (`#`, `//`, `/* */`).
#[derive(Clone, Debug)]
pub struct Comment {
    pub span: Span,
}

/// A file read: what of it could be, its comments, and what is wrong with the rest.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    pub body: Body,
    pub comments: Vec<Comment>,
    pub errors: Vec<SyntaxError>,
}

/// A place that does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Span,
    /// In lower case, without a full stop: `expected a closing brace`.
    pub message: String,
}
