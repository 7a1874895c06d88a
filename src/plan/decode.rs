//! JSON into values: one resource's attributes, with what is unknown and what is sensitive laid over them.

use std::{borrow::Cow, collections::BTreeMap};

use compact_str::CompactString;

use super::document::DEEPEST;
use crate::{
    syntax::json::{Broken, Cursor, Passing},
    value::{Kind, Map, Number, Origin, Unknown, Value},
};

/// Where a plan says `true` of a value or of parts of it: unknown after apply, or sensitive.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Mask {
    #[default]
    Nothing,
    Everything,
    List(Vec<Mask>),
    Map(BTreeMap<String, Mask>),
}

/// Reads the JSON that stands here as a value that stands at `origin`, every part of it.
pub(super) fn value(cursor: &mut Cursor<'_>, origin: &Origin, depth: usize) -> Result<Value, Broken> {
    if DEEPEST < depth {
        return Err(Broken);
    }
    let kind = match cursor.peek() {
        b'"' => Kind::Text(cursor.text()?.into()),
        b'[' => {
            let mut items = Vec::new();
            cursor.list(|cursor| {
                items.push(value(cursor, origin, depth + 1)?);
                Ok(())
            })?;
            Kind::List(items)
        }
        b'{' => {
            let mut entries: Vec<(CompactString, Value)> = Vec::new();
            cursor.map(|cursor, key| {
                entries.push((key.into(), value(cursor, origin, depth + 1)?));
                Ok(())
            })?;
            Kind::Map(entries.into_iter().collect())
        }
        _ => match cursor.raw()? {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            number => Kind::Number(self::number(number)?),
        },
    };
    Ok(Value::new(kind, origin.clone()))
}

fn number(text: &str) -> Result<Number, Broken> {
    match text.parse() {
        // A whole number has no negative zero.
        Ok(whole) if text != "-0" => Ok(Number::Whole(whole)),
        // What does not fit is as exact as JSON readers make it.
        Ok(_) | Err(_) => serde_json::from_str(text).map(Number::Fraction).map_err(|_| Broken),
    }
}

/// As many attributes as the code sets of most resources.
const USUAL_MEMBERS: usize = 12;

/// The members of a map, by name, and the text of each.
pub type Members<'a> = Vec<(Cow<'a, str>, &'a str)>;

/// The members of a map that are `wanted`, sorted by name; anything else has none. Of a name that is given twice, the last
/// counts.
pub(super) fn members(text: &str, wanted: impl Fn(&str, &str) -> bool) -> Result<Members<'_>, Broken> {
    let mut members = Members::new();
    let mut is_sorted = true;
    if !matches!(text, "" | "{}") {
        members.reserve(USUAL_MEMBERS);
        // Who wants a member reads it, and then every byte of it.
        Cursor::new(text).passing(Passing::Unread).maybe_map(|cursor, key| {
            let member = cursor.raw()?;
            if wanted(&key, member) {
                is_sorted &= members.last().is_none_or(|(last, _)| *last < key);
                members.push((key, member));
            }
            Ok(())
        })?;
    }
    // Terraform writes them so.
    if is_sorted { Ok(members) } else { Ok(members.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect()) }
}

impl Mask {
    pub(super) fn read(cursor: &mut Cursor<'_>, depth: usize) -> Result<Self, Broken> {
        if DEEPEST < depth {
            return Err(Broken);
        }
        Ok(match cursor.peek() {
            b'[' => {
                let mut list = Vec::new();
                cursor.list(|cursor| {
                    list.push(Self::read(cursor, depth + 1)?);
                    Ok(())
                })?;
                Self::List(list)
            }
            b'{' => {
                let mut map = BTreeMap::new();
                cursor.map(|cursor, key| {
                    map.insert(key.into_owned(), Self::read(cursor, depth + 1)?);
                    Ok(())
                })?;
                Self::Map(map)
            }
            _ if cursor.raw()? == "true" => Self::Everything,
            _ => Self::Nothing,
        })
    }

    /// Puts `unknown` into `value` wherever this mask says so. Parts that the plan left out are made.
    pub(super) fn cover(&self, value: &mut Value, unknown: &Unknown) {
        match self {
            Self::Nothing => (),
            Self::Everything => value.kind = Kind::Unknown(unknown.clone()),
            Self::List(masks) => {
                if !masks.iter().any(Self::says_anything) {
                    return;
                }
                if !matches!(value.kind, Kind::List(_)) {
                    value.kind = Kind::List(Vec::new());
                }
                let origin = value.origin.clone();
                let Kind::List(items) = &mut value.kind else { return };
                for (at, mask) in masks.iter().enumerate() {
                    if at == items.len() {
                        items.push(Value::new(Kind::Null, origin.clone()));
                    }
                    mask.cover(&mut items[at], unknown);
                }
            }
            Self::Map(masks) => {
                if !masks.values().any(Self::says_anything) {
                    return;
                }
                if !matches!(value.kind, Kind::Map(_)) {
                    value.kind = Kind::Map(Map::default());
                }
                let origin = value.origin.clone();
                let Kind::Map(map) = &mut value.kind else { return };
                let masks = || masks.iter().filter(|(_, mask)| mask.says_anything());
                map.add_missing(masks().map(|(key, _)| (key.as_str().into(), Value::new(Kind::Null, origin.clone()))));
                for (key, mask) in masks() {
                    if let Some(part) = map.get_mut(key) {
                        mask.cover(part, unknown);
                    }
                }
            }
        }
    }

    fn says_anything(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::List(masks) => masks.iter().any(Self::says_anything),
            Self::Map(masks) => masks.values().any(Self::says_anything),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    fn value(json: &str) -> Value {
        let mut sources = SourceMap::default();
        let origin = Origin::at(sources.add("plan.json", json).unwrap().span(0..0));
        super::value(&mut Cursor::new(json), &origin, 0).unwrap()
    }

    fn unknowns(json: &str, mask: &str) -> Value {
        let mut value = value(json);
        Mask::read(&mut Cursor::new(mask), 0).unwrap().cover(&mut value, &Unknown::Computed);
        value
    }

    #[test]
    fn unknown_parts_are_put_where_the_plan_left_them_out() {
        let covered =
            unknowns(r#"{"route":[{"cidr_block":"0.0.0.0/0"},{}]}"#, r#"{"id":true,"route":[{"gateway_id":true},{}]}"#);
        assert_eq!(covered.get("id").unwrap().kind, Kind::Unknown(Unknown::Computed));
        let routes = covered.get("route").unwrap().items();
        assert_eq!(routes[0].get("gateway_id").unwrap().kind, Kind::Unknown(Unknown::Computed));
        assert_eq!(routes[0].get("cidr_block").unwrap().text(), Some("0.0.0.0/0"));
        assert_eq!(routes[1].get("gateway_id"), None);
    }

    /// Each of these put in by itself, before those that are there, would move them all: seconds, and not milliseconds.
    #[test]
    fn a_mask_may_have_any_number_of_parts() {
        let parts = |said: &str, from: usize| {
            let parts: Vec<_> = (0..50_000).rev().map(|at| format!("\"{:06}\":{said}", at * 2 + from)).collect();
            format!("{{{}}}", parts.join(","))
        };
        let covered = unknowns(&parts("1", 1), &parts("true", 0));
        assert_eq!(covered.entries().count(), 100_000);
        for (name, value) in covered.entries() {
            assert_eq!(name.ends_with(['0', '2', '4', '6', '8']), value.unknown().is_some(), "{name}");
        }
    }

    #[test]
    fn numbers_are_as_exact_as_they_can_be() {
        let number = |json: &str| value(json).kind;
        assert_eq!(number("-12"), Kind::Number(Number::Whole(-12)));
        assert_eq!(number("18446744073709551615"), Kind::Number(Number::Fraction(18_446_744_073_709_551_615.0)));
        assert_eq!(number("1.5e3"), Kind::Number(Number::Fraction(1500.0)));
    }

    #[test]
    fn members_are_sorted_and_the_last_of_a_name_counts() {
        let shown = |json| {
            members(json, |_, _| true).unwrap().iter().map(|(key, it)| format!("{key}={it}")).collect::<Vec<_>>()
        };
        assert_eq!(shown(r#"{"b": 1, "a": [2], "b": {}}"#), ["a=[2]", "b={}"]);
        assert_eq!(shown("null"), Vec::<String>::new());
        assert_eq!(members(r#"{"a" 1}"#, |_, _| true), Err(Broken));
    }

    #[test]
    fn a_mask_that_says_nothing_changes_nothing() {
        assert_eq!(unknowns(r#"{"a":1}"#, r#"{"a":false,"tags":{},"b":[]}"#), unknowns(r#"{"a":1}"#, "false"));
    }
}
