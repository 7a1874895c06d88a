//! Functions over address blocks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use num_bigint::BigInt;

use super::{
    Answer, Call, Fault, check_size,
    signature::{Function, Item, Kind, number, text},
    strings::at,
};
use crate::terraform::cty::{Term, Type};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("cidrhost", &[text("prefix"), number("hostnum")], Kind::Text, host),
    Function::new("cidrnetmask", &[text("prefix")], Kind::Text, netmask),
    Function::new("cidrsubnet", &[text("prefix"), number("newbits"), number("netnum")], Kind::Text, subnet),
    Function::new("cidrsubnets", &[text("prefix")], Kind::ListOf(Item::Text), subnets).with_more(&number("newbits")),
];

/// A block: its first address, how many bits are fixed, and how many an address has.
#[derive(Clone, Copy)]
struct Block {
    first: u128,
    prefix: u32,
    bits: u32,
}

impl Block {
    fn read(text: &str) -> Result<Self, String> {
        let invalid = || format!("invalid CIDR expression: invalid CIDR address: {text}");
        let block = text.parse::<IpNet>().map_err(|_| invalid())?.trunc();
        let prefix = u32::from(block.prefix_len());
        match block.network() {
            IpAddr::V4(it) => Ok(Self { first: u128::from(u32::from(it)), prefix, bits: 32 }),
            // What Terraform prints of an IPv4 address in IPv6 dress is an IPv4 address; nobody writes one.
            IpAddr::V6(it) if it.to_ipv4_mapped().is_some() => Err(invalid()),
            IpAddr::V6(it) => Ok(Self { first: u128::from(it), prefix, bits: 128 }),
        }
    }

    /// The last address.
    fn last(self) -> u128 {
        self.first | low_bits(self.bits - self.prefix)
    }

    fn address(self, value: u128) -> String {
        match u32::try_from(value) {
            Ok(value) if self.bits == 32 => Ipv4Addr::from(value).to_string(),
            _ => Ipv6Addr::from(value).to_string(),
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.address(self.first), self.prefix)
    }
}

fn low_bits(count: u32) -> u128 {
    1_u128.checked_shl(count).map_or(u128::MAX, |it| it - 1)
}

fn whole(call: &Call<'_>, at: usize) -> Result<BigInt, Fault> {
    Ok(call.number(at)?.to_integer().ok_or("value must be a whole number")?)
}

fn host(call: &Call<'_>) -> Answer {
    let number = whole(call, 1)?;
    let block = Block::read(call.text(0))?;
    let most = low_bits(block.bits - block.prefix);
    let refused = || format!("prefix of {} does not accommodate a host numbered {number}", block.prefix);
    // A negative number counts from the end: -1 is the last address.
    let position = if number < BigInt::ZERO { BigInt::from(most) + 1_u8 + &number } else { number.clone() };
    let position = u128::try_from(position).ok().filter(|it| *it <= most).ok_or_else(refused)?;
    Ok(Term::text(&block.address(block.first | position)))
}

fn netmask(call: &Call<'_>) -> Answer {
    let block = Block::read(call.text(0))?;
    if block.bits != 32 {
        return Err(format!("IPv6 addresses cannot have a netmask: {}", call.text(0)).into());
    }
    Ok(Term::text(&block.address(low_bits(32) & !low_bits(32 - block.prefix))))
}

fn subnet(call: &Call<'_>) -> Answer {
    let more = call.integer(1)?;
    let number = whole(call, 2)?;
    let block = Block::read(call.text(0))?;
    let prefix = i64::from(block.prefix) + more;
    if i64::from(block.bits) < prefix {
        return Err(format!("insufficient address space to extend prefix of {} by {more}", block.prefix).into());
    }
    let prefix = u32::try_from(prefix).map_err(|_| "a prefix may not be shorter than nothing")?;
    let more_bits = u32::try_from(more).map_err(|_| "a prefix can only be extended")?;
    let refused = || format!("prefix extension of {more} does not accommodate a subnet numbered {number}");
    let position = u128::try_from(number.clone()).ok().filter(|it| *it <= low_bits(more_bits)).ok_or_else(refused)?;
    let first = block.first | position.checked_shl(block.bits - prefix).unwrap_or(0);
    Ok(Term::text(&Block { first, prefix, bits: block.bits }.text()))
}

/// One behind the other, each as far forward as its size allows.
fn subnets(call: &Call<'_>) -> Answer {
    let block = Block::read(call.text(0)).map_err(|error| at(0, error))?;
    check_size(call.arguments.len())?;
    let mut found = Vec::new();
    // Terraform takes the address before the block, and comes round to the end where there is none.
    let mut next = Some(block.first).filter(|it| *it != 0 || call.arguments.len() == 1);
    let mut before = block.text();
    for position in 1..call.arguments.len() {
        let more = call.integer(position).map_err(|error| at(position, error))?;
        if more < 1 {
            return Err(at(position, "must extend prefix by at least one bit"));
        }
        if 32 < more {
            return Err(at(position, "may not extend prefix by more than 32 bits"));
        }
        let prefix = block.prefix + u32::try_from(more).unwrap_or(u32::MAX);
        if block.bits < prefix {
            let protocol = if block.bits == 32 { "IPv4" } else { "IPv6" };
            let message = format!("would extend prefix to {prefix} bits, which is too long for an {protocol} address");
            return Err(at(position, message));
        }
        let size = low_bits(block.bits - prefix);
        let aligned = next.and_then(|it| it.checked_add(size)).map(|it| it & !size).filter(|it| *it <= block.last());
        let first = aligned.ok_or_else(|| {
            at(
                position,
                format!(
                    "not enough remaining address space for a subnet with a prefix of {prefix} bits after {before}"
                ),
            )
        })?;
        let part = Block { first, prefix, bits: block.bits };
        before = part.text();
        next = part.last().checked_add(1);
        found.push(Term::text(&before));
    }
    Ok(Term::list(Type::Text, found))
}
