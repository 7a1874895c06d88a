//! What makes a finding the same from run to run: its rule, its project and its resource; not its words, not its line.

use std::{collections::HashMap, fmt};

use rustc_hash::FxBuildHasher;

use super::ProjectFinding;
use crate::finding::Finding;

/// 64 bits that stand for one finding; written as 16 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

/// Gives each of these, which stand in the order of the report, its fingerprint. Where a rule finds several things at
/// one resource they are told apart by their order.
pub(super) fn of_all<'a>(findings: Vec<(&'a str, &'a Finding)>) -> Vec<ProjectFinding<'a>> {
    let mut seen = HashMap::with_hasher(FxBuildHasher);
    let mut all = Vec::with_capacity(findings.len());
    for (project, finding) in findings {
        let resource = finding.resource.as_deref().unwrap_or("");
        let ordinal = seen.entry((finding.rule, project, resource)).or_insert(0_usize);
        all.push(ProjectFinding { project, finding, fingerprint: of(finding.rule, project, resource, *ordinal) });
        *ordinal += 1;
    }
    all
}

fn of(rule: &str, project: &str, resource: &str, ordinal: usize) -> Fingerprint {
    let ordinal = ordinal.to_string();
    let parts = [rule, project, resource, ordinal.as_str()];
    // A zero byte parts them: it stands in no rule's name and in no path.
    let bytes = parts.iter().flat_map(|part| part.bytes().chain(std::iter::once(0)));
    Fingerprint(fnv_1a(bytes))
}

/// FNV-1a: published, short, and the same on every machine and in every version of the language.
fn fnv_1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(fnv_1a(b"".iter().copied()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a".iter().copied()), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar".iter().copied()), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(of("a", "b", "c", 0), of("a", "bc", "", 0));
        assert_ne!(of("a", "b", "c", 0), of("a", "b", "c", 1));
        assert_eq!(of("a", "b", "c", 0).to_string().len(), 16);
    }
}
