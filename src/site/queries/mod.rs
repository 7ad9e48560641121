//! The queries, each a thin call of one pure function.
//!
//! Add one when a value is needed in more than one place, or when it stays equal
//! more often than what it is made from.

mod alternates;
mod autorefs;
mod blog;
mod blog_nav;
mod bodies;
mod cards;
mod damaged;
mod diagnostics;
mod docs_files;
mod docs_walk;
mod elsewhere;
mod external;
mod fallback;
mod feed_rules;
mod feeds;
mod font_files;
mod fronts;
mod gaps;
mod glossary;
mod history;
mod inventories;
mod kinds;
mod landing;
mod lightbox;
mod links;
mod lints;
mod macros;
mod markdown_options;
mod markdown_paths;
mod navs;
mod output_conflicts;
mod own_addresses;
mod own_anchors;
mod page_content;
mod page_faults;
mod page_fronts;
mod page_icon;
mod page_site_access;
mod page_status;
mod pages;
mod plugin_step;
mod posts;
mod preprocess;
mod prints;
pub(super) mod privacy;
mod setting_files;
mod settings;
mod shown_navs;
mod site_context;
mod slices;
mod sources;
mod static_i18n;
mod symlinks;
mod tag_directives;
mod tags;
mod theme_settings;
mod themes;
mod translated;
mod typeset;
mod views;
mod watched;
mod withheld;

use crate::site::Db;

pub use bodies::body;
pub use diagnostics::{
    all_diagnostics, are_outputs_whole, site_diagnostics, unreadable_file, unreadable_for_site,
};
pub use docs_files::{LinkTarget, drafts, files, has_nothing, link_target, target};
pub use elsewhere::{outline, outline_at, outline_elsewhere};
pub use external::{external_addresses, external_faults};
pub use kinds::{
    asset_stamp, covers_all_languages, is_nav_part, keep_search_entries, nav_part_address,
    nav_part_print, not_found, output_at, outputs, part, produce, produce_cached,
    produce_for_all_languages, root_outputs, search, searchable,
};
pub use links::anchors;
pub use markdown_options::{icons, options};
pub use navs::{nav, navigation};
pub use output_conflicts::conflicts;
pub use page_content::{content, with_notice as shown_body};
pub use page_faults::{is_page_whole, page_diagnostics, unreadable_for_page};
pub use page_fronts::{front, front_matter};
pub use pages::meta;
pub use plugin_step::Prepared;
pub use preprocess::preparation as prepared;
pub use prints::{article_print, outside_print};
pub use privacy::{settings as privacy_settings, storage};
pub use setting_files::setting_files;
pub use settings::{
    addresses, config, configuration, languages, levels, linked_dirs, links_relative_to_docs,
};
pub use shown_navs::{listed, shown_of_others, whole_nav};
pub(super) use sources::is_rewritten;
pub use sources::{
    Text, Unreadable, is_shared, kind, listing, stamp, symbolic_links, text, unreadable,
};
use sources::{real, refuse_changing};
pub use themes::{templates, theme};
pub use watched::watched;

/// Runs work that stops early once a newer revision waits. In that case the
/// query is cancelled, and runs again in the new revision.
fn until_uninterrupted<T>(db: &dyn Db, work: impl Fn() -> T) -> T {
    db.interrupt()
        .until_uninterrupted(work, || db.unwind_if_revision_cancelled())
}
