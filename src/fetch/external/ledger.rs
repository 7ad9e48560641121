use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::LinkState;

/// The version of the format.
const VERSION: u32 = 1;

/// Where the ledger is in the project.
const FOLDER: &str = ".cache/proofroom";
const FILE: &str = "links.json";

/// What other sites have answered, and when.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    /// When it was asked, in seconds since 1970.
    at: i64,
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    about: String,
}

#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    links: BTreeMap<String, Entry>,
}

/// Why a ledger is not kept.
pub type NotKept = io::Error;

impl Ledger {
    /// The ledger of the project in a folder. One that cannot be read is empty.
    pub fn read(root: &Path) -> Self {
        let text = fs::read_to_string(root.join(FOLDER).join(FILE)).unwrap_or_default();
        let written: Option<Written> = serde_json::from_str(&text).ok();
        let written = written.filter(|it| it.version == VERSION);
        Self {
            entries: written.map(|it| it.links).unwrap_or_default(),
        }
    }

    /// What was answered in the last `stale` seconds before `now`. What was dead is not known
    /// for certain: somebody may have mended it.
    pub fn known(&self, address: &str, now: i64, stale: i64) -> Option<LinkState> {
        let entry = self.entries.get(address)?;
        let age = now.checked_sub(entry.at)?;
        if !(0..stale).contains(&age) {
            return None;
        }
        match entry.state.as_str() {
            "alive" => Some(LinkState::Alive),
            "moved" => Some(LinkState::Moved(entry.about.clone())),
            _ => None,
        }
    }

    /// Writes down an answer. What nobody could tell is asked again.
    pub fn note(&mut self, address: &str, state: &LinkState, now: i64) {
        let (state, about) = match state {
            LinkState::Alive => ("alive", ""),
            LinkState::Moved(to) => ("moved", to.as_str()),
            LinkState::Dead(why) => ("dead", why.as_str()),
            LinkState::Unknown(_) => {
                self.entries.remove(address);
                return;
            }
        };
        let entry = Entry {
            at: now,
            state: state.to_owned(),
            about: about.to_owned(),
        };
        self.entries.insert(address.to_owned(), entry);
    }

    /// Writes it into the project, without the addresses that `is_linked` does not have.
    ///
    /// # Errors
    /// If it cannot be written, or links lead out of the project.
    pub fn write(&self, root: &Path, is_linked: impl Fn(&str) -> bool) -> Result<(), NotKept> {
        let links = self
            .entries
            .iter()
            .filter(|(address, _)| is_linked(address));
        let written = Written {
            version: VERSION,
            links: links
                .map(|(address, it)| (address.clone(), it.clone()))
                .collect(),
        };
        let text = serde_json::to_string_pretty(&written).map_err(io::Error::other)?;
        let folder = own_folder(root)?;
        let beside = folder.join(format!(".{FILE}.{}", std::process::id()));
        let result = fs::write(&beside, text + "\n");
        let result = result.and_then(|()| fs::rename(&beside, folder.join(FILE)));
        if result.is_err() {
            // Nothing else has this name.
            let _ = fs::remove_file(&beside);
        }
        result
    }
}

/// The folder of the ledger, inside the project wherever links lead.
fn own_folder(root: &Path) -> io::Result<PathBuf> {
    let root = root.canonicalize()?;
    let mut folder = root.clone();
    for name in FOLDER.split('/') {
        folder.push(name);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        folder = folder.canonicalize()?;
        if !folder.starts_with(&root) {
            return Err(io::Error::other("`.cache` leads out of the project"));
        }
    }
    Ok(folder)
}
