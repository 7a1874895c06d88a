//! Functions, operators and conversions, each as `terraform console` answers it.
//!
//! The expressions are generated, always the same; the recorded answers of Terraform 1.11 stand in `testdata/console`.
//! `UPDATE=1 cargo test --test functions` asks `terraform` again.
#![expect(clippy::disallowed_methods, reason = "tests read the repository as it lies on the disk")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files fails")]

#[path = "functions/expression.rs"]
mod expression;
#[path = "functions/generated.rs"]
mod generated;

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use self::expression::Expression;

/// What the console gives for an expression that fails.
const FAILED: &str = "\"ERR\"";
/// What stands for an answer that Terraform does not know: whatever is said here, it says less.
const UNKNOWN: &str = "\"(known after apply)\"";

/// Where an answer is given here and Terraform has none, on purpose: a value whose type nobody knows (here one that
/// failed) does not forbid a list. To Terraform every resource's type is known, to us it is not.
const LENIENT: [&str; 1] =
    [r#"((true) ? (tolist([])) : ([[{}, [0.1, 0.2]], setsubtract([["a", "b"], [], [["c"], "d"]], "")]))"#];

#[derive(Serialize, Deserialize)]
struct Recorded {
    expression: String,
    answer: Box<RawValue>,
}

#[test]
fn every_answer_is_that_of_terraform() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (family, expressions) in generated::families() {
        let path = format!("testdata/console/{family}.json");
        if std::env::var_os("UPDATE").is_some() {
            record(&path, &expressions);
        }
        let text = fs::read_to_string(&path).expect("the answers are recorded");
        let recorded: Vec<Recorded> = serde_json::from_str(&text).expect("the answers are JSON");
        let texts: Vec<String> = expressions.iter().map(Expression::to_string).collect();
        let same = recorded.iter().map(|it| &it.expression).eq(&texts);
        assert!(same, "{path}: other expressions than are generated; UPDATE=1 asks Terraform again");
        for (expression, it) in expressions.iter().zip(&recorded) {
            count += 1;
            let ours = expression.answer().unwrap_or_else(|_| FAILED.to_owned());
            if LENIENT.contains(&it.expression.as_str()) {
                assert_ne!(ours, it.answer.get(), "{}: no exception any more", it.expression);
            } else if ours != it.answer.get() && it.answer.get() != UNKNOWN {
                let why = expression.answer().err().unwrap_or_default();
                wrong.push(format!("{}\n  Terraform: {}\n  here:      {ours} {why}", it.expression, it.answer));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} answers are wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Asks `terraform console`, so many at once as one line holds.
fn record(path: &str, expressions: &[Expression]) {
    const LONGEST_LINE: usize = 60_000;
    let mut answers: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for (at, it) in expressions.iter().enumerate() {
        open.push(format!("try(jsonencode({it}), {FAILED})"));
        let length: usize = open.iter().map(|it| it.len() + 1).sum();
        if at + 1 == expressions.len() || LONGEST_LINE < length + expressions[at + 1].to_string().len() + 50 {
            answers.extend(ask(&open));
            open.clear();
        }
    }
    let recorded = expressions.iter().zip(answers).map(|(it, answer)| Recorded {
        expression: it.to_string(),
        // What is no JSON is the error.
        answer: RawValue::from_string(answer).unwrap_or_else(|_| RawValue::from_string(FAILED.to_owned()).unwrap()),
    });
    let lines: Vec<String> = recorded.map(|it| serde_json::to_string(&it).unwrap()).collect();
    fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
    fs::write(path, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}

/// The answers; where one of them spoils the line, both halves are asked on their own.
fn ask(expressions: &[String]) -> Vec<String> {
    let mut console = Command::new("terraform")
        .arg("console")
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("terraform is installed");
    let line = format!("jsonencode([{}])\n", expressions.join(","));
    console.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    let output = console.wait_with_output().unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    let inside: Option<String> = serde_json::from_str(answer.trim()).ok();
    if let Some(all) = inside.and_then(|it| serde_json::from_str::<Vec<String>>(&it).ok()) {
        return all;
    }
    match expressions {
        [_] if answer.contains("known after apply") => vec![UNKNOWN.to_owned()],
        [one] => panic!("terraform console does not take {one}: {answer}"),
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            [ask(left), ask(right)].concat()
        }
    }
}
