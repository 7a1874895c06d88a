//! Documents of JSON that stand as text: container definitions and policies. Of one that is not known whole, what is known
//! is read, and the rest is unknown where it stands.

use std::borrow::Cow;

use crate::value::{Kind, MadeOf, Number, Origin, Part, Unknown, Value};

/// What stands for a part that is not known: characters of no script and no language, around its number.
const OPEN: char = '\u{F0000}';
const CLOSE: char = '\u{F0001}';

/// The document that a value is: itself, or what its text says. `None`: nothing of it is known, or it is no JSON.
pub(super) fn read(value: &Value) -> Option<Cow<'_, Value>> {
    match &value.kind {
        Kind::Text(text) => {
            let json = serde_json::from_str::<serde_json::Value>(text).ok()?;
            Some(Cow::Owned(of_json(&json, &value.origin)))
        }
        Kind::Unknown(Unknown::MadeOf(made)) => {
            let parts = &made.parts;
            let json = serde_json::from_str::<serde_json::Value>(&with_marks(parts)?).ok()?;
            Some(Cow::Owned(restored(of_json(&json, &value.origin), parts)))
        }
        Kind::Unknown(_) => None,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => Some(Cow::Borrowed(value)),
    }
}

/// JSON as values that stand where its text does.
pub(super) fn of_json(json: &serde_json::Value, origin: &Origin) -> Value {
    let kind = match json {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(it) => Kind::Bool(*it),
        serde_json::Value::Number(it) => {
            Kind::Number(it.as_i64().map_or_else(|| Number::Fraction(it.as_f64().unwrap_or_default()), Number::Whole))
        }
        serde_json::Value::String(it) => Kind::Text(it.into()),
        serde_json::Value::Array(items) => Kind::List(items.iter().map(|it| of_json(it, origin)).collect()),
        serde_json::Value::Object(map) => Kind::Map(map.iter().map(|(key, it)| (key, of_json(it, origin))).collect()),
    };
    Value::new(kind, origin.clone())
}

/// The text with a mark for each part that is not known: a text of its own where it stands for a whole value.
fn with_marks(parts: &[Part]) -> Option<String> {
    let mut text = String::new();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Text(known) if known.contains([OPEN, CLOSE]) => return None,
            Part::Text(known) => {
                for character in known.chars() {
                    match character {
                        _ if is_escaped => is_escaped = false,
                        '\\' if is_quoted => is_escaped = true,
                        '"' => is_quoted = !is_quoted,
                        _ => (),
                    }
                }
                text.push_str(known);
            }
            Part::Unknown(_) if is_quoted => text.push_str(&mark(at)),
            Part::Unknown(_) => {
                text.push('"');
                text.push_str(&mark(at));
                text.push('"');
            }
        }
    }
    (!text.is_empty()).then_some(text)
}

fn mark(part: usize) -> String {
    format!("{OPEN}{part}{CLOSE}")
}

/// The same, unknown where the marks are. What has one for its name is nothing that anybody asks for.
fn restored(value: Value, parts: &[Part]) -> Value {
    let kind = match value.kind {
        Kind::Text(text) if text.contains(OPEN) => Kind::Unknown(unknown(&text, parts)),
        Kind::List(items) => Kind::List(items.into_iter().map(|it| restored(it, parts)).collect()),
        Kind::Map(map) => Kind::Map(map.into_iter().map(|(key, it)| (key, restored(it, parts))).collect()),
        kind @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_)) => kind,
    };
    Value::new(kind, value.origin)
}

/// What a text with marks is: the one part that it stands for, or a text made of several.
fn unknown(text: &str, parts: &[Part]) -> Unknown {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((number, behind)) = after.split_once(CLOSE) else { break };
        if !before.is_empty() {
            found.push(Part::Text(before.to_owned()));
        }
        let part = number.parse::<usize>().ok().and_then(|at| parts.get(at));
        found.extend(part.cloned());
        rest = behind;
    }
    if !rest.is_empty() {
        found.push(Part::Text(rest.to_owned()));
    }
    if let [Part::Unknown(unknown)] = found.as_slice() {
        return unknown.clone();
    }
    let of = found.iter().flat_map(|part| match part {
        Part::Unknown(unknown) => unknown.references(),
        Part::Text(_) => Vec::new(),
    });
    let of: Vec<_> = of.cloned().collect();
    Unknown::made_of(MadeOf { of, shown: "a text that is not known whole".to_owned(), parts: found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_of(parts: &[&str]) -> Value {
        let source = crate::source::SourceMap::default().add("main.tf", String::new()).unwrap();
        let parts = parts.iter().map(|it| match it.strip_prefix('?') {
            Some(name) => Part::Unknown(Unknown::Input(name.to_owned())),
            None => Part::Text((*it).to_owned()),
        });
        let made = MadeOf { of: Vec::new(), shown: String::new(), parts: parts.collect() };
        Value::new(Kind::Unknown(Unknown::made_of(made)), Origin::at(source_span(source)))
    }

    fn source_span(source: crate::source::SourceId) -> crate::source::Span {
        crate::source::Span { source, start: 0, end: 0 }
    }

    #[test]
    fn what_is_known_around_an_unknown_part_is_kept() {
        let value = made_of(&[r#"{"a":"x","b":"#, "?b", r#","c":"arn:"#, "?c", r#":\"y"}"#]);
        let document = read(&value).unwrap();
        assert_eq!(document.get("a").and_then(Value::text), Some("x"));
        assert_eq!(document.get("b").and_then(Value::unknown), Some(&Unknown::Input("b".to_owned())));
        let Some(Unknown::MadeOf(made)) = document.get("c").and_then(Value::unknown) else { panic!("{document:?}") };
        let (before, behind) = (Part::Text("arn:".to_owned()), Part::Text(":\"y".to_owned()));
        assert_eq!(made.parts, [before, Part::Unknown(Unknown::Input("c".to_owned())), behind]);
    }

    #[test]
    fn what_is_no_json_around_an_unknown_part_tells_nothing() {
        assert!(read(&made_of(&[r#"{"a":"x","#, "?more", "}"])).is_none());
        assert!(read(&made_of(&["\u{F0000}0\u{F0001}", "?x"])).is_none());
        assert!(read(&made_of(&[])).is_none());
    }
}
