//! Networks of chance: the same ones every time.

use crate::network::{Acl, AclRule, Group, Host, Lab, Nat, Peer, Rule, Subnet, Via};

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
    let count = 2 + chance.below(3);
    let mut lab = Lab { name: format!("generated {seed}"), is_peered, ..Lab::default() };
    for at in 0..count + usize::from(is_peered) {
        let vpc = usize::from(is_peered && at == count);
        lab.subnets.push(Subnet { vpc, ..Subnet::default() });
    }
    for _ in 0..chance.below(3) {
        lab.nats.push(Nat { subnet: chance.below(count) });
    }
    for vpc in 0..lab.vpcs() {
        for _ in 0..2 {
            lab.groups.push(Group { vpc, ..Group::default() });
        }
    }
    for group in 0..lab.groups.len() {
        let same = |lab: &Lab, other: usize| lab.groups[other].vpc == lab.groups[group].vpc;
        let others: Vec<_> = (0..lab.groups.len()).filter(|other| same(&lab, *other)).collect();
        lab.groups[group].ingress = (0..1 + chance.below(3)).map(|_| rule(chance, &others)).collect();
        lab.groups[group].egress = if chance.one_in(3) {
            (0..chance.below(3)).map(|_| rule(chance, &others)).collect()
        } else {
            vec![Rule { protocol: "-1", ports: (0, 65_535), peer: Peer::Block("0.0.0.0/0") }]
        };
    }
    for subnet in 0..lab.subnets.len() {
        for _ in 0..1 + chance.below(2) {
            let vpc = lab.subnets[subnet].vpc;
            let groups = vec![2 * vpc + chance.below(2)];
            let (is_public, forwards) = (chance.one_in(2), chance.one_in(4));
            lab.hosts.push(Host { subnet, is_public, groups, forwards });
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

fn routes(chance: &mut Chance, lab: &Lab, subnet: usize) -> Vec<(&'static str, Via)> {
    let vpc = lab.subnets[subnet].vpc;
    let mut ways = vec![Via::Internet, Via::Internet];
    // A NAT gateway of one's own subnet is no gateway: its own packets would come back to it.
    let nats = lab.nats.iter().enumerate().filter(|(_, nat)| lab.subnets[nat.subnet].vpc == vpc);
    ways.extend(nats.filter(|(_, nat)| nat.subnet != subnet).map(|(at, _)| Via::Nat(at)));
    let mut routes = Vec::new();
    if !chance.one_in(5) {
        routes.push(("0.0.0.0/0", chance.of(&ways)));
    }
    if chance.one_in(3) {
        routes.push(("34.64.0.0/10", chance.of(&ways)));
    }
    // A host of another subnet stands between: what it passes on, it passes on unchanged.
    let other = lab.hosts.iter().position(|host| host.subnet != subnet && lab.subnets[host.subnet].vpc == vpc);
    if let Some(host) = other.filter(|_| chance.one_in(4)) {
        routes.push((["198.51.100.0/24", "34.64.0.0/10"][chance.below(2)], Via::Host(host)));
        routes.dedup_by_key(|(block, _)| *block);
    }
    if lab.is_peered && !chance.one_in(4) {
        routes.push((if vpc == 0 { "10.1.0.0/16" } else { "10.0.0.0/16" }, Via::Peering));
    }
    routes
}

fn rule(chance: &mut Chance, groups: &[usize]) -> Rule {
    let peer = if chance.one_in(4) { Peer::Group(chance.of(groups)) } else { Peer::Block(chance.of(&BLOCKS)) };
    Rule { protocol: chance.of(&PROTOCOLS), ports: chance.of(&RANGES), peer }
}

fn acl(chance: &mut Chance) -> Vec<AclRule> {
    let mut rules: Vec<AclRule> = (0..1 + chance.below(3))
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
