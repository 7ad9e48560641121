//! Files of the site that hold the fonts of its settings.

use std::sync::Arc;

use super::settings::{config, folders};
use super::{files, listing};
use crate::files::{Kind, SourcePath};
use crate::site::Db;
use crate::theme::{FontFile, font_files, is_font};

/// The files of the fonts that the settings name.
#[salsa::tracked(returns(clone))]
pub(super) fn fonts(db: &dyn Db) -> Arc<[FontFile]> {
    let Some(config) = config(db) else {
        return Arc::default();
    };
    if !config.theme.settings.contains_key("font") {
        return Arc::default();
    }
    let files = files(db);
    let mut paths: Vec<String> = files
        .assets
        .keys()
        .filter(|it| is_font(it))
        .cloned()
        .collect();
    if let Some(folders) = folders(db) {
        for folder in folders.themes.iter().chain(&folders.static_dir) {
            gather(db, folder, "", &mut paths);
        }
    }
    font_files(&config, paths.iter().map(String::as_str)).into()
}

/// The files of fonts below a folder whose files are copied to the site.
fn gather(db: &dyn Db, folder: &SourcePath, below: &str, paths: &mut Vec<String>) {
    for (name, kind) in listing(db, db.entry(folder)).iter() {
        let path = format!("{below}{name}");
        if name.starts_with('.') {
            continue;
        }
        if *kind == Kind::Folder {
            gather(db, &folder.join(name), &format!("{path}/"), paths);
        } else if *kind == Kind::File && is_font(&path) {
            paths.push(path);
        }
    }
}
