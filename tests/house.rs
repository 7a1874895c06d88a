//! The shape of the house: what may use what, how files and pages begin, and that the README tells the truth.
#![expect(clippy::disallowed_methods, reason = "tests read the repository as it lies on the disk")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files fails")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What only a few files may name, and who they are (a folder holds for all that is in it).
///
/// Everything else takes what it needs from these doors.
const DOORS: &[(&[&str], &[&str])] = &[
    (&["std::fs"], &["src/files/"]),
    (&["std::env"], &["src/cli/", "src/main.rs"]),
    (&["std::process"], &["src/cli/", "src/main.rs"]),
    (&["println!", "print!", "eprintln!", "eprint!"], &["src/cli/", "src/main.rs"]),
    (&["Serialize"], &["src/report/"]),
    (&["clap"], &["src/cli/", "src/main.rs"]),
    (&["codespan_reporting"], &["src/report/"]),
    (&["walkdir"], &["src/files/"]),
    (&["hcl_edit"], &["src/syntax/hcl.rs", "src/syntax/hcl/"]),
    (&["granit_parser"], &["src/syntax/yaml.rs", "src/syntax/yaml/", "src/terraform/functions/yaml.rs"]),
    // It reads what it is given: it opens no socket and starts no program.
    (&["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "Command::new"], &[]),
];

/// The headings that every page has, in this order. What follows a colon is the example's own title.
const HEADINGS: &[&str] = &["Why", "Repair", "Bad", "Good", "What it does not see", "Sources"];

// Dependencies --------------------------------------------------------------------------------------------------------

#[test]
fn every_crate_is_looked_at() {
    let lock = read("Cargo.lock");
    let names = lock.lines().filter_map(|it| it.strip_prefix("name = \"")?.strip_suffix('"'));
    let locked: BTreeSet<&str> = names.filter(|it| *it != "iac-check").collect();
    let page = read(".cargo/dependencies.md");
    let (_, tables) = page.split_once("\n## ").unwrap();
    let rows = tables.lines().filter_map(|it| it.strip_prefix("| `")?.split('`').next());
    let tests = tables.rsplit_once("\n## ").unwrap().1.split('`').skip(1).step_by(2);
    let looked_at: BTreeSet<&str> = rows.chain(tests).collect();
    assert_eq!(looked_at, locked, "left: those of .cargo/dependencies.md; right: those of Cargo.lock");
}

// Floors --------------------------------------------------------------------------------------------------------------

#[test]
fn no_module_uses_a_floor_below_or_beside_it() {
    let wrong = misplaced_uses(&read("src/lib.rs"), |module| sources(&format!("src/{module}")));
    assert_none(wrong);
}

#[test]
fn the_floors_test_sees_every_way_to_name_a_module() {
    let lib =
        "//! Head.\n\n// The ground.\npub mod ground;\n\n// (later)\n\npub mod one;\npub(crate) mod two;\n\nmod top;\n";
    let wrong_in = |module: &str, text: &str| {
        misplaced_uses(lib, |it| if it == module { vec![(format!("src/{it}.rs"), text.to_owned())] } else { vec![] })
    };
    assert_none(wrong_in("one", "use crate::ground::Thing;\nuse crate::one::Own;\n"));
    assert_none(wrong_in("one", "/// Unlike [`crate::two`], and `crate::top`.\n// crate::two\n"));
    assert_none(wrong_in("top", "use crate::{ground, one::{self, Other}, two};\nfn it() { crate::check(); }\n"));
    assert_eq!(wrong_in("one", "use crate::two::Thing;\n"), ["src/one.rs uses crate::two"]);
    assert_eq!(wrong_in("ground", "fn it() -> crate :: one::It {}\n"), ["src/ground.rs uses crate::one"]);
    assert_eq!(
        wrong_in("one", "use crate::{\n    ground::{A, B},\n    // why\n    two::{C, D},\n    top,\n};\n"),
        ["src/one.rs uses crate::two", "src/one.rs uses crate::top"],
    );
    assert_eq!(wrong_in("two", "fn it() { crate::check(); }\n"), ["src/two.rs uses crate::check"]);
    assert_eq!(wrong_in("two", "use super::one;\n"), ["src/two.rs uses super::one"]);
    assert_none(wrong_in("two", "mod tests {\n    use super::It;\n}\n"));
}

/// What stands in a module's files and names a module that is not on a floor above.
///
/// What `src/lib.rs` itself offers stands on everything, so the last floor alone may name it.
fn misplaced_uses(lib: &str, files: impl Fn(&str) -> Vec<(String, String)>) -> Vec<String> {
    let floors: Vec<Vec<&str>> = lib.split("\n\n").map(modules).filter(|floor| !floor.is_empty()).collect();
    let floor_of = |module: &str| floors.iter().position(|floor| floor.contains(&module)).unwrap_or(floors.len() - 1);
    let mut wrong = Vec::new();
    for (floor, module) in floors.iter().enumerate().flat_map(|(at, floor)| floor.iter().map(move |it| (at, *it))) {
        for (path, text) in files(module) {
            let code = code(&text);
            let last = floor + 1 == floors.len();
            for used in code.split("crate::").skip(1).flat_map(names) {
                let own = used == module || (last && !floors.iter().flatten().any(|it| *it == used));
                if !own && floor <= floor_of(used) {
                    wrong.push(format!("{path} uses crate::{used}"));
                }
            }
            // In a module's first file `super` is the crate: one spelling, so that one search finds every use.
            let first = path == format!("src/{module}.rs") || path == format!("src/{module}/mod.rs");
            let roots = code.lines().filter(|_| first).filter_map(|line| line.strip_prefix("use super::"));
            wrong.extend(roots.flat_map(names).map(|used| format!("{path} uses super::{used}")));
        }
    }
    wrong
}

fn modules(group: &str) -> Vec<&str> {
    let declared = group.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
        line.strip_prefix("mod ")
    });
    declared.filter_map(|rest| rest.strip_suffix(';')).collect()
}

/// What a path goes on with: one name, or those at the top of its braces.
fn names(path: &str) -> Vec<&str> {
    let Some(inside) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, it) in inside.char_indices() {
        match it {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(word(&inside[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(word(&inside[start..at]));
                start = at + 1;
            }
            _ => (),
        }
    }
    names.retain(|it| !it.is_empty());
    names
}

fn word(text: &str) -> &str {
    text.trim_start().split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or("")
}

// Doors ---------------------------------------------------------------------------------------------------------------

#[test]
fn the_world_is_reached_through_its_doors_alone() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let code = code(&text);
        for (what, doors) in DOORS {
            if doors.iter().any(|door| path == *door || door.ends_with('/') && path.starts_with(door)) {
                continue;
            }
            wrong.extend(what.iter().filter(|it| says(&code, it)).map(|it| format!("{path} uses {it}")));
        }
    }
    assert_none(wrong);
}

#[test]
fn the_doors_test_sees_every_way_to_name_a_thing() {
    assert!(says("use std::fs;", "std::fs"));
    assert!(says("use std::{collections::{BTreeMap, HashMap}, fs::{self, File}};", "std::fs"));
    assert!(says("fn main() { println!(\"hello\"); }", "println!"));
    assert!(says("#[derive(Deserialize, Serialize)]", "Serialize"));
    assert!(says("let child = std::process::Command::new(name);", "Command::new"));
    assert!(!says("use std::{fmt, net::{env, IpAddr}};", "std::env"));
    assert!(!says("#[derive(Deserialize)]", "Serialize"));
    assert!(!says("fn it() { eprintln!(\"hello\"); }", "println!"));
}

/// Whether `code` says `what` as whole words; of a path `a::b` also when `b` stands in the braces after `a::`.
fn says(code: &str, what: &str) -> bool {
    let whole = |start: usize| {
        let before = code[..start].chars().next_back();
        let after = code[start + what.len()..].chars().next();
        let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        !is_part(before) && (what.ends_with('!') || !is_part(after))
    };
    let grouped = what.split_once("::").is_some_and(|(root, name)| {
        let groups = code.match_indices(root).filter_map(|(at, _)| code[at + root.len()..].strip_prefix("::"));
        groups.filter(|it| it.starts_with('{')).any(|it| names(it).contains(&name))
    });
    grouped || code.match_indices(what).any(|(at, _)| whole(at))
}

#[test]
fn nobody_reaches_over_two_floors_at_once() {
    let wrong = sources("src").into_iter().chain(sources("tests")).chain(sources("benches"));
    let wrong: Vec<_> = wrong.filter(|(_, text)| code(text).contains(&["super", "super"].join("::"))).collect();
    assert_none(wrong.into_iter().map(|(path, _)| format!("{path} climbs twice; it says crate:: instead")));
}

// Files ---------------------------------------------------------------------------------------------------------------

#[test]
fn every_file_says_first_what_it_is_for() {
    let all = ["src", "tests", "benches"].into_iter().flat_map(sources);
    let silent = all.filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path);
    assert_none(silent);
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = read("Cargo.toml");
    let (mut section, mut silent) = ("", Vec::new());
    for line in manifest.lines().filter(|line| !line.trim().is_empty()) {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]") && !line.contains(" # ") {
            silent.push(format!("{section} {line}"));
        }
    }
    assert_none(silent);
}

// Pages ---------------------------------------------------------------------------------------------------------------

/// What the first lines of a rule's page say of it.
struct Page {
    path: String,
    name: String,
    severity: String,
    sentence: String,
    text: String,
}

fn pages() -> Vec<Page> {
    let mut paths: Vec<PathBuf> = match fs::read_dir("rules") {
        Ok(pages) => pages.map(|page| page.unwrap().path()).collect(),
        Err(_) => vec![],
    };
    paths.sort();
    paths.iter().map(|path| page(path)).collect()
}

fn page(path: &Path) -> Page {
    let text = fs::read_to_string(path).unwrap();
    let severity = text.lines().find_map(|line| line.strip_prefix("severity: ")).unwrap_or_default().to_owned();
    let mut after_title = text.lines().skip_while(|line| !line.starts_with("# ")).skip(1);
    let sentence = after_title.find(|line| !line.is_empty()).unwrap_or_default().to_owned();
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    Page { path: slashed(path), name, severity, sentence, text }
}

#[test]
fn every_page_begins_as_a_page_does() {
    for Page { path, name, severity, sentence, text } in pages() {
        assert!(name.chars().all(|it| matches!(it, 'a'..='z' | '0'..='9' | '_')), "{path}: a name is words_like_this");
        assert!(["error", "warning", "note"].contains(&severity.as_str()), "{path}: severity: error, warning or note");
        let since = text.lines().find_map(|line| line.strip_prefix("since: ")).unwrap_or_default();
        let head = format!("---\nseverity: {severity}\nsince: {since}\n---\n# {name}\n\n{sentence}\n\n## ");
        assert!(text.starts_with(&head), "{path}: the head, the name as title and one sentence:\n{head}");
        let numbers = since.split('.').filter(|it| it.parse::<u32>().is_ok()).count();
        assert!(numbers == 3 && since.split('.').count() == 3, "{path}: since: a version, as 0.1.0");
        assert!(
            sentence.starts_with(char::is_uppercase) && sentence.ends_with('.'),
            "{path}: one sentence: {sentence}"
        );
        assert!(!sentence.contains(". "), "{path}: one sentence, not two: {sentence}");
        assert!(!sentence.contains('|'), "{path}: the sentence stands in a table of the README: {sentence}");
    }
}

#[test]
fn every_page_has_its_headings_in_order() {
    for Page { path, text, .. } in pages() {
        let headings = prose(&text).filter_map(|line| line.strip_prefix("## "));
        let mut kinds: Vec<_> = headings.map(|heading| heading.split(": ").next().unwrap_or_default()).collect();
        kinds.dedup();
        assert_eq!(kinds, HEADINGS, "{path}: the headings of a page");
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let mut wrong = Vec::new();
    for Page { path, text, .. } in pages() {
        for target in prose(&text).flat_map(|line| line.split("](").skip(1)).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !target.contains("://") && !Path::new("rules").join(file).exists() {
                wrong.push(format!("{path} links to {target}"));
            }
        }
    }
    assert_none(wrong);
}

/// In the output that a page shows, as everywhere: lower case first, no full stop last, and the rule's own name.
#[test]
fn messages_that_pages_show_keep_to_the_style() {
    for Page { path, name, text, .. } in pages() {
        for line in text.lines() {
            let severities = ["error[", "warning[", "note["];
            let Some(rest) = severities.iter().find_map(|start| line.strip_prefix(start)) else { continue };
            let (rule, message) = rest.split_once("]: ").unwrap_or((rest, ""));
            assert_eq!(rule, name, "{path}: shows a finding of another rule: {line}");
            assert!(!message.starts_with(char::is_uppercase), "{path}: a message starts lower case: {line}");
            assert!(!message.ends_with('.') && !message.is_empty(), "{path}: a message has no full stop: {line}");
        }
    }
}

/// The lines of a page outside its fences.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

// README --------------------------------------------------------------------------------------------------------------

const RULES_START: &str = "<!-- rules -->\n";
const RULES_END: &str = "<!-- /rules -->\n";

#[test]
fn the_readme_lists_every_rule_and_names_no_file_that_is_not_there() {
    let readme = read("README.md");
    let (before, rest) = readme.split_once(RULES_START).expect("README.md has the marker that its rules begin at");
    let (listed, after) = rest.split_once(RULES_END).expect("README.md has the marker that its rules end at");
    let table = table(&pages());
    let right = [before, RULES_START, &table, RULES_END, after].concat();
    if std::env::var_os("UPDATE").is_some() {
        fs::write("README.md", &right).unwrap();
    } else {
        assert!(listed == table, "README.md: `UPDATE=1 cargo test --test house` rewrites its rules to\n{table}");
    }
    let links = right.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files = links.filter(|it| !it.contains("://")).map(|it| it.split('#').next().unwrap_or_default());
    assert_none(files.filter(|it| !it.is_empty() && !Path::new(it).exists()).map(str::to_owned));
}

fn table(pages: &[Page]) -> String {
    let head = "| rule | severity | what it finds |\n| --- | --- | --- |\n".to_owned();
    let row = |page: &Page| format!("| [{}]({}) | {} | {} |\n", page.name, page.path, page.severity, page.sentence);
    std::iter::once(head).chain(pages.iter().map(row)).collect()
}

// What the tests share ------------------------------------------------------------------------------------------------

/// The `.rs` files of a folder at any depth, or of the module `path` (its file, its folder, or both), with their text.
fn sources(path: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(path)];
    let file = PathBuf::from(format!("{path}.rs"));
    if file.exists() {
        found.push(file);
    }
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.map(|it| it.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|it| it == "rs") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found.into_iter().map(|path| (slashed(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// The text without its comment lines, and without blanks around `::`.
fn code(text: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    lines.join("\n").replace(" ::", "::").replace(":: ", "::")
}

fn slashed(path: &Path) -> String {
    path.to_str().unwrap().replace('\\', "/")
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[track_caller]
fn assert_none(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
