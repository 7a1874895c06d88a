//! What else a site has: instances and their volumes, logs, alarms, roles, buckets, keys and parameters.

use super::{
    block::Block,
    site::Wiring,
    words::{References, id, ids, text},
};

/// The 58 resources that are no part of a network.
pub(super) fn workloads(site: usize, wiring: &Wiring) -> Vec<Block> {
    let many = |kind, name: &str, count| Block::many(kind, wiring.name(name), count);
    let tier = |name: &str| format!("s{site:04}-{name}-{{n}}");

    let mut workers = many("aws_instance", "worker", 12);
    workers.later("subnet_id", &text(&ids("subnet", site, 2).replace("{id}", "{zone_id}")), &wiring.private_subnet);
    let group = &wiring.one("aws_security_group", "app", "id");
    workers.later("vpc_security_group_ids", &format!("[{}]", text(&id("sg", site, 11))), group);
    workers.set("ami", r#""ami-0abcdef1234567890""#).set("instance_type", r#""m7i.large""#).set("hibernation", "null");
    workers.set("get_password_data", "false").set("source_dest_check", "true").set("timeouts", "null");
    workers.set("credit_specification", "[]").set("launch_template", "[]").set("force_destroy", "false");
    workers.set("user_data_replace_on_change", "false").set("volume_tags", "null");
    workers.set("iam_instance_profile", "null").arn("instance", site).computed("id", &text(&ids("i", site, 12)));
    for name in ["availability_zone", "host_id", "key_name", "password_data", "private_dns", "public_dns", "public_ip"]
    {
        workers.computed(name, r#""""#);
    }
    for name in ["cpu_options", "ebs_block_device", "metadata_options", "network_interface", "root_block_device"] {
        workers.computed(name, "[]");
    }
    workers.computed("private_ip", r#""10.0.0.{n}""#).computed("instance_state", r#""running""#).tags("worker-{n}");

    let mut volumes = many("aws_ebs_volume", "data", 6);
    volumes.set("availability_zone", r#""us-east-1{zone}""#).set("size", "200").set("type", r#""gp3""#);
    volumes.set("final_snapshot", "false").set("outpost_arn", "null").set("timeouts", "null").arn("volume", site);
    volumes.computed("encrypted", "true").computed("id", &text(&ids("vol", site, 13))).computed("iops", "3000");
    volumes.computed("kms_key_id", r#""""#).computed("throughput", "125").tags("data-{n}");
    let mut attachments = many("aws_volume_attachment", "data", 6);
    attachments.set("device_name", r#""/dev/sdf""#).set("force_detach", "null").set("skip_destroy", "null");
    attachments.set("stop_instance_before_detaching", "null").computed("id", &text(&ids("vai", site, 13)));
    attachments.later("instance_id", &text(&ids("i", site, 12)), &wiring.each("aws_instance", "worker"));
    attachments.later("volume_id", &text(&ids("vol", site, 13)), &wiring.each("aws_ebs_volume", "data"));

    let mut logs = many("aws_cloudwatch_log_group", "app", 10);
    logs.set("name", &text(&tier("logs"))).set("retention_in_days", "90").set("skip_destroy", "false");
    logs.set("kms_key_id", "null").arn("log-group", site).computed("id", &text(&tier("logs"))).tags("logs-{n}");
    logs.computed("log_group_class", r#""STANDARD""#).computed("name_prefix", r#""""#);

    let mut alarms = many("aws_cloudwatch_metric_alarm", "cpu", 8);
    alarms.set("alarm_name", &text(&tier("cpu"))).set("comparison_operator", r#""GreaterThanThreshold""#);
    alarms.set("evaluation_periods", "3").set("metric_name", r#""CPUUtilization""#).set("namespace", r#""AWS/EC2""#);
    alarms.set("period", "60").set("statistic", r#""Average""#).set("threshold", "90").set("actions_enabled", "true");
    alarms.set("alarm_actions", "null").set("insufficient_data_actions", "null").set("metric_query", "[]");
    alarms.set("ok_actions", "null").set("treat_missing_data", r#""missing""#).set("unit", "null");
    let instances = References(vec![wiring.each("aws_instance", "worker").0[0].clone(), "count.index".to_owned()]);
    alarms.later("dimensions", &format!(r#"{{"InstanceId":{}}}"#, text(&ids("i", site, 12))), &instances);
    alarms.arn("alarm", site).computed("id", &text(&tier("cpu"))).tags("cpu-{n}");
    alarms.computed("evaluate_low_sample_count_percentiles", r#""""#);

    let mut roles = many("aws_iam_role", "app", 4);
    roles.set("name", &text(&tier("app"))).set("assume_role_policy", &text(POLICY)).set("path", r#""/""#);
    roles.set("description", "null").set("force_detach_policies", "false").set("max_session_duration", "3600");
    roles.set("permissions_boundary", "null").arn("role", site).computed("id", &text(&tier("app"))).tags("app-{n}");
    roles.computed("create_date", r#""2026-01-01T00:00:00Z""#).computed("inline_policy", "[]");
    roles.computed("managed_policy_arns", "[]").computed("name_prefix", r#""""#).computed("unique_id", r#""AROA""#);
    let mut policies = many("aws_iam_policy", "app", 2);
    policies.set("name", &text(&tier("policy"))).set("policy", &text(POLICY)).set("path", r#""/""#);
    policies.set("description", "null").arn("policy", site).computed("id", &text(&tier("policy"))).tags("app-{n}");
    policies.computed("attachment_count", "2").computed("name_prefix", r#""""#).computed("policy_id", r#""ANPA""#);
    let mut attached = many("aws_iam_role_policy_attachment", "app", 4);
    attached.later("role", &text(&tier("app")), &wiring.each("aws_iam_role", "app"));
    attached.set("policy_arn", r#""arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore""#);
    attached.computed("id", &text(&tier("app-attached")));

    let mut buckets = many("aws_s3_bucket", "data", 2);
    buckets
        .set("bucket", &text(&tier("data")))
        .set("force_destroy", "false")
        .set("timeouts", "null")
        .arn("bucket", site);
    for name in
        ["cors_rule", "grant", "lifecycle_rule", "logging", "replication_configuration", "versioning", "website"]
    {
        buckets.computed(name, "[]");
    }
    for name in ["acl", "bucket_domain_name", "bucket_regional_domain_name", "hosted_zone_id", "policy", "region"] {
        buckets.computed(name, r#""""#);
    }
    buckets.computed("id", &text(&tier("data"))).tags("data-{n}");
    let mut key = many("aws_kms_key", "data", 1);
    key.set("customer_master_key_spec", r#""SYMMETRIC_DEFAULT""#).set("description", r#""for the data""#);
    key.set("enable_key_rotation", "true").set("is_enabled", "true").set("key_usage", r#""ENCRYPT_DECRYPT""#);
    key.set("custom_key_store_id", "null")
        .set("deletion_window_in_days", "30")
        .set("timeouts", "null")
        .arn("key", site);
    key.computed("id", &text(&id("key", site, 14))).computed("policy", &text(POLICY)).tags("data");
    let parameters = parameter(many("aws_ssm_parameter", "app", 3), &format!("s{site:04}"));
    vec![workers, volumes, attachments, logs, alarms, roles, policies, attached, buckets, key, parameters]
}

pub(super) fn parameter(mut parameter: Block, of: &str) -> Block {
    let name = text(&format!("/{of}/{{n}}"));
    parameter.set("name", &name).set("type", r#""String""#).set("allowed_pattern", "null").set("description", "null");
    parameter.set("overwrite", "null").arn("parameter", of).computed("data_type", r#""text""#).computed("id", &name);
    parameter.set("tier", r#""Standard""#).computed("version", "1").set("value", r#""on""#).tags(of);
    parameter
}

pub(super) const POLICY: &str =
    r#"{\"Statement\":[{\"Action\":\"*\",\"Effect\":\"Allow\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"#;
