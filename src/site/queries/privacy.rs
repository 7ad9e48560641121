//! Copies of files of other sites, with the plugin `privacy`.

use std::sync::Arc;

use serde_json::Map;

use super::docs_files::address;
use super::settings::{base, plugin, plugin_names, site_url};
use super::{Text, listing, real, symbolic_links, text};
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::{Kind, SourcePath};
use crate::plugins::privacy::{
    EXPRESSIONS, Place, Settings, Storage, page_with_copies, remarks, text_with_copies,
};
use crate::site::{Db, Entry, InvocationInput, Produced};

/// The plugin.
const NAME: &str = "privacy";

/// What the plugin does, if it is enabled or the call asks for it.
#[salsa::tracked(returns(clone))]
pub fn settings(db: &dyn Db) -> Option<Arc<Settings>> {
    let plugin = plugin(db, NAME);
    let options = match &plugin {
        Some(plugin) => plugin.options.clone(),
        None if InvocationInput::get(db).call(db).fetch_assets => Map::new(),
        None => return None,
    };
    let site = site_url(db);
    Some(Arc::new(Settings::new(
        &options,
        site.as_deref(),
        &base(db),
    )))
}

/// The folder in which the plugin keeps its downloads.
#[salsa::tracked(returns(clone))]
fn cache_folder(db: &dyn Db) -> Option<SourcePath> {
    let written = &settings(db)?.cache_dir;
    if written.starts_with('/') || written.contains(":\\") {
        return db.system().locate(written);
    }
    Some(SourcePath::new(written))
}

/// Where the plugin keeps its downloads, if it is enabled.
pub fn storage(db: &dyn Db) -> Option<Storage> {
    let settings = settings(db)?;
    Some(Storage {
        cache: cache_folder(db)?,
        folder: settings.folder.clone(),
        at_once: settings.at_once,
    })
}

/// The folder of the copies in it.
fn copies(db: &dyn Db, settings: &Settings) -> Option<SourcePath> {
    Some(cache_folder(db)?.join(settings.folder.as_str()))
}

/// The copy of a file below a folder of copies, with the ending of its media type: the plugin
/// makes a link without it that leads to the copy.
fn find(db: &dyn Db, folder: &SourcePath, file: &str) -> Option<String> {
    let path = folder.join(file);
    let real = real(db, db.entry(&path))?;
    let name = real.name();
    if real.parent() != path.parent() {
        return Some(file.to_owned());
    }
    let (above, _) = file.rsplit_once('/').unwrap_or(("", file));
    Some(format!("{above}/{name}"))
}

/// A document with copies.
fn document(db: &dyn Db, html: String, place: Place<'_>) -> Produced {
    let settings = settings(db);
    let folder = settings.as_ref().and_then(|it| copies(db, it));
    let Some((settings, folder)) = settings.zip(folder) else {
        return Produced::of_template(Ok(html));
    };
    let find = |file: &str| find(db, &folder, file);
    let (changed, needs) = page_with_copies(&html, place, &settings, &find);
    Produced {
        needs,
        ..Produced::of_template(Ok(changed.unwrap_or(html)))
    }
}

/// A page with copies.
pub(super) fn page(db: &dyn Db, page: Entry, html: String) -> Produced {
    let Some(settings) = settings(db) else {
        return Produced::of_template(Ok(html));
    };
    let own = address(db, page).map_or_else(String::new, |address| address.url);
    let mut produced = document(db, html, Place::At(&own));
    if !produced.needs.are_met() {
        let text = text(db, page).readable().unwrap_or_default();
        let warns = settings.warns;
        produced.diagnostics = remarks(&produced.needs, warns, &page.path(db), &text);
    }
    produced
}

/// A template that is rendered as a page of its own, with copies.
pub(super) fn template(db: &dyn Db, name: &str, html: String) -> Produced {
    let Some(stem) = name.strip_suffix(".html") else {
        return Produced::of_template(Ok(html));
    };
    // As MkDocs tells pages for errors: `404.html`.
    if stem.len() == 3 && stem.bytes().all(|it| it.is_ascii_digit()) {
        return document(db, html, Place::Anywhere);
    }
    document(db, html, Place::At(name))
}

/// A style sheet or script at `path` below the site with copies; `is_copy` if it is one itself.
pub(super) fn file(db: &dyn Db, source: &SourcePath, path: &str, is_copy: bool) -> Produced {
    let unchanged = Produced::file(source);
    let Some(settings) = settings(db) else {
        return unchanged;
    };
    if !settings.reads(path) {
        return unchanged;
    }
    let Some(folder) = copies(db, &settings) else {
        return unchanged;
    };
    let Text::Present(text) = text(db, db.entry(source)) else {
        return unchanged;
    };
    let find = |file: &str| find(db, &folder, file);
    let (changed, needs) = text_with_copies(&text, path, is_copy, &settings, &find);
    let mut produced = changed.map_or(unchanged, Produced::text);
    produced.diagnostics = remarks(&needs, settings.warns, source, &text);
    produced.needs = needs;
    produced
}

/// All copies, by their paths below the site. Links to them are not among them.
pub(super) fn all_copies(db: &dyn Db) -> Vec<(String, SourcePath)> {
    let mut found = Vec::new();
    let Some(settings) = settings(db) else {
        return found;
    };
    let Some(folder) = copies(db, &settings) else {
        return found;
    };
    let mut left = vec![(settings.folder.clone(), folder)];
    while let Some((path, folder)) = left.pop() {
        let entry = db.entry(&folder);
        let links = symbolic_links(db, entry);
        for (name, kind) in listing(db, entry).iter() {
            if links.iter().any(|link| link.name == *name) {
                continue;
            }
            match kind {
                Kind::File => found.push((path.join(name).as_str().to_owned(), folder.join(name))),
                Kind::Folder => left.push((path.join(name), folder.join(name))),
                Kind::Other => {}
            }
        }
    }
    found
}

/// The expressions that cannot be used, and a second instance of the plugin.
pub(super) fn faults(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some(plugin) = plugin(db, NAME) else {
        return Vec::new();
    };
    let faults = Settings::faults(&plugin.options).into_iter();
    let about = |(ending, fault): (String, Diagnostic)| {
        let option = EXPRESSIONS.to_owned();
        let subject = SettingRef::PluginEntry(NAME.to_owned(), option, ending);
        SettingDiagnostic::about(subject, fault)
    };
    let instances = plugin_names(db);
    let instances = instances.iter().filter(|name| *name == NAME);
    let message =
        format!("the plugin `{NAME}` is enabled several times, and only the first counts");
    let second = instances.skip(1).take(1).map(|_| {
        let note = Diagnostic::note(Rule::UnsupportedOption, message.clone());
        let note = note.help("write all of its options into the first");
        SettingDiagnostic::about(SettingRef::Plugin(NAME.to_owned()), note)
    });
    faults.map(about).chain(second).collect()
}
