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
    if wanted { Color::Ansi } else { Color::Plain }
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
    fn colours_are_for_terminals() {
        assert_eq!(color(ColorChoice::Auto, false), Color::Plain);
        assert_eq!(color(ColorChoice::Always, false), Color::Ansi);
        assert_eq!(color(ColorChoice::Never, true), Color::Plain);
    }
}
