//! When pages were written and changed, by their front matter and by git.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::rules::DateRules;
use crate::files::{Change, FileChange, SourcePath};
use crate::python::is_true;
use crate::time::Moment;
use crate::yaml::{self, Timestamp};

/// When commits added and last changed a page, in seconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageTimes {
    /// The newest commit that gave a file its name.
    pub created: Option<i64>,
    /// The newest commit that changed it.
    pub changed: Option<i64>,
}

/// The times of all files that commits touched, newest commit first.
pub fn page_times(changes: &[Change]) -> BTreeMap<SourcePath, PageTimes> {
    let mut times: BTreeMap<SourcePath, PageTimes> = BTreeMap::new();
    for change in changes {
        let mut note = |path: &SourcePath, is_new: bool| {
            let times = times.entry(path.clone()).or_default();
            times.changed.get_or_insert(change.time);
            if is_new {
                times.created.get_or_insert(change.time);
            }
        };
        for file in &change.files {
            match file {
                FileChange::Added(path) => note(path, true),
                FileChange::Changed(path) => note(path, false),
                FileChange::Renamed(from, to) => {
                    note(from, false);
                    note(to, true);
                }
            }
        }
    }
    times
}

/// The dates of a page; `None` where nothing tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageDates {
    /// When it was written.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
}

impl DateRules {
    /// The dates of a page with this front matter, which may be a post of a blog. `times`
    /// are those of git; `None` if git is not asked.
    pub fn dates(
        &self,
        meta: &Map<String, Value>,
        is_post: bool,
        times: Option<PageTimes>,
    ) -> PageDates {
        let read = |key: &String| {
            let value = value_at(meta, key).filter(|value| is_true(value))?;
            // The plugin `blog` has read the dates of a mapping, in UTC.
            self.read(value, is_post && key.starts_with("date."))
        };
        let date = |keys: &[String], time: Option<i64>| {
            let mut keys = keys.iter();
            let written = keys.find_map(read);
            written.or_else(|| Some(self.of_commit(time?)))
        };
        PageDates {
            created: date(&self.created, times.and_then(|times| times.created)),
            updated: date(&self.updated, times.and_then(|times| times.changed)),
        }
    }

    /// A date of the front matter.
    fn read(&self, value: &Value, is_of_blog: bool) -> Option<Timestamp> {
        let text = value.as_str()?;
        let Some(found) = yaml::timestamp(text) else {
            let (written, offset) = Moment::parse_with_offset(&self.format, text)?;
            let offset = offset.unwrap_or_else(|| self.zone.ahead_at(written));
            return Some(Timestamp::shown(written, 0, offset));
        };
        let found = found?;
        let has_time = text.contains(':');
        if is_of_blog || (has_time && text[DATE_LENGTH..].contains(['Z', '+', '-'])) {
            return Some(found);
        }
        let (hour, minute) = self.default_time;
        let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60;
        let default = if has_time { 0 } else { seconds };
        let shown = Moment::new(found.moment.seconds() + default);
        let offset = self.zone.ahead_at(shown);
        Some(Timestamp::shown(shown, found.micros, offset))
    }

    /// The time of a commit. As with the plugin on a machine whose clock is in UTC, the
    /// zone does not move it, but is added to it.
    fn of_commit(&self, time: i64) -> Timestamp {
        let shown = Moment::new(time);
        Timestamp::shown(shown, 0, self.zone.ahead_at(shown))
    }
}

/// The shortest date: `2024-1-1`.
const DATE_LENGTH: usize = 8;

/// The value at a key with dots, such as `date.created`.
fn value_at<'m>(meta: &'m Map<String, Value>, key: &str) -> Option<&'m Value> {
    let mut keys = key.split('.');
    let first = meta.get(keys.next()?)?;
    keys.try_fold(first, |value, key| value.as_object()?.get(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::time::Zone;

    fn rules() -> DateRules {
        DateRules {
            created: vec!["date".to_owned()],
            updated: vec!["date.updated".to_owned()],
            default_time: (9, 30),
            zone: Zone::named("Europe/Paris").expect("a zone"),
            ..DateRules::default()
        }
    }

    fn meta(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    /// As mkdocs-rss-plugin 1.19.0 reads them.
    #[test]
    fn dates_of_the_front_matter_are_those_of_the_plugin() {
        for (written, expected) in [
            ("2024-07-01", Some("2024-07-01T09:30:00+02:00")),
            ("2024-01-01", Some("2024-01-01T09:30:00+01:00")),
            ("2024-07-01 10:20", Some("2024-07-01T10:20:00+02:00")),
            ("2024-07-01 10:20:30", Some("2024-07-01T10:20:30+02:00")),
            (
                "2024-07-01T10:20:30.25Z",
                Some("2024-07-01T10:20:30.250000+00:00"),
            ),
            (
                "2024-07-01 10:20:30 -05:00",
                Some("2024-07-01T10:20:30-05:00"),
            ),
            ("July", None),
        ] {
            let meta = meta(json!({"date": written}));
            let dates = rules().dates(&meta, false, None);
            let created = dates.created.map(|date| date.iso());
            assert_eq!(created.as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn dates_that_the_blog_reads_are_in_utc() {
        let meta = meta(json!({"date": {"created": "2024-07-01", "updated": "2024-07-02"}}));
        let of_post = rules().dates(&meta, true, None).updated;
        let of_page = rules().dates(&meta, false, None).updated;
        let iso = |date: Option<Timestamp>| date.map(|date| date.iso()).unwrap_or_default();
        assert_eq!(iso(of_post), "2024-07-02T00:00:00+00:00");
        assert_eq!(iso(of_page), "2024-07-02T09:30:00+02:00");
    }

    #[test]
    fn git_tells_what_the_front_matter_does_not() {
        let path = |path: &str| SourcePath::new(path);
        let change = |time: i64, files: Vec<FileChange>| Change {
            commit: "c".to_owned(),
            time,
            files,
        };
        let times = page_times(&[
            change(40, vec![FileChange::Changed(path("a.md"))]),
            change(30, vec![FileChange::Renamed(path("old.md"), path("b.md"))]),
            change(20, vec![FileChange::Added(path("a.md"))]),
            change(
                10,
                vec![
                    FileChange::Added(path("a.md")),
                    FileChange::Added(path("old.md")),
                ],
            ),
        ]);
        let of = |name: &str| (times[&path(name)].created, times[&path(name)].changed);
        assert_eq!(of("a.md"), (Some(20), Some(40)));
        assert_eq!(of("b.md"), (Some(30), Some(30)), "a new name counts as new");
        let rules = rules();
        let dates = rules.dates(&Map::new(), false, Some(times[&path("a.md")]));
        assert_eq!(
            dates.updated.map(|date| date.iso()).as_deref(),
            Some("1970-01-01T00:00:40+01:00")
        );
        assert_eq!(rules.dates(&Map::new(), false, None), PageDates::default());
    }
}
