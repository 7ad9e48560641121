//! Front matter of all pages, those included that plugins generate.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::fronts::{merge, written_front, written_front_matter};
use super::views::{is_generated, page_text};
use crate::markdown::front_matter::{self, FrontMatter};
use crate::site::{Db, Entry};

/// A page's front matter, with its problems and their positions.
pub fn front_matter(db: &dyn Db, page: Entry) -> Arc<FrontMatter> {
    if is_generated(db, page) {
        generated(db, page).0.clone()
    } else {
        written_front_matter(db, page)
    }
}

/// A page's front matter, merged over the `.meta.yml` files of its folders.
pub fn front(db: &dyn Db, page: Entry) -> Arc<Map<String, Value>> {
    if is_generated(db, page) {
        generated(db, page).1.clone()
    } else {
        written_front(db, page)
    }
}

/// Front matter alone, and merged.
type Generated = (Arc<FrontMatter>, Arc<Map<String, Value>>);

/// The front matter of a page that is generated.
#[salsa::tracked(returns(clone))]
fn generated(db: &dyn Db, page: Entry) -> Arc<Generated> {
    let text = page_text(db, page).readable().unwrap_or_default();
    let front = front_matter::split(&page.path(db), &text);
    let merged = merge(db, page, &text, &front).0;
    Arc::new((Arc::new(front), merged))
}
