//! What pages are in a blog, as plain data: posts, and views that list them.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::listed::Listed;
use crate::markdown::TocItem;
use crate::yaml::Timestamp;

/// What a post says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostConfig {
    /// Its dates by name, among them `created`.
    pub dates: Vec<(String, Timestamp)>,
    /// The names of its authors in the file of authors.
    pub authors: Vec<String>,
    /// Its categories.
    pub categories: Vec<String>,
    /// Whether it is a draft, if it says so.
    pub draft: Option<bool>,
    /// Whether it comes before all others.
    pub pin: bool,
    /// How many minutes it takes to read it.
    pub readtime: Option<i64>,
    /// The last part of its address, if it says so.
    pub slug: Option<String>,
    /// What else to read.
    pub links: Option<Vec<PostLink>>,
}

impl PostConfig {
    /// When it was created.
    pub fn created(&self) -> &Timestamp {
        let mut dates = self.dates.iter();
        let created = dates.find(|(name, _)| name == "created");
        match created.or(self.dates.first()) {
            Some((_, date)) => date,
            None => &NO_DATE,
        }
    }
}

/// The date of a post without dates.
static NO_DATE: std::sync::LazyLock<Timestamp> =
    std::sync::LazyLock::new(|| crate::time::Moment::new(0).into());

/// A link of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostLink {
    /// Links with a title.
    Section(String, Vec<PostLink>),
    /// A link.
    Link {
        /// Its title, if it has one.
        title: Option<String>,
        /// Where it leads.
        url: String,
        /// What the page that it leads to says about itself; `None` if it leads to
        /// something else.
        meta: Option<Arc<Map<String, Json>>>,
    },
}

/// A post as others show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostSummary {
    /// The page.
    pub page: Listed,
    /// What it says about itself.
    pub config: Arc<PostConfig>,
    /// Its authors.
    pub authors: Vec<Map<String, Json>>,
    /// Its categories by name, with their pages.
    pub categories: Vec<(String, Listed)>,
}

/// A view as templates list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewSummary {
    /// Its first page.
    pub page: Listed,
    /// Its name; `None` for the entry page of the blog.
    pub name: Option<String>,
    /// All its pages.
    pub pages: Vec<Listed>,
    /// Whether its first page has no file, so that nobody can edit it.
    pub is_generated: bool,
    /// The numbers of its posts among those of the blog.
    pub posts: Vec<usize>,
}

/// All that a blog has, for templates that list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlogContents {
    /// Its posts, in the order of its entry page.
    pub posts: Vec<PostSummary>,
    /// Its views, the entry page first.
    pub views: Vec<ViewSummary>,
}

/// What a view shows of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownExcerpt {
    /// The post, with the authors and categories that are shown.
    pub post: PostSummary,
    /// The HTML before the separator.
    pub html: String,
    /// The HTML after it; `None` if there is no separator.
    pub more: Option<String>,
    /// Its title, for the table of contents.
    pub toc: Vec<TocItem>,
}

/// The pages of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagination {
    /// The number of the current page, from 1.
    pub page: usize,
    /// How many posts there are on each.
    pub per_page: usize,
    /// How many posts there are.
    pub items: usize,
    /// Their addresses.
    pub urls: Vec<String>,
    /// How links to them are shown.
    pub format: String,
    /// Whether they are shown if there is one page only.
    pub shows_single: bool,
}

/// What a page is in a blog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlogRole {
    /// A post.
    Post {
        /// What is known of it.
        post: PostSummary,
        /// The number of the post before it among the related pages.
        previous: Option<usize>,
        /// The number of the post after it.
        next: Option<usize>,
    },
    /// A page of a view.
    View {
        /// The name of the view.
        name: Option<String>,
        /// What it shows of posts.
        excerpts: Vec<ShownExcerpt>,
        /// All posts of the view.
        posts: Vec<PostSummary>,
        /// The pages of the view; `None` if it has one for all posts.
        pagination: Option<Pagination>,
    },
}

/// What a page is in a blog, and where in the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlogPage {
    /// What it is.
    pub role: BlogRole,
    /// The entry page of the blog.
    pub entry: Listed,
    /// What else the blog has; `None` if no template asks for it.
    pub contents: Option<Arc<BlogContents>>,
    /// Other pages. The first of them stands for this one in the nav: the entry page of
    /// the blog for posts, the first page of a view for the others.
    pub related: Vec<Listed>,
    /// Whether it has no file, so that nobody can edit it.
    pub is_generated: bool,
}

impl BlogPage {
    /// Whether it is a post.
    pub(super) fn is_post(&self) -> bool {
        matches!(self.role, BlogRole::Post { .. })
    }
}
