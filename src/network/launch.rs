//! Launch templates and what they launch: scaling groups and Kubernetes nodes.

use super::{
    name::{Link, blocks, resolve, set},
    owner::{self, Nodes, OwnerKind, Plan},
    public_address::PublicAddress,
    reader::Reader,
    security::{self, Groups},
    subnet::Subnet,
};
use crate::{
    graph::Target,
    resource::Resource,
    schema::Noun,
    value::{Known, Truth, Value},
};

/// What a launch template or a launch configuration says of interfaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Launch {
    pub(super) subnet: Option<Link<Subnet>>,
    pub(super) groups: Option<Groups>,
    /// Whether an instance gets a public address, where it says so.
    pub(super) public: Option<Known<bool>>,
    /// Instances with several interfaces get no public address.
    pub(super) interfaces: usize,
}

/// Whether an instance gets a public address: what it says for itself goes before what its subnet says.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/working-with-ip-addresses.html>
pub(super) fn public_address(setting: Option<&Known<bool>>, subnet: Option<&Subnet>) -> PublicAddress {
    match (setting, subnet) {
        (Some(setting), _) => PublicAddress::of_setting(setting, "asked for by `associate_public_ip_address`"),
        (None, Some(subnet)) => {
            PublicAddress::of_setting(&subnet.gives_public_addresses, "given by its subnet's `map_public_ip_on_launch`")
        }
        (None, None) => PublicAddress::Unknown("its subnet is not known".to_owned()),
    }
}

/// The template that a block names by id or name.
pub(super) fn of_block(reader: &mut Reader<'_>, resource: &Resource, block: &str) -> Option<Launch> {
    let block = blocks(resource, block).ok()?.first()?.clone();
    of_specification(reader, &block)
}

fn of_specification(reader: &mut Reader<'_>, block: &Value) -> Option<Launch> {
    let named = ["id", "launch_template_id", "name", "launch_template_name"].iter().find_map(|it| set(block, it))?;
    match resolve(reader.graph, named, &[Noun::LaunchTemplate]) {
        Target::Resource(id, _) => {
            let graph = reader.graph;
            Some(of_template(reader, graph.resource(id)))
        }
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}

fn of_template(reader: &mut Reader<'_>, template: &Resource) -> Launch {
    let interfaces = blocks(template, "network_interfaces").unwrap_or_default();
    let first = interfaces
        .iter()
        .find(|it| set(it, "device_index").is_none_or(|index| index.read::<i64>().known.get() == Some(&0)));
    let own = first.and_then(|it| set(it, "security_groups"));
    let groups =
        own.or_else(|| template.set("vpc_security_group_ids")).or_else(|| template.set("security_group_names"));
    Launch {
        subnet: first.and_then(|it| set(it, "subnet_id")).map(|it| reader.subnets.link(reader.graph, Some(it))),
        groups: security::groups(reader, groups),
        public: first.and_then(|it| set(it, "associate_public_ip_address")).map(|it| it.read().known),
        interfaces: interfaces.len(),
    }
}

fn of_configuration(reader: &mut Reader<'_>, configuration: &Resource) -> Launch {
    Launch {
        subnet: None,
        groups: security::groups(reader, configuration.set("security_groups")),
        public: configuration.maybe("associate_public_ip_address").map(|it| it.known),
        interfaces: 1,
    }
}

pub(super) fn read(reader: &mut Reader<'_>) {
    let graph = reader.graph;
    for (id, resource) in graph.managed("aws_autoscaling_group") {
        let launch = of_group(reader, resource);
        let nodes = owner::nodes(reader, resource.set("vpc_zone_identifier"));
        launched(reader, (id, resource), OwnerKind::ScalingGroup, nodes, launch, None);
    }
    for (id, resource) in graph.managed("aws_eks_node_group") {
        let launch = of_block(reader, resource, "launch_template").unwrap_or_default();
        let nodes = owner::nodes(reader, resource.set("subnet_ids"));
        let cluster = resource.set("cluster_name").map(|it| resolve(graph, it, &[Noun::EksCluster]));
        let group = match cluster {
            Some(Target::Resource(cluster, _)) => Groups::of(security::of_cluster(reader, cluster)),
            Some(Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_)) | None => {
                Groups::unknown("the security group of its cluster")
            }
        };
        launched(reader, (id, resource), OwnerKind::Nodes, nodes, Some(launch), Some(group));
    }
}

fn of_group(reader: &mut Reader<'_>, resource: &Resource) -> Option<Launch> {
    if let Some(launch) = of_block(reader, resource, "launch_template") {
        return Some(launch);
    }
    if let Some(value) = resource.set("launch_configuration") {
        return match resolve(reader.graph, value, &[Noun::LaunchConfiguration]) {
            Target::Resource(id, _) => {
                let graph = reader.graph;
                Some(of_configuration(reader, graph.resource(id)))
            }
            Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
        };
    }
    let policy = blocks(resource, "mixed_instances_policy").ok()?.first()?;
    let template = set(policy, "launch_template")?.items().first()?;
    let specification = set(template, "launch_template_specification")?.items().first()?.clone();
    of_specification(reader, &specification)
}

fn launched(
    reader: &mut Reader<'_>,
    (id, resource): (crate::graph::ResourceId, &Resource),
    kind: OwnerKind,
    nodes: Nodes,
    launch: Option<Launch>,
    without: Option<Groups>,
) {
    let groups = match (launch.as_ref().map(|it| it.groups.clone()), without) {
        (Some(Some(groups)), _) | (Some(None), Some(groups)) => groups,
        (Some(None), None) => owner::groups(reader, None, &nodes),
        (None, _) => Groups::unknown("its launch template is not known"),
    };
    let is_known = launch.is_some();
    let launch = launch.unwrap_or_default();
    let plan = Plan {
        kind,
        nodes,
        groups: Some(groups),
        public: &|subnet| match (is_known, launch.interfaces) {
            (false, _) => PublicAddress::Unknown("its launch template is not known".to_owned()),
            (true, 2..) => PublicAddress::None("an instance with several interfaces gets none".to_owned()),
            (true, _) => public_address(launch.public.as_ref(), subnet),
        },
        ipv6: &|subnet| if is_known { owner::as_subnet_gives(subnet) } else { owner::as_subnet_has(subnet) },
    };
    owner::own(reader, id, resource, plan);
}

/// Whether nothing says that an interface has an IPv6 address.
pub(super) fn no_ipv6(_: Option<&Subnet>) -> Truth {
    Truth::False
}
