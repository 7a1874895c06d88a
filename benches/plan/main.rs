//! How long a check takes, for plans of 1,000 to 100,000 resources, beside the time it takes to skip through the text.
//!
//! ```sh
//! cargo bench --bench plan                                     # the table
//! cargo bench --bench plan -- --write FILE RESOURCES [--known] # a plan to try by hand
//! ```
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own")]

mod generator;

use std::{
    env,
    error::Error,
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use generator::{Ids, Shape};
use iac_check::{
    files::Disk,
    project::{self, Wanted},
    rules::RULES,
    source::SourceMap,
};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

type Outcome<T> = Result<T, Box<dyn Error>>;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() -> Outcome<()> {
    // cargo adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let ids = if arguments.iter().any(|it| it == "--known") { Ids::Known } else { Ids::Unknown };
    match arguments.as_slice() {
        [write, path, resources, ..] if write == "--write" => {
            make(Path::new(path), Shape { resources: resources.replace('_', "").parse()?, ids })
        }
        _ => table(),
    }
}

fn make(path: &Path, shape: Shape) -> Outcome<()> {
    let mut out = BufWriter::new(File::create(path)?);
    generator::write(shape, &mut out)?;
    Ok(out.flush()?)
}

fn table() -> Outcome<()> {
    println!(
        "| resources | ids | MB | read ms | skip ms | places ms | check ms | check / skip | check µs / resource | findings |"
    );
    println!("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (ids, named) in [(Ids::Unknown, "unknown"), (Ids::Known, "known")] {
        for resources in SIZES {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("plan-{resources}-{named}.json"));
            make(&path, Shape { resources, ids })?;
            let path = path.to_str().ok_or("the target folder's name is not UTF-8")?;
            println!("| {resources} | {named} | {} | {} |", times(path, resources)?, check(path)?);
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The cells of one row, from the size on.
fn times(path: &str, resources: usize) -> Outcome<String> {
    let read = best(|| Ok(std::fs::read(path)?.len()))?;
    let text = std::fs::read_to_string(path)?;
    let skip = best(|| {
        let IgnoredAny = serde_json::from_str(&text)?;
        Ok(text.len())
    })?;
    let places = best(|| Ok(serde_json::from_str::<Changes<'_>>(&text)?.resource_changes.len()))?;
    let check = best(|| check(path))?;
    let size = f64::from(u32::try_from(text.len())?) / 1e6;
    let [read, skip, places, check] = [read, skip, places, check].map(milliseconds);
    let ratio = check / skip;
    let each = check * 1e3 / f64::from(u32::try_from(resources)?);
    Ok(format!("{size:.1} | {read:.1} | {skip:.1} | {places:.1} | {check:.1} | {ratio:.1} | {each:.1}"))
}

/// The whole of `iac-check check` but for printing: how many findings there are.
fn check(path: &str) -> Outcome<usize> {
    let rules: Vec<_> = RULES.iter().collect();
    let mut sources = SourceMap::default();
    let projects = project::load(&Disk, &mut sources, &[path.to_owned()], &Wanted::default().into());
    let projects = projects.map_err(|error| format!("{path}: {error:?}"))?;
    Ok(projects.iter().map(|project| iac_check::check(project, &rules).findings.len()).sum())
}

/// A plan's resources as they stand in the text, and nothing else of it.
#[derive(serde::Deserialize)]
struct Changes<'a> {
    #[serde(borrow)]
    resource_changes: Vec<&'a RawValue>,
}

/// The best time of several runs: at least three, and for at most about a second.
fn best<T>(mut run: impl FnMut() -> Outcome<T>) -> Outcome<Duration> {
    let (begin, mut best, mut runs) = (Instant::now(), Duration::MAX, 0);
    while runs < 3 || (runs < 50 && begin.elapsed() < Duration::from_secs(1)) {
        let start = Instant::now();
        std::hint::black_box(run()?);
        best = best.min(start.elapsed());
        runs += 1;
    }
    Ok(best)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
