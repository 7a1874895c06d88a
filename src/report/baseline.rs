//! What was there before: the fingerprints of findings that are known, so that only what is new is shown.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use serde::{Deserialize, Serialize};

use super::{Report, Suppressed, Suppression, json};

#[derive(Serialize)]
struct Document<'a> {
    schema_version: &'static str,
    findings: Vec<Entry<'a>>,
}

/// One finding. What stands beside its fingerprint is for people who review the file.
#[derive(Serialize)]
struct Entry<'a> {
    fingerprint: String,
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a str>,
    project: &'a str,
}

/// The findings that a file knows.
#[derive(Debug, Default)]
pub struct Baseline(BTreeSet<String>);

#[derive(Deserialize)]
struct Read {
    schema_version: String,
    findings: Vec<ReadEntry>,
}

#[derive(Deserialize)]
struct ReadEntry {
    fingerprint: String,
}

impl Baseline {
    /// Reads the text of a file; where it is no baseline, why.
    pub fn read(text: &str) -> Result<Self, String> {
        let read: Read = serde_json::from_str(text).map_err(|error| format!("is no baseline: {error}"))?;
        if read.schema_version != json::SCHEMA_VERSION {
            return Err(format!("is a baseline of version {}, which this program does not know", read.schema_version));
        }
        Ok(Self(read.findings.into_iter().map(|it| it.fingerprint).collect()))
    }

    /// Leaves out of `report` what is known, and says how much of the baseline is there no more.
    pub fn apply(&self, report: &mut Report<'_>) -> usize {
        let mut met = BTreeSet::new();
        let (known, new) = std::mem::take(&mut report.findings).into_iter().partition(|it| {
            let fingerprint = it.fingerprint.to_string();
            let is_known = self.0.contains(&fingerprint);
            if is_known {
                met.insert(fingerprint);
            }
            is_known
        });
        report.findings = new;
        let known: Vec<_> = known;
        report.suppressed.extend(known.into_iter().map(|finding| Suppressed { finding, by: Suppression::Baseline }));
        self.0.len() - met.len()
    }
}

/// Writes what `report` shows as a baseline.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let entries = report.findings.iter().map(|it| Entry {
        fingerprint: it.fingerprint.to_string(),
        rule: it.finding.rule,
        resource: it.finding.resource.as_deref(),
        project: it.project,
    });
    let mut findings: Vec<_> = entries.collect();
    // One order whatever moves in the files, so that the file's own changes can be read.
    findings.sort_by(|a, b| {
        (a.project, a.rule, a.resource, &a.fingerprint).cmp(&(b.project, b.rule, b.resource, &b.fingerprint))
    });
    json::write_value(&Document { schema_version: json::SCHEMA_VERSION, findings }, out)
}
