//! VPCs, subnets, tables, routes and filters.
//!
//! What `Ref` and `Fn::GetAtt` give stands on each type's page of
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html>.

use super::data::{
    Default, Noun, Rule,
    To::{Blocks, Here, Is, Item},
    noun,
};

/// A rule that stands in a group. Terraform names the ends of ingress and egress the same.
const GROUP_RULE: &[Rule] = &[
    ("IpProtocol", Is("protocol")),
    ("CidrIp", Item("cidr_blocks")),
    ("CidrIpv6", Item("ipv6_cidr_blocks")),
    ("SourceSecurityGroupId", Item("security_groups")),
    ("DestinationSecurityGroupId", Item("security_groups")),
    ("SourceSecurityGroupName", Item("security_groups")),
    ("SourcePrefixListId", Item("prefix_list_ids")),
    ("DestinationPrefixListId", Item("prefix_list_ids")),
];

/// A rule that stands apart.
const OWN_RULE: &[Rule] = &[
    ("GroupId", Is("security_group_id")),
    ("GroupName", Is("security_group_id")),
    ("CidrIp", Is("cidr_ipv4")),
    ("CidrIpv6", Is("cidr_ipv6")),
    ("SourceSecurityGroupId", Is("referenced_security_group_id")),
    ("DestinationSecurityGroupId", Is("referenced_security_group_id")),
    ("SourceSecurityGroupName", Is("referenced_security_group_id")),
    ("SourcePrefixListId", Is("prefix_list_id")),
    ("DestinationPrefixListId", Is("prefix_list_id")),
];

const VPC_BLOCKS: &[Rule] = &[("AmazonProvidedIpv6CidrBlock", Is("assign_generated_ipv6_cidr_block"))];

const ACL_PORTS: &[Rule] = &[("From", Is("from_port")), ("To", Is("to_port"))];

const ACL_MESSAGE: &[Rule] = &[("Type", Is("icmp_type")), ("Code", Is("icmp_code"))];

pub(super) const NOUNS: &[Noun] = &[
    Noun {
        attributes: &[
            ("VpcId", "id"),
            ("DefaultSecurityGroup", "default_security_group_id"),
            ("DefaultNetworkAcl", "default_network_acl_id"),
        ],
        ..noun("AWS::EC2::VPC", "aws_vpc", "id")
    },
    Noun {
        rules: VPC_BLOCKS,
        when: &["CidrBlock", "Ipv4IpamPoolId"],
        ..noun("AWS::EC2::VPCCidrBlock", "aws_vpc_ipv4_cidr_block_association", "id")
    },
    Noun {
        rules: VPC_BLOCKS,
        when: &["Ipv6CidrBlock", "AmazonProvidedIpv6CidrBlock", "Ipv6IpamPoolId"],
        ..noun("AWS::EC2::VPCCidrBlock", "aws_vpc_ipv6_cidr_block_association", "id")
    },
    Noun { attributes: &[("SubnetId", "id")], ..noun("AWS::EC2::Subnet", "aws_subnet", "id") },
    Noun { onto: Some("subnet_id"), ..noun("AWS::EC2::SubnetCidrBlock", "aws_subnet", "id") },
    Noun { attributes: &[("RouteTableId", "id")], ..noun("AWS::EC2::RouteTable", "aws_route_table", "id") },
    Noun {
        rules: &[("EgressOnlyInternetGatewayId", Is("egress_only_gateway_id"))],
        ..noun("AWS::EC2::Route", "aws_route", "id")
    },
    noun("AWS::EC2::SubnetRouteTableAssociation", "aws_route_table_association", "id"),
    noun("AWS::EC2::GatewayRouteTableAssociation", "aws_route_table_association", "id"),
    Noun {
        rules: &[("RouteTableIds", Is("route_table_id"))],
        each: Some("route_table_id"),
        ..noun("AWS::EC2::VPNGatewayRoutePropagation", "aws_vpn_gateway_route_propagation", "id")
    },
    Noun {
        attributes: &[("Id", "route_server_id"), ("RouteServerId", "route_server_id")],
        ..noun("AWS::EC2::RouteServer", "aws_vpc_route_server", "route_server_id")
    },
    noun("AWS::EC2::RouteServerPropagation", "aws_vpc_route_server_propagation", "id"),
    noun("AWS::EC2::RouteServerAssociation", "aws_vpc_route_server_vpc_association", "id"),
    noun("AWS::EC2::RouteServerEndpoint", "aws_vpc_route_server_endpoint", "id"),
    noun("AWS::EC2::RouteServerPeer", "aws_vpc_route_server_peer", "id"),
    Noun {
        rules: &[("Entries", Blocks("entry", &[]))],
        attributes: &[("PrefixListId", "id")],
        ..noun("AWS::EC2::PrefixList", "aws_ec2_managed_prefix_list", "id")
    },
    noun("AWS::EC2::DHCPOptions", "aws_vpc_dhcp_options", "id"),
    noun("AWS::EC2::VPCDHCPOptionsAssociation", "aws_vpc_dhcp_options_association", "id"),
    noun("AWS::EC2::VPCBlockPublicAccessOptions", "aws_vpc_block_public_access_options", "id"),
    noun("AWS::EC2::VPCBlockPublicAccessExclusion", "aws_vpc_block_public_access_exclusion", "id"),
    Noun {
        rules: &[("ResourceId", Is("subnet_id"))],
        when: &["ResourceId"],
        ..noun("AWS::EC2::FlowLog", "aws_flow_log", "id")
    },
    // Filters
    Noun {
        rules: &[
            ("GroupDescription", Is("description")),
            ("GroupName", Is("name")),
            ("SecurityGroupIngress", Blocks("ingress", GROUP_RULE)),
            ("SecurityGroupEgress", Blocks("egress", GROUP_RULE)),
        ],
        attributes: &[("GroupId", "id"), ("Id", "id")],
        // Terraform takes AWS's own egress rule away; CloudFormation leaves it.
        defaults: &[("egress", Default::EverythingOut)],
        ..noun("AWS::EC2::SecurityGroup", "aws_security_group", "id")
    },
    Noun { rules: OWN_RULE, ..noun("AWS::EC2::SecurityGroupIngress", "aws_vpc_security_group_ingress_rule", "id") },
    Noun { rules: OWN_RULE, ..noun("AWS::EC2::SecurityGroupEgress", "aws_vpc_security_group_egress_rule", "id") },
    Noun {
        rules: &[("GroupId", Is("security_group_id"))],
        ..noun("AWS::EC2::SecurityGroupVpcAssociation", "aws_vpc_security_group_vpc_association", "id")
    },
    Noun { attributes: &[("Id", "id")], ..noun("AWS::EC2::NetworkAcl", "aws_network_acl", "id") },
    Noun {
        rules: &[("PortRange", Here(ACL_PORTS)), ("Icmp", Here(ACL_MESSAGE))],
        ..noun("AWS::EC2::NetworkAclEntry", "aws_network_acl_rule", "id")
    },
    noun("AWS::EC2::SubnetNetworkAclAssociation", "aws_network_acl_association", "id"),
];
