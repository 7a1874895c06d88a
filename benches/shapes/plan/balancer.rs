//! The load balancer of a site, with the groups and rules of it and of what it forwards to.

use super::{
    block::{Attribute, Block},
    network::Layer,
    site::Wiring,
    words::{fill, id, text},
};

/// The 9 resources of a load balancer.
pub(super) fn front(site: usize, wiring: &Wiring) -> Vec<Block> {
    let vpc_id = text(&id("vpc", site, 0));
    let arn = |kind: &str| {
        text(&format!("arn:aws:elasticloadbalancing:us-east-1:123456789012:{kind}/s{site:04}/{site:016x}"))
    };
    let nodes = match site % 20 {
        0 => [node(site, Layer::Public, 0), node(site, Layer::Public, 1), node(site, Layer::Private, 2)],
        _ => [0, 1, 2].map(|zone| node(site, Layer::Public, zone)),
    };
    let mut balancer = Block::one("aws_lb", wiring.name("front"));
    balancer.later("subnets", &format!("[{}]", nodes.join(",")), &wiring.front_subnets);
    let group = &wiring.one("aws_security_group", "lb", "id");
    balancer.later("security_groups", &format!("[{}]", text(&id("sg", site, 10))), group);
    balancer
        .set("name", &text(&format!("s{site:04}-front")))
        .set("internal", "false")
        .set("load_balancer_type", r#""application""#);
    balancer.set("ip_address_type", r#""ipv4""#).set("idle_timeout", "60").set("client_keep_alive", "3600");
    balancer.set("desync_mitigation_mode", r#""defensive""#).set("drop_invalid_header_fields", "false");
    balancer.set("enable_deletion_protection", "false").set("enable_http2", "true").set("access_logs", "[]");
    balancer.set("enable_tls_version_and_cipher_suite_headers", "false").set("enable_waf_fail_open", "false");
    balancer.set("enable_xff_client_port", "false").set("enable_zonal_shift", "false").set("connection_logs", "[]");
    balancer.set("preserve_host_header", "false").set("xff_header_processing_mode", r#""append""#);
    balancer.set("customer_owned_ipv4_pool", "null").set("ipam_pools", "[]").set("timeouts", "null");
    balancer.computed("arn", &arn("loadbalancer/app")).computed("id", &arn("loadbalancer/app"));
    balancer.computed("dns_name", r#""front.us-east-1.elb.amazonaws.com""#).computed("subnet_mapping", "[]");
    balancer.computed("vpc_id", &vpc_id).computed("zone_id", r#""Z35SXDOTRQ7X7K""#).tags("front");

    let mut targets = Block::one("aws_lb_target_group", wiring.name("app"));
    targets.set("name", &text(&format!("s{site:04}-app"))).set("port", "8080").set("protocol", r#""HTTP""#);
    targets.set("target_type", r#""ip""#).set("protocol_version", r#""HTTP1""#).set("slow_start", "0");
    targets.set("deregistration_delay", r#""300""#).set("load_balancing_algorithm_type", r#""round_robin""#);
    targets.set("health_check", concat!(
        r#"[{"enabled":true,"healthy_threshold":3,"interval":30,"matcher":"200","path":"/health","port":"traffic-port","#,
        r#""protocol":"HTTP","timeout":5,"unhealthy_threshold":3}]"#,
    ));
    targets.later("vpc_id", &vpc_id, &wiring.vpc_of_app).computed("arn", &arn("targetgroup"));
    targets.computed("id", &arn("targetgroup")).computed("load_balancer_arns", "[]").computed("stickiness", "[]");
    targets.tags("app");

    let mut listener = Block::one("aws_lb_listener", wiring.name("https"));
    let action = wiring.one("aws_lb_target_group", "app", "arn").json();
    listener.later("load_balancer_arn", &arn("loadbalancer/app"), &wiring.one("aws_lb", "front", "arn"));
    listener
        .set("port", "443")
        .set("protocol", r#""HTTPS""#)
        .set("ssl_policy", r#""ELBSecurityPolicy-TLS13-1-2-2021-06""#);
    listener.set("alpn_policy", "null").set("timeouts", "null").computed("mutual_authentication", "[]").tags("https");
    listener.set("certificate_arn", r#""arn:aws:acm:us-east-1:123456789012:certificate/11111111""#);
    listener.computed("arn", &arn("listener/app")).computed("id", &arn("listener/app"));
    listener.attributes.insert("default_action", Attribute {
        planned: Some(r#"[{"authenticate_cognito":[],"authenticate_oidc":[],"fixed_response":[],"forward":[],"redirect":[],"type":"forward"}]"#.to_owned()),
        unknown: Some(r#"[{"authenticate_cognito":[],"authenticate_oidc":[],"fixed_response":[],"forward":[],"order":true,"redirect":[],"target_group_arn":true}]"#.to_owned()),
        applied: format!(r#"[{{"authenticate_cognito":[],"authenticate_oidc":[],"fixed_response":[],"forward":[],"order":1,"redirect":[],"target_group_arn":{},"type":"forward"}}]"#, arn("targetgroup")),
        expression: Some(format!(r#"[{{"target_group_arn":{action},"type":{{"constant_value":"forward"}}}}]"#)),
    });

    let mut blocks = vec![balancer, targets, listener];
    for (slot, name) in [(10, "lb"), (11, "app")] {
        let mut group = Block::one("aws_security_group", wiring.name(name));
        group.later("vpc_id", &vpc_id, &wiring.vpc_of_app).set("name_prefix", &text(&format!("{name}-")));
        group.set("description", r#""Managed by Terraform""#).set("revoke_rules_on_delete", "false");
        group.set("timeouts", "null").arn("security-group", site).computed("id", &text(&id("sg", site, slot))).owned();
        group.computed("name", &text(&format!("{name}-{site:04}"))).computed("egress", "[]").computed("ingress", "[]");
        group.tags(name);
        blocks.push(group);
    }
    for (name, slot, way, from) in [
        ("lb_in", 10, "ingress", None),
        ("lb_out", 10, "egress", None),
        ("app_in", 11, "ingress", Some(("lb", 10))),
        ("app_out", 11, "egress", None),
    ] {
        let kind =
            if way == "ingress" { "aws_vpc_security_group_ingress_rule" } else { "aws_vpc_security_group_egress_rule" };
        let group = if slot == 10 { "lb" } else { "app" };
        let mut rule = Block::one(kind, wiring.name(name));
        let references = wiring.one("aws_security_group", group, "id");
        rule.later("security_group_id", &text(&id("sg", site, slot)), &references);
        if let Some((other, slot)) = from {
            let references = wiring.one("aws_security_group", other, "id");
            rule.later("referenced_security_group_id", &text(&id("sg", site, slot)), &references);
            rule.set("cidr_ipv4", "null").set("from_port", "8080").set("to_port", "8080");
        } else {
            let port = if way == "ingress" { "443" } else { "null" };
            rule.set("cidr_ipv4", r#""0.0.0.0/0""#).set("referenced_security_group_id", "null");
            rule.set("from_port", port).set("to_port", port);
        }
        rule.set("ip_protocol", if way == "ingress" { r#""tcp""# } else { r#""-1""# }).set("cidr_ipv6", "null");
        rule.set("description", "null").set("prefix_list_id", "null").arn("security-group-rule", site).tags(name);
        rule.computed("id", &text(&id("sgr", site, slot * 2 + usize::from(way == "egress"))));
        rule.computed("security_group_rule_id", &text(&id("sgr", site, slot * 2 + usize::from(way == "egress"))));
        blocks.push(rule);
    }
    blocks
}

fn node(site: usize, layer: Layer, zone: usize) -> String {
    text(&fill(&layer.subnet(site), zone, &[]))
}
