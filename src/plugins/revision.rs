//! `git-revision-date-localized`: when pages were written and changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::mapped_text::Text;
use crate::files::{Change, FileChange, SourcePath};
use crate::options::options;
use crate::time::Moment;

options! {
    /// The plugin's options.
    pub struct Options {
        kind as "type": String = "date",
        custom_format: String = "%d. %B %Y",
        locale: Option<String>,
        exclude: Vec<String>,
        enable_creation_date: bool,
        enable_git_follow: bool = true,
        ignored_commits_file: Option<String>,
    }
}

/// A commit and its time, in seconds since 1970.
pub type CommitTime = (String, i64);

/// The commits that created and last changed a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileHistory {
    /// The newest commit that changed it.
    pub changed: Option<CommitTime>,
    /// The oldest commit that added it.
    pub created: Option<CommitTime>,
}

/// The history of a site's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteHistory {
    /// The commits of each file.
    pub files: BTreeMap<SourcePath, FileHistory>,
    /// The newest commit of all.
    pub site: Option<CommitTime>,
}

/// Reads a history, newest commit first. With `follow`, the history of a file
/// continues under its former names; a rename is not a change. Commits whose hash
/// starts with one of `ignored` do not count as changes.
pub fn revisions(changes: &[Change], follow: bool, ignored: &[String]) -> SiteHistory {
    let mut revisions = SiteHistory::default();
    // The present files that a name stood for at this point in the past.
    let mut names: BTreeMap<SourcePath, Vec<SourcePath>> = BTreeMap::new();
    for change in changes {
        let is_ignored = ignored
            .iter()
            .any(|it| change.commit.starts_with(it.as_str()));
        let stamp = || (change.commit.clone(), change.time);
        let mut moved = Vec::new();
        for file in &change.files {
            match file {
                FileChange::Added(path) | FileChange::Changed(path) => {
                    if !is_ignored {
                        revisions.site.get_or_insert_with(stamp);
                    }
                    let today = names
                        .entry(path.clone())
                        .or_insert_with(|| vec![path.clone()]);
                    for today in today.iter() {
                        let stamps = revisions.files.entry(today.clone()).or_default();
                        if !is_ignored {
                            stamps.changed.get_or_insert_with(stamp);
                        }
                        if matches!(file, FileChange::Added(_)) {
                            stamps.created = Some(stamp());
                        }
                    }
                }
                FileChange::Renamed(from, to) => {
                    let today = names.remove(to).unwrap_or_else(|| vec![to.clone()]);
                    names.insert(to.clone(), Vec::new());
                    if follow {
                        moved.push((from.clone(), today));
                    }
                }
            }
        }
        for (from, today) in moved {
            names.entry(from).or_default().extend(today);
        }
    }
    revisions
}

/// Values for a page's front matter: dates as HTML, and in each format as text.
/// `language` is the theme's; `now` is the time of pages without a commit.
pub fn meta(
    options: &Options,
    meta: &Map<String, Value>,
    stamps: &FileHistory,
    site: Option<&CommitTime>,
    language: &str,
    now: i64,
) -> Map<String, Value> {
    let page_locale = meta.get("locale").and_then(Value::as_str);
    let locale = page_locale
        .or(options.locale.as_deref())
        .unwrap_or(language);
    let uncommitted = (String::new(), now);
    let changed = stamps.changed.as_ref().unwrap_or(&uncommitted);
    let created = stamps.created.as_ref().unwrap_or(&uncommitted);
    // Following renames may find a creation that is later than the last change.
    let created = if created.1 > changed.1 {
        changed
    } else {
        created
    };
    let mut values = Map::new();
    let mut add = |name: &str, stamp: &CommitTime| {
        let forms = forms(options, Moment::new(stamp.1), locale);
        let title = &forms["datetime-timezone"];
        let kind = match options.kind.as_str() {
            // Relative times need a script; the plugin's fallback is the date.
            "timeago" => "iso_date",
            kind => kind,
        };
        let shown = forms.get(kind).unwrap_or(&forms["date"]);
        let class = "git-revision-date-localized-plugin";
        let html =
            format!("<span class=\"{class} {class}-{kind}\" title=\"{title}\">{shown}</span>");
        values.insert(name.to_owned(), html.into());
        values.insert(format!("{name}_hash"), stamp.0.clone().into());
        for (form, text) in &forms {
            values.insert(format!("{name}_raw_{form}"), text.clone().into());
        }
    };
    add("git_revision_date_localized", changed);
    add(
        "git_site_revision_date_localized",
        site.unwrap_or(&uncommitted),
    );
    if options.enable_creation_date {
        add("git_creation_date_localized", created);
    }
    values
}

fn forms(options: &Options, moment: Moment, locale: &str) -> BTreeMap<&'static str, String> {
    let long = moment.long(locale);
    let (iso, time) = (moment.utc().date(), moment.utc().time());
    BTreeMap::from([
        ("datetime", format!("{long} {time}")),
        ("datetime-timezone", format!("{long} {time} UTC")),
        ("iso_datetime", format!("{iso} {time}")),
        ("custom", moment.strftime_in(&options.custom_format, locale)),
        ("date", long),
        ("iso_date", iso.to_string()),
    ])
}

/// Replaces names in a text by their values: `{{ name }}`.
pub fn put_in(text: &mut Text, values: &Map<String, Value>) {
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(at) = text.as_str()[from..].find("{{") {
        let start = from + at;
        from = start + 2;
        let Some(length) = text.as_str()[from..].find("}}") else {
            break;
        };
        let name = text.as_str()[from..from + length].trim().to_lowercase();
        if name.ends_with("_localized")
            && let Some(Value::String(value)) = values.get(&name)
        {
            from += length + 2;
            edits.push((start..from, value.clone()));
        }
    }
    text.replace(edits);
}
