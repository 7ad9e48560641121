use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use super::builtins::{parts, pay_for_format};
use super::weight::{charge, kept, pay, pay_for_items};

/// Python's methods of values that MiniJinja's own set lacks; the others are
/// those of `minijinja-contrib`.
pub(super) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    // What is looked for is compared, or hashed.
    for argument in arguments {
        charge(state, argument, 1)?;
    }
    if let Some(text) = value.as_str() {
        pay_for_text(state, text, method, arguments)?;
        if let Some(result) = of_text(text, method, arguments) {
            return result;
        }
    }
    if value.kind() == ValueKind::Seq && ["count", "index"].contains(&method) {
        charge(state, value, 1)?;
    }
    if value.kind() == ValueKind::Seq && method == "index" {
        let wanted = arguments.first().cloned().unwrap_or_default();
        let found = value.try_iter()?.position(|item| item == wanted);
        let missing = || Error::new(ErrorKind::InvalidOperation, "the list has no such item");
        return found.map(Value::from).ok_or_else(missing);
    }
    let made =
        minijinja_contrib::pycompat::unknown_method_callback(state, value, method, arguments)?;
    if ["items", "keys", "values"].contains(&method) {
        charge(state, &made, 1)?;
        return kept(state, made);
    }
    Ok(made)
}

/// Pays for what a method makes of a text that may be much longer than it.
fn pay_for_text(
    state: &State<'_, '_>,
    text: &str,
    method: &str,
    arguments: &[Value],
) -> Result<(), Error> {
    let argument = |at: usize| arguments.get(at).and_then(Value::as_str);
    match method {
        "replace" => {
            let (old, new) = (argument(0).unwrap_or_default(), argument(1));
            let found = text.matches(old).count();
            pay_for_items(state, found)?;
            pay(state, found.saturating_mul(new.unwrap_or_default().len()))
        }
        "join" => {
            let Some(values) = arguments.first().filter(|it| it.as_object().is_some()) else {
                return Ok(());
            };
            let count = values.try_iter()?.count();
            pay(state, count.saturating_mul(text.len()))
        }
        "format" => pay_for_format(state, text, '{', arguments),
        "split" | "rsplit" | "splitlines" => pay_for_items(state, parts(text, argument(0))),
        _ => Ok(()),
    }
}

fn of_text(text: &str, method: &str, arguments: &[Value]) -> Option<Result<Value, Error>> {
    let argument = |at: usize| arguments.get(at).map(ToString::to_string);
    let number = |at: usize| {
        arguments
            .get(at)
            .and_then(|it| usize::try_from(it.clone()).ok())
    };
    Some(match method {
        "partition" | "rpartition" => {
            let Some(mark) = argument(0).filter(|mark| !mark.is_empty()) else {
                let message = format!("{method}: the separator is empty");
                return Some(Err(Error::new(ErrorKind::InvalidOperation, message)));
            };
            let forwards = method == "partition";
            let found = if forwards {
                text.find(&mark)
            } else {
                text.rfind(&mark)
            };
            let parts = match found {
                Some(at) => [&text[..at], &mark, &text[at + mark.len()..]],
                None if forwards => [text, "", ""],
                None => ["", "", text],
            };
            Ok(Value::from(parts.map(Value::from).to_vec()))
        }
        "rsplit" => {
            let mark = argument(0);
            let most = number(1).unwrap_or(usize::MAX);
            let mut parts: Vec<&str> = match &mark {
                Some(mark) if !mark.is_empty() => text
                    .rsplitn(most.saturating_add(1), mark.as_str())
                    .collect(),
                _ => text.split_whitespace().rev().collect(),
            };
            parts.reverse();
            let parts = parts.into_iter().map(Value::from);
            Ok(Value::from(parts.collect::<Vec<_>>()))
        }
        "removeprefix" | "removesuffix" => {
            let part = argument(0).unwrap_or_default();
            let left = if method == "removeprefix" {
                text.strip_prefix(&part)
            } else {
                text.strip_suffix(&part)
            };
            Ok(Value::from(left.unwrap_or(text)))
        }
        "zfill" => {
            let width = number(0).unwrap_or(0).min(10_000);
            let (sign, digits) = match text.strip_prefix(['+', '-']) {
                Some(digits) => (&text[..1], digits),
                None => ("", text),
            };
            let width = width.saturating_sub(sign.len());
            Ok(Value::from(format!("{sign}{digits:0>width$}")))
        }
        "ljust" | "rjust" | "center" => {
            let width = number(0).unwrap_or(0).min(10_000);
            let fill = argument(1).and_then(|fill| fill.chars().next());
            let fill = fill.unwrap_or(' ');
            let missing = width.saturating_sub(text.chars().count());
            let left = match method {
                "ljust" => 0,
                "rjust" => missing,
                _ => missing / 2 + (missing & width & 1),
            };
            let run = |length: usize| fill.to_string().repeat(length);
            Ok(Value::from(format!(
                "{}{text}{}",
                run(left),
                run(missing - left)
            )))
        }
        "swapcase" => {
            let swapped = text.chars().flat_map(|c| -> Vec<char> {
                if c.is_uppercase() {
                    c.to_lowercase().collect()
                } else {
                    c.to_uppercase().collect()
                }
            });
            Ok(Value::from(swapped.collect::<String>()))
        }
        "casefold" => Ok(Value::from(text.to_lowercase())),
        "index" => {
            let wanted = argument(0).unwrap_or_default();
            let missing = || Error::new(ErrorKind::InvalidOperation, "the text has no such part");
            let found = text.find(&wanted).ok_or_else(missing);
            found.map(|at| Value::from(text[..at].chars().count()))
        }
        "encode" | "decode" => Ok(Value::from(text)),
        _ => return None,
    })
}
