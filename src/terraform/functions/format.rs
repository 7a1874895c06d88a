//! `format` and `formatlist`: Go's verbs.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    Answer, Call, Fault, check_length, json,
    signature::{Function, Item, Kind, Parameter, any, text},
    strings::{at, unknown_with_prefix},
};
use crate::terraform::{
    convert::convert,
    cty::{Data, Term, Type},
    number::Number,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", &[text("format")], Kind::Text, format_one).with_more(&ARGUMENTS),
    Function::new("formatlist", &[text("format")], Kind::ListOf(Item::Text), format_list).with_more(&ARGUMENTS),
];

const ARGUMENTS: Parameter = any("args").or_null().or_unknown();
/// The widest field and the most digits.
const WIDEST: usize = 1 << 20;

/// A verb with its flags.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that may stand in a verb or not")]
struct Verb {
    raw: String,
    offset: usize,
    argument: usize,
    mode: char,
    has_zero: bool,
    has_sharp: bool,
    has_plus: bool,
    has_minus: bool,
    has_space: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

fn format_one(call: &Call<'_>) -> Answer {
    let pattern = call.text(0);
    if call.arguments[1..].iter().any(|it| !it.is_wholly_known()) {
        return Ok(unknown_format(call, pattern));
    }
    Ok(Term::text(&formatted(pattern, &call.arguments[1..])?))
}

/// What stands before the first verb is known, and more where the verbs before the first unknown are plain.
fn unknown_format(call: &Call<'_>, pattern: &str) -> Term {
    let plain = pattern.split("%s").collect::<Vec<_>>();
    let mut prefix = String::new();
    for (position, part) in plain.iter().enumerate() {
        if let Some(verb) = part.find('%') {
            prefix.push_str(&part[..verb]);
            break;
        }
        prefix.push_str(part);
        let argument = call.arguments.get(position + 1).and_then(|it| convert(it, &Type::Text).ok());
        match argument.as_ref().map(|it| &it.data) {
            Some(Data::Text(text)) => prefix.push_str(text),
            Some(Data::Unknown(unknown)) => {
                prefix.push_str(&unknown.refinement.prefix);
                break;
            }
            _ => break,
        }
    }
    unknown_with_prefix(call, &prefix)
}

/// One text for each item of the lists among the arguments.
fn format_list(call: &Call<'_>) -> Answer {
    let (pattern, arguments) = (call.text(0), &call.arguments[1..]);
    if arguments.is_empty() {
        return Ok(Term::list(Type::Text, vec![Term::text(&formatted(pattern, &[])?)]));
    }
    let mut count: Option<(usize, usize)> = None;
    let mut is_open = false;
    for (position, argument) in arguments.iter().enumerate() {
        let Some(length) = list_length(argument, &mut is_open) else { continue };
        match count {
            None => count = Some((length, position)),
            Some((first, chooser)) if first != length => {
                return Err(at(
                    position + 1,
                    format!(
                        "argument {} has length {length}, which is inconsistent with argument {} of length {first}",
                        position + 1,
                        chooser + 1
                    ),
                ));
            }
            Some(_) => (),
        }
    }
    if is_open {
        return Ok(call.unknown(Type::list(Type::Text)));
    }
    let mut texts = Vec::new();
    let mut length = 0;
    for row in 0..count.map_or(1, |it| it.0) {
        let values: Vec<Term> = arguments.iter().map(|it| in_row(it, row)).collect();
        if values.iter().any(|it| !it.is_wholly_known()) {
            let row = Call { arguments: [&[call.term(0).clone()], values.as_slice()].concat(), context: call.context };
            texts.push(unknown_format(&row, pattern));
            continue;
        }
        let text = formatted(pattern, &values).map_err(|fault| match fault {
            Fault::Failed(message) | Fault::Argument(_, message) => {
                Fault::Failed(format!("error on format iteration {row}: {message}"))
            }
        })?;
        length += text.len();
        check_length(length)?;
        texts.push(Term::text(&text));
    }
    Ok(Term::list(Type::Text, texts))
}

/// How many items a list has; `None`: it is none. `is_open` where that is not known.
fn list_length(argument: &Term, is_open: &mut bool) -> Option<usize> {
    if argument.is_null() {
        return None;
    }
    match (argument.type_of(), argument.as_items()) {
        (_, Some(items)) => {
            *is_open |= argument.length_range().is_some_and(|(shortest, longest)| shortest != longest);
            Some(items.len())
        }
        (Type::Tuple(_) | Type::List(_) | Type::Set(_), None) => {
            *is_open = true;
            None
        }
        (Type::Dynamic, None) => {
            *is_open |= !argument.is_known();
            None
        }
        _ => None,
    }
}

fn in_row(argument: &Term, row: usize) -> Term {
    argument.as_items().and_then(|items| items.get(row)).unwrap_or(argument).clone()
}

fn formatted(pattern: &str, arguments: &[Term]) -> Result<String, Fault> {
    let bytes = pattern.as_bytes();
    let mut out = String::new();
    let (mut position, mut next, mut highest) = (0, 1, 0);
    while position < bytes.len() {
        let Some(found) = pattern[position..].find('%') else {
            out.push_str(&pattern[position..]);
            break;
        };
        out.push_str(&pattern[position..position + found]);
        position += found;
        if bytes.get(position + 1) == Some(&b'%') {
            out.push('%');
            position += 2;
            continue;
        }
        let (verb, end) = read_verb(pattern, position, next)?;
        highest = highest.max(verb.argument);
        next = verb.argument + 1;
        append(&mut out, &verb, arguments)?;
        check_length(out.len())?;
        position = end;
    }
    if highest < arguments.len() {
        let message = if highest == 0 {
            "too many arguments; no verbs in format string".to_owned()
        } else {
            format!("too many arguments; only {highest} used by format string")
        };
        return Err(at(highest + 1, message));
    }
    Ok(out)
}

/// `%`, flags, width, precision, `[argument]`, letter.
fn read_verb(pattern: &str, start: usize, next: usize) -> Result<(Verb, usize), Fault> {
    let bytes = pattern.as_bytes();
    let mut verb = Verb { offset: start, argument: next, ..Verb::default() };
    let mut at = start + 1;
    while let Some(flag) = bytes.get(at) {
        match flag {
            b'0' => verb.has_zero = true,
            b'#' => verb.has_sharp = true,
            b'+' => verb.has_plus = true,
            b'-' => verb.has_minus = true,
            b' ' => verb.has_space = true,
            _ => break,
        }
        at += 1;
    }
    verb.width = read_number(bytes, &mut at);
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        verb.precision = Some(read_number(bytes, &mut at).unwrap_or(0));
    }
    let mut index = String::new();
    if bytes.get(at) == Some(&b'[') {
        let from = at;
        at += 1;
        let number = read_number(bytes, &mut at).filter(|it| 0 < *it);
        if bytes.get(at) != Some(&b']') || number.is_none() {
            return Err(unrecognized(pattern, at));
        }
        at += 1;
        verb.argument = number.unwrap_or(next);
        pattern[from..at].clone_into(&mut index);
    }
    match bytes.get(at) {
        Some(letter) if letter.is_ascii_alphabetic() => verb.mode = char::from(*letter),
        _ => return Err(unrecognized(pattern, at)),
    }
    let is_too_wide = WIDEST < verb.width.unwrap_or(0) || WIDEST < verb.precision.unwrap_or(0);
    if is_too_wide {
        return Err(format!("a field may not be wider than {WIDEST} characters").into());
    }
    pattern[start..=at].clone_into(&mut verb.raw);
    Ok((verb, at + 1))
}

fn read_number(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let start = *at;
    while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
        *at += 1;
    }
    let digits: String = bytes[start..*at].iter().map(|it| char::from(*it)).collect();
    if digits.is_empty() { None } else { Some(digits.parse().unwrap_or(usize::MAX)) }
}

fn unrecognized(pattern: &str, at: usize) -> Fault {
    match pattern.get(at..).and_then(|it| it.chars().next()) {
        Some(it) => format!("unrecognized format character {it:?} at offset {at}").into(),
        None => format!("invalid format string starting at offset {at}").into(),
    }
}

fn append(out: &mut String, verb: &Verb, arguments: &[Term]) -> Result<(), Fault> {
    let (raw, offset) = (&verb.raw, verb.offset);
    let Some(argument) = arguments.get(verb.argument - 1) else {
        let (index, count) = (verb.argument, arguments.len());
        return Err(
            format!("not enough arguments for {raw:?} at {offset}: need index {index} but have {count} total").into()
        );
    };
    if verb.mode != 'v' && argument.is_null() {
        return Err(format!("unsupported value for {raw:?} at {offset}: null value cannot be formatted").into());
    }
    let unsupported = |error: String| Fault::from(format!("unsupported value for {raw:?} at {offset}: {error}"));
    match verb.mode {
        'v' => out.push_str(&padded(verb, as_is(verb, argument)?)),
        't' => {
            let value = convert(argument, &Type::Bool).map_err(unsupported)?;
            out.push_str(if value.as_bool() == Some(true) { "true" } else { "false" });
        }
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
            let value = convert(argument, &Type::Number).map_err(unsupported)?;
            let number = value.as_number().cloned().unwrap_or_else(Number::zero);
            if matches!(verb.mode, 'b' | 'd' | 'o' | 'x' | 'X') {
                if !number.is_whole() {
                    return Err(unsupported("an integer is required".to_owned()));
                }
                out.push_str(&whole(verb, &number));
            } else {
                out.push_str(&fraction(verb, &number));
            }
        }
        's' | 'q' => {
            let value = convert(argument, &Type::Text).map_err(unsupported)?;
            let text = value.as_text().unwrap_or_default();
            let kept: String = match verb.precision {
                Some(most) if 0 < most => text.graphemes(true).take(most).collect(),
                Some(_) | None => text.to_owned(),
            };
            out.push_str(&padded(verb, if verb.mode == 'q' { json::quoted(&kept) } else { kept }));
        }
        mode => return Err(format!("unsupported format verb {mode:?} in {raw:?} at offset {offset}").into()),
    }
    Ok(())
}

fn as_is(verb: &Verb, argument: &Term) -> Result<String, Fault> {
    match &argument.data {
        Data::Text(text) if !verb.has_sharp => Ok(text.to_string()),
        Data::Number(number) if !verb.has_sharp => {
            let sign = if number.is_negative() { "-" } else { "" };
            Ok(format!("{sign}{}", number.to_general_shortest()))
        }
        Data::Null(_)
        | Data::Bool(_)
        | Data::Number(_)
        | Data::Text(_)
        | Data::List(..)
        | Data::Set(..)
        | Data::Map(..)
        | Data::Tuple(_)
        | Data::Object(_)
        | Data::Resource(_)
        | Data::Unknown(_) => Ok(json::encoded(argument)?),
    }
}

fn padded(verb: &Verb, text: String) -> String {
    let Some(width) = verb.width else { return text };
    let missing = width.saturating_sub(text.graphemes(true).count());
    let padding = if verb.has_zero { "0" } else { " " }.repeat(missing);
    if verb.has_minus { text + &padding } else { padding + &text }
}

fn sign(verb: &Verb, number: &Number) -> &'static str {
    match (number.is_below(), verb.has_plus, verb.has_space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn whole(verb: &Verb, number: &Number) -> String {
    let value = number.truncate();
    let magnitude = value.magnitude();
    let (mut digits, prefix) = match verb.mode {
        'b' => (magnitude.to_str_radix(2), "0b"),
        'o' => (magnitude.to_str_radix(8), "0"),
        'x' => (magnitude.to_str_radix(16), "0x"),
        'X' => (magnitude.to_str_radix(16).to_uppercase(), "0X"),
        _ => (magnitude.to_string(), ""),
    };
    let prefix = if verb.has_sharp { prefix } else { "" };
    if let Some(precision) = verb.precision {
        if precision == 0 && digits == "0" {
            digits.clear();
            // Go prints nothing at all, no sign and no padding.
            return String::new();
        }
        digits = format!("{}{digits}", "0".repeat(precision.saturating_sub(digits.len())));
    }
    let sign = if number.is_zero() { sign(verb, &Number::zero()) } else { sign(verb, number) };
    aligned(verb, &format!("{sign}{prefix}"), &digits, verb.has_zero && verb.precision.is_none())
}

fn fraction(verb: &Verb, number: &Number) -> String {
    let digits = match (verb.mode, verb.precision) {
        ('e' | 'E', precision) => number.to_exponent(precision.unwrap_or(6)),
        ('g' | 'G', None) => number.to_general_shortest(),
        ('g' | 'G', Some(precision)) => number.absolute().to_general(precision),
        (_, precision) => number.to_fixed(precision.unwrap_or(6)),
    };
    let digits = if verb.mode.is_ascii_uppercase() { digits.to_uppercase() } else { digits };
    aligned(verb, sign(verb, number), &digits, verb.has_zero)
}

fn aligned(verb: &Verb, before: &str, digits: &str, with_zeros: bool) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(before.len() + digits.len());
    match (verb.has_minus, with_zeros) {
        (true, _) => format!("{before}{digits}{}", " ".repeat(missing)),
        (false, true) => format!("{before}{}{digits}", "0".repeat(missing)),
        (false, false) => format!("{}{before}{digits}", " ".repeat(missing)),
    }
}
