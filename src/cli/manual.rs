//! What stands around the program: completions for shells, and the manual page.

use std::io::{self, Write as _};

use clap::CommandFactory as _;

use super::{
    Context, Error, Outcome,
    arguments::{Arguments, Completions},
};

/// `iac-check completions`.
pub(super) fn completions(arguments: &Completions, context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), env!("CARGO_PKG_NAME"), &mut text);
    context.stdout.write_all(&text).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}

/// A text whose lines stay as they are, in the language of manual pages, where a line that begins with `.` or `'` is a
/// command and `\\` begins one.
fn write_as_it_stands(lines: &str, text: &mut Vec<u8>) -> io::Result<()> {
    writeln!(text, ".PP\n.nf")?;
    for line in lines.lines() {
        writeln!(text, "\\&{}", line.replace('\\', "\\e"))?;
    }
    writeln!(text, ".fi")
}

/// `iac-check man`: a page with every command in it.
pub(super) fn page(context: &mut Context<'_>) -> Result<Outcome, Error> {
    let mut text = Vec::new();
    let mut command = Arguments::command();
    command.build();
    let written = clap_mangen::Man::new(command.clone()).render(&mut text).and_then(|()| {
        for part in command.get_subcommands().filter(|it| !it.is_hide_set()) {
            writeln!(text, ".SH \"{}\"", part.get_name().to_uppercase())?;
            let man = clap_mangen::Man::new(part.clone());
            man.render_synopsis_section(&mut text)?;
            man.render_options_section(&mut text)?;
            write_as_it_stands(&part.get_after_help().map(ToString::to_string).unwrap_or_default(), &mut text)?;
        }
        Ok(())
    });
    written.map_err(|error| Error::new(error.to_string()))?;
    context.stdout.write_all(&text).map_err(Error::stdout)?;
    Ok(Outcome::Clean)
}
