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
    float(call.number(0)?.to_f64().ln() / call.number(1)?.to_f64().ln())
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
    const LONGEST: usize = 10_000;
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
