//! Networks of chance, of every kind that AWS's guides draw: the same ones every time.

use ipnet::IpNet;

use crate::{
    kinds,
    network::{
        Acl, AclRule, Attachment, Firewall, Group, Host, Lab, Nat, Peer, Route, Rule, Subnet, To, TransitTable, Via,
        Vpc, block, everything,
    },
};

/// Numbers that look like chance, from a seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % count
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

const BLOCKS: [&str; 5] = ["10.0.0.0/8", "34.64.0.0/10", "198.51.100.0/24", "10.0.1.0/24", "10.1.0.0/16"];
const BLOCKS_6: [&str; 4] = ["2600:1f18::/32", "2a00:1450::/32", "2600:1f18:0:1::/64", "2606:4700::/32"];
const PROTOCOLS: [&str; 3] = ["tcp", "udp", "-1"];
const RANGES: [(u16, u16); 4] = [(0, 65_535), (22, 22), (443, 443), (1024, 65_535)];
/// What lists open for answers, wisely or not.
const ANSWERS: [(u16, u16); 3] = [(1024, 65_535), (32_768, 60_999), (49_152, 65_535)];

/// The kinds of networks.
const KINDS: [fn(&mut Draft); 9] = [
    kinds::one_vpc,
    kinds::dual_stack,
    kinds::three_peers,
    kinds::isolated_and_shared,
    kinds::central_egress,
    kinds::middlebox,
    kinds::inspection,
    kinds::router_and_balancer,
    kinds::hub_and_peer,
];

/// The seed of a network with a load balancer, of each number another.
pub(crate) fn balanced(number: u64) -> u64 {
    9 * number + 7
}

/// The network of a seed.
pub(crate) fn lab(seed: u64) -> Lab {
    let chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let mut draft = Draft { chance, lab: Lab { name: format!("generated {seed}"), ..Lab::default() } };
    let kind = usize::try_from(seed).expect("it is small") % KINDS.len();
    KINDS[kind](&mut draft);
    draft.fill_groups();
    draft.add_lists();
    draft.lab
}

/// A network that is being drawn.
pub(crate) struct Draft {
    pub(crate) chance: Chance,
    pub(crate) lab: Lab,
}

impl Draft {
    /// A VPC and two security groups of it.
    pub(crate) fn vpc(&mut self, has_ipv6: bool) -> usize {
        let vpc = self.lab.vpcs.len();
        self.lab.vpcs.push(Vpc { has_ipv6, ..Vpc::default() });
        self.lab.groups.extend((0..2).map(|_| Group { vpc, ..Group::default() }));
        vpc
    }

    pub(crate) fn subnet(&mut self, vpc: usize, zone: usize) -> usize {
        self.lab.subnets.push(Subnet { vpc, zone, ..Subnet::default() });
        self.lab.subnets.len() - 1
    }

    pub(crate) fn host(&mut self, subnet: usize, is_public: bool) -> usize {
        let vpc = self.lab.subnets[subnet].vpc;
        let groups = vec![2 * vpc + self.chance.below(2)];
        let has_ipv6 = self.lab.vpcs[vpc].has_ipv6 && !self.chance.one_in(4);
        self.lab.hosts.push(Host {
            subnet,
            is_public,
            groups,
            forwards: false,
            has_ipv6,
            addresses: Vec::new(),
            node_of: None,
        });
        self.lab.hosts.len() - 1
    }

    pub(crate) fn nat(&mut self, subnet: usize, is_private: bool) -> Via {
        self.lab.nats.push(Nat { subnet, is_private });
        Via::Nat(self.lab.nats.len() - 1)
    }

    pub(crate) fn firewall(&mut self, subnet: usize) -> Via {
        self.lab.firewalls.push(Firewall { subnet });
        Via::Firewall(self.lab.firewalls.len() - 1)
    }

    pub(crate) fn route(&mut self, subnet: usize, to: IpNet, via: Via) {
        let routes = &mut self.lab.subnets[subnet].routes;
        if routes.iter().all(|route| route.to != To::Block(to)) {
            routes.push(Route::to(to, via));
        }
    }

    /// Unless chance forgets it.
    pub(crate) fn likely_route(&mut self, subnet: usize, to: IpNet, via: Via) {
        if !self.chance.one_in(6) {
            self.route(subnet, to, via);
        }
    }

    /// To every block of another VPC.
    pub(crate) fn routes_to_vpc(&mut self, subnet: usize, vpc: usize, via: Via) {
        for block in self.lab.vpc_blocks(vpc) {
            self.likely_route(subnet, block, via);
        }
    }

    pub(crate) fn prefix_list(&mut self, blocks: &[&str]) -> usize {
        self.lab.prefix_lists.push(blocks.iter().map(|it| block(it)).collect());
        self.lab.prefix_lists.len() - 1
    }

    pub(crate) fn attach(&mut self, vpc: usize, subnets: Vec<usize>, table: usize, is_appliance: bool) -> usize {
        self.lab.attachments.push(Attachment { vpc, subnets, is_appliance, table });
        self.lab.attachments.len() - 1
    }

    pub(crate) fn transit_table(&mut self) -> usize {
        self.lab.transit_tables.push(TransitTable::default());
        self.lab.transit_tables.len() - 1
    }

    // Filters ---------------------------------------------------------------------------------------------------------

    fn has_ipv6(&self) -> bool {
        self.lab.vpcs.iter().any(|vpc| vpc.has_ipv6)
    }

    fn block(&mut self) -> IpNet {
        let is_ipv6 = self.has_ipv6() && self.chance.one_in(2);
        if self.chance.one_in(3) {
            return everything(is_ipv6);
        }
        // One host alone; which address a load balancer's node has, the code does not say.
        if self.lab.balancers.is_empty() && self.chance.one_in(5) {
            let host = self.chance.below(self.lab.hosts.len());
            if let Some(address) = self.lab.host_address(host, is_ipv6) {
                return address.into();
            }
        }
        block(if is_ipv6 { self.chance.of(&BLOCKS_6) } else { self.chance.of(&BLOCKS) })
    }

    fn fill_groups(&mut self) {
        for group in 0..self.lab.groups.len() {
            let open = self.open_rules();
            let ingress = if self.chance.one_in(3) { self.rules(group) } else { open.clone() };
            let egress = if self.chance.one_in(6) { self.rules(group) } else { open };
            self.lab.groups[group].ingress = ingress;
            self.lab.groups[group].egress = egress;
        }
    }

    fn open_rules(&self) -> Vec<Rule> {
        let families = [false, true].into_iter().filter(|is_ipv6| !is_ipv6 || self.has_ipv6());
        let rule = |is_ipv6| Rule { protocol: "-1", ports: (0, 65_535), peer: Peer::Block(everything(is_ipv6)) };
        families.map(rule).collect()
    }

    fn rules(&mut self, group: usize) -> Vec<Rule> {
        (0..2 + self.chance.below(3)).map(|_| self.rule(group)).collect()
    }

    fn rule(&mut self, group: usize) -> Rule {
        let vpc = self.lab.groups[group].vpc;
        let near = |other: &usize| self.lab.may_refer(vpc, self.lab.groups[*other].vpc);
        let near: Vec<_> = (0..self.lab.groups.len()).filter(near).collect();
        let lists = self.lab.prefix_lists.len();
        let peer = match self.chance.below(6) {
            0 | 1 => Peer::Group(self.chance.of(&near)),
            2 if lists != 0 => Peer::PrefixList(self.chance.below(lists)),
            _ => Peer::Block(self.block()),
        };
        Rule { protocol: self.chance.of(&PROTOCOLS), ports: self.chance.of(&RANGES), peer }
    }

    fn add_lists(&mut self) {
        for subnet in 0..self.lab.subnets.len() {
            if self.chance.one_in(5) {
                let (ingress, egress) = (self.list(), self.list());
                self.lab.subnets[subnet].acl = Some(Acl { ingress, egress });
            }
        }
    }

    fn list(&mut self) -> Vec<AclRule> {
        let mut rules = Vec::new();
        for _ in 0..=self.chance.below(3) {
            let number = 1 + u16::try_from(self.chance.below(200)).expect("it is small");
            let (allows, protocol) = (!self.chance.one_in(4), self.chance.of(&PROTOCOLS));
            let ports = self.chance.of(&RANGES);
            rules.push(AclRule { number, allows, protocol, ports, block: self.block() });
        }
        rules.sort_by_key(|rule| rule.number);
        rules.dedup_by_key(|rule| rule.number);
        let is_open = !self.chance.one_in(3);
        let answers = self.chance.of(&ANSWERS);
        for (number, is_ipv6) in [(300, false), (310, true)] {
            if is_ipv6 && !self.has_ipv6() {
                continue;
            }
            let (protocol, ports) = if is_open { ("-1", (0, 65_535)) } else { ("tcp", answers) };
            rules.push(AclRule { number, allows: true, protocol, ports, block: everything(is_ipv6) });
        }
        rules
    }
}
