//! What holds for every text: it is read to its end, whatever it is, and its places are places in it.

use iac_check::syntax::{hcl, json};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{source, spans};

/// Pieces that mean something to the scanner, and some that do not.
const PIECES: &[&str] = &[
    "a",
    "b-c",
    "é",
    "1",
    "2.5e3",
    "\"",
    "\"x\"",
    "${",
    "%{",
    "~}",
    "}",
    "{",
    "[",
    "]",
    "(",
    ")",
    ".",
    ".*",
    "[*]",
    ",",
    ":",
    "::",
    "=",
    "==",
    "=>",
    "!",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&&",
    "||",
    "<",
    ">",
    "...",
    "\n",
    "\r\n",
    "\r",
    " ",
    "for ",
    " in ",
    "if ",
    "else",
    "endif",
    "endfor",
    "<<EOT\n",
    "<<-EOT\n",
    "EOT\n",
    "#",
    "//",
    "/*",
    "*/",
    "\\",
    "\\u",
    "$$",
    "%%",
    "$${",
    "~",
    "null",
    "\u{feff}",
    "😀",
    "resource \"a\" \"b\" {\n",
    "x = 1\n",
    "}\n",
];

const FILE: &str = include_str!("../../testdata/syntax/good/whole_resource.tf");

fn jumble() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// A good file with a few slips in it.
fn mangled() -> impl Strategy<Value = String> {
    vec((any::<prop::sample::Index>(), 0..4_usize, select(PIECES)), 1..5).prop_map(|slips| {
        let mut text: Vec<char> = FILE.chars().collect();
        for (at, cut, put) in slips {
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_jumble_is_read_to_its_end(text in jumble()) {
        spans::check(&text, &hcl::parse(source(), &text));
        let _ = hcl::parse_expression(source(), &text, 0);
        let _ = hcl::parse_template(source(), &text, 0);
        let (node, _) = json::parse(source(), &text);
        let _ = json::body(&node);
    }

    #[test]
    fn a_mangled_file_is_read_to_its_end(text in mangled()) {
        spans::check(&text, &hcl::parse(source(), &text));
    }
}

/// Each of these took a time that grows with the square of its size in one reader or another.
#[test]
fn large_files_are_read_in_one_go() {
    let keys = (0..40_000).map(|it| format!("k{it} = {it}\n")).collect::<Vec<_>>().concat();
    let object = format!("a = {{\n{keys}}}\n");
    assert!(hcl::parse(source(), &object).errors.is_empty());
    assert!(hcl::parse(source(), &keys).errors.is_empty());
    for line in ["a {\n", "a = [\n", "a = \"${\n", "a = <<E\n", "/*\n", "a = (((\n", "}\n", "\"", "$${", "a = 'x'\n"] {
        assert!(!hcl::parse(source(), &line.repeat(50_000)).errors.is_empty(), "{line}");
    }
    let members = "\"a\": {}, ".repeat(40_000);
    let (node, errors) = json::parse(source(), &format!("{{\"locals\": {{{members}\"b\": 1}}}}"));
    assert!(errors.is_empty());
    assert_eq!(json::body(&node).0.blocks[0].body.attributes.len(), 2);
}

#[test]
fn deep_json_is_lowered_or_refused() {
    let nest = |depth: usize| format!("{{\"locals\": {{\"a\": {}{}}}}}", "[".repeat(depth), "]".repeat(depth));
    let (node, errors) = json::parse(source(), &nest(490));
    assert!(errors.is_empty() && json::body(&node).1.is_empty());
    assert_eq!(json::parse(source(), &nest(100_000)).1.len(), 1);
}
