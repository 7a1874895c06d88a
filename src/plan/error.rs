//! Why a document cannot be read as a plan or a state: one line each, with what to do.

use std::fmt;

use serde::de::IgnoredAny;

use super::offset_in;

/// Why a document cannot be read as a plan or a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    Empty,
    /// The archive that `terraform plan -out` writes.
    Binary,
    /// What `terraform plan -json` prints while it works.
    Log,
    /// What `terraform` prints under the wrapper that the setup-terraform action installs.
    Wrapped,
    /// A `terraform.tfstate` file.
    RawState,
    /// A plan or state of a format that this version does not know.
    Version(String),
    /// JSON, and neither a plan nor a state.
    OtherJson,
    /// A plan or a state of which a part is not what it should be: a list in the place of a map, a resource without a type.
    OtherShape,
    NotJson {
        line: usize,
        column: usize,
        why: String,
    },
    CutShort {
        line: usize,
        column: usize,
    },
}

impl Error {
    /// What is wrong with `text`, which is not what a plan or a state is.
    pub(super) fn of_text(text: &str) -> Self {
        match serde_json::from_str::<IgnoredAny>(text) {
            Err(error) => Self::of_json(text, &error),
            Ok(IgnoredAny) if text.trim_start().starts_with('{') => Self::OtherShape,
            Ok(IgnoredAny) => Self::OtherJson,
        }
    }

    /// `error`, which reading the whole of `text` gave.
    fn of_json(text: &str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if is_log(text) {
            return Self::Log;
        }
        if text.starts_with("[command]") {
            return Self::Wrapped;
        }
        match error.classify() {
            serde_json::error::Category::Eof => Self::CutShort { line, column },
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Data => Self::NotJson { line, column, why: without_place(error) },
        }
    }

    /// `error`, which reading `part` gave, a piece of `text`: its place in the whole.
    pub(super) fn of_part(text: &str, part: &str, error: &serde_json::Error) -> Self {
        let before = &text[..offset_in(text, part)];
        let line = before.matches('\n').count() + error.line().max(1);
        let column = match error.line() {
            0 | 1 => before.len() - before.rfind('\n').map_or(0, |at| at + 1) + error.column(),
            _ => error.column(),
        };
        Self::NotJson { line, column, why: without_place(error) }
    }
}

/// The log of `terraform plan -json`: a JSON object a line, each with a level.
fn is_log(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or("");
    first.contains("\"@level\"") && first.contains("\"@message\"")
}

fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

impl Error {
    /// Where in `text` reading it failed, when it is JSON gone wrong, or a plan or state gone wrong: then its beginning.
    /// `None` when it is something else altogether.
    pub fn offset(&self, text: &str) -> Option<usize> {
        if *self == Self::OtherShape {
            return Some(0);
        }
        let (Self::NotJson { line, column, .. } | Self::CutShort { line, column }) = self else { return None };
        if !text.trim_start().starts_with(['{', '[']) {
            return None;
        }
        let start = match line {
            0 | 1 => 0,
            _ => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
        };
        let mut at = (start + column.saturating_sub(1)).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        Some(at)
    }
}

impl std::error::Error for Error {}

const SHOW: &str = "write it with `terraform show -json PLAN > plan.json`";

impl Error {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::NotJson { .. } => SHOW,
            Self::Binary => "make it readable with `terraform show -json PLAN > plan.json` and check that",
            Self::Log => "run `terraform plan -out PLAN`, then `terraform show -json PLAN > plan.json`, and check that",
            Self::Wrapped => {
                "set its `terraform_wrapper: false`, or redirect with `terraform-bin show -json PLAN > plan.json`"
            }
            Self::RawState => "make it readable with `terraform show -json > state.json` and check that",
            Self::Version(_) => "formats 0.x and 1.x are read here: look for a newer iac-check",
            Self::OtherJson | Self::OtherShape => "give what `terraform show -json` writes",
            Self::CutShort { .. } => "write it again with `terraform show -json PLAN > plan.json`",
        }
    }
}

/// What the document is, to stand behind its name: `is empty`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "is empty"),
            Self::Binary => write!(f, "is a binary plan"),
            Self::Log => write!(f, "is the log of `terraform plan -json`, not a plan"),
            Self::Wrapped => write!(f, "begins with a `[command]` line of the setup-terraform action"),
            Self::RawState => write!(f, "is a raw state file"),
            Self::Version(version) => write!(f, "has format version {version}, which this version does not read"),
            Self::OtherJson => write!(f, "is JSON, but neither a plan nor a state nor a template"),
            Self::OtherShape => write!(f, "is JSON, but not of the shape of a plan or a state"),
            Self::NotJson { line, column, why } => {
                write!(f, "cannot be read as JSON: {why} at line {line}, column {column}")
            }
            Self::CutShort { line, column } => {
                write!(f, "ends too early, at line {line}, column {column}: it was cut short")
            }
        }
    }
}
