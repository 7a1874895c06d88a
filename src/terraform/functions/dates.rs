//! Functions over points in time.

use super::{
    Answer, Call,
    signature::{Function, Kind, text},
    strings::at,
};
use crate::terraform::cty::Term;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("formatdate", &[text("format"), text("time")], Kind::Text, format_date),
    Function::new("timeadd", &[text("timestamp"), text("duration")], Kind::Text, add),
    Function::new("timecmp", &[text("timestamp_a"), text("timestamp_b")], Kind::Number, compare),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// A point in time and where it is told.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// Seconds since 1970 in UTC.
    seconds: i64,
    nanoseconds: i64,
    /// Seconds that the clock is ahead of UTC.
    offset: i64,
}

/// What the clock and the calendar show.
struct Parts {
    year: i64,
    month: usize,
    day: i64,
    weekday: usize,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Moment {
    /// RFC 3339, every field with all its digits.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("not a valid RFC3339 timestamp: {what}");
        let bytes = text.as_bytes();
        let field = |from: usize, length: usize, what: &str| {
            let digits = text.get(from..from + length).filter(|it| it.bytes().all(|it| it.is_ascii_digit()));
            let rest = text.get(from..).unwrap_or_default();
            match digits {
                Some(digits) => digits.parse::<i64>().map_err(|error| error.to_string()),
                None if rest.is_empty() => Err(wrong(&format!("end of string before {what}"))),
                None => Err(wrong(&format!("cannot use {rest:?} as {what}"))),
            }
        };
        let mark = |at: usize, wanted: char| match text.get(at..).and_then(|it| it.chars().next()) {
            Some(it) if it == wanted => Ok(()),
            Some(_) if wanted == 'T' => Err(wrong("missing required time introducer 'T'")),
            Some(_) => Err(wrong(&format!("found {:?} where {:?} is expected", &text[at..], wanted.to_string()))),
            None => Err(wrong(&format!("end of string where {:?} is expected", wanted.to_string()))),
        };
        let year = field(0, 4, "year")?;
        mark(4, '-')?;
        let month = field(5, 2, "month")?;
        mark(7, '-')?;
        let day = field(8, 2, "day of month")?;
        mark(10, 'T')?;
        let hour = field(11, 2, "hour")?;
        mark(13, ':')?;
        let minute = field(14, 2, "minute")?;
        mark(16, ':')?;
        let second = field(17, 2, "second")?;
        let mut end = 19;
        let mut nanoseconds = 0;
        if bytes.get(end) == Some(&b'.') {
            let digits = text[end + 1..].bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return Err(wrong(&format!("cannot use {:?} as UTC offset", &text[end..])));
            }
            let kept = &text[end + 1..=end + digits.min(9)];
            nanoseconds = format!("{kept:0<9}").parse().map_err(|_| wrong("cannot use the fraction of a second"))?;
            end += 1 + digits;
        }
        let offset = read_offset(&text[end..]).ok_or_else(|| match &text[end..] {
            "" => wrong("end of string before UTC offset"),
            rest => wrong(&format!("cannot use {rest:?} as UTC offset")),
        })?;
        let in_range = [
            ("month", (1..=12).contains(&month)),
            ("day of month", day != 0 && day <= days_in_month(year, month)),
            ("hour", hour <= 23),
            ("minute", minute <= 59),
            ("second", second <= 59),
        ];
        if let Some((what, _)) = in_range.iter().find(|(_, is_right)| !is_right) {
            return Err(wrong(&format!("{what} out of range")));
        }
        let days = days_since_1970(year, month, day);
        let seconds = days * SECONDS_OF_A_DAY + hour * 3600 + minute * 60 + second - offset;
        Ok(Self { seconds, nanoseconds, offset })
    }

    fn parts(self) -> Parts {
        let local = self.seconds + self.offset;
        let (days, rest) = (local.div_euclid(SECONDS_OF_A_DAY), local.rem_euclid(SECONDS_OF_A_DAY));
        let (year, month, day) = date_of(days);
        let index = |it: i64| usize::try_from(it).unwrap_or(0);
        Parts {
            year,
            month: index(month),
            day,
            // The first of January 1970 was a Thursday.
            weekday: index((days + 4).rem_euclid(7)),
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    fn zone(self, colon: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    /// RFC 3339 without fractions of a second.
    pub(super) fn text(self) -> String {
        let it = self.parts();
        let zone = if self.offset == 0 { "Z".to_owned() } else { self.zone(":") };
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}", it.year, it.month, it.day, it.hour, it.minute, it.second)
    }
}

/// `Z`, `+02:00`, `-07:30`.
fn read_offset(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |it: &str, most: i64| {
        let digits = it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit());
        it.parse::<i64>().ok().filter(|it| digits && *it <= most)
    };
    Some(sign * (number(hours, 24)? * 3600 + number(minutes, 60)? * 60))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// In the proleptic Gregorian calendar; the year is taken to begin in March, so that the leap day is its last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

fn compare(call: &Call<'_>) -> Answer {
    let first = Moment::read(call.text(0)).map_err(|error| at(0, error))?;
    let second = Moment::read(call.text(1)).map_err(|error| at(1, error))?;
    let order = (first.seconds, first.nanoseconds).cmp(&(second.seconds, second.nanoseconds));
    Ok(Term::number(order as i64))
}

fn add(call: &Call<'_>) -> Answer {
    let moment = Moment::read(call.text(0))?;
    let duration = duration(call.text(1)).ok_or_else(|| format!("time: invalid duration {:?}", call.text(1)))?;
    let nanoseconds = i128::from(moment.nanoseconds) + duration;
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).map_err(|_| "the duration is too long")?;
    let seconds = moment.seconds.saturating_add(seconds);
    Ok(Term::text(&Moment { seconds, nanoseconds: 0, offset: moment.offset }.text()))
}

/// Nanoseconds: `1h30m`, `-1.5s`.
fn duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let number = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let (whole, fraction) = rest[..number].split_once('.').unwrap_or((&rest[..number], ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || 18 < whole.len() {
            return None;
        }
        rest = &rest[number..];
        let unit_end = rest.find(|it: char| it.is_ascii_digit() || it == '.').unwrap_or(rest.len());
        let unit: i128 = match &rest[..unit_end] {
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        rest = &rest[unit_end..];
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let fraction = &fraction[..fraction.len().min(15)];
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
        total += whole * unit + part * unit / scale;
    }
    // A duration is 64 bits of nanoseconds.
    (total <= i128::from(i64::MAX)).then_some(sign * total)
}

fn format_date(call: &Call<'_>) -> Answer {
    let moment = Moment::read(call.text(1)).map_err(|error| at(1, error))?;
    let mut rest = call.text(0);
    let mut out = String::new();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (text, after) = literal(rest).ok_or_else(|| at(0, "unterminated literal '"))?;
            out.push_str(&text);
            rest = after;
        } else if first.is_ascii_alphabetic() {
            let end = rest.find(|it| it != first).unwrap_or(rest.len());
            out.push_str(&shown(moment, &rest[..end]).map_err(|error| at(0, error))?);
            rest = &rest[end..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(Term::text(&out))
}

/// `'…'`, in which `''` is a quote, as it is alone; and what follows.
fn literal(text: &str) -> Option<(String, &str)> {
    if let Some(rest) = text.strip_prefix("''") {
        return Some(("'".to_owned(), rest));
    }
    let mut out = String::new();
    let mut rest = text.strip_prefix('\'')?;
    loop {
        let end = rest.find('\'')?;
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                rest = after;
            }
            None => return Some((out, rest)),
        }
    }
}

fn shown(moment: Moment, verb: &str) -> Result<String, String> {
    let it = moment.parts();
    let wrong = |what: &str| Err(format!("invalid date format verb {verb:?}: {what}"));
    let number = |value: i64, what: &str| match verb.len() {
        1 => Ok(value.to_string()),
        2 => Ok(format!("{value:02}")),
        _ => wrong(what),
    };
    let month = MONTHS.get(it.month.wrapping_sub(1)).copied().unwrap_or_default();
    let day = DAYS.get(it.weekday).copied().unwrap_or_default();
    let number_of_month = i64::try_from(it.month).unwrap_or(0);
    match (verb.as_bytes()[0], verb.len()) {
        (b'Y', 2) => Ok(format!("{:02}", it.year % 100)),
        (b'Y', 4) => Ok(format!("{:04}", it.year)),
        (b'Y', _) => wrong("year must either be \"YY\" or \"YYYY\""),
        (b'M', 3) => Ok(month[..3].to_owned()),
        (b'M', 4) => Ok(month.to_owned()),
        (b'M', _) => number(number_of_month, "month must be \"M\", \"MM\", \"MMM\", or \"MMMM\""),
        (b'D', _) => number(it.day, "day of month must either be \"D\" or \"DD\""),
        (b'E', 3) => Ok(day[..3].to_owned()),
        (b'E', 4) => Ok(day.to_owned()),
        (b'E', _) => wrong("day of week must either be \"EEE\" or \"EEEE\""),
        (b'h', _) => number(it.hour, "24-hour must either be \"h\" or \"hh\""),
        (b'H', _) => number((it.hour + 11) % 12 + 1, "12-hour must either be \"H\" or \"HH\""),
        (b'A', 2) => Ok(if it.hour < 12 { "AM" } else { "PM" }.to_owned()),
        (b'a', 2) => Ok(if it.hour < 12 { "am" } else { "pm" }.to_owned()),
        (b'A', _) => wrong("must be \"AA\""),
        (b'a', _) => wrong("must be \"aa\""),
        (b'm', _) => number(it.minute, "minute must either be \"m\" or \"mm\""),
        (b's', _) => number(it.second, "second must either be \"s\" or \"ss\""),
        (b'Z', 1) if moment.offset == 0 => Ok("Z".to_owned()),
        (b'Z', 3) if moment.offset == 0 => Ok("UTC".to_owned()),
        (b'Z', 1 | 5) => Ok(moment.zone(":")),
        (b'Z', 3 | 4) => Ok(moment.zone("")),
        (b'Z', _) => wrong("timezone must be Z, ZZZZ, or ZZZZZ"),
        _ => Err(format!("invalid date format verb {verb:?}")),
    }
}
