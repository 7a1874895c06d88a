//! Numbers as Terraform computes them: binary floats of 512 digits, written in decimal.
//!
//! Terraform keeps a number as Go's `big.Float` with 512 binary digits, or fewer where a function made it of a machine
//! integer or float, and rounds to the nearest, ties to even. What it prints is the shortest decimal that no other float
//! of the same precision shares.

use std::{cmp::Ordering, fmt};

use num_bigint::{BigInt, BigUint, Sign};

/// The binary digits of a number that is written in code or read from text.
const WRITTEN: u32 = 512;
/// Of a number made of a machine integer.
const INTEGER: u32 = 64;
/// Of a number made of a machine float.
const FLOAT: u32 = 53;
/// The largest power of two, either way, that a number may have. Terraform goes further; a text that needs it is an
/// attack on memory or time.
const FARTHEST: i64 = 4_000;
/// The most characters of a number in text.
const LONGEST: usize = 2_000;

/// A number.
#[derive(Clone, Debug)]
pub struct Number {
    /// Odd, or zero.
    pub(super) mantissa: BigInt,
    /// The power of two that the mantissa is multiplied with.
    pub(super) exponent: i64,
    /// The binary digits that it is rounded to.
    pub(super) precision: u32,
    /// Zero, from below: Terraform writes it `-0`.
    pub(super) is_negative_zero: bool,
}

/// Why there is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The text is no number.
    NotANumber,
    /// Farther from one than is worked out here.
    OutOfRange,
    DivisionByZero,
}

impl Number {
    pub fn zero() -> Self {
        Self { mantissa: BigInt::ZERO, exponent: 0, precision: WRITTEN, is_negative_zero: false }
    }

    /// As it is written: `12`, `1.5e3`.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        if LONGEST < text.len() {
            return Err(NumberError::OutOfRange);
        }
        let written = Written::read(text).ok_or(NumberError::NotANumber)?;
        if written.digits == BigUint::ZERO {
            return Ok(Self { is_negative_zero: written.sign == Sign::Minus, ..Self::zero() });
        }
        let mantissa = BigInt::from_biguint(written.sign, written.digits);
        let tens = written.tens?;
        let twos = written.twos?;
        let power = BigUint::from(5_u8).pow(u32::try_from(tens.unsigned_abs()).map_err(|_| NumberError::OutOfRange)?);
        if tens < 0 {
            quotient(&mantissa, &BigInt::from(power), tens + twos, WRITTEN)
        } else {
            rounded(mantissa * BigInt::from(power), tens + twos, false, WRITTEN)
        }
    }

    /// The whole number.
    pub fn integer(value: impl Into<BigInt>) -> Self {
        let value = value.into();
        let precision = u32::try_from(value.bits()).unwrap_or(u32::MAX).max(INTEGER);
        Self::normal(value, 0, precision)
    }

    /// The number that a machine float holds; `None` for infinities and what is no number.
    pub fn float(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let scale = i64::try_from((bits >> 52) & 0x7ff).unwrap_or_default();
        let (mantissa, exponent) = if scale == 0 { (fraction, -1074) } else { (fraction | 1 << 52, scale - 1075) };
        let mantissa = BigInt::from(mantissa);
        Some(Self::normal(if value.is_sign_negative() { -mantissa } else { mantissa }, exponent, FLOAT))
    }

    /// Without changing its value: an odd mantissa.
    fn normal(mantissa: BigInt, exponent: i64, precision: u32) -> Self {
        let (mantissa, exponent) = match mantissa.trailing_zeros() {
            None => (mantissa, 0),
            Some(0) => (mantissa, exponent),
            Some(zeros) => (mantissa >> zeros, exponent.saturating_add(i64::try_from(zeros).unwrap_or(i64::MAX))),
        };
        Self { mantissa, exponent, precision, is_negative_zero: false }
    }

    pub fn add(&self, other: &Self) -> Result<Self, NumberError> {
        let (left, right, exponent) = aligned(self, other);
        let sum = rounded(left + right, exponent, false, self.precision.max(other.precision))?;
        Ok(sum.with_zero_below(self.is_negative_zero && other.is_negative_zero))
    }

    pub fn subtract(&self, other: &Self) -> Result<Self, NumberError> {
        self.add(&other.negate())
    }

    pub fn multiply(&self, other: &Self) -> Result<Self, NumberError> {
        let exact = &self.mantissa * &other.mantissa;
        let mut product = rounded(exact, self.exponent + other.exponent, false, WRITTEN)?;
        // A product keeps what it needs, up to the full precision.
        let needed = u32::try_from(product.mantissa.bits()).unwrap_or(WRITTEN);
        product.precision = needed.max(self.precision).max(other.precision);
        Ok(product.with_zero_below(self.is_below() != other.is_below()))
    }

    pub fn divide(&self, other: &Self) -> Result<Self, NumberError> {
        if other.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        let exponent = self.exponent - other.exponent;
        let result = quotient(&self.mantissa, &other.mantissa, exponent, self.precision.max(other.precision))?;
        Ok(result.with_zero_below(self.is_below() != other.is_below()))
    }

    /// What is left of it when it is divided into whole parts; it has its own sign. Of zero parts all is left.
    pub fn remainder(&self, other: &Self) -> Result<Self, NumberError> {
        if other.is_zero() {
            return Ok(self.clone());
        }
        let parts = self.divide(other)?.truncate();
        let whole = rounded(parts, 0, false, self.precision)?;
        let exact = &whole.mantissa * &other.mantissa;
        let covered = rounded(exact, whole.exponent + other.exponent, false, self.precision)?;
        let (left, right, exponent) = aligned(self, &covered);
        rounded(left - right, exponent, false, self.precision)
    }

    pub fn negate(&self) -> Self {
        let negated = Self { mantissa: -&self.mantissa, ..self.clone() };
        negated.with_zero_below(!self.is_below())
    }

    /// Negative, zero included.
    pub(super) fn is_below(&self) -> bool {
        self.is_negative() || self.is_negative_zero
    }

    fn with_zero_below(self, is_negative_zero: bool) -> Self {
        Self { is_negative_zero: is_negative_zero && self.is_zero(), ..self }
    }

    /// Terraform's `==`: what prints the same is the same.
    pub fn is_equal(&self, other: &Self) -> bool {
        self == other
            || (self.precision != other.precision && self.is_like(other) && self.to_string() == other.to_string())
    }

    fn is_like(&self, other: &Self) -> bool {
        !self.is_whole() && !other.is_whole() && self.bits() == other.bits()
    }

    pub fn absolute(&self) -> Self {
        if self.is_below() { self.negate() } else { self.clone() }
    }

    /// The largest whole number that is not above it.
    pub fn floor(&self) -> Self {
        if self.is_whole() {
            return Self { is_negative_zero: false, ..self.clone() };
        }
        // A shift to the right of a negative BigInt rounds down.
        Self { precision: self.precision, ..Self::integer(&self.mantissa >> self.exponent.unsigned_abs()) }
    }

    /// The smallest whole number that is not below it.
    pub fn ceil(&self) -> Self {
        Self { is_negative_zero: false, ..self.negate().floor().negate() }
    }

    /// Without its fraction.
    pub fn truncate(&self) -> BigInt {
        if 0 <= self.exponent {
            return &self.mantissa << self.exponent.unsigned_abs();
        }
        let magnitude = self.mantissa.magnitude() >> self.exponent.unsigned_abs();
        BigInt::from_biguint(self.mantissa.sign(), magnitude)
    }

    pub fn is_zero(&self) -> bool {
        self.mantissa.sign() == Sign::NoSign
    }

    pub fn is_negative(&self) -> bool {
        self.mantissa.sign() == Sign::Minus
    }

    pub fn is_whole(&self) -> bool {
        0 <= self.exponent
    }

    /// The number where it is whole and fits.
    pub fn to_i64(&self) -> Option<i64> {
        let value = self.to_integer()?;
        i64::try_from(value).ok()
    }

    /// The number where it is whole, not negative, and fits.
    pub fn to_usize(&self) -> Option<usize> {
        let value = self.to_integer()?;
        usize::try_from(value).ok()
    }

    /// The number where it is whole.
    pub fn to_integer(&self) -> Option<BigInt> {
        self.is_whole().then(|| &self.mantissa << self.exponent.unsigned_abs())
    }

    /// The nearest machine float.
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// With the precision of a number that is written in code.
    pub fn as_written(&self) -> Self {
        Self { precision: WRITTEN.max(self.precision), ..self.clone() }
    }
}

/// The parts of a number in text.
struct Written {
    sign: Sign,
    digits: BigUint,
    tens: Result<i64, NumberError>,
    twos: Result<i64, NumberError>,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let (sign, rest) = match text.as_bytes().first()? {
            b'-' => (Sign::Minus, &text[1..]),
            b'+' => (Sign::Plus, &text[1..]),
            _ => (Sign::Plus, text),
        };
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(rest.len());
        let (mantissa, exponent) = rest.split_at(end);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let digits = BigUint::parse_bytes([whole, fraction].concat().as_bytes(), 10)?;
        let places = i64::try_from(fraction.len()).ok()?;
        let within = |power: Option<i64>| power.filter(|it| it.abs() <= FARTHEST).ok_or(NumberError::OutOfRange);
        let (tens, twos) = match exponent.as_bytes() {
            [] => (Some(-places), Some(0)),
            [b'e' | b'E', ..] => (power(&exponent[1..])?.checked_sub(places), Some(0)),
            [b'p' | b'P', ..] => (Some(-places), Some(power(&exponent[1..])?)),
            _ => return None,
        };
        Some(Self { sign, digits, tens: within(tens), twos: within(twos) })
    }
}

/// The exponent in `text`, cut off at what a machine can hold.
fn power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_one = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    is_one.then(|| text.parse().unwrap_or(i64::MAX))
}

/// Both mantissas as multiples of one power of two, and that power.
fn aligned(left: &Number, right: &Number) -> (BigInt, BigInt, i64) {
    let exponent = left.exponent.min(right.exponent);
    let moved = |it: &Number| &it.mantissa << (it.exponent - exponent).unsigned_abs();
    (moved(left), moved(right), exponent)
}

/// `dividend / divisor * 2^exponent`, rounded once.
fn quotient(dividend: &BigInt, divisor: &BigInt, exponent: i64, precision: u32) -> Result<Number, NumberError> {
    // Two digits more than are kept: the first that is cut off, and one for the rest of the division.
    let wanted = u64::from(precision) + 2 + divisor.bits();
    let shift = wanted.saturating_sub(dividend.bits());
    let dividend = dividend << shift;
    let result = &dividend / divisor;
    let is_exact = &result * divisor == dividend;
    rounded(result, exponent - i64::try_from(shift).unwrap_or(i64::MAX), !is_exact, precision)
}

/// `mantissa * 2^exponent` with at most `precision` binary digits. `has_rest`: its magnitude is a little more than that.
fn rounded(mantissa: BigInt, exponent: i64, has_rest: bool, precision: u32) -> Result<Number, NumberError> {
    let bits = mantissa.bits();
    let top = exponent.saturating_add(i64::try_from(bits).unwrap_or(i64::MAX));
    if mantissa.sign() != Sign::NoSign && (top.abs() > FARTHEST || exponent.abs() > 4 * FARTHEST) {
        return Err(NumberError::OutOfRange);
    }
    if bits <= u64::from(precision) {
        return Ok(Number::normal(mantissa, exponent, precision));
    }
    let cut = bits - u64::from(precision);
    let (sign, magnitude) = mantissa.into_parts();
    let is_half = magnitude.bit(cut - 1);
    let is_more = has_rest || magnitude.trailing_zeros().is_some_and(|zeros| zeros < cut - 1);
    let mut kept = magnitude >> cut;
    if is_half && (is_more || kept.bit(0)) {
        kept += 1_u8;
    }
    let exponent = exponent + i64::try_from(cut).unwrap_or(i64::MAX);
    Ok(Number::normal(BigInt::from_biguint(sign, kept), exponent, precision))
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.exponent == other.exponent && self.mantissa == other.mantissa
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right, _) = aligned(self, other);
        left.cmp(&right)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::integer(value)
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Self::integer(value)
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "a number is required",
            Self::OutOfRange => "the number is too far from one to be worked out",
            Self::DivisionByZero => "division by zero",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, NumberError};

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_print_as_they_are_written() {
        for text in ["0", "1", "-1", "0.1", "123456789.000000001", "1000000000000000000000", "-0.5", "0.00001"] {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1.5e3").to_string(), "1500");
        assert_eq!(number("1e-3").to_string(), "0.001");
        assert_eq!(number("1e40").to_string(), format!("1{}", "0".repeat(40)));
        assert_eq!(number("+.5").to_string(), "0.5");
    }

    #[test]
    fn a_third_has_as_many_digits_as_512_binary_ones() {
        let third = number("1").divide(&number("3")).unwrap().to_string();
        assert_eq!(third, format!("0.{}5", "3".repeat(154)));
        let small = Number::from(1_i64).divide(&Number::from(3_i64)).unwrap().to_string();
        assert_eq!(small, "0.33333333333333333334");
    }

    #[test]
    fn arithmetic_is_exact_where_it_can_be() {
        let sum = number("0.1").add(&number("0.2")).unwrap();
        assert_eq!(sum.to_string(), "0.3");
        assert_eq!(number("7").remainder(&number("-3")).unwrap().to_string(), "1");
        assert_eq!(number("-7").remainder(&number("3")).unwrap().to_string(), "-1");
        assert_eq!(number("7.5").floor().to_string(), "7");
        assert_eq!(number("-7.5").floor().to_string(), "-8");
        assert_eq!(number("-0").to_string(), "-0");
        assert_eq!(number("0").multiply(&number("-1")).unwrap().to_string(), "-0");
        assert_eq!(number("1.1").multiply(&number("1.1")).unwrap().to_string(), format!("1.21{}1", "0".repeat(151)));
        assert!(Number::float(0.1).unwrap().is_equal(&number("0.1")));
        assert_eq!(number("-7.5").ceil().to_string(), "-7");
        assert!(number("0.3") < number("0.30001") && number("-2") < number("1"));
        assert_eq!(number("3.0").to_i64(), Some(3));
        assert_eq!(number("3.5").to_i64(), None);
        assert_eq!(number("-1").to_usize(), None);
    }

    #[test]
    fn hostile_numbers_are_refused_at_once() {
        for text in ["1e9999", "1e-9999", "1e999999999", "1e-999999999", "1e99999999999999999999", "1p999999999"] {
            assert_eq!(Number::parse(text), Err(NumberError::OutOfRange), "{text}");
        }
        for text in ["", "-", "1e", "abc", "1.2.3", "0x10", "1_000", " 1", "e5", "."] {
            assert_eq!(Number::parse(text), Err(NumberError::NotANumber), "{text}");
        }
        let mut it = number("1e1000");
        while let Ok(square) = it.multiply(&it) {
            it = square;
        }
    }
}
