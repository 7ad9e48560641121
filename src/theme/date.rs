use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

use super::weight::pay;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
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

/// A moment in UTC, with the attributes and methods of Python's `datetime`
/// that templates use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    seconds: i64,
    year: i64,
    month: usize,
    day: i64,
}

impl Moment {
    /// The moment so many seconds after 1970 began.
    pub(super) fn new(seconds: i64) -> Self {
        // Civil date from days: years start in March, so that the day that
        // leap years add is a year's last.
        let days = seconds.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self {
            seconds,
            year,
            month: usize::try_from(month).unwrap_or(1),
            day,
        }
    }

    /// `2026-01-31`.
    pub(super) fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn hour(self) -> i64 {
        self.seconds.rem_euclid(86_400) / 3600
    }

    fn minute(self) -> i64 {
        self.seconds.rem_euclid(3600) / 60
    }

    fn second(self) -> i64 {
        self.seconds.rem_euclid(60)
    }

    /// Days since Monday.
    fn weekday(self) -> usize {
        usize::try_from((self.seconds.div_euclid(86_400) + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// Days since the year began, from 1.
    fn day_of_year(self) -> i64 {
        let mut start = self.seconds.div_euclid(86_400) - (self.day - 1);
        let first = self.seconds.div_euclid(86_400);
        let mut month = self.month;
        while month > 1 {
            // The day before a month's first lies in the month before it.
            let before = Self::new((start - 1) * 86_400);
            start -= before.day;
            month = before.month;
        }
        first - start + 1
    }

    /// `strftime` with the C locale's names.
    fn format(self, pattern: &str) -> String {
        let (day, month) = (DAYS[self.weekday()], MONTHS[self.month - 1]);
        let hour = self.hour();
        let twelve = match hour % 12 {
            0 => 12,
            hour => hour,
        };
        let half = if hour < 12 { "AM" } else { "PM" };
        let time = format!("{hour:02}:{:02}:{:02}", self.minute(), self.second());
        let mut out = String::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let mut code = chars.next();
            // `%-d` leaves zeros away.
            let bare = code == Some('-');
            if bare {
                code = chars.next();
            }
            let number = |value: i64, width: usize| {
                let width = if bare { 0 } else { width };
                format!("{value:0width$}")
            };
            let month_number = i64::try_from(self.month).unwrap_or(1);
            out.push_str(&match code {
                Some('Y') => self.year.to_string(),
                Some('y') => number(self.year.rem_euclid(100), 2),
                Some('m') => number(month_number, 2),
                Some('d') => number(self.day, 2),
                Some('e') => format!("{:2}", self.day),
                Some('H') => number(hour, 2),
                Some('I') => number(twelve, 2),
                Some('M') => number(self.minute(), 2),
                Some('S') => number(self.second(), 2),
                Some('f') => "000000".to_owned(),
                Some('j') => number(self.day_of_year(), 3),
                Some('p') => half.to_owned(),
                Some('A') => day.to_owned(),
                Some('a') => day[..3].to_owned(),
                Some('B') => month.to_owned(),
                Some('b' | 'h') => month[..3].to_owned(),
                Some('u') => (self.weekday() + 1).to_string(),
                Some('w') => ((self.weekday() + 1) % 7).to_string(),
                Some('F') => self.date(),
                Some('T') => time.clone(),
                Some('D') => format!(
                    "{:02}/{:02}/{:02}",
                    self.month,
                    self.day,
                    self.year.rem_euclid(100)
                ),
                Some('R') => time[..5].to_owned(),
                Some('s') => self.seconds.to_string(),
                Some('z') => "+0000".to_owned(),
                Some('Z') => "UTC".to_owned(),
                Some('%') => "%".to_owned(),
                Some(other) => format!("%{other}"),
                None => "%".to_owned(),
            });
        }
        out
    }
}

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "year" => Value::from(self.year),
            "month" => Value::from(self.month),
            "day" => Value::from(self.day),
            "hour" => Value::from(self.hour()),
            "minute" => Value::from(self.minute()),
            "second" => Value::from(self.second()),
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
        Ok(match method {
            "strftime" => {
                let pattern = arguments.first().map(ToString::to_string);
                let pattern = pattern.unwrap_or_default();
                // The longest is `%F`, for ten characters.
                pay(state, 5 * pattern.len())?;
                Value::from(self.format(&pattern))
            }
            "isoformat" => Value::from(self.format("%Y-%m-%dT%H:%M:%S+00:00")),
            "date" => Value::from(self.date()),
            "timestamp" => Value::from(self.seconds as f64),
            "weekday" => Value::from(self.weekday()),
            "isoweekday" => Value::from(self.weekday() + 1),
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format("%Y-%m-%d %H:%M:%S+00:00"))
    }
}
