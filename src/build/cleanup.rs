//! What builds leave beside a site folder: the old site, once the new one is in
//! place, and the remains of killed builds.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::manifest::{self, Names};
use super::name_tree::NameTree;
use super::names::{self, is_ours_alone};
use super::patch;
use super::site_folder::SiteFolder;

/// What earlier versions called the folder beside a site.
const EARLIER: &str = ".proofroom";

/// Removes an old site that was exchanged for the one in `target`. Files that are
/// not `owned` are moved to the new site. Returns notes on what could not be
/// moved.
pub(super) fn clear_old(old: &Path, target: &Path, owned: &Names) -> Vec<String> {
    let tree = NameTree::of(owned.iter().map(PathBuf::as_path));
    let left = settle(old, target, Path::new(""), Some(&tree));
    if left == 0 {
        // Last of all, because it says which files are ours.
        let _ = fs::remove_file(old.join(manifest::NAME));
        let _ = fs::remove_dir(old);
        return Vec::new();
    }
    let (old, target) = (old.display(), target.display());
    vec![format!(
        "{left} files of the old site that no build made were left in `{old}`: they could not \
         be moved to `{target}`"
    )]
}

/// Removes or moves what lies in `below`, a folder of `old` in which the files `owned`
/// are ours, and returns how much stays.
fn settle(old: &Path, target: &Path, below: &Path, owned: Option<&NameTree>) -> usize {
    let Ok(entries) = fs::read_dir(old.join(below)) else {
        return 1;
    };
    let (mut left, mut folders) = (0, Vec::new());
    for entry in entries.flatten() {
        let file_name = entry.file_name();
        let name = below.join(&file_name);
        if name == Path::new(manifest::NAME) {
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
        let node = owned.and_then(|tree| tree.get(&file_name));
        let is_owned = || !is_folder && node.is_some_and(|node| node.is_file);
        if is_ours_alone(&file_name) || is_owned() {
            remove(&entry);
            continue;
        }
        if is_folder && node.is_some_and(NameTree::has_any_below) {
            folders.push((name, node));
            continue;
        }
        let to = target.join(&name);
        let is_free = to.symlink_metadata().is_err();
        if is_folder && !is_free {
            folders.push((name, node));
        } else if !is_free || move_to(&entry.path(), &to).is_err() {
            left += 1;
        }
    }
    let left_inside = folders.into_par_iter().map(|(name, node)| {
        let left = settle(old, target, &name, node);
        let _ = fs::remove_dir(old.join(&name));
        left
    });
    left + left_inside.sum::<usize>()
}

/// Removes a file or folder of ours. One that cannot be removed does no harm.
fn remove(entry: &DirEntry) {
    let _ = if entry.file_type().is_ok_and(|it| it.is_dir()) {
        fs::remove_dir_all(entry.path())
    } else {
        fs::remove_file(entry.path())
    };
}

fn move_to(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(from, to)
}

/// Clears away what killed builds left of the site in `target`, whose lock must
/// be held, and finishes what they began. Returns notes on what was kept.
///
/// # Errors
/// When a half-patched site cannot be finished.
pub(super) fn clear(target: &Path) -> io::Result<Vec<String>> {
    let mut notes = Vec::new();
    let site = target.file_name().unwrap_or_default().to_string_lossy();
    let start = format!(".{site}.proofroom-");
    let beside = target.parent().map(folders_in).unwrap_or_default();
    for (name, folder) in &beside {
        if name.strip_prefix(&start).is_some_and(names::is_unique) {
            notes.extend(clear_one(folder, target));
        } else if *name == format!(".{site}{EARLIER}") {
            notes.extend(clear_earlier(folder, target));
        }
    }
    patch::finish(target)?;
    for (name, folder) in folders_in(target) {
        if names::is_inside(&name) {
            // It never contained files of others.
            let _ = fs::remove_dir_all(folder);
        }
    }
    Ok(notes)
}

/// The folders in a folder, by name; none where it cannot be read.
fn folders_in(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|it| it.is_dir()))
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .collect()
}

/// Clears away a folder that a killed build left: a site that was never finished,
/// or an old one that was exchanged already.
fn clear_one(folder: &Path, target: &Path) -> Vec<String> {
    match manifest::read(folder) {
        // The manifest is written last: there is nothing but outputs.
        Ok(None) => {
            let _ = fs::remove_dir_all(folder);
            Vec::new()
        }
        Ok(Some(_)) if target.symlink_metadata().is_err() => {
            // It is complete, and was about to be put in place.
            let _ = fs::rename(folder, target);
            Vec::new()
        }
        Ok(Some(names)) => {
            let Ok(ground) = SiteFolder::look(folder, Names::new()) else {
                return vec![stays(folder)];
            };
            // Files that the new site took over but did not get.
            let new = manifest::read(target).ok().flatten().unwrap_or_default();
            let is_missing =
                |name: &Path| new.contains(name) && target.join(name).symlink_metadata().is_err();
            // Including removed files: folders that they leave empty are ours.
            let owned = names.into_iter().chain(ground.owned);
            let owned = owned.filter(|name| !is_missing(name)).collect();
            clear_old(folder, target, &owned)
        }
        Err(_) => vec![stays(folder)],
    }
}

/// Clears away what an earlier version left. That version recognised files of
/// others by the dot at the start of their names.
fn clear_earlier(folder: &Path, target: &Path) -> Vec<String> {
    let mut owned = Names::new();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        if !entry.file_name().to_string_lossy().starts_with('.') {
            remove(&entry);
            owned.insert(entry.file_name().into());
        }
    }
    if target.is_dir() {
        return clear_old(folder, target, &owned);
    }
    let _ = fs::remove_dir(folder);
    Vec::new()
}

fn stays(folder: &Path) -> String {
    let folder = folder.display();
    format!("`{folder}`, left behind by a killed build, cannot be read and was kept")
}
