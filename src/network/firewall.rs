//! Policies of AWS Network Firewall: which packets its own rules pass and drop, as far as the rules are of five values.
//!
//! Not read: rules in the language of Suricata, lists of domains, groups that AWS manages, and variables. What only such
//! rules decide is not known.
//! <https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policies.html>

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    name::{Declared, blocks, resolve, set},
    security::Protocol,
};
use crate::{
    graph::{ResourceGraph, Target},
    resource::Resource,
    schema::Noun,
    value::Value,
};

/// What a firewall does with what passes it.
#[derive(Clone, Debug)]
pub struct FirewallPolicy {
    pub name: Declared,
    /// In their order: the first that fits decides, for each packet by itself.
    pub stateless: Vec<FirewallRule>,
    /// What becomes of packets that no stateless rule fits; `None`: not known.
    pub stateless_default: Option<FirewallAction>,
    /// In their order: the first that fits decides for the connection.
    pub stateful: Vec<FirewallRule>,
    /// What becomes of connections that no stateful rule fits; `None`: not known.
    pub stateful_default: Option<FirewallAction>,
}

/// A rule; wider than it may be where something of it is not known.
#[derive(Clone, Debug)]
pub struct FirewallRule {
    /// The group that has it.
    pub by: Declared,
    /// `None`: any.
    pub sources: Option<Vec<IpNet>>,
    pub destinations: Option<Vec<IpNet>>,
    pub source_ports: Option<Vec<(u16, u16)>>,
    pub destination_ports: Option<Vec<(u16, u16)>>,
    /// `None`: any.
    pub protocols: Option<Vec<u8>>,
    /// It fits what goes the other way, too.
    pub is_both_ways: bool,
    /// `None`: not known.
    pub action: Option<FirewallAction>,
    /// Why it may fit fewer packets.
    pub doubt: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirewallAction {
    Pass,
    Drop,
    /// To the stateful rules.
    Forward,
    /// Goes on to the next rule.
    Note,
}

/// The policy of a firewall; or why it is not known.
pub(super) fn policy_of(graph: &ResourceGraph, firewall: &Resource) -> Result<FirewallPolicy, String> {
    let unknown = || format!("the policy of `{}`", firewall.address);
    let value = firewall.set("firewall_policy_arn").ok_or_else(unknown)?;
    match resolve(graph, value, &[Noun::FirewallPolicy]) {
        Target::Resource(id, _) if graph.resource(id).kind == "aws_networkfirewall_firewall_policy" => {
            let resource = graph.resource(id);
            read(graph, Declared::of(id, resource), resource).ok_or_else(unknown)
        }
        Target::Resource(..) | Target::OneOf(_) | Target::Outside(_) | Target::Gone(_) | Target::Unknown(_) => {
            Err(unknown())
        }
    }
}

fn read(graph: &ResourceGraph, name: Declared, resource: &Resource) -> Option<FirewallPolicy> {
    let body = blocks(resource, "firewall_policy").ok()?.first()?;
    let is_strict = match set(body, "stateful_engine_options").and_then(|it| it.items().first()) {
        None => false,
        Some(options) => match set(options, "rule_order").map(Value::text) {
            None | Some(Some("DEFAULT_ACTION_ORDER")) => false,
            Some(Some("STRICT_ORDER")) => true,
            Some(Some(_) | None) => return None,
        },
    };
    let group = |value: &Value| rules_of(graph, value, &name);
    let stateless = in_order(body, "stateless_rule_group_reference")?.into_iter().flat_map(group).collect();
    let mut stateful: Vec<FirewallRule> =
        in_order(body, "stateful_rule_group_reference")?.into_iter().flat_map(group).collect();
    if !is_strict {
        // Whatever passes, passes; what is not read may do so, too.
        stateful.sort_by_key(|rule| match rule.action {
            Some(FirewallAction::Pass) => 0,
            None => 1,
            Some(FirewallAction::Drop | FirewallAction::Forward | FirewallAction::Note) => 2,
        });
    }
    Some(FirewallPolicy {
        name,
        stateless,
        stateless_default: actions(set(body, "stateless_default_actions")),
        stateful,
        stateful_default: if is_strict {
            stateful_default(set(body, "stateful_default_actions"))
        } else {
            Some(FirewallAction::Pass)
        },
    })
}

/// A list of blocks, as Terraform names it or, with one letter more, CloudFormation.
fn several<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    set(body, name).or_else(|| set(body, &format!("{name}s")))
}

/// The groups that a policy names, in the order of their priorities; `None` where that cannot be told.
fn in_order<'a>(body: &'a Value, references: &str) -> Option<Vec<&'a Value>> {
    let Some(all) = several(body, references) else { return Some(Vec::new()) };
    if all.unknown().is_some() {
        return None;
    }
    let mut all: Vec<(i64, &Value)> = all
        .items()
        .iter()
        .map(|it| Some((set(it, "priority").map_or(Some(0), |it| it.read::<i64>().known.get().copied())?, it)))
        .collect::<Option<_>>()?;
    all.sort_by_key(|(priority, _)| *priority);
    Some(all.into_iter().map(|(_, it)| it).collect())
}

/// The rules of the group that a reference names; where they are not read, one that may do anything.
fn rules_of(graph: &ResourceGraph, reference: &Value, policy: &Declared) -> Vec<FirewallRule> {
    let unread = |by: &Declared, why: &str| {
        let doubt = Some(format!("what the rules of `{}` do: {why}", by.address));
        vec![FirewallRule { doubt, ..FirewallRule::of_anything(by.clone()) }]
    };
    let target = set(reference, "resource_arn").map(|it| resolve(graph, it, &[Noun::FirewallRuleGroup]));
    let Some(Target::Resource(id, _)) = target else { return unread(policy, "a group stands outside the code") };
    let resource = graph.resource(id);
    let by = Declared::of(id, resource);
    if set(reference, "override").is_some_and(|it| !it.items().is_empty()) {
        return unread(&by, "the policy overrides them");
    }
    let source = blocks(resource, "rule_group").ok().and_then(|it| it.first());
    let source = source.and_then(|it| set(it, "rules_source")).and_then(|it| it.items().first());
    let Some(source) = source.filter(|_| resource.set("rules").is_none()) else {
        return unread(&by, "they are in the language of Suricata, or not known");
    };
    if let Some(stateless) = set(source, "stateless_rules_and_custom_actions").and_then(|it| it.items().first()) {
        return stateless_rules(stateless, &by).unwrap_or_else(|| unread(&by, "their order is not known"));
    }
    match several(source, "stateful_rule") {
        Some(rules) if rules.unknown().is_none() => rules.items().iter().map(|it| stateful_rule(it, &by)).collect(),
        Some(_) | None if set(source, "rules_source_list").is_some_and(|it| it.unknown().is_none()) => {
            let why = format!("which domains `{}` lets pass", by.address);
            // They look at names in HTTP and TLS alone.
            vec![FirewallRule { protocols: Some(vec![6]), doubt: Some(why), ..FirewallRule::of_anything(by) }]
        }
        Some(_) | None => unread(&by, "they are in the language of Suricata, or not known"),
    }
}

fn stateless_rules(body: &Value, by: &Declared) -> Option<Vec<FirewallRule>> {
    let rules = several(body, "stateless_rule")?;
    if rules.unknown().is_some() {
        return None;
    }
    let mut all = Vec::new();
    for rule in rules.items() {
        let priority = set(rule, "priority")?.read::<i64>().known.get().copied()?;
        all.push((priority, stateless_rule(rule, by)));
    }
    all.sort_by_key(|(priority, _)| *priority);
    Some(all.into_iter().map(|(_, rule)| rule).collect())
}

fn stateless_rule(body: &Value, by: &Declared) -> FirewallRule {
    let mut rule = FirewallRule::of_anything(by.clone());
    let definition = set(body, "rule_definition").and_then(|it| it.items().first());
    rule.action = definition.and_then(|it| actions(set(it, "actions")));
    let Some(fits) = definition.and_then(|it| set(it, "match_attributes")).and_then(|it| it.items().first()) else {
        rule.doubt = Some(format!("what a rule of `{}` fits", by.address));
        return rule;
    };
    let mut doubt = false;
    let mut list = |name: &str, of: &dyn Fn(&Value) -> Option<Parsed>| -> Option<Vec<Parsed>> {
        let all = several(fits, name)?;
        doubt |= all.unknown().is_some();
        let items: Option<Vec<Parsed>> = all.items().iter().map(of).collect();
        doubt |= items.is_none();
        items.filter(|it| !it.is_empty())
    };
    let address = |it: &Value| set(it, "address_definition")?.text().and_then(block).map(Parsed::Block);
    let ports = |it: &Value| {
        let port = |name| set(it, name).and_then(|it| it.read::<i64>().known.get().copied());
        let from = u16::try_from(port("from_port")?).ok()?;
        let to = set(it, "to_port").map_or(Some(from), |_| u16::try_from(port("to_port")?).ok())?;
        Some(Parsed::Ports(from, to))
    };
    let number = |it: &Value| u8::try_from(it.read::<i64>().known.get().copied()?).ok().map(Parsed::Protocol);
    rule.sources = Parsed::blocks(list("source", &address));
    rule.destinations = Parsed::blocks(list("destination", &address));
    rule.source_ports = Parsed::ports(list("source_port", &ports));
    rule.destination_ports = Parsed::ports(list("destination_port", &ports));
    rule.protocols = list("protocols", &number)
        .map(|all| all.iter().filter_map(|it| if let Parsed::Protocol(it) = it { Some(*it) } else { None }).collect());
    doubt |= several(fits, "tcp_flag").is_some_and(|it| it.unknown().is_some() || !it.items().is_empty());
    if doubt {
        rule.doubt = Some(format!("what a rule of `{}` fits", by.address));
    }
    rule
}

/// Something that an attribute lists.
#[derive(Clone, Copy)]
enum Parsed {
    Block(IpNet),
    Ports(u16, u16),
    Protocol(u8),
}

impl Parsed {
    fn blocks(all: Option<Vec<Self>>) -> Option<Vec<IpNet>> {
        all.map(|all| all.iter().filter_map(|it| if let Self::Block(it) = it { Some(*it) } else { None }).collect())
    }

    fn ports(all: Option<Vec<Self>>) -> Option<Vec<(u16, u16)>> {
        all.map(|all| {
            all.iter().filter_map(|it| if let Self::Ports(a, b) = it { Some((*a, *b)) } else { None }).collect()
        })
    }
}

/// Options that say nothing of what a rule fits.
const HARMLESS: &[&str] = &["sid", "msg", "rev", "classtype", "priority", "gid", "metadata", "reference"];

fn stateful_rule(body: &Value, by: &Declared) -> FirewallRule {
    let mut rule = FirewallRule::of_anything(by.clone());
    rule.action = match set(body, "action").and_then(Value::text) {
        Some("PASS") => Some(FirewallAction::Pass),
        Some("DROP" | "REJECT") => Some(FirewallAction::Drop),
        Some("ALERT") => Some(FirewallAction::Note),
        Some(_) | None => None,
    };
    let Some(header) = set(body, "header").and_then(|it| it.items().first()) else {
        rule.doubt = Some(format!("what a rule of `{}` fits", by.address));
        return rule;
    };
    let text = |name: &str| set(header, name).and_then(Value::text);
    let fields = ["source", "destination", "source_port", "destination_port", "protocol", "direction"];
    let mut is_known = fields.iter().all(|it| text(it).is_some());
    rule.sources = addresses(text("source")).kept(&mut is_known);
    rule.destinations = addresses(text("destination")).kept(&mut is_known);
    rule.source_ports = ports(text("source_port")).kept(&mut is_known);
    rule.destination_ports = ports(text("destination_port")).kept(&mut is_known);
    let direction = text("direction");
    if let Some(name) = text("protocol").filter(|it| *it != "IP") {
        let number = Protocol::of(name).and_then(Protocol::number);
        // Of those that look into what is said: over TCP, and for DNS over UDP, too.
        is_known &= number.is_some();
        rule.protocols = Some(number.map_or_else(|| vec![6, 17], |number| vec![number]));
    }
    rule.is_both_ways = direction != Some("FORWARD");
    let options = several(body, "rule_option");
    let is_harmless = |it: &Value| set(it, "keyword").and_then(Value::text).is_some_and(|it| HARMLESS.contains(&it));
    is_known &= options.is_none_or(|it| it.unknown().is_none() && it.items().iter().all(is_harmless));
    if !is_known {
        rule.doubt = Some(format!("what a rule of `{}` fits", by.address));
    }
    rule
}

impl FirewallRule {
    fn of_anything(by: Declared) -> Self {
        Self {
            by,
            sources: None,
            destinations: None,
            source_ports: None,
            destination_ports: None,
            protocols: None,
            is_both_ways: false,
            action: None,
            doubt: None,
        }
    }
}

/// The one standard action among actions; others are an account's own, for its metrics.
fn actions(value: Option<&Value>) -> Option<FirewallAction> {
    let items = value.filter(|it| it.unknown().is_none())?.items();
    items.iter().find_map(|it| match it.text()? {
        "aws:pass" => Some(FirewallAction::Pass),
        "aws:drop" => Some(FirewallAction::Drop),
        "aws:forward_to_sfe" => Some(FirewallAction::Forward),
        _ => None,
    })
}

/// What is dropped once connections are established is neither passed nor dropped as a whole.
fn stateful_default(value: Option<&Value>) -> Option<FirewallAction> {
    let Some(value) = value else { return Some(FirewallAction::Pass) };
    if value.unknown().is_some() {
        return None;
    }
    let words: Option<Vec<&str>> = value.items().iter().map(Value::text).collect();
    let words = words?;
    match words.iter().find(|it| !it.starts_with("aws:alert")) {
        None => Some(FirewallAction::Pass),
        Some(&"aws:drop_strict") => Some(FirewallAction::Drop),
        Some(_) => None,
    }
}

fn block(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// What a text lists.
enum Listed<T> {
    Any,
    These(Vec<T>),
    Unread,
}

impl<T> Listed<T> {
    fn of(text: Option<&str>, of: impl Fn(&str) -> Option<T>) -> Self {
        match text {
            None => Self::Unread,
            Some(text) if text.eq_ignore_ascii_case("any") => Self::Any,
            Some(text) => listed(text).map(of).collect::<Option<Vec<_>>>().map_or(Self::Unread, Self::These),
        }
    }

    /// What it lists; `None` for any, and for what is not read, which is told.
    fn kept(self, is_known: &mut bool) -> Option<Vec<T>> {
        match self {
            Self::Any => None,
            Self::These(all) => Some(all),
            Self::Unread => {
                *is_known = false;
                None
            }
        }
    }
}

/// `ANY`, a block, or several in brackets.
fn addresses(text: Option<&str>) -> Listed<IpNet> {
    Listed::of(text, block)
}

/// `ANY`, `443`, `1024:65535`, or several in brackets.
fn ports(text: Option<&str>) -> Listed<(u16, u16)> {
    Listed::of(text, |text| {
        let (from, to) = text.trim().split_once(':').unwrap_or((text.trim(), text.trim()));
        let from = if from.is_empty() { 0 } else { from.parse().ok()? };
        let to = if to.is_empty() { u16::MAX } else { to.parse().ok()? };
        Some((from, to))
    })
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim();
    text.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(text).split(',')
}
