//! Logs of repositories, kept for the next start. Nothing depends on it: what cannot be
//! read or written is asked for again.

use std::path::{Path, PathBuf};

use super::repository::Repository;
use crate::files::{own_files, read_regular};

/// To be counted up where git is asked for another log.
const FORMAT: u32 = 2;

/// How many bytes may be kept; the oldest files are removed first.
const MOST: u64 = 256 << 20;
const EXTENSION: &str = "log";

/// The folder of the logs.
#[derive(Debug, Clone)]
pub(super) struct KeptLogs {
    folder: PathBuf,
}

impl KeptLogs {
    /// Those in the folder for what is kept between runs.
    pub(super) fn new(cache: &Path) -> Self {
        Self {
            folder: cache.join("logs"),
        }
    }

    fn path(&self, repository: &Repository) -> PathBuf {
        self.folder
            .join(own_files::name_for(&repository.top, EXTENSION))
    }

    /// What was printed for a repository when it was as `mark` says.
    pub(super) fn get(&self, repository: &Repository, mark: u64) -> Option<Vec<u8>> {
        let mut kept = read_regular(&self.path(repository), MOST).ok()?;
        let header = header(repository, mark, kept.len())?;
        kept.starts_with(&header)
            .then(|| kept.split_off(header.len()))
    }

    /// Keeps what is printed for a repository that is as `mark` says.
    pub(super) fn put(&self, repository: &Repository, mark: u64, printed: &[u8]) {
        let write = || {
            let length = header(repository, mark, 0)?.len() + printed.len();
            let header = header(repository, mark, length)?;
            own_files::create_private(&self.folder).ok()?;
            own_files::write_whole(&self.path(repository), &[&header, printed]).ok()
        };
        if write().is_some() {
            own_files::prune(&self.folder, MOST, |name| {
                own_files::is_name(name, EXTENSION)
            });
        }
    }
}

/// How a file of this length begins that is that of a repository.
fn header(repository: &Repository, mark: u64, length: usize) -> Option<Vec<u8>> {
    let (version, top) = (env!("CARGO_PKG_VERSION"), repository.top.to_str()?);
    Some(format!("{version} {FORMAT} {mark:016x} {length:016x} {top}\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_kept_for_one_state_of_one_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let logs = KeptLogs::new(folder.path());
        let repository = |top: &str| Repository {
            top: top.into(),
            own: top.into(),
            common: top.into(),
        };
        let (one, other) = (repository("/one"), repository("/other"));
        assert_eq!(logs.get(&one, 1), None);
        logs.put(&one, 1, b"a\0b");
        assert_eq!(logs.get(&one, 1).as_deref(), Some(&b"a\0b"[..]));
        assert_eq!((logs.get(&one, 2), logs.get(&other, 1)), (None, None));
        // What was cut off is not believed.
        let path = logs.path(&one);
        let whole = std::fs::read(&path).expect("kept");
        std::fs::write(&path, &whole[..whole.len() - 1]).expect("written");
        assert_eq!(logs.get(&one, 1), None);
        std::fs::rename(&path, logs.path(&other)).expect("renamed");
        assert_eq!(logs.get(&other, 1), None);
    }
}
