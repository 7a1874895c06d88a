//! What can be said of all folders, and of some.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    Named, Setting, Text, Trouble,
    reader::{Value, array_of, files_of, no_such_key, rules_of, table_of, text_of, trouble},
    values::{parameters_of, variables_of},
};
use crate::{
    finding::RuleName,
    outside::{ImageSupport, Outside, PublicAccessMode, Said, Tokens},
    terraform::functions::glob::Pattern,
};

/// What is said of some folders.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) rules: Vec<(RuleName, Setting)>,
    pub(super) var_files: Vec<Named>,
    pub(super) variables: Vec<(String, String)>,
    pub(super) parameter_files: Vec<Named>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) outside: Outside,
}

/// What [`take`] knows.
pub(super) const KEYS: &[&str] =
    &["rules", "variables", "var_files", "parameters", "parameter_files", "egress", "outside"];

/// How many hops a token can travel.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html>
const HOPS: std::ops::RangeInclusive<i64> = 1..=64;

/// Takes in what stands under a key; whether there is such a key.
pub(super) fn take(file: Text<'_>, scope: &mut Scope, key: &str, value: &Value<'_>) -> Result<bool, Trouble> {
    match key {
        "rules" => scope.rules = rules_of(value)?,
        "variables" => scope.variables = variables_of(value)?,
        "var_files" => scope.var_files = files_of(value)?,
        "parameters" => scope.parameters = parameters_of(value)?,
        "parameter_files" => scope.parameter_files = files_of(value)?,
        "egress" => scope.outside.admitted = Some(egress_of(value)?),
        "outside" => outside_of(file, &mut scope.outside, value)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn egress_of(value: &Value<'_>) -> Result<Vec<IpNet>, Trouble> {
    let mut allowed = None;
    for (key, value) in table_of(value, "a table, as in `allowed = [\"203.0.113.7\"]`")? {
        match &**key.get_ref() {
            "allowed" => allowed = Some(blocks_of(value)?),
            other => return Err(no_such_key(key.span(), other, &["allowed"], &[])),
        }
    }
    allowed.ok_or_else(|| trouble(value.span(), "no addresses are named: `allowed` says which they are"))
}

fn blocks_of(value: &Value<'_>) -> Result<Vec<IpNet>, Trouble> {
    let wanted = "a list of addresses and blocks, as in [\"203.0.113.7\", \"198.51.100.0/24\"]";
    let block = |item: &Value<'_>| {
        let text = text_of(item, wanted)?;
        let block = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        block.ok_or_else(|| trouble(item.span(), format!("`{text}` is no address and no block of addresses")))
    };
    array_of(value, wanted)?.iter().map(block).collect()
}

fn outside_of(file: Text<'_>, outside: &mut Outside, value: &Value<'_>) -> Result<(), Trouble> {
    let known = ["vpc_block_public_access", "metadata_defaults", "images"];
    for (key, value) in table_of(value, "a table, headed by `[outside]`")? {
        match &**key.get_ref() {
            "vpc_block_public_access" => {
                let mode = value.get_ref().as_str().and_then(PublicAccessMode::of_word);
                let wanted = "VPC Block Public Access is \"off\", \"block-ingress\" or \"block-bidirectional\"";
                outside.public_access = Some(said(file, value, mode.ok_or_else(|| trouble(value.span(), wanted))?));
            }
            "metadata_defaults" => metadata_of(file, outside, value)?,
            "images" => outside.images = images_of(value)?,
            other => return Err(no_such_key(key.span(), other, &known, &[])),
        }
    }
    Ok(())
}

fn metadata_of(file: Text<'_>, outside: &mut Outside, value: &Value<'_>) -> Result<(), Trouble> {
    for (key, value) in table_of(value, "a table, headed by `[outside.metadata_defaults]`")? {
        match &**key.get_ref() {
            "http_tokens" => {
                let tokens = match value.get_ref().as_str() {
                    Some("required") => Tokens::Required,
                    Some("optional") => Tokens::Optional,
                    Some(_) | None => return Err(trouble(value.span(), "needs \"required\" or \"optional\"")),
                };
                outside.metadata_tokens = Some(said(file, value, tokens));
            }
            "http_put_response_hop_limit" => {
                let hops =
                    value.get_ref().as_integer().and_then(|it| i64::from_str_radix(it.as_str(), it.radix()).ok());
                let hops = hops.filter(|it| HOPS.contains(it));
                let hops = hops.ok_or_else(|| trouble(value.span(), "needs a number of hops, 1 to 64"))?;
                outside.metadata_hop_limit = Some(said(file, value, hops));
            }
            other => {
                return Err(no_such_key(key.span(), other, &["http_tokens", "http_put_response_hop_limit"], &[]));
            }
        }
    }
    Ok(())
}

fn images_of(value: &Value<'_>) -> Result<Vec<(String, ImageSupport)>, Trouble> {
    let table = table_of(value, "a table of images, as in `\"al2023-ami-*\" = \"v2.0\"`")?;
    let image = |(key, value): (&toml::Spanned<toml::de::DeString<'_>>, &Value<'_>)| {
        let pattern = &**key.get_ref();
        if Pattern::read(pattern).is_none() {
            return Err(trouble(key.span(), format!("`{pattern}` is no pattern of images")));
        }
        let support = match value.get_ref().as_str() {
            Some("v2.0") => ImageSupport::V2,
            Some("none") => ImageSupport::None,
            Some(_) | None => {
                let message = "an image's `imds_support` is \"v2.0\", or \"none\" where it says nothing";
                return Err(trouble(value.span(), message));
            }
        };
        Ok((pattern.to_owned(), support))
    };
    table.iter().map(image).collect()
}

fn said<T>(file: Text<'_>, at: &Value<'_>, value: T) -> Said<T> {
    Said { value, by: file.path.to_owned(), at: file.source.map(|source| source.span(at.span())) }
}
