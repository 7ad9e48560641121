use std::sync::Arc;

use serde_json::{Map, Value};

use super::Listed;
use crate::config::Remark;
use crate::diagnostic::Suggestions;
use crate::files::SourcePath;
use crate::html;
use crate::plugins::redirects::{self, Options};
use crate::site::queries::docs_files::source_in;
use crate::site::queries::settings::{docs, plugin, use_directory_urls};
use crate::site::queries::{fallback, files, static_i18n, target};
use crate::site::{Db, Maker, Output, OutputKind, Produced};

/// Pages at the addresses of old Markdown files, each named by its file.
static KIND: OutputKind = OutputKind::new("redirect", Maker::Plugin, make);

pub(super) fn list(db: &dyn Db) -> Listed {
    let maps = redirect_maps(db);
    let old = maps.keys();
    let leads = old.filter(|old| redirect_address(db, old).is_some());
    leads
        .map(|old| {
            let path = redirects::output(old, use_directory_urls(db));
            (path, Output::named(&KIND, old.as_str()))
        })
        .collect()
}

fn make(db: &dyn Db, output: &Output) -> Produced {
    let to = redirect_address(db, &output.name);
    Produced::text(html::redirect(&to.unwrap_or_default()))
}

/// The old pages, and the new ones that they lead to. There may be thousands,
/// and each is an output.
#[salsa::tracked(returns(clone))]
fn redirect_maps(db: &dyn Db) -> Arc<Map<String, Value>> {
    let plugin = plugin(db, "redirects");
    let options = plugin.map(|plugin| Options::read(&plugin.options));
    Arc::new(options.map(|it| it.redirect_maps).unwrap_or_default())
}

/// Where an old page leads; `None` where that is no page.
fn redirect_address(db: &dyn Db, old: &str) -> Option<String> {
    let maps = redirect_maps(db);
    let new = maps.get(old)?.as_str()?;
    if redirects::is_outside(new) {
        return Some(new.to_owned());
    }
    let path = new.split('#').next().unwrap_or_default();
    let path = SourcePath::new(path);
    let real = static_i18n::real_source(db, &path);
    let source = real.or_else(|| source_in(db, &*docs(db)?, path.as_str()))?;
    let address = target(db, db.entry(&source)).filter(|_| source.is_markdown())?;
    Some(redirects::target(
        old,
        new,
        &address,
        use_directory_urls(db),
    ))
}

/// What is wrong with the redirections.
pub(in crate::site::queries) fn faults(db: &dyn Db) -> Vec<Remark> {
    let Some(plugin) = plugin(db, "redirects") else {
        return Vec::new();
    };
    let leads = |old: &str, new: &str| {
        redirect_address(db, old).is_some() || fallback::is_of_others(db, new)
    };
    let suggestions = Suggestions::default();
    let near = |new: &str| {
        let files = files(db);
        let known = files.pages.iter().map(|page| page.path.as_str());
        Some(suggestions.suggest(new, known)?.name)
    };
    let found = redirects::faults(&redirect_maps(db), &leads, &near).into_iter();
    found.map(|it| plugin.remark(it)).collect()
}
