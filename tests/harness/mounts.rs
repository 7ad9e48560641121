//! File systems that a test mounts over a folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::skip::{Need, skip};

/// An empty file system in memory over a folder, until it is dropped.
pub struct Mount(PathBuf);

impl Mount {
    /// Mounts one over `folder`; `None`, reported as skipped, where that is not
    /// allowed.
    pub fn over(folder: &Path) -> Option<Self> {
        if !run("mount", &["-t", "tmpfs", "none"], folder) {
            skip(Need::Mount, "nothing may be mounted here");
            return None;
        }
        Some(Self(folder.to_owned()))
    }

    /// Unmounts it.
    pub fn end(self) {
        // Lazily, for a server may be reading there at this moment.
        assert!(run("umount", &["--lazy"], &self.0), "it was mounted");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // It may have ended already. Lazily, for what a failed test left open
        // must not keep it there.
        run("umount", &["--quiet", "--lazy"], &self.0);
    }
}

/// Runs `mount` or `umount`. False where that is not allowed here.
fn run(program: &str, arguments: &[&str], at: &Path) -> bool {
    let status = Command::new(program).args(arguments).arg(at).status();
    status.is_ok_and(|status| status.success())
}
