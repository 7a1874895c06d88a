//! What some data sources of AWS give, as far as the code decides it.

use super::cty::{Term, Why};
use crate::value::Reference;

/// Names of availability zones, local and wavelength zones, one of every shape that AWS has.
const ZONE_NAMES: [&str; 9] = [
    "us-east-1a",
    "eu-central-2b",
    "ap-southeast-4c",
    "us-gov-west-1a",
    "cn-northwest-1c",
    "mx-central-1a",
    "us-west-2-lax-1a",
    "us-east-1-wl1-bos-wlz-1",
    "il-central-1c",
];

/// Ids of such.
const ZONE_IDS: [&str; 6] = ["use1-az1", "euc2-az2", "apse4-az3", "usgw1-az1", "cnnw1-az3", "usw2-lax1-az1"];

/// Ids of prefix lists: of one's own, and of AWS's older ones.
const PREFIX_LIST_IDS: [&str; 3] = ["pl-0123456789abcdef0", "pl-9c17d0d0eaac7fe8b", "pl-63a5400a"];

/// Whether the code may decide what a data source of type `kind` gives.
pub(super) fn is_given(kind: &str) -> bool {
    matches!(kind, "aws_region" | "aws_partition")
}

/// What a data source of type `kind` gives in `region`.
pub(super) fn given(kind: &str, region: &str) -> Vec<(&'static str, Term)> {
    let (partition, suffix, reverse) = if region.starts_with("cn-") {
        ("aws-cn", "amazonaws.com.cn", "cn.com.amazonaws")
    } else if region.starts_with("us-gov-") {
        ("aws-us-gov", "amazonaws.com", "com.amazonaws")
    } else if region.contains("-iso") {
        return Vec::new();
    } else {
        ("aws", "amazonaws.com", "com.amazonaws")
    };
    let all = match kind {
        "aws_region" => vec![("name", region), ("id", region)],
        "aws_partition" => {
            vec![("partition", partition), ("id", partition), ("dns_suffix", suffix), ("reverse_dns_prefix", reverse)]
        }
        _ => Vec::new(),
    };
    all.into_iter().map(|(name, value)| (name, Term::text(value))).collect()
}

/// Texts of the shapes that `term` can have, where it is the name or the id of a zone, or the id of a prefix list.
pub(super) fn shapes_of(term: &Term) -> Option<&'static [&'static str]> {
    let unknown = term.as_unknown()?;
    let references = match &unknown.why {
        Why::Attribute(_) | Why::OneOf(_) => unknown.why.references(),
        Why::From(_) | Why::Input(_) | Why::Other(_) => return None,
    };
    let all = |list: &str| {
        let is_one = |address: &str| address.contains("data.aws_availability_zones.");
        references.iter().all(|it| is_one(it.to.as_str()) && it.attribute.starts_with(list))
    };
    let is_prefix_list = |it: &Reference| {
        it.attribute == "id" && matches!(it.to.kind(), "aws_ec2_managed_prefix_list" | "aws_prefix_list")
    };
    if references.is_empty() {
        None
    } else if references.iter().all(is_prefix_list) {
        Some(&PREFIX_LIST_IDS)
    } else if all("names[") {
        Some(&ZONE_NAMES)
    } else if all("zone_ids[") {
        Some(&ZONE_IDS)
    } else {
        None
    }
}
