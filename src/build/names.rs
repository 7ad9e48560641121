//! Names of the files and folders that builds keep for themselves, in the site
//! folder and beside it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::manifest;

/// The journal of a site that is changed file by file.
pub(super) const JOURNAL: &str = ".proofroom-journal";

/// The lock, where it must be in the site folder itself.
pub(super) const LOCK: &str = ".proofroom-lock";

/// The folder of a new site inside the old one.
const STAGING: &str = ".proofroom-staging";

/// A hidden name beside the site folder: `.site.proofroom-..`.
pub(super) fn beside(target: &Path, tail: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".proofroom-");
    name.push(tail);
    target.with_file_name(name)
}

/// A name for a new site that is written in the site folder itself.
pub(super) fn inside() -> String {
    format!("{STAGING}-{}", unique())
}

/// Whether a name was made by [`inside`].
pub(super) fn is_inside(name: &str) -> bool {
    let tail = name
        .strip_prefix(STAGING)
        .and_then(|it| it.strip_prefix('-'));
    tail.is_some_and(is_unique)
}

/// A suffix that no other running build uses: `process-count`.
pub(super) fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{}-{count}", std::process::id())
}

/// Whether a name's tail was made by [`unique`].
pub(super) fn is_unique(tail: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    tail.split_once('-')
        .is_some_and(|(process, count)| is_number(process) && is_number(count))
}

/// Whether a name is that of a file or folder that builds keep in a site folder
/// for themselves, and that is not part of the site.
pub(super) fn is_ours_alone(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    [manifest::NAME, JOURNAL, LOCK].contains(&&*name) || is_inside(&name)
}
