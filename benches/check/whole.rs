//! Whole runs but for the start of the process: from the arguments to the last byte of the report.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use iac_check::{
    cli::{self, Streams},
    files::Disk,
};

use crate::{
    folder::{Folder, bytes},
    shapes::{
        code,
        plan::{self, Ids, Modules, Shape},
        template,
    },
};

/// How many resources each root of a repository has.
const ROOT: usize = code::RESOURCES_IN_MODULE;

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn plan_that_creates(bencher: Bencher<'_, '_>, resources: usize) {
    of_plan(bencher, Shape::of(resources, Ids::Unknown));
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn plan_that_changes_nothing(bencher: Bencher<'_, '_>, resources: usize) {
    of_plan(bencher, Shape::of(resources, Ids::Known));
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn plan_of_public_modules(bencher: Bencher<'_, '_>, resources: usize) {
    of_plan(bencher, Shape { modules: Modules::Published, ..Shape::of(resources, Ids::Unknown) });
}

#[divan::bench]
fn code_of_a_root(bencher: Bencher<'_, '_>) {
    let folder = Folder::new("root");
    code::roots(&folder.join("root"), 1).expect("code can be written");
    measure(bencher, &folder.join("root"), ROOT);
}

#[divan::bench(args = [20, 200])]
fn code_of_modules(bencher: Bencher<'_, '_>, modules: usize) {
    let folder = Folder::new("modules");
    code::modules(&folder.join("modules"), modules).expect("code can be written");
    measure(bencher, &folder.join("modules"), modules * code::RESOURCES_IN_MODULE);
}

#[divan::bench(args = [20, 200])]
fn repository_of_roots(bencher: Bencher<'_, '_>, roots: usize) {
    let folder = Folder::new("repository");
    code::roots(&folder.join("repository"), roots).expect("code can be written");
    measure(bencher, &folder.join("repository"), roots * ROOT);
}

#[divan::bench(args = [100, 500])]
fn template(bencher: Bencher<'_, '_>, resources: usize) {
    let folder = Folder::new("template");
    template::template(&folder.join("template.yaml"), resources).expect("a template can be written");
    measure(bencher, &folder.join("template.yaml"), resources);
}

/// 500 resources in 1 MB.
#[divan::bench]
fn template_at_the_limits(bencher: Bencher<'_, '_>) {
    let folder = Folder::new("limits");
    template::at_the_limits(&folder.join("template.yaml")).expect("a template can be written");
    measure(bencher, &folder.join("template.yaml"), template::MOST_RESOURCES);
}

#[divan::bench(args = [5, 50])]
fn cdk_out_of_stacks_of_100(bencher: Bencher<'_, '_>, stacks: usize) {
    let folder = Folder::new("assembly");
    template::assembly(&folder.join("cdk.out"), stacks, 100).expect("templates can be written");
    measure(bencher, &folder.join("cdk.out"), stacks * 100);
}

fn of_plan(bencher: Bencher<'_, '_>, shape: Shape) {
    let folder = Folder::new("plan");
    let path = folder.join("plan.json");
    let mut out = BufWriter::new(File::create(&path).expect("a file can be made in a new folder"));
    plan::write(shape, &mut out).and_then(|()| out.flush()).expect("a plan can be written");
    measure(bencher, &path, shape.resources);
}

fn measure(bencher: Bencher<'_, '_>, path: &Path, resources: usize) {
    let shown = path.to_str().expect("the target folder's name is UTF-8");
    let words = ["iac-check", "--jobs", "1", shown];
    bencher.counter(ItemsCount::new(resources)).counter(BytesCount::new(bytes(path))).bench_local(|| {
        let (mut stdin, mut stdout, mut stderr) = (io::empty(), io::sink(), io::sink());
        let mut streams =
            Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr, is_terminal: false, watched: None };
        cli::run(words.map(Into::into), &Disk, &mut streams).map_err(|error| error.to_string()).expect("a check runs")
    });
}
