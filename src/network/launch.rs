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
    graph::{ResourceGraph, ResourceId, Target},
    resource::{Mode, Resource},
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

/// What says how an instance, a scaling group or a group of nodes is launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Launcher {
    /// Nothing but itself.
    Nothing,
    /// This launch template, or launch configuration.
    Known(ResourceId),
    Unknown,
}

/// The launch template or the launch configuration that something names.
pub(super) fn launcher(graph: &ResourceGraph, resource: &Resource) -> Launcher {
    if let Some(value) = resource.set("launch_configuration") {
        return named(graph, value, Noun::LaunchConfiguration);
    }
    let specification = match (blocks(resource, "launch_template"), blocks(resource, "mixed_instances_policy")) {
        (Err(_), _) | (_, Err(_)) => return Launcher::Unknown,
        (Ok([block, ..]), _) => Some(block),
        (Ok([]), Ok([policy, ..])) => set(policy, "launch_template")
            .and_then(|it| set(it.items().first()?, "launch_template_specification")?.items().first()),
        (Ok([]), Ok([])) => return Launcher::Nothing,
    };
    let names = ["id", "launch_template_id", "name", "launch_template_name"];
    let value = specification.and_then(|block| names.iter().find_map(|it| set(block, it)));
    value.map_or(Launcher::Unknown, |value| named(graph, value, Noun::LaunchTemplate))
}

fn named(graph: &ResourceGraph, value: &Value, noun: Noun) -> Launcher {
    match resolve(graph, value, &[noun]) {
        Target::Resource(id, _) if graph.resource(id).mode == Mode::Managed => Launcher::Known(id),
        Target::Resource(..) | Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => {
            Launcher::Unknown
        }
    }
}

/// What the launch template or launch configuration says that something names.
pub(super) fn of(reader: &mut Reader<'_>, resource: &Resource) -> Option<Launch> {
    let graph = reader.graph;
    match launcher(graph, resource) {
        Launcher::Known(id) => {
            let launcher = graph.resource(id);
            let is_configuration = launcher.kind == "aws_launch_configuration";
            Some(if is_configuration { of_configuration(reader, launcher) } else { of_template(reader, launcher) })
        }
        Launcher::Nothing | Launcher::Unknown => None,
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
        let launch = of(reader, resource);
        let nodes = owner::nodes(reader, resource.set("vpc_zone_identifier"));
        launched(reader, (id, resource), OwnerKind::ScalingGroup, nodes, launch, None);
    }
    for (id, resource) in graph.managed("aws_eks_node_group") {
        let launch = of(reader, resource).unwrap_or_default();
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

fn launched(
    reader: &mut Reader<'_>,
    (id, resource): (ResourceId, &Resource),
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
