//! Functions that write a string another way: base64, percent signs, CSV.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    Answer, Call, check_length, check_size,
    signature::{Function, Item, Kind, Marks, text},
    strings::at,
};
use crate::terraform::cty::{Field, Refinement, Term, Type};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64decode", &[text("str").marked(Marks::Outer)], Kind::Text, decode),
    Function::new("base64encode", &[text("str").or_unknown()], Kind::Text, base64_encode),
    // Its bytes depend on the compressor: no other one gives the same.
    Function::new("base64gzip", &[text("str")], Kind::Text, |call| Ok(call.unknown(Type::Text))),
    Function::new("csvdecode", &[text("str")], Kind::ListOf(Item::Any), csv),
    Function::new("textdecodebase64", &[text("source"), text("encoding")], Kind::Text, text_decode),
    Function::new("textencodebase64", &[text("string"), text("encoding")], Kind::Text, text_encode),
    Function::new("urlencode", &[text("str")], Kind::Text, |call| Ok(Term::text(&percent(call.text(0))))),
];

pub(super) fn base64(bytes: &[u8]) -> Answer {
    check_length(bytes.len() / 3 * 4)?;
    Ok(Term::text(&STANDARD.encode(bytes)))
}

/// As Go decodes: line breaks do not count.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|it| !matches!(it, '\n' | '\r')).collect();
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    engine.decode(text).ok()
}

/// What is known of a text that is not known whole is kept as it is: see `Unknown::parts`.
fn base64_encode(call: &Call<'_>) -> Answer {
    let text = call.term(0);
    if text.is_known() {
        return base64(call.text(0).as_bytes());
    }
    let refinement = Refinement { is_not_null: true, ..Refinement::default() };
    Ok(Term::unknown_text(text.text_parts(), Term::why_made_of([text]), refinement))
}

fn decode(call: &Call<'_>) -> Answer {
    let bytes = bytes_of(call.text(0)).ok_or_else(|| format!("failed to decode base64 data {:?}", call.text(0)))?;
    let text = String::from_utf8(bytes).map_err(|_| "the result of decoding the provided string is not valid UTF-8")?;
    Ok(Term::text(&text))
}

/// An encoding of text.
#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
    /// With a mark at its start that says which end comes first.
    Utf16,
    Latin1,
    Ascii,
}

/// `None`: one that is not worked out here.
fn encoding(name: &str) -> Option<Encoding> {
    match name.to_ascii_uppercase().as_str() {
        "UTF-8" | "CSUTF8" => Some(Encoding::Utf8),
        "UTF-16LE" | "CSUTF16LE" => Some(Encoding::Utf16LittleEndian),
        "UTF-16BE" | "CSUTF16BE" => Some(Encoding::Utf16BigEndian),
        "UTF-16" | "CSUTF16" => Some(Encoding::Utf16),
        "ISO-8859-1" | "ISO_8859-1" | "LATIN1" | "L1" => Some(Encoding::Latin1),
        "US-ASCII" | "ASCII" => Some(Encoding::Ascii),
        _ => None,
    }
}

fn text_encode(call: &Call<'_>) -> Answer {
    let text = call.text(0);
    let Some(encoding) = encoding(call.text(1)) else { return Ok(call.unknown(Type::Text)) };
    let single = |most: u32| {
        let bytes: Option<Vec<u8>> =
            text.chars().map(|it| u8::try_from(u32::from(it)).ok().filter(|it| u32::from(*it) <= most)).collect();
        let name = call.text(1);
        bytes.ok_or_else(|| at(0, format!("the given string contains characters that cannot be represented in {name}")))
    };
    let bytes = match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16LittleEndian => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16BigEndian => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Utf16 => std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        Encoding::Latin1 => single(0xFF)?,
        Encoding::Ascii => single(0x7F)?,
    };
    base64(&bytes)
}

fn text_decode(call: &Call<'_>) -> Answer {
    let Some(encoding) = encoding(call.text(1)) else { return Ok(call.unknown(Type::Text)) };
    let bytes = bytes_of(call.text(0)).ok_or_else(|| at(0, "the given value has an invalid base64 symbol"))?;
    let units = |unit: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let is_whole = bytes.len().is_multiple_of(2);
        char::decode_utf16(units).collect::<Result<String, _>>().ok().filter(|_| is_whole)
    };
    let text = match encoding {
        Encoding::Utf8 => String::from_utf8(bytes).ok(),
        Encoding::Utf16LittleEndian => units(u16::from_le_bytes, &bytes),
        Encoding::Utf16BigEndian => units(u16::from_be_bytes, &bytes),
        Encoding::Utf16 => match bytes.as_slice() {
            [0xFF, 0xFE, rest @ ..] => units(u16::from_le_bytes, rest),
            [0xFE, 0xFF, rest @ ..] => units(u16::from_be_bytes, rest),
            all => units(u16::from_be_bytes, all),
        },
        Encoding::Latin1 => Some(bytes.iter().map(|it| char::from(*it)).collect()),
        Encoding::Ascii => Some(bytes.iter().map(|it| char::from(*it)).collect()).filter(|_| bytes.is_ascii()),
    };
    let text = text.filter(|it: &String| !it.contains(char::REPLACEMENT_CHARACTER));
    let name = call.text(1);
    let text =
        text.ok_or_else(|| at(0, format!("the given string contains symbols that are not defined for {name}")))?;
    Ok(Term::text(&text))
}

/// As in the query of an address: a blank is a plus sign.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.bytes() {
        match it {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(it)),
            b' ' => out.push('+'),
            _ => {
                let hexadecimal = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or('0').to_ascii_uppercase();
                out.extend(['%', hexadecimal(it >> 4), hexadecimal(it & 15)]);
            }
        }
    }
    out
}

/// The rows as objects, by the names in the first.
fn csv(call: &Call<'_>) -> Answer {
    let mut rows = csv_rows(call.text(0))?.into_iter();
    let names = rows.next().ok_or("missing header line")?;
    let mut seen = BTreeSet::new();
    for name in &names {
        if !seen.insert(name) {
            return Err(format!("duplicate column name {name:?}").into());
        }
    }
    let field = || Field { r#type: Type::Text, is_optional: false };
    let of = Type::Object(names.iter().map(|it| (it.clone(), field())).collect());
    let mut items = Vec::new();
    for (at, row) in rows.enumerate() {
        if row.len() != names.len() {
            return Err(format!("record on line {}: wrong number of fields", at + 2).into());
        }
        check_size(items.len())?;
        let entries = names.iter().cloned().zip(row.iter().map(|it| Term::text(it)));
        items.push(Term::object(entries.collect::<BTreeMap<_, _>>()));
    }
    Ok(Term::list(of, items))
}

/// The fields of every line that is not empty.
fn csv_rows(text: &str) -> Result<Vec<Vec<String>>, String> {
    let text = text.replace("\r\n", "\n");
    let mut rows = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if let Some(next) = rest.strip_prefix('\n') {
            rest = next;
            continue;
        }
        let mut row = Vec::new();
        loop {
            let (field, end, after) = csv_field(rest)?;
            row.push(field);
            rest = after;
            if end != Some(',') {
                break;
            }
        }
        rows.push(row);
    }
    Ok(rows)
}

/// A field, what ended it, and what follows.
fn csv_field(text: &str) -> Result<(String, Option<char>, &str), String> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\n']).unwrap_or(text.len());
        let field = &text[..end];
        if field.contains('"') {
            return Err("bare \" in non-quoted-field".to_owned());
        }
        let after = text[end..].chars().next();
        return Ok((field.to_owned(), after, text.get(end + 1..).unwrap_or_default()));
    };
    let mut field = String::new();
    loop {
        let end = rest.find('"').ok_or("extraneous or missing \" in quoted-field")?;
        field.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.chars().next() {
            Some('"') => {
                field.push('"');
                rest = &rest[1..];
            }
            None => return Ok((field, None, "")),
            Some(end @ (',' | '\n')) => return Ok((field, Some(end), &rest[1..])),
            Some(_) => return Err("extraneous or missing \" in quoted-field".to_owned()),
        }
    }
}
