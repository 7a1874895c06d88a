//! Which attributes of AWS resources name a resource, and which hold another's name. From the AWS provider's schema.

pub mod defaults;

/// What a name names: an id, an ARN or an allocation id is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    AutoScalingGroup,
    CacheSubnetGroup,
    CapacityProvider,
    CarrierGateway,
    CoreNetwork,
    CustomerGateway,
    DbSubnetGroup,
    DhcpOptions,
    Distribution,
    EcsCluster,
    EgressOnlyGateway,
    EksCluster,
    ElasticIp,
    Firewall,
    FirewallPolicy,
    FirewallRuleGroup,
    HttpApi,
    IamPolicy,
    IamRole,
    Instance,
    InstanceProfile,
    InternetGateway,
    LambdaFunction,
    LaunchConfiguration,
    LaunchTemplate,
    Listener,
    LoadBalancer,
    LocalGateway,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    Peering,
    PrefixList,
    RestApi,
    RouteServer,
    RouteTable,
    SecurityGroup,
    Subnet,
    TargetGroup,
    TaskDefinition,
    TransitGateway,
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    Vpc,
    VpcEndpoint,
    VpnConnection,
    VpnGateway,
    WebAcl,
}

/// The attributes by which a resource of type `kind`, or something that AWS makes along with it, is named.
#[expect(clippy::too_many_lines, reason = "a table")]
pub fn identities(kind: &str) -> &'static [(&'static str, Noun)] {
    use Noun as N;
    match kind {
        "aws_vpc" | "aws_default_vpc" => &[
            ("id", N::Vpc),
            ("arn", N::Vpc),
            ("default_route_table_id", N::RouteTable),
            ("main_route_table_id", N::RouteTable),
            ("default_network_acl_id", N::NetworkAcl),
            ("default_security_group_id", N::SecurityGroup),
            ("dhcp_options_id", N::DhcpOptions),
        ],
        "aws_subnet" | "aws_default_subnet" => &[("id", N::Subnet), ("arn", N::Subnet)],
        "aws_route_table" | "aws_default_route_table" => &[("id", N::RouteTable), ("arn", N::RouteTable)],
        "aws_internet_gateway" => &[("id", N::InternetGateway), ("arn", N::InternetGateway)],
        "aws_egress_only_internet_gateway" => &[("id", N::EgressOnlyGateway)],
        "aws_vpn_gateway" => &[("id", N::VpnGateway), ("arn", N::VpnGateway)],
        "aws_ec2_carrier_gateway" => &[("id", N::CarrierGateway), ("arn", N::CarrierGateway)],
        "aws_nat_gateway" => {
            &[("id", N::NatGateway), ("network_interface_id", N::NetworkInterface), ("route_table_id", N::RouteTable)]
        }
        "aws_eip" => &[("id", N::ElasticIp), ("allocation_id", N::ElasticIp), ("arn", N::ElasticIp)],
        "aws_network_interface" => &[("id", N::NetworkInterface), ("arn", N::NetworkInterface)],
        "aws_instance" => {
            &[("id", N::Instance), ("arn", N::Instance), ("primary_network_interface_id", N::NetworkInterface)]
        }
        "aws_spot_instance_request" => {
            &[("spot_instance_id", N::Instance), ("primary_network_interface_id", N::NetworkInterface)]
        }
        "aws_vpc_peering_connection" | "aws_vpc_peering_connection_accepter" => &[("id", N::Peering)],
        "aws_ec2_transit_gateway" => &[
            ("id", N::TransitGateway),
            ("arn", N::TransitGateway),
            ("association_default_route_table_id", N::TransitGatewayRouteTable),
            ("propagation_default_route_table_id", N::TransitGatewayRouteTable),
        ],
        "aws_ec2_transit_gateway_vpc_attachment"
        | "aws_ec2_transit_gateway_vpc_attachment_accepter"
        | "aws_ec2_transit_gateway_peering_attachment"
        | "aws_ec2_transit_gateway_peering_attachment_accepter"
        | "aws_ec2_transit_gateway_connect" => &[("id", N::TransitGatewayAttachment)],
        "aws_ec2_transit_gateway_route_table" => &[("id", N::TransitGatewayRouteTable)],
        "aws_vpn_connection" => {
            &[("id", N::VpnConnection), ("transit_gateway_attachment_id", N::TransitGatewayAttachment)]
        }
        "aws_dx_gateway_association" => &[("transit_gateway_attachment_id", N::TransitGatewayAttachment)],
        "aws_customer_gateway" => &[("id", N::CustomerGateway)],
        "aws_vpc_endpoint" => &[
            ("id", N::VpcEndpoint),
            ("arn", N::VpcEndpoint),
            ("prefix_list_id", N::PrefixList),
            ("network_interface_ids", N::NetworkInterface),
        ],
        "aws_ec2_managed_prefix_list" => &[("id", N::PrefixList), ("arn", N::PrefixList)],
        "aws_vpc_dhcp_options" | "aws_default_vpc_dhcp_options" => &[("id", N::DhcpOptions)],
        "aws_vpc_route_server" => &[("route_server_id", N::RouteServer)],
        "aws_networkfirewall_firewall" => {
            &[("id", N::Firewall), ("arn", N::Firewall), ("firewall_status", N::VpcEndpoint)]
        }
        "aws_networkfirewall_vpc_endpoint_association" => &[("vpc_endpoint_association_status", N::VpcEndpoint)],
        "aws_networkfirewall_firewall_policy" => &[("id", N::FirewallPolicy), ("arn", N::FirewallPolicy)],
        "aws_networkfirewall_rule_group" => &[("id", N::FirewallRuleGroup), ("arn", N::FirewallRuleGroup)],
        "aws_networkmanager_core_network" => &[("id", N::CoreNetwork), ("arn", N::CoreNetwork)],
        "aws_security_group" | "aws_default_security_group" => &[("id", N::SecurityGroup), ("arn", N::SecurityGroup)],
        "aws_network_acl" | "aws_default_network_acl" => &[("id", N::NetworkAcl), ("arn", N::NetworkAcl)],
        "aws_lb" | "aws_alb" => &[("id", N::LoadBalancer), ("arn", N::LoadBalancer), ("dns_name", N::LoadBalancer)],
        "aws_elb" => {
            &[("id", N::LoadBalancer), ("name", N::LoadBalancer), ("source_security_group_id", N::SecurityGroup)]
        }
        "aws_lb_listener" | "aws_alb_listener" => &[("id", N::Listener), ("arn", N::Listener)],
        "aws_lb_target_group" | "aws_alb_target_group" => &[("id", N::TargetGroup), ("arn", N::TargetGroup)],
        "aws_ecs_cluster" => &[("id", N::EcsCluster), ("arn", N::EcsCluster), ("name", N::EcsCluster)],
        "aws_ecs_task_definition" => &[
            ("arn", N::TaskDefinition),
            ("id", N::TaskDefinition),
            ("family", N::TaskDefinition),
            ("arn_without_revision", N::TaskDefinition),
        ],
        "aws_ecs_capacity_provider" => {
            &[("name", N::CapacityProvider), ("id", N::CapacityProvider), ("arn", N::CapacityProvider)]
        }
        "aws_launch_template" => &[("id", N::LaunchTemplate), ("name", N::LaunchTemplate), ("arn", N::LaunchTemplate)],
        "aws_launch_configuration" => &[("id", N::LaunchConfiguration), ("name", N::LaunchConfiguration)],
        "aws_autoscaling_group" => {
            &[("id", N::AutoScalingGroup), ("name", N::AutoScalingGroup), ("arn", N::AutoScalingGroup)]
        }
        "aws_iam_instance_profile" => {
            &[("id", N::InstanceProfile), ("name", N::InstanceProfile), ("arn", N::InstanceProfile)]
        }
        "aws_iam_policy" => &[("arn", N::IamPolicy), ("id", N::IamPolicy)],
        "aws_api_gateway_rest_api" => &[("id", N::RestApi), ("arn", N::RestApi), ("execution_arn", N::RestApi)],
        "aws_api_gateway_stage" => &[("arn", N::RestApi), ("invoke_url", N::RestApi)],
        "aws_api_gateway_deployment" => &[("invoke_url", N::RestApi)],
        "aws_apigatewayv2_api" => &[("id", N::HttpApi), ("arn", N::HttpApi), ("api_endpoint", N::HttpApi)],
        "aws_apigatewayv2_stage" => &[("arn", N::HttpApi), ("invoke_url", N::HttpApi)],
        "aws_cloudfront_distribution" => &[("id", N::Distribution), ("arn", N::Distribution)],
        "aws_lambda_alias" => &[("arn", N::LambdaFunction), ("invoke_arn", N::LambdaFunction)],
        "aws_iam_role" => &[("id", N::IamRole), ("name", N::IamRole), ("arn", N::IamRole)],
        "aws_lambda_function" => &[
            ("id", N::LambdaFunction),
            ("arn", N::LambdaFunction),
            ("function_name", N::LambdaFunction),
            ("invoke_arn", N::LambdaFunction),
            ("qualified_arn", N::LambdaFunction),
        ],
        "aws_db_subnet_group" => &[("id", N::DbSubnetGroup), ("name", N::DbSubnetGroup), ("arn", N::DbSubnetGroup)],
        "aws_elasticache_subnet_group" | "aws_memorydb_subnet_group" => {
            &[("id", N::CacheSubnetGroup), ("name", N::CacheSubnetGroup), ("arn", N::CacheSubnetGroup)]
        }
        "aws_docdb_subnet_group" | "aws_neptune_subnet_group" | "aws_redshift_subnet_group" => {
            &[("id", N::DbSubnetGroup), ("name", N::DbSubnetGroup), ("arn", N::DbSubnetGroup)]
        }
        "aws_eks_cluster" => {
            &[("id", N::EksCluster), ("name", N::EksCluster), ("arn", N::EksCluster), ("vpc_config", N::SecurityGroup)]
        }
        "aws_directory_service_directory" => &[("security_group_id", N::SecurityGroup)],
        "aws_wafv2_web_acl" => &[("id", N::WebAcl), ("arn", N::WebAcl)],
        _ => &[],
    }
}

/// What the attribute named `attribute` of a resource of type `kind` holds the name of. `attribute` is the last step of
/// its path: `nat_gateway_id` of `route[0].nat_gateway_id`.
pub fn holds(kind: &str, attribute: &str) -> &'static [Noun] {
    use Noun as N;
    match (kind, attribute) {
        ("aws_ecs_service" | "aws_ecs_task_set" | "aws_ecs_cluster_capacity_providers", "cluster" | "cluster_name") => {
            &[N::EcsCluster]
        }
        (_, "vpc_id" | "peer_vpc_id") => &[N::Vpc],
        (_, attribute) if names_subnets(attribute) => &[N::Subnet],
        (
            _,
            "route_table_id"
            | "route_table_ids"
            | "default_route_table_id"
            | "main_route_table_id"
            | "original_route_table_id",
        ) => &[N::RouteTable],
        (_, "gateway_id") => &[N::InternetGateway, N::VpnGateway],
        (_, "internet_gateway_id") => &[N::InternetGateway],
        (_, "vpn_gateway_id" | "propagating_vgws") => &[N::VpnGateway],
        (_, "nat_gateway_id") => &[N::NatGateway],
        (_, "egress_only_gateway_id") => &[N::EgressOnlyGateway],
        (_, "carrier_gateway_id") => &[N::CarrierGateway],
        (_, "local_gateway_id") => &[N::LocalGateway],
        (_, "core_network_arn" | "core_network_id") => &[N::CoreNetwork],
        (_, "transit_gateway_id" | "peer_transit_gateway_id") => &[N::TransitGateway],
        (_, "transit_gateway_attachment_id" | "transport_attachment_id") => &[N::TransitGatewayAttachment],
        (_, "transit_gateway_route_table_id") => &[N::TransitGatewayRouteTable],
        (_, "vpc_peering_connection_id") => &[N::Peering],
        (_, "vpc_endpoint_id" | "vpc_endpoint_ids") => &[N::VpcEndpoint],
        (_, "destination_prefix_list_id" | "prefix_list_id" | "prefix_list_ids") => &[N::PrefixList],
        (
            _,
            "network_interface_id" | "network_interface_ids" | "network_interface" | "primary_network_interface_id",
        ) => &[N::NetworkInterface],
        (_, "instance" | "instance_id" | "instances") => &[N::Instance],
        (_, "allocation_id" | "allocation_ids" | "secondary_allocation_ids") => &[N::ElasticIp],
        (
            _,
            "security_groups"
            | "security_group_id"
            | "security_group_ids"
            | "vpc_security_group_ids"
            | "source_security_group_id"
            | "referenced_security_group_id"
            | "default_security_group_id"
            | "cluster_security_group_id",
        ) => &[N::SecurityGroup],
        (_, "network_acl_id" | "default_network_acl_id") => &[N::NetworkAcl],
        (
            _,
            "load_balancer_arn" | "load_balancer_arns" | "network_load_balancer_arns" | "gateway_load_balancer_arns",
        ) => &[N::LoadBalancer],
        (_, "target_group_arn" | "target_group_arns" | "lb_target_group_arn") => &[N::TargetGroup],
        (_, "listener_arn") => &[N::Listener],
        (_, "target_id") => &[N::Instance, N::LambdaFunction, N::LoadBalancer],
        (_, "task_definition") => &[N::TaskDefinition],
        (_, "launch_template" | "launch_template_id") => &[N::LaunchTemplate],
        (_, "launch_configuration") => &[N::LaunchConfiguration],
        (_, "autoscaling_group_name" | "auto_scaling_group_arn") => &[N::AutoScalingGroup],
        ("aws_autoscaling_group" | "aws_eks_node_group" | "aws_instance" | "aws_spot_instance_request", "id") => {
            &[N::LaunchTemplate]
        }
        ("aws_lb_listener" | "aws_alb_listener" | "aws_lb_listener_rule" | "aws_alb_listener_rule", "arn") => {
            &[N::TargetGroup]
        }
        ("aws_ecs_service" | "aws_ecs_task_set", "capacity_provider")
        | ("aws_ecs_cluster_capacity_providers", "capacity_providers") => &[N::CapacityProvider],
        (
            "aws_iam_instance_profile"
            | "aws_iam_role_policy"
            | "aws_iam_role_policy_attachment"
            | "aws_iam_policy_attachment",
            "role" | "roles",
        )
        | (_, "node_role_arn" | "task_role_arn") => &[N::IamRole],
        ("aws_iam_role_policy_attachment" | "aws_iam_policy_attachment", "policy_arn") => &[N::IamPolicy],
        ("aws_eks_node_group", "cluster_name") => &[N::EksCluster],
        ("aws_wafv2_web_acl_association", "resource_arn") => {
            &[N::LoadBalancer, N::RestApi, N::HttpApi, N::Distribution]
        }
        ("aws_cloudfront_distribution", "domain_name") => &[N::LoadBalancer, N::RestApi, N::HttpApi],
        ("aws_api_gateway_integration", "uri") | ("aws_apigatewayv2_integration", "integration_uri") => {
            &[N::LambdaFunction, N::Listener]
        }
        (_, "rest_api_id") => &[N::RestApi],
        ("aws_apigatewayv2_integration" | "aws_apigatewayv2_stage", "api_id") => &[N::HttpApi],
        ("aws_lambda_alias", "function_name") => &[N::LambdaFunction],
        ("aws_launch_template", "name" | "arn") | (_, "iam_instance_profile") => &[N::InstanceProfile],
        ("aws_cloudfront_distribution", "web_acl_id") | (_, "web_acl_arn") => &[N::WebAcl],
        (_, "customer_gateway_id") => &[N::CustomerGateway],
        (_, "vpn_connection_id") => &[N::VpnConnection],
        (_, "db_subnet_group_name" | "neptune_subnet_group_name" | "cluster_subnet_group_name") => &[N::DbSubnetGroup],
        (_, "subnet_group_name") => &[N::CacheSubnetGroup],
        (_, "dhcp_options_id") => &[N::DhcpOptions],
        ("aws_networkfirewall_firewall_policy", "resource_arn") => &[N::FirewallRuleGroup],
        (_, "firewall_policy_arn") => &[N::FirewallPolicy],
        (_, "route_server_id") => &[N::RouteServer],
        _ => &[],
    }
}

/// Whether an attribute of any resource holds the names of subnets.
pub fn names_subnets(attribute: &str) -> bool {
    matches!(attribute, "subnet_id" | "subnet_ids" | "subnets" | "vpc_zone_identifier")
}

/// The attribute of a resource of type `kind` that names a `noun`: where several do, the shortest name, `id`, stands first.
pub fn identity_of(kind: &str, noun: Noun) -> Option<&'static str> {
    identities(kind).iter().find(|(_, it)| *it == noun).map(|(attribute, _)| *attribute)
}

/// Whether the attribute holds several names. Where a plan knows nothing of such an attribute, how many is unknown too.
pub fn is_collection(kind: &str, attribute: &str) -> bool {
    match (kind, attribute) {
        // A list of blocks with one id each; the id itself is not a collection.
        ("aws_iam_policy_attachment", "roles")
        | (
            _,
            "capacity_providers"
            | "subnets"
            | "security_groups"
            | "vpc_zone_identifier"
            | "propagating_vgws"
            | "instances",
        ) => true,
        _ => attribute.ends_with("_ids") || attribute.ends_with("_arns"),
    }
}

/// Whether `kind` says anything of the network: what routes, filters, connects or holds an address.
pub fn is_network(kind: &str) -> bool {
    !identities(kind).is_empty() || NETWORK.contains(&kind)
}

/// Whether `kind` makes what this program reads of the AWS provider by another one, of which nothing is read.
pub fn is_of_another_provider(kind: &str) -> bool {
    kind.starts_with("awscc_")
}

/// Types that have no identity of their own that anything else names, and say something of the network all the same.
const NETWORK: &[&str] = &[
    "aws_alb_listener_rule",
    "aws_alb_target_group_attachment",
    "aws_ami",
    "aws_api_gateway_integration",
    "aws_api_gateway_rest_api_policy",
    "aws_apigatewayv2_integration",
    "aws_apigatewayv2_vpc_link",
    "aws_appautoscaling_target",
    "aws_apprunner_vpc_connector",
    "aws_autoscaling_attachment",
    "aws_codebuild_project",
    "aws_db_instance",
    "aws_docdb_cluster",
    "aws_ec2_instance_metadata_defaults",
    "aws_ec2_managed_prefix_list_entry",
    "aws_ec2_transit_gateway_default_route_table_association",
    "aws_ec2_transit_gateway_default_route_table_propagation",
    "aws_ec2_transit_gateway_prefix_list_reference",
    "aws_ec2_transit_gateway_route",
    "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_route_table_propagation",
    "aws_ecs_service",
    "aws_ecs_task_set",
    "aws_efs_mount_target",
    "aws_eip_association",
    "aws_eks_fargate_profile",
    "aws_eks_node_group",
    "aws_eks_pod_identity_association",
    "aws_elasticache_cluster",
    "aws_elasticache_replication_group",
    "aws_elasticsearch_domain",
    "aws_iam_openid_connect_provider",
    "aws_iam_policy_attachment",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_internet_gateway_attachment",
    "aws_lb_listener_rule",
    "aws_lb_target_group_attachment",
    "aws_main_route_table_association",
    "aws_memorydb_cluster",
    "aws_mq_broker",
    "aws_msk_cluster",
    "aws_nat_gateway_eip_association",
    "aws_neptune_cluster",
    "aws_network_acl_association",
    "aws_network_acl_rule",
    "aws_network_interface_attachment",
    "aws_network_interface_sg_attachment",
    "aws_opensearch_domain",
    "aws_prefix_list",
    "aws_rds_cluster",
    "aws_redshift_cluster",
    "aws_route",
    "aws_route_table_association",
    "aws_security_group_rule",
    "aws_ssm_parameter",
    "aws_wafv2_web_acl_association",
    "aws_vpc_block_public_access_exclusion",
    "aws_vpc_block_public_access_options",
    "aws_vpc_endpoint_route_table_association",
    "aws_vpc_endpoint_security_group_association",
    "aws_vpc_endpoint_subnet_association",
    "aws_vpc_ipv4_cidr_block_association",
    "aws_vpc_ipv6_cidr_block_association",
    "aws_vpc_peering_connection_options",
    "aws_vpc_route_server_propagation",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpn_connection_route",
    "aws_vpn_gateway_attachment",
    "aws_vpn_gateway_route_propagation",
];
