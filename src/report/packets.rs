//! Sets of packets in words: which sources, which ports.

use crate::reach::{
    Packets, Product, Ranges, Side, Space,
    packets::{ICMP, ICMPV6, TCP, UDP},
    words,
};

/// The name of a protocol, or its number.
pub(super) fn protocol(number: u8) -> String {
    match number {
        ICMP => "icmp".to_owned(),
        TCP => "tcp".to_owned(),
        UDP => "udp".to_owned(),
        ICMPV6 => "icmpv6".to_owned(),
        other => format!("protocol {other}"),
    }
}

/// The one protocol of some packets, or all of them.
pub(super) fn protocols(packets: &Packets) -> String {
    let numbers = packets.numbers(Side::Protocol);
    let all: Vec<_> = numbers.iter().collect();
    match all.as_slice() {
        [(first, last)] if first == last => protocol(u8::try_from(*first).unwrap_or(u8::MAX)),
        _ => "all".to_owned(),
    }
}

/// Numbers as people write ports: `443`, `1024-65535`.
pub(super) fn numbers(ranges: &Ranges) -> Vec<String> {
    let text = |(first, last)| if first == last { format!("{first}") } else { format!("{first}-{last}") };
    ranges.iter().map(text).collect()
}

/// The fewest blocks of a set of addresses.
pub(super) fn blocks(space: &Space) -> Vec<String> {
    space.blocks().iter().map(ToString::to_string).collect()
}

/// A set of addresses, in the fewest words: its blocks, or those that it lacks.
pub(super) fn addresses(space: &Space) -> String {
    space.in_words()
}

/// How some of the packets that a question is about differ from all of them; nothing where they do not.
pub(super) fn of_asked(packets: &Packets, asked: &Packets) -> String {
    if packets == asked {
        return String::new();
    }
    let products: Vec<_> = packets.products().iter().take(2).map(|it| of_product(it, asked)).collect();
    let more = packets.products().len().saturating_sub(2);
    let more = if more == 0 { String::new() } else { format!("; and {more} more such sets") };
    format!("{}{more}", products.join("; "))
}

fn of_product(product: &Product, asked: &Packets) -> String {
    let mut words = Vec::new();
    for (side, word) in [(Side::Source, "from"), (Side::Destination, "to")] {
        let space = product.space(side);
        if space != asked.space(side).of_family(product.family) {
            words.push(format!("{word} {}", addresses(&space)));
        }
    }
    for (side, word) in [(Side::SourcePort, "source ports"), (Side::DestinationPort, "ports")] {
        let ports = product.side(side);
        if *ports != asked.numbers(side) {
            words.push(format!("{word} {}", some(&numbers(ports))));
        }
    }
    if words.is_empty() { format!("{} alone", product.family.word()) } else { words.join(", ") }
}

/// The first of some blocks or ports, and how many more there are.
pub(super) fn some(all: &[String]) -> String {
    words::some(all)
}
