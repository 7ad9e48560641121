use std::sync::Arc;

use crate::markdown::MarkdownOptions;
use crate::plugins::blog::{Counts, Excerpt, begin_excerpt, divide};
use crate::site::queries::bodies::render_excerpt;
use crate::site::queries::posts::blogs;
use crate::site::queries::posts::post;
use crate::site::queries::{body, meta, options, templates};
use crate::site::{Db, Entry};

/// The Markdown dialect of excerpts.
#[salsa::tracked(returns(clone))]
fn excerpt_options(db: &dyn Db) -> Arc<MarkdownOptions> {
    Arc::new(options(db).of_excerpts())
}

/// What views show of a post. It stays the same while the rest of the post is edited.
#[salsa::tracked(returns(clone))]
pub(super) fn excerpt(db: &dyn Db, page: Entry) -> Arc<Excerpt> {
    rendered(db, page).0.clone()
}

/// The HTML of a post after its separator, for templates that show it.
#[salsa::tracked(returns(clone))]
pub(super) fn more(db: &dyn Db, page: Entry) -> Option<Arc<str>> {
    rendered(db, page).1.clone()
}

/// Whether the site's own templates may show more of a post than its excerpt.
#[salsa::tracked(returns(copy))]
pub(super) fn shows_more(db: &dyn Db) -> bool {
    let templates = templates(db);
    templates.values().any(|it| it.text.contains(".more"))
}

/// Whether the site's own templates may show which posts and views a blog has.
#[salsa::tracked(returns(copy))]
pub(super) fn shows_contents(db: &dyn Db) -> bool {
    let templates = templates(db);
    let names = [".views", ".posts", ".pages"];
    let mut texts = templates.values().map(|it| &it.text);
    texts.any(|text| names.iter().any(|name| text.contains(name)))
}

/// Whether the site's own templates may show the links of posts that are listed.
#[salsa::tracked(returns(copy))]
pub(super) fn shows_links(db: &dyn Db) -> bool {
    let templates = templates(db);
    templates.values().any(|it| it.text.contains(".links"))
}

/// An excerpt, and the HTML after it.
type Rendered = (Arc<Excerpt>, Option<Arc<str>>);

#[salsa::tracked(returns(clone), lru = 128)]
fn rendered(db: &dyn Db, page: Entry) -> Arc<Rendered> {
    let Some(post) = post(db, page) else {
        return Arc::default();
    };
    // The title is a link in the excerpt, so that it has to have one.
    let title = match &body(db, page).title {
        Some(_) => None,
        None => Some(meta(db, page).title.clone()),
    };
    let begin = |text: &str| title.as_ref().map(|title| begin_excerpt(title, text));
    let body = render_excerpt(db, page, &excerpt_options(db), &begin);
    // Python-Markdown's output has no line break at its end.
    let html = body.html.trim_end_matches('\n');
    let (html, more) = divide(html, blogs(db)[post.blog].separator());
    let excerpt = Excerpt {
        html,
        has_more: more.as_ref().map(|more| !more.is_empty()),
        toc: body.toc,
        counts: Counts::of(&body.html),
    };
    Arc::new((Arc::new(excerpt), more.map(Arc::from)))
}
