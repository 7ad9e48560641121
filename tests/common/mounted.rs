//! File systems that a test mounts over a folder.

use std::path::{Path, PathBuf};
use std::process::Command;

/// An empty file system in memory over a folder, until it is dropped.
pub struct Mounted(PathBuf);

impl Mounted {
    /// Mounts one over `folder`; `None`, and said, where that is not allowed.
    pub fn over(folder: &Path) -> Option<Self> {
        if !run("mount", &["-t", "tmpfs", "none"], folder) {
            eprintln!("SKIPPED: nothing may be mounted here, so this was not tried");
            return None;
        }
        Some(Self(folder.to_owned()))
    }

    /// Unmounts it.
    pub fn end(self) {
        assert!(run("umount", &[], &self.0), "it was mounted");
    }
}

impl Drop for Mounted {
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
