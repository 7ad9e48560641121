use std::collections::BTreeMap;
use std::sync::Arc;

use super::front_matter;
use super::markdown_options::options;
use super::views::{is_generated, page_text};
use crate::markdown::{self, Lint};
use crate::site::{Db, Entry};

/// What is wrong in the text of a page.
#[salsa::tracked(returns(clone))]
pub(super) fn lints(db: &dyn Db, page: Entry) -> Arc<[Lint]> {
    if is_generated(db, page) {
        return Arc::default();
    }
    let text = page_text(db, page).readable().unwrap_or_default();
    let start = front_matter(db, page).body_start;
    markdown::lints(&page.path(db), &text, start.min(text.len()), &options(db)).into()
}

/// How often each kind is found in a page.
pub(super) fn counts(db: &dyn Db, page: Entry) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for lint in lints(db, page).iter() {
        *counts.entry(lint.kind).or_default() += 1;
    }
    counts
}
