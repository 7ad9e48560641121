//! Decides which pages a plugin that proofroom does not run would keep from
//! readers, by the table of known plugins.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use super::exclude::Excluded;
use crate::config::{KeyTest, OptionOr, WithheldPages, Withholding};
use crate::files::SourcePath;
use crate::python;
use crate::time::Moment;
use crate::yaml;

/// A page, as far as plugins decide by it.
pub struct Page<'a> {
    /// Its path below the docs folder.
    pub path: &'a str,
    /// Its front matter.
    pub front: &'a Map<String, Value>,
    /// Its text.
    pub text: &'a dyn Fn() -> Arc<str>,
    /// Whether `nav` names it.
    pub is_in_nav: &'a dyn Fn() -> bool,
    /// The front matter of another page, by its path below the docs folder; `None`
    /// if there is none.
    pub front_of: &'a dyn Fn(&str) -> Option<Map<String, Value>>,
    /// The text of a file of the project.
    pub file: &'a dyn Fn(&str) -> Option<Arc<str>>,
    /// The time of the build.
    pub now: Moment,
}

/// Whether a plugin with these options would keep a page back.
pub fn is_withheld(options: &Map<String, Value>, row: &Withholding, page: &Page<'_>) -> bool {
    if is_switched_off(options, row) {
        return false;
    }
    if let Some(folder) = row.folder
        && !is_below(page.path, &folder_of(options, folder))
    {
        return false;
    }
    match row.pages {
        WithheldPages::Key(name, test) => {
            let value = page.front.get(&key_option(options, name));
            passes(options, test, value, page)
        }
        WithheldPages::InFolder(name, test, OptionOr(file, default)) => {
            let key = key_option(options, name);
            let file = text_of(options, file).unwrap_or(default);
            let ends = page.path.match_indices('/').map(|(at, _)| at);
            let mut folders = ends.map(|at| &page.path[..at]);
            folders.any(|folder| {
                let front = (page.front_of)(&format!("{folder}/{file}"));
                let value = front.as_ref().and_then(|front| front.get(&key));
                passes(options, test, value, page)
            })
        }
        WithheldPages::Heading(OptionOr(name, default)) => {
            let pattern = text_of(options, name).unwrap_or(default);
            let pattern = pattern_of(pattern);
            let text = (page.text)();
            let mut headings = text.lines().filter(|line| line.starts_with('#'));
            headings.any(|line| {
                let heading = line.trim_start_matches('#').trim();
                // A pattern that only Python understands may match any of them.
                pattern.as_ref().is_none_or(|it| it.is_match(heading))
            })
        }
        WithheldPages::Path {
            globs,
            regexes,
            starts,
        } => {
            let starts = texts(at(options, starts));
            let patterns =
                Excluded::patterns(&texts(at(options, globs)), &texts(at(options, regexes)));
            patterns.matches(page.path) || starts.iter().any(|it| page.path.starts_with(it))
        }
        WithheldPages::Text(OptionOr(name, default)) => {
            // A mark that is given as an option is as often text as a pattern.
            let given = at(options, name).and_then(Value::as_str);
            let pattern = given.unwrap_or(default);
            let text = (page.text)();
            pattern_of(pattern).is_some_and(|it| it.is_match(&text))
                || given.is_some_and(|it| text.contains(it))
        }
        WithheldPages::NotInNav => !(page.is_in_nav)(),
        WithheldPages::All {
            options: names,
            except,
        } => {
            let is_set = names.iter().any(|name| is_set(at(options, name)));
            let is_exempt = |key: &&str| page.front.get(*key).is_some_and(|it| !is_set_value(it));
            is_set && !except.iter().any(is_exempt)
        }
        WithheldPages::AllByFile(option, start) => {
            let file = at(options, option).and_then(Value::as_str);
            let text = file.and_then(|file| (page.file)(file));
            text.is_some_and(|text| {
                let mut lines = text.lines();
                lines.any(|line| line.trim_start_matches(['"', '\'']).starts_with(start))
            })
        }
        WithheldPages::Unknown(_) => false,
    }
}

/// Whether only the plugin itself can tell which pages it would keep back.
pub fn is_unknown(options: &Map<String, Value>, row: &Withholding) -> bool {
    match row.pages {
        WithheldPages::Unknown(names) => {
            names.is_empty() || names.iter().any(|name| is_set(at(options, name)))
        }
        _ => false,
    }
}

/// The key of the front matter that decides about a page, to show its place.
pub fn deciding_key(options: &Map<String, Value>, row: &Withholding) -> Option<String> {
    match row.pages {
        WithheldPages::Key(name, _) => Some(key_option(options, name)),
        _ => None,
    }
}

fn is_switched_off(options: &Map<String, Value>, row: &Withholding) -> bool {
    at(options, row.unless).is_some_and(python::is_true)
}

fn passes(
    options: &Map<String, Value>,
    test: KeyTest,
    value: Option<&Value>,
    page: &Page<'_>,
) -> bool {
    match test {
        KeyTest::True => value.is_some_and(|value| word(value) == "true"),
        KeyTest::Set => is_set(value),
        KeyTest::Future { option, unless } => {
            let wanted = at(options, option).is_some_and(python::is_true);
            let is_decided = matches!(page.front.get(unless), Some(Value::Bool(_)));
            wanted && !is_decided && value.and_then(date).is_some_and(|date| date > page.now)
        }
        KeyTest::NotAmong(values, OptionOr(option, default)) => {
            let given = value.filter(|value| !value.is_null());
            let value = given.or_else(|| at(options, option));
            let value = value.map_or_else(|| default.to_owned(), word);
            !values.contains(&value.as_str())
        }
        KeyTest::AmongOption(option) => {
            let excluded = texts(at(options, option));
            let values = texts(value);
            let bare = |value: &String| value.trim_start_matches('#').to_owned();
            values
                .iter()
                .any(|value| excluded.contains(value) || excluded.contains(&bare(value)))
        }
        KeyTest::NotAmongOption(OptionOr(option, default)) => {
            let allowed = match at(options, option) {
                Some(allowed) => texts(Some(allowed)),
                None => vec![default.to_owned()],
            };
            let value = value.and_then(python::plain);
            !allowed.contains(&value.unwrap_or_else(|| default.to_owned()))
        }
    }
}

/// The value at a path such as `publish.key_name`.
fn at<'v>(values: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    let Some((first, rest)) = path.split_once('.') else {
        return values.get(path);
    };
    at(values.get(first)?.as_object()?, rest)
}

/// The key that an option names.
fn key_option(options: &Map<String, Value>, OptionOr(name, default): OptionOr) -> String {
    text_of(options, name).unwrap_or(default).to_owned()
}

/// A value as a word, with `true` and `false` in lower case.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_lowercase(),
        value => value.to_string(),
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(python::plain).collect(),
        Some(value) => python::plain(value).into_iter().collect(),
        None => Vec::new(),
    }
}

fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(is_set_value)
}

fn is_set_value(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(values) => !values.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

/// The date of a post: a date, or a mapping with the date when it was `created`.
fn date(value: &Value) -> Option<Moment> {
    match value {
        Value::Object(dates) => date(dates.get("created")?),
        value => Some(yaml::timestamp(value.as_str()?)??.moment),
    }
}

fn folder_of(options: &Map<String, Value>, folder: OptionOr) -> String {
    let blog = text_of(options, "blog_dir").unwrap_or("blog");
    let folder = text_of(options, folder.0).unwrap_or(folder.1);
    let folder = SourcePath::new(folder.replace("{blog}", blog));
    folder.as_str().to_owned()
}

fn text_of<'v>(options: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    at(options, name)?.as_str()
}

fn is_below(path: &str, folder: &str) -> bool {
    SourcePath::new(path)
        .below(&SourcePath::new(folder))
        .is_some()
}

fn pattern_of(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .build()
        .ok()
}

#[cfg(test)]
mod tests;
