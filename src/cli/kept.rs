//! A folder of the project in which cards are kept from one run to the next.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use crate::files::{Disk, Keep, SourcePath, own_files, read_regular};

/// How many bytes may be kept in a folder; the oldest files are removed first.
const MOST: u64 = 1 << 30;

/// How large one file may be.
const LARGEST: u64 = 64 << 20;

/// The folder of what we keep, inside the folder that we are told.
const FOLDER: &str = "proofroom";

/// How a file begins and ends that was written whole.
const BEGIN: &[u8] = b"\x89PNG\r\n\x1a\n";
const END: &[u8] = b"IEND\xaeB`\x82";

/// Keeps PNGs in folders of the project.
pub(super) struct KeptPictures {
    root: PathBuf,
    /// Done once something is kept: what is too much is removed.
    pruned: Once,
}

impl KeptPictures {
    /// For the project on a disk.
    pub(super) fn new(disk: &Disk) -> Self {
        Self {
            root: disk.root().to_owned(),
            pruned: Once::new(),
        }
    }

    /// The folder, if it is inside the project: a configuration cannot have files written
    /// elsewhere.
    fn folder(&self, folder: &SourcePath) -> Option<PathBuf> {
        let is_inside = !folder.leads_out() && folder.as_str() != "";
        is_inside.then(|| self.root.join(folder.as_str()).join(FOLDER))
    }
}

impl Keep for KeptPictures {
    fn get(&self, folder: &SourcePath, name: &str) -> Option<Vec<u8>> {
        let path = self.folder(folder)?.join(file_name(name)?);
        let bytes = read_regular(&path, LARGEST).ok()?;
        (bytes.starts_with(BEGIN) && bytes.ends_with(END)).then_some(bytes)
    }

    fn put(&self, folder: &SourcePath, name: &str, bytes: &[u8]) {
        let parts = self.folder(folder).zip(file_name(name));
        let Some((folder, name)) = parts else {
            return;
        };
        self.pruned
            .call_once(|| own_files::prune(&folder, MOST, is_ours));
        // If this fails, the next run draws the picture again.
        let _ = write(&self.root, &folder, &name, bytes);
    }
}

/// The name of the file for a name, which is a hash.
fn file_name(name: &str) -> Option<String> {
    let is_hash = name.len() == 64 && name.bytes().all(|it| it.is_ascii_hexdigit());
    is_hash.then(|| format!("{name}.png"))
}

/// Writes a file of the folder.
fn write(root: &Path, folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    // A link in the project must not lead the files elsewhere.
    if !folder.canonicalize()?.starts_with(root.canonicalize()?) {
        return Err(std::io::ErrorKind::PermissionDenied.into());
    }
    own_files::write_whole(&folder.join(name), &[bytes])
}

/// Whether a file is one of ours, or was to become one.
fn is_ours(name: &str) -> bool {
    let ours = name.split_once(".png");
    ours.is_some_and(|(hash, rest)| {
        file_name(hash).is_some() && (rest.is_empty() || rest.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn picture(middle: &[u8]) -> Vec<u8> {
        [BEGIN, middle, END].concat()
    }

    #[test]
    fn pictures_are_kept_whole_and_inside_the_project() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("project");
        fs::create_dir(&root).expect("a folder");
        let disk = Disk::new(&root).expect("a folder");
        let kept = KeptPictures::new(&disk);
        let (cache, name) = (SourcePath::new(".cache/cards"), "a".repeat(64));
        assert_eq!(kept.get(&cache, &name), None);
        kept.put(&cache, &name, &picture(b"x"));
        assert_eq!(kept.get(&cache, &name), Some(picture(b"x")));
        let path = root
            .join(".cache/cards/proofroom")
            .join(format!("{name}.png"));
        fs::write(&path, b"\x89PNG\r\n\x1a\nhalf").expect("written");
        assert_eq!(kept.get(&cache, &name), None);
        kept.put(&cache, &name, &picture(b"y"));
        assert_eq!(kept.get(&cache, &name), Some(picture(b"y")));
        let names = fs::read_dir(path.parent().expect("a folder")).expect("a folder");
        assert_eq!(names.count(), 1, "nothing is left beside");
        for (folder_name, name) in [("../out", name.as_str()), ("in", "../../x")] {
            kept.put(&SourcePath::new(folder_name), name, &picture(b"z"));
        }
        let names = fs::read_dir(folder.path()).expect("a folder");
        assert_eq!(names.count(), 1, "nothing is written outside");
        assert!(!root.join("in").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_pictures_out_of_the_project() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("project");
        fs::create_dir_all(folder.path().join("other")).expect("a folder");
        fs::create_dir(&root).expect("a folder");
        std::os::unix::fs::symlink("../other", root.join("cards")).expect("a link");
        let kept = KeptPictures::new(&Disk::new(&root).expect("a folder"));
        let name = "b".repeat(64);
        kept.put(&SourcePath::new("cards"), &name, &picture(b"x"));
        assert_eq!(kept.get(&SourcePath::new("cards"), &name), None);
    }

    #[test]
    fn only_our_own_files_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = [1, 2, 3].map(|nth| format!("{}{nth}.png", "c".repeat(63)));
        let others = ["note.txt", "index.png", "manifest.json"].map(str::to_owned);
        for (nth, name) in ours.iter().chain(&others).enumerate() {
            let path = folder.path().join(name);
            fs::write(&path, [0; 10]).expect("written");
            let written = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(nth as u64);
            let file = fs::File::options().write(true).open(&path).expect("open");
            file.set_modified(written).expect("dated");
        }
        own_files::prune(folder.path(), 20, is_ours);
        let exists = |name: &String| folder.path().join(name).exists();
        assert!(!exists(&ours[0]) && exists(&ours[1]) && exists(&ours[2]));
        assert!(others.iter().all(exists));
    }
}
