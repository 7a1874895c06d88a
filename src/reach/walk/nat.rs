//! Through NAT gateways: the source changes to the gateway's own, and the gateway's own subnet decides where next.

use super::{Flow, Memory, Passed, Walker};
use crate::{
    network::{Direction, Family, Id, Link, NatGateway, NetworkInterface, Placement, Subnet, Vpc},
    reach::{
        Code, Packets, Ranges, Side, Space,
        filter::Other,
        nat64,
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
        let v6 = flow.packets.of_family(Family::V6);
        let to_v4 = nat64::embedded(&v6, Side::Destination);
        let mut paths = Self::dropped(
            &Flow { packets: v6.difference(&to_v4), ..flow.clone() },
            Code::NoPath,
            (name, Thing::Nat(nat)),
            "a NAT gateway passes on IPv6 to `64:ff9b::/96` alone",
        );
        let v4 = flow.packets.of_family(Family::V4);
        paths.extend(self.translate_all(flow, &v4, v4.clone(), nat, (interface, subnet)));
        let over_v4 = nat64::over_ipv4(&to_v4, Side::Destination);
        paths.extend(self.translate_all(flow, &to_v4, over_v4, nat, (interface, subnet)));
        paths
    }

    /// Sends on `inside`, which is what becomes over IPv4 of the packets `before`, all of one family.
    fn translate_all(
        &self,
        flow: &Flow,
        before: &Packets,
        mut inside: Packets,
        nat: Id<NatGateway>,
        (interface, subnet): (Id<NetworkInterface>, Id<Subnet>),
    ) -> Vec<Path> {
        if before.is_empty() {
            return Vec::new();
        }
        let name = &self.network.nat_gateways[nat].name;
        let (addresses, _) = self.addresses(interface);
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
        let mut after = self.leave_subnet(&onward, subnet);
        if !before.of_family(Family::V6).is_empty() {
            let over_v6 = |path: Path| Path { packets: nat64::over_ipv6(&path.packets, Side::Destination), ..path };
            after = after.into_iter().map(over_v6).collect();
        }
        let after = Self::before_translation(after, before, &[Side::Source, Side::SourcePort]);
        Path::all_after(after, hop)
    }

    /// Sends an answer on to the address `source` behind the NAT gateway that has it.
    pub(super) fn translate_back(
        &self,
        flow: &Flow,
        onward: &Flow,
        (source, ports): (&Space, &Ranges),
        subnet: Id<Subnet>,
    ) -> Vec<Path> {
        let is_v6 = source.numbers(Family::V4).is_empty();
        let answers = if is_v6 { nat64::over_ipv6(&flow.packets, Side::Source) } else { flow.packets.clone() };
        let (ported, rest) = answers.split_by_ports();
        let ported = ported.set(Side::DestinationPort, |_| ports.clone());
        let packets = ported.union(&rest).set_space(Side::Destination, source);
        let mut paths = self.leave_subnet(&Flow { packets, ..onward.clone() }, subnet);
        if is_v6 {
            let over_v4 = |path: Path| Path { packets: nat64::over_ipv4(&path.packets, Side::Source), ..path };
            paths = paths.into_iter().map(over_v4).collect();
        }
        Self::before_translation(paths, &flow.packets, &[Side::Destination, Side::DestinationPort])
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
            paths.extend(Path::all_after(out, hop));
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
        Path::all_after(paths, hop)
    }
}
