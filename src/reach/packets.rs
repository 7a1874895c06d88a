//! Exact sets of packets: which sources, destinations, protocols and ports.
//!
//! A set is a list of disjoint products. A product is one set of numbers a dimension, each a list of ranges, so that a
//! security group's rule (these blocks, this protocol, these ports) is one product, and so is what remains of the
//! internet beside it. Of two products, the difference is at most one product a dimension; what differs in one
//! dimension alone is joined again, which keeps lists as short as the rules that made them.
//!
//! Of protocols without ports, both ports are every port. Of ICMP, the destination port is the message's type.

use std::sync::{Arc, LazyLock};

use super::{
    ranges::Ranges,
    space::{self, Space},
};
use crate::network::Family;

/// A set of packets. Copies share what they hold.
#[derive(Clone, Debug, Default)]
pub struct Packets(Arc<[Product]>);

/// A product of one set a dimension: nothing is in it where one of them is empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Product {
    pub family: Family,
    sides: [Ranges; 5],
}

/// What is known of a packet's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Source,
    Destination,
    Protocol,
    SourcePort,
    DestinationPort,
}

impl Side {
    pub const ALL: [Self; 5] =
        [Self::Source, Self::Destination, Self::Protocol, Self::SourcePort, Self::DestinationPort];

    /// Everything that it can be.
    pub fn everything(self, family: Family) -> Ranges {
        Ranges::of([match self {
            Self::Source | Self::Destination => (0, space::last(family)),
            Self::Protocol => (0, u128::from(u8::MAX)),
            Self::SourcePort | Self::DestinationPort => (0, u128::from(u16::MAX)),
        }])
    }
}

/// ICMP for IPv4.
pub const ICMP: u8 = 1;
pub const TCP: u8 = 6;
pub const UDP: u8 = 17;
/// ICMP for IPv6.
pub const ICMPV6: u8 = 58;
/// Protocols with ports, besides TCP and UDP.
const WITH_PORTS: [u8; 3] = [33, 132, 136];

/// Types of ICMP messages: a question, and its answer.
const ECHO: [(u8, u128, u128); 2] = [(ICMP, 8, 0), (ICMPV6, 128, 129)];

impl Product {
    /// Every packet of a family.
    pub fn everything(family: Family) -> Self {
        Self { family, sides: Side::ALL.map(|side| side.everything(family)) }
    }

    pub fn side(&self, side: Side) -> &Ranges {
        &self.sides[side as usize]
    }

    /// It, with another set on one side.
    #[must_use]
    pub fn with(mut self, side: Side, ranges: Ranges) -> Self {
        self.sides[side as usize] = ranges;
        self
    }

    /// The addresses on a side.
    pub fn space(&self, side: Side) -> Space {
        Space::of_numbers(self.family, self.side(side).clone())
    }

    fn is_empty(&self) -> bool {
        self.sides.iter().any(Ranges::is_empty)
    }

    fn meets(&self, other: &Self) -> bool {
        self.family == other.family && self.sides.iter().zip(&other.sides).all(|(one, other)| one.meets(other))
    }

    fn is_within(&self, other: &Self) -> bool {
        self.family == other.family && self.sides.iter().zip(&other.sides).all(|(one, other)| one.is_subset(other))
    }

    fn intersection(&self, other: &Self) -> Option<Self> {
        if !self.meets(other) {
            return None;
        }
        let sides = Side::ALL.map(|side| self.side(side).intersection(other.side(side)));
        Some(Self { family: self.family, sides })
    }

    /// What is in it and not in `other`: cut off side by side.
    fn difference(&self, other: &Self, into: &mut Vec<Self>) {
        if !self.meets(other) {
            into.push(self.clone());
            return;
        }
        if self.is_within(other) {
            return;
        }
        let mut rest = self.clone();
        for side in Side::ALL {
            let outside = rest.side(side).difference(other.side(side));
            if !outside.is_empty() {
                into.push(rest.clone().with(side, outside));
            }
            let inside = rest.side(side).intersection(other.side(side));
            rest = rest.with(side, inside);
        }
    }

    /// The one product of both, where they differ on one side at most.
    fn joined(&self, other: &Self) -> Option<Self> {
        if self.family != other.family {
            return None;
        }
        let mut differing = Side::ALL.into_iter().filter(|side| self.side(*side) != other.side(*side));
        match (differing.next(), differing.next()) {
            (None, _) => Some(self.clone()),
            (Some(side), None) => Some(self.clone().with(side, self.side(side).union(other.side(side)))),
            (Some(_), Some(_)) => None,
        }
    }
}

impl Packets {
    pub fn none() -> Self {
        Self::default()
    }

    pub fn everything() -> Self {
        Self(Arc::from(Family::ALL.map(Product::everything)))
    }

    pub fn of(product: Product) -> Self {
        if product.is_empty() { Self::none() } else { Self(Arc::from([product])) }
    }

    /// The packets of these, which are disjoint, but for those without any.
    fn gather(products: impl IntoIterator<Item = Product>) -> Self {
        let mut products = products.into_iter().filter(|it| !it.is_empty());
        let Some(first) = products.next() else { return Self::none() };
        // Most sets are one product.
        let Some(second) = products.next() else { return Self(Arc::from([first])) };
        Self([first, second].into_iter().chain(products).collect())
    }

    /// Packets between these addresses, family by family.
    pub fn between(source: &Space, destination: &Space) -> Self {
        let of = |family| {
            Product::everything(family)
                .with(Side::Source, source.numbers(family).clone())
                .with(Side::Destination, destination.numbers(family).clone())
        };
        Self::gather(Family::ALL.map(of))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn products(&self) -> &[Product] {
        &self.0
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return other.clone();
        }
        let more = other.difference(self);
        if more.is_empty() && self.0.len() < 2 {
            return self.clone();
        }
        let all = self.0.iter().chain(&*more.0).cloned();
        Self::compact(all.collect())
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if let [one] = &*self.0
            && other.0.iter().any(|other| one.is_within(other))
        {
            return self.clone();
        }
        let both = self.0.iter().flat_map(|one| other.0.iter().filter_map(|other| one.intersection(other)));
        Self::compact(both.collect())
    }

    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut rest: Option<Vec<Product>> = None;
        for cut in &*other.0 {
            let left = rest.as_deref().unwrap_or(&self.0);
            if !left.iter().any(|it| it.meets(cut)) {
                continue;
            }
            let mut next = Vec::new();
            for product in left {
                product.difference(cut, &mut next);
            }
            rest = Some(next);
        }
        match rest {
            None if self.0.len() < 2 => self.clone(),
            None => Self::compact(self.0.to_vec()),
            Some(rest) => Self::compact(rest),
        }
    }

    pub fn is_subset(&self, of: &Self) -> bool {
        self.difference(of).is_empty()
    }

    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().any(|one| other.0.iter().any(|other| one.meets(other)))
    }

    /// Those with one of `ranges` on a side.
    #[must_use]
    pub fn only(&self, side: Side, ranges: &Ranges) -> Self {
        Self::gather(self.0.iter().map(|it| it.clone().with(side, it.side(side).intersection(ranges))))
    }

    /// Those of a family with one of `space` on a side.
    #[must_use]
    pub fn only_space(&self, side: Side, space: &Space) -> Self {
        let only = |it: &Product| it.clone().with(side, it.side(side).intersection(space.numbers(it.family)));
        Self::gather(self.0.iter().map(only))
    }

    #[must_use]
    pub fn of_family(&self, family: Family) -> Self {
        if self.0.iter().all(|it| it.family == family) {
            return self.clone();
        }
        Self::gather(self.0.iter().filter(|it| it.family == family).cloned())
    }

    /// Every packet that is one of these but for a side: what is left when nobody looks at it.
    #[must_use]
    pub fn with_any(&self, side: Side) -> Self {
        let mut all = Self::none();
        for product in &*self.0 {
            all = all.union(&Self::of(product.clone().with(side, side.everything(product.family))));
        }
        all
    }

    /// These, each with all of `space` on a side: its own family's addresses. Empty where there are none.
    #[must_use]
    pub fn set_space(&self, side: Side, space: &Space) -> Self {
        self.set(side, |family| space.numbers(family).clone())
    }

    /// These, each with all of what `ranges` says of its family on a side.
    #[must_use]
    pub fn set(&self, side: Side, ranges: impl Fn(Family) -> Ranges) -> Self {
        let mut all = Self::none();
        for product in &*self.0 {
            all = all.union(&Self::of(product.clone().with(side, ranges(product.family))));
        }
        all
    }

    /// Everything that stands on a side: addresses.
    pub fn space(&self, side: Side) -> Space {
        self.0.iter().fold(Space::default(), |all, it| all.union(&it.space(side)))
    }

    /// Everything that stands on a side: ports or protocols.
    pub fn numbers(&self, side: Side) -> Ranges {
        self.0.iter().fold(Ranges::default(), |all, it| all.union(it.side(side)))
    }

    /// The packets that answer these.
    #[must_use]
    pub fn swapped(&self) -> Self {
        let ported = with_ports();
        let mut all = Vec::with_capacity(self.0.len());
        for product in &*self.0 {
            let back = product
                .clone()
                .with(Side::Source, product.side(Side::Destination).clone())
                .with(Side::Destination, product.side(Side::Source).clone());
            let with_ports = back
                .clone()
                .with(Side::Protocol, back.side(Side::Protocol).intersection(&ported))
                .with(Side::SourcePort, product.side(Side::DestinationPort).clone())
                .with(Side::DestinationPort, product.side(Side::SourcePort).clone());
            let rest = back.side(Side::Protocol).difference(&ported);
            let without = answering(back.with(Side::Protocol, rest));
            all.extend([with_ports, without].into_iter().filter(|it| !it.is_empty()));
        }
        Self::compact(all)
    }

    /// Those of protocols with ports, and the rest.
    pub fn split_by_ports(&self) -> (Self, Self) {
        let ported = with_ports();
        let rest = Side::Protocol.everything(Family::V4).difference(&ported);
        (self.only(Side::Protocol, &ported), self.only(Side::Protocol, &rest))
    }

    /// Joins what differs on one side alone.
    fn compact(mut all: Vec<Product>) -> Self {
        const MANY: usize = 64;
        if all.is_empty() {
            return Self::none();
        }
        if all.len() < 2 || MANY < all.len() {
            return Self(Arc::from(all));
        }
        let mut at = 0;
        while at < all.len() {
            let joined = (at + 1..all.len()).find_map(|other| Some((other, all[at].joined(&all[other])?)));
            match joined {
                Some((other, product)) => {
                    all.swap_remove(other);
                    all[at] = product;
                    at = 0;
                }
                None => at += 1,
            }
        }
        Self(Arc::from(all))
    }
}

/// The protocols that have ports.
fn with_ports() -> Ranges {
    PORTED.clone()
}

static PORTED: LazyLock<Ranges> =
    LazyLock::new(|| Ranges::of([TCP, UDP].into_iter().chain(WITH_PORTS).map(|it| (u128::from(it), u128::from(it)))));

/// An echo's answer is another type of message.
fn answering(back: Product) -> Product {
    for (protocol, question, answer) in ECHO {
        if back.side(Side::Protocol) == &Ranges::one(u128::from(protocol)) {
            let types = back.side(Side::DestinationPort).clone();
            if types == Ranges::one(question) {
                return back.with(Side::DestinationPort, Ranges::one(answer));
            }
            if types == Ranges::one(answer) {
                return back.with(Side::DestinationPort, Ranges::one(question));
            }
        }
    }
    back
}

impl PartialEq for Packets {
    /// Whether the same packets are in both, however they are divided.
    fn eq(&self, other: &Self) -> bool {
        self.is_subset(other) && other.is_subset(self)
    }
}

impl From<&Space> for Packets {
    /// Packets from these addresses.
    fn from(source: &Space) -> Self {
        Self::everything().only_space(Side::Source, source)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Packet = [u128; 5];

    fn contains(packets: &Packets, packet: Packet) -> bool {
        let count = packets
            .0
            .iter()
            .filter(|product| Side::ALL.iter().zip(packet).all(|(side, it)| product.side(*side).contains(it)))
            .count();
        assert!(count < 2, "products are disjoint");
        count == 1
    }

    /// A universe of four numbers a side: 1024 packets.
    fn universe() -> impl Iterator<Item = Packet> {
        (0..1024_u128).map(|it| [it & 3, it >> 2 & 3, it >> 4 & 3, it >> 6 & 3, it >> 8 & 3])
    }

    fn product() -> impl Strategy<Value = Packets> {
        prop::collection::vec((0_u128..4, 0_u128..4), 5).prop_map(|sides| {
            let mut product = Product::everything(Family::V4);
            for (side, (first, length)) in Side::ALL.into_iter().zip(sides) {
                product = product.with(side, Ranges::of([(first, (first + length).min(3))]));
            }
            Packets::of(product)
        })
    }

    fn packets() -> impl Strategy<Value = Packets> {
        prop::collection::vec(product(), 0..5).prop_map(|all| all.iter().fold(Packets::none(), |one, it| one.union(it)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn sets_are_sets(a in packets(), b in packets()) {
            let (either, both, rest) = (a.union(&b), a.intersection(&b), a.difference(&b));
            for packet in universe() {
                let (in_a, in_b) = (contains(&a, packet), contains(&b, packet));
                prop_assert_eq!(contains(&either, packet), in_a || in_b);
                prop_assert_eq!(contains(&both, packet), in_a && in_b);
                prop_assert_eq!(contains(&rest, packet), in_a && !in_b);
            }
            prop_assert_eq!(a.meets(&b), !both.is_empty());
            prop_assert_eq!(a.is_subset(&b), rest.is_empty());
            prop_assert_eq!(rest.union(&both), a);
        }

        #[test]
        fn a_side_that_nobody_looks_at_is_anything(a in packets()) {
            for side in Side::ALL {
                let any = a.with_any(side);
                for packet in universe() {
                    let mut others = (0..4).map(|it| {
                        let mut other = packet;
                        other[side as usize] = it;
                        other
                    });
                    prop_assert_eq!(contains(&any, packet), others.any(|it| contains(&a, it)));
                }
            }
        }
    }

    fn with(protocol: u8, destination_port: u128) -> Packets {
        let product = Product::everything(Family::V4)
            .with(Side::Source, Ranges::one(1))
            .with(Side::Destination, Ranges::one(2))
            .with(Side::Protocol, Ranges::one(u128::from(protocol)))
            .with(Side::SourcePort, Ranges::of([(1024, 65_535)]))
            .with(Side::DestinationPort, Ranges::one(destination_port));
        Packets::of(product)
    }

    #[test]
    fn answers_go_back_to_the_port_that_asked() {
        let request = with(TCP, 443);
        let answer = request.swapped();
        assert_eq!(answer.numbers(Side::SourcePort), Ranges::one(443));
        assert_eq!(answer.numbers(Side::DestinationPort), Ranges::of([(1024, 65_535)]));
        assert_eq!(answer.numbers(Side::Source), Ranges::one(2));
        assert_eq!(answer.swapped(), request);
        let ping = with(ICMP, 8);
        assert_eq!(ping.swapped().numbers(Side::DestinationPort), Ranges::one(0));
        assert_eq!(ping.swapped().swapped(), ping);
    }
}
