//! One run of the program over files in memory, held to what every run keeps.
#![allow(dead_code, reason = "each target takes what it needs")]

use std::ffi::OsString;

use iac_check::{
    cli::{self, Streams},
    files::Memory,
};

/// Runs `arguments` over `files`, and holds that what comes of it is harmless, and JSON where it says so.
pub fn run(files: &Memory, arguments: &[&str]) {
    said(files, arguments, "1");
}

/// As [`run`], and that two threads say what one says.
pub fn run_twice(files: &Memory, arguments: &[&str]) {
    let alone = said(files, arguments, "1");
    assert_eq!(said(files, arguments, "2"), alone, "{arguments:?}");
}

/// All that is said.
fn said(files: &Memory, arguments: &[&str], jobs: &str) -> [String; 3] {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams =
        Streams { stdin: &mut std::io::empty(), stdout: &mut stdout, stderr: &mut stderr, is_terminal: false, watched: None };
    let jobs = ["--jobs", jobs];
    let words = ["iac-check"].iter().chain(arguments).chain(&jobs);
    let told = match cli::run(words.map(OsString::from).collect::<Vec<_>>(), files, &mut streams) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let stdout = String::from_utf8(stdout).expect("what is written is text");
    let stderr = String::from_utf8(stderr).expect("what is told is text");
    for text in [&stdout, &stderr, &told] {
        let hostile = text.chars().find(|it| is_hostile(*it));
        assert!(hostile.is_none(), "{arguments:?}: {hostile:?} in {text}");
    }
    let is_json = arguments.iter().any(|it| ["json", "sarif", "gitlab"].contains(it));
    if is_json && !stdout.is_empty() {
        let read = serde_json::from_str::<serde_json::Value>(&stdout);
        assert!(read.is_ok(), "{arguments:?}: {stdout}");
    }
    [stdout, stderr, told]
}

/// What makes a terminal do something, or shows text in another order than it stands in.
fn is_hostile(it: char) -> bool {
    (it.is_control() && it != '\n') || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
