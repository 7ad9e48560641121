//! Moments, and dates as the readers of a language write them; the only
//! importer of icu.
//!
//! Calendars and patterns are jiff's. It is built without its `std` feature, so
//! it knows no clock and no time zones but UTC. Names of months and weekdays,
//! and the order of a date's parts, are CLDR's. Digits are Latin and the
//! calendar is the Gregorian one everywhere, as in Babel.

use std::fmt;

use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::YMD;
use icu_datetime::fieldsets::enums::DateAndTimeFieldSet;
use icu_datetime::input::{DateTime, Time};
use icu_datetime::pattern::{DateTimePattern, FixedCalendarDateTimeNames};
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter};
use icu_locale_core::Locale;
use jiff::Timestamp;
use jiff::civil;
use jiff::fmt::strtime::{BrokenDownTime, Config, PosixCustom};
use jiff::tz::TimeZone;
use writeable::TryWriteable as _;

use crate::expect::ExpectOrDefault as _;

/// The first second of the year 1, counted from 1970.
const YEAR_ONE: i64 = -62_135_596_800;

/// A moment, to the second. Displays as RFC 3339 has it, in UTC:
/// `2023-11-14T22:13:20Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// From seconds since 1970. A moment outside of the years 1 to 9999 becomes
    /// the first or the last one of them.
    pub fn new(seconds: i64) -> Self {
        let seconds = seconds.clamp(YEAR_ONE, Timestamp::MAX.as_second());
        Self(Timestamp::from_second(seconds).expect_or_default("the moment was clamped"))
    }

    /// A date and clock time in UTC; `None` if there is no such date or time.
    pub fn of(date: (i16, i8, i8), time: (i8, i8, i8)) -> Option<Self> {
        let date = civil::Date::new(date.0, date.1, date.2).ok()?;
        let time = civil::Time::new(time.0, time.1, time.2, 0).ok()?;
        let moment = TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()?;
        Some(Self::new(moment.as_second()))
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Date and clock time in UTC. Its date displays as `2023-11-14`, its time
    /// as `22:13:20`.
    pub fn utc(self) -> civil::DateTime {
        TimeZone::UTC.to_datetime(self.0)
    }

    /// The long form of a language, such as `November 14, 2023`.
    pub fn long(self, language: &str) -> String {
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(
            preferences(language),
            YMD::long(),
        );
        match (formatter, icu(self.utc())) {
            (Ok(formatter), Some(icu)) => formatter.format(&icu.date).to_string(),
            _ => self.utc().date().to_string(),
        }
    }

    /// By a pattern of `strftime`, as Python writes it on Linux, with the names
    /// of the C locale. Directives that do not exist stay as they are.
    pub fn strftime(self, pattern: &str) -> String {
        self.format(&rewrite(pattern, |_| None))
    }

    /// By a pattern of `strftime` with the names of a language, as
    /// `git-revision-date-localized` has Babel write it: `%e` is not padded.
    pub fn strftime_in(self, pattern: &str, language: &str) -> String {
        let pattern = rewrite(pattern, |directive| {
            let name = |field| Some(self.name(field, language).replace('%', "%%"));
            match directive {
                'a' => name("EEE"),
                'A' => name("EEEE"),
                'b' | 'h' => name("MMM"),
                'B' => name("MMMM"),
                'p' => name("a"),
                'e' => Some("%-d".to_owned()),
                _ => None,
            }
        });
        self.format(&pattern)
    }

    /// By a pattern that holds only what jiff and glibc read alike.
    fn format(self, pattern: &str) -> String {
        let config = Config::new().custom(PosixCustom::new()).lenient(true);
        BrokenDownTime::from(self.0)
            .to_string_with_config(&config, pattern)
            .expect_or_default("a lenient format does not fail")
    }

    /// One field by a pattern of CLDR.
    fn name(self, field: &str, language: &str) -> String {
        let write = || -> Option<String> {
            let pattern = DateTimePattern::try_from_pattern_str(field).ok()?;
            let mut names = FixedCalendarDateTimeNames::<Gregorian, DateAndTimeFieldSet>::try_new(
                preferences(language),
            )
            .ok()?;
            let formatter = names.include_for_pattern(&pattern).ok()?;
            let mut text = String::new();
            formatter
                .format(&icu(self.utc())?)
                .try_write_to(&mut text)
                .ok()?
                .ok()?;
            Some(text)
        };
        write().expect_or_default("CLDR names months, weekdays and halves of days")
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A pattern of glibc's `strftime` as one of jiff's. `replace` gives what
/// certain directives become.
fn rewrite(pattern: &str, replace: impl Fn(char) -> Option<String>) -> String {
    let mut rewritten = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        rewritten.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(directive) = rest.chars().next() else {
            rewritten.push_str("%%");
            break;
        };
        let replacement = match directive {
            // jiff has fractions, quarters and time zones that glibc does not.
            'N' | 'Q' | 'q' | '.' | ':' => Some(format!("%%{directive}")),
            // glibc does not pad years.
            'Y' => Some("%-Y".to_owned()),
            // Python's own: microseconds.
            'f' => Some("000000".to_owned()),
            _ => replace(directive),
        };
        rest = &rest[directive.len_utf8()..];
        match replacement {
            Some(replacement) => rewritten.push_str(&replacement),
            None => rewritten.extend(['%', directive]),
        }
    }
    rewritten + rest
}

/// A moment as icu has it.
fn icu(moment: civil::DateTime) -> Option<DateTime<Gregorian>> {
    let part = |value: i8| u8::try_from(value).ok();
    Some(DateTime {
        date: Date::try_new_gregorian(
            moment.year().into(),
            part(moment.month())?,
            part(moment.day())?,
        )
        .ok()?,
        time: Time::try_new(
            part(moment.hour())?,
            part(moment.minute())?,
            part(moment.second())?,
            0,
        )
        .ok()?,
    })
}

/// A language with Latin digits; English for what is none.
fn preferences(language: &str) -> DateTimeFormatterPreferences {
    let code = language.replace('_', "-");
    let locale = Locale::try_from_str(&format!("{code}-u-nu-latn"));
    let english = || Locale::try_from_str("en").unwrap_or(Locale::UNKNOWN);
    locale.unwrap_or_else(|_| english()).into()
}

#[cfg(test)]
mod tests {
    use super::Moment;

    /// As Babel 2.18 writes them.
    #[test]
    fn dates_are_those_of_babel() {
        let moment = Moment::new(1_700_000_000);
        for (language, long) in [
            ("en", "November 14, 2023"),
            ("en_GB", "14 November 2023"),
            ("de", "14. November 2023"),
            ("es", "14 de noviembre de 2023"),
            ("fr", "14 novembre 2023"),
            ("ja", "2023年11月14日"),
            ("zh", "2023年11月14日"),
            ("zh-Hant", "2023年11月14日"),
            ("ar", "14 نوفمبر 2023"),
            ("he", "14 בנובמבר 2023"),
            ("fa", "14 نوامبر 2023"),
            ("ru", "14 ноября 2023\u{202f}г."),
            ("pt-BR", "14 de novembro de 2023"),
            ("ko", "2023년 11월 14일"),
            ("el", "14 Νοεμβρίου 2023"),
            ("nb", "14. november 2023"),
        ] {
            assert_eq!(moment.long(language), long, "{language}");
        }
        // Another edition of the same tables: Babel has no comma here.
        assert_eq!(moment.long("hi"), "14 नवंबर, 2023");
        let pattern = "%A %b %B %-d %d %H:%M at %I %j %y %%";
        for (language, custom) in [
            ("en", "Tuesday Nov November 14 14 22:13 at 10 318 23 %"),
            ("es", "martes nov noviembre 14 14 22:13 at 10 318 23 %"),
            ("ru", "вторник нояб. ноября 14 14 22:13 at 10 318 23 %"),
        ] {
            assert_eq!(moment.strftime_in(pattern, language), custom, "{language}");
        }
        assert_eq!(moment.long("not a language"), "November 14, 2023");
        assert_eq!(moment.strftime_in("100% %Q %", "en"), "100% %Q %");
    }

    #[test]
    fn moments_are_those_of_rfc_3339() {
        let moment = Moment::new(1_700_000_000);
        assert_eq!(moment.to_string(), "2023-11-14T22:13:20Z");
        assert_eq!(moment.utc().date().to_string(), "2023-11-14");
        assert_eq!(moment.utc().time().to_string(), "22:13:20");
        assert_eq!(Moment::new(-1).to_string(), "1969-12-31T23:59:59Z");
        assert_eq!(Moment::new(i64::MIN).to_string(), "0001-01-01T00:00:00Z");
        assert_eq!(Moment::new(i64::MAX).utc().year(), 9999);
    }

    /// As `datetime.strftime` of Python 3.11 on Linux.
    #[test]
    fn patterns_are_those_of_python() {
        let moment = Moment::new(1_767_225_599);
        for (pattern, expected) in [
            (
                "%a %A %b %B %c %C %d",
                "Wed Wednesday Dec December Wed Dec 31 23:59:59 2025 20 31",
            ),
            (
                "%D %e %f %F %g %G %h %H",
                "12/31/25 31 000000 2025-12-31 26 2026 Dec 23",
            ),
            ("%I %j %k %l %m %M %n %p", "11 365 23 11 12 59 \n PM"),
            (
                "%P %r %R %s %S %t %T",
                "pm 11:59:59 PM 23:59 1767225599 59 \t 23:59:59",
            ),
            ("%u %U %V %w %W %x %X", "3 52 01 3 52 12/31/25 23:59:59"),
            ("%y %Y %z %Z %%", "25 2025 +0000 UTC %"),
            ("%-d %_d %^a %#p %05d %-j %-I", "31 31 WED pm 00031 365 11"),
            ("%J %Q %N %q %:z %.f %+ %E", "%J %Q %N %q %:z %.f %+ %E"),
            ("100% of %- %é %", "100% of %- %é %"),
        ] {
            assert_eq!(moment.strftime(pattern), expected, "{pattern}");
        }
        let early = Moment::new(-61_120_396_494);
        assert_eq!(early.strftime("%Y %y %e %k %j"), "33 33  4  0 063");
    }
}
