//! `blog` of Material for MkDocs: posts, and views that list them.
//!
//! The modules are in the order in which a site is made: what a post says about itself
//! (`post`), where it goes (`paths`), which views list it (`views`), and what they show
//! of it (`excerpt`).

mod authors;
mod excerpt;
mod links;
mod paths;
mod post;
mod readtime;
mod views;

use serde_json::{Map, Value};

use crate::files::SourcePath;
use crate::markdown::Slugify;
use crate::options::options;

pub use authors::{Authors, read as read_authors};
pub use excerpt::{Counts, Excerpt, begin_excerpt, divide, links_from, place_link};
pub use links::{RawLink, written as written_links};
pub use post::{PostFault, read as read_post, written_title};
pub use readtime::readtime;
pub use views::{Listed, View, ViewKind, views};

options! {
    /// The plugin's options.
    pub struct Options {
        blog_dir: String = "blog",
        blog_toc: bool,
        post_dir: String = "{blog}/posts",
        post_date_format: String = "long",
        post_url_date_format: String = "yyyy/MM/dd",
        post_url_format: String = "{date}/{slug}",
        post_url_max_categories: i64 = 1,
        post_slugify: Value,
        post_slugify_separator: String = "-",
        post_excerpt: String = "optional",
        post_excerpt_max_authors: i64 = 1,
        post_excerpt_max_categories: i64 = 5,
        post_excerpt_separator: String = "<!-- more -->",
        post_readtime: bool = true,
        post_readtime_words_per_minute: i64 = 265,
        archive: bool = true,
        archive_name: String = "blog.archive",
        archive_date_format: String = "yyyy",
        archive_url_date_format: String = "yyyy",
        archive_url_format: String = "archive/{date}",
        archive_pagination: Option<bool>,
        archive_pagination_per_page: Option<i64>,
        archive_toc: Option<bool>,
        categories: bool = true,
        categories_name: String = "blog.categories",
        categories_url_format: String = "category/{slug}",
        categories_slugify: Value,
        categories_slugify_separator: String = "-",
        categories_sort_by: Value,
        categories_sort_reverse: bool,
        categories_allowed: Vec<String>,
        categories_pagination: Option<bool>,
        categories_pagination_per_page: Option<i64>,
        categories_toc: Option<bool>,
        authors: bool = true,
        authors_file: String = "{blog}/.authors.yml",
        authors_profiles: bool,
        authors_profiles_name: String = "blog.authors",
        authors_profiles_url_format: String = "author/{slug}",
        authors_profiles_pagination: Option<bool>,
        authors_profiles_pagination_per_page: Option<i64>,
        authors_profiles_toc: Option<bool>,
        pagination: bool = true,
        pagination_per_page: i64 = 10,
        pagination_url_format: String = "page/{page}",
        pagination_format: Option<String>,
        pagination_template: Option<String>,
        pagination_if_single_page: bool,
        pagination_keep_content: bool,
        draft: bool,
        draft_on_serve: bool = true,
        draft_if_future_date: bool,
    }
}

/// One blog of a site: an instance of the plugin.
#[derive(Debug, Clone)]
pub struct Blog {
    /// Its options as written, which say whether two blogs are the same.
    written: Map<String, Value>,
    options: Options,
    /// The folder of the blog in the docs; empty for all of them.
    pub folder: String,
    /// What the paths of posts begin with.
    posts: String,
    /// The language in which dates are written.
    language: String,
    post_slugify: Slugify,
    categories_slugify: Slugify,
}

impl PartialEq for Blog {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written && self.language == other.language
    }
}

impl Eq for Blog {}

impl Blog {
    /// The blog with these options, on a site in a language.
    pub fn new(written: &Map<String, Value>, language: &str) -> Self {
        let options = Options::read(written);
        let slugify = |value: &Value| Slugify::of(Some(value)).unwrap_or(Slugify::LOWER);
        Self {
            folder: paths::normal(&options.blog_dir),
            posts: paths::normal(&options.post_dir.replace("{blog}", &options.blog_dir)),
            language: language.to_owned(),
            post_slugify: slugify(&options.post_slugify),
            categories_slugify: slugify(&options.categories_slugify),
            options,
            written: written.clone(),
        }
    }

    /// Whether the page or file at a path of the docs is one of its posts, or beside
    /// them.
    pub fn has_post(&self, path: &str) -> bool {
        !self.posts.is_empty() && path.starts_with(&self.posts)
    }

    /// The path of its entry page.
    pub fn index(&self) -> String {
        paths::joined(&self.folder, "index.md")
    }

    /// Whether a path is that of its entry page.
    pub fn is_index(&self, path: &str) -> bool {
        path == self.index()
    }

    /// Whether it is all of the site, and not a part of it.
    pub fn is_standalone(&self) -> bool {
        self.folder.is_empty()
    }

    /// Where a file of the docs is written, if it is shown by posts: the folder of the
    /// posts is not part of addresses.
    pub fn moved_asset(&self, path: &str) -> Option<String> {
        let extension = SourcePath::new(path).extension().map(str::to_lowercase);
        let is_page = matches!(extension.as_deref(), Some("html" | "htm" | "xml" | "json"));
        if is_page || !self.has_post(path) {
            return None;
        }
        let moved = path.replace(&self.posts, &self.folder);
        Some(paths::normal(&moved))
    }

    /// The file that says who its authors are, by its path in the docs; `None` if there
    /// are none.
    pub fn authors_file(&self) -> Option<String> {
        let options = &self.options;
        let file = options.authors_file.replace("{blog}", &options.blog_dir);
        options.authors.then(|| paths::normal(&file))
    }

    /// What ends the excerpt of a post.
    pub fn separator(&self) -> &str {
        &self.options.post_excerpt_separator
    }

    /// Whether each post has to have it.
    pub fn requires_separator(&self) -> bool {
        self.options.post_excerpt == "required"
    }

    /// How many of its authors the excerpt of a post names.
    pub fn authors_of_excerpt(&self) -> usize {
        usize::try_from(self.options.post_excerpt_max_authors).unwrap_or(0)
    }

    /// How many of its categories the excerpt of a post names.
    pub fn categories_of_excerpt(&self) -> usize {
        usize::try_from(self.options.post_excerpt_max_categories).unwrap_or(0)
    }

    /// How many words people read in a minute; `None` if posts do not tell how long
    /// they take.
    pub fn words_per_minute(&self) -> Option<i64> {
        let options = &self.options;
        options
            .post_readtime
            .then_some(options.post_readtime_words_per_minute)
    }

    /// The pattern by which dates are shown.
    pub fn date_format(&self) -> &str {
        &self.options.post_date_format
    }

    /// Whether the pages of a view after the first show its text too.
    pub fn keeps_content(&self) -> bool {
        self.options.pagination_keep_content
    }

    /// How links to the other pages of a view are shown.
    pub fn pagination_format(&self) -> &str {
        let options = &self.options;
        let format = options.pagination_format.as_deref();
        format
            .or(options.pagination_template.as_deref())
            .unwrap_or("~2~")
    }

    /// Whether they are shown if there are none.
    pub fn shows_single_page(&self) -> bool {
        self.options.pagination_if_single_page
    }

    /// The name of the section with the views of a kind, which may be a key of the
    /// theme's words; `None` if there are no such views.
    pub fn section(&self, kind: ViewKind) -> Option<&str> {
        let options = &self.options;
        let (is_on, name) = match kind {
            ViewKind::Index => return None,
            ViewKind::Archive => (options.archive, &options.archive_name),
            ViewKind::Category => (options.categories, &options.categories_name),
            ViewKind::Profile => (options.authors_profiles, &options.authors_profiles_name),
        };
        is_on.then_some(name)
    }

    /// Whether the table of contents of views of a kind has the posts.
    pub fn shows_posts_in_toc(&self, kind: ViewKind) -> bool {
        let options = &self.options;
        let own = match kind {
            ViewKind::Index => None,
            ViewKind::Archive => options.archive_toc,
            ViewKind::Category => options.categories_toc,
            ViewKind::Profile => options.authors_profiles_toc,
        };
        own.unwrap_or(options.blog_toc)
    }

    /// How many posts there are on a page of a view; `None` for all.
    pub fn posts_per_page(&self, kind: ViewKind) -> Option<usize> {
        let options = &self.options;
        let (is_on, count) = match kind {
            ViewKind::Index => (None, None),
            ViewKind::Archive => (
                options.archive_pagination,
                options.archive_pagination_per_page,
            ),
            ViewKind::Category => (
                options.categories_pagination,
                options.categories_pagination_per_page,
            ),
            ViewKind::Profile => (
                options.authors_profiles_pagination,
                options.authors_profiles_pagination_per_page,
            ),
        };
        let count = count.unwrap_or(options.pagination_per_page);
        let is_on = is_on.unwrap_or(options.pagination);
        is_on.then(|| usize::try_from(count).unwrap_or(1).max(1))
    }

    /// Whether a category may be given to a post.
    pub fn allows(&self, category: &str) -> bool {
        let allowed = &self.options.categories_allowed;
        allowed.is_empty() || allowed.iter().any(|it| it == category)
    }

    /// The categories that may be given to posts; empty if any may.
    pub fn allowed_categories(&self) -> &[String] {
        &self.options.categories_allowed
    }

    /// Whether posts that a build leaves out are left out even while the site is served.
    pub fn hides_drafts(written: &Map<String, Value>) -> bool {
        let options = Options::read(written);
        let leaves_out = !options.draft || options.draft_if_future_date;
        leaves_out && !options.draft_on_serve
    }
}
