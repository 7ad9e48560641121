use std::collections::BTreeSet;
use std::sync::Arc;

use super::body;
use crate::html;
use crate::site::{Db, Entry};

/// The anchors that a page itself has.
#[salsa::tracked(returns(clone))]
pub(super) fn ids(db: &dyn Db, page: Entry) -> Arc<BTreeSet<String>> {
    Arc::new(html::fragments(&body(db, page).html).collect())
}
