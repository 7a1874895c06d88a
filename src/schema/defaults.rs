//! What the AWS provider plans for an argument that the code leaves out, where that is the same wherever it is left out.
//!
//! `defaults.txt` says it for every resource type of the provider's schema, one type a line: `name=value` is the
//! provider's own default, a `name` alone stays null, and `name{…}` is a block. An argument that is not there is decided
//! on apply. It was written by `testdata/schema/defaults.py`, which asks the provider itself to plan.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use crate::value::{Kind, Number};

/// By resource type. Most runs meet few of them, so that each is read when it is asked for the first time.
static TYPES: LazyLock<FxHashMap<&'static str, OfType>> = LazyLock::new(|| {
    let lines = include_str!("defaults.txt").lines().filter_map(|line| line.split_once(' '));
    lines.map(|(kind, text)| (kind, OfType { text, read: OnceLock::new() })).collect()
});

static NONE: Entries = Entries(Vec::new());

struct OfType {
    text: &'static str,
    read: OnceLock<Entries>,
}

/// What follows for the arguments of one block that are left out.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    entries: &'static Entries,
}

#[derive(Debug)]
struct Entries(Vec<(&'static str, Entry)>);

/// One entry of a block.
#[derive(Debug)]
enum Entry {
    /// Null, or the provider's own.
    Value(Kind),
    /// What the text says that nobody understands; a test holds that there is nothing of the kind.
    Unread,
    Block(Entries),
}

impl Default for Defaults {
    fn default() -> Self {
        Self { entries: &NONE }
    }
}

impl Defaults {
    /// Those of a resource of type `kind`; of one that is not known, there are none.
    pub fn of(kind: &str) -> Self {
        let known = TYPES.get(kind);
        known.map(|it| Self { entries: it.read.get_or_init(|| Entries::read(it.text)) }).unwrap_or_default()
    }

    /// Those of the blocks of that name in it.
    #[must_use]
    pub fn block(self, name: &str) -> Self {
        match self.entries.find(name) {
            Some(Entry::Block(entries)) => Self { entries },
            Some(Entry::Value(_) | Entry::Unread) | None => Self::default(),
        }
    }

    /// What `argument` is where it is left out: null, or the provider's default. `None`: only apply decides it.
    pub fn left_out(self, argument: &str) -> Option<Kind> {
        self.entries.find(argument)?.kind().cloned()
    }

    /// Each argument that has a default of the provider's, and null where it stays null.
    pub fn arguments(self) -> impl Iterator<Item = (&'static str, &'static Kind)> {
        self.entries.0.iter().filter_map(|(name, entry)| Some((*name, entry.kind()?)))
    }
}

impl Entries {
    fn find(&self, name: &str) -> Option<&Entry> {
        self.0.iter().find(|(it, _)| *it == name).map(|(_, entry)| entry)
    }

    /// Blocks stand in blocks only as deep as the provider's schema has them.
    fn read(text: &'static str) -> Self {
        let mut entries = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start();
            let name = rest.find([' ', '=', '{']).map_or(rest, |end| &rest[..end]);
            if name.is_empty() {
                return Self(entries);
            }
            let after = &rest[name.len()..];
            let (entry, length) = match after.as_bytes().first() {
                Some(b'=') => {
                    let length = 1 + length_until(&after[1..], b' ');
                    (kind(&after[1..length]).map_or(Entry::Unread, Entry::Value), length)
                }
                Some(b'{') => {
                    let length = 1 + length_until(&after[1..], b'}');
                    (Entry::Block(Self::read(&after[1..length])), (length + 1).min(after.len()))
                }
                Some(_) | None => (Entry::Value(Kind::Null), 0),
            };
            rest = &after[length..];
            entries.push((name, entry));
        }
    }
}

/// How long `text` is until `end`, which stands in no quotes and in no inner block.
fn length_until(text: &str, end: u8) -> usize {
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => (),
            _ if depth == 0 && byte == end => return at,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => (),
        }
    }
    text.len()
}

impl Entry {
    fn kind(&self) -> Option<&Kind> {
        match self {
            Self::Value(kind) => Some(kind),
            Self::Block(_) | Self::Unread => None,
        }
    }
}

/// A value as JSON writes it.
fn kind(text: &str) -> Option<Kind> {
    Some(match serde_json::from_str(text).ok()? {
        serde_json::Value::Bool(it) => Kind::Bool(it),
        serde_json::Value::Number(it) => {
            Kind::Number(it.as_i64().map_or_else(|| it.as_f64().map(Number::Fraction), |it| Some(Number::Whole(it)))?)
        }
        serde_json::Value::String(it) => Kind::Text(it.into()),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_left_out_is_the_default_or_null_or_decided_on_apply() {
        let log_group = Defaults::of("aws_cloudwatch_log_group");
        assert_eq!(log_group.left_out("retention_in_days"), Some(Kind::Number(Number::Whole(0))));
        assert_eq!(log_group.left_out("kms_key_id"), Some(Kind::Null));
        // Optional, and AWS gives one where the code does not.
        assert_eq!(log_group.left_out("log_group_class"), None);
        assert_eq!(log_group.left_out("arn"), None);
        assert_eq!(Defaults::of("aws_unheard_of").left_out("name"), None);
    }

    #[test]
    fn blocks_have_defaults_of_their_own() {
        let group = Defaults::of("aws_lb_target_group");
        let failover = group.block("target_group_health").block("dns_failover");
        assert_eq!(failover.left_out("minimum_healthy_targets_count"), Some(Kind::Text("off".into())));
        assert_eq!(group.block("health_check").left_out("interval"), Some(Kind::Number(Number::Whole(30))));
        assert_eq!(group.left_out("health_check"), None);
        assert_eq!(group.left_out("target_type"), Some(Kind::Text("instance".into())));
    }

    #[test]
    fn every_entry_of_the_table_can_be_read() {
        let mut open: Vec<_> = TYPES.keys().map(|kind| Defaults::of(kind).entries).collect();
        let mut seen = 0;
        while let Some(block) = open.pop() {
            for (name, entry) in &block.0 {
                seen += 1;
                assert!(name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'), "{name}");
                match entry {
                    Entry::Block(inner) => open.push(inner),
                    Entry::Value(_) => (),
                    Entry::Unread => panic!("{name} cannot be read"),
                }
            }
        }
        assert!(8_000 < seen, "{seen}");
    }
}
