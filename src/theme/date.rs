use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::limits::charge_text;
use crate::yaml::Timestamp;

/// A date and time, with the attributes and methods of Python's `datetime` that
/// templates use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Datetime(pub(super) Timestamp);

impl Object for Datetime {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let utc = self.0.written().utc();
        Some(match key.as_str()? {
            "year" => Value::from(utc.year()),
            "month" => Value::from(utc.month()),
            "day" => Value::from(utc.day()),
            "hour" => Value::from(utc.hour()),
            "minute" => Value::from(utc.minute()),
            "second" => Value::from(utc.second()),
            "microsecond" => Value::from(self.0.micros),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let utc = self.0.written().utc();
        Ok(match method {
            "strftime" => {
                let pattern = arguments.first().map(ToString::to_string);
                let pattern = pattern.unwrap_or_default();
                // The longest is `%c`, for 24 characters.
                charge_text(state, 12 * pattern.len())?;
                Value::from(self.0.written().strftime(&pattern))
            }
            "isoformat" => Value::from(self.0.to_string().replacen(' ', "T", 1)),
            "date" => Value::from(utc.date().to_string()),
            "timestamp" => Value::from(self.0.moment.seconds() as f64),
            "weekday" => Value::from(utc.weekday().to_monday_zero_offset()),
            "isoweekday" => Value::from(utc.weekday().to_monday_one_offset()),
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
