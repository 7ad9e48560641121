use std::sync::Arc;

use super::{Text, kind, text};
use crate::config::{Checked, Config, Read, Sources, load};
use crate::files::{Kind, SourcePath};
use crate::site::{Db, Launch};

/// The configuration with what is wrong in it.
#[salsa::tracked(returns(clone))]
pub fn configuration(db: &dyn Db) -> Arc<Checked> {
    let call = Launch::get(db).call(db);
    let read = |path: &SourcePath| match text(db, db.entry(path)) {
        Text::Missing => Read::Missing,
        Text::NotUtf8 { lossy, at } => Read::NotUtf8 { lossy, at },
        Text::Present(text) => Read::Present(text),
    };
    let is_folder = |path: &SourcePath| kind(db, db.entry(path)) == Some(Kind::Folder);
    let sources = Sources {
        read: &read,
        is_folder: &is_folder,
        theme_path: call.theme_path.as_ref(),
    };
    let explicit = call.config_file.as_ref();
    Arc::new(load(
        explicit,
        &call.environment,
        &call.folder_name,
        &sources,
    ))
}

/// The configuration; `None` while it cannot be read at all.
#[salsa::tracked(returns(clone))]
pub fn config(db: &dyn Db) -> Option<Arc<Config>> {
    configuration(db).config.clone().map(Arc::new)
}
