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
    cell::Cell,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use iac_check::{
    terraform::{
        convert::convert,
        cty::{Data, Term, Type, Why},
        equality::equal,
    },
    value::{Address, Reference},
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

/// Where too much is said of an unknown part: beside a string it is taken for one, and only beside a null may it be
/// anything else.
const TAKEN_FOR_TEXT: &str = r#"((true) ? ({"a" = {"b" = [{"c" = 1}]}}) : ({"a" = null, "b" = "q"}))"#;

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

/// What is said of an expression with an unknown part holds when that part turns out to be what it was.
#[test]
fn what_is_known_in_spite_of_an_unknown_part_is_so() {
    const PARTS: usize = 6;
    let mut wrong = Vec::new();
    let mut count = 0;
    for expression in generated::families().into_iter().flat_map(|(_, it)| it) {
        // What is not known now tells nothing of what in it is not to be told.
        let Ok(whole) = expression.result() else { continue };
        let text = expression.to_string();
        if text == TAKEN_FOR_TEXT || text.contains("sensitive(") || has_failing_part(&expression) {
            continue;
        }
        for at in 0..PARTS {
            let mut replaced = None;
            for unknown in [of_any_type as fn(&Expression) -> Expression, of_its_type] {
                let Some(open) = expression.with(at, &unknown) else { break };
                count += 1;
                let said = open.result();
                if !said.as_ref().is_ok_and(|said| may_be(said, &whole)) {
                    wrong.push(format!("{expression}\n  as {open}\n  is {whole:?}\n  said {said:?}"));
                }
                replaced = Some(open);
            }
            if replaced.is_none() {
                break;
            }
        }
    }
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{} of {count} are wrong\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

/// A part that fails is of no type, and what replaces another part in it may give it one.
fn has_failing_part(expression: &Expression) -> bool {
    let is_failing = Cell::new(false);
    let look = |part: &Expression| {
        is_failing.set(is_failing.get() || part.result().is_err());
        part.clone()
    };
    let mut at = 0;
    while expression.with(at, &look).is_some() && !is_failing.get() {
        at += 1;
    }
    is_failing.get()
}

fn why() -> Why {
    // The output of it may be of any type; an id could be no list.
    Why::Attribute(Reference::new(Address::new("terraform_data.main"), "output"))
}

fn of_any_type(part: &Expression) -> Expression {
    // What fails is unknown already.
    if part.result().is_err() { part.clone() } else { Expression::Value(Term::unknown(Type::Dynamic, why())) }
}

fn of_its_type(part: &Expression) -> Expression {
    part.result().map_or_else(|_| part.clone(), |it| Expression::Value(Term::unknown(it.type_of(), why())))
}

/// Whether `said`, which is not known in part, may turn out to be `whole`.
fn may_be(said: &Term, whole: &Term) -> bool {
    match (&said.data, &whole.data) {
        (Data::Unknown(unknown), _) => {
            let refinement = &unknown.refinement;
            let has_start = whole.as_text().is_none_or(|it| it.starts_with(&*refinement.prefix));
            let has_length = whole.length_range().is_none_or(|(shortest, longest)| {
                refinement.shortest <= longest && refinement.longest.is_none_or(|most| shortest <= most)
            });
            let is_of_type =
                unknown.r#type.has_dynamic() || whole.type_of().has_dynamic() || whole.type_of() == unknown.r#type;
            has_start && has_length && is_of_type && !(whole.is_null() && refinement.is_not_null)
        }
        (Data::Null(_), Data::Null(_)) => true,
        (_, Data::Null(_)) => false,
        _ => match (said.as_items(), whole.as_items(), said.as_entries(), whole.as_entries()) {
            (Some(items), Some(others), _, _)
                if matches!(said.data, Data::Set(..)) || matches!(whole.data, Data::Set(..)) =>
            {
                let is_there = |it: &Term| others.iter().any(|other| may_be(it, other));
                let (shortest, longest) = said.length_range().unwrap_or_default();
                // Beside a value of any type it is not known yet that it becomes a set.
                let is_of_length = (shortest..=longest).contains(&others.len()) || !matches!(said.data, Data::Set(..));
                is_of_length && items.iter().all(is_there)
            }
            (Some(said), Some(whole), _, _) => {
                said.len() == whole.len() && said.iter().zip(whole).all(|(said, whole)| may_be(said, whole))
            }
            (_, _, Some(said), Some(whole)) => {
                said.keys().eq(whole.keys())
                    && said.values().zip(whole.values()).all(|(said, whole)| may_be(said, whole))
            }
            // Beside a value of any type it is not known yet what the others are converted to.
            _ => match (convert(said, &Type::Text), convert(whole, &Type::Text)) {
                (Ok(said), Ok(whole)) => equal(&said, &whole).certain(),
                _ => false,
            },
        },
    }
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
