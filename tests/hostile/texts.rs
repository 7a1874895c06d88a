//! Bytes that are no text, or text of another kind, in every file that is read; and files that change while they are.

use std::{
    ffi::OsString,
    sync::atomic::{AtomicUsize, Ordering},
};

use iac_check::{
    cli::{self, Streams},
    files::{FileError, FileKind, Files, Memory},
};

use super::{folder, run};

/// Every command that reads, with every option that names a file.
const QUESTIONS: &[&[&str]] = &[
    &["check"],
    &["check", "main.tf"],
    &["check", "it.yaml"],
    &["check", "it.json", "--possible", "--format", "sarif"],
    &["check", "--var-file", "it.txt"],
    &["check", "--baseline", "it.txt"],
    &["check", "--config", "it.txt"],
    &["check", "it.json", "--source", "it.txt"],
    &["check", "it.yaml", "--parameters", "it.txt"],
    &["inspect", "--format", "json"],
    &["changes", "it.json", "."],
    &["graph", "it.txt"],
    &["routes", "it.json"],
    &["egress", "."],
    &["trace", ".", "--from", "10.0.0.1", "--to", "internet"],
];

/// The places in which a text is put.
const FILES: &[&str] =
    &["main.tf", "main.tf.json", "it.yaml", "it.json", "it.txt", "terraform.tfvars", ".iac-check.toml"];

#[test]
fn bytes_of_every_kind_are_answered() {
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("locals {}\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let texts: &[(&str, &[u8])] = &[
        ("bytes", &std::array::from_fn::<u8, 256, _>(|at| u8::try_from(at).unwrap())),
        ("nul", &[0; 5000]),
        ("nul_in_code", b"resource \"a\0b\" \"c\" {\n  a = \"\0\"\n}\n"),
        ("latin_1", b"# caf\xe9\nresource \"aws_vpc\" \"a\" {}\n"),
        ("cut_off", b"resource \"aws_vpc\" \"\xc3"),
        ("utf_16", &utf16),
        ("utf_16_cut_off", &utf16[..utf16.len() - 1]),
        ("mark", b"\xEF\xBB\xBFresource \"aws_vpc\" \"a\" {}\n"),
        ("marks", b"\xEF\xBB\xBF\xEF\xBB\xBF\xEF\xBB\xBF"),
        ("carriage_returns", b"resource \"aws_vpc\" \"a\" {\r  cidr_block = 1\r}\r"),
        ("crlf", b"resource \"aws_vpc\" \"a\" {\r\n  a = <<END\r\nx\r\nEND\r\n  cidr_block = b\r\n}\r\n"),
        ("archive", b"PK\x03\x04\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("empty", b""),
        ("blank", b" \n\t\n"),
        ("directions", "resource \"aws_vpc\" \"\u{202e}a\" {\n  \u{2066} = \u{200b}\n}\n".as_bytes()),
        ("json", b"{\"resource\": {\"aws_vpc\": {\"a\": {\"cidr_block\": \"\\ud800\\u0000\"}}}}"),
        ("yaml", b"Resources:\n  A:\n\tType: AWS::EC2::VPC\n"),
    ];
    for (name, text) in texts {
        let files: Vec<_> = FILES.iter().map(|file| (*file, *text)).collect();
        let folder = folder(&format!("bytes_{name}"), &files);
        for question in QUESTIONS {
            let ended = run(&folder, question);
            assert!(ended.status != 2 || ended.stderr.lines().count() <= 3, "{name} {question:?}: {}", ended.stderr);
        }
    }
}

#[test]
fn line_ends_and_marks_change_nothing() {
    let code = "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\nresource \"aws_nat_gateway\" \"a\" {\n  subnet_id = aws_subnet.a.id\n}\nresource \"aws_subnet\" \"a\" {\n  vpc_id     = aws_vpc.a.id\n  cidr_block = \"10.0.1.0/24\"\n}\n";
    let said = |name: &str, text: &str| {
        run(&folder(name, &[("main.tf", text.as_bytes())]), &["check", "--format", "json"]).stdout
    };
    let plain = said("plain", code);
    assert!(plain.contains("nat_without_internet"), "{plain}");
    assert_eq!(plain, said("with_crlf", &code.replace('\n', "\r\n")));
    assert_eq!(plain, said("with_mark", &format!("\u{feff}{code}")));
}

/// Files of which less is there each time that they are read, and in the end nothing.
struct Shrinking {
    files: Memory,
    reads: AtomicUsize,
    step: usize,
}

impl Files for Shrinking {
    fn read_at_most(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        let mut bytes = self.files.read_at_most(path, most)?;
        let gone = self.reads.fetch_add(1, Ordering::Relaxed) * self.step;
        bytes.truncate(bytes.len().saturating_sub(gone));
        Ok(bytes)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        self.files.kind(path)
    }

    fn walk(&self, folder: &str) -> Vec<String> {
        // One that is gone by the time that it is read.
        self.files.walk(folder).into_iter().chain(["gone.tf".to_owned(), "gone.json".to_owned()]).collect()
    }

    fn list(&self, folder: &str, within: &str) -> Vec<String> {
        self.files.list(folder, within).into_iter().chain(["gone.tf".to_owned()]).collect()
    }

    fn absolute(&self, path: &str) -> Option<String> {
        self.files.absolute(path)
    }

    fn is_within(&self, path: &str, folder: &str) -> bool {
        self.files.is_within(path, folder)
    }

    fn write(&self, path: &str, contents: &[u8]) -> Result<(), FileError> {
        self.files.write(path, contents)
    }
}

#[test]
fn files_that_shrink_while_they_are_read_are_answered() {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/scenarios/story_1_before");
    let text = |name: &str| std::fs::read_to_string(format!("{scenario}/{name}")).unwrap();
    let (main, plan, template) = (text("main.tf"), text("plan.json"), text("template.yaml"));
    for step in [1, 7, 100, 1000, 5000] {
        for question in QUESTIONS {
            let files = Memory::of([
                ("main.tf", main.as_str()),
                ("it.json", plan.as_str()),
                ("it.yaml", template.as_str()),
                ("it.txt", plan.as_str()),
            ]);
            let files = Shrinking { files, reads: AtomicUsize::new(0), step };
            let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
            let mut streams = Streams {
                stdin: &mut std::io::empty(),
                stdout: &mut stdout,
                stderr: &mut stderr,
                is_terminal: false,
                watched: None,
            };
            let arguments = ["iac-check"].iter().chain(*question).map(OsString::from);
            // What it says does not matter; that it says something does.
            if let Err(error) = cli::run(arguments, &files, &mut streams) {
                assert!(!error.to_string().is_empty());
            }
        }
    }
}
