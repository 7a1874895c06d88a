//! Through middleboxes: endpoints of firewalls and gateway load balancers, and interfaces that pass packets on.

use super::{Border, Firewalls, Flow, Memory, Passed, Walker};
use crate::{
    network::{Direction, Endpoint, Id, Link, NetworkInterface, Subnet, Vpc},
    reach::{
        Code,
        filter::{self, Other},
        firewall,
        path::{Path, Step, Thing},
    },
    value::Truth,
};

impl Walker<'_> {
    /// Through an endpoint, and on by the table of its own subnet.
    pub(super) fn through_endpoint(
        &self,
        flow: &Flow,
        endpoint: Id<Endpoint>,
        vpc: Id<Vpc>,
        from: Option<Id<Subnet>>,
    ) -> Vec<Path> {
        let it = &self.network.endpoints[endpoint];
        let thing = Thing::Middlebox(endpoint);
        if flow.passed.contains(&Passed::Middlebox(endpoint)) {
            let text = format!("`{}` gets it back: its own subnet sends it there", it.name.text());
            return Self::dropped(flow, Code::RoutingLoop, (&it.name, thing), text);
        }
        let known: Vec<Id<Subnet>> = it.subnets.iter().filter_map(Link::known).collect();
        let subnets = self.endpoint_subnets(flow, &known);
        if subnets.is_empty() {
            return Self::unknown(flow, format!("the subnet of `{}`", it.name.text()));
        }
        let is_sure = subnets.len() == 1;
        let mut paths = Vec::new();
        for subnet in subnets {
            let through = self.inspect(flow, endpoint, subnet, vpc, from);
            let why = format!("which endpoint of `{}` it goes to", it.name.text());
            paths.extend(through.into_iter().map(|path| if is_sure { path } else { path.doubted(&why) }));
        }
        paths
    }

    /// Of an endpoint in several zones, those that it may be: the one in the packet's zone, where the zones are known.
    fn endpoint_subnets(&self, flow: &Flow, subnets: &[Id<Subnet>]) -> Vec<Id<Subnet>> {
        let Some(zone) = flow.zone_of.map(|it| &self.network.subnets[it].zone) else { return subnets.to_vec() };
        let is_same = |subnet: &&Id<Subnet>| self.network.subnets[**subnet].zone.is_same(zone);
        let certain: Vec<_> = subnets.iter().filter(|it| is_same(it) == Truth::True).copied().collect();
        if certain.is_empty() { subnets.to_vec() } else { certain }
    }

    fn inspect(
        &self,
        flow: &Flow,
        endpoint: Id<Endpoint>,
        subnet: Id<Subnet>,
        vpc: Id<Vpc>,
        from: Option<Id<Subnet>>,
    ) -> Vec<Path> {
        let it = &self.network.endpoints[endpoint];
        let thing = Thing::Middlebox(endpoint);
        let mut onward = flow.clone();
        onward.passed.push(Passed::Middlebox(endpoint));
        onward.identity = match flow.identity {
            Other::Interface(_) => Other::Stranger,
            other @ (Other::Private | Other::Stranger) => other,
        };
        if flow.is_reply {
            let waiting = onward
                .memories
                .iter()
                .rposition(|memory| matches!(memory, Memory::Middlebox(of, at) if *of == endpoint && *at == subnet));
            let Some(waiting) = waiting else {
                let text = format!("the answer goes through `{}`, which never saw the question", it.name.text());
                return Self::dropped(flow, Code::AsymmetricReply, (&it.name, thing), text);
            };
            onward.memories.remove(waiting);
        } else {
            onward.memories.push(Memory::Middlebox(endpoint, subnet));
        }
        let _ = vpc;
        let is_known = matches!(it.policy, Some(Ok(_)));
        let text = if is_known { "passes through" } else { "passes through, if its rules let it" };
        let hop = Self::hop(flow, it.name.text(), Step::Crossed, thing, text);
        let leave = |flow: &Flow| self.leave_subnet(&Flow { packets: flow.packets.clone(), ..onward.clone() }, subnet);
        let pass = |flow: &Flow| self.by_policy(flow, endpoint, &leave);
        let paths = if from == Some(subnet) { pass(flow) } else { self.acl(flow, subnet, Direction::In, &pass) };
        Path::all_after(paths, hop)
    }

    /// What the rules of a firewall let pass.
    fn by_policy(&self, flow: &Flow, endpoint: Id<Endpoint>, go_on: &dyn Fn(&Flow) -> Vec<Path>) -> Vec<Path> {
        let it = &self.network.endpoints[endpoint];
        let mut filtered = match &it.policy {
            None => return go_on(flow),
            Some(Ok(policy)) if flow.is_reply => firewall::answer(policy, &flow.packets),
            Some(Ok(policy)) => firewall::question(policy, &flow.packets),
            Some(Err(_)) if flow.is_reply => return go_on(flow),
            Some(Err(why)) => {
                filter::Filtered { doubtful: flow.packets.clone(), doubt: Some(why.clone()), ..Default::default() }
            }
        };
        match self.firewalls {
            Firewalls::Pass => {
                filtered.passed = filtered.passed.union(&std::mem::take(&mut filtered.doubtful));
            }
            Firewalls::Doubted => (),
        }
        if filtered.passed == flow.packets {
            return go_on(flow);
        }
        let border = Border {
            resource: it.name.text(),
            what: format!("the rules of `{}`", it.name.text()),
            thing: Thing::Middlebox(endpoint),
            place: it.name.label(""),
            code: Code::FirewallRulesRestriction,
            code_without_rules: Code::FirewallRulesRestriction,
        };
        Self::filtered(flow, &filtered, &border, go_on)
    }

    /// Through an interface that passes on what is not its own: unchanged, as far as anybody can tell from here.
    pub(super) fn through_interface(
        &self,
        flow: &Flow,
        interface: Id<NetworkInterface>,
        from: Option<Id<Subnet>>,
    ) -> Vec<Path> {
        let it = &self.network.interfaces[interface];
        let thing = Thing::Router(interface);
        let Some(subnet) = it.subnet.known() else { return Self::unknown(flow, self.why_nowhere(interface)) };
        if flow.passed.contains(&Passed::Router(interface)) {
            let text = format!("`{}` gets it back: its own subnet sends it there", it.name.text());
            return Self::dropped(flow, Code::RoutingLoop, (&it.name, thing), text);
        }
        let checks = it.source_dest_check.is(|checks| *checks);
        let drop = || {
            let text = format!("`{}` drops what is not its own: its source/destination check is on", it.name.text());
            Self::dropped(flow, Code::EniSourceDestCheckRestriction, (&it.name, thing), text)
        };
        let pass = || self.pass_on(flow, interface, subnet, from);
        match checks {
            Truth::True => drop(),
            Truth::False => pass(),
            Truth::Unknown => {
                let why = format!("whether `{}` passes on what is not its own", it.name.text());
                pass().into_iter().chain(drop()).map(|path| path.doubted(&why)).collect()
            }
        }
    }

    fn pass_on(
        &self,
        flow: &Flow,
        interface: Id<NetworkInterface>,
        subnet: Id<Subnet>,
        from: Option<Id<Subnet>>,
    ) -> Vec<Path> {
        let it = &self.network.interfaces[interface];
        let mut onward = flow.clone();
        onward.passed.push(Passed::Router(interface));
        onward.identity = Other::Stranger;
        let hop = Self::hop(flow, it.name.text(), Step::Crossed, Thing::Router(interface), "is passed on");
        let hopped = |paths: Vec<Path>| Path::all_after(paths, hop.clone());
        if flow.is_reply {
            let waiting = onward.memories.iter().rposition(|it| matches!(it, Memory::Router(of) if *of == interface));
            if let Some(waiting) = waiting {
                onward.memories.remove(waiting);
                let pass =
                    |flow: &Flow| self.leave_subnet(&Flow { packets: flow.packets.clone(), ..onward.clone() }, subnet);
                let paths =
                    if from == Some(subnet) { pass(flow) } else { self.acl(flow, subnet, Direction::In, &pass) };
                return hopped(paths);
            }
        } else {
            onward.memories.push(Memory::Router(interface));
        }
        let groups = it.groups.as_ref();
        let out = |flow: &Flow| {
            let onward = Flow { packets: flow.packets.clone(), ..onward.clone() };
            let filtered = filter::groups(self.resolver, groups, Direction::Out, &onward.packets, Other::Stranger);
            let border = self.groups_border(interface, Direction::Out);
            Self::filtered(&onward, &filtered, &border, &|flow| self.leave_subnet(flow, subnet))
        };
        let enter = |flow: &Flow| {
            let filtered = filter::groups(self.resolver, groups, Direction::In, &flow.packets, flow.identity);
            let border = self.groups_border(interface, Direction::In);
            Self::filtered(flow, &filtered, &border, &|flow| {
                let passed = hopped(out(flow));
                if flow.is_reply { self.unless_it_saw_the_question(flow, interface, passed) } else { passed }
            })
        };
        if from == Some(subnet) { enter(flow) } else { self.acl(flow, subnet, Direction::In, &enter) }
    }

    /// A plain router passes on answers to what it has not seen; a firewall drops them.
    fn unless_it_saw_the_question(&self, flow: &Flow, interface: Id<NetworkInterface>, passed: Vec<Path>) -> Vec<Path> {
        let name = &self.network.interfaces[interface].name;
        let text = format!("the answer goes through `{}`, which never saw the question", name.text());
        let why = format!("whether `{}` passes on answers to what it has not seen", name.text());
        let dropped = Self::dropped(flow, Code::AsymmetricReply, (name, Thing::Router(interface)), text);
        passed.into_iter().chain(dropped).map(|path| path.doubted(&why)).collect()
    }
}
