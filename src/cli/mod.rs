//! The command line: arguments in, text and an exit status out. The only module that knows of the process around it.

mod arguments;
mod changed;
mod changes;
mod check;
mod choices;
mod egress;
mod error;
mod explain;
mod given;
mod graph;
mod help;
mod input;
mod inspect;
mod layer;
mod manual;
mod names;
mod output;
mod progress;
mod routes;
mod rules;
mod settings;
mod trace;

use std::{
    ffi::OsString,
    io::{BufWriter, Read, Write},
    process::ExitCode,
    sync::{Arc, Mutex},
};

use clap::Parser as _;

use self::{
    arguments::{Arguments, Command},
    output::Forgiving,
    progress::Watcher,
};
use crate::files::Files;

pub use error::Error;

/// The process's streams.
pub struct Streams<'a> {
    pub stdin: &'a mut dyn Read,
    pub stdout: &'a mut dyn Write,
    pub stderr: &'a mut dyn Write,
    /// Somebody looks at standard output.
    pub is_terminal: bool,
    /// Where somebody watches how far the work is: standard error, where it is a terminal.
    pub watched: Option<Box<dyn Write + Send>>,
}

/// How a run that could run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nothing that the user asked to fail for.
    Clean,
    /// Something at or above `--fail-on`.
    Findings,
}

/// What a command works with: the files, and where its words go.
struct Context<'a> {
    files: &'a dyn Files,
    stdin: &'a mut dyn Read,
    stdout: &'a mut dyn Write,
    stderr: &'a mut dyn Write,
    is_terminal: bool,
    watcher: Option<Watcher>,
}

/// Does what `arguments`, the program's name first, ask for.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    files: &dyn Files,
    streams: &mut Streams<'_>,
) -> Result<Outcome, Error> {
    let mut stdout = BufWriter::new(Forgiving::new(&mut *streams.stdout));
    let mut context = Context {
        files,
        stdin: &mut *streams.stdin,
        stdout: &mut stdout,
        stderr: &mut *streams.stderr,
        is_terminal: streams.is_terminal,
        watcher: streams.watched.take().filter(|_| output::shows_progress()).map(|it| Arc::new(Mutex::new(it))),
    };
    let outcome = dispatch(arguments, &mut context)?;
    stdout.flush().map_err(Error::stdout)?;
    Ok(outcome)
}

fn dispatch(arguments: impl IntoIterator<Item = OsString>, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return Err(Error::usage(&error)),
        // `--help` and `--version` are answers too.
        Err(error) => {
            write!(context.stdout, "{}", error.render()).map_err(Error::stdout)?;
            return Ok(Outcome::Clean);
        }
    };
    match arguments.command.unwrap_or(Command::Check(arguments.check)) {
        Command::Check(check) => check::run(&check, context),
        Command::Routes(routes) => routes::run(&routes, context),
        Command::Trace(trace) => trace::run(&trace, context),
        Command::Egress(egress) => egress::run(&egress, context),
        Command::Changes(changes) => changes::run(&changes, context),
        Command::Inspect(inspect) => inspect::run(&inspect, context),
        Command::Rules(rules) => rules::run(&rules, context),
        Command::Graph(graph) => graph::run(&graph, context),
        Command::Explain(explain) => explain::run(&explain, context),
        Command::Completions(completions) => manual::completions(&completions, context),
        Command::Man => manual::page(context),
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
        }
    }
}
