//! Instances whose metadata can be read without a token.

use super::{
    Context,
    containers::{launches, place},
};
use crate::{finding::Findings, outside::ImageSupport};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let account = context.network.workloads.metadata_defaults.tokens.as_ref();
    for hosts in launches(context) {
        let Some(host) = hosts.first() else { continue };
        let metadata = &host.metadata;
        let is_off = metadata.endpoint.as_ref().is_some_and(|it| it.known.get().map(String::as_str) != Some("enabled"));
        if is_off || metadata.unknown.is_some() {
            continue;
        }
        let is_certain = match (metadata.tokens.as_ref().map(|it| &it.known), account) {
            (Some(tokens), _) | (None, Some(tokens)) => match tokens.get().map(String::as_str) {
                Some("optional") => true,
                Some(_) | None => continue,
            },
            (None, None) => match host.image {
                Some(ImageSupport::V2) => continue,
                Some(ImageSupport::None) => true,
                None => false,
            },
        };
        let words = if is_certain { "" } else { ", unless the account's default or the image says otherwise" };
        let message = format!("`{}` answers metadata requests without a token{words}", metadata.written.address);
        let label = place(host, metadata.tokens.as_ref(), "a request that somebody forges gets the role's credentials");
        let reported = findings
            .report(label, message)
            .because(hosts.iter().filter(|it| it.name != metadata.written).map(|it| it.name.label("launched so")))
            .help("set `http_tokens = \"required\"` in `metadata_options`");
        if !is_certain {
            let _ = reported.possible();
        }
    }
}
