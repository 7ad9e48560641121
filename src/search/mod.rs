//! The search of a site.
//!
//! With the built-in theme it has an index in parts (`index_parts`) and answers queries
//! itself (`query`). Other themes have one file with everything in it
//! (`search/search_index.json`): Material's, as its worker reads it, or that of MkDocs'
//! own search.

mod corpus;
mod fold;
mod index_parts;
mod language;
mod mkdocs;
mod page_text;
mod page_words;
mod query;
mod rank;
mod sections;
mod stems;
mod term;
mod vocabulary;
mod words;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::options::options;
use crate::python::{ascii_json, is_true, plain};

pub use corpus::Corpus;
pub use index_parts::{IndexParts, Layout, ROOT, pages_file};
pub use language::{Language, know};
pub use mkdocs::{MkDocsOptions, mkdocs_entries, mkdocs_index};
pub use page_text::{PageText, SectionText};
pub use page_words::PageWords;
pub use query::{Answer, ask};
pub use rank::Hit;
pub use vocabulary::Vocabulary;

/// The folder of all files of the search, below that of the language.
pub const FOLDER: &str = "search/";

/// The path of the search index.
pub const INDEX: &str = "search/search_index.json";

/// The path of the same index as a script, for sites opened without a server.
pub const SCRIPT: &str = "search/search_index.js";

options! {
    /// The options of the plugin `search`.
    pub struct Options {
        lang: Vec<String>,
        separator: Option<String>,
        pipeline: Option<Vec<Value>>,
        fields: Map<String, Value>,
    }
}

/// A page to be searched.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Its body's HTML.
    pub html: &'a str,
    /// Its address.
    pub url: &'a str,
    /// Its title, for the text before its first heading.
    pub title: &'a str,
    /// Its front matter.
    pub meta: &'a Map<String, Value>,
}

/// One section of a page, from a heading to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its address with the heading's anchor.
    pub location: String,
    /// The heading, as HTML.
    pub title: String,
    /// Its text, as HTML with a few kinds of elements.
    pub text: String,
    /// The page's tags, if it has a list of them.
    pub tags: Option<Vec<String>>,
    /// The page's weight, if it has one.
    pub boost: Option<Value>,
}

/// The entries of a page; none if it is excluded from the search.
pub fn entries(page: Page<'_>) -> Vec<Entry> {
    let settings = page.meta.get("search").and_then(Value::as_object);
    let setting = |name: &str| settings.and_then(|settings| settings.get(name));
    if setting("exclude").is_some_and(is_true) {
        return Vec::new();
    }
    let title = match page.meta.get("title") {
        Some(title) => plain(title).unwrap_or_else(|| page.title.to_owned()),
        None => page.title.to_owned(),
    };
    let tags = page.meta.get("tags").and_then(Value::as_array);
    let tags = tags.map(|tags| {
        let truthy = tags.iter().filter(|tag| is_true(tag));
        truthy.filter_map(plain).collect::<Vec<_>>()
    });
    let sections = sections::split(page.html).into_iter();
    sections
        .filter(|section| !section.is_excluded)
        .map(|section| Entry {
            location: match &section.id {
                Some(id) => format!("{}#{id}", page.url),
                None => page.url.to_owned(),
            },
            title: if section.title.is_empty() {
                title.trim().to_owned()
            } else {
                section.title.text().trim().to_owned()
            },
            text: section.text.text().trim().to_owned(),
            tags: tags.clone(),
            boost: setting("boost").cloned(),
        })
        .collect()
}

/// The entries of all languages of a site, without those that are equal to an
/// entry of the default language because the page is not translated
/// (static-i18n's `reconfigure_search_duplicates`). `prefixes` are the paths of
/// the other languages.
pub fn without_copies(entries: Vec<Entry>, prefixes: &[String]) -> Vec<Entry> {
    let prefix = |entry: &Entry| {
        let mut prefixes = prefixes.iter().filter(|prefix| !prefix.is_empty());
        prefixes.find(|prefix| entry.location.starts_with(*prefix))
    };
    let originals: BTreeSet<_> = entries
        .iter()
        .filter(|entry| prefix(entry).is_none())
        .map(|entry| {
            (
                entry.location.clone(),
                entry.title.clone(),
                entry.text.clone(),
            )
        })
        .collect();
    let is_copy = |entry: &Entry| {
        let below = prefix(entry).map(|prefix| entry.location[prefix.len()..].to_owned());
        below.is_some_and(|below| {
            originals.contains(&(below, entry.title.clone(), entry.text.clone()))
        })
    };
    entries
        .into_iter()
        .filter(|entry| !is_copy(entry))
        .collect()
}

/// Renders the index. `options` are those of the plugin, `language` is that of
/// the theme.
pub fn index<'a>(
    options: &Options,
    language: Language,
    entries: impl Iterator<Item = &'a Entry>,
) -> String {
    let mut index = String::from("{\"config\":");
    index.push_str(&ascii_json(&config(options, language)));
    index.push_str(",\"docs\":[");
    for (nth, entry) in entries.enumerate() {
        if nth > 0 {
            index.push(',');
        }
        let mut object = Map::new();
        object.insert("location".to_owned(), json!(entry.location));
        object.insert("title".to_owned(), json!(entry.title));
        object.insert("text".to_owned(), json!(entry.text));
        if let Some(tags) = &entry.tags {
            object.insert("tags".to_owned(), json!(tags));
        }
        if let Some(boost) = &entry.boost {
            object.insert("boost".to_owned(), boost.clone());
        }
        index.push_str(&ascii_json(&Value::Object(object)));
    }
    index.push_str("]}");
    index
}

fn config(options: &Options, language: Language) -> Value {
    let languages = if options.lang.is_empty() {
        vec![language.search.to_owned()]
    } else {
        language::supported(&options.lang)
    };
    let separator = options.separator.as_deref().filter(|it| !it.is_empty());
    let pipeline = match &options.pipeline {
        Some(steps) => json!(steps),
        None => json!([language.pipeline]),
    };
    let mut fields = options.fields.clone();
    for (_, field) in &mut fields {
        if let Value::Object(field) = field {
            field.entry("boost").or_insert(json!(1.0));
        }
    }
    for (name, boost) in [("title", 1e3), ("text", 1.0), ("tags", 1e6)] {
        fields
            .entry(name)
            .or_insert_with(|| json!({"boost": boost}));
    }
    json!({
        "lang": languages,
        "separator": separator.unwrap_or(language.separator),
        "pipeline": pipeline,
        "fields": fields,
    })
}

#[cfg(test)]
mod page_words_tests;
#[cfg(test)]
mod query_tests;
#[cfg(test)]
mod tests;
