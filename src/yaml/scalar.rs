use std::fmt;

use super::Value;
use crate::time::Moment;

/// What a plain (unquoted) scalar means to PyYAML: the implicit resolvers of
/// YAML 1.1, from `yaml/resolver.py` and `yaml/constructor.py`. Dates and
/// numbers that are out of range stay text.
pub fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        _ => integer(text)
            .map(Value::Integer)
            .or_else(|| float(text).map(Value::Float))
            .unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

/// Whether a number is negative, and its digits without the sign.
fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

pub(super) fn integer(text: &str) -> Option<i64> {
    let (negative, number) = split_sign(text);
    let first = number.bytes().next()?;
    if !first.is_ascii_digit() {
        return None;
    }
    let digits = number.replace('_', "");
    let value = if let Some(binary) = digits.strip_prefix("0b") {
        radix(binary, 2)?
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        radix(hexadecimal, 16)?
    } else if number.contains(':') {
        sexagesimal(number)?
    } else if first == b'0' && number.len() > 1 {
        radix(&digits, 8)?
    } else {
        radix(&digits, 10)?
    };
    if negative {
        value.checked_neg()
    } else {
        Some(value)
    }
}

/// `from_str_radix` without its tolerance of signs; `None` if out of range.
fn radix(digits: &str, radix: u32) -> Option<i64> {
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    i64::from_str_radix(digits, radix).ok()
}

/// YAML 1.1 reads `1:30` as ninety.
fn sexagesimal(number: &str) -> Option<i64> {
    let mut parts = number.split(':');
    let first = parts.next()?;
    if first.starts_with('0') {
        return None;
    }
    let mut value = radix(&first.replace('_', ""), 10)?;
    for part in parts {
        let next = radix(part, 10).filter(|next| part.len() <= 2 && *next < 60)?;
        value = value.checked_mul(60)?.checked_add(next)?;
    }
    Some(value)
}

pub(super) fn float(text: &str) -> Option<f64> {
    let (negative, number) = split_sign(text);
    let value = match number {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        ".nan" | ".NaN" | ".NAN" if number == text => f64::NAN,
        _ => {
            // The dot is required, and so is an exponent's sign: `1e3` is text.
            let (mantissa, exponent) = match number.find(['e', 'E']) {
                Some(at) => (&number[..at], Some(&number[at + 1..])),
                None => (number, None),
            };
            let (whole, fraction) = mantissa.split_once('.')?;
            let digits = |part: &str| part.bytes().all(|it| it.is_ascii_digit() || it == b'_');
            let starts = |part: &str| part.starts_with(|it: char| it.is_ascii_digit());
            let signed = |part: &str| {
                let digits = part.strip_prefix(['+', '-']);
                digits.is_some_and(|it| !it.is_empty() && it.bytes().all(|c| c.is_ascii_digit()))
            };
            let well_formed = digits(whole)
                && digits(fraction)
                && (starts(whole) || (whole.is_empty() && starts(fraction) && number == text))
                && exponent.is_none_or(signed);
            if !well_formed {
                return None;
            }
            number.replace('_', "").parse().ok()?
        }
    };
    Some(if negative { -value } else { value })
}

/// A date and time as it is written, with the moment that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    /// The moment, to the second.
    pub moment: Moment,
    /// The fraction of its second, in millionths.
    pub micros: u32,
    /// How many minutes the written time is ahead of UTC.
    pub offset: i32,
}

impl Timestamp {
    /// The date and time as written, taken for one in UTC.
    pub fn written(&self) -> Moment {
        Moment::new(self.moment.seconds() + i64::from(self.offset) * 60)
    }

    /// The date and time that clocks show which are `offset` minutes ahead of UTC. `shown`
    /// is that time, as if it were in UTC.
    pub fn shown(shown: Moment, micros: u32, offset: i32) -> Self {
        Self {
            moment: Moment::new(shown.seconds() - i64::from(offset) * 60),
            micros,
            offset,
        }
    }

    /// As ISO 8601 and RFC 3339 have it, and Python's `isoformat`:
    /// `2024-01-31T00:00:00+00:00`.
    pub fn iso(&self) -> String {
        self.to_string().replacen(' ', "T", 1)
    }

    /// As mails and RSS have it (RFC 2822): `Wed, 31 Jan 2024 00:00:00 +0000`.
    pub fn of_mails(&self) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        let shown = self.written().strftime("%a, %d %b %Y %H:%M:%S");
        format!("{shown} {sign}{:02}{:02}", minutes / 60, minutes % 60)
    }
}

impl From<Moment> for Timestamp {
    fn from(moment: Moment) -> Self {
        Self {
            moment,
            micros: 0,
            offset: 0,
        }
    }
}

/// As Python's `datetime` writes itself: `2024-01-31 00:00:00+00:00`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = self.written().utc();
        write!(f, "{} {}", written.date(), written.time())?;
        if self.micros > 0 {
            write!(f, ".{:06}", self.micros)?;
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// The moment that a plain scalar is to PyYAML: `None` if it is no date, and
/// `Some(None)` if it has the form of one, but there is no such date.
pub fn timestamp(text: &str) -> Option<Option<Timestamp>> {
    let mut fields = Fields(text);
    let (year, month, day) = (
        fields.digits(4, 4)?,
        fields.after("-")?.digits(1, 2)?,
        fields.after("-")?.digits(1, 2)?,
    );
    let date = || {
        let day = i8::try_from(day).ok()?;
        Some((i16::try_from(year).ok()?, i8::try_from(month).ok()?, day))
    };
    if fields.0.is_empty() {
        // A date alone needs both digits.
        return (text.len() == 10).then(|| {
            Some(Timestamp {
                moment: Moment::of(date()?, (0, 0, 0))?,
                micros: 0,
                offset: 0,
            })
        });
    }
    if fields.after("T").is_none() && fields.after("t").is_none() {
        fields.blanks()?;
    }
    let (hour, minute, second) = (
        fields.digits(1, 2)?,
        fields.after(":")?.digits(2, 2)?,
        fields.after(":")?.digits(2, 2)?,
    );
    let mut micros = 0;
    if fields.after(".").is_some() {
        let rest = fields.0.trim_start_matches(|it: char| it.is_ascii_digit());
        let fraction = fields.0[..fields.0.len() - rest.len()].bytes();
        let digits = fraction.chain(std::iter::repeat(b'0')).take(6);
        micros = digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        fields.0 = rest;
    }
    let _ = fields.blanks();
    let offset = fields.offset()?;
    if !fields.0.is_empty() {
        return None;
    }
    let small = |number: u16| i8::try_from(number).ok();
    let moment = || {
        let time = (small(hour)?, small(minute)?, small(second)?);
        let (written, offset) = (Moment::of(date()?, time)?, offset?);
        Some(Timestamp {
            moment: Moment::new(written.seconds() - i64::from(offset) * 60),
            micros,
            offset,
        })
    };
    Some(moment())
}

/// What is left of a text while its fields are read.
struct Fields<'t>(&'t str);

impl Fields<'_> {
    /// A number of `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<u16> {
        let digits = self.0.bytes().take(most);
        let length = digits.take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at(length);
        self.0 = rest;
        (length >= least).then(|| number.parse().ok())?
    }

    fn after(&mut self, mark: &str) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(mark)?;
        Some(self)
    }

    /// Skips at least one blank.
    fn blanks(&mut self) -> Option<()> {
        let rest = self.0.trim_start_matches([' ', '\t']);
        let is_some = rest.len() < self.0.len();
        self.0 = rest;
        is_some.then_some(())
    }

    /// The offset from UTC in minutes: 0 if there is none, `Some(None)` if there
    /// is no such offset.
    fn offset(&mut self) -> Option<Option<i32>> {
        if self.0.is_empty() || self.after("Z").is_some() {
            return Some(Some(0));
        }
        let sign = if self.after("-").is_some() {
            -1
        } else {
            self.after("+")?;
            1
        };
        let hours = i32::from(self.digits(1, 2)?);
        let minutes = match self.after(":") {
            Some(fields) => i32::from(fields.digits(2, 2)?),
            None => 0,
        };
        let offset = hours * 60 + minutes;
        Some((offset < 24 * 60).then_some(sign * offset))
    }
}
