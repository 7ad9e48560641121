use std::sync::Arc;

use super::{contents, listed, nav};
use crate::site::Db;
use crate::theme::{Alternate, Surroundings};

/// The home pages of all languages.
#[salsa::tracked(returns(clone))]
fn alternates(db: &dyn Db) -> Arc<Vec<Alternate>> {
    Arc::new(contents::alternates(db, "index.md", false))
}

/// What all templates of a revision see.
pub(super) fn surroundings(db: &dyn Db) -> Surroundings {
    Surroundings {
        nav: nav(db),
        pages: listed(db),
        alternates: alternates(db),
    }
}
