//! The queries, each a thin call of one pure function.
//!
//! Add one when a value is needed in more than one place, or when it stays equal
//! more often than what it is made from.

mod alternates;
mod bodies;
mod collisions;
mod contents;
mod diagnostics;
mod dialect;
mod directives;
mod docs_files;
mod elsewhere;
mod fallback;
mod fronts;
mod history;
mod kinds;
mod links;
mod macros;
mod navs;
mod page_faults;
mod page_surroundings;
mod pages;
mod preparation;
mod refused;
mod settings;
mod sources;
mod static_i18n;
mod steps;
mod surroundings;
mod tags;
mod themes;
mod watched;

use crate::site::Db;
use surroundings::surroundings;

pub use bodies::body;
pub use collisions::conflicts;
pub use contents::content;
pub use diagnostics::{
    all_diagnostics, are_outputs_whole, site_diagnostics, unreadable_file, unreadable_for_site,
};
pub use dialect::{icons, options};
pub use docs_files::{files, target};
pub use elsewhere::{outline_at, outline_elsewhere};
pub use fronts::{front, front_matter};
pub use kinds::{
    is_of_all, not_found, output_at, outputs, part, produce, produce_of_all, remembered,
    root_outputs, searchable,
};
pub use links::anchors;
pub use navs::{listed, nav, navigation};
pub(crate) use page_faults::tidy;
pub use page_faults::{is_page_whole, page_diagnostics, unreadable_for_page};
pub use pages::meta;
pub use preparation::prepared;
pub use settings::{addresses, config, configuration, languages, links_relative_to_docs};
pub use sources::{Text, Unreadable, kind, listing, stamp, symbolic_links, text, unreadable};
pub use steps::Prepared;
pub use themes::{templates, theme};
pub use watched::watched;

/// Runs work that stops early once a newer revision waits. In that case the
/// query is cancelled, and runs again in the new revision.
fn settled<T>(db: &dyn Db, work: impl Fn() -> T) -> T {
    db.interrupt()
        .settled(work, || db.unwind_if_revision_cancelled())
}
