//! One run of the program over files in memory, held to what every run keeps.

use std::ffi::OsString;

use iac_check::{
    cli::{self, Streams},
    files::Memory,
};

/// Runs `arguments` over `files`, and holds that what comes of it is harmless, and JSON where it says so.
pub fn run(files: &Memory, arguments: &[&str]) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams =
        Streams { stdin: &mut std::io::empty(), stdout: &mut stdout, stderr: &mut stderr, is_terminal: false, watched: None };
    let arguments: Vec<OsString> = ["iac-check"].iter().chain(arguments).map(OsString::from).collect();
    let told = match cli::run(arguments.clone(), files, &mut streams) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let stdout = String::from_utf8(stdout).expect("what is written is text");
    let stderr = String::from_utf8(stderr).expect("what is told is text");
    for text in [&stdout, &stderr, &told] {
        let hostile = text.chars().find(|it| it.is_control() && *it != '\n');
        assert!(hostile.is_none(), "{arguments:?}: {hostile:?} in {text}");
    }
    let is_json = arguments.iter().any(|it| it == "json" || it == "sarif" || it == "gitlab");
    if is_json && !stdout.is_empty() {
        let read = serde_json::from_str::<serde_json::Value>(&stdout);
        assert!(read.is_ok(), "{arguments:?}: {stdout}");
    }
}
