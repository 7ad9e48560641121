use std::collections::BTreeMap;
use std::sync::Arc;

use super::page_surroundings::PageSurroundings;
use super::settings::{docs, extensions, folders, plugin, use_directory_urls};
use super::{front_matter, listing, prepared, text};
use crate::config::{Folders, Remark, Subject};
use crate::diagnostic::Suggestions;
use crate::files::{Kind, SourcePath};
use crate::markdown::{self, Body, Extension, Options};
use crate::site::{Db, Entry, Launch};
use crate::url::Address;

/// The Markdown dialect as configured, with what is wrong in it.
#[salsa::tracked(returns(clone))]
fn checked_options(db: &dyn Db) -> Arc<(Arc<Options>, Vec<Remark>)> {
    let mut extensions = extensions(db).to_vec();
    // Material's tags plugin turns on what it needs.
    let tags = plugin(db, "tags").is_some();
    if tags && !extensions.iter().any(|it| it.name.ends_with("attr_list")) {
        extensions.push(Extension {
            name: "attr_list".to_owned(),
            options: serde_json::Map::new(),
        });
    }
    let (mut options, found) = Options::new(&extensions);
    let remark = |(name, said)| Remark::about(Subject::Extension(name), said);
    let remarks = found.into_iter().map(remark).collect();
    options.sources = Launch::get(db).call(db).sources;
    Arc::new((Arc::new(options), remarks))
}

/// The Markdown dialect as configured.
#[salsa::tracked(returns(clone))]
pub fn options(db: &dyn Db) -> Arc<Options> {
    checked_options(db).0.clone()
}

pub(super) fn option_remarks(db: &dyn Db) -> Vec<Remark> {
    checked_options(db).1.clone()
}

/// The options of one extension, as configured.
fn extension_option(db: &dyn Db, extension: &str, option: &str) -> Vec<String> {
    let extensions = extensions(db);
    let mut found = extensions.iter().filter(|it| it.name == extension);
    let value = found.find_map(|it| it.options.get(option).cloned());
    match value {
        Some(serde_json::Value::String(one)) => vec![one],
        Some(serde_json::Value::Array(many)) => many
            .iter()
            .filter_map(|one| Some(one.as_str()?.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}

/// Folders that snippets of a page are searched in; MkDocs runs in the
/// project's root. A path may begin at a place that `!relative` names.
fn snippet_folders(db: &dyn Db, folders: &Folders, page: &SourcePath) -> Vec<SourcePath> {
    let named = extension_option(db, "pymdownx.snippets", "base_path");
    if named.is_empty() {
        return vec![SourcePath::root()];
    }
    let folder = |written: &String| {
        let Some(relative) = written.strip_prefix("!relative") else {
            return SourcePath::new(written);
        };
        let relative = relative.trim();
        let (base, below) = relative.split_once('/').unwrap_or((relative, ""));
        match base {
            "$docs_dir" => folders.docs_dir.join(below),
            "$config_dir" => folders.project.join(below),
            _ => page
                .parent()
                .unwrap_or_else(SourcePath::root)
                .join(relative),
        }
    };
    named.iter().map(folder).collect()
}

/// The site's own icons by shortcode: `theme/icons/pg/x.svg` is `pg-x`.
#[salsa::tracked(returns(clone))]
pub fn icons(db: &dyn Db) -> Arc<BTreeMap<String, SourcePath>> {
    let mut found = BTreeMap::new();
    let extensions = extensions(db);
    let folders = extensions
        .iter()
        .filter(|it| it.name == "pymdownx.emoji")
        .filter_map(|it| it.options.get("options")?.get("custom_icons")?.as_array())
        .flatten()
        .filter_map(|folder| Some(SourcePath::new(folder.as_str()?)));
    for folder in folders {
        gather_icons(db, &folder, "", &mut found);
    }
    Arc::new(found)
}

fn gather_icons(
    db: &dyn Db,
    folder: &SourcePath,
    below: &str,
    found: &mut BTreeMap<String, SourcePath>,
) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let path = folder.join(name);
        if *kind == Kind::Folder {
            gather_icons(db, &path, &format!("{below}{name}-"), found);
        } else if *kind == Kind::File
            && let Some(stem) = name.strip_suffix(".svg")
        {
            found.entry(format!("{below}{stem}")).or_insert(path);
        }
    }
}

/// A page without its theme, links resolved; that of some hundred pages is
/// remembered.
#[salsa::tracked(returns(clone), lru = 128)]
pub fn body(db: &dyn Db, page: Entry) -> Arc<Body> {
    let source = page.path(db);
    let Some((docs, folders)) = docs(db).zip(folders(db)) else {
        return Arc::default();
    };
    let paths = docs.path(&source).zip(docs.plain(&source));
    let Some((path, plain)) = paths else {
        return Arc::default();
    };
    let text = text(db, page).readable().unwrap_or_default();
    let front = front_matter(db, page);
    let text = text.get(front.body_start..).unwrap_or_default();
    let address = Address::of_page(&path, use_directory_urls(db));
    let site = PageSurroundings {
        suggestions: Suggestions::default(),
        db,
        docs: &docs,
        folders: &folders,
        source: &source,
        plain: &plain,
        url: &address.url,
        snippet_folders: &snippet_folders(db, &folders, &source),
    };
    let prepared = prepared(db, page);
    let made = prepared.made.as_ref();
    Arc::new(markdown::render_made(
        &source,
        text,
        front.body_first_line,
        made.map(|made| (made.as_str(), made.sources())),
        &options(db),
        &site,
    ))
}
