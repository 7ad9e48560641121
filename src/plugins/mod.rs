//! What MkDocs' plugins do to a site, as pure functions: one file per plugin.
//!
//! Which of them run, and on what, is decided by the queries; options come as
//! the configuration has them.

use std::sync::Arc;

use crate::files::{Kind, SourcePath};
use crate::languages::StaticI18n;
use crate::search;

pub mod authors;
pub mod exclude;
pub mod globs;
pub mod include;
pub mod macros;
pub mod meta;
pub mod minify;
pub mod navs;
pub mod redirects;
pub mod revision;
pub mod static_i18n;
pub mod tags;
pub mod text;

/// The plugins whose work is done here, and the options of each that are read.
pub const BUILT: [(&str, &[&str]); 15] = [
    ("awesome-nav", navs::awesome::Options::NAMES),
    ("awesome-pages", navs::pages::Options::NAMES),
    ("exclude", exclude::Options::NAMES),
    ("git-authors", authors::Options::NAMES),
    ("git-revision-date-localized", revision::Options::NAMES),
    ("i18n", StaticI18n::NAMES),
    ("include-markdown", include::Options::NAMES),
    ("macros", macros::Options::NAMES),
    ("meta", meta::Options::NAMES),
    ("minify", minify::Options::NAMES),
    ("offline", &[]),
    ("redirects", redirects::Options::NAMES),
    ("search", search::Options::NAMES),
    ("section-index", &[]),
    ("tags", tags::Options::NAMES),
];

/// The project as a plugin sees it. Whoever answers knows what the result
/// depends on.
pub trait Sources {
    /// The text of a file; `None` where there is none.
    fn read(&self, path: &SourcePath) -> Option<Arc<str>>;
    /// Names and kinds of what a folder holds, sorted.
    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]>;
}
