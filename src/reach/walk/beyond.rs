//! Out of a VPC into others' networks: peering connections, VPN gateways and services.

use super::{Flow, Memory, Passed, Source, Target, Walker};
use crate::{
    network::{Attachment, Endpoint, Id, Link, NetworkInterface, NextHop, Peering, Vpc, VpnGateway},
    reach::{
        Code,
        path::{End, Hop, Outside, Path, Step, Thing},
    },
};

impl Walker<'_> {
    /// Only what is of one VPC and for the other: no other network is reached through it, either way.
    /// <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>
    pub(super) fn through_peering(&self, flow: &Flow, peering: &Peering, vpc: Id<Vpc>) -> Vec<Path> {
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
        let is_ours = flow.holder.is_none_or(|holder| self.vpc_of(holder).is_none_or(|home| home == vpc));
        if !is_ours {
            if flow.memories.iter().any(|it| matches!(it, Memory::Router(_))) {
                return Self::unknown(flow, "whether an appliance on the way changes the source address");
            }
            let text = format!("`{}` takes nothing that another network has sent", peering.name.text());
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
        Path::all_after(paths, hop)
    }

    /// In from what stands on premises, by a VPN gateway of the VPC.
    pub(in crate::reach) fn enter_from_premises(&self, flow: &Flow, interface: Id<NetworkInterface>) -> Vec<Path> {
        let Some(vpc) = self.vpc_of(interface) else { return Self::unknown(flow, self.why_nowhere(interface)) };
        let is_here = |gateway: &&VpnGateway| gateway.attachment.vpc() == Some(vpc);
        let Some(gateway) = self.network.vpn_gateways.iter().map(|(_, it)| it).find(is_here) else {
            if self.leads_out_of_code(vpc) {
                return Self::unknown(flow, "by which gateway it comes in");
            }
            let name = &self.network.vpcs[vpc].name;
            let text = format!("`{}` is connected to nothing on premises", name.text());
            return Self::dropped(flow, Code::NoPath, (name, Thing::Other), text);
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
        Path::all_after(paths, hop)
    }

    /// Whether a VPC without a VPN gateway of its own may be connected with what stands on premises all the same: by a
    /// gateway that cannot be told, or by one of those that join several networks.
    fn leads_out_of_code(&self, vpc: Id<Vpc>) -> bool {
        let is_open = |gateway: &VpnGateway| match &gateway.attachment {
            Attachment::To(of) => of.known().is_none(),
            Attachment::Nowhere => false,
            Attachment::Unknown(_) => true,
        };
        let joins = |link: &Link<Vpc>| link.known().is_none_or(|of| of == vpc);
        let leads_far = |target: &NextHop| {
            matches!(
                target,
                NextHop::VpnGateway(_)
                    | NextHop::TransitGateway(_)
                    | NextHop::CoreNetwork(_)
                    | NextHop::LocalGateway(_)
                    | NextHop::OneOf(_)
                    | NextHop::Unknown(_)
            )
        };
        let mut tables = self.network.tables.iter().filter(|(_, table)| table.vpc.known().is_none_or(|of| of == vpc));
        self.network.vpcs[vpc].name.in_code().is_none()
            || self.network.vpn_gateways.iter().any(|(_, it)| is_open(it))
            || self.network.transit_attachments.iter().any(|(_, it)| it.vpc.as_ref().is_some_and(joins))
            || tables.any(|(_, it)| it.others.is_some() || it.routes.iter().any(|route| leads_far(&route.target)))
    }

    pub(super) fn to_premises(&self, flow: &Flow, name: &str) -> Vec<Path> {
        let hop = Self::hop(flow, name, Step::Crossed, Thing::VpnGateway, "leaves for what stands on premises");
        let paths = match (flow.is_reply, flow.source) {
            (true, Source::OnPremises) => self.returned(flow),
            (true, Source::Interface(_) | Source::Subnet(_) | Source::Internet) => {
                Self::end(flow, End::Dropped(Code::AsymmetricReply))
            }
            (false, _) => self.out_to_premises(flow),
        };
        Path::all_after(paths, hop)
    }

    /// It leaves for what stands on premises: who is asked for in a VPC is not there.
    pub(super) fn out_to_premises(&self, flow: &Flow) -> Vec<Path> {
        match flow.target {
            Target::Interface(target) => {
                let name = &self.network.interfaces[target].name;
                let text = format!("`{}` is not on premises", name.text());
                Self::dropped(flow, Code::NoPossibleDestination, (name, Thing::Other), text)
            }
            Target::Addresses | Target::Internet | Target::OnPremises => {
                Self::end(flow, End::Left(Outside::OnPremises))
            }
        }
    }

    pub(super) fn to_service(&self, flow: &Flow, endpoint: Id<Endpoint>) -> Vec<Path> {
        let name = &self.network.endpoints[endpoint].name;
        let hop = Self::hop(flow, name.text(), Step::Crossed, Thing::Service(endpoint), "leaves for the service");
        // The service's own addresses answer nobody on the internet through here.
        let paths = if flow.is_reply {
            Self::unknown(flow, "whether the client is the service")
        } else {
            Self::end(flow, End::Left(Outside::Service(endpoint)))
        };
        Path::all_after(paths, hop)
    }
}
