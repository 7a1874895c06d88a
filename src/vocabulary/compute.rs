//! What runs in a VPC, and what is beside it.

use super::data::{
    Default, Noun, Rule,
    To::{Blocks, BlocksWith, Here, Is, Words},
    noun,
};

/// An instance's interfaces: Terraform has the arguments of the first on the instance itself.
const INTERFACE: &[Rule] = &[
    ("GroupSet", Is("vpc_security_group_ids")),
    ("Groups", Is("vpc_security_group_ids")),
    ("AssociatePublicIpAddress", Is("associate_public_ip_address")),
    ("PrivateIpAddress", Is("private_ip")),
];

const IS_ENABLED: &[(&str, bool)] = &[("ENABLED", true), ("DISABLED", false)];

const AWSVPC: &[Rule] = &[("AwsvpcConfiguration", Here(&[("AssignPublicIp", Words("assign_public_ip", IS_ENABLED))]))];

const TEMPLATE: &[Rule] = &[
    ("SecurityGroupIds", Is("vpc_security_group_ids")),
    ("NetworkInterfaces", Blocks("network_interfaces", &[("Groups", Is("security_groups"))])),
    ("IamInstanceProfile", Blocks("iam_instance_profile", &[])),
];

/// The names of variables are the user's own: they stay as they are.
const ENVIRONMENT: Rule = ("Environment", Blocks("environment", &[("Variables", Is("variables"))]));

const OF_POLICY: &[Rule] = &[("PolicyName", Is("name")), ("PolicyDocument", Is("policy"))];

const OF_TEMPLATE: &[Rule] = &[("LaunchTemplateId", Is("id")), ("LaunchTemplateName", Is("name"))];

const EKS_VPC: &[Rule] =
    &[("EndpointPublicAccess", Is("endpoint_public_access")), ("EndpointPrivateAccess", Is("endpoint_private_access"))];

const NO_WORD: &str = "AWS decides by the subnet group and its VPC's internet gateway";

pub(super) const NOUNS: &[Noun] = &[
    Noun {
        rules: &[
            ("SecurityGroupIds", Is("vpc_security_group_ids")),
            ("SecurityGroups", Is("security_groups")),
            ("PrivateIpAddress", Is("private_ip")),
            ("NetworkInterfaces", BlocksWith("network_interface", "NetworkInterfaceId", INTERFACE)),
            ("MetadataOptions", Blocks("metadata_options", &[])),
        ],
        attributes: &[("InstanceId", "id"), ("PublicIp", "public_ip"), ("PrivateIp", "private_ip")],
        ..noun("AWS::EC2::Instance", "aws_instance", "id")
    },
    Noun {
        rules: &[("GroupSet", Is("security_groups")), ("PrivateIpAddress", Is("private_ip"))],
        attributes: &[("Id", "id")],
        ..noun("AWS::EC2::NetworkInterface", "aws_network_interface", "id")
    },
    noun("AWS::EC2::NetworkInterfaceAttachment", "aws_network_interface_attachment", "id"),
    Noun {
        rules: &[("LaunchTemplateName", Is("name")), ("LaunchTemplateData", Here(TEMPLATE))],
        attributes: &[("LaunchTemplateId", "id")],
        ..noun("AWS::EC2::LaunchTemplate", "aws_launch_template", "id")
    },
    noun("AWS::AutoScaling::LaunchConfiguration", "aws_launch_configuration", "name"),
    Noun {
        rules: &[
            ("AutoScalingGroupName", Is("name")),
            ("TargetGroupARNs", Is("target_group_arns")),
            ("LoadBalancerNames", Is("load_balancers")),
            ("LaunchConfigurationName", Is("launch_configuration")),
            ("LaunchTemplate", Blocks("launch_template", OF_TEMPLATE)),
        ],
        ..noun("AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group", "name")
    },
    Noun { rules: &[("ClusterName", Is("name"))], ..noun("AWS::ECS::Cluster", "aws_ecs_cluster", "name") },
    Noun {
        rules: &[
            ("ServiceName", Is("name")),
            ("NetworkConfiguration", Blocks("network_configuration", AWSVPC)),
            ("LoadBalancers", Blocks("load_balancer", &[])),
        ],
        attributes: &[("ServiceArn", "id")],
        ..noun("AWS::ECS::Service", "aws_ecs_service", "id")
    },
    Noun {
        rules: &[
            ("NetworkConfiguration", Blocks("network_configuration", AWSVPC)),
            ("LoadBalancers", Blocks("load_balancer", &[])),
        ],
        ..noun("AWS::ECS::TaskSet", "aws_ecs_task_set", "id")
    },
    Noun {
        attributes: &[("TaskDefinitionArn", "arn")],
        ..noun("AWS::ECS::TaskDefinition", "aws_ecs_task_definition", "arn")
    },
    noun("AWS::ApplicationAutoScaling::ScalableTarget", "aws_appautoscaling_target", "id"),
    noun("AWS::ECS::CapacityProvider", "aws_ecs_capacity_provider", "name"),
    Noun {
        rules: &[("Cluster", Is("cluster_name"))],
        ..noun("AWS::ECS::ClusterCapacityProviderAssociations", "aws_ecs_cluster_capacity_providers", "cluster_name")
    },
    Noun {
        rules: &[("ResourcesVpcConfig", Blocks("vpc_config", EKS_VPC))],
        attributes: &[("ClusterSecurityGroupId", "vpc_config[0].cluster_security_group_id")],
        ..noun("AWS::EKS::Cluster", "aws_eks_cluster", "name")
    },
    Noun { rules: &[("Subnets", Is("subnet_ids"))], ..noun("AWS::EKS::Nodegroup", "aws_eks_node_group", "id") },
    Noun {
        rules: &[("Subnets", Is("subnet_ids"))],
        ..noun("AWS::EKS::FargateProfile", "aws_eks_fargate_profile", "id")
    },
    noun("AWS::EKS::PodIdentityAssociation", "aws_eks_pod_identity_association", "id"),
    Noun {
        rules: &[ENVIRONMENT, ("VpcConfig", Blocks("vpc_config", &[]))],
        ..noun("AWS::Lambda::Function", "aws_lambda_function", "function_name")
    },
    noun("AWS::Lambda::Url", "aws_lambda_function_url", "function_name"),
    Noun {
        rules: &[("VPCSecurityGroups", Is("vpc_security_group_ids")), ("DBInstanceIdentifier", Is("identifier"))],
        defaults: &[("publicly_accessible", Default::AwsDecides(NO_WORD))],
        ..noun("AWS::RDS::DBInstance", "aws_db_instance", "id")
    },
    Noun {
        rules: &[("DBClusterIdentifier", Is("cluster_identifier"))],
        ..noun("AWS::RDS::DBCluster", "aws_rds_cluster", "id")
    },
    Noun {
        rules: &[("DBSubnetGroupName", Is("name"))],
        ..noun("AWS::RDS::DBSubnetGroup", "aws_db_subnet_group", "name")
    },
    noun("AWS::RDS::DBProxy", "aws_db_proxy", "name"),
    Noun {
        rules: &[("CacheSubnetGroupName", Is("subnet_group_name"))],
        ..noun("AWS::ElastiCache::ReplicationGroup", "aws_elasticache_replication_group", "id")
    },
    Noun {
        rules: &[("CacheSubnetGroupName", Is("subnet_group_name")), ("VpcSecurityGroupIds", Is("security_group_ids"))],
        ..noun("AWS::ElastiCache::CacheCluster", "aws_elasticache_cluster", "id")
    },
    noun("AWS::ElastiCache::ServerlessCache", "aws_elasticache_serverless_cache", "name"),
    Noun {
        rules: &[("CacheSubnetGroupName", Is("name"))],
        ..noun("AWS::ElastiCache::SubnetGroup", "aws_elasticache_subnet_group", "name")
    },
    Noun {
        rules: &[("RoleName", Is("name")), ("Policies", Blocks("inline_policy", OF_POLICY))],
        ..noun("AWS::IAM::Role", "aws_iam_role", "name")
    },
    // One role, in a list.
    Noun {
        rules: &[("InstanceProfileName", Is("name")), ("Roles", Is("role"))],
        each: Some("role"),
        ..noun("AWS::IAM::InstanceProfile", "aws_iam_instance_profile", "name")
    },
    Noun {
        rules: &[("PolicyName", Is("name")), ("PolicyDocument", Is("policy")), ("Roles", Is("role"))],
        each: Some("role"),
        ..noun("AWS::IAM::Policy", "aws_iam_role_policy", "id")
    },
    Noun { rules: OF_POLICY, ..noun("AWS::IAM::ManagedPolicy", "aws_iam_policy", "arn") },
    Noun {
        rules: &[("PolicyDocument", Is("policy")), ("Roles", Is("role"))],
        each: Some("role"),
        when: &["Roles"],
        ..noun("AWS::IAM::ManagedPolicy", "aws_iam_role_policy", "arn")
    },
    noun("AWS::SSM::Parameter", "aws_ssm_parameter", "name"),
    noun("AWS::SecretsManager::Secret", "aws_secretsmanager_secret", "arn"),
];
