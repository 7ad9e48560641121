//! What a watch must cover.

use crate::files::{SourcePath, archive_of};
use crate::site::Database;
use crate::watch::Folders;

/// The folders that a watch must cover: those of the site with all below
/// them, and of everything else that was read the folder it lies in.
pub fn watched(db: &Database) -> Folders {
    let mut folders = Folders::new();
    if let Some(config) = super::config(db) {
        let docs = config.docs.layers.iter();
        folders.extend(docs.map(|layer| (layer.folder.clone(), true)));
        let more = [
            &config.static_dir,
            &config.themes_dir,
            &config.theme.custom_dir,
            &config.theme.package,
        ];
        folders.extend(
            more.into_iter()
                .flatten()
                .map(|folder| (folder.clone(), true)),
        );
        folders.extend(config.watch.iter().map(|folder| (folder.clone(), true)));
    }
    // What lies in an archive changes when the archive does.
    let packed: Vec<SourcePath> = folders
        .keys()
        .filter(|folder| archive_of(folder).is_some())
        .cloned()
        .collect();
    for folder in packed {
        folders.remove(&folder);
    }
    let deep: Vec<SourcePath> = folders.keys().cloned().collect();
    for path in db.read_paths() {
        let path = archive_of(&path).unwrap_or(path);
        if deep.iter().all(|folder| path.below(folder).is_none()) {
            folders
                .entry(path.parent().unwrap_or(path))
                .or_insert(false);
        }
    }
    folders
}
