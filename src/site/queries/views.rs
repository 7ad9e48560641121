//! Views of blogs: the pages that list posts, with those that have no file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::docs_walk::walked;
use super::fronts::after_front;
use super::markdown_options::options;
use super::posts::{address_at, blog_of, blog_of_page, blogs, moved_asset, post};
use super::settings::{docs, folders, use_directory_urls};
use super::{Text, kind, text};
use crate::config::{NavEntry, NavTarget};
use crate::diagnostic::Diagnostic;
use crate::files::{Kind, SourcePath};
use crate::markdown::{self, FirstHeading, front_matter::split};
use crate::nav::{PageEntry, mkdocs_sort_key, section_title};
use crate::plugins::blog::{
    Authors, Blog, Listed, View, ViewKind, read_authors, views as views_of,
};
use crate::python::plain;
use crate::site::{Db, Entry, Files, PageFile};
use crate::url::{Address, is_index};

/// The authors of each blog, with the problems of their files.
#[salsa::tracked(returns(clone))]
pub(super) fn authors(db: &dyn Db) -> Arc<[(Arc<Authors>, Vec<Diagnostic>)]> {
    let (blogs, folders) = (blogs(db), folders(db));
    let read = |path: String| {
        let docs = docs(db)?;
        let folders = folders.as_ref()?;
        let layers = docs.layers.iter().map(|layer| &layer.folder);
        let mut files = layers.chain([&folders.docs_dir]).map(|it| it.join(&path));
        files.find_map(|file| {
            let text = text(db, db.entry(&file)).readable()?;
            Some(read_authors(&file, &text))
        })
    };
    let authors = blogs.iter().map(|blog| {
        let read = blog.authors_file().and_then(read);
        let (authors, faults) = read.unwrap_or_default();
        (Arc::new(authors), faults)
    });
    authors.collect()
}

/// The posts of each blog, as views list them.
#[salsa::tracked(returns(clone))]
pub(super) fn posts(db: &dyn Db) -> Arc<[Arc<[Listed]>]> {
    let blogs = blogs(db);
    let mut posts: Vec<Vec<Listed>> = blogs.iter().map(|_| Vec::new()).collect();
    let files = walked(db);
    let mut pages: Vec<_> = files
        .pages
        .iter()
        .filter(|page| blog_of(&blogs, &page.path).is_some())
        .collect();
    pages.sort_by_cached_key(|page| mkdocs_sort_key(&page.path));
    for page in pages {
        if let Some(post) = post(db, db.entry(&page.source)) {
            posts[post.blog].push(Listed {
                source: page.source.clone(),
                post: post.config,
            });
        }
    }
    for posts in &mut posts {
        Blog::sort(posts);
    }
    posts.into_iter().map(Arc::from).collect()
}

/// All views, each with the number of its blog.
#[salsa::tracked(returns(clone))]
pub(super) fn views(db: &dyn Db) -> Arc<[(usize, View)]> {
    let (posts, authors) = (posts(db), authors(db));
    let blogs = blogs(db);
    let mut found = Vec::new();
    for (number, blog) in blogs.iter().enumerate() {
        let views = views_of(blog, &posts[number], &authors[number].0);
        found.extend(views.into_iter().map(|view| (number, view)));
    }
    found.into()
}

/// Where a page of a view is: the number of the view, and that of the page.
type Place = (usize, usize);

/// The pages of all views by their paths in the docs.
#[salsa::tracked(returns(clone))]
fn places(db: &dyn Db) -> Arc<BTreeMap<String, Place>> {
    let mut places = BTreeMap::new();
    for (at, (_, view)) in views(db).iter().enumerate() {
        for (number, path) in view.pages.iter().enumerate() {
            places.insert(path.clone(), (at, number));
        }
    }
    Arc::new(places)
}

/// A page of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ViewPage {
    pub(super) blog: usize,
    pub(super) kind: ViewKind,
    pub(super) name: Option<String>,
    /// Its number among the pages of the view, from 0.
    pub(super) number: usize,
    /// The sources of all pages of the view.
    pub(super) pages: Vec<SourcePath>,
    /// The posts of the view.
    pub(super) posts: Vec<SourcePath>,
    /// Which of them the page shows.
    pub(super) shown: std::ops::Range<usize>,
    pub(super) per_page: Option<usize>,
    /// How many pages show each of them before.
    pub(super) times: Vec<usize>,
}

/// The page of a view that a page is; `None` if it is none. Without blogs, this is no
/// query of its own.
pub(super) fn view_page(db: &dyn Db, page: Entry) -> Option<Arc<ViewPage>> {
    if blogs(db).is_empty() {
        return None;
    }
    page_of_view(db, page)
}

#[salsa::tracked(returns(clone))]
fn page_of_view(db: &dyn Db, page: Entry) -> Option<Arc<ViewPage>> {
    let docs = docs(db)?;
    let source = page.path(db);
    let (at, number) = *places(db).get(&*docs.path(&source)?)?;
    let views = views(db);
    let (blog, view) = views.get(at)?;
    let listed = posts(db);
    let shown = view.posts_on(number).len();
    let start = view.per_page.map_or(0, |count| count * number);
    let start = start.min(view.posts.len());
    Some(Arc::new(ViewPage {
        blog: *blog,
        kind: view.kind,
        // The others are copies of the first without its name.
        name: if number == 0 { view.name.clone() } else { None },
        number,
        pages: view
            .pages
            .iter()
            .filter_map(|it| source_of(db, it))
            .collect(),
        posts: view
            .posts
            .iter()
            .filter_map(|post| Some(listed[*blog].get(*post)?.source.clone()))
            .collect(),
        shown: start..start + shown,
        times: times_shown(db)
            .get(&(at, number))
            .cloned()
            .unwrap_or_default(),
        per_page: view.per_page,
    }))
}

/// For each page of a view, how many pages show each of its posts before, in the order in
/// which MkDocs builds them.
#[salsa::tracked(returns(clone))]
fn times_shown(db: &dyn Db) -> Arc<BTreeMap<Place, Vec<usize>>> {
    let (places, views) = (places(db), views(db));
    let files = with_generated(db);
    let pages = files.pages.iter();
    let mut pages: Vec<_> = pages
        .filter_map(|page| Some((page, *places.get(&page.path)?)))
        .collect();
    pages.sort_by_cached_key(|(page, _)| page.order());
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let times = pages.into_iter().filter_map(|(_, (at, number))| {
        let (blog, view) = views.get(at)?;
        let shown = view.posts_on(number).iter().map(|post| {
            let count = counts.entry((*blog, *post)).or_default();
            *count += 1;
            *count - 1
        });
        Some(((at, number), shown.collect()))
    });
    Arc::new(times.collect())
}

/// The source of a page of a view: a file, or the place where it would be.
pub(super) fn source_of(db: &dyn Db, path: &str) -> Option<SourcePath> {
    let docs = docs(db)?;
    let is_file = |source: &SourcePath| kind(db, db.entry(source)) == Some(Kind::File);
    let file = docs.sources(path).find(is_file);
    file.or_else(|| docs.sources(path).next())
}

/// The text of a page of a view that has no file.
#[salsa::tracked(returns(clone))]
fn generated_text(db: &dyn Db, page: Entry) -> Option<Arc<str>> {
    let view = view_page(db, page)?;
    if view.number > 0 {
        return page_text(db, db.entry(view.pages.first()?)).readable();
    }
    Some(match &view.name {
        Some(name) => format!("# {name}").into(),
        None => "# Blog\n\n".into(),
    })
}

/// The text of a page, which may be one that a blog generates.
pub(super) fn page_text(db: &dyn Db, page: Entry) -> Text {
    match text(db, page) {
        Text::Missing if page.path(db).is_markdown() && !blogs(db).is_empty() => {
            generated_text(db, page).map_or(Text::Missing, Text::Present)
        }
        text => text,
    }
}

/// Whether a page has no file, because a blog generates it.
pub(super) fn is_generated(db: &dyn Db, page: Entry) -> bool {
    !blogs(db).is_empty() && text(db, page) == Text::Missing && generated_text(db, page).is_some()
}

/// Whether pages of views may show something else than their texts.
pub(super) fn has_later_texts(db: &dyn Db) -> bool {
    blogs(db).iter().any(|blog| !blog.keeps_content())
}

/// What the pages of a view after the first show instead of its text: its title.
pub(super) fn later_text(db: &dyn Db, page: Entry) -> Option<String> {
    let view = view_page(db, page)?;
    if view.number == 0 || blogs(db)[view.blog].keeps_content() {
        return None;
    }
    let first = db.entry(view.pages.first()?);
    let source = first.path(db);
    let text = page_text(db, first).readable().unwrap_or_default();
    let front = split(&source, &text);
    let body = after_front(&text, &front);
    let title = match markdown::first_heading(body, &options(db)) {
        FirstHeading::Is(title) => title,
        // A heading that only the site can render is taken as it is written.
        FirstHeading::InBody => {
            let line = body.lines().map(str::trim).find(|line| !line.is_empty());
            line.unwrap_or_default()
                .trim_start_matches(['#', ' '])
                .to_owned()
        }
        FirstHeading::None => front.meta.get("title").and_then(plain).unwrap_or_else(|| {
            let name = source.name();
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            section_title(if is_index(stem) { "index" } else { stem })
        }),
    };
    Some(format!("# {title}"))
}

/// The address of a page that has no file.
pub(super) fn generated_address(db: &dyn Db, page: Entry, path: &str) -> Option<String> {
    let is_page = page.path(db).is_markdown() && kind(db, page).is_none();
    (is_page && view_page(db, page).is_some())
        .then(|| Address::of_page(path, use_directory_urls(db)).url)
}

/// The files of the site with the pages that blogs generate.
#[salsa::tracked(returns(clone))]
pub(super) fn with_generated(db: &dyn Db) -> Arc<Files> {
    let walked = walked(db);
    if blogs(db).is_empty() {
        return walked;
    }
    let mut files = (*walked).clone();
    let blogs = blogs(db);
    for page in &mut files.pages {
        if blog_of(&blogs, &page.path).is_some() {
            let address = address_at(db, page.entry, &page.path);
            let in_nav = PageEntry {
                url: address.url.clone(),
                ..(*page.in_nav).clone()
            };
            *page = Arc::new(PageFile {
                in_nav: Arc::new(in_nav),
                address,
                ..(**page).clone()
            });
        }
    }
    let assets = std::mem::take(&mut files.assets).into_iter();
    let assets = assets.map(|(path, source)| (moved_asset(db, &path).unwrap_or(path), source));
    files.assets = assets.collect();
    let known: BTreeSet<&str> = walked.pages.iter().map(|it| it.path.as_str()).collect();
    let views = views(db);
    let mut paths = Vec::new();
    for number in 0..blogs.len() {
        let of_blog = || views.iter().filter(|(of, _)| *of == number);
        let mut made: Vec<&View> = of_blog().map(|(_, view)| view).collect();
        made.sort_by_key(|view| (view.kind, view.made));
        paths.extend(made.into_iter().filter_map(|view| view.pages.first()));
        paths.extend(of_blog().flat_map(|(_, view)| view.pages.iter().skip(1)));
    }
    let mut added = BTreeSet::new();
    for path in paths {
        if known.contains(path.as_str()) || !added.insert(path.as_str()) {
            continue;
        }
        if let Some(source) = source_of(db, path) {
            let address = Address::of_page(path, use_directory_urls(db));
            let in_nav = PageEntry {
                source: source.clone(),
                path: path.clone(),
                url: address.url.clone(),
            };
            files.pages.push(Arc::new(PageFile {
                entry: db.entry(&source),
                in_nav: Arc::new(in_nav),
                source,
                path: path.clone(),
                address,
                generated: added.len(),
            }));
        }
    }
    files.pages.sort_by(|a, b| a.path.cmp(&b.path));
    Arc::new(files)
}

/// How navs treat a page of a blog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListedAs {
    /// The entry page is in every nav that follows the folders.
    Index,
    /// Posts and views are in none; views get sections of their own.
    Other,
}

/// How navs treat a page; `None` if it is not one of a blog.
pub(super) fn listed_as(db: &dyn Db, page: Entry) -> Option<ListedAs> {
    if let Some(view) = view_page(db, page) {
        let is_entry = view.kind == ViewKind::Index && view.number == 0;
        return Some(if is_entry {
            ListedAs::Index
        } else {
            ListedAs::Other
        });
    }
    // A post that is none for want of a date is no page of the nav either.
    blog_of_page(db, page).map(|_| ListedAs::Other)
}

/// The page that stands for a page in the nav: the entry page of its blog for a post, and
/// the first page of a view for the others.
pub(super) fn nav_page(db: &dyn Db, page: Entry) -> Option<SourcePath> {
    if let Some(view) = view_page(db, page) {
        return view.pages.first().cloned();
    }
    let post = post(db, page)?;
    source_of(db, &blogs(db)[post.blog].index())
}

/// The entries of a nav without the titles of pages of blogs, to which MkDocs gives none.
pub(super) fn without_titles(db: &dyn Db, entries: &[NavEntry]) -> Option<Vec<NavEntry>> {
    if blogs(db).is_empty() {
        return None;
    }
    let docs = docs(db)?;
    let is_of_blog = |path: &str| {
        let mut sources = docs.sources(path.trim_start_matches("./"));
        sources.any(|source| listed_as(db, db.entry(&source)).is_some())
    };
    Some(untitled(entries, &is_of_blog))
}

fn untitled(entries: &[NavEntry], is_of_blog: &dyn Fn(&str) -> bool) -> Vec<NavEntry> {
    let untitled = |entry: &NavEntry| {
        let mut entry = entry.clone();
        match &mut entry.target {
            NavTarget::Section(below) => *below = untitled(below, is_of_blog),
            NavTarget::Path(path) if is_of_blog(path) => entry.title = None,
            NavTarget::Path(_) => {}
        }
        entry
    };
    entries.iter().map(untitled).collect()
}
