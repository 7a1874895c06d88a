//! What a user names as one end of a way: a resource, an address or a block, or the internet.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    Party, RouteResolver, Space, Traffic, Verdict,
    forwarding::{self, Onward},
    question::{Question, Reachability},
};
use crate::network::{Family, Id, NetworkInterface, Owner, Subnet};

/// A name that stands for nothing that packets come from or go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// There is no such resource.
    Nothing,
    /// It is there, and has no interface that could be shown; this is why.
    NoInterface(String),
}

/// The way between two ends.
#[derive(Clone, Debug)]
pub struct Traced {
    pub from: String,
    pub to: String,
    pub answer: Reachability,
    /// What the other end does with it, where that is a node of a load balancer.
    pub onward: Vec<Onward>,
}

impl Traced {
    /// The verdict on the whole way, to the targets behind a load balancer.
    pub fn verdict(&self) -> Verdict {
        self.answer.verdict().then(forwarding::verdict(&self.onward))
    }
}

impl RouteResolver<'_> {
    /// The ends that a name stands for: an interface in each subnet, where a resource has several.
    pub fn parties(&self, name: &str) -> Result<Vec<Party>, Unnamed> {
        if name == "internet" {
            return Ok(vec![Party::Internet(Space::internet(Family::V4).union(&Space::internet(Family::V6)))]);
        }
        if let Some(block) = block(name) {
            return Ok(self.of_block(block));
        }
        if let Some((_, owner)) = self.network().owners.iter().find(|(_, owner)| owner.name.text() == name) {
            return Self::of_owner(owner);
        }
        let subnet = self.network().subnets.iter().find(|(_, subnet)| subnet.name.text() == name);
        match subnet {
            Some((id, _)) => Ok(vec![self.of_subnet(id)?]),
            None => Err(Unnamed::Nothing),
        }
    }

    /// Every name that [`Self::parties`] knows.
    pub fn party_names(&self) -> Vec<&str> {
        let owners = self.network().owners.iter().map(|(_, owner)| owner.name.text());
        let subnets = self.network().subnets.iter().map(|(_, subnet)| subnet.name.text());
        let mut all: Vec<_> = owners.chain(subnets).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn of_owner(owner: &Owner) -> Result<Vec<Party>, Unnamed> {
        if owner.interfaces.is_empty() {
            let why = owner.others.clone().unwrap_or_else(|| "it has none".to_owned());
            return Err(Unnamed::NoInterface(why));
        }
        Ok(owner.interfaces.iter().map(|it| Party::Interface(*it)).collect())
    }

    fn of_subnet(&self, id: Id<Subnet>) -> Result<Party, Unnamed> {
        let subnet = &self.network().subnets[id];
        let known = Family::ALL.into_iter().filter_map(|family| subnet.block_of(family)?.get().copied());
        let space = Space::of(known);
        if space.is_empty() {
            return Err(Unnamed::NoInterface("its addresses are not known before apply".to_owned()));
        }
        Ok(Party::Subnet(id, space))
    }

    /// Of public addresses, whoever has them on the internet; of others, the one interface that has it, the subnets that
    /// they are in, or else what stands on premises.
    fn of_block(&self, block: IpNet) -> Vec<Party> {
        let space = Space::of([block]);
        let public = space.intersection(&Space::internet(Family::of(block)));
        if !public.is_empty() {
            return vec![Party::Internet(public)];
        }
        let has_it =
            |it: &NetworkInterface| it.addresses.iter().any(|own| own.get().copied().map(IpNet::from) == Some(block));
        let owners: Vec<_> = self.network().interfaces.iter().filter(|(_, it)| has_it(it)).collect();
        if let [(owner, _)] = owners.as_slice() {
            return vec![Party::Interface(*owner)];
        }
        let mut parties = Vec::new();
        for (id, subnet) in &self.network().subnets {
            let known = subnet.block_of(Family::of(block)).and_then(|it| it.get().copied());
            let here = Space::of(known).intersection(&space);
            if !here.is_empty() {
                parties.push(Party::Subnet(id, here));
            }
        }
        if parties.is_empty() { vec![Party::OnPremises(space)] } else { parties }
    }

    /// How an end is called.
    pub fn party_name(&self, party: &Party) -> String {
        let network = self.network();
        let of_subnet = |id: Id<Subnet>| network.subnets[id].name.text();
        match party {
            Party::Interface(id) => {
                let interface = &network.interfaces[*id];
                let others = interface.owner.map_or(1, |owner| network.owners[owner].interfaces.len());
                match interface.subnet.known().filter(|_| others != 1) {
                    Some(subnet) => format!("{} in {}", interface.name.text(), of_subnet(subnet)),
                    None => interface.name.text().to_owned(),
                }
            }
            Party::Internet(space) if is_whole(space) => "internet".to_owned(),
            Party::Internet(space) | Party::OnPremises(space) => blocks(space),
            Party::Subnet(id, space) => format!("{} in {}", blocks(space), of_subnet(*id)),
        }
    }

    /// Follows packets between every two of these ends.
    pub fn trace_between(&self, from: &[Party], to: &[Party], traffic: &Traffic) -> Vec<Traced> {
        let mut all = Vec::new();
        for from in from {
            for to in to.iter().filter(|to| *to != from) {
                let question =
                    Question { from: self.as_far_as(from, to), to: self.as_far_as(to, from), traffic: traffic.clone() };
                let answer = self.reach_strictly(&question);
                let onward = match to {
                    Party::Interface(node) => self.onward(*node, traffic, &answer),
                    Party::Internet(_) | Party::Subnet(..) | Party::OnPremises(_) => Vec::new(),
                };
                all.push(Traced { from: self.party_name(from), to: self.party_name(to), answer, onward });
            }
        }
        all
    }

    /// The internet, in the families that the other end has addresses of.
    fn as_far_as(&self, party: &Party, other: &Party) -> Party {
        match (party, other) {
            (Party::Internet(space), Party::Interface(interface)) if !self.has_ipv6(*interface) => {
                Party::Internet(space.of_family(Family::V4))
            }
            _ => party.clone(),
        }
    }

    fn has_ipv6(&self, interface: Id<NetworkInterface>) -> bool {
        self.network().interfaces[interface].ipv6.certain()
    }
}

/// The verdict on several ways: that on the worst of them.
pub fn worst(traced: &[Traced]) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Reachable => 0,
        Verdict::Unreachable => 1,
        Verdict::Unknown => 2,
        Verdict::OneWay => 3,
    };
    traced.iter().map(Traced::verdict).max_by_key(rank).unwrap_or(Verdict::Unreachable)
}

/// Whether it is the whole internet, of one family or of both.
fn is_whole(space: &Space) -> bool {
    let of = |family| space.of_family(family);
    Family::ALL.into_iter().all(|family| of(family).is_empty() || of(family) == Space::internet(family))
}

fn block(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse::<IpNet>().ok().map(|block| block.trunc()).or_else(address)
}

fn blocks(space: &Space) -> String {
    let blocks: Vec<_> = space.blocks().iter().map(ToString::to_string).collect();
    blocks.join(", ")
}
