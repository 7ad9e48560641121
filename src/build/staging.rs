use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A site that is being written, beside the one it will replace.
pub(super) struct Staging {
    folder: PathBuf,
    target: PathBuf,
    /// Names in the old site that are taken over.
    keep: Vec<String>,
}

impl Staging {
    /// An empty folder beside `target`. What an earlier, killed build left
    /// there is cleared. What is called as in `keep` stays in the new site.
    pub(super) fn new(target: &Path, keep: Vec<String>) -> io::Result<Self> {
        let name = target.file_name().ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "site_dir names no folder")
        })?;
        let mut staged = std::ffi::OsString::from(".");
        staged.push(name);
        staged.push(".proofroom");
        let staging = Self {
            folder: target.with_file_name(staged),
            target: target.to_owned(),
            keep,
        };
        staging.clear()?;
        fs::create_dir_all(&staging.folder)?;
        Ok(staging)
    }

    /// Writes one output.
    pub(super) fn write(&self, output: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(output);
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(named)?;
        }
        fs::write(&path, bytes).map_err(named)
    }

    /// Puts the new site in the old one's place, in one step where the file
    /// system can, and removes the old one.
    pub(super) fn publish(self) -> io::Result<()> {
        if self.target.exists() {
            exchange(&self.folder, &self.target)?;
            self.clear()
        } else {
            fs::rename(&self.folder, &self.target)
        }
    }

    /// Removes the folder. What is hidden in it belongs to the user (`.git`
    /// of a published branch, say), as MkDocs has it: it goes to the site.
    fn clear(&self) -> io::Result<()> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Ok(());
        };
        for entry in entries.flatten() {
            let place = self.target.join(entry.file_name());
            let name = entry.file_name().to_string_lossy().into_owned();
            let kept = name.starts_with('.') || self.keep.contains(&name);
            if kept && self.target.is_dir() && !place.exists() {
                fs::rename(entry.path(), place)?;
            }
        }
        fs::remove_dir_all(&self.folder)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Already gone where the site was published; what stays behind after
        // a failure is cleared by the next build.
        let _ = self.clear();
    }
}

/// Exchanges two folders.
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // Two steps: between them the old site stands under the other name.
    let aside = old.with_extension("proofroom-old");
    fs::rename(old, &aside)?;
    fs::rename(new, old)?;
    fs::rename(&aside, new)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Staging;

    #[test]
    fn replaces_the_site_and_keeps_what_is_hidden() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("site");
        fs::create_dir_all(site.join(".git")).expect("a folder");
        fs::write(site.join("old.html"), "old").expect("a file");
        let staging = Staging::new(&site, Vec::new()).expect("staging");
        staging.write("a/index.html", b"new").expect("written");
        assert!(
            site.join("old.html").exists(),
            "the old site stands until the new one is whole"
        );
        staging.publish().expect("published");
        assert_eq!(fs::read(site.join("a/index.html")).expect("a page"), b"new");
        assert!(site.join(".git").is_dir() && !site.join("old.html").exists());
        let names = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(names, 1, "nothing is left beside the site");
    }

    #[test]
    fn a_build_that_is_given_up_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("site");
        fs::create_dir(&site).expect("a folder");
        fs::write(site.join("old.html"), "old").expect("a file");
        let staging = Staging::new(&site, Vec::new()).expect("staging");
        staging.write("index.html", b"half").expect("written");
        drop(staging);
        assert!(site.join("old.html").exists() && !site.join("index.html").exists());
    }
}
