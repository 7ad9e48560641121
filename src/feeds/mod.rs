//! Feeds: what is new on a site, for programs that follow it.
//!
//! [`FeedRules`] say which pages a feed lists and what it tells of each. They come from
//! the options of the plugin `rss` or from `[feeds]`, and no other code asks from which.
//! A [`Feed`] is written as RSS, Atom or JSON Feed.

mod abridge;
mod absolute;
mod atom;
mod dates;
mod json;
mod page;
mod rss;
mod rules;
mod table;
mod xml;

use std::sync::Arc;

use crate::time::Moment;
use crate::yaml::Timestamp;

pub use abridge::{Abstract, AbstractRules, start_of, without_title};
pub use absolute::with_absolute_links;
pub use atom::atom;
pub use dates::{PageDates, PageTimes, page_times};
pub use json::json;
pub use page::AuthorNames;
pub use rss::{STYLE, STYLE_PATH, rss};
pub use rules::{AuthorStyle, DateRules, FeedFile, FeedRules, Links, Pages};
pub use table::Table;

/// How a feed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// A feed as pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// Its title; `None` for that of the site.
    pub title: Option<String>,
    /// How it is written.
    pub format: Format,
    /// How it is sorted.
    pub order: Order,
    /// Its path below the site.
    pub path: String,
}

/// By which of its dates the place of a page in a feed is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// When it was written.
    Created,
    /// When it was last changed.
    Updated,
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Who is responsible for it.
    pub author: Option<String>,
    /// The address of the site.
    pub home: Option<String>,
    /// Its own address.
    pub address: Option<String>,
    /// The address of the repository.
    pub repository: Option<String>,
    /// The language, such as `en`.
    pub language: Option<String>,
    /// The address of an image that stands for it.
    pub logo: Option<String>,
    /// The address of the style sheet by which browsers show it.
    pub style: Option<String>,
    /// When the site was built.
    pub built: Moment,
    /// How many minutes it stays valid.
    pub ttl: Option<i64>,
    /// By which dates its entries are sorted.
    pub order: Order,
    /// The pages that it lists, newest first.
    pub entries: Vec<Arc<Entry>>,
}

/// A page in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The page's title, as HTML.
    pub title: String,
    /// The page's address, which identifies it; `None` if the site has none.
    pub id: Option<String>,
    /// The address that the entry leads to.
    pub link: Option<String>,
    /// The address of its comments.
    pub comments: Option<String>,
    /// Who wrote it; `None` if it does not say so.
    pub authors: Option<Vec<String>>,
    /// What it is about; `None` if feeds do not tell.
    pub categories: Option<Vec<String>>,
    /// Its text or a summary, as HTML.
    pub description: String,
    /// Whether that is all of its text.
    pub is_whole: bool,
    /// An image that stands for it.
    pub image: Option<Image>,
    /// When it was written.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Entry {
    /// The date by which a feed sorts it.
    pub fn date(&self, order: Order) -> Timestamp {
        match order {
            Order::Created => self.created,
            Order::Updated => self.updated,
        }
    }
}

/// An image of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its address.
    pub url: String,
    /// Its length in bytes; `None` if it is not known.
    pub length: Option<u64>,
}

impl Image {
    /// Its media type, by its name.
    pub fn media_type(&self) -> Option<&'static str> {
        let path = self.url.split(['?', '#']).next()?;
        mime_guess::from_path(path).first_raw()
    }
}

/// The program that makes feeds, as they name it.
const GENERATOR: &str = "proofroom";
