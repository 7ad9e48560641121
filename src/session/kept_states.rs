//! The states of translations that were found before, kept for the next start.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::files::{Disk, own_files, read_regular};
use crate::translations::{KnownStates, PageState};

/// The longest file that is read, in bytes.
const MOST: u64 = 256 << 20;

/// The file in which states are kept. Nothing depends on it: what cannot be read or
/// written is found again.
#[derive(Debug)]
pub struct KeptStates {
    file: Option<PathBuf>,
}

impl KeptStates {
    /// That of the project on a disk, in the folder for what is kept between runs.
    pub fn of(disk: &Disk, cache: Option<&Path>) -> Self {
        let mut hasher = DefaultHasher::new();
        disk.root().hash(&mut hasher);
        let name = format!("{:016x}.json", hasher.finish());
        Self {
            file: cache.map(|folder| folder.join("translations").join(name)),
        }
    }

    /// The states that were kept, as [`KnownStates::add`] takes them.
    pub fn read(&self) -> BTreeMap<u64, PageState> {
        let read = || {
            let text = read_regular(self.file.as_ref()?, MOST).ok()?;
            serde_json::from_slice(&text).ok()
        };
        read().unwrap_or_default()
    }

    /// Writes the states that were used; all of them unless `is_all`, because the languages
    /// that were not asked for are still as they were.
    pub fn write(&self, known: &KnownStates, is_all: bool) {
        let write = || {
            let file = self.file.as_ref()?;
            let states = if is_all { known.used() } else { known.all() };
            let text = serde_json::to_vec(&states).ok()?;
            own_files::create_private(file.parent()?).ok()?;
            own_files::write_whole(file, &[&text]).ok()
        };
        // If this fails, the next start finds them again.
        let _ = write();
    }
}
