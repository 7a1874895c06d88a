//! Functions that digest a string, and those whose result nobody can foresee.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::{
    Answer, Call,
    signature::{Function, Kind, number, text},
    strings::at,
};
use crate::terraform::cty::{Term, Type, Why};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64sha256", &[text("str")], Kind::Text, |call| Ok(base64::<Sha256>(call.text(0).as_bytes()))),
    Function::new("base64sha512", &[text("str")], Kind::Text, |call| Ok(base64::<Sha512>(call.text(0).as_bytes()))),
    Function::new("bcrypt", &[text("str")], Kind::Text, |_| Ok(unforeseen("bcrypt"))).with_more(&number("cost")),
    Function::new("md5", &[text("str")], Kind::Text, |call| Ok(hexadecimal::<Md5>(call.text(0).as_bytes()))),
    Function::new("plantimestamp", &[], Kind::Text, |_| Ok(unforeseen("plantimestamp"))),
    Function::new("rsadecrypt", &[text("ciphertext"), text("privatekey")], Kind::Text, |_| {
        Ok(unforeseen("rsadecrypt"))
    }),
    Function::new("sha1", &[text("str")], Kind::Text, |call| Ok(hexadecimal::<Sha1>(call.text(0).as_bytes()))),
    Function::new("sha256", &[text("str")], Kind::Text, |call| Ok(hexadecimal::<Sha256>(call.text(0).as_bytes()))),
    Function::new("sha512", &[text("str")], Kind::Text, |call| Ok(hexadecimal::<Sha512>(call.text(0).as_bytes()))),
    Function::new("timestamp", &[], Kind::Text, |_| Ok(unforeseen("timestamp"))),
    Function::new("uuid", &[], Kind::Text, |_| Ok(unforeseen("uuid"))),
    Function::new("uuidv5", &[text("namespace"), text("name")], Kind::Text, named_uuid),
];

fn unforeseen(name: &str) -> Term {
    Term::unknown_not_null(Type::Text, Why::Other(format!("the result of {name}() is not known before apply")))
}

pub(super) fn hexadecimal<D: Digest>(bytes: &[u8]) -> Term {
    Term::text(&hexadecimal_text(&D::digest(bytes)))
}

pub(super) fn base64<D: Digest>(bytes: &[u8]) -> Term {
    Term::text(&STANDARD.encode(D::digest(bytes)))
}

fn hexadecimal_text(bytes: &[u8]) -> String {
    let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or('0');
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}

/// RFC 9562, version 5.
fn named_uuid(call: &Call<'_>) -> Answer {
    // Those of the RFC differ in one digit.
    let well_known = |digit: u8| Some(0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8_u128 + (u128::from(digit) << 96));
    let namespace = match call.text(0) {
        "dns" => well_known(0),
        "url" => well_known(1),
        "oid" => well_known(2),
        "x500" => well_known(4),
        other => parsed(other),
    };
    let namespace = namespace.ok_or_else(|| at(0, format!("uuidv5() doesn't support namespace {}", call.text(0))))?;
    let digest = Sha1::digest([&namespace.to_be_bytes(), call.text(1).as_bytes()].concat());
    let mut bytes: Vec<u8> = digest.iter().take(16).copied().collect();
    bytes[6] = (bytes[6] & 0x0F) | 0x50;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let text = hexadecimal_text(&bytes);
    let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
    Ok(Term::text(&parts.join("-")))
}

fn parsed(text: &str) -> Option<u128> {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let text = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(text);
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|it| it.len()).collect();
    let is_one = lengths == [8, 4, 4, 4, 12] && text.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit());
    is_one.then(|| u128::from_str_radix(&parts.concat(), 16).ok()).flatten()
}
