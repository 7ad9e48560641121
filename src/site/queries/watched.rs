//! Which folders must be watched.

use crate::files::{SourcePath, archive_of};
use crate::site::Database;
use crate::watch::Folders;

/// The folders that must be watched: those of the site with everything below
/// them, and for all other files that were read, the folders that they are in.
pub fn watched(db: &Database) -> Folders {
    let mut folders = Folders::new();
    if let Some(config) = super::config(db) {
        let docs = config.docs.layers.iter();
        folders.extend(docs.map(|layer| (layer.folder.clone(), true)));
        let more = [
            &config.static_dir,
            &config.themes_dir,
            &config.theme.custom_dir,
        ];
        folders.extend(
            more.into_iter()
                .flatten()
                .map(|folder| (folder.clone(), true)),
        );
        let packages = config.theme.packages.iter();
        folders.extend(packages.map(|folder| (folder.clone(), true)));
        let fonts = super::cards::font_folders(db);
        let fonts = fonts.iter().map(|folder| &folder.path);
        let fonts = fonts.filter(|folder| !folder.leads_out());
        folders.extend(fonts.map(|folder| (folder.clone(), true)));
        folders.extend(config.watch.iter().map(|folder| (folder.clone(), true)));
    }
    // What is inside an archive changes only when the archive does.
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
