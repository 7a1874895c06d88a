//! What a VPC is connected by: gateways, peerings, endpoints, firewalls.

use super::data::{
    Default, Noun, Rule,
    To::{Blocks, Here, Is},
    noun,
};

/// Terraform writes the options of an attachment beside its other arguments.
const ATTACHMENT: &[Rule] = &[("Options", Here(&[]))];

pub(super) const NOUNS: &[Noun] = &[
    Noun {
        attributes: &[("InternetGatewayId", "id")],
        ..noun("AWS::EC2::InternetGateway", "aws_internet_gateway", "id")
    },
    Noun {
        when: &["InternetGatewayId"],
        ..noun("AWS::EC2::VPCGatewayAttachment", "aws_internet_gateway_attachment", "id")
    },
    Noun { when: &["VpnGatewayId"], ..noun("AWS::EC2::VPCGatewayAttachment", "aws_vpn_gateway_attachment", "id") },
    Noun {
        attributes: &[("Id", "id")],
        ..noun("AWS::EC2::EgressOnlyInternetGateway", "aws_egress_only_internet_gateway", "id")
    },
    Noun {
        attributes: &[("CarrierGatewayId", "id")],
        ..noun("AWS::EC2::CarrierGateway", "aws_ec2_carrier_gateway", "id")
    },
    Noun {
        attributes: &[("NatGatewayId", "id"), ("EniId", "network_interface_id")],
        ..noun("AWS::EC2::NatGateway", "aws_nat_gateway", "id")
    },
    Noun {
        rules: &[("InstanceId", Is("instance"))],
        attributes: &[("AllocationId", "allocation_id"), ("PublicIp", "public_ip")],
        ..noun("AWS::EC2::EIP", "aws_eip", "public_ip")
    },
    Noun { rules: &[("EIP", Is("public_ip"))], ..noun("AWS::EC2::EIPAssociation", "aws_eip_association", "id") },
    Noun { attributes: &[("VPNGatewayId", "id")], ..noun("AWS::EC2::VPNGateway", "aws_vpn_gateway", "id") },
    Noun { attributes: &[("VpnConnectionId", "id")], ..noun("AWS::EC2::VPNConnection", "aws_vpn_connection", "id") },
    noun("AWS::EC2::VPNConnectionRoute", "aws_vpn_connection_route", "id"),
    Noun {
        attributes: &[("CustomerGatewayId", "id")],
        ..noun("AWS::EC2::CustomerGateway", "aws_customer_gateway", "id")
    },
    Noun {
        attributes: &[("Id", "id"), ("VpcPeeringConnectionId", "id")],
        // There is nothing to accept one with: CloudFormation does it, in this account or by the peer's role.
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/peer-with-vpc-in-another-account.html
        defaults: &[("auto_accept", Default::Yes)],
        ..noun("AWS::EC2::VPCPeeringConnection", "aws_vpc_peering_connection", "id")
    },
    Noun {
        attributes: &[("Id", "id"), ("TransitGatewayArn", "arn")],
        ..noun("AWS::EC2::TransitGateway", "aws_ec2_transit_gateway", "id")
    },
    Noun {
        rules: ATTACHMENT,
        attributes: &[("Id", "id")],
        ..noun("AWS::EC2::TransitGatewayVpcAttachment", "aws_ec2_transit_gateway_vpc_attachment", "id")
    },
    Noun {
        rules: ATTACHMENT,
        attributes: &[("Id", "id")],
        ..noun("AWS::EC2::TransitGatewayAttachment", "aws_ec2_transit_gateway_vpc_attachment", "id")
    },
    Noun {
        attributes: &[("TransitGatewayAttachmentId", "id")],
        ..noun("AWS::EC2::TransitGatewayPeeringAttachment", "aws_ec2_transit_gateway_peering_attachment", "id")
    },
    Noun {
        rules: &[("TransportTransitGatewayAttachmentId", Is("transport_attachment_id"))],
        attributes: &[("TransitGatewayAttachmentId", "id")],
        ..noun("AWS::EC2::TransitGatewayConnect", "aws_ec2_transit_gateway_connect", "id")
    },
    Noun {
        attributes: &[("TransitGatewayRouteTableId", "id")],
        ..noun("AWS::EC2::TransitGatewayRouteTable", "aws_ec2_transit_gateway_route_table", "id")
    },
    noun("AWS::EC2::TransitGatewayRoute", "aws_ec2_transit_gateway_route", "id"),
    noun("AWS::EC2::TransitGatewayRouteTableAssociation", "aws_ec2_transit_gateway_route_table_association", "id"),
    noun("AWS::EC2::TransitGatewayRouteTablePropagation", "aws_ec2_transit_gateway_route_table_propagation", "id"),
    Noun {
        attributes: &[("Id", "id"), ("DnsEntries", "dns_entry")],
        ..noun("AWS::EC2::VPCEndpoint", "aws_vpc_endpoint", "id")
    },
    Noun {
        attributes: &[("ServiceId", "id")],
        ..noun("AWS::EC2::VPCEndpointService", "aws_vpc_endpoint_service", "id")
    },
    Noun {
        rules: &[("SubnetMappings", Blocks("subnet_mapping", &[])), ("FirewallName", Is("name"))],
        // A list of `zone:endpoint`; Terraform has them in its status.
        attributes: &[("EndpointIds", "firewall_status"), ("FirewallArn", "arn"), ("FirewallId", "id")],
        ..noun("AWS::NetworkFirewall::Firewall", "aws_networkfirewall_firewall", "arn")
    },
    Noun {
        rules: &[("SubnetMapping", Blocks("subnet_mapping", &[]))],
        attributes: &[("EndpointId", "vpc_endpoint_association_status")],
        ..noun("AWS::NetworkFirewall::VpcEndpointAssociation", "aws_networkfirewall_vpc_endpoint_association", "id")
    },
    Noun {
        attributes: &[("FirewallPolicyArn", "arn"), ("FirewallPolicyId", "id")],
        ..noun("AWS::NetworkFirewall::FirewallPolicy", "aws_networkfirewall_firewall_policy", "arn")
    },
    Noun {
        attributes: &[("RuleGroupArn", "arn"), ("RuleGroupId", "id")],
        ..noun("AWS::NetworkFirewall::RuleGroup", "aws_networkfirewall_rule_group", "arn")
    },
    Noun {
        attributes: &[("CoreNetworkArn", "arn"), ("CoreNetworkId", "id")],
        ..noun("AWS::NetworkManager::CoreNetwork", "aws_networkmanager_core_network", "id")
    },
    Noun {
        attributes: &[("AttachmentId", "id")],
        ..noun("AWS::NetworkManager::VpcAttachment", "aws_networkmanager_vpc_attachment", "id")
    },
    noun("AWS::Route53Resolver::ResolverEndpoint", "aws_route53_resolver_endpoint", "id"),
    noun("AWS::DirectoryService::MicrosoftAD", "aws_directory_service_directory", "id"),
    noun("AWS::DirectoryService::SimpleAD", "aws_directory_service_directory", "id"),
];
