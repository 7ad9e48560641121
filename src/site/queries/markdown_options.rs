//! The Markdown dialect of a site: its extensions, and its own icons.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::listing;
use super::settings::{extensions, plugin, plugin_names};
use crate::config::{SettingDiagnostic, SettingRef, mark_of_plugin};
use crate::diagnostic::missing_plugin;
use crate::files::{Kind, SourcePath};
use crate::markdown::{Extension, ExtensionProblem, MarkdownOptions, MissingConstruct};
use crate::site::{Db, InvocationInput};

/// The Markdown dialect as configured, with the problems in its configuration.
#[salsa::tracked(returns(clone))]
fn checked_options(db: &dyn Db) -> Arc<(Arc<MarkdownOptions>, Vec<SettingDiagnostic>)> {
    let mut extensions = extensions(db).to_vec();
    // Material's tags plugin enables the extension that it needs.
    let tags = plugin(db, "tags").is_some();
    if tags && !extensions.iter().any(|it| it.name.ends_with("attr_list")) {
        extensions.push(Extension {
            name: "attr_list".to_owned(),
            options: serde_json::Map::new(),
        });
    }
    let (mut options, faults) = MarkdownOptions::new(&extensions);
    let remark = |it: ExtensionProblem| {
        let subject = match it.option {
            Some(option) => SettingRef::ExtensionOption(it.extension, option),
            None => SettingRef::Extension(it.extension),
        };
        SettingDiagnostic::about(subject, it.diagnostic)
    };
    let remarks = faults.into_iter().map(remark).collect();
    for name in plugin_names(db).iter() {
        if let Some(mark) = mark_of_plugin(name) {
            options.missing.push(MissingConstruct {
                reader: format!("the plugin `{name}`"),
                cause: missing_plugin(name),
                is_plugin: true,
                mark,
            });
        }
    }
    options.api_objects = plugin(db, "mkdocstrings").is_some();
    options.autorefs = options.api_objects || plugin(db, "autorefs").is_some();
    options.sources = InvocationInput::get(db).call(db).sources;
    Arc::new((Arc::new(options), remarks))
}

/// The Markdown dialect as configured.
#[salsa::tracked(returns(clone))]
pub fn options(db: &dyn Db) -> Arc<MarkdownOptions> {
    checked_options(db).0.clone()
}

pub(super) fn option_remarks(db: &dyn Db) -> Vec<SettingDiagnostic> {
    checked_options(db).1.clone()
}

/// Whether pages may show the icons that only Zensical has.
#[salsa::tracked(returns(copy))]
pub fn has_zensical_icons(db: &dyn Db) -> bool {
    extensions(db).iter().any(|it| {
        let index = it.options.get("emoji_index");
        it.name == "pymdownx.emoji" && index.is_some_and(|it| it.to_string().contains("zensical."))
    })
}

/// The site's own icons by shortcode: `theme/icons/pg/x.svg` is `pg-x`.
#[salsa::tracked(returns(clone))]
pub fn icons(db: &dyn Db) -> Arc<BTreeMap<String, SourcePath>> {
    let mut icons = BTreeMap::new();
    let extensions = extensions(db);
    let folders = extensions
        .iter()
        .filter(|it| it.name == "pymdownx.emoji")
        .filter_map(|it| it.options.get("options")?.get("custom_icons")?.as_array())
        .flatten()
        .filter_map(|folder| Some(SourcePath::new(folder.as_str()?)));
    for folder in folders {
        gather_icons(db, &folder, "", &mut icons);
    }
    Arc::new(icons)
}

fn gather_icons(
    db: &dyn Db,
    folder: &SourcePath,
    below: &str,
    icons: &mut BTreeMap<String, SourcePath>,
) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let path = folder.join(name);
        if *kind == Kind::Folder {
            gather_icons(db, &path, &format!("{below}{name}-"), icons);
        } else if *kind == Kind::File
            && let Some(stem) = name.strip_suffix(".svg")
        {
            icons.entry(format!("{below}{stem}")).or_insert(path);
        }
    }
}
