//! What the AWS provider stores in another form than the code writes it, already when it plans.

use compact_str::CompactString;

use crate::value::{Kind, Map, Value};

/// Puts what a resource of type `kind` says into the form in which the provider stores it.
pub(super) fn settle(kind: &str, body: &mut Value) {
    let Kind::Map(arguments) = &mut body.kind else { return };
    match kind {
        "aws_security_group_rule" => protocol(arguments),
        "aws_security_group" | "aws_default_security_group" => {
            for direction in ["ingress", "egress"] {
                let Some(Value { kind: Kind::List(rules), .. }) = arguments.get_mut(direction) else { continue };
                for rule in rules {
                    if let Kind::Map(arguments) = &mut rule.kind {
                        protocol(arguments);
                    }
                }
            }
        }
        "aws_db_instance" => in_lower_case(arguments, &["engine", "maintenance_window"]),
        "aws_docdb_cluster"
        | "aws_docdb_cluster_instance"
        | "aws_neptune_cluster"
        | "aws_neptune_cluster_instance"
        | "aws_rds_cluster"
        | "aws_rds_cluster_instance"
        | "aws_redshift_cluster" => in_lower_case(arguments, &["preferred_maintenance_window"]),
        "aws_dax_cluster" => in_lower_case(arguments, &["cluster_name", "maintenance_window"]),
        "aws_elasticache_cluster" => in_lower_case(arguments, &["cluster_id", "maintenance_window"]),
        "aws_elasticache_replication_group" => {
            in_lower_case(arguments, &["replication_group_id", "maintenance_window"]);
        }
        "aws_elasticache_parameter_group" | "aws_elasticache_subnet_group" => in_lower_case(arguments, &["name"]),
        "aws_lb_listener" | "aws_alb_listener" => in_upper_case(arguments, "protocol"),
        "aws_lb_target_group" | "aws_alb_target_group" => in_upper_case(arguments, "protocol_version"),
        "aws_dynamodb_table" => in_upper_case(arguments, "stream_view_type"),
        "aws_route53_health_check" => in_upper_case(arguments, "type"),
        "aws_route53_record" | "aws_route53_zone" => {
            in_lower_case(arguments, &["name"]);
            without_last_dot(arguments, "name");
        }
        "aws_route53_resolver_rule" => without_last_dot(arguments, "domain_name"),
        "aws_ecs_task_definition" => containers(arguments),
        "aws_acm_certificate" => with_own_name(arguments),
        _ => (),
    }
}

/// A protocol by its name, where the provider has one for the number.
fn protocol(arguments: &mut Map) {
    let Some(value) = arguments.get_mut("protocol") else { return };
    let number: CompactString = match &value.kind {
        Kind::Text(text) => text.to_lowercase(),
        Kind::Number(number) => number.to_string().into(),
        Kind::Null | Kind::Bool(_) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => return,
    };
    let name = match number.as_str() {
        "1" => "icmp",
        "6" => "tcp",
        "17" => "udp",
        "58" => "icmpv6",
        "all" => "-1",
        other => other,
    };
    value.kind = Kind::Text(name.into());
}

fn in_lower_case(arguments: &mut Map, names: &[&str]) {
    for name in names {
        if let Some(Value { kind: Kind::Text(text), .. }) = arguments.get_mut(name) {
            *text = text.to_lowercase();
        }
    }
}

fn in_upper_case(arguments: &mut Map, argument: &str) {
    if let Some(Value { kind: Kind::Text(text), .. }) = arguments.get_mut(argument) {
        *text = text.to_uppercase();
    }
}

/// A domain's name without the dot of the root, which may be written.
fn without_last_dot(arguments: &mut Map, argument: &str) {
    if let Some(Value { kind: Kind::Text(text), .. }) = arguments.get_mut(argument)
        && text.len() > 1
        && text.ends_with('.')
    {
        text.pop();
    }
}

/// A certificate's own name is among the names that it is for.
fn with_own_name(arguments: &mut Map) {
    let Some(own) = arguments.get("domain_name").cloned() else { return };
    let Some(Value { kind: Kind::List(names), .. }) = arguments.get_mut("subject_alternative_names") else { return };
    if !names.iter().any(|it| it.kind == own.kind) {
        names.push(own);
    }
}

/// The keys of a container's definition, as AWS spells them
/// (<https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html>).
const CONTAINER_KEYS: [&str; 42] = [
    "command",
    "cpu",
    "credentialSpecs",
    "dependsOn",
    "disableNetworking",
    "dnsSearchDomains",
    "dnsServers",
    "dockerLabels",
    "dockerSecurityOptions",
    "entryPoint",
    "environment",
    "environmentFiles",
    "essential",
    "extraHosts",
    "firelensConfiguration",
    "healthCheck",
    "hostname",
    "image",
    "interactive",
    "links",
    "linuxParameters",
    "logConfiguration",
    "memory",
    "memoryReservation",
    "mountPoints",
    "name",
    "portMappings",
    "privileged",
    "pseudoTerminal",
    "readonlyRootFilesystem",
    "repositoryCredentials",
    "resourceRequirements",
    "restartPolicy",
    "secrets",
    "startTimeout",
    "stopTimeout",
    "systemControls",
    "ulimits",
    "user",
    "versionConsistency",
    "volumesFrom",
    "workingDirectory",
];

/// Definitions of containers, whose keys may be written in any case. The provider keeps those that AWS knows.
fn containers(arguments: &mut Map) {
    use serde_json::Value as Json;
    let Some(Value { kind: Kind::Text(text), .. }) = arguments.get_mut("container_definitions") else { return };
    let Ok(Json::Array(containers)) = serde_json::from_str(text) else { return };
    let spelt = |key: &str| CONTAINER_KEYS.iter().find(|it| it.eq_ignore_ascii_case(key)).map(|it| (*it).to_owned());
    let respelt = containers.into_iter().map(|container| match container {
        Json::Object(members) => {
            Json::Object(members.into_iter().filter_map(|(key, value)| Some((spelt(&key)?, value))).collect())
        }
        other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_)) => other,
    });
    *text = Json::Array(respelt.collect()).to_string().into();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{source::SourceMap, value::Origin};

    #[test]
    fn a_container_keeps_the_keys_that_aws_knows() {
        let mut sources = SourceMap::default();
        let span = sources.add("main.tf", "").unwrap().span(0..0);
        let text = r#"[{"image":"a","Name":"b","networkMode":"awsvpc"}]"#;
        let of = |kind| Value::new(kind, Origin::at(span));
        let arguments = [("container_definitions", of(Kind::Text(text.into())))];
        let mut body = of(Kind::Map(arguments.into_iter().collect()));
        settle("aws_ecs_task_definition", &mut body);
        let stored = body.get("container_definitions").and_then(Value::text);
        assert_eq!(stored, Some(r#"[{"image":"a","name":"b"}]"#));
    }
}
