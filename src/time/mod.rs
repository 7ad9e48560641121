//! Moments, and dates as the readers of a language write them; the only
//! importer of icu.
//!
//! Calendars, patterns and time zones are jiff's. It is built without its `std`
//! feature, so it knows no clock, and only the time zones that it brings. Names of months and weekdays,
//! and the order of a date's parts, are CLDR's. Digits are Latin and the
//! calendar is the Gregorian one everywhere, as in Babel.

mod zone;

use std::fmt;

use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::enums::{DateAndTimeFieldSet, DateFieldSet};
use icu_datetime::fieldsets::{YMD, YMDE};
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

pub use zone::Zone;

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

    /// From a date and clock time in UTC that is written by a pattern of `strftime`; the
    /// time may be left out. `None` if it is not.
    pub fn parse(pattern: &str, text: &str) -> Option<Self> {
        let parsed = BrokenDownTime::parse(pattern, text).ok()?;
        let date = parsed.to_date().ok()?;
        let time = parsed.to_time().unwrap_or(civil::Time::midnight());
        let moment = TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()?;
        Some(Self::new(moment.as_second()))
    }

    /// The same with how many minutes the written time is ahead of UTC; `None` if the text
    /// does not say so.
    pub fn parse_with_offset(pattern: &str, text: &str) -> Option<(Self, Option<i32>)> {
        let written = Self::parse(pattern, text)?;
        let parsed = BrokenDownTime::parse(pattern, text).ok()?;
        Some((written, parsed.offset().map(|offset| offset.seconds() / 60)))
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
        self.form(DateFieldSet::YMD(YMD::long()), language)
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

    /// By a pattern of CLDR such as `d. MMMM yyyy`, or one of the forms `full`, `long`,
    /// `medium` and `short`, as Babel writes it in a language. Fields that dates have
    /// no use for are empty.
    pub fn by_pattern(self, pattern: &str, language: &str) -> String {
        match pattern {
            "full" => self.form(DateFieldSet::YMDE(YMDE::long()), language),
            "long" => self.long(language),
            "medium" => self.form(DateFieldSet::YMD(YMD::medium()), language),
            "short" => self.form(DateFieldSet::YMD(YMD::short()), language),
            _ => {
                let mut written = String::new();
                for part in pattern_parts(pattern) {
                    match part {
                        PatternPart::Text(text) => written.push_str(&text),
                        PatternPart::Field(letter, count) => {
                            written.push_str(&self.field(letter, count, language));
                        }
                    }
                }
                written
            }
        }
    }

    /// One field of a pattern of CLDR.
    fn field(self, letter: char, count: usize, language: &str) -> String {
        let moment = self.utc();
        let date = moment.date();
        let padded = |number: i64| format!("{number:0count$}");
        let name = |letter: char| {
            let field: String = std::iter::repeat_n(letter, count.max(3)).collect();
            self.name(&field, language)
        };
        let hour = i64::from(moment.hour());
        match letter {
            'y' | 'u' | 'Y' => {
                let year = if letter == 'Y' {
                    date.iso_week_date().year()
                } else {
                    date.year()
                };
                let year = padded(year.into());
                match (count, year.char_indices().nth_back(1)) {
                    (2, Some((at, _))) => year[at..].to_owned(),
                    _ => year,
                }
            }
            'Q' | 'q' => padded(i64::from(date.month() - 1) / 3 + 1),
            'M' | 'L' if count < 3 => padded(date.month().into()),
            'M' | 'L' | 'E' => name(letter),
            'e' | 'c' if count < 3 => padded(date.weekday().to_monday_one_offset().into()),
            'e' => name('E'),
            'c' => name('c'),
            'w' => padded(date.iso_week_date().week().into()),
            'd' => padded(date.day().into()),
            'D' => padded(date.day_of_year().into()),
            'F' => padded(i64::from(date.day() - 1) / 7 + 1),
            'a' | 'b' | 'B' => self.name("a", language),
            'h' => padded((hour + 11) % 12 + 1),
            'H' => padded(hour),
            'K' => padded(hour % 12),
            'k' => padded((hour + 23) % 24 + 1),
            'm' => padded(moment.minute().into()),
            's' => padded(moment.second().into()),
            'S' => "0".repeat(count),
            'z' | 'v' | 'V' => "UTC".to_owned(),
            'Z' | 'x' | 'O' => "+0000".to_owned(),
            'X' => "Z".to_owned(),
            _ => String::new(),
        }
    }

    /// One of the forms that each language has.
    fn form(self, form: DateFieldSet, language: &str) -> String {
        let formatter =
            FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(preferences(language), form);
        match (formatter, icu(self.utc())) {
            (Ok(formatter), Some(icu)) => formatter.format(&icu.date).to_string(),
            _ => self.utc().date().to_string(),
        }
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

/// A part of a pattern of CLDR.
#[derive(Debug, PartialEq, Eq)]
enum PatternPart {
    Text(String),
    /// A letter, and how often it is repeated.
    Field(char, usize),
}

/// The longest run of one letter in a pattern that counts.
const WIDEST_FIELD: usize = 100;

/// The parts of a pattern of CLDR. Letters in single quotes are text.
fn pattern_parts(pattern: &str) -> Vec<PatternPart> {
    const FIELDS: &str = "GyYuQqMLwWdDFgEecabBhHKkmsSAzZOvVxX";
    let mut parts: Vec<PatternPart> = Vec::new();
    let mut is_quoted = false;
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\'' && letters.peek() != Some(&'\'') {
            is_quoted = !is_quoted;
            // A field ends at a quote even if the same letter follows.
            parts.push(PatternPart::Text(String::new()));
            continue;
        }
        if letter == '\'' {
            letters.next();
        }
        let is_field = !is_quoted && FIELDS.contains(letter);
        match parts.last_mut() {
            Some(PatternPart::Field(last, count)) if is_field && *last == letter => {
                *count = (*count + 1).min(WIDEST_FIELD);
            }
            _ if is_field => parts.push(PatternPart::Field(letter, 1)),
            Some(PatternPart::Text(text)) => text.push(letter),
            _ => parts.push(PatternPart::Text(letter.to_string())),
        }
    }
    parts
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

    /// As Babel 2.19 writes them.
    #[test]
    fn patterns_of_cldr_are_those_of_babel() {
        let moment = Moment::new(1_706_659_384);
        for (pattern, language, expected) in CLDR {
            assert_eq!(
                moment.by_pattern(pattern, language),
                expected,
                "{pattern} {language}"
            );
        }
    }

    const CLDR: [(&str, &str, &str); 28] = [
        ("full", "en", "Wednesday, January 31, 2024"),
        ("full", "de", "Mittwoch, 31. Januar 2024"),
        ("full", "fr", "mercredi 31 janvier 2024"),
        ("full", "ja", "2024年1月31日水曜日"),
        ("long", "en", "January 31, 2024"),
        ("medium", "en", "Jan 31, 2024"),
        ("medium", "de", "31.01.2024"),
        ("medium", "es", "31 ene 2024"),
        ("short", "en", "1/31/24"),
        ("short", "de", "31.01.24"),
        ("short", "fr", "31/01/2024"),
        ("short", "zh", "2024/1/31"),
        ("yyyy/MM/dd", "en", "2024/01/31"),
        ("yyyy", "en", "2024"),
        ("MMMM yyyy", "en", "January 2024"),
        ("MMMM yyyy", "ru", "января 2024"),
        ("LLLL yyyy", "ru", "январь 2024"),
        ("EEEE, d. MMM yy", "de", "Mittwoch, 31. Jan. 24"),
        ("d 'de' MMMM 'de' y", "pt", "31 de janeiro de 2024"),
        ("h:mm a", "en", "12:03 AM"),
        ("HH:mm:ss", "en", "00:03:04"),
        ("dd.MM.yyyy HH:mm", "en", "31.01.2024 00:03"),
        ("Q/D/w", "en", "1/31/5"),
        ("yyyy 'o''clock' LLL E", "en", "2024 o'clock Jan Wed"),
        ("MMMdd''yy", "en", "Jan31'24"),
        ("e c", "de", "3 3"),
        ("MMM", "ja", "1月"),
        ("y年M月d日", "zh", "2024年1月31日"),
    ];
}
