//! Where downloads are kept: laid out as Material's plugin does, with a ledger beside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};

use crate::files::SourcePath;
use crate::plugins::privacy::{Downloaded, Ledger, Record, Storage, Wanted, ending_of_media_type};

/// The file of the ledger in the cache folder.
const LEDGER: &str = "ledger.json";

/// What the names of files begin with that are not complete yet.
const UNFINISHED: &str = ".proofroom-download-";

/// The cache folder while files are stored in it.
pub(super) struct Store {
    /// The cache folder, with links resolved.
    cache: PathBuf,
    /// The cache folder as a source.
    source: SourcePath,
    /// The folder of copies below it.
    copies: SourcePath,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ledger: Ledger,
    is_changed: bool,
    changed: Vec<SourcePath>,
    notes: Vec<String>,
    count: usize,
    bytes: u64,
}

impl Store {
    /// Opens the cache folder of a project.
    ///
    /// # Errors
    /// Why nothing can be stored there, as the end of a sentence.
    pub(super) fn open(root: &Path, storage: &Storage) -> Result<Self, String> {
        let source = storage.cache.clone();
        let shown = source.to_string();
        if source.leads_out() || source.as_str().is_empty() || source.is_secret() {
            return Err(format!(
                "nothing is stored in `{shown}`: choose another `cache_dir` in the project"
            ));
        }
        let cache = root.join(source.as_str());
        let failed = |error: io::Error| format!("the folder `{shown}` cannot be used: {error}");
        fs::create_dir_all(&cache).map_err(failed)?;
        let cache = cache.canonicalize().map_err(failed)?;
        if !cache.starts_with(root) {
            return Err(format!(
                "nothing is stored in `{shown}`: it leads out of the project"
            ));
        }
        let ledger = fs::read_to_string(cache.join(LEDGER)).unwrap_or_default();
        let state = State {
            ledger: Ledger::parse(&ledger),
            ..State::default()
        };
        Ok(Self {
            cache,
            source,
            copies: storage.folder.clone(),
            state: Mutex::new(state),
        })
    }

    /// Stores a download.
    ///
    /// # Errors
    /// Why it cannot be stored, as the end of a sentence.
    pub(super) fn keep(
        &self,
        wanted: &Wanted,
        bytes: &[u8],
        media_type: &str,
    ) -> Result<(), String> {
        let failed = |error: io::Error| format!("it cannot be stored: {error}");
        let path = self.copies.join(&wanted.file);
        let ending = ending_of_media_type(media_type).unwrap_or("");
        let named = SourcePath::new(format!(
            "{path}{}",
            if path.as_str().ends_with(ending) {
                ""
            } else {
                ending
            }
        ));
        let folder = self.folder_of(&path).map_err(failed)?;
        write_whole(&folder, named.name(), bytes).map_err(failed)?;
        if named != path {
            link(&folder, path.name(), named.name()).map_err(failed)?;
        }
        let record = Record {
            file: named.below(&self.copies).unwrap_or_default().to_owned(),
            sha256: digest(bytes),
            length: bytes.len() as u64,
            media_type: media_type.to_owned(),
        };
        let mut state = self.state.lock();
        let new = record.sha256.clone();
        let before = state.ledger.insert(&wanted.url, record.clone());
        state.is_changed |= before.as_ref() != Some(&record);
        if let Some(before) = before.filter(|before| before.sha256 != new) {
            state.notes.push(format!(
                "`{}` is another file than when it was last downloaded: its SHA-256 was {} and is {new}",
                wanted.url, before.sha256
            ));
        }
        state.changed.extend([
            self.source.join(path.as_str()),
            self.source.join(named.as_str()),
        ]);
        state.count += 1;
        state.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Compares a copy with the ledger. One that is not in it is added: it was made by
    /// Material's plugin.
    pub(super) fn verify(&self, wanted: &Wanted) {
        let path = self.cache.join(self.copies.join(&wanted.file).as_str());
        let Ok(real) = path.canonicalize() else {
            return;
        };
        let below = real.strip_prefix(self.cache.join(self.copies.as_str()));
        let (Ok(below), Ok(bytes)) = (below, fs::read(&real)) else {
            return;
        };
        let found = digest(&bytes);
        let mut state = self.state.lock();
        match state.ledger.get(&wanted.url) {
            Some(record) if record.sha256 != found => {
                let note = format!(
                    "the copy of `{}` is not what was downloaded: its SHA-256 was {} and is {found}",
                    wanted.url, record.sha256
                );
                state.notes.push(note);
            }
            Some(_) => {}
            None => {
                let record = Record {
                    file: below.to_string_lossy().into_owned(),
                    sha256: found,
                    length: bytes.len() as u64,
                    media_type: String::new(),
                };
                state.ledger.insert(&wanted.url, record);
                state.is_changed = true;
            }
        }
    }

    /// Writes the ledger, and tells what was stored.
    pub(super) fn close(self, downloaded: &mut Downloaded) {
        let mut state = self.state.into_inner();
        if state.is_changed
            && let Err(error) = write_whole(&self.cache, LEDGER, state.ledger.text().as_bytes())
        {
            state.notes.push(format!(
                "the ledger of downloads cannot be written: {error}"
            ));
        }
        downloaded.changed.append(&mut state.changed);
        downloaded.notes.append(&mut state.notes);
        downloaded.count += state.count;
        downloaded.bytes += state.bytes;
    }

    /// The folder of a file, which is created. It is in the cache folder, whatever links lead
    /// elsewhere.
    fn folder_of(&self, path: &SourcePath) -> io::Result<PathBuf> {
        let folder = self
            .cache
            .join(path.parent().unwrap_or_else(SourcePath::root).as_str());
        // Looked at before as well, so that no folder is created elsewhere.
        let mut above = folder.ancestors();
        let existing = above.find_map(|it| it.canonicalize().ok());
        if !existing.is_some_and(|it| it.starts_with(&self.cache)) {
            return Err(io::Error::other("a link leads out of the cache folder"));
        }
        fs::create_dir_all(&folder)?;
        folder.canonicalize()
    }
}

/// Writes a file beside its place and renames it.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = beside(folder, name);
    fs::write(&beside, bytes)?;
    fs::rename(&beside, folder.join(name)).inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// Makes a link with one name to another file in the same folder.
fn link(folder: &Path, name: &str, target: &str) -> io::Result<()> {
    if fs::read_link(folder.join(name)).is_ok_and(|it| it == Path::new(target)) {
        return Ok(());
    }
    let beside = beside(folder, name);
    // What was left of a download that was killed.
    let _ = fs::remove_file(&beside);
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, &beside)?;
    #[cfg(windows)]
    std::os::windows::fs::symlink_file(target, &beside)?;
    fs::rename(&beside, folder.join(name)).inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// The path of a file until it is complete. Short, because names may be as long as names can be.
fn beside(folder: &Path, name: &str) -> PathBuf {
    let digest = digest(name.as_bytes());
    let process = std::process::id();
    folder.join(format!("{UNFINISHED}{process}-{}", &digest[..16]))
}

fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
