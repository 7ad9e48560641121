use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::body;
use crate::html;
use crate::site::{Db, Entry};

/// The anchors on a page without those of the page that it is translated from.
#[salsa::tracked(returns(clone))]
pub(super) fn own_anchors(db: &dyn Db, page: Entry) -> Arc<BTreeSet<String>> {
    let body = body(db, page);
    let own = html::fragments(&body.html).map(Cow::into_owned);
    Arc::new(own.collect())
}
