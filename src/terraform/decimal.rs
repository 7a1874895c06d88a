//! Numbers in decimal: the shortest that identifies one, and so many digits as somebody asks for.

use std::fmt::{self, Write as _};

use num_bigint::BigUint;

use super::number::Number;

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() && self.bits() <= i64::from(self.precision) {
            return write!(f, "{}{}", if self.is_negative_zero { "-" } else { "" }, self.truncate());
        }
        if self.is_negative() {
            f.write_str("-")?;
        }
        let (digits, point) = self.shortest();
        write_decimal(f, &digits, point)
    }
}

impl Number {
    /// The binary digits before the point.
    pub(super) fn bits(&self) -> i64 {
        self.exponent + i64::try_from(self.mantissa.bits()).unwrap_or(i64::MAX)
    }

    /// The shortest decimal digits that identify its magnitude, and how many of them stand before the point.
    ///
    /// The digits are cut as soon as what is left lies nearer to this number than to its neighbours.
    fn shortest(&self) -> (Vec<u8>, i64) {
        let magnitude = self.mantissa.magnitude();
        let spare = (u64::from(self.precision) + 1).saturating_sub(magnitude.bits());
        let middle = magnitude << spare;
        let exponent = self.exponent - i64::try_from(spare).unwrap_or(i64::MAX);
        let (lower, _) = decimal(&(&middle - 1_u8), exponent);
        let (upper, _) = decimal(&(&middle + 1_u8), exponent);
        let (digits, point) = decimal(&middle, exponent);
        let is_even = !middle.bit(1);
        let digit = |of: &[u8], at: usize| of.get(at).copied().unwrap_or(b'0');
        for (at, &it) in digits.iter().enumerate() {
            let (low, high) = (digit(&lower, at), digit(&upper, at));
            let may_go_down = low != it || (is_even && at + 1 == lower.len());
            let may_go_up = it != high && (is_even || it + 1 < high || at + 1 < upper.len());
            let up = match (may_go_down, may_go_up) {
                (true, true) => is_above_half(&digits, at + 1),
                (true, false) => false,
                (false, true) => true,
                (false, false) => continue,
            };
            return cut(digits, point, at + 1, up);
        }
        (digits, point)
    }
}

/// The decimal digits of `mantissa * 2^exponent`, without zeros at the end, and how many stand before the point.
fn decimal(mantissa: &BigUint, exponent: i64) -> (Vec<u8>, i64) {
    let power = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
    let scaled =
        if exponent < 0 { mantissa * BigUint::from(5_u8).pow(power) } else { mantissa << exponent.unsigned_abs() };
    let mut digits = scaled.to_string().into_bytes();
    let point = i64::try_from(digits.len()).unwrap_or(i64::MAX) + exponent.min(0);
    let kept = digits.iter().rposition(|it| *it != b'0').map_or(0, |at| at + 1);
    digits.truncate(kept);
    (digits, point)
}

/// Whether the digits from `at` on are worth rounding up: more than half, or half behind an odd digit.
fn is_above_half(digits: &[u8], at: usize) -> bool {
    match digits.get(at) {
        Some(b'5') if at + 1 == digits.len() => 0 < at && digits[at - 1] % 2 == 1,
        Some(digit) => b'5' <= *digit,
        None => false,
    }
}

/// The first `count` digits, the last of them one more where `up`.
fn cut(mut digits: Vec<u8>, point: i64, count: usize, up: bool) -> (Vec<u8>, i64) {
    digits.truncate(count);
    if !up {
        let kept = digits.iter().rposition(|it| *it != b'0').map_or(0, |at| at + 1);
        digits.truncate(kept);
        return (digits, point);
    }
    while digits.last() == Some(&b'9') {
        digits.pop();
    }
    match digits.last_mut() {
        Some(last) => *last += 1,
        None => return (vec![b'1'], point + 1),
    }
    (digits, point)
}

fn write_decimal(f: &mut fmt::Formatter<'_>, digits: &[u8], point: i64) -> fmt::Result {
    let before = usize::try_from(point).unwrap_or(0);
    let zeros = usize::try_from(-point).unwrap_or(0);
    let text: String = digits.iter().map(|it| char::from(*it)).collect();
    if before == 0 {
        return write!(f, "0.{}{text}", "0".repeat(zeros));
    }
    match text.split_at_checked(before) {
        Some((whole, "")) => f.write_str(whole),
        Some((whole, fraction)) => write!(f, "{whole}.{fraction}"),
        None => write!(f, "{text}{}", "0".repeat(before - text.len())),
    }
}

impl Number {
    /// As Go's `%e` with so many digits behind the point, of its magnitude.
    pub fn to_exponent(&self, places: usize) -> String {
        let (digits, point) = self.rounded_digits(places + 1);
        write_exponent(&digits, point, places)
    }

    /// As Go's `%f` with so many digits behind the point, of its magnitude.
    pub fn to_fixed(&self, places: usize) -> String {
        let (digits, point) = self.all_digits();
        let kept = point + i64::try_from(places).unwrap_or(i64::MAX);
        let (digits, point) = match usize::try_from(kept) {
            Ok(kept) => round(digits, point, kept),
            Err(_) => (Vec::new(), 0),
        };
        write_fixed(&digits, point, places)
    }

    /// As Go's `%g` with so many digits in all, with its sign.
    pub fn to_general(&self, precision: usize) -> String {
        let (digits, point) = self.rounded_digits(precision.max(1));
        let sign = if self.is_below() { "-" } else { "" };
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let precision = i64::try_from(precision.max(1)).unwrap_or(i64::MAX);
        let limit = if length < precision && point <= length { length } else { precision };
        format!("{sign}{}", general(&digits, point, limit))
    }

    /// As Go's `%g` without a precision, of its magnitude: as many digits as identify it.
    pub fn to_general_shortest(&self) -> String {
        let (digits, point) = if self.is_zero() { (Vec::new(), 0) } else { self.shortest() };
        // Go writes an exponent from the seventh digit on.
        general(&digits, point, 6)
    }

    fn all_digits(&self) -> (Vec<u8>, i64) {
        if self.is_zero() { (Vec::new(), 0) } else { decimal(self.mantissa.magnitude(), self.exponent) }
    }

    fn rounded_digits(&self, count: usize) -> (Vec<u8>, i64) {
        let (digits, point) = self.all_digits();
        round(digits, point, count)
    }
}

/// The first `count` digits, rounded.
fn round(digits: Vec<u8>, point: i64, count: usize) -> (Vec<u8>, i64) {
    if digits.len() <= count {
        return (digits, point);
    }
    let up = is_above_half(&digits, count);
    cut(digits, point, count, up)
}

fn general(digits: &[u8], point: i64, limit: i64) -> String {
    let exponent = point - 1;
    if exponent < -4 || limit <= exponent {
        return write_exponent(digits, point, digits.len().saturating_sub(1));
    }
    let behind = i64::try_from(digits.len()).unwrap_or(i64::MAX) - point;
    write_fixed(digits, point, usize::try_from(behind).unwrap_or(0))
}

fn write_exponent(digits: &[u8], point: i64, places: usize) -> String {
    let digit = |at: usize| digits.get(at).copied().map_or('0', char::from);
    let mut out = String::from(digit(0));
    if places != 0 {
        out.push('.');
        out.extend((1..=places).map(digit));
    }
    let exponent = if digits.is_empty() { 0 } else { point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(out, "e{sign}{:02}", exponent.unsigned_abs());
    out
}

fn write_fixed(digits: &[u8], point: i64, places: usize) -> String {
    let digit = |at: i64| usize::try_from(at).ok().and_then(|at| digits.get(at)).copied().map_or('0', char::from);
    let mut out = String::new();
    if point <= 0 {
        out.push('0');
    }
    out.extend((0..point).map(digit));
    if places != 0 {
        out.push('.');
        let places = i64::try_from(places).unwrap_or(i64::MAX);
        out.extend((0..places).map(|at| digit(point + at)));
    }
    out
}
