//! Why a run was impossible, in one line.

use std::{fmt, io};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::{files::FileError, project, report::escape::visible};

/// What stood in the way. Shown as one line in which nothing that others wrote can act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Standard output could not be written to.
    #[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
    pub(super) fn stdout(error: io::Error) -> Self {
        Self(format!("cannot write to standard output: {error}"))
    }

    /// What clap has to say, without the usage that it adds.
    pub(super) fn usage(error: &clap::Error) -> Self {
        // What was meant as NAME=VALUE may hold a secret.
        if let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg)
            && error.kind() == ErrorKind::ValueValidation
            && let Some((option, _)) = option.split_once(" <NAME=VALUE>")
        {
            return Self(format!("what {option} is given is no NAME=VALUE (see `iac-check --help`)"));
        }
        let text = error.render().to_string();
        let mut message = String::new();
        for line in text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:")) {
            let line = line.strip_prefix("error: ").or_else(|| line.strip_prefix("tip: ")).unwrap_or(line);
            if line.is_empty() || line.starts_with("For more information") {
                continue;
            }
            let separator = match message.chars().last() {
                None => "",
                Some(':') => " ",
                Some(_) if line.starts_with('[') => " ",
                Some(_) => "; ",
            };
            message.push_str(separator);
            message.push_str(line);
        }
        message.push_str(" (see `iac-check --help`)");
        Self(message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.0))
    }
}

impl std::error::Error for Error {}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        Self(error.to_string())
    }
}

impl From<project::Error> for Error {
    fn from(error: project::Error) -> Self {
        Self(error.to_string())
    }
}
