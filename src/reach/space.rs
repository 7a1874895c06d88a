//! Exact sets of addresses, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::network::Family;

/// A set of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Space {
    v4: Ranges,
    v6: Ranges,
}

/// Sorted, disjoint, never touching: first and last of each.
type Ranges = Vec<(u128, u128)>;

/// What is not the internet's: private, shared, local to a link or to a host, multicast and reserved.
const NOT_PUBLIC: [&str; 7] =
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "224.0.0.0/3"];

/// Where a VPC's IPv4 block lies when AWS or an address manager chooses it.
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/// The IPv6 addresses of the internet.
const GLOBAL_IPV6: &str = "2000::/3";

impl Space {
    /// Every address of a family.
    pub fn everything(family: Family) -> Self {
        Self::of_range(family, 0, last(family))
    }

    /// The addresses of the internet: what no network may use for itself.
    pub fn internet(family: Family) -> Self {
        match family {
            Family::V4 => Self::everything(family).difference(&Self::of_constants(&NOT_PUBLIC)),
            Family::V6 => Self::of_constants(&[GLOBAL_IPV6]),
        }
    }

    /// The IPv4 addresses that networks use for themselves.
    pub fn private() -> Self {
        Self::of_constants(&PRIVATE)
    }

    fn of_constants(blocks: &[&str]) -> Self {
        Self::of(blocks.iter().map(|block| block.parse::<IpNet>().expect("the constants are blocks")))
    }

    pub fn of(blocks: impl IntoIterator<Item = IpNet>) -> Self {
        let mut this = Self::default();
        for block in blocks {
            let (first, last) = bounds(block);
            this.ranges_mut(Family::of(block)).push((first, last));
        }
        normalize(&mut this.v4);
        normalize(&mut this.v6);
        this
    }

    /// The addresses of these ranges, first and last of each.
    pub fn of_ranges(family: Family, ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut this = Self::default();
        let mine = this.ranges_mut(family);
        mine.extend(ranges);
        normalize(mine);
        this
    }

    fn of_range(family: Family, first: u128, last: u128) -> Self {
        Self::of_ranges(family, [(first, last)])
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let join = |one: &Ranges, other: &Ranges| {
            let mut all = [one.as_slice(), other].concat();
            normalize(&mut all);
            all
        };
        Self { v4: join(&self.v4, &other.v4), v6: join(&self.v6, &other.v6) }
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: intersect(&self.v4, &other.v4), v6: intersect(&self.v6, &other.v6) }
    }

    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: subtract(&self.v4, &other.v4), v6: subtract(&self.v6, &other.v6) }
    }

    /// The part of one family.
    #[must_use]
    pub fn of_family(&self, family: Family) -> Self {
        match family {
            Family::V4 => Self { v4: self.v4.clone(), v6: Ranges::new() },
            Family::V6 => Self { v4: Ranges::new(), v6: self.v6.clone() },
        }
    }

    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let (family, address) = number(address);
        let ranges = self.ranges(family);
        let next = ranges.partition_point(|(first, _)| *first <= address);
        next.checked_sub(1).is_some_and(|at| address <= ranges[at].1)
    }

    /// How many addresses of a family, less one where it is every IPv6 address.
    pub fn size(&self, family: Family) -> u128 {
        self.ranges(family)
            .iter()
            .fold(0, |sum: u128, (first, last)| sum.saturating_add(last - first).saturating_add(1))
    }

    /// Some address of it.
    pub fn first(&self) -> Option<IpAddr> {
        let of = |family| self.ranges(family).first().map(|(first, _)| address(family, *first));
        of(Family::V4).or_else(|| of(Family::V6))
    }

    /// The fewest blocks that make it up, IPv4 before IPv6.
    pub fn blocks(&self) -> Vec<IpNet> {
        let of = |family| self.ranges(family).iter().flat_map(move |range| blocks(family, *range));
        of(Family::V4).chain(of(Family::V6)).collect()
    }

    fn ranges(&self, family: Family) -> &Ranges {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    fn ranges_mut(&mut self, family: Family) -> &mut Ranges {
        match family {
            Family::V4 => &mut self.v4,
            Family::V6 => &mut self.v6,
        }
    }
}

/// An address as a number of its family.
pub fn number(address: IpAddr) -> (Family, u128) {
    match address {
        IpAddr::V4(address) => (Family::V4, u128::from(address.to_bits())),
        IpAddr::V6(address) => (Family::V6, address.to_bits()),
    }
}

/// The address that a number of a family is.
pub fn address(family: Family, number: u128) -> IpAddr {
    match family {
        Family::V4 => IpAddr::V4(ipv4(number)),
        Family::V6 => IpAddr::V6(Ipv6Addr::from_bits(number)),
    }
}

/// The first and the last address of a block.
pub fn bounds(block: IpNet) -> (u128, u128) {
    (number(block.network()).1, number(block.broadcast()).1)
}

/// The last address of a family.
pub fn last(family: Family) -> u128 {
    match family {
        Family::V4 => u128::from(u32::MAX),
        Family::V6 => u128::MAX,
    }
}

fn ipv4(number: u128) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::try_from(number).expect("a number of the IPv4 family has 32 bits"))
}

fn normalize(ranges: &mut Ranges) {
    ranges.sort_unstable();
    let mut joined: Ranges = Vec::with_capacity(ranges.len());
    for &(first, last) in ranges.iter() {
        match joined.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            Some(_) | None => joined.push((first, last)),
        }
    }
    *ranges = joined;
}

fn intersect(one: &Ranges, other: &Ranges) -> Ranges {
    let mut both = Ranges::new();
    let (mut at, mut other_at) = (0, 0);
    while let (Some(a), Some(b)) = (one.get(at), other.get(other_at)) {
        let (first, last) = (a.0.max(b.0), a.1.min(b.1));
        if first <= last {
            both.push((first, last));
        }
        if a.1 < b.1 { at += 1 } else { other_at += 1 }
    }
    both
}

fn subtract(from: &Ranges, what: &Ranges) -> Ranges {
    let mut rest = Ranges::new();
    let mut at = 0;
    for &(mut first, last) in from {
        while at < what.len() && what[at].1 < first {
            at += 1;
        }
        let mut cut = at;
        let mut is_used_up = false;
        while cut < what.len() && what[cut].0 <= last {
            if first < what[cut].0 {
                rest.push((first, what[cut].0 - 1));
            }
            if last <= what[cut].1 {
                is_used_up = true;
                break;
            }
            first = first.max(what[cut].1 + 1);
            cut += 1;
        }
        if !is_used_up {
            rest.push((first, last));
        }
    }
    rest
}

fn blocks(family: Family, (first, last): (u128, u128)) -> Vec<IpNet> {
    match family {
        Family::V4 => ipnet::Ipv4Subnets::new(ipv4(first), ipv4(last), 0).map(|it: Ipv4Net| IpNet::V4(it)).collect(),
        Family::V6 => ipnet::Ipv6Subnets::new(Ipv6Addr::from_bits(first), Ipv6Addr::from_bits(last), 0)
            .map(|it: Ipv6Net| IpNet::V6(it))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn space(blocks: &[&str]) -> Space {
        Space::of(blocks.iter().map(|block| block.parse::<IpNet>().unwrap()))
    }

    #[test]
    fn the_rest_of_everything_is_in_the_fewest_blocks() {
        let rest = Space::everything(Family::V4).difference(&space(&["10.0.0.0/8"]));
        let blocks: Vec<_> = rest.blocks().iter().map(ToString::to_string).collect();
        assert_eq!(
            blocks,
            [
                "0.0.0.0/5",
                "8.0.0.0/7",
                "11.0.0.0/8",
                "12.0.0.0/6",
                "16.0.0.0/4",
                "32.0.0.0/3",
                "64.0.0.0/2",
                "128.0.0.0/1"
            ]
        );
        assert_eq!(Space::everything(Family::V6).blocks(), ["::/0".parse::<IpNet>().unwrap()]);
    }

    proptest! {
        #[test]
        fn sets_are_sets(
            one in prop::collection::vec((0_u128..64, 0_u128..16), 0..6),
            other in prop::collection::vec((0_u128..64, 0_u128..16), 0..6),
        ) {
            let of = |ranges: &[(u128, u128)]| {
                Space::of_ranges(Family::V4, ranges.iter().map(|(first, length)| (*first, first + length)))
            };
            let (a, b) = (of(&one), of(&other));
            for number in 0..96 {
                let it = address(Family::V4, number);
                prop_assert_eq!(a.union(&b).contains(it), a.contains(it) || b.contains(it));
                prop_assert_eq!(a.intersection(&b).contains(it), a.contains(it) && b.contains(it));
                prop_assert_eq!(a.difference(&b).contains(it), a.contains(it) && !b.contains(it));
            }
            let whole = Space::everything(Family::V4);
            prop_assert_eq!(whole.difference(&whole.difference(&a)), a.clone());
            prop_assert_eq!(Space::of(a.blocks()), a);
        }
    }
}
