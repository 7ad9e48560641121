use std::sync::Arc;

use crate::files::Kind;
use crate::site::{Db, Entry};

/// A file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Nothing readable is there.
    Missing,
    /// It is there, but not UTF-8.
    NotUtf8 {
        /// What can be read of it, `U+FFFD` for the rest.
        lossy: Arc<str>,
        /// Where the first bad byte stands in `lossy`.
        at: usize,
    },
    /// Its text.
    Present(Arc<str>),
}

impl Text {
    /// What can be read of it.
    pub fn readable(&self) -> Option<Arc<str>> {
        match self {
            Text::Missing => None,
            Text::NotUtf8 { lossy, .. } => Some(lossy.clone()),
            Text::Present(text) => Some(text.clone()),
        }
    }
}

/// What an entry names.
#[salsa::tracked(returns(copy))]
pub fn kind(db: &dyn Db, entry: Entry) -> Option<Kind> {
    entry.version(db);
    db.system().kind(&entry.path(db))
}

/// The names in a folder.
#[salsa::tracked(returns(clone))]
pub fn listing(db: &dyn Db, entry: Entry) -> Arc<[(String, Kind)]> {
    entry.version(db);
    db.system().list(&entry.path(db)).into()
}

/// A file's text. Read once a change: all of a revision see the same.
#[salsa::tracked(returns(clone))]
pub fn text(db: &dyn Db, entry: Entry) -> Text {
    entry.version(db);
    match db.system().read(&entry.path(db)).map(String::from_utf8) {
        Ok(Ok(text)) => Text::Present(text.into()),
        Ok(Err(error)) => Text::NotUtf8 {
            at: error.utf8_error().valid_up_to(),
            lossy: String::from_utf8_lossy(error.as_bytes()).into(),
        },
        Err(_) => Text::Missing,
    }
}

/// What changes when an asset's bytes do.
#[salsa::tracked(returns(copy))]
pub fn stamp(db: &dyn Db, entry: Entry) -> Option<(u64, u128)> {
    entry.version(db);
    db.system().stamp(&entry.path(db))
}
