//! JSON into values: one resource's attributes, with what is unknown and what is sensitive laid over them.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::value::{Kind, Number, Origin, Unknown, Value};

/// Reads JSON as a value that stands at `origin`, every part of it.
#[derive(Clone)]
pub(super) struct ValueAt<'o>(pub(super) &'o Origin);

/// Where a plan says `true` of a value or of parts of it: unknown after apply, or sensitive.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Mask {
    #[default]
    Nothing,
    Everything,
    List(Vec<Mask>),
    Map(BTreeMap<String, Mask>),
}

impl<'de> DeserializeSeed<'de> for ValueAt<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl ValueAt<'_> {
    fn value(&self, kind: Kind) -> Value {
        Value::new(kind, self.0.clone())
    }
}

impl<'de> Visitor<'de> for ValueAt<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(self.value(Kind::Null))
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(self.value(Kind::Bool(it)))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(self.value(Kind::Number(Number::Whole(it))))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "what does not fit is as exact as JSON readers make it")]
        let number = i64::try_from(it).map_or(Number::Fraction(it as f64), Number::Whole);
        Ok(self.value(Kind::Number(number)))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(self.value(Kind::Number(Number::Fraction(it))))
    }

    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(self.value(Kind::Text(it.to_owned())))
    }

    fn visit_string<E>(self, it: String) -> Result<Value, E> {
        Ok(self.value(Kind::Text(it)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.clone())? {
            list.push(item);
        }
        Ok(self.value(Kind::List(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            map.insert(key, entries.next_value_seed(self.clone())?);
        }
        Ok(self.value(Kind::Map(map)))
    }
}

impl<'de> Deserialize<'de> for Mask {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MaskVisitor;
        impl<'de> Visitor<'de> for MaskVisitor {
            type Value = Mask;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, or these in lists and objects")
            }

            fn visit_unit<E>(self) -> Result<Mask, E> {
                Ok(Mask::Nothing)
            }

            fn visit_bool<E>(self, it: bool) -> Result<Mask, E> {
                Ok(if it { Mask::Everything } else { Mask::Nothing })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Mask, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Mask::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Mask, A::Error> {
                let mut map = BTreeMap::new();
                while let Some((key, mask)) = entries.next_entry()? {
                    map.insert(key, mask);
                }
                Ok(Mask::Map(map))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Mask, E> {
                Ok(Mask::Nothing)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Mask, E> {
                Ok(Mask::Nothing)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Mask, E> {
                Ok(Mask::Nothing)
            }

            fn visit_str<E>(self, _: &str) -> Result<Mask, E> {
                Ok(Mask::Nothing)
            }
        }
        deserializer.deserialize_any(MaskVisitor)
    }
}

impl Mask {
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
                    value.kind = Kind::Map(BTreeMap::new());
                }
                let origin = value.origin.clone();
                let Kind::Map(map) = &mut value.kind else { return };
                for (key, mask) in masks.iter().filter(|(_, mask)| mask.says_anything()) {
                    let part = map.entry(key.clone()).or_insert_with(|| Value::new(Kind::Null, origin.clone()));
                    mask.cover(part, unknown);
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

/// Skips whatever stands under a key.
pub(super) fn skip<'de, A: MapAccess<'de>>(entries: &mut A) -> Result<(), A::Error> {
    entries.next_value::<IgnoredAny>().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    fn value(json: &str) -> Value {
        let mut sources = SourceMap::default();
        let origin = Origin::at(sources.add("plan.json", json).unwrap().span(0..0));
        ValueAt(&origin).deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    fn unknowns(json: &str, mask: &str) -> Value {
        let mut value = value(json);
        serde_json::from_str::<Mask>(mask).unwrap().cover(&mut value, &Unknown::Computed);
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

    #[test]
    fn a_mask_that_says_nothing_changes_nothing() {
        assert_eq!(unknowns(r#"{"a":1}"#, r#"{"a":false,"tags":{},"b":[]}"#), unknowns(r#"{"a":1}"#, "false"));
    }
}
