use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::add_meta;
use super::excerpts::{excerpt, more, shows_contents, shows_links, shows_more};
use super::links::resolved;
use crate::files::SourcePath;
use crate::markdown::Body;
use crate::plugins::blog::{ViewKind, links_from, readtime as readtime_of};
use crate::site::queries::content;
use crate::site::queries::docs_files::address;
use crate::site::queries::page_content::template_meta;
use crate::site::queries::posts::{Post, post};
use crate::site::queries::posts::{address_at, blogs};
use crate::site::queries::shown_navs::listed_page;
use crate::site::queries::views::{
    ViewPage, authors, is_generated, posts, source_of, view_page, views,
};
use crate::site::{Db, Entry};
use crate::theme::{
    BlogContents, BlogPage, BlogRole, Listed, Pagination, PostConfig, PostSummary, ShownExcerpt,
    ViewSummary,
};
use crate::url;

/// How many minutes it takes to read a post.
#[salsa::tracked(returns(copy))]
fn readtime(db: &dyn Db, page: Entry) -> Option<i64> {
    let post = post(db, page)?;
    let own = post.config.readtime.filter(|minutes| *minutes != 0);
    own.or_else(|| {
        let words = blogs(db)[post.blog].words_per_minute()?;
        Some(readtime_of(&content(db, page).html, words))
    })
    .or(post.config.readtime)
}

/// The pages of the categories of each blog, by the names of the categories.
#[salsa::tracked(returns(clone))]
fn categories(db: &dyn Db) -> Arc<[BTreeMap<String, SourcePath>]> {
    let views = views(db);
    let listed = posts(db);
    let of_blog = |number: usize| {
        let mut pages = BTreeMap::new();
        let of_blog = views.iter().filter(|(of, _)| *of == number);
        for (_, view) in of_blog.filter(|(_, view)| view.kind == ViewKind::Category) {
            let Some(source) = source_of(db, view.path()) else {
                continue;
            };
            let posts = view
                .posts
                .iter()
                .filter_map(|post| listed[number].get(*post));
            let names = posts.flat_map(|it| &it.post.categories);
            // Several names may have the same address.
            let names = names.filter(|name| blogs(db)[number].is_category_at(name, view.path()));
            for name in names {
                pages.insert(name.clone(), source.clone());
            }
        }
        pages
    };
    (0..blogs(db).len()).map(of_blog).collect()
}

/// The authors of a post, with the addresses of their pages.
fn authors_of(db: &dyn Db, post: &Post) -> Vec<Map<String, Value>> {
    let authors = authors(db);
    let known = &authors[post.blog].0;
    let blogs = blogs(db);
    let profiles = blogs[post.blog].profiles(known);
    let found = post.config.authors.iter().filter_map(|id| {
        let mut author = known.get(id)?.clone();
        let has_url = author
            .get("url")
            .is_some_and(|url| !url.is_null() && url != "");
        if !has_url && let Some(path) = profiles.get(id.as_str()) {
            let source = source_of(db, path)?;
            let address = address_at(db, db.entry(&source), path).url;
            author.insert(
                "url".to_owned(),
                if address.is_empty() {
                    "./".into()
                } else {
                    address.into()
                },
            );
        }
        Some(author)
    });
    found.collect()
}

/// The front matter of a page that others list. It stays the same while the text of the
/// page is edited.
#[salsa::tracked(returns(clone))]
fn listed_meta(db: &dyn Db, page: Entry) -> Arc<Map<String, Value>> {
    add_meta(db, page, template_meta(db, page))
}

/// What others show of a post, with its links if a template shows them.
fn summary(db: &dyn Db, page: Entry) -> Option<PostSummary> {
    let post = post(db, page)?;
    let categories = categories(db);
    let pages = &categories[post.blog];
    let of_post = post.config.categories.iter();
    let of_post = of_post.filter_map(|name| Some((name, pages.get(name)?)));
    let of_post = of_post.map(|(name, it)| (name.clone(), listed_page(db, db.entry(it))));
    let links = if shows_links(db) {
        let links = resolved(db, page).0.clone();
        (!links.is_empty()).then_some(links)
    } else {
        None
    };
    Some(PostSummary {
        page: Listed {
            meta: listed_meta(db, page),
            ..listed_page(db, page)
        },
        config: Arc::new(PostConfig {
            readtime: readtime(db, page),
            links,
            ..(*post.config).clone()
        }),
        authors: authors_of(db, &post),
        categories: of_post.collect(),
    })
}

/// The entry page of a blog.
fn entry_page(db: &dyn Db, blog: usize) -> Option<Listed> {
    let index = source_of(db, &blogs(db)[blog].index())?;
    Some(listed_page(db, db.entry(&index)))
}

/// All that each blog has.
#[salsa::tracked(returns(clone))]
fn all_contents(db: &dyn Db) -> Arc<[Arc<BlogContents>]> {
    let (views, posts) = (views(db), posts(db));
    let page = |path: &String| Some(listed_page(db, db.entry(&source_of(db, path)?)));
    let contents = |blog: usize| {
        let listed = posts[blog].iter();
        let of_blog = views.iter().filter(|(of, _)| *of == blog);
        let views = of_blog.filter_map(|(_, view)| {
            let pages: Vec<Listed> = view.pages.iter().filter_map(page).collect();
            let first = pages.first()?;
            let entry = db.entry(&first.source);
            Some(ViewSummary {
                page: Listed {
                    meta: listed_meta(db, entry),
                    ..first.clone()
                },
                is_generated: view.kind != ViewKind::Index && is_generated(db, entry),
                name: view.name.clone(),
                pages,
                posts: view.posts.clone(),
            })
        });
        Arc::new(BlogContents {
            posts: listed
                .filter_map(|post| summary(db, db.entry(&post.source)))
                .collect(),
            views: views.collect(),
        })
    };
    (0..posts.len()).map(contents).collect()
}

/// All that a blog has, if a template shows it.
fn shown_contents(db: &dyn Db, blog: usize) -> Option<Arc<BlogContents>> {
    shows_contents(db).then(|| all_contents(db)[blog].clone())
}

/// The posts before and after a post.
#[salsa::tracked(returns(clone))]
fn neighbours(db: &dyn Db, page: Entry) -> (Option<SourcePath>, Option<SourcePath>) {
    let Some(post) = post(db, page) else {
        return (None, None);
    };
    let source = page.path(db);
    let listed = posts(db);
    let posts = &listed[post.blog];
    let Some(at) = posts.iter().position(|it| it.source == source) else {
        return (None, None);
    };
    // The newest post is the first, and has no next one.
    let source = |at: Option<usize>| Some(posts.get(at?)?.source.clone());
    (source(at.checked_add(1)), source(at.checked_sub(1)))
}

/// What a page is in a blog; `None` if it is not part of one.
pub(in crate::site::queries) fn blog_page(db: &dyn Db, page: Entry) -> Option<Arc<BlogPage>> {
    if let Some(view) = view_page(db, page) {
        return of_view(db, page, &view).map(Arc::new);
    }
    let post = post(db, page)?;
    let mut of_page = summary(db, page)?;
    let links = resolved(db, page).0.clone();
    of_page.config = Arc::new(PostConfig {
        links: (!links.is_empty()).then_some(links),
        ..(*of_page.config).clone()
    });
    let entry = entry_page(db, post.blog)?;
    let mut related = vec![entry.clone()];
    let mut add = |source: Option<SourcePath>| {
        related.push(listed_page(db, db.entry(&source?)));
        Some(related.len() - 1)
    };
    let (before, after) = neighbours(db, page);
    let (previous, next) = (add(before), add(after));
    Some(Arc::new(BlogPage {
        role: BlogRole::Post {
            post: of_page,
            previous,
            next,
        },
        entry,
        contents: shown_contents(db, post.blog),
        related,
        is_generated: false,
    }))
}

fn of_view(db: &dyn Db, page: Entry, view: &ViewPage) -> Option<BlogPage> {
    let first: Listed = listed_page(db, db.entry(view.pages.first()?));
    let own = address(db, page)?.url;
    let blogs = blogs(db);
    let blog = &blogs[view.blog];
    let shown = view.posts.get(view.shown.clone()).unwrap_or_default();
    let times = view.times.iter().chain(std::iter::repeat(&0));
    let excerpts = shown.iter().zip(times).filter_map(|(source, times)| {
        let entry = db.entry(source);
        let mut post = summary(db, entry)?;
        post.authors.truncate(blog.authors_of_excerpt());
        post.categories.truncate(blog.categories_of_excerpt());
        let excerpt = excerpt(db, entry);
        Some(ShownExcerpt {
            post,
            html: links_from(&excerpt.counts.renumbered(&excerpt.html, *times), &own),
            more: more_of(db, entry, excerpt.has_more, &own),
            toc: excerpt.toc.clone(),
        })
    });
    let urls = view.pages.iter().filter_map(|source| {
        let url = address(db, db.entry(source))?.url;
        Some(url::relative_as_written(&url, &own))
    });
    let has_posts = !view.posts.is_empty();
    let pagination = if has_posts { view.per_page } else { None };
    let pagination = pagination.map(|per_page| Pagination {
        page: view.number + 1,
        per_page,
        items: view.posts.len(),
        urls: urls.collect(),
        format: blog.pagination_format().to_owned(),
        shows_single: blog.shows_single_page(),
    });
    let posts = view.posts.iter();
    Some(BlogPage {
        role: BlogRole::View {
            name: view.name.clone(),
            excerpts: excerpts.collect(),
            posts: posts
                .filter_map(|source| summary(db, db.entry(source)))
                .collect(),
            pagination,
        },
        entry: entry_page(db, view.blog)?,
        contents: shown_contents(db, view.blog),
        related: vec![first],
        is_generated: is_generated(db, page) && (view.number > 0 || view.kind != ViewKind::Index),
    })
}

/// The HTML of a post after its excerpt, as a view at an address shows it. Most templates
/// only ask whether there is any, and get a blank.
fn more_of(db: &dyn Db, post: Entry, has_more: Option<bool>, own: &str) -> Option<String> {
    if shows_more(db) {
        return more(db, post).map(|more| links_from(&more, own));
    }
    has_more.map(|has_more| if has_more { " " } else { "" }.to_owned())
}

/// The body of a page of a view with the posts that it shows in its table of contents.
pub(in crate::site::queries) fn with_posts_in_toc(
    db: &dyn Db,
    page: Entry,
    body: Arc<Body>,
) -> Arc<Body> {
    let Some(view) = view_page(db, page) else {
        return body;
    };
    if !blogs(db)[view.blog].shows_posts_in_toc(view.kind) || body.toc.is_empty() {
        return body;
    }
    let mut body = (*body).clone();
    let shown = view.posts.get(view.shown.clone()).unwrap_or_default();
    let titles = shown.iter();
    let titles = titles.filter_map(|source| excerpt(db, db.entry(source)).toc.first().cloned());
    if let Some(first) = body.toc.first_mut() {
        first.children.extend(titles);
    }
    Arc::new(body)
}
