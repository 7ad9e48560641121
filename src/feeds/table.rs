use serde_json::json;

use super::rules::{DateRules, FeedFile, FeedRules, Links, Pages};
use super::{AbstractRules, AuthorStyle, Format, Order, STYLE_PATH};
use crate::files::patterns;

/// `[feeds]`, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The feeds: how each is written, and its path below the site.
    pub files: Vec<(Format, String)>,
    /// Patterns of `.gitignore` for the pages; empty for the posts of blogs, or without
    /// a blog for all pages with a date.
    pub pages: Vec<String>,
    /// Whether entries have all of the text of their pages, rather than a summary.
    pub is_whole: bool,
    /// How many entries there are at most.
    pub length: i64,
    /// Whether git tells the dates of pages that do not say theirs.
    pub uses_git: bool,
    /// The title, if it is not that of the site.
    pub title: Option<String>,
    /// The description, if it is not that of the site.
    pub description: Option<String>,
    /// The address of an image that stands for the site.
    pub logo: Option<String>,
}

impl Table {
    /// Where a feed is unless the site says otherwise.
    pub fn usual_path(format: Format) -> &'static str {
        match format {
            Format::Atom => "atom.xml",
            Format::Rss => "rss.xml",
            Format::Json => "feed.json",
        }
    }

    /// The feeds that it asks for, on a site that has a blog or not.
    pub fn rules(&self, has_blog: bool) -> FeedRules {
        let Self {
            files,
            pages,
            is_whole,
            length,
            uses_git,
            title,
            description,
            logo,
        } = self;
        let names: Vec<_> = files
            .iter()
            .map(|(format, path)| (format.media_type(), path))
            .collect();
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        FeedRules {
            written: json!([
                names,
                pages,
                is_whole,
                length,
                uses_git,
                title,
                description,
                logo,
                has_blog
            ]),
            pages: match pages.as_slice() {
                [] if has_blog => Pages::Posts,
                [] => Pages::All,
                lines => Pages::Named(patterns(lines.iter().map(String::as_str))),
            },
            length: *length,
            dates: DateRules {
                created: keys(&["date.created", "date"]),
                updated: keys(&["date.updated", "updated"]),
                uses_git: *uses_git,
                has_default: false,
                ..DateRules::default()
            },
            abstracts: AbstractRules::OfContent {
                is_whole: *is_whole,
            },
            links: Links::Absolute,
            categories: Some(keys(&["categories", "tags"])),
            comments: None,
            query: None,
            authors: AuthorStyle::Names,
            title: title.clone(),
            description: description.clone(),
            logo: logo.clone(),
            style: Some(STYLE_PATH.to_owned()),
            shows_cards: false,
            ttl: None,
            is_pretty: true,
            files: files
                .iter()
                .map(|(format, path)| FeedFile {
                    path: path.clone(),
                    format: *format,
                    order: Order::Created,
                })
                .collect(),
        }
    }
}
