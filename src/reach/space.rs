//! Exact sets of addresses, IPv4 and IPv6.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::ranges::Ranges;
use crate::network::Family;

/// A set of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Space {
    v4: Ranges,
    v6: Ranges,
}

/// What is not the internet's: private, shared, local to a link or to a host, multicast and reserved.
const NOT_PUBLIC: [&str; 7] =
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "224.0.0.0/3"];

/// Where a VPC's IPv4 block lies when AWS or an address manager chooses it.
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/// The IPv6 addresses of the internet.
const GLOBAL_IPV6: &str = "2000::/3";

/// Asked for with every question: worked out once, and shared.
static INTERNET: LazyLock<[Space; 2]> = LazyLock::new(|| {
    let v4 = Space::everything(Family::V4).difference(&Space::of_constants(&NOT_PUBLIC));
    [v4, Space::of_constants(&[GLOBAL_IPV6])]
});
static PRIVATE_IPV4: LazyLock<Space> = LazyLock::new(|| Space::of_constants(&PRIVATE));

impl Space {
    /// Every address of a family.
    pub fn everything(family: Family) -> Self {
        Self::of_range(family, 0, last(family))
    }

    /// The addresses of the internet: what no network may use for itself.
    pub fn internet(family: Family) -> Self {
        let [v4, v6] = &*INTERNET;
        match family {
            Family::V4 => v4.clone(),
            Family::V6 => v6.clone(),
        }
    }

    /// The IPv4 addresses that networks use for themselves.
    pub fn private() -> Self {
        PRIVATE_IPV4.clone()
    }

    fn of_constants(blocks: &[&str]) -> Self {
        Self::of(blocks.iter().map(|block| block.parse::<IpNet>().expect("the constants are blocks")))
    }

    pub fn of(blocks: impl IntoIterator<Item = IpNet>) -> Self {
        let mut blocks = blocks.into_iter();
        let Some(first) = blocks.next() else { return Self::default() };
        let Some(second) = blocks.next() else {
            return Self::of_numbers(Family::of(first), Ranges::of([bounds(first)]));
        };
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for block in [first, second].into_iter().chain(blocks) {
            let ranges = match Family::of(block) {
                Family::V4 => &mut v4,
                Family::V6 => &mut v6,
            };
            ranges.push(bounds(block));
        }
        Self { v4: Ranges::of(v4), v6: Ranges::of(v6) }
    }

    /// The addresses of these ranges, first and last of each.
    pub fn of_ranges(family: Family, ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        Self::of_numbers(family, Ranges::of(ranges))
    }

    /// The addresses that these numbers of a family are.
    pub fn of_numbers(family: Family, numbers: Ranges) -> Self {
        match family {
            Family::V4 => Self { v4: numbers, v6: Ranges::default() },
            Family::V6 => Self { v4: Ranges::default(), v6: numbers },
        }
    }

    fn of_range(family: Family, first: u128, last: u128) -> Self {
        Self::of_ranges(family, [(first, last)])
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.difference(&other.v4), v6: self.v6.difference(&other.v6) }
    }

    /// The part of one family.
    #[must_use]
    pub fn of_family(&self, family: Family) -> Self {
        Self::of_numbers(family, self.numbers(family).clone())
    }

    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let (family, address) = number(address);
        self.numbers(family).contains(address)
    }

    /// How many addresses of a family, less one where it is every IPv6 address.
    pub fn size(&self, family: Family) -> u128 {
        self.numbers(family).size()
    }

    /// Some address of it.
    pub fn first(&self) -> Option<IpAddr> {
        let of = |family| self.numbers(family).first().map(|first| address(family, first));
        of(Family::V4).or_else(|| of(Family::V6))
    }

    /// The fewest blocks that make it up, IPv4 before IPv6.
    pub fn blocks(&self) -> Vec<IpNet> {
        let of = |family| self.numbers(family).iter().flat_map(move |range| blocks(family, range));
        of(Family::V4).chain(of(Family::V6)).collect()
    }

    /// The addresses of a family, as numbers.
    pub fn numbers(&self, family: Family) -> &Ranges {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
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
