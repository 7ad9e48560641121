//! Packages of npm, for tests with the scripts that real sites load. They are downloaded
//! when they are first needed, and never part of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::skip::{Need, skip};

/// The folder of a package, named with its version; `None`, reported as skipped, where
/// it cannot be downloaded.
pub fn package(name: &str) -> Option<PathBuf> {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("npm");
    let folder = cache.join(name.replace(['@', '/'], "-"));
    if folder.is_dir() {
        return Some(folder);
    }
    fs::create_dir_all(&cache).expect("a folder");
    let work = tempfile::tempdir_in(&cache).expect("a folder");
    let packed = Command::new("npm")
        .args(["pack", "--silent", "--pack-destination"])
        .arg(work.path())
        .arg(name)
        .output();
    let archive = packed.ok().filter(|it| it.status.success()).and_then(|it| {
        let said = String::from_utf8_lossy(&it.stdout).into_owned();
        said.lines()
            .last()
            .map(|line| work.path().join(line.trim()))
    });
    let Some(archive) = archive else {
        skip(Need::Npm, &format!("`npm pack {name}` fails: offline?"));
        return None;
    };
    let unpacked = Command::new("tar")
        .arg("-xzf")
        .arg(&archive)
        .arg("-C")
        .arg(work.path())
        .status();
    assert!(unpacked.expect("tar runs").success(), "{archive:?}");
    // Another test may have been faster.
    if fs::rename(work.path().join("package"), &folder).is_err() {
        assert!(folder.is_dir(), "{folder:?} cannot be made");
    }
    Some(folder)
}
