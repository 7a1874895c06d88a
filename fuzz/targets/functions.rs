//! Functions of Terraform, called with whatever fits in their parentheses.
#![no_main]

mod run;

use std::fmt::Write as _;

use arbitrary::Arbitrary;
use iac_check::files::Memory;
use libfuzzer_sys::fuzz_target;

/// Those that answer from their arguments alone.
const NAMES: &[&str] = &[
    "abs", "alltrue", "anytrue", "base64decode", "base64encode", "base64gzip", "base64sha256", "base64sha512", "bcrypt",
    "can", "ceil", "chomp", "chunklist", "cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets", "coalesce",
    "coalescelist", "compact", "concat", "contains", "csvdecode", "distinct", "element", "endswith", "flatten", "floor",
    "format", "formatdate", "formatlist", "indent", "index", "join", "jsondecode", "jsonencode", "keys", "length", "log",
    "lookup", "lower", "matchkeys", "max", "md5", "merge", "min", "nonsensitive", "one", "parseint", "pathexpand", "pow",
    "range", "regex", "regexall", "replace", "reverse", "sensitive", "setintersection", "setproduct", "setsubtract",
    "setunion", "sha1", "sha256", "sha512", "signum", "slice", "sort", "split", "startswith", "strcontains", "strrev",
    "substr", "sum", "textdecodebase64", "textencodebase64", "timeadd", "timecmp", "title", "tobool", "tolist", "tomap",
    "tonumber", "toset", "tostring", "transpose", "trim", "trimprefix", "trimspace", "trimsuffix", "try", "upper",
    "urlencode", "uuidv5", "values", "yamldecode", "yamlencode", "zipmap", "templatestring",
];

#[derive(Arbitrary, Debug)]
enum Expression {
    Null,
    Bool(bool),
    Number(i64),
    Fraction(f64),
    Text(String),
    Unknown,
    List(Vec<Expression>),
    Object(Vec<(String, Expression)>),
    Call(u8, Vec<Expression>),
    Spread(u8, Box<Expression>),
    For(Box<Expression>, Box<Expression>),
    Operation(u8, Box<Expression>, Box<Expression>),
    Condition(Box<Expression>, Box<Expression>, Box<Expression>),
    Index(Box<Expression>, Box<Expression>),
    Iterator,
}

fuzz_target!(|expression: Expression| {
    let mut text = "variable \"unknown\" {}\nresource \"aws_vpc\" \"a\" {\n  tags = { a = ".to_owned();
    write_expression(&expression, &mut text, 24);
    text.push_str(" }\n}\n");
    let files = Memory::of([("main.tf", text.as_str())]);
    run::run(&files, &["inspect", ".", "--format", "json"]);
});

fn write_expression(expression: &Expression, text: &mut String, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        text.push_str("null");
        return;
    };
    let name = |at: u8| NAMES[usize::from(at) % NAMES.len()];
    let all = |items: &[Expression], text: &mut String| {
        for item in items.iter().take(6) {
            write_expression(item, text, depth);
            text.push_str(", ");
        }
    };
    match expression {
        Expression::Null => text.push_str("null"),
        Expression::Bool(it) => text.push_str(if *it { "true" } else { "false" }),
        Expression::Number(it) => write!(text, "{it}").expect("writing to a String does not fail"),
        Expression::Fraction(it) if it.is_finite() => {
            write!(text, "{it:e}").expect("writing to a String does not fail");
        }
        Expression::Fraction(_) => text.push_str("1e400"),
        Expression::Text(it) => text.push_str(&quoted(it)),
        Expression::Unknown => text.push_str("var.unknown"),
        Expression::List(items) => {
            text.push('[');
            all(items, text);
            text.push(']');
        }
        Expression::Object(entries) => {
            text.push('{');
            for (key, value) in entries.iter().take(6) {
                text.push_str(&quoted(key));
                text.push_str(" = ");
                write_expression(value, text, depth);
                text.push_str(", ");
            }
            text.push('}');
        }
        Expression::Call(at, items) => {
            text.push_str(name(*at));
            text.push('(');
            all(items, text);
            text.push(')');
        }
        Expression::Spread(at, item) => {
            text.push_str(name(*at));
            text.push('(');
            write_expression(item, text, depth);
            text.push_str("...)");
        }
        Expression::For(of, each) => {
            text.push_str("[for x in ");
            write_expression(of, text, depth);
            text.push_str(" : ");
            write_expression(each, text, depth);
            text.push(']');
        }
        Expression::Operation(sign, left, right) => {
            const SIGNS: &[&str] = &["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"];
            text.push('(');
            write_expression(left, text, depth);
            text.push_str(SIGNS[usize::from(*sign) % SIGNS.len()]);
            write_expression(right, text, depth);
            text.push(')');
        }
        Expression::Condition(is_so, one, other) => {
            text.push('(');
            write_expression(is_so, text, depth);
            text.push_str(" ? ");
            write_expression(one, text, depth);
            text.push_str(" : ");
            write_expression(other, text, depth);
            text.push(')');
        }
        Expression::Index(of, key) => {
            text.push('(');
            write_expression(of, text, depth);
            text.push_str(")[");
            write_expression(key, text, depth);
            text.push(']');
        }
        Expression::Iterator => text.push('x'),
    }
}

/// A text between quotes, with nothing to work out in it.
fn quoted(text: &str) -> String {
    let text: String = text.chars().take(200).collect();
    format!("{text:?}").replace("\\'", "'").replace("\\u{", "u{").replace("\\0", "0").replace("${", "$").replace("%{", "%")
}
