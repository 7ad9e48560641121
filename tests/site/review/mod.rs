//! What git says about the base of a review: on repositories that git itself makes.

mod against;
mod base;
mod base_files;
mod clones;
mod edits;
mod facts;
mod renames;
mod report;
mod since;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::Site;
use crate::harness::git::{commit, git, repository};

/// A folder with clones.
struct Clones(tempfile::TempDir);

impl Clones {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Clones a repository with these flags, over a protocol, as from elsewhere.
    fn of(&self, origin: &Path, name: &str, flags: &[&str]) -> PathBuf {
        let to = self.0.path().join(name);
        let from = format!("file://{}", origin.display());
        let to_text = to.to_str().expect("UTF-8");
        git(
            self.0.path(),
            &[&["clone", "--quiet"], flags, &[&*from, to_text]].concat(),
        );
        to
    }
}

/// Runs a command that a message named, as its reader would.
fn run(folder: &Path, command: &str) {
    let status = Command::new("sh")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .args(["-c", command])
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&status.stderr);
    assert!(status.status.success(), "{command}: {said}");
}

/// How many objects a clone has.
fn count_objects(folder: &Path) -> String {
    git(folder, &["count-objects", "-v"])
}
