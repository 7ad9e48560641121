use std::sync::Arc;

use serde_json::{Map, Value};

use super::made::plugin;
use super::{body, config, tags};
use crate::markdown::Body;
use crate::plugins::minify;
use crate::plugins::options::Options;
use crate::site::{Db, Entry};

/// A page's body with what plugins put into it.
#[salsa::tracked(returns(clone))]
pub fn content(db: &dyn Db, page: Entry) -> Arc<Body> {
    match tags::with_listings(db, page) {
        Some(body) => Arc::new(body),
        None => body(db, page),
    }
}

/// A page as plugins let it go.
pub(super) fn finished(db: &dyn Db, html: String) -> String {
    let config = config(db);
    let settings = config
        .as_ref()
        .and_then(|config| minify::Settings::new(Options(&plugin(config, "minify")?.options)));
    match settings {
        Some(settings) => minify::html(&html, settings),
        None => html,
    }
}

/// What plugins let the template of a page see.
pub(super) fn variables(db: &dyn Db, page: Entry) -> Map<String, Value> {
    let mut found = Map::new();
    if let Some(tags) = tags::page_tags(db, page) {
        found.insert(tags.0.clone(), tags.1.clone());
    }
    found
}
