//! What rules ask of one interface: who on the internet reaches it, and what lies on the way.

use super::{Fate, Party, Question, Reachability, RouteResolver, Side, Space, Thing, Traffic};
use crate::network::{Family, Id, NetworkInterface};

/// Who on the internet gets to an interface.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// These clients are answered, whatever the unknowns turn out to be.
    pub answered: Space,
    /// These may be answered.
    pub may_be_answered: Space,
    /// What these send arrives, and their answers do not come back.
    pub one_way: Space,
    /// The ways, and the unknowns in them.
    pub ways: Reachability,
}

impl RouteResolver<'_> {
    /// Who on the internet reaches an interface by this traffic, by IPv4 and, where it has an address, by IPv6.
    pub fn exposure(&self, interface: Id<NetworkInterface>, traffic: &Traffic) -> Exposure {
        let v4 = Space::internet(Family::V4);
        let has_ipv6 = self.network().interfaces[interface].ipv6.possible();
        let clients = if has_ipv6 { v4.union(&Space::internet(Family::V6)) } else { v4 };
        let question =
            Question { from: Party::Internet(clients), to: Party::Interface(interface), traffic: traffic.clone() };
        let ways = self.reach(&question);
        let of = |packets: super::Packets| packets.space(Side::Source);
        Exposure {
            answered: of(ways.certain(Fate::Answered)),
            may_be_answered: of(ways.possible(Fate::Answered)),
            one_way: of(ways.certain(Fate::OneWay)),
            ways,
        }
    }

    /// What becomes of packets from one interface to another.
    pub fn between(&self, from: Id<NetworkInterface>, to: Id<NetworkInterface>, traffic: &Traffic) -> Reachability {
        let (from, to) = (Party::Interface(from), Party::Interface(to));
        self.reach(&Question { from, to, traffic: traffic.clone() })
    }
}

impl Reachability {
    /// What keeps state of connections on a way on which packets may be answered: a NAT gateway, a firewall, the
    /// security groups of an interface. Each once.
    pub fn stateful(&self) -> Vec<Thing> {
        let mut all: Vec<Thing> = Vec::new();
        for path in self.paths.iter().filter(|path| path.fate() == Fate::Answered) {
            for thing in path.things() {
                let is_stateful = matches!(
                    thing,
                    Thing::Nat(_)
                        | Thing::Middlebox(_)
                        | Thing::Router(_)
                        | Thing::Groups(_)
                        | Thing::EgressOnlyGateway
                );
                if is_stateful && !all.contains(&thing) {
                    all.push(thing);
                }
            }
        }
        all
    }
}
