use super::xml::Xml;
use super::{Entry, Feed, Format};
use crate::html::{striptags, unescape};
use crate::yaml::Timestamp;

/// A feed as Atom 1.0 (RFC 4287).
pub fn atom(feed: &Feed) -> String {
    let mut xml = Xml::begin("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    let mut root = vec![("xmlns", "http://www.w3.org/2005/Atom")];
    root.extend(
        feed.language
            .as_deref()
            .map(|language| ("xml:lang", language)),
    );
    xml.open_with("feed", &root);
    xml.text("title", &feed.title);
    xml.text_of("subtitle", feed.description.as_deref());
    // An identifier is required. The address of the feed is the one that it keeps.
    let id = feed.address.as_deref().or(feed.home.as_deref());
    xml.text_of("id", id);
    if let Some(address) = &feed.address {
        link(&mut xml, "self", Format::Atom.media_type(), address);
    }
    if let Some(home) = &feed.home {
        link(&mut xml, "alternate", "text/html", home);
    }
    xml.text("updated", &updated(feed).iso());
    // Entries without an author have that of the feed, so that it needs one.
    person(&mut xml, feed.author.as_deref().unwrap_or(&feed.title));
    xml.text_of("logo", feed.logo.as_deref());
    xml.text("generator", super::GENERATOR);
    for entry in &feed.entries {
        write_entry(&mut xml, entry);
    }
    xml.close("feed");
    xml.finish()
}

/// When something in a feed last changed.
fn updated(feed: &Feed) -> Timestamp {
    let entries = feed.entries.iter().map(|entry| entry.updated);
    let newest = entries.max_by_key(|date| (date.moment, date.micros));
    newest.unwrap_or_else(|| feed.built.into())
}

fn write_entry(xml: &mut Xml, entry: &Entry) {
    xml.open("entry");
    // Titles of pages are HTML.
    xml.text("title", &unescape(&striptags(&entry.title)));
    xml.text_of("id", entry.id.as_deref());
    if let Some(address) = &entry.link {
        link(xml, "alternate", "text/html", address);
    }
    if let Some(comments) = &entry.comments {
        link(xml, "replies", "text/html", comments);
    }
    xml.text("published", &entry.created.iso());
    xml.text("updated", &entry.updated.iso());
    for author in entry.authors.iter().flatten() {
        person(xml, author);
    }
    for category in entry.categories.iter().flatten() {
        xml.empty("category", &[("term", category)]);
    }
    if let Some(image) = &entry.image {
        let length = image.length.map(|length| length.to_string());
        let mut attributes = vec![("rel", "enclosure"), ("href", image.url.as_str())];
        attributes.extend(image.media_type().map(|kind| ("type", kind)));
        attributes.extend(length.as_deref().map(|length| ("length", length)));
        xml.empty("link", &attributes);
    }
    let element = if entry.is_whole { "content" } else { "summary" };
    xml.text_with(element, &[("type", "html")], &entry.description);
    xml.close("entry");
}

fn link(xml: &mut Xml, relation: &str, kind: &str, address: &str) {
    xml.empty(
        "link",
        &[("rel", relation), ("type", kind), ("href", address)],
    );
}

fn person(xml: &mut Xml, name: &str) {
    xml.open("author");
    xml.text("name", name);
    xml.close("author");
}
