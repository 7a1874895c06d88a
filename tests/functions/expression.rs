//! Expressions that can be written as Terraform reads them, and worked out here.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use iac_check::{
    files::FileKind,
    syntax::{Binary, Unary},
    terraform::{
        access::{attribute, index},
        convert::convert,
        cty::{Term, Type, Why},
        functions::{Context, call},
        number::Number,
        operators::{binary, concat, conditional, unary},
    },
};

#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Tuple(Vec<Expression>),
    Object(Vec<(String, Expression)>),
    Call(String, Vec<Expression>),
    Binary(Binary, Box<Expression>, Box<Expression>),
    Unary(Unary, Box<Expression>),
    Conditional(Box<Expression>, Box<Expression>, Box<Expression>),
    Attribute(Box<Expression>, String),
    Index(Box<Expression>, Box<Expression>),
    /// A string before, a value, a string behind.
    Template(String, Box<Expression>, String),
    /// What no text says: a value that is not known.
    Value(Term),
}

/// No files, and no templates.
struct Nothing;

impl Context for Nothing {
    fn read_file(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("no file {path}"))
    }

    fn file_kind(&self, _: &str) -> Option<FileKind> {
        None
    }

    fn list_files(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn current_folder(&self) -> String {
        "/".to_owned()
    }

    fn render(&self, _: &str, _: &BTreeMap<String, Term>) -> Result<Term, String> {
        Err("no templates".to_owned())
    }
}

impl Expression {
    /// Its value, or what went wrong.
    pub(crate) fn result(&self) -> Result<Term, String> {
        let mut errors = Vec::new();
        let value = self.value(&mut errors);
        errors.pop().map_or(Ok(value), Err)
    }

    /// The same with `value` in place of its part `at`, counted from the outside in; and that part.
    pub(crate) fn with(&self, at: usize, value: &dyn Fn(&Self) -> Self) -> Option<Self> {
        let mut it = self.clone();
        let mut open = vec![&mut it];
        let mut seen = 0;
        while let Some(part) = open.pop() {
            seen += 1;
            if seen == at + 2 {
                *part = value(part);
                return Some(it);
            }
            match part {
                Self::Tuple(items) | Self::Call(_, items) => open.extend(items),
                Self::Object(entries) => open.extend(entries.iter_mut().map(|(_, it)| it)),
                Self::Binary(_, left, right) | Self::Index(left, right) => open.extend([&mut **left, &mut **right]),
                Self::Unary(_, of) | Self::Attribute(of, _) | Self::Template(_, of, _) => open.push(of),
                Self::Conditional(condition, yes, no) => open.extend([&mut **condition, &mut **yes, &mut **no]),
                Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Value(_) => (),
            }
        }
        None
    }

    /// Its value as JSON.
    pub(crate) fn answer(&self) -> Result<String, String> {
        let mut errors = Vec::new();
        let value = self.value(&mut errors);
        if let Some(error) = errors.pop() {
            return Err(error);
        }
        let json = call("jsonencode", vec![value], &Nothing).map_err(|error| error.to_string())?;
        json.as_text().map(str::to_owned).ok_or_else(|| format!("not known: {json:?}"))
    }

    /// What fails is told, and goes on as a value that nobody knows.
    fn value(&self, errors: &mut Vec<String>) -> Term {
        self.computed(errors).unwrap_or_else(|error| {
            errors.push(error);
            failed(Type::Dynamic)
        })
    }

    fn computed(&self, errors: &mut Vec<String>) -> Result<Term, String> {
        match self {
            Self::Value(it) => Ok(it.clone()),
            Self::Null => Ok(Term::null(Type::Dynamic)),
            Self::Bool(it) => Ok(Term::bool(*it)),
            Self::Number(it) => match it.strip_prefix('-') {
                Some(rest) => Ok(Term::number(Number::parse(rest).map_err(|error| error.to_string())?.negate())),
                None => Ok(Term::number(Number::parse(it).map_err(|error| error.to_string())?)),
            },
            Self::Text(it) => Ok(Term::text(it)),
            Self::Tuple(items) => Ok(Term::tuple(items.iter().map(|it| it.value(errors)).collect())),
            Self::Object(entries) => {
                Ok(Term::object(entries.iter().map(|(key, it)| (key.clone(), it.value(errors))).collect()))
            }
            Self::Call(name, arguments) => {
                let before = errors.len();
                let arguments = arguments.iter().map(|it| it.value(errors)).collect();
                if before < errors.len() {
                    return Ok(failed(Type::Dynamic));
                }
                call(name, arguments, &Nothing).map_err(|error| error.to_string())
            }
            Self::Binary(operator, left, right) => {
                let before = errors.len();
                let (left, right) = (left.value(errors), right.value(errors));
                let result = binary(*operator, &left, &right);
                if before < errors.len() { Ok(failed(result_type(*operator))) } else { result }
            }
            Self::Unary(operator, of) => {
                let before = errors.len();
                let result = unary(*operator, &of.value(errors));
                let wanted = if *operator == Unary::Minus { Type::Number } else { Type::Bool };
                if before < errors.len() { Ok(failed(wanted)) } else { result }
            }
            Self::Conditional(condition, yes, no) => {
                let (mut yes_errors, mut no_errors) = (Vec::new(), Vec::new());
                let (yes, no) = (yes.value(&mut yes_errors), no.value(&mut no_errors));
                let condition = condition.value(errors);
                let result = conditional(&condition, &yes, &no);
                // What goes wrong on the side that is not taken does not count.
                match convert(&condition, &Type::Bool).ok().and_then(|it| it.as_bool()) {
                    Some(true) => errors.append(&mut yes_errors),
                    Some(false) => errors.append(&mut no_errors),
                    None => (),
                }
                result
            }
            Self::Attribute(of, name) => attribute(&of.value(errors), name),
            Self::Index(of, key) => index(&of.value(errors), &key.value(errors)),
            Self::Template(before, of, behind) => concat(&[Term::text(before), of.value(errors), Term::text(behind)]),
        }
    }
}

/// What goes on in place of a value that could not be had: nothing is done with it that could fail again.
fn failed(r#type: Type) -> Term {
    Term::unknown(r#type, Why::Other("failed".to_owned()))
}

fn result_type(operator: Binary) -> Type {
    match operator {
        Binary::Plus | Binary::Minus | Binary::Times | Binary::Divide | Binary::Remainder => Type::Number,
        Binary::Or
        | Binary::And
        | Binary::Equal
        | Binary::NotEqual
        | Binary::Less
        | Binary::LessOrEqual
        | Binary::Greater
        | Binary::GreaterOrEqual => Type::Bool,
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |items: &[Expression]| items.iter().map(Self::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Null => f.write_str("null"),
            Self::Value(it) => write!(f, "<{}>", it.type_of()),
            Self::Bool(it) => write!(f, "{it}"),
            Self::Number(it) => f.write_str(it),
            Self::Text(it) => write!(f, "\"{}\"", escaped(it)),
            Self::Tuple(items) => write!(f, "[{}]", list(items)),
            Self::Object(entries) => {
                let entries: Vec<_> = entries.iter().map(|(key, it)| format!("\"{}\" = {it}", escaped(key))).collect();
                write!(f, "{{{}}}", entries.join(", "))
            }
            Self::Call(name, arguments) => write!(f, "{name}({})", list(arguments)),
            Self::Binary(operator, left, right) => write!(f, "(({left}) {} ({right}))", sign(*operator)),
            Self::Unary(Unary::Minus, of) => write!(f, "(-({of}))"),
            Self::Unary(Unary::Not, of) => write!(f, "(!({of}))"),
            Self::Conditional(condition, yes, no) => write!(f, "(({condition}) ? ({yes}) : ({no}))"),
            Self::Attribute(of, name) => write!(f, "({of}).{name}"),
            Self::Index(of, key) => write!(f, "({of})[{key}]"),
            Self::Template(before, of, behind) => write!(f, "\"{}${{{of}}}{}\"", escaped(before), escaped(behind)),
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it.is_control() => write!(out, "\\u{:04x}", u32::from(it)).expect("a string takes all"),
            it => out.push(it),
        }
    }
    out.replace("${", "$${").replace("%{", "%%{")
}

fn sign(operator: Binary) -> &'static str {
    match operator {
        Binary::Or => "||",
        Binary::And => "&&",
        Binary::Equal => "==",
        Binary::NotEqual => "!=",
        Binary::Less => "<",
        Binary::LessOrEqual => "<=",
        Binary::Greater => ">",
        Binary::GreaterOrEqual => ">=",
        Binary::Plus => "+",
        Binary::Minus => "-",
        Binary::Times => "*",
        Binary::Divide => "/",
        Binary::Remainder => "%",
    }
}
