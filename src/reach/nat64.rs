//! IPv4 addresses inside of IPv6 ones: how NAT gateways lead hosts without IPv4 to those that have nothing else.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html>

use super::{
    Packets, Ranges, Side,
    packets::{ICMP, ICMPV6, Product},
};
use crate::network::Family;

/// The first address of `64:ff9b::/96`; an IPv4 address is the last 32 bits.
const PREFIX: u128 = 0x64_ff9b << 96;

const LAST: u128 = PREFIX + 0xffff_ffff;

/// Messages that ask and answer: the same in both families but for their numbers.
const ECHO: [((u8, u128), (u8, u128)); 2] = [((ICMPV6, 128), (ICMP, 8)), ((ICMPV6, 129), (ICMP, 0))];

/// Those of IPv6 with an embedded IPv4 address on a side.
pub(super) fn embedded(packets: &Packets, side: Side) -> Packets {
    packets.of_family(Family::V6).only(side, &Ranges::of([(PREFIX, LAST)]))
}

/// The same over IPv4: to or from the addresses embedded on a side; on the other side, any address.
pub(super) fn over_ipv4(packets: &Packets, side: Side) -> Packets {
    let all = embedded(packets, side);
    converted(&all, side, Family::V4, |it| it - PREFIX, |(v6, v4)| (v6, v4))
}

/// Packets over IPv4, over IPv6 again: with the addresses of a side embedded; on the other side, any address.
pub(super) fn over_ipv6(packets: &Packets, side: Side) -> Packets {
    converted(&packets.of_family(Family::V4), side, Family::V6, |it| it + PREFIX, |(v6, v4)| (v4, v6))
}

type Message = (u8, u128);

fn converted(
    packets: &Packets,
    side: Side,
    family: Family,
    address: impl Fn(u128) -> u128,
    messages: impl Fn((Message, Message)) -> (Message, Message),
) -> Packets {
    let number = |it: u8| Ranges::one(u128::from(it));
    let mut all = Packets::none();
    for product in packets.products() {
        let addresses = Ranges::of(product.side(side).iter().map(|(first, last)| (address(first), address(last))));
        let kept = [Side::SourcePort, Side::DestinationPort]
            .into_iter()
            .fold(Product::everything(family).with(side, addresses), |it, port| {
                it.with(port, product.side(port).clone())
            });
        let icmp = number(ICMP).union(&number(ICMPV6));
        let plain = kept.clone().with(Side::Protocol, product.side(Side::Protocol).difference(&icmp));
        all = all.union(&Packets::of(plain));
        for ((from, kind), (to, other)) in ECHO.map(&messages) {
            let has_it = product.side(Side::Protocol).meets(&number(from))
                && product.side(Side::DestinationPort).meets(&Ranges::one(kind));
            if has_it {
                let message = kept.clone().with(Side::Protocol, number(to));
                all = all.union(&Packets::of(message.with(Side::DestinationPort, Ranges::one(other))));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reach::{Space, packets::TCP};

    fn question(destination: &str) -> Packets {
        let of = |text: &str| Space::of([text.parse().unwrap()]);
        Packets::between(&of("2600:1f00::1/128"), &of(destination))
            .only(Side::Protocol, &Ranges::one(u128::from(TCP)))
            .only(Side::DestinationPort, &Ranges::one(443))
    }

    #[test]
    fn an_embedded_address_is_the_last_part() {
        let over = over_ipv4(&question("64:ff9b::cb00:7107/128"), Side::Destination);
        assert_eq!(over.space(Side::Destination).blocks(), ["203.0.113.7/32".parse().unwrap()]);
        assert_eq!(over.numbers(Side::DestinationPort), Ranges::one(443));
        assert!(over_ipv4(&question("2600:9000::7/128"), Side::Destination).is_empty());
    }

    #[test]
    fn there_and_back_is_the_same_but_for_the_other_side() {
        let asked = question("64:ff9b::cb00:7100/120");
        let back = over_ipv6(&over_ipv4(&asked, Side::Destination), Side::Destination);
        assert!(asked.is_subset(&back));
        assert_eq!(back.space(Side::Destination), asked.space(Side::Destination));
    }

    #[test]
    fn an_echo_has_another_number_in_each_family() {
        let echo = question("64:ff9b::cb00:7107/128")
            .set(Side::Protocol, |_| Ranges::one(u128::from(ICMPV6)))
            .set(Side::DestinationPort, |_| Ranges::one(128));
        let over = over_ipv4(&echo, Side::Destination);
        let numbers = (over.numbers(Side::Protocol), over.numbers(Side::DestinationPort));
        assert_eq!(numbers, (Ranges::one(u128::from(ICMP)), Ranges::one(8)));
    }
}
