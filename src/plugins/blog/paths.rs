//! Where posts and views go.

use serde_json::{Map, Value};

use super::Blog;
use crate::files::SourcePath;
use crate::python;
use crate::theme::PostConfig;
use crate::url::is_index;
use crate::yaml::Timestamp;

/// A path as Python's `posixpath.normpath` has it, without what would lead out of the
/// docs; empty for the docs themselves.
pub fn normal(path: &str) -> String {
    let path = SourcePath::new(path);
    let mut path = path.as_str();
    while let Some(rest) = path.strip_prefix("../") {
        path = rest;
    }
    if path == ".." { "" } else { path }.to_owned()
}

/// The path of something in a folder, which may be empty for the docs themselves.
pub fn joined(folder: &str, name: &str) -> String {
    normal(format!("{folder}/{name}").trim_start_matches('/'))
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

impl Blog {
    /// The path of the page that a format names.
    fn page(&self, format: &str, default: &str, fields: &[(&str, &str)]) -> String {
        let field = |name: &str| {
            let mut fields = fields.iter();
            let found = fields.find(|(field, _)| *field == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let path = python::format(format, &field)
            .or_else(|_| python::format(default, &field))
            .unwrap_or_default();
        let path = normal(path.trim_matches('/'));
        joined(&self.folder, &format!("{path}.md"))
    }

    /// Formats that cannot be formatted, each with its option and the reason.
    pub fn format_faults(&self) -> Vec<(&'static str, String)> {
        let options = &self.options;
        let formats: [(&'static str, &str, &[&str]); 5] = [
            (
                "post_url_format",
                &options.post_url_format,
                &["categories", "date", "file", "slug"],
            ),
            ("archive_url_format", &options.archive_url_format, &["date"]),
            (
                "categories_url_format",
                &options.categories_url_format,
                &["slug"],
            ),
            (
                "authors_profiles_url_format",
                &options.authors_profiles_url_format,
                &["slug", "name"],
            ),
            (
                "pagination_url_format",
                &options.pagination_url_format,
                &["page"],
            ),
        ];
        let faults = formats.into_iter().filter_map(|(option, format, fields)| {
            let field = |name: &str| fields.contains(&name).then(|| "1".to_owned());
            let reason = python::format(format, &field).err()?;
            Some((option, reason))
        });
        faults.collect()
    }

    fn date(&self, date: &Timestamp, pattern: &str) -> String {
        date.written().by_pattern(pattern, &self.language)
    }

    /// The path of the page of a post, whose title and file these are.
    pub fn post_path(&self, post: &PostConfig, title: &str, source: &str) -> String {
        let options = &self.options;
        let most = usize::try_from(options.post_url_max_categories).unwrap_or(0);
        let categories = post.categories.iter().take(most);
        let categories: Vec<String> = categories.map(|name| self.category_slug(name)).collect();
        let slug = post.slug.clone().filter(|slug| !slug.is_empty());
        let slug = slug.unwrap_or_else(|| {
            let separator = &options.post_slugify_separator;
            self.post_slugify.apply(title, separator)
        });
        let date = self.date(post.created(), &options.post_url_date_format);
        let file = match stem(source) {
            "README" => "index",
            stem => stem,
        };
        self.page(
            &options.post_url_format,
            "{date}/{slug}",
            &[
                ("categories", &categories.join("/")),
                ("date", &date),
                ("file", file),
                ("slug", &slug),
            ],
        )
    }

    fn category_slug(&self, name: &str) -> String {
        let separator = &self.options.categories_slugify_separator;
        self.categories_slugify.apply(name, separator)
    }

    /// The name of the archive that a post is in.
    pub(super) fn archive_name(&self, post: &PostConfig) -> String {
        self.date(post.created(), &self.options.archive_date_format)
    }

    /// The path of the page of that archive.
    pub(super) fn archive_path(&self, post: &PostConfig) -> String {
        let options = &self.options;
        let date = self.date(post.created(), &options.archive_url_date_format);
        self.page(
            &options.archive_url_format,
            "archive/{date}",
            &[("date", &date)],
        )
    }

    /// The path of the page of a category.
    pub(super) fn category_path(&self, name: &str) -> String {
        let slug = self.category_slug(name);
        self.page(
            &self.options.categories_url_format,
            "category/{slug}",
            &[("slug", &slug)],
        )
    }

    /// The path of the page of an author.
    pub(super) fn profile_path(&self, id: &str, author: &Map<String, Value>) -> String {
        let text = |key: &str| author.get(key).and_then(python::plain);
        let slug = text("slug").filter(|slug| !slug.is_empty());
        let slug = slug.unwrap_or_else(|| id.to_owned());
        let name = text("name").unwrap_or_default();
        self.page(
            &self.options.authors_profiles_url_format,
            "author/{slug}",
            &[("slug", &slug), ("name", &name)],
        )
    }

    /// The path of a page of a view after the first.
    pub(super) fn later_page(&self, view: &str, number: usize) -> String {
        let number = number.to_string();
        let field = |name: &str| (name == "page").then(|| number.clone());
        let path = python::format(&self.options.pagination_url_format, &field);
        let path = path.unwrap_or_else(|_| format!("page/{number}"));
        let path = path.trim_matches('/');
        let folder = view.rsplit_once('/').map_or("", |(folder, _)| folder);
        if is_index(stem(view)) {
            joined(folder, &format!("{}.md", joined(path, "index")))
        } else {
            let base = joined(folder, stem(view));
            joined(&base, &format!("{}.md", normal(path)))
        }
    }
}

impl Blog {
    /// Whether a category has its page at a path.
    pub fn is_category_at(&self, name: &str, path: &str) -> bool {
        self.category_path(name) == path
    }
}
