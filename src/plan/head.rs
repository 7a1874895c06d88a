//! The beginning of a resource's object, which says which resource it is; and where in it its attributes stand.

use std::borrow::Cow;

use super::address::{self, Key};
use crate::{
    resource::{Action, Mode},
    syntax::json::{Broken, Cursor},
    value::Address,
};

/// What a document says of a resource, its attributes aside: enough to know which it is.
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
    is_of_state: bool,
    pub(super) object: &'a str,
    /// Where in it the texts of its attributes stand.
    places: Places,
    /// How many heads of its plan stand before it.
    pub(super) ordinal: usize,
    /// Where the configuration has it: the module, and the resource in it.
    pub(super) configured: Option<(usize, usize)>,
}

/// The texts of its attributes, and of what is said of them; empty where the document says nothing. What a state says
/// stands as `after`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts<'a> {
    pub(super) before: &'a str,
    pub(super) after: &'a str,
    pub(super) after_unknown: &'a str,
    pub(super) before_sensitive: &'a str,
    pub(super) after_sensitive: &'a str,
    /// The attributes, or parts of them, of which a change makes the plan replace the resource: a list of paths.
    pub(super) replace_paths: &'a str,
}

/// Where the [`Parts`] stand, in the order of these, counted from the object's first byte; empty where there is none.
type Places = [(u32, u32); 6];

/// Which side of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// A head, as far as it is read.
#[derive(Default)]
struct Reading<'a> {
    address: Option<Cow<'a, str>>,
    module: Option<Cow<'a, str>>,
    mode: Option<Mode>,
    kind: Option<Cow<'a, str>>,
    name: Option<Cow<'a, str>>,
    key: Option<Key>,
    deposed: bool,
    action: Option<Action>,
    places: Places,
}

impl<'a> Head<'a> {
    /// Reads the object that stands here. `action` is what a state does with it; a plan says that itself. `None`: it has an
    /// address that is not `wanted`.
    pub(super) fn read(
        cursor: &mut Cursor<'a>,
        action: Option<Action>,
        wanted: impl FnOnce(&str) -> bool,
    ) -> Result<Option<Self>, Broken> {
        let start = cursor.start();
        let mut read = Reading { action, ..Reading::default() };
        cursor.map(|cursor, key| read.member(cursor, &key, start))?;
        let object = cursor.since(start);
        let address = read.address.ok_or(Broken)?;
        if !wanted(&address) {
            return Ok(None);
        }
        let module = read.module.or_else(|| module_of(&address));
        Ok(Some(Self {
            address: Address::new(&address),
            mode: read.mode.unwrap_or(Mode::Managed),
            kind: read.kind.ok_or(Broken)?,
            name: read.name.ok_or(Broken)?,
            key: read.key,
            module,
            action: read.action,
            deposed: read.deposed,
            is_of_state: action.is_some(),
            object,
            places: read.places,
            ordinal: 0,
            configured: None,
        }))
    }

    /// What the document says of its attributes.
    pub(super) fn parts(&self) -> Parts<'a> {
        let text = |(start, end): (u32, u32)| self.object.get(start as usize..end as usize).unwrap_or_default();
        let [before, after, after_unknown, before_sensitive, after_sensitive, replace_paths] = self.places.map(text);
        Parts { before, after, after_unknown, before_sensitive, after_sensitive, replace_paths }
    }

    /// The address within its module, without an instance key: `data.aws_region.current`.
    pub(super) fn within_module(&self) -> String {
        let mut written = String::new();
        self.write_within_module(&mut written);
        written
    }

    /// The same, into a text that is used again.
    pub(super) fn write_within_module(&self, into: &mut String) {
        into.clear();
        if self.mode == Mode::Data {
            into.push_str("data.");
        }
        into.push_str(&self.kind);
        into.push('.');
        into.push_str(&self.name);
    }

    /// Whether the two are instances of one resource of the code, in one instance of its module.
    pub(super) fn is_peer(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind && self.mode == other.mode && self.module == other.module
    }

    /// Whether it is of a state, which has no sides.
    pub(super) fn stands_in_state(&self) -> bool {
        self.is_of_state
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
    if !address.starts_with("module.") {
        return None;
    }
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

impl<'a> Reading<'a> {
    fn member(&mut self, cursor: &mut Cursor<'a>, key: &str, object: usize) -> Result<(), Broken> {
        match key {
            "address" => self.address = Some(cursor.text()?),
            "module_address" => self.module = Some(cursor.text()?),
            "mode" => self.mode = Some(if cursor.text()? == "data" { Mode::Data } else { Mode::Managed }),
            "type" => self.kind = Some(cursor.text()?),
            "name" => self.name = Some(cursor.text()?),
            "index" => self.key = key_of(cursor.raw()?),
            "deposed" | "deposed_key" => self.deposed = cursor.raw()? != "null",
            "change" => cursor.map(|cursor, key| match key.as_ref() {
                "actions" => {
                    self.action = Some(actions(cursor)?);
                    Ok(())
                }
                "before" => self.place(0, cursor, object),
                "after" => self.place(1, cursor, object),
                "after_unknown" => self.place(2, cursor, object),
                "before_sensitive" => self.place(3, cursor, object),
                "after_sensitive" => self.place(4, cursor, object),
                "replace_paths" => self.place(5, cursor, object),
                _ => cursor.skip(),
            })?,
            "values" => self.place(1, cursor, object)?,
            "sensitive_values" => self.place(4, cursor, object)?,
            _ => cursor.skip()?,
        }
        Ok(())
    }

    /// Takes note of where the next value stands, which is the part of this number.
    fn place(&mut self, part: usize, cursor: &mut Cursor<'a>, object: usize) -> Result<(), Broken> {
        let start = cursor.start();
        cursor.skip()?;
        let place = |at: usize| u32::try_from(at - object).map_err(|_| Broken);
        self.places[part] = (place(start)?, place(cursor.start())?);
        Ok(())
    }
}

fn key_of(index: &str) -> Option<Key> {
    if index.starts_with('"') {
        return Cursor::new(index).text().ok().map(|name| Key::Name(name.into_owned()));
    }
    index.parse().ok().map(Key::Index)
}

fn actions(cursor: &mut Cursor<'_>) -> Result<Action, Broken> {
    let mut words = Vec::with_capacity(2);
    cursor.list(|cursor| {
        words.push(cursor.text()?);
        Ok(())
    })?;
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    Ok(match words.as_slice() {
        ["create"] => Action::Create,
        ["read"] => Action::Read,
        ["update"] => Action::Update,
        ["delete"] => Action::Delete,
        ["delete", "create"] => Action::Replace,
        ["create", "delete" | "forget"] => Action::ReplaceCreatingFirst,
        ["forget"] => Action::Forget,
        _ => Action::NoOp,
    })
}
