//! Attributes that only mirror other resources.
//!
//! Once it is applied, `aws_route_table.route` lists the table's routes whoever made them, those of `aws_route` too; the
//! rules of a security group or network ACL likewise. Such a list is not what the code says, and when the plan takes one
//! of those resources away, the list still has it. What a resource of its own answers for is taken out of the mirror;
//! what is left was made by nobody in this code, and is there all the same.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    resource::Resource,
    value::{Kind, Value},
};

/// The entries that standalone resources answer for, by the id of the table or group that lists them.
#[derive(Debug, Default)]
pub(super) struct Claims {
    routes: FxHashMap<String, FxHashSet<String>>,
    /// Groups and lists of which there are rules that stand alone, each with the mirror that shows these.
    ruled: FxHashSet<(String, &'static str)>,
}

const INGRESS: &[&str] = &["ingress"];
const EGRESS: &[&str] = &["egress"];
const BOTH: &[&str] = &["ingress", "egress"];

/// The attributes of `kind` that can be mirrors.
pub(super) fn mirrors(kind: &str) -> &'static [&'static str] {
    match kind {
        "aws_route_table" | "aws_default_route_table" => &["route"],
        "aws_security_group" | "aws_default_security_group" | "aws_network_acl" | "aws_default_network_acl" => BOTH,
        _ => &[],
    }
}

/// Whether a resource of this type answers for an entry of another's list.
pub(super) fn claims(kind: &str) -> bool {
    matches!(
        kind,
        "aws_route"
            | "aws_security_group_rule"
            | "aws_vpc_security_group_ingress_rule"
            | "aws_vpc_security_group_egress_rule"
            | "aws_network_acl_rule"
    )
}

impl Claims {
    /// Takes in what a resource of type `kind` with these attributes answers for.
    pub(super) fn add(&mut self, kind: &str, body: &Value) {
        let text = |attribute: &str| body.get(attribute).and_then(Value::text).filter(|it| !it.is_empty());
        match kind {
            "aws_route" => {
                let destinations =
                    ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];
                let destination = destinations.into_iter().find_map(text);
                if let (Some(table), Some(destination)) = (text("route_table_id"), destination) {
                    self.routes.entry(table.to_owned()).or_default().insert(destination.to_owned());
                }
            }
            "aws_network_acl_rule" => {
                let mirrors = match body.get("egress").map(|it| &it.kind) {
                    None | Some(Kind::Null | Kind::Bool(false)) => INGRESS,
                    Some(Kind::Bool(true)) => EGRESS,
                    Some(Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_)) => BOTH,
                };
                self.rule(text("network_acl_id"), mirrors);
            }
            "aws_vpc_security_group_ingress_rule" => self.rule(text("security_group_id"), INGRESS),
            "aws_vpc_security_group_egress_rule" => self.rule(text("security_group_id"), EGRESS),
            _ => {
                let mirrors = match text("type") {
                    Some("ingress") => INGRESS,
                    Some("egress") => EGRESS,
                    Some(_) | None => BOTH,
                };
                self.rule(text("security_group_id"), mirrors);
            }
        }
    }

    /// Takes in a rule of `list`, which these of its attributes show.
    fn rule(&mut self, list: Option<&str>, mirrors: &[&'static str]) {
        if let Some(list) = list {
            self.ruled.extend(mirrors.iter().map(|mirror| (list.to_owned(), *mirror)));
        }
    }

    /// Takes out of `mirror`, an attribute of `resource` that its code does not set, what these answer for. Rules have no
    /// name to tell one from another: where a group has rules of their own resources, those are its rules of that
    /// direction.
    pub(super) fn take_from(&self, resource: &mut Resource, mirror: &'static str) {
        let id = resource.body.get("id").and_then(Value::text).unwrap_or("").to_owned();
        let Kind::Map(body) = &mut resource.body.kind else { return };
        let Some(Kind::List(entries)) = body.get_mut(mirror).map(|it| &mut it.kind) else { return };
        if let Some(routes) = self.routes.get(&id).filter(|_| mirror == "route") {
            entries.retain(|entry| !destination(entry).is_some_and(|it| routes.contains(it)));
        }
        if self.ruled.contains(&(id, mirror)) {
            entries.clear();
        }
    }
}

fn destination(entry: &Value) -> Option<&str> {
    let mut names = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"].into_iter();
    names.find_map(|name| entry.get(name).and_then(Value::text).filter(|it| !it.is_empty()))
}
