//! The expressions: every function with arguments that suit it and some that do not, every operator with every kind of
//! value, conversions to and fro.

use iac_check::syntax::{Binary, Unary};

use super::expression::Expression;

type Values = Vec<Expression>;

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one(&mut self, of: &Values) -> Expression {
        of[self.below(of.len())].clone()
    }
}

fn texts(all: &[&str]) -> Values {
    all.iter().map(|it| Expression::Text((*it).to_owned())).collect()
}

fn numbers(all: &[&str]) -> Values {
    all.iter().map(|it| Expression::Number((*it).to_owned())).collect()
}

fn bools() -> Values {
    vec![Expression::Bool(true), Expression::Bool(false)]
}

fn tuple(items: &[Expression]) -> Expression {
    Expression::Tuple(items.to_vec())
}

fn object(entries: &[(&str, Expression)]) -> Expression {
    Expression::Object(entries.iter().map(|(key, it)| ((*key).to_owned(), it.clone())).collect())
}

fn text(it: &str) -> Expression {
    Expression::Text(it.to_owned())
}

fn number(it: &str) -> Expression {
    Expression::Number(it.to_owned())
}

fn call(name: &str, arguments: &[Expression]) -> Expression {
    Expression::Call(name.to_owned(), arguments.to_vec())
}

fn words() -> Values {
    texts(&[
        "",
        "a",
        "b",
        "abc",
        "Hello World",
        "ünïcödé ß",
        "a,b,,c",
        "  pad \t",
        "\n",
        "x\ny\n\n",
        "10",
        "-5",
        "1.5",
        "true",
        "false",
        "null",
        "e\u{301}x",
        "👨‍👩‍👧!",
        "foo/bar.txt",
        "<&>",
        "\"q\"",
        "\\",
        "$1",
        "100%",
        "ǆ ŉ İ",
        "A_b-c d.e",
    ])
}

fn amounts() -> Values {
    numbers(&[
        "0",
        "1",
        "2",
        "3",
        "-1",
        "-2",
        "10",
        "1.5",
        "-2.5",
        "0.1",
        "100",
        "1000000",
        "1e21",
        "12345678901234567890",
        "0.000001",
        "3.14159",
    ])
}

fn small() -> Values {
    numbers(&["0", "1", "2", "3", "5", "-1", "-3", "1.5", "100"])
}

fn text_lists() -> Values {
    vec![
        tuple(&[]),
        tuple(&texts(&["b", "a", "c", "a"])),
        tuple(&texts(&["", "x", ""])),
        tuple(&[text("a"), number("1"), Expression::Bool(true)]),
        tuple(&[text("a"), Expression::Null]),
        call("tolist", &[tuple(&texts(&["z", "y"]))]),
        call("toset", &[tuple(&texts(&["z", "y", "z"]))]),
        call("tolist", &[tuple(&[])]),
    ]
}

fn number_lists() -> Values {
    vec![
        tuple(&numbers(&["3", "1", "2"])),
        tuple(&numbers(&["0.1", "0.2"])),
        tuple(&texts(&["1", "2"])),
        call("tolist", &[tuple(&numbers(&["5", "5", "-1"]))]),
        call("toset", &[tuple(&numbers(&["10", "9", "2", "10"]))]),
        tuple(&[number("1"), Expression::Null]),
    ]
}

fn bool_lists() -> Values {
    vec![
        tuple(&bools()),
        tuple(&[Expression::Bool(true), Expression::Bool(true)]),
        tuple(&texts(&["true", "false"])),
        tuple(&[]),
        tuple(&[Expression::Bool(true), Expression::Null]),
        tuple(&[Expression::Null, Expression::Bool(false)]),
        tuple(&texts(&["true", "x"])),
    ]
}

fn nested_lists() -> Values {
    vec![
        tuple(&[tuple(&texts(&["a", "b"])), tuple(&[]), tuple(&[tuple(&texts(&["c"])), text("d")])]),
        tuple(&[tuple(&numbers(&["1", "2"])), tuple(&numbers(&["3"]))]),
        tuple(&[object(&[("a", number("1"))]), object(&[("a", number("2"))])]),
        tuple(&[object(&[("a", number("1"))]), object(&[("b", number("2"))])]),
        tuple(&[object(&[("a", number("1"))]), object(&[("a", text("x"))])]),
        call("toset", &[tuple(&[tuple(&texts(&["a", "b"])), tuple(&texts(&["b", "a"]))])]),
        call("toset", &[tuple(&[object(&[("k", number("10"))]), object(&[("k", number("9"))])])]),
    ]
}

fn maps() -> Values {
    vec![
        object(&[]),
        object(&[("b", number("1")), ("a", number("2"))]),
        object(&[("a", text("x")), ("c", Expression::Bool(true))]),
        object(&[("a", tuple(&texts(&["x", "y"]))), ("b", tuple(&texts(&["y"])))]),
        object(&[("a", Expression::Null), ("b", text("q"))]),
        call("tomap", &[object(&[("k", text("v")), ("a", text("w"))])]),
        call("tomap", &[object(&[("a", number("1")), ("b", text("2"))])]),
        call("tomap", &[object(&[])]),
        object(&[("a", object(&[("b", tuple(&[object(&[("c", number("1"))])]))]))]),
    ]
}

fn anything() -> Values {
    let mut all = vec![call("tostring", &[Expression::Null]), call("tolist", &[Expression::Null])];
    all.extend(bools());
    all.extend(texts(&["", "a", "1", "true", "ü"]));
    all.extend(numbers(&["0", "1", "-1.5", "1e9"]));
    all.extend(text_lists());
    all.extend(number_lists().into_iter().take(3));
    all.extend(nested_lists());
    all.extend(maps());
    all
}

fn lists() -> Values {
    [text_lists(), number_lists(), nested_lists()].concat()
}

/// Calls with one argument from each pool: all of them where there are few, otherwise a choice.
fn calls(dice: &mut Dice, out: &mut Values, name: &str, pools: &[Values]) {
    const MOST: usize = 160;
    let all: usize = pools.iter().map(Vec::len).product();
    for choice in 0..all.min(MOST) {
        let mut rest = choice;
        let arguments = pools.iter().map(|pool| {
            if MOST < all {
                return dice.one(pool);
            }
            let it = pool[rest % pool.len()].clone();
            rest /= pool.len();
            it
        });
        out.push(Expression::Call(name.to_owned(), arguments.collect()));
    }
    // And what nobody would write.
    for _ in 0..12 {
        let count = (pools.len() + dice.below(3)).saturating_sub(1);
        let arguments = (0..count).map(|_| dice.one(&anything())).collect();
        out.push(Expression::Call(name.to_owned(), arguments));
    }
}

/// The files of answers, and what stands in each.
pub(crate) fn families() -> Vec<(&'static str, Values)> {
    let dice = &mut Dice(42);
    vec![
        ("strings", strings(dice)),
        ("formats", formats(dice)),
        ("numbers", number_functions(dice)),
        ("collections", collections(dice)),
        ("encodings", encodings(dice)),
        ("network", network(dice)),
        ("dates", dates(dice)),
        ("types", types(dice)),
        ("operators", operators(dice)),
        ("nested", nested(dice)),
    ]
}

fn strings(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    for name in ["chomp", "lower", "upper", "title", "strrev", "trimspace", "length", "basename", "dirname"] {
        calls(dice, &mut out, name, &[words()]);
    }
    let parts = || texts(&["", "a", "b", "o", "abc", "Hello", "ü", ",", " ", "\n", "ab", "10", "\u{301}", "c"]);
    for name in ["startswith", "endswith", "strcontains", "trim", "trimprefix", "trimsuffix"] {
        calls(dice, &mut out, name, &[words(), parts()]);
    }
    calls(dice, &mut out, "split", &[parts(), words()]);
    calls(dice, &mut out, "join", &[parts(), text_lists()]);
    calls(dice, &mut out, "join", &[parts(), text_lists(), text_lists()]);
    calls(dice, &mut out, "indent", &[small(), words()]);
    calls(dice, &mut out, "substr", &[words(), small(), small()]);
    calls(dice, &mut out, "sort", &[lists()]);
    let patterns = || {
        texts(&[
            "a",
            "[a-c]+",
            "(a)(b)?",
            "(?P<x>a)(?P<y>b)?",
            "(?P<x>a)(b)",
            "\\d+",
            "\\w*",
            "[[:alpha:]]+",
            "^H.*d$",
            "(",
            "[\\d.]+",
            "a{2",
            "\\bW",
            "(?i)HELLO",
            "x|y",
            "[^\\s]+",
            "\\.",
            "a*",
            "",
            "(?s).+",
            "(.)\\n",
            "[]a]",
            "\\x61",
            "[a[]",
            "b+?",
            "\\QA_b\\E",
            "(?:a|b)c",
            "[\\w-]+",
            "\\pL+",
            "{",
        ])
    };
    calls(dice, &mut out, "regex", &[patterns(), words()]);
    calls(dice, &mut out, "regexall", &[patterns(), words()]);
    let finds = || texts(&["a", "/a/", "/[a-c]+/", "/(\\w)(\\w)/", "/", "//", "", "/x*/", "ü", ",", "/(?P<l>[A-Z])/"]);
    let with = || texts(&["", "X", "$1", "${1}x", "$2$1", "$$", "$l", "${l}-", "\\n", "$1x", "$"]);
    calls(dice, &mut out, "replace", &[words(), finds(), with()]);
    calls(dice, &mut out, "replace", &[texts(&["abc def", "Hello World", "a/b/c"]), finds(), with()]);
    out
}

fn formats(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    let verbs = || {
        texts(&[
            "%s",
            "%d",
            "%v",
            "%q",
            "%t",
            "%b",
            "%o",
            "%x",
            "%X",
            "%e",
            "%E",
            "%f",
            "%g",
            "%G",
            "%5s|",
            "%-5s|",
            "%05d|",
            "%+d",
            "% d",
            "%#x",
            "%#o",
            "%#b",
            "%.2f",
            "%8.3f|",
            "%-8.1f|",
            "%+.1e",
            "%08.2f",
            "%.3s",
            "%5.1s|",
            "%#v",
            "%5v|",
            "%%",
            "x%sy",
            "%.0f",
            "%.3d",
            "%8.3d|",
            "%z",
            "%",
            "%5",
            "%[1]s",
            "%[1]s %[1]s",
            "%[2]s",
            "%.10g",
            "%.2g",
            "%-05d|",
            "%5q|",
            "%06s|",
            "%c",
            "%!",
            "%[0]s",
            "%.d",
            "%x%%",
            "%+s",
            "no verbs",
        ])
    };
    let mut values = anything();
    values.extend(amounts());
    calls(dice, &mut out, "format", &[verbs(), values.clone()]);
    for amount in amounts() {
        for verb in verbs() {
            out.push(call("format", &[verb, amount.clone()]));
        }
    }
    for word in words() {
        for verb in texts(&["%s", "%q", "%v", "%#v", "%7s|", "%-7s|", "%.1s", "%d"]) {
            out.push(call("format", &[verb, word.clone()]));
        }
    }
    let pairs = || texts(&["%s-%s", "%s %d", "%[2]s %[1]s", "%[2]s %s", "%v=%v", "%s", "%[1]s%s%[1]s"]);
    calls(dice, &mut out, "format", &[pairs(), values.clone(), values]);
    calls(dice, &mut out, "format", &[pairs()]);
    calls(dice, &mut out, "formatlist", &[pairs(), anything(), anything()]);
    calls(dice, &mut out, "formatlist", &[pairs(), lists(), texts(&["x", "1"])]);
    calls(dice, &mut out, "formatlist", &[verbs(), lists()]);
    calls(dice, &mut out, "formatlist", &[verbs()]);
    out
}

fn number_functions(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    let mut all = amounts();
    all.extend(texts(&["5", "-0.5", "x", "1e3", "0x10", ""]));
    all.extend(numbers(&["-0", "0.5", "2.999999999999999999999999999999", "-1e30", "9007199254740993", "1e-30"]));
    for name in ["abs", "ceil", "floor", "signum"] {
        calls(dice, &mut out, name, &[all.clone()]);
    }
    for name in ["max", "min"] {
        calls(dice, &mut out, name, &[all.clone()]);
        calls(dice, &mut out, name, &[all.clone(), all.clone(), all.clone()]);
    }
    calls(
        dice,
        &mut out,
        "pow",
        &[numbers(&["2", "3", "0", "-2", "10", "1.5"]), numbers(&["0", "1", "2", "10", "-1", "0.5", "30"])],
    );
    calls(dice, &mut out, "log", &[numbers(&["1", "2", "8", "10", "100", "16", "-1"]), numbers(&["2", "10", "3"])]);
    let digits =
        || texts(&["", "0", "10", "-101", "ff", "FF", "zz", "Zz", "+7", "1_0", "12345678901234567890123", "9", " 1"]);
    calls(dice, &mut out, "parseint", &[digits(), numbers(&["2", "8", "10", "16", "36", "62", "1", "63", "10.5"])]);
    calls(dice, &mut out, "sum", &[lists()]);
    calls(dice, &mut out, "range", &[small()]);
    calls(dice, &mut out, "range", &[small(), small()]);
    calls(dice, &mut out, "range", &[small(), small(), numbers(&["1", "2", "-1", "0.5", "0", "-2"])]);
    calls(dice, &mut out, "range", &[numbers(&["1024", "1025", "-1024", "1e9"])]);
    out
}

fn collections(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    for name in ["alltrue", "anytrue"] {
        calls(dice, &mut out, name, &[bool_lists()]);
    }
    for name in ["compact", "distinct", "flatten", "reverse", "one", "length", "sort", "tolist", "toset"] {
        calls(dice, &mut out, name, &[[lists(), vec![tuple(&[text("only")]), tuple(&[Expression::Null])]].concat()]);
    }
    for name in ["keys", "values", "transpose", "length", "tomap", "merge"] {
        calls(dice, &mut out, name, &[maps()]);
    }
    for name in
        ["merge", "coalesce", "coalescelist", "concat", "setproduct", "setunion", "setintersection", "setsubtract"]
    {
        let pool = || {
            if name == "merge" {
                maps()
            } else if name == "coalesce" {
                anything()
            } else {
                lists()
            }
        };
        calls(dice, &mut out, name, &[pool(), pool()]);
        calls(dice, &mut out, name, &[pool(), pool(), pool()]);
    }
    calls(dice, &mut out, "merge", &[[maps(), vec![call("tostring", &[Expression::Null])]].concat(), maps()]);
    calls(
        dice,
        &mut out,
        "coalesce",
        &[[words(), vec![call("tostring", &[Expression::Null])]].concat(), [words(), amounts()].concat()],
    );
    calls(dice, &mut out, "chunklist", &[lists(), small()]);
    calls(dice, &mut out, "element", &[lists(), small()]);
    calls(dice, &mut out, "slice", &[lists(), small(), small()]);
    calls(dice, &mut out, "contains", &[lists(), anything()]);
    calls(dice, &mut out, "index", &[lists(), anything()]);
    let keys = || texts(&["a", "b", "k", "zz"]);
    calls(dice, &mut out, "lookup", &[maps(), keys()]);
    calls(dice, &mut out, "lookup", &[maps(), keys(), anything()]);
    calls(dice, &mut out, "matchkeys", &[lists(), lists(), lists()]);
    let same = || {
        vec![tuple(&texts(&["i-1", "i-2", "i-3"])), tuple(&numbers(&["1", "2", "3"])), tuple(&texts(&["a", "b", "a"]))]
    };
    calls(dice, &mut out, "matchkeys", &[same(), same(), [same(), vec![tuple(&texts(&["a"]))]].concat()]);
    calls(dice, &mut out, "zipmap", &[text_lists(), lists()]);
    calls(dice, &mut out, "zipmap", &[same(), same()]);
    out
}

fn encodings(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    let all = ["base64encode", "urlencode", "md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512"];
    for name in all {
        calls(dice, &mut out, name, &[words()]);
    }
    calls(
        dice,
        &mut out,
        "base64decode",
        &[texts(&["", "YQ==", "YWI=", "YWJj", "YQ", "Y Q==", "/w==", "w6Q=", "YW\nJj", "YR=="])],
    );
    let names = || texts(&["UTF-8", "utf-16le", "UTF-16BE", "ISO-8859-1", "US-ASCII"]);
    calls(dice, &mut out, "textencodebase64", &[words(), names()]);
    calls(
        dice,
        &mut out,
        "textdecodebase64",
        &[texts(&["", "YQ==", "YQBiAA==", "AGEAYg==", "w6Q=", "/w==", "YQ", "5A=="]), names()],
    );
    calls(
        dice,
        &mut out,
        "uuidv5",
        &[texts(&["dns", "url", "oid", "x500", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x"]), words()],
    );
    calls(dice, &mut out, "jsonencode", &[anything()]);
    calls(dice, &mut out, "jsonencode", &[words()]);
    calls(
        dice,
        &mut out,
        "jsondecode",
        &[texts(&[
            "",
            "1",
            "null",
            "true",
            "\"a\"",
            "[]",
            "{}",
            "[1,\"a\",null,{\"b\":[]}]",
            "{\"a\":1,\"a\":2}",
            "{\"b\":1,\"a\":{\"c\":[1.5e3]}}",
            "[1,]",
            "{",
            "1 2",
            " [ 1 , 2 ] ",
            "\"\\u00e9\\ud83d\\ude00\"",
            "\"\\ud800\"",
            "01",
            "1.0",
            "-0",
            "1e400",
            "nul",
            "'a'",
            "0.1",
            "12345678901234567890.5",
            "[[[]]]",
            "\"a\\/b\"",
            "\"\\x\"",
            "{\"a\" 1}",
            "\t1\n",
        ])],
    );
    calls(
        dice,
        &mut out,
        "csvdecode",
        &[texts(&[
            "",
            "a",
            "a,b\n1,2\n",
            "a,b\n1,2\n3,4",
            "a,b\r\n1,2\r\n",
            "a,a\n1,2",
            "a,b\n1",
            "a,b\n\"x,y\",\"q\"\"r\"\n",
            "a,b\n\n1,2\n",
            "a\n\"x\ny\"\n",
            "a,b\n1,x\"y",
            "a,b\n1,\"x",
            "a,b\n1,\"x\"y",
            "ü,ß\nä,ö",
            "a,b\n,\n",
            "\"a\",b\n1, 2",
            "a,b,\n1,2,3",
        ])],
    );
    calls(dice, &mut out, "yamldecode", &[yaml_texts()]);
    calls(dice, &mut out, "yamlencode", &[[anything(), words(), amounts(), yaml_values()].concat()]);
    out
}

fn yaml_texts() -> Values {
    texts(&[
        "",
        "a",
        "1",
        "1.5",
        "0x1F",
        "0o7",
        "0777",
        "-3",
        "1e3",
        "true",
        "yes",
        "No",
        "on",
        "~",
        "null",
        "\"a\"",
        "'it''s'",
        "[]",
        "{}",
        "a: 1\nb: [x, y]\n",
        "- a\n- b: c\n  d: e\n",
        "a:\n  - 1\n  - 2\n",
        "a: |\n  x\n  y\n",
        "a: >\n  x\n  y\n\n  z\n",
        "a: 1\na: 2",
        "1: x\ntrue: y",
        "? k\n: v",
        "a: &x {b: 1}\nc: *x",
        "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2",
        "# only\n",
        "---\na: 1\n",
        "a: 1\n---\nb: 2",
        "!!str 1",
        "a: !x y",
        "2001-12-14",
        "2001-12-14T21:59:43Z",
        "12_000",
        "0b101",
        ".5",
        "+1",
        "a: \"\\u00e9\\n\"",
        "a: b: c",
        "[a, b",
        "- - a\n  - b\n- c",
        "a:\nb:",
        "{a: 1, b: [2, {c: d}]}",
        "a: 'x\n  y'",
        "key with space: v",
        "\"q\": 1",
        "a: 1 # c",
        "-",
        "a: -",
        "!!binary aGk=",
        "!!int \"3\"",
        "!!bool \"yes\"",
        "*x",
        ".inf",
        "- &a x\n- *a",
        "a: \"x\\\n  y\"",
        "10.0.0.0/16",
        "1:2",
        "a: 0.10",
    ])
}

fn yaml_values() -> Values {
    let long = "word ".repeat(40);
    let mut all = texts(&[
        "multi\nline",
        "multi\nline\n",
        "multi\nline\n\n",
        "\n",
        " lead",
        "a\n b",
        " a\nb",
        "\ta\nb",
        "a \nb",
        "a\r\nb",
        "a\n\nb\n",
        "- x",
        "a: b",
        "#c",
        "'",
        "\u{2028}x\u{a0}",
        "\u{1}\u{1f}\u{7f}",
        "x\u{85}y",
        "😀",
        "x ",
        "a\nb ",
        "{",
        "*a",
        "key: |\n  v\n",
    ]);
    all.push(text(&long));
    all.push(text(&format!("{}\n{long}", "x".repeat(90))));
    all.push(object(&[("a", text(&long)), ("b", tuple(&[text("x\ny"), text(&long)]))]));
    all.push(object(&[("a", object(&[("b", text("x\ny\n")), ("c", tuple(&[tuple(&[text("q\nr")])]))]))]));
    all.push(tuple(&[object(&[("a", tuple(&[object(&[("b", Expression::Null)])])), ("c", object(&[]))])]));
    all.push(tuple(&[tuple(&[]), object(&[]), tuple(&[tuple(&[]), tuple(&[object(&[("a", number("1"))])])])]));
    all.push(object(&[(&"k".repeat(129), text("v")), ("l\nm", number("1"))]));
    all.push(object(&[(&"k".repeat(128), tuple(&[number("1")])), ("é ü", number("1e21"))]));
    all
}

fn network(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    let blocks = || {
        texts(&[
            "10.0.0.0/8",
            "10.0.0.0/16",
            "192.168.1.77/24",
            "0.0.0.0/0",
            "255.255.255.255/32",
            "10.0.0.0/31",
            "fd00::/8",
            "2001:db8::/32",
            "2001:db8::1/128",
            "::/0",
            "10.0.0.0",
            "10.0.0/8",
            "10.0.0.0/33",
            "010.0.0.0/8",
            "x",
            "10.0.0.0/-1",
            "172.16.0.0/12",
        ])
    };
    calls(dice, &mut out, "cidrnetmask", &[blocks()]);
    let hosts = || numbers(&["0", "1", "5", "255", "256", "-1", "-2", "1.5", "65536", "-256", "-257"]);
    for block in blocks() {
        for host in hosts() {
            out.push(call("cidrhost", &[block.clone(), host]));
        }
    }
    for block in blocks() {
        for more in numbers(&["0", "1", "4", "8", "16", "17", "24", "64", "1.5"]) {
            for position in numbers(&["0", "1", "2", "15", "16", "255", "256", "65535"]) {
                out.push(call("cidrsubnet", &[block.clone(), more.clone(), position]));
            }
        }
    }
    let sizes = || numbers(&["1", "2", "3", "4", "8", "9", "0", "32", "33", "-1"]);
    calls(dice, &mut out, "cidrsubnets", &[blocks()]);
    calls(dice, &mut out, "cidrsubnets", &[blocks(), sizes()]);
    calls(dice, &mut out, "cidrsubnets", &[blocks(), sizes(), sizes()]);
    calls(dice, &mut out, "cidrsubnets", &[blocks(), sizes(), sizes(), sizes(), sizes()]);
    out
}

fn dates(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    let moments = || {
        texts(&[
            "2024-02-29T12:34:56Z",
            "1999-12-31T23:59:59+02:00",
            "2024-01-05T00:07:08-07:30",
            "2023-02-29T00:00:00Z",
            "2024-02-29T12:34:56.789Z",
            "2024-02-29 12:34:56Z",
            "2024-02-29",
            "",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2024-13-01T00:00:00Z",
            "2024-1-01T00:00:00Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29T12:34:56",
            "2024-02-29T12:34:60Z",
            "2024-06-15T18:00:00+00:00",
        ])
    };
    let formats = || {
        texts(&[
            "YYYY-MM-DD'T'hh:mm:ssZ",
            "DD MMM YYYY hh:mm ZZZ",
            "EEEE, DD-MMM-YY hh:mm:ss ZZZ",
            "EEE, MMMM D",
            "H:mmAA",
            "HH:mm aa",
            "h'h'm",
            "ZZZZ ZZZZZ",
            "''",
            "'it''s'",
            "'open",
            "YYY",
            "Q",
            "hhh",
            "",
            "ü YY",
            "M/D/YY",
            "ss s",
            "ZZ",
            "EE",
            "A",
            "MMMMM",
            "'x'YY''",
        ])
    };
    for moment in moments() {
        for format in formats() {
            out.push(call("formatdate", &[format, moment.clone()]));
        }
    }
    let durations = || {
        texts(&[
            "1h", "-1h", "90m", "1.5h", "10s", "1h30m", "0", "", "1", "1d", "500ms", "-24h", "8760h", "1us", "1ns",
            ".5s", "1.h", "h", "+5m",
        ])
    };
    for moment in moments() {
        for duration in durations() {
            out.push(call("timeadd", &[moment.clone(), duration]));
        }
    }
    calls(dice, &mut out, "timecmp", &[moments(), moments()]);
    out
}

fn types(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    let mut all = anything();
    all.extend(words());
    all.extend(amounts());
    all.extend(bool_lists());
    for name in ["tobool", "tonumber", "tostring", "tolist", "toset", "tomap", "issensitive"] {
        calls(dice, &mut out, name, std::slice::from_ref(&all));
        calls(
            dice,
            &mut out,
            name,
            &[texts(&["TRUE", "True", "0", "1", "1p3", "+1", "1_0", "0x1", "1e5", "Inf", ".5", "5.", "1e-2", " 1"])],
        );
    }
    for value in &all {
        let secret = call("sensitive", std::slice::from_ref(value));
        for name in
            ["tostring", "tolist", "length", "keys", "jsonencode", "upper", "values", "flatten", "merge", "toset"]
        {
            out.push(call("issensitive", &[call(name, std::slice::from_ref(&secret))]));
        }
        out.push(call("nonsensitive", std::slice::from_ref(&secret)));
        out.push(call(
            "issensitive",
            &[Expression::Binary(Binary::Equal, Box::new(secret.clone()), Box::new(Expression::Null))],
        ));
        let inside = tuple(&[text("x"), secret.clone()]);
        for name in [
            "length",
            "tolist",
            "toset",
            "concat",
            "reverse",
            "jsonencode",
            "flatten",
            "coalescelist",
            "compact",
            "distinct",
        ] {
            out.push(call("issensitive", &[call(name, std::slice::from_ref(&inside))]));
        }
        out.push(call("issensitive", &[call("element", &[inside.clone(), number("0")])]));
        out.push(call("issensitive", &[call("element", &[inside.clone(), number("1")])]));
        out.push(call("issensitive", &[call("lookup", &[object(&[("a", secret.clone())]), text("a")])]));
        out.push(call(
            "issensitive",
            &[Expression::Conditional(Box::new(Expression::Bool(true)), Box::new(text("x")), Box::new(secret.clone()))],
        ));
    }
    out
}

const OPERATORS: [Binary; 13] = [
    Binary::Or,
    Binary::And,
    Binary::Equal,
    Binary::NotEqual,
    Binary::Less,
    Binary::LessOrEqual,
    Binary::Greater,
    Binary::GreaterOrEqual,
    Binary::Plus,
    Binary::Minus,
    Binary::Times,
    Binary::Divide,
    Binary::Remainder,
];

fn operators(dice: &mut Dice) -> Values {
    let mut out = Vec::new();
    let mut plain = amounts();
    plain.extend(bools());
    plain.extend(texts(&["1", "true", "x", "", "-2"]));
    plain.push(Expression::Null);
    // Infinity, that Terraform makes of a division by zero, is none of our numbers.
    let is_zero = |it: &Expression| matches!(it, Expression::Number(it) if it == "0");
    for operator in OPERATORS {
        for _ in 0..150 {
            let (left, right) = (dice.one(&plain), dice.one(&plain));
            if operator == Binary::Divide && is_zero(&right) {
                continue;
            }
            out.push(Expression::Binary(operator, Box::new(left), Box::new(right)));
        }
    }
    for operator in [Binary::Equal, Binary::NotEqual] {
        for _ in 0..400 {
            let (left, right) = (dice.one(&anything()), dice.one(&anything()));
            out.push(Expression::Binary(operator, Box::new(left), Box::new(right)));
        }
        for value in anything() {
            out.push(Expression::Binary(operator, Box::new(value.clone()), Box::new(value)));
        }
    }
    for value in [plain.clone(), anything()].concat() {
        out.push(Expression::Unary(Unary::Minus, Box::new(value.clone())));
        out.push(Expression::Unary(Unary::Not, Box::new(value.clone())));
        out.push(Expression::Template("<".to_owned(), Box::new(value.clone()), ">".to_owned()));
        out.push(Expression::Attribute(Box::new(value.clone()), "a".to_owned()));
        for key in
            [numbers(&["0", "1", "-1", "1.5"]), texts(&["a", "0", "zz"]), vec![call("tostring", &[Expression::Null])]]
                .concat()
        {
            out.push(Expression::Index(Box::new(value.clone()), Box::new(key)));
        }
    }
    let conditions =
        [bools(), texts(&["true", "false", "x"]), numbers(&["0", "1"]), vec![call("tostring", &[Expression::Null])]]
            .concat();
    for _ in 0..1_200 {
        let condition = if dice.below(4) == 0 { dice.one(&conditions) } else { dice.one(&bools()) };
        let (yes, no) = (dice.one(&anything()), dice.one(&anything()));
        out.push(Expression::Conditional(Box::new(condition), Box::new(yes), Box::new(no)));
    }
    out
}

/// Functions of functions.
fn nested(dice: &mut Dice) -> Values {
    const OF_ONE: [&str; 18] = [
        "tolist",
        "toset",
        "tomap",
        "flatten",
        "distinct",
        "reverse",
        "keys",
        "values",
        "jsonencode",
        "length",
        "sort",
        "compact",
        "one",
        "sum",
        "tostring",
        "tonumber",
        "transpose",
        "upper",
    ];
    const OF_TWO: [&str; 12] = [
        "concat",
        "merge",
        "setunion",
        "setproduct",
        "zipmap",
        "contains",
        "coalesce",
        "lookup",
        "element",
        "join",
        "format",
        "setsubtract",
    ];
    let mut pool = anything();
    let mut out = Vec::new();
    for _ in 0..3_000 {
        let first = dice.one(&pool);
        let value = match dice.below(6) {
            0 | 1 => call(OF_ONE[dice.below(OF_ONE.len())], &[first]),
            2 | 3 => call(OF_TWO[dice.below(OF_TWO.len())], &[first, dice.one(&pool)]),
            4 => Expression::Conditional(Box::new(dice.one(&bools())), Box::new(first), Box::new(dice.one(&pool))),
            _ => tuple(&[first, dice.one(&pool)]),
        };
        let is_worth_more = value.to_string().len() < 300;
        if is_worth_more && pool.len() < 400 {
            pool.push(value.clone());
        }
        out.push(value);
    }
    out
}
