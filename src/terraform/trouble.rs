//! What is wrong with the code: why an expression has no value, and the findings that say so.

use std::collections::BTreeMap;

use crate::{
    finding::{Certainty, Finding, Label, Severity},
    source::Span,
};

/// Why an expression has no value, and where that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub span: Span,
    /// In lower case, without a full stop.
    pub message: String,
}

impl Failure {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: in_our_style(&message.into()) }
    }
}

/// Terraform's sentences, as messages here begin and end.
fn in_our_style(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut characters = message.chars();
    let first = characters.next().map(|it| it.to_lowercase().to_string()).unwrap_or_default();
    match characters.clone().next() {
        // A name in capitals stays one.
        Some(second) if second.is_uppercase() => message.to_owned(),
        Some(_) | None => first + characters.as_str(),
    }
}

/// Code that Terraform refuses to evaluate.
pub(super) fn evaluation_error(span: Span, message: impl Into<String>) -> Finding {
    finding("evaluation_error", Severity::Warning, span, message.into())
}

/// Text that is no code.
pub(super) fn syntax_error(span: Span, message: impl Into<String>) -> Finding {
    finding("syntax_error", Severity::Error, span, message.into())
}

/// A module whose code is not there.
pub(super) fn module_not_installed(span: Span, message: impl Into<String>) -> Finding {
    let mut it = finding("module_not_installed", Severity::Note, span, message.into());
    it.help = Some("`terraform init` (or `terraform get`) fetches it; nothing is fetched here".to_owned());
    it
}

fn finding(rule: &'static str, severity: Severity, span: Span, message: String) -> Finding {
    Finding {
        rule,
        severity,
        certainty: Certainty::Certain,
        resource: None,
        message,
        at: Label::new(span, "here"),
        because: Vec::new(),
        help: None,
        evidence: BTreeMap::new(),
    }
}
