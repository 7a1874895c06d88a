//! The algebra of sets against one that writes every member out.
#![no_main]

use arbitrary::Arbitrary;
use iac_check::reach::{Packets, Product, Ranges, Side};
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;

/// How many numbers there are on each side that is tried.
const ALL: u8 = 16;

#[derive(Arbitrary, Debug)]
struct Region {
    source: (u8, u8),
    destination: (u8, u8),
    port: (u8, u8),
}

#[derive(Arbitrary, Debug)]
struct Input {
    one: Vec<Region>,
    other: Vec<Region>,
    blocks: Vec<(u32, u8)>,
}

/// Every member, one bit each: source, destination, port.
type Members = Vec<bool>;

const SIDES: [Side; 3] = [Side::Source, Side::Destination, Side::DestinationPort];

fuzz_target!(|input: Input| {
    if 8 < input.one.len() || 8 < input.other.len() {
        return;
    }
    let (one, other) = (packets(&input.one), packets(&input.other));
    let (these, those) = (members(&input.one), members(&input.other));
    assert_eq!(written_out(&one), these);
    let both = |of: fn(bool, bool) -> bool| -> Members { these.iter().zip(&those).map(|(a, b)| of(*a, *b)).collect() };
    assert_eq!(written_out(&one.union(&other)), both(|a, b| a || b));
    assert_eq!(written_out(&one.intersection(&other)), both(|a, b| a && b));
    assert_eq!(written_out(&one.difference(&other)), both(|a, b| a && !b));
    assert_eq!(one.is_subset(&other), both(|a, b| !a || b).into_iter().all(|it| it));
    assert_eq!(one.meets(&other), both(|a, b| a && b).into_iter().any(|it| it));
    assert_eq!(one.is_empty(), !these.iter().any(|it| *it));
    blocks(&input.blocks);
});

fn range((first, last): (u8, u8)) -> (u128, u128) {
    let (first, last) = (first % ALL, last % ALL);
    (u128::from(first.min(last)), u128::from(first.max(last)))
}

fn packets(boxes: &[Region]) -> Packets {
    let mut all = Packets::none();
    for it in boxes {
        let mut product = Product::everything(iac_check::network::Family::V4);
        for (side, bounds) in SIDES.into_iter().zip([it.source, it.destination, it.port]) {
            product = product.with(side, Ranges::of([range(bounds)]));
        }
        all = all.union(&Packets::of(product));
    }
    all
}

fn members(boxes: &[Region]) -> Members {
    let is_in = |(first, last): (u128, u128), number: u8| first <= u128::from(number) && u128::from(number) <= last;
    let mut all = Vec::new();
    for source in 0..ALL {
        for destination in 0..ALL {
            for port in 0..ALL {
                all.push(boxes.iter().any(|it| {
                    is_in(range(it.source), source)
                        && is_in(range(it.destination), destination)
                        && is_in(range(it.port), port)
                }));
            }
        }
    }
    all
}

fn written_out(packets: &Packets) -> Members {
    let mut all = Vec::new();
    for source in 0..ALL {
        for destination in 0..ALL {
            for port in 0..ALL {
                all.push(packets.products().iter().any(|product| {
                    SIDES
                        .into_iter()
                        .zip([source, destination, port])
                        .all(|(side, number)| product.side(side).contains(u128::from(number)))
                }));
            }
        }
    }
    all
}

/// What a space is made of covers it, and nothing more.
fn blocks(given: &[(u32, u8)]) {
    let given: Vec<IpNet> = given
        .iter()
        .filter_map(|(address, length)| ipnet::Ipv4Net::new((*address).into(), length % 33).ok())
        .map(|it| IpNet::V4(it.trunc()))
        .collect();
    let space = iac_check::reach::Space::of(given.iter().copied());
    let again = iac_check::reach::Space::of(space.blocks());
    assert_eq!(space, again);
    for block in &given {
        assert!(space.contains(block.addr()) && space.contains(block.broadcast()));
    }
    for pair in space.blocks().windows(2) {
        assert!(!pair[0].contains(&pair[1]) && !pair[1].contains(&pair[0]), "{pair:?}");
    }
}
