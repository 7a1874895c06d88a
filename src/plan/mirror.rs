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
    groups: FxHashSet<String>,
    lists: FxHashSet<String>,
}

/// The attributes of `kind` that can be mirrors.
pub(super) fn mirrors(kind: &str) -> &'static [&'static str] {
    match kind {
        "aws_route_table" | "aws_default_route_table" => &["route"],
        "aws_security_group" | "aws_default_security_group" | "aws_network_acl" | "aws_default_network_acl" => {
            &["ingress", "egress"]
        }
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
            "aws_network_acl_rule" => self.lists.extend(text("network_acl_id").map(str::to_owned)),
            _ => self.groups.extend(text("security_group_id").map(str::to_owned)),
        }
    }

    /// Takes out of `resource` what these answer for. Rules have no name to tell one from another: where a group has
    /// rules of their own resources, those are its rules.
    pub(super) fn take_from(&self, resource: &mut Resource) {
        let id = resource.body.get("id").and_then(Value::text).unwrap_or("").to_owned();
        let Kind::Map(body) = &mut resource.body.kind else { return };
        let (routes, claimed) = match resource.kind.as_str() {
            "aws_route_table" | "aws_default_route_table" => (self.routes.get(&id), false),
            "aws_security_group" | "aws_default_security_group" => (None, self.groups.contains(&id)),
            _ => (None, self.lists.contains(&id)),
        };
        for mirror in mirrors(&resource.kind) {
            let Some(Kind::List(entries)) = body.get_mut(mirror).map(|it| &mut it.kind) else { continue };
            if claimed {
                entries.clear();
            }
            if let Some(routes) = routes {
                entries.retain(|entry| !destination(entry).is_some_and(|it| routes.contains(it)));
            }
        }
    }
}

fn destination(entry: &Value) -> Option<&str> {
    let mut names = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"].into_iter();
    names.find_map(|name| entry.get(name).and_then(Value::text).filter(|it| !it.is_empty()))
}
