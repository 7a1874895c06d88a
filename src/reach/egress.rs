//! Out of the network: by which public addresses each workload leaves, and by which way it reaches AWS's own services.

use std::{collections::BTreeMap, net::IpAddr};

use rustc_hash::FxHashMap;

use super::{
    Code, Fate, Outside, Party, Path, Question, RouteResolver, Side, Space, Thing, Traffic, Verdict,
    class::{GroupsKey, Told, groups_key, told},
    packets::TCP,
    path::End,
};
use crate::{
    network::{
        Endpoint, EndpointKind, Family, Id, Link, Name, Network, NetworkInterface, NextHop, OwnerKind, PublicAddress,
        RouteTable, Subnet,
    },
    value::Truth,
};

/// How one interface of a workload gets out.
#[derive(Clone, Debug)]
pub struct Egress {
    pub interface: Id<NetworkInterface>,
    /// Its ways to the internet, by the parts of the internet that they lead to.
    pub ways: Vec<Way>,
    pub services: BTreeMap<&'static str, ServiceWay>,
}

/// A way to some of the internet.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    pub family: Family,
    /// The part of the internet, where it is not all of it.
    pub to: Option<Space>,
    pub by: By,
    /// False where an unknown decides.
    pub is_certain: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum By {
    /// It leaves by this: a NAT gateway, or its own address; the servers see these addresses.
    Addresses {
        through: Option<Thing>,
        name: String,
        addresses: Vec<EgressAddress>,
    },
    /// There is no way, and this is why.
    Nothing(Option<Code>, String),
    Unknown(String),
}

/// A public address that packets leave from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EgressAddress {
    /// A fixed one: its resource, and the address where it is known.
    Fixed {
        name: String,
        address: Option<String>,
    },
    /// One that changes, or is not fixed: this is why.
    Changing(String),
    Unknown(String),
}

/// The way to a service of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceWay {
    Endpoint(String),
    Internet,
    /// It does not get there: there is no endpoint, and no way to the internet.
    Nothing,
    Unknown(String),
}

/// Services that workloads need to start, to log and to read their secrets: what tells each by its endpoint's name.
pub const SERVICES: [(&str, &str); 9] = [
    ("dynamodb", ".dynamodb"),
    ("ecr.api", ".ecr.api"),
    ("ecr.dkr", ".ecr.dkr"),
    ("kms", ".kms"),
    ("logs", ".logs"),
    ("s3", ".s3"),
    ("secretsmanager", ".secretsmanager"),
    ("ssm", ".ssm"),
    ("sts", ".sts"),
];

/// What decides how an interface gets out: those with one key fare alike.
pub(super) type Key = (Option<Id<Subnet>>, Option<OwnerKind>, OwnKey);

/// The same, with a number for what is the interface's own.
type Numbered = (Option<Id<Subnet>>, Option<OwnerKind>, usize);

/// What of an interface itself decides it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct OwnKey {
    groups: Option<GroupsKey>,
    /// Its own address is its own.
    public: Option<Id<NetworkInterface>>,
    /// Why it has none.
    why: String,
    ipv6: Truth,
    addresses: Vec<Told<IpAddr>>,
}

impl RouteResolver<'_> {
    /// How every interface of every workload gets out, in the order of the code.
    pub fn egress(&self) -> Vec<Egress> {
        let network = self.network();
        let owners = network.owners.iter().filter(|(_, owner)| owner.kind.is_workload());
        let interfaces: Vec<_> = owners.flat_map(|(_, owner)| owner.interfaces.iter().copied()).collect();
        let classes = self.classes(interfaces.iter().copied()).by_member();
        let mut of_class: FxHashMap<(usize, Option<Id<RouteTable>>, usize), Egress> = FxHashMap::default();
        let mut known: FxHashMap<Numbered, Egress> = FxHashMap::default();
        let mut numbers: FxHashMap<OwnKey, usize> = FxHashMap::default();
        let mut all = Vec::new();
        for interface in interfaces {
            let (subnet, kind, own) = self.fares_as(interface);
            let next = numbers.len();
            let own = *numbers.entry(own).or_insert(next);
            // Of those in one class, each table of its own is told by its own name.
            let table = subnet.and_then(|subnet| self.table(subnet));
            let alike = of_class.get(&(classes[&interface], table, own));
            let egress = if let Some(egress) = alike.or_else(|| known.get(&(subnet, kind, own))) {
                egress.clone()
            } else {
                let egress = self.egress_of(interface);
                if !self.names_itself(&egress) {
                    of_class.insert((classes[&interface], table, own), egress.clone());
                }
                known.insert((subnet, kind, own), egress.clone());
                egress
            };
            all.push(Egress { interface, ..egress });
        }
        all
    }

    /// Whether it tells of the interface or of its own subnet, as others that fare alike cannot.
    fn names_itself(&self, egress: &Egress) -> bool {
        let it = &self.network().interfaces[egress.interface];
        let subnet = it.subnet.known().map(|subnet| self.network().subnets[subnet].name.text());
        let names: Vec<&str> = std::iter::once(it.name.text()).chain(subnet).collect();
        let of_way = |way: &Way| match &way.by {
            By::Addresses { name, .. } => names.contains(&name.as_str()),
            By::Nothing(_, text) | By::Unknown(text) => names.iter().any(|name| text.contains(name)),
        };
        let of_service = |way: &ServiceWay| match way {
            ServiceWay::Unknown(text) => names.iter().any(|name| text.contains(name)),
            ServiceWay::Endpoint(_) | ServiceWay::Internet | ServiceWay::Nothing => false,
        };
        egress.ways.iter().any(of_way) || egress.services.values().any(of_service)
    }

    /// How one interface gets out.
    pub fn egress_of(&self, interface: Id<NetworkInterface>) -> Egress {
        let families =
            if self.network().interfaces[interface].ipv6.certain() { &Family::ALL[..] } else { &Family::ALL[..1] };
        let ways: Vec<Way> = families.iter().flat_map(|family| self.ways(interface, *family)).collect();
        let services = SERVICES.iter().map(|(name, suffix)| (*name, self.service(interface, suffix, &ways)));
        Egress { interface, services: services.collect(), ways }
    }

    /// What decides how an interface gets out.
    pub(super) fn fares_as(&self, interface: Id<NetworkInterface>) -> Key {
        let it = &self.network().interfaces[interface];
        let kind = it.owner.map(|owner| self.network().owners[owner].kind);
        let (public, why) = match &it.public {
            PublicAddress::None(why) | PublicAddress::Unknown(why) => (None, why.clone()),
            PublicAddress::Elastic(_) | PublicAddress::Assigned(_) | PublicAddress::Service(_) => {
                (Some(interface), String::new())
            }
        };
        let groups = it.groups.as_ref().map(groups_key);
        let addresses = it.addresses.iter().map(told).collect();
        (it.subnet.known(), kind, OwnKey { groups, public, why, ipv6: it.ipv6, addresses })
    }

    fn ways(&self, interface: Id<NetworkInterface>, family: Family) -> Vec<Way> {
        let internet = Space::internet(family);
        let question = Question {
            from: Party::Interface(interface),
            to: Party::Internet(internet.clone()),
            traffic: Traffic::to_port(TCP, 443),
        };
        let answer = self.reach(&question);
        let mut ways: Vec<Way> = Vec::new();
        for path in &answer.paths {
            let to = path.packets.of_family(family).space(Side::Destination);
            // Addresses that a VPC has taken for itself are no part of the internet.
            if to.is_empty() || path.code() == Some(Code::NoPossibleDestination) {
                continue;
            }
            let by = match (self.by(path), &path.doubt) {
                (By::Nothing(..) | By::Unknown(_), Some(why)) => By::Unknown(why.clone()),
                (by, _) => by,
            };
            let is_certain = path.doubt.is_none();
            match ways.iter_mut().find(|way| way.by == by && way.is_certain == is_certain) {
                Some(way) => way.to = way.to.take().map(|known| known.union(&to)),
                None => ways.push(Way { family, to: Some(to), by, is_certain }),
            }
        }
        // Of what may be or not, the way out is told; where there is none, why that is not known.
        let perhaps = |way: &Way| !way.is_certain && matches!(way.by, By::Addresses { .. });
        let has_perhaps = ways.iter().any(perhaps);
        ways.retain(|way| way.is_certain || !has_perhaps || perhaps(way));
        for way in &mut ways {
            way.to = way.to.take().filter(|to| *to != internet);
        }
        ways
    }

    fn by(&self, path: &Path) -> By {
        match (path.fate(), &path.end) {
            (Fate::Answered, End::Left(Outside::Internet(holder))) => {
                let through = path.hops.iter().map(|hop| hop.thing).rfind(|it| matches!(it, Thing::Nat(_)));
                let (name, addresses) = match (through, holder) {
                    (Some(Thing::Nat(nat)), _) => {
                        let nat = &self.network().nat_gateways[nat];
                        (nat.name.text().to_owned(), self.nat_addresses(nat))
                    }
                    (_, Some(holder)) => {
                        let it = &self.network().interfaces[*holder];
                        let is_v6 = path.packets.products().iter().all(|it| it.family == Family::V6);
                        let addresses = if is_v6 {
                            vec![EgressAddress::Changing("its own IPv6 address".to_owned())]
                        } else {
                            addresses(self.network(), &it.public)
                        };
                        (it.name.text().to_owned(), addresses)
                    }
                    (_, None) => return By::Unknown("by which address it leaves".to_owned()),
                };
                By::Addresses { through, name, addresses }
            }
            (Fate::Answered, End::Left(Outside::OnPremises)) => {
                By::Unknown("what stands on premises may lead to the internet".to_owned())
            }
            (Fate::Answered | Fate::Unknown, _) => {
                By::Unknown(path.why_unknown().unwrap_or("where it ends").to_owned())
            }
            (Fate::OneWay | Fate::Blocked, _) => {
                let back = path.back.as_ref().filter(|_| path.fate() == Fate::OneWay).map(|back| &back.hops);
                let last = back.unwrap_or(&path.hops).last();
                By::Nothing(path.code(), last.map(|hop| hop.text.clone()).unwrap_or_default())
            }
        }
    }

    fn nat_addresses(&self, nat: &crate::network::NatGateway) -> Vec<EgressAddress> {
        let all: Vec<_> = nat.addresses.iter().map(|link| fixed(self.network(), link)).collect();
        if all.is_empty() {
            return vec![EgressAddress::Changing("AWS gives it addresses".to_owned())];
        }
        all
    }

    /// By which way an interface reaches a service whose endpoints' names end so.
    fn service(&self, interface: Id<NetworkInterface>, suffix: &str, ways: &[Way]) -> ServiceWay {
        let network = self.network();
        let Some(subnet) = network.interfaces[interface].subnet.known() else {
            return ServiceWay::Unknown("its subnet is not known".to_owned());
        };
        if let Some(name) = self.gateway_endpoint(subnet, suffix) {
            return ServiceWay::Endpoint(name);
        }
        let vpc = network.subnets[subnet].vpc.known();
        let is_here = |endpoint: &&Endpoint| {
            endpoint.kind == EndpointKind::Interface && endpoint.vpc.known().is_some() && endpoint.vpc.known() == vpc
        };
        let mut unknown = self.unclear_gateway_endpoint(subnet);
        for (_, endpoint) in network.endpoints.iter().filter(|(_, it)| is_here(it)) {
            match endpoint.service.get() {
                Some(service) if !service.ends_with(suffix) => continue,
                Some(_) => (),
                None => {
                    unknown = Some(format!("which service `{}` is for", endpoint.name.text()));
                    continue;
                }
            }
            if !endpoint.private_dns.is(|it| *it).possible() {
                continue;
            }
            match self.reaches_owner(interface, &endpoint.name) {
                Verdict::Reachable => return ServiceWay::Endpoint(endpoint.name.text().to_owned()),
                Verdict::Unknown => unknown = Some(format!("whether it reaches `{}`", endpoint.name.text())),
                // The name leads to the endpoint, and the endpoint does not answer.
                Verdict::Unreachable | Verdict::OneWay => return ServiceWay::Nothing,
            }
        }
        if let Some(why) = unknown {
            return ServiceWay::Unknown(why);
        }
        let out = |way: &Way| matches!(way.by, By::Addresses { .. });
        let open = ways.iter().find_map(|way| match &way.by {
            By::Unknown(why) => Some(why.clone()),
            By::Addresses { .. } | By::Nothing(..) => None,
        });
        if ways.iter().any(|way| out(way) && way.is_certain) {
            return ServiceWay::Internet;
        }
        match (open, ways.iter().any(out)) {
            (Some(why), _) => ServiceWay::Unknown(why),
            (None, true) => ServiceWay::Unknown("whether it reaches the internet".to_owned()),
            (None, false) => ServiceWay::Nothing,
        }
    }

    /// An endpoint that the subnet's table leads to, and for which service is not known.
    fn unclear_gateway_endpoint(&self, subnet: Id<Subnet>) -> Option<String> {
        let network = self.network();
        network.tables[self.table(subnet)?].routes.iter().find_map(|route| {
            let NextHop::GatewayEndpoint(id) = &route.target else { return None };
            let endpoint = &network.endpoints[*id];
            let is_unclear = endpoint.service.get().is_none();
            is_unclear.then(|| format!("which service `{}` is for", endpoint.name.text()))
        })
    }

    fn gateway_endpoint(&self, subnet: Id<Subnet>, suffix: &str) -> Option<String> {
        let table = &self.network().tables[self.table(subnet)?];
        table.routes.iter().filter(|route| route.is_certain).find_map(|route| match &route.target {
            NextHop::GatewayEndpoint(id) => {
                let endpoint = &self.network().endpoints[*id];
                let fits = endpoint.service.get().is_some_and(|service| service.ends_with(suffix));
                fits.then(|| endpoint.name.text().to_owned())
            }
            NextHop::Local
            | NextHop::InternetGateway(_)
            | NextHop::EgressOnlyGateway(_)
            | NextHop::Nat(_)
            | NextHop::Interface(_)
            | NextHop::Instance(_)
            | NextHop::VpnGateway(_)
            | NextHop::TransitGateway(_)
            | NextHop::Peering(_)
            | NextHop::Endpoint(_)
            | NextHop::CarrierGateway(_)
            | NextHop::LocalGateway(_)
            | NextHop::CoreNetwork(_)
            | NextHop::Gone(_)
            | NextHop::OneOf(_)
            | NextHop::Unknown(_) => None,
        })
    }

    /// Whether an interface reaches one of an owner's by HTTPS.
    fn reaches_owner(&self, from: Id<NetworkInterface>, owner: &Name) -> Verdict {
        let owner = owner.resource().and_then(|it| self.network().owner_of(it));
        let interfaces = owner.map_or(&[][..], |it| &self.network().owners[it].interfaces);
        let verdicts = interfaces.iter().map(|to| {
            let (from, to) = (Party::Interface(from), Party::Interface(*to));
            self.reach(&Question { from, to, traffic: Traffic::to_port(TCP, 443) }).verdict()
        });
        let verdicts: Vec<_> = verdicts.collect();
        match verdicts.as_slice() {
            [] => Verdict::Unknown,
            all if all.contains(&Verdict::Reachable) => Verdict::Reachable,
            all if all.contains(&Verdict::Unknown) => Verdict::Unknown,
            _ => Verdict::Unreachable,
        }
    }
}

impl Network {
    /// Whether an address is on the list of those that others admit: one that changes is on no list. `None`: there is no
    /// list, or the address is not known.
    pub fn admits(&self, address: &EgressAddress) -> Option<bool> {
        match address {
            EgressAddress::Fixed { address, .. } => self.outside.admits(address.as_ref()?.parse().ok()?),
            EgressAddress::Changing(_) => self.outside.admitted.as_ref().map(|_| false),
            EgressAddress::Unknown(_) => None,
        }
    }
}

/// The addresses that servers see of an interface's own.
pub fn addresses(network: &Network, public: &PublicAddress) -> Vec<EgressAddress> {
    match public {
        PublicAddress::None(_) => Vec::new(),
        PublicAddress::Elastic(links) => links.iter().map(|link| fixed(network, link)).collect(),
        PublicAddress::Assigned(why) | PublicAddress::Service(why) => vec![EgressAddress::Changing(why.clone())],
        PublicAddress::Unknown(why) => vec![EgressAddress::Unknown(why.clone())],
    }
}

pub(super) fn fixed(network: &Network, link: &Link<crate::network::ElasticIp>) -> EgressAddress {
    match link {
        Link::Known(id) => {
            let it = &network.elastic_ips[*id];
            EgressAddress::Fixed { name: it.name.text().to_owned(), address: it.public_address.clone() }
        }
        Link::OneOf(ids) => {
            let names: Vec<_> = ids.iter().map(|id| network.elastic_ips[*id].name.text()).collect();
            EgressAddress::Unknown(format!("one of {}", names.join(", ")))
        }
        Link::Gone(address) => EgressAddress::Unknown(format!("{address} is destroyed")),
        Link::Unknown(why) => EgressAddress::Unknown(why.to_string()),
    }
}
