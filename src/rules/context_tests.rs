//! Rules about hosts, containers, secrets, timeouts and web ACLs on small networks: what turns each on, and what keeps
//! it silent.

use serde_json::{Value as Json, json};

use super::tests::{fires, is_silent, is_unanswered, verdicts, with};

/// A host that runs bridged tasks without a role, whose own role allows `action`.
fn host(hops: &Json, action: &str) -> Json {
    json!({
        "aws_iam_role.host": {"name": "host"},
        "aws_iam_instance_profile.host": {"role": "${aws_iam_role.host.name}"},
        "aws_iam_role_policy.host": {"role": "${aws_iam_role.host.id}", "policy": policy(action)},
        "aws_launch_template.host": {
            "instance_type": "m6i.large",
            "iam_instance_profile": [{"name": "${aws_iam_instance_profile.host.name}"}],
            "metadata_options": [{"http_tokens": "required", "http_put_response_hop_limit": hops}],
            "user_data": "#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n"
        },
        "aws_autoscaling_group.host": {"min_size": 1, "launch_template": [{"id": "${aws_launch_template.host.id}"}]},
        "aws_ecs_cluster.main": {"name": "main"},
        "aws_ecs_task_definition.app": {"network_mode": "bridge", "requires_compatibilities": ["EC2"],
            "container_definitions": containers("S3_BUCKET", "uploads")},
        "aws_ecs_service.app": {"cluster": "${aws_ecs_cluster.main.id}", "launch_type": "EC2", "desired_count": 2,
            "task_definition": "${aws_ecs_task_definition.app.arn}"}
    })
}

fn policy(action: &str) -> String {
    json!({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}).to_string()
}

fn containers(name: &str, value: &str) -> String {
    json!([{"name": "app", "image": "app", "environment": [{"name": name, "value": value}]}]).to_string()
}

/// The same, with an attribute of a resource set otherwise.
fn but(mut resources: Json, address: &str, attribute: &str, value: Json) -> Json {
    resources[address][attribute] = value;
    resources
}

#[test]
fn bridged_containers_need_a_second_hop_or_a_role() {
    let rule = "imds_hop_limit_too_low";
    fires(rule, &host(&json!(1), "s3:PutObject"), &["aws_launch_template.host"]);
    is_silent(rule, &host(&json!(2), "s3:PutObject"));
    // A role that allows what agents do is nobody's to live on.
    is_silent(rule, &host(&json!(1), "ecs:Poll"));
    let of_its_own = json!("${aws_iam_role.host.arn}");
    is_silent(rule, &but(host(&json!(1), "s3:*"), "aws_ecs_task_definition.app", "task_role_arn", of_its_own));
    for mode in ["awsvpc", "host", "none"] {
        is_silent(rule, &but(host(&json!(1), "s3:*"), "aws_ecs_task_definition.app", "network_mode", json!(mode)));
    }
    is_silent(rule, &but(host(&json!(1), "s3:*"), "aws_ecs_service.app", "launch_type", json!("FARGATE")));
    let off = json!([{"http_endpoint": "disabled", "http_put_response_hop_limit": 1}]);
    is_silent(rule, &but(host(&json!(1), "s3:*"), "aws_launch_template.host", "metadata_options", off));
}

#[test]
fn a_hop_limit_that_nobody_writes_is_possibly_one() {
    let unwritten = but(host(&json!(1), "s3:*"), "aws_launch_template.host", "metadata_options", json!([]));
    let verdicts = verdicts("imds_hop_limit_too_low", &unwritten);
    assert_eq!(verdicts.findings.len(), 1);
    assert_eq!(verdicts.findings[0].certainty, crate::finding::Certainty::Possible);
    let account = json!({"aws_ec2_instance_metadata_defaults.this": {"http_put_response_hop_limit": 2}});
    is_silent("imds_hop_limit_too_low", &with(unwritten.clone(), &account));
    let account = json!({"aws_ec2_instance_metadata_defaults.this": {"http_put_response_hop_limit": 1}});
    fires("imds_hop_limit_too_low", &with(unwritten, &account), &["aws_launch_template.host"]);
    let asked = but(
        host(&json!(1), "s3:*"),
        "aws_launch_template.host",
        "metadata_options",
        json!([{"http_put_response_hop_limit": "?"}]),
    );
    is_unanswered("imds_hop_limit_too_low", &asked, &["aws_autoscaling_group.host"]);
}

#[test]
fn containers_take_a_wide_role_where_nothing_keeps_them_from_it() {
    let rule = "container_can_take_instance_role";
    fires(rule, &host(&json!(2), "s3:PutObject"), &["aws_launch_template.host"]);
    is_silent(rule, &host(&json!(1), "s3:PutObject"));
    is_silent(rule, &host(&json!(2), "ecr:GetAuthorizationToken"));
    let blocked = "#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n\
                   iptables -I DOCKER-USER -d 169.254.169.254 -j DROP\n";
    is_silent(rule, &but(host(&json!(2), "s3:*"), "aws_launch_template.host", "user_data", json!(blocked)));
}

#[test]
fn a_task_that_calls_aws_has_a_role() {
    let rule = "task_without_role";
    fires(rule, &host(&json!(2), "s3:*"), &["aws_ecs_task_definition.app"]);
    let task = "aws_ecs_task_definition.app";
    is_silent(rule, &but(host(&json!(2), "s3:*"), task, "container_definitions", json!(containers("COLOUR", "red"))));
    let keys = json!([{"name": "app", "environment": [
        {"name": "S3_BUCKET", "value": "uploads"}, {"name": "AWS_ACCESS_KEY_ID", "value": "x"}]}]);
    is_silent(rule, &but(host(&json!(2), "s3:*"), task, "container_definitions", json!(keys.to_string())));
    is_silent(rule, &but(host(&json!(2), "s3:*"), "aws_ecs_service.app", "launch_type", json!("FARGATE")));
}

/// A function of so many seconds behind a WebSocket API.
fn socket(seconds: i64, key: &str) -> Json {
    json!({
        "aws_lambda_function.app": {"timeout": seconds},
        "aws_apigatewayv2_api.app": {"protocol_type": "WEBSOCKET"},
        "aws_apigatewayv2_integration.app": {"api_id": "${aws_apigatewayv2_api.app.id}",
            "integration_uri": "${aws_lambda_function.app.invoke_arn}"},
        "aws_apigatewayv2_route.app": {"api_id": "${aws_apigatewayv2_api.app.id}", "route_key": key,
            "target": "${aws_apigatewayv2_integration.app.id}"}
    })
}

#[test]
fn somebody_waits_for_the_answers_of_some_routes_of_a_socket() {
    let rule = "integration_timeout_mismatch";
    fires(rule, &socket(30, "$connect"), &["aws_apigatewayv2_integration.app"]);
    is_silent(rule, &socket(29, "$connect"));
    is_silent(rule, &socket(300, "$disconnect"));
    is_silent(rule, &socket(300, "sendmessage"));
    let selected =
        but(socket(300, "ask"), "aws_apigatewayv2_route.app", "route_response_selection_expression", json!("$default"));
    fires(rule, &selected, &["aws_apigatewayv2_integration.app"]);
    let response = json!({"aws_apigatewayv2_route_response.app": {"route_id": "${aws_apigatewayv2_route.app.id}"}});
    fires(rule, &with(socket(300, "ask"), &response), &["aws_apigatewayv2_integration.app"]);
}

/// A function behind a REST API of this kind that waits so many milliseconds.
fn rest(kind: &str, wait: i64, seconds: i64) -> Json {
    json!({
        "aws_lambda_function.app": {"timeout": seconds},
        "aws_api_gateway_rest_api.app": {"endpoint_configuration": [{"types": [kind]}]},
        "aws_api_gateway_integration.app": {"rest_api_id": "${aws_api_gateway_rest_api.app.id}",
            "timeout_milliseconds": wait, "uri": "${aws_lambda_function.app.invoke_arn}"}
    })
}

#[test]
fn an_api_waits_for_as_long_as_its_function_runs() {
    let rule = "integration_timeout_mismatch";
    fires(rule, &rest("REGIONAL", 29_000, 30), &["aws_api_gateway_integration.app"]);
    is_silent(rule, &rest("REGIONAL", 29_000, 29));
    // The quota of a regional API can be raised, that of an edge-optimised one cannot.
    is_silent(rule, &rest("REGIONAL", 60_000, 60));
    fires(rule, &rest("EDGE", 60_000, 3), &["aws_api_gateway_integration.app"]);
    let told = json!({"integration.request.header.X-Amz-Invocation-Type": "'Event'"});
    is_silent(rule, &but(rest("REGIONAL", 29_000, 300), "aws_api_gateway_integration.app", "request_parameters", told));
    let streamed = json!("STREAM");
    is_silent(
        rule,
        &but(rest("REGIONAL", 29_000, 300), "aws_api_gateway_integration.app", "response_transfer_mode", streamed),
    );
}

#[test]
fn a_text_beside_a_secrets_name_is_a_credential() {
    let rule = "plaintext_secret";
    let function = |name: &str, value: Json| {
        json!({"aws_lambda_function.app": {"environment": [{"variables": {name: value}}]},
            "random_password.app": {}, "aws_secretsmanager_secret.app": {}})
    };
    let on = &["aws_lambda_function.app"];
    fires(rule, &function("DB_PASSWORD", json!("tiger-lily")), on);
    fires(rule, &function("URL", json!("postgres://app:tiger-lily@db/app")), on);
    fires(rule, &function("COLOUR", json!("${random_password.app.result}")), on);
    is_silent(rule, &function("DB_PASSWORD", json!("")));
    is_silent(rule, &function("DB_PASSWORD", json!("/app/db-password")));
    is_silent(rule, &function("DB_PASSWORD_ARN", json!("tiger-lily")));
    is_silent(rule, &function("DB_SECRET", json!("${aws_secretsmanager_secret.app.arn}")));
    is_silent(rule, &function("COLOUR", json!("red")));
}

#[test]
fn a_credential_is_never_told() {
    let resources = json!({"aws_lambda_function.app": {"environment": [{"variables": {"DB_PASSWORD": "tiger-lily"}}]}});
    let told = format!("{:?}", verdicts("plaintext_secret", &resources).findings);
    assert!(told.contains("DB_PASSWORD") && !told.contains("tiger-lily"), "{told}");
}

#[test]
fn what_builds_and_runs_elsewhere_has_variables_too() {
    let rule = "plaintext_secret";
    let build = |kind: Json| {
        json!({"aws_codebuild_project.app": {"environment": [{"environment_variable": [
            {"name": "DB_PASSWORD", "value": "tiger-lily", "type": kind}]}]}})
    };
    fires(rule, &build(json!("PLAINTEXT")), &["aws_codebuild_project.app"]);
    fires(rule, &build(Json::Null), &["aws_codebuild_project.app"]);
    is_silent(rule, &build(json!("SECRETS_MANAGER")));
    let run = |variables: Json| {
        json!({"aws_apprunner_service.app": {"source_configuration": [{"image_repository": [{"image_configuration": [
            {"runtime_environment_variables": variables}]}]}]}})
    };
    fires(rule, &run(json!({"DB_PASSWORD": "tiger-lily"})), &["aws_apprunner_service.app"]);
    fires(rule, &run(json!([{"name": "DB_PASSWORD", "value": "tiger-lily"}])), &["aws_apprunner_service.app"]);
    is_silent(rule, &run(json!({"COLOUR": "red"})));
    let set = |namespace: &str| {
        json!({"aws_elastic_beanstalk_environment.app": {"setting": [
            {"namespace": namespace, "name": "DB_PASSWORD", "value": "tiger-lily"}]}})
    };
    let on = &["aws_elastic_beanstalk_environment.app"];
    fires(rule, &set("aws:elasticbeanstalk:application:environment"), on);
    is_silent(rule, &set("aws:elasticbeanstalk:command"));
}

/// A web ACL of this scope before what `resources` has.
fn guarded(scope: &str, protected: &str, resources: &Json) -> Json {
    let acl = json!({"aws_wafv2_web_acl.front": {"scope": scope},
        "aws_wafv2_web_acl_association.front": {"web_acl_arn": "${aws_wafv2_web_acl.front.arn}", "resource_arn": protected}});
    with(acl, resources)
}

#[test]
fn a_web_acl_stands_before_what_it_can_protect() {
    let rule = "waf_cannot_associate";
    let on = &["aws_wafv2_web_acl_association.front"];
    let balancer = |kind: &str| json!({"aws_lb.front": {"load_balancer_type": kind}});
    is_silent(rule, &guarded("REGIONAL", "${aws_lb.front.arn}", &balancer("application")));
    fires(rule, &guarded("REGIONAL", "${aws_lb.front.arn}", &balancer("network")), on);
    fires(rule, &guarded("CLOUDFRONT", "${aws_lb.front.arn}", &balancer("application")), on);
    let second = json!({"aws_wafv2_web_acl_association.second":
        {"web_acl_arn": "${aws_wafv2_web_acl.front.arn}", "resource_arn": "${aws_lb.front.arn}"}});
    let twice = with(guarded("REGIONAL", "${aws_lb.front.arn}", &balancer("application")), &second);
    fires(rule, &twice, &["aws_wafv2_web_acl_association.second"]);
    let distribution = |scope: &str| {
        json!({"aws_wafv2_web_acl.front": {"scope": scope},
            "aws_cloudfront_distribution.front": {"web_acl_id": "${aws_wafv2_web_acl.front.arn}"}})
    };
    fires(rule, &distribution("REGIONAL"), &["aws_cloudfront_distribution.front"]);
    is_silent(rule, &distribution("CLOUDFRONT"));
}

/// A distribution with a web ACL before an API.
fn before_an_api(api: &Json) -> Json {
    json!({"aws_wafv2_web_acl.front": {"scope": "CLOUDFRONT"},
        "aws_api_gateway_rest_api.app": api,
        "aws_api_gateway_stage.live": {"rest_api_id": "${aws_api_gateway_rest_api.app.id}"},
        "aws_cloudfront_distribution.front": {"web_acl_id": "${aws_wafv2_web_acl.front.arn}",
            "origin": [{"domain_name": "${aws_api_gateway_rest_api.app.execution_arn}"}]}})
}

#[test]
fn an_origin_that_answers_everybody_passes_by_the_web_acl() {
    let rule = "waf_bypass";
    let on = &["aws_cloudfront_distribution.front"];
    let regional = json!([{"types": ["REGIONAL"]}]);
    fires(rule, &before_an_api(&json!({"endpoint_configuration": regional})), on);
    is_silent(rule, &before_an_api(&json!({"endpoint_configuration": [{"types": ["PRIVATE"]}]})));
    is_silent(rule, &before_an_api(&json!({"endpoint_configuration": regional, "policy": "{}"})));
    is_silent(rule, &before_an_api(&json!({"endpoint_configuration": regional, "disable_execute_api_endpoint": true})));
    let header =
        json!([{"domain_name": "${aws_api_gateway_rest_api.app.execution_arn}", "custom_header": [{"name": "x"}]}]);
    let open = before_an_api(&json!({"endpoint_configuration": regional}));
    is_silent(rule, &but(open.clone(), "aws_cloudfront_distribution.front", "origin", header));
    is_silent(rule, &but(open.clone(), "aws_cloudfront_distribution.front", "web_acl_id", Json::Null));
    let own = json!({"aws_wafv2_web_acl_association.api":
        {"web_acl_arn": "${aws_wafv2_web_acl.front.arn}", "resource_arn": "${aws_api_gateway_stage.live.arn}"}});
    is_silent(rule, &with(open.clone(), &own));
    fires("edge_api_behind_cloudfront", &before_an_api(&json!({})), &["aws_api_gateway_rest_api.app"]);
    is_silent("edge_api_behind_cloudfront", &open);
}

#[test]
fn tokens_are_required_or_not() {
    let rule = "imds_v1_allowed";
    let instance = |tokens: &str| json!({"aws_instance.app": {"metadata_options": [{"http_tokens": tokens}]}});
    fires(rule, &instance("optional"), &["aws_instance.app"]);
    is_silent(rule, &instance("required"));
    let off =
        json!({"aws_instance.app": {"metadata_options": [{"http_tokens": "optional", "http_endpoint": "disabled"}]}});
    is_silent(rule, &off);
}

#[test]
fn a_cluster_names_its_hosts_by_providers() {
    let provider = json!({
        "aws_ecs_capacity_provider.own": {"auto_scaling_group_provider": [
            {"auto_scaling_group_arn": "${aws_autoscaling_group.host.arn}"}]},
        "aws_ecs_cluster.main": {"name": "main", "capacity_providers": ["${aws_ecs_capacity_provider.own.name}"]}
    });
    let silent = but(host(&json!(1), "s3:*"), "aws_launch_template.host", "user_data", json!("#!/bin/bash\n"));
    is_silent("imds_hop_limit_too_low", &silent);
    fires("imds_hop_limit_too_low", &with(silent, &provider), &["aws_launch_template.host"]);
}

#[test]
fn a_name_server_tracks_every_question() {
    let rule = "conntrack_on_hot_path";
    let server = |ingress: Json| {
        json!({
            "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
            "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"},
            "aws_security_group.names": {"vpc_id": "${aws_vpc.main.id}", "ingress": [ingress]},
            "aws_instance.names": {"subnet_id": "${aws_subnet.a.id}",
                "vpc_security_group_ids": ["${aws_security_group.names.id}"]}
        })
    };
    let from = |protocol: &str, port: i64, blocks: Json, itself: bool| json!({"protocol": protocol, "from_port": port, "to_port": port, "cidr_blocks": blocks, "self": itself});
    let network = json!(["10.0.0.0/16"]);
    fires(rule, &server(from("udp", 53, network.clone(), false)), &["aws_instance.names"]);
    is_silent(rule, &server(from("tcp", 53, network.clone(), false)));
    is_silent(rule, &server(from("udp", 123, network, false)));
    // Nodes that ask each other are no name servers yet.
    is_silent(rule, &server(from("udp", 53, json!([]), true)));
}

#[test]
fn keepalive_settings_have_an_effect() {
    let rule = "ineffective_keepalive";
    let task = |mode: &str, values: &[&str]| {
        let containers: Vec<_> = values
            .iter()
            .map(|it| json!({"name": "app", "systemControls": [{"namespace": "net.ipv4.tcp_keepalive_time", "value": it}]}))
            .collect();
        json!({"aws_ecs_task_definition.app":
            {"network_mode": mode, "container_definitions": Json::from(containers).to_string()}})
    };
    let on = &["aws_ecs_task_definition.app"];
    fires(rule, &task("host", &["120"]), on);
    fires(rule, &task("awsvpc", &["120", "600"]), on);
    is_silent(rule, &task("awsvpc", &["120", "120"]));
    is_silent(rule, &task("bridge", &["120", "600"]));
    is_silent(rule, &task("host", &[]));
    let run = json!({"aws_ecs_service.app": {"launch_type": "FARGATE", "platform_version": "1.3.0",
        "task_definition": "${aws_ecs_task_definition.app.arn}"}});
    fires(rule, &with(task("awsvpc", &["120"]), &run), on);
}

#[test]
fn what_stands_around_an_unknown_part_is_said() {
    let task = "aws_ecs_task_definition.app";
    let with_unknown = r#"[{"name": "app", "environment": [{"name": "S3_BUCKET", "value": "~"}]}]"#;
    let known = but(host(&json!(2), "s3:*"), task, "container_definitions", json!(with_unknown));
    fires("task_without_role", &known, &[task]);
    // Which keys there are is not known.
    let open = json!(r#"[{"name": "app", "environment": [{"name": "S3_BUCKET", "value": "a"}, ~]}]"#);
    let open = but(host(&json!(2), "s3:*"), task, "container_definitions", open);
    is_unanswered("task_without_role", &open, &[task]);
    let secret = json!(r#"[{"name": "app", "environment": [{"name": "DB_PASSWORD", "value": "tiger-lily"}, ~]}]"#);
    fires("plaintext_secret", &but(host(&json!(2), "s3:*"), task, "container_definitions", secret), &[task]);
    let policy = json!(r#"{"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "~"}]}"#);
    let narrow = json!(r#"{"Statement": [{"Effect": "Allow", "Action": "ecs:Poll", "Resource": "~"}]}"#);
    let written = "aws_iam_role_policy.host";
    let rule = "container_can_take_instance_role";
    fires(rule, &but(host(&json!(2), "s3:*"), written, "policy", policy), &["aws_launch_template.host"]);
    is_silent(rule, &but(host(&json!(2), "s3:*"), written, "policy", narrow));
    let more = json!(r#"{"Statement": [{"Effect": "Allow", "Action": "ecs:Poll", "Resource": "*"}, ~]}"#);
    is_silent(rule, &but(host(&json!(2), "s3:*"), written, "policy", more));
}

#[test]
fn a_policy_is_read_where_a_data_source_writes_it() {
    let rule = "container_can_take_instance_role";
    let of = |statement: Json, more: Json| {
        let mut document = json!({"statement": [statement]});
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let written = "aws_iam_role_policy.host";
        let named = but(host(&json!(2), "s3:*"), written, "policy", json!("${data.aws_iam_policy_document.host.json}"));
        with(named, &json!({"data.aws_iam_policy_document.host": document}))
    };
    let on = &["aws_launch_template.host"];
    fires(rule, &of(json!({"actions": ["s3:PutObject"], "resources": ["?"]}), json!({})), on);
    is_silent(rule, &of(json!({"actions": ["ecs:Poll"]}), json!({})));
    is_silent(rule, &of(json!({"effect": "Deny", "actions": ["s3:PutObject"]}), json!({})));
    is_silent(rule, &of(json!({"effect": "?", "actions": ["s3:PutObject"]}), json!({})));
    is_silent(rule, &of(json!({"actions": ["s3:PutObject"]}), json!({"override_policy_documents": ["?"]})));
    fires(rule, &of(json!({"actions": ["s3:PutObject"]}), json!({"source_policy_documents": ["?"]})), on);
}

/// A service of `count` tasks over two zones, behind a load balancer.
fn service(count: &Json, subnets: &Json) -> Json {
    json!({
        "aws_vpc.main": {"cidr_block": "10.0.0.0/16"},
        "aws_subnet.a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1a"},
        "aws_subnet.b": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.1.0/24", "availability_zone": "us-east-1b"},
        "aws_ecs_service.app": {"name": "app", "launch_type": "FARGATE", "desired_count": count,
            "network_configuration": [{"subnets": subnets}], "load_balancer": [{"container_name": "app"}]}
    })
}

#[test]
fn a_service_has_a_task_in_each_zone() {
    let rule = "too_few_tasks";
    let (one, both) = (json!(["${aws_subnet.a.id}"]), json!(["${aws_subnet.a.id}", "${aws_subnet.b.id}"]));
    fires(rule, &service(&json!(1), &both), &["aws_ecs_service.app"]);
    is_silent(rule, &service(&json!(2), &both));
    is_silent(rule, &service(&json!("?"), &both));
    is_silent(rule, &service(&json!(1), &one));
    // None at all is switched off.
    is_silent(rule, &service(&json!(0), &both));
    is_silent(rule, &but(service(&json!(1), &both), "aws_ecs_service.app", "load_balancer", json!([])));
    is_silent(rule, &but(service(&json!(1), &both), "aws_ecs_service.app", "scheduling_strategy", json!("DAEMON")));
    let scaled = |id: &str| json!({"aws_appautoscaling_target.app": {"resource_id": id, "min_capacity": 2}});
    is_silent(rule, &with(service(&json!(1), &both), &scaled("service/main/app")));
    is_silent(rule, &with(service(&json!(1), &both), &scaled("${aws_ecs_service.app.name}")));
    fires(rule, &with(service(&json!(1), &both), &scaled("service/main/other")), &["aws_ecs_service.app"]);
    fires("service_in_one_zone", &service(&json!(2), &one), &["aws_ecs_service.app"]);
    is_silent("service_in_one_zone", &service(&json!(1), &one));
    is_silent("service_in_one_zone", &service(&json!(2), &both));
    is_silent("service_in_one_zone", &service(&json!(2), &json!("?")));
}
