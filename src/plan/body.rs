//! A resource's attributes: what is known of each, what is unknown, and what is not to be told.

use std::borrow::Cow;

use compact_str::CompactString;

use super::{
    Head, Part, References,
    decode::{self, Mask, Members, members},
    head::Side,
};
use crate::{
    syntax::json::{Broken, Cursor},
    value::{Kind, Origin, Unknown, Value},
};

/// Which attributes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    All,
    /// Those that the code sets, and of these not what only labels a resource or limits how long Terraform waits. To the
    /// network an attribute that is null or an empty text, or that only the provider decides, says what one says that is
    /// not there ([`Value::is_unset`]).
    Set,
}

/// An attribute as the document has it: what it is, where it is unknown, and where it is not to be told.
#[derive(Default)]
struct Written<'a> {
    value: &'a str,
    unknown: &'a str,
    sensitive: &'a str,
}

/// The texts of one side's attributes, and of what is said of them, each sorted by name.
struct Attributes<'a> {
    values: InTurn<'a>,
    unknown: InTurn<'a>,
    sensitive: InTurn<'a>,
}

/// Members, one after the other.
type InTurn<'a> = std::iter::Peekable<std::vec::IntoIter<(Cow<'a, str>, &'a str)>>;

/// Answers for what is unknown at a path of an attribute.
type Ask<'a> = dyn Fn(&[Part<'_>], &Value) -> Kind + 'a;

/// The attributes of `head` on one side: always a map, whatever the plan says of them. What is not known is asked of
/// `references`.
pub(super) fn read(
    head: &Head<'_>,
    side: Side,
    origin: &Origin,
    references: &dyn References,
    kept: Kept,
) -> Result<Value, Broken> {
    let ask = |path: &[Part<'_>], attribute: &Value| references.unknown(head, path, attribute);
    let mut body: Vec<(CompactString, Value)> = Vec::new();
    let mut attributes = Attributes::of(head, side, references, kept)?;
    while let Some((name, written)) = attributes.next() {
        let value = attribute(&name, &written, origin, &ask)?;
        let is_there = !(written.value.is_empty() && value.kind == Kind::Null);
        let is_set = !matches!(value.kind, Kind::Null | Kind::Unknown(Unknown::Computed));
        if is_there && (kept == Kept::All || is_set) {
            body.push((name.into(), value));
        }
    }
    Ok(Value::new(Kind::Map(body.into_iter().collect()), origin.clone()))
}

impl<'a> Attributes<'a> {
    fn of(head: &Head<'a>, side: Side, references: &dyn References, kept: Kept) -> Result<Self, Broken> {
        let parts = head.parts();
        let (values, unknown, sensitive) = match side {
            Side::Before => (parts.before, "", parts.before_sensitive),
            Side::After => (parts.after, parts.after_unknown, parts.after_sensitive),
        };
        // Unknown or sensitive as a whole: no attribute is told.
        let [values, unknown, sensitive] =
            if is_whole(unknown) || is_whole(sensitive) { [""; 3] } else { [values, unknown, sensitive] };
        let sensitive = masks(sensitive, kept)?;
        let mut unknown = masks(unknown, kept)?;
        // What is sensitive in a part is told apart from the rest of it.
        if kept == Kept::Set && sensitive.is_empty() {
            references.retain_configured(head, &mut unknown);
        }
        let values = members(values, |name, value| kept == Kept::All || !is_label(name) && !is_nothing(value))?;
        let [values, unknown, sensitive] = [values, unknown, sensitive].map(|it| it.into_iter().peekable());
        Ok(Self { values, unknown, sensitive })
    }

    /// The next attribute that any of these name.
    fn next(&mut self) -> Option<(Cow<'a, str>, Written<'a>)> {
        let Self { values, unknown, sensitive } = self;
        let names = [values.peek(), unknown.peek(), sensitive.peek()];
        let name = names.into_iter().flatten().map(|(name, _)| name).min()?.clone();
        let take = |members: &mut InTurn<'a>| members.next_if(|(it, _)| *it == name).map_or("", |(_, text)| text);
        let written = Written { value: take(values), unknown: take(unknown), sensitive: take(sensitive) };
        Some((name, written))
    }
}

/// The members of a mask that say anything.
fn masks(mask: &str, kept: Kept) -> Result<Members<'_>, Broken> {
    if !may_say_anything(mask) {
        return Ok(Members::new());
    }
    members(mask, |name, mask| may_say_anything(mask) && (kept == Kept::All || !is_label(name)))
}

/// Whether it only labels a resource, or limits how long Terraform waits.
fn is_label(name: &str) -> bool {
    matches!(name, "tags" | "tags_all" | "timeouts")
}

/// Whether an attribute of this text says that nothing is set.
fn is_nothing(value: &str) -> bool {
    matches!(value, "null" | "\"\"")
}

/// Whether a mask lies over all of a value.
pub(super) fn is_whole(mask: &str) -> bool {
    mask == "true"
}

/// One attribute, in which `ask` answers for everything that is unknown.
fn attribute(name: &str, written: &Written<'_>, origin: &Origin, ask: &Ask<'_>) -> Result<Value, Broken> {
    if is_whole(written.sensitive) {
        return Ok(Value::new(Kind::Unknown(Unknown::Sensitive), origin.clone()));
    }
    if is_whole(written.unknown) && !may_say_anything(written.sensitive) {
        let unknown = Value::new(Kind::Unknown(Unknown::Computed), origin.clone());
        let kind = ask(&[Part::Attribute(name)], &unknown);
        return Ok(Value { kind, ..unknown });
    }
    let mut value = match written.value {
        "" => Value::new(Kind::Null, origin.clone()),
        text => decode::value(&mut Cursor::new(text), origin, 0)?,
    };
    cover(&mut value, written.unknown, &Unknown::Computed)?;
    cover(&mut value, written.sensitive, &Unknown::Sensitive)?;
    if may_say_anything(written.unknown) {
        let mut answers = Vec::new();
        answer(&value, &value, &mut vec![Part::Attribute(name)], ask, &mut answers);
        fill(&mut value, &mut answers.into_iter());
    }
    Ok(value)
}

/// Lays a mask over a value.
fn cover(value: &mut Value, mask: &str, unknown: &Unknown) -> Result<(), Broken> {
    if may_say_anything(mask) {
        Mask::read(&mut Cursor::new(mask), 0)?.cover(value, unknown);
    }
    Ok(())
}

/// Most masks are these, or empty maps.
fn may_say_anything(mask: &str) -> bool {
    match mask {
        "true" => true,
        "" | "false" | "{}" | "[]" => false,
        _ => mask.contains("true"),
    }
}

/// Asks about everything in `value`, a part of `attribute`, that is not known; the answers are in its order.
fn answer<'v>(value: &'v Value, attribute: &Value, path: &mut Vec<Part<'v>>, ask: &Ask<'_>, answers: &mut Vec<Kind>) {
    match &value.kind {
        Kind::Unknown(Unknown::Computed) => answers.push(ask(path, attribute)),
        Kind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push(Part::Item { at, of: items.len() });
                answer(item, attribute, path, ask, answers);
                path.pop();
            }
        }
        Kind::Map(map) => {
            for (key, item) in map.iter() {
                path.push(Part::Attribute(key));
                answer(item, attribute, path, ask, answers);
                path.pop();
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => (),
    }
}

/// Puts the answers of [`answer`] where they belong.
fn fill(value: &mut Value, answers: &mut impl Iterator<Item = Kind>) {
    match &mut value.kind {
        kind @ Kind::Unknown(Unknown::Computed) => {
            *kind = answers.next().expect("`answer` gives one for each of these");
        }
        Kind::List(items) => items.iter_mut().for_each(|item| fill(item, answers)),
        Kind::Map(map) => map.values_mut().for_each(|item| fill(item, answers)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => (),
    }
}
