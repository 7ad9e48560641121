//! Headings as they are written in navs and tables of contents, with the plugin `typeset`.

use std::sync::Arc;

use super::fronts::after_front;
use super::posts::blog_of_page;
use super::settings::plugin;
use super::views::page_text;
use super::{body, front_matter, prepared};
use crate::markdown::Body;
use crate::plugins::typeset::{PageTitle, Typeset};
use crate::site::{Db, Entry};

/// Whether the plugin is enabled.
pub(super) fn is_enabled(db: &dyn Db) -> bool {
    plugin(db, "typeset").is_some()
}

/// The headings of a page.
fn headings(db: &dyn Db, page: Entry) -> Typeset {
    let body = body(db, page);
    match &prepared(db, page).generated {
        Some(generated) => Typeset::of(&body.html, &body.toc, generated.as_str()),
        None => {
            let text = page_text(db, page).readable().unwrap_or_default();
            let text = after_front(&text, &front_matter(db, page));
            Typeset::of(&body.html, &body.toc, text)
        }
    }
}

/// The heading that is the title of a page whose front matter has none. Posts know their
/// titles before Markdown is rendered, and keep them.
pub(super) fn page_title(db: &dyn Db, page: Entry) -> Option<PageTitle> {
    if blog_of_page(db, page).is_some() {
        return None;
    }
    headings(db, page).page
}

/// The body of a page with its headings in the table of contents.
pub(super) fn with_headings(db: &dyn Db, page: Entry, body: Arc<Body>) -> Arc<Body> {
    if !is_enabled(db) {
        return body;
    }
    let mut body = Arc::unwrap_or_clone(body);
    headings(db, page).apply(&mut body.toc);
    Arc::new(body)
}
