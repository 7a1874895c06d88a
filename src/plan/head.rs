//! The beginning of a resource's object, read no further than it must be to know which resource it is.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, MapAccess, Visitor},
};

use super::{
    address::{self, Key},
    decode::skip,
};
use crate::{
    resource::{Action, Mode},
    value::Address,
};

/// What stands at the beginning of a resource's object: enough to know which it is.
#[derive(Debug)]
pub struct Head<'a> {
    pub address: Address,
    pub mode: Mode,
    pub kind: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) key: Option<Key>,
    pub(super) module: Option<Cow<'a, str>>,
    pub(super) action: Option<Action>,
    pub(super) deposed: bool,
    pub(super) object: &'a str,
}

/// Which side of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

impl<'a> Head<'a> {
    /// Reads no further than it must: the rest of the object is decoded when something asks for it.
    pub(super) fn read(object: &'a str, action: Option<Action>) -> Result<Self, serde_json::Error> {
        let mut read = HeadVisitor { action, ..HeadVisitor::default() };
        match serde_json::Deserializer::from_str(object).deserialize_map(&mut read) {
            Err(error) if !read.stopped => return Err(error),
            Ok(()) | Err(_) => (),
        }
        let missing = |what| de::Error::custom(format!("a resource without `{what}`"));
        let address = read.address.ok_or_else(|| missing("address"))?;
        let kind = read.kind.ok_or_else(|| missing("type"))?;
        let name = read.name.ok_or_else(|| missing("name"))?;
        let module = read.module.or_else(|| module_of(&address));
        Ok(Self {
            address: Address::new(&address),
            mode: read.mode.unwrap_or(Mode::Managed),
            kind,
            name,
            key: read.key,
            module,
            action: read.action,
            deposed: read.deposed,
            object,
        })
    }

    /// The address within its module, without an instance key: `data.aws_region.current`.
    pub(super) fn within_module(&self) -> String {
        match self.mode {
            Mode::Managed => format!("{}.{}", self.kind, self.name),
            Mode::Data => format!("data.{}.{}", self.kind, self.name),
        }
    }

    /// Whether there is such a resource before or after.
    pub(super) fn stands(&self, side: Side) -> bool {
        if self.deposed {
            return false;
        }
        match (side, self.action) {
            (Side::After, Some(Action::Delete | Action::Forget))
            | (Side::Before, Some(Action::Create | Action::Read)) => false,
            (
                _,
                None
                | Some(
                    Action::NoOp
                    | Action::Create
                    | Action::Read
                    | Action::Update
                    | Action::Replace
                    | Action::ReplaceCreatingFirst
                    | Action::Delete
                    | Action::Forget,
                ),
            ) => true,
        }
    }

    pub(super) fn loses_its_name(&self) -> bool {
        self.deposed || matches!(self.action, Some(Action::Delete | Action::Replace | Action::ReplaceCreatingFirst))
    }

    /// Whether its id is not known until apply.
    pub(super) fn gets_its_name(&self) -> bool {
        matches!(self.action, Some(Action::Create | Action::Replace | Action::ReplaceCreatingFirst | Action::Read))
    }
}

/// A state names a resource's module only in its address.
fn module_of<'a>(address: &str) -> Option<Cow<'a, str>> {
    let mut written = String::new();
    for (name, key) in address::module_steps(address) {
        written.push_str(if written.is_empty() { "module." } else { ".module." });
        written.push_str(&name);
        if let Some(key) = key {
            written.push_str(&key.to_string());
        }
    }
    (!written.is_empty()).then_some(Cow::Owned(written))
}

#[derive(Default)]
struct HeadVisitor<'a> {
    address: Option<Cow<'a, str>>,
    module: Option<Cow<'a, str>>,
    mode: Option<Mode>,
    kind: Option<Cow<'a, str>>,
    name: Option<Cow<'a, str>>,
    key: Option<Key>,
    deposed: bool,
    action: Option<Action>,
    /// All that a head needs was read, and the rest of the object was not.
    stopped: bool,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for &mut HeadVisitor<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = entries.next_key::<Text<'de>>()? {
            match key.as_ref() {
                "address" => self.address = Some(entries.next_value::<Text<'de>>()?.0),
                "module_address" => self.module = Some(entries.next_value::<Text<'de>>()?.0),
                "mode" => {
                    let Text(mode) = entries.next_value()?;
                    self.mode = Some(if mode == "data" { Mode::Data } else { Mode::Managed });
                }
                "type" => self.kind = Some(entries.next_value::<Text<'de>>()?.0),
                "name" => self.name = Some(entries.next_value::<Text<'de>>()?.0),
                "index" => self.key = key_of(&entries.next_value()?),
                "deposed" | "deposed_key" => self.deposed = entries.next_value::<Option<Text<'de>>>()?.is_some(),
                // Terraform writes the head before these, each in its document.
                "change" => {
                    let stop = self.kind.is_some() && self.name.is_some() && self.address.is_some();
                    self.stopped = stop;
                    entries.next_value_seed(ActionsInto { action: &mut self.action, stop })?;
                }
                "values" if self.kind.is_some() && self.name.is_some() && self.address.is_some() => {
                    self.stopped = true;
                    return Err(de::Error::custom("the head is read"));
                }
                _ => skip(&mut entries)?,
            }
        }
        Ok(())
    }
}

fn key_of(index: &serde_json::Value) -> Option<Key> {
    match index {
        serde_json::Value::Number(number) => number.as_i64().map(Key::Index),
        serde_json::Value::String(name) => Some(Key::Name(name.clone())),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Array(_)
        | serde_json::Value::Object(_) => None,
    }
}

/// Reads the `actions` of a change; with `stop`, nothing behind them.
struct ActionsInto<'v> {
    action: &'v mut Option<Action>,
    stop: bool,
}

impl<'de> DeserializeSeed<'de> for ActionsInto<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ActionsInto<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = entries.next_key::<Text<'de>>()? {
            if key == "actions" {
                *self.action = Some(action_of(&entries.next_value::<Vec<Text<'de>>>()?));
                if self.stop {
                    return Err(de::Error::custom("the head is read"));
                }
            } else {
                skip(&mut entries)?;
            }
        }
        Ok(())
    }
}

fn action_of(words: &[Text<'_>]) -> Action {
    let words: Vec<&str> = words.iter().map(|word| word.0.as_ref()).collect();
    match words.as_slice() {
        ["create"] => Action::Create,
        ["read"] => Action::Read,
        ["update"] => Action::Update,
        ["delete"] => Action::Delete,
        ["delete", "create"] => Action::Replace,
        ["create", "delete" | "forget"] => Action::ReplaceCreatingFirst,
        ["forget"] => Action::Forget,
        _ => Action::NoOp,
    }
}
