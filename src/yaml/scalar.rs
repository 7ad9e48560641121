use super::Value;

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
