use std::sync::Arc;

use serde_json::{Value, json};

use super::docs_files::address;
use super::settings::{docs, tag_classes};
use super::shown_navs::title;
use super::tag_directives::settings;
use super::{body, files, front, prepared};
use crate::markdown::Body;
use crate::plugins::tags::{self, Listing, TaggedPage};
use crate::site::{Db, Entry};

/// All pages with tags, in the order of MkDocs.
#[salsa::tracked(returns(clone))]
pub(super) fn tagged(db: &dyn Db) -> Arc<Vec<TaggedPage>> {
    let Some(settings) = settings(db) else {
        return Arc::default();
    };
    let files = files(db);
    let with_tags = files.pages_in_order().into_iter().filter_map(|page| {
        let entry = db.entry(&page.source);
        let tags = settings.tags(&front(db, entry));
        (!tags.is_empty()).then(|| TaggedPage {
            path: page.path.clone(),
            url: page.address.url.clone(),
            title: title(db, entry),
            tags,
        })
    });
    Arc::new(with_tags.collect())
}

/// All listings of the site.
#[salsa::tracked(returns(clone))]
fn listings(db: &dyn Db) -> Arc<Vec<Listing>> {
    let mut listings = Vec::new();
    for page in &files(db).pages {
        let prepared = prepared(db, db.entry(&page.source));
        let directives = prepared.listings.iter().enumerate();
        listings.extend(directives.map(|(nth, directive)| Listing {
            nth,
            directive: directive.clone(),
            path: page.path.clone(),
            url: page.address.url.clone(),
        }));
    }
    Arc::new(listings)
}

/// The body of a page with its listings; `None` if it has no listings.
pub(super) fn with_listings(db: &dyn Db, page: Entry) -> Option<Body> {
    let settings = settings(db)?;
    if prepared(db, page).listings.is_empty() {
        return None;
    }
    let docs = docs(db)?;
    let source = page.path(db);
    let path = docs.path(&source)?;
    let mut body = (*body(db, page)).clone();
    let pages = tagged(db);
    let classes = tag_classes(db);
    for listing in listings(db).iter().filter(|listing| listing.path == path) {
        tags::put_in(&mut body, listing, &settings, &pages, Some(&classes));
    }
    Some(body)
}

/// The tags that a page shows, with the name of their template variable.
#[salsa::tracked(returns(clone))]
pub(super) fn page_tags(db: &dyn Db, page: Entry) -> Option<Arc<(String, Value)>> {
    let settings = settings(db).filter(|settings| settings.shown)?;
    let docs = docs(db)?;
    let source = page.path(db);
    let path = docs.path(&source)?;
    let address = address(db, page)?;
    let tags = settings.tags(&front(db, page));
    if tags.is_empty() {
        return None;
    }
    let tagged = TaggedPage {
        path: path.into_owned(),
        url: address.url,
        // References do not need it, and it would make the page depend on the nav.
        title: String::new(),
        tags,
    };
    let references: Vec<Value> = tags::references(&settings, &tagged, &listings(db))
        .into_iter()
        .map(|tag| json!({"name": tag.name, "hidden": tag.hidden, "url": tag.url}))
        .collect();
    Some(Arc::new((
        settings.variable.clone(),
        Value::from(references),
    )))
}
