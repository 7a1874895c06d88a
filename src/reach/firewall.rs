//! What the rules of a network firewall do with a set of packets.

use super::{Packets, Ranges, Side, Space, filter::Filtered};
use crate::network::{
    Declared,
    firewall::{FirewallAction, FirewallPolicy, FirewallRule},
};

/// What a firewall does with a question: first its stateless rules, then for what these forward its stateful ones.
pub(super) fn question(policy: &FirewallPolicy, packets: &Packets) -> Filtered {
    let stateless = run(&policy.stateless, policy.stateless_default, &policy.name, packets);
    let stateful = run(&policy.stateful, policy.stateful_default, &policy.name, &stateless.forwarded);
    let mut filtered = stateless.filtered;
    filtered.passed = filtered.passed.union(&stateful.filtered.passed).union(&stateful.forwarded);
    filtered.passed_by.extend(stateful.filtered.passed_by);
    filtered.blocked = filtered.blocked.union(&stateful.filtered.blocked);
    filtered.blocked_by = filtered.blocked_by.or(stateful.filtered.blocked_by);
    filtered.doubtful = filtered.doubtful.union(&stateful.filtered.doubtful);
    filtered.doubt = filtered.doubt.or(stateful.filtered.doubt);
    filtered
}

/// What it does with an answer: its stateful rules remember the question.
pub(super) fn answer(policy: &FirewallPolicy, packets: &Packets) -> Filtered {
    let mut stateless = run(&policy.stateless, policy.stateless_default, &policy.name, packets);
    stateless.filtered.passed = stateless.filtered.passed.union(&stateless.forwarded);
    stateless.filtered
}

/// What rules leave of a set of packets.
struct Left {
    filtered: Filtered,
    forwarded: Packets,
}

/// The first rule that fits decides; where it may not fit, or its action is not known, nothing is.
fn run(rules: &[FirewallRule], default: Option<FirewallAction>, policy: &Declared, packets: &Packets) -> Left {
    let mut left = Left { filtered: Filtered::default(), forwarded: Packets::none() };
    let mut rest = packets.clone();
    for rule in rules {
        if rest.is_empty() {
            break;
        }
        let hit = rest.intersection(&fitting(rule));
        if hit.is_empty() || rule.action == Some(FirewallAction::Note) {
            continue;
        }
        rest = rest.difference(&hit);
        match (rule.action, &rule.doubt) {
            (Some(action), None) => left.decide(action, &hit, &rule.by),
            (_, doubt) => {
                let why = || format!("what the rules of `{}` do", rule.by.address);
                left.doubt(&hit, &doubt.clone().unwrap_or_else(why));
            }
        }
    }
    match default {
        Some(action) => left.decide(action, &rest, policy),
        None => left.doubt(&rest, &format!("what `{}` does with what no rule fits", policy.address)),
    }
    left
}

impl Left {
    fn decide(&mut self, action: FirewallAction, packets: &Packets, by: &Declared) {
        if packets.is_empty() {
            return;
        }
        match action {
            FirewallAction::Pass | FirewallAction::Note => {
                self.filtered.passed = self.filtered.passed.union(packets);
                if !self.filtered.passed_by.contains(by) {
                    self.filtered.passed_by.push(by.clone());
                }
            }
            FirewallAction::Drop => {
                self.filtered.blocked = self.filtered.blocked.union(packets);
                self.filtered.blocked_by.get_or_insert_with(|| by.clone());
            }
            FirewallAction::Forward => self.forwarded = self.forwarded.union(packets),
        }
    }

    fn doubt(&mut self, packets: &Packets, why: &str) {
        if !packets.is_empty() {
            self.filtered.doubtful = self.filtered.doubtful.union(packets);
            self.filtered.doubt.get_or_insert_with(|| why.to_owned());
        }
    }
}

/// Every packet that a rule may fit.
fn fitting(rule: &FirewallRule) -> Packets {
    let mut packets = Packets::everything();
    if let Some(protocols) = &rule.protocols {
        let numbers = protocols.iter().map(|it| (u128::from(*it), u128::from(*it)));
        packets = packets.only(Side::Protocol, &Ranges::of(numbers));
    }
    let one_way = within(&packets, rule, (Side::Source, Side::SourcePort), (Side::Destination, Side::DestinationPort));
    if !rule.is_both_ways {
        return one_way;
    }
    let back = within(&packets, rule, (Side::Destination, Side::DestinationPort), (Side::Source, Side::SourcePort));
    one_way.union(&back)
}

fn within(packets: &Packets, rule: &FirewallRule, source: (Side, Side), destination: (Side, Side)) -> Packets {
    let mut packets = packets.clone();
    for (side, blocks) in [(source.0, &rule.sources), (destination.0, &rule.destinations)] {
        if let Some(blocks) = blocks {
            packets = packets.only_space(side, &Space::of(blocks.iter().copied()));
        }
    }
    for (side, ports) in [(source.1, &rule.source_ports), (destination.1, &rule.destination_ports)] {
        if let Some(ports) = ports {
            let ranges = ports.iter().map(|(from, to)| (u128::from(*from), u128::from(*to)));
            packets = packets.only(side, &Ranges::of(ranges));
        }
    }
    packets
}
