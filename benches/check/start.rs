//! The program as a process: what its start costs, and how long it is to the last finding of a small plan.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
};

use divan::Bencher;

use crate::{
    folder::Folder,
    shapes::plan::{self, Ids, Shape},
};

#[divan::bench]
fn nothing_but_its_version(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| run(Path::new("--version")));
}

#[divan::bench(args = [100, 1_000])]
fn findings_of_a_plan(bencher: Bencher<'_, '_>, resources: usize) {
    let folder = Folder::new("small");
    let path = folder.join("plan.json");
    let mut file = File::create(&path).expect("a file can be made in a new folder");
    plan::write(Shape::of(resources, Ids::Unknown), &mut file).expect("a plan can be written");
    bencher.bench_local(|| run(&path));
}

fn run(argument: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iac-check"));
    let status = command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("the program starts").code() != Some(2), "the program runs");
}
