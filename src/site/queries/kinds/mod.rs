//! All outputs of the site, and the one way to make each.
//!
//! Each kind of output is a module in this folder, which lists the outputs of
//! that kind and makes them. No other code depends on the kind of an output.

mod builtin;
mod card;
mod copies;
mod extra;
mod feed;
mod gzip;
mod lightbox;
mod markdown_files;
mod nav_parts;
mod page;
mod redirect;
mod root_redirect;
mod search;
mod search_parts;
mod site_map;
mod static_files;
mod tag_mappings;
mod template;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use bytes::Bytes;

use super::settings::{folders, levels};
use super::slices::{SLICE, Slice};
use super::{addresses, stamp};
use crate::diagnostic::Diagnostic;
use crate::languages::{Spot, is_for_root};
use crate::site::{Content, Db, Output, Outputs, Part, Produced};
use crate::url;

pub use nav_parts::{address as nav_part_address, is_nav_part, nav_part_print};
pub(super) use redirect::faults as redirect_faults;
pub use search::{keep_search_entries, searchable};
pub(super) use search_parts::readers_of_whole_index;
pub use search_parts::search;
pub use template::not_found;
pub(super) use {extra::missing as missing_extra, template::missing as missing_templates};

/// Outputs of one kind, by their paths below the site folder.
type Listed = Vec<(String, Output)>;

/// The functions that list outputs. If two list an output of the same path, the
/// later one wins: the site's own outputs take precedence over those of its
/// theme. Redirects come last, because their plugin writes them over the site.
const OUTPUT_LISTERS: [fn(&dyn Db) -> Listed; 19] = [
    builtin::list,
    card::list,
    copies::list,
    nav_parts::list,
    static_files::of_theme,
    search::list,
    search_parts::list,
    tag_mappings::list,
    feed::list,
    lightbox::list,
    static_files::of_static,
    static_files::of_docs,
    markdown_files::list,
    template::list,
    gzip::list,
    site_map::list,
    extra::list,
    page::list,
    redirect::list,
];

/// Every output of the site.
#[salsa::tracked(returns(clone))]
pub fn outputs(db: &dyn Db) -> Arc<Outputs> {
    if folders(db).is_none() {
        return Arc::default();
    }
    let listed = OUTPUT_LISTERS.iter().flat_map(|list| list(db));
    Arc::new(copies::treated(db, listed))
}

/// The outputs at the root, if no language is there: a page that leads to the
/// default language, and files that servers expect at the root.
#[salsa::tracked(returns(clone))]
pub fn root_outputs(db: &dyn Db) -> Arc<Outputs> {
    let mut outputs = wanted_at_root(db);
    if let Some(addresses) = addresses(db) {
        outputs.retain(|path, _| addresses.covering("", path).is_none());
    }
    Arc::new(outputs)
}

/// The same, including those whose paths belong to a language and so cannot be
/// written.
pub(super) fn wanted_at_root(db: &dyn Db) -> Outputs {
    let addresses = addresses(db).filter(|addresses| addresses.has_free_root);
    let Some((addresses, folders)) = addresses.zip(folders(db)) else {
        return Outputs::new();
    };
    let is_static = |output: &Output| {
        let static_dir = folders.static_dir.as_ref();
        let source = output.asset().zip(static_dir);
        source.is_some_and(|(source, folder)| source.below(folder).is_some())
    };
    let outputs = outputs(db);
    let for_root = outputs
        .iter()
        .filter(|(path, output)| is_for_root(path, is_static(output)));
    let for_root = for_root.map(|(path, output)| (path.clone(), output.clone()));
    for_root.chain(root_redirect::list(&addresses)).collect()
}

/// Makes an output. It is not cached: a build needs each output once and must not
/// hold all of them in memory.
pub fn produce(db: &dyn Db, output: &Output) -> Produced {
    let mut produced = (output.kind.make)(db, output);
    (output.kind.around)(db, output, &mut produced);
    levels(db).apply(&mut produced.diagnostics);
    produced
}

/// The same with a cache, for the outputs that tabs show.
pub fn produce_cached(db: &dyn Db, output: &Output) -> Produced {
    let mut produced = cached(db, OutputKey::new(db, output.clone()));
    (output.kind.around)(db, output, &mut produced);
    levels(db).apply(&mut produced.diagnostics);
    produced
}

/// The stamp of what an output is made from, as [`stamp`], if that is a file and no page; and
/// of the copies of files of other sites that it names.
pub fn asset_stamp(db: &dyn Db, output: &Output) -> Option<(u64, u128)> {
    let (size, mark) = stamp(db, db.entry(output.asset()?))?;
    if !output.kind.names_copies {
        return Some((size, mark));
    }
    let copies = produce_cached(db, output).needs.copies;
    let mut hasher = DefaultHasher::new();
    (mark, copies).hash(&mut hasher);
    Some((size, hasher.finish().into()))
}

/// What this site contributes to outputs that cover all languages.
pub fn part(db: &dyn Db) -> Part {
    let is_needed = outputs(db)
        .values()
        .any(|output| output.kind.of_all.is_some());
    Part {
        entries: if is_needed {
            searchable(db)
        } else {
            Arc::default()
        },
    }
}

/// Whether an output covers all languages of a shared site and so is made by
/// [`produce_for_all_languages`].
pub fn covers_all_languages(db: &dyn Db, output: &Output) -> bool {
    let is_shared = || addresses(db).is_some_and(|addresses| addresses.is_shared);
    output.kind.of_all.is_some() && is_shared()
}

/// Makes an output from the parts of all languages that share the site.
pub fn produce_for_all_languages(db: &dyn Db, output: &Output, parts: &[Part]) -> Produced {
    match output.kind.of_all {
        Some(make) => make(db, output, parts),
        None => produce(db, output),
    }
}

/// An output, as a query key.
#[salsa::interned(revisions = usize::MAX)]
pub(super) struct OutputKey<'db> {
    #[returns(clone)]
    pub(super) output: Output,
}

#[salsa::tracked(returns(clone), lru = 64)]
fn cached<'db>(db: &'db dyn Db, key: OutputKey<'db>) -> Produced {
    let output = key.output(db);
    let mut produced = (output.kind.make)(db, &output);
    if let Some(Content::Bytes(bytes)) = &mut produced.content {
        // What is kept has no room that was left while it was made.
        *bytes = Bytes::copy_from_slice(bytes);
    }
    produced
}

/// The problems of outputs that are only found by making them. The outputs are
/// not kept.
pub(super) fn faults(db: &dyn Db) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for nth in 0..fallible(db).len().div_ceil(SLICE) {
        faults.extend(faults_of_slice(db, Slice::new(db, nth)).iter().cloned());
    }
    // For pages, `all_diagnostics` does this, including pages whose output is
    // replaced by another.
    let outputs = outputs(db);
    let fallible = outputs.values().filter(|output| output.kind.can_fail);
    for output in fallible.filter(|output| output.page().is_none()) {
        let mut produced = Produced::default();
        (output.kind.around)(db, output, &mut produced);
        faults.append(&mut produced.diagnostics);
    }
    levels(db).apply(&mut faults);
    faults
}

/// The outputs that only show when they are made whether they can be.
#[salsa::tracked(returns(ref))]
fn fallible(db: &dyn Db) -> Vec<OutputKey<'_>> {
    let outputs = outputs(db);
    let fallible = outputs.values().filter(|output| output.kind.can_fail);
    fallible
        .map(|output| OutputKey::new(db, output.clone()))
        .collect()
}

#[salsa::tracked(returns(clone))]
fn faults_of_slice<'db>(db: &'db dyn Db, slice: Slice<'db>) -> Arc<Vec<Diagnostic>> {
    let outputs = slice.of(db, fallible(db)).iter();
    let faults = outputs.map(|output| faults_of(db, *output));
    Arc::new(faults.flat_map(|faults| (*faults).clone()).collect())
}

#[salsa::tracked(returns(clone))]
fn faults_of<'db>(db: &'db dyn Db, key: OutputKey<'db>) -> Arc<Vec<Diagnostic>> {
    let output = key.output(db);
    Arc::new((output.kind.make)(db, &output).diagnostics)
}

/// The output at an address, with its path: a file, or the index page of a
/// folder. `at_root` are the outputs at the root, where no language is.
pub fn output_at(spot: &Spot, outputs: &Outputs, at_root: &Outputs) -> Option<(String, Output)> {
    let outputs = match spot {
        Spot::Site(_) => outputs,
        Spot::Root(_) => at_root,
        Spot::Outside => return None,
    };
    let path = url::index_of(spot.address());
    let output = outputs.get(&path)?.clone();
    Some((path, output))
}
