use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::bounded_builtins::{charge_format, max_parts};
use super::limits::{charge, charge_items, charge_text, limit};

/// Python's methods that MiniJinja's values lack. Those that are not implemented
/// here come from `minijinja-contrib`.
pub(super) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    // Arguments are compared or hashed.
    for argument in arguments {
        charge(state, argument, 1)?;
    }
    if let Some(text) = value.as_str() {
        charge_text_method(state, text, method, arguments)?;
        if let Some(result) = call_text_method(text, method, arguments) {
            return result;
        }
    }
    if value.kind() == ValueKind::Seq && ["count", "index"].contains(&method) {
        charge(state, value, 1)?;
    }
    if value.kind() == ValueKind::Seq && method == "index" {
        let wanted = arguments.first().cloned().unwrap_or_default();
        let position = value.try_iter()?.position(|item| item == wanted);
        let missing = || Error::new(ErrorKind::InvalidOperation, "the list has no such item");
        return position.map(Value::from).ok_or_else(missing);
    }
    let result =
        minijinja_contrib::pycompat::unknown_method_callback(state, value, method, arguments)?;
    if ["items", "keys", "values"].contains(&method) {
        charge(state, &result, 1)?;
        return limit(state, result);
    }
    Ok(result)
}

/// Charges for methods whose result may be much longer than the text.
fn charge_text_method(
    state: &State<'_, '_>,
    text: &str,
    method: &str,
    arguments: &[Value],
) -> Result<(), Error> {
    let argument = |at: usize| arguments.get(at).and_then(Value::as_str);
    match method {
        "replace" => {
            let (Some(old), Some(new)) = (argument(0), argument(1)) else {
                // The engine refuses such arguments.
                return Ok(());
            };
            let count = text.matches(old).count();
            charge_items(state, count)?;
            charge_text(state, count.saturating_mul(new.len()))
        }
        "join" => {
            let Some(values) = arguments.first().filter(|it| it.as_object().is_some()) else {
                return Ok(());
            };
            let count = values.try_iter()?.count();
            charge_text(state, count.saturating_mul(text.len()))
        }
        "format" => charge_format(state, text, '{', arguments),
        "split" | "rsplit" | "splitlines" => charge_items(state, max_parts(text, argument(0))),
        _ => Ok(()),
    }
}

/// Calls a method of a text; `None` if it is not one of those implemented here.
fn call_text_method(text: &str, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
    // A missing argument, which Python would refuse, is taken for an empty one.
    let argument = |at: usize| arguments.get(at).map(ToString::to_string);
    let number = |at: usize| {
        arguments
            .get(at)
            .and_then(|number| usize::try_from(number.clone()).ok())
    };
    let width = || number(0).unwrap_or(0).min(10_000);
    Some(match method {
        "partition" | "rpartition" => partition(text, method, argument(0)),
        "rsplit" => Ok(rsplit(text, argument(0), number(1))),
        "removeprefix" => {
            let prefix = argument(0).unwrap_or_default();
            Ok(Value::from(text.strip_prefix(&prefix).unwrap_or(text)))
        }
        "removesuffix" => {
            let suffix = argument(0).unwrap_or_default();
            Ok(Value::from(text.strip_suffix(&suffix).unwrap_or(text)))
        }
        "zfill" => Ok(zfill(text, width())),
        "ljust" | "rjust" | "center" => {
            let fill = argument(1).and_then(|fill| fill.chars().next());
            Ok(justify(text, method, width(), fill.unwrap_or(' ')))
        }
        "swapcase" => Ok(swapcase(text)),
        "casefold" => Ok(Value::from(text.to_lowercase())),
        "index" => {
            let wanted = argument(0).unwrap_or_default();
            let missing = || Error::new(ErrorKind::InvalidOperation, "the text has no such part");
            let offset = text.find(&wanted).ok_or_else(missing);
            offset.map(|at| Value::from(text[..at].chars().count()))
        }
        "encode" | "decode" => Ok(Value::from(text)),
        _ => return None,
    })
}

/// `partition` and `rpartition`: the text before a separator, the separator, and
/// the text after it.
fn partition(text: &str, method: &str, separator: Option<String>) -> Result<Value, Error> {
    let Some(separator) = separator.filter(|separator| !separator.is_empty()) else {
        let message = format!("{method}: the separator is empty");
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    };
    let from_start = method == "partition";
    let at = if from_start {
        text.find(&separator)
    } else {
        text.rfind(&separator)
    };
    let parts = match at {
        Some(at) => [&text[..at], &separator, &text[at + separator.len()..]],
        None if from_start => [text, "", ""],
        None => ["", "", text],
    };
    Ok(Value::from(parts.map(Value::from).to_vec()))
}

/// `rsplit`: the parts of a text, split at most `most` times from its end.
fn rsplit(text: &str, separator: Option<String>, most: Option<usize>) -> Value {
    let most = most.unwrap_or(usize::MAX);
    let mut parts: Vec<&str> = match &separator {
        Some(separator) if !separator.is_empty() => text
            .rsplitn(most.saturating_add(1), separator.as_str())
            .collect(),
        _ => text.split_whitespace().rev().collect(),
    };
    parts.reverse();
    let parts = parts.into_iter().map(Value::from);
    Value::from(parts.collect::<Vec<_>>())
}

/// `zfill`: zeros between the sign and the digits of a number.
fn zfill(text: &str, width: usize) -> Value {
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (&text[..1], digits),
        None => ("", text),
    };
    let width = width.saturating_sub(sign.len());
    Value::from(format!("{sign}{digits:0>width$}"))
}

/// `ljust`, `rjust` and `center`: a text filled up to a width.
fn justify(text: &str, method: &str, width: usize, fill: char) -> Value {
    let missing = width.saturating_sub(text.chars().count());
    let left = match method {
        "ljust" => 0,
        "rjust" => missing,
        _ => missing / 2 + (missing & width & 1),
    };
    let run = |length: usize| fill.to_string().repeat(length);
    Value::from(format!("{}{text}{}", run(left), run(missing - left)))
}

fn swapcase(text: &str) -> Value {
    let mut swapped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            swapped.extend(c.to_lowercase());
        } else {
            swapped.extend(c.to_uppercase());
        }
    }
    Value::from(swapped)
}
