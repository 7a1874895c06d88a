//! Every page of `rules/` is a test: its bad examples are found, at the resources they mark, and its good ones are not.
//!
//! An example is HCL or a CloudFormation template. Of HCL, what is checked is the plan that terraform made of it, too:
//! `testdata/pages/<rule>/<heading>/` holds the plan and a copy of the example that it was made from.
//!
//! An example of what a plan does has two sides: `before/main.tf` is what was applied, on a mock of AWS, and `main.tf` is
//! what is planned against the state that came of it. A mark in `before/main.tf` is at what the plan takes away.

mod support;

use std::collections::BTreeSet;

use iac_check::{
    files::{Disk, FileKind, Files as _, Memory},
    rules::{RULES, Rule},
};

use support::{Found, Reading};

const PLANS: &str = "testdata/pages";

/// Where the code lies that was applied before the plan.
const BEFORE: &str = "before/";

/// What an example is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Terraform,
    CloudFormation,
}

/// One `##` section of a page and the files in it.
struct Example<'a> {
    title: &'a str,
    language: Language,
    /// Where the copy and the plan are.
    folder: String,
    files: Vec<(&'a str, String)>,
}

impl Example<'_> {
    /// Whether something is there before the plan.
    fn has_before(&self) -> bool {
        self.files.iter().any(|(name, _)| name.starts_with(BEFORE))
    }
}

#[test]
fn every_page_has_a_rule() {
    let pages: BTreeSet<_> = Disk.walk("rules").into_iter().collect();
    let rules: BTreeSet<_> = RULES.iter().map(|rule| format!("rules/{}.md", rule.name)).collect();
    assert_eq!(pages, rules);
}

#[test]
fn every_page_says_what_a_page_says() {
    let wrong: Vec<_> = RULES.iter().filter_map(|rule| Some(format!("{}: {}", rule.name, missing(rule)?))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the page lacks.
fn missing(rule: &Rule) -> Option<&'static str> {
    let body = rule.page.split_once("\n---\n").map_or("", |(_, body)| body);
    let mut paragraphs = body.split("\n\n");
    let titles: Vec<_> = headings(rule.page).collect();
    let has = |start: &str| titles.iter().any(|title| title.starts_with(start));
    let order = titles.iter().map(|title| rank(title));
    let sources = rule.page.split_once("\n## Sources\n").map_or("", |(_, sources)| sources.trim());

    if paragraphs.next() != Some(&format!("# {}", rule.name)) {
        Some("it opens with its name")
    } else if !paragraphs.next().is_some_and(is_one_sentence) {
        Some("one sentence stands under its name, on one line")
    } else if !has("Bad") || !has("Good") {
        Some("it has bad and good examples")
    } else if !["Why", "Repair", "What it does not see", "Sources"].iter().all(|title| titles.contains(title)) {
        Some("it has the sections Why, Repair, What it does not see, Sources")
    } else if !order.is_sorted() {
        Some("its sections are Why, Repair, Bad, Good, What it does not see, Sources, in this order")
    } else if sources.is_empty() || !sources.lines().all(|line| line.starts_with("- <https://") && line.ends_with('>'))
    {
        Some("its sources are a list of addresses: - <https://…>")
    } else {
        None
    }
}

fn rank(title: &str) -> usize {
    let order = ["Why", "Repair", "Bad", "Good", "What it does not see", "Sources"];
    order.iter().position(|start| title.starts_with(start)).unwrap_or(order.len())
}

fn is_one_sentence(text: &str) -> bool {
    text.ends_with('.') && !text.contains(". ") && !text.contains('\n')
}

#[test]
fn every_page_holds() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for example in examples(rule) {
            let holds = match example.language {
                Language::Terraform => planned(&example).and_then(|()| holds(rule, &example)),
                Language::CloudFormation => template_holds(rule, &example),
            };
            wrong.extend(holds.err().map(|why| format!("{}: {}: {why}", rule.name, example.title)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_plan_is_left_of_an_example_that_is_gone() {
    let examples = RULES.iter().flat_map(|rule| examples(rule)).filter(|it| it.language == Language::Terraform);
    let examples: BTreeSet<_> = examples.map(|example| example.folder).collect();
    let folder = |file: String| Some(file.replace("/before/", "/").rsplit_once('/')?.0.to_owned());
    let folders = Disk.walk(PLANS).into_iter().filter_map(folder);
    let left: Vec<_> = folders.filter(|folder| !examples.contains(folder)).collect();
    assert!(left.is_empty(), "to be removed: {left:#?}");
}

fn holds(rule: &'static Rule, example: &Example<'_>) -> Result<(), String> {
    let marked: BTreeSet<_> = example.files.iter().flat_map(|(_, text)| marked_resources(text)).collect();
    if example.title.starts_with("Bad") == marked.is_empty() {
        return Err("bad examples have a `# finding`, and good ones have none".to_owned());
    }
    // A good example is good by every rule; a bad one is only about its own.
    let rules: Vec<_> = if marked.is_empty() { RULES.iter().collect() } else { vec![rule] };
    let of = |reading| support::said(&support::opened(&example.folder, "plan.json", reading), &rules);
    let findings = of(Reading::DocumentAlone);
    let found: BTreeSet<_> =
        findings.iter().map(|it| without_keys(it.finding.resource.as_deref().unwrap_or("-"))).collect();
    if found != marked {
        return Err(format!("in the plan marked {marked:?}, found {found:?}{}", told(&findings)));
    }
    for reading in [Reading::CodeAlone, Reading::Joined] {
        // Code says nothing of what is there before.
        let marked = if example.has_before() && reading == Reading::CodeAlone {
            BTreeSet::new()
        } else {
            places_of_marks(example)
        };
        let findings = of(reading);
        let found: BTreeSet<_> = findings.iter().map(place).collect();
        if found != marked {
            return Err(format!("{reading:?}: marked {marked:?}, found {found:?}{}", told(&findings)));
        }
    }
    Ok(())
}

/// Where a finding has to be: at a line of the code, or, for what the plan takes away, at a resource of the plan.
fn places_of_marks(example: &Example<'_>) -> BTreeSet<(String, String)> {
    let taken = example.files.iter().filter(|(name, _)| name.starts_with(BEFORE));
    let taken = taken.flat_map(|(_, text)| marked_resources(text)).map(|it| ("plan.json".to_owned(), it));
    let lines = marked_lines(example).into_iter().filter(|(name, _)| !name.starts_with(BEFORE));
    lines.map(|(name, line)| (name, line.to_string())).chain(taken).collect()
}

fn place(found: &Found) -> (String, String) {
    let name = found.file.rsplit('/').next().unwrap_or(&found.file).to_owned();
    let is_plan = name == "plan.json";
    let resource = || without_keys(found.finding.resource.as_deref().unwrap_or("-"));
    let at = if is_plan { resource() } else { found.line.to_string() };
    (name, at)
}

/// Whether the example, a template, has the findings at the lines that it marks.
fn template_holds(rule: &'static Rule, example: &Example<'_>) -> Result<(), String> {
    let marked = marked_lines(example);
    if example.title.starts_with("Bad") == marked.is_empty() {
        return Err("bad examples have a `# finding`, and good ones have none".to_owned());
    }
    let rules: Vec<_> = if marked.is_empty() { RULES.iter().collect() } else { vec![rule] };
    let files = Memory::of(example.files.iter().map(|(path, text)| (*path, text.as_str())));
    let findings = support::said(&support::open(&files, "."), &rules);
    let found: BTreeSet<_> = findings.iter().map(|it| (it.file.clone(), it.line)).collect();
    if found == marked {
        return Ok(());
    }
    Err(format!("{:?}: marked {marked:?}, found {found:?}{}", Reading::Template, told(&findings)))
}

#[test]
fn an_example_that_is_wrong_in_a_language_has_one_that_is_right() {
    let kinds = |rule: &Rule| -> BTreeSet<(bool, bool)> {
        let examples = examples(rule);
        examples.iter().map(|it| (it.language == Language::CloudFormation, it.title.starts_with("Bad"))).collect()
    };
    let lacks = |rule: &&Rule| {
        let kinds = kinds(rule);
        kinds.iter().any(|(language, is_bad)| !kinds.contains(&(*language, !is_bad)))
    };
    let lacking: Vec<_> = RULES.iter().filter(lacks).map(|rule| rule.name).collect();
    assert!(lacking.is_empty(), "bad and good in HCL, and both or neither in CloudFormation: {lacking:?}");
}

fn told(findings: &[Found]) -> String {
    let said = findings.iter().map(|Found { finding: it, file, line }| {
        format!("\n    {file}:{line}: {}: {:?}: {}", it.rule, it.resource, it.message)
    });
    said.collect()
}

/// The files and lines with a mark.
fn marked_lines(example: &Example<'_>) -> BTreeSet<(String, usize)> {
    let lines = example.files.iter().flat_map(|(name, text)| text.lines().enumerate().map(move |line| (*name, line)));
    let marked = lines.filter(|(_, (_, line))| line.ends_with("# finding"));
    marked.map(|(name, (at, _))| (name.to_owned(), at + 1)).collect()
}

/// The addresses of the resources that have a mark, at their header or within.
fn marked_resources(text: &str) -> Vec<String> {
    let mut address = String::new();
    let mut marked = Vec::new();
    for line in text.lines() {
        if let ["resource ", kind, " ", name, _] = line.split('"').collect::<Vec<_>>().as_slice() {
            address = format!("{kind}.{name}");
        }
        if line.ends_with("# finding") {
            marked.push(address.clone());
        }
    }
    marked
}

/// The address of a resource, whichever of its instances it is.
fn without_keys(address: &str) -> String {
    let (mut is_key, mut is_quoted) = (false, false);
    let mut kept = String::new();
    for character in address.chars() {
        match character {
            '"' if is_key => is_quoted = !is_quoted,
            '[' if !is_key => is_key = true,
            ']' if !is_quoted => is_key = false,
            _ if is_key => (),
            _ => kept.push(character),
        }
    }
    kept
}

/// Sees to it that the recorded plan is one of the example as it stands on the page.
fn planned(example: &Example<'_>) -> Result<(), String> {
    if is_planned(example) {
        return Ok(());
    }
    let made_again = "UPDATE=1 TERRAFORM_AWS_PROVIDER=… cargo test --test rules";
    let why = |trouble| match trouble {
        support::Trouble::Missing(why) => format!("{why}  {made_again}"),
        support::Trouble::Refused(why) => why,
    };
    if !support::is_updating() {
        return Err(format!("its plan is not one of the example as it stands; to make it again: {made_again}"));
    }
    // Nothing is touched where nothing could be made.
    support::plan(&[]).map_err(why)?;
    for copy in copies(example) {
        let is_on_page = example.files.iter().any(|(name, _)| copy == format!("{}/{name}", example.folder));
        if !is_on_page {
            return Err(format!("{copy} is not on the page: to be removed"));
        }
    }
    make_folder(&example.folder)?;
    if example.has_before() {
        make_folder(&format!("{}/{BEFORE}", example.folder))?;
        // What is applied already may be another code's.
        Disk.write(&format!("{}/terraform.tfstate", example.folder), b"").map_err(|error| error.to_string())?;
    }
    // The copy vouches for the plan: where no plan was made, none is left that could be taken for one.
    let plan = format!("{}/plan.json", example.folder);
    Disk.write(&plan, b"").map_err(|error| error.to_string())?;
    for (name, text) in &example.files {
        Disk.write(&format!("{}/{name}", example.folder), text.as_bytes()).map_err(|error| error.to_string())?;
    }
    support::plan(std::slice::from_ref(&example.folder)).map_err(why)
}

fn is_planned(example: &Example<'_>) -> bool {
    let same = |(name, text): &(&str, String)| {
        Disk.read(&format!("{}/{name}", example.folder)).is_ok_and(|copy| copy == text.as_bytes())
    };
    let plan = Disk.read(&format!("{}/plan.json", example.folder));
    let is_applied = || Disk.read(&format!("{}/terraform.tfstate", example.folder)).is_ok_and(|it| !it.is_empty());
    plan.is_ok_and(|plan| !plan.is_empty())
        && (!example.has_before() || is_applied())
        && copies(example).len() == example.files.len()
        && example.files.iter().all(same)
}

/// The recorded files of the example.
fn copies(example: &Example<'_>) -> Vec<String> {
    match Disk.kind(&example.folder) {
        Some(FileKind::Folder) => {
            Disk.walk(&example.folder).into_iter().filter(|it| it.strip_suffix(".tf").is_some()).collect()
        }
        Some(FileKind::File | FileKind::Other) | None => Vec::new(),
    }
}

fn make_folder(folder: &str) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{folder}: {error}"))
}

fn headings(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter_map(|line| line.strip_prefix("## "))
}

fn examples(rule: &Rule) -> Vec<Example<'static>> {
    let mut examples = Vec::new();
    let mut fence: Option<(&str, String)> = None;
    for line in rule.page.lines() {
        if let Some((_, text)) = &mut fence {
            if line == "```" {
                let example: &mut Example<'_> = examples.last_mut().expect("a fence stands under a heading");
                example.files.extend(fence.take());
            } else {
                text.push_str(line);
                text.push('\n');
            }
        } else if let Some((language, file)) = fenced(line) {
            fence = Some((file, String::new()));
            examples.last_mut().expect("a fence stands under a heading").language = language;
        } else if let Some(title) = line.strip_prefix("## ") {
            let folder = format!("{PLANS}/{}/{}", rule.name, file_name(title));
            examples.push(Example { title, language: Language::Terraform, folder, files: Vec::new() });
        }
    }
    examples.retain(|example| !example.files.is_empty());
    examples
}

/// The language and the file that a fence opens.
fn fenced(line: &str) -> Option<(Language, &str)> {
    let hcl = line.strip_prefix("```hcl ").map(|file| (Language::Terraform, file));
    hcl.or_else(|| Some((Language::CloudFormation, line.strip_prefix("```yaml ")?)))
}

/// A heading as the name of a folder.
fn file_name(title: &str) -> String {
    let title = title.to_lowercase();
    let words = title.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}
