//! What a value can be read as: texts, numbers, addresses.

use std::{net::IpAddr, str::FromStr as _};

use ipnet::IpNet;

use super::{Kind, Number, Value};

/// What a value can be read as. A value that cannot be read so is `None`: the caller decides what that means.
pub trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match &value.kind {
            Kind::Bool(it) => Some(*it),
            Kind::Text(text) if text == "true" => Some(true),
            Kind::Text(text) if text == "false" => Some(false),
            Kind::Null | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => None,
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match &value.kind {
            Kind::Number(Number::Whole(it)) => Some(*it),
            Kind::Text(text) => text.parse().ok(),
            Kind::Null
            | Kind::Bool(_)
            | Kind::Number(Number::Fraction(_))
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Unknown(_) => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match &value.kind {
            Kind::Text(text) => Some(text.to_string()),
            Kind::Bool(it) => Some(it.to_string()),
            Kind::Number(it) => Some(it.to_string()),
            Kind::Null | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) => None,
        }
    }
}

impl FromValue for IpNet {
    /// A block as AWS stores it: the bits behind the prefix are cut off.
    fn from_value(value: &Value) -> Option<Self> {
        let block = IpNet::from_str(value.text()?).ok()?;
        Some(block.trunc())
    }
}

impl FromValue for IpAddr {
    fn from_value(value: &Value) -> Option<Self> {
        value.text()?.parse().ok()
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match &value.kind {
            Kind::List(items) => items.iter().map(T::from_value).collect(),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) | Kind::Unknown(_) => None,
        }
    }
}
