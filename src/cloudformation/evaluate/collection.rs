//! Lists and maps: `Fn::Select`, `Fn::FindInMap`, `Fn::GetAZs`, `Fn::Cidr`, `Fn::Length`.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::{Evaluator, Failure, Result, Scope};
use crate::{
    cloudformation::term::{Shape, Term},
    source::Span,
    syntax::yaml::{Node, NodeKind},
    value::{Address, Reference, Unknown},
};

/// As many blocks as `Fn::Cidr` gives at most.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html>
const MOST_BLOCKS: i64 = 256;

impl<'a> Evaluator<'a> {
    pub(super) fn selected(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let arguments = Self::arguments(argument, 2..=2, "a number and a list")?;
        let index = self.value(scope, &arguments[0]);
        let list = self.value(scope, &arguments[1]);
        let at = argument.span;
        let Some(number) = index.whole_number() else {
            return match index.why_unknown() {
                Some(why) => Ok(Term::depending(&why, at)),
                None => Err(Failure::new(arguments[0].span, "expected the number of an item")),
            };
        };
        match list.shape {
            Shape::List(items) => {
                let item = usize::try_from(number).ok().and_then(|number| items.get(number));
                let count = items.len();
                let why = || Failure::new(arguments[0].span, format!("there is no item {number} in a list of {count}"));
                item.cloned().ok_or_else(why)
            }
            Shape::Unknown(unknown) => Ok(Term::part_of(&unknown, &format!("[{number}]"), at)),
            Shape::Nothing | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::Parts(_) | Shape::Map(_) => {
                Err(Failure::new(arguments[1].span, "expected a list to select from"))
            }
        }
    }

    pub(super) fn found_in_map(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let arguments = Self::arguments(argument, 3..=4, "a mapping, two keys, and perhaps a default")?;
        let mut keys = Vec::new();
        for argument in &arguments[..3] {
            keys.push(self.value(scope, argument));
        }
        let known: Vec<_> = keys.iter().map(Term::known_text).collect();
        let default = arguments.get(3).and_then(|it| it.get("DefaultValue"));
        let template = self.stacks[scope.stack].template;
        let Some(name) = &known[0] else {
            return Ok(unknown_in_map(&keys, argument.span));
        };
        let Some((_, mapping)) = template.entry("Mappings", name) else {
            return match default {
                Some(default) => Ok(self.value(scope, default)),
                None => Err(Failure::new(arguments[0].span, format!("there is no mapping {name}"))),
            };
        };
        if mapping.get("Fn::Transform").is_some() {
            return Ok(Term::opaque("a macro makes the mapping", argument.span));
        }
        let found = candidates(mapping, known[1].as_deref(), known[2].as_deref());
        if let (Some(first), Some(second)) = (&known[1], &known[2]) {
            return match (found.first(), default) {
                (Some(node), _) => Ok(self.value(scope, node)),
                (None, Some(default)) => Ok(self.value(scope, default)),
                (None, None) => {
                    let message = format!("the mapping {name} has nothing at {first}, {second}");
                    Err(Failure::new(argument.span, message))
                }
            };
        }
        // Whichever key it is: where all say the same, that.
        let mut values = Vec::new();
        for node in found {
            values.push(self.value(scope, node));
        }
        match values.split_first() {
            Some((first, rest)) if default.is_none() && rest.iter().all(|it| it.shape == first.shape) => {
                Ok(first.clone())
            }
            Some(_) | None => Ok(unknown_in_map(&keys, argument.span)),
        }
    }

    pub(super) fn zones(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let mut region = self.value(scope, argument);
        if region.known_text().is_some_and(|it| it.is_empty()) {
            region = self.named(scope, "AWS::Region", argument.span)?;
        }
        let name = match (region.known_text(), &region.shape) {
            (Some(name), _) => name,
            (None, Shape::Unknown(Unknown::Input(name))) => name.clone(),
            (None, _) => return Ok(Term::opaque("the zones of a region that is not known", argument.span)),
        };
        let zones = Reference::new(Address::new(&name), "zones");
        Ok(Term::unknown(Unknown::after_apply(zones), argument.span))
    }

    pub(super) fn blocks(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let arguments = Self::arguments(argument, 2..=3, "a block, a count, and perhaps the bits of an address")?;
        let mut values = Vec::new();
        for argument in arguments {
            values.push(self.value(scope, argument));
        }
        let block = values[0].known_text();
        let (Some(block), Some(count)) = (block, values[1].whole_number()) else {
            return match values.iter().find_map(Term::why_unknown) {
                Some(why) => Ok(Term::part_of(&why, ".blocks", argument.span)),
                None => Err(Failure::new(argument.span, "expected a block and a count")),
            };
        };
        let bits = match values.get(2) {
            Some(bits) => match bits.whole_number() {
                Some(bits) => bits,
                None => match bits.why_unknown() {
                    Some(why) => return Ok(Term::depending(&why, argument.span)),
                    None => return Err(Failure::new(arguments[2].span, "expected the bits of an address")),
                },
            },
            None => 8,
        };
        let Ok(block) = block.trim().parse::<IpNet>() else {
            return Err(Failure::new(arguments[0].span, format!("{block} is no block of addresses")));
        };
        match cut(block, count, bits) {
            Ok(blocks) => {
                let items = blocks.into_iter().map(|it| Term::text(it.to_string(), argument.span)).collect();
                Ok(Term::new(Shape::List(items), argument.span))
            }
            Err(message) => Err(Failure::new(argument.span, message)),
        }
    }

    pub(super) fn length(&mut self, scope: &Scope, argument: &'a Node) -> Result<Term> {
        let list = self.value(scope, argument);
        match (&list.shape, list.why_unknown()) {
            (Shape::List(items), _) => Ok(Term::new(Shape::Number(items.len().to_string()), argument.span)),
            (_, Some(why)) => Ok(Term::depending(&why, argument.span)),
            (_, None) => Err(Failure::new(argument.span, "expected a list")),
        }
    }
}

/// What a mapping has at these keys; for a key that is not known, at each.
fn candidates<'n>(mapping: &'n Node, first: Option<&str>, second: Option<&str>) -> Vec<&'n Node> {
    let under = |node: &'n Node, key: Option<&str>| -> Vec<&'n Node> {
        match key {
            Some(key) => node.get(key).into_iter().collect(),
            None => match &node.kind {
                NodeKind::Map(entries) => entries.iter().map(|(_, node)| node).collect(),
                NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => {
                    Vec::new()
                }
            },
        }
    };
    under(mapping, first).into_iter().flat_map(|node| under(node, second)).collect()
}

/// What stands at keys that are not known: the same keys give the same.
fn unknown_in_map(keys: &[Term], at: Span) -> Term {
    let shown: Vec<_> = keys
        .iter()
        .map(|key| match (key.known_text(), key.why_unknown()) {
            (Some(text), _) => text,
            (None, Some(Unknown::Input(name))) => name,
            (None, Some(unknown)) => unknown.to_string(),
            (None, None) => "?".to_owned(),
        })
        .collect();
    let has_identity = keys.iter().all(|key| {
        key.known_text().is_some() || matches!(key.shape, Shape::Unknown(Unknown::Input(_) | Unknown::AfterApply(_)))
    });
    let name = format!("the mapping {}", shown.join(", "));
    if has_identity { Term::unknown(Unknown::Input(name), at) } else { Term::opaque(name, at) }
}

/// The first `count` blocks with addresses of `bits` bits for hosts.
fn cut(block: IpNet, count: i64, bits: i64) -> std::result::Result<Vec<IpNet>, String> {
    if !(1..=MOST_BLOCKS).contains(&count) {
        return Err(format!("expected 1 to {MOST_BLOCKS} blocks, not {count}"));
    }
    let whole = i64::from(block.max_prefix_len());
    if !(1..=whole).contains(&bits) {
        return Err(format!("expected 1 to {whole} bits, not {bits}"));
    }
    let prefix = u8::try_from(whole - bits).unwrap_or(0);
    if prefix < block.prefix_len() {
        return Err(format!("{block} holds no block of {bits} bits"));
    }
    let room = prefix - block.prefix_len();
    if room < 16 && (1_i64 << room) < count {
        return Err(format!("{block} holds {} blocks of {bits} bits, not {count}", 1_i64 << room));
    }
    let nth = |index: i64| -> Option<IpNet> {
        let index = u128::try_from(index).ok()?;
        match block.trunc() {
            IpNet::V4(it) => {
                let step = 1_u64.checked_shl(u32::try_from(bits).ok()?)?;
                let first = u64::from(u32::from(it.addr())) + u64::try_from(index).ok()? * step;
                IpNet::new(Ipv4Addr::from(u32::try_from(first).ok()?).into(), prefix).ok()
            }
            IpNet::V6(it) => {
                let step = 1_u128.checked_shl(u32::try_from(bits).ok()?).unwrap_or(0);
                let first = u128::from(it.addr()).checked_add(index.checked_mul(step)?)?;
                IpNet::new(Ipv6Addr::from(first).into(), prefix).ok()
            }
        }
    };
    (0..count).map(nth).collect::<Option<_>>().ok_or_else(|| format!("{block} holds no {count} blocks of {bits} bits"))
}

#[cfg(test)]
mod tests {
    use super::cut;

    fn blocks(block: &str, count: i64, bits: i64) -> Result<Vec<String>, String> {
        Ok(cut(block.parse().unwrap(), count, bits)?.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn blocks_are_cut_as_cloudformation_cuts_them() {
        assert_eq!(blocks("192.168.0.0/24", 6, 5).unwrap()[..2], ["192.168.0.0/27", "192.168.0.32/27"]);
        assert_eq!(blocks("10.0.0.0/16", 3, 8).unwrap(), ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]);
        assert_eq!(blocks("2001:db8::/56", 2, 64).unwrap(), ["2001:db8::/64", "2001:db8:0:1::/64"]);
        assert_eq!(blocks("0.0.0.0/0", 2, 31).unwrap(), ["0.0.0.0/1", "128.0.0.0/1"]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(blocks("10.0.0.0/24", 3, 8).is_err());
        assert!(blocks("10.0.0.0/24", 1, 9).is_err());
        assert!(blocks("10.0.0.0/8", 257, 8).is_err());
        assert!(blocks("10.0.0.0/8", 0, 8).is_err());
        assert!(blocks("10.0.0.0/8", 1, 33).is_err());
    }
}
