//! Transcripts: every ```` ```console ```` block of `tests/cli/*.md` is run as it stands, in an environment without
//! variables. `UPDATE=1 cargo test` rewrites what the commands answer.
//!
//! A line `$ …` is a command: variables of its own (`NO_COLOR=1`), then `iac-check` and its arguments in the shell's
//! quotes, then, where wanted, `< FILE` or `| head -N`. Below it stands standard output, then standard error with
//! `stderr: ` before each line, then the exit status where it is not 0. `cat FILE` shows a file. Commands run in the
//! root of the repository; `$TMP` is a folder of the transcript's own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a transcript is a file, and so is what it shows")]

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

#[test]
fn transcripts_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut transcripts: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    transcripts.sort();
    assert!(!transcripts.is_empty());
    let differing: Vec<_> = transcripts.iter().filter_map(|path| difference(path)).collect();
    assert!(differing.is_empty(), "{}\n`UPDATE=1 cargo test` rewrites what differs", differing.join("\n"));
}

/// How what is written at `path` differs from what happens; with `UPDATE`, makes it not differ.
fn difference(path: &Path) -> Option<String> {
    let written = fs::read_to_string(path).unwrap();
    let folder = folder_of(path);
    let happened = replayed(&written, &folder);
    if written == happened {
        return None;
    }
    if env::var_os("UPDATE").is_some() {
        fs::write(path, happened).unwrap();
        return None;
    }
    let lines = written.lines().zip(happened.lines()).enumerate();
    let first = lines.into_iter().find(|(_, (was, is))| was != is);
    let (line, was, is) = match first {
        Some((line, (was, is))) => (line + 1, was, is),
        None => (written.lines().count().min(happened.lines().count()) + 1, "(as many lines)", "(not as many lines)"),
    };
    Some(format!("{}:{line}\n  written:  {was}\n  happened: {is}", path.display()))
}

/// An empty folder for one transcript.
fn folder_of(transcript: &Path) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("transcripts").join(transcript.file_stem().unwrap());
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The transcript with every command's answer replaced by what it answers.
fn replayed(transcript: &str, folder: &Path) -> String {
    let mut text = String::new();
    let mut is_console = false;
    for line in transcript.lines() {
        match (is_console, line) {
            (false, "```console") => is_console = true,
            (true, "```") => is_console = false,
            // The answers are asked for anew.
            (true, line) if !line.starts_with("$ ") => continue,
            (true | false, _) => (),
        }
        writeln!(text, "{line}").unwrap();
        if let (true, Some(command)) = (is_console, line.strip_prefix("$ ")) {
            text.push_str(&answer(command, folder));
        }
    }
    text
}

fn answer(command: &str, folder: &Path) -> String {
    let folder = folder.to_str().unwrap();
    let words: Vec<_> = words(command).into_iter().map(|word| word.replace("$TMP", folder)).collect();
    let answer = match words.as_slice() {
        [cat, file] if cat == "cat" => fs::read_to_string(file).unwrap(),
        words => shown(&run(words)),
    };
    answer.replace(folder, "$TMP")
}

/// What a process has answered, as a transcript writes it.
fn shown(output: &Output) -> String {
    let mut text = String::from_utf8(output.stdout.clone()).unwrap();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("(no line break)\n");
    }
    for line in std::str::from_utf8(&output.stderr).unwrap().lines() {
        writeln!(text, "stderr: {line}").unwrap();
    }
    match output.status.code() {
        Some(0) => (),
        Some(code) => writeln!(text, "exit status: {code}").unwrap(),
        None => writeln!(text, "killed").unwrap(),
    }
    text
}

fn run(words: &[String]) -> Output {
    let variables = words.iter().take_while(|word| word.contains('=')).count();
    let (variables, words) = words.split_at(variables);
    let (words, lines) = match words.iter().position(|word| word == "|") {
        Some(at) => (&words[..at], Some(words[at + 1..].join(" "))),
        None => (words, None),
    };
    let (words, input) = match words.iter().position(|word| word == "<") {
        Some(at) => (&words[..at], Some(&words[at + 1])),
        None => (words, None),
    };
    assert_eq!(words[0], "iac-check", "a transcript runs iac-check, or shows a file with cat");
    let mut command = Command::new(env!("CARGO_BIN_EXE_iac-check"));
    command.args(&words[1..]).current_dir(env!("CARGO_MANIFEST_DIR")).env_clear();
    command.envs(variables.iter().map(|it| it.split_once('=').unwrap()));
    command.stdin(input.map_or_else(Stdio::null, |file| File::open(file).unwrap().into()));
    match lines {
        None => command.output().unwrap(),
        Some(head) => head_of(command, head.strip_prefix("head -").unwrap().parse().unwrap()),
    }
}

/// Reads `lines` lines and then no more, as `head` does.
fn head_of(mut command: Command, lines: usize) -> Output {
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = process.stdout.take().unwrap();
    let mut read = Vec::new();
    let mut byte = [0];
    let mut breaks = 0;
    while breaks < lines && stdout.read(&mut byte).unwrap() == 1 {
        breaks += usize::from(byte == *b"\n");
        read.push(byte[0]);
    }
    drop(stdout);
    let output = process.wait_with_output().unwrap();
    Output { stdout: read, ..output }
}

/// The words of a command: parted by spaces, but for those in quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None;
    let mut quote = None;
    for character in command.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_with(String::new);
            }
            (None, ' ') => words.extend(word.take()),
            (Some(_) | None, _) => word.get_or_insert_with(String::new).push(character),
        }
    }
    words.extend(word);
    words
}

#[test]
fn words_are_the_shells() {
    assert_eq!(words(r#"A=1 iac-check  'a "b" c' "" "d'e"f"#), ["A=1", "iac-check", r#"a "b" c"#, "", "d'ef"]);
}
