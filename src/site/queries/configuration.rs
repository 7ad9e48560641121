use std::sync::Arc;

use super::{Text, kind, text};
use crate::config::{self, Checked, Config};
use crate::files::{Kind, SourcePath};
use crate::site::{Db, Launch};

/// The configuration with what is wrong in it.
#[salsa::tracked(returns(clone))]
pub fn configuration(db: &dyn Db) -> Arc<Checked> {
    let call = Launch::get(db).call(db);
    let read = |path: &SourcePath| text(db, db.entry(path));
    let is_folder = |path: &SourcePath| kind(db, db.entry(path)) == Some(Kind::Folder);
    todo!()
}

/// The configuration; `None` while it cannot be read at all.
#[salsa::tracked(returns(clone))]
pub fn config(db: &dyn Db) -> Option<Arc<Config>> {
    configuration(db).config.clone().map(Arc::new)
}
