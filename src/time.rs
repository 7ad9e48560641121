//! Dates as readers of a language write them; the only importer of icu.
//!
//! Months, weekdays and orders are those of CLDR. Digits are Latin and the
//! calendar is the Gregorian one everywhere, as Babel has it.

use icu_calendar::types::RataDie;
use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::YMD;
use icu_datetime::fieldsets::enums::DateAndTimeFieldSet;
use icu_datetime::input::{DateTime, Time};
use icu_datetime::pattern::{DateTimePattern, FixedCalendarDateTimeNames};
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter};
use icu_locale_core::Locale;

/// The day 1970-01-01, counted from the year 1.
const EPOCH: i64 = 719_163;

/// A moment, in UTC.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    seconds: i64,
    date: Date<Gregorian>,
}

impl Moment {
    /// From seconds since 1970.
    pub fn new(seconds: i64) -> Self {
        // Years with more digits are nobody's.
        let seconds = seconds.clamp(-62_135_596_800, 253_402_300_799);
        let day = RataDie::new(EPOCH + seconds.div_euclid(86_400));
        Self {
            seconds,
            date: Date::from_rata_die(day, Gregorian),
        }
    }

    /// Hour, minute and second.
    fn clock(self) -> (u8, u8, u8) {
        let seconds = self.seconds.rem_euclid(86_400);
        let part = |value: i64| u8::try_from(value).unwrap_or_default();
        (
            part(seconds / 3600),
            part(seconds / 60 % 60),
            part(seconds % 60),
        )
    }

    /// `2023-11-14`.
    pub fn iso_date(self) -> String {
        let date = self.date;
        let (year, month) = (date.era_year().year, date.month().ordinal);
        format!("{year:04}-{month:02}-{:02}", date.day_of_month().0)
    }

    /// `22:13:20`.
    pub fn time(self) -> String {
        let (hour, minute, second) = self.clock();
        format!("{hour:02}:{minute:02}:{second:02}")
    }

    /// The long form of a language, such as `November 14, 2023`.
    pub fn long(self, language: &str) -> String {
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(
            preferences(language),
            YMD::long(),
        );
        match formatter {
            Ok(formatter) => formatter.format(&self.date).to_string(),
            Err(_) => self.iso_date(),
        }
    }

    /// By a pattern of C's `strftime`.
    pub fn custom(self, pattern: &str, language: &str) -> String {
        let (hour, minute, second) = self.clock();
        let (year, month) = (self.date.era_year().year, self.date.month().ordinal);
        let day = self.date.day_of_month().0;
        let half = if hour % 12 == 0 { 12 } else { hour % 12 };
        let mut text = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find('%') {
            text.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let bare = rest.starts_with('-');
            let directive = rest.chars().nth(usize::from(bare));
            let written = match (bare, directive) {
                (false, Some('a')) => self.name("EEE", language),
                (false, Some('A')) => self.name("EEEE", language),
                (false, Some('b' | 'h')) => self.name("MMM", language),
                (false, Some('B')) => self.name("MMMM", language),
                (false, Some('p')) => self.name("a", language),
                (false, Some('d')) => format!("{day:02}"),
                (true, Some('d')) | (false, Some('e')) => day.to_string(),
                (false, Some('m')) => format!("{month:02}"),
                (true, Some('m')) => month.to_string(),
                (false, Some('y')) => format!("{:02}", year.rem_euclid(100)),
                (false, Some('Y')) => year.to_string(),
                (false, Some('j')) => self.date.day_of_year().0.to_string(),
                (false, Some('H')) => format!("{hour:02}"),
                (true, Some('H')) => hour.to_string(),
                (false, Some('I')) => format!("{half:02}"),
                (true, Some('I')) => half.to_string(),
                (false, Some('M')) => format!("{minute:02}"),
                (true, Some('M')) => minute.to_string(),
                (false, Some('S')) => format!("{second:02}"),
                (true, Some('S')) => second.to_string(),
                (false, Some('f')) => "000000".to_owned(),
                (false, Some('z')) => "+0000".to_owned(),
                (false, Some('Z')) => "UTC".to_owned(),
                (false, Some('%')) => "%".to_owned(),
                _ => {
                    text.push('%');
                    continue;
                }
            };
            text.push_str(&written);
            let length = directive.map_or(0, char::len_utf8);
            rest = &rest[usize::from(bare) + length..];
        }
        text + rest
    }

    /// One field by a pattern of CLDR.
    fn name(self, field: &str, language: &str) -> String {
        let (hour, minute, second) = self.clock();
        let write = || -> Option<String> {
            let pattern = DateTimePattern::try_from_pattern_str(field).ok()?;
            let mut names = FixedCalendarDateTimeNames::<Gregorian, DateAndTimeFieldSet>::try_new(
                preferences(language),
            )
            .ok()?;
            let formatter = names.include_for_pattern(&pattern).ok()?;
            let time = Time::try_new(hour, minute, second, 0).ok()?;
            let input = DateTime {
                date: self.date,
                time,
            };
            let mut text = String::new();
            use writeable::TryWriteable as _;
            formatter
                .format(&input)
                .try_write_to(&mut text)
                .ok()?
                .ok()?;
            Some(text)
        };
        write().unwrap_or_default()
    }
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
        assert_eq!(
            (moment.iso_date().as_str(), moment.time().as_str()),
            ("2023-11-14", "22:13:20")
        );
        let pattern = "%A %b %B %-d %d %H:%M at %I %j %y %%";
        for (language, custom) in [
            ("en", "Tuesday Nov November 14 14 22:13 at 10 318 23 %"),
            ("es", "martes nov noviembre 14 14 22:13 at 10 318 23 %"),
            ("ru", "вторник нояб. ноября 14 14 22:13 at 10 318 23 %"),
        ] {
            assert_eq!(moment.custom(pattern, language), custom, "{language}");
        }
        assert_eq!(Moment::new(-1).iso_date(), "1969-12-31");
        assert_eq!(moment.long("not a language"), "November 14, 2023");
        assert_eq!(moment.custom("100% %Q %", "en"), "100% %Q %");
    }
}
