//! The states of translations that were found before, kept for the next start.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::files::{Disk, own_files, read_regular};
use crate::translations::{KnownStates, PageState};

/// The longest file that is read, and how much is kept for all projects, in bytes.
const MOST: u64 = 256 << 20;
const EXTENSION: &str = "json";

/// The file in which states are kept. Nothing depends on it: what cannot be read or
/// written is found again.
#[derive(Debug)]
pub struct KeptStates {
    file: Option<PathBuf>,
}

impl KeptStates {
    /// That of the project on a disk, in the folder for what is kept between runs.
    pub fn of(disk: &Disk, cache: Option<&Path>) -> Self {
        let name = own_files::name_for(&disk.root(), EXTENSION);
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
            let folder = file.parent()?;
            own_files::create_private(folder).ok()?;
            own_files::write_whole(file, &[&text]).ok()?;
            // Projects that are gone were written longest ago.
            own_files::prune(folder, MOST, |name| own_files::is_name(name, EXTENSION));
            Some(())
        };
        // If this fails, the next start finds them again.
        let _ = write();
    }
}
