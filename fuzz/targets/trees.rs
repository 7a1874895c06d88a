//! The reader of HCL against a writer: a tree that is written out is read as the same tree.
#![no_main]

use std::fmt::Write as _;

use arbitrary::Arbitrary;
use iac_check::{
    source::{SourceId, SourceMap},
    syntax::{Binary, Expression, ExpressionKind, ObjectKey, TemplatePart, Unary, hcl},
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Tree {
    Null,
    Bool(bool),
    Number(u32, Option<u8>),
    Text(String),
    Template(Vec<(String, Tree)>, String),
    Choice(Box<Tree>, String, String),
    Tuple(Vec<Tree>, bool),
    Object(Vec<(Key, Tree)>, bool),
    Variable(u8),
    Attribute(Box<Tree>, u8),
    Index(Box<Tree>, Box<Tree>),
    Splat(Box<Tree>, u8),
    Call(u8, Vec<Tree>, bool),
    Unary(bool, Box<Tree>),
    Binary(u8, Box<Tree>, Box<Tree>),
    Conditional(Box<Tree>, Box<Tree>, Box<Tree>),
    List(Box<Tree>, Box<Tree>, Option<Box<Tree>>),
    Map(Box<Tree>, Box<Tree>, Box<Tree>, bool),
}

#[derive(Arbitrary, Debug)]
enum Key {
    Name(u8),
    Text(String),
    Computed(Tree),
}

const NAMES: &[&str] = &["a", "b-c", "var", "each", "é", "for_", "null_", "_x", "if1", "in"];

#[rustfmt::skip]
const BINARY: &[(&str, Binary)] = &[
    ("||", Binary::Or), ("&&", Binary::And), ("==", Binary::Equal), ("!=", Binary::NotEqual), ("<", Binary::Less),
    ("<=", Binary::LessOrEqual), (">", Binary::Greater), (">=", Binary::GreaterOrEqual), ("+", Binary::Plus),
    ("-", Binary::Minus), ("*", Binary::Times), ("/", Binary::Divide), ("%", Binary::Remainder),
];

fuzz_target!(|tree: Tree| {
    let (mut text, mut shape) = (String::new(), String::new());
    write(&tree, 16, &mut text, &mut shape);
    let source: SourceId = SourceMap::default().add("main.tf", &text).expect("a small text");
    match hcl::parse_expression(source, &text, 0) {
        Ok(read) => assert_eq!(show(&read), shape, "{text}"),
        Err(error) => panic!("{} at {:?} in {text}", error.message, error.span),
    }
    // The same as an argument in a block, whose end is looked for before it is read.
    let file = format!("a \"b\" {{\n  c = {text}\n  d = 1\n}}\ne = 2\n");
    let parsed = hcl::parse(source, &file);
    assert!(parsed.errors.is_empty(), "{:?} in {file}", parsed.errors);
    assert_eq!(show(&parsed.body.blocks[0].body.attributes[0].value), shape, "{file}");
});

fn name(at: u8) -> &'static str {
    NAMES[usize::from(at) % NAMES.len()]
}

/// Writes the tree as code, and what is to be read of it.
fn write(tree: &Tree, depth: usize, text: &mut String, shape: &mut String) {
    let Some(depth) = depth.checked_sub(1) else {
        text.push_str("null");
        shape.push_str("null");
        return;
    };
    let part = |tree: &Tree, text: &mut String, shape: &mut String| {
        text.push('(');
        write(tree, depth, text, shape);
        text.push(')');
    };
    match tree {
        Tree::Null => part_of("null", text, shape),
        Tree::Bool(it) => part_of(if *it { "true" } else { "false" }, text, shape),
        Tree::Number(whole, None) => part_of(&whole.to_string(), text, shape),
        Tree::Number(whole, Some(more)) => part_of(&format!("{whole}.{more}e-{more}"), text, shape),
        Tree::Text(it) => {
            write!(text, "\"{}\"", escaped(it)).expect("a string takes all");
            write!(shape, "{it:?}").expect("a string takes all");
        }
        Tree::Template(parts, last) if !parts.is_empty() => {
            text.push('"');
            shape.push_str("t(");
            for (before, tree) in parts.iter().take(4) {
                let before = before.trim_end_matches(['$', '%']);
                text.push_str(&escaped(before));
                if !before.is_empty() {
                    write!(shape, "{before:?}").expect("a string takes all");
                }
                text.push_str("${ ");
                shape.push('$');
                write(tree, depth, text, shape);
                text.push_str(" }");
            }
            text.push_str(&escaped(last));
            if !last.is_empty() {
                write!(shape, "{last:?}").expect("a string takes all");
            }
            text.push('"');
            shape.push(')');
        }
        Tree::Template(_, last) => {
            write!(text, "\"{}\"", escaped(last)).expect("a string takes all");
            write!(shape, "{last:?}").expect("a string takes all");
        }
        Tree::Choice(condition, yes, no) => {
            text.push_str("\"%{ if ");
            shape.push_str("t(if ");
            write(condition, depth, text, shape);
            // A sign before a brace that opens would escape it.
            let (yes, no) = (yes.trim_end_matches(['$', '%']), no.trim_end_matches(['$', '%']));
            write!(text, " }}{}%{{ else }}{}%{{ endif }}\"", escaped(yes), escaped(no)).expect("a string takes all");
            for side in [yes, no] {
                shape.push('|');
                if !side.is_empty() {
                    write!(shape, "{side:?}").expect("a string takes all");
                }
            }
            shape.push(')');
        }
        Tree::Tuple(items, is_long) => {
            text.push('[');
            shape.push('[');
            for item in items.iter().take(5) {
                text.push_str(if *is_long { "\n" } else { " " });
                write(item, depth, text, shape);
                text.push(',');
                shape.push(' ');
            }
            text.push(']');
            shape.push(']');
        }
        Tree::Object(items, is_long) => {
            text.push_str(if *is_long { "{\n" } else { "{" });
            shape.push('{');
            for (key, value) in items.iter().take(5) {
                match key {
                    Key::Name(it) => part_of(name(*it), text, shape),
                    Key::Text(it) => {
                        write!(text, "\"{}\"", escaped(it)).expect("a string takes all");
                        write!(shape, "{it:?}").expect("a string takes all");
                    }
                    Key::Computed(it) => part(it, text, shape),
                }
                part_of("=", text, shape);
                write(value, depth, text, shape);
                text.push_str(if *is_long { "\n" } else { ", " });
                shape.push(' ');
            }
            part_of("}", text, shape);
        }
        Tree::Variable(it) => part_of(name(*it), text, shape),
        Tree::Attribute(of, it) => {
            part(of, text, shape);
            part_of(&format!(".{}", name(*it)), text, shape);
        }
        Tree::Index(of, key) => {
            part(of, text, shape);
            part_of("[", text, shape);
            write(key, depth, text, shape);
            part_of("]", text, shape);
        }
        Tree::Splat(of, it) => {
            part(of, text, shape);
            write!(text, "[*].{}", name(*it)).expect("a string takes all");
            write!(shape, "*(@.{})", name(*it)).expect("a string takes all");
        }
        Tree::Call(it, arguments, is_expanded) => {
            part_of(name(*it), text, shape);
            part_of("(", text, shape);
            let arguments = &arguments[..arguments.len().min(4)];
            for (at, item) in arguments.iter().enumerate() {
                write(item, depth, text, shape);
                let is_last = at + 1 == arguments.len();
                if is_last && *is_expanded { part_of("...", text, shape) } else { part_of(", ", text, shape) }
            }
            part_of(")", text, shape);
        }
        Tree::Unary(is_minus, of) => {
            part_of(if *is_minus { "-" } else { "!" }, text, shape);
            part(of, text, shape);
        }
        Tree::Binary(at, left, right) => {
            let (sign, _) = BINARY[usize::from(*at) % BINARY.len()];
            shape.push_str(sign);
            shape.push('(');
            part(left, text, shape);
            write!(text, " {sign} ").expect("a string takes all");
            shape.push(' ');
            part(right, text, shape);
            shape.push(')');
        }
        Tree::Conditional(condition, yes, no) => {
            shape.push_str("?(");
            for (tree, behind) in [(condition, " ? "), (yes, " : "), (no, "")] {
                part(tree, text, shape);
                text.push_str(behind);
                shape.push(' ');
            }
            shape.push(')');
        }
        Tree::List(over, value, condition) => {
            text.push_str("[for x in ");
            shape.push_str("for ");
            write(over, depth, text, shape);
            part_of(" : ", text, shape);
            write(value, depth, text, shape);
            if let Some(condition) = condition {
                part_of(" if ", text, shape);
                write(condition, depth, text, shape);
            }
            text.push(']');
        }
        Tree::Map(over, key, value, is_grouped) => {
            text.push_str("{for k, x in ");
            shape.push_str("for k ");
            write(over, depth, text, shape);
            part_of(" : ", text, shape);
            write(key, depth, text, shape);
            part_of(" => ", text, shape);
            write(value, depth, text, shape);
            if *is_grouped {
                part_of("...", text, shape);
            }
            text.push('}');
        }
    }
}

fn part_of(both: &str, text: &mut String, shape: &mut String) {
    text.push_str(both);
    shape.push_str(both);
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
    // Of several signs before a brace, the last two are the escape.
    out.replace("${", "$${").replace("%{", "%%{")
}

/// What is read, without parentheses.
fn show(it: &Expression) -> String {
    let all = |items: &[Expression], behind: &str| items.iter().map(|it| show(it) + behind).collect::<String>();
    match &it.kind {
        ExpressionKind::Null => "null".to_owned(),
        ExpressionKind::Bool(it) => it.to_string(),
        ExpressionKind::Number(it) => it.clone(),
        ExpressionKind::Text(it) => format!("{it:?}"),
        ExpressionKind::Template(parts) => format!("t({})", parts.iter().map(part).collect::<String>()),
        ExpressionKind::Tuple(items) => format!("[{}]", all(items, " ")),
        ExpressionKind::Object(items) => {
            let items = items.iter().map(|item| match &item.key {
                ObjectKey::Name { name, .. } => format!("{name}={} ", show(&item.value)),
                ObjectKey::Expression(key) => format!("{}={} ", show(key), show(&item.value)),
            });
            format!("{{{}}}", items.collect::<String>())
        }
        ExpressionKind::Variable(it) => it.clone(),
        ExpressionKind::Attribute { of, name } => format!("{}.{name}", show(of)),
        ExpressionKind::Index { of, key } => format!("{}[{}]", show(of), show(key)),
        ExpressionKind::Splat { of, each } => format!("{}*({})", show(of), show(each)),
        ExpressionKind::SplatItem => "@".to_owned(),
        ExpressionKind::Call { name, arguments, is_expanded: true } => {
            format!("{name}({}...)", all(arguments, ", ").trim_end_matches(", "))
        }
        ExpressionKind::Call { name, arguments, is_expanded: false } => format!("{name}({})", all(arguments, ", ")),
        ExpressionKind::Unary { operator: Unary::Minus, of } => format!("-{}", show(of)),
        ExpressionKind::Unary { operator: Unary::Not, of } => format!("!{}", show(of)),
        ExpressionKind::Binary { operator, left, right } => {
            let sign = BINARY.iter().find(|(_, it)| it == operator).map_or("", |(sign, _)| sign);
            format!("{sign}({} {})", show(left), show(right))
        }
        ExpressionKind::Conditional { condition, yes, no } => {
            format!("?({} {} {} )", show(condition), show(yes), show(no))
        }
        ExpressionKind::For { key_name, over, key, value, is_grouped, condition, .. } => {
            let name = if key_name.is_some() { "k " } else { "" };
            let key = key.as_ref().map_or(String::new(), |it| show(it) + " => ");
            let grouped = if *is_grouped { "..." } else { "" };
            let condition = condition.as_ref().map_or(String::new(), |it| format!(" if {}", show(it)));
            format!("for {name}{} : {key}{}{grouped}{condition}", show(over), show(value))
        }
        ExpressionKind::Parenthesis(of) => show(of),
    }
}

fn part(it: &TemplatePart) -> String {
    match it {
        TemplatePart::Text(it) => format!("{it:?}"),
        TemplatePart::Interpolation(it) => format!("${}", show(it)),
        TemplatePart::If { condition, yes, no } => {
            let side = |side: &[TemplatePart]| side.iter().map(part).collect::<String>();
            format!("if {}|{}|{}", show(condition), side(yes), side(no))
        }
        TemplatePart::For { .. } => "for".to_owned(),
    }
}
