//! `rss`: feeds of what is new, as RSS and JSON Feed.
//!
//! The plugin's options become [`FeedRules`]; what is done with them is the same for all
//! feeds.

use serde_json::{Map, Value};

use super::regular_expressions::compile;
use crate::config::unread_option;
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::feeds::{
    AbstractRules, AuthorStyle, DateRules, FeedFile, FeedRules, Format, Links, Order, Pages,
    STYLE_PATH,
};
use crate::options::options;
use crate::python::plain;
use crate::time::{Moment, Zone};
use crate::url::quote_plus;

options! {
    /// The plugin's options.
    pub struct Options {
        abstract_chars_count: i64 = 160,
        abstract_delimiter: String = "<!-- more -->",
        categories: Option<Vec<String>>,
        comments_path: Option<String>,
        date_from_meta: Map<String, Value>,
        feeds_filenames: Map<String, Value>,
        feed_description: Option<String>,
        feed_title: Option<String>,
        feed_ttl: i64 = 1440,
        image: Option<String>,
        json_feed_enabled: bool = true,
        length: i64 = 20,
        match_path: String = ".*",
        pretty_print: bool,
        rss_feed_enabled: bool = true,
        stylesheet: String = "auto",
        url_parameters: Map<String, Value>,
        use_git: bool = true,
        use_material_blog: bool = true,
        use_material_social_cards: bool = true,
    }
}

options! {
    /// The options below `date_from_meta`.
    pub struct DateOptions {
        as_creation: Option<String>,
        as_update: Option<String>,
        datetime_format: String = "%Y-%m-%d %H:%M",
        default_time: String = "00:00",
        default_timezone: String = "UTC",
    }
}

options! {
    /// The options below `feeds_filenames`.
    pub struct Filenames {
        json_created: String = "feed_json_created.json",
        json_updated: String = "feed_json_updated.json",
        rss_created: String = "feed_rss_created.xml",
        rss_updated: String = "feed_rss_updated.xml",
    }
}

/// The options that are mappings, with the names of the options in them.
const NESTED: [(&str, &[&str]); 2] = [
    ("date_from_meta", DateOptions::NAMES),
    ("feeds_filenames", Filenames::NAMES),
];

/// What the plugin is asked for.
pub fn rules(written: &Map<String, Value>) -> FeedRules {
    let options = Options::read(written);
    // Python's `re.match` matches at the start only.
    let pattern = compile(&format!("^(?:{})", options.match_path)).ok();
    let query = query(&options.url_parameters);
    FeedRules {
        written: Value::Object(written.clone()),
        pages: Pages::Matching(pattern),
        dates: date_rules(&options),
        files: files(&options),
        length: options.length,
        abstracts: AbstractRules::OfMarkdown {
            length: options.abstract_chars_count,
            delimiter: options.abstract_delimiter,
        },
        links: Links::OfPage,
        categories: options.categories.filter(|keys| !keys.is_empty()),
        comments: options.comments_path.filter(|path| !path.is_empty()),
        query: (!query.is_empty()).then_some(query),
        authors: if options.use_material_blog {
            AuthorStyle::NamesWithAddresses
        } else {
            AuthorStyle::AsWritten
        },
        title: options.feed_title.filter(|title| !title.is_empty()),
        description: options.feed_description.filter(|text| !text.is_empty()),
        logo: options.image.filter(|image| !image.is_empty()),
        style: match options.stylesheet.as_str() {
            "" => None,
            "auto" => Some(STYLE_PATH.to_owned()),
            own => Some(own.to_owned()),
        },
        ttl: Some(options.feed_ttl),
        shows_cards: options.use_material_social_cards,
        is_pretty: options.pretty_print,
    }
}

fn date_rules(options: &Options) -> DateRules {
    let dates = DateOptions::read(&options.date_from_meta);
    DateRules {
        default_time: time_of_day(&dates.default_time).unwrap_or_default(),
        zone: Zone::named(&dates.default_timezone).unwrap_or(Zone::UTC),
        // Both are `git` unless they name a key, and no page has a key of that name.
        created: dates.as_creation.into_iter().collect(),
        updated: dates.as_update.into_iter().collect(),
        format: dates.datetime_format,
        uses_git: options.use_git,
        has_default: true,
    }
}

/// Hour and minute of a time such as `09:30`.
fn time_of_day(text: &str) -> Option<(u8, u8)> {
    let moment = Moment::parse("%Y-%m-%d %H:%M", &format!("2000-01-01 {text}"))?;
    let time = moment.utc().time();
    Some((time.hour().try_into().ok()?, time.minute().try_into().ok()?))
}

fn files(options: &Options) -> Vec<FeedFile> {
    let names = Filenames::read(&options.feeds_filenames);
    let file = |path: String, format, order| FeedFile {
        path,
        format,
        order,
    };
    let mut files = Vec::new();
    if options.rss_feed_enabled {
        files.push(file(names.rss_created, Format::Rss, Order::Created));
        files.push(file(names.rss_updated, Format::Rss, Order::Updated));
    }
    if options.json_feed_enabled {
        files.push(file(names.json_created, Format::Json, Order::Created));
        files.push(file(names.json_updated, Format::Json, Order::Updated));
    }
    files
}

/// Parameters as Python's `urlencode` writes them.
fn query(parameters: &Map<String, Value>) -> String {
    let text = |value: &Value| match value {
        Value::Null => "None".to_owned(),
        value => plain(value).unwrap_or_else(|| value.to_string()),
    };
    let parameters = parameters.iter();
    let pairs: Vec<String> = parameters
        .map(|(key, value)| format!("{}={}", quote_plus(key), quote_plus(&text(value))))
        .collect();
    pairs.join("&")
}

/// A problem of the options, with the option that has it, and for one in a mapping the
/// option in that.
pub type Fault = (&'static str, Option<String>, Diagnostic);

/// The problems of the options of the plugin.
pub fn faults(written: &Map<String, Value>) -> Vec<Fault> {
    let options = Options::read(written);
    let mut faults: Vec<Fault> = Vec::new();
    if let Err(error) = compile(&options.match_path) {
        faults.push(("match_path", None, *error));
    }
    if !options.rss_feed_enabled && !options.json_feed_enabled {
        let message = "`rss` makes no feed: both of its formats are disabled";
        let error = Diagnostic::new(Rule::BadFeed, message);
        let help = "enable one of them, or remove the plugin";
        faults.push(("rss_feed_enabled", None, error.help(help)));
    }
    let dates = DateOptions::read(&options.date_from_meta);
    let mut wrong = |option: &str, message: String, help: &str| {
        let warning = Diagnostic::new(Rule::BadFeed, message).help(help);
        faults.push(("date_from_meta", Some(option.to_owned()), warning));
    };
    if Zone::named(&dates.default_timezone).is_none() {
        let message = format!("there is no time zone `{}`", dates.default_timezone);
        wrong(
            "default_timezone",
            message,
            "write one such as `Europe/Paris`; UTC is used",
        );
    }
    if time_of_day(&dates.default_time).is_none() {
        let message = format!("`{}` is not a time", dates.default_time);
        let help = "write hours and minutes such as `09:30`; midnight is used";
        wrong("default_time", message, help);
    }
    let suggestions = Suggestions::default();
    for (option, names) in NESTED {
        let entries = written.get(option).and_then(Value::as_object);
        for key in entries.iter().flat_map(|entries| entries.keys()) {
            if names.contains(&key.as_str()) {
                continue;
            }
            let note = unread_option("rss", &format!("{option}."), key, names, &suggestions);
            faults.push((option, Some(key.clone()), note));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    /// As `urllib.parse.urlencode` writes them.
    #[test]
    fn parameters_are_those_of_python() {
        let parameters = written(json!({"utm source": "a&b é~", "n": 1, "t": true, "none": null}));
        assert_eq!(
            query(&parameters),
            "utm+source=a%26b+%C3%A9~&n=1&t=True&none=None"
        );
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let faults = faults(&written(json!({
            "match_path": "(",
            "rss_feed_enabled": false,
            "json_feed_enabled": false,
            "date_from_meta": {"default_timezone": "Mars", "default_time": "noon", "as_update": "x"},
            "feeds_filenames": {"rss_create": "a.xml"},
        })));
        let named: Vec<_> = faults
            .iter()
            .map(|(option, below, _)| (*option, below.as_deref()))
            .collect();
        assert_eq!(
            named,
            [
                ("match_path", None),
                ("rss_feed_enabled", None),
                ("date_from_meta", Some("default_timezone")),
                ("date_from_meta", Some("default_time")),
                ("feeds_filenames", Some("rss_create")),
            ]
        );
    }
}
