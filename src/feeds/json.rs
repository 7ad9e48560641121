use serde_json::{Value, json};

use super::{Entry, Feed};
use crate::python;

/// A feed as JSON Feed 1.1, written as Python writes JSON.
pub fn json(feed: &Feed, is_pretty: bool) -> String {
    let authors: Vec<Value> = feed
        .author
        .iter()
        .map(|name| json!({"name": name}))
        .collect();
    let entries: Vec<Value> = feed.entries.iter().map(|entry| item(entry)).collect();
    let value = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "description": feed.description,
        "icon": feed.logo,
        "authors": authors,
        "language": feed.language,
        "items": entries,
    });
    python::json(&value, is_pretty)
}

fn item(entry: &Entry) -> Value {
    let authors = entry.authors.iter().flatten();
    let authors: Vec<Value> = authors.map(|name| json!({"name": name})).collect();
    json!({
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "content_html": entry.description,
        "image": entry.image.as_ref().map(|image| &image.url),
        "date_modified": entry.updated.iso(),
        "date_published": entry.created.iso(),
        "authors": authors,
        "tags": entry.categories,
    })
}
