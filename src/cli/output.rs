//! Where the words go: a stream that may be closed, and whether it shows colours.

use std::io::{self, Write};

use super::arguments::ColorChoice;
use crate::report::Color;

/// A stream that nobody may be listening to any more, as in `iac-check plan.json | head`: that is no error, and does not
/// change how the run ends.
pub(super) struct Forgiving<'a>(&'a mut dyn Write);

impl<'a> Forgiving<'a> {
    pub(super) fn new(stream: &'a mut dyn Write) -> Self {
        Self(stream)
    }
}

impl Write for Forgiving<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        forgive(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        forgive(self.0.flush(), ())
    }
}

fn forgive<T>(written: io::Result<T>, as_if: T) -> io::Result<T> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(as_if),
        Ok(_) | Err(_) => written,
    }
}

/// Whether standard output shows colours. <https://no-color.org>
pub(super) fn color(choice: ColorChoice, is_terminal: bool) -> Color {
    let wanted = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && !is_set("NO_COLOR") && !is_dumb(),
    };
    match (wanted, is_terminal && shows_links(variable)) {
        (false, _) => Color::Plain,
        (true, false) => Color::Ansi,
        (true, true) => Color::AnsiWithLinks,
    }
}

/// Whether a terminal shows how far the work is: nobody watches the log of a build, and a dumb one cannot take a line
/// back.
pub(super) fn shows_progress() -> bool {
    !is_set("CI") && !is_dumb() && is_set("TERM")
}

/// Whether the terminal is one that is known to show links. Others would be shown the address of each.
fn shows_links(variable: impl Fn(&str) -> Option<String>) -> bool {
    if let Some(forced) = variable("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let is_one_of = |name: &str, known: &[&str]| variable(name).is_some_and(|it| known.contains(&it.as_str()));
    let version = |name: &str| variable(name).and_then(|it| it.parse::<u32>().ok()).unwrap_or(0);
    variable("WT_SESSION").is_some()
        || 5000 <= version("VTE_VERSION")
        || 20_04_00 <= version("KONSOLE_VERSION")
        || is_one_of("TERM_PROGRAM", &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"])
        || is_one_of("TERM", &["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra"])
}

/// How many columns there are for who reads standard output: what `COLUMNS` says, or else the terminal. `None`: no
/// terminal says so, and lines are as long as they are.
pub(super) fn columns(is_terminal: bool) -> Option<usize> {
    let of_terminal = || is_terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0.into());
    variable("COLUMNS").and_then(|it| it.parse().ok()).or_else(of_terminal)
}

#[expect(clippy::disallowed_methods, reason = "cli asks the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "cli asks the environment")]
fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "cli asks the environment")]
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream whose every write ends so.
    struct Ends(io::ErrorKind);

    impl Write for Ends {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn only_a_closed_pipe_is_forgiven() {
        let write = |kind| Forgiving::new(&mut Ends(kind)).write_all(b"text").map_err(|error| error.kind());
        assert_eq!(write(io::ErrorKind::BrokenPipe), Ok(()));
        assert_eq!(write(io::ErrorKind::StorageFull), Err(io::ErrorKind::StorageFull));
    }

    #[test]
    fn links_are_for_terminals_that_show_them() {
        let with = |name: &'static str, value: &'static str| {
            shows_links(move |asked: &str| (asked == name).then(|| value.to_owned()))
        };
        assert!(with("TERM_PROGRAM", "WezTerm") && with("VTE_VERSION", "7600") && with("WT_SESSION", "1"));
        assert!(with("FORCE_HYPERLINK", "1") && !with("FORCE_HYPERLINK", "0"));
        assert!(
            !with("VTE_VERSION", "4999") && !with("TERM", "xterm-256color") && !with("TERM_PROGRAM", "Apple_Terminal")
        );
    }

    #[test]
    fn colours_are_for_terminals() {
        assert_eq!(color(ColorChoice::Auto, false), Color::Plain);
        assert_eq!(color(ColorChoice::Always, false), Color::Ansi);
        assert_eq!(color(ColorChoice::Never, true), Color::Plain);
    }
}
