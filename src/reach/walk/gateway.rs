//! Through gateways: to the internet and in from it, NAT, peering connections, VPN and services.

use super::{Flow, Memory, Passed, Source, Target, Walker};
use crate::{
    network::{
        Blackhole, Direction, Endpoint, Family, Id, Link, NatGateway, NetworkInterface, NextHop, Peering, Placement,
        PublicAddress, Subnet, Vpc, VpnGateway,
    },
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
    /// Hands packets to a next hop.
    pub(super) fn hand_over(&self, flow: &Flow, target: &NextHop, vpc: Id<Vpc>, from: Option<Id<Subnet>>) -> Vec<Path> {
        match target {
            NextHop::Local => self.arrive(flow, vpc, from),
            NextHop::InternetGateway(id) => {
                let name = self.network.internet_gateways[*id].name.text();
                self.to_internet(flow, vpc, name, Thing::InternetGateway(Some(*id)))
            }
            NextHop::EgressOnlyGateway(id) => {
                let name = self.network.egress_only_gateways[*id].name.text();
                self.to_internet(flow, vpc, name, Thing::EgressOnlyGateway)
            }
            NextHop::Nat(nat) => self.through_nat(flow, *nat, from),
            NextHop::Peering(peering) => self.through_peering(flow, &self.network.peerings[*peering], vpc),
            NextHop::TransitGateway(gateway) => self.through_transit(flow, *gateway, vpc, from),
            NextHop::VpnGateway(id) => self.to_premises(flow, self.network.vpn_gateways[*id].name.text()),
            NextHop::Endpoint(endpoint) => self.through_endpoint(flow, *endpoint, vpc, from),
            NextHop::GatewayEndpoint(endpoint) => self.to_service(flow, *endpoint),
            NextHop::Interface(interface) => self.through_interface(flow, *interface, from),
            NextHop::Instance(instance) => match self.network.instances[*instance].interface {
                Some(interface) => self.through_interface(flow, interface, from),
                None => {
                    Self::unknown(flow, format!("the interface of `{}`", self.network.instances[*instance].name.text()))
                }
            },
            NextHop::CarrierGateway(_) | NextHop::LocalGateway(_) | NextHop::CoreNetwork(_) => {
                Self::unknown(flow, format!("what lies behind {}", self.network.describe(target)))
            }
            NextHop::Gone(address) => {
                let text = format!("`{address}`: {}", Blackhole::Destroyed);
                let hop = Self::hop(flow, address.as_str(), Step::Dropped, Thing::Other, text);
                Self::end(flow, End::Dropped(Code::BadStateRoute)).into_iter().map(|it| it.after(&hop)).collect()
            }
            NextHop::OneOf(hops) => {
                let each = hops.iter().flat_map(|hop| self.hand_over(flow, hop, vpc, from));
                each.map(|path| path.doubted("which target a route has")).collect()
            }
            NextHop::Unknown(unknown) => Self::unknown(flow, unknown.to_string()),
        }
    }

    // The internet ----------------------------------------------------------------------------------------------------

    /// Out by an internet gateway, which changes a private source into a public one, or by an egress-only one.
    fn to_internet(&self, flow: &Flow, vpc: Id<Vpc>, name: &str, thing: Thing) -> Vec<Path> {
        if flow.is_reply {
            return self.reply_to_internet(flow, vpc, name, thing);
        }
        let public = Space::internet(Family::V4).union(&Space::internet(Family::V6));
        let outward = flow.packets.only_space(Side::Destination, &public);
        let rest = Flow { packets: flow.packets.difference(&outward), ..flow.clone() };
        let mut paths = Vec::new();
        if !rest.packets.is_empty() {
            let text = "drops what is not for an address of the internet";
            let hop = Self::hop(&rest, name, Step::Dropped, thing, text);
            let end = Self::end(&rest, End::Dropped(Code::IgwDestinationNotPublic));
            paths.extend(end.into_iter().map(|path| path.after(&hop)));
        }
        let v6 = Flow { packets: outward.of_family(Family::V6), ..flow.clone() };
        let v4 = Flow { packets: outward.of_family(Family::V4), ..flow.clone() };
        if !v6.packets.is_empty() {
            paths.extend(self.out_of_vpc(&v6, vpc, name, thing));
        }
        if !v4.packets.is_empty() {
            paths.extend(self.out_by_address(&v4, vpc, name, thing));
        }
        paths
    }

    /// IPv6 addresses are public themselves, where the gateway is that of their own VPC.
    fn out_of_vpc(&self, flow: &Flow, vpc: Id<Vpc>, name: &str, thing: Thing) -> Vec<Path> {
        match flow.holder {
            Some(holder) if self.vpc_of(holder) != Some(vpc) => self.not_of_vpc(flow, holder, name, thing),
            Some(_) | None => self.out(flow, name, thing),
        }
    }

    /// A gateway knows the addresses of its own VPC alone.
    fn not_of_vpc(&self, flow: &Flow, holder: Id<NetworkInterface>, name: &str, thing: Thing) -> Vec<Path> {
        let holder = &self.network.interfaces[holder].name;
        let text = format!("`{name}` drops it: the address of `{}` is another VPC's", holder.text());
        Self::dropped(flow, Code::IgwPublicIpAssociationForEgress, (holder, thing), text)
    }

    fn out_by_address(&self, flow: &Flow, vpc: Id<Vpc>, name: &str, thing: Thing) -> Vec<Path> {
        let is_routed = flow.memories.iter().any(|it| matches!(it, Memory::Router(_)));
        let Some(holder) = flow.holder else {
            return Self::unknown(flow, "whose address it comes from, and whether that one is public");
        };
        if self.vpc_of(holder) != Some(vpc) && !is_routed {
            return self.not_of_vpc(flow, holder, name, thing);
        }
        let it = &self.network.interfaces[holder];
        let drop = |flow: &Flow, why: &str| {
            let code = match it.public {
                PublicAddress::None(_) if it.groups.is_none() => Code::NatIsPrivate,
                PublicAddress::None(_)
                | PublicAddress::Elastic(_)
                | PublicAddress::Assigned(_)
                | PublicAddress::Service(_)
                | PublicAddress::Unknown(_) => Code::IgwPublicIpAssociationForEgress,
            };
            let text = format!("`{name}` drops it: `{}` has no public address ({why})", it.name.text());
            Self::dropped(flow, code, (&it.name, thing), text)
        };
        match &it.public {
            _ if is_routed => Self::unknown(flow, "whether an appliance on the way changes the source address"),
            PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => {
                self.out(flow, name, thing)
            }
            PublicAddress::None(why) => drop(flow, why),
            PublicAddress::Unknown(why) => {
                let both = self.out(flow, name, thing).into_iter().chain(drop(flow, "perhaps"));
                both.map(|path| path.doubted(why)).collect()
            }
        }
    }

    /// What an account's own block lets pass; the block does not hold for answers.
    fn unless_blocked(
        &self,
        flow: &Flow,
        interface: Id<NetworkInterface>,
        direction: Direction,
        is_gateway: bool,
        go_on: &dyn Fn(&Flow) -> Vec<Path>,
    ) -> Vec<Path> {
        let Some(block) = &self.network.public_access.block else { return go_on(flow) };
        let Some(subnet) = self.subnet_of(interface) else { return Self::unknown(flow, self.why_nowhere(interface)) };
        let text = format!("`{}` blocks it", block.by.address);
        let hop = Hop {
            place: Some(block.by.label(text.clone())),
            ..Self::hop(flow, block.by.address.as_str(), Step::Dropped, Thing::Other, text)
        };
        let drop =
            || Self::end(flow, End::Dropped(Code::VpcBlockPublicAccessEnabled)).into_iter().map(|it| it.after(&hop));
        match self.network.lets_pass(subnet, direction, is_gateway) {
            Truth::True => go_on(flow),
            Truth::False => drop().collect(),
            Truth::Unknown => {
                let why = format!("what `{}` blocks", block.by.address);
                go_on(flow).into_iter().chain(drop()).map(|path| path.doubted(&why)).collect()
            }
        }
    }

    fn out(&self, flow: &Flow, name: &str, thing: Thing) -> Vec<Path> {
        let Some(interface) = flow.holder else { return Self::unknown(flow, "whose address it comes from") };
        let is_nat = self.network.nat_gateways.iter().any(|(_, nat)| nat.interface == Some(interface));
        let is_gateway = is_nat || thing == Thing::EgressOnlyGateway;
        self.unless_blocked(flow, interface, Direction::Out, is_gateway, &|flow| {
            self.is_out(flow, interface, name, thing)
        })
    }

    /// It is out; its answers come to the gateway.
    fn is_out(&self, flow: &Flow, interface: Id<NetworkInterface>, name: &str, thing: Thing) -> Vec<Path> {
        let text = format!("leaves for the internet as `{}`", self.network.interfaces[interface].name.text());
        let hop = Self::hop(flow, name, Step::Translated, thing, text);
        let mut flow = flow.clone();
        flow.memories.push(Memory::Egress(interface));
        let end = End::Left(Outside::Internet(Some(interface)));
        let paths = self.arrived(&flow, &end, &|reply| {
            let reply = Flow { holder: None, identity: Other::Stranger, ..reply.clone() };
            self.deliver_from_gateway(&reply, interface)
        });
        paths.into_iter().map(|path| path.after(&hop)).collect()
    }

    /// An answer to a client on the internet: it must leave by the gateway that the client came in by.
    fn reply_to_internet(&self, flow: &Flow, vpc: Id<Vpc>, name: &str, thing: Thing) -> Vec<Path> {
        let mut memories = flow.memories.clone();
        while matches!(memories.last(), Some(Memory::Peering | Memory::Attachment(..))) {
            memories.pop();
        }
        let hop = Self::hop(flow, name, Step::Translated, thing, "leaves for the client by the gateway it came in by");
        match (memories.last(), flow.target) {
            (Some(Memory::Ingress(of)), Target::Internet) if *of == vpc && thing != Thing::EgressOnlyGateway => {
                memories.pop();
                let paths = self.returned(&Flow { memories, ..flow.clone() });
                paths.into_iter().map(|path| path.after(&hop)).collect()
            }
            _ => {
                let text = format!("the answer leaves by `{name}`, and the question did not come in there");
                let hop = Self::hop(flow, name, Step::Dropped, thing, text);
                let end = Self::end(flow, End::Dropped(Code::AsymmetricReply));
                end.into_iter().map(|path| path.after(&hop)).collect()
            }
        }
    }

    /// In from the internet, for the public address of `interface`.
    pub(in crate::reach) fn enter_from_internet(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Vec<Path> {
        let it = &self.network.interfaces[interface];
        let Some(vpc) = self.vpc_of(interface) else { return Self::unknown(flow, self.why_nowhere(interface)) };
        let gateway = self.network.vpcs[vpc].internet_gateways.first();
        let thing = Thing::InternetGateway(gateway.copied());
        let name = gateway.map_or(&self.network.vpcs[vpc].name, |it| &self.network.internet_gateways[*it].name);
        let has_gateway = self.network.has_internet_gateway(&self.network.subnets_vpc(interface));
        if has_gateway == Truth::False {
            let text = format!("`{}` has no internet gateway", self.network.vpcs[vpc].name.text());
            return Self::dropped(flow, Code::NoPath, (&self.network.vpcs[vpc].name, Thing::Other), text);
        }
        let mut paths = Vec::new();
        for family in Family::ALL {
            let flow = Flow { packets: flow.packets.of_family(family), ..flow.clone() };
            if flow.packets.is_empty() {
                continue;
            }
            let (has_address, why) = match (family, &it.public) {
                (Family::V6, _) => (it.ipv6, "whether it has an IPv6 address"),
                (Family::V4, PublicAddress::None(why)) => (Truth::False, why.as_str()),
                (Family::V4, PublicAddress::Unknown(why)) => (Truth::Unknown, why.as_str()),
                (Family::V4, public) => (Truth::True, public.why()),
            };
            if has_address.possible() {
                let enter = self.unless_blocked(&flow, interface, Direction::In, false, &|flow| {
                    self.enter_by_gateway(flow, interface, vpc, (name.text(), thing))
                });
                let doubt = has_gateway.and(has_address) == Truth::Unknown;
                paths.extend(enter.into_iter().map(|path| if doubt { path.doubted(why) } else { path }));
            }
            if !has_address.certain() {
                let text = format!("`{}` has no public {} address ({why})", it.name.text(), family.word());
                let drop = Self::dropped(&flow, Code::IgwPrivateIpAssociationForIngress, (&it.name, thing), text);
                let doubt = has_address.possible();
                paths.extend(drop.into_iter().map(|path| if doubt { path.doubted(why) } else { path }));
            }
        }
        paths
    }

    fn enter_by_gateway(
        &self,
        flow: &Flow,
        interface: Id<NetworkInterface>,
        vpc: Id<Vpc>,
        (name, thing): (&str, Thing),
    ) -> Vec<Path> {
        let hop = Self::hop(flow, name, Step::Translated, thing, "comes in from the internet");
        let (addresses, _) = self.addresses(interface);
        let mut inside = flow.clone();
        inside.packets = flow.packets.set_space(Side::Destination, &addresses);
        inside.memories.push(Memory::Ingress(vpc));
        let paths = self.deliver_from_gateway(&inside, interface);
        let paths = Self::before_translation(paths, &flow.packets, &[Side::Destination]);
        paths.into_iter().map(|path| path.after(&hop)).collect()
    }

    /// From a gateway to an interface of its VPC: by the gateway's own table, where it has one.
    fn deliver_from_gateway(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Vec<Path> {
        let flow = &Self::restored(flow, interface);
        let Some(vpc) = self.vpc_of(interface) else { return Self::unknown(flow, self.why_nowhere(interface)) };
        let gateways = &self.network.vpcs[vpc].internet_gateways;
        let table = gateways.iter().find_map(|id| self.network.internet_gateways[*id].edge_table.as_ref());
        match table.map(Link::known) {
            None if self.network.has_open_edge(vpc) => Self::unknown(flow, "the table of the internet gateway"),
            None => self.reach_interface(flow, interface, None),
            Some(None) => Self::unknown(flow, "the table of the internet gateway"),
            Some(Some(table)) => {
                let name = self.network.tables[table].name.text();
                self.divide(flow, &self.resolver.parts(table), name, vpc, None)
            }
        }
    }

    /// An answer from outside is for the private address again.
    fn restored(flow: &Flow, interface: Id<NetworkInterface>) -> Flow {
        let mut flow = flow.clone();
        if flow.is_reply
            && let Some(Memory::Egress(of)) = flow.memories.last()
            && *of == interface
        {
            flow.memories.pop();
        }
        flow
    }

    // NAT -------------------------------------------------------------------------------------------------------------

    fn through_nat(&self, flow: &Flow, nat: Id<NatGateway>, from: Option<Id<Subnet>>) -> Vec<Path> {
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
        let hop = Self::hop(&outward, it.name.text(), Step::Translated, Thing::Nat(nat), "leaves for the internet");
        let end = Self::end(&outward, End::Left(Outside::Internet(None)));
        let out = end.into_iter().map(|path| path.after(&hop));
        out.chain(Self::unknown(&rest, format!("what the table of `{}` says", it.name.text()))).collect()
    }

    // Other networks --------------------------------------------------------------------------------------------------

    fn through_peering(&self, flow: &Flow, peering: &Peering, vpc: Id<Vpc>) -> Vec<Path> {
        let ends = (peering.requester.known(), peering.accepter.known());
        let other = match ends {
            (Some(one), Some(other)) if one == vpc => other,
            (Some(other), Some(one)) if one == vpc => other,
            _ => return Self::unknown(flow, format!("which VPCs `{}` joins", peering.name.text())),
        };
        if flow.passed.contains(&Passed::Peering) && flow.is_foreign {
            let text = format!("`{}` passes on nothing that comes from another network", peering.name.text());
            return Self::dropped(flow, Code::PcxRequiresAddressInVpcCidr, (&peering.name, Thing::Peering), text);
        }
        let name = &self.network.vpcs[other].name;
        let place = peering.name.label(format!("leads into `{}`", name.text()));
        let hop = Hop {
            place,
            ..Self::hop(flow, peering.name.text(), Step::Crossed, Thing::Peering, format!("into `{}`", name.text()))
        };
        let mut flow = Flow { is_foreign: true, ..flow.clone() };
        flow.passed.push(Passed::Peering);
        if !flow.is_reply {
            flow.memories.push(Memory::Peering);
        }
        let is_there = match flow.target {
            Target::Interface(target) => self.vpc_of(target) == Some(other),
            Target::Addresses => true,
            Target::Internet | Target::OnPremises => false,
        };
        let paths = if is_there {
            self.arrive(&flow, other, None)
        } else {
            let text = format!("its destination is not in `{}`: a peering connection leads no further", name.text());
            Self::dropped(&flow, Code::PcxRequiresAddressInVpcCidr, (&peering.name, Thing::Peering), text)
        };
        paths.into_iter().map(|path| path.after(&hop)).collect()
    }

    /// In from what stands on premises, by a VPN gateway of the VPC.
    pub(in crate::reach) fn enter_from_premises(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Vec<Path> {
        let Some(vpc) = self.vpc_of(interface) else { return Self::unknown(flow, self.why_nowhere(interface)) };
        let is_here = |gateway: &&VpnGateway| gateway.attachment.vpc() == Some(vpc);
        let Some(gateway) = self.network.vpn_gateways.iter().map(|(_, it)| it).find(is_here) else {
            return Self::unknown(flow, "by which gateway it comes in");
        };
        let hop = Self::hop(flow, gateway.name.text(), Step::Crossed, Thing::VpnGateway, "comes in from on premises");
        let flow = Flow { is_foreign: true, ..flow.clone() };
        let paths = match gateway.edge_table.as_ref().map(Link::known) {
            None => self.reach_interface(&flow, interface, None),
            Some(None) => Self::unknown(&flow, "the table of the VPN gateway"),
            Some(Some(table)) => {
                let name = self.network.tables[table].name.text();
                self.divide(&flow, &self.resolver.parts(table), name, vpc, None)
            }
        };
        paths.into_iter().map(|path| path.after(&hop)).collect()
    }

    fn to_premises(&self, flow: &Flow, name: &str) -> Vec<Path> {
        let hop = Self::hop(flow, name, Step::Crossed, Thing::VpnGateway, "leaves for what stands on premises");
        let paths = match (flow.is_reply, flow.source) {
            (true, Source::OnPremises) => self.returned(flow),
            (true, Source::Interface(_) | Source::Subnet(_) | Source::Internet) => {
                Self::end(flow, End::Dropped(Code::AsymmetricReply))
            }
            (false, _) => Self::end(flow, End::Left(Outside::OnPremises)),
        };
        paths.into_iter().map(|path| path.after(&hop)).collect()
    }

    fn to_service(&self, flow: &Flow, endpoint: Id<Endpoint>) -> Vec<Path> {
        let name = &self.network.endpoints[endpoint].name;
        let hop = Self::hop(flow, name.text(), Step::Crossed, Thing::Service(endpoint), "leaves for the service");
        // The service's own addresses answer nobody on the internet through here.
        let paths = if flow.is_reply {
            Self::unknown(flow, "whether the client is the service")
        } else {
            Self::end(flow, End::Left(Outside::Service(endpoint)))
        };
        paths.into_iter().map(|path| path.after(&hop)).collect()
    }
}
