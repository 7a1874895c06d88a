//! What trees come out of which texts.

use iac_check::syntax::{
    Parsed,
    hcl::{parse, parse_expression, parse_template},
};

use crate::{show::expression as show, source};

/// The tree of an expression, as one line.
fn tree(text: &str) -> String {
    match parse_expression(source(), text, 0) {
        Ok(expression) => show(&expression),
        Err(error) => format!("{}..{} {}", error.span.start, error.span.end, error.message),
    }
}

fn template_tree(text: &str) -> String {
    match parse_template(source(), text, 0) {
        Ok(expression) => show(&expression),
        Err(error) => format!("{}..{} {}", error.span.start, error.span.end, error.message),
    }
}

#[test]
fn operators_bind_as_terraform_has_them() {
    assert_eq!(tree("a || b && c == d < e + f * g"), "(Or a (And b (Equal c (Less d (Plus e (Times f g))))))");
    assert_eq!(tree("1 - 2 - 3 + 4"), "(Plus (Minus (Minus 1 2) 3) 4)");
    assert_eq!(tree("a == b != c"), "(NotEqual (Equal a b) c)");
    assert_eq!(tree("-a.b + !c"), "(Plus (- a.b) (! c))");
    assert_eq!(tree("a-b - c"), "(Minus a-b c)");
    assert_eq!(tree("a ? b : c ? d : e"), "(if a b (if c d e))");
    assert_eq!(tree("a ? b ? c : d : e"), "(if a (if b c d) e)");
    assert_eq!(tree("(1 + 2) * 3"), "(Times ((Plus 1 2)) 3)");
    assert_eq!(tree("! \n a"), "(! a)");
}

#[test]
fn traversals_and_splats_take_what_is_theirs() {
    assert_eq!(tree("a.b[0].c.0[\"x\"]"), "a.b[0].c[0][\"x\"]");
    assert_eq!(tree("a.*.b.0.c[1].d"), "a*(@.b[0].c)[1].d");
    assert_eq!(tree("a[*].b[0].c"), "a*(@.b[0].c)");
    assert_eq!(tree("a[*].b[*].c"), "a*(@.b*(@.c))");
    assert_eq!(tree("a[*].b.*.c"), "a*(@.b*(@.c))");
    assert_eq!(tree("a.*.b[*].c"), "a*(@.b)*(@.c)");
    assert_eq!(tree("f(x)[0].y"), "f(x)[0].y");
    assert_eq!(tree("a.0.1"), "2..5 expected one index: two in a row stand in brackets");
    assert_eq!(tree("a.18446744073709551616"), "a[18446744073709551616]");
    assert!(tree("a.*.b.*.c").contains("does not stand inside another"));
}

#[test]
fn collections_and_for() {
    assert_eq!(tree("{a = 1, \"b\": 2, (c) = 3, null = 4\n true = 5\n}"), "{a=1 <\"b\">=2 <(c)>=3 null=4 true=5}");
    assert_eq!(tree("{a.b = 1, 2 = 3, a = 4, a = 5}"), "{<a.b>=1 <2>=3 a=4 a=5}");
    assert_eq!(tree("[\n1,\n2,\n]"), "[1 2]");
    assert_eq!(tree("[for v in x : v.id if v != null]"), "for(v in x: v.id if (NotEqual v null))");
    assert_eq!(tree("{for k, v in x : k => v...}"), "for(k,v in x: k => v...)");
    assert_eq!(tree("{\n for k in x :\n k => 1\n}"), "for(k in x: k => 1)");
    assert_eq!(tree("[for k in x : k => 1]"), "16..18 expected `if` or `]`: a list has no keys");
    assert_eq!(tree("f(a, b...)"), "f(a b...)");
    assert_eq!(tree("provider::aws::arn_parse(\na\n,)"), "provider::aws::arn_parse(a)");
}

#[test]
fn templates_are_trimmed_and_told_from_their_only_interpolation() {
    assert_eq!(tree(r#""${x}""#), "t(x)");
    assert_eq!(tree(r#""a ${~ x ~} b""#), r#"t("a" x "b")"#);
    assert_eq!(tree(r#"" ${~ x ~} ""#), r#"t("" x "")"#);
    assert_eq!(tree(r#""$${a}%%{b}$$${c}""#), r#""${a}%{b}$${c}""#);
    assert_eq!(tree(r#""%{ if a }x%{ else }y%{ endif }z""#), r#"t(if(a "x" | "y") "z")"#);
    assert_eq!(tree(r#""%{ for i, v in l ~}  ${v} %{ endfor }""#), r#"t(for(i,v in l "" v " "))"#);
    assert_eq!(tree(r#""""#), r#""""#);
    assert_eq!(template_tree("a\r\nb ${x}\n"), r#"t("a\r\nb " x "\n")"#);
    assert_eq!(template_tree("${x}"), "t(x)");
    assert_eq!(template_tree("a \"q\" \\n $"), r#""a \"q\" \\n $""#);
}

#[test]
fn heredocs_lose_their_shared_indentation() {
    assert_eq!(tree("<<EOT\n  a\\n\n ${x}\nEOT\n"), r#"t("  a\\n\n " x "\n")"#);
    assert_eq!(tree("<<-EOT\n    a\n      b\n\n    c\n  EOT\n"), r#""a\n  b\n\nc\n""#);
    assert_eq!(tree("<<-EOT\n    a\n  ${x}\n    EOT\n"), r#"t("  a\n" x "\n")"#);
    assert_eq!(tree("<<-EOT\n    a\n${x}\n    EOT\n"), r#"t("    a\n" x "\n")"#);
    assert_eq!(tree("<<-EOT\n    a\n   \n  b\nEOT\n"), r#""  a\n   \nb\n""#);
    assert_eq!(tree("<<EOT\r\na\r\nEOT\r\n"), r#""a\r\n""#);
    // The strip marker reaches to the end of its line and no further.
    assert_eq!(tree("<<EOT\n${x ~}\n  a\nEOT\n"), r#"t(x "  a\n")"#);
    assert_eq!(tree("<<EOT\n${x ~}\nEOT\n"), r#"t(x "")"#);
    assert_eq!(tree("<<EOT\na\nEOT"), "0..6 expected this marker again, alone on a line, before the end of the file");
}

fn kinds(parsed: &Parsed) -> Vec<String> {
    let blocks = parsed.body.blocks.iter().map(|block| {
        let labels: Vec<_> = block.labels.iter().map(|label| label.text.as_str()).collect();
        format!("{} {}", block.kind, labels.join("."))
    });
    blocks.collect()
}

fn errors(parsed: &Parsed) -> Vec<String> {
    parsed.errors.iter().map(|it| format!("{}..{} {}", it.span.start, it.span.end, it.message)).collect()
}

#[test]
fn what_is_around_an_error_is_still_there() {
    let parsed = parse(source(), "a x {\n}\nb y {\n  c = \n}\nd z { e = 1 }\n");
    assert_eq!(kinds(&parsed), ["a x", "d z"]);
    assert_eq!(errors(&parsed), ["20..20 expected a value"]);

    let parsed = parse(source(), "a x {\n  b = 1\n\nc \"y\" z {\n  d = 2\n}\n# end\n");
    assert_eq!(kinds(&parsed), ["c y.z"]);
    assert_eq!(errors(&parsed), ["4..5 expected a closing brace for this one before the end of the file"]);
    assert_eq!(parsed.comments.len(), 1);

    let parsed = parse(source(), "a x {\n  b = \"${c\"\n}\nd y {\n}\ne z {}\n");
    assert_eq!(kinds(&parsed), ["d y", "e z"]);
    let parsed = parse(source(), "a x\n  b = 1\n}\nd y {\n}\n");
    assert_eq!((kinds(&parsed), errors(&parsed).len()), (vec!["d y".to_owned()], 1));
}

#[test]
fn depth_ends_in_an_error() {
    let nest = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse_expression(source(), &nest(900), 0).is_ok());
    for deep in [
        nest(200_000),
        format!("{}1", "!".repeat(200_000)),
        format!("a{}", ".b".repeat(200_000)),
        format!("1{}", " + 1".repeat(200_000)),
        format!("1{}", " ? 1 : 1".repeat(200_000)),
        "a ? ".repeat(200_000),
        "\"${".repeat(200_000),
        format!("a{}", "[*]".repeat(200_000)),
        "[{a=".repeat(200_000),
    ] {
        assert!(parse_expression(source(), &deep, 0).is_err());
    }
    assert!(!parse(source(), &"a {\n".repeat(2_000)).errors.is_empty());
    assert!(parse_template(source(), &"%{ if true }".repeat(100_000), 0).is_err());
    let directives = format!("{}{}", "%{ if true }".repeat(5_000), "%{ endif }".repeat(5_000));
    assert!(parse_template(source(), &directives, 0).is_err());
}

#[test]
fn comments_have_their_places() {
    let text = "# a\r\nx = [ // b\n 1, /* c\n */ 2]\n// d";
    let parsed = parse(source(), text);
    assert_eq!(errors(&parsed), Vec::<String>::new());
    let comments: Vec<_> = parsed.comments.iter().map(|it| &text[it.span.bytes()]).collect();
    assert_eq!(comments, ["# a", "// b", "/* c\n */", "// d"]);
}
