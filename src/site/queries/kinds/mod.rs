//! Every output of the site, and the one way to make each.
//!
//! A kind of outputs is a file of this folder: it lists those of its kind that
//! the site has, and makes one. Nobody else asks of what kind an output is.

mod builtin;
mod copied;
mod extra;
mod lead_home;
mod packed;
mod page;
mod redirect;
mod search;
mod site_map;
mod tag_mappings;
mod template;

use std::sync::Arc;

use super::addresses;
use super::settings::folders;
use crate::diagnostic::Diagnostic;
use crate::languages::{Spot, is_for_root};
use crate::site::{Db, Output, Outputs, Part, Produced};

pub(super) use redirect::faults as redirect_faults;
pub use search::searchable;
pub use template::not_found;
pub(super) use {extra::missing as missing_extra, template::missing as missing_templates};

/// Outputs of one kind, by their paths below the site folder.
type Listed = Vec<(String, Output)>;

/// What brings outputs. Where two bring one of the same path, the site has
/// that of the later: what the site itself brings goes before what its theme
/// brings.
const BRINGERS: [fn(&dyn Db) -> Listed; 12] = [
    builtin::list,
    copied::of_theme,
    search::list,
    tag_mappings::list,
    redirect::list,
    copied::of_static,
    copied::of_docs,
    template::list,
    packed::list,
    site_map::list,
    extra::list,
    page::list,
];

/// Every output of the site.
#[salsa::tracked(returns(clone))]
pub fn outputs(db: &dyn Db) -> Arc<Outputs> {
    if folders(db).is_none() {
        return Arc::default();
    }
    Arc::new(BRINGERS.iter().flat_map(|list| list(db)).collect())
}

/// What lies at the root where no language does: a page that leads to the
/// default language, and what servers look for there alone.
#[salsa::tracked(returns(clone))]
pub fn root_outputs(db: &dyn Db) -> Arc<Outputs> {
    let mut found = wanted_at_root(db);
    if let Some(addresses) = addresses(db) {
        found.retain(|path, _| addresses.covering("", path).is_none());
    }
    Arc::new(found)
}

/// The same with what lies where a language begins, and so is none of them.
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
    let lasting = outputs
        .iter()
        .filter(|(path, output)| is_for_root(path, is_static(output)));
    let lasting = lasting.map(|(path, output)| (path.clone(), output.clone()));
    lasting.chain(lead_home::list(&addresses)).collect()
}

/// Makes an output. It is not remembered as a whole: a build needs each once
/// and must not hold them all.
pub fn produce(db: &dyn Db, output: &Output) -> Produced {
    let mut produced = (output.kind.make)(db, output);
    (output.kind.around)(db, output, &mut produced);
    produced
}

/// The same, remembered for the outputs that tabs show.
pub fn remembered(db: &dyn Db, output: &Output) -> Produced {
    let mut produced = made(db, OutputKey::new(db, output.clone()));
    (output.kind.around)(db, output, &mut produced);
    produced
}

/// What this site brings to outputs that are made of all languages.
pub fn part(db: &dyn Db) -> Part {
    Part {
        entries: searchable(db),
    }
}

/// Whether an output is made of all languages that share the site. Alone, the
/// site makes it of what it brings itself.
pub fn is_of_all(db: &dyn Db, output: &Output) -> bool {
    let is_shared = || addresses(db).is_some_and(|addresses| addresses.is_shared);
    output.kind.of_all.is_some() && is_shared()
}

/// Makes an output of what all languages bring that share the site.
pub fn produce_of_all(db: &dyn Db, output: &Output, parts: &[Part]) -> Produced {
    match output.kind.of_all {
        Some(make) => make(db, output, parts),
        None => produce(db, output),
    }
}

/// An output, as a key.
#[salsa::interned(revisions = usize::MAX)]
struct OutputKey<'db> {
    #[returns(clone)]
    output: Output,
}

#[salsa::tracked(returns(clone), lru = 64)]
fn made<'db>(db: &'db dyn Db, key: OutputKey<'db>) -> Produced {
    let output = key.output(db);
    (output.kind.make)(db, &output)
}

/// What is wrong with outputs of which one must be made to know it, and with
/// nothing else that is asked for. What is made for it is not remembered.
pub(super) fn faults(db: &dyn Db) -> Vec<Diagnostic> {
    let outputs = outputs(db);
    let that_fail = outputs.values().filter(|output| output.kind.can_fail);
    let found = that_fail.flat_map(|output| {
        let key = OutputKey::new(db, output.clone());
        let mut produced = Produced {
            diagnostics: faults_of(db, key).to_vec(),
            ..Produced::default()
        };
        // Of pages all is asked for, those too that others take the place of.
        if output.page().is_none() {
            (output.kind.around)(db, output, &mut produced);
        }
        produced.diagnostics
    });
    found.collect()
}

#[salsa::tracked(returns(clone))]
fn faults_of<'db>(db: &'db dyn Db, key: OutputKey<'db>) -> Arc<Vec<Diagnostic>> {
    let output = key.output(db);
    Arc::new((output.kind.make)(db, &output).diagnostics)
}

/// The output that answers an address, with its path: a file, or the page of a
/// folder. `at_root` are those that lie where no language does.
pub fn output_at(spot: &Spot, outputs: &Outputs, at_root: &Outputs) -> Option<(String, Output)> {
    let (outputs, address) = match spot {
        Spot::Site(address) => (outputs, address),
        Spot::Root(address) => (at_root, address),
        Spot::Outside => return None,
    };
    let path = if address.is_empty() || address.ends_with('/') {
        format!("{address}index.html")
    } else {
        address.clone()
    };
    let output = outputs.get(&path)?.clone();
    Some((path, output))
}
