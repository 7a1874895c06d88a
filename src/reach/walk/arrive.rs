//! Into a subnet and into an interface: the network ACL, the security groups, and what waits for answers there.

use super::{Border, Ends, Flow, Memory, Source, Target, Walker, is_in, last_changer, reply_target, taken_back};
use crate::{
    network::{Direction, Id, NetworkInterface, Subnet, Vpc},
    reach::{
        Code, Side,
        filter::{self, Other},
        path::{End, Hop, Path, Step, Thing},
    },
};

impl Walker<'_> {
    /// Delivers packets within a VPC to whoever has their addresses.
    pub(super) fn arrive(&self, flow: &Flow, vpc: Id<Vpc>, from: Option<Id<Subnet>>) -> Vec<Path> {
        match flow.target {
            Target::Interface(target) => match self.vpc_of(target) {
                Some(home) if home == vpc => self.reach_interface(flow, target, from),
                Some(_) => {
                    let name = &self.network.vpcs[vpc].name;
                    let text = format!("nobody in `{}` has the address", name.text());
                    Self::dropped(flow, Code::NoPossibleDestination, (name, Thing::Other), text)
                }
                None => Self::unknown(flow, self.why_nowhere(target)),
            },
            Target::Addresses => self.deliver_by_address(flow, vpc, from),
            Target::Internet | Target::OnPremises => {
                let name = &self.network.vpcs[vpc].name;
                let text = format!("its destination is taken for an address of `{}`", name.text());
                Self::dropped(flow, Code::NoPossibleDestination, (name, Thing::Other), text)
            }
        }
    }

    fn deliver_by_address(&self, flow: &Flow, vpc: Id<Vpc>, from: Option<Id<Subnet>>) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut rest = flow.packets.clone();
        for (subnet, _) in &self.network.subnets {
            if !is_in(self.network, subnet, vpc).certain() {
                continue;
            }
            let here = rest.only_space(Side::Destination, &self.known_blocks(subnet));
            if !here.is_empty() {
                rest = rest.difference(&here);
                paths.extend(self.reach_subnet(&Flow { packets: here, ..flow.clone() }, subnet, from));
            }
        }
        let why = format!("which subnet of `{}` has the address", self.network.vpcs[vpc].name.text());
        paths.extend(Self::unknown(&Flow { packets: rest, ..flow.clone() }, why));
        paths
    }

    /// Delivers packets to an address of a subnet, whoever has it: its security groups are not known.
    pub(super) fn reach_subnet(&self, flow: &Flow, subnet: Id<Subnet>, from: Option<Id<Subnet>>) -> Vec<Path> {
        let deliver = |flow: &Flow| {
            let name = &self.network.subnets[subnet].name;
            let hop =
                Self::hop(flow, name.text(), Step::Delivered, Thing::Other, "delivered to an address of the subnet");
            let paths = self.arrived(flow, &End::Delivered(None), &|reply| {
                let reply = Flow { holder: None, identity: Other::Private, ..reply.clone() };
                self.leave_subnet(&reply, subnet)
            });
            Path::all_after(paths, hop)
        };
        if from == Some(subnet) {
            return deliver(flow);
        }
        self.acl(flow, subnet, Direction::In, &deliver)
    }

    /// Delivers packets to an interface: by its subnet's network ACL, unless they come from a neighbour, and by its
    /// security groups, unless they are answers.
    pub(super) fn reach_interface(
        &self,
        flow: &Flow,
        interface: Id<NetworkInterface>,
        from: Option<Id<Subnet>>,
    ) -> Vec<Path> {
        let Some(subnet) = self.subnet_of(interface) else { return Self::unknown(flow, self.why_nowhere(interface)) };
        let enter = |flow: &Flow| self.enter_interface(flow, interface, subnet);
        if from == Some(subnet) {
            return enter(flow);
        }
        self.acl(flow, subnet, Direction::In, &enter)
    }

    fn enter_interface(&self, flow: &Flow, interface: Id<NetworkInterface>, subnet: Id<Subnet>) -> Vec<Path> {
        if flow.is_reply {
            return self.take_back(flow, interface, subnet);
        }
        let it = &self.network.interfaces[interface];
        let other = self.sender(flow, interface);
        let filtered = filter::groups(self.resolver, it.groups.as_ref(), Direction::In, &flow.packets, other);
        let border: Border<'_> = self.groups_border(interface, Direction::In);
        let has_groups = it.groups.is_some();
        let deliver = |flow: &Flow| {
            let text = format!("delivered to `{}` in `{}`", it.name.text(), self.network.subnets[subnet].name.text());
            let place = it.name.label(text.clone());
            let hop =
                Hop { place, ..Self::hop(flow, it.name.text(), Step::Delivered, Thing::Interface(interface), text) };
            let paths = self.arrived(flow, &End::Delivered(Some(interface)), &|reply| {
                let reply = Flow { holder: Some(interface), identity: Other::Interface(interface), ..reply.clone() };
                self.leave_interface(&reply, interface)
            });
            Path::all_after(paths, hop)
        };
        if !has_groups || self.ends == Ends::LetPass {
            return deliver(flow);
        }
        Self::filtered(flow, &filtered, &border, &deliver)
    }

    /// Whom the groups of `interface` see as the sender.
    fn sender(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Other {
        match flow.identity {
            Other::Interface(sender) if self.may_refer(sender, interface) => flow.identity,
            Other::Interface(_) => Other::Stranger,
            Other::Private | Other::Stranger => flow.identity,
        }
    }

    /// An answer is at an interface that waits for it: the source's own, or that of a device which passes it on.
    fn take_back(&self, flow: &Flow, interface: Id<NetworkInterface>, subnet: Id<Subnet>) -> Vec<Path> {
        let memories = flow.memories.clone();
        let changer = last_changer(&memories);
        match changer.map(|at| (at, &memories[at])) {
            Some((at, Memory::Nat { interface: nat, source, ports })) if *nat == interface => {
                let (source, ports) = (source.clone(), ports.clone());
                let memories = taken_back(memories, at);
                let target = reply_target(&memories, flow.source);
                let name = self.network.interfaces[interface].name.text();
                let hop = Self::hop(
                    flow,
                    name,
                    Step::Translated,
                    Thing::Interface(interface),
                    "changes the destination back",
                );
                let onward = Flow { memories, target, holder: None, ..flow.clone() };
                let paths = self.translate_back(flow, &onward, (&source, &ports), subnet);
                Path::all_after(paths, hop)
            }
            _ if flow.source == Source::Interface(interface) => self.returned(&Flow { memories, ..flow.clone() }),
            _ => Self::unknown(flow, "the answer arrives where nothing waits for it"),
        }
    }
}
