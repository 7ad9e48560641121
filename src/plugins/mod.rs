//! The work of MkDocs plugins as pure functions, one file per plugin.
//!
//! The queries decide which of them run, and on what. Options come as they are
//! in the configuration.

use std::sync::Arc;

use crate::files::{Kind, SourcePath};
use crate::languages::StaticI18n;
use crate::search;

pub mod authors;
pub mod autorefs;
pub mod blog;
pub mod callouts;
pub mod data;
pub mod exclude;
pub mod gh_admonitions;
pub mod glightbox;
pub mod globs;
pub mod include;
pub mod inventories;
pub mod macros;
pub mod mapped_text;
pub mod meta;
pub mod minify;
pub mod navs;
pub mod privacy;
pub mod redirects;
mod regular_expressions;
pub mod revision;
pub mod rss;
pub mod social;
pub mod static_i18n;
pub mod tags;
pub mod typeset;
pub mod withheld;

/// The plugins that are built in, each with the options that it reads.
pub const BUILT: [(&str, &[&str]); 24] = [
    ("autorefs", autorefs::Options::NAMES),
    ("awesome-nav", navs::awesome_nav::Options::NAMES),
    ("awesome-pages", navs::awesome_pages::Options::NAMES),
    ("blog", blog::Options::NAMES),
    ("callouts", callouts::Options::NAMES),
    ("exclude", exclude::Options::NAMES),
    ("gh-admonitions", &[]),
    ("git-authors", authors::Options::NAMES),
    ("git-revision-date-localized", revision::Options::NAMES),
    ("glightbox", glightbox::Options::NAMES),
    ("i18n", StaticI18n::NAMES),
    ("include-markdown", include::Options::NAMES),
    ("macros", macros::Options::NAMES),
    ("meta", meta::Options::NAMES),
    ("minify", minify::Options::NAMES),
    ("offline", &[]),
    ("privacy", privacy::OPTIONS),
    ("redirects", redirects::Options::NAMES),
    ("rss", rss::Options::NAMES),
    ("search", search::Options::NAMES),
    ("section-index", &[]),
    ("social", social::Options::NAMES),
    ("tags", tags::Options::NAMES),
    ("typeset", &[]),
];

/// The project as a plugin sees it. All access goes through this, so that the
/// implementation knows what the result depends on.
pub trait Sources {
    /// The text of a file; `None` if it does not exist or cannot be read.
    fn read(&self, path: &SourcePath) -> Option<Arc<str>>;
    /// The names and kinds of a folder's entries, sorted.
    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]>;
}

#[cfg(test)]
mod tests {
    use super::BUILT;

    #[test]
    fn the_reference_lists_every_plugin_and_no_other() {
        let page = include_str!("../../docs/reference/plugins.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
        let mut listed: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
        listed.sort_unstable();
        // A group only holds others, so it has no work and no options.
        listed.retain(|name| *name != "group");
        assert_eq!(BUILT.map(|(name, _)| name).to_vec(), listed);
    }
}
