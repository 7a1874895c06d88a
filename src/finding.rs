//! What a rule says, where it points, and what shows it.

use std::collections::BTreeMap;

use crate::source::Span;

/// The name of a rule: its page, its module, its id in every output.
pub type RuleName = &'static str;

/// How bad it is when a finding is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice.
    Note,
    /// It works today and fails under a plausible condition.
    Warning,
    /// It will not work, or part of the traffic is lost.
    Error,
}

/// Whether a finding holds in every world that the code allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// An unknown decides.
    Possible,
    /// It holds whatever the unknowns turn out to be.
    Certain,
}

/// One thing that is wrong. It cannot be made without a place to point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: RuleName,
    pub severity: Severity,
    pub certainty: Certainty,
    /// The resource that it is about, as its language writes its address.
    pub resource: Option<String>,
    pub message: String,
    pub at: Label,
    /// The steps that lead here, in the order that a packet takes them.
    pub because: Vec<Label>,
    /// How to repair it.
    pub help: Option<String>,
    /// The figures behind the message, by name.
    pub evidence: BTreeMap<&'static str, Fact>,
}

/// A place and what it has to do with the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
    /// The resource that stands there.
    pub resource: Option<String>,
}

/// One figure of a finding's evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    Count(usize),
    Text(String),
    Texts(Vec<String>),
}

/// A question that a rule could not answer, and the unknown that stood in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unanswered {
    pub rule: RuleName,
    /// The resource that the question is about.
    pub resource: String,
    pub why: String,
}

/// Where one rule puts what it has to say; it stamps each finding with the rule's name and severity.
#[derive(Debug)]
pub struct Findings<'a> {
    rule: RuleName,
    severity: Severity,
    all: &'a mut Vec<Finding>,
    unanswered: &'a mut Vec<Unanswered>,
}

/// A finding already made, to which more can be added. Nothing happens when it is dropped.
#[derive(Debug)]
pub struct Reported<'a>(&'a mut Finding);

impl<'a> Findings<'a> {
    pub fn of(
        rule: RuleName,
        severity: Severity,
        all: &'a mut Vec<Finding>,
        unanswered: &'a mut Vec<Unanswered>,
    ) -> Self {
        Self { rule, severity, all, unanswered }
    }

    /// Makes a finding at `at`, certain, of the rule's own severity.
    pub fn report(&mut self, at: Label, message: impl Into<String>) -> Reported<'_> {
        let index = self.all.len();
        self.all.push(Finding {
            rule: self.rule,
            severity: self.severity,
            certainty: Certainty::Certain,
            resource: at.resource.clone(),
            message: message.into(),
            at,
            because: Vec::new(),
            help: None,
            evidence: BTreeMap::new(),
        });
        Reported(&mut self.all[index])
    }

    /// Says that a question about `resource` has no answer, and why.
    pub fn unanswered(&mut self, resource: impl Into<String>, why: impl Into<String>) {
        self.unanswered.push(Unanswered { rule: self.rule, resource: resource.into(), why: why.into() });
    }
}

impl Reported<'_> {
    pub fn because(self, steps: impl IntoIterator<Item = Label>) -> Self {
        self.0.because.extend(steps);
        self
    }

    pub fn help(self, text: impl Into<String>) -> Self {
        self.0.help = Some(text.into());
        self
    }

    pub fn evidence(self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.0.evidence.insert(name, fact.into());
        self
    }

    pub fn severity(self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }

    /// Marks the finding as one that an unknown decides.
    pub fn possible(self) -> Self {
        self.0.certainty = Certainty::Possible;
        self
    }
}

impl Label {
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), resource: None }
    }

    #[must_use]
    pub fn of(self, resource: impl Into<String>) -> Self {
        Self { resource: Some(resource.into()), ..self }
    }
}

impl Severity {
    /// The word that pages, options and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Certainty {
    /// The word that outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Certain => "certain",
        }
    }
}

impl Finding {
    /// The one order of findings: as a reader meets them, file by file.
    pub fn order(&self) -> impl Ord + '_ {
        (self.at.span, self.rule, self.resource.as_deref(), &self.message)
    }
}

impl From<usize> for Fact {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<String>> for Fact {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}
