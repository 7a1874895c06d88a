//! Expressions out of bytes, mostly of the types that belong where they stand.

use arbitrary::Unstructured;

/// What is wanted of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Any,
    Bool,
    Number,
    /// A number to count with.
    Small,
    Text,
    /// A text with an address block.
    Block,
    /// A text that is a pattern.
    Pattern,
    /// A text with verbs.
    Format,
    /// A text in JSON, YAML or CSV.
    Data,
    /// A point in time.
    Time,
    Texts,
    Numbers,
    Bools,
    /// A list of lists.
    Lists,
    Map,
}

/// A variable without a value, and values that it may have, as JSON.
pub struct Input {
    pub name: &'static str,
    pub r#type: &'static str,
    kinds: &'static [Kind],
    pub values: &'static [&'static str],
}

pub const INPUTS: &[Input] = &[
    Input {
        name: "any",
        r#type: "any",
        kinds: &[Kind::Any, Kind::Data, Kind::Lists],
        values: &[
            "null", "true", "\"a\"", "\"\"", "0", "1", "-3", "2.5", "[]", "[\"a\"]", "[1, \"a\", null]", "{}", "{\"a\": 1}",
            "{\"a\": {\"b\": [\"x\"]}}", "\"10.0.0.0/16\"", "[{\"a\": 1}, {\"a\": 2}]", "[[\"a\"], []]", "\"true\"", "\"1\"",
        ],
    },
    Input {
        name: "text",
        r#type: "string",
        kinds: &[Kind::Text, Kind::Block, Kind::Pattern, Kind::Format, Kind::Data, Kind::Time],
        values: &[
            "\"a\"", "\"\"", "\"b,c\"", "\"10.0.0.0/16\"", "\"1\"", "\"true\"", "\"é\"", "\"e\u{301}\"", "null", "\"%s\"",
            "\"{\\\"a\\\": 1}\"", "\"2024-02-29T12:00:00Z\"", "\"fd00::/56\"", "\"\u{301}\"",
        ],
    },
    Input { name: "sure", r#type: "string\n  nullable = false", kinds: &[Kind::Text, Kind::Block], values: &["\"a\"", "\"\"", "\"10.0.0.0/8\"", "\"\u{301}x\"", "\"3\""] },
    Input { name: "number", r#type: "number", kinds: &[Kind::Number, Kind::Small], values: &["0", "1", "2", "-1", "2.5", "1e20", "null", "17"] },
    Input { name: "is_so", r#type: "bool", kinds: &[Kind::Bool], values: &["true", "false", "null"] },
    Input { name: "is_sure", r#type: "bool\n  nullable = false", kinds: &[Kind::Bool], values: &["true", "false"] },
    Input {
        name: "texts",
        r#type: "list(string)",
        kinds: &[Kind::Texts, Kind::Bools, Kind::Numbers],
        values: &["[]", "[\"a\"]", "[\"b\", \"a\", \"b\"]", "null", "[null]", "[\"1\", \"2\"]", "[\"\", \"x\"]", "[\"true\"]"],
    },
    Input { name: "set", r#type: "set(string)", kinds: &[Kind::Texts], values: &["[]", "[\"a\"]", "[\"b\", \"a\"]", "null", "[\"1\"]"] },
    Input {
        name: "map",
        r#type: "map(string)",
        kinds: &[Kind::Map],
        values: &["{}", "{\"a\": \"x\"}", "{\"b\": \"1\", \"a\": null}", "null", "{\"a\": \"10.0.0.0/8\", \"c\": \"\"}"],
    },
    Input {
        name: "object",
        r#type: "object({ a = string, b = optional(number, 3), c = optional(list(string)) })",
        kinds: &[Kind::Map, Kind::Any],
        values: &["{\"a\": \"x\"}", "{\"a\": \"1\", \"b\": 1}", "null", "{\"a\": null, \"c\": []}", "{\"a\": \"\", \"c\": [\"q\"]}"],
    },
];

/// Functions: the name, what comes of it, what it takes, and what more of.
type Function = (&'static str, Kind, &'static [Kind], Option<Kind>);

use Kind::{Any, Block, Bool, Bools, Data, Format, Lists, Map, Number, Numbers, Pattern, Small, Text, Texts, Time};

#[rustfmt::skip]
const FUNCTIONS: &[Function] = &[
    ("abs", Number, &[Number], None), ("abspath", Text, &[Text], None), ("alltrue", Bool, &[Bools], None),
    ("anytrue", Bool, &[Bools], None), ("base64decode", Text, &[Text], None), ("base64encode", Text, &[Text], None),
    ("base64gzip", Text, &[Text], None), ("base64sha256", Text, &[Text], None), ("base64sha512", Text, &[Text], None),
    ("basename", Text, &[Text], None), ("bcrypt", Text, &[Text], None), ("can", Bool, &[Any], None),
    ("ceil", Number, &[Number], None), ("chomp", Text, &[Text], None), ("chunklist", Lists, &[Texts, Small], None),
    ("cidrhost", Text, &[Block, Small], None), ("cidrnetmask", Text, &[Block], None),
    ("cidrsubnet", Block, &[Block, Small, Small], None), ("cidrsubnets", Texts, &[Block], Some(Small)),
    ("coalesce", Text, &[Text], Some(Text)), ("coalesce", Any, &[Any], Some(Any)), ("coalescelist", Texts, &[Texts], Some(Texts)),
    ("compact", Texts, &[Texts], None), ("concat", Texts, &[Texts], Some(Texts)), ("contains", Bool, &[Texts, Text], None),
    ("csvdecode", Any, &[Data], None), ("dirname", Text, &[Text], None), ("distinct", Texts, &[Texts], None),
    ("element", Text, &[Texts, Small], None), ("element", Texts, &[Lists, Small], None), ("endswith", Bool, &[Text, Text], None),
    ("ephemeralasnull", Any, &[Any], None), ("file", Text, &[Text], None), ("fileexists", Bool, &[Text], None),
    ("fileset", Texts, &[Text, Text], None), ("flatten", Texts, &[Lists], None), ("floor", Number, &[Number], None),
    ("format", Text, &[Format], Some(Any)), ("formatdate", Text, &[Text, Time], None), ("formatlist", Texts, &[Format], Some(Texts)),
    ("indent", Text, &[Small, Text], None), ("index", Number, &[Texts, Text], None), ("issensitive", Bool, &[Any], None),
    ("join", Text, &[Text], Some(Texts)), ("jsondecode", Any, &[Data], None), ("jsonencode", Data, &[Any], None),
    ("keys", Texts, &[Map], None), ("length", Small, &[Texts], None), ("length", Small, &[Text], None), ("length", Small, &[Map], None),
    ("log", Number, &[Number, Number], None), ("lookup", Text, &[Map, Text, Text], None), ("lookup", Any, &[Map, Text], None),
    ("lower", Text, &[Text], None), ("matchkeys", Texts, &[Texts, Texts, Texts], None), ("max", Number, &[Number], Some(Number)),
    ("md5", Text, &[Text], None), ("merge", Map, &[Map], Some(Map)), ("min", Number, &[Number], Some(Number)),
    ("nonsensitive", Any, &[Any], None), ("one", Text, &[Texts], None), ("parseint", Number, &[Text, Small], None),
    ("pathexpand", Text, &[Text], None), ("pow", Number, &[Number, Small], None), ("range", Numbers, &[Small], None),
    ("range", Numbers, &[Small, Small], None), ("range", Numbers, &[Number, Number, Number], None), ("regex", Text, &[Pattern, Text], None),
    ("regexall", Texts, &[Pattern, Text], None), ("replace", Text, &[Text, Pattern, Text], None), ("reverse", Texts, &[Texts], None),
    ("sensitive", Any, &[Any], None), ("setintersection", Texts, &[Texts], Some(Texts)), ("setproduct", Lists, &[Texts], Some(Texts)),
    ("setsubtract", Texts, &[Texts, Texts], None), ("setunion", Texts, &[Texts], Some(Texts)), ("sha1", Text, &[Text], None),
    ("sha256", Text, &[Text], None), ("sha512", Text, &[Text], None), ("signum", Number, &[Number], None),
    ("slice", Texts, &[Texts, Small, Small], None), ("sort", Texts, &[Texts], None), ("split", Texts, &[Text, Text], None),
    ("startswith", Bool, &[Text, Text], None), ("strcontains", Bool, &[Text, Text], None), ("strrev", Text, &[Text], None),
    ("substr", Text, &[Text, Small, Small], None), ("sum", Number, &[Numbers], None), ("templatestring", Text, &[Text, Map], None),
    ("textdecodebase64", Text, &[Text, Text], None), ("textencodebase64", Text, &[Text, Text], None), ("timeadd", Time, &[Time, Text], None),
    ("timecmp", Number, &[Time, Time], None), ("timestamp", Time, &[], None), ("title", Text, &[Text], None), ("tobool", Bool, &[Any], None),
    ("tolist", Texts, &[Any], None), ("tomap", Map, &[Map], None), ("tonumber", Number, &[Any], None), ("toset", Texts, &[Texts], None),
    ("tostring", Text, &[Any], None), ("transpose", Map, &[Map], None), ("trim", Text, &[Text, Text], None),
    ("trimprefix", Text, &[Text, Text], None), ("trimspace", Text, &[Text], None), ("trimsuffix", Text, &[Text, Text], None),
    ("try", Any, &[Any], Some(Any)), ("upper", Text, &[Text], None), ("urlencode", Text, &[Text], None), ("uuid", Text, &[], None),
    ("uuidv5", Text, &[Text, Text], None), ("values", Texts, &[Map], None), ("yamldecode", Any, &[Data], None),
    ("yamlencode", Text, &[Any], None), ("zipmap", Map, &[Texts, Texts], None), ("provider::aws::arn_parse", Any, &[Text], None),
];

const WORDS: &[&str] = &[
    "", "a", "b", "abc", "Hello World", "ünï ß", "a,b,,c", " pad ", "10", "-5", "true", "false", "null", "x/y.txt", "1.5", "c", "👨‍👩‍👧", "dns",
    "UTF-8", "UTF-16LE", "YQ==", "1h", "YYYY-MM-DD'T'hh", "main.tf", "*", ".", "e", "$", "\\\\", "\\n", "é",
];
const BLOCKS: &[&str] = &["10.0.0.0/16", "10.1.2.0/24", "fd00::/56", "0.0.0.0/0", "10.0.0.1/32", "300.0.0.0/8", "::/0", "10.0.0.0/33"];
const PATTERNS: &[&str] = &["a", "[a-c]+", "(a)(b)?", "(?P<x>a)(?P<y>b)?", "/[0-9]+/", "/(.)/", ",", "(", "x*", "^.", "(?i)A|b", "/a/"];
const FORMATS: &[&str] = &["%s", "%d", "%v", "%q", "%05.1f", "%s-%s", "%[2]s %[1]s", "%t", "%x", "%#v", "%%", "%5s|%-5s", "%", "%c", "%e", "no"];
const DATA: &[&str] = &[
    "{\\\"a\\\": [1, 2.5, null]}", "[]", "a: 1\\nb: [x, y]", "a,b\\n1,2\\n", "\\\"x\\\"", "null", "- &a 1\\n- *a", "{\\\"a\\\":", "1e5", "a: !!int '3'",
];
const TIMES: &[&str] = &["2024-02-29T12:00:00Z", "2023-12-31T23:59:59+01:00", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00Z"];
const NUMBERS: &[&str] = &["0", "1", "2", "-1", "0.5", "10", "16", "1e21", "3.14159", "9007199254740993", "-7.5", "1e-7", "100", "1e400", "0.1"];

/// Writes expressions as bytes decide.
pub struct Writer<'a> {
    bytes: Unstructured<'a>,
    /// The iterators around.
    iterators: usize,
    pub has_local: bool,
    /// How many more parts there may be.
    left: usize,
}

impl<'a> Writer<'a> {
    pub fn of(bytes: Unstructured<'a>) -> Self {
        Self { bytes, iterators: 0, has_local: false, left: 120 }
    }

    pub fn flip(&mut self) -> bool {
        self.bytes.arbitrary().unwrap_or(false)
    }

    fn below(&mut self, end: usize) -> usize {
        if self.bytes.is_empty() { 0 } else { self.bytes.choose_index(end).unwrap_or(0) }
    }

    fn word(&mut self, of: &[&str]) -> String {
        of[self.below(of.len())].to_owned()
    }

    /// An expression of that kind, most of the time.
    pub fn expression(&mut self, kind: Kind) -> String {
        self.within(kind, 5)
    }

    fn within(&mut self, kind: Kind, depth: usize) -> String {
        let kind = if self.below(24) == 23 { Any } else { kind };
        self.left = self.left.saturating_sub(1);
        if depth == 0 || self.left == 0 || self.bytes.is_empty() {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        match self.below(16) {
            0..=2 => self.leaf(kind),
            3 | 4 => self.input(kind),
            5..=8 => self.call(kind, depth),
            9 => {
                let (is_so, one, other) = (self.within(Bool, depth), self.within(kind, depth), self.within(kind, depth));
                format!("({is_so} ? {one} : {other})")
            }
            10 => {
                let (of, key) = if self.flip() {
                    (self.within(Map, depth), self.within(Text, depth))
                } else {
                    (self.within(Texts, depth), self.within(Small, depth))
                };
                format!("({of})[{key}]")
            }
            11 => {
                let name = self.word(&["a", "b", "c", "id", "0"]);
                format!("({}).{name}", self.within(Map, depth))
            }
            _ => self.made(kind, depth),
        }
    }

    /// What only this kind is made of.
    fn made(&mut self, kind: Kind, depth: usize) -> String {
        match kind {
            Any => {
                let kind = [Bool, Number, Text, Texts, Lists, Map, Numbers][self.below(7)];
                self.within(kind, depth)
            }
            Bool => {
                let sign = self.word(&["==", "!=", "<", ">", "<=", ">=", "&&", "||", "!"]);
                if sign == "!" {
                    return format!("(!{})", self.within(Bool, depth));
                }
                let of = match sign.as_str() {
                    "&&" | "||" => Bool,
                    "==" | "!=" => [Any, Text, Texts, Map, Number, Bool][self.below(6)],
                    _ => Number,
                };
                let (left, right) = (self.within(of, depth), if self.below(4) == 0 { "null".to_owned() } else { self.within(of, depth) });
                format!("({left} {sign} {right})")
            }
            Number | Small => {
                let sign = self.word(&["+", "-", "*", "/", "%"]);
                let (left, right) = (self.within(Number, depth), self.within(Number, depth));
                format!("({left} {sign} {right})")
            }
            Text | Block | Pattern | Format | Data | Time => self.template(depth),
            Texts | Numbers | Bools | Lists => self.list(kind, depth),
            Map => self.map(depth),
        }
    }

    fn template(&mut self, depth: usize) -> String {
        let (before, behind) = (self.word(WORDS), self.word(WORDS));
        let trim = self.word(&["", "~"]);
        match self.below(4) {
            0 => format!("\"{before}%{{ if {} {trim}}}{behind}%{{ else }}${{{}}}%{{ endif }}\"", self.within(Bool, depth), self.within(Text, depth)),
            1 => {
                let over = self.within(Texts, depth);
                let each = self.inside(|this| this.within(Text, depth));
                format!("\"{before}%{{ for x{} in {over} {trim}}}{behind}${{{each}}}%{{ endfor }}\"", self.iterators)
            }
            2 => format!("\"${{{}}}\"", self.within(Any, depth)),
            _ => format!("\"{before}${{{}}}{behind}\"", self.within(Text, depth)),
        }
    }

    fn inside(&mut self, write: impl FnOnce(&mut Self) -> String) -> String {
        self.iterators += 1;
        let text = write(self);
        self.iterators -= 1;
        // The name of the iterator counts those around it.
        text
    }

    fn list(&mut self, kind: Kind, depth: usize) -> String {
        let item = match kind {
            Numbers => Number,
            Bools => Bool,
            Lists => Texts,
            _ => Text,
        };
        match self.below(6) {
            0 | 1 => {
                let (name, over) = (self.iterators, self.collection(depth));
                let (value, condition) = (
                    self.inside(|this| this.within(item, depth)),
                    if self.below(3) == 0 { format!(" if {}", self.inside(|this| this.within(Bool, depth))) } else { String::new() },
                );
                format!("[for k{name}, x{name} in {over} : {value}{condition}]")
            }
            2 => format!("({})[*]", self.within(Texts, depth)),
            3 => format!("({})[*].a", self.within(Any, depth)),
            _ => {
                let items: Vec<_> = (0..self.below(4)).map(|_| self.within(item, depth)).collect();
                format!("[{}]", items.join(", "))
            }
        }
    }

    /// What one may go over.
    fn collection(&mut self, depth: usize) -> String {
        let kind = [Texts, Map][self.below(2)];
        self.within(kind, depth)
    }

    fn map(&mut self, depth: usize) -> String {
        if self.below(3) == 0 {
            let (name, over) = (self.iterators, self.collection(depth));
            let key = self.inside(|this| this.within(Text, depth));
            let value = self.inside(|this| this.within(Any, depth));
            let grouped = self.word(&["", "..."]);
            return format!("{{for k{name}, x{name} in {over} : {key} => {value}{grouped}}}");
        }
        let entries: Vec<_> = (0..self.below(4))
            .map(|_| {
                let key = if self.below(4) == 0 { format!("({})", self.within(Text, depth)) } else { self.word(&["a", "b", "c", "\"d e\""]) };
                format!("{key} = {}", self.within(Any, depth))
            })
            .collect();
        format!("{{{}}}", entries.join(", "))
    }

    fn call(&mut self, kind: Kind, depth: usize) -> String {
        let fits = |of: Kind| of == kind || kind == Any || (kind == Small && of == Number) || (kind == Text && of == Block);
        let fitting: Vec<_> = FUNCTIONS.iter().filter(|it| fits(it.1)).collect();
        let all: Vec<_> = FUNCTIONS.iter().collect();
        let fitting = if fitting.is_empty() { all } else { fitting };
        let (name, _, parameters, more) = *fitting[self.below(fitting.len())];
        let mut arguments: Vec<_> = parameters.iter().map(|it| self.within(*it, depth)).collect();
        if let Some(more) = more {
            arguments.extend((0..self.below(3)).map(|_| self.within(more, depth)));
        }
        match self.below(12) {
            0 => format!("{name}({}...)", self.within(Texts, depth)),
            _ => format!("{name}({})", arguments.join(", ")),
        }
    }

    fn input(&mut self, kind: Kind) -> String {
        let fitting: Vec<_> = INPUTS.iter().filter(|it| it.kinds.contains(&kind)).collect();
        match (fitting.len(), self.below(8)) {
            (0, _) | (_, 0) => "var.any".to_owned(),
            (all, _) => format!("var.{}", fitting[self.below(all)].name),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let has_iterator = 0 < self.iterators;
        match self.below(12) {
            0 if has_iterator => return format!("x{}", self.iterators - 1),
            1 if has_iterator => return format!("k{}", self.iterators - 1),
            2 => return "null".to_owned(),
            3 if self.has_local => return "local.a".to_owned(),
            4 => return self.word(&["aws_subnet.b.id", "aws_subnet.b.cidr_block", "aws_subnet.b", "aws_subnet.b.tags", "path.module", "terraform.workspace"]),
            5 | 6 => return self.input(kind),
            _ => (),
        }
        match kind {
            Any => self.word(&["null", "true", "1", "\"a\"", "[]", "{}", "[\"a\", 1]", "{ a = 1 }", "{ a = [] }", "[[\"b\"]]"]),
            Bool => self.word(&["true", "false"]),
            Number => self.word(NUMBERS),
            Small => self.word(&["0", "1", "2", "3", "8"]),
            Text => format!("\"{}\"", self.word(WORDS)),
            Block => format!("\"{}\"", self.word(BLOCKS)),
            Pattern => format!("\"{}\"", self.word(PATTERNS)),
            Format => format!("\"{}\"", self.word(FORMATS)),
            Data => format!("\"{}\"", self.word(DATA)),
            Time => format!("\"{}\"", self.word(TIMES)),
            Texts => self.word(&["[]", "[\"a\", \"b\"]", "[\"b\", \"a\", \"b\"]", "toset([\"c\", \"a\"])", "tolist([\"1\"])", "[\"\", \"x\"]"]),
            Numbers => self.word(&["[]", "[1, 2]", "[3, -1, 0.5]", "toset([2, 1])"]),
            Bools => self.word(&["[]", "[true]", "[true, false]", "[\"true\"]"]),
            Lists => self.word(&["[]", "[[\"a\"], []]", "[[\"a\", [\"b\"]], \"c\"]", "[{ a = 1 }]"]),
            Map => self.word(&["{}", "{ a = \"x\" }", "{ b = \"y\", a = \"x\" }", "tomap({ a = \"1\" })", "{ a = [\"x\", \"y\"], b = [\"y\"] }"]),
        }
    }
}
