//! What a check costs, in allocations: a figure that is the same on every machine, and follows the time that a check takes.
//!
//! `tests/cost.txt` has what was counted. More by a twentieth fails; `UPDATE=1 cargo test --test cost` writes down what is
//! counted, which is for a change that is worth it, or that makes it less.
//!
//! The one test of its file: every allocation of the process is counted.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test of its own, which fails by panicking")]

#[path = "../benches/shapes/mod.rs"]
#[expect(dead_code, reason = "the benchmarks ask for more")]
mod shapes;

use std::{
    env, fs,
    io::{self, Write as _},
    path::Path,
};

use iac_check::{
    cli::{self, Streams},
    files::Disk,
    project::{self, Wanted},
    rules::RULES,
    source::SourceMap,
};
use shapes::{
    code,
    hub::{Hub, Moment},
    plan::{self, Ids, Shape},
    template,
};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const KNOWN: &str = "tests/cost.txt";

#[test]
fn a_check_takes_no_more_than_it_did() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cost");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let plan = |name: &str, resources, ids| {
        let mut text = Vec::new();
        plan::write(Shape::of(resources, ids), &mut text).unwrap();
        fs::File::create(folder.join(name)).unwrap().write_all(&text).unwrap();
        allocations(&folder.join(name))
    };
    let few = plan("plan of 1000", 1_000, Ids::Unknown);
    let many = plan("plan of 4000", 4_000, Ids::Unknown);
    let known = plan("plan of 1000 that are there", 1_000, Ids::Known);
    code::modules(&folder.join("code"), 4).unwrap();
    template::template(&folder.join("template.yaml"), 100).unwrap();
    template::assembly(&folder.join("cdk.out"), 2, 50).unwrap();
    let hub = |name: &str, moment| {
        fs::create_dir(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("main.tf"), Hub { vpcs: 2, subnets: 20 }.code(moment).unwrap()).unwrap();
        folder.join(name).into_os_string().into_string().unwrap()
    };
    let (old, new) = (&hub("before", Moment::Before), &hub("after", Moment::After));
    let trace = ["trace", "--from", "aws_instance.v0_s5_i1", "--to", "aws_instance.v1_s7_i1", new];
    let counted = [
        ("a plan of 1,000 resources", few),
        ("a plan of 1,000 resources that are there", known),
        ("code of 200 resources", allocations(&folder.join("code"))),
        ("a template of 100 resources", allocations(&folder.join("template.yaml"))),
        ("a cdk.out of 2 stacks of 50", allocations(&folder.join("cdk.out"))),
        ("the rules for 200 instances in 40 subnets", allocations(new.as_ref())),
        ("the routes of 40 subnets", allocations_of(&["routes", new])),
        ("the egress of 200 instances", allocations_of(&["egress", new])),
        ("the trace between two of 200 instances", allocations_of(&trace)),
        ("what changes between 200 instances", allocations_of(&["changes", old, new])),
    ];
    // Four times as many resources, within a tenth.
    assert!(many.abs_diff(4 * few) * 10 < 4 * few, "1,000 resources take {few} allocations, 4,000 take {many}");
    if env::var_os("UPDATE").is_some() {
        let lines: Vec<_> = counted.iter().map(|(name, count)| format!("{count} {name}\n")).collect();
        fs::write(KNOWN, lines.concat()).unwrap();
        return;
    }
    let known = fs::read_to_string(KNOWN).unwrap();
    for (name, count) in counted {
        let line = known.lines().find_map(|line| line.split_once(' ').filter(|(_, it)| *it == name));
        let known: u64 = line.expect("UPDATE=1 writes it down").0.parse().unwrap();
        assert!(count * 20 <= known * 21, "{name}: {count} allocations, and it was {known}");
    }
}

/// How many allocations a command makes, from its arguments to its last line, on one thread.
fn allocations_of(words: &[&str]) -> u64 {
    let _profiler = dhat::Profiler::builder().testing().trim_backtraces(Some(1)).build();
    let (mut stdin, mut stdout, mut stderr) = (io::empty(), Vec::new(), Vec::new());
    let mut streams =
        Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr, is_terminal: false, watched: None };
    let words = [&["iac-check"], words, &["--jobs", "1"]].concat();
    let outcome = cli::run(words.into_iter().map(Into::into), &Disk, &mut streams);
    assert!(outcome.is_ok() && !stdout.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    dhat::HeapStats::get().total_blocks
}

/// How many allocations a check makes, from the files to the findings, on one thread.
fn allocations(path: &Path) -> u64 {
    let rules: Vec<_> = RULES.iter().collect();
    let _profiler = dhat::Profiler::builder().testing().trim_backtraces(Some(1)).build();
    let mut sources = SourceMap::default();
    let path = path.to_str().unwrap().to_owned();
    let projects = project::load(&Disk, &mut sources, &[path], &Wanted::default().into()).unwrap();
    for project in &projects {
        let verdicts = iac_check::check(project, &rules);
        assert!(project.findings.is_empty() && verdicts.findings.len() < 1_000, "{:?}", project.findings);
    }
    dhat::HeapStats::get().total_blocks
}
