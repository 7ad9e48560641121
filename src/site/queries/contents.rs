use std::sync::Arc;

use super::body;
use crate::markdown::Body;
use crate::site::{Db, Entry};

/// A page's body with what plugins put into it.
#[salsa::tracked(returns(clone))]
pub fn content(db: &dyn Db, page: Entry) -> Arc<Body> {
    body(db, page)
}
