use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::limits::charge_text;
use crate::time::Moment;

/// A moment in UTC, with the attributes and methods of Python's `datetime`
/// that templates use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Datetime(pub(super) Moment);

impl Object for Datetime {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let utc = self.0.utc();
        Some(match key.as_str()? {
            "year" => Value::from(utc.year()),
            "month" => Value::from(utc.month()),
            "day" => Value::from(utc.day()),
            "hour" => Value::from(utc.hour()),
            "minute" => Value::from(utc.minute()),
            "second" => Value::from(utc.second()),
            "microsecond" => Value::from(0),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let utc = self.0.utc();
        Ok(match method {
            "strftime" => {
                let pattern = arguments.first().map(ToString::to_string);
                let pattern = pattern.unwrap_or_default();
                // The longest is `%c`, for 24 characters.
                charge_text(state, 12 * pattern.len())?;
                Value::from(self.0.strftime(&pattern))
            }
            "isoformat" => Value::from(format!("{}T{}+00:00", utc.date(), utc.time())),
            "date" => Value::from(utc.date().to_string()),
            "timestamp" => Value::from(self.0.seconds() as f64),
            "weekday" => Value::from(utc.weekday().to_monday_zero_offset()),
            "isoweekday" => Value::from(utc.weekday().to_monday_one_offset()),
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.0.utc();
        write!(f, "{} {}+00:00", utc.date(), utc.time())
    }
}
