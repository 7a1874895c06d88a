//! What a route hands packets to, and the internet: out by its gateways, and in.

use super::{Flow, Memory, Target, Walker, last_changer, taken_back};
use crate::{
    network::{Blackhole, Direction, Family, Id, Link, NetworkInterface, NextHop, PublicAddress, Subnet, Vpc},
    reach::{
        Code, Side, Space,
        filter::Other,
        path::{End, Fate, Hop, Outside, Path, Step, Thing},
    },
    value::Truth,
};

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
                Path::all_after(Self::end(flow, End::Dropped(Code::BadStateRoute)), hop)
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
            paths.extend(Path::all_after(end, hop));
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
        if is_routed {
            return self.out_by_appliance(flow, holder, vpc, name, thing);
        }
        if self.vpc_of(holder) != Some(vpc) {
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

    /// An appliance on the way may put its own address in the source's place. Where both addresses are public, and answers
    /// to the source's own come back by the appliance, it does not matter whether it does.
    fn out_by_appliance(
        &self,
        flow: &Flow,
        holder: Id<NetworkInterface>,
        vpc: Id<Vpc>,
        name: &str,
        thing: Thing,
    ) -> Vec<Path> {
        let unknown = || Self::unknown(flow, "whether an appliance on the way changes the source address");
        let routers = flow.memories.iter().filter_map(|memory| match memory {
            Memory::Router(router) => Some(*router),
            Memory::Nat { .. }
            | Memory::Ingress(_)
            | Memory::Egress(_)
            | Memory::Middlebox(..)
            | Memory::Balancer(_)
            | Memory::Peering
            | Memory::Attachment(..) => None,
        });
        let is_public = |it: Id<NetworkInterface>| match &self.network.interfaces[it].public {
            PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => {
                self.vpc_of(it) == Some(vpc)
            }
            PublicAddress::None(_) | PublicAddress::Unknown(_) => false,
        };
        if !std::iter::once(holder).chain(routers).all(is_public) {
            return unknown();
        }
        let paths = self.out(flow, name, thing);
        if paths.iter().all(|path| path.doubt.is_none() && path.fate() == Fate::Answered) {
            return paths;
        }
        paths.into_iter().chain(unknown()).collect()
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
        let text = block.by.blocks();
        let hop = Hop {
            place: block.by.label(text.clone()),
            ..Self::hop(flow, block.by.name(), Step::Dropped, Thing::Other, text)
        };
        let drop = || Path::all_after(Self::end(flow, End::Dropped(Code::VpcBlockPublicAccessEnabled)), hop.clone());
        match self.network.lets_pass(subnet, direction, is_gateway) {
            Truth::True => go_on(flow),
            Truth::False => drop(),
            Truth::Unknown => {
                let why = format!("what `{}` blocks", block.by.name());
                go_on(flow).into_iter().chain(drop()).map(|path| path.doubted(&why)).collect()
            }
        }
    }

    fn out(&self, flow: &Flow, name: &str, thing: Thing) -> Vec<Path> {
        let Some(interface) = flow.holder else { return Self::unknown(flow, "whose address it comes from") };
        // Whose it is matters to a block alone, and few accounts have one.
        let is_nat = || self.network.nat_gateways.iter().any(|(_, nat)| nat.interface == Some(interface));
        let is_gateway = self.network.public_access.block.is_some() && (thing == Thing::EgressOnlyGateway || is_nat());
        self.unless_blocked(flow, interface, Direction::Out, is_gateway, &|flow| {
            self.is_out(flow, interface, name, thing)
        })
    }

    /// It is out; its answers come to the gateway.
    fn is_out(&self, flow: &Flow, interface: Id<NetworkInterface>, name: &str, thing: Thing) -> Vec<Path> {
        let text = format!("leaves for the internet as `{}`", self.network.interfaces[interface].name.text());
        let hop = Self::hop(flow, name, Step::Translated, thing, text);
        let mut flow = flow.clone();
        if thing == Thing::EgressOnlyGateway || !Self::is_v6(&flow) {
            flow.memories.push(Memory::Egress(interface));
        }
        let end = End::Left(Outside::Internet(Some(interface)));
        let paths = match flow.target {
            // The internet leads to whoever has the address, by a gateway of theirs.
            Target::Interface(target) => {
                let flow = Flow { holder: None, identity: Other::Stranger, ..flow };
                self.enter_from_internet(&flow, target)
            }
            Target::Addresses | Target::Internet | Target::OnPremises => self.arrived(&flow, &end, &|reply| {
                let reply = Flow { holder: None, identity: Other::Stranger, ..reply.clone() };
                self.deliver_from_gateway(&reply, interface)
            }),
        };
        Path::all_after(paths, hop)
    }

    /// An internet gateway changes no IPv6 address and keeps no state of it.
    fn is_v6(flow: &Flow) -> bool {
        flow.packets.of_family(Family::V4).is_empty()
    }

    /// An answer to a client on the internet.
    fn reply_to_internet(&self, flow: &Flow, vpc: Id<Vpc>, name: &str, thing: Thing) -> Vec<Path> {
        let of = |family| Flow { packets: flow.packets.of_family(family), ..flow.clone() };
        let (v4, v6) = (of(Family::V4), of(Family::V6));
        let mut paths = Vec::new();
        if !v4.packets.is_empty() {
            paths.extend(self.reply_by_address(&v4, vpc, name, thing));
        }
        if !v6.packets.is_empty() {
            paths.extend(self.reply_unchanged(&v6, vpc, name, thing));
        }
        paths
    }

    /// It must leave by the gateway that the client came in by.
    fn reply_by_address(&self, flow: &Flow, vpc: Id<Vpc>, name: &str, thing: Thing) -> Vec<Path> {
        let memories = flow.memories.clone();
        let changer = last_changer(&memories);
        let hop = Self::hop(flow, name, Step::Translated, thing, "leaves for the client by the gateway it came in by");
        match (changer.map(|at| (at, &memories[at])), flow.target) {
            (Some((at, Memory::Ingress(of))), Target::Internet) if *of == vpc => {
                let paths = self.returned(&Flow { memories: taken_back(memories, at), ..flow.clone() });
                Path::all_after(paths, hop)
            }
            _ => Self::leaves_elsewhere(flow, name, thing),
        }
    }

    /// With its own address: by whichever internet gateway, to the client, or in by a gateway of the client's.
    fn reply_unchanged(&self, flow: &Flow, vpc: Id<Vpc>, name: &str, thing: Thing) -> Vec<Path> {
        if thing == Thing::EgressOnlyGateway {
            return Self::leaves_elsewhere(flow, name, thing);
        }
        if let Some(holder) = flow.holder.filter(|holder| self.vpc_of(*holder) != Some(vpc)) {
            return self.not_of_vpc(flow, holder, name, thing);
        }
        let hop = Self::hop(flow, name, Step::Crossed, thing, "leaves for the client with its own address");
        let paths = match flow.target {
            Target::Internet => self.returned(flow),
            Target::Interface(client) => {
                let flow = Flow { holder: None, identity: Other::Stranger, ..flow.clone() };
                self.deliver_from_gateway(&flow, client)
            }
            Target::Addresses | Target::OnPremises => Self::unknown(flow, "who has the client's address"),
        };
        Path::all_after(paths, hop)
    }

    fn leaves_elsewhere(flow: &Flow, name: &str, thing: Thing) -> Vec<Path> {
        let text = format!("the answer leaves by `{name}`, and the question did not come in there");
        let hop = Self::hop(flow, name, Step::Dropped, thing, text);
        let end = Self::end(flow, End::Dropped(Code::AsymmetricReply));
        Path::all_after(end, hop)
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
        if !Self::is_v6(flow) {
            inside.memories.push(Memory::Ingress(vpc));
        }
        let paths = self.deliver_from_gateway(&inside, interface);
        let paths = Self::before_translation(paths, &flow.packets, &[Side::Destination]);
        Path::all_after(paths, hop)
    }

    /// From a gateway to an interface of its VPC: by the gateway's own table, where it has one.
    fn deliver_from_gateway(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Vec<Path> {
        let mut flow = flow.clone();
        if flow.is_reply && matches!(flow.memories.last(), Some(Memory::Egress(of)) if *of == interface) {
            flow.memories.pop();
            if Self::is_v6(&flow) {
                // By the egress-only gateway, which has no table.
                return self.reach_interface(&flow, interface, None);
            }
        }
        let flow = &flow;
        let Some(vpc) = self.vpc_of(interface) else { return Self::unknown(flow, self.why_nowhere(interface)) };
        let gateways = &self.network.vpcs[vpc].internet_gateways;
        let table = gateways.iter().find_map(|id| self.network.internet_gateways[*id].edge_table.as_ref());
        match table.map(Link::known) {
            None if self.network.has_open_edge(vpc) => Self::unknown(flow, "the table of the internet gateway"),
            None => self.reach_interface(flow, interface, None),
            Some(None) => Self::unknown(flow, "the table of the internet gateway"),
            Some(Some(table)) => {
                let name = self.network.tables[table].name.text();
                if self.is_surely_local(flow, vpc, &[table]) {
                    return self.stay(flow, name, vpc, None);
                }
                self.divide(flow, &self.resolver.parts(table), name, vpc, None)
            }
        }
    }

    /// In from the internet, for something in a subnet that the gateway knows by a public address; whoever it is. Where it
    /// cannot be told whether the gateway has a table, it is taken to deliver by itself.
    pub(in crate::reach) fn enter_subnet(&self, flow: &Flow, subnet: Id<Subnet>) -> Vec<Path> {
        let Some(vpc) = self.network.subnets[subnet].vpc.known() else {
            return self.reach_subnet(flow, subnet, None);
        };
        let mut flow = flow.clone();
        if !Self::is_v6(&flow) {
            flow.memories.push(Memory::Ingress(vpc));
        }
        let gateways = &self.network.vpcs[vpc].internet_gateways;
        let mut tables = gateways.iter().filter_map(|id| self.network.internet_gateways[*id].edge_table.as_ref());
        match tables.find_map(Link::known).filter(|_| !self.known_blocks(subnet).is_empty()) {
            None => self.reach_subnet(&flow, subnet, None),
            Some(table) => {
                let name = self.network.tables[table].name.text();
                self.divide(&flow, &self.resolver.parts(table), name, vpc, None)
            }
        }
    }
}
