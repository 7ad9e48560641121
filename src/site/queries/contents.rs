use std::sync::Arc;

use serde_json::{Map, Value};

use super::{body, tags};
use crate::markdown::Body;
use crate::site::{Db, Entry};

/// A page's body with what plugins put into it.
#[salsa::tracked(returns(clone))]
pub fn content(db: &dyn Db, page: Entry) -> Arc<Body> {
    match tags::with_listings(db, page) {
        Some(body) => Arc::new(body),
        None => body(db, page),
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
