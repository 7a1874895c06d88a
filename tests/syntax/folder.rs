//! Every file of a folder: `CORPUS=folder cargo test --release --test syntax -- --ignored --nocapture`.

use std::{fs, time::Instant};

use iac_check::syntax::{SyntaxError, hcl, json};
use walkdir::WalkDir;

use crate::{show, source, spans, theirs, with_large_stack};

#[test]
#[ignore = "it needs a folder, which CORPUS names"]
fn every_file_of_a_folder() {
    with_large_stack(walk);
}

#[expect(clippy::print_stdout, reason = "it is run to be read")]
fn walk() {
    let folder = std::env::var("CORPUS").unwrap();
    let (mut files, mut bytes, mut seconds) = (0, 0, 0.0);
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        let name = path.to_string_lossy().into_owned();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let start = Instant::now();
        let errors = read(&name, &text);
        seconds += start.elapsed().as_secs_f64();
        let Some(errors) = errors else { continue };
        files += 1;
        bytes += text.len();
        for error in errors {
            let line = text[..error.span.bytes().start].lines().count();
            println!("error {name}:{line} {}", error.message);
        }
        if !is(&name, &["json", "tftpl"]) {
            hold_against_theirs(&name, &text);
        }
    }
    println!("{files} files, {bytes} bytes, {seconds} s");
}

/// Does the name end so?
fn is(name: &str, extensions: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
}

fn read(name: &str, text: &str) -> Option<Vec<SyntaxError>> {
    if name.ends_with(".tf.json") || name.ends_with(".tofu.json") {
        let (node, mut errors) = json::parse(source(), text);
        errors.extend(json::body(&node).1);
        Some(errors)
    } else if is(name, &["tftpl"]) {
        Some(hcl::parse_template(source(), text, 0).err().into_iter().collect())
    } else if is(name, &["tf", "tofu", "tfvars", "hcl"]) {
        Some(hcl::parse(source(), text).errors)
    } else {
        None
    }
}

#[expect(clippy::print_stdout, reason = "it is run to be read")]
fn hold_against_theirs(name: &str, text: &str) {
    let parsed = hcl::parse(source(), text);
    spans::check(text, &parsed);
    let ours = show::loose(&show::body(&parsed.body));
    match theirs::file(text) {
        None if parsed.errors.is_empty() => println!("refused {name}"),
        Some(theirs) if parsed.errors.is_empty() && show::loose(&theirs) != ours => {
            let theirs = show::loose(&theirs);
            let same = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
            let after = |text: &str| text.chars().skip(same.saturating_sub(30)).take(80).collect::<String>();
            println!("different {name}\n    {}\n    {}", after(&ours), after(&theirs));
        }
        Some(_) if !parsed.errors.is_empty() => println!("accepted {name}"),
        Some(_) | None => {}
    }
}
