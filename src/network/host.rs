//! What instances are launched as: by themselves, by a scaling group, or as nodes of Kubernetes. What their launch says of
//! the metadata service, of their role, and of what they do when they start.

use super::{
    image::Images,
    launch::{Launcher, launcher},
    name::{Declared, blocks, resolve, set},
    user_data::UserData,
};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    outside::{ImageSupport, Outside},
    resource::Resource,
    schema::Noun,
    value::{Attr, FromValue, Known, Origin, Unknown, Value},
};

/// One instance, or all of a group, which are alike.
#[derive(Clone, Debug)]
pub struct Host {
    pub name: Declared,
    pub kind: HostKind,
    /// What says how it is launched: a launch template, a launch configuration, or itself.
    pub launched_by: Declared,
    pub metadata: Metadata,
    /// What its image says of the metadata service, where that is known.
    pub image: Option<ImageSupport>,
    pub user_data: UserData,
    pub role: RoleLink,
    pub instance_type: Known<String>,
    /// How long its interface tracks an established TCP connection that is silent, in seconds, where the launch says so.
    pub tracked: Option<Attr<i64>>,
    /// The cluster of Kubernetes that it is a node of.
    pub eks_cluster: Option<ResourceId>,
    /// How many of it there are at least.
    pub copies: Known<i64>,
}

/// The arguments that name an image.
const IMAGE: &[&str] = &["ami", "image_id"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    Instance,
    ScalingGroup,
    /// Of Kubernetes, managed by EKS.
    Nodes,
}

/// What the launch says of the instance metadata service; `None` where it says nothing.
#[derive(Clone, Debug)]
pub struct Metadata {
    pub hop_limit: Option<Attr<i64>>,
    /// `required` or `optional`.
    pub tokens: Option<Attr<String>>,
    /// `enabled` or `disabled`.
    pub endpoint: Option<Attr<String>>,
    /// The resource that says it, or would.
    pub written: Declared,
    /// Nothing of it is known, and this is why.
    pub unknown: Option<String>,
}

/// Whose permissions an instance has.
#[derive(Clone, Debug, PartialEq)]
pub enum RoleLink {
    None,
    Known(ResourceId),
    Unknown,
}

/// What the account's defaults for this Region say, where the code sets them.
#[derive(Clone, Debug, Default)]
pub struct MetadataDefaults {
    pub hop_limit: Option<Known<i64>>,
    pub tokens: Option<Known<String>>,
}

impl MetadataDefaults {
    pub(super) fn read(graph: &ResourceGraph) -> Self {
        let mut all = graph.managed("aws_ec2_instance_metadata_defaults");
        let Some((_, resource)) = all.next() else { return Self::said(graph.outside()) };
        Self {
            // The API writes "no preference" as -1.
            hop_limit: resource
                .maybe("http_put_response_hop_limit")
                .map(|it| it.known)
                .filter(|it| it.get() != Some(&-1)),
            tokens: resource.maybe("http_tokens").map(|it| it.known),
        }
    }
}

impl MetadataDefaults {
    /// What stands in no code.
    fn said(outside: &Outside) -> Self {
        Self {
            hop_limit: outside.metadata_hop_limit.as_ref().map(|it| Known::Written(it.value)),
            tokens: outside.metadata_tokens.as_ref().map(|it| Known::Written(it.value.word().to_owned())),
        }
    }
}

pub(super) fn read(graph: &ResourceGraph) -> Vec<Host> {
    let images = Images::of(graph);
    let host = |graph, id, resource, kind| host(graph, &images, id, resource, kind);
    let mut hosts = Vec::new();
    for kind in super::INSTANCE_KINDS {
        hosts.extend(graph.managed(kind).map(|(id, it)| host(graph, id, it, HostKind::Instance)));
    }
    hosts.extend(graph.managed("aws_autoscaling_group").map(|(id, it)| host(graph, id, it, HostKind::ScalingGroup)));
    hosts.extend(graph.managed("aws_eks_node_group").map(|(id, it)| host(graph, id, it, HostKind::Nodes)));
    hosts
}

fn host(graph: &ResourceGraph, images: &Images<'_>, id: ResourceId, resource: &Resource, kind: HostKind) -> Host {
    // What says something of the launch, the nearest first.
    let mut sources = Vec::new();
    if kind == HostKind::Instance {
        sources.push((id, resource));
    }
    let mut unknown = None;
    match launcher(graph, resource) {
        Launcher::Known(launcher) => sources.push((launcher, graph.resource(launcher))),
        Launcher::Nothing => (),
        Launcher::Unknown => unknown = Some("its launch template is not known".to_owned()),
    }
    let role = match kind {
        HostKind::Nodes => resource.set("node_role_arn").map_or(RoleLink::Unknown, |it| role(graph, it)),
        HostKind::Instance | HostKind::ScalingGroup => {
            let profile = sources.iter().find_map(|(_, it)| profile_of(it));
            match (profile, &unknown) {
                (Some(profile), _) => role_of_profile(graph, profile),
                (None, Some(_)) => RoleLink::Unknown,
                (None, None) => RoleLink::None,
            }
        }
    };
    let user_data =
        sources.iter().find(|(_, it)| ["user_data", "user_data_base64"].iter().any(|name| it.set(name).is_some()));
    let text = |name: &str| sources.iter().find_map(|(_, it)| it.set(name));
    let nothing = || Known::Unknown(Unknown::Opaque("its type is not written".to_owned()));
    let first_type = || resource.set("instance_types").and_then(|it| it.items().first());
    Host {
        name: Declared::of(id, resource),
        kind,
        launched_by: sources.last().map_or_else(|| Declared::of(id, resource), |(id, it)| Declared::of(*id, it)),
        image: sources
            .iter()
            .find(|(_, it)| IMAGE.iter().any(|name| it.set(name).is_some()))
            .and_then(|(_, it)| images.support(it)),
        metadata: metadata(&sources, (id, resource), unknown.clone()),
        user_data: match (user_data, unknown) {
            (Some((_, it)), _) => UserData::of(&it.body),
            (None, None) => UserData::default(),
            (None, Some(why)) => UserData::nothing_of(&why),
        },
        role,
        instance_type: text("instance_type").or_else(first_type).map_or_else(nothing, |it| it.read().known),
        tracked: tracked(graph, resource, &sources),
        eks_cluster: cluster_of(graph, resource),
        copies: copies(resource, kind),
    }
}

fn metadata(sources: &[(ResourceId, &Resource)], own: (ResourceId, &Resource), unknown: Option<String>) -> Metadata {
    let options = |resource: &Resource| -> Option<Result<Value, Unknown>> {
        match blocks(resource, "metadata_options") {
            Ok(blocks) => blocks.first().cloned().map(Ok),
            Err(why) => Some(Err(why.clone())),
        }
    };
    let found = sources.iter().find_map(|(id, it)| Some((*id, *it, options(it)?)));
    let (id, resource) =
        found.as_ref().map_or_else(|| sources.last().copied().unwrap_or(own), |(id, it, _)| (*id, *it));
    let written = Declared::of(id, resource);
    match found {
        Some((.., Ok(block))) => Metadata {
            hop_limit: attr(&block, "http_put_response_hop_limit"),
            tokens: attr(&block, "http_tokens"),
            endpoint: attr(&block, "http_endpoint"),
            written,
            unknown: None,
        },
        Some((.., Err(why))) => {
            Metadata { hop_limit: None, tokens: None, endpoint: None, written, unknown: Some(why.to_string()) }
        }
        None => Metadata { hop_limit: None, tokens: None, endpoint: None, written, unknown },
    }
}

fn attr<T: FromValue>(block: &Value, name: &str) -> Option<Attr<T>> {
    set(block, name).map(Value::read)
}

/// The instance profile that a launch names: by an argument, or in a block.
fn profile_of(resource: &Resource) -> Option<&Value> {
    let value = resource.set("iam_instance_profile")?;
    match value.items().first() {
        Some(block) => set(block, "arn").or_else(|| set(block, "name")),
        None => Some(value),
    }
}

fn role_of_profile(graph: &ResourceGraph, profile: &Value) -> RoleLink {
    match resolve(graph, profile, &[Noun::InstanceProfile]) {
        Target::Resource(id, _) => match graph.resource(id).set("role") {
            Some(value) => role(graph, value),
            None => RoleLink::Unknown,
        },
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => RoleLink::Unknown,
    }
}

/// The role that a value names.
pub(super) fn role(graph: &ResourceGraph, value: &Value) -> RoleLink {
    match resolve(graph, value, &[Noun::IamRole]) {
        Target::Resource(id, _) if graph.resource(id).kind == "aws_iam_role" => RoleLink::Known(id),
        Target::Resource(..) | Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => {
            RoleLink::Unknown
        }
    }
}

/// How long the first interface tracks connections: a block of a launch template's interface, or of an interface that an
/// instance is started with.
fn tracked(graph: &ResourceGraph, resource: &Resource, sources: &[(ResourceId, &Resource)]) -> Option<Attr<i64>> {
    let of_template = sources.iter().find_map(|(_, it)| {
        let interfaces = blocks(it, "network_interfaces").ok()?;
        interfaces.iter().find_map(|block| in_specification(set(block, "connection_tracking_specification")?))
    });
    of_template.or_else(|| {
        let names = ["primary_network_interface", "network_interface"];
        let block = names.iter().find_map(|name| blocks(resource, name).ok()?.first())?;
        let interface = set(block, "network_interface_id")?;
        match resolve(graph, interface, &[Noun::NetworkInterface]) {
            Target::Resource(id, _) => in_specification(graph.resource(id).set("connection_tracking_specification")?),
            Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
        }
    })
}

fn in_specification(specification: &Value) -> Option<Attr<i64>> {
    if let Some(unknown) = specification.unknown() {
        return Some(Attr { known: Known::Unknown(unknown.clone()), origin: specification.origin.clone() });
    }
    attr(specification.items().first()?, "tcp_established_timeout")
}

fn cluster_of(graph: &ResourceGraph, resource: &Resource) -> Option<ResourceId> {
    match resolve(graph, resource.set("cluster_name")?, &[Noun::EksCluster]) {
        Target::Resource(id, _) => Some(id),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}

fn copies(resource: &Resource, kind: HostKind) -> Known<i64> {
    match kind {
        HostKind::Instance => Known::Default(1),
        HostKind::ScalingGroup => {
            let least = resource.attr("min_size", 0).known;
            match (resource.maybe::<i64>("desired_capacity").map(|it| it.known), least) {
                (Some(Known::Written(desired)), Known::Written(least)) => Known::Written(desired.max(least)),
                (Some(known), _) | (None, known) => known,
            }
        }
        HostKind::Nodes => match blocks(resource, "scaling_config").ok().and_then(<[Value]>::first) {
            Some(block) => set(block, "desired_size").map_or(Known::Default(1), |it| it.read().known),
            None => Known::Unknown(Unknown::Opaque("its size is not written".to_owned())),
        },
    }
}

impl Metadata {
    /// Where it is written, or else would be.
    pub fn place<T>(&self, attribute: Option<&Attr<T>>) -> crate::source::Span {
        attribute.map_or(self.written.span, |it| place(&it.origin).unwrap_or(self.written.span))
    }
}

/// Where the code writes a value; `None` where it does not.
fn place(origin: &Origin) -> Option<crate::source::Span> {
    (!origin.is_default()).then_some(origin.at)
}
