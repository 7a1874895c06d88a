//! What each device does with a packet that it is handed.

use std::net::IpAddr;

use crate::{
    network::clients,
    walk::{Card, End, Packet, Travel, Turn, Walk},
};

impl Walk<'_> {
    pub(crate) fn through_host(&mut self, host: usize, travel: Travel) -> End {
        if !self.lab.hosts[host].forwards {
            return End::Lost;
        }
        if !self.tracks(host, travel.packet) {
            let onward = Travel { is_nameless: true, ..travel };
            if !self.admits(host, true, &travel) || !self.admits(host, false, &onward) {
                return End::Lost;
            }
        }
        self.tracked.insert((host, travel.packet));
        match travel.turn {
            Turn::Ask => self.passed_on[0].insert(host),
            Turn::Answer => self.passed_on[1].insert(host),
            Turn::Confirm => false,
        };
        self.leave(Card::Host(host), Travel { is_nameless: true, ..travel })
    }

    pub(crate) fn through_nat(&mut self, nat: usize, travel: Travel) -> End {
        if travel.packet.source.is_ipv6() {
            return End::Lost;
        }
        let known = self.translated.iter().find(|(at, inside, _)| *at == nat && *inside == travel.packet);
        let out = match known {
            Some((.., out)) => *out,
            None if travel.turn != Turn::Ask => return End::Lost,
            None => {
                let source = self.lab.nat_address(nat);
                let out = Packet { source, source_port: self.nat_port, ..travel.packet };
                // It gets its own packets back: its own subnet's table leads to it.
                if travel.packet.source == source {
                    return End::Lost;
                }
                self.translated.push((nat, travel.packet, out));
                out
            }
        };
        self.leave(Card::Nat(nat), Travel { packet: out, is_nameless: false, ..travel })
    }

    pub(crate) fn through_firewall(&mut self, at: usize, travel: Travel) -> End {
        match travel.turn {
            Turn::Ask => {
                self.inspected.insert((at, travel.packet), false);
            }
            Turn::Answer => match self.inspected.get_mut(&(at, travel.packet.answer())) {
                Some(is_answered) => *is_answered = true,
                None => return End::Lost,
            },
            Turn::Confirm => {
                if self.inspected.get(&(at, travel.packet)) != Some(&true) {
                    return End::Lost;
                }
            }
        }
        self.leave(Card::Firewall(at), Travel { is_nameless: true, ..travel })
    }

    pub(crate) fn by_internet_gateway(&mut self, vpc: usize, travel: Travel) -> End {
        let Some(card) = self.holder(travel.packet.source).filter(|card| self.vpc_of(*card) == vpc) else {
            return End::Lost;
        };
        if travel.packet.source.is_ipv6() {
            return self.internet(Travel { is_nameless: true, ..travel });
        }
        if is_private(travel.packet.destination) {
            return End::Lost;
        }
        if travel.turn == Turn::Ask && !self.passed_on[0].is_empty() {
            // An appliance on the way may have put its own address in the source's place: both must be public.
            let mut cards = self.passed_on[0].iter().map(|host| Card::Host(*host)).chain([card]);
            if !cards.all(|it| self.vpc_of(it) == vpc && self.public(it).is_some()) {
                return End::Open;
            }
            self.may_be_masked = true;
        }
        match self.public(card) {
            Some(source) => {
                self.internet(Travel { packet: Packet { source, ..travel.packet }, is_nameless: true, ..travel })
            }
            None => End::Lost,
        }
    }

    fn public(&self, card: Card) -> Option<IpAddr> {
        match card {
            Card::Host(at) => self.lab.host_public(at),
            Card::Nat(at) => self.lab.nat_public(at),
            Card::Firewall(_) | Card::Attachment(_) => None,
        }
    }

    pub(crate) fn by_egress_only(&mut self, vpc: usize, travel: Travel) -> End {
        let is_own = self.holder(travel.packet.source).is_some_and(|card| self.vpc_of(card) == vpc);
        if !travel.packet.source.is_ipv6() || !is_own {
            return End::Lost;
        }
        if travel.turn == Turn::Ask {
            self.let_out.insert((vpc, travel.packet));
        } else if !self.let_out.contains(&(vpc, travel.packet)) {
            return End::Lost;
        }
        self.internet(Travel { is_nameless: true, ..travel })
    }

    /// Out there: at a client, or at a gateway of whoever has the address.
    pub(crate) fn internet(&mut self, travel: Travel) -> End {
        let to = travel.packet.destination;
        if clients().any(|client| client == to) {
            return End::Client(travel.packet);
        }
        if to.is_ipv6() {
            let Some(card) = self.holder(to) else { return End::Lost };
            let vpc = self.vpc_of(card);
            if self.let_out.contains(&(vpc, travel.packet.answer())) {
                return self.enter(card, None, travel, true);
            }
            return self.come_in(vpc, travel);
        }
        let hosts = (0..self.lab.hosts.len()).map(Card::Host);
        let all = hosts.chain((0..self.lab.nats.len()).map(Card::Nat));
        let Some(card) = all.into_iter().find(|card| self.public(*card) == Some(to)) else { return End::Lost };
        let destination = match card {
            Card::Host(at) => self.lab.host_addresses(at)[0],
            Card::Nat(at) => self.lab.nat_address(at),
            Card::Firewall(_) | Card::Attachment(_) => return End::Lost,
        };
        self.come_in(self.vpc_of(card), Travel { packet: Packet { destination, ..travel.packet }, ..travel })
    }

    /// In by the internet gateway, and on by its table.
    fn come_in(&mut self, vpc: usize, travel: Travel) -> End {
        let routes = self.lab.vpcs[vpc].edge.clone().unwrap_or_default();
        self.route(&routes, vpc, None, travel)
    }

    /// Only what is of one VPC, and for the other.
    pub(crate) fn by_peering(&mut self, at: usize, vpc: usize, travel: Travel) -> End {
        let (one, other) = self.lab.peerings[at];
        let other = if one == vpc { other } else { one };
        let is_in = |vpc: usize, address: IpAddr| self.lab.vpc_blocks(vpc).iter().any(|block| block.contains(&address));
        if !is_in(vpc, travel.packet.source) || !is_in(other, travel.packet.destination) {
            return End::Lost;
        }
        if let (Some(Card::Nat(nat)), Turn::Ask) = (self.holder(travel.packet.source), travel.turn) {
            self.sent_by_nat.insert((other, travel.packet), nat);
        }
        match self.holder(travel.packet.destination) {
            Some(card) if self.vpc_of(card) == other => self.enter(card, None, travel, true),
            Some(_) | None => End::Lost,
        }
    }

    /// By the attachment's subnet in the sender's zone, the attachment's table, and out in the same zone.
    pub(crate) fn by_transit(&mut self, vpc: usize, from: usize, travel: Travel) -> End {
        let zone = self.lab.subnets[from].zone;
        let Some(attachment) = self.lab.attachment(vpc) else { return End::Lost };
        let Some(entry) = self.lab.attachment_subnet(attachment, zone) else { return End::Lost };
        if !self.list_lets(entry, true, travel.packet) {
            return End::Lost;
        }
        let table = &self.lab.transit_tables[self.lab.attachments[attachment].table];
        let learned = table.learns.iter().flat_map(|attachment| {
            let blocks = self.lab.vpc_blocks(self.lab.attachments[*attachment].vpc).into_iter();
            blocks.map(move |block| (block, 0, Some(*attachment)))
        });
        let written = table.routes.iter().map(|(block, attachment)| (*block, 1, *attachment));
        let fitting = learned.chain(written).filter(|(block, ..)| block.contains(&travel.packet.destination));
        let best = fitting.max_by_key(|(block, class, _)| (block.prefix_len(), *class));
        let Some(to) = best.and_then(|(.., attachment)| attachment) else { return End::Lost };
        let it = &self.lab.attachments[to];
        let question = if travel.turn == Turn::Answer { travel.packet.answer() } else { travel.packet };
        let pinned = self.pinned.get(&(to, question)).copied().filter(|_| it.is_appliance);
        let near = pinned.or_else(|| self.lab.attachment_subnet(to, zone));
        let Some(exit) = near.or(if let [only] = it.subnets.as_slice() { Some(*only) } else { None }) else {
            return End::Open;
        };
        if travel.turn == Turn::Ask {
            self.pinned.insert((to, question), exit);
        }
        self.leave(Card::Attachment(exit), Travel { is_nameless: true, ..travel })
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_private(),
        IpAddr::V6(_) => false,
    }
}
