//! Who on the internet a load balancer's security groups admit to its listeners.

use super::{
    Packets, Ranges, RouteResolver, Side, Space,
    filter::{self, Filtered, Other},
    packets::{TCP, UDP},
};
use crate::network::{Direction, Family, Listener, LoadBalancer, Protocol};

/// Clients on the internet that a load balancer's security groups admit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Clients {
    pub(super) certain: Space,
    pub(super) possible: Space,
}

impl Clients {
    fn of(filtered: &Filtered) -> Self {
        let certain = filtered.passed.space(Side::Source);
        let possible = certain.union(&filtered.doubtful.space(Side::Source));
        Self { certain, possible }
    }

    /// Those of whom one of two is true, and it is not known which.
    fn either(&self, other: &Self) -> Self {
        Self { certain: self.certain.intersection(&other.certain), possible: self.possible.union(&other.possible) }
    }

    fn both(&self, other: &Self) -> Self {
        Self { certain: self.certain.union(&other.certain), possible: self.possible.union(&other.possible) }
    }

    pub(super) fn within(&self, space: &Space) -> Self {
        Self { certain: self.certain.intersection(space), possible: self.possible.intersection(space) }
    }
}

impl RouteResolver<'_> {
    /// Who on the internet may ask the listeners; without known listeners, any port.
    pub(super) fn clients(&self, load_balancer: &LoadBalancer) -> Clients {
        let internet = Space::internet(Family::V4).union(&Space::internet(Family::V6));
        let groups = load_balancer.groups.as_ref();
        if groups.is_none_or(|groups| groups.links.is_empty() && groups.others.is_none()) {
            return Clients { certain: internet.clone(), possible: internet };
        }
        let everything = Space::everything(Family::V4).union(&Space::everything(Family::V6));
        let from = Packets::between(&internet, &everything);
        let admitted =
            |packets: &Packets| Clients::of(&filter::groups(self, groups, Direction::In, packets, Other::Stranger));
        let to = |protocols: &[u8], ports: &Ranges| {
            let protocols = Ranges::of(protocols.iter().map(|it| (u128::from(*it), u128::from(*it))));
            from.only(Side::Protocol, &protocols).only(Side::DestinationPort, ports)
        };
        let every_port = Ranges::of([(0, u128::from(u16::MAX))]);
        if load_balancer.listeners.is_empty() {
            return admitted(&to(&[TCP, UDP], &every_port));
        }
        let of = |listener: &Listener| {
            let port = listener.port.get().and_then(|port| u16::try_from(*port).ok());
            let ports = port.map_or_else(|| every_port.clone(), |port| Ranges::one(u128::from(port)));
            let of = |protocol| admitted(&to(&[protocol], &ports));
            let clients = match listener.protocol {
                Some(Protocol::Udp) => of(UDP),
                Some(Protocol::Tcp) => of(TCP),
                Some(Protocol::All | Protocol::Icmp | Protocol::Icmpv6 | Protocol::Other(_)) | None => {
                    of(TCP).either(&of(UDP))
                }
            };
            match port {
                Some(_) => clients,
                None => Clients { certain: Space::default(), ..clients },
            }
        };
        let none = Clients { certain: Space::default(), possible: Space::default() };
        load_balancer.listeners.iter().map(of).fold(none, |all, clients| all.both(&clients))
    }
}
