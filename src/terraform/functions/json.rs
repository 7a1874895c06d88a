//! JSON, written as Terraform writes it and read with numbers whole.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    Answer, Call, MOST_BYTES,
    signature::{Function, Kind, any, text},
};
use crate::terraform::{
    cty::{DEEPEST, Data, Refinement, Term, TextPart, Type, Why},
    number::Number,
    operators::safe_prefix,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("jsondecode", &[text("str")], Kind::Any, |call| Ok(decoded(call.text(0))?)),
    Function::new("jsonencode", &[any("val").or_null().or_unknown()], Kind::Text, encode),
];

fn encode(call: &Call<'_>) -> Answer {
    let value = call.term(0);
    if value.is_wholly_known() {
        return Ok(Term::text(&encoded(value)?));
    }
    let start = match value.type_of() {
        _ if !value.is_not_null() => "",
        Type::Text => "\"",
        Type::Object(_) | Type::Map(_) => "{",
        Type::Tuple(_) | Type::List(_) | Type::Set(_) => "[",
        Type::Dynamic | Type::Bool | Type::Number => "",
    };
    let mut known = Known::default();
    known.write(value, 0)?;
    known.end();
    let refinement = Refinement { is_not_null: true, prefix: safe_prefix(start), ..Refinement::default() };
    Ok(Term::unknown_text(known.parts, Term::why_made_of([value]), refinement))
}

/// JSON of which parts are not known.
#[derive(Default)]
struct Known {
    parts: Vec<TextPart>,
    /// What is known since the last part.
    text: String,
}

impl Known {
    fn write(&mut self, term: &Term, depth: usize) -> Result<(), String> {
        if DEEPEST < depth {
            return Err("the value is nested too deeply".to_owned());
        }
        match &term.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                self.text.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.text.push_str(if at == 0 { "" } else { "," });
                    self.write(item, depth + 1)?;
                }
                self.text.push(']');
            }
            Data::Map(_, entries) | Data::Object(entries) => {
                self.text.push('{');
                for (at, (key, item)) in entries.iter().enumerate() {
                    self.text.push_str(if at == 0 { "" } else { "," });
                    write_quoted(&mut self.text, key);
                    self.text.push(':');
                    self.write(item, depth + 1)?;
                }
                self.text.push('}');
            }
            Data::Unknown(unknown) if !unknown.parts.is_empty() => {
                self.text.push('"');
                for part in &unknown.parts {
                    match part {
                        TextPart::Text(text) => write_escaped(&mut self.text, text),
                        TextPart::Unknown(why) => self.skip(why.clone()),
                    }
                }
                self.text.push('"');
            }
            Data::Resource(_) | Data::Unknown(_) => self.skip(Term::why_made_of([term])),
            Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::Text(_) => write(&mut self.text, term, depth)?,
        }
        Ok(())
    }

    fn skip(&mut self, why: Why) {
        self.end();
        self.parts.push(TextPart::Unknown(why));
    }

    fn end(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(TextPart::Text(std::mem::take(&mut self.text)));
        }
    }
}

/// The value as JSON.
pub(super) fn encoded(term: &Term) -> Result<String, String> {
    let mut out = String::new();
    write(&mut out, term, 0)?;
    Ok(out)
}

fn write(out: &mut String, term: &Term, depth: usize) -> Result<(), String> {
    if DEEPEST < depth {
        return Err("the value is nested too deeply".to_owned());
    }
    if MOST_BYTES < out.len() {
        return Err(format!("the result would be longer than {MOST_BYTES} bytes"));
    }
    match &term.data {
        Data::Null(_) => out.push_str("null"),
        Data::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Data::Number(it) => out.push_str(&it.to_string()),
        Data::Text(it) => write_quoted(out, it),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write(out, item, depth + 1)?;
            }
            out.push(']');
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            out.push('{');
            for (at, (key, item)) in entries.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_quoted(out, key);
                out.push(':');
                write(out, item, depth + 1)?;
            }
            out.push('}');
        }
        Data::Resource(_) | Data::Unknown(_) => return Err("value is not known".to_owned()),
    }
    Ok(())
}

/// A string of JSON; `<`, `>` and `&` as escapes.
pub(in crate::terraform) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_quoted(&mut out, text);
    out
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    write_escaped(out, text);
    out.push('"');
}

fn write_escaped(out: &mut String, text: &str) {
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            it if it < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            it => out.push(it),
        }
    }
}

/// The value of a JSON text: objects and tuples.
pub(super) fn decoded(text: &str) -> Result<Term, String> {
    let mut reader = Reader { bytes: text.as_bytes(), text, at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < reader.bytes.len() {
        return Err("extraneous data after JSON value".to_owned());
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Term, String> {
        if DEEPEST < depth {
            return Err("the JSON is nested too deeply".to_owned());
        }
        self.blanks();
        match self.bytes.get(self.at) {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Term::text(&self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Term::bool(true)),
            Some(b'f') => self.word("false", Term::bool(false)),
            Some(b'n') => self.word("null", Term::null(Type::Dynamic)),
            Some(_) => Err(self.unexpected()),
            None => Err("EOF".to_owned()),
        }
    }

    fn unexpected(&self) -> String {
        match self.text.get(self.at..).and_then(|it| it.chars().next()) {
            Some(it) => format!("invalid character '{it}' at offset {}", self.at),
            None => "unexpected end of JSON input".to_owned(),
        }
    }

    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, wanted: u8) -> bool {
        self.blanks();
        let is_there = self.bytes.get(self.at) == Some(&wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn word(&mut self, word: &str, value: Term) -> Result<Term, String> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.unexpected())
    }

    fn object(&mut self, depth: usize) -> Result<Term, String> {
        self.at += 1;
        let mut entries = BTreeMap::new();
        if self.eat(b'}') {
            return Ok(Term::object(entries));
        }
        loop {
            self.blanks();
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(self.unexpected());
            }
            let key = self.string()?;
            if !self.eat(b':') {
                return Err(self.unexpected());
            }
            let key = Term::text(&key).as_text().unwrap_or_default().to_owned();
            entries.insert(key, self.value(depth + 1)?);
            if self.eat(b'}') {
                return Ok(Term::object(entries));
            }
            if !self.eat(b',') {
                return Err(self.unexpected());
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Term, String> {
        self.at += 1;
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Term::tuple(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(b']') {
                return Ok(Term::tuple(items));
            }
            if !self.eat(b',') {
                return Err(self.unexpected());
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Term, String> {
        let start = self.at;
        self.at += usize::from(self.bytes[self.at] == b'-');
        let has_zero = self.bytes.get(self.at) == Some(&b'0');
        let whole = self.digits();
        if whole == 0 || (has_zero && whole != 1) {
            return Err(self.unexpected());
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.unexpected());
            }
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(self.unexpected());
            }
        }
        Number::parse(&self.text[start..self.at]).map(Term::number).map_err(|error| error.to_string())
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let end =
                rest.find(|it: char| it == '"' || it == '\\' || it < ' ').ok_or("unexpected end of JSON input")?;
            out.push_str(&rest[..end]);
            self.at += end;
            match self.bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => self.escape(&mut out)?,
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), String> {
        self.at += 1;
        let letter = self.bytes.get(self.at).copied();
        out.push(match letter {
            Some(it @ (b'"' | b'\\' | b'/')) => char::from(it),
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => return self.unicode(out),
            _ => return Err(self.unexpected()),
        });
        self.at += 1;
        Ok(())
    }

    /// `uXXXX`, or a pair of them.
    fn unicode(&mut self, out: &mut String) -> Result<(), String> {
        let unit = |reader: &mut Self| {
            let digits = reader.text.get(reader.at + 1..reader.at + 5).ok_or_else(|| reader.unexpected())?;
            let unit = u16::from_str_radix(digits, 16).map_err(|_| reader.unexpected())?;
            reader.at += 5;
            Ok::<u16, String>(unit)
        };
        let first = unit(self)?;
        let is_high = (0xD800..0xDC00).contains(&first);
        if is_high && self.bytes[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 1;
            let second = unit(self)?;
            if let Some(Ok(it)) = char::decode_utf16([first, second]).next() {
                out.push(it);
                return Ok(());
            }
            self.at = before;
        }
        out.push(char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }
}
