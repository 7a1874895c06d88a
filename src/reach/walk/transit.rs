//! Through transit gateways: the attachment of the sender's zone, the table of the attachment, the table of the subnet
//! where it comes out. <https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html>

use super::{Flow, Memory, Passed, Source, Target, Walker};
use crate::{
    network::{Direction, Family, Id, Link, Subnet, TransitAttachment, TransitGateway, TransitTable, Vpc, Zone},
    reach::{
        Code, Packets, Side,
        filter::Other,
        path::{Hop, Path, Step, Thing},
        transit_parts::TransitWay,
    },
    value::Truth,
};

impl Walker<'_> {
    pub(super) fn through_transit(
        &self,
        flow: &Flow,
        gateway: Id<TransitGateway>,
        vpc: Id<Vpc>,
        from: Option<Id<Subnet>>,
    ) -> Vec<Path> {
        let name = &self.network.transit_gateways[gateway].name;
        let ours = |it: &TransitAttachment| {
            it.gateway.known() == Some(gateway) && it.vpc.as_ref().and_then(Link::known) == Some(vpc)
        };
        let attachments: Vec<_> = self.network.transit_attachments.iter().filter(|(_, it)| ours(it)).collect();
        let [(id, attachment)] = attachments.as_slice() else {
            return Self::unknown(flow, format!("the attachment of the VPC to `{}`", name.text()));
        };
        let zone = flow.zone_of.map(|it| &self.network.subnets[it].zone);
        let subnets: Vec<Id<Subnet>> = attachment.subnets.iter().filter_map(Link::known).collect();
        let is_whole = attachment.other_subnets.is_none() && subnets.len() == attachment.subnets.len();
        let is_here = |subnet: &Id<Subnet>| match zone {
            Some(zone) => self.network.subnets[*subnet].zone.is_same(zone),
            None => Truth::Unknown,
        };
        let here = Truth::any(subnets.iter().map(is_here)).or(if is_whole { Truth::False } else { Truth::Unknown });
        let entry = subnets.iter().find(|it| is_here(it) == Truth::True).copied();
        let text = format!("`{}` has no subnet in the sender's zone", attachment.name.text());
        let drop = || {
            Self::dropped(flow, Code::TgwRouteAzRestriction, (&attachment.name, Thing::TransitGateway), text.clone())
        };
        let hop = Self::hop(
            flow,
            name.text(),
            Step::Crossed,
            Thing::TransitGateway,
            format!("enters by `{}`", attachment.name.text()),
        );
        let enter = || {
            let onward = |flow: &Flow| self.by_transit_table(flow, *id, zone);
            // The list of the attachment's subnet is passed inwards, by senders of that subnet too.
            // https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
            let paths = match entry {
                Some(subnet) => self.acl(flow, subnet, Direction::In, &onward),
                None => onward(flow),
            };
            Path::all_after(paths, hop.clone())
        };
        match here {
            Truth::True => enter(),
            Truth::False => drop(),
            // A zone that is chosen on apply is one that the attachment has, as far as anybody can tell.
            Truth::Unknown if from.is_none_or(|subnet| subnets.contains(&subnet)) => enter(),
            Truth::Unknown => {
                let why = format!("whether `{}` has a subnet in the sender's zone", attachment.name.text());
                enter().into_iter().chain(drop()).map(|path| path.doubted(&why)).collect()
            }
        }
    }

    fn by_transit_table(&self, flow: &Flow, from: Id<TransitAttachment>, zone: Option<&Zone>) -> Vec<Path> {
        let attachment = &self.network.transit_attachments[from];
        let Some(table) = attachment.table.known() else {
            if attachment.table == Link::nothing(crate::network::transit_table::NO_TABLE) {
                let text = format!("`{}` is associated with no table", attachment.name.text());
                let at = (&attachment.name, Thing::TransitGateway);
                return Self::dropped(flow, Code::TgwAttachMissingTgwRtbAssociation, at, text);
            }
            return Self::unknown(flow, format!("the table of `{}`", attachment.name.text()));
        };
        if flow.passed.iter().filter(|it| **it == Passed::Transit(table)).count() > 2 {
            let name = &self.network.transit_tables[table].name;
            let text = format!("`{}` gets it again and again", name.text());
            return Self::dropped(flow, Code::RoutingLoop, (name, Thing::TransitGateway), text);
        }
        let mut flow = flow.clone();
        flow.passed.push(Passed::Transit(table));
        let mut paths = Vec::new();
        for (onward, packets) in self.transit_split(table, &flow.packets, flow.target) {
            let flow = Flow { packets, ..flow.clone() };
            let is_sure = onward.len() == 1;
            for way in onward {
                let taken = self.out_of_transit(&flow, &way, table, zone);
                let doubted = taken.into_iter().map(|path| {
                    let name = self.network.transit_tables[table].name.text();
                    if is_sure { path } else { path.doubted(&format!("which route of `{name}` is in force")) }
                });
                paths.extend(doubted);
            }
        }
        paths
    }

    fn out_of_transit(&self, flow: &Flow, way: &TransitWay, table: Id<TransitTable>, zone: Option<&Zone>) -> Vec<Path> {
        let name = &self.network.transit_tables[table].name;
        let at = (name, Thing::TransitGateway);
        match way {
            TransitWay::NoRoute => {
                let text = format!("`{}` has no route for it", name.text());
                Self::dropped(flow, Code::TgwRtbNoRouteToTgwAttachment, at, text)
            }
            TransitWay::Blackhole => {
                Self::dropped(flow, Code::TgwRtbBadStateRoute, at, format!("a route of `{}` drops it", name.text()))
            }
            TransitWay::Unknown(why) => Self::unknown(flow, why.clone()),
            TransitWay::By(attachment) => {
                let it = &self.network.transit_attachments[*attachment];
                let text = format!("`{}` sends it to `{}`", name.text(), it.name.text());
                let hop = Hop {
                    place: it.name.label(text.clone()),
                    ..Self::hop(flow, name.text(), Step::Routed, Thing::TransitGateway, text)
                };
                let paths = match it.vpc.as_ref() {
                    Some(Link::Known(vpc)) => self.leave_transit(flow, *attachment, *vpc, zone),
                    Some(Link::OneOf(_) | Link::Gone(_) | Link::Unknown(_)) => {
                        Self::unknown(flow, format!("the VPC of `{}`", it.name.text()))
                    }
                    None if flow.is_reply && flow.source == Source::OnPremises => self.returned(flow),
                    None if it.leads_to_another_gateway => Self::unknown(
                        flow,
                        format!("what the transit gateway beyond `{}` does with it", it.name.text()),
                    ),
                    None => self.out_to_premises(flow),
                };
                Path::all_after(paths, hop)
            }
        }
    }

    /// Comes out of an attachment: in the zone that it came from, if the attachment has a subnet there; in appliance mode,
    /// answers where the question did.
    fn leave_transit(&self, flow: &Flow, id: Id<TransitAttachment>, vpc: Id<Vpc>, zone: Option<&Zone>) -> Vec<Path> {
        let attachment = &self.network.transit_attachments[id];
        let subnets: Vec<Id<Subnet>> = attachment.subnets.iter().filter_map(Link::known).collect();
        let pinned = flow.memories.iter().rev().find_map(|memory| match memory {
            Memory::Attachment(of, subnet) if *of == id => Some(*subnet),
            Memory::Nat { .. }
            | Memory::Ingress(_)
            | Memory::Egress(_)
            | Memory::Middlebox(..)
            | Memory::Router(_)
            | Memory::Balancer(_)
            | Memory::Peering
            | Memory::Attachment(..) => None,
        });
        let keeps = attachment.appliance_mode.is(|it| *it);
        let near: Vec<_> = subnets
            .iter()
            .copied()
            .filter(|it| zone.is_some_and(|zone| self.network.subnets[*it].zone.is_same(zone) == Truth::True))
            .collect();
        let choice = match (keeps, pinned) {
            (Truth::True, Some(subnet)) => vec![subnet],
            (Truth::True, None) | (Truth::False | Truth::Unknown, _) if near.len() == 1 => near,
            (Truth::True | Truth::False | Truth::Unknown, _) => subnets,
        };
        if choice.is_empty() {
            return Self::unknown(flow, format!("the subnets of `{}`", attachment.name.text()));
        }
        let is_sure = choice.len() == 1;
        let mut paths = Vec::new();
        for subnet in choice {
            let mut onward = Flow { is_foreign: false, ..flow.clone() };
            onward.identity = match flow.identity {
                Other::Interface(_) => Other::Stranger,
                other @ (Other::Private | Other::Stranger) => other,
            };
            if !flow.is_reply {
                onward.memories.push(Memory::Attachment(id, subnet));
            }
            let _ = vpc;
            let mut taken = self.leave_subnet(&onward, subnet);
            if !is_sure {
                let why = format!("in which zone `{}` lets it out", attachment.name.text());
                taken = taken.into_iter().map(|path| path.doubted(&why)).collect();
            }
            paths.extend(taken);
        }
        paths
    }

    /// The packets by what a transit gateway's table does with them.
    fn transit_split(
        &self,
        id: Id<TransitTable>,
        packets: &Packets,
        target: Target,
    ) -> Vec<(Vec<TransitWay>, Packets)> {
        let parts = self.resolver.transit_parts(id);
        let home = match target {
            Target::Interface(target) => self.vpc_of(target),
            Target::Addresses | Target::Internet | Target::OnPremises => None,
        };
        let at_home = parts.homes.iter().filter(|(vpc, _)| Some(*vpc) == home).map(|(_, answer)| *answer);
        let at_home: Vec<usize> = at_home.collect();
        let mut split = Vec::new();
        for family in Family::ALL {
            let of_family = packets.of_family(family);
            if of_family.is_empty() {
                continue;
            }
            let wanted = of_family.numbers(Side::Destination);
            for share in parts.of_family(family).iter().filter(|share| share.addresses.meets(&wanted)) {
                let piece = of_family.only(Side::Destination, &share.addresses);
                if !piece.is_empty() {
                    let leads_home = share.home.is_some() && share.home == home;
                    let announced = if leads_home { &[][..] } else { &parts.announced };
                    let mut all: Vec<usize> = share.answers.iter().chain(&at_home).chain(announced).copied().collect();
                    all.sort_unstable();
                    all.dedup();
                    split.push((all.into_iter().map(|at| parts.answers[at].clone()).collect(), piece));
                }
            }
        }
        split
    }
}
