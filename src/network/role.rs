//! Roles, and what their policies allow beyond what an agent on a host needs.

use rustc_hash::FxHashMap;

use super::{
    document,
    host::{self, RoleLink},
    name::{Declared, blocks, resolve, set},
};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    resource::Resource,
    schema::Noun,
    value::{Kind, Truth, Unknown, Value},
};

/// A role that the code declares.
#[derive(Clone, Debug)]
pub struct Role {
    pub name: Declared,
    pub grants: Vec<Grant>,
}

/// A policy of a role.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its name, or its ARN where AWS keeps it.
    pub policy: String,
    /// The resource that gives it to the role.
    pub written: Declared,
    pub beyond: Beyond,
}

/// Whether a policy allows what no agent on a host needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// The first of it.
    Yes(String),
    No,
    Unknown,
}

/// Policies that AWS keeps for what runs on a host beside the containers.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html>
/// <https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html>
const OF_HOSTS: &[&str] = &[
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2ContainerServiceforEC2Role",
    "AmazonEC2RoleforSSM",
    "AmazonECSInstanceRolePolicyForManagedInstances",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedEC2InstanceDefaultPolicy",
    "AmazonSSMManagedInstanceCore",
    "AmazonSSMPatchAssociation",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchAgentServerPolicy",
];

/// Actions that agents on a host take: of ECS, of registries, of logs and metrics, of Systems Manager, of the network of
/// pods. Of services named whole, nothing gives access to what others keep.
const ACTIONS_OF_HOSTS: &[&str] = &[
    "autoscaling:CompleteLifecycleAction",
    "autoscaling:Describe",
    "autoscaling:RecordLifecycleActionHeartbeat",
    "cloudwatch:PutMetricData",
    "ec2:AssignIpv6Addresses",
    "ec2:AssignPrivateIpAddresses",
    "ec2:Describe",
    "ec2messages:",
    "ecr-public:",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:Describe",
    "ecr:Get",
    "ecr:List",
    "ecs:",
    "eks:Describe",
    "elasticloadbalancing:Describe",
    "elasticloadbalancing:DeregisterInstancesFromLoadBalancer",
    "elasticloadbalancing:DeregisterTargets",
    "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
    "elasticloadbalancing:RegisterTargets",
    "logs:",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:",
    "sts:GetServiceBearerToken",
    "sts:GetCallerIdentity",
    "xray:",
];

impl Role {
    /// A policy that allows more than an agent on a host needs, where there is one, and what it allows.
    pub fn beyond(&self) -> Option<(&Grant, &str)> {
        self.grants.iter().find_map(|it| match &it.beyond {
            Beyond::Yes(action) => Some((it, action.as_str())),
            Beyond::No | Beyond::Unknown => None,
        })
    }

    /// Whether it may allow more than an agent on a host needs.
    pub fn may_be_beyond(&self) -> bool {
        self.grants.iter().any(|it| it.beyond != Beyond::No)
    }
}

pub(super) fn read(graph: &ResourceGraph) -> FxHashMap<ResourceId, Role> {
    let mut roles: FxHashMap<ResourceId, Role> = FxHashMap::default();
    for (id, resource) in graph.managed("aws_iam_role") {
        let role = Role { name: Declared::of(id, resource), grants: own_grants(graph, id, resource) };
        roles.insert(id, role);
    }
    for (id, resource) in graph.managed("aws_iam_role_policy_attachment") {
        let policy = resource.set("policy_arn").and_then(|it| managed(graph, it, Declared::of(id, resource)));
        give(graph, &mut roles, resource.set("role"), policy);
    }
    for (id, resource) in graph.managed("aws_iam_role_policy") {
        let document =
            resource.set("policy").map(|it| inline(graph, resource.address.as_str(), it, Declared::of(id, resource)));
        give(graph, &mut roles, resource.set("role"), document);
    }
    for (id, resource) in graph.managed("aws_iam_policy_attachment") {
        let grant = resource.set("policy_arn").and_then(|it| managed(graph, it, Declared::of(id, resource)));
        for role in resource.set("roles").map_or(&[][..], Value::items) {
            give(graph, &mut roles, Some(role), grant.clone());
        }
    }
    roles
}

fn give(graph: &ResourceGraph, roles: &mut FxHashMap<ResourceId, Role>, role: Option<&Value>, grant: Option<Grant>) {
    let (Some(role), Some(grant)) = (role, grant) else { return };
    if let RoleLink::Known(id) = host::role(graph, role)
        && let Some(role) = roles.get_mut(&id)
    {
        role.grants.push(grant);
    }
}

/// What a role's own arguments give it.
fn own_grants(graph: &ResourceGraph, id: ResourceId, resource: &Resource) -> Vec<Grant> {
    let written = || Declared::of(id, resource);
    let arns = resource.set("managed_policy_arns").map_or(&[][..], Value::items);
    let mut grants: Vec<_> = arns.iter().filter_map(|it| managed(graph, it, written())).collect();
    for block in blocks(resource, "inline_policy").unwrap_or_default() {
        let name = set(block, "name").and_then(Value::text).unwrap_or("an inline policy");
        grants.extend(set(block, "policy").map(|it| inline(graph, name, it, written())));
    }
    grants
}

/// A policy that is kept by itself: by AWS, or by the code.
fn managed(graph: &ResourceGraph, arn: &Value, written: Declared) -> Option<Grant> {
    match resolve(graph, arn, &[Noun::IamPolicy]) {
        Target::Resource(id, _) => {
            let policy = graph.resource(id);
            Some(inline(graph, policy.address.as_str(), policy.set("policy")?, written))
        }
        Target::Outside(arn) => {
            let (_, path) = arn.split_once(":iam::aws:policy/")?;
            let name = path.rsplit('/').next().unwrap_or(path);
            let is_of_hosts = OF_HOSTS.contains(&name);
            let beyond = if is_of_hosts { Beyond::No } else { Beyond::Yes(format!("all of `{name}`")) };
            Some(Grant { policy: name.to_owned(), written, beyond })
        }
        Target::OneOf(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}

fn inline(graph: &ResourceGraph, name: &str, document: &Value, written: Declared) -> Grant {
    let beyond = match document::read(document) {
        Some(document) => beyond_in(&document),
        None => beyond_in_data(graph, document),
    };
    Grant { policy: name.to_owned(), written, beyond }
}

/// What the data source says that a document comes from. What it takes from other documents only adds to it, unless that
/// overrides.
fn beyond_in_data(graph: &ResourceGraph, document: &Value) -> Beyond {
    let Some(Unknown::AfterApply(reference)) = document.unknown() else { return Beyond::Unknown };
    let Some(resource) = graph.find(&reference.to).map(|it| graph.resource(it)) else { return Beyond::Unknown };
    let is_document = resource.kind == "aws_iam_policy_document" && reference.attribute.ends_with("json");
    if !is_document || resource.set("override_policy_documents").is_some() {
        return Beyond::Unknown;
    }
    let mut beyond = match resource.set("source_policy_documents") {
        Some(_) => Beyond::Unknown,
        None => Beyond::No,
    };
    let Ok(statements) = blocks(resource, "statement") else { return Beyond::Unknown };
    for statement in statements {
        let allows =
            set(statement, "effect").map_or(Truth::True, |it| it.read::<String>().known.is(|it| it == "Allow"));
        match (allows, set(statement, "actions")) {
            (Truth::False, _) | (Truth::True, None) => (),
            (Truth::Unknown, _) => beyond = Beyond::Unknown,
            (Truth::True, Some(actions)) => match beyond_of(actions) {
                yes @ Beyond::Yes(_) => return yes,
                Beyond::No => (),
                Beyond::Unknown => beyond = Beyond::Unknown,
            },
        }
    }
    beyond
}

/// What of these actions no agent needs.
fn beyond_of(actions: &Value) -> Beyond {
    let mut beyond = Beyond::No;
    for action in all(actions) {
        match action.text() {
            Some(text) if is_of_hosts(text) => (),
            Some(text) => return Beyond::Yes(text.to_owned()),
            None => beyond = Beyond::Unknown,
        }
    }
    beyond
}

fn is_of_hosts(action: &str) -> bool {
    ACTIONS_OF_HOSTS.iter().any(|it| action.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it)))
}

/// What a document allows that no agent needs.
fn beyond_in(document: &Value) -> Beyond {
    let mut beyond = Beyond::No;
    let document = all(document).first().copied();
    for statement in document.and_then(|it| part(it, "Statement")).map(all).unwrap_or_default() {
        if statement.unknown().is_some() {
            beyond = Beyond::Unknown;
            continue;
        }
        match part(statement, "Effect").map(|it| (it.text(), it.unknown())) {
            Some((Some("Allow"), _)) => (),
            Some((None, Some(_))) => beyond = Beyond::Unknown,
            Some((Some(_) | None, _)) | None => continue,
        }
        match part(statement, "Action").map_or(Beyond::No, beyond_of) {
            yes @ Beyond::Yes(_) => return yes,
            Beyond::No => (),
            Beyond::Unknown => beyond = Beyond::Unknown,
        }
    }
    beyond
}

/// The items of a list; anything else is one.
fn all(value: &Value) -> Vec<&Value> {
    match &value.kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) | Kind::Unknown(_) => vec![value],
    }
}

/// A part by its name, in capitals as policies write it or not.
fn part<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.entries().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(effect: &str, action: &str) -> Beyond {
        let document = serde_json::json!({"Statement": {"Effect": effect, "Action": [action], "Resource": "*"}});
        let mut sources = crate::source::SourceMap::default();
        let source = sources.add("main.tf", String::new()).unwrap();
        beyond_in(&document::of_json(&document, &crate::value::Origin::at(source.span(0..0))))
    }

    #[test]
    fn what_agents_do_is_not_beyond() {
        assert_eq!(allowed("Allow", "ecs:Poll"), Beyond::No);
        assert_eq!(allowed("Allow", "logs:PutLogEvents"), Beyond::No);
        assert_eq!(allowed("Allow", "s3:PutObject"), Beyond::Yes("s3:PutObject".to_owned()));
        assert_eq!(allowed("Allow", "*"), Beyond::Yes("*".to_owned()));
    }

    #[test]
    fn what_is_denied_is_not_allowed() {
        assert_eq!(allowed("Deny", "s3:*"), Beyond::No);
    }
}
