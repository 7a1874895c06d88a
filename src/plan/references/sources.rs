//! What can give a name to whom: facts about types of resources and data sources.

use crate::schema::Noun;

/// What the attributes of a data source can name; `None`: anything.
pub(super) fn gives(kind: &str) -> Option<&'static [Noun]> {
    use Noun as N;
    match kind {
        "aws_ecs_cluster" | "aws_ecs_service" | "aws_ecs_task_definition" => {
            Some(&[N::EcsCluster, N::TaskDefinition, N::IamRole])
        }
        "aws_eip" | "aws_eips" => Some(&[N::ElasticIp, N::Instance, N::NetworkInterface]),
        "aws_eks_cluster" => Some(&[N::EksCluster, N::Vpc, N::Subnet, N::SecurityGroup, N::IamRole]),
        "aws_iam_role" | "aws_iam_roles" | "aws_iam_instance_profile" => Some(&[N::IamRole, N::InstanceProfile]),
        "aws_vpc" | "aws_vpcs" => Some(&[N::Vpc, N::RouteTable, N::NetworkAcl, N::SecurityGroup, N::DhcpOptions]),
        "aws_subnet" | "aws_subnets" | "aws_subnet_ids" => Some(&[N::Subnet, N::Vpc]),
        "aws_security_group" | "aws_security_groups" => Some(&[N::SecurityGroup, N::Vpc]),
        _ => NAMES_NOTHING.iter().any(|start| kind.starts_with(start)).then_some(&[]),
    }
}

/// How the types of data sources begin that never name a resource of the network.
const NAMES_NOTHING: &[&str] = &[
    "archive_",
    "aws_acm_",
    "aws_ami",
    "aws_arn",
    "aws_availability_zone",
    "aws_caller_identity",
    "aws_canonical_user_id",
    "aws_cloudfront_",
    "aws_cloudwatch_",
    "aws_default_tags",
    "aws_ecr_",
    "aws_eks_addon_version",
    "aws_eks_cluster_auth",
    "aws_eks_cluster_versions",
    "aws_elb_",
    "aws_iam_account_alias",
    "aws_iam_openid",
    "aws_iam_policy",
    "aws_iam_session_context",
    "aws_ip_ranges",
    "aws_kms_",
    "aws_lb_hosted_zone_id",
    "aws_partition",
    "aws_rds_",
    "aws_region",
    "aws_s3_",
    "aws_service",
    "aws_session_context",
    "aws_vpc_endpoint_service",
    "cloudinit_",
    "tls_",
];

/// Whether EC2's own APIs name it: by an id, and nowhere by an ARN.
pub(super) fn named_by_id(noun: Noun) -> bool {
    use Noun as N;
    match noun {
        N::CarrierGateway
        | N::CustomerGateway
        | N::DhcpOptions
        | N::EgressOnlyGateway
        | N::ElasticIp
        | N::Instance
        | N::InternetGateway
        | N::LocalGateway
        | N::NatGateway
        | N::NetworkAcl
        | N::NetworkInterface
        | N::Peering
        | N::PrefixList
        | N::RouteTable
        | N::SecurityGroup
        | N::Subnet
        | N::TransitGateway
        | N::TransitGatewayAttachment
        | N::TransitGatewayRouteTable
        | N::Vpc
        | N::VpcEndpoint
        | N::VpnConnection
        | N::VpnGateway => true,
        N::AutoScalingGroup
        | N::CapacityProvider
        | N::CoreNetwork
        | N::CacheSubnetGroup
        | N::DbSubnetGroup
        | N::EcsCluster
        | N::Distribution
        | N::EksCluster
        | N::Firewall
        | N::FirewallPolicy
        | N::FirewallRuleGroup
        | N::HttpApi
        | N::IamPolicy
        | N::IamRole
        | N::InstanceProfile
        | N::LambdaFunction
        | N::LaunchConfiguration
        | N::LaunchTemplate
        | N::Listener
        | N::LoadBalancer
        | N::RestApi
        | N::RouteServer
        | N::TargetGroup
        | N::TaskDefinition
        | N::WebAcl => false,
    }
}

/// AWS resources whose attributes may hold any id.
pub(super) const CARRIES_ANYTHING: &[&str] = &[
    "aws_cloudformation_stack",
    "aws_lambda_invocation",
    "aws_ssm_parameter",
    "aws_servicecatalog_provisioned_product",
];
