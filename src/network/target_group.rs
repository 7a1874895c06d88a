//! Target groups: which load balancers forward to each, and whose interfaces take what they forward.

use rustc_hash::FxHashMap;

use super::{
    arena::{Arena, Id},
    classic,
    load_balancer::LoadBalancer,
    name::{Name, blocks, resolve, set},
    owner::Owner,
    reader::Reader,
    security::Protocol,
};
use crate::{
    graph::{ResourceGraph, ResourceId, Target},
    resource::Resource,
    schema::Noun,
    value::{Known, Unknown, Value},
};

/// A target group.
#[derive(Clone, Debug)]
pub struct TargetGroup {
    pub name: Name,
    pub kind: Known<TargetKind>,
    /// The port of targets that have none of their own.
    pub port: Known<i64>,
    /// `None`: both TCP and UDP, or unknown which.
    pub protocol: Option<Protocol>,
    /// The port of health checks; `None` inside: the one of the traffic.
    pub health_port: Known<Option<i64>>,
    /// Whether nodes send to targets of other zones; `None` inside: as the load balancer has it.
    pub cross_zone: Known<Option<bool>>,
    /// Whether targets see the clients' own addresses; `None` inside: as AWS has it for its kind and protocol.
    pub preserves_clients: Known<Option<bool>>,
    /// Those that forward to it for certain.
    pub load_balancers: Vec<Id<LoadBalancer>>,
    pub targets: Vec<TargetMember>,
    /// It may have other targets, and this is why.
    pub others: Option<String>,
}

/// What targets are registered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    Instance,
    Address,
    Function,
    LoadBalancer,
}

/// Something that has targets in a group.
#[derive(Clone, Debug)]
pub struct TargetMember {
    pub owner: Id<Owner>,
    /// Its own port, where it has one.
    pub port: Option<Known<i64>>,
}

impl TargetGroup {
    /// The port that a member listens on.
    pub fn port_of<'a>(&'a self, member: &'a TargetMember) -> &'a Known<i64> {
        member.port.as_ref().unwrap_or(&self.port)
    }

    fn of(id: ResourceId, resource: &Resource) -> Self {
        let unknown = |why: &str| Known::Unknown(Unknown::Opaque(why.to_owned()));
        let kind = resource.attr("target_type", "instance".to_owned()).known.map(|text| match text.as_str() {
            "ip" => TargetKind::Address,
            "lambda" => TargetKind::Function,
            "alb" => TargetKind::LoadBalancer,
            _ => TargetKind::Instance,
        });
        let protocol = match resource.set("protocol").and_then(Value::text) {
            Some("HTTP" | "HTTPS" | "TCP" | "TLS") => Some(Protocol::Tcp),
            Some("UDP" | "QUIC") => Some(Protocol::Udp),
            Some(_) | None => None,
        };
        let flag = |name: &str| match resource.set(name) {
            None => Known::Default(None),
            Some(value) => value.read::<String>().known.map(|text| match text.as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            }),
        };
        Self {
            name: Name::declared(id, resource),
            kind,
            port: resource.set("port").map_or_else(|| unknown("no port is written"), |it| it.read().known),
            protocol,
            health_port: health_port(resource),
            cross_zone: flag("load_balancing_cross_zone_enabled"),
            preserves_clients: flag("preserve_client_ip"),
            load_balancers: Vec::new(),
            targets: Vec::new(),
            others: None,
        }
    }
}

fn health_port(resource: &Resource) -> Known<Option<i64>> {
    let own = match blocks(resource, "health_check") {
        Ok(blocks) => blocks.first().and_then(|it| set(it, "port")),
        Err(why) => return Known::Unknown(why.clone()),
    };
    match own.map(|it| (it.text(), it.read::<i64>().known)) {
        None => Known::Default(None),
        Some((Some("traffic-port"), _)) => Known::Written(None),
        Some((Some(text), known)) => text.parse().map_or(known.map(Some), |port| Known::Written(Some(port))),
        Some((None, known)) => known.map(Some),
    }
}

/// What the actions of a listener or of a rule lead to.
#[derive(Default)]
struct Found {
    groups: Vec<Id<TargetGroup>>,
    others: Option<String>,
    answers_itself: bool,
}

/// What reading target groups knows of the rest.
struct Groups<'a, 'r> {
    reader: &'r mut Reader<'a>,
    items: Arena<TargetGroup>,
    of_resource: FxHashMap<ResourceId, Id<TargetGroup>>,
    owners: FxHashMap<ResourceId, Id<Owner>>,
}

/// Every target group of the code, with who forwards to it and who takes it.
pub(super) fn read(reader: &mut Reader<'_>) -> Arena<TargetGroup> {
    let graph = reader.graph;
    let owners = reader.owners.iter().filter_map(|(id, owner)| Some((owner.name.resource()?, id)));
    let mut owners: FxHashMap<_, _> = owners.collect();
    owners.extend(reader.owners_of.iter().map(|(resource, owner)| (*resource, *owner)));
    let mut this = Groups { reader, items: Arena::default(), of_resource: FxHashMap::default(), owners };
    for kind in ["aws_lb_target_group", "aws_alb_target_group"] {
        for (id, resource) in graph.managed(kind) {
            let group = this.items.add(TargetGroup::of(id, resource));
            this.of_resource.insert(id, group);
        }
    }
    this.read_listeners(graph);
    this.read_targets(graph);
    let Groups { reader, mut items, owners, .. } = this;
    classic::read(reader, &mut items, &owners);
    items
}

impl<'a> Groups<'a, '_> {
    /// Which load balancers forward to which groups, by their listeners and the listeners' rules.
    fn read_listeners(&mut self, graph: &'a ResourceGraph) {
        let mut of_listener = FxHashMap::default();
        for kind in ["aws_lb_listener", "aws_alb_listener"] {
            for (id, resource) in graph.managed(kind) {
                let link = self.reader.load_balancers.link(graph, resource.set("load_balancer_arn"));
                let Some(load_balancer) = link.known() else { continue };
                of_listener.insert(id, load_balancer);
                self.forward((load_balancer, id), resource, "default_action");
            }
        }
        for kind in ["aws_lb_listener_rule", "aws_alb_listener_rule"] {
            for (_, resource) in graph.managed(kind) {
                match resource.set("listener_arn").map(|it| resolve(graph, it, &[Noun::Listener])) {
                    Some(Target::Resource(listener, _)) => {
                        if let Some(load_balancer) = of_listener.get(&listener) {
                            self.forward((*load_balancer, listener), resource, "action");
                        }
                    }
                    Some(Target::OneOf(_) | Target::Unknown(_)) => self.may_be_a_rule_of_any(resource),
                    Some(Target::Outside(_) | Target::Gone(_)) | None => (),
                }
            }
        }
    }

    fn forward(
        &mut self,
        (load_balancer, listener): (Id<LoadBalancer>, ResourceId),
        resource: &'a Resource,
        actions: &str,
    ) {
        let mut found = Found::default();
        match blocks(resource, actions) {
            Ok(actions) => actions.iter().for_each(|action| self.read_action(action, resource, &mut found)),
            Err(why) => found.others = Some(format!("the actions of `{}`: {why}", resource.address)),
        }
        for group in &found.groups {
            let known = &mut self.items[*group].load_balancers;
            if !known.contains(&load_balancer) {
                known.push(load_balancer);
            }
        }
        let mut listeners = self.reader.load_balancers.items[load_balancer].listeners.iter_mut();
        if let Some(listener) = listeners.find(|it| it.name.resource == listener) {
            listener.groups.extend(found.groups);
            listener.answers_itself |= found.answers_itself;
            listener.others = listener.others.take().or(found.others);
        }
    }

    fn read_action(&self, action: &'a Value, resource: &Resource, found: &mut Found) {
        match set(action, "type").map(Value::text) {
            Some(Some("fixed-response" | "redirect")) => {
                found.answers_itself = true;
                return;
            }
            // Another action follows.
            Some(Some("authenticate-cognito" | "authenticate-oidc" | "jwt-validation")) => return,
            Some(Some(_)) | None => (),
            Some(None) => found.others = Some(format!("an action of `{}`", resource.address)),
        }
        let simple = set(action, "target_group_arn");
        let weighted = set(action, "forward").into_iter().flat_map(Value::items);
        let weighted = weighted.filter_map(|it| set(it, "target_group")).flat_map(Value::items);
        let mut is_empty = true;
        for value in simple.into_iter().chain(weighted.filter_map(|it| set(it, "arn"))) {
            is_empty = false;
            match self.group(value) {
                Some(group) if found.groups.contains(&group) => (),
                Some(group) => found.groups.push(group),
                None => found.others = Some(format!("where `{}` forwards to", resource.address)),
            }
        }
        if is_empty {
            found.others.get_or_insert_with(|| format!("where `{}` forwards to", resource.address));
        }
    }

    /// A rule of a listener that cannot be told may forward for each.
    fn may_be_a_rule_of_any(&mut self, rule: &Resource) {
        let why = format!("`{}` may be a rule of it", rule.address);
        for id in self.reader.load_balancers.items.ids() {
            for listener in &mut self.reader.load_balancers.items[id].listeners {
                listener.others.get_or_insert_with(|| why.clone());
            }
        }
    }

    /// The group that a value names for certain.
    fn group(&self, value: &'a Value) -> Option<Id<TargetGroup>> {
        match resolve(self.reader.graph, value, &[Noun::TargetGroup]) {
            Target::Resource(id, _) => self.of_resource.get(&id).copied(),
            Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
        }
    }

    /// Who registers with which group: attachments, scaling groups, services of containers.
    fn read_targets(&mut self, graph: &'a ResourceGraph) {
        for kind in ["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"] {
            for (_, resource) in graph.managed(kind) {
                let own = resource.set("target_id").map(|it| resolve(graph, it, &[Noun::Instance]));
                let port = resource.set("port").map(|it| it.read().known);
                self.register(resource.set("target_group_arn"), self.owner(own), port, resource);
            }
        }
        for kind in ["aws_lb_target_group", "aws_alb_target_group"] {
            for (id, resource) in graph.managed(kind) {
                self.read_inline(graph, id, resource);
            }
        }
        for (id, resource) in graph.managed("aws_autoscaling_group") {
            if let Some(values) = resource.set("target_group_arns") {
                let owner = self.owners.get(&id).copied();
                self.register_all(values, owner, resource);
            }
        }
        for (_, resource) in graph.managed("aws_autoscaling_attachment") {
            let own = resource.set("autoscaling_group_name").map(|it| resolve(graph, it, &[Noun::AutoScalingGroup]));
            if let Some(value) = resource.set("lb_target_group_arn") {
                self.register(Some(value), self.owner(own), None, resource);
            }
        }
        for kind in ["aws_ecs_service", "aws_ecs_task_set"] {
            for (id, resource) in graph.managed(kind) {
                let owner = self.owners.get(&id).copied();
                let Ok(blocks) = blocks(resource, "load_balancer") else {
                    self.may_have_others(resource);
                    continue;
                };
                for block in blocks {
                    let port = set(block, "container_port").map(|it| it.read().known);
                    if let Some(value) = set(block, "target_group_arn") {
                        self.register(Some(value), owner, port, resource);
                    }
                }
            }
        }
    }

    /// The targets that a group names itself.
    fn read_inline(&mut self, graph: &'a ResourceGraph, id: ResourceId, resource: &'a Resource) {
        let Some(&group) = self.of_resource.get(&id) else { return };
        for body in blocks(resource, "target").unwrap_or_default() {
            let own = set(body, "target_id").map(|it| resolve(graph, it, &[Noun::Instance]));
            match self.owner(own) {
                Some(owner) => {
                    let port = set(body, "port").map(|it| it.read().known);
                    self.items[group].targets.push(TargetMember { owner, port });
                }
                None => self.items[group].others = Some("a target that is named by its address".to_owned()),
            }
        }
    }

    fn owner(&self, target: Option<Target<'_>>) -> Option<Id<Owner>> {
        owner(&self.owners, &target?)
    }

    fn register_all(&mut self, values: &'a Value, owner: Option<Id<Owner>>, by: &Resource) {
        let graph = self.reader.graph;
        let named = graph.targets(values, &[Noun::TargetGroup]);
        let is_whole = named.others.is_none() && named.possible.is_empty();
        for target in named.certain {
            match (target, owner) {
                (Target::Resource(id, _), Some(owner)) => {
                    if let Some(&group) = self.of_resource.get(&id) {
                        self.items[group].targets.push(TargetMember { owner, port: None });
                    }
                }
                (Target::Resource(..) | Target::OneOf(_) | Target::Unknown(_), _) => self.may_have_others(by),
                (Target::Outside(_) | Target::Gone(_), _) => (),
            }
        }
        if !is_whole {
            self.may_have_others(by);
        }
    }

    fn register(
        &mut self,
        group: Option<&'a Value>,
        owner: Option<Id<Owner>>,
        port: Option<Known<i64>>,
        by: &Resource,
    ) {
        let Some(value) = group else { return };
        match (self.group(value), owner) {
            (Some(group), Some(owner)) => self.items[group].targets.push(TargetMember { owner, port }),
            (Some(group), None) => {
                self.items[group].others.get_or_insert_with(|| format!("what {} registers", by.address));
            }
            (None, _) => self.may_have_others(by),
        }
    }

    /// Whatever names a group that cannot be told may register with each.
    fn may_have_others(&mut self, by: &Resource) {
        let why = format!("{} may register with it", by.address);
        for id in self.items.ids() {
            self.items[id].others.get_or_insert_with(|| why.clone());
        }
    }
}

/// Who owns what is certainly named.
pub(super) fn owner(owners: &FxHashMap<ResourceId, Id<Owner>>, target: &Target<'_>) -> Option<Id<Owner>> {
    match target {
        Target::Resource(id, _) => owners.get(id).copied(),
        Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => None,
    }
}
