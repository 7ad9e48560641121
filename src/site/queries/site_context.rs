use std::sync::Arc;

use super::alternates::of_home;
use super::{listed, nav};
use crate::languages::Alternate;
use crate::site::Db;
use crate::theme::SiteContext;

/// The home pages of all languages.
#[salsa::tracked(returns(clone))]
fn alternates(db: &dyn Db) -> Arc<Vec<Alternate>> {
    Arc::new(of_home(db))
}

/// What all templates see, whatever they render.
pub(super) fn site_context(db: &dyn Db) -> SiteContext {
    SiteContext {
        nav: nav(db),
        pages: listed(db),
        alternates: alternates(db),
    }
}
