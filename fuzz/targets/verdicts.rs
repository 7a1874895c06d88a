//! What the rules certainly find.

use std::collections::{BTreeMap, BTreeSet};

use iac_check::{
    finding::{Certainty, Fact},
    project::Project,
    rules,
};

/// A rule, and the resource that it speaks of.
pub type Key = (&'static str, String);

/// What is certain, each with what else it names.
pub type Certain = BTreeMap<Key, BTreeSet<String>>;

pub fn certain(project: &Project) -> Certain {
    let verdicts = iac_check::check(project, &rules::RULES.iter().collect::<Vec<_>>());
    let mut all = Certain::new();
    for finding in verdicts.findings.into_iter().filter(|it| it.certainty == Certainty::Certain) {
        let named = finding.because.iter().filter_map(|it| it.resource.clone());
        let figures = finding.evidence.values().flat_map(|fact| match fact {
            Fact::Text(it) => vec![it.clone()],
            Fact::Texts(all) => all.clone(),
            Fact::Count(_) => Vec::new(),
        });
        let named: Vec<String> = named.chain(figures).chain([finding.message]).collect();
        all.entry((finding.rule, finding.resource.unwrap_or_default())).or_default().extend(named);
    }
    all
}

/// Whether `it` is among `all`: as a finding, or in one of the same rule that speaks of several resources.
pub fn tells(all: &Certain, it: &Key) -> bool {
    let (rule, resource) = it;
    all.contains_key(it)
        || all.iter().any(|((other, _), named)| other == rule && named.iter().any(|it| it.contains(resource.as_str())))
}
