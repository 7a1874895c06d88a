//! What the repository has of code, plans and templates, mangled: the program answers all of it. Always the same inputs,
//! so that what fails once fails again; a longer run is that of `fuzz/`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "tests read the repository as it lies on the disk")]

use std::{
    ffi::OsString,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use iac_check::{
    cli::{self, Streams},
    files::Memory,
};

/// After so long no further input is tried: on a slow machine fewer are.
const LONGEST: Duration = Duration::from_secs(20);

/// How long one answer may take, without optimisation.
const LONGEST_ANSWER: Duration = Duration::from_secs(20);

/// How many inputs are tried.
const INPUTS: u64 = 1500;

/// What stands between the pieces of any of the languages, and what tries their bounds.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "${",
    "%{",
    "}",
    ",",
    ":",
    "=",
    "\n",
    "\n  ",
    "- ",
    "#",
    "/*",
    "*/",
    "<<E\n",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e308",
    "1e-400",
    "99999999999999999999",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/33",
    "!Ref ",
    "!Sub ",
    "Fn::If",
    "&a ",
    "*a",
    "<<: ",
    "for_each",
    "count",
    "dynamic",
    "each.value",
    "self",
    "[*]",
    "...",
    "?",
    "==",
    "&&",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "é",
    "\\u0000",
    "\\",
    "aws_vpc",
    "aws_subnet.a",
    "module.a",
    "var.a",
];

/// Every command that reads, in turn.
const QUESTIONS: &[&[&str]] = &[
    &["check", "PATH", "--possible", "--verbose"],
    &["inspect", "PATH", "--format", "json"],
    &["check", "PATH", "--possible", "--format", "html"],
    &["routes", "PATH"],
    &["trace", "PATH", "--from", "10.0.0.1", "--to", "internet"],
    &["egress", "PATH"],
    &["changes", "PATH"],
    &["graph", "PATH"],
    &["check", "PATH", "--possible", "--format", "sarif"],
];

/// A small generator: the numbers are not good, and always the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap()
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() % end.max(1)
    }
}

#[test]
fn mangled_files_are_answered() {
    let seeds = seeds();
    assert!(100 < seeds.len(), "{}", seeds.len());
    let started = Instant::now();
    let mut tried = 0;
    for seed in 1..=INPUTS {
        if LONGEST < started.elapsed() {
            break;
        }
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (path, text) = &seeds[numbers.below(seeds.len())];
        let (_, other) = &seeds[numbers.below(seeds.len())];
        let mangled = mangled(text, other, &mut numbers);
        let question = QUESTIONS[numbers.below(QUESTIONS.len())];
        let asked = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| ask(path, &mangled, question)));
        assert!(ended.is_ok(), "seed {seed}: {} {question:?}:\n{mangled}", path.display());
        assert!(
            asked.elapsed() < LONGEST_ANSWER,
            "seed {seed}: {} {question:?}: {:?}",
            path.display(),
            asked.elapsed()
        );
        tried += 1;
    }
    assert!(20 < tried, "{tried} inputs in {LONGEST:?}");
}

/// The files that are mangled, the small ones of each kind.
fn seeds() -> Vec<(PathBuf, String)> {
    let mut seeds = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")];
    while let Some(folder) = open.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                open.push(path);
            } else if let Some("tf" | "json" | "yaml") = path.extension().and_then(|it| it.to_str())
                && let Ok(text) = fs::read_to_string(&path)
                && text.len() < 20_000
            {
                seeds.push((path, text));
            }
        }
    }
    seeds
}

fn mangled(text: &str, other: &str, numbers: &mut Numbers) -> String {
    let mut text = text.to_owned();
    for _ in 0..=numbers.below(6) {
        let (start, end) = part(&text, numbers);
        let word = WORDS[numbers.below(WORDS.len())];
        match numbers.below(7) {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, word),
            2 => text.replace_range(start..end, word),
            3 => text = text.replacen(&text[start..end].to_owned(), word, 3),
            4 => text.insert_str(end, &text[start..end].repeat(1 + numbers.below(4))),
            5 => {
                let (from, to) = part(other, numbers);
                text.replace_range(start..end, &other[from..to]);
            }
            _ => text.truncate(end),
        }
    }
    text
}

/// A short part of `text`, or sometimes a line of it.
fn part(text: &str, numbers: &mut Numbers) -> (usize, usize) {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(numbers.below(text.len() + 1));
    if numbers.below(3) == 0 {
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        return (line, text[start..].find('\n').map_or(text.len(), |at| start + at));
    }
    (start, boundary(text.len().min(start + numbers.below(40))))
}

fn ask(path: &Path, text: &str, question: &[&str]) {
    let name = match path.extension().and_then(|it| it.to_str()) {
        Some("tf") => "main.tf",
        Some("yaml") => "it.yaml",
        Some(_) | None => "it.json",
    };
    let files = Memory::of([(name, text)]);
    let path = if name == "main.tf" { "." } else { name };
    let arguments = question.iter().map(|it| if *it == "PATH" { path } else { it });
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        stdin: &mut std::io::empty(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        is_terminal: false,
        watched: None,
    };
    let ended = cli::run(["iac-check"].into_iter().chain(arguments).map(OsString::from), &files, &mut streams);
    let told = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    let hostile = told.chars().find(|it| it.is_control() && *it != '\n');
    assert!(hostile.is_none(), "{hostile:?} in {told}");
    if let Err(error) = ended {
        assert!(!error.to_string().is_empty());
    }
}
