//! What resources of each language become.

use std::collections::BTreeSet;

use super::{NOUNS, REF, kind_of, translate};
use crate::{
    resource::{Mode, Resource},
    schema,
    source::{SourceMap, Span},
    value::{Address, Kind, Origin, Reference, Unknown, Value},
};

/// `<A.Ref>` is a reference, `a | b` a list, `{…}` a map of one key: enough for a table of tests.
fn value(text: &str, span: Span) -> Value {
    let kind = if text.contains(" | ") {
        Kind::List(text.split(" | ").map(|item| value(item, span)).collect())
    } else if let Some(reference) = text.strip_prefix('<').and_then(|it| it.strip_suffix('>')) {
        let (to, attribute) = reference.rsplit_once('.').unwrap();
        Kind::Unknown(Unknown::after_apply(Reference::new(Address::new(to), attribute)))
    } else if let Some(inner) = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        let entries = inner.split("; ").map(|entry| entry.split_once(": ").unwrap());
        Kind::Map(entries.map(|(key, it)| (key.to_owned(), value(it, span))).collect())
    } else {
        Kind::Text(text.into())
    };
    Value::new(kind, Origin::at(span))
}

/// An address, a type and properties.
type Written<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

fn translated(resources: &[Written<'_>]) -> Vec<String> {
    let span = SourceMap::default().add("template.yaml", "x").unwrap().span(0..1);
    let all = resources.iter().map(|(address, kind, properties)| {
        let properties = properties.iter().map(|(name, it)| ((*name).to_owned(), value(it, span)));
        Resource {
            address: Address::new(address),
            mode: Mode::Managed,
            kind: (*kind).into(),
            region: None,
            action: None,
            span,
            body: Value::new(Kind::Map(properties.collect()), Origin::at(span)),
        }
    });
    translate(all.collect()).iter().map(|it| format!("{} {} {}", it.kind, it.address, shown(&it.body))).collect()
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Map(map) => {
            let map: Vec<_> = map.iter().map(|(key, it)| format!("{key}: {}", shown(it))).collect();
            format!("{{{}}}", map.join(", "))
        }
        Kind::Unknown(Unknown::AfterApply(reference)) => format!("<{reference}>"),
        Kind::Text(text) => text.to_string(),
        other @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_)) => format!("{other:?}"),
    }
}

#[test]
fn properties_are_attributes_and_references_name_them() {
    assert_eq!(
        translated(&[
            ("Vpc", "AWS::EC2::VPC", &[("CidrBlock", "10.0.0.0/16")]),
            ("Eip", "AWS::EC2::EIP", &[]),
            ("Route", "AWS::EC2::Route", &[("EgressOnlyInternetGatewayId", "<Vpc.Ref>"), ("X", "<Eip.AllocationId>")]),
            ("Group", "AWS::EC2::NetworkInterface", &[("GroupSet", "<Vpc.DefaultSecurityGroup> | <Eip.Ref>")]),
        ]),
        [
            "aws_vpc Vpc {cidr_block: 10.0.0.0/16}",
            "aws_eip Eip {}",
            "aws_route Route {egress_only_gateway_id: <Vpc.id>, x: <Eip.allocation_id>}",
            "aws_network_interface Group {security_groups: [<Vpc.default_security_group_id>, <Eip.public_ip>]}",
        ]
    );
}

#[test]
fn one_resource_may_be_several_or_say_more_of_another() {
    let attachment = [("VpcId", "<V.Ref>"), ("InternetGatewayId", "<I.Ref>"), ("VpnGatewayId", "vgw-1")];
    assert_eq!(
        translated(&[
            ("A", "AWS::EC2::VPCGatewayAttachment", &attachment),
            ("P", "AWS::EC2::VPNGatewayRoutePropagation", &[("RouteTableIds", "rtb-1 | rtb-2")]),
            ("C", "AWS::EC2::SubnetCidrBlock", &[("SubnetId", "<S.Ref>"), ("Ipv6CidrBlock", "2001:db8::/64")]),
            ("S", "AWS::EC2::Subnet", &[("CidrBlock", "10.0.0.0/24")]),
        ]),
        [
            "aws_internet_gateway_attachment A {internet_gateway_id: <I.Ref>, vpc_id: <V.Ref>, vpn_gateway_id: vgw-1}",
            "aws_vpn_gateway_attachment A {internet_gateway_id: <I.Ref>, vpc_id: <V.Ref>, vpn_gateway_id: vgw-1}",
            "aws_vpn_gateway_route_propagation P {route_table_id: rtb-1}",
            "aws_vpn_gateway_route_propagation P {route_table_id: rtb-2}",
            "aws_subnet S {cidr_block: 10.0.0.0/24, ipv6_cidr_block: 2001:db8::/64}",
        ]
    );
}

#[test]
fn what_is_nested_is_a_block_and_silence_is_written_out() {
    let rule = "{IpProtocol: tcp; CidrIp: 0.0.0.0/0}";
    let everything = "[{cidr_blocks: [0.0.0.0/0], protocol: -1}]";
    assert_eq!(
        translated(&[
            ("G", "AWS::EC2::SecurityGroup", &[("SecurityGroupIngress", rule)]),
            ("L", "AWS::ElasticLoadBalancingV2::LoadBalancer", &[("Scheme", "internal"), ("Type", "network")]),
            ("N", "AWS::EC2::NetworkAclEntry", &[("PortRange", "{From: 1; To: 2}")]),
            (
                "I",
                "AWS::EC2::Instance",
                &[("NetworkInterfaces", "{DeviceIndex: 0; SubnetId: s} | {DeviceIndex: 1; SubnetId: t}")]
            ),
        ]),
        [
            format!(
                "aws_security_group G {{egress: {everything}, ingress: [{{cidr_blocks: [0.0.0.0/0], protocol: tcp}}]}}"
            ),
            "aws_lb L {internal: Bool(true), load_balancer_type: network}".to_owned(),
            "aws_network_acl_rule N {from_port: 1, to_port: 2}".to_owned(),
            "aws_instance I {device_index: 0, subnet_id: s}".to_owned(),
        ]
    );
    let of_its_own =
        ("NetworkInterfaces", "{DeviceIndex: 0; NetworkInterfaceId: <E.Ref>} | {DeviceIndex: 1; SubnetId: s}");
    assert_eq!(
        translated(&[("I", "AWS::EC2::Instance", &[of_its_own])]),
        [
            "aws_instance I {device_index: 1, network_interface: [{device_index: 0, network_interface_id: <E.Ref>}], subnet_id: s}"
        ]
    );
}

#[test]
fn the_other_provider_of_terraform_is_read_by_the_same_tables() {
    let subnet = [("vpc_id", "<awscc_ec2_vpc.v.vpc_id>"), ("ipv_6_cidr_block", "2001:db8::/64")];
    assert_eq!(
        translated(&[
            ("awscc_ec2_vpc.v", "awscc_ec2_vpc", &[]),
            ("awscc_ec2_subnet.s", "awscc_ec2_subnet", &subnet),
            ("aws_subnet.t", "aws_subnet", &[("vpc_id", "<awscc_ec2_vpc.v.id>")]),
        ]),
        [
            "aws_vpc awscc_ec2_vpc.v {}",
            "aws_subnet awscc_ec2_subnet.s {ipv6_cidr_block: 2001:db8::/64, vpc_id: <awscc_ec2_vpc.v.id>}",
            "aws_subnet aws_subnet.t {vpc_id: <awscc_ec2_vpc.v.id>}",
        ]
    );
    assert_eq!(kind_of("awscc_elasticloadbalancingv2_load_balancer"), "aws_lb");
    assert_eq!(kind_of("awscc_s3_bucket"), "awscc_s3_bucket");
}

#[test]
fn the_tables_name_what_the_network_is_read_from() {
    let mut rows = BTreeSet::new();
    for noun in NOUNS.iter().copied().flatten() {
        let row = (noun.name, noun.becomes);
        assert!(rows.insert(row), "{row:?} stands twice");
        assert!(noun.name.starts_with("AWS::") && noun.becomes.starts_with("aws_"), "{row:?}");
        assert_ne!(noun.reference, REF, "{row:?}");
        let identities = schema::identities(noun.becomes);
        let is_name = identities.iter().any(|(it, _)| *it == noun.reference);
        // Nothing that is read names these by what `Ref` gives: the public address of an EIP, the id of a directory.
        let is_not_read = [
            "aws_eip",
            "aws_directory_service_directory",
            "aws_networkfirewall_vpc_endpoint_association",
            "aws_api_gateway_deployment",
            "aws_api_gateway_stage",
            "aws_apigatewayv2_stage",
        ];
        assert!(identities.is_empty() || is_name || is_not_read.contains(&noun.becomes), "{row:?}: Ref gives no name");
    }
}
