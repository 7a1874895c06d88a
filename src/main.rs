//! The process around [`iac_check::cli`]: its arguments, its streams, its exit status.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use iac_check::{
    cli::{self, Streams},
    files::Disk,
};

/// Reading a plan is mostly making small texts, and forgetting them all at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (mut stdin, mut stdout, mut stderr) = (io::stdin().lock(), io::stdout().lock(), io::stderr());
    let is_terminal = stdout.is_terminal();
    // Standard error is not locked: how far the work is is drawn beside the work.
    let watched = stderr.is_terminal().then(|| Box::new(io::stderr()) as Box<dyn io::Write + Send>);
    let mut streams = Streams { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr, is_terminal, watched };
    match cli::run(env::args_os(), &Disk, &mut streams) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            // Where even this cannot be written, the exit status still says it.
            let _ = writeln!(stderr, "iac-check: {error}");
            ExitCode::from(2)
        }
    }
}
