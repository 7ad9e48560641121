use std::sync::Arc;

use serde_json::{Map, Value};

use super::docs_files::{address, is_draft};
use super::settings::{docs, languages, plugin};
use super::{
    autorefs, body, front, history, landing, lightbox, markdown_paths, static_i18n, tags,
    translated, typeset, withheld,
};
use crate::languages::not_translated;
use crate::markdown::Body;
use crate::plugins::minify;
use crate::site::{Db, Entry};

/// A page's body with what plugins insert into it.
pub fn content(db: &dyn Db, page: Entry) -> Arc<Body> {
    inserted(db, page).unwrap_or_else(|| body(db, page))
}

/// The same; `None` if plugins insert nothing, so that the body itself is not kept
/// twice, and can be forgotten.
#[salsa::tracked(returns(clone))]
pub(super) fn inserted(db: &dyn Db, page: Entry) -> Option<Arc<Body>> {
    let listed = tags::with_listings(db, page).map(Arc::new);
    let body = listed.clone().unwrap_or_else(|| body(db, page));
    let with_authors = history::with_authors(db, page, &body.html);
    let html = with_authors.as_ref().unwrap_or(&body.html);
    match autorefs::with_links(db, page, html).or(with_authors) {
        Some(html) => Some(Arc::new(Body {
            html,
            ..(*body).clone()
        })),
        None => listed,
    }
}

/// A page after the plugins that run last.
pub(super) fn finish(db: &dyn Db, html: String) -> String {
    let plugin = plugin(db, "minify");
    let settings =
        plugin.and_then(|plugin| minify::Settings::new(&minify::Options::read(&plugin.options)));
    match settings {
        Some(settings) => minify::html(&html, settings),
        None => html,
    }
}

/// The variables that plugins add to the template of a page.
pub(super) fn variables(db: &dyn Db, page: Entry) -> Map<String, Value> {
    let mut variables = Map::new();
    if let Some(tags) = tags::page_tags(db, page) {
        variables.insert(tags.0.clone(), tags.1.clone());
    }
    history::add_variables(db, page, &mut variables);
    variables.extend(static_i18n::variables(db, page));
    landing::add_variables(db, page, &mut variables);
    let address = address(db, page);
    if let Some(file) = address.and_then(|it| markdown_paths::beside(db, &it.output)) {
        variables.insert("markdown_file".to_owned(), file.into());
    }
    variables
}

/// The front matter of a page as its template sees it.
pub(super) fn template_meta(db: &dyn Db, page: Entry) -> Arc<Map<String, Value>> {
    let front = front(db, page);
    let dates = history::dates(db, page);
    if dates.is_empty() {
        return front;
    }
    let mut meta = (*front).clone();
    meta.extend(
        dates
            .iter()
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    Arc::new(meta)
}

/// What MkDocs puts before a draft while it is served.
const DRAFT: &str = "<div class=\"mkdocs-draft-marker\" title=\"This page will not be included into \
                     the built site.\">DRAFT</div>";

/// The body of a page as readers see it: with a notice if the page is not
/// translated, or would not be published.
pub fn with_notice(db: &dyn Db, page: Entry) -> Arc<Body> {
    let body = translated_or_with_notice(db, page);
    let mut before = withheld::notice(db, page).unwrap_or_default();
    if is_draft(db, page) {
        before.insert_str(0, DRAFT);
    }
    if before.is_empty() {
        return body;
    }
    Arc::new(Body {
        html: before + &body.html,
        ..(*body).clone()
    })
}

fn translated_or_with_notice(db: &dyn Db, page: Entry) -> Arc<Body> {
    let body = lightbox::with_links(db, page, content(db, page));
    let body = typeset::with_headings(db, page, body);
    let original = || {
        let current = languages(db)?.current().code.clone();
        let original = docs(db)?.layer(&page.path(db))?.original.clone()?;
        Some((current, original))
    };
    let Some((code, original)) = original() else {
        return translated::with_source_marks(db, page, body);
    };
    Arc::new(Body {
        html: not_translated(&code, &original, &body.html),
        ..(*body).clone()
    })
}
