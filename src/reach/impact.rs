//! What other next hops do to those who live in a subnet: who answers its clients no more, and who gets out no more.

use rustc_hash::FxHashSet;

use super::{
    Fate, Party, Question, Ranges, RouteResolver, Side, Space, Traffic,
    packets::TCP,
    transition::{Lasting, Transition},
};
use crate::network::{Family, Id, NetworkInterface, OwnerKind};

/// What is lost. The names are those of the code, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Nothing that the subnet sends there arrives.
    pub has_no_way: bool,
    /// Those whose clients on the internet got answers, and get none.
    pub unanswered: Vec<String>,
    /// Those that got out to the internet, and do not.
    pub cut_off: Vec<String>,
    /// Whether anything may have used the way before: somebody got an answer by it, or may have got one.
    pub was_used: bool,
}

/// What of the internet is reached, before or after.
struct Reached {
    certain: Space,
    possible: Space,
}

impl Impact {
    /// Whether something that worked does not work any more.
    pub fn is_loss(&self) -> bool {
        self.has_no_way || !self.unanswered.is_empty() || !self.cut_off.is_empty()
    }

    /// What other next hops to `to` do to `residents`. Those that fare alike are asked for once.
    pub(super) fn of(transition: &Transition<'_>, residents: &[Lasting<NetworkInterface>], to: &Space) -> Self {
        let is_private = Family::ALL.iter().all(|it| to.intersection(&Space::internet(*it)).is_empty());
        // Who in private networks asks and answers is not asked for: somebody may.
        let mut impact = Self { was_used: is_private || residents.is_empty(), ..Self::default() };
        for family in Family::ALL {
            let servers = to.intersection(&Space::internet(family));
            if servers.is_empty() {
                continue;
            }
            let mut seen = FxHashSet::default();
            for resident in residents {
                let key = (transition.before().fares_as(resident.was), transition.after().fares_as(resident.is));
                if seen.insert(key) {
                    impact.add(transition, *resident, &servers);
                }
            }
        }
        impact
    }

    fn add(&mut self, transition: &Transition<'_>, resident: Lasting<NetworkInterface>, servers: &Space) {
        let (before, after) = (transition.before(), transition.after());
        let loses = |ask: &dyn Fn(&RouteResolver<'_>, Id<NetworkInterface>) -> Reached| {
            let (was, is) = (ask(before, resident.was), ask(after, resident.is));
            (!was.possible.is_empty(), !was.certain.difference(&is.possible).is_empty())
        };
        let name = after.network().interfaces[resident.is].name.text();
        let owner = after.network().interfaces[resident.is].owner;
        let Some(kind) = owner.map(|it| after.network().owners[it].kind) else { return };
        // A NAT gateway lets nobody in who was not asked.
        if kind != OwnerKind::NatGateway {
            let (had, has_lost) = loses(&|resolver, interface| {
                reached(resolver, Party::Internet(servers.clone()), Party::Interface(interface), Side::Source)
            });
            self.was_used |= had;
            if has_lost {
                put(&mut self.unanswered, name);
            }
        }
        if calls(kind) {
            let (had, has_lost) = loses(&|resolver, interface| {
                reached(resolver, Party::Interface(interface), Party::Internet(servers.clone()), Side::Destination)
            });
            self.was_used |= had;
            if has_lost {
                put(&mut self.cut_off, name);
            }
        }
    }
}

/// Whether somebody's packets leave by it.
fn calls(kind: OwnerKind) -> bool {
    kind.is_workload() || kind == OwnerKind::NatGateway
}

/// Which side of the internet gets an answer over TCP.
fn reached(resolver: &RouteResolver<'_>, from: Party, to: Party, side: Side) -> Reached {
    let ports = match to {
        Party::Internet(_) => Ranges::one(443),
        Party::Interface(_) | Party::Subnet(..) | Party::OnPremises(_) => Ranges::of([(0, 65_535)]),
    };
    let answer = resolver.reach(&Question { from, to, traffic: Traffic::to_ports(TCP, ports) });
    let of = |packets: super::Packets| packets.space(side);
    Reached { certain: of(answer.certain(Fate::Answered)), possible: of(answer.possible(Fate::Answered)) }
}

fn put(all: &mut Vec<String>, name: &str) {
    if !all.iter().any(|it| it == name) {
        all.push(name.to_owned());
    }
}
