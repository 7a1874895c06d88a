//! The values that options choose among: formats, levels, colours.

use std::str::FromStr;

use clap::ValueEnum;

use crate::finding::Severity;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Markdown,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    Mermaid,
    Dot,
    Json,
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Protocol {
    Tcp,
    Udp,
    /// An echo request
    Icmp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RulesFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Error,
    Warning,
    Note,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// A file to write a report to, and in which format where that is not the run's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub format: Option<Format>,
    pub file: String,
}

impl Level {
    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

impl FailOn {
    /// Whether a run whose worst finding is `worst` fails.
    pub(super) fn fails(self, worst: Option<Severity>) -> bool {
        self.severity().is_some_and(|least| worst.is_some_and(|worst| least <= worst))
    }

    /// The mildest finding that fails a run.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            // A name with a folder before the `=` is a file's.
            Some((format, file)) if !format.contains(['/', '\\', '.']) => (Some(format), file),
            Some(_) | None => (None, text),
        };
        if file.is_empty() {
            return Err("names no file; write FILE, or FORMAT=FILE".to_owned());
        }
        let format = format.map(|it| Format::from_str(it, false)).transpose().map_err(|_| {
            let formats = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            let formats: Vec<_> = formats.map(|it| it.get_name().to_owned()).collect();
            format!(
                "starts with no format: write FORMAT=FILE, FORMAT being {}, or ./{text} for a file of that name",
                formats.join(", ")
            )
        })?;
        Ok(Self { format, file: file.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_may_name_its_format() {
        let output = |text: &str| text.parse::<Output>().map(|it| (it.format, it.file));
        assert_eq!(output("out.json"), Ok((None, "out.json".to_owned())));
        assert_eq!(output("json=out.json"), Ok((Some(Format::Json), "out.json".to_owned())));
        assert_eq!(output("./a=b.json"), Ok((None, "./a=b.json".to_owned())));
        assert!(output("jsn=out.json").unwrap_err().contains("./jsn=out.json"));
        assert!(output("json=").is_err());
        assert!(output("").is_err());
    }
}
