//! Through NAT gateways: the source changes to the gateway's own, and the gateway's own subnet decides where next.

use super::{Flow, Memory, Passed, Walker};
use crate::{
    network::{Direction, Family, Id, Link, NatGateway, NetworkInterface, Placement, Subnet, Vpc},
    reach::{
        Code, Ranges, Side, Space,
        filter::Other,
        path::{End, Hop, Outside, Path, Step, Thing},
    },
    value::Truth,
};

/// The source ports of a NAT gateway and of a load balancer.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports>
pub(in crate::reach) const EPHEMERAL: (u128, u128) = (1024, 65_535);

impl Walker<'_> {
    pub(super) fn through_nat(&self, flow: &Flow, nat: Id<NatGateway>, from: Option<Id<Subnet>>) -> Vec<Path> {
        let it = &self.network.nat_gateways[nat];
        let thing = Thing::Nat(nat);
        if flow.is_reply {
            let text = format!("the answer goes to `{}`, which never saw the question", it.name.text());
            return Self::dropped(flow, Code::AsymmetricReply, (&it.name, thing), text);
        }
        if flow.passed.contains(&Passed::Nat(nat)) {
            let text = format!("`{}` gets it back: its own subnet sends it there", it.name.text());
            return Self::dropped(flow, Code::RoutingLoop, (&it.name, thing), text);
        }
        if flow.is_foreign {
            let text = format!("`{}` serves its own VPC alone", it.name.text());
            return Self::dropped(flow, Code::NgwRequiresSourceInVpc, (&it.name, thing), text);
        }
        match &it.placement {
            Placement::Zonal(subnet) => match (subnet.known(), it.interface) {
                (Some(subnet), Some(interface)) => {
                    let translate = |flow: &Flow| self.translate(flow, nat, interface, subnet);
                    if from == Some(subnet) {
                        translate(flow)
                    } else {
                        self.acl(flow, subnet, Direction::In, &translate)
                    }
                }
                (None, _) | (_, None) => Self::unknown(flow, format!("the subnet of `{}`", it.name.text())),
            },
            Placement::Regional(_) => self.through_regional(flow, nat),
            Placement::Unknown(why) => Self::unknown(flow, format!("where `{}` stands: {why}", it.name.text())),
        }
    }

    fn translate(
        &self,
        flow: &Flow,
        nat: Id<NatGateway>,
        interface: Id<NetworkInterface>,
        subnet: Id<Subnet>,
    ) -> Vec<Path> {
        let name = &self.network.nat_gateways[nat].name;
        let (addresses, _) = self.addresses(interface);
        let v4 = Space::everything(Family::V4);
        let (mut inside, v6) = (flow.packets.only_space(Side::Source, &v4), flow.packets.of_family(Family::V6));
        let mut paths = Self::dropped(
            &Flow { packets: v6, ..flow.clone() },
            Code::NoPath,
            (name, Thing::Nat(nat)),
            "a NAT gateway does not pass on IPv6",
        );
        let before = inside.clone();
        let memory = Memory::Nat {
            interface,
            source: before.space(Side::Source),
            ports: before.split_by_ports().0.numbers(Side::SourcePort),
        };
        let (ported, rest) = inside.split_by_ports();
        inside = ported.set(Side::SourcePort, |_| Ranges::of([EPHEMERAL])).union(&rest);
        inside = inside.set_space(Side::Source, &addresses);
        let mut onward =
            Flow { packets: inside, holder: Some(interface), identity: Other::Interface(interface), ..flow.clone() };
        onward.memories.push(memory);
        onward.passed.push(Passed::Nat(nat));
        let text = "puts its own address in the source's place";
        let place = name.label(format!("`{}` {text}", name.text()));
        let hop = Hop { place, ..Self::hop(&onward, name.text(), Step::Translated, Thing::Nat(nat), text) };
        let after =
            Self::before_translation(self.leave_subnet(&onward, subnet), &before, &[Side::Source, Side::SourcePort]);
        paths.extend(after.into_iter().map(|path| path.after(&hop)));
        paths
    }

    /// A regional NAT gateway stands in no subnet: it leads to the internet by a table of its own.
    fn through_regional(&self, flow: &Flow, nat: Id<NatGateway>) -> Vec<Path> {
        let it = &self.network.nat_gateways[nat];
        let public = Space::internet(Family::V4);
        let outward = Flow { packets: flow.packets.only_space(Side::Destination, &public), ..flow.clone() };
        let rest = Flow { packets: flow.packets.difference(&outward.packets), ..flow.clone() };
        let mut paths = Self::unknown(&rest, format!("what the table of `{}` says", it.name.text()));
        let Placement::Regional(vpc) = &it.placement else { return paths };
        let name = (&it.name, Thing::Nat(nat));
        let has_gateway = self.network.has_internet_gateway(vpc);
        if has_gateway.possible() && !outward.packets.is_empty() {
            let hop = Self::hop(&outward, it.name.text(), Step::Translated, Thing::Nat(nat), "leaves for the internet");
            let end = End::Left(Outside::Internet(None));
            let out = self.arrived(&outward, &end, &|reply| self.back_by_regional(reply, nat, vpc));
            paths.extend(out.into_iter().map(|path| path.after(&hop)));
        }
        if !has_gateway.certain() {
            paths.extend(Self::dropped(&outward, Code::NoPath, name, "its VPC has no internet gateway"));
        }
        let why = match (&self.network.public_access.block, has_gateway) {
            (Some(block), _) => format!("what `{}` blocks", block.by.name()),
            (None, Truth::Unknown) => "whether the VPC has an internet gateway".to_owned(),
            (None, Truth::True | Truth::False) => return paths,
        };
        paths.into_iter().map(|path| path.doubted(&why)).collect()
    }

    /// An answer is at a regional NAT gateway, whose own table leads it on.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html>
    fn back_by_regional(&self, reply: &Flow, nat: Id<NatGateway>, vpc: &Link<Vpc>) -> Vec<Path> {
        let name = self.network.nat_gateways[nat].name.text();
        let hop = Self::hop(reply, name, Step::Translated, Thing::Nat(nat), "changes the destination back");
        let reply = Flow { holder: None, identity: Other::Stranger, ..reply.clone() };
        let paths = match (vpc.known(), self.network.table_of_nat(nat)) {
            (Some(vpc), Some(table)) => {
                let parts = self.resolver.parts(table);
                self.divide(&reply, &parts, self.network.tables[table].name.text(), vpc, None)
            }
            (Some(vpc), None) => self.arrive(&reply, vpc, None),
            (None, _) => Self::unknown(&reply, format!("the VPC of `{name}`")),
        };
        paths.into_iter().map(|path| path.after(&hop)).collect()
    }
}
