use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;

use salsa::{Accumulator as _, Cancelled};

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Kind, Link, SourcePath, System, is_absence};
use crate::site::{Db, Entry};

/// How often to look at a file that is being written to.
const LOOKS: usize = 3;

/// A file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// The file does not exist.
    Missing,
    /// The file exists and cannot be read. The reason is reported through
    /// [`Unreadable`].
    Unreadable,
    /// The file is not UTF-8.
    NotUtf8 {
        /// Its text, with `U+FFFD` for what cannot be decoded.
        lossy: Arc<str>,
        /// The byte offset of the first such character in `lossy`.
        at: usize,
    },
    /// The text.
    Present(Arc<str>),
}

impl Text {
    /// The text, as far as it can be read.
    pub fn readable(&self) -> Option<Arc<str>> {
        match self {
            Text::Missing | Text::Unreadable => None,
            Text::NotUtf8 { lossy, .. } => Some(lossy.clone()),
            Text::Present(text) => Some(text.clone()),
        }
    }
}

/// What a query reads of a path.
#[derive(Clone, Copy)]
enum Aspect {
    /// What kind of thing is there, and for a folder, the names in it.
    Presence,
    /// All of it.
    Content,
}

impl Aspect {
    fn of(self, db: &dyn Db, entry: Entry) {
        match self {
            Self::Presence => entry.presence(db),
            Self::Content => entry.version(db),
        };
    }
}

/// Makes a query depend on a path and on the targets of all links on the way to
/// it.
fn depend(db: &dyn Db, entry: Entry, aspect: Aspect) {
    aspect.of(db, entry);
    depend_on_links(db, &entry.path(db), aspect);
}

/// Makes a query depend on the targets of all links on the way to a path, and on
/// the files that decide whether these links are followed.
fn depend_on_links(db: &dyn Db, path: &SourcePath, aspect: Aspect) {
    let links = db.system().links(path);
    if links.is_empty() {
        return;
    }
    for target in links {
        db.note_link_target(&target);
        aspect.of(db, db.entry(&target));
    }
    for rules in db.system().link_rules(path) {
        Aspect::Content.of(db, db.entry(&rules));
    }
}

/// Ends the question where somebody is writing to a file that was just read, or has removed
/// it and may be about to write it again, so that nobody sees a part of it:
/// `Session::ask` waits, and asks again. Only after reading is it certain that nobody had
/// begun before.
pub(super) fn refuse_changing(system: &dyn System, path: &SourcePath) {
    if system.is_changing(path) {
        ask_again();
    }
}

fn ask_again() -> ! {
    resume_unwind(Box::new(Cancelled::Local))
}

/// Reports that a source exists and cannot be read. Sources are read in many
/// places, so this one kind of diagnostic is accumulated across queries instead
/// of being passed on by each of them.
#[salsa::accumulator]
pub struct Unreadable {
    /// The source.
    pub path: SourcePath,
    /// The report.
    pub diagnostic: Diagnostic,
}

/// Accumulates that a source cannot be read.
fn report(db: &dyn Db, path: &SourcePath, error: &io::Error) {
    let diagnostic = unreadable(path, error);
    let path = path.clone();
    Unreadable { path, diagnostic }.accumulate(db);
}

/// The diagnostic for a source that exists and cannot be read.
pub fn unreadable(path: &SourcePath, error: &io::Error) -> Diagnostic {
    let error = error.to_string();
    // The error number means nothing to readers.
    let reason = error
        .split_once(" (os error")
        .map_or(&*error, |(reason, _)| reason);
    let message = format!("`{path}` cannot be read: {}", lower_first(reason));
    Diagnostic::new(Rule::Unreadable, message).help(
        "the site is not built without it: make it readable, move it away, or exclude it with \
         `exclude_docs`",
    )
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What is at a path, if anything.
#[salsa::tracked(returns(copy))]
pub fn kind(db: &dyn Db, entry: Entry) -> Option<Kind> {
    depend(db, entry, Aspect::Presence);
    let path = entry.path(db);
    let kind = db.system().kind(&path).unwrap_or_else(|error| {
        report(db, &path, &error);
        None
    });
    if kind.is_none() {
        refuse_changing(db.system(), &path);
    }
    kind
}

/// The path of a file once all symbolic links on the way to it are followed; `None` where no
/// file is there.
#[salsa::tracked(returns(clone))]
pub(super) fn real(db: &dyn Db, entry: Entry) -> Option<SourcePath> {
    depend(db, entry, Aspect::Presence);
    let path = entry.path(db);
    let is_file = kind(db, entry) == Some(Kind::File);
    is_file.then(|| db.system().real(&path)).flatten()
}

/// Whether a page may show a file, as [`System::is_shared`](crate::files::System::is_shared).
#[salsa::tracked(returns(copy))]
pub fn is_shared(db: &dyn Db, entry: Entry) -> bool {
    let path = entry.path(db);
    if !path.leads_out() {
        return true;
    }
    depend(db, entry, Aspect::Presence);
    for rules in db.system().link_rules(&path) {
        Aspect::Content.of(db, db.entry(&rules));
    }
    db.system().is_shared(&path)
}

/// The names in a folder.
#[salsa::tracked(returns(clone))]
pub fn listing(db: &dyn Db, entry: Entry) -> Arc<[(String, Kind)]> {
    depend(db, entry, Aspect::Presence);
    let path = entry.path(db);
    for link in symbolic_links(db, entry).iter() {
        depend_on_links(db, &path.join(&link.name), Aspect::Presence);
    }
    let names = db.system().list(&path).unwrap_or_else(|error| {
        report(db, &path, &error);
        Vec::new()
    });
    if db.system().lacks_changing(&path, &names) {
        ask_again();
    }
    names.into()
}

/// The symbolic links in a folder.
#[salsa::tracked(returns(clone))]
pub fn symbolic_links(db: &dyn Db, entry: Entry) -> Arc<[Link]> {
    depend(db, entry, Aspect::Presence);
    let path = entry.path(db);
    let links = db.system().links_in(&path);
    for link in &links {
        depend_on_links(db, &path.join(&link.name), Aspect::Presence);
    }
    links.into()
}

/// A file's text. It is read once per change, so that all queries of a revision
/// see the same.
#[salsa::tracked(returns(clone))]
pub fn text(db: &dyn Db, entry: Entry) -> Text {
    depend(db, entry, Aspect::Content);
    let path = entry.path(db);
    let read = db.system().read(&path);
    refuse_changing(db.system(), &path);
    match read.map(String::from_utf8) {
        Ok(Ok(text)) => Text::Present(text.into()),
        Ok(Err(error)) => Text::NotUtf8 {
            at: error.utf8_error().valid_up_to(),
            lossy: String::from_utf8_lossy(error.as_bytes()).into(),
        },
        Err(error) if is_absence(&error) => Text::Missing,
        // A folder is not a file, whatever its name.
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Text::Missing,
        Err(error) => {
            report(db, &path, &error);
            Text::Unreadable
        }
    }
}

/// The size of a file, and a value that changes when its bytes do. This is a
/// hash, so that touching a file is not a change, and rewriting it within one
/// tick of the file system's clock is. For large files it is the time stamp.
#[salsa::tracked(returns(copy))]
pub fn stamp(db: &dyn Db, entry: Entry) -> Option<(u64, u128)> {
    depend(db, entry, Aspect::Content);
    let path = entry.path(db);
    let look = |_| db.system().open(&path).ok()?.mark().ok();
    let stamp = (0..LOOKS).find_map(look);
    refuse_changing(db.system(), &path);
    stamp
}

/// Whether a file that is copied to the site can be opened. If it exists and
/// cannot, that is reported through [`Unreadable`].
#[salsa::tracked(returns(copy))]
pub fn opens(db: &dyn Db, entry: Entry) -> bool {
    depend(db, entry, Aspect::Content);
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

/// Whether a change of a path cannot have changed more than the content of a file.
/// `known` are those of the path and the folders above it that anybody has asked
/// about. Only asked before the change is applied.
///
/// Each answer that was given is compared with what it would be now. None of them may
/// be told from another one: some may be from before the change, and others from
/// after it.
pub(in crate::site) fn is_rewritten(
    db: &dyn Db,
    path: &SourcePath,
    known: &[(SourcePath, Entry)],
) -> bool {
    let system = db.system();
    if !matches!(system.kind(path), Ok(Some(Kind::File))) || !system.links(path).is_empty() {
        return false;
    }
    known.iter().all(|(above, entry)| {
        let (listing, links) = (listing(db, *entry), symbolic_links(db, *entry));
        let Some(below) = path.below(above).filter(|below| !below.is_empty()) else {
            return kind(db, *entry) == Some(Kind::File) && listing.is_empty() && links.is_empty();
        };
        let (name, expected) = match below.split_once('/') {
            Some((name, _)) => (name, Kind::Folder),
            None => (below, Kind::File),
        };
        let at = listing.binary_search_by(|(listed, _)| listed.as_str().cmp(name));
        kind(db, *entry) == Some(Kind::Folder)
            && at.is_ok_and(|at| listing[at].1 == expected)
            && links.iter().all(|link| link.name != name)
    })
}
