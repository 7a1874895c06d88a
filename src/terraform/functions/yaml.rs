//! YAML, read and written as Terraform does both.

use std::{collections::BTreeMap, fmt::Write as _};

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::{
    Answer, Call, MOST_BYTES, MOST_ITEMS,
    dates::Moment,
    signature::{Function, Kind, any, text},
};
use crate::terraform::{
    convert::convert,
    cty::{DEEPEST, Data, Term, Type},
    number::Number,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("yamldecode", &[text("src")], Kind::Any, |call| Ok(decoded(call.text(0))?)),
    Function::new("yamlencode", &[any("value").or_null().or_unknown()], Kind::Text, encode),
];

// Reading -------------------------------------------------------------------------------------------------------------

/// A collection that is being read.
enum Open {
    List { items: Vec<Term>, anchor: usize },
    Map { entries: BTreeMap<String, Term>, key: Option<Key>, anchor: usize },
}

/// The key of the entry whose value comes next.
enum Key {
    Name(String),
    /// `<<`: the value's entries are this map's too.
    Merge,
}

/// The values that have a name.
#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Term>,
    result: Option<Term>,
}

fn decoded(text: &str) -> Result<Term, String> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| format!("on line {}: {error}", error.marker().line()))?;
        reader.take(event)?;
    }
    reader.result.ok_or_else(|| "the document is empty".to_owned())
}

impl Reader {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if text == "<<" && self.is_at_key() {
                    self.merge_next();
                    return Ok(());
                }
                let value = scalar(&text, style, tag.as_deref())?;
                self.put(value, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), "seq")?;
                self.begin(Open::List { items: Vec::new(), anchor })
            }
            Event::MappingStart(_, anchor, tag) => {
                check_tag(tag.as_deref(), "map")?;
                self.begin(Open::Map { entries: BTreeMap::new(), key: None, anchor })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                self.put(value.ok_or("an alias within what it names")?, 0)
            }
            Event::DocumentStart(..) if self.result.is_some() => Err("unexpected extra content after value".to_owned()),
            Event::UnresolvedAlias(name) => Err(format!("reference to undefined anchor {name:?}")),
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::Anchor(..)
            | Event::Comment(..)
            | _ => Ok(()),
        }
    }

    fn is_at_key(&self) -> bool {
        matches!(self.open.last(), Some(Open::Map { key: None, .. }))
    }

    fn begin(&mut self, open: Open) -> Result<(), String> {
        if self.is_at_key() {
            return Err("only string, number and boolean keys are supported".to_owned());
        }
        if DEEPEST < self.open.len() {
            return Err("the document is nested too deeply".to_owned());
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        match self.open.pop() {
            Some(Open::List { items, anchor }) => self.put(Term::tuple(items), anchor),
            Some(Open::Map { entries, anchor, .. }) => self.put(Term::object(entries), anchor),
            None => Ok(()),
        }
    }

    fn merge_next(&mut self) {
        if let Some(Open::Map { key, .. }) = self.open.last_mut() {
            *key = Some(Key::Merge);
        }
    }

    fn put(&mut self, value: Term, anchor: usize) -> Result<(), String> {
        if anchor != 0 {
            // An alias of an alias of an alias doubles each time.
            if value.is_larger_than(MOST_ITEMS) {
                return Err(format!("the document has more than {MOST_ITEMS} values"));
            }
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            None => self.result = Some(value),
            Some(Open::List { items, .. }) => items.push(value),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                None => {
                    let text = convert(&value, &Type::Text).ok();
                    let text = text.as_ref().and_then(Term::as_text);
                    let name = text.ok_or("only string, number and boolean keys are supported")?;
                    *key = Some(Key::Name(name.to_owned()));
                }
                Some(Key::Name(name)) => {
                    entries.insert(name, value);
                }
                Some(Key::Merge) => {
                    let merged = value.as_entries().ok_or("cannot merge what is no mapping")?;
                    entries.extend(merged.iter().map(|(key, it)| (key.clone(), it.clone())));
                }
            },
        }
        Ok(())
    }
}

/// The name of a tag that YAML itself defines.
fn suffix(tag: &Tag) -> Option<&str> {
    (tag.handle() == "tag:yaml.org,2002:").then(|| tag.suffix())
}

fn check_tag(tag: Option<&Tag>, wanted: &str) -> Result<(), String> {
    match tag {
        Some(tag) if suffix(tag) != Some(wanted) => Err(format!("unsupported tag {:?}", tag.original())),
        Some(_) | None => Ok(()),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Term, String> {
    let is_plain = style == ScalarStyle::Plain;
    let Some(tag) = tag else { return Ok(if is_plain { plain(text)? } else { Term::text(text) }) };
    let unfit = || Err(format!("cannot parse {text:?} as {}", tag.original()));
    match suffix(tag) {
        Some("str" | "binary") => Ok(Term::text(text)),
        Some("null") => Ok(Term::null(Type::Dynamic)),
        Some("bool" | "int" | "float" | "timestamp") if !is_plain => Ok(Term::text(text)),
        Some("bool") => plain(text).and_then(|it| if it.as_bool().is_some() { Ok(it) } else { unfit() }),
        Some("int" | "float") => plain(text).and_then(|it| if it.as_number().is_some() { Ok(it) } else { unfit() }),
        Some("timestamp") => moment(text).map_or_else(unfit, |it| Ok(Term::text(&it))),
        Some(_) | None => Err(format!("unsupported tag {:?}", tag.original())),
    }
}

/// What a word without quotes means.
fn plain(text: &str) -> Result<Term, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Term::null(Type::Dynamic)),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Ok(Term::bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Ok(Term::bool(false));
        }
        _ => (),
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(format!("{text} is no number that can be worked with"));
    }
    if let Some(moment) = moment(text) {
        return Ok(Term::text(&moment));
    }
    let in_base = |prefix: &str, base: u32| text.strip_prefix(prefix).and_then(|it| u64::from_str_radix(it, base).ok());
    if let Some(whole) = in_base("0x", 16).or_else(|| in_base("0o", 8)) {
        return Ok(Term::number(Number::integer(whole)));
    }
    if is_decimal(unsigned) {
        return Number::parse(text).map(Term::number).map_err(|error| error.to_string());
    }
    Ok(Term::text(text))
}

/// Digits, perhaps with a point and an exponent.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let exponent = exponent.map(|it| it.strip_prefix(['+', '-']).unwrap_or(it));
    is_number(whole)
        && is_number(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|it| !it.is_empty() && is_number(it))
}

/// A date, or a date and a time, as RFC 3339 has them.
fn moment(text: &str) -> Option<String> {
    let year = text.get(..5)?;
    if !year.ends_with('-') || !year[..4].bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((&text[at..=at], &text[at + 1..]))),
        None => (text, None),
    };
    let mut fields = date.splitn(3, '-');
    let (year, month, day) = (fields.next()?, fields.next()?, fields.next()?);
    let full = match time {
        None => "00:00:00Z".to_owned(),
        Some((mark, time)) => {
            let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
            // A blank goes without a zone, a letter only with one.
            if (mark == " ") != (zone == time.len()) {
                return None;
            }
            let mut fields = time[..zone].splitn(3, ':');
            let (hour, minute, second) = (fields.next()?, fields.next()?, fields.next()?);
            let zone = if zone == time.len() { "Z" } else { &time[zone..] };
            let (second, fraction) = second.split_once('.').map_or((second, None), |(it, rest)| (it, Some(rest)));
            let fraction = fraction.map_or_else(String::new, |it| format!(".{it}"));
            format!("{hour:0>2}:{minute:0>2}:{second:0>2}{fraction}{zone}")
        }
    };
    Moment::read(&format!("{year}-{month:0>2}-{day:0>2}T{full}")).ok().map(Moment::text)
}

// Writing -------------------------------------------------------------------------------------------------------------

/// The column from which a long text goes on in the next line.
const WIDEST: usize = 80;
/// The longest key that stands before a colon without a question mark.
const LONGEST_KEY: usize = 128;

fn encode(call: &Call<'_>) -> Answer {
    let value = call.term(0);
    if !value.is_wholly_known() {
        return Ok(call.unknown(Type::Text));
    }
    let mut out = String::new();
    write(&mut out, value, Place { indent: 0, is_in_map: false }, 0)?;
    if !out.ends_with('\n') {
        out.push('\n');
    }
    // A word without quotes could go on.
    if matches!(value.data, Data::Null(_) | Data::Bool(_) | Data::Number(_)) {
        out.push_str("...\n");
    }
    Ok(Term::text(&out))
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place {
    /// The column that its own entries begin at.
    indent: usize,
    /// Behind the colon of a key, where entries begin in a line of their own.
    is_in_map: bool,
}

fn write(out: &mut String, term: &Term, place: Place, depth: usize) -> Result<(), String> {
    if DEEPEST < depth {
        return Err("the value is nested too deeply".to_owned());
    }
    if MOST_BYTES < out.len() {
        return Err(format!("the result would be longer than {MOST_BYTES} bytes"));
    }
    let before = if place.is_in_map { " " } else { "" };
    match &term.data {
        Data::Null(_) => {
            let _ = write!(out, "{before}null");
        }
        Data::Bool(it) => {
            let _ = write!(out, "{before}{it}");
        }
        Data::Number(it) => {
            let _ = write!(out, "{before}{it}");
        }
        Data::Text(it) => {
            out.push_str(before);
            write_text(out, it, place.indent, true);
        }
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            if items.is_empty() {
                let _ = write!(out, "{before}[]");
            }
            // A list in a map is not set in any further than its key.
            let indent = if place.is_in_map { place.indent.saturating_sub(2) } else { place.indent };
            for (at, item) in items.iter().enumerate() {
                begin_entry(out, indent, at == 0 && !place.is_in_map);
                out.push_str("- ");
                write(out, item, Place { indent: indent + 2, is_in_map: false }, depth + 1)?;
            }
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            if entries.is_empty() {
                let _ = write!(out, "{before}{{}}");
            }
            for (at, (key, item)) in entries.iter().enumerate() {
                begin_entry(out, place.indent, at == 0 && !place.is_in_map);
                write_key(out, key, place.indent);
                write(out, item, Place { indent: place.indent + 2, is_in_map: true }, depth + 1)?;
            }
        }
        Data::Resource(_) | Data::Unknown(_) => return Err("value is not known".to_owned()),
    }
    Ok(())
}

/// The first entry goes on in the line; every other begins one.
fn begin_entry(out: &mut String, indent: usize, is_here: bool) {
    if is_here {
        return;
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str(&" ".repeat(indent));
}

fn write_key(out: &mut String, key: &str, indent: usize) {
    if key.contains('\n') || LONGEST_KEY < key.len() {
        out.push_str("? ");
        write_text(out, key, indent + 2, true);
        begin_entry(out, indent, false);
        out.push(':');
        return;
    }
    write_text(out, key, indent + 2, false);
    out.push(':');
}

/// A text of several lines as a block, where it can be one; any other in quotes.
fn write_text(out: &mut String, text: &str, indent: usize, may_break: bool) {
    let indent = indent.max(2);
    if text.contains('\n') && may_be_block(text) {
        write_block(out, text, indent);
    } else {
        write_quoted(out, text, indent, may_break);
    }
}

fn is_break(it: char) -> bool {
    matches!(it, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(it: char) -> bool {
    matches!(it, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && it != '\u{feff}'
}

fn may_be_block(text: &str) -> bool {
    let mut before = '\n';
    for it in text.chars() {
        if !is_printable(it) || (before == ' ' && is_break(it)) {
            return false;
        }
        before = it;
    }
    before != ' '
}

fn write_block(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    let first = text.chars().next().unwrap_or(' ');
    if first == ' ' || is_break(first) {
        out.push('2');
    }
    let mut ends = text.chars().rev();
    match (ends.next(), ends.next()) {
        (Some(last), _) if !is_break(last) => out.push('-'),
        (Some(_), None) => out.push('+'),
        (Some(_), Some(before)) if is_break(before) => out.push('+'),
        _ => (),
    }
    out.push('\n');
    let mut is_at_start = true;
    for it in text.chars() {
        if is_break(it) {
            out.push(it);
            is_at_start = true;
            continue;
        }
        if is_at_start {
            out.push_str(&" ".repeat(indent));
        }
        is_at_start = false;
        out.push(it);
    }
}

fn write_quoted(out: &mut String, text: &str, indent: usize, may_break: bool) {
    out.push('"');
    let line_start = out.rfind('\n').map_or(0, |at| at + 1);
    let mut column = out[line_start..].chars().count();
    let mut is_after_blank = false;
    let mut rest = text.char_indices().peekable();
    while let Some((at, it)) = rest.next() {
        let before = out.len();
        if it == ' ' {
            let is_inside = at != 0 && at + 1 < text.len();
            if may_break && !is_after_blank && WIDEST < column && is_inside {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
                if rest.peek().is_some_and(|(_, next)| *next == ' ') {
                    out.push('\\');
                    column += 1;
                }
            } else {
                out.push(' ');
                column += 1;
            }
            is_after_blank = true;
            continue;
        }
        is_after_blank = false;
        write_escaped(out, it);
        column += out[before..].chars().count();
    }
    out.push('"');
}

fn write_escaped(out: &mut String, it: char) {
    let short = match it {
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        it if is_printable(it) => {
            out.push(it);
            return;
        }
        it => {
            let code = u32::from(it);
            let _ = match code {
                0..=0xFF => write!(out, "\\x{code:02X}"),
                0x100..=0xFFFF => write!(out, "\\u{code:04X}"),
                _ => write!(out, "\\U{code:08X}"),
            };
            return;
        }
    };
    out.push_str(short);
}
