//! What a post says about itself in its front matter.

use serde_json::{Map, Value};

use crate::python::plain;
use crate::text::capitalized;
use crate::theme::PostConfig;
use crate::url::is_index;
use crate::yaml::{self, Timestamp};

/// A problem of the front matter of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostFault {
    /// The key that it is about.
    pub key: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
    /// Whether it cannot be a post because of this.
    pub is_fatal: bool,
}

const NO_DATE: &str = "write `date: 2024-01-31`, or `date:` with `created:` below it";

/// Reads the front matter of a post; `None` if it has no date.
pub fn read(front: &Map<String, Value>) -> (Option<PostConfig>, Vec<PostFault>) {
    let mut faults = Vec::new();
    let dates = match dates(front.get("date")) {
        Ok(dates) => dates,
        Err(message) => {
            faults.push(PostFault {
                key: "date",
                message,
                help: NO_DATE,
                is_fatal: true,
            });
            return (None, faults);
        }
    };
    let mut wrong = |key: &'static str, what: &str, help: &'static str| {
        faults.push(PostFault {
            key,
            message: format!("`{key}` of a post is {what}"),
            help,
            is_fatal: false,
        });
    };
    let mut flag = |key: &'static str| match front.get(key) {
        None | Some(Value::Null) => None,
        Some(Value::Bool(flag)) => Some(*flag),
        Some(_) => {
            wrong(key, "`true` or `false`", "correct its value");
            None
        }
    };
    let (draft, pin) = (flag("draft"), flag("pin"));
    let mut texts = |key: &'static str| match front.get(key) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            let mut texts: Vec<String> = Vec::new();
            for item in items.iter().filter_map(Value::as_str) {
                if !texts.iter().any(|text| text == item) {
                    texts.push(item.to_owned());
                }
            }
            texts
        }
        Some(value) => {
            wrong(key, "a list of texts", "write them as a list");
            let items = value
                .as_array()
                .map_or(std::slice::from_ref(value), |it| it);
            items.iter().filter_map(plain).collect()
        }
    };
    let (authors, categories) = (texts("authors"), texts("categories"));
    let readtime = match front.get("readtime") {
        None | Some(Value::Null) => None,
        Some(Value::Number(number)) if number.is_i64() => number.as_i64(),
        Some(_) => {
            wrong("readtime", "a number of minutes", "write a whole number");
            None
        }
    };
    let slug = match front.get("slug") {
        None | Some(Value::Null) => None,
        Some(Value::String(slug)) => Some(slug.clone()),
        Some(value) => {
            wrong("slug", "a text", "put it in quotes");
            plain(value)
        }
    };
    let links = front.get("links").filter(|links| !links.is_null());
    if links.is_some_and(|links| !links.is_array() && !links.is_object()) {
        wrong(
            "links",
            "a list of links",
            "write them as a list, like `nav`",
        );
    }
    let post = PostConfig {
        dates,
        authors,
        categories,
        draft,
        pin: pin.unwrap_or(false),
        readtime,
        slug,
        links: None,
    };
    (Some(post), faults)
}

/// The dates of a post: one, or several by name, of which one is when it was created.
fn dates(written: Option<&Value>) -> Result<Vec<(String, Timestamp)>, String> {
    let date = |value: &Value| {
        let stamp = value.as_str().and_then(yaml::timestamp).flatten();
        stamp.ok_or_else(|| {
            let shown = plain(value).map_or_else(|| value.to_string(), |it| format!("`{it}`"));
            format!("{shown} is not a date")
        })
    };
    match written {
        None | Some(Value::Null) => Err("a post has no `date`".to_owned()),
        Some(Value::Object(dates)) => {
            if !dates.contains_key("created") {
                return Err("the `date` of a post does not say when it was `created`".to_owned());
            }
            let dates = dates.iter();
            let dates = dates.map(|(name, value)| Ok((name.clone(), date(value)?)));
            dates.collect()
        }
        Some(value) => Ok(vec![("created".to_owned(), date(value)?)]),
    }
}

/// The title of a post as far as its address depends on it: the one in its front
/// matter, or the heading that its text begins with as written, or one made of the
/// name of its file.
pub fn written_title(front: &Map<String, Value>, text: &str, path: &str) -> String {
    if let Some(title) = front.get("title") {
        return plain(title).unwrap_or_default();
    }
    let mut lines = text.lines().map(str::trim);
    if let Some(line) = lines.find(|line| !line.is_empty())
        && line.starts_with("# ")
    {
        return line.trim_start_matches(['#', ' ']).to_owned();
    }
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = if is_index(stem) { "index" } else { stem };
    let title = stem.replace(['-', '_'], " ");
    if title.to_lowercase() == title {
        capitalized(&title.to_lowercase())
    } else {
        title
    }
}
