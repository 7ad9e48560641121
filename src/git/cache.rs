//! A cache on disk of what git said about files, with one small file for each.
//!
//! Nothing depends on it: what cannot be written, read or trusted is asked for
//! again.

use std::borrow::Cow;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use serde::{Deserialize, Serialize};

use crate::ages::{Commit, Committed, fingerprint};
use crate::files::{own_files, read_regular};

/// How many bytes may be kept; the oldest files are removed first.
const MOST: u64 = 64 << 20;
const EXTENSION: &str = "json";

/// The folder in which answers are kept.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    folder: PathBuf,
    /// Done once something is kept: what is too much is removed.
    pruned: Arc<Once>,
}

/// What an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Key {
    /// The absolute path of the file.
    pub(super) file: PathBuf,
    /// Whether changes of white space count.
    pub(super) whitespace: bool,
    /// A hash of everything else that the answer depends on, except the commit.
    pub(super) rules: u64,
    /// The commit.
    pub(super) commit: String,
}

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// The version that wrote it, and a sample of how it hashes lines.
    by: (Cow<'a, str>, u64),
    key: Key,
    commits: Cow<'a, [Commit]>,
    lines: Vec<(usize, u64)>,
}

/// What identifies the writer: another version may write something different.
fn writer() -> (&'static str, u64) {
    (env!("CARGO_PKG_VERSION"), fingerprint(b"a line"))
}

impl Cache {
    /// A cache in a folder, which need not exist yet.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.join("blame"),
            pruned: Arc::new(Once::new()),
        }
    }

    fn path(&self, key: &Key) -> PathBuf {
        let of = (&key.file, key.whitespace);
        self.folder.join(own_files::name_for(&of, EXTENSION))
    }

    /// The answer that is kept for the file of `key`, with the commit it is for.
    /// Everything else in its key is as in `key`.
    pub(super) fn get(&self, key: &Key) -> Option<(String, Committed)> {
        let text = read_regular(&self.path(key), MOST).ok()?;
        let (sum, text) = text.split_at_checked(17)?;
        let wanted = format!("{:016x}\n", fingerprint(text));
        if sum != wanted.as_bytes() {
            return None;
        }
        let kept: Kept = serde_json::from_slice(text).ok()?;
        let like = Key {
            commit: kept.key.commit.clone(),
            ..key.clone()
        };
        let (version, hashed) = writer();
        if kept.key != like || (kept.by.0.as_ref(), kept.by.1) != (version, hashed) {
            return None;
        }
        let committed = Committed {
            commits: kept.commits.into_owned(),
            lines: kept.lines,
        };
        let count = committed.commits.len();
        let is_valid = committed.lines.iter().all(|(nth, _)| *nth < count);
        is_valid.then_some((like.commit, committed))
    }

    /// Keeps an answer. For the first one, what is too much is removed before.
    pub(super) fn put(&self, key: &Key, committed: &Committed) {
        let is_ours = |name: &str| own_files::is_name(name, EXTENSION);
        self.pruned
            .call_once(|| own_files::prune(&self.folder, MOST, is_ours));
        let (version, hashed) = writer();
        let kept = Kept {
            by: (version.into(), hashed),
            key: key.clone(),
            commits: committed.commits.as_slice().into(),
            lines: committed.lines.clone(),
        };
        let Ok(text) = serde_json::to_vec(&kept) else {
            return;
        };
        let path = self.path(key);
        let write = || {
            own_files::create_private(&self.folder)?;
            let sum = format!("{:016x}\n", fingerprint(&text));
            own_files::write_whole(&path, &[sum.as_bytes(), &text])
        };
        // If this fails, the next start asks git again.
        let _ = write();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Cache, Key};
    use crate::ages::{Commit, Committed};

    #[test]
    fn damaged_answers_are_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path());
        let key = Key {
            file: "/a/b.md".into(),
            whitespace: true,
            rules: 5,
            commit: "c1".to_owned(),
        };
        let committed = Committed {
            commits: vec![Commit {
                author: "王".to_owned(),
                ..Commit::default()
            }],
            lines: vec![(0, u64::MAX), (0, 7)],
        };
        assert_eq!(cache.get(&key), None);
        cache.put(&key, &committed);
        assert_eq!(cache.get(&key), Some(("c1".to_owned(), committed.clone())));
        // Another commit: the caller knows whether that matters.
        let later = Key {
            commit: "c2".to_owned(),
            ..key.clone()
        };
        assert_eq!(cache.get(&later).map(|it| it.0), Some("c1".to_owned()));
        let other = Key {
            rules: 6,
            ..key.clone()
        };
        assert_eq!(cache.get(&other), None);
        let path = cache.path(&key);
        let whole = fs::read(&path).expect("kept");
        for length in [0, 5, 17, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..length]).expect("written");
            assert_eq!(cache.get(&key), None, "{length}");
        }
        let mut changed = whole.clone();
        changed[40] ^= 1;
        fs::write(&path, changed).expect("written");
        assert_eq!(cache.get(&key), None);
        // A folder in its place is not a reason to fail.
        fs::remove_file(&path).expect("removed");
        fs::create_dir(&path).expect("a folder");
        cache.put(&key, &committed);
        assert_eq!(cache.get(&key), None);
        let names = fs::read_dir(folder.path().join("blame")).expect("a folder");
        assert_eq!(names.count(), 1, "nothing is left beside");
    }
}
