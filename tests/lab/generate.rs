//! Networks of chance: the same ones every time.

use crate::network::{Acl, AclRule, Attachment, Group, Host, Lab, Nat, Peer, Rule, Subnet, Via};

/// Numbers that look like chance, from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % count
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

const BLOCKS: [&str; 6] = ["0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/8", "34.64.0.0/10", "198.51.100.0/24", "10.0.1.0/24"];
const PROTOCOLS: [&str; 3] = ["tcp", "udp", "-1"];
const RANGES: [(u16, u16); 4] = [(0, 65_535), (22, 22), (443, 443), (1024, 65_535)];

/// The network of a seed.
pub(crate) fn lab(seed: u64) -> Lab {
    let chance = &mut Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let is_peered = chance.one_in(3);
    let is_attached = !is_peered && chance.one_in(2);
    let count = 2 + chance.below(3);
    let mut lab = Lab { name: format!("generated {seed}"), is_peered, ..Lab::default() };
    let has_other = is_peered || is_attached;
    for at in 0..count + if has_other { 1 + chance.below(2) } else { 0 } {
        let vpc = usize::from(count <= at);
        lab.subnets.push(Subnet { vpc, ..Subnet::default() });
    }
    for _ in 0..chance.below(3) {
        lab.nats.push(Nat { subnet: chance.below(count), is_private: false });
    }
    if is_attached {
        let mut attach = |subnet| Attachment { subnet, propagates: !chance.one_in(4) };
        lab.attachments = vec![attach(count), attach(count - 1)];
    }
    for vpc in 0..lab.vpcs() {
        for _ in 0..2 {
            lab.groups.push(Group { vpc, ..Group::default() });
        }
    }
    for group in 0..lab.groups.len() {
        let same = |lab: &Lab, other: usize| lab.groups[other].vpc == lab.groups[group].vpc;
        let others: Vec<_> = (0..lab.groups.len()).filter(|other| same(&lab, *other)).collect();
        lab.groups[group].ingress = (0..=chance.below(3)).map(|_| rule(chance, &others)).collect();
        lab.groups[group].egress = if chance.one_in(3) {
            (0..chance.below(3)).map(|_| rule(chance, &others)).collect()
        } else {
            vec![Rule { protocol: "-1", ports: (0, 65_535), peer: Peer::Block("0.0.0.0/0") }]
        };
    }
    for subnet in 0..lab.subnets.len() {
        for _ in 0..=chance.below(2) {
            let vpc = lab.subnets[subnet].vpc;
            let groups = vec![2 * vpc + chance.below(2)];
            let (is_public, forwards) = (chance.one_in(2), chance.one_in(4));
            lab.hosts.push(Host { subnet, is_public, groups, forwards, has_ipv6: false });
        }
    }
    for subnet in 0..lab.subnets.len() {
        lab.subnets[subnet].routes = routes(chance, &lab, subnet);
        if chance.one_in(3) {
            lab.subnets[subnet].acl = Some(Acl { ingress: acl(chance), egress: acl(chance) });
        }
    }
    lab
}

fn routes(chance: &mut Chance, lab: &Lab, subnet: usize) -> Vec<(String, Via)> {
    let vpc = lab.subnets[subnet].vpc;
    let mut ways = vec![Via::Internet, Via::Internet];
    // A NAT gateway of one's own subnet is no gateway: its own packets would come back to it.
    let nats = lab.nats.iter().enumerate().filter(|(_, nat)| lab.subnets[nat.subnet].vpc == vpc);
    ways.extend(nats.filter(|(_, nat)| nat.subnet != subnet).map(|(at, _)| Via::Nat(at)));
    let mut routes: Vec<(String, Via)> = Vec::new();
    let mut add = |block: &str, via| {
        if routes.iter().all(|(other, _)| other != block) {
            routes.push((block.to_owned(), via));
        }
    };
    let is_last = lab.attachments.last().is_some_and(|it| lab.subnets[it.subnet].vpc == vpc);
    if !lab.attachments.is_empty() && !is_last {
        ways.push(Via::Transit);
    }
    if !chance.one_in(5) {
        add("0.0.0.0/0", chance.of(&ways));
    }
    if chance.one_in(3) {
        add("34.64.0.0/10", chance.of(&ways));
    }
    // A host of another subnet stands between: what it passes on, it passes on unchanged.
    let other = lab.hosts.iter().position(|host| host.subnet != subnet && lab.subnets[host.subnet].vpc == vpc);
    if let Some(host) = other.filter(|_| chance.one_in(4)) {
        // Or between two subnets: a whole subnet's block may have a way of its own.
        let third = (0..lab.subnets.len())
            .find(|it| *it != subnet && *it != lab.hosts[host].subnet && lab.subnets[*it].vpc == vpc);
        match third.filter(|_| chance.one_in(2)) {
            Some(third) => add(&lab.block(third).to_string(), Via::Host(host)),
            None => add(["198.51.100.0/24", "34.64.0.0/10"][chance.below(2)], Via::Host(host)),
        }
    }
    if lab.is_peered && !chance.one_in(4) {
        add(if vpc == 0 { "10.1.0.0/16" } else { "10.0.0.0/16" }, Via::Peering);
    }
    if !lab.attachments.is_empty() && !chance.one_in(4) {
        add(if vpc == 0 { "10.1.0.0/16" } else { "10.0.0.0/16" }, Via::Transit);
    }
    routes
}

fn rule(chance: &mut Chance, groups: &[usize]) -> Rule {
    let peer = if chance.one_in(4) { Peer::Group(chance.of(groups)) } else { Peer::Block(chance.of(&BLOCKS)) };
    Rule { protocol: chance.of(&PROTOCOLS), ports: chance.of(&RANGES), peer }
}

fn acl(chance: &mut Chance) -> Vec<AclRule> {
    let mut rules: Vec<AclRule> = (0..=chance.below(3))
        .map(|_| AclRule {
            number: 1 + u16::try_from(chance.below(200)).expect("it is small"),
            allows: !chance.one_in(3),
            protocol: chance.of(&PROTOCOLS),
            ports: chance.of(&RANGES),
            block: chance.of(&BLOCKS),
        })
        .collect();
    rules.sort_by_key(|rule| rule.number);
    rules.dedup_by_key(|rule| rule.number);
    if chance.one_in(2) {
        rules.push(AclRule { number: 300, allows: true, protocol: "-1", ports: (0, 65_535), block: "0.0.0.0/0" });
    }
    rules
}
