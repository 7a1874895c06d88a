//! What pages and scenarios share: the one call of the program, and the making of plans.

use std::{env, process::Command};

use iac_check::{
    files::Disk,
    finding::{Certainty, Finding},
    project::{self, Wanted},
    rules::Rule,
    source::SourceMap,
};

/// What `rules` say for certain of the plan or state at `path`. The only place that calls the program.
pub(crate) fn findings(path: &str, rules: &[&'static Rule]) -> Vec<Finding> {
    let mut sources = SourceMap::default();
    let projects = project::load(&Disk, &mut sources, &[path.to_owned()], &Wanted::default().into());
    let projects = projects.unwrap_or_else(|error| panic!("{error}"));
    let mut findings = Vec::new();
    for project in &projects {
        findings.extend(project.findings.iter().cloned());
        findings.extend(iac_check::check(project, rules).findings);
    }
    findings.retain(|finding| finding.certainty == Certainty::Certain);
    findings
}

/// Whether what is recorded shall be made again.
pub(crate) fn is_updating() -> bool {
    #[expect(clippy::disallowed_methods, reason = "how a test is told to rewrite what it compares with")]
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Plans each of `folders` with the real terraform, or says why that did not go.
pub(crate) fn plan(folders: &[String]) -> Result<(), Trouble> {
    let output = Command::new("bash").arg("testdata/plan.sh").args(folders).output();
    let output = output.map_err(|error| Trouble::Missing(format!("bash does not run: {error}")))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0) => Ok(()),
        Some(77) => Err(Trouble::Missing(said)),
        Some(_) | None => Err(Trouble::Refused(said)),
    }
}

/// Why there is no plan.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What makes plans is not on this machine.
    Missing(String),
    /// Terraform does not plan this code.
    Refused(String),
}
