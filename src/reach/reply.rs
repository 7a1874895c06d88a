//! The way back: whether a load balancer's answers leave by the internet gateway that its clients came in by.

use ipnet::IpNet;

use super::{
    Answer, Packets, Path, Ranges, RouteResolver, Side, Space, Thing,
    clients::Clients,
    filter::Other,
    packets::{TCP, UDP},
    path::{End, Hop},
    walk::{EPHEMERAL, Flow, Source, Target, Walker, stand_in},
};
use crate::{
    finding::Label,
    network::{AddressType, Family, Id, Link, LoadBalancer, LoadBalancerKind, NextHop, State, Subnet},
    value::Truth,
};

/// How the nodes of a load balancer answer.
#[derive(Clone, Debug)]
pub struct Replies {
    pub nodes: Vec<NodeReply>,
    /// There may be other nodes, and this is why.
    pub others: Option<String>,
    /// The fewest nodes that there are.
    pub fewest: usize,
}

/// How one node answers.
#[derive(Clone, Debug)]
pub struct NodeReply {
    /// The subnets it may be in: one where that is known.
    pub subnets: Vec<Id<Subnet>>,
    /// False where an unknown decides whether there is such a node.
    pub is_certain: bool,
    pub reply: Reply,
}

/// What becomes of answers to clients on the internet.
#[derive(Clone, Debug)]
pub enum Reply {
    /// They go back the way that the clients came.
    Returns,
    /// Most go another way.
    Elsewhere(Fault),
    /// Most go nowhere.
    Nowhere(Fault),
    /// Those to these clients, and only those, go another way or nowhere.
    Partly(Fault, Vec<IpNet>),
    Unknown(String),
}

/// What shows that answers do not go back.
#[derive(Clone, Debug)]
pub struct Fault {
    pub family: Family,
    /// The next hops, as messages name them.
    pub next_hops: Vec<String>,
    pub labels: Vec<Label>,
}

/// What becomes of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    Back,
    Elsewhere,
    Nowhere,
    Unknown(String),
}

/// The clients by what becomes of the answers to them: in several, where an unknown decides.
#[derive(Default)]
struct Ways {
    back: Space,
    elsewhere: Space,
    nowhere: Space,
    unknown: Space,
}

impl RouteResolver<'_> {
    /// How the nodes of a load balancer answer clients on the internet; `None` for one that has none there.
    pub(super) fn find_replies(&self, load_balancer: &LoadBalancer) -> Option<Replies> {
        if load_balancer.kind.get() == Some(&LoadBalancerKind::Gateway)
            || load_balancer.is_internal.is(|it| *it) == Truth::True
        {
            return None;
        }
        let fewest = load_balancer.kind.get().map_or(1, |kind| kind.fewest_nodes());
        let nodes = &load_balancer.nodes;
        let clients = self.clients(load_balancer);
        let of = |link: &Link<Subnet>, is_certain| {
            let subnets = link.candidates().unwrap_or_default().to_vec();
            let reply = self.reply(load_balancer, &subnets, &clients);
            NodeReply { subnets, is_certain, reply }
        };
        let certain = nodes.certain.iter().map(|link| of(link, true));
        let possible = nodes.possible.iter().map(|link| of(link, false));
        Some(Replies {
            nodes: certain.chain(possible).collect(),
            others: nodes.others.clone(),
            fewest: fewest.max(nodes.certain.len()),
        })
    }

    /// How a node in one of `subnets` answers.
    fn reply(&self, load_balancer: &LoadBalancer, subnets: &[Id<Subnet>], clients: &Clients) -> Reply {
        if let Some(why) = load_balancer.is_internal.why_unknown() {
            return Reply::Unknown(format!("whether it is internal: {why}"));
        }
        let families: &[Family] = match load_balancer.addresses.get() {
            None => return Reply::Unknown("which families of addresses it serves".to_owned()),
            Some(AddressType::Ipv4) => &[Family::V4],
            Some(AddressType::Dualstack) => &Family::ALL,
            Some(AddressType::DualstackWithoutPublicIpv4) => &[Family::V6],
        };
        let of_subnet = |subnet: &Id<Subnet>| {
            let replies = families.iter().map(|family| self.reply_of(*subnet, *family, clients));
            replies.max_by_key(Reply::weight).unwrap_or(Reply::Returns)
        };
        let mut replies: Vec<_> = subnets.iter().map(of_subnet).collect();
        let Some(first) = replies.pop() else { return Reply::Unknown("its subnet is not known".to_owned()) };
        let broken = |reply: &Reply| matches!(reply, Reply::Elsewhere(_) | Reply::Nowhere(_));
        if replies.iter().all(|reply| reply.weight() == first.weight() && !matches!(reply, Reply::Partly(..))) {
            return first;
        }
        if broken(&first) && replies.iter().all(broken) {
            return replies.into_iter().chain([first]).max_by_key(Reply::weight).unwrap_or(Reply::Returns);
        }
        Reply::Unknown("which subnet the node is in".to_owned())
    }

    fn reply_of(&self, subnet: Id<Subnet>, family: Family, clients: &Clients) -> Reply {
        let stand = self.stand(subnet, family, clients);
        if stand.as_ref().is_some_and(|stand| self.replies.returns(stand)) {
            return Reply::Returns;
        }
        let clients = self.without_own(subnet, &clients.within(&Space::internet(family)));
        let paths = self.answers_to(subnet, &clients.possible);
        let ways = Ways::of(&paths, |path| self.way(path, subnet));
        let bulk = self.bulk_of(subnet, family);
        // What fares otherwise in another world is not settled.
        let mixed = ways.lost().intersection(&ways.back);
        let open = ways.unknown.union(&mixed);
        let lost = ways.lost().difference(&open).intersection(&clients.certain);
        let most = lost.intersection(&bulk);
        if !most.is_empty() {
            let fault = self.fault(&paths, &most, subnet, family);
            let is_elsewhere = !ways.elsewhere.intersection(&most).is_empty();
            return if is_elsewhere { Reply::Elsewhere(fault) } else { Reply::Nowhere(fault) };
        }
        if !lost.is_empty() && open.intersection(&bulk).is_empty() {
            return Reply::Partly(self.fault(&paths, &lost, subnet, family), lost.blocks());
        }
        if !open.is_empty() {
            return Reply::Unknown(self.why_open(&paths, &ways, &bulk, subnet));
        }
        if !ways.lost().is_empty() {
            return Reply::Unknown("which clients its security groups admit".to_owned());
        }
        if let Some(stand) = stand {
            self.replies.add_returning(stand);
        }
        Reply::Returns
    }

    /// What becomes of answers that something in a subnet gives to clients on the internet.
    fn answers_to(&self, subnet: Id<Subnet>, clients: &Space) -> Vec<Path> {
        let walker = Walker::new(self);
        let own = walker.known_blocks(subnet);
        // Where its own address lies decides nothing; it may be chosen on apply.
        let own = Family::ALL.into_iter().fold(own.clone(), |space, family| {
            if own.of_family(family).is_empty() { space.union(&stand_in(family)) } else { space }
        });
        let asked = Packets::between(clients, &own)
            .only(Side::Protocol, &Ranges::of([(u128::from(TCP), u128::from(TCP)), (u128::from(UDP), u128::from(UDP))]))
            .only(Side::SourcePort, &Ranges::of([EPHEMERAL]));
        if asked.is_empty() {
            return Vec::new();
        }
        let flow = Flow::new(asked, Source::Internet, (None, Other::Stranger), Target::Addresses);
        walker.enter_subnet(&flow, subnet)
    }

    /// The addresses that fare as most of the internet does.
    fn bulk_of(&self, subnet: Id<Subnet>, family: Family) -> Space {
        let parts = self.parts_of(subnet);
        let key = parts.key(&parts.bulk(family));
        let of_bulk = parts.of_family(family).iter().filter(|part| parts.key(&part.answers) == key);
        Space::of_ranges(family, of_bulk.map(|part| (part.first, part.last)))
    }

    /// The reason that stands in most of the internet's way, or else in some of it.
    fn why_open(&self, paths: &[Path], ways: &Ways, bulk: &Space, subnet: Id<Subnet>) -> String {
        let unknown = |path: &&Path| matches!(self.way(path, subnet), Some(Way::Unknown(_)));
        let most = paths.iter().filter(unknown).find(|path| !clients_of(path).intersection(bulk).is_empty());
        match most.or_else(|| paths.iter().find(unknown)).and_then(|path| self.way(path, subnet)) {
            Some(Way::Unknown(why)) if !ways.unknown.is_empty() => why,
            Some(Way::Back | Way::Elsewhere | Way::Nowhere | Way::Unknown(_)) | None => {
                "which of several routes is in force".to_owned()
            }
        }
    }

    /// What becomes of the answers of a path. The table of the node's own subnet decides, and not what others do later;
    /// what lists drop, or whom they keep out, is no matter of routes.
    fn way(&self, path: &Path, subnet: Id<Subnet>) -> Option<Way> {
        let Some(back) = &path.back else {
            return match &path.end {
                End::Unknown(why) => Some(Way::Unknown(why.clone())),
                End::Delivered(_) | End::Left(_) | End::Returned | End::Dropped(_) => None,
            };
        };
        let Some(answer) = back.hops.iter().find_map(|hop| hop.answer.as_ref()) else {
            return match &back.end {
                End::Unknown(why) => Some(Way::Unknown(why.clone())),
                End::Delivered(_) | End::Left(_) | End::Returned | End::Dropped(_) => None,
            };
        };
        if matches!(answer.state, State::Blackhole(_)) {
            return Some(Way::Nowhere);
        }
        let Some(target) = &answer.target else { return Some(Way::Nowhere) };
        Some(self.way_by(target, path, &back.end, subnet))
    }

    fn way_by(&self, target: &NextHop, path: &Path, end: &End, subnet: Id<Subnet>) -> Way {
        match target {
            NextHop::InternetGateway(_) => match end {
                End::Unknown(why) => Way::Unknown(why.clone()),
                End::Delivered(_) | End::Left(_) | End::Returned | End::Dropped(_) => Way::Back,
            },
            NextHop::Local | NextHop::GatewayEndpoint(_) => Way::Back,
            NextHop::EgressOnlyGateway(_)
            | NextHop::Nat(_)
            | NextHop::VpnGateway(_)
            | NextHop::TransitGateway(_)
            | NextHop::Peering(_)
            | NextHop::CoreNetwork(_) => Way::Elsewhere,
            // Where what comes in passes a middlebox, answers must, too.
            NextHop::Interface(_) | NextHop::Instance(_) | NextHop::Endpoint(_) => match self.is_paired(path, subnet) {
                Truth::True => Way::Back,
                Truth::False => Way::Elsewhere,
                Truth::Unknown => Way::Unknown("which way the gateway delivers what comes in".to_owned()),
            },
            NextHop::CarrierGateway(_) | NextHop::LocalGateway(_) => {
                Way::Unknown("a carrier's or a local gateway leads on".to_owned())
            }
            NextHop::Gone(_) => Way::Nowhere,
            NextHop::OneOf(hops) => {
                let each: Vec<_> = hops.iter().map(|hop| self.way_by(hop, path, end, subnet)).collect();
                match each.as_slice() {
                    [first, rest @ ..] if rest.iter().all(|way| way == first) => first.clone(),
                    _ => Way::Unknown("which target a route has".to_owned()),
                }
            }
            NextHop::Unknown(unknown) => Way::Unknown(unknown.to_string()),
        }
    }

    /// Whether what came in has passed a middlebox.
    fn is_paired(&self, path: &Path, subnet: Id<Subnet>) -> Truth {
        let is_middlebox = |hop: &Hop| matches!(hop.thing, Thing::Middlebox(_) | Thing::Router(_));
        if path.hops.iter().any(is_middlebox) {
            return Truth::True;
        }
        let Some(vpc) = self.network.subnets[subnet].vpc.known() else { return Truth::Unknown };
        let gateways = self.network.vpcs[vpc].internet_gateways.iter();
        let mut tables = gateways.filter_map(|id| self.network.internet_gateways[*id].edge_table.as_ref());
        let block = self.network.subnets[subnet].block_of(Family::V4).and_then(|block| block.get());
        let is_open = self.network.has_open_edge(vpc) || tables.any(|table| table.known().is_none() || block.is_none());
        if is_open { Truth::Unknown } else { Truth::False }
    }

    /// What shows that the answers to some clients are lost.
    fn fault(&self, paths: &[Path], lost: &Space, subnet: Id<Subnet>, family: Family) -> Fault {
        let mut answers: Vec<&Answer> = Vec::new();
        for path in paths.iter().filter(|path| !clients_of(path).intersection(lost).is_empty()) {
            let decided = path.back.iter().flat_map(|back| &back.hops).find_map(|hop| hop.answer.as_ref());
            answers.extend(decided.filter(|answer| !answers.iter().any(|known| known.is_same(answer))));
        }
        let mut next_hops: Vec<String> = Vec::new();
        // In the order in which the answer meets them.
        let subnet = &self.network.subnets[subnet];
        let zone = subnet
            .zone
            .text()
            .map_or_else(String::new, |zone| format!(", in {}", crate::network::zones::in_words(&[zone])));
        let mut labels: Vec<_> = subnet.name.label(format!("a node stands in this subnet{zone}")).into_iter().collect();
        for answer in answers.into_iter().filter(|answer| answer.target.is_some()) {
            let name = self.describe(answer);
            let text = match &answer.state {
                State::Blackhole(why) => format!("answers go to {name} by this route, but {why}"),
                State::Active | State::Unknown(_) => format!("answers go to {name} by this route"),
            };
            labels.extend(self.label(answer, text));
            next_hops.push(name);
        }
        Fault { family, next_hops, labels }
    }

    /// Clients are not in the VPC itself.
    fn without_own(&self, subnet: Id<Subnet>, clients: &Clients) -> Clients {
        let vpc = self.network.subnets[subnet].vpc.known();
        let own = Space::of(vpc.into_iter().flat_map(|vpc| self.network.vpcs[vpc].known_blocks()));
        Clients { certain: clients.certain.difference(&own), possible: clients.possible.difference(&own) }
    }
}

/// The clients of a path.
fn clients_of(path: &Path) -> Space {
    path.packets.space(Side::Source)
}

impl Ways {
    fn of(paths: &[Path], way: impl Fn(&Path) -> Option<Way>) -> Self {
        let mut ways = Self::default();
        for path in paths {
            let Some(way) = way(path) else { continue };
            let space = match way {
                Way::Back => &mut ways.back,
                Way::Elsewhere => &mut ways.elsewhere,
                Way::Nowhere => &mut ways.nowhere,
                Way::Unknown(_) => &mut ways.unknown,
            };
            *space = space.union(&clients_of(path));
        }
        ways
    }

    fn lost(&self) -> Space {
        self.elsewhere.union(&self.nowhere)
    }
}

impl Reply {
    /// The worst counts, and what is known counts more than what is not.
    fn weight(&self) -> u8 {
        match self {
            Self::Returns => 0,
            Self::Unknown(_) => 1,
            Self::Partly(..) => 2,
            Self::Nowhere(_) => 3,
            Self::Elsewhere(_) => 4,
        }
    }
}
