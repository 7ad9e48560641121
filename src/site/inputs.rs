#![expect(
    missing_docs,
    reason = "salsa's macros generate functions without docs"
)]

use std::sync::Arc;

use salsa::Durability;

use super::{Db, Invocation, OtherSite};
use crate::files::SourcePath;
use crate::time::Moment;

/// The input with the [`Invocation`].
#[salsa::input(singleton)]
pub struct InvocationInput {
    /// Its value.
    #[returns(clone)]
    pub call: Arc<Invocation>,
}

/// The time that the site is made for, which moves on at midnight in `serve`.
///
/// Its version is incremented whenever the time may have moved; queries that have read it
/// then look at [`Invocation::moment`] again, as they do with files.
#[salsa::input(singleton)]
pub struct TimeInput {
    /// The number of possible changes so far.
    #[returns(copy)]
    pub version: u64,
}

/// The time that the site is made for.
pub(super) fn now(db: &dyn Db) -> Moment {
    TimeInput::get(db).version(db);
    Moment::new(InvocationInput::get(db).call(db).moment.seconds())
}

/// One path of the project, whether something exists there or not.
///
/// Its versions are incremented whenever the path may have changed; queries that
/// have read them then ask the [`System`] again.
#[salsa::input(debug)]
pub struct Entry {
    /// The path.
    #[returns(clone)]
    pub path: SourcePath,
    /// The number of possible changes so far of what is there, including its
    /// content.
    #[returns(copy)]
    pub version: u64,
    /// The number of possible changes so far that may have made another kind of
    /// thing of it, or made it appear or disappear; for a folder, also of the
    /// names in it.
    #[returns(copy)]
    pub presence: u64,
}

/// The extensions of what themes consist of.
const OF_THEMES: [&str; 8] = ["css", "htm", "html", "js", "mjs", "svg", "txt", "xml"];

impl Entry {
    /// The entry of a path that nobody has asked about before.
    ///
    /// Pages are edited most, so everything else is more durable: after an edit of
    /// a page, salsa does not look at what depends on other files only. After one of a
    /// template or a style sheet, it does not look at what depends on the configuration
    /// and on what files there are, which is most of what each page has.
    pub(super) fn first(db: &dyn Db, path: &SourcePath) -> Self {
        let durability = if path.is_markdown() {
            Durability::LOW
        } else if path.extension().is_some_and(|it| OF_THEMES.contains(&it)) {
            Durability::MEDIUM
        } else {
            Durability::HIGH
        };
        Self::builder(path.clone(), 0, 0)
            .path_durability(Durability::NEVER_CHANGE)
            .version_durability(durability)
            .presence_durability(Durability::HIGH)
            .new(db)
    }
}

/// A folder of which everything below counts as one thing.
///
/// Its version is incremented whenever something in it may have changed.
#[salsa::input]
pub struct Tree {
    /// Its path.
    #[returns(clone)]
    pub folder: SourcePath,
    /// The number of possible changes so far.
    #[returns(copy)]
    pub version: u64,
}

impl Tree {
    /// The tree below a folder that nobody has asked about before.
    pub(super) fn first(db: &dyn Db, folder: &SourcePath) -> Self {
        Self::builder(folder.clone(), 0)
            .folder_durability(Durability::NEVER_CHANGE)
            .version_durability(Durability::HIGH)
            .new(db)
    }
}

/// A page of another site that a query of this one has read.
///
/// Its version is incremented whenever that site may have changed.
#[salsa::input]
pub struct Import {
    /// The other site.
    #[returns(copy)]
    pub site: OtherSite,
    /// The page's plain path there.
    #[returns(clone)]
    pub plain: Arc<str>,
    /// The number of possible changes so far.
    #[returns(copy)]
    pub version: u64,
}
