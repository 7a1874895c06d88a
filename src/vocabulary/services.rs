//! Services that stand in subnets, by what says in which.

use super::data::{
    Noun, Rule,
    To::{Blocks, Here, Is},
    noun,
};

const SUBNETS: &[Rule] = &[("Subnets", Is("subnet_ids")), ("ClientSubnets", Is("client_subnets"))];

const OF_NETWORK: &[Rule] = &[("AwsvpcConfiguration", Here(&[]))];

const ECS_TASK: &[Rule] = &[("NetworkConfiguration", Blocks("network_configuration", OF_NETWORK))];

const TARGET: &[Rule] = &[("EcsParameters", Blocks("ecs_target", ECS_TASK)), ("Arn", Is("arn"))];

/// A type whose subnets stand in a property of the same name.
const fn plain(name: &'static str, becomes: &'static str) -> Noun {
    noun(name, becomes, "id")
}

/// A type whose subnets stand in blocks.
const fn within(name: &'static str, becomes: &'static str, rules: &'static [Rule]) -> Noun {
    Noun { rules, ..noun(name, becomes, "id") }
}

pub(super) const NOUNS: &[Noun] = &[
    plain("AWS::EFS::MountTarget", "aws_efs_mount_target"),
    plain("AWS::FSx::FileSystem", "aws_fsx_file_system"),
    plain("AWS::AmazonMQ::Broker", "aws_mq_broker"),
    within(
        "AWS::MSK::Cluster",
        "aws_msk_cluster",
        &[("BrokerNodeGroupInfo", Blocks("broker_node_group_info", SUBNETS))],
    ),
    within("AWS::MSK::ServerlessCluster", "aws_msk_serverless_cluster", &[("VpcConfigs", Blocks("vpc_config", &[]))]),
    plain("AWS::DocDB::DBCluster", "aws_docdb_cluster"),
    within("AWS::Neptune::DBCluster", "aws_neptune_cluster", &[("DBSubnetGroupName", Is("neptune_subnet_group_name"))]),
    plain("AWS::Redshift::Cluster", "aws_redshift_cluster"),
    plain("AWS::MemoryDB::Cluster", "aws_memorydb_cluster"),
    plain("AWS::MemoryDB::SubnetGroup", "aws_memorydb_subnet_group"),
    plain("AWS::DAX::SubnetGroup", "aws_dax_subnet_group"),
    plain("AWS::DMS::ReplicationSubnetGroup", "aws_dms_replication_subnet_group"),
    plain("AWS::DocDB::DBSubnetGroup", "aws_docdb_subnet_group"),
    plain("AWS::Neptune::DBSubnetGroup", "aws_neptune_subnet_group"),
    plain("AWS::Redshift::ClusterSubnetGroup", "aws_redshift_subnet_group"),
    within("AWS::OpenSearchService::Domain", "aws_opensearch_domain", &[("VPCOptions", Blocks("vpc_options", &[]))]),
    within("AWS::Elasticsearch::Domain", "aws_elasticsearch_domain", &[("VPCOptions", Blocks("vpc_options", &[]))]),
    plain("AWS::Batch::ComputeEnvironment", "aws_batch_compute_environment"),
    within("AWS::CodeBuild::Project", "aws_codebuild_project", &[("VpcConfig", Blocks("vpc_config", &[]))]),
    within(
        "AWS::ElasticBeanstalk::Environment",
        "aws_elastic_beanstalk_environment",
        &[("OptionSettings", Blocks("setting", &[("OptionName", Is("name"))]))],
    ),
    plain("AWS::AppRunner::Service", "aws_apprunner_service"),
    plain("AWS::AppRunner::VpcConnector", "aws_apprunner_vpc_connector"),
    plain("AWS::SageMaker::NotebookInstance", "aws_sagemaker_notebook_instance"),
    plain("AWS::SageMaker::Domain", "aws_sagemaker_domain"),
    plain("AWS::SageMaker::Model", "aws_sagemaker_model"),
    plain("AWS::MWAA::Environment", "aws_mwaa_environment"),
    plain("AWS::Glue::Connection", "aws_glue_connection"),
    plain("AWS::Transfer::Server", "aws_transfer_server"),
    plain("AWS::WorkSpaces::Directory", "aws_workspaces_directory"),
    plain("AWS::Cloud9::EnvironmentEC2", "aws_cloud9_environment_ec2"),
    plain("AWS::EC2::InstanceConnectEndpoint", "aws_ec2_instance_connect_endpoint"),
    plain("AWS::EC2::ClientVpnTargetNetworkAssociation", "aws_ec2_client_vpn_network_association"),
    within("AWS::RDS::DBProxyEndpoint", "aws_db_proxy_endpoint", &[("VpcSubnetIds", Is("vpc_subnet_ids"))]),
    plain("AWS::Synthetics::Canary", "aws_synthetics_canary"),
    within("AWS::Events::Rule", "aws_cloudwatch_event_target", &[("Targets", Here(TARGET))]),
    plain("AWS::EC2::SubnetCidrReservation", "aws_ec2_subnet_cidr_reservation"),
];
