//! What is wrong with a template, as findings.

use std::collections::BTreeMap;

use crate::{
    finding::{Certainty, Finding, Label, Severity},
    source::Span,
};

/// Text that is no template.
pub(super) fn syntax_error(span: Span, message: impl Into<String>) -> Finding {
    finding("syntax_error", Severity::Error, span, message.into())
}

/// What CloudFormation refuses to evaluate.
pub(super) fn evaluation_error(span: Span, message: impl Into<String>) -> Finding {
    finding("evaluation_error", Severity::Warning, span, message.into())
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
