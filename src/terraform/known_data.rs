//! What some data sources of AWS give, as far as the code decides it.

use std::collections::BTreeMap;

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
    matches!(
        kind,
        "aws_arn"
            | "aws_iam_policy_document"
            | "aws_partition"
            | "aws_region"
            | "aws_service_principal"
            | "aws_vpc_endpoint_service"
            | "null_data_source"
    )
}

/// What a data source of type `kind` gives whose block says `known`, and whose provider is set to `region`.
pub(super) fn given(kind: &str, region: Option<&str>, known: &BTreeMap<String, Term>) -> Vec<(&'static str, Term)> {
    let all = match kind {
        "aws_arn" => parts_of_arn(known),
        "aws_region" => region_itself(region, known),
        "aws_partition" => region.and_then(partition),
        "aws_service_principal" => service_principal(region, known),
        "aws_vpc_endpoint_service" => endpoint_service(region, known),
        "null_data_source" => return known.get("inputs").map(|it| ("outputs", it.clone())).into_iter().collect(),
        _ => None,
    };
    all.into_iter().flatten().map(|(name, value)| (name, Term::text(&value))).collect()
}

/// Attributes and their texts; `None` where the code does not decide them.
type Texts = Option<Vec<(&'static str, String)>>;

/// What is written for the argument; `None`: something that is not known.
#[expect(clippy::option_option, reason = "not known, not set, set")]
fn written<'a>(known: &'a BTreeMap<String, Term>, argument: &str) -> Option<Option<&'a str>> {
    match known.get(argument).filter(|it| !it.is_null()) {
        None => Some(None),
        Some(term) => term.as_text().filter(|_| !term.is_sensitive).map(Some),
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
fn parts_of_arn(known: &BTreeMap<String, Term>) -> Texts {
    let arn = written(known, "arn")??;
    let mut parts = arn.splitn(6, ':').map(str::to_owned);
    if parts.next()? != "arn" {
        return None;
    }
    let names = ["partition", "service", "region", "account", "resource"];
    let all: Vec<_> = names.into_iter().zip(parts).collect();
    (all.len() == names.len()).then(|| all.into_iter().chain([("id", arn.to_owned())]).collect())
}

/// Another region than the provider's may be asked for by its name.
fn region_itself(region: Option<&str>, known: &BTreeMap<String, Term>) -> Texts {
    let region = match (written(known, "name")?, written(known, "endpoint")?) {
        (Some(name), None) => name,
        (None, None) => region?,
        (_, Some(_)) => return None,
    };
    Some(vec![("name", region.to_owned()), ("id", region.to_owned())])
}

fn partition(region: &str) -> Texts {
    let (partition, suffix, reverse) = if region.starts_with("cn-") {
        ("aws-cn", "amazonaws.com.cn", "cn.com.amazonaws")
    } else if region.starts_with("us-gov-") {
        ("aws-us-gov", "amazonaws.com", "com.amazonaws")
    } else if !is_commercial(region) {
        return None;
    } else {
        ("aws", "amazonaws.com", "com.amazonaws")
    };
    let all = [("partition", partition), ("id", partition), ("dns_suffix", suffix), ("reverse_dns_prefix", reverse)];
    Some(all.into_iter().map(|(name, text)| (name, text.to_owned())).collect())
}

/// Whether a region belongs to neither China, nor a government, nor a secret service, nor Europe's sovereign cloud.
fn is_commercial(region: &str) -> bool {
    !region.starts_with("cn-")
        && !region.starts_with("us-gov-")
        && !region.starts_with("eusc-")
        && !region.contains("-iso")
}

fn service_principal(region: Option<&str>, known: &BTreeMap<String, Term>) -> Texts {
    let service = written(known, "service_name")??;
    let region = written(known, "region")?.or(region).filter(|it| is_commercial(it))?;
    let suffix = "amazonaws.com";
    Some(vec![
        ("name", format!("{service}.{suffix}")),
        ("id", format!("{service}.{region}.{suffix}")),
        ("suffix", suffix.to_owned()),
        ("region", region.to_owned()),
    ])
}

/// <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>
fn endpoint_service(region: Option<&str>, known: &BTreeMap<String, Term>) -> Texts {
    let service = written(known, "service")??;
    let region = region.filter(|it| is_commercial(it))?;
    Some(vec![("service_name", format!("com.amazonaws.{region}.{service}"))])
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
