//! Functions over numbers.

use num_bigint::BigInt;

use super::{
    Answer, Call, Fault,
    signature::{Function, Kind, any, number},
};
use crate::terraform::{cty::Term, number::Number};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[number("num")], Kind::Number, |call| Ok(Term::number(call.number(0)?.absolute()))),
    Function::new("ceil", &[number("num")], Kind::Number, |call| Ok(Term::number(call.number(0)?.ceil()))),
    Function::new("floor", &[number("num")], Kind::Number, |call| Ok(Term::number(call.number(0)?.floor()))),
    Function::new("log", &[number("num"), number("base")], Kind::Number, log),
    Function::new("max", &[], Kind::Number, |call| extreme(call, |best, it| best < it)).with_more(&number("numbers")),
    Function::new("min", &[], Kind::Number, |call| extreme(call, |best, it| it < best)).with_more(&number("numbers")),
    Function::new("parseint", &[any("number"), number("base")], Kind::Number, parse_integer),
    Function::new("pow", &[number("num"), number("power")], Kind::Number, power),
    Function::new("signum", &[number("num")], Kind::Number, signum),
];

fn float(value: f64) -> Answer {
    if value.is_nan() {
        return Err("result is not a number".into());
    }
    Ok(Term::number(Number::float(value).ok_or("the result is infinite")?))
}

fn log(call: &Call<'_>) -> Answer {
    float(natural_log(call.number(0)?.to_f64()) / natural_log(call.number(1)?.to_f64()))
}

/// As FreeBSD's `e_log.c` and Go compute it; others differ in the last digit.
fn natural_log(x: f64) -> f64 {
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const EVEN: [f64; 3] = [3.999_999_999_940_942e-1, 2.222_219_843_214_978_4e-1, 1.531_383_769_920_937_3e-1];
    const ODD: [f64; 4] =
        [6.666_666_666_666_735e-1, 2.857_142_874_366_239e-1, 1.818_357_216_161_805e-1, 1.479_819_860_511_658_6e-1];
    if !(x.is_normal() && 0.0 < x) {
        return x.ln();
    }
    // x is `f1` times a power of two, and `f1` lies around one.
    let bits = x.to_bits();
    let mut power = i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0) - 1022;
    let mut f1 = f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52));
    if f1 < std::f64::consts::FRAC_1_SQRT_2 {
        f1 *= 2.0;
        power -= 1;
    }
    let f = f1 - 1.0;
    let k = f64::from(power);
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = s2 * (ODD[0] + s4 * (ODD[1] + s4 * (ODD[2] + s4 * ODD[3])));
    let even = s4 * (EVEN[0] + s4 * (EVEN[1] + s4 * EVEN[2]));
    let half_square = 0.5 * f * f;
    k * LN2_HIGH - ((half_square - (s * (half_square + (odd + even)) + k * LN2_LOW)) - f)
}

fn power(call: &Call<'_>) -> Answer {
    float(call.number(0)?.to_f64().powf(call.number(1)?.to_f64()))
}

fn signum(call: &Call<'_>) -> Answer {
    Ok(Term::number(call.integer(0)?.signum()))
}

fn extreme(call: &Call<'_>, is_better: fn(&Number, &Number) -> bool) -> Answer {
    let mut best: Option<&Number> = None;
    for at in 0..call.arguments.len() {
        let number = call.number(at)?;
        if best.is_none_or(|best| is_better(best, number)) {
            best = Some(number);
        }
    }
    let best = best.ok_or("must pass at least one number")?;
    Ok(Term::number(best.clone()))
}

fn parse_integer(call: &Call<'_>) -> Answer {
    let Some(text) = call.term(0).as_text() else {
        let kind = call.term(0).type_of().friendly_name();
        return Err(Fault::Argument(0, format!("first argument must be a string, not {kind}")));
    };
    let base = call.integer(1).map_err(|error| Fault::Argument(1, error))?;
    let base = u32::try_from(base)
        .ok()
        .filter(|it| (2..=62).contains(it))
        .ok_or_else(|| Fault::Argument(1, "base must be a whole number between 2 and 62 inclusive".to_owned()))?;
    let number = digits(text, base)
        .ok_or_else(|| Fault::Argument(0, format!("cannot parse {text:?} as a base {base} integer")))?;
    Ok(Term::number(Number::integer(number)))
}

/// A whole number in a base up to 62: digits, small letters, capital letters. Up to 36, both kinds of letters are one.
fn digits(text: &str, base: u32) -> Option<BigInt> {
    const LONGEST: usize = 1_200;
    let (is_negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() || LONGEST < rest.len() {
        return None;
    }
    let mut value = BigInt::ZERO;
    for it in rest.bytes() {
        let digit = match it {
            b'0'..=b'9' => it - b'0',
            b'a'..=b'z' => it - b'a' + 10,
            b'A'..=b'Z' if base <= 36 => it - b'A' + 10,
            b'A'..=b'Z' => it - b'A' + 36,
            _ => return None,
        };
        if base <= u32::from(digit) {
            return None;
        }
        value = value * base + digit;
    }
    Some(if is_negative { -value } else { value })
}
