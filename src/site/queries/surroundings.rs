use std::sync::Arc;

use super::{config, contents, listed, nav};
use crate::site::Db;
use crate::theme::{Alternate, Surroundings};

/// The home pages of all languages.
#[salsa::tracked(returns(clone))]
fn alternates(db: &dyn Db) -> Arc<Vec<Alternate>> {
    let config = config(db);
    let home = config.map(|config| contents::alternates(db, &config, "index.md", false));
    Arc::new(home.unwrap_or_default())
}

/// What all templates of a revision see.
pub(super) fn surroundings(db: &dyn Db) -> Surroundings {
    Surroundings {
        nav: nav(db),
        pages: listed(db),
        alternates: alternates(db),
    }
}
