use std::sync::Arc;

use serde_json::{Map, Value};

use super::Listed;
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::Suggestions;
use crate::files::SourcePath;
use crate::html;
use crate::plugins::redirects::{self, Options};
use crate::site::queries::docs_files::source_in;
use crate::site::queries::settings::{docs, plugin, use_directory_urls};
use crate::site::queries::{fallback, files, static_i18n, target};
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// Redirects from the addresses of old pages, each named by the old page's file.
static KIND: OutputKind = OutputKind::new("redirect", OutputOrigin::Plugin, make);

pub(super) fn list(db: &dyn Db) -> Listed {
    let maps = redirect_maps(db);
    let valid = maps
        .keys()
        .filter(|old| redirect_address(db, old).is_some());
    valid
        .map(|old| {
            let path = redirects::output(old, use_directory_urls(db));
            (path, Output::named(&KIND, old.as_str()))
        })
        .collect()
}

fn make(db: &dyn Db, output: &Output) -> Produced {
    match redirect_address(db, &output.name) {
        Some(to) => Produced::text(html::redirect(&to)),
        // The setting has changed since the outputs were listed.
        None => Produced::default(),
    }
}

/// The old pages with the new ones that they redirect to. Each is an output, and
/// there may be thousands.
#[salsa::tracked(returns(clone))]
fn redirect_maps(db: &dyn Db) -> Arc<Map<String, Value>> {
    match plugin(db, "redirects") {
        Some(plugin) => Arc::new(Options::read(&plugin.options).redirect_maps),
        None => Arc::default(),
    }
}

/// The address that an old page redirects to; `None` if there is no such page.
fn redirect_address(db: &dyn Db, old: &str) -> Option<String> {
    let maps = redirect_maps(db);
    let new = maps.get(old)?.as_str()?;
    if redirects::is_outside(new) {
        return Some(new.to_owned());
    }
    let address = target(db, db.entry(&new_page(db, new)?))?;
    Some(redirects::target(
        old,
        new,
        &address,
        use_directory_urls(db),
    ))
}

/// The page that a redirect leads to.
fn new_page(db: &dyn Db, new: &str) -> Option<SourcePath> {
    let path = SourcePath::new(new.split_once('#').map_or(new, |(path, _)| path));
    let real = static_i18n::real_source(db, &path);
    let source = real.or_else(|| source_in(db, &*docs(db)?, path.as_str()))?;
    source.is_markdown().then_some(source)
}

/// The problems of the redirects.
pub(in crate::site::queries) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some(plugin) = plugin(db, "redirects") else {
        return Vec::new();
    };
    let is_valid = |old: &str, new: &str| {
        redirect_address(db, old).is_some() || fallback::is_of_others(db, new)
    };
    let suggestions = Suggestions::default();
    let near = |new: &str| {
        let files = files(db);
        let known = files.pages.iter().map(|page| page.path.as_str());
        Some(suggestions.suggest(new, known)?.name)
    };
    let exists = |old: &str| {
        let output = redirects::output(old, use_directory_urls(db));
        let files = files(db);
        let mut pages = files.pages.iter();
        SourcePath::new(old).is_markdown() && pages.any(|page| page.address.output == output)
    };
    let faults = redirects::faults(&redirect_maps(db), &is_valid, &exists, &near).into_iter();
    faults
        .map(|(old, fault)| {
            let option = "redirect_maps".to_owned();
            let entry = SettingRef::PluginEntry(plugin.name.clone(), option, old);
            SettingDiagnostic::about(entry, fault)
        })
        .collect()
}
