//! Folders of files that we make for later runs.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// Writes a file beside its place and renames it, so that nobody reads half of it. Its
/// content is given in parts.
///
/// # Errors
/// When it cannot be written; then nothing is left beside it.
pub fn write_whole(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}-{count}", std::process::id()));
    let mut file = fs::File::create_new(&beside)?;
    let written = parts
        .iter()
        .try_for_each(|part| file.write_all(part))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Creates a folder that only its owner can read: what is kept may name people.
///
/// # Errors
/// When it cannot be created.
pub fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The name of the file that is kept for a thing.
pub fn name_for(thing: &impl Hash, extension: &str) -> String {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    format!("{:016x}.{extension}", hasher.finish())
}

/// Whether [`name_for`] gives such names, or [`write_whole`] writes beside one: no others
/// are removed from a folder of such files.
pub fn is_name(name: &str, extension: &str) -> bool {
    let Some((hash, rest)) = name.split_once('.') else {
        return false;
    };
    let is_hash = hash.len() == 16 && hash.bytes().all(|it| it.is_ascii_hexdigit());
    let beside = rest.strip_prefix(extension);
    is_hash && beside.is_some_and(|it| it.is_empty() || it.starts_with('.'))
}

/// Removes the oldest files of a folder, as long as there are more than `most` bytes of
/// those whose names `is_ours` knows. Others do not count, and stay.
pub fn prune(folder: &Path, most: u64, is_ours: impl Fn(&str) -> bool) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(&is_ours))
        .filter_map(|entry| {
            let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            let written = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            Some((written, metadata.len(), entry.path()))
        })
        .collect();
    let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
    files.sort();
    for (_, length, path) in files {
        if total <= most {
            return;
        }
        if fs::remove_file(path).is_ok() {
            total -= length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_much_of_our_own_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        for (nth, name) in ["theirs", "old", "middle", "new"].iter().enumerate() {
            let path = folder.path().join(name);
            fs::write(&path, [0; 10]).expect("written");
            let written = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(nth as u64);
            let file = fs::File::options().write(true).open(&path).expect("open");
            file.set_modified(written).expect("dated");
        }
        let exists = |name: &str| folder.path().join(name).exists();
        let is_ours = |name: &str| name != "theirs";
        prune(folder.path(), 20, is_ours);
        assert!(!exists("old") && exists("middle") && exists("new"));
        prune(folder.path(), 5, is_ours);
        assert!(!exists("middle") && !exists("new") && exists("theirs"));
    }

    #[test]
    fn only_names_that_we_give_are_ours() {
        let name = name_for(&"a project", "json");
        assert!(is_name(&name, "json") && is_name(&format!("{name}.12-3"), "json"));
        let foreign = ["notes.json", "0123456789abcdef", "0123456789abcdef.jsonx"];
        assert!(foreign.iter().all(|name| !is_name(name, "json")));
        assert!(!is_name(&name, "log"));
    }

    #[test]
    fn a_file_that_cannot_be_put_in_its_place_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        write_whole(&path, &[b"x", b"y"]).expect("written");
        assert_eq!(fs::read(&path).expect("read"), b"xy");
        fs::remove_file(&path).expect("removed");
        fs::create_dir(&path).expect("a folder");
        assert!(write_whole(&path, &[b"z"]).is_err());
        let names = fs::read_dir(folder.path()).expect("a folder");
        assert_eq!(names.count(), 1);
    }
}
