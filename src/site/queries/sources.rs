use std::io;
use std::sync::Arc;

use salsa::Accumulator as _;

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Kind, Link, SourcePath, is_absence};
use crate::site::{Db, Entry};

/// How often a file is looked at that is written to at the same time.
const LOOKS: usize = 3;

/// A file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// No file is there.
    Missing,
    /// A file is there and cannot be read. Whoever collects diagnostics hears
    /// of it through [`Unreadable`].
    Unreadable,
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
            Text::Missing | Text::Unreadable => None,
            Text::NotUtf8 { lossy, .. } => Some(lossy.clone()),
            Text::Present(text) => Some(text.clone()),
        }
    }
}

/// Makes an answer depend on a path, and on all that links on the way to it
/// lead to.
fn depend(db: &dyn Db, entry: Entry) {
    entry.version(db);
    for path in db.system().links(&entry.path(db)) {
        db.entry(&path).version(db);
    }
}

/// What is there and cannot be read, as a diagnostic. It belongs to the source,
/// and a source is read in many places for many reasons: so this one kind of
/// diagnostic is gathered from whatever was asked, not passed on by each reader.
#[salsa::accumulator]
pub struct Unreadable {
    /// The source.
    pub path: SourcePath,
    /// What there is to say of it.
    pub diagnostic: Diagnostic,
}

/// Says that a source cannot be read.
fn report(db: &dyn Db, path: &SourcePath, error: &io::Error) {
    let diagnostic = unreadable(path, error);
    let path = path.clone();
    Unreadable { path, diagnostic }.accumulate(db);
}

/// What there is to say of a source that is there and cannot be read.
pub fn unreadable(path: &SourcePath, error: &io::Error) -> Diagnostic {
    let reason = error.to_string();
    // The number is for programs.
    let reason = reason.split(" (os error").next().unwrap_or_default();
    let message = format!("`{path}` cannot be read: {}", lower_first(reason));
    Diagnostic::new(Rule::Unreadable, message).help(
        "nothing is built without it: make it readable, move it away, or leave it out with \
         `exclude_docs`",
    )
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// What an entry names.
#[salsa::tracked(returns(copy))]
pub fn kind(db: &dyn Db, entry: Entry) -> Option<Kind> {
    depend(db, entry);
    let path = entry.path(db);
    db.system().kind(&path).unwrap_or_else(|error| {
        report(db, &path, &error);
        None
    })
}

/// The names in a folder.
#[salsa::tracked(returns(clone))]
pub fn listing(db: &dyn Db, entry: Entry) -> Arc<[(String, Kind)]> {
    depend(db, entry);
    for path in symbolic_links(db, entry)
        .iter()
        .flat_map(|link| &link.through)
    {
        db.entry(path).version(db);
    }
    let path = entry.path(db);
    let listed = db.system().list(&path).unwrap_or_else(|error| {
        report(db, &path, &error);
        Vec::new()
    });
    listed.into()
}

/// The symbolic links in a folder.
#[salsa::tracked(returns(clone))]
pub fn symbolic_links(db: &dyn Db, entry: Entry) -> Arc<[Link]> {
    depend(db, entry);
    db.system().links_in(&entry.path(db)).into()
}

/// A file's text. Read once a change: all of a revision see the same.
#[salsa::tracked(returns(clone))]
pub fn text(db: &dyn Db, entry: Entry) -> Text {
    depend(db, entry);
    let path = entry.path(db);
    match db.system().read(&path).map(String::from_utf8) {
        Ok(Ok(text)) => Text::Present(text.into()),
        Ok(Err(error)) => Text::NotUtf8 {
            at: error.utf8_error().valid_up_to(),
            lossy: String::from_utf8_lossy(error.as_bytes()).into(),
        },
        Err(error) if is_absence(&error) => Text::Missing,
        // A folder is no file, whatever its name.
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Text::Missing,
        Err(error) => {
            report(db, &path, &error);
            Text::Unreadable
        }
    }
}

/// Size, and what changes when an asset's bytes do: a hash of them, so that a
/// touch is no change and a rewrite within one tick of the disk's clock is
/// one. Of large files the stamp that the disk keeps.
#[salsa::tracked(returns(copy))]
pub fn stamp(db: &dyn Db, entry: Entry) -> Option<(u64, u128)> {
    depend(db, entry);
    let look = |_| db.system().open(&entry.path(db)).ok()?.mark().ok();
    (0..LOOKS).find_map(look)
}

/// Whether a file that becomes an output as it is can be opened. Where it is
/// there and cannot be, whoever collects diagnostics hears of it.
#[salsa::tracked(returns(copy))]
pub fn opens(db: &dyn Db, entry: Entry) -> bool {
    depend(db, entry);
    let path = entry.path(db);
    match db.system().open(&path) {
        Ok(_) => true,
        Err(error) => {
            if !is_absence(&error) {
                report(db, &path, &error);
            }
            false
        }
    }
}
