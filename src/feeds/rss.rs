use super::Feed;
use super::xml::Xml;

/// The style sheet by which browsers show feeds, and where it is.
pub const STYLE: &str = include_str!("style.xsl");

/// The path of [`STYLE`] below the site.
pub const STYLE_PATH: &str = "rss.xsl";

/// A feed as RSS 2.0. If it `is_pretty`, texts keep their lines; otherwise line breaks
/// are blanks, and several blanks are one.
pub fn rss(feed: &Feed, is_pretty: bool) -> String {
    let mut xml = Xml::begin("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>");
    if let Some(style) = &feed.style {
        xml.instruction("xml-stylesheet", &[("type", "text/xsl"), ("href", style)]);
    }
    let root = [
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ];
    xml.open_with("rss", &root);
    xml.open("channel");
    xml.text("title", &feed.title);
    xml.text_of("description", feed.description.as_deref());
    xml.text_of("link", feed.home.as_deref());
    if let Some(address) = &feed.address {
        let attributes = [
            ("href", address.as_str()),
            ("rel", "self"),
            ("type", "application/rss+xml"),
        ];
        xml.empty("atom:link", &attributes);
    }
    xml.text_of("managingEditor", feed.author.as_deref());
    xml.text_of("docs", feed.repository.as_deref());
    xml.text_of("language", feed.language.as_deref());
    // As Python writes a moment without a time zone.
    let built = feed.built.strftime("%a, %d %b %Y %H:%M:%S -0000");
    xml.text("pubDate", &built);
    xml.text("lastBuildDate", &built);
    xml.text_of("ttl", feed.ttl.map(|ttl| ttl.to_string()).as_deref());
    xml.text("generator", super::GENERATOR);
    if let Some(logo) = &feed.logo {
        xml.open("image");
        xml.text("url", logo);
        xml.text("title", &feed.title);
        xml.text_of("link", feed.home.as_deref());
        xml.close("image");
    }
    write_items(&mut xml, feed);
    xml.close("channel");
    xml.close("rss");
    let written = xml.finish();
    if is_pretty {
        written
    } else {
        on_one_line(&written)
    }
}

fn write_items(xml: &mut Xml, feed: &Feed) {
    for entry in &feed.entries {
        xml.open("item");
        xml.text("title", &entry.title);
        for author in entry.authors.iter().flatten() {
            xml.text("author", author);
        }
        for category in entry.categories.iter().flatten() {
            xml.text("category", category);
        }
        xml.text("description", &entry.description);
        xml.text_of("link", entry.link.as_deref());
        xml.text("pubDate", &entry.date(feed.order).of_mails());
        if let Some(address) = &feed.address {
            let source = [("url", address.as_str())];
            xml.text_with("source", &source, &feed.title);
        }
        xml.text_of("comments", entry.comments.as_deref());
        if let Some(id) = &entry.id {
            xml.text_with("guid", &[("isPermaLink", "true")], id);
        }
        if let Some(image) = &entry.image {
            // The specification asks for a length; 0 is the custom if it is not known.
            let length = image.length.unwrap_or(0).to_string();
            let kind = image.media_type().unwrap_or("application/octet-stream");
            let attributes = [
                ("url", image.url.as_str()),
                ("type", kind),
                ("length", &length),
            ];
            xml.empty("enclosure", &attributes);
        }
        xml.close("item");
    }
}

/// A text with blanks for line breaks, and one for several.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        let character = if character == '\n' { ' ' } else { character };
        if character != ' ' || !line.ends_with(' ') {
            line.push(character);
        }
    }
    line
}
