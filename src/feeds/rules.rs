use ignore::gitignore::Gitignore;
use regex::Regex;
use serde_json::{Map, Value};

use super::abridge::{Abstract, AbstractRules};
use super::{FeedLink, Format, Order};
use crate::time::Zone;

/// A file that a feed is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedFile {
    /// Its path below the site.
    pub path: String,
    /// How it is written.
    pub format: Format,
    /// How its entries are sorted.
    pub order: Order,
}

/// Where the dates of pages come from.
#[derive(Debug, Clone, PartialEq)]
pub struct DateRules {
    /// The keys of the front matter that say when a page was written, such as
    /// `date.created`, the first first.
    pub created: Vec<String>,
    /// Those that say when it was last changed.
    pub updated: Vec<String>,
    /// How dates are written that YAML does not know, as a pattern of `strftime`.
    pub format: String,
    /// Hour and minute of dates without a time.
    pub default_time: (u8, u8),
    /// The time zone of dates without one.
    pub zone: Zone,
    /// Whether git tells the dates that the front matter does not.
    pub uses_git: bool,
    /// Whether pages without a date of their own get that of the build.
    pub has_default: bool,
}

impl Default for DateRules {
    fn default() -> Self {
        Self {
            created: Vec::new(),
            updated: Vec::new(),
            format: "%Y-%m-%d %H:%M".to_owned(),
            default_time: (0, 0),
            zone: Zone::UTC,
            uses_git: true,
            has_default: true,
        }
    }
}

/// How feeds name the authors of posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorStyle {
    /// As the front matter does.
    AsWritten,
    /// By their names.
    Names,
    /// By their addresses and names, where they have both.
    NamesWithAddresses,
}

/// How links in the texts of pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// As on the page.
    OfPage,
    /// In full, so that they lead to the same place from anywhere.
    Absolute,
}

/// Which pages feeds list, by their paths in the docs.
#[derive(Debug, Clone)]
pub enum Pages {
    /// Those that an expression matches from the start; `None` for none.
    Matching(Option<Regex>),
    /// Those that patterns of `.gitignore` name.
    Named(Gitignore),
    /// Posts of blogs.
    Posts,
    /// All of them.
    All,
}

impl Pages {
    fn has(&self, path: &str) -> bool {
        match self {
            Self::Matching(pattern) => pattern.as_ref().is_some_and(|it| it.is_match(path)),
            Self::Named(patterns) => patterns
                .matched_path_or_any_parents(path, false)
                .is_ignore(),
            Self::Posts | Self::All => true,
        }
    }
}

/// Which pages the feeds of a site list, and what they tell of them.
#[derive(Debug, Clone)]
pub struct FeedRules {
    /// What they are read from: two are the same if this is.
    pub written: Value,
    /// Which pages they list.
    pub pages: Pages,
    /// How many entries there are at most; as in Python, a negative number leaves out
    /// that many at the end.
    pub length: i64,
    /// Where dates come from.
    pub dates: DateRules,
    /// What entries tell of a page.
    pub abstracts: AbstractRules,
    /// How links are written in it.
    pub links: Links,
    /// The keys of the front matter with the categories of a page; `None` if feeds do not
    /// tell them.
    pub categories: Option<Vec<String>>,
    /// What is added to the address of a page for that of its comments.
    pub comments: Option<String>,
    /// The query that is added to links, without `?`.
    pub query: Option<String>,
    /// How the authors of posts are named.
    pub authors: AuthorStyle,
    /// The title of the feeds, if it is not that of the site.
    pub title: Option<String>,
    /// Their description, if it is not that of the site.
    pub description: Option<String>,
    /// The address of their image.
    pub logo: Option<String>,
    /// The address of their style sheet.
    pub style: Option<String>,
    /// Whether the social card of a page stands for one that names no image.
    pub shows_cards: bool,
    /// How many minutes they stay valid.
    pub ttl: Option<i64>,
    /// Whether they are indented.
    pub is_pretty: bool,
    /// The files.
    pub files: Vec<FeedFile>,
}

impl PartialEq for FeedRules {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for FeedRules {}

impl FeedRules {
    /// What an entry tells of a page with this front matter and Markdown.
    pub fn abstract_of(&self, meta: &Map<String, Value>, markdown: &str) -> Abstract {
        self.abstracts.of(meta, markdown)
    }

    /// Whether a page may be listed, by its path in the docs and its front matter.
    pub fn lists(&self, path: &str, meta: &Map<String, Value>) -> bool {
        let is_draft = meta.get("draft") == Some(&Value::Bool(true));
        !is_draft && self.pages.has(path)
    }

    /// How pages name the feeds.
    pub fn links(&self) -> impl Iterator<Item = FeedLink> {
        self.files.iter().map(|file| FeedLink {
            title: self.title.clone(),
            format: file.format,
            order: file.order,
            path: file.path.clone(),
        })
    }

    /// How many of `count` pages a feed lists.
    pub fn shown(&self, count: usize) -> usize {
        let length = usize::try_from(self.length.unsigned_abs()).unwrap_or(usize::MAX);
        if self.length < 0 {
            count.saturating_sub(length)
        } else {
            count.min(length)
        }
    }
}
