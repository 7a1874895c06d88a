//! Load balancers and what they balance to.

use super::data::{
    Default, Noun, Rule,
    To::{Blocks, Here, Is, Pairs, Words},
    noun,
};

const IS_INTERNAL: &[(&str, bool)] = &[("internal", true), ("internet-facing", false)];

const MAPPING: &[Rule] = &[("PrivateIPv4Address", Is("private_ipv4_address")), ("IPv6Address", Is("ipv6_address"))];

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html>
const ATTRIBUTES: &[(&str, &str)] = &[
    ("idle_timeout.timeout_seconds", "idle_timeout"),
    ("client_keep_alive.seconds", "client_keep_alive"),
    ("load_balancing.cross_zone.enabled", "enable_cross_zone_load_balancing"),
    ("deletion_protection.enabled", "enable_deletion_protection"),
    ("routing.http2.enabled", "enable_http2"),
    ("routing.http.drop_invalid_header_fields.enabled", "drop_invalid_header_fields"),
    ("routing.http.preserve_host_header.enabled", "preserve_host_header"),
    ("routing.http.xff_client_port.enabled", "enable_xff_client_port"),
    ("routing.http.desync_mitigation_mode", "desync_mitigation_mode"),
    ("dns_record.client_routing_policy", "dns_record_client_routing_policy"),
    ("zonal_shift.config.enabled", "enable_zonal_shift"),
    ("waf.fail_open.enabled", "enable_waf_fail_open"),
];

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html>
const TARGET_ATTRIBUTES: &[(&str, &str)] = &[
    ("deregistration_delay.timeout_seconds", "deregistration_delay"),
    ("deregistration_delay.connection_termination.enabled", "connection_termination"),
    ("load_balancing.cross_zone.enabled", "load_balancing_cross_zone_enabled"),
    ("load_balancing.algorithm.type", "load_balancing_algorithm_type"),
    ("preserve_client_ip.enabled", "preserve_client_ip"),
    ("proxy_protocol_v2.enabled", "proxy_protocol_v2"),
    ("slow_start.duration_seconds", "slow_start"),
];

const ACTION: &[Rule] = &[
    ("ForwardConfig", Blocks("forward", &[("TargetGroups", Blocks("target_group", &[("TargetGroupArn", Is("arn"))]))])),
    ("RedirectConfig", Blocks("redirect", &[])),
    ("FixedResponseConfig", Blocks("fixed_response", &[])),
];

const CLASSIC_LISTENER: &[Rule] = &[
    ("LoadBalancerPort", Is("lb_port")),
    ("Protocol", Is("lb_protocol")),
    ("SSLCertificateId", Is("ssl_certificate_id")),
];

pub(super) const NOUNS: &[Noun] = &[
    Noun {
        rules: &[
            ("Type", Is("load_balancer_type")),
            ("Scheme", Words("internal", IS_INTERNAL)),
            ("SubnetMappings", Blocks("subnet_mapping", MAPPING)),
            ("LoadBalancerAttributes", Pairs(ATTRIBUTES)),
            (
                "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
                Is("enforce_security_group_inbound_rules_on_private_link_traffic"),
            ),
        ],
        attributes: &[("LoadBalancerArn", "arn"), ("DNSName", "dns_name"), ("CanonicalHostedZoneID", "zone_id")],
        ..noun("AWS::ElasticLoadBalancingV2::LoadBalancer", "aws_lb", "arn")
    },
    Noun {
        rules: &[
            ("DefaultActions", Blocks("default_action", ACTION)),
            ("ListenerAttributes", Pairs(&[("tcp.idle_timeout.seconds", "tcp_idle_timeout_seconds")])),
        ],
        attributes: &[("ListenerArn", "arn")],
        ..noun("AWS::ElasticLoadBalancingV2::Listener", "aws_lb_listener", "arn")
    },
    Noun {
        rules: &[("Actions", Blocks("action", ACTION)), ("Conditions", Blocks("condition", &[]))],
        attributes: &[("RuleArn", "arn")],
        ..noun("AWS::ElasticLoadBalancingV2::ListenerRule", "aws_lb_listener_rule", "arn")
    },
    Noun {
        rules: &[
            ("TargetGroupAttributes", Pairs(TARGET_ATTRIBUTES)),
            ("Targets", Blocks("target", &[("Id", Is("target_id"))])),
        ],
        attributes: &[("TargetGroupArn", "arn"), ("LoadBalancerArns", "load_balancer_arns")],
        ..noun("AWS::ElasticLoadBalancingV2::TargetGroup", "aws_lb_target_group", "arn")
    },
    Noun {
        rules: &[
            ("LoadBalancerName", Is("name")),
            ("Scheme", Words("internal", IS_INTERNAL)),
            ("Listeners", Blocks("listener", CLASSIC_LISTENER)),
            ("CrossZone", Is("cross_zone_load_balancing")),
            ("ConnectionSettings", Here(&[])),
        ],
        attributes: &[("DNSName", "dns_name"), ("SourceSecurityGroup.GroupName", "source_security_group")],
        // Terraform turns it on; AWS's own word, and CloudFormation's, is off.
        defaults: &[("cross_zone_load_balancing", Default::No)],
        ..noun("AWS::ElasticLoadBalancing::LoadBalancer", "aws_elb", "name")
    },
];
