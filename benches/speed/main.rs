//! How long checks take, of plans, code and templates of many sizes, each beside what it can be measured by: the time that
//! skipping through the text takes, or the time that another program takes.
//!
//! ```sh
//! cargo bench --bench speed                                     # the tables of the README
//! cargo bench --bench speed -- --peers                          # and those of Checkov and cfn-lint, where they are on PATH
//! cargo bench --bench speed -- --write FILE RESOURCES [--known] [--public] # a plan to try by hand
//! cargo bench --bench speed -- --all FOLDER                     # what else the tables measure, to try by hand
//! ```
//!
//! Each run is a process of its own, which tells its time and its peak of memory itself.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own")]

#[path = "../shapes/mod.rs"]
mod shapes;

use std::{
    env,
    error::Error,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use iac_check::{
    cli::{self, Streams},
    files::Disk,
};
use serde::de::IgnoredAny;
use shapes::{
    code,
    hub::{Hub, Moment},
    plan::{self, Ids, Modules, Shape},
    template,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// The network whose packets are followed.
const HUB: Hub = Hub { vpcs: 20, subnets: 100 };

/// Milliseconds below which the clock says more of the work than the kernel does.
const SHORT: f64 = 30.0;

/// What one run took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// By the clock, which counts what else the machine does.
    milliseconds: f64,
    /// On processors, all together.
    worked: f64,
    /// The most memory that it had at once, in megabytes.
    peak: f64,
}

fn main() -> Outcome<()> {
    // cargo adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let says = |word: &str| arguments.iter().any(|it| it == word);
    let ids = if says("--known") { Ids::Known } else { Ids::Unknown };
    let modules = if says("--public") { Modules::Published } else { Modules::Own };
    match arguments.as_slice() {
        [write, path, resources, ..] if write == "--write" => {
            make(Path::new(path), Shape { modules, ..Shape::of(resources.replace('_', "").parse()?, ids) })
        }
        [all, folder] if all == "--all" => {
            fs::create_dir_all(folder)?;
            write_hub(&Path::new(folder).join("hub_before"), Moment::Before)?;
            cases(Path::new(folder)).map(drop)
        }
        [once, rest @ ..] if once == "--once" => run(rest),
        [skip, path] if skip == "--skip" => pass_over(path),
        // `cargo bench -- NAME` is for those that have names.
        [name] if name == "--list" || !name.starts_with('-') => Ok(()),
        [] => tables(false),
        [peers] if peers == "--peers" => tables(true),
        other => Err(format!("{other:?} is not understood: see the head of benches/speed/main.rs").into()),
    }
}

/// Prints the tables of the README.
fn tables(with_peers: bool) -> Outcome<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed");
    fs::create_dir_all(&folder)?;
    plans(&folder)?;
    others(&folder, with_peers)?;
    Ok(fs::remove_dir_all(folder)?)
}

fn make(path: &Path, shape: Shape) -> Outcome<()> {
    let mut out = BufWriter::new(File::create(path)?);
    plan::write(shape, &mut out)?;
    Ok(out.flush()?)
}

fn write_hub(folder: &Path, moment: Moment) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    Ok(fs::write(folder.join("main.tf"), HUB.code(moment)?)?)
}

// The tables ----------------------------------------------------------------------------------------------------------

fn plans(folder: &Path) -> Outcome<()> {
    println!(
        "| resources | ids | modules | MB | skip ms | check ms | / skip | µs / resource | on all cores, ms | peak MB | / file |\n\
         | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for (ids, modules, named) in [
        (Ids::Unknown, Modules::Own, "unknown | own"),
        (Ids::Known, Modules::Own, "known | own"),
        (Ids::Unknown, Modules::Published, "unknown | public"),
    ] {
        for resources in SIZES {
            let path = folder.join("plan.json");
            make(&path, Shape { modules, ..Shape::of(resources, ids) })?;
            let size = megabytes(fs::metadata(&path)?.len());
            let skip = best(&["--skip", shown(&path)?])?.worked;
            let check = best(&["--once", shown(&path)?])?;
            let alone = best(&["--once", shown(&path)?, "--jobs", "1"])?;
            let each = alone.worked * 1e3 / f64::from(u32::try_from(resources)?);
            println!(
                "| {resources} | {named} | {size:.1} | {skip:.1} | {:.1} | {:.1} | {each:.1} | {:.1} | {:.0} | {:.1} |",
                alone.worked,
                alone.worked / skip,
                check.milliseconds,
                alone.peak,
                alone.peak / size
            );
            fs::remove_file(path)?;
        }
    }
    println!();
    Ok(())
}

/// Something to check that is no plan.
struct Case {
    name: &'static str,
    resources: usize,
    path: PathBuf,
    /// Who else checks such things, and the words before the path.
    peer: Option<(&'static str, &'static [&'static str])>,
}

fn cases(folder: &Path) -> Outcome<Vec<Case>> {
    const CHECKOV: Option<(&str, &[&str])> = Some(("checkov", &["--compact", "--quiet", "-d"]));
    const CHECKOV_PLAN: Option<(&str, &[&str])> = Some(("checkov", &["--compact", "--quiet", "-f"]));
    const CFN_LINT: Option<(&str, &[&str])> = Some(("cfn-lint", &[]));
    let mut cases = Vec::new();
    let mut add = |name, resources, path: &str, peer| {
        cases.push(Case { name, resources, path: folder.join(path), peer });
    };
    add("a plan of 100 resources", 100, "small.json", CHECKOV_PLAN);
    add("a plan of 10,000 resources", 10_000, "plan.json", CHECKOV_PLAN);
    add("code: one root of 50 resources", 50, "root", CHECKOV);
    add("code: 10,000 resources in 200 modules", 10_000, "modules", CHECKOV);
    add("code: 200 roots of 50 resources", 10_000, "repository", CHECKOV);
    add("code: 2,000 subnets and 10,000 instances", HUB.resources(), "hub", None);
    add("a template of 500 resources", 500, "template.yaml", CFN_LINT);
    add("a template of 500 resources and 1 MB", template::MOST_RESOURCES, "full.yaml", CFN_LINT);
    add("a `cdk.out` of 50 stacks of 100", 5_000, "cdk.out", None);
    make(&folder.join("small.json"), Shape::of(100, Ids::Unknown))?;
    make(&folder.join("plan.json"), Shape::of(10_000, Ids::Unknown))?;
    code::roots(&folder.join("root"), 1)?;
    code::modules(&folder.join("modules"), 10_000 / code::RESOURCES_IN_MODULE)?;
    code::roots(&folder.join("repository"), 200)?;
    write_hub(&folder.join("hub"), Moment::After)?;
    template::template(&folder.join("template.yaml"), 500)?;
    template::at_the_limits(&folder.join("full.yaml"))?;
    template::assembly(&folder.join("cdk.out"), 50, 100)?;
    Ok(cases)
}

fn others(folder: &Path, with_peers: bool) -> Outcome<()> {
    println!(
        "| what | resources | check ms | µs / resource | on all cores, ms | peak MB | another program | its s | times |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |"
    );
    for Case { name, resources, path, peer } in cases(folder)? {
        let check = best(&["--once", shown(&path)?])?;
        let alone = best(&["--once", shown(&path)?, "--jobs", "1"])?;
        let each = alone.worked * 1e3 / f64::from(u32::try_from(resources)?);
        let peer = match peer.filter(|_| with_peers) {
            Some((program, words)) => match elsewhere(program, words, &path) {
                Some(time) => {
                    let times = time.as_secs_f64() * 1e3 / alone.worked;
                    format!("{program} | {:.1} | {times:.0}", time.as_secs_f64())
                }
                None => format!("{program} is not there | |"),
            },
            None => " | |".to_owned(),
        };
        println!(
            "| {name} | {resources} | {:.1} | {each:.1} | {:.1} | {:.0} | {peer} |",
            alone.worked, check.milliseconds, alone.peak
        );
    }
    Ok(())
}

// Runs ----------------------------------------------------------------------------------------------------------------

/// The best of several runs of this program: at least three, unless they take long, and for at most some seconds.
fn best(arguments: &[&str]) -> Outcome<Cost> {
    let begin = Instant::now();
    let mut best = Cost { milliseconds: f64::MAX, worked: f64::MAX, peak: f64::MAX };
    let mut runs = 0;
    while runs == 0 || begin.elapsed() < Duration::from_secs(if runs < 3 { 20 } else { 2 }) && runs < 20 {
        let output = Command::new(env::current_exe()?).args(arguments).output()?;
        let text = String::from_utf8(output.stdout)?;
        let mut numbers = text.split_whitespace().map(str::parse::<f64>);
        let mut number = || numbers.next().ok_or_else(|| format!("{arguments:?} told {text:?}"));
        let mut cost = Cost { milliseconds: number()??, worked: number()??, peak: number()?? };
        // What is short is counted in ticks, and not measured.
        if cost.worked < SHORT {
            cost.worked = cost.milliseconds;
        }
        best.worked = best.worked.min(cost.worked);
        best.peak = best.peak.min(cost.peak);
        best.milliseconds = best.milliseconds.min(cost.milliseconds);
        runs += 1;
    }
    Ok(best)
}

/// How long another program works, on processors; none if it cannot be started.
fn elsewhere(program: &str, words: &[&str], path: &Path) -> Option<Duration> {
    let before = worked_below();
    let mut command = Command::new(program);
    command.args(words).arg(path).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().ok()?;
    Some(worked_below().saturating_sub(before))
}

/// How long the processes that this one has started and that have ended were on processors.
fn worked_below() -> Duration {
    let ticks = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = ticks.rsplit_once(')').map_or("", |(_, it)| it).split_whitespace().skip(13).take(2);
    Duration::from_millis(10 * ticks.filter_map(|it| it.parse::<u64>().ok()).sum::<u64>())
}

/// One whole run of the program but for the start of the process; told on standard output is what it took.
fn run(arguments: &[String]) -> Outcome<()> {
    let start = Start::now();
    let (mut stdin, mut stdout, mut stderr) = (io::empty(), io::sink(), io::sink());
    let mut streams =
        Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr, is_terminal: false, watched: None };
    let words = ["iac-check".to_owned()].into_iter().chain(arguments.iter().cloned()).map(Into::into);
    cli::run(words, &Disk, &mut streams).map_err(|error| error.to_string())?;
    tell(&start)
}

/// Reads a file and passes over its JSON, keeping nothing: what nothing that reads it with `serde_json` can do faster.
fn pass_over(path: &str) -> Outcome<()> {
    let text = fs::read_to_string(path)?;
    let start = Start::now();
    let IgnoredAny = serde_json::from_str(&text)?;
    tell(&start)
}

/// When something began.
struct Start {
    clock: Instant,
    worked: Duration,
}

impl Start {
    fn now() -> Self {
        Self { clock: Instant::now(), worked: worked() }
    }
}

/// How long this process has been on processors: to the nanosecond where one thread does everything, else to the tick.
fn worked() -> Duration {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let exact = read("/proc/self/schedstat").split_whitespace().next().and_then(|it| it.parse().ok());
    let ticks = read("/proc/self/stat");
    let ticks = ticks.rsplit_once(')').map_or("", |(_, it)| it).split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|it| it.parse::<u64>().ok()).sum();
    // A tick is a hundredth of a second, on every Linux that programs see.
    Duration::from_nanos(exact.unwrap_or(0)).max(Duration::from_millis(10 * ticks))
}

fn tell(start: &Start) -> Outcome<()> {
    let (clock, worked) = (start.clock.elapsed(), worked().saturating_sub(start.worked));
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    let peak = peak.map_or(Ok(0.0), str::parse::<f64>)?;
    println!("{} {} {}", clock.as_secs_f64() * 1e3, worked.as_secs_f64() * 1e3, peak / 1e3);
    Ok(())
}

fn shown(path: &Path) -> Outcome<&str> {
    Ok(path.to_str().ok_or("the target folder's name is not UTF-8")?)
}

fn megabytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}
