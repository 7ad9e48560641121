//! Which views a blog has, and which posts each lists.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Authors, Blog};
use crate::files::SourcePath;
use crate::theme::PostConfig;

/// What a view lists the posts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViewKind {
    /// All posts: the entry page of the blog.
    Index,
    /// Those of a year, or of another time.
    Archive,
    /// Those of a category.
    Category,
    /// Those of an author.
    Profile,
}

/// A post as views list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its source.
    pub source: SourcePath,
    /// What it says about itself.
    pub post: Arc<PostConfig>,
}

/// A page that lists posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// What it lists the posts of.
    pub kind: ViewKind,
    /// The name of that; `None` for the entry page.
    pub name: Option<String>,
    /// The paths of its pages in the docs, the first of which may be a file.
    pub pages: Vec<String>,
    /// The posts, by their numbers in the blog.
    pub posts: Vec<usize>,
    /// How many of them are on a page.
    pub per_page: Option<usize>,
    /// Its number among the views of its kind in the order in which they are made, which
    /// is not that in which they are listed.
    pub made: usize,
}

impl View {
    /// The path of its first page.
    pub fn path(&self) -> &str {
        self.pages.first().map_or("", String::as_str)
    }

    /// The posts on one of its pages, counted from 0.
    pub fn posts_on(&self, page: usize) -> &[usize] {
        let Some(count) = self.per_page else {
            return &self.posts;
        };
        let start = (page * count).min(self.posts.len());
        let end = (start + count).min(self.posts.len());
        &self.posts[start..end]
    }
}

impl Blog {
    /// Sorts posts as views list them: pinned ones first, then the newest.
    pub fn sort(posts: &mut [Listed]) {
        posts.sort_by_key(|it| {
            let created = it.post.created();
            Reverse((it.post.pin, created.moment, created.micros))
        });
    }

    /// Whether categories are sorted by the number of their posts.
    fn sorts_by_count(&self) -> bool {
        written_name(&self.options.categories_sort_by).contains("view_post_count")
    }

    /// The function that sorts categories, if it is another than those of the plugin.
    pub fn unknown_order(&self) -> Option<String> {
        let name = written_name(&self.options.categories_sort_by);
        let known = ["view_name", "view_post_count"];
        let is_known = name.is_empty() || known.iter().any(|it| name.contains(it));
        (!is_known).then_some(name)
    }
}

/// The name of a Python function in an option.
fn written_name(value: &Value) -> String {
    match value {
        Value::String(name) => name.clone(),
        Value::Object(map) => map.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The views of a blog with these posts, which are sorted.
pub fn views(blog: &Blog, posts: &[Listed], authors: &Authors) -> Vec<View> {
    let mut found = vec![View {
        kind: ViewKind::Index,
        name: None,
        pages: vec![blog.index()],
        posts: (0..posts.len()).collect(),
        per_page: None,
        made: 0,
    }];
    if blog.section(ViewKind::Archive).is_some() {
        let archives = posts.iter().enumerate();
        let archives = archives.map(|(number, it)| {
            let name = blog.archive_name(&it.post);
            (number, name, blog.archive_path(&it.post))
        });
        found.extend(grouped(ViewKind::Archive, archives));
    }
    if blog.section(ViewKind::Category).is_some() {
        let categories = posts.iter().enumerate().flat_map(|(number, it)| {
            let names = it.post.categories.iter();
            names.map(move |name| (number, name.clone(), blog.category_path(name)))
        });
        let mut categories = grouped(ViewKind::Category, categories);
        categories.sort_by(|a, b| a.name.cmp(&b.name));
        let is_reversed = blog.options.categories_sort_reverse;
        match (blog.sorts_by_count(), is_reversed) {
            (true, true) => categories.sort_by_key(|it| Reverse(it.posts.len())),
            (true, false) => categories.sort_by_key(|it| it.posts.len()),
            (false, true) => categories.sort_by(|a, b| b.name.cmp(&a.name)),
            (false, false) => {}
        }
        found.extend(categories);
    }
    if blog.section(ViewKind::Profile).is_some() {
        let profiles = posts.iter().enumerate().flat_map(|(number, it)| {
            let ids = it.post.authors.iter();
            ids.filter_map(move |id| {
                let author = authors.get(id)?;
                let name = author.get("name").and_then(Value::as_str);
                let path = blog.profile_path(id, author);
                Some((number, name.unwrap_or(id).to_owned(), path))
            })
        });
        found.extend(grouped(ViewKind::Profile, profiles));
    }
    for view in &mut found {
        view.per_page = blog.posts_per_page(view.kind);
        let pages = view
            .per_page
            .map_or(1, |count| view.posts.len().div_ceil(count));
        let first = view.path().to_owned();
        let later = (2..=pages).map(|number| blog.later_page(&first, number));
        view.pages.extend(later);
    }
    found
}

/// Views of one kind from posts with the names and paths of views, in the order in
/// which views come up first.
fn grouped(kind: ViewKind, posts: impl Iterator<Item = (usize, String, String)>) -> Vec<View> {
    let mut views: Vec<View> = Vec::new();
    let mut by_path: BTreeMap<String, usize> = BTreeMap::new();
    for (number, name, path) in posts {
        let at = *by_path.entry(path.clone()).or_insert(views.len());
        if at == views.len() {
            views.push(View {
                kind,
                name: Some(name),
                pages: vec![path],
                posts: Vec::new(),
                per_page: None,
                made: at,
            });
        }
        views[at].posts.push(number);
    }
    views
}

impl Blog {
    /// The address of each author's page, for those that have one, by their names in
    /// posts.
    pub fn profiles<'a>(&self, authors: &'a Authors) -> BTreeMap<&'a str, String> {
        if self.section(ViewKind::Profile).is_none() {
            return BTreeMap::new();
        }
        let paths = authors.iter();
        let paths = paths.map(|(id, author)| (id.as_str(), self.profile_path(id, author)));
        paths.collect()
    }
}
