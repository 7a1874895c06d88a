//! The way back: whether a load balancer's answers leave by the internet gateway that its clients came in by.

use ipnet::IpNet;

use super::{Answer, Part, Parts, RouteResolver, Space};
use crate::{
    finding::Label,
    network::{
        AddressType, Family, Id, Link, LoadBalancer, LoadBalancerKind, NextHop, Peer, Protocol, RouteTable,
        SecurityRule, State, Subnet,
    },
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

/// Clients on the internet that a load balancer's security groups admit.
#[derive(Clone, Debug)]
struct Clients {
    certain: Space,
    possible: Space,
}

/// What one answer does with a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    Back,
    Elsewhere,
    Nowhere,
    Unknown(String),
}

impl RouteResolver<'_> {
    /// How the nodes of a load balancer answer clients on the internet; `None` for one that has none there.
    pub fn replies(&self, load_balancer: &LoadBalancer) -> Option<Replies> {
        if load_balancer.kind.get() == Some(&LoadBalancerKind::Gateway)
            || load_balancer.is_internal.is(|it| *it) == Truth::True
        {
            return None;
        }
        let fewest = load_balancer.kind.get().map_or(1, |kind| kind.fewest_nodes());
        let nodes = &load_balancer.nodes;
        let clients = Family::ALL.map(|family| self.clients(load_balancer, family));
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
    fn reply(&self, load_balancer: &LoadBalancer, subnets: &[Id<Subnet>], clients: &[Clients; 2]) -> Reply {
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
            let replies = families.iter().map(|family| {
                let clients = &clients[usize::from(*family == Family::V6)];
                self.reply_of(*subnet, *family, clients)
            });
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
        let parts = self.parts_of(subnet);
        let clients = self.without_own(subnet, clients);
        let bulk = parts.bulk(family);
        let bulk_key = parts.key(&bulk);
        let bulk_way = self.way(&parts, &bulk, subnet);
        let (mut bad, mut open, mut of_bulk) = (Vec::new(), Vec::new(), Vec::new());
        let mut why = None;
        let mut faults: Vec<&Part> = Vec::new();
        for part in parts.of_family(family) {
            let range = (part.first, part.last);
            if parts.key(&part.answers) == bulk_key {
                of_bulk.push(range);
            }
            match self.way(&parts, &part.answers, subnet) {
                Way::Back => (),
                Way::Elsewhere | Way::Nowhere => {
                    bad.push(range);
                    faults.push(part);
                }
                Way::Unknown(unknown) => {
                    // The reason that stands in most of the internet's way is the one to tell.
                    if why.is_none() || parts.key(&part.answers) == bulk_key {
                        why = Some(unknown);
                    }
                    open.push(range);
                }
            }
        }
        let [bad, open, of_bulk] = [bad, open, of_bulk].map(|ranges| Space::of_ranges(family, ranges));
        let lost = bad.intersection(&clients.certain);
        let fault = |answers: &[usize]| self.fault(&parts, answers, subnet, family);
        match bulk_way {
            Way::Elsewhere if !of_bulk.intersection(&lost).is_empty() => return Reply::Elsewhere(fault(&bulk)),
            Way::Nowhere if !of_bulk.intersection(&lost).is_empty() => return Reply::Nowhere(fault(&bulk)),
            Way::Back | Way::Elsewhere | Way::Nowhere if !lost.is_empty() => {
                let is_hit =
                    |part: &&Part| !Space::of_ranges(family, [(part.first, part.last)]).intersection(&lost).is_empty();
                let hit = faults.into_iter().filter(is_hit);
                let answers: Vec<usize> = hit.flat_map(|part| part.answers.iter().copied()).collect();
                return Reply::Partly(fault(&answers), lost.blocks());
            }
            Way::Back | Way::Elsewhere | Way::Nowhere | Way::Unknown(_) => (),
        }
        if !open.intersection(&clients.possible).is_empty() {
            return Reply::Unknown(why.unwrap_or_else(|| "a route is not known".to_owned()));
        }
        if !bad.intersection(&clients.possible).is_empty() {
            return Reply::Unknown("which clients its security groups admit".to_owned());
        }
        Reply::Returns
    }

    /// What `answers` do with a reply; where they do not agree, that is not known.
    fn way(&self, parts: &Parts, answers: &[usize], subnet: Id<Subnet>) -> Way {
        let mut ways = parts.distinct(answers).map(|answer| self.way_of(answer, subnet));
        let Some(mut way) = ways.next() else { return Way::Unknown("no answer".to_owned()) };
        for other in ways {
            way = match (way, other) {
                (unknown @ Way::Unknown(_), _) | (_, unknown @ Way::Unknown(_)) => return unknown,
                (Way::Back, Way::Back) => Way::Back,
                (Way::Nowhere, Way::Nowhere) => Way::Nowhere,
                (Way::Elsewhere | Way::Nowhere, Way::Elsewhere | Way::Nowhere) => Way::Elsewhere,
                (Way::Back, _) | (_, Way::Back) => {
                    return Way::Unknown("which of several routes is in force".to_owned());
                }
            };
        }
        way
    }

    fn way_of(&self, answer: &Answer, subnet: Id<Subnet>) -> Way {
        let Some(target) = &answer.target else { return Way::Nowhere };
        match &answer.state {
            State::Blackhole(_) => return Way::Nowhere,
            State::Unknown(why) if matches!(target, NextHop::InternetGateway(_) | NextHop::Unknown(_)) => {
                return Way::Unknown(why.clone());
            }
            State::Active | State::Unknown(_) => (),
        }
        match target {
            NextHop::Local | NextHop::InternetGateway(_) | NextHop::GatewayEndpoint(_) => Way::Back,
            NextHop::EgressOnlyGateway(_)
            | NextHop::Nat(_)
            | NextHop::VpnGateway(_)
            | NextHop::TransitGateway(_)
            | NextHop::Peering(_)
            | NextHop::CoreNetwork(_) => Way::Elsewhere,
            NextHop::Interface(_) | NextHop::Instance(_) | NextHop::Endpoint(_) => match self.is_paired(subnet) {
                Truth::True => Way::Back,
                Truth::False => Way::Elsewhere,
                Truth::Unknown => Way::Unknown("which way the gateway delivers what comes in".to_owned()),
            },
            NextHop::CarrierGateway(_) | NextHop::LocalGateway(_) => {
                Way::Unknown("a carrier's or a local gateway leads on".to_owned())
            }
            NextHop::Gone(_) => Way::Nowhere,
            NextHop::OneOf(hops) => {
                let each = hops.iter().map(|hop| {
                    let answer = Answer { target: Some(hop.clone()), state: answer.state.clone(), route: None };
                    self.way_of(&answer, subnet)
                });
                let each: Vec<_> = each.collect();
                match each.as_slice() {
                    [first, rest @ ..] if rest.iter().all(|way| way == first) => first.clone(),
                    _ => Way::Unknown("which target a route has".to_owned()),
                }
            }
            NextHop::Unknown(unknown) => Way::Unknown(unknown.to_string()),
        }
    }

    /// Whether what comes in from the internet passes a middlebox on its way to `subnet`: then answers must, too.
    fn is_paired(&self, subnet: Id<Subnet>) -> Truth {
        let network = self.network;
        let it = &network.subnets[subnet];
        let Some(vpc) = it.vpc.known() else { return Truth::Unknown };
        let tables = network.vpcs[vpc]
            .internet_gateways
            .iter()
            .filter_map(|&id| network.internet_gateways[id].edge_table.as_ref());
        let mut answer = Truth::False;
        for table in tables {
            answer = answer.or(self.delivers_by_middlebox(table, it));
        }
        answer.or(if network.has_open_edge(vpc) { Truth::Unknown } else { Truth::False })
    }

    fn delivers_by_middlebox(&self, table: &Link<RouteTable>, subnet: &Subnet) -> Truth {
        let (Some(table), Some(Some(block))) = (table.known(), subnet.block.as_ref().map(|block| block.get())) else {
            return Truth::Unknown;
        };
        let parts = self.parts(table);
        let answers: Vec<_> = parts.distinct(&parts.at(block.network()).answers).collect();
        let is_middlebox = |answer: &&Answer| {
            matches!(answer.target, Some(NextHop::Interface(_) | NextHop::Instance(_) | NextHop::Endpoint(_)))
        };
        match answers.as_slice() {
            [answer] => match answer.target {
                Some(NextHop::Unknown(_) | NextHop::OneOf(_)) => Truth::Unknown,
                _ => Truth::from(is_middlebox(answer)),
            },
            _ => Truth::Unknown,
        }
    }

    fn fault(&self, parts: &Parts, answers: &[usize], subnet: Id<Subnet>, family: Family) -> Fault {
        let mut next_hops: Vec<String> = Vec::new();
        // In the order in which the answer meets them.
        let zone = self.network.subnets[subnet].zone.text().map_or_else(String::new, |zone| format!(", in {zone}"));
        let stands = format!("a node stands in this subnet{zone}");
        let mut labels: Vec<_> = self.network.subnets[subnet].name.label(stands).into_iter().collect();
        for answer in parts.distinct(answers) {
            if answer.target.is_some() {
                let name = self.describe(answer);
                let text = match &answer.state {
                    State::Blackhole(why) => format!("answers go to {name} by this route, but {why}"),
                    State::Active | State::Unknown(_) => format!("answers go to {name} by this route"),
                };
                labels.extend(self.label(answer, text));
                next_hops.push(name);
            }
        }
        Fault { family, next_hops, labels }
    }

    /// Clients are not in the VPC itself.
    fn without_own(&self, subnet: Id<Subnet>, clients: &Clients) -> Clients {
        let vpc = self.network.subnets[subnet].vpc.known();
        let own = Space::of(vpc.into_iter().flat_map(|vpc| self.network.vpcs[vpc].known_blocks()));
        Clients { certain: clients.certain.difference(&own), possible: clients.possible.difference(&own) }
    }

    /// Who on the internet may reach the listeners.
    fn clients(&self, load_balancer: &LoadBalancer, family: Family) -> Clients {
        let internet = Space::internet(family);
        let Some(groups) = &load_balancer.groups else {
            return Clients { certain: internet.clone(), possible: internet };
        };
        if groups.links.is_empty() {
            let certain = if groups.others.is_some() { Space::default() } else { internet.clone() };
            return Clients { certain, possible: internet };
        }
        let mut certain = Vec::new();
        let mut possible = Vec::new();
        let mut is_open = groups.others.is_some();
        for link in &groups.links {
            let Some(group) = link.known() else {
                is_open = true;
                continue;
            };
            let group = &self.network.security_groups[group];
            is_open |= group.other_ingress.is_some();
            for rule in &group.ingress {
                let admits = admits(rule, load_balancer);
                if !admits.possible() {
                    continue;
                }
                let is_certain = admits.certain() && rule.is_certain;
                for source in &rule.peers {
                    let (blocks, is_whole) = self.blocks_of(source);
                    is_open |= !is_whole;
                    if is_certain { &mut certain } else { &mut possible }.extend(blocks);
                }
            }
        }
        let certain = Space::of(certain).intersection(&internet);
        let possible = if is_open { internet } else { Space::of(possible).intersection(&internet).union(&certain) };
        Clients { certain, possible }
    }

    /// The known blocks of a source, and whether they are all.
    fn blocks_of(&self, source: &Peer) -> (Vec<IpNet>, bool) {
        match source {
            Peer::Block(block) => (vec![*block], true),
            Peer::PrefixList(list) => {
                let list = &self.network.prefix_lists[*list];
                (list.blocks.clone(), list.others.is_none())
            }
            Peer::Group(_) => (Vec::new(), true),
            Peer::Unknown(_) => (Vec::new(), false),
        }
    }
}

/// Whether a rule admits what comes to a listener; without known listeners, to any port.
fn admits(rule: &SecurityRule, load_balancer: &LoadBalancer) -> Truth {
    if load_balancer.listeners.is_empty() {
        return rule.admits_some_port();
    }
    let of = |port: i64, protocol: Option<Protocol>| {
        if let Some(protocol) = protocol {
            return rule.admits(port, protocol);
        }
        let (tcp, udp) = (rule.admits(port, Protocol::Tcp), rule.admits(port, Protocol::Udp));
        if tcp == udp { tcp } else { Truth::Unknown }
    };
    Truth::any(load_balancer.listeners.iter().map(|listener| match listener.port.get() {
        Some(port) => of(*port, listener.protocol),
        None => Truth::Unknown,
    }))
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
